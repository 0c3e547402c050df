"""The ordered policy: which claims come first, and which are doubted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.article import Claim, ClaimKind, ClaimSource, Content, Precision
from monitor.core.timestamps import parse_machine, parse_words, reconcile

PUBLISHED, UPDATED = ClaimKind.PUBLISHED, ClaimKind.UPDATED
JSON_LD, META, VISIBLE, SITE = ClaimSource.JSON_LD, ClaimSource.META, ClaimSource.VISIBLE, ClaimSource.SITE
CAPTURED = datetime(2022, 1, 25, 12, tzinfo=UTC)


def said(kind: ClaimKind, raw: str, source: ClaimSource = JSON_LD, zone: str | None = None) -> Claim:
    stamp = parse_machine(raw, zone=zone) or parse_words(raw, language="en", zone=zone)
    assert stamp is not None
    return Claim(
        kind=kind, at=stamp.at, raw=raw, source=source, precision=stamp.precision, zone=stamp.zone, wall=stamp.wall
    )


def doubts(*claims: Claim) -> dict[tuple[str, str], str | None]:
    return {(claim.kind.value, claim.raw): claim.doubt for claim in reconcile(claims, captured_at=CAPTURED)}


def test_claims_come_in_the_order_of_trust() -> None:
    claims = [said(UPDATED, f"2022-01-25T09:{n:02}:00Z", source) for n, source in enumerate(reversed(ClaimSource))]

    assert [claim.source.value for claim in reconcile(claims, captured_at=CAPTURED)] == [
        "site", "json-ld", "meta", "microdata", "visible", "time", "feed", "http", "inferred",
    ]  # fmt: skip


def test_a_minute_that_holds_the_second_is_no_conflict() -> None:
    claims = reconcile(
        [
            said(UPDATED, "09:55 GMT 25.01.2022", VISIBLE),
            said(UPDATED, "2022-01-25T09:55:41Z", JSON_LD),
            said(PUBLISHED, "2022-01-25T09:28:02Z", JSON_LD),
        ],
        captured_at=CAPTURED,
    )

    assert all(claim.believed for claim in claims)
    assert Content(url="", claims=claims).claimed_updated_at == datetime(2022, 1, 25, 9, 55, 41, tzinfo=UTC)


def test_transport_times_are_kept_and_not_believed() -> None:
    claims = reconcile(
        [said(UPDATED, "2022-01-25T09:55:00Z", source) for source in (ClaimSource.HTTP, ClaimSource.FEED)],
        captured_at=CAPTURED,
    )

    assert [(claim.doubt, claim.believed) for claim in claims] == [("transport", False)] * 2


@pytest.mark.parametrize(
    ("raw", "doubt"),
    [
        ("2022-01-25T12:10:00Z", None),
        ("2022-01-25T12:10:01Z", "future"),
        ("2022-01-26T09:00:00Z", "future"),
        ("2022-01-25T09:55:00Z", None),
        ("2022-01-25T09:28:00Z", "same_as_published"),
        ("2022-01-25T09:28:01Z", None),
        ("2022-01-25T09:27:59Z", "before_published"),
        ("2022-01-25T09:28Z", "same_as_published"),
        ("2022-01-25T09:27Z", "before_published"),
        ("2022-01-25T09:29Z", None),
    ],
)
def test_an_update_lies_after_publication_and_not_in_the_future(raw: str, doubt: str | None) -> None:
    assert doubts(said(PUBLISHED, "2022-01-25T09:28:00Z"), said(UPDATED, raw))["updated", raw] == doubt


def test_without_a_capture_time_nothing_is_the_future() -> None:
    (claim,) = reconcile([said(UPDATED, "2032-01-25T09:55:00Z")], captured_at=None)

    assert claim.believed


def test_an_update_is_held_against_the_publication_of_its_own_source() -> None:
    found = doubts(
        said(PUBLISHED, "2022-01-25T09:28:00Z", JSON_LD),
        said(PUBLISHED, "2022-01-25T10:28:00Z", META),
        said(UPDATED, "2022-01-25T10:28:00Z", META),
    )

    assert found["updated", "2022-01-25T10:28:00Z"] == "same_as_published"


def test_a_date_of_the_day_of_publication_is_not_before_it() -> None:
    found = doubts(said(PUBLISHED, "2022-01-25T09:28:00Z"), said(UPDATED, "25 January 2022", VISIBLE, "Europe/London"))

    assert found["updated", "25 January 2022"] is None


@pytest.mark.parametrize(
    ("other", "doubt"),
    [
        ("2022-01-25T10:55:00Z", "conflict"),
        ("2022-01-25T04:55:00Z", "conflict"),
        ("2022-01-25T10:54:00Z", None),
        ("2022-01-25T09:55:20Z", None),
    ],
)
def test_sources_that_differ_by_whole_hours_disagree_on_a_zone(other: str, doubt: str | None) -> None:
    found = doubts(said(UPDATED, "2022-01-25T09:55:00Z", JSON_LD), said(UPDATED, other, META))

    assert found["updated", other] == doubt


def test_a_clock_without_a_zone_is_placed_by_another_that_shows_its_minute() -> None:
    claims = reconcile(
        [
            said(UPDATED, "2022-01-25T09:55:41Z", JSON_LD),
            said(UPDATED, "25 January 2022 15:25", VISIBLE),
        ],
        captured_at=CAPTURED,
    )

    assert [(claim.at, claim.doubt) for claim in claims] == [
        (datetime(2022, 1, 25, 9, 55, 41, tzinfo=UTC), None),
        (datetime(2022, 1, 25, 9, 55, tzinfo=UTC), None),
    ]


def test_the_minute_of_another_source_overrules_the_zone_that_was_guessed_for_the_site() -> None:
    claims = reconcile(
        [
            said(UPDATED, "2022-01-25T09:55:41Z", JSON_LD),
            said(UPDATED, "25 January 2022 12:55", VISIBLE, "Europe/London"),
        ],
        captured_at=CAPTURED,
    )

    assert [claim.doubt for claim in claims] == [None, None]
    assert claims[1].at == datetime(2022, 1, 25, 9, 55, tzinfo=UTC)


def test_a_zone_shown_by_one_pair_places_the_other_clocks() -> None:
    claims = reconcile(
        [
            said(PUBLISHED, "2022-01-25T08:28:02Z", JSON_LD),
            said(PUBLISHED, "25 January 2022 09:28", VISIBLE),
            said(UPDATED, "25 January 2022 10:55", VISIBLE),
        ],
        captured_at=CAPTURED,
    )

    assert claims[-1].at == datetime(2022, 1, 25, 9, 55, tzinfo=UTC)


def test_a_zone_that_the_page_states_places_its_clocks() -> None:
    claims = reconcile(
        [
            said(PUBLISHED, "2022-01-25T09:28:02+01:00", JSON_LD),
            said(UPDATED, "25 January 2022 10:55", VISIBLE),
        ],
        captured_at=CAPTURED,
    )

    assert claims[-1].at == datetime(2022, 1, 25, 9, 55, tzinfo=UTC)


def test_a_bare_time_is_placed_by_the_instant_that_it_shows() -> None:
    bare = Claim(
        kind=UPDATED, at=None, raw="Uppdaterad 15.59", source=VISIBLE, precision=Precision.MINUTE, wall="T15:59"
    )

    claims = reconcile([bare, said(UPDATED, "2022-01-24T14:59:05Z", JSON_LD)], captured_at=CAPTURED)

    assert claims[-1].at == datetime(2022, 1, 24, 14, 59, tzinfo=UTC)


def test_a_clock_that_nothing_places_is_believed_to_show_what_it_shows() -> None:
    (claim,) = reconcile([said(UPDATED, "25 January 2022 10:55", VISIBLE)], captured_at=CAPTURED)

    assert (claim.at, claim.doubt, claim.believed) == (None, "no_zone", True)


def test_words_that_gave_no_time_are_unparsed() -> None:
    (claim,) = reconcile([Claim(kind=UPDATED, at=None, raw="recently", source=META)], captured_at=CAPTURED)

    assert (claim.doubt, claim.believed) == ("unparsed", False)


def test_doubles_are_dropped_and_the_finer_kept() -> None:
    claims = reconcile(
        [
            said(UPDATED, "2022-01-25T09:55Z", META),
            said(UPDATED, "2022-01-25T09:55:12Z", META),
            said(UPDATED, "2022-01-25T09:55:00Z", META),
            said(UPDATED, "2022-01-25T12:55:00+03:00", META),
        ],
        captured_at=CAPTURED,
    )

    assert sorted(claim.at for claim in claims if claim.at) == [
        datetime(2022, 1, 25, 9, 55, tzinfo=UTC),
        datetime(2022, 1, 25, 9, 55, 12, tzinfo=UTC),
    ]


def test_which_of_two_doubles_is_quoted_does_not_hang_on_their_order() -> None:
    pair = [said(UPDATED, "2022-01-25T09:55:00Z", META), said(UPDATED, "2022-01-25 09:55:00Z", META)]

    assert reconcile(pair, captured_at=CAPTURED) == reconcile(pair[::-1], captured_at=CAPTURED)


@pytest.mark.parametrize("doubt", ["relative", "dynamic"])
def test_what_only_a_reader_or_a_watcher_can_doubt_stays_doubted(doubt: str) -> None:
    claim = replace(said(UPDATED, "2022-01-25T09:55:00Z"), believed=False, doubt=doubt)

    assert reconcile([claim], captured_at=CAPTURED) == (replace(claim, confidence=0.0),)


# ------------------------------------------------------------------------------------------------- never edited

BORN = "2022-01-25T09:28:20Z"


def believed_updates(*claims: Claim) -> list[str]:
    found = reconcile([said(PUBLISHED, BORN), *claims], captured_at=CAPTURED)
    return [claim.raw for claim in found if claim.kind is UPDATED and claim.believed]


def test_metadata_that_repeats_the_publication_is_no_claim() -> None:
    assert believed_updates(said(UPDATED, BORN), said(UPDATED, BORN, META)) == []


@pytest.mark.parametrize("line", ["Updated: 09:28 GMT 25.01.2022", "Updated: January 25, 2022 4:28 AM EST"])
def test_a_shown_line_that_repeats_the_publication_is_a_claim_and_so_is_the_metadata_beside_it(line: str) -> None:
    assert believed_updates(said(UPDATED, BORN), said(UPDATED, line, VISIBLE)) == [BORN, line]


def test_a_shown_day_makes_the_metadata_of_that_day_a_claim() -> None:
    assert believed_updates(said(UPDATED, BORN), said(UPDATED, "Updated: 25 January 2022", VISIBLE)) == [
        BORN, "Updated: 25 January 2022",
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["Updated: January 20, 2022", "Updated: 08:00 GMT 25.01.2022"])
def test_a_shown_line_that_says_something_else_confirms_nothing(line: str) -> None:
    assert BORN not in believed_updates(said(UPDATED, BORN), said(UPDATED, line, VISIBLE))


def test_a_repeated_publication_is_no_claim_beside_a_later_time() -> None:
    later = said(UPDATED, "2022-01-25T10:17:00Z", META)

    assert believed_updates(said(UPDATED, BORN), said(UPDATED, "Updated: 09:28 GMT 25.01.2022", VISIBLE), later) == [
        later.raw
    ]


# ------------------------------------------------------------------------------------------------- confidence


@pytest.mark.parametrize(
    ("claim", "confidence"),
    [
        (said(PUBLISHED, "2022-01-25T09:28:00Z", SITE), 0.95),
        (said(PUBLISHED, "2022-01-25T09:28:00Z", JSON_LD), 0.95),
        (said(PUBLISHED, "2022-01-25T09:28:00Z", META), 0.9),
        (said(PUBLISHED, "2022-01-25T09:28:00Z", ClaimSource.MICRODATA), 0.85),
        (said(PUBLISHED, "2022-01-25T09:28:00Z", ClaimSource.TIME), 0.6),
        (said(UPDATED, "Updated: 09:28 GMT 25.01.2022", VISIBLE), 0.8),
        (said(UPDATED, "Updated: 25 January 2022 09:28", VISIBLE), 0.7),
        (said(UPDATED, "Updated: 25 January 2022 09:28", VISIBLE, "Europe/London"), 0.7),
        (said(UPDATED, "Updated 9:28", VISIBLE), 0.5),
        (said(PUBLISHED, "2022-01-25T09:28:00", JSON_LD), 0.85),
        (said(UPDATED, "2022-01-25T09:28:00Z", ClaimSource.FEED), 0.5),
        (said(UPDATED, "2022-01-25T09:28:00Z", ClaimSource.HTTP), 0.3),
        (said(PUBLISHED, "2022-01-25", ClaimSource.INFERRED), 0.4),
        (said(UPDATED, "2022-01-27T09:28:00Z", JSON_LD), 0.19),
        (Claim(kind=UPDATED, at=None, raw="recently", source=META), 0.0),
    ],
)
def test_a_claim_is_worth_what_its_source_is_less_what_it_leaves_open(claim: Claim, confidence: float) -> None:
    (weighed,) = reconcile([claim], captured_at=CAPTURED)

    assert weighed.confidence == confidence


def test_a_day_that_was_searched_for_speaks_against_no_update() -> None:
    searched = said(PUBLISHED, "2022-01-25", ClaimSource.INFERRED, "UTC")
    earlier, repeated = said(UPDATED, "2022-01-20T09:28:00Z"), said(UPDATED, "2022-01-25", META, "UTC")

    found = reconcile([searched, earlier, repeated], captured_at=CAPTURED)

    assert [claim.doubt for claim in found if claim.kind is UPDATED] == [None, None]


INSTANTS = st.integers(-30, 30).map(lambda halves: CAPTURED + timedelta(minutes=30 * halves))
ZONES = st.sampled_from([None, "Z", "+01:00", "GMT", "-05:00"])


@st.composite
def any_claims(draw: st.DrawFn) -> Claim:
    at = draw(st.none() | INSTANTS)
    zone = draw(ZONES)
    walls = ["2022-01-25T09:55", "2022-01-25T10:30", "T10:30", "2022-01-25", "2022-01-25T10:30:00", "nonsense"]
    return Claim(
        kind=draw(st.sampled_from(ClaimKind)),
        at=at,
        raw=draw(st.sampled_from(["a", "b", "c"])),
        source=draw(st.sampled_from([JSON_LD, META, VISIBLE, SITE, ClaimSource.HTTP])),
        precision=draw(st.sampled_from([*Precision, None])),
        zone=zone,
        wall=draw(st.none() | st.sampled_from(walls)) if zone is None else None,
        doubt=draw(st.sampled_from([None, None, None, "relative", "dynamic", "future", "conflict"])),
    )


@given(st.lists(any_claims(), max_size=7), st.randoms(use_true_random=False))
@settings(max_examples=120, deadline=None)
def test_the_order_of_reading_does_not_matter(claims: list[Claim], chance: object) -> None:
    shuffled = list(claims)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands out a Random

    assert reconcile(shuffled, captured_at=CAPTURED) == reconcile(claims, captured_at=CAPTURED)


@given(st.lists(any_claims(), max_size=7))
@settings(max_examples=120, deadline=None)
def test_reconciling_again_changes_nothing(claims: list[Claim]) -> None:
    once = reconcile(claims, captured_at=CAPTURED)

    assert reconcile(once, captured_at=CAPTURED) == once
