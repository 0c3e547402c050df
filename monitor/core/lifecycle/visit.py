"""`decide`: told from the top, one visit, its branches, then the parts they are made of."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from monitor.core import diff as differ
from monitor.core.article import (
    Article,
    Claim,
    ClockMark,
    Content,
    Declaration,
    Field,
    Hold,
    Rank,
    Reading,
    SamePage,
    Stage,
    Version,
)
from monitor.core.capture import Capture, Outcome
from monitor.core.classify import LATE, changed_fields, declare, text_changed
from monitor.core.lifecycle.decision import (
    ChangeState,
    Decision,
    Happening,
    HeldChange,
    Known,
    LateStamp,
    NewChange,
    NewVersion,
    Observation,
    Read,
    SameBytes,
    Settlement,
    Unreadable,
)
from monitor.core.lifecycle.intervals import (
    FAILING_AFTER,
    GONE_NEEDS,
    HOLD_MAX,
    HOLD_TRIES,
    SETTLED_AFTER,
    SUSPECT_RETRIES,
    backoff,
    host_pause,
    ladder,
    spread,
)
from monitor.core.policy import AlertEvent, Policy
from monitor.core.rules import Delivery, Subject, plan
from monitor.core.text import fold
from monitor.core.timestamps import disbelieve, watch_clocks


def decide(known: Known, capture: Capture, read: Read, *, policy: Policy, jitter: float) -> Decision:
    """What this visit means. `jitter` is in [0, 1)."""
    visit = _Visit(known, capture, policy, jitter)
    if capture.outcome is Outcome.NOT_MODIFIED or isinstance(read, SameBytes | SamePage):
        return visit.same_page()
    if capture.outcome in GONE_NEEDS:
        return visit.missing()
    if capture.outcome is not Outcome.FETCHED or read is None:
        return visit.failed(capture.outcome.value, capture.detail or "")
    if isinstance(read, Unreadable):
        return visit.failed("unreadable", read.reason)
    if read.suspicions:
        return visit.suspect(read)
    return visit.article_read(read)


class _Visit:
    def __init__(self, known: Known, capture: Capture, policy: Policy, jitter: float) -> None:
        self.known, self.article, self.current, self.held = known, known.article, known.current, known.held
        self.capture, self.policy, self.jitter = capture, policy, jitter
        self.now = capture.captured_at
        self.host_not_before = host_pause(capture, jitter)

    # -- branches

    def same_page(self) -> Decision:
        """Nothing new on the page: the current version was seen again."""
        streak = self.article.not_modified_streak + 1 if self.capture.outcome is Outcome.NOT_MODIFIED else 0
        if self.current is None:
            return self._not_wanted(None, outcome=self.article.last_outcome or "not_live", streak=streak)
        outcome = "not_modified" if streak else "unchanged"
        return self._unchanged(outcome, None, not_modified_streak=streak)

    def article_read(self, reading: Reading) -> Decision:
        content = reading.content
        if self.article.candidate and (unwanted := self._unwanted(content)):
            return self._not_wanted(reading, outcome=unwanted)
        if self.current is None:
            return self._first(reading)
        fields = changed_fields(self.current.content, content)
        clocks = watch_clocks(
            self.article.clocks,
            content.claims,
            captured_at=self.now,
            text_changed=text_changed(fields),
        )
        reading = _with_claims(reading, disbelieve(content.claims, clocks))
        if self.held:
            return self._second_look(reading, clocks, self.held)
        return self._compared(reading, clocks, self.current)

    def missing(self) -> Decision:
        """404 or 410: the article is a candidate for `gone` until it has been missing often and long enough."""
        needed, span = GONE_NEEDS[self.capture.outcome]
        streak = self.article.gone_streak + 1
        since = self.article.failing_since or self.now
        gone = streak >= needed and self.now - since >= span and self.article.stage is not Stage.GONE
        if gone and self.current is not None:
            happened = self._happening(AlertEvent.GONE, f"the server answers {self.capture.status}")
            article = self._erred(stage=Stage.GONE, gone_streak=streak, failing_since=since)
            return self._decision(article, "gone", happenings=(happened,), observe="gone")
        article = self._erred(gone_streak=streak, failing_since=since)
        if self.article.stage is not Stage.GONE:
            article = article.but(next_check_at=self.now + spread(span / needed, self.jitter))
        return self._decision(article, self.capture.outcome.value, observe=self.capture.outcome.value)

    def suspect(self, reading: Reading) -> Decision:
        """A page that is not the article (consent, login, error ...): kept as an observation, looked at again soon."""
        streak = self.article.suspect_streak
        wait = SUSPECT_RETRIES[min(streak, len(SUSPECT_RETRIES) - 1)]
        article = self._checked(
            suspect_streak=streak + 1, next_check_at=self.now + spread(wait, self.jitter), last_outcome="suspect"
        )
        detail = ", ".join(reading.suspicions)
        return self._decision(article, "suspect", observe="suspect", detail=detail)

    def failed(self, outcome: str, detail: str) -> Decision:
        article = self._erred(failing_since=self.article.failing_since or self.now, last_outcome=outcome)
        happenings: tuple[Happening, ...] = ()
        if self._starts_failing(article):
            happenings = (self._happening(AlertEvent.FAILING, detail or outcome),)
        return self._decision(article, outcome, happenings=happenings, observe=outcome, detail=detail)

    # -- what a readable page can be

    def _unwanted(self, content: Content) -> str | None:
        """Why the article's source does not want it (yet), in one word."""
        if self.known.only_live and not content.live:
            return "not_live"
        if self.known.mentions and not names_one(self.known.mentions, content):
            return "not_mentioned"
        return None

    def _not_wanted(self, reading: Reading | None, *, outcome: str, streak: int = 0) -> Decision:
        """A candidate that is not watched (yet): looked at again, less and less often."""
        age = self.now - self.article.added_at
        given_up = age > self.policy.schedule.max
        article = self._checked(
            next_check_at=None if given_up else self.now + spread(ladder(age, self.policy.schedule), self.jitter),
            last_outcome=outcome,
            not_modified_streak=streak,
            **_RECOVERED,
        )
        if reading is not None:
            article = self._with_page(article, reading)
        return self._decision(article, outcome, reading=reading)

    def _first(self, reading: Reading) -> Decision:
        stage = Stage.LIVE if reading.content.live else Stage.COOLING
        if self.article.stage is Stage.PAUSED:
            stage = Stage.PAUSED
        clocks = watch_clocks({}, reading.content.claims, captured_at=self.now, text_changed=True)
        article = self._now_reads(
            reading, clocks, stage=stage, candidate=False, quiet_since=self.now, last_changed_at=self.now
        )
        happenings = (
            (self._happening(AlertEvent.LIVE, reading.content.live_marker or ""),) if stage is Stage.LIVE else ()
        )
        version = NewVersion(content=reading.content, reading=reading)
        return self._decision(article, "first", version=version, happenings=happenings, reading=reading)

    def _compared(
        self,
        reading: Reading,
        clocks: Mapping[str, ClockMark],
        base: Version,
        settlement: Settlement | None = None,
        told: Version | None = None,
    ) -> Decision:
        """Compare with `base`; `told` is given when the alert has to speak from an earlier version."""
        fields = changed_fields(base.content, reading.content)
        if not fields:
            return self._unchanged("unchanged", reading, clocks=clocks, settlement=settlement, version_id=base.id)
        change = self._change(base, reading.content, fields)
        settled = settlement is not None and settlement.merge
        if settled and change.state is ChangeState.PROVISIONAL:
            change = _in_state(change, ChangeState.CONFIRMED)
        hold = change.state is ChangeState.PROVISIONAL
        stage, happenings = self._stage_after(reading.content, text=text_changed(fields))
        article = self._now_reads(
            reading, clocks, stage=stage, last_changed_at=self.now, quiet_since=self._quiet(fields)
        )
        if hold:
            article = article.but(next_check_at=self.now + self.policy.schedule.confirm)
        version = NewVersion(
            content=reading.content,
            reading=reading,
            change=change,
            hold=hold,
            told_version_id=told.id if told else None,
        )
        return self._decision(
            article,
            "changed",
            version=version,
            settlement=settlement,
            late_stamp=self._late(change),
            happenings=happenings,
            deliveries=self._deliveries_of(article, told or base, change, reading.content),
            reading=reading,
        )

    def _second_look(self, reading: Reading, clocks: Mapping[str, ClockMark], held: HeldChange) -> Decision:
        """The confirming fetch: does what was new still stand?"""
        assert self.current is not None
        new = changed_fields(self.current.content, reading.content)
        if not text_changed(new):
            settlement = self._settle(ChangeState.CONFIRMED, release=True, reason="a second fetch shows the same words")
            return self._compared(reading, clocks, self.current, settlement)
        if not text_changed(changed_fields(held.told.content, reading.content)):
            settlement = self._settle(ChangeState.WITHDRAWN, release=False, reason="the former words are back")
            return self._compared(reading, clocks, held.told, settlement)
        if not stands(held.told.content, self.current.content, reading.content):
            settlement = self._settle(
                ChangeState.WITHDRAWN, release=False, reason="nothing of it stood in a second fetch"
            )
            return self._compared(reading, clocks, held.told, settlement)
        settlement = self._settle(
            ChangeState.CONFIRMED, release=False, merge=True, reason="told together with the next change"
        )
        return self._compared(reading, clocks, self.current, settlement, told=held.told)

    def _unchanged(
        self,
        outcome: str,
        reading: Reading | None,
        *,
        clocks: Mapping[str, ClockMark] | None = None,
        settlement: Settlement | None = None,
        version_id: int | None = None,
        not_modified_streak: int = 0,
    ) -> Decision:
        if settlement is None and self.held:
            settlement = self._settle(ChangeState.CONFIRMED, release=True, reason="the page is the same")
        live = self.current.content.live if self.current else False
        stage, happenings = self._stage_when_quiet(live)
        article = self._checked(
            stage=stage,
            last_seen_at=self.now,
            not_modified_streak=not_modified_streak,
            last_outcome=outcome,
            next_check_at=self._next(stage),
            interval=self._interval(stage),
            hold=None,
            **_RECOVERED,
        )
        if version_id is not None:
            article = article.but(current_version_id=version_id)
        if clocks is not None:
            article = article.but(clocks=clocks)
        if self.capture.outcome is Outcome.FETCHED:
            article = self._with_page(article, reading)
        return self._decision(
            article,
            outcome,
            settlement=settlement,
            happenings=(*self._recovery(), *happenings),
            seen=version_id or self.article.current_version_id,
            reading=reading,
        )

    # -- parts

    def _change(self, base: Version, content: Content, fields: tuple[Field, ...]) -> NewChange:
        edits = differ.diff(base.content, content)
        differ.check(edits, base.content, content)
        stats = differ.stats(edits)
        not_before = base.last_seen_at
        judged = declare(base.content, content, not_before=not_before, not_after=self.now)
        cosmetic = text_changed(fields) and differ.is_cosmetic(edits)
        held = text_changed(fields) and not cosmetic and judged.declaration is not Declaration.ANNOUNCED
        return NewChange(
            from_version_id=base.id,
            state=ChangeState.PROVISIONAL if held else ChangeState.CONFIRMED,
            declaration=judged.declaration,
            claims_moved=judged.claims_moved,
            claims_still=judged.claims_still,
            fields=fields,
            edits=edits,
            patch=differ.patch_text(base.content, content),
            words_added=stats.words_added,
            words_removed=stats.words_removed,
            similarity=stats.similarity,
            cosmetic=cosmetic,
            not_before=not_before,
            not_after=self.now,
            old_claims=base.content.claims,
            new_claims=content.claims,
        )

    def _deliveries_of(
        self, article: Article, base: Version, change: NewChange, content: Content
    ) -> tuple[Delivery, ...]:
        edits = change.edits if base.id == change.from_version_id else differ.diff(base.content, content)
        subject = Subject(
            event=AlertEvent.CHANGED,
            article=article,
            fields=changed_fields(base.content, content),
            declaration=change.declaration,
            edits=edits,
            words=change.words_added + change.words_removed,
            cosmetic=change.cosmetic,
            content=content,
        )
        held = change.state is ChangeState.PROVISIONAL
        return plan(self.policy, subject, now=self.now, held=held)

    def _stage_after(self, content: Content, *, text: bool) -> tuple[Stage, tuple[Happening, ...]]:
        """The stage after something changed, and what there is to tell of it."""
        before = self.article.stage
        told = [*self._recovery()]
        if before is Stage.PAUSED:
            return before, ()
        if content.live:
            if before is not Stage.LIVE:
                told.append(self._happening(AlertEvent.LIVE, content.live_marker or "the live marker appeared"))
            return Stage.LIVE, tuple(told)
        if before in (Stage.SETTLED, Stage.RETIRED) and text:
            quiet = self.now - (self.article.quiet_since or self.now)
            told.append(self._happening(AlertEvent.REOPENED, f"edited after {quiet.days} quiet days"))
            return Stage.COOLING, tuple(told)
        return (before if before is Stage.SETTLED else Stage.COOLING), tuple(told)

    def _stage_when_quiet(self, live: bool) -> tuple[Stage, tuple[Happening, ...]]:
        before = self.article.stage
        quiet = self.now - (self.article.quiet_since or self.now)
        if live or before is Stage.PAUSED:
            return (before if before is Stage.PAUSED else Stage.LIVE), ()
        if before in (Stage.COOLING, Stage.GONE, Stage.FOUND) and quiet >= SETTLED_AFTER:
            return Stage.SETTLED, (self._happening(AlertEvent.SETTLED, f"quiet for {quiet.days} days"),)
        if before in (Stage.SETTLED, Stage.RETIRED):
            retired = quiet >= self.policy.schedule.retire_after
            return (Stage.RETIRED if retired else Stage.SETTLED), ()
        return Stage.COOLING, ()

    def _recovery(self) -> tuple[Happening, ...]:
        if self.article.stage is Stage.GONE:
            return (self._happening(AlertEvent.RESTORED, "the article is back"),)
        if self._was_failing():
            return (self._happening(AlertEvent.RECOVERED, "it can be fetched again"),)
        return ()

    def _was_failing(self) -> bool:
        tries, span = FAILING_AFTER
        since = self.article.failing_since
        last = self.article.last_checked_at
        return bool(
            since
            and last
            and self.article.error_streak >= tries
            and last - since >= span
            and not self.article.gone_streak
        )

    def _starts_failing(self, article: Article) -> bool:
        """True at the one check by which the article has been out of sight often and long enough."""
        tries, span = FAILING_AFTER
        since = article.failing_since or self.now
        return article.error_streak >= tries and self.now - since >= span and not self._was_failing()

    def _late(self, change: NewChange) -> LateStamp | None:
        known = self.known
        if change.declaration is not Declaration.RESTAMPED or known.last_change_id is None:
            return None
        if known.last_change_at is None or known.last_declaration in (None, Declaration.ANNOUNCED):
            return None
        late_by = self.now - known.last_change_at
        return LateStamp(change_id=known.last_change_id, late_by=late_by) if late_by <= LATE else None

    def _settle(self, state: ChangeState, *, release: bool, reason: str, merge: bool = False) -> Settlement:
        assert self.held is not None
        return Settlement(change_id=self.held.change_id, state=state, release=release, merge=merge, reason=reason)

    def _happening(self, event: AlertEvent, detail: str) -> Happening:
        not_before = self.article.last_seen_at or self.capture.asked_at
        return Happening(event=event, not_before=not_before, not_after=self.now, detail=detail)

    def _quiet(self, fields: Iterable[Field]) -> datetime | None:
        return self.now if text_changed(tuple(fields)) else (self.article.quiet_since or self.now)

    # -- the article's new state

    def _checked(self, **changes: object) -> Article:
        return self.article.but(last_checked_at=self.now, **{"candidate": self.article.candidate, **changes})

    def _now_reads(
        self, reading: Reading, clocks: Mapping[str, ClockMark], *, stage: Stage, **changes: object
    ) -> Article:
        """The state after a page that is the article and says something new."""
        article = self._checked(
            stage=stage,
            last_seen_at=self.now,
            last_outcome="changed",
            not_modified_streak=0,
            clocks=clocks,
            hold=None,
            next_check_at=self._next(stage, changed=True),
            interval=self._interval(stage, changed=True),
            **{**_RECOVERED, **changes},
        )
        return self._with_page(article, reading)

    def _with_page(self, article: Article, reading: Reading | None) -> Article:
        """The state after an accepted page: what the next visit may compare with."""
        article = article.but(validators=self.capture.validators, body_sha256=sha256(self.capture.body).hexdigest())
        if reading is None:
            return article
        return article.but(page_digest=reading.page_digest, headline=reading.content.headline)

    def _erred(self, **changes: object) -> Article:
        """The state after a visit that did not show the article: look again, less and less often."""
        streak = self.article.error_streak + 1
        after = backoff(self._interval(self.article.stage), streak, self.jitter)
        wait = max(after, self.capture.retry_after or timedelta(0))
        if self.held:
            wait = min(wait, self.policy.schedule.confirm)
        return self._checked(
            error_streak=streak,
            next_check_at=self.now + wait,
            not_modified_streak=0,
            **{"last_outcome": self.capture.outcome.value, **changes},
        )

    def _interval(self, stage: Stage, *, changed: bool = False) -> timedelta:
        schedule = self.policy.schedule
        if self.article.every is not None:
            return self.article.every
        if stage is Stage.LIVE:
            return schedule.live
        quiet = timedelta(0) if changed else self.now - (self.article.quiet_since or self.article.added_at)
        return ladder(quiet, schedule)

    def _next(self, stage: Stage, *, changed: bool = False) -> datetime | None:
        if stage in (Stage.RETIRED, Stage.PAUSED):
            return None
        return self.now + spread(self._interval(stage, changed=changed), self.jitter)

    # -- the decision

    def _decision(
        self,
        article: Article,
        outcome: str,
        *,
        version: NewVersion | None = None,
        settlement: Settlement | None = None,
        late_stamp: LateStamp | None = None,
        happenings: tuple[Happening, ...] = (),
        deliveries: tuple[Delivery, ...] = (),
        observe: str | None = None,
        detail: str = "",
        seen: int | None = None,
        reading: Reading | None = None,
    ) -> Decision:
        if observe is not None and self.held:
            article, settlement = self._missed_second_look(article)
        told = tuple(
            delivery
            for happening in happenings
            for delivery in plan(self.policy, Subject(event=happening.event, article=article), now=self.now)
        )
        return Decision(
            article=article,
            outcome=outcome,
            capture=self.capture,
            at=self.now,
            version=version,
            settlement=settlement,
            late_stamp=late_stamp,
            observation=Observation(kind=observe, detail=detail or self.capture.detail or "") if observe else None,
            happenings=happenings,
            deliveries=(*deliveries, *told),
            seen_version_id=seen,
            charset=reading.charset if reading else None,
            host_not_before=self.host_not_before,
        )

    def _missed_second_look(self, article: Article) -> tuple[Article, Settlement | None]:
        """The confirming fetch did not show the article: try again soon, but hold nothing for ever."""
        hold = self.article.hold
        assert hold is not None
        tries = hold.tries + 1
        if tries < HOLD_TRIES and self.now - hold.since < HOLD_MAX:
            soon = self.now + self.policy.schedule.confirm
            waits = Hold(change_id=hold.change_id, told_version_id=hold.told_version_id, since=hold.since, tries=tries)
            return article.but(hold=waits, next_check_at=min(article.next_check_at or soon, soon)), None
        reason = "no second fetch could be had"
        return article.but(hold=None), self._settle(ChangeState.UNCONFIRMED, release=True, reason=reason)


_RECOVERED: dict[str, object] = {
    "error_streak": 0,
    "gone_streak": 0,
    "suspect_streak": 0,
    "failing_since": None,
}


def _with_claims(reading: Reading, claims: tuple[Claim, ...]) -> Reading:
    return replace(reading, content=replace(reading.content, claims=claims))


def _in_state(change: NewChange, state: ChangeState) -> NewChange:
    return replace(change, state=state)


def names_one(names: Iterable[str], content: Content) -> bool:
    """Whether headline, standfirst or body names one of these, whatever its case and quotation marks."""
    text = fold("\n".join((content.headline or "", content.standfirst or "", *content.paragraphs))).casefold()
    return any(fold(name).casefold() in text for name in names)


def stands(told: Content, seen: Content, again: Content) -> bool:
    """Whether something that is new against `told` is the same in both later fetches: a changed headline, standfirst
    or byline, a text that was added in both, or one that both lack."""
    for field in ("headline", "standfirst", "byline"):
        after = getattr(seen, field)
        if after == getattr(again, field) and after != getattr(told, field):
            return True
    before, first, second = _texts(told), _texts(seen), _texts(again)
    return bool((first & second) - before or before - (first | second))


def _texts(content: Content) -> frozenset[str]:
    blocks = (block.text for block in content.blocks if block.rank is Rank.CORE)
    return frozenset((*blocks, *content.captions, *content.corrections))
