"""What pages are made of: an article, its versions and their changes, with times that a test can read."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from monitor.core.article import Article, Content, Declaration, Version
from monitor.core.diff import Edit, fields_of
from monitor.render.account import Account, Imprint
from monitor.render.pages import diff_page

NOON = datetime(2022, 1, 25, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
URL = "https://news.example/ferry"
PAGE = Imprint(made_at=NOON + timedelta(days=1), program="1.0", language="en")


def the_article(url: str = URL, headline: str | None = None) -> Article:
    return Article(id=1, url=url, host="news.example", added_at=NOON, headline=headline, last_checked_at=NOON)


def version(number: int, content: Content) -> Version:
    """Seen for three minutes, and ten minutes after the one before it."""
    first = NOON + (number - 1) * 10 * MINUTE
    return Version(
        id=number,
        article_id=1,
        number=number,
        content=content,
        first_seen_at=first,
        last_seen_at=first + 3 * MINUTE,
        page_sha256=f"{number:064x}",
    )


def account(edits: Sequence[Edit], declaration: Declaration | None = None) -> Account:
    return Account(
        declaration=declaration,
        claims_moved=(),
        claims_still=(),
        old_claims=(),
        new_claims=(),
        fields=fields_of(edits),
        window=(NOON + 3 * MINUTE, NOON + 10 * MINUTE),
    )


def html_page(title: str, edits: Sequence[Edit], *, url: str = URL) -> str:
    """The page of a diff under this title."""
    old, new = version(1, Content(url=url)), version(2, Content(url=url, headline=title))
    return diff_page(the_article(url), old, new, edits, account(edits), PAGE)
