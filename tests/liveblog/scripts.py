"""Fifty lives of live blogs: what the newsroom does, visit by visit, and what is to be named of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.liveblog.press import Blog

Named = set[tuple[str, str]]
Step = Callable[[Blog], Named | None]


@dataclass(frozen=True, slots=True)
class Script:
    """A blog in one shape, and what is done to it between one visit and the next. `changes`: steps that change the text
    of the page, but no entry."""

    name: str
    shape: str
    start: Callable[[], Blog]
    steps: tuple[Step, ...]
    outside: frozenset[int] = frozenset()


def blog(posts: int = 12, **as_it_is: object) -> Callable[[], Blog]:
    return lambda: Blog(**as_it_is).starts(posts)  # type: ignore[arg-type]  # the fields of Blog by name


def add(posts: int = 1, *, stamps: bool = True) -> Step:
    return lambda blog: blog.adds(posts, stamps=stamps)


def rewrite(at: int, *, says_so: bool = False, title: bool = False) -> Step:
    return lambda blog: blog.rewrites(at, says_so=says_so, title=title)


def remove(at: int) -> Step:
    return lambda blog: blog.removes(at)


def pin(at: int) -> Step:
    return lambda blog: blog.pins(at)


def unpin(at: int) -> Step:
    return lambda blog: blog.unpins(at)


def slip_in(before: int) -> Step:
    return lambda blog: blog.slips_in(before)


def view(**changes: object) -> Step:
    """The page shows the blog otherwise; nothing is done to it."""

    def step(blog: Blog) -> Named | None:
        for name, value in changes.items():
            setattr(blog, name, value)
        return None

    return step


def both(*steps: Step) -> Step:
    return lambda blog: {deed for step in steps for deed in step(blog) or ()}


def wait(blog: Blog) -> Named | None:
    return None


def at_night(blog: Blog) -> Named | None:
    """The blog goes on past midnight."""
    blog.now = blog.now.replace(hour=23, minute=58)
    return None


TURN = (view(newest_first=False), view(newest_first=True))
PLAIN = (
    "declared",
    "wire",
    "wire_old",
    "listed",
    "microdata",
    "blocks",
    "bare",
    "hashed",
    "positions",
    "by_day",
    "flat",
    "numbered",
)


def scripts() -> Iterator[Script]:
    for name in PLAIN:
        yield Script("a day", name, blog(), (add(), add(3), rewrite(4), wait, remove(6), add()))
    for name in ("declared", "wire", "listed", "bare", "positions", "hashed", "flat"):
        yield Script("turned", name, blog(), (*TURN, add(), both(view(newest_first=False), add(2)), rewrite(3), *TURN))
    for name in ("declared", "wire", "wire_old", "blocks", "hashed", "positions"):
        steps = (add(2), view(most=8), add(3), rewrite(12), view(most=14), add(), view(most=None))
        yield Script("paged", name, blog(14, most=10), steps)
    for name in ("declared", "listed", "blocks", "wire"):
        yield Script("pinned", name, blog(), (pin(3), add(), rewrite(3), pin(7), add(2), unpin(3), unpin(7)))
    for name in ("declared", "blocks"):
        yield Script("pinned, and in its place", name, blog(copies_pins=True), (pin(2), add(), pin(5), add(), unpin(2)))
    for name in ("wire_old", "by_day", "listed", "bare", "declared"):
        yield Script("past midnight", name, blog(), (at_night, add(), add(2), add(), rewrite(2), remove(5)))
    for name in ("declared", "wire"):
        yield Script("with a list of events", name, blog(key_events=True), (add(), rewrite(5, title=True), remove(3)))
    for name in ("declared", "wire", "by_day"):
        yield Script("quotes and lists", name, blog(extras=True), (add(), rewrite(2), remove(4), add(2)))
    yield Script(
        "right to left", "arabic", blog(language="ar"), (add(), rewrite(3), view(newest_first=False), remove(2))
    )
    for name in ("wire", "declared"):
        marks = (
            view(marker="Being updated"),
            add(),
            view(marker=None),
            rewrite(4),
            view(marker="Being updated"),
            add(),
        )
        yield Script("a marker that comes and goes", name, blog(), marks)
    yield Script("the end", "declared", blog(), (add(), both(view(ended=True), add()), wait, rewrite(3)))
    yield Script("three hundred", "declared", blog(300), (add(), rewrite(100), remove(200), add(3)))
    yield Script(
        "three hundred, paged", "wire", blog(300, most=60), (add(2), view(most=90), rewrite(280), view(most=60))
    )
    yield Script(
        "both at once", "blocks", blog(), (both(rewrite(3), add()), both(remove(5), add(2)), rewrite(4, says_so=True))
    )
    yield Script("slipped in", "declared", blog(30), (slip_in(8), add(), slip_in(20)))
    yield Script("old first", "wire", blog(newest_first=False), (add(), rewrite(2), remove(4), add(2), view(most=9)))
    yield Script("no stamp", "bare", blog(stamp=None), (add(), rewrite(5), remove(2), add(2)))
