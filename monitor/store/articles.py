"""Articles: what is watched, by which names it goes, and the state of its watch."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Text,
    bindparam,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)

from monitor.core.address import normalise_url
from monitor.core.article import Article, ClockMark, Declaration, Hold, Listed, Stage
from monitor.core.capture import Validators
from monitor.core.lifecycle import NOT_STANDING, Happening, listed_again
from monitor.core.policy import AlertEvent
from monitor.core.rules import Delivery
from monitor.errors import BadUrl, UnknownArticle
from monitor.store import enqueue, events, settling
from monitor.store.columns import entry_pattern
from monitor.store.dialect import insert_or_ignore
from monitor.store.documents import clocks_of, clocks_text, listed_of, listed_text
from monitor.store.headlines import headlines_of, headlines_text
from monitor.store.rows import ArticleRow
from monitor.store.tables import article, article_url, change, change_state, host, source

USER, CONFIG, SOURCE = "user", "config", "source"

_by_id = select(article).where(article.c.id == bindparam("the_id"))


def read(connection: Connection, article_id: int) -> Article:
    """Raises UnknownArticle."""
    row = connection.execute(_by_id, {"the_id": article_id}).first()
    if row is None:
        raise UnknownArticle(str(article_id))
    return article_of(row)


def article_of(row: Row[Any]) -> Article:
    return Article(
        id=row.id,
        url=row.url,
        host=row.host,
        stage=Stage(row.stage),
        tags=row.tags,
        every=row.every,
        added_at=row.added_at,
        candidate=row.candidate,
        source_id=row.source_id,
        check_seq=row.check_seq,
        next_check_at=row.next_check_at,
        interval=row.interval,
        current_version_id=row.current_version_id,
        version_count=row.version_count,
        validators=Validators(row.etag, row.last_modified),
        body_sha256=row.body_sha256,
        page_digest=row.page_digest,
        not_modified_streak=row.not_modified_streak,
        useless_validators=row.useless_validators,
        moved_to=row.moved_to,
        error_streak=row.error_streak,
        gone_streak=row.gone_streak,
        suspect_streak=row.suspect_streak,
        failing_since=row.failing_since,
        missing_since=row.missing_since,
        last_checked_at=row.last_checked_at,
        last_seen_at=row.last_seen_at,
        last_changed_at=row.last_changed_at,
        quiet_since=row.quiet_since,
        last_outcome=row.last_outcome,
        hold=_hold_of(row),
        clocks=_clocks_of(row.clocks),
        headline=row.headline,
        said_key=row.said_key,
        suspect_key=row.suspect_key,
        marker_place=row.marker_place,
        listed=listed_of(row.listed) if row.listed else None,
        headlines=headlines_of(row.headlines) if row.headlines else {},
    )


def _hold_of(row: Row[Any]) -> Hold | None:
    if row.hold_change_id is None:
        return None
    return Hold(
        change_id=row.hold_change_id,
        told_version_id=row.hold_told_version_id,
        since=row.hold_since,
        tries=row.hold_tries,
        rounds=row.hold_rounds or 0,
    )


def _clocks_of(text: str) -> dict[str, ClockMark]:
    return clocks_of(text) if text != "{}" else {}


def watch_state(state: Article) -> dict[str, Any]:
    """The columns that a check decides. What the user or a source says of the article (tags, pace, removal) is not
    among them: a check that was under way when it was said must not undo it."""
    return {
        "stage": state.stage.value,
        "candidate": state.candidate,
        "next_check_at": state.next_check_at,
        "interval": state.interval,
        "current_version_id": state.current_version_id,
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "body_sha256": state.body_sha256,
        "page_digest": state.page_digest,
        "not_modified_streak": state.not_modified_streak,
        "useless_validators": state.useless_validators,
        "moved_to": state.moved_to,
        "error_streak": state.error_streak,
        "gone_streak": state.gone_streak,
        "suspect_streak": state.suspect_streak,
        "failing_since": state.failing_since,
        "missing_since": state.missing_since,
        "last_checked_at": state.last_checked_at,
        "last_seen_at": state.last_seen_at,
        "last_changed_at": state.last_changed_at,
        "quiet_since": state.quiet_since,
        "last_outcome": state.last_outcome,
        "clocks": clocks_text(state.clocks),
        "headline": state.headline,
        "said_key": state.said_key,
        "suspect_key": state.suspect_key,
        "marker_place": state.marker_place,
        "headlines": headlines_text(state.headlines) if state.headlines else None,
        **hold_state(state.hold),
    }


def hold_state(hold: Hold | None) -> dict[str, Any]:
    return {
        "hold_change_id": hold.change_id if hold else None,
        "hold_told_version_id": hold.told_version_id if hold else None,
        "hold_since": hold.since if hold else None,
        "hold_tries": hold.tries if hold else None,
        "hold_rounds": hold.rounds if hold else None,
    }


# -- adding


def add(
    connection: Connection,
    url: str,
    *,
    host_name: str,
    now: datetime,
    tags: tuple[str, ...],
    every: timedelta | None,
    source_id: int | None,
    candidate: bool,
    origin: str,
    listed: Listed | None,
    soonest: timedelta,
) -> tuple[Article, bool]:
    """The article of that address, and whether it is new. It is due at once.

    One that is known keeps its history: tags are added, a pace is taken over, a candidate that is asked for by name
    is watched, a removed or paused one goes on. A source that lists it again, or a configuration that has named it all
    along, does not wake what a user put to rest; but news that the source has of it may bring its next look forward,
    `soonest` after the last.
    """
    row = _owner(connection, url)
    if row is None:
        add_host(connection, host_name)
        return _insert(connection, url, host_name, now, tags, every, source_id, candidate, origin, listed), True
    found = article_of(row)
    state: dict[str, Any] = {}
    if merged := _merged(found.tags, tags):
        state["tags"] = merged
    if every is not None and every != found.every:
        state["every"] = every
    if found.candidate and not candidate:
        state |= {"candidate": False, "next_check_at": now}
    if origin != SOURCE and not origin == row.origin == CONFIG:
        state |= _woken(row, now)
        if row.stage == Stage.PAUSED:
            _moved(connection, row.id, AlertEvent.RESUMED, now, "it was added again", ())
        if row.origin != origin and (origin == CONFIG or row.origin == SOURCE):
            state["origin"] = origin
    if listed is not None:
        state |= _heard(found, listed, now, soonest if row.removed_at is None else None)
    return (_change(connection, row.id, state) if state else found), False


def _heard(found: Article, listed: Listed, now: datetime, soonest: timedelta | None) -> dict[str, Any]:
    """What changes when a source speaks of an article; of one that is not watched, nothing is brought forward."""
    remembered, at = listed_again(found, listed, now=now, soonest=soonest or timedelta(0))
    state: dict[str, Any] = {}
    if at is not None and soonest is not None:
        state["next_check_at"] = at
    if remembered != found.listed:
        state["listed"] = listed_text(remembered)
    return state


def _insert(
    connection: Connection,
    url: str,
    host_name: str,
    now: datetime,
    tags: tuple[str, ...],
    every: timedelta | None,
    source_id: int | None,
    candidate: bool,
    origin: str,
    listed: Listed | None,
) -> Article:
    values = {
        "url": url,
        "host": host_name,
        "origin": origin,
        "source_id": source_id,
        "tags": tuple(dict.fromkeys(tags)),
        "every": every,
        "added_at": now,
        "stage": Stage.FOUND.value,
        "candidate": candidate,
        "next_check_at": now,
        "listed": listed_text(listed) if listed else None,
    }
    made = connection.execute(insert(article).values(values).returning(article)).one()
    alias(connection, made.id, url, "watched", now)
    return article_of(made)


def add_host(connection: Connection, name: str) -> None:
    connection.execute(insert_or_ignore(connection, host).values(name=name))


def alias(connection: Connection, article_id: int, url: str, kind: str, now: datetime) -> None:
    """Note another address of the article. One that another article has too is kept for both, and reported."""
    row = {"url": url, "article_id": article_id, "kind": kind, "added_at": now}
    connection.execute(insert_or_ignore(connection, article_url).values(row))


def aliases(connection: Connection, article_id: int) -> dict[str, datetime]:
    """The addresses that the article has been found at, and since when."""
    noted = select(article_url.c.url, article_url.c.added_at).where(article_url.c.article_id == article_id)
    return {row.url: row.added_at for row in connection.execute(noted)}


def _owner(connection: Connection, url: str) -> Row[Any] | None:
    """The article of that address: its own, or an alias that no other article has."""
    own = connection.execute(select(article).where(article.c.url == url)).first()
    if own is not None:
        return own
    known = select(article).join(article_url).where(article_url.c.url == url).limit(2)
    rows = connection.execute(known).all()
    return rows[0] if len(rows) == 1 else None


def _merged(have: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...] | None:
    merged = tuple(dict.fromkeys((*have, *more)))
    return merged if merged != have else None


def _change(connection: Connection, article_id: int, state: dict[str, Any]) -> Article:
    """Change the watch from outside a check. A check under way is fenced off: it decided on what was before."""
    if not {"tags", "every", "origin", "listed"}.issuperset(state):
        state = {**state, "check_seq": article.c.check_seq + 1}
    statement = update(article).where(article.c.id == article_id).values(state).returning(article)
    return article_of(connection.execute(statement).one())


# -- pausing


def pause(
    connection: Connection, article_id: int, now: datetime, told: Sequence[Delivery] = (), why: str = "by hand"
) -> None:
    found = read(connection, article_id)
    if found.stage is Stage.PAUSED:
        return
    _rest(connection, found, now, {"stage": Stage.PAUSED.value, "stage_before_pause": found.stage.value})
    _moved(connection, article_id, AlertEvent.PAUSED, now, why, told)


def unlist(connection: Connection, article_id: int, now: datetime, told: Sequence[Delivery] = ()) -> None:
    """Pause what the configuration no longer names; named again, it goes on."""
    pause(connection, article_id, now, told, "the configuration no longer names it")
    _change(connection, article_id, {"origin": USER})


def remove(connection: Connection, article_id: int, now: datetime) -> None:
    """Stop watching; everything that was recorded stays."""
    _rest(connection, read(connection, article_id), now, {"removed_at": now})


def _rest(connection: Connection, found: Article, now: datetime, state: dict[str, Any]) -> None:
    settling.release_unconfirmed(connection, found.hold, now, "the article is no longer watched")
    _change(connection, found.id, {**state, "next_check_at": None, **hold_state(None)})


def let_go(connection: Connection, article_id: int, now: datetime, reason: str) -> None:
    """Tell what is held of the article without a second look; the watch goes on."""
    settling.release_unconfirmed(connection, read(connection, article_id).hold, now, reason)
    _change(connection, article_id, hold_state(None))


def resume(connection: Connection, article_id: int, now: datetime, told: Sequence[Delivery] = ()) -> None:
    row = connection.execute(_by_id, {"the_id": article_id}).first()
    if row is None:
        raise UnknownArticle(str(article_id))
    state = _woken(row, now)
    _change(connection, article_id, state or {"next_check_at": now})
    if row.stage == Stage.PAUSED:
        _moved(connection, article_id, AlertEvent.RESUMED, now, "by hand", told)


def _moved(
    connection: Connection, article_id: int, kind: AlertEvent, now: datetime, detail: str, told: Sequence[Delivery]
) -> None:
    """Note, and tell, a move of stage that somebody made: no visit lies behind it, and its window is one instant."""
    happened = Happening(event=kind, not_before=now, not_after=now, detail=detail)
    event_id = events.add(connection, article_id, happened)
    enqueue.enqueue_event(connection, read(connection, article_id), event_id, told, now)


def _woken(row: Row[Any], now: datetime) -> dict[str, Any]:
    if row.removed_at is None and row.stage != Stage.PAUSED:
        return {}
    state: dict[str, Any] = {"removed_at": None, "next_check_at": now}
    if row.stage == Stage.PAUSED:
        state |= {"stage": row.stage_before_pause or Stage.FOUND.value, "stage_before_pause": None}
    return state


# -- finding


def find(connection: Connection, words: str) -> Article:
    """The article by id, address (as typed, as normalised, or an alias), or a part of its address or headline that no
    other has. Raises UnknownArticle."""
    if words.isdecimal() and len(words) < 19:
        by_id = connection.execute(_by_id, {"the_id": int(words)}).first()
        if by_id is not None:
            return article_of(by_id)
    for url in _spellings(words):
        row = _owner(connection, url)
        if row is not None:
            return article_of(row)
    return _by_part(connection, words)


def _spellings(words: str) -> list[str]:
    try:
        return [words, normalise_url(words)]
    except BadUrl:
        return [words]


def _by_part(connection: Connection, words: str) -> Article:
    if not words.strip():
        raise UnknownArticle(words)
    matching = select(article).where(
        or_(
            article.c.url.icontains(words, autoescape=True),
            article.c.headline.icontains(words, autoescape=True),
        )
    )
    rows = connection.execute(matching.order_by(article.c.id).limit(50)).all()
    watched = [row for row in rows if row.removed_at is None] or rows
    if len(watched) == 1:
        return article_of(watched[0])
    raise UnknownArticle(words, tuple(row.url for row in watched))


# -- lists


def listed(
    connection: Connection,
    *,
    stage: Stage | None,
    tag: str | None,
    host_name: str | None,
    candidates: bool,
    removed: bool,
) -> list[ArticleRow]:
    statement = select(article, source.c.url.label("source_url")).outerjoin(source).order_by(article.c.id)
    statement = _only(statement, stage=stage, tag=tag, host_name=host_name)
    if not candidates:
        statement = statement.where(article.c.candidate.is_(False))
    if not removed:
        statement = statement.where(article.c.removed_at.is_(None))
    rows = connection.execute(statement).all()
    told = _changes_of(connection, None if len(rows) > 100 else [row.id for row in rows])
    return [_article_row(row, *told.get(row.id, (0, None))) for row in rows]


def _only(statement: Select[Any], *, stage: Stage | None, tag: str | None, host_name: str | None) -> Select[Any]:
    if stage is not None:
        statement = statement.where(article.c.stage == stage.value)
    if tag is not None:
        statement = statement.where(has_tag(tag))
    if host_name is not None:
        statement = statement.where(article.c.host == host_name)
    return statement


def has_tag(tag: str) -> Any:
    return type_coerce(article.c.tags, Text).like(entry_pattern(tag), escape="\\")


def _changes_of(connection: Connection, ids: Sequence[int] | None) -> dict[int, tuple[int, Declaration | None]]:
    """How many changes each article has had that were not withdrawn, and the declaration of the latest in its text."""
    statement = (
        select(change.c.article_id, func.count(), func.max(change.c.id).filter(change.c.is_text))
        .where(stands())
        .group_by(change.c.article_id)
    )
    if ids is not None:
        statement = statement.where(change.c.article_id.in_(ids))
    counted = connection.execute(statement).all()
    latest = [last for _, _, last in counted if last is not None]
    declared = _declarations(connection, latest if ids is not None else None)
    return {owner: (count, declared.get(last)) for owner, count, last in counted}


def _declarations(connection: Connection, ids: Iterable[int] | None) -> dict[int | None, Declaration | None]:
    statement = select(change.c.id, change.c.declaration)
    if ids is not None:
        statement = statement.where(change.c.id.in_(list(ids)))
    return {row.id: Declaration(row.declaration) if row.declaration else None for row in connection.execute(statement)}


def stands() -> Any:
    """Whether a change is one that people are shown: neither withdrawn nor masked."""
    fallen = select(change_state.c.id).where(
        change_state.c.change_id == change.c.id, change_state.c.state.in_(sorted(NOT_STANDING))
    )
    return ~fallen.exists()


def _article_row(row: Row[Any], changes: int, declaration: Declaration | None) -> ArticleRow:
    return ArticleRow(
        article=article_of(row),
        origin=row.origin,
        source_url=row.source_url,
        versions=row.version_count,
        changes=changes,
        last_declaration=declaration,
        removed_at=row.removed_at,
    )


def of_config(connection: Connection) -> dict[str, int]:
    """The watched articles that config.toml brought in."""
    statement = select(article.c.url, article.c.id).where(article.c.origin == CONFIG, article.c.removed_at.is_(None))
    return {row.url: row.id for row in connection.execute(statement)}
