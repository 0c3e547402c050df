"""Blocks that come, go and turn over on a host without its articles moving: learned from what was seen, and masked.

Rules that look at one page cannot tell a promotion in the middle of a story from a paragraph of it. What it does over
time tells: it is another one a moment later, it comes back, it stands in other articles too. Each block that stands
apart from the story's own paragraphs has a signature (`extract.signatures`); what is seen of a signature on a host
makes its Volatility, and from a certain weight on its blocks are compared no more. They are kept all the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.core.article import Block, Content, Field, Rank, Version
from monitor.core.classify import changed_fields
from monitor.core.diff import bag, dice
from monitor.core.lifecycle.steady import ALIKE
from monitor.core.text import fingerprint

Texts = frozenset[int]
"""The fingerprints of texts."""

MASKED_FROM = 3
"""From this weight on a signature is masked."""

AT_ONCE = timedelta(seconds=90)
"""A newsroom does not exchange one box twice within this time; a page that throws dice does at every look."""

AT_ONCE_WEIGHT = 2
RETURNED_WEIGHT = 2
SHARED_WEIGHT = 2
EDITED_WEIGHT = -1
"""What a move weighs beyond the one that each does: between two looks at once; back to a text that had gone; with text
that stands in other articles of the host. An edit in a block speaks against it: promotions are not edited."""

HABIT_FROM = 3
"""A block that was exchanged, or came back, so often on one article while its story stood still is masked there, though
each of its texts may have stood for a while (in a cache) and no other article shows them."""

SETTLED_AFTER = timedelta(days=7)
"""A block that stands for so long after its last move has settled: what is learned of it is learned anew."""

STOOD_EVERY = timedelta(hours=12)
"""That a block stands is noted once in so long."""

MOST = 64
"""Signatures remembered of one host; the one that was met least lately goes first."""

TEXTS = 32
ARTICLES = 12
"""So many texts of a signature, and articles that show it, are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volatility:
    """What was seen of one signature on one host.

    `moves` counts the looks at which its blocks had come, gone or turned over while the article stood still, `on` are
    the first articles where that was seen; of these, `at_once`, `returned` and `shared` say in what way, `turned` how
    often one was exchanged for another, by article. `edits` counts the looks at which one had only been reworded.
    `texts` are texts that it had, each with up to two articles that showed it, `shown` is what it shows on each
    article; the last of either were met last.
    """

    signature: str
    moves: int = 0
    on: tuple[int, ...] = ()
    turned: Mapping[int, int] = field(default_factory=dict)
    at_once: int = 0
    returned: int = 0
    shared: int = 0
    edits: int = 0
    first_moved_at: datetime | None = None
    last_moved_at: datetime | None = None
    last_moved_on: int | None = None
    stood_at: datetime | None = None
    texts: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    shown: Mapping[int, Texts] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        return (
            self.moves
            + AT_ONCE_WEIGHT * self.at_once
            + RETURNED_WEIGHT * self.returned
            + SHARED_WEIGHT * self.shared
            + EDITED_WEIGHT * self.edits
        )

    @property
    def has_settled(self) -> bool:
        if self.last_moved_at is None or self.stood_at is None:
            return False
        return self.stood_at - self.last_moved_at >= SETTLED_AFTER

    @property
    def is_masked(self) -> bool:
        """Whether it is masked on any article."""
        return any(map(self.is_masked_on, {*self.on, *self.turned}))

    def is_masked_on(self, article_id: int) -> bool:
        habit = self.is_habit or self._is_habit_of(article_id)
        return habit and self.weight >= MASKED_FROM and not self.has_settled

    @property
    def is_habit(self) -> bool:
        """Whether it is more than one article's story: a newsroom may well take a box out and put it back."""
        return bool(self.at_once or self.shared) or (self.returned > 1 and len(self.on) > 1)

    def _is_habit_of(self, article_id: int) -> bool:
        """Whether it is so on one article: nobody does it so often, and moves nothing else."""
        returned = self.returned if article_id in self.on else 0
        return max(self.turned.get(article_id, 0), returned) >= HABIT_FROM

    @property
    def reason(self) -> str:
        """Why it is masked, for people."""
        ways = (
            (self.at_once, "{} within a minute or so"),
            (self.returned, "{} back to a text that had gone"),
            (self.shared, "{} with a text that stands in other articles too"),
        )
        told = ", ".join(way.format(count) for count, way in ways if count)
        times = "once" if self.moves == 1 else f"{self.moves} times"
        articles = "articles that stood still" if len(self.on) > 1 else "an article that stood still"
        return f"it came, went or turned over {times} on {articles}" + (f" ({told})" if told else "")


Memory = Mapping[str, Volatility]
"""What is remembered of a host, by signature."""


# ------------------------------------------------------------------------------------------------- learning


def met(memory: Memory, content: Content, *, article_id: int, at: datetime) -> tuple[Volatility, ...]:
    """What a first reading adds: which texts its blocks have."""
    return tuple(
        _with_texts(memory.get(signature, Volatility(signature=signature)), texts, article_id, at)
        for signature, texts in _texts_by_signature(content).items()
        if any(block.rank is Rank.CORE for block in _of(content, signature))
    )


def learned(memory: Memory, base: Version, content: Content, *, at: datetime) -> tuple[Volatility, ...]:
    """What one more look at an article adds to what is known of its host: the signatures of which it says something.

    `base` is what the article said, `content` what it says at `at`. Where the story itself moved between the two,
    nothing is learned: newsrooms move their boxes with it.
    """
    if not _stands_still(base.content, content):
        return ()
    before, after = _texts_by_signature(base.content), _texts_by_signature(content)
    found = []
    for signature in {**before, **after}:
        known = memory.get(signature)
        if known is None and not _is_compared(signature, base.content, content):
            continue
        known = known or Volatility(signature=signature)
        was = known.shown.get(base.article_id, before.get(signature, frozenset()))
        now = after.get(signature, frozenset())
        seen = _Look(base, content, was, now, at)
        if (added := seen.added_to(known)) is not known:
            found.append(added)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Look:
    """What blocks of one signature showed at two looks at one article."""

    base: Version
    content: Content
    was: Texts
    now: Texts
    at: datetime

    def added_to(self, known: Volatility) -> Volatility:
        came, went = self.now - self.was, self.was - self.now
        if not came and not went:
            return self._stood(known)
        if self.now & self.was:
            # One of several that stand: a heading among the headings of a story.
            return _with_texts(known, self.now, self.base.article_id, self.at)
        if known.last_moved_at is not None and self.base.last_seen_at - known.last_moved_at >= SETTLED_AFTER:
            known = replace(known, stood_at=self.base.last_seen_at)
        if known.has_settled:
            known = Volatility(signature=known.signature, texts=known.texts, shown=known.shown)
        if self._is_edit(known.signature, came, went):
            known = replace(known, edits=known.edits + 1, turned=self._but_here(known.turned))
        else:
            known = self._moved(known, came, went)
        return _with_texts(known, self.now, self.base.article_id, self.at)

    def _stood(self, known: Volatility) -> Volatility:
        if known.last_moved_at is None or (known.stood_at and self.at - known.stood_at < STOOD_EVERY):
            return known
        return replace(known, stood_at=self.at)

    def _moved(self, known: Volatility, came: Texts, went: Texts) -> Volatility:
        elsewhere = (known.texts.get(text, ()) for text in came | went)
        return replace(
            known,
            moves=known.moves + 1,
            on=tuple(dict.fromkeys((*known.on, self.base.article_id)))[:2],
            turned=self._turned(known.turned) if came and went else known.turned,
            at_once=known.at_once + self._is_at_once(known),
            returned=known.returned + any(self.base.article_id in known.texts.get(text, ()) for text in came),
            shared=known.shared + any(set(articles) - {self.base.article_id} for articles in elsewhere),
            first_moved_at=known.first_moved_at or self.at,
            last_moved_at=self.at,
            last_moved_on=self.base.article_id,
        )

    def _turned(self, turned: Mapping[int, int]) -> dict[int, int]:
        count = turned.get(self.base.article_id, 0) + 1
        kept = list(self._but_here(turned).items())[1 - ARTICLES :]
        return dict([*kept, (self.base.article_id, count)])

    def _but_here(self, turned: Mapping[int, int]) -> dict[int, int]:
        return {article: count for article, count in turned.items() if article != self.base.article_id}

    def _is_at_once(self, known: Volatility) -> bool:
        """Whether it moved a moment ago, too."""
        if known.last_moved_at is None or known.last_moved_on != self.base.article_id:
            return False
        return self.at - known.last_moved_at <= AT_ONCE

    def _is_edit(self, signature: str, came: Texts, went: Texts) -> bool:
        """Whether what came is another wording of what went, for each text that came."""
        if not came or not went:
            return False
        olds = [bag(block.text) for block in _of(self.base.content, signature) if fingerprint(block.text) in went]
        news = [bag(block.text) for block in _of(self.content, signature) if fingerprint(block.text) in came]
        return bool(olds) and all(any(dice(new, old) >= ALIKE for old in olds) for new in news)


def exchanged_at_once(known: Volatility, article_id: int, at: datetime) -> Volatility:
    """What it adds that in the place of a block two looks at once showed two others."""
    return replace(
        known,
        moves=known.moves + 1,
        on=tuple(dict.fromkeys((*known.on, article_id)))[:2],
        at_once=known.at_once + 1,
        first_moved_at=known.first_moved_at or at,
        last_moved_at=at,
        last_moved_on=article_id,
    )


def _with_texts(known: Volatility, texts: Texts, article_id: int, at: datetime) -> Volatility:
    """`at` is when they were met: a signature of which nothing is known yet has stood since."""
    kept = dict(known.texts)
    for text in sorted(texts):
        articles = kept.pop(text, ())
        kept[text] = articles if article_id in articles else (*articles, article_id)[:2]
    shown = {key: value for key, value in known.shown.items() if key != article_id} | {article_id: texts}
    return replace(
        known,
        texts=dict(list(kept.items())[-TEXTS:]),
        shown=dict(list(shown.items())[-ARTICLES:]),
        stood_at=known.stood_at or at,
    )


def _stands_still(base: Content, content: Content) -> bool:
    """Whether nothing of the article but its blocks with signatures differs."""
    return not set(changed_fields(_story_of(base), _story_of(content))) - {Field.LIVE}


def _story_of(content: Content) -> Content:
    blocks = tuple([block for block in content.blocks if block.signature is None])
    return content if len(blocks) == len(content.blocks) else replace(content, blocks=blocks)


def _is_compared(signature: str, *contents: Content) -> bool:
    return any(block.rank is Rank.CORE for content in contents for block in _of(content, signature))


# ------------------------------------------------------------------------------------------------- masking


def masks(memory: Memory, article_id: int) -> dict[str, str]:
    """The signatures that are masked on an article of the host, each with the reason."""
    return {signature: known.reason for signature, known in memory.items() if known.is_masked_on(article_id)}


def masked(content: Content, signatures: Iterable[str]) -> Content:
    """The Content with the blocks of these signatures beside the story."""
    chosen = frozenset(signatures)
    if not chosen or not any(block.signature in chosen for block in content.core):
        return content
    return replace(
        content, blocks=tuple(_masked(block) if block.signature in chosen else block for block in content.blocks)
    )


def _masked(block: Block) -> Block:
    return replace(block, rank=Rank.MASKED) if block.rank is Rank.CORE else block


def unmasked(content: Content) -> Content:
    """The Content with what was masked in it in the story again."""
    blocks = (replace(block, rank=Rank.CORE) if block.rank is Rank.MASKED else block for block in content.blocks)
    return replace(content, blocks=tuple(blocks))


def masked_in(content: Content) -> frozenset[str]:
    """The signatures that were masked when this became a version."""
    return frozenset(block.signature for block in content.blocks if block.signature and block.rank is Rank.MASKED)


def evened(old: Content, new: Content) -> tuple[Content, Content]:
    """The two with what is masked in either masked in both: a mask that came or went between them is no edit."""
    both = masked_in(old) | masked_in(new)
    return masked(old, both), masked(new, both)


def is_new(memory: Memory, block: Block) -> bool:
    """Whether a block has a text that none of its signature was met with."""
    known = memory.get(block.signature) if block.signature else None
    return known is None or fingerprint(block.text) not in known.texts


def _texts_by_signature(content: Content) -> dict[str, Texts]:
    found: dict[str, set[int]] = {}
    for block in content.blocks:
        if block.signature is not None:
            found.setdefault(block.signature, set()).add(fingerprint(block.text))
    return {signature: frozenset(texts) for signature, texts in found.items()}


def _of(content: Content, signature: str) -> Iterator[Block]:
    return (block for block in content.blocks if block.signature == signature)
