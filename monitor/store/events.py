"""Events: moves of an article's stage, address and health."""

from sqlalchemy import Connection, insert

from monitor.core.lifecycle import Happening
from monitor.store.tables import event


def add(connection: Connection, article_id: int, happened: Happening) -> int:
    """The id of the event, now recorded."""
    made: int = connection.execute(
        _new,
        {
            "article_id": article_id,
            "event": happened.event.value,
            "not_before": happened.not_before,
            "not_after": happened.not_after,
            "detail": happened.detail,
        },
    ).scalar_one()
    return made


_new = insert(event).returning(event.c.id)
