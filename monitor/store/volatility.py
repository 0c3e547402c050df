"""What is remembered of the blocks of each host: a row a signature in `host_memory`."""

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from monitor.core.lifecycle.volatility import MOST, Memory, Volatility
from monitor.core.wire import instant, instant_json
from monitor.store.dialect import upsert
from monitor.store.rows import MaskedBlock
from monitor.store.tables import host_memory

KIND = "block "
"""Begins the `kind` of such a row; the signature follows."""


def read(connection: Connection, host: str) -> Memory:
    """What is known of the host's blocks, by signature."""
    found = connection.execute(_of_host, {"the_host": host})
    return {known.signature: known for known in (_volatility(row.kind[len(KIND) :], row.value) for row in found)}


def masked(connection: Connection) -> tuple[MaskedBlock, ...]:
    """The masked blocks of all hosts."""
    wanted = _rows.where(host_memory.c.value.like(f"%{_MASKED}%")).order_by(host_memory.c.host, host_memory.c.kind)
    found = ((row.host, _volatility(row.kind[len(KIND) :], row.value)) for row in connection.execute(wanted))
    return tuple(
        MaskedBlock(host=host, signature=known.signature, reason=known.reason, since=known.first_moved_at)
        for host, known in found
        if known.is_masked
    )


_AFTER = KIND[:-1] + chr(ord(KIND[-1]) + 1)
_rows = select(host_memory.c.host, host_memory.c.kind, host_memory.c.value).where(
    host_memory.c.kind >= KIND, host_memory.c.kind < _AFTER
)
_of_host = _rows.where(host_memory.c.host == bindparam("the_host"))
_MASKED = '"masked": true'
"""Stands in the value of a masked block: of many hosts' rows, few need be read."""


def write(connection: Connection, host: str, learned: Iterable[Volatility], at: datetime) -> None:
    """Keep what was learned; of more than MOST signatures of a host, those met least lately go."""
    rows = [{"host": host, "kind": KIND + known.signature, "value": _text(known), "seen_at": at} for known in learned]
    if not rows:
        return
    for row in rows:
        kept = upsert(connection, host_memory).values(row)
        connection.execute(
            kept.on_conflict_do_update(
                index_elements=["host", "kind"], set_={"value": kept.excluded.value, "seen_at": kept.excluded.seen_at}
            )
        )
    _forget(connection, host)


def _forget(connection: Connection, host: str) -> None:
    of_host = (host_memory.c.host == host, host_memory.c.kind >= KIND, host_memory.c.kind < _AFTER)
    newest = select(host_memory.c.kind).where(*of_host).order_by(host_memory.c.seen_at.desc(), host_memory.c.kind)
    beyond = connection.execute(newest.offset(MOST).limit(10 * MOST)).scalars().all()
    if beyond:
        connection.execute(delete(host_memory).where(host_memory.c.host == host, host_memory.c.kind.in_(beyond)))


def _text(known: Volatility) -> str:
    return json.dumps(
        {
            "masked": known.is_masked,
            "moves": known.moves,
            "on": known.on,
            "turned": list(known.turned.items()),
            "at_once": known.at_once,
            "returned": known.returned,
            "shared": known.shared,
            "edits": known.edits,
            "first_moved_at": instant_json(known.first_moved_at),
            "last_moved_at": instant_json(known.last_moved_at),
            "last_moved_on": known.last_moved_on,
            "stood_at": instant_json(known.stood_at),
            "texts": [[format(text, "x"), *articles] for text, articles in known.texts.items()],
            "shown": [
                [article, *(format(text, "x") for text in sorted(texts))] for article, texts in known.shown.items()
            ],
        }
    )


def _volatility(signature: str, text: str) -> Volatility:
    document = json.loads(text)
    return Volatility(
        signature=signature,
        moves=document["moves"],
        on=tuple(document["on"]),
        turned=dict(document["turned"]),
        at_once=document["at_once"],
        returned=document["returned"],
        shared=document["shared"],
        edits=document["edits"],
        first_moved_at=instant(document["first_moved_at"]),
        last_moved_at=instant(document["last_moved_at"]),
        last_moved_on=document["last_moved_on"],
        stood_at=instant(document["stood_at"]),
        texts={int(text, 16): tuple(articles) for text, *articles in document["texts"]},
        shown={article: frozenset(int(text, 16) for text in texts) for article, *texts in document["shown"]},
    )
