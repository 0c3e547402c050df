"""When a note says that its article was corrected."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.article import Claim, ClaimKind, ClaimSource
from monitor.core.corrections.times import TOLERANCE, named_times

READ_AT = datetime(2022, 5, 5, 12, 0, tzinfo=UTC)


def claim(zone: str) -> Claim:
    return Claim(kind=ClaimKind.UPDATED, at=READ_AT, raw="12:00", source=ClaimSource.VISIBLE, zone=zone)


@pytest.mark.parametrize(
    ("note", "zone", "at"),
    [
        ("This story was corrected at 14:30 on 3 May 2022.", "+03:00", "2022-05-03T11:30"),
        ("This story was corrected at 14:30 on 3 May 2022.", "GMT", "2022-05-03T14:30"),
        ("Correction (14:30): The name was wrong.", "GMT", "2022-05-04T14:30"),
        ("Correction (11:30): The name was wrong.", "GMT", "2022-05-05T11:30"),
        ("Update 10:00 GMT: A reply was added.", None, "2022-05-05T10:00"),
        ("Dieser Artikel wurde am 3. Mai 2022 um 14:30 Uhr korrigiert.", "+02:00", "2022-05-03T12:30"),
    ],
)
def test_a_clock_is_read_in_the_zone_of_the_page(note: str, zone: str | None, at: str) -> None:
    (named,) = named_times(note, read_at=READ_AT, claims=[claim(zone)] if zone else [])

    assert named.start
    assert named.start + TOLERANCE == datetime.fromisoformat(f"{at}+00:00")


@pytest.mark.parametrize(
    ("note", "day"),
    [
        ("This article was amended on 3 May 2022 to correct a name.", 3),
        ("Amended on May 4: the name was wrong.", 4),
        ("Cet article a été corrigé le 3 mai 2022.", 3),
        ("Esta noticia fue corregida el 4 de mayo de 2022.", 4),
        ("Artykuł został poprawiony 3 maja 2022.", 3),
        ("本文于2022年5月4日更正。", 4),
        ("この記事は2022年5月3日に訂正しました。", 3),
    ],
)
def test_a_day_is_that_day_in_any_zone(note: str, day: int) -> None:
    (named,) = named_times(note, read_at=READ_AT)

    noon = datetime(2022, 5, day, 12, tzinfo=UTC)
    assert named.meets(noon, noon)
    assert not named.meets(noon + timedelta(days=2), noon + timedelta(days=3))
    assert not named.meets(noon - timedelta(days=3), noon - timedelta(days=2))


@pytest.mark.parametrize(
    "note",
    [
        "Correction: The ferry ran aground on 2 May, not on 3 May.",
        "Correction: 12 people were brought ashore.",
        "An earlier version of this article said that the pier was opened on 3 May 1921.",
    ],
)
def test_a_day_of_which_the_note_speaks_is_not_when_it_was_made(note: str) -> None:
    assert named_times(note, read_at=READ_AT) == ()


def test_a_clock_without_a_zone_is_known_and_says_nothing() -> None:
    (named,) = named_times("Corrected at 14:30: a detail was wrong.", read_at=READ_AT)

    assert ("14:30" in named.words, named.is_known) == (True, False)


def test_the_words_of_a_time_end_with_it() -> None:
    [named] = named_times("Corrected on Tuesday 3 May to give the right year.", read_at=READ_AT)

    assert named.words == "Tuesday 3 May"
