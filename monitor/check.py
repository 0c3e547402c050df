"""One check of one article: fetch, extract, decide, record."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

import structlog

from monitor.core.address import parse_address
from monitor.core.article import Article, Content, Declaration, Reading, Version
from monitor.core.capture import Capture, Outcome, Validators
from monitor.core.lifecycle import (
    AT_LENGTH,
    NOWHERE,
    ChangeState,
    Decision,
    Known,
    Read,
    Rereading,
    SameBytes,
    Unreadable,
    address_to_ask,
    are_alike,
    decide,
    said_key,
    says_the_same,
    should_ask_conditionally,
    titled_by_source,
    with_listed,
)
from monitor.core.policy import Policy, SiteRule
from monitor.core.timestamps import disbelieve
from monitor.errors import ExtractionFailed
from monitor.ports import Extract, Fetch, Hints, Request
from monitor.store import Recorded, Store

_log = structlog.get_logger()

FURNITURE_AFTER = timedelta(days=3)
"""An article this old is not expected to be live: a marker that it shows may belong to its host's pages."""
ASK_NOWHERE = timedelta(days=1)
"""So long a host's answer to an address at which there is nothing is remembered."""
HOSTS_ASKED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What one check came to. `outcome` is a word of Decision.outcome, or `fenced` when another check was faster.
    `look_again`: a second look is to follow at once. `tells`: alerts may be waiting to go out since."""

    article: Article
    outcome: str
    at: datetime
    number: int | None = None
    declaration: Declaration | None = None
    held: bool = False
    look_again: bool = False
    settled: ChangeState | None = None
    detail: str = ""
    host_wide: bool = False
    tells: bool = False


class Checker:
    """Checks articles. `jitter` gives numbers in [0, 1); `rule_for` the site rule that covers a host. `once_more` waits
    until the host of an address that is being visited may be asked again, and says whether it may."""

    def __init__(
        self,
        *,
        store: Store,
        fetch: Fetch,
        extract: Extract,
        policy: Policy,
        rule_for: Callable[[str], SiteRule | None],
        jitter: Callable[[], float],
        once_more: Callable[[str], Awaitable[bool]],
    ) -> None:
        self._store, self._fetch, self._extract = store, fetch, extract
        self._policy, self._rule_for, self._jitter = policy, rule_for, jitter
        self._once_more = once_more
        self._nowhere: OrderedDict[str, _Nowhere] = OrderedDict()

    async def check(self, article_id: int) -> Checked:
        known = await self._store.known(article_id)
        capture = await self._fetch.fetch(_request(known))
        read = await self._read(known, capture)
        known, read = await self._recall(known, capture, read)
        if capture.final_url != known.article.url:
            known = replace(known, aliases=await self._store.aliases(article_id))
        # A diff of long texts takes a while: it does not belong on the loop.
        jitter = self._jitter()
        decision = await asyncio.to_thread(decide, known, capture, read, policy=self._policy, jitter=jitter)
        if isinstance(read, Reading) and _may_be_the_hosts_answer_to_all(known, read, decision):
            nowhere = await self._answer_nowhere(known.article, capture.captured_at)
            if nowhere is not None and says_the_same(read.content, nowhere):
                known = replace(known, twins=(NOWHERE,))
                decision = await asyncio.to_thread(decide, known, capture, read, policy=self._policy, jitter=jitter)
        recorded = await self._store.record(decision)
        checked = _summary(decision, recorded)
        _tell(checked, decision, recorded)
        return checked

    async def alike(self, old: Version, new: Version) -> tuple[Version, Version]:
        """The two as one release of the rules reads them by one method: what differs is the publisher's doing then.
        Nothing is stored; versions whose pages cannot be read alike are given back as they are."""
        if are_alike(old.content, new.content):
            return old, new
        article = await self._store.article(old.article_id)
        latest = await self._anew(article, await self._store.capture_of(new.id), None)
        for method in (latest.content.method if latest else new.content.method, old.content.method):
            pair = [await self._reread(article, version, method) for version in (old, new)]
            if pair[0] and pair[1] and are_alike(pair[0].content, pair[1].content):
                return _read_as(old, pair[0]), _read_as(new, pair[1])
        return old, new

    async def _read(self, known: Known, capture: Capture) -> Read:
        if capture.outcome is not Outcome.FETCHED:
            return None
        article = known.article
        if article.body_sha256 == capture.body_sha256:
            return SameBytes()
        try:
            read = await self._extract.extract(capture, await self._hints(article, page_digest=article.page_digest))
        except ExtractionFailed as failure:
            return Unreadable(failure.reason)
        return _beside_its_source(read, article) if isinstance(read, Reading) else read

    async def _hints(self, article: Article, *, page_digest: str | None = None, method: str | None = None) -> Hints:
        host = await self._store.host(article.host)
        return Hints(
            charset=host.charset if host else None,
            site=self._rule_for(article.host),
            markers=self._policy.live.markers,
            page_digest=page_digest,
            method=method,
        )

    # -- what of the past is needed to judge this page

    async def _recall(self, known: Known, capture: Capture, read: Read) -> tuple[Known, Read]:
        """What `decide` asks of the past beside the article itself: who else shows this page or its marker, the
        doubtful page of the visit before, and versions that this page can be compared with."""
        article = known.article
        place = read.marker_place if isinstance(read, Reading) else article.marker_place
        if place is not None:
            before = capture.captured_at - FURNITURE_AFTER
            known = replace(known, furniture=await self._store.is_furniture(article, place, before))
        if not isinstance(read, Reading) or read.suspicions:
            return known, read
        known, read = await self._comparable(known, capture, read)
        known = replace(known, volatile=await self._store.volatile(article.host))
        twins = await self._store.twins(article, said_key(read.content))
        return replace(known, twins=twins, suspect=await self._last_suspect(article, read)), read

    async def _last_suspect(self, article: Article, read: Reading) -> Reading | None:
        if not article.suspect_streak:
            return None
        earlier = await self._store.last_suspect(article.id)
        again = await self._anew(article, earlier, read.content.method) if earlier else None
        return again if again and not again.suspicions else None

    async def _comparable(self, known: Known, capture: Capture, read: Reading) -> tuple[Known, Reading]:
        """Versions and page read by one release and one method: an upgrade, or a page that is built in another way,
        is no edit. The versions' own pages are read anew; where they say nothing that way, the page in hand is read as
        they were."""
        wanted = [v for v in (known.current, known.held.told if known.held else None) if v is not None]
        others = [version for version in wanted if not are_alike(version.content, read.content)]
        if not others:
            return known, read
        again = {version.id: await self._reread(known.article, version, read.content.method) for version in others}
        if all(reading is not None for reading in again.values()):
            return _with_rereadings(known, {key: reading for key, reading in again.items() if reading}), read
        as_before = await self._anew(known.article, capture, others[0].content.method)
        if as_before is None or as_before.suspicions or 2 * _length(as_before) < _length(read):
            return known, read
        return await self._comparable_as_before(known, others, as_before)

    async def _comparable_as_before(
        self, known: Known, others: Sequence[Version], read: Reading
    ) -> tuple[Known, Reading]:
        again = {}
        for version in others:
            if not are_alike(version.content, read.content):
                reading = await self._reread(known.article, version, read.content.method)
                if reading is not None:
                    again[version.id] = reading
        return _with_rereadings(known, again), read

    async def _reread(self, article: Article, version: Version, method: str) -> Reading | None:
        """The version's own page read as pages are now; None where that gives no body and the version had one."""
        reading = await self._anew(article, await self._store.capture_of(version.id), method)
        if reading is None or (version.content.blocks and not reading.content.blocks):
            return None
        claims = disbelieve(reading.content.claims, article.clocks)
        return replace(reading, content=replace(reading.content, claims=claims))

    # -- pages that stand for nothing

    async def _answer_nowhere(self, article: Article, now: datetime) -> Content | None:
        """What the host shows at an address beside the article's at which there is nothing; None where it says so, or
        cannot be asked. Asked once a day."""
        last = self._nowhere.get(article.host)
        if last is None or not now - last.at < ASK_NOWHERE:
            if not await self._once_more(article.url):
                return None
            url = _address_of_nothing(article.url, now)
            capture = await self._fetch.fetch(Request(url=url))
            reading = await self._anew(article, capture, None) if capture.outcome is Outcome.FETCHED else None
            last = self._nowhere[article.host] = _Nowhere(now, reading.content if reading else None)
            while len(self._nowhere) > HOSTS_ASKED:
                self._nowhere.popitem(last=False)
        return last.content

    async def _anew(self, article: Article, capture: Capture, method: str | None) -> Reading | None:
        try:
            reading = await self._extract.extract(capture, await self._hints(article, method=method))
        except ExtractionFailed:
            return None
        return reading if isinstance(reading, Reading) else None


@dataclass(frozen=True, slots=True)
class _Nowhere:
    """When a host was asked for what it cannot have, and the page that it gave, if it gave one."""

    at: datetime
    content: Content | None


def _may_be_the_hosts_answer_to_all(known: Known, read: Reading, decision: Decision) -> bool:
    """Whether a page that does not look like its article deserves the question: it is met again, or about to be
    believed for having stayed so long."""
    streak = known.article.suspect_streak
    if known.current is None or known.twins or read.suspicions or not streak:
        return False
    return decision.outcome == "suspect" or (decision.version is not None and streak >= AT_LENGTH[0])


def _address_of_nothing(url: str, now: datetime) -> str:
    """An address in the article's own folder that nobody has given to anything."""
    name = sha256(f"{url} {now.isoformat()}".encode()).hexdigest()[:20]
    return parse_address(name, parse_address(url.partition("?")[0].rstrip("/")).url).url


def _beside_its_source(read: Reading, article: Article) -> Reading:
    listed, content = article.listed, read.content
    claims, headlines = with_listed(content.claims, listed), titled_by_source(content.headlines, listed)
    return replace(read, content=replace(content, claims=claims, headlines=headlines))


def _length(reading: Reading) -> int:
    return sum(map(len, reading.content.paragraphs))


def _with_rereadings(known: Known, again: Mapping[int, Reading]) -> Known:
    def anew(version: Version) -> Version:
        reading = again.get(version.id)
        return _read_as(version, reading) if reading else version

    return replace(
        known,
        current=anew(known.current) if known.current else None,
        held=replace(known.held, told=anew(known.held.told)) if known.held else None,
        rereadings=tuple(Rereading(version_id=key, reading=reading) for key, reading in again.items()),
    )


def _read_as(version: Version, reading: Reading) -> Version:
    return replace(version, content=reading.content, page_blocks=reading.page_blocks)


def _request(known: Known) -> Request:
    conditional = should_ask_conditionally(known.article)
    validators = known.article.validators if conditional else Validators()
    return Request(url=address_to_ask(known.article), validators=validators)


def _summary(decision: Decision, recorded: Recorded | None) -> Checked:
    change = decision.version.change if decision.version else None
    return Checked(
        article=decision.article,
        outcome=decision.outcome if recorded else "fenced",
        at=decision.at,
        number=recorded.number if recorded else None,
        declaration=change.declaration if change else None,
        held=change is not None and change.state is ChangeState.PROVISIONAL,
        look_again=decision.look_again and recorded is not None,
        settled=decision.settlement.state if decision.settlement else None,
        detail=_detail(decision),
        host_wide=decision.host_not_before is not None,
        tells=recorded is not None and bool(recorded.outbox_ids or decision.settlement),
    )


def _detail(decision: Decision) -> str:
    if decision.observation:
        return decision.observation.detail
    change = decision.version.change if decision.version else None
    if change is None:
        return ""
    return f"{', '.join(change.fields)}; {change.words_added} words added, {change.words_removed} removed"


def _tell(checked: Checked, decision: Decision, recorded: Recorded | None) -> None:
    log = _log.bind(article=checked.article.id, url=checked.article.url, check=checked.article.check_seq + 1)
    log.info("checked", outcome=checked.outcome, status=decision.capture.status, detail=checked.detail or None)
    if recorded and decision.version:
        log.info(
            "version_found",
            number=recorded.number,
            declaration=checked.declaration,
            held=checked.held or None,
        )
    if decision.settlement:
        log.info("change_settled", change=decision.settlement.change_id, state=decision.settlement.state.value)
    for happening in decision.happenings:
        log.info("stage_moved", what=happening.event.value, detail=happening.detail)
