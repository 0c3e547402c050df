"""Pages to keep and pass on: the whole story of an article, and one version of it."""

from datetime import datetime, tzinfo

from monitor import __version__
from monitor.core.article import Article, Version
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
    changes = {}
    live = first.content.live
    for row in rows:
        if row.change is not None:
            account = Account.recorded(row.change, live=(live, row.version.live))
            # Only what is shown of a diff is kept: an article may have hundreds of long ones.
            changes[row.change.id] = told(account, await store.edits(row.change.id), page)
        live = row.version.live
    events, observations = await store.events(article.id), await store.observations(article.id)
    return pages.history_page(article, rows, first, changes, events, observations, page)


def version_page(article: Article, version: Version, made_at: datetime, tz: tzinfo) -> str:
    page = Imprint(made_at=made_at, program=__version__, tz=tz, language=version.content.language)
    return pages.version_page(article, version, page)
