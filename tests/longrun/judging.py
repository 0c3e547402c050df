"""What the store holds at the end, held against the truth. Each problem is a sentence."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.core.article import Article, Declaration, Field, Stage, Version
from monitor.core.capture import Outcome
from monitor.core.classify import text_changed
from monitor.core.diff import fields_of
from monitor.core.lifecycle import ChangeState
from monitor.core.lifecycle.comparison import SET_ASIDE
from monitor.core.policy import DEFAULT_EVENTS, AlertEvent
from monitor.core.timestamps.clocks import ALONE, CACHED, IN_STEP
from monitor.store import OutboxRow, Store, StoredChange
from tests.longrun.desk import World
from tests.longrun.press import Life, Said, Stamps, said
from tests.longrun.world import Visit

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LEADS_FROM: dict[AlertEvent, tuple[AlertEvent | None, ...]] = {
    AlertEvent.FAILING: (None,),
    AlertEvent.RECOVERED: (AlertEvent.FAILING,),
    AlertEvent.GONE: (None, AlertEvent.FAILING),
    AlertEvent.RESTORED: (AlertEvent.GONE,),
}
ENOUGH = 12
"""So many problems of one kind are told."""


async def problems(world: World, store: Store) -> list[str]:
    """Everything that is not as it should be."""
    found: list[str] = []
    for judge in (_versions, _changes, _alerts, _events, _schedule, _returns):
        found += (await judge(world, store))[:ENOUGH]
    found += list(_manners(world))[:ENOUGH]
    return found + await store.verify()


# -- versions


async def _versions(world: World, store: Store) -> list[str]:
    seen: dict[str, list[Visit]] = defaultdict(list)
    for visit in world.servers.visits:
        if visit.outcome is Outcome.FETCHED and visit.edition is not None:
            seen[visit.url].append(visit)
    only_live = {source.url.split("/")[2] for source in world.policy.sources if source.only_live}
    found: list[str] = []
    for row in await store.articles(candidates=True):
        life = world.press.lives[row.article.url]
        visits: Sequence[Visit] = seen[life.url]
        if life.host in only_live:
            visits = _from_first_live(life, visits)
        versions = await store.versions(row.article.id)
        withdrawn = {
            entry.version.id
            for entry in await store.history(row.article.id, withdrawn=True)
            if entry.change and entry.change.state is ChangeState.WITHDRAWN
        }
        found += _against_visits(life, visits, versions, withdrawn)
    return found


def _from_first_live(life: Life, visits: Sequence[Visit]) -> Sequence[Visit]:
    for number, visit in enumerate(visits):
        if life.editions[visit.edition or 0].live:
            return visits[number:]
    return ()


def _against_visits(
    life: Life, visits: Sequence[Visit], versions: Sequence[Version], withdrawn: set[int]
) -> Iterator[str]:
    """Each visit showed the current version, or a new one that was recorded then. A return to the words before a
    change withdraws it, and needs no version; neither does a stamp alone that has gone on as a running clock would.
    What was set aside is recorded anew when it is met again."""
    left = iter(versions)
    following = next(left, None)
    current: tuple[Version, Said] | None = None
    before: Said | None = None
    clock = _Clock(life)
    for visit in visits:
        shown = said(life.content(visit.edition or 0))
        runs = clock.may_run(visit, shown)
        is_new = following is not None and _is_of(following, visit) and said(following.content) == shown
        if current is not None and shown == current[1] and not (is_new and current[0].id in withdrawn):
            continue
        if following is not None and is_new:
            before = current[1] if current else None
            current = (following, shown)
            following = next(left, None)
        elif current is not None and (
            (shown == before and current[0].id in withdrawn) or (shown[:-1] == current[1][:-1] and runs)
        ):
            current = (current[0], shown)
        else:
            yield f"{life.url}: edition {visit.edition}, seen at {visit.captured_at}, is not in the history"
            return
    if following is not None:
        yield f"{life.url}: version {following.number} was shown by no visit"


class _Clock:
    """The stamp of a page from visit to visit: when it behaves as a clock that runs by itself, so that the program need
    not believe it (see `core.timestamps.clocks`)."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._since: Visit | None = None
        self._last: Visit | None = None
        self._alone = 0
        self._text: Said = ()

    def may_run(self, visit: Visit, shown: Said) -> bool:
        """Whether it moved alone, and in step with the time, or fresh at each of several moves in a row; that a day
        turns into the next says nothing."""
        since, last, text = self._since, self._last, self._text
        self._last, self._text = visit, shown[:-1]
        if since is None or last is None or self._stamp(visit) == self._stamp(since):
            self._since = since or visit
            return False
        self._since = visit
        fresh = all(seen.captured_at - self._stamp(seen) <= CACHED for seen in (since, visit))
        self._alone = self._alone + 1 if fresh and text == shown[:-1] else 0
        in_step = any(self._in_step(seen, visit) for seen in (since, last))
        return self._life.stamps is Stamps.DAY or in_step or self._alone >= ALONE

    def _in_step(self, seen: Visit, visit: Visit) -> bool:
        ran = self._stamp(visit) - self._stamp(seen)
        width = IN_STEP if self._life.stamps is Stamps.EXACT else MINUTE
        return abs(ran - (visit.captured_at - seen.captured_at)) <= width

    def _stamp(self, visit: Visit) -> datetime:
        return self._life.editions[visit.edition or 0].stamped_at


def _is_of(version: Version, visit: Visit) -> bool:
    return abs(version.first_seen_at - visit.captured_at) < timedelta(milliseconds=2)


# -- changes


async def _changes(world: World, store: Store) -> list[str]:
    found = []
    async for change in store.changes(withdrawn=True):
        life = world.press.lives[change.url]
        old, new = await store.version(change.from_version_id), await store.version(change.to_version_id)
        before, after = said(old.content), said(new.content)
        if before == after:
            found.append(f"{life.url}: change {change.id} changes nothing")
        found += _misjudged(life, change, stamp_moved=before[-1] != after[-1])
        if change.not_before > change.not_after:
            found.append(f"{life.url}: change {change.id} has a window that ends before it begins")
    return found


def _misjudged(life: Life, change: StoredChange, *, stamp_moved: bool) -> Iterator[str]:
    accused = change.declaration is Declaration.STEALTH
    if accused and (stamp_moved or life.stamps is Stamps.NONE or _within_stamped_day(life, change)):
        yield f"{life.url}: change {change.id} is called stealth, and the publisher stamped it or could not have"
    if change.declaration is Declaration.ANNOUNCED and not stamp_moved:
        yield f"{life.url}: change {change.id} is called announced, and no stamp moved"


def _within_stamped_day(life: Life, change: StoredChange) -> bool:
    """Whether the stamp names a day, and the edit may have been made on it."""
    if life.stamps is not Stamps.DAY:
        return False
    return any(claim.at is not None and change.not_before < claim.at + DAY for claim in change.old_claims)


# -- alerts


async def _alerts(world: World, store: Store) -> list[str]:
    rows: dict[tuple[int | None, str], list[OutboxRow]] = defaultdict(list)
    every = await store.deliveries()
    for row in every:
        rows[row.change_id, row.channel].append(row)
    found = [problem for row in every for problem in _delivery(world, row)]
    before: dict[int, StoredChange] = {}
    async for change in store.changes(withdrawn=True):
        wanted = not await _takes_back_what_was_not_told(store, before.get(change.article_id), change)
        before[change.article_id] = change
        for channel in world.inboxes:
            found += _told_once(change, channel, rows.pop((change.id, channel), []), wanted=wanted)
    found += [f"alert {row.id} tells of no change" for of in rows.values() for row in of if row.change_id is not None]
    return found + list(_received(world, every))


async def _takes_back_what_was_not_told(store: Store, before: StoredChange | None, change: StoredChange) -> bool:
    """Whether a headline went back that had stood in one fetch, and people were told of the rest of its change."""
    if before is None or Field.HEADLINE not in before.fields or change.fields != (Field.HEADLINE,):
        return False
    told = await store.told(before.id)
    return told is not None and Field.HEADLINE not in fields_of(told)


def _told_once(change: StoredChange, channel: str, rows: Sequence[OutboxRow], *, wanted: bool) -> Iterator[str]:
    set_aside = change.state is ChangeState.WITHDRAWN and change.state_reason == SET_ASIDE
    count = int(wanted and text_changed(change.fields) and not change.cosmetic and not set_aside)
    if len(rows) != count:
        yield f"change {change.id} ({', '.join(change.fields)}) has {len(rows)} alerts for {channel}, not {count}"
    for row in rows:
        if (row.state == "withdrawn") != (change.state is ChangeState.WITHDRAWN):
            yield f"alert {row.id} is {row.state} while its change {change.id} is {change.state}"


def _delivery(world: World, row: OutboxRow) -> Iterator[str]:
    inbox = world.inboxes[row.channel]
    if row.state == "sent" and inbox.acknowledged[row.sent_as or ""] != 1:
        yield f"alert {row.id} counts as sent; {inbox.acknowledged[row.sent_as or '']} messages of it were taken"
    if row.state in ("pending", "held", "dead"):
        yield f"alert {row.id} ({row.event}) is still {row.state}: due {row.due_at}, {row.last_error}"


def _received(world: World, rows: Iterable[OutboxRow]) -> Iterator[str]:
    written = {(row.channel, row.sent_as) for row in rows if row.state == "sent"}
    for channel, inbox in world.inboxes.items():
        for message_id, times in inbox.acknowledged.items():
            if (channel, message_id) not in written:
                yield f"{channel} got {message_id}, and no alert was written"
            if times != 1:
                yield f"{channel} took {message_id} {times} times"


# -- events


async def _events(world: World, store: Store) -> list[str]:
    by_article: dict[str, list[AlertEvent]] = defaultdict(list)
    told = Counter((row.event_id, row.channel) for row in await store.deliveries() if row.event_id is not None)
    found = []
    for event in await store.events():
        by_article[event.url].append(event.event)
        if event.event in DEFAULT_EVENTS and any(told[event.id, channel] != 1 for channel in world.inboxes):
            found.append(f"{event.url}: {event.event} was not told once on every channel")
        if event.not_before > event.not_after:
            found.append(f"{event.url}: {event.event} has a window that ends before it begins")
    for url, events in by_article.items():
        life = world.press.lives[url]
        if AlertEvent.GONE in events and not (life.missing or life.removed):
            found.append(f"{url} is called gone, and never was")
        if not _take_turns(events):
            found.append(f"{url}: {', '.join(events)}")
    return found


def _take_turns(events: Iterable[AlertEvent]) -> bool:
    """Whether each loss is told once, and each end of one; an article that is gone is no longer called failing."""
    state: AlertEvent | None = None
    for event in events:
        if event not in LEADS_FROM:
            continue
        if state not in LEADS_FROM[event]:
            return False
        state = event if event in (AlertEvent.GONE, AlertEvent.FAILING) else None
    return True


# -- manners


def _manners(world: World) -> Iterator[str]:
    """Two requests to one host never overlap, and its delay lies between them (0.3 s is what our clocks round)."""
    last: dict[str, Visit] = {}
    for visit in sorted(world.servers.visits, key=lambda visit: visit.began):
        before = last.get(visit.host)
        last[visit.host] = visit
        if before is None:
            continue
        pause = visit.began - before.ended
        if pause < world.servers.delay_of(visit.host).total_seconds() - 0.01:
            yield f"{visit.url} was asked for {pause:.1f} s after {before.url}"


# -- the schedule


async def _schedule(world: World, store: Store) -> list[str]:
    now = world.clock.now()
    longest = max(1.1 * world.policy.schedule.max, 1.1 * DAY)
    found = []
    for row in await store.articles(candidates=True):
        article = row.article
        if article.stage in (Stage.PAUSED, Stage.RETIRED) or _given_up(article, world.policy.schedule.max):
            continue
        if article.next_check_at is None:
            found.append(f"{article.url} ({article.stage}) is never looked at again")
        elif article.next_check_at > now + longest:
            found.append(f"{article.url} is looked at only at {article.next_check_at}")
        elif article.next_check_at < now - timedelta(minutes=20):
            found.append(f"{article.url} has been due since {article.next_check_at}")
    return found


SOON, LIVE_SOON = timedelta(hours=2), timedelta(minutes=45)
"""Within these an article, and one that was live, is read again once the network is back: a host is left alone for half
an hour at the most, and then its articles wait their turn."""


async def _returns(world: World, _: Store) -> list[str]:
    """Every article that was asked for in vain while the network was down is read soon after."""
    found = []
    for returned in returns(world):
        allowed = LIVE_SOON if returned.live else SOON
        if returned.after is None or returned.after > allowed:
            found.append(f"{returned.url} was read only {returned.after} after the network was back")
    return found


@dataclass(frozen=True)
class Returned:
    """How long `after` the network was back an article was asked for; None: not at all."""

    url: str
    live: bool
    after: timedelta | None


def returns(world: World) -> Iterator[Returned]:
    """Of each article that was asked for during an outage, in the order of their return."""
    visits: dict[str, list[Visit]] = defaultdict(list)
    for visit in world.servers.visits:
        visits[visit.url].append(visit)
    for span in world.servers.down:
        start, end = ((at - world.clock.start).total_seconds() for at in (span.start, span.end))
        for url, of in visits.items():
            if not any(start <= visit.began < end for visit in of):
                continue
            shown = [visit.edition for visit in of if visit.began < start and visit.edition is not None]
            first = next((visit.began for visit in of if visit.began >= end), None)
            live = bool(shown) and world.press.lives[url].editions[shown[-1]].live
            yield Returned(url, live, timedelta(seconds=first - end) if first is not None else None)


def _given_up(article: Article, after: timedelta) -> bool:
    checked = article.last_checked_at or article.added_at
    return article.candidate and checked - article.added_at > after


def longest_gaps(world: World, *, top: int) -> list[tuple[timedelta, str, datetime]]:
    """The longest times between two visits to one article, for people to look at."""
    visits: dict[str, list[Visit]] = defaultdict(list)
    for visit in world.servers.visits:
        visits[visit.url].append(visit)
    gaps = [
        (timedelta(seconds=round(b.began - a.ended)), url, b.captured_at)
        for url, of in visits.items()
        for a, b in pairwise(of)
    ]
    return sorted(gaps, reverse=True)[:top]
