"""Content to JSON and back."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.article import (
    Block,
    BlockKind,
    Claim,
    ClaimKind,
    ClaimSource,
    Content,
    Entry,
    Precision,
    Rank,
)
from monitor.core.headline import Surface, SurfaceText
from monitor.core.wire import content_from_json, content_json

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
AT = st.none() | st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
CLAIMS = st.builds(
    Claim,
    kind=st.sampled_from(ClaimKind),
    at=AT,
    raw=TEXT,
    source=st.sampled_from(ClaimSource),
    precision=st.none() | st.sampled_from(Precision),
    zone=st.none() | TEXT,
    believed=st.booleans(),
    doubt=st.none() | TEXT,
    wall=st.none() | TEXT,
    confidence=st.floats(0, 1),
)
BLOCKS = st.builds(Block, st.sampled_from(BlockKind), TEXT, st.sampled_from(Rank), st.none() | TEXT)
CONTENTS = st.builds(
    Content,
    url=TEXT,
    headline=st.none() | TEXT,
    standfirst=st.none() | TEXT,
    byline=st.lists(TEXT, max_size=2).map(tuple),
    blocks=st.lists(BLOCKS, max_size=4).map(tuple),
    entries=st.lists(st.builds(Entry, TEXT, AT, st.none() | TEXT), max_size=2).map(tuple),
    captions=st.lists(TEXT, max_size=2).map(tuple),
    corrections=st.lists(TEXT, max_size=2).map(tuple),
    live=st.booleans(),
    live_marker=st.none() | TEXT,
    language=st.none() | TEXT,
    claims=st.lists(CLAIMS, max_size=3).map(tuple),
    method=TEXT,
    extractor=TEXT,
    headlines=st.dictionaries(st.sampled_from(Surface), TEXT, max_size=4).map(
        lambda said: tuple(SurfaceText(surface, text) for surface, text in said.items())
    ),
)


@settings(max_examples=60)
@given(CONTENTS)
def test_content_survives_the_way_through_json(content: Content) -> None:
    assert content_from_json(json.loads(json.dumps(content_json(content)))) == content


def test_times_are_rfc_3339_in_utc_and_paragraphs_are_derived() -> None:
    at = datetime(2022, 1, 25, 9, 55, tzinfo=UTC)
    claim = Claim(kind=ClaimKind.UPDATED, at=at, raw="Updated: 09:55 GMT 25.01.2022", source=ClaimSource.VISIBLE)
    blocks = (Block(BlockKind.PARAGRAPH, "Told."), Block(BlockKind.PARAGRAPH, "Share this", Rank.NOISE))
    document = content_json(Content(url="https://example.org/", blocks=blocks, claims=(claim,)))

    assert document["claimed_updated_at"] == "2022-01-25T09:55:00Z"
    assert document["paragraphs"] == ["Told."]
    assert document["claims"][0]["at"] == "2022-01-25T09:55:00Z"


def test_a_claim_kept_before_it_had_a_confidence_still_loads() -> None:
    claim = Claim(kind=ClaimKind.UPDATED, at=None, raw="Updated 9:55", source=ClaimSource.VISIBLE, wall="T09:55")
    document = content_json(Content(url="https://example.org/", claims=(claim,)))
    for key in ("wall", "confidence"):
        del document["claims"][0][key]

    (loaded,) = content_from_json(document).claims

    assert (loaded.wall, loaded.confidence) == (None, 0.5)


def test_a_document_kept_before_the_surfaces_were_read_has_none() -> None:
    document = content_json(Content(url="https://news.example/story", headline="Ferry runs aground"))
    del document["headlines"]

    assert content_from_json(document).headlines == ()
