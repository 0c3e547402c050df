"""One check of one article: fetch, extract, decide, record."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import structlog

from monitor.core.article import Article, Declaration
from monitor.core.capture import HOST_WIDE, Capture, Outcome, Validators
from monitor.core.lifecycle import (
    ChangeState,
    Decision,
    Known,
    Read,
    SameBytes,
    Unreadable,
    decide,
    should_ask_conditionally,
)
from monitor.core.policy import Policy, SiteRule
from monitor.errors import ExtractionFailed
from monitor.ports import Extract, Fetch, Hints, Request
from monitor.store import Recorded, Store

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What one check came to. `outcome` is a word of Decision.outcome, or `fenced` when another check was faster."""

    article: Article
    outcome: str
    at: datetime
    number: int | None = None
    declaration: Declaration | None = None
    held: bool = False
    settled: ChangeState | None = None
    detail: str = ""
    host_wide: bool = False


class Checker:
    """Checks articles. `jitter` gives numbers in [0, 1); `rule_for` the site rule that covers a host."""

    def __init__(
        self,
        *,
        store: Store,
        fetch: Fetch,
        extract: Extract,
        policy: Policy,
        rule_for: Callable[[str], SiteRule | None],
        jitter: Callable[[], float],
    ) -> None:
        self._store, self._fetch, self._extract = store, fetch, extract
        self._policy, self._rule_for, self._jitter = policy, rule_for, jitter

    async def check(self, article_id: int) -> Checked:
        known = await self._store.known(article_id)
        capture = await self._fetch.fetch(_request(known))
        read = await self._read(known, capture)
        # A diff of long texts takes a while: it does not belong on the loop.
        decision = await asyncio.to_thread(decide, known, capture, read, policy=self._policy, jitter=self._jitter())
        recorded = await self._store.record(decision)
        checked = _summary(decision, recorded)
        _tell(checked, decision, recorded)
        return checked

    async def _read(self, known: Known, capture: Capture) -> Read:
        if capture.outcome is not Outcome.FETCHED:
            return None
        article = known.article
        if article.body_sha256 == sha256(capture.body).hexdigest():
            return SameBytes()
        host = await self._store.host(article.host)
        hints = Hints(
            charset=host.charset if host else None,
            site=self._rule_for(article.host),
            markers=self._policy.live.markers,
            page_digest=article.page_digest,
        )
        try:
            return await self._extract.extract(capture, hints)
        except ExtractionFailed as failure:
            return Unreadable(failure.reason)


def _request(known: Known) -> Request:
    conditional = should_ask_conditionally(known.article)
    return Request(url=known.article.url, validators=known.article.validators if conditional else Validators())


def _summary(decision: Decision, recorded: Recorded | None) -> Checked:
    change = decision.version.change if decision.version else None
    return Checked(
        article=decision.article,
        outcome=decision.outcome if recorded else "fenced",
        at=decision.at,
        number=recorded.number if recorded else None,
        declaration=change.declaration if change else None,
        held=change is not None and change.state is ChangeState.PROVISIONAL,
        settled=decision.settlement.state if decision.settlement else None,
        detail=_detail(decision),
        host_wide=decision.capture.outcome in HOST_WIDE,
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
