"""Lives of headlines, each with what the desk has to be told, in order, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from tests.headlines.desk import BODY, HOUR, LATER, MINUTE, Front, Script, by_look, by_lot, by_time

DAY = timedelta(days=1)
EDITED = (*BODY, LATER)
FIXED = (BODY[0].replace("two of its girders", "three of its girders"), *BODY[1:])


@dataclass(frozen=True, slots=True)
class Life:
    """`told` are lines as the desk writes them; `versions` counts those that stand in the history."""

    name: str
    script: Script
    lasts: timedelta
    told: tuple[str, ...]
    versions: int


def lives() -> Iterator[Life]:
    yield from _tests_by_look()
    yield from _tests_by_time()
    yield from _tests_by_lot()
    yield from _surfaces()
    yield from _ends()
    yield from _edits_during_tests()
    yield from _reverts()
    yield from _edits()
    yield from _cosmetics()


AB = "variant: AB"
EDIT, BACK = "stealth: headline A->B", "stealth: headline B->A"


def _tests_by_look() -> Iterator[Life]:
    """Another headline at each fetch, as a cache or a cookie has it: the script says which."""
    yield Life("differs at each look", by_look("AB" * 60), 2 * HOUR, (AB,), 1)
    yield Life("differs between two looks at once, twice", by_look("AAAB AB" + "AAB" * 40), 2 * HOUR, (AB,), 1)
    yield Life("the rare one is met once in five looks", by_look("AAAAB" * 24), 2 * HOUR, (AB,), 1)
    yield Life("the first look meets the rare one", by_look("BAAAA" * 24), 2 * HOUR, (BACK, AB), 2)
    yield Life("two looks in a row meet the other", by_look("AABB" * 30), 2 * HOUR, (EDIT, AB), 2)
    yield Life("three by turns", by_look("ABC" * 40), 2 * HOUR, ("variant: ABC",), 1)
    yield Life("four by turns", by_look("ABCD" * 30), 2 * HOUR, ("variant: ABCD",), 1)
    yield Life("a third joins", by_look("AB" * 10 + "ABC" * 30), 2 * HOUR, (AB,), 1)


def _tests_by_time() -> Iterator[Life]:
    """Every reader sees the same, and it changes by the clock."""
    yield Life("every four minutes", _rotation(4 * MINUTE), 2 * HOUR, (EDIT, BACK, AB), 3)
    yield Life("every twenty minutes", _rotation(20 * MINUTE), 4 * HOUR, (EDIT, BACK, AB), 3)
    yield Life("every hour", _rotation(HOUR), 8 * HOUR, (EDIT, BACK, AB), 3)


def _rotation(each: timedelta, letters: str = "AB") -> Script:
    return lambda _, after: Front(headline=letters[int(after / each) % len(letters)])


def _tests_by_lot() -> Iterator[Life]:
    for seed, told in _BY_LOT.items():
        yield Life(f"half and half, seed {seed}", by_lot("AB", seed=seed), 6 * HOUR, told, len(told))
    yield Life("three alike", by_lot("ABC", seed=4), 6 * HOUR, ("variant: ABC",), 1)
    yield Life("one in ten", by_lot("AAAAAAAAAB", seed=9), 12 * HOUR, (AB,), 1)


_BY_LOT: dict[int, tuple[str, ...]] = {1: (AB,), 2: (AB,), 3: (EDIT, AB), 8: (EDIT, BACK, AB)}
"""Before it is known that there is a test, chance shows a text twice, or four times: then that is told as an edit."""


def _surfaces() -> Iterator[Life]:
    """Only some of the places where the page says its headline take part."""
    yield Life("the heading alone", by_look("AB" * 60, lambda x: Front(h1=x)), 2 * HOUR, (AB,), 1)
    yield Life("og:title alone", by_look("AB" * 60, lambda x: Front(og=x)), 2 * HOUR, ("variant: AB in og:title",), 1)
    yield Life("<title> alone", by_look("AB" * 60, lambda x: Front(title=x)), 2 * HOUR, ("variant: AB in title",), 1)
    yield Life(
        "og:title and <title>, not the heading",
        by_look("AB" * 60, lambda x: Front(og=x, title=x)),
        2 * HOUR,
        ("variant: AB in og:title and title",),
        1,
    )
    yield Life(
        "JSON-LD alone", by_look("AB" * 60, lambda x: Front(machine=x)), 2 * HOUR, ("variant: AB in json-ld",), 1
    )
    yield Life("a page without a heading", by_look("AB" * 60, lambda x: Front(headline=x, h1="")), 2 * HOUR, (AB,), 1)
    yield Life(
        "the name of the site comes and goes in <title>",
        by_look("AB" * 60, lambda x: Front(suffix=" | The Daily" if x == "A" else "")),
        2 * HOUR,
        (),
        1,
    )
    yield Life(
        "<title> counts what is unread",
        lambda look, _: Front(title=f"({look}) A headline with a number"),
        2 * HOUR,
        (),
        1,
    )
    yield Life("og:title is edited once", by_time((0 * MINUTE, Front()), (HOUR, Front(og="B"))), 4 * HOUR, (), 1)


def _ends() -> Iterator[Life]:
    quick = by_lot("AB", seed=1, until=2 * HOUR, then=Front(headline="B"))
    yield Life("the other one wins", quick, DAY, (AB, EDIT), 2)
    yield Life("the first one wins", by_lot("AB", seed=1, until=2 * HOUR, then=Front()), DAY, (AB,), 1)
    yield Life(
        "the other one wins, and is edited a day later",
        lambda look, after: quick(look, after) if after < 30 * HOUR else Front(headline="C"),
        2 * DAY,
        (AB, EDIT, "stealth: headline B->C"),
        3,
    )
    yield Life(
        "a second test, days later, is told again",
        lambda look, after: Front(headline="AB"[look % 2] if after < HOUR or after > 3 * DAY else "A"),
        3 * DAY + 12 * HOUR,
        (AB, AB),
        1,
    )


def _edits_during_tests() -> Iterator[Life]:
    """The test runs from noon on; the newsroom works on."""

    def flips(**front: object) -> Script:
        return lambda look, _: replace(Front(), headline="AB"[look % 2], **front)  # type: ignore[arg-type]  # fields

    def then(late: Script) -> Script:
        early = flips()
        return lambda look, after: (early if after < HOUR else late)(look, after)

    yield Life(
        "the headline is edited", then(lambda *_: Front(headline="C")), 4 * HOUR, (AB, "stealth: headline A->C"), 2
    )
    yield Life("the body is edited, silently", then(flips(body=EDITED)), 3 * HOUR, (AB, "stealth: body"), 2)
    yield Life(
        "the body is edited, with a stamp", then(flips(body=EDITED, stamp=60)), 3 * HOUR, (AB, "announced: body"), 2
    )
    yield Life(
        "body and headline are edited, with a stamp",
        then(lambda *_: Front(headline="C", body=EDITED, stamp=60)),
        4 * HOUR,
        (AB, "announced: headline body A->C"),
        2,
    )
    yield Life(
        "the body is edited, silently, and a third headline joins",
        lambda look, after: Front(
            headline="AB"[look % 2] if after < HOUR else "ABC"[look % 3], body=BODY if after < HOUR else EDITED
        ),
        3 * HOUR,
        (AB, "stealth: body"),
        3,
    )
    yield Life("the stamp alone moves", then(flips(stamp=60)), 3 * HOUR, (AB,), 2)
    yield Life(
        "the body is edited at the first flip",
        lambda look, _: Front(
            headline="ABABABAB"[look % 8], body=BODY if look < 1 else EDITED, stamp=-60 if look < 1 else 1
        ),
        2 * HOUR,
        ("announced: headline body A->B", AB),
        2,
    )


def _reverts() -> Iterator[Life]:
    yield Life(
        "back at once, from a page whose body is edited for good",
        lambda look, _: Front(headline="AB"[look == 1], body=EDITED if look else BODY),
        2 * HOUR,
        ("stealth: body",),
        3,
    )

    def reverted(after: timedelta, **front: object) -> Script:
        back = replace(Front(), **front)  # type: ignore[arg-type]  # fields of it
        return by_time((0 * MINUTE, Front()), (7 * MINUTE, Front(headline="B")), (7 * MINUTE + after, back))

    yield Life("back within the minute", by_look("AAAB AAAA"), 6 * HOUR, (), 1)
    yield Life("back after four minutes", reverted(4 * MINUTE), 6 * HOUR, (EDIT, BACK), 3)
    yield Life("back after an hour", reverted(HOUR), 8 * HOUR, (EDIT, BACK), 3)
    yield Life("back after a day", reverted(DAY), 2 * DAY, (EDIT, BACK), 3)
    yield Life(
        "back after an hour, with a stamp", reverted(HOUR, stamp=65), 8 * HOUR, (EDIT, "announced: headline B->A"), 3
    )
    yield Life(
        "back after hours, and after an hour once more the other",
        by_time(
            *((0 * MINUTE, Front()), (20 * MINUTE, Front(headline="B"))),
            *((4.5 * HOUR, Front()), (5.7 * HOUR, Front(headline="B", stamp=342))),
        ),
        12 * HOUR,
        (EDIT, BACK, "announced: headline A->B"),
        4,
    )
    yield Life(
        "back, and the day after once more the other",
        by_time(
            *((0 * MINUTE, Front()), (7 * MINUTE, Front(headline="B"))),
            *((HOUR, Front()), (20 * HOUR, Front(headline="B"))),
        ),
        2 * DAY,
        (EDIT, BACK, EDIT),
        4,
    )


def _edits() -> Iterator[Life]:
    yield Life("one edit", by_time((0 * MINUTE, Front()), (9 * MINUTE, Front(headline="B"))), 6 * HOUR, (EDIT,), 2)
    yield Life(
        "three edits, another text each time",
        by_time(*((hour * HOUR, Front(headline=x)) for hour, x in enumerate("ABCD"))),
        8 * HOUR,
        (EDIT, "stealth: headline B->C", "stealth: headline C->D"),
        4,
    )
    yield Life(
        "an announced edit",
        by_time((0 * MINUTE, Front()), (9 * MINUTE, Front(headline="B", stamp=8))),
        6 * HOUR,
        ("announced: headline A->B",),
        2,
    )
    yield Life(
        "an announced edit, while some caches still have the old page",
        lambda look, after: Front(headline="B", stamp=8) if _has_heard(look, after) else Front(),
        6 * HOUR,
        ("announced: headline A->B",),
        2,
    )
    yield Life(
        "an edit without a stamp, while some caches still have the old page",
        lambda look, after: Front(headline="AB"[after > 9 * MINUTE and (look % 2 > 0 or after > 12 * MINUTE)]),
        6 * HOUR,
        (EDIT,),
        2,
    )
    yield Life(
        "a live headline",
        by_time((0 * MINUTE, Front(marker="Live")), (HOUR, Front(marker="Live", headline="B"))),
        3 * HOUR,
        (EDIT,),
        2,
    )


def _has_heard(look: int, after: timedelta) -> bool:
    """Whether the cache that answers this look has the page of nine minutes after noon."""
    return after > 9 * MINUTE and (look % 3 > 0 or after > 20 * MINUTE)


def _cosmetics() -> Iterator[Life]:
    plain, curly = (
        "Minister: 'We will rebuild' the bridge - at once",
        "Minister: ‘We will rebuild’ the bridge – at once",
    )
    yield Life(
        "quotation marks by turns", lambda look, _: Front(headline=(plain, curly)[look % 2]), 30 * MINUTE, (), 16
    )
    yield Life(
        "a variant in two spellings",
        lambda look, _: Front(headline=("A", plain, "A", curly)[look % 4]),
        2 * HOUR,
        ("variant: A",),
        1,
    )
