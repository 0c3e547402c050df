"""`diff`: any two versions of an article, the change as recorded where there is one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from monitor.cli import ends
from monitor.cli.session import Session
from monitor.core import diff as differ
from monitor.core.article import Article, Claim, Field, Version
from monitor.core.blog import EntryChange, judged_between
from monitor.core.classify import Judgement, changed_fields
from monitor.core.corrections import Notes, linked
from monitor.core.diff import Edit
from monitor.core.facts import Fact, facts
from monitor.core.lifecycle import are_alike
from monitor.core.lifecycle.volatility import evened
from monitor.store import Store, StoredChange


@dataclass(frozen=True, slots=True)
class Window:
    """The last sight of the old words and the first sight of the new ones: the edit was made between the two."""

    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two versions and what lies between them. `change` is the recorded one, when the two are its ends; `window` is
    None, and nothing is declared, where the older one is not compared with the newer one. `steps` are the changes that
    lead from the one to the other, where there are several; `entries` is what became of a live blog's; `remarks` tell
    how the two were found. `notes` is what there is to say of the notes of a recorded change that stands."""

    article: Article
    old: Version
    new: Version
    edits: tuple[Edit, ...]
    fields: tuple[Field, ...]
    judgement: Judgement
    window: Window | None
    patch: str
    diff_version: str
    cosmetic: bool
    entries: tuple[EntryChange, ...] = ()
    change: StoredChange | None = None
    steps: tuple[StoredChange, ...] = ()
    remarks: tuple[str, ...] = ()
    notes: Notes | None = None

    @property
    def differs(self) -> bool:
        return bool(self.fields)

    @property
    def facts(self) -> tuple[Fact, ...]:
        return facts(self.edits)

    @property
    def claims(self) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
        """What the publisher said of its times in either version, as it was when they were compared."""
        if self.change:
            return self.change.old_claims, self.change.new_claims
        return self.old.content.claims, self.new.content.claims


UNLIKE = (
    "the two were read by different releases of the rules, and the pages of both can no longer be read by one: what"
    " differs may be the reader's doing"
)

Alike = Callable[[Version, Version], Awaitable[tuple[Version, Version]]]
"""Gives two versions back as one release of the rules reads both."""


async def compare(store: Store, words: str, wanted: ends.Wanted, tz: tzinfo, *, alike: Alike) -> Compared:
    """Find the two versions and their diff; errors tell times in `tz`. Raises UnknownArticle, UnknownVersion."""
    article = await store.find_article(words)
    found = await ends.find(store, article, wanted, tz)
    old = await store.version_by_number(article.id, found.old)
    new = old if found.old == found.new else await store.version_by_number(article.id, found.new)
    change = await store.change_between(article.id, found.old, found.new)
    if change is not None:
        return await _as_recorded(store, article, old, new, change, found.remarks)
    steps = tuple(await store.steps(article.id, found.old, found.new))
    old, new = await alike(old, new)
    unlike = () if are_alike(old.content, new.content) else (UNLIKE,)
    return replace(_computed(article, old, new), steps=steps, remarks=(*found.remarks, *unlike))


async def _as_recorded(
    store: Store, article: Article, old: Version, new: Version, change: StoredChange, remarks: tuple[str, ...]
) -> Compared:
    diff = await store.recorded_diff(change.id)
    notes = linked(await store.told_changes(article.id)).get(change.id)
    return Compared(
        article=article,
        old=old,
        new=new,
        edits=diff.edits,
        fields=change.fields,
        judgement=Judgement(
            declaration=change.declaration, claims_moved=change.claims_moved, claims_still=change.claims_still
        ),
        window=Window(change.not_before, change.not_after),
        patch=diff.patch,
        diff_version=diff.diff_version,
        cosmetic=change.cosmetic,
        entries=change.entries,
        change=change,
        remarks=remarks,
        notes=notes,
    )


def _computed(article: Article, old: Version, new: Version) -> Compared:
    before, after = evened(old.content, new.content)
    old, new = replace(old, content=before), replace(new, content=after)
    edits = differ.diff(old.content, new.content)
    window = _window(old, new)
    judgement, entries = _judged(old, new, window)
    return Compared(
        article=article,
        old=old,
        new=new,
        edits=edits,
        fields=changed_fields(old.content, new.content),
        judgement=judgement,
        window=window,
        patch=differ.patch_text(old.content, new.content),
        diff_version=differ.DIFF_VERSION,
        cosmetic=differ.is_cosmetic(edits),
        entries=entries,
    )


def _window(old: Version, new: Version) -> Window | None:
    """None for a diff back in time, and where the old words were seen again after the new ones."""
    if old.number >= new.number or old.last_seen_at > new.first_seen_at:
        return None
    return Window(old.last_seen_at, new.first_seen_at)


def _judged(old: Version, new: Version, window: Window | None) -> tuple[Judgement, tuple[EntryChange, ...]]:
    if window is None:
        return Judgement(declaration=None), ()
    return judged_between(old.content, new.content, not_before=window.not_before, not_after=window.not_after)


async def read_alike(session: Session, store: Store, old: Version, new: Version) -> tuple[Version, Version]:
    """Read the two versions' pages anew where an upgrade lies between them; otherwise nothing is loaded for it."""
    if are_alike(old.content, new.content):
        return old, new
    from monitor.app import opened

    async with opened(session.policy, store) as app:
        return await app.checker.alike(old, new)
