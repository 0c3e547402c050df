"""A page beside the version before it: what changed, what of that stands, who is told, and the Decision of it all."""

from collections.abc import Mapping
from dataclasses import replace

from monitor.core import diff as differ
from monitor.core.article import (
    TEXT_FIELDS,
    Article,
    ClockMark,
    Content,
    Declaration,
    Field,
    Reading,
    Version,
)
from monitor.core.blog import EntryChange
from monitor.core.capture import Capture, Outcome, Validators
from monitor.core.classify import LATE, changed_fields, declare, text_changed
from monitor.core.diff import Edit
from monitor.core.headline import among
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
    Settlement,
)
from monitor.core.lifecycle.intervals import (
    HOLD_MAX,
    HOLD_ROUNDS,
    HOLD_TRIES,
    host_pause,
)
from monitor.core.lifecycle.masking import Masking
from monitor.core.lifecycle.places import is_turn
from monitor.core.lifecycle.steady import standing, unsettled
from monitor.core.lifecycle.volatility import Volatility, unmasked
from monitor.core.policy import AlertEvent, Policy
from monitor.core.rules import Delivery, Subject, plan

BACK = "the headline that people know is back"
VARIANT = "the page shows this headline and others by turns"
SET_ASIDE = "it is another one at each fetch"
TURNED = "it took turns with a box that is none of the story's"
"""Reasons of changes that are kept and told to nobody."""


class Comparison(Course):
    """A page that is believed, beside what the article said: compared, held, settled, told."""

    def __init__(self, known: Known, capture: Capture, policy: Policy, jitter: float) -> None:
        super().__init__(known, capture, policy, jitter)
        self.current = _unmarked(known.current) if known.furniture and known.current else known.current
        self.host_not_before = host_pause(capture, known.host_errors + 1, jitter)
        self.masking: Masking | None = None
        self.learned: tuple[Volatility, ...] = ()
        self.places = known.places

    def compared(
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
            return self.unchanged("unchanged", reading, clocks=clocks, settlement=settlement, version_id=base.id)
        change = self.change(base, reading.content, fields)
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
        return self.decision(
            article,
            "changed",
            version=version,
            settlement=settlement,
            late_stamp=self._late(change),
            happenings=happenings,
            deliveries=() if quietly else self._deliveries_of(article, told or base, change, reading.content),
            reading=reading,
        )

    def second_look(self, reading: Reading, clocks: Mapping[str, ClockMark], held: HeldChange) -> Decision:
        """The confirming fetch: does what was new still stand?"""
        assert self.current is not None
        seen, told = self.current, held.told
        from_told = steadied(told, reading)
        if not text_changed(changed_fields(told.content, seen.content)) and (why := self._why_masked()):
            settlement = self.settle(ChangeState.MASKED, release=False, reason=why)
            return self.compared(from_told, clocks, told, settlement)
        fields = changed_fields(seen.content, reading.content)
        if not text_changed(fields) and is_turn(self.places, told.content, seen.content):
            return self.turned(told, clocks, reading)
        firm = standing(told.content, seen.content, reading.content)
        if not text_changed(fields) and not text_changed(changed_fields(reading.content, firm)):
            if not fields and self.keeps_holding(seen):
                return self.unchanged("unchanged", reading, clocks=clocks, version_id=seen.id)
            settlement = self._settle_in_part(seen, told, firm, "a second fetch shows the same words")
            return self.compared(reading, clocks, seen, settlement)
        if not text_changed(changed_fields(told.content, from_told.content)):
            reason = VARIANT if among(seen.content.headline, self.titles.variants) else "the former words are back"
            settlement = self.settle(ChangeState.WITHDRAWN, release=False, reason=reason)
            return self.compared(from_told, clocks, told, settlement)
        if self._is_announced(seen, reading.content):
            settlement = self.settle(
                ChangeState.CONFIRMED, release=False, merge=True, reason="told together with the next change"
            )
            return self.compared(reading, clocks, seen, settlement, told=told)
        if text_changed(changed_fields(told.content, firm)):
            quietly = only_headline_returns(told.content, seen.content, reading.content)
            settlement = self._settle_in_part(seen, told, firm, "a second fetch shows these words again")
            return self.compared(reading, clocks, seen, settlement, quietly=quietly)
        settlement = self.settle(ChangeState.WITHDRAWN, release=False, reason="nothing of it stood in a second fetch")
        rounds = self.article.hold.rounds + 1 if self.article.hold else 1
        if rounds <= HOLD_ROUNDS and unsettled(told.content, seen.content, reading.content):
            return self.compared(from_told, clocks, told, settlement, rounds=rounds)
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
        settlement = self.settle(ChangeState.CONFIRMED, release=True, reason=reason)
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
        """Nothing that was new stood: this page is kept as well."""
        fields = changed_fields(base.content, reading.content)
        change = self.change(base, reading.content, fields)
        change = in_state(change, ChangeState.WITHDRAWN, SET_ASIDE)
        version = NewVersion(content=reading.content, reading=reading, change=change, aside=True)
        return self._unsettled(base, settlement, clocks=clocks, version=version, reading=reading)

    def turned(
        self, told: Version, clocks: Mapping[str, ClockMark] | None = None, reading: Reading | None = None
    ) -> Decision:
        """What was new stands, in a place where boxes take turns: it is met as new at the next look. Without a reading
        the page is the same as at the first look."""
        settlement = self.settle(ChangeState.WITHDRAWN, release=False, reason=TURNED)
        version = self._kept_apart(reading) if reading else None
        if version is not None and not version.aside:
            version = None
        return self._unsettled(told, settlement, clocks=clocks, version=version, reading=reading)

    def _unsettled(
        self,
        base: Version,
        settlement: Settlement,
        *,
        clocks: Mapping[str, ClockMark] | None,
        version: NewVersion | None,
        reading: Reading | None,
    ) -> Decision:
        """`base` is current again. Nothing of the page is remembered, so that whatever of it lasts is met as new."""
        stage, happenings = self.stage_when_quiet(base.content.live)
        article = self.checked(
            stage=stage,
            last_seen_at=self.now,
            not_modified_streak=0,
            last_outcome="unsettled",
            next_check_at=self.next_look(stage, withdrawn=True),
            interval=self.interval(stage, withdrawn=True),
            hold=None,
            clocks=self.article.clocks if clocks is None else clocks,
            current_version_id=base.id,
            validators=Validators(),
            body_sha256=None,
            page_digest=None,
            **RECOVERED,
        )
        return self.decision(
            article,
            "unsettled",
            version=version,
            settlement=settlement,
            happenings=(*self.recovery(), *happenings),
            reading=reading,
        )

    def unchanged(
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
            settlement = self.settle(ChangeState.CONFIRMED, release=True, reason="the page is the same")
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
        return self.decision(
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
        base, found = masking.current, masking.back
        if not masking.settled:
            base, found = replace(base, content=unmasked(base.content)), masking.content
        content = replace(found, claims=reading.content.claims)
        fields = changed_fields(base.content, content)
        if not text_changed(fields):
            return None
        change = self.change(base, content, fields)
        reason = "its mask is dropped: it has stood for days" if masking.settled else masking.reason()
        change = in_state(change, ChangeState.MASKED, reason)
        return NewVersion(content=content, reading=reading, change=change, aside=not masking.settled)

    # -- parts

    def change(self, base: Version, content: Content, fields: tuple[Field, ...]) -> NewChange:
        """The change from `base`. What was masked in that is not what is stored of it."""
        stored = (self.known.current, self.known.held.told if self.known.held else None)
        as_stored = any(version is not None and version.content is base.content for version in stored)
        return replace(change_between(base, content, fields, now=self.now), whole=not as_stored)

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

    def settle(self, state: ChangeState, *, release: bool, reason: str, merge: bool = False) -> Settlement:
        assert self.held is not None
        return Settlement(change_id=self.held.change_id, state=state, release=release, merge=merge, reason=reason)

    # -- the decision

    def decision(
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
            places=self.places if self.places != self.known.places else None,
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
        return article.but(hold=None), self.settle(ChangeState.UNCONFIRMED, release=True, reason=reason)


def without_marker(content: Content) -> Content:
    return replace(content, live=False, live_marker=None)


def _unmarked(version: Version) -> Version:
    return replace(version, content=without_marker(version.content))
