"""`decide`: told from the top, one visit, its branches, then the parts they are made of."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from monitor.core import diff as differ
from monitor.core.article import (
    TEXT_FIELDS,
    Article,
    Claim,
    ClockMark,
    Content,
    Declaration,
    Field,
    Reading,
    SamePage,
    Stage,
    Version,
)
from monitor.core.blog import EntryChange
from monitor.core.capture import Capture, Outcome, Validators
from monitor.core.classify import LATE, changed_fields, declare, text_changed
from monitor.core.diff import Edit
from monitor.core.headline import among
from monitor.core.lifecycle import headlines
from monitor.core.lifecycle.blog import steadied
from monitor.core.lifecycle.changes import (
    change_between,
    entries_told,
    in_state,
    only_headline_returns,
    told_from,
    told_of,
)
from monitor.core.lifecycle.course import RECOVERED, Course
from monitor.core.lifecycle.decision import (
    NOT_STANDING,
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
from monitor.core.lifecycle.doubts import (
    AT_LENGTH,
    BY_SIZE,
    NEVER,
    Doubt,
    are_alike,
    doubts_of_place,
    doubts_of_text,
    is_shared,
    said_key,
)
from monitor.core.lifecycle.intervals import (
    GONE_NEEDS,
    HOLD_MAX,
    HOLD_ROUNDS,
    HOLD_TRIES,
    SUSPECT_RETRIES,
    between_looks,
    host_pause,
    spread,
)
from monitor.core.lifecycle.masking import Masking
from monitor.core.lifecycle.steady import standing, unsettled
from monitor.core.lifecycle.volatility import Volatility, met
from monitor.core.policy import AlertEvent, Policy
from monitor.core.rules import Delivery, Subject, plan
from monitor.core.text import fold
from monitor.core.timestamps import disbelieve, watch_clocks

BACK = "the headline that people know is back"
VARIANT = "the page shows this headline and others by turns"
SET_ASIDE = "it is another one at each fetch"
"""Reasons of changes that are kept and told to nobody."""


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
        return visit.doubted(read, read.suspicions)
    return visit.article_read(read)


class _Visit(Course):
    def __init__(self, known: Known, capture: Capture, policy: Policy, jitter: float) -> None:
        super().__init__(known, capture, policy, jitter)
        self.current = _unmarked(known.current) if known.furniture and known.current else known.current
        self.host_not_before = host_pause(capture, known.host_errors + 1, jitter)
        self.masking: Masking | None = None
        self.learned: tuple[Volatility, ...] = ()

    # -- branches

    def same_page(self) -> Decision:
        """Nothing new on the page: the current version was seen again."""
        streak = self.article.not_modified_streak + 1 if self.capture.outcome is Outcome.NOT_MODIFIED else 0
        self.titles = headlines.after_same_page(self.article.headlines, self.now)
        if self.current is None:
            return self._not_wanted(None, outcome=self.article.last_outcome or "not_live", streak=streak)
        outcome = "not_modified" if streak else "unchanged"
        return self._unchanged(outcome, None, not_modified_streak=streak)

    def article_read(self, reading: Reading) -> Decision:
        if self.known.furniture:
            reading = replace(reading, content=_without_marker(reading.content))
        place = doubts_of_place(reading, asked=self.article.url, answered=self.capture.final_url)
        if place or (self.current is None and self._is_shared(reading)):
            return self.doubted(reading, place or (Doubt.SHARED,))
        if self.article.candidate and (unwanted := self._unwanted(reading.content)):
            return self._not_wanted(reading, outcome=unwanted)
        if self.current is None:
            return self._first(reading)
        return self._read_again(reading, self.current)

    def _read_again(self, reading: Reading, current: Version) -> Decision:
        """An article that is known, read once more."""
        current, reading = self._masked(current, reading)
        reading = self.look_at_headline(current, steadied(current, reading))
        current = self.titles.last_sighted(current, reading)
        fields = changed_fields(current.content, reading.content)
        clocks = watch_clocks(
            self.article.clocks,
            reading.content.claims,
            captured_at=self.now,
            text_changed=text_changed(fields),
        )
        reading = _with_claims(reading, disbelieve(reading.content.claims, clocks))
        doubts = self._doubts(current, reading, fields)
        firm = self._firm(current, reading) if doubts else None
        if doubts and not self._is_settled(doubts, reading, firm):
            return self.doubted(reading, doubts)
        if Doubt.METHOD in doubts:
            return self._begun_anew(reading, clocks)
        if self.held:
            return self._second_look(reading, clocks, self.held)
        return self._compared(reading, clocks, current, firm=firm)

    def _masked(self, current: Version, reading: Reading) -> tuple[Version, Reading]:
        """What is compared: both without the blocks that come and go on the host by themselves."""
        if not are_alike(current.content, reading.content):
            return current, reading
        told = self.held.told if self.held else None
        masking = Masking.of(self.known.volatile, current, reading, told=told, at=self.now)
        self.masking, self.learned = masking, masking.learned
        if self.held:
            self.held = replace(self.held, told=masking.of_version(self.held.told))
        self.current = masking.of_version(current)
        return self.current, masking.of_reading(reading)

    def missing(self) -> Decision:
        """404 or 410: the article is a candidate for `gone` until it has been missing often and long enough."""
        needed, span = GONE_NEEDS[self.capture.outcome]
        streak = self.article.gone_streak + 1
        since = self.missing_since
        gone = streak >= needed and self.now - since >= span and self.article.stage is not Stage.GONE
        if gone and self.current is not None:
            happened = self.happening(AlertEvent.GONE, f"the server answers {self.capture.status}")
            article = self.missed(streak, since, stage=Stage.GONE)
            return self._decision(article, "gone", happenings=(happened,), observe="gone")
        article = self.missed(streak, since)
        if self.article.stage is not Stage.GONE:
            # Often enough to call it gone in time; sooner where it was looked at often, for servers have hiccups.
            latest = self.now + spread(span / needed, self.jitter)
            article = article.but(next_check_at=min(article.next_check_at or latest, latest))
        outcome = self.capture.outcome.value
        happenings = self.failing(article, f"the server answers {self.capture.status}")
        return self._decision(article, outcome, happenings=happenings, observe=outcome)

    def doubted(self, reading: Reading, doubts: Iterable[str]) -> Decision:
        """A page that may not be the article (consent, login, error, hardly any text ...): kept as an observation, and
        looked at again soon."""
        doubts, streak = tuple(doubts), self.article.suspect_streak
        # What was doubted before may have been another page.
        soon = streak < AT_LENGTH[0] and BY_SIZE.issuperset(doubts)
        wait = spread(SUSPECT_RETRIES[min(streak, len(SUSPECT_RETRIES) - 1)], self.jitter)
        if soon:
            wait = self.policy.schedule.confirm
        article = self.checked(
            suspect_streak=streak + 1,
            suspect_key=said_key(reading.content),
            error_streak=self.article.error_streak + 1,
            failing_since=self.failing_since,
            next_check_at=self.now + wait,
            last_outcome="suspect",
        )
        why = ", ".join(doubts)
        happenings = self.failing(article, f"the page is not the article: {why}")
        return self._decision(
            article, "suspect", happenings=happenings, observe="suspect", detail=why, reading=reading, again=soon
        )

    def failed(self, outcome: str, detail: str) -> Decision:
        article = self.erred(failing_since=self.failing_since, last_outcome=outcome)
        happenings = self.failing(article, detail or outcome)
        return self._decision(article, outcome, happenings=happenings, observe=outcome, detail=detail)

    # -- doubts

    def _doubts(self, current: Version, reading: Reading, fields: tuple[Field, ...]) -> tuple[Doubt, ...]:
        if not are_alike(current.content, reading.content):
            return (Doubt.METHOD,)
        if not text_changed(fields):
            return ()
        judged = declare(current.content, reading.content, not_before=current.last_seen_at, not_after=self.now)
        doubts = doubts_of_text(current, reading, announced=judged.declaration is Declaration.ANNOUNCED)
        return (Doubt.SHARED,) if doubts and self._is_shared(reading) else doubts

    def _is_shared(self, reading: Reading) -> bool:
        known = self.current is not None
        return is_shared(reading, asked=self.article.url, twins=self.known.twins, known=known)

    def _firm(self, current: Version, reading: Reading) -> Content | None:
        """What stands of this page beside the doubtful one of the visit before; None where there was none."""
        earlier = self.known.suspect
        if earlier is None or not are_alike(earlier.content, reading.content):
            return None
        return standing(current.content, steadied(current, earlier).content, reading.content)

    def _is_settled(self, doubts: tuple[Doubt, ...], reading: Reading, firm: Content | None) -> bool:
        """Whether the page has been seen often enough to be believed all the same."""
        looks, span = AT_LENGTH
        at_length = self.article.suspect_streak >= looks
        if firm is None or NEVER.intersection(doubts):
            return False
        if Doubt.UNRELATED not in doubts:
            return at_length or self._differs(firm)
        unseen = self.now - (self.article.last_seen_at or self.article.added_at)
        return at_length and unseen >= span and self.article.suspect_key == said_key(reading.content)

    def _differs(self, firm: Content) -> bool:
        assert self.current is not None
        return text_changed(changed_fields(self.current.content, firm)) or self.current.content.method != firm.method

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
        wait = between_looks(age=age, quiet=age, edits=0, habits=self.known.habits, schedule=self.policy.schedule)
        article = self.checked(
            next_check_at=None if given_up else self.now + spread(wait, self.jitter),
            last_outcome=outcome,
            not_modified_streak=streak,
            **RECOVERED,
        )
        if reading is not None:
            article = self.with_page(article, reading)
        return self._decision(article, outcome, reading=reading)

    def _first(self, reading: Reading) -> Decision:
        stage = Stage.LIVE if reading.content.live else Stage.COOLING
        if self.article.stage is Stage.PAUSED:
            stage = Stage.PAUSED
        clocks = watch_clocks({}, reading.content.claims, captured_at=self.now, text_changed=True)
        article = self.now_reads(
            reading, clocks, stage=stage, candidate=False, quiet_since=self.now, last_changed_at=self.now
        )
        self.titles = headlines.after_look({}, reading.content, self.now)
        found = replace(self.happening(AlertEvent.FOUND, "it is watched from now on"), not_before=self.article.added_at)
        happenings = [*self.recovery(), found]
        if stage is Stage.LIVE:
            happenings.append(self.happening(AlertEvent.LIVE, reading.content.live_marker or ""))
        version = NewVersion(content=reading.content, reading=reading)
        self.learned = met(self.known.volatile, reading.content, article_id=self.article.id, at=self.now)
        return self._decision(article, "first", version=version, happenings=tuple(happenings), reading=reading)

    def _begun_anew(self, reading: Reading, clocks: Mapping[str, ClockMark]) -> Decision:
        """The page can no longer be read as its last version was, nor that as this: a version without a change, for two
        methods are never compared."""
        settlement = None
        if self.held:
            reason = "the page is read by another method now"
            settlement = self._settle(ChangeState.UNCONFIRMED, release=True, reason=reason)
        stage, happenings = self.stage_after(reading.content, text=False)
        article = self.now_reads(reading, clocks, stage=stage)
        version = NewVersion(content=reading.content, reading=reading)
        return self._decision(
            article, "changed", version=version, settlement=settlement, happenings=happenings, reading=reading
        )

    def _compared(
        self,
        reading: Reading,
        clocks: Mapping[str, ClockMark],
        base: Version,
        settlement: Settlement | None = None,
        told: Version | None = None,
        firm: Content | None = None,
        rounds: int = 0,
        quietly: bool = False,
    ) -> Decision:
        """Compare with `base`. `told` is given when the alert has to speak from an earlier version, `firm` when a page
        before this one has shown what stands of it; `quietly`: people know already what it says."""
        fields = changed_fields(base.content, reading.content)
        if not fields:
            return self._unchanged("unchanged", reading, clocks=clocks, settlement=settlement, version_id=base.id)
        change = change_between(base, reading.content, fields, now=self.now)
        if firm is not None and text_changed(changed_fields(base.content, firm)):
            narrower = told_of(base.content, reading.content, firm)
            change = replace(in_state(change, ChangeState.CONFIRMED), told=narrower)
        merged = settlement is not None and settlement.merge
        if merged and change.state is ChangeState.PROVISIONAL:
            change = in_state(change, ChangeState.CONFIRMED)
        if quietly:
            change = in_state(change, ChangeState.CONFIRMED, BACK)
        hold = change.state is ChangeState.PROVISIONAL
        stage, happenings = self.stage_after(reading.content, text=text_changed(fields))
        article = self.now_reads(
            reading,
            clocks,
            stage=stage,
            edited=text_changed(fields),
            last_changed_at=self.now,
            quiet_since=self.quiet(fields),
        )
        if hold:
            article = article.but(next_check_at=self.now + self.policy.schedule.confirm)
        version = NewVersion(
            content=reading.content,
            reading=reading,
            change=change,
            hold=hold,
            told_version_id=told.id if told else None,
            rounds=rounds,
        )
        return self._decision(
            article,
            "changed",
            version=version,
            settlement=settlement,
            late_stamp=self._late(change),
            happenings=happenings,
            deliveries=() if quietly else self._deliveries_of(article, told or base, change, reading.content),
            reading=reading,
        )

    def _second_look(self, reading: Reading, clocks: Mapping[str, ClockMark], held: HeldChange) -> Decision:
        """The confirming fetch: does what was new still stand?"""
        assert self.current is not None
        seen, told = self.current, held.told
        from_told = steadied(told, reading)
        if not text_changed(changed_fields(told.content, seen.content)) and (why := self._why_masked()):
            settlement = self._settle(ChangeState.MASKED, release=False, reason=why)
            return self._compared(from_told, clocks, told, settlement)
        firm = standing(told.content, seen.content, reading.content)
        fields = changed_fields(seen.content, reading.content)
        if not text_changed(fields) and not text_changed(changed_fields(reading.content, firm)):
            if not fields and self.keeps_holding(seen):
                return self._unchanged("unchanged", reading, clocks=clocks, version_id=seen.id)
            settlement = self._settle_in_part(seen, told, firm, "a second fetch shows the same words")
            return self._compared(reading, clocks, seen, settlement)
        if not text_changed(changed_fields(told.content, from_told.content)):
            reason = VARIANT if among(seen.content.headline, self.titles.variants) else "the former words are back"
            settlement = self._settle(ChangeState.WITHDRAWN, release=False, reason=reason)
            return self._compared(from_told, clocks, told, settlement)
        if self._is_announced(seen, reading.content):
            settlement = self._settle(
                ChangeState.CONFIRMED, release=False, merge=True, reason="told together with the next change"
            )
            return self._compared(reading, clocks, seen, settlement, told=told)
        if text_changed(changed_fields(told.content, firm)):
            quietly = only_headline_returns(told.content, seen.content, reading.content)
            settlement = self._settle_in_part(seen, told, firm, "a second fetch shows these words again")
            return self._compared(reading, clocks, seen, settlement, quietly=quietly)
        settlement = self._settle(ChangeState.WITHDRAWN, release=False, reason="nothing of it stood in a second fetch")
        rounds = self.article.hold.rounds + 1 if self.article.hold else 1
        if rounds <= HOLD_ROUNDS and unsettled(told.content, seen.content, reading.content):
            return self._compared(from_told, clocks, told, settlement, rounds=rounds)
        return self._set_aside(from_told, clocks, told, settlement)

    def _why_masked(self) -> str:
        """Why all of the held change is masked, where it is."""
        if self.masking is None or self.known.held is None:
            return ""
        return self.masking.why(self.masking.current.content, self.known.held.told.content)

    def _is_announced(self, seen: Version, content: Content) -> bool:
        judged = declare(seen.content, content, not_before=seen.last_seen_at, not_after=self.now)
        return judged.declaration is Declaration.ANNOUNCED

    def _settle_in_part(self, seen: Version, told: Version, firm: Content, reason: str) -> Settlement:
        """Confirmed, as far as it stood in both fetches and is not masked: the rules are asked about just that."""
        settlement = self._settle(ChangeState.CONFIRMED, release=True, reason=reason)
        seen = self.masking.current if self.masking else seen
        edits = told_of(told.content, seen.content, firm)
        if edits is None:
            return settlement
        declaration = declare(told.content, seen.content, not_before=told.last_seen_at, not_after=self.now).declaration
        entries = entries_told(told, firm, now=self.now)
        again = self._plan(
            self.article,
            edits,
            declaration,
            seen.content,
            differ.is_cosmetic(edits),
            held=False,
            entries=entries,
        )
        channels = frozenset(delivery.channel for delivery in again)
        return replace(settlement, told=edits, entries=entries, channels=channels)

    def _set_aside(
        self, reading: Reading, clocks: Mapping[str, ClockMark], base: Version, settlement: Settlement
    ) -> Decision:
        """Nothing that was new stood: this page is kept as well, and `base` is current again. Nothing of the page is
        remembered, so that whatever of it lasts is met as new."""
        fields = changed_fields(base.content, reading.content)
        change = change_between(base, reading.content, fields, now=self.now)
        change = in_state(change, ChangeState.WITHDRAWN, SET_ASIDE)
        stage, happenings = self.stage_when_quiet(base.content.live)
        article = self.checked(
            stage=stage,
            last_seen_at=self.now,
            not_modified_streak=0,
            last_outcome="unsettled",
            next_check_at=self.next_look(stage, withdrawn=True),
            interval=self.interval(stage, withdrawn=True),
            hold=None,
            clocks=clocks,
            current_version_id=base.id,
            validators=Validators(),
            body_sha256=None,
            page_digest=None,
            **RECOVERED,
        )
        version = NewVersion(content=reading.content, reading=reading, change=change, aside=True)
        return self._decision(
            article,
            "unsettled",
            version=version,
            settlement=settlement,
            happenings=(*self.recovery(), *happenings),
            reading=reading,
        )

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
        holds = settlement is None and self.keeps_holding(self.current)
        if settlement is None and self.held and not holds:
            settlement = self._settle(ChangeState.CONFIRMED, release=True, reason="the page is the same")
        withdrawn = settlement is not None and settlement.state in NOT_STANDING
        live = self.current.content.live if self.current else False
        stage, happenings = self.stage_when_quiet(live)
        article = self.checked(
            stage=stage,
            last_seen_at=self.now,
            not_modified_streak=not_modified_streak,
            useless_validators=self.useless_validators,
            last_outcome=outcome,
            next_check_at=self.next_look(stage, withdrawn=withdrawn),
            interval=self.interval(stage, withdrawn=withdrawn),
            hold=self.article.hold if holds else None,
            **RECOVERED,
        )
        if version_id is not None:
            article = article.but(current_version_id=version_id)
        if clocks is not None:
            article = article.but(clocks=clocks)
        if self.capture.outcome is Outcome.FETCHED:
            article = self.with_page(article, reading)
        return self._decision(
            self.soon(article),
            outcome,
            version=self._kept_apart(reading) if reading else None,
            settlement=settlement,
            happenings=(*self.recovery(), *happenings),
            seen=version_id or self.article.current_version_id,
            reading=reading,
            again=self.titles.waits,
        )

    def _kept_apart(self, reading: Reading) -> NewVersion | None:
        """What is masked on a page that is otherwise as it was: kept where it says something new, told to nobody."""
        masking = self.masking
        if masking is None or not (masking.new or masking.settled):
            return None
        base = masking.current
        content = replace(masking.back if masking.settled else masking.content, claims=reading.content.claims)
        fields = changed_fields(base.content, content)
        if not text_changed(fields):
            return None
        change = change_between(base, content, fields, now=self.now)
        reason = "its mask is dropped: it has stood for days" if masking.settled else masking.reason()
        change = in_state(change, ChangeState.MASKED, reason)
        return NewVersion(content=content, reading=reading, change=change, aside=not masking.settled)

    # -- parts

    def _deliveries_of(
        self, article: Article, base: Version, change: NewChange, content: Content
    ) -> tuple[Delivery, ...]:
        edits, entries = told_from(change, base, content)
        fields = changed_fields(base.content, content)
        held = change.state is ChangeState.PROVISIONAL
        return self._plan(
            article, edits, change.declaration, content, change.cosmetic, held=held, fields=fields, entries=entries
        )

    def _plan(
        self,
        article: Article,
        edits: tuple[Edit, ...],
        declaration: Declaration | None,
        content: Content,
        cosmetic: bool,
        *,
        held: bool,
        fields: tuple[Field, ...] = (),
        entries: tuple[EntryChange, ...] = (),
    ) -> tuple[Delivery, ...]:
        touched = differ.fields_of(edits)
        stats = differ.stats(edits)
        subject = Subject(
            event=AlertEvent.CHANGED,
            article=article,
            fields=tuple(dict.fromkeys((*touched, *(field for field in fields if field not in TEXT_FIELDS)))),
            declaration=declaration,
            edits=edits,
            words=stats.words_added + stats.words_removed,
            cosmetic=cosmetic,
            content=content,
            source=self.known.source,
            entries=entries,
        )
        return plan(self.policy, subject, now=self.now, held=held)

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
        again: bool = False,
    ) -> Decision:
        if observe is not None and self.held:
            article, settlement = self._missed_second_look(article)
        if version is not None or seen is not None:
            article, moved = self.moved(article)
            happenings = (*happenings, *moved)
        if observe is None:
            article = article.but(headlines=self.titles.memory)
            happenings = (*happenings, *self.variants())
        told = tuple(
            delivery
            for happening in happenings
            for delivery in plan(
                self.policy,
                Subject(event=happening.event, article=article, source=self.known.source),
                now=self.now,
            )
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
            charset=reading.charset if reading and observe is None else None,
            host_not_before=self.host_not_before,
            rereadings=self.known.rereadings,
            look_again=again or (version is not None and version.hold),
            learned=self.learned,
        )

    def _missed_second_look(self, article: Article) -> tuple[Article, Settlement | None]:
        """The confirming fetch did not show the article: try again soon, but hold nothing for ever."""
        hold = self.article.hold
        assert hold is not None
        tries = hold.tries + 1
        if tries < HOLD_TRIES and self.now - hold.since < HOLD_MAX:
            soon = self.now + self.policy.schedule.confirm
            waits = replace(hold, tries=tries)
            return article.but(hold=waits, next_check_at=min(article.next_check_at or soon, soon)), None
        reason = "no second fetch could be had"
        return article.but(hold=None), self._settle(ChangeState.UNCONFIRMED, release=True, reason=reason)


def _with_claims(reading: Reading, claims: tuple[Claim, ...]) -> Reading:
    return replace(reading, content=replace(reading.content, claims=claims))


def _without_marker(content: Content) -> Content:
    return replace(content, live=False, live_marker=None)


def _unmarked(version: Version) -> Version:
    return replace(version, content=_without_marker(version.content))


def names_one(names: Iterable[str], content: Content) -> bool:
    """Whether headline, standfirst or body names one of these, whatever its case and quotation marks."""
    text = fold("\n".join((content.headline or "", content.standfirst or "", *content.paragraphs))).casefold()
    return any(fold(name).casefold() in text for name in names)
