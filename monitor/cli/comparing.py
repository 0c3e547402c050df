"""`diff`: any two versions of an article, the change as recorded where there is one."""

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from monitor import __version__, render
from monitor.cli import tables
from monitor.cli.session import Session, emit, now
from monitor.core import diff as differ
from monitor.core.article import Article, Declaration, Version
from monitor.core.classify import changed_fields, declare
from monitor.core.diff import Edit
from monitor.core.lifecycle import are_alike
from monitor.errors import UnknownVersion
from monitor.store import Store, StoredChange

if TYPE_CHECKING:
    from monitor.render.account import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two versions and what lies between them. `change` is the recorded one, when the two are its ends."""

    article: Article
    old: Version
    new: Version
    edits: tuple[Edit, ...]
    declaration: Declaration | None
    patch: str
    change: StoredChange | None

    @property
    def differs(self) -> bool:
        return bool(changed_fields(self.old.content, self.new.content))


Alike = Callable[[Version, Version], Awaitable[tuple[Version, Version]]]
"""Gives two versions back as one release of the rules reads both."""


async def compare(store: Store, words: str, start: str | None, end: str | None, *, alike: Alike) -> Compared:
    """Find the two versions and their diff. Raises UnknownArticle, UnknownVersion."""
    article = await store.find_article(words)
    history = await store.history(article.id, withdrawn=True)
    shown = [row.version.number for row in await store.history(article.id)]
    if len(shown) < 2 and end is None:
        has = f"{article.url} has only {len(shown)} version" if shown else f"{article.url} has no version yet"
        raise UnknownVersion("to compare with", has + "; a diff needs two")
    to = _number(end, shown) if end else shown[-1]
    back = _number(start, shown) if start else max((n for n in shown if n < to), default=to)
    old = await store.version_by_number(article.id, back)
    new = await store.version_by_number(article.id, to)
    recorded = next(
        (r.change for r in history if r.change and (r.change.from_version, r.change.to_version) == (back, to)),
        None,
    )
    if recorded is not None:
        edits = await store.edits(recorded.id)
        return Compared(
            article=article,
            old=old,
            new=new,
            edits=edits,
            declaration=recorded.declaration,
            patch=await store.patch(recorded.id),
            change=recorded,
        )
    old, new = await alike(old, new)
    judged = declare(old.content, new.content, not_before=old.last_seen_at, not_after=new.first_seen_at)
    return Compared(
        article=article,
        old=old,
        new=new,
        edits=differ.diff(old.content, new.content),
        declaration=judged.declaration,
        patch=differ.patch_text(old.content, new.content),
        change=None,
    )


async def read_alike(session: Session, store: Store, old: Version, new: Version) -> tuple[Version, Version]:
    """Read the two versions' pages anew where an upgrade lies between them; otherwise nothing is loaded for it."""
    if are_alike(old.content, new.content):
        return old, new
    from monitor.app import opened

    async with opened(session.policy, store) as app:
        return await app.checker.alike(old, new)


def _number(words: str, shown: list[int]) -> int:
    if words in ("first", "last"):
        return shown[0] if words == "first" else shown[-1]
    if not words.isdigit():
        raise UnknownVersion(repr(words), "a version is a number, first or last")
    number = int(words)
    if not 1 <= number <= max(shown):
        raise UnknownVersion(words, f"this article has versions 1 to {max(shown)}")
    return number


def write(compared: Compared, format: str, session: Session, tz: tzinfo) -> None:
    """Print the comparison in one of the forms of `--format`."""
    out = session.out
    colour = out.is_terminal and not out.no_color
    if format == "json":
        emit(_json(compared))
    elif format == "patch":
        sys.stdout.write(compared.patch)
    elif format == "html":
        sys.stdout.write(_page(compared, now(), tz))
    else:
        session.err.print(_heading(compared, tz)) if format == "unified" else out.print(_heading(compared, tz))
        views = {"inline": render.inline, "side": render.side_by_side, "unified": render.unified}
        sys.stdout.write(views[format](compared.edits, colour=colour, width=out.width))


def _heading(compared: Compared, tz: tzinfo) -> str:
    return tables.diff_heading(compared.article, compared.old, compared.new, compared.declaration, compared.change, tz)


def _page(compared: Compared, made_at: datetime, tz: tzinfo) -> str:
    from monitor.render.account import Imprint
    from monitor.render.pages import diff_page

    page = Imprint(made_at=made_at, program=__version__, tz=tz, language=compared.new.content.language)
    return diff_page(compared.article, compared.old, compared.new, compared.edits, _account(compared), page)


def _account(compared: Compared) -> "Account":
    from monitor.render.account import Account

    old, new = compared.old.content, compared.new.content
    if compared.change is not None:
        return Account.recorded(compared.change, live=(old.live, new.live))
    not_before, not_after = compared.old.last_seen_at, compared.new.first_seen_at
    judged = declare(old, new, not_before=not_before, not_after=not_after)
    return Account(
        declaration=judged.declaration,
        claims_moved=judged.claims_moved,
        claims_still=judged.claims_still,
        old_claims=old.claims,
        new_claims=new.claims,
        fields=changed_fields(old, new),
        live=(old.live, new.live),
        window=(not_before, not_after),
    )


def _json(compared: Compared) -> dict[str, object]:
    stats = differ.stats(compared.edits)
    edits, _ = render.edits_json(compared.edits)
    return {
        "article": tables.article_brief(compared.article),
        "from": compared.old.number,
        "to": compared.new.number,
        "declaration": compared.declaration,
        "fields": list(changed_fields(compared.old.content, compared.new.content)),
        "stats": {
            "words_added": stats.words_added,
            "words_removed": stats.words_removed,
            "similarity": round(stats.similarity, 4),
        },
        "edits": edits,
        "patch": compared.patch,
    }
