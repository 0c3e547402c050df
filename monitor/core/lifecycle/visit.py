"""`decide`: told from the top, one visit, its branches, then the parts they are made of."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from monitor.core.article import (
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
from monitor.core.capture import Capture, Outcome
from monitor.core.classify import changed_fields, declare, text_changed
from monitor.core.lifecycle import headlines
from monitor.core.lifecycle.blog import steadied
from monitor.core.lifecycle.comparison import Comparison, without_marker
from monitor.core.lifecycle.course import RECOVERED
from monitor.core.lifecycle.decision import (
    ChangeState,
    Decision,
    Known,
    NewVersion,
    Read,
    SameBytes,
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
    SUSPECT_RETRIES,
    between_looks,
    spread,
)
from monitor.core.lifecycle.masking import Masking
from monitor.core.lifecycle.places import after_look, after_same_page, is_turn
from monitor.core.lifecycle.steady import standing
from monitor.core.lifecycle.volatility import met
from monitor.core.policy import AlertEvent, Policy
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
        return visit.doubted(read, read.suspicions)
    return visit.article_read(read)


class _Visit(Comparison):
    """One visit: what kind of page came back, and whether it can be believed."""

    # -- branches

    def same_page(self) -> Decision:
        """Nothing new on the page: the current version was seen again."""
        streak = self.article.not_modified_streak + 1 if self.capture.outcome is Outcome.NOT_MODIFIED else 0
        self.titles = headlines.after_same_page(self.article.headlines, self.now)
        if self.current is None:
            return self._not_wanted(None, outcome=self.article.last_outcome or "not_live", streak=streak)
        self.places = after_same_page(self.places, again=self.held is not None)
        if self.held and is_turn(self.places, self.held.told.content, self.current.content):
            return self.turned(self.held.told)
        outcome = "not_modified" if streak else "unchanged"
        return self.unchanged(outcome, None, not_modified_streak=streak)

    def article_read(self, reading: Reading) -> Decision:
        if self.known.furniture:
            reading = replace(reading, content=without_marker(reading.content))
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
            return self.second_look(reading, clocks, self.held)
        return self.compared(reading, clocks, current, firm=firm)

    def _masked(self, current: Version, reading: Reading) -> tuple[Version, Reading]:
        """What is compared: both without the blocks that come and go on the host by themselves."""
        if not are_alike(current.content, reading.content):
            return current, reading
        told = self.held.told if self.held else None
        self.places = after_look(
            self.known.places, current.content, reading.content, reading.page_blocks, again=told is not None
        )
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
            return self.decision(article, "gone", happenings=(happened,), observe="gone")
        article = self.missed(streak, since)
        if self.article.stage is not Stage.GONE:
            # Often enough to call it gone in time; sooner where it was looked at often, for servers have hiccups.
            latest = self.now + spread(span / needed, self.jitter)
            article = article.but(next_check_at=min(article.next_check_at or latest, latest))
        outcome = self.capture.outcome.value
        happenings = self.failing(article, f"the server answers {self.capture.status}")
        return self.decision(article, outcome, happenings=happenings, observe=outcome)

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
        return self.decision(
            article, "suspect", happenings=happenings, observe="suspect", detail=why, reading=reading, again=soon
        )

    def failed(self, outcome: str, detail: str) -> Decision:
        article = self.erred(failing_since=self.failing_since, last_outcome=outcome)
        happenings = self.failing(article, detail or outcome)
        return self.decision(article, outcome, happenings=happenings, observe=outcome, detail=detail)

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
        return self.decision(article, outcome, reading=reading)

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
        return self.decision(article, "first", version=version, happenings=tuple(happenings), reading=reading)

    def _begun_anew(self, reading: Reading, clocks: Mapping[str, ClockMark]) -> Decision:
        """The page can no longer be read as its last version was, nor that as this: a version without a change, for two
        methods are never compared."""
        settlement = None
        if self.held:
            reason = "the page is read by another method now"
            settlement = self.settle(ChangeState.UNCONFIRMED, release=True, reason=reason)
        stage, happenings = self.stage_after(reading.content, text=False)
        article = self.now_reads(reading, clocks, stage=stage)
        version = NewVersion(content=reading.content, reading=reading)
        return self.decision(
            article, "changed", version=version, settlement=settlement, happenings=happenings, reading=reading
        )


def _with_claims(reading: Reading, claims: tuple[Claim, ...]) -> Reading:
    return replace(reading, content=replace(reading.content, claims=claims))


def names_one(names: Iterable[str], content: Content) -> bool:
    """Whether headline, standfirst or body names one of these, whatever its case and quotation marks."""
    text = fold("\n".join((content.headline or "", content.standfirst or "", *content.paragraphs))).casefold()
    return any(fold(name).casefold() in text for name in names)
