"""A newsroom that writes a live blog: its posts, what it does to them, and pages of many shapes that show them."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

OPENED = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
HEADLINE = "Storm over the islands: the day as it happens"
STANDFIRST = "All that the storm does to harbours, ferries and roads of the islands, told by our people on the spot."
INTRO = "The storm has reached the outer islands, where the ferries stay in harbour and the schools are closed today."

_NOUNS = [
    "harbour",
    "ferry",
    "council",
    "lighthouse",
    "bridge",
    "school",
    "clinic",
    "fishery",
    "warehouse",
    "tunnel",
    "market",
    "station",
    "depot",
    "airfield",
]
_VERBS = [
    "closed",
    "opened",
    "reported",
    "repaired",
    "flooded",
    "cleared",
    "inspected",
    "evacuated",
    "supplied",
    "restored",
    "guarded",
    "visited",
]
_TAILS = (
    "before the tide turned",
    "while the wind went round to the north",
    "as the crews had asked for since the morning",
    "with the help of two tugs and a crane",
    "after a long night without any power",
    "although the warning stays in force",
)
_ARABIC = (
    "أعلنت سلطات الميناء أن العبارات ستبقى في المرفأ حتى صباح الغد بسبب العاصفة",
    "وقال رئيس البلدية إن المدارس والعيادات في الجزر الخارجية ستظل مغلقة اليوم",
    "وأضاف أن فرق الإنقاذ تعمل منذ الليل على إصلاح خطوط الكهرباء والطرق الساحلية",
)


@dataclass(frozen=True, slots=True)
class Post:
    """One entry: `key` is a word that stands in its text and in no other's."""

    key: str
    number: int
    at: datetime
    title: str
    texts: tuple[str, ...]
    updated_at: datetime | None = None
    quote: str = ""
    points: tuple[str, ...] = ()
    caption: str = ""
    pinned: bool = False


def post(number: int, at: datetime, *, language: str = "en", extras: bool = False) -> Post:
    chance = random.Random(number)
    key = f"k{number:03}q"

    def sentence() -> str:
        if language == "ar":
            return f"{chance.choice(_ARABIC)} {key}."
        one, two = chance.sample(_NOUNS, 2)
        return f"The {one} by the {two} was {chance.choice(_VERBS)} at {key} {chance.choice(_TAILS)}, the warden said."

    texts = tuple(" ".join(sentence() for _ in range(chance.randint(1, 2))) for _ in range(chance.randint(1, 3)))
    return Post(
        key=key,
        number=number,
        at=at,
        title=f"{chance.choice(_NOUNS).capitalize()} {chance.choice(_VERBS)} near {key}",
        texts=texts,
        quote=f"We have not seen such water since my father kept the light at {key}." if extras else "",
        points=(f"Boats at {key} stay in", f"Roads at {key} are open") if extras else (),
        caption=f"The sea wall at {key} in the morning" if extras else "",
    )


@dataclass
class Blog:
    """The blog as its newsroom has it, and how its page shows it just now. `posts` stand in the order of writing."""

    posts: list[Post] = field(default_factory=list)
    now: datetime = OPENED
    stamp: datetime | None = OPENED
    language: str = "en"
    extras: bool = False
    newest_first: bool = True
    most: int | None = None
    copies_pins: bool = False
    marker: str | None = None
    ended: bool = False
    key_events: bool = False
    visit: int = 0
    written: int = 0
    intro: str = INTRO

    def starts(self, posts: int, every: timedelta = timedelta(minutes=7)) -> "Blog":
        for number in range(posts):
            self.posts.append(post(number + 1, OPENED + number * every, language=self.language, extras=self.extras))
        self.written = posts
        self.now = OPENED + posts * every
        self.stamp = self.posts[-1].at if self.stamp else None
        return self

    # -- what a newsroom does; each says which posts it touched, and how

    def adds(self, posts: int = 1, *, stamps: bool = True) -> set[tuple[str, str]]:
        made = []
        for number in range(posts):
            at = self.now - timedelta(minutes=posts - number)
            self.written += 1
            made.append(post(self.written, at, language=self.language, extras=self.extras))
            self.posts.append(made[-1])
        if stamps and self.stamp:
            self.stamp = made[-1].at
        return {("added", one.key) for one in made}

    def slips_in(self, before: int) -> set[tuple[str, str]]:
        """A post that bears an old time, among the old ones."""
        neighbour = self.posts[before]
        made = replace(post(900 + before, neighbour.at + timedelta(minutes=3)), key=f"k{900 + before}q")
        self.posts.insert(before + 1, made)
        return {("added", made.key)}

    def rewrites(self, at: int, *, says_so: bool = False, title: bool = False) -> set[tuple[str, str]]:
        old = self.posts[at]
        if title:
            made = replace(old, title=f"{old.title}, and nobody was hurt")
        elif self.language == "ar":
            made = replace(old, texts=(f"{old.texts[0]} ثم عادت المياه إلى مستواها المعتاد مساء.", *old.texts[1:]))
        else:
            first = old.texts[0].replace("the warden said", "two wardens denied") + " Nobody was hurt there after all."
            made = replace(old, texts=(first, *old.texts[1:]))
        self.posts[at] = replace(made, updated_at=self.now - timedelta(minutes=1) if says_so else old.updated_at)
        return {("edited", old.key)}

    def removes(self, at: int) -> set[tuple[str, str]]:
        return {("removed", self.posts.pop(at).key)}

    def pins(self, at: int) -> set[tuple[str, str]]:
        self.posts[at] = replace(self.posts[at], pinned=True)
        return {("pinned", self.posts[at].key)}

    def unpins(self, at: int) -> set[tuple[str, str]]:
        self.posts[at] = replace(self.posts[at], pinned=False)
        return {("unpinned", self.posts[at].key)}

    # -- what the page shows

    @property
    def pinned(self) -> list[Post]:
        return [one for one in self.posts if one.pinned]

    @property
    def shown(self) -> list[tuple[Post, bool]]:
        """The posts in the order of the page, each with whether it is shown as pinned."""
        standing = [one for one in self.posts if self.copies_pins or not one.pinned]
        if self.newest_first:
            standing.reverse()
        return [*((one, True) for one in self.pinned), *((one, False) for one in standing[: self.most])]


Shape = Callable[[Blog], str]
SHAPES: dict[str, Shape] = {}


def shape(make: Shape) -> Shape:
    SHAPES[getattr(make, "__name__", "")] = make
    return make


def render(name: str, blog: Blog) -> bytes:
    return SHAPES[name](blog).encode()


def days(posts: list[tuple[Post, bool]]) -> Iterator[tuple[Post, bool, bool]]:
    """Each post, whether pinned, and whether it is the first of its day on the page."""
    day = None
    for one, is_pinned in posts:
        yield one, is_pinned, one.at.date() != day
        day = one.at.date()
