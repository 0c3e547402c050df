"""What the store holds of articles: versions, their history, what changed. Only read here."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine

from monitor.core.article import Declaration, Field, Version
from monitor.core.blog import EntryChange
from monitor.core.capture import Capture
from monitor.core.corrections import ToldChange
from monitor.core.diff import Edit
from monitor.store import (
    blobs,
    history,
    versions,
)
from monitor.store.engine import READERS, Location
from monitor.store.faults import translated
from monitor.store.rows import (
    CheckRange,
    EventRow,
    HistoryRow,
    ObservationRow,
    RecordedDiff,
    StoredChange,
    VersionHead,
)

T = TypeVar("T")
P = ParamSpec("P")
Step = Callable[Concatenate[Connection, P], T]

CHANGES_PAGE = 200


class Archive:
    """The half of the store's door behind which nothing is written."""

    def __init__(self, location: Location, readers: Engine) -> None:
        self._location, self._readers = location, readers
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown)
        self._readers.dispose()

    @property
    def location(self) -> str:
        """Where the store is, for people: a path, or a URL without its password."""
        return self._location.shown

    # -- how everything below is done

    async def _read(self, step: Step[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """Run one step in a transaction that only reads: it sees one state of the store."""
        work = partial(self._read_now, step, *arguments, **options)
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _read_now(self, step: Step[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        with translated(self.location), self._readers.begin() as connection:
            return step(connection, *arguments, **options)

    # -- versions, history, changes

    async def version(self, version_id: int) -> Version:
        return await self._read(versions.read, version_id)

    async def version_by_number(self, article_id: int, number: int) -> Version:
        return await self._read(versions.by_number, article_id, number)

    async def versions(self, article_id: int) -> list[Version]:
        return await self._read(versions.every, article_id)

    async def page(self, sha256: str) -> bytes:
        """The stored bytes of that hash. Raises CorruptVersion when they are not."""
        return await self._read(blobs.read, sha256)

    async def capture_of(self, version_id: int) -> Capture:
        """The visit that found the version, with its page."""
        return await self._read(versions.capture, version_id)

    async def history(self, article_id: int, *, withdrawn: bool = False) -> list[HistoryRow]:
        return await self._read(history.of_article, article_id, withdrawn=withdrawn)

    async def standing(
        self,
        article_id: int,
        *,
        seen_by: datetime | None = None,
        below: int | None = None,
        above: int | None = None,
    ) -> VersionHead | None:
        """The newest version that was not withdrawn: of all, of those first seen by then, or of those with a number
        below the one given. With `above`, the oldest of those with a number above it."""
        return await self._read(history.standing, article_id, seen_by=seen_by, below=below, above=above)

    async def changes(
        self,
        *,
        since: datetime | None = None,
        after: int | None = None,
        declaration: Declaration | None = None,
        field: Field | None = None,
        host: str | None = None,
        tag: str | None = None,
        withdrawn: bool = False,
        limit: int | None = None,
    ) -> AsyncIterator[StoredChange]:
        """Changes, oldest first, read as they are asked for. `after` is the id of the last one seen."""
        wanted = history.ChangeFilter(
            since=since, declaration=declaration, field=field, host=host, tag=tag, withdrawn=withdrawn
        )
        cursor, left = after or 0, limit
        while left is None or left > 0:
            size = CHANGES_PAGE if left is None else min(left, CHANGES_PAGE)
            page = await self._read(history.page_of_changes, wanted, after=cursor, limit=size)
            for change in page:
                yield change
            if len(page) < size:
                return
            cursor = page[-1].id
            left = None if left is None else left - len(page)

    async def change(self, change_id: int) -> StoredChange:
        return await self._read(history.read_change, change_id)

    async def changes_of(self, ids: Sequence[int]) -> dict[int, StoredChange]:
        """The changes with these ids; one that is damaged or not there is left out."""
        return await self._read(history.read_changes, ids)

    async def change_between(self, article_id: int, old: int, new: int) -> StoredChange | None:
        """The change that was recorded between two versions, by their numbers."""
        return await self._read(history.change_between, article_id, old, new)

    async def steps(self, article_id: int, old: int, new: int) -> list[StoredChange]:
        """The changes that lead from one version to a later one, by their numbers; withdrawn ones left out."""
        return await self._read(history.steps, article_id, old, new)

    async def told_changes(self, article_id: int, *, until: int | None = None, limit: int = 300) -> list[ToldChange]:
        """The last changes of an article that stand, in order, up to the one with the id `until`."""
        return await self._read(history.told_changes, article_id, until=until, limit=limit)

    async def recorded_diff(self, change_id: int) -> RecordedDiff:
        return await self._read(history.recorded_diff, change_id)

    async def edits(self, change_id: int) -> tuple[Edit, ...]:
        """The diff of a change as it was recorded."""
        return await self._read(history.edits, change_id)

    async def told(self, change_id: int) -> tuple[Edit, ...] | None:
        """The edits of a change that people are told of, where not all of them stood in two fetches."""
        return await self._read(history.told, change_id)

    async def entry_changes(self, change_id: int) -> tuple[EntryChange, ...]:
        """What a change did to the entries of a live blog, as far as people are told of it."""
        return await self._read(history.entry_changes, change_id)

    async def patch(self, change_id: int) -> str:
        """The diff-match-patch text of the body of a change as it was recorded."""
        return await self._read(history.patch, change_id)

    async def events(
        self, article_id: int | None = None, *, since: datetime | None = None, limit: int | None = None
    ) -> list[EventRow]:
        return await self._read(history.events, article_id, since=since, limit=limit)

    async def check_log(self, article_id: int, limit: int = 50) -> list[CheckRange]:
        return await self._read(history.checks, article_id, limit)

    async def observations(self, article_id: int, limit: int = 50) -> list[ObservationRow]:
        return await self._read(history.observations, article_id, limit)
