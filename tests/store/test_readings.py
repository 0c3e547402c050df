"""Readings that are kept as they were last decoded or written."""

from monitor.core.article import Content, Reading
from monitor.store.blobs import name_of
from monitor.store.documents import StoredReading, reading_bytes
from monitor.store.readings import Readings
from tests.store.desk import MINUTE, SECOND, Desk, Story


def document(words: str) -> bytes:
    content = Content(url="https://skerry.example/pier", headline=words)
    return reading_bytes(content, Reading(content=content, page_digest="d", page_blocks=(7,)))


def test_a_reading_is_decoded_once() -> None:
    readings, raw = Readings(), document("Ferry returns")

    first = readings.of(name_of(raw), raw)

    assert first.content.headline == "Ferry returns"
    assert readings.of(name_of(raw), raw) is first


def test_what_was_kept_as_written_is_what_the_document_says() -> None:
    readings, raw = Readings(), document("Ferry returns")
    written = StoredReading(Content(url="https://skerry.example/pier", headline="Ferry returns"), (7,))
    readings.keep(name_of(raw), len(raw), written)

    assert readings.of(name_of(raw), raw) is written
    assert Readings().of(name_of(raw), raw) == written


def test_the_documents_of_what_is_kept_have_so_many_bytes_at_the_most() -> None:
    one, two, three = (document(f"Ferry {number} returns") for number in range(3))
    readings = Readings(most=2 * len(one))
    kept = [readings.of(name_of(raw), raw) for raw in (one, two)]

    assert readings.of(name_of(one), one) is kept[0]
    readings.of(name_of(three), three)

    assert readings.of(name_of(one), one) is kept[0]
    assert readings.of(name_of(two), two) is not kept[1]


def test_what_is_larger_than_all_that_may_be_kept_is_not_kept() -> None:
    raw = document("Ferry returns")
    readings = Readings(most=len(raw) - 1)

    assert readings.of(name_of(raw), raw) is not readings.of(name_of(raw), raw)


async def test_what_a_check_wrote_is_known_to_the_next_as_it_was_written(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, Story(), SECOND)
    await desk.reads(article, Story().but(headline="Mayor stays"), MINUTE)

    known = await desk.store.known(article.id)

    assert known.current is not None
    assert known.current.content == desk.decisions[-1].version.content  # type: ignore[union-attr]  # it made one
