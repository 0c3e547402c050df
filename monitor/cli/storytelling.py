"""Pages to keep and pass on: the whole story of an article, one version of it, and what lies between two."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from monitor import __version__
from monitor.cli.comparing import Compared
from monitor.core.article import Article, Version
from monitor.core.corrections import NO_NOTES, linked
from monitor.errors import Misuse
from monitor.render import pages
from monitor.render.account import Account, Imprint, told
from monitor.store import HistoryRow, Store


async def history_page(store: Store, article: Article, rows: list[HistoryRow], made_at: datetime, tz: tzinfo) -> str:
    """The page of these versions. Raises Misuse where there is none yet."""
    if not rows:
        raise Misuse(f"{article.url} has no version yet; 'monitor check {article.id}' looks at it now")
    first = await store.version(rows[0].version.id)
    page = Imprint(made_at=made_at, program=__version__, tz=tz, language=first.content.language)
    changes, notes = {}, linked(await store.told_changes(article.id))
    live = first.content.live
    for row in rows:
        if row.change is not None:
            found = notes.get(row.change.id, NO_NOTES)
            account = Account.recorded(row.change, live=(live, row.version.live), notes=found)
            # Only what is shown of a diff is kept: an article may have hundreds of long ones.
            changes[row.change.id] = told(account, await store.edits(row.change.id), page)
        live = row.version.live
    events, observations = await store.events(article.id), await store.observations(article.id)
    return pages.history_page(article, rows, first, changes, events, observations, page)


def version_page(article: Article, version: Version, masks: Mapping[str, str], made_at: datetime, tz: tzinfo) -> str:
    page = Imprint(made_at=made_at, program=__version__, tz=tz, language=version.content.language)
    return pages.version_page(article, version, page, masks)


def diff_page(compared: Compared, made_at: datetime, tz: tzinfo) -> str:
    page = Imprint(made_at=made_at, program=__version__, tz=tz, language=compared.new.content.language)
    return pages.diff_page(compared.article, compared.old, compared.new, compared.edits, _account(compared), page)


def _account(compared: Compared) -> Account:
    live = (compared.old.content.live, compared.new.content.live)
    if compared.change is not None:
        return Account.recorded(compared.change, live=live, notes=compared.notes or NO_NOTES)
    window, judged, (old_claims, new_claims) = compared.window, compared.judgement, compared.claims
    return Account(
        declaration=judged.declaration,
        claims_moved=judged.claims_moved,
        claims_still=judged.claims_still,
        old_claims=old_claims,
        new_claims=new_claims,
        fields=compared.fields,
        live=live,
        steps=compared.steps,
        window=(window.not_before, window.not_after) if window else None,
    )
