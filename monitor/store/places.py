"""What is remembered of the places between an article's paragraphs: a row of its host's in `host_memory`."""

import json
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from monitor.core.lifecycle.places import UNSEEN, Places
from monitor.store.dialect import upsert
from monitor.store.tables import host_memory

KIND = "places "
"""Begins the `kind` of such a row; the article's id follows."""


def read(connection: Connection, host: str, article_id: int) -> Places:
    """What is known of the article's places; UNSEEN where there is nothing."""
    its = {"the_host": host, "the_kind": f"{KIND}{article_id}"}
    found = connection.execute(_value, its).scalar_one_or_none()
    return _places(found) if found is not None else UNSEEN


_row = (host_memory.c.host == bindparam("the_host"), host_memory.c.kind == bindparam("the_kind"))
_value = select(host_memory.c.value).where(*_row)


def write(connection: Connection, host: str, article_id: int, places: Places, at: datetime) -> None:
    """Keep what is known; there is no row of an article whose places are as its version has them."""
    kind = f"{KIND}{article_id}"
    if places == UNSEEN:
        connection.execute(delete(host_memory).where(*_row), {"the_host": host, "the_kind": kind})
        return
    row = {"host": host, "kind": kind, "value": _text(places), "seen_at": at}
    kept = upsert(connection, host_memory).values(row)
    connection.execute(
        kept.on_conflict_do_update(
            index_elements=["host", "kind"], set_={"value": kept.excluded.value, "seen_at": kept.excluded.seen_at}
        )
    )


def _text(places: Places) -> str:
    shown = None if places.shown is None else [[place, *sorted(texts)] for place, texts in places.shown.items()]
    return json.dumps(
        {
            "shown": None if shown is None else [[format(each, "x") for each in row] for row in shown],
            "turned": [format(place, "x") for place in sorted(places.turned)],
        }
    )


def _places(text: str) -> Places:
    document = json.loads(text)
    shown = document["shown"]
    return Places(
        shown=None
        if shown is None
        else {int(place, 16): frozenset(int(each, 16) for each in texts) for place, *texts in shown},
        turned=frozenset(int(place, 16) for place in document["turned"]),
    )
