"""Doubts that a page is the article at all, found by comparing it with what was known: too little is left of the
article, or the page is another one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urlsplit

from monitor.core.article import Content, Reading, Version
from monitor.core.diff import bag, dice
from monitor.core.text import fold

COLLAPSED = 0.4
"""A page that keeps less of the article's text than this has collapsed: a teaser, a shell, the wrong container."""

REWRITTEN = 0.3
"""More of the words gone than this is a rewriting that is looked at twice."""

LITTLE = 800
"""Weight of changed words (see `diff.bag`: about 160 words) under which nothing is called a rewriting: in a short item
one new sentence is a third of it."""

SHORT = 400
"""Weight of text under which nothing can collapse."""

TITLE_ALIKE = 0.4
SHINGLES_SHARED = 0.03
NAMES_SHARED = 0.25
"""From which share of title words, of runs of three words, or of long words on two texts are of one story."""


class Doubt(StrEnum):
    """collapsed, rewritten: hardly anything, or much less than before, is left of the article. unrelated: nothing is.
    shared: the same page, headline included, is answered at other articles' addresses. elsewhere: the server sent us
    on to its front page or a section. method: the page can only be read by another method than its last version."""

    COLLAPSED = "collapsed"
    REWRITTEN = "rewritten"
    UNRELATED = "unrelated"
    SHARED = "shared"
    ELSEWHERE = "elsewhere"
    METHOD = "method"


BY_SIZE = frozenset({Doubt.COLLAPSED, Doubt.REWRITTEN, Doubt.METHOD})
"""Doubts that a second look settles."""

AT_LENGTH = (3, timedelta(hours=1))
"""After so many doubtful looks in a row, and so long out of sight, a page that stays the same is believed."""

NEVER = frozenset({Doubt.SHARED, Doubt.ELSEWHERE})
"""Doubts that no number of looks settles: while they last, the page is not the article."""


def said_key(content: Content) -> str:
    """Stands for headline and body: equal for pages that say the same."""
    return _key_of((content.headline or "", *content.paragraphs))


# The same page is asked for it twice in one check.
@lru_cache(maxsize=4)
def _key_of(texts: tuple[str, ...]) -> str:
    said = "\n".join([fold(text).casefold() for text in texts])
    return blake2b(said.encode("utf-8", "replace"), digest_size=16).hexdigest()


NOWHERE = "an address at which there is nothing"
SAME_ANSWER = 0.9
"""Alike to this degree (0 to 1), two texts are one page: it may hold a clock, or links to what is new."""


def says_the_same(one: Content, other: Content) -> bool:
    """Whether two pages are one answer of a host, but for what changes on it from one look to the next."""
    return said_key(one) == said_key(other) or dice(bag(_Said.of(one).text), bag(_Said.of(other).text)) >= SAME_ANSWER


def are_alike(one: Content, other: Content) -> bool:
    """Whether the two were read by one method of one release, so that they can be compared."""
    return (one.extractor, one.method) == (other.extractor, other.method)


def doubts_of_place(reading: Reading, *, asked: str, answered: str) -> tuple[Doubt, ...]:
    """What the address says: `asked` is the watched one, `answered` the one that the server sent us to."""
    # An article's own address may lie above that of its print or mobile edition: then it declares itself.
    if _is_above(answered, asked) and not (reading.declared and _parts(answered)[1].strip("/")):
        return (Doubt.ELSEWHERE,)
    return ()


def is_shared(reading: Reading, *, asked: str, twins: tuple[str, ...], known: bool) -> bool:
    """Whether the page belongs to no article. `twins` are the addresses of other articles of the host where it was
    found. An article that declares itself may stand at two addresses; one that is `known` must name one of them, or
    it is the host's answer to everything."""
    if not twins:
        return False
    named = reading.canonical is not None and _bare(reading.canonical) in map(_bare, (asked, *twins))
    return not (reading.declared and (named or not known))


def _bare(address: str) -> str:
    parts = _parts(address)
    return f"{parts[0].removeprefix('www.')}{parts[1].rstrip('/')}"


def _parts(address: str) -> tuple[str, str]:
    try:
        found = urlsplit(address)
    except ValueError:
        return address, ""
    return found.netloc.lower(), found.path


def _is_above(answered: str, asked: str) -> bool:
    """Whether the answer came from the front page, or from a section that the address asked for lies under."""
    (host, path), (_, wanted) = _parts(answered), _parts(asked)
    here, there = path.strip("/"), wanted.strip("/")
    if not host or not there or here == there:
        return False
    return not here or there.startswith(here + "/")


def doubts_of_text(base: Version, reading: Reading, *, announced: bool) -> tuple[Doubt, ...]:
    """What comparing with the last version says. A rewriting that the publisher's stamp announces is none; a page that
    shares nothing with the article is no article, whatever it announces, unless it declares itself one."""
    if _is_kept(base.content.paragraphs, reading.content.paragraphs):
        return ()
    before, after = _Said.of(base.content), _Said.of(reading.content)
    if not before.text.strip():
        return ()
    if not before.is_related(after):
        return (Doubt.REWRITTEN,) if announced and reading.declared else (Doubt.UNRELATED,)
    weight, now = sum(before.bag.values()), sum(after.bag.values())
    kept = sum(min(count, after.bag.get(word, 0)) for word, count in before.bag.items())
    if weight > SHORT and now < COLLAPSED * weight:
        return (Doubt.COLLAPSED,)
    if not announced and kept < (1 - REWRITTEN) * weight and weight + now - 2 * kept > LITTLE:
        return (Doubt.REWRITTEN,)
    return ()


SURELY_KEPT = 0.9
"""Characters of the paragraphs that stand as they did, from which on nothing can have collapsed: weights of words (see
`diff.bag`) run with their lengths."""


def _is_kept(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether nearly all of the article stands there as it did, without looking at its words."""
    standing = set(after)
    kept = sum(len(text) for text in before if text in standing)
    return kept > SHORT and kept >= SURELY_KEPT * sum(map(len, before))


_WORD = re.compile(r"\w+")
_LONG = 5


@dataclass(frozen=True, slots=True)
class _Said:
    title: str
    text: str
    blocks: frozenset[str]
    bag: dict[str, int]

    @classmethod
    def of(cls, content: Content) -> "_Said":
        title = fold(content.headline or "").casefold()
        paragraphs = [fold(text).casefold() for text in content.paragraphs]
        text = "\n".join((title, fold(content.standfirst or "").casefold(), *paragraphs))
        return cls(title, text, frozenset(p for p in paragraphs if len(p) >= 40), dict(bag(text)))

    def is_related(self, other: "_Said") -> bool:
        """Whether the two are of one story, as far as words can tell."""
        if self.blocks & other.blocks or (self.title and dice(bag(self.title), bag(other.title)) >= TITLE_ALIKE):
            return True
        runs = frozenset(_runs(self.text))
        if runs and len(runs & frozenset(_runs(other.text))) >= SHINGLES_SHARED * len(runs):
            return True
        names = self._long_words()
        return len(names & other._long_words()) >= NAMES_SHARED * max(1, len(names))

    def _long_words(self) -> frozenset[str]:
        """The words that carry a story; in unspaced scripts, where `bag` holds pairs of letters, none."""
        return frozenset(word for word in self.bag if len(word) >= _LONG)


def _runs(text: str) -> Iterator[str]:
    """Runs of three words; of eight letters where words are not spaced (a run of letters that long is a phrase)."""
    words = _WORD.findall(text)
    if len(words) * 12 < len(text):
        letters = "".join(words)
        yield from (letters[at : at + 8] for at in range(len(letters) - 7))
    else:
        yield from (" ".join(words[at : at + 3]) for at in range(len(words) - 2))
