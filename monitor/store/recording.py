"""The one transaction: what a visit came to, with its version, its change and its deliveries.

It has two steps. `prepare` only reads: it compresses what is to be kept, so that the writer need not wait for it.
`record` writes, all or nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, insert, literal_column, select, type_coerce, update

from monitor.core.article import Content, Hold, Reading
from monitor.core.blog import EntryChange
from monitor.core.capture import Capture, Outcome
from monitor.core.classify import text_changed
from monitor.core.diff import DIFF_VERSION, Edit
from monitor.core.lifecycle import Decision, NewChange, NewVersion
from monitor.store import articles, blobs, enqueue, events, places, settling, volatility
from monitor.store.columns import milliseconds
from monitor.store.dialect import keep_change_order, upsert
from monitor.store.documents import StoredReading, claims_bytes, diff_bytes, exchange_bytes, reading_bytes
from monitor.store.readings import RECENT
from monitor.store.rows import Recorded
from monitor.store.tables import (
    article,
    change,
    check_log,
    host,
    host_memory,
    observation,
    reading,
    version,
)
from monitor.store.writer import Unwritten


@dataclass(frozen=True, slots=True)
class Prepared:
    """What there is to keep of a visit, ready to be written; the hashes name blobs, stored before or in `packed`."""

    packed: tuple[blobs.Packed, ...] = ()
    page_sha256: str | None = None
    content_sha256: str | None = None
    diff_sha256: str | None = None
    told_sha256: str | None = None
    settled_sha256: str | None = None
    reread_sha256s: tuple[str, ...] = ()


NOTHING_TO_KEEP = Prepared()


def keeps_bytes(decision: Decision) -> bool:
    return (
        decision.version is not None
        or bool(decision.observation and decision.capture.body)
        or bool(decision.rereadings)
        or bool(decision.settlement and decision.settlement.told is not None)
    )


def prepare(connection: Connection, decision: Decision) -> Prepared:
    """Compress what the decision keeps, leaning on what the article's last version left."""
    packing = _Packing(connection)
    page_near, content_near = _nearest(connection, decision.article.current_version_id)
    settlement = decision.settlement
    kept = {
        "reread_sha256s": tuple(
            packing.reading(again.reading.content, again.reading, content_near) for again in decision.rereadings
        ),
        "settled_sha256": (packing.told(settlement.told, content_near, settlement.entries) if settlement else None),
    }
    if decision.version is None:
        near = _last_observed_page(connection, decision.article.id)
        page = packing.page(decision.capture, near) if decision.observation and decision.capture.body else None
        return packing.prepared(page_sha256=page, **kept)
    made = decision.version.change
    return packing.prepared(
        page_sha256=packing.page(decision.capture, page_near),
        content_sha256=packing.reading(decision.version.content, decision.version.reading, content_near),
        diff_sha256=packing.recorded(made, content_near) if made else None,
        told_sha256=packing.told(made.told, content_near, made.entries) if made else None,
        **kept,
    )


class _Packing:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._packed: dict[str, blobs.Packed] = {}
        self._keyframes: dict[str | None, blobs.Keyframe | None] = {}

    def page(self, capture: Capture, near: str | None) -> str:
        return self._keep(capture.body_sha256, capture.body, near)

    def reading(self, content: Content, read: Reading, near: str | None) -> str:
        raw = reading_bytes(content, read)
        name = self._keep(blobs.name_of(raw), raw, near)
        RECENT.keep(name, len(raw), StoredReading(content, read.page_blocks))
        return name

    def _keep(self, name: str, raw: bytes, near: str | None) -> str:
        """The name of the blob, which is packed if it is not stored yet. What is kept lies near the blob `near`."""
        if name not in self._packed and not blobs.is_stored(self._connection, name):
            self._packed[name] = blobs.prepare(name, raw, self._keyframe(near))
        return name

    def _keyframe(self, near: str | None) -> blobs.Keyframe | None:
        if near not in self._keyframes:
            self._keyframes[near] = blobs.keyframe_near(self._connection, near)
        return self._keyframes[near]

    def told(self, edits: tuple[Edit, ...] | None, near: str | None, entries: tuple[EntryChange, ...]) -> str | None:
        return self._diff(diff_bytes(edits, "", entries), near) if edits is not None else None

    def recorded(self, change: NewChange, near: str | None) -> str:
        """The diff of a change. Its unchanged paragraphs stand in the reading that it leads from, as a rule."""
        return self._diff(diff_bytes(change.edits, change.patch, change.entries, whole=change.whole), near)

    def _diff(self, raw: bytes, near: str | None) -> str:
        return self._keep(blobs.name_of(raw), raw, near)

    def prepared(self, **names: Any) -> Prepared:
        return Prepared(packed=tuple(self._packed.values()), **names)


def _nearest(connection: Connection, version_id: int | None) -> tuple[str | None, str | None]:
    """The page and the reading that the next ones will most likely resemble."""
    row = connection.execute(_pages_and_readings, {"the_version": version_id}).first()
    return (row.page_sha256, row.content_sha256) if row else (None, None)


_pages_and_readings = (
    select(version.c.page_sha256, reading.c.content_sha256)
    .join(reading)
    .where(version.c.id == bindparam("the_version"))
    .order_by(reading.c.id.desc())
    .limit(1)
)


def _last_observed_page(connection: Connection, article_id: int) -> str | None:
    found: str | None = connection.execute(
        select(observation.c.page_sha256)
        .where(observation.c.article_id == article_id, observation.c.page_sha256.is_not(None))
        .order_by(observation.c.id.desc())
        .limit(1)
    ).scalar()
    return found


# -- writing, told in the order in which it is done

_state_update = (
    update(article)
    .where(article.c.id == bindparam("the_id"), article.c.check_seq == bindparam("the_seq"))
    .values(
        check_seq=article.c.check_seq + 1,
        # Both speak of the look before this one: what was wished for, and what it became.
        asked_gap=literal_column("next_check_at - last_checked_at"),
        achieved_gap=type_coerce(bindparam("the_time", type_=BigInteger), BigInteger)
        - type_coerce(article.c.last_checked_at, BigInteger),
    )
)


def record(connection: Connection, decision: Decision, prepared: Prepared) -> Recorded:
    """Write it. Raises Unwritten, and keeps nothing, when another check of the article was recorded meanwhile."""
    _update_article(connection, decision)
    for packed in prepared.packed:
        blobs.store(connection, packed)
    if decision.settlement:
        told = {delivery.channel for delivery in decision.deliveries if delivery.event is enqueue.CHANGED}
        settling.settle(connection, decision.settlement, decision.at, told, prepared.settled_sha256)
    _see(connection, decision)
    for again, sha256 in zip(decision.rereadings, prepared.reread_sha256s, strict=True):
        _add_reading(connection, again.version_id, again.reading.content, sha256, decision.at)
    made = _Made()
    if decision.version:
        made = _add_version(connection, decision, decision.version, prepared)
    if decision.late_stamp:
        late = decision.late_stamp
        settling.note_late_stamp(connection, late.change_id, late.late_by, decision.at)
    _observe(connection, decision, prepared)
    event_ids = _add_events(connection, decision)
    subjects = enqueue.Subjects(change_id=made.change_id, version_id=made.version_id, event_ids=event_ids)
    outbox_ids = enqueue.enqueue(connection, decision, subjects)
    _log(connection, decision)
    _remember_host(connection, decision)
    return Recorded(
        version_id=made.version_id,
        number=made.number,
        change_id=made.change_id,
        event_ids=tuple(event_ids.values()),
        outbox_ids=outbox_ids,
    )


@dataclass(frozen=True, slots=True)
class _Made:
    version_id: int | None = None
    number: int | None = None
    change_id: int | None = None


def _update_article(connection: Connection, decision: Decision) -> None:
    state = decision.article
    written = connection.execute(
        _state_update,
        {
            **articles.watch_state(state),
            "the_id": state.id,
            "the_seq": state.check_seq,
            "the_time": milliseconds(decision.at),
        },
    )
    if written.rowcount != 1:
        raise Unwritten(None)


_sight = bindparam("sight", type_=version.c.last_seen_at.type)
_seen = (
    update(version)
    .where(version.c.id == bindparam("the_id"), version.c.last_seen_at < _sight)
    .values(last_seen_at=_sight)
)


def _see(connection: Connection, decision: Decision) -> None:
    """The version still stood when it was asked for: whatever changed it came later than that."""
    if decision.seen_version_id is not None:
        connection.execute(_seen, {"the_id": decision.seen_version_id, "sight": decision.capture.asked_at})
    if (
        decision.capture.outcome is Outcome.FETCHED
        and decision.capture.final_url != decision.article.url
        and (decision.version or decision.seen_version_id)
    ):
        articles.alias(connection, decision.article.id, decision.capture.final_url, "redirect", decision.at)


def _add_version(connection: Connection, decision: Decision, new: NewVersion, prepared: Prepared) -> _Made:
    number = decision.article.version_count + 1
    version_id = _insert_version(connection, decision, new, prepared, number)
    assert prepared.content_sha256 is not None
    reading_id = _add_reading(connection, version_id, new.content, prepared.content_sha256, decision.at)
    state: dict[str, Any] = {"version_count": number}
    if not new.aside:
        state["current_version_id"] = version_id
    change_id: int | None = None
    if new.change:
        change_id = _add_change(connection, decision, new, new.change, prepared, (version_id, reading_id))
        if new.hold:
            hold = Hold(
                change_id=change_id,
                told_version_id=new.change.from_version_id,
                since=decision.at,
                rounds=new.rounds,
            )
            state |= articles.hold_state(hold)
    connection.execute(update(article).where(article.c.id == decision.article.id).values(state))
    return _Made(version_id, number, change_id)


def _add_reading(connection: Connection, version_id: int, content: Content, sha256: str, at: datetime) -> int:
    """The id of this reading of the version; one that is there already is kept."""
    known = _reading_by(connection, version_id, content)
    if known is not None:
        return known
    made: int = connection.execute(
        _new_reading,
        {
            "version_id": version_id,
            "extractor": reader_of(content),
            "method": content.method,
            "read_at": at,
            "content_sha256": sha256,
        },
    ).scalar_one()
    return made


_new_reading = insert(reading).returning(reading.c.id)


def reader_of(content: Content) -> str:
    """Who read it, as the column `extractor` has it: the release of the rules and the method. A version has one reading
    of each."""
    return f"{content.extractor}/{content.method}"


def _reading_by(connection: Connection, version_id: int, content: Content) -> int | None:
    by = {"the_version": version_id, "the_reader": reader_of(content)}
    found: int | None = connection.execute(_by_reader, by).scalar()
    return found


_by_reader = select(reading.c.id).where(
    reading.c.version_id == bindparam("the_version"), reading.c.extractor == bindparam("the_reader")
)


def _insert_version(
    connection: Connection, decision: Decision, new: NewVersion, prepared: Prepared, number: int
) -> int:
    content, capture = new.content, decision.capture
    made: int = connection.execute(
        _new_version,
        {
            "article_id": decision.article.id,
            "number": number,
            "first_seen_at": decision.at,
            # The page was made after it was asked for, so its words were certainly there only then.
            "last_seen_at": capture.asked_at,
            "asked_at": capture.asked_at,
            "captured_at": capture.captured_at,
            "page_sha256": prepared.page_sha256,
            "exchange": exchange_bytes(capture),
            "headline": content.headline,
            "words": content.words,
            "live": content.live,
            "claimed_published_at": content.claimed_published_at,
            "claimed_updated_at": content.claimed_updated_at,
            "claimed_updated_raw": content.claimed_updated_raw,
        },
    ).scalar_one()
    return made


_new_version = insert(version).returning(version.c.id)


def _add_change(
    connection: Connection,
    decision: Decision,
    made: NewVersion,
    new: NewChange,
    prepared: Prepared,
    to: tuple[int, int],
) -> int:
    keep_change_order(connection)
    to_version_id, to_reading_id = to
    change_id: int = connection.execute(
        _new_change,
        {
            "article_id": decision.article.id,
            "from_version_id": new.from_version_id,
            "to_version_id": to_version_id,
            "from_reading_id": _compared_reading(connection, new.from_version_id, made.content),
            "to_reading_id": to_reading_id,
            "declaration": new.declaration.value if new.declaration else None,
            "claims_moved": tuple(source.value for source in new.claims_moved),
            "claims_still": tuple(source.value for source in new.claims_still),
            "fields": tuple(field.value for field in new.fields),
            "is_text": text_changed(new.fields),
            "words_added": new.words_added,
            "words_removed": new.words_removed,
            "similarity": new.similarity,
            "cosmetic": new.cosmetic,
            "not_before": new.not_before,
            "not_after": new.not_after,
            "recorded_at": decision.at,
            "claims": claims_bytes(new.old_claims, new.new_claims),
            "diff_version": DIFF_VERSION,
            "diff_sha256": prepared.diff_sha256,
        },
    ).scalar_one()
    settling.note(connection, change_id, new.state, decision.at, new.reason, prepared.told_sha256)
    return change_id


_new_change = insert(change).returning(change.c.id)


def _compared_reading(connection: Connection, version_id: int, content: Content) -> int:
    """The version's reading by whoever read `content`, which is what it was compared by."""
    by_the_same = _reading_by(connection, version_id, content)
    if by_the_same is not None:
        return by_the_same
    latest = select(reading.c.id).where(reading.c.version_id == version_id).order_by(reading.c.id.desc()).limit(1)
    found: int = connection.execute(latest).scalar_one()
    return found


def _observe(connection: Connection, decision: Decision, prepared: Prepared) -> None:
    """Keep what was not the article; the same once more only lengthens the last row."""
    if decision.observation is None:
        return
    seen = decision.observation
    latest = (
        select(observation)
        .where(observation.c.article_id == decision.article.id)
        .order_by(observation.c.id.desc())
        .limit(1)
    )
    last = connection.execute(latest).first()
    page = prepared.page_sha256
    if last is not None and (last.kind, last.detail, last.page_sha256) == (seen.kind, seen.detail, page):
        longer = {"last_at": max(last.last_at, decision.at), "times": last.times + 1}
        connection.execute(update(observation).where(observation.c.id == last.id).values(longer))
        return
    connection.execute(
        insert(observation),
        {
            "article_id": decision.article.id,
            "first_at": decision.at,
            "last_at": decision.at,
            "times": 1,
            "kind": seen.kind,
            "detail": seen.detail,
            "exchange": exchange_bytes(decision.capture),
            "page_sha256": page,
        },
    )


def _add_events(connection: Connection, decision: Decision) -> dict[str, int]:
    """The ids of the events, by their kind."""
    return {
        happening.event: events.add(connection, decision.article.id, happening) for happening in decision.happenings
    }


_longer = (
    update(check_log)
    .where(
        check_log.c.id
        == select(check_log.c.id)
        .where(check_log.c.article_id == bindparam("the_article"))
        .order_by(check_log.c.id.desc())
        .limit(1)
        .scalar_subquery(),
        check_log.c.outcome == bindparam("the_outcome"),
        check_log.c.status.is_not_distinct_from(bindparam("the_status", type_=check_log.c.status.type)),
    )
    .values(
        last_at=bindparam("at", type_=check_log.c.last_at.type),
        checks=check_log.c.checks + 1,
        detail=bindparam("why"),
    )
)


def _log(connection: Connection, decision: Decision) -> None:
    """Note the check; one that came to the same as the last only lengthens its row."""
    detail = decision.observation.detail if decision.observation else decision.capture.detail
    status = decision.capture.status
    longer = connection.execute(
        _longer,
        {
            "the_article": decision.article.id,
            "the_outcome": decision.outcome,
            "the_status": status,
            "at": decision.at,
            "why": detail,
        },
    )
    if longer.rowcount:
        return
    connection.execute(
        insert(check_log),
        {
            "article_id": decision.article.id,
            "first_at": decision.at,
            "last_at": decision.at,
            "checks": 1,
            "outcome": decision.outcome,
            "status": status,
            "detail": detail,
        },
    )


_healthy = update(host).where(host.c.name == bindparam("the_host"), host.c.error_streak > 0).values(error_streak=0)


def _remember_host(connection: Connection, decision: Decision) -> None:
    name = decision.article.host
    if decision.host_not_before is not None:
        later = {"not_before": decision.host_not_before, "error_streak": host.c.error_streak + 1}
        connection.execute(update(host).where(host.c.name == name).values(later))
    else:
        connection.execute(_healthy, {"the_host": name})
    volatility.write(connection, name, decision.learned, decision.at)
    if decision.places is not None:
        places.write(connection, name, decision.article.id, decision.places, decision.at)
    if decision.charset is not None and decision.version is not None and decision.charset != _charset(connection, name):
        memory = {"host": name, "kind": "charset", "value": decision.charset, "seen_at": decision.at}
        row = upsert(connection, host_memory).values(memory)
        connection.execute(
            row.on_conflict_do_update(
                index_elements=["host", "kind"],
                set_={"value": row.excluded.value, "seen_at": row.excluded.seen_at},
                where=host_memory.c.value != row.excluded.value,
            )
        )


def _charset(connection: Connection, name: str) -> str | None:
    found: str | None = connection.execute(_charset_of, {"the_host": name}).scalar()
    return found


_charset_of = select(host_memory.c.value).where(
    host_memory.c.host == bindparam("the_host"), host_memory.c.kind == "charset"
)
