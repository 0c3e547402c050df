"""What is said of a change in words."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.core.article import Claim, ClaimKind, ClaimSource, Declaration, Precision
from monitor.render.sentences import steps, stood, window, witnesses
from tests.render.paging import change

JSON_LD, META, VISIBLE = ClaimSource.JSON_LD, ClaimSource.META, ClaimSource.VISIBLE


def stamp(source: ClaimSource, minute: int, kind: ClaimKind = ClaimKind.UPDATED) -> Claim:
    return Claim(kind=kind, at=datetime(2022, 1, 25, 9, minute, tzinfo=UTC), raw=f"09:{minute}", source=source)


@pytest.mark.parametrize(
    ("moved", "still", "says"),
    [
        ((), (), ""),
        ((VISIBLE,), (), "the visible line moved"),
        ((), (JSON_LD, VISIBLE), "the JSON-LD and the visible line stood still"),
        ((JSON_LD,), (META, VISIBLE), "the JSON-LD moved; the meta tags and the visible line stood still"),
        ((JSON_LD, META, VISIBLE), (), "the JSON-LD, the meta tags and the visible line moved"),
    ],
)
def test_witnesses_are_named_in_words(
    moved: tuple[ClaimSource, ...], still: tuple[ClaimSource, ...], says: str
) -> None:
    assert witnesses(moved, still) == says


@pytest.mark.parametrize("source", ClaimSource)
def test_every_source_has_its_words(source: ClaimSource) -> None:
    assert witnesses((source,), ()).endswith(" moved")


def test_witnesses_that_agree_say_their_time_in_the_readers_zone() -> None:
    claims = (stamp(JSON_LD, 55), stamp(VISIBLE, 55), stamp(META, 1), stamp(VISIBLE, 2, ClaimKind.PUBLISHED))

    told = witnesses((META,), (JSON_LD, VISIBLE), claims, ZoneInfo("Europe/Moscow"))

    assert told == (
        "the meta tags moved to 2022-01-25 12:01 MSK; "
        "the JSON-LD and the visible line stood still at 2022-01-25 12:55 MSK"
    )


def test_witnesses_that_show_different_times_say_none() -> None:
    assert witnesses((), (JSON_LD, META), (stamp(JSON_LD, 55), stamp(META, 1))) == (
        "the JSON-LD and the meta tags stood still"
    )


@pytest.mark.parametrize(
    ("coarser", "says"), [(Precision.MINUTE, "at 2022-01-25 09:55 UTC"), (Precision.DAY, "at 2022-01-25")]
)
def test_witnesses_agree_as_coarsely_as_the_coarsest_shows(coarser: Precision, says: str) -> None:
    seconds = replace(stamp(JSON_LD, 55), at=datetime(2022, 1, 25, 9, 55, 12, tzinfo=UTC), precision=Precision.SECOND)
    shown = replace(stamp(VISIBLE, 55), precision=coarser)

    assert witnesses((), (JSON_LD, VISIBLE), (seconds, shown)) == f"the JSON-LD and the visible line stood still {says}"


def test_few_steps_are_listed_and_many_are_counted() -> None:
    few = [change(2, Declaration.ANNOUNCED), change(3, Declaration.STEALTH), change(4, None)]
    many = [change(n, Declaration.STEALTH if n % 3 else None) for n in range(2, 14)]

    assert steps(few) == "1 → 2 announced, 2 → 3 stealth, 3 → 4 undeclared"
    assert steps(many) == "8 stealth, 4 undeclared"


def test_what_is_known_to_the_second_is_no_window() -> None:
    at = datetime(2022, 1, 25, 9, 55, tzinfo=UTC)

    assert window(at, at.replace(microsecond=9)) == "at 09:55:00 UTC on 2022-01-25"
    assert window(at, at.replace(minute=57)) == "between 09:55:00 and 09:57:00 UTC on 2022-01-25"
    assert window(at, at.replace(day=26)) == "between 2022-01-25 09:55:00 and 2022-01-26 09:55:00 UTC"


def test_a_version_stood_from_its_first_sight_to_its_last() -> None:
    at = datetime(2022, 1, 25, 9, 55, tzinfo=UTC)

    assert stood(at, at) == "2022-01-25 09:55:00 UTC"
    assert stood(at, at.replace(minute=57)) == "2022-01-25 09:55 to 09:57 UTC"
    assert stood(at, at.replace(day=26)) == "2022-01-25 09:55 to 2022-01-26 09:55 UTC"
