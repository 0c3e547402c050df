"""What pages are made of: an article, its versions and their changes, with times that a test can read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.core.article import (
    Article,
    Block,
    BlockKind,
    Claim,
    ClaimKind,
    ClaimSource,
    Content,
    Declaration,
    Field,
    Version,
)
from monitor.core.diff import Edit, diff, fields_of
from monitor.core.lifecycle import ChangeState
from monitor.core.policy import AlertEvent
from monitor.render.account import Account, Imprint, told
from monitor.render.pages import diff_page, history_page, version_page
from monitor.store import EventRow, HistoryRow, ObservationRow, StoredChange, VersionHead

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


def row(
    number: int,
    declaration: Declaration | None = Declaration.ANNOUNCED,
    *,
    live: bool = False,
    state: ChangeState = ChangeState.CONFIRMED,
    published: datetime | None = None,
    updated: datetime | None = None,
) -> HistoryRow:
    """A version of a history, with the change that led to it where it is not the first."""
    first = NOON + (number - 1) * 10 * MINUTE
    head = VersionHead(
        id=number,
        number=number,
        first_seen_at=first,
        last_seen_at=first + 3 * MINUTE,
        headline="Ferry runs aground",
        words=100,
        live=live,
        claimed_published_at=published,
        claimed_updated_at=updated,
        claimed_updated_raw=f"Updated {updated:%H:%M}" if updated else None,
        page_sha256=f"{number:064x}",
    )
    return HistoryRow(version=head, change=change(number, declaration, state) if number > 1 else None)


def change(number: int, declaration: Declaration | None, state: ChangeState = ChangeState.CONFIRMED) -> StoredChange:
    """The change from the version before to this one."""
    first = NOON + (number - 1) * 10 * MINUTE
    return StoredChange(
        id=number,
        article_id=1,
        url=URL,
        host="news.example",
        tags=(),
        headline="Ferry runs aground",
        from_version=number - 1,
        to_version=number,
        from_version_id=number - 1,
        to_version_id=number,
        state=state,
        state_reason="",
        declaration=declaration,
        claims_moved=(),
        claims_still=(),
        fields=(Field.BODY,),
        words_added=3,
        words_removed=1,
        similarity=0.9,
        cosmetic=False,
        not_before=first - 7 * MINUTE,
        not_after=first,
        recorded_at=first,
        announced_late_by=None,
        old_claims=(),
        new_claims=(),
    )


BEFORE = (
    "The ferry ran aground on a sandbank outside the harbour early on Tuesday with 140 people on board.",
    "Rescuers have brought 12 people ashore so far, and nobody is believed to be badly hurt.",
    "The operator of the line said the ship had been inspected in the spring.",
    "Fog has closed the northern channel twice this month, and pilots have asked for a new beacon.",
    "Ticket holders for later sailings can change their booking without a fee.",
)
AFTER = (BEFORE[0], BEFORE[1].replace("12 people", "17 people"), *BEFORE[3:], "A tug is on its way to the ship.")


def content(*paragraphs: str, headline: str | None = None, language: str = "en") -> Content:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs or BEFORE)
    return Content(url=URL, headline=headline, blocks=blocks, language=language)


def history(
    *declarations: Declaration | None,
    headline: str = "Ferry runs aground",
    language: str = "en",
    before: Sequence[str] = BEFORE,
    after: Sequence[str] = AFTER,
    url: str = URL,
) -> str:
    """The page of an article with one version more than there are declarations, the text to and fro."""
    stamp = NOON - timedelta(hours=1)
    rows = [row(1, live=True, published=stamp)]
    page = replace(PAGE, language=language)
    texts = (content(*before, headline=headline), content(*after, headline=f"{headline} in fog"))
    changes = {}
    for number, declaration in enumerate(declarations, start=2):
        if declaration is Declaration.ANNOUNCED:
            stamp = NOON + ((number - 1) * 10 - 3) * MINUTE
        rows.append(row(number, declaration, live=number < 4, published=stamp, updated=stamp))
        told_change = rows[-1].change
        assert told_change is not None
        edits = diff(texts[number % 2], texts[(number + 1) % 2])
        changes[number] = told(Account.recorded(told_change, live=(number < 5, number < 4)), edits, page)
    return history_page(the_article(url, headline), rows, version(1, texts[0]), changes, [], [], page)


def pages_of(text: str, old: Content, new: Content) -> dict[str, str]:
    """Every kind of page, with this text wherever a publisher's words can stand in it."""
    page = replace(PAGE, language=text)
    claims = tuple(
        Claim(kind=kind, at=NOON, raw=text, source=source, believed=source is not ClaimSource.META, doubt=text)
        for kind in ClaimKind
        for source in (ClaimSource.VISIBLE, ClaimSource.META)
    )
    old, new = (replace(side, claims=claims, live=True, live_marker=text, language=text) for side in (old, new))
    article = the_article(text, text)
    edits = diff(old, new)
    recorded = replace(
        change(2, Declaration.STEALTH),
        old_claims=claims,
        new_claims=claims,
        claims_still=(ClaimSource.VISIBLE,),
        fields=tuple(Field),
    )
    account = Account.recorded(recorded, live=(False, True))
    rows = [row(1, published=NOON), HistoryRow(version=row(2, updated=NOON).version, change=recorded)]
    rows = [replace(one, version=replace(one.version, headline=text, claimed_updated_raw=text)) for one in rows]
    event = EventRow(
        id=1, article_id=1, url=text, event=AlertEvent.GONE, not_before=NOON, not_after=NOON + MINUTE, detail=text
    )
    seen = ObservationRow(id=1, first_at=NOON, last_at=NOON, times=1, kind="consent", detail=text, page_sha256=None)
    changes = {2: told(account, edits, page)}
    return {
        "history": history_page(article, rows, version(1, old), changes, [event], [seen], page),
        "diff": diff_page(article, version(1, old), version(2, new), edits, account, page),
        "version": version_page(article, version(2, new), page, {}),
    }
