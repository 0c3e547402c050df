"""Where the watch of an article goes after a visit: its stage, its next look, and what of that there is to tell."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.core.article import TEXT_FIELDS, Article, ClockMark, Content, Field, Reading, Stage, Version
from monitor.core.capture import HOST_WIDE, Capture, Outcome, Validators
from monitor.core.classify import changed_fields, text_changed
from monitor.core.headline import among
from monitor.core.lifecycle import headlines
from monitor.core.lifecycle.decision import Happening, Known
from monitor.core.lifecycle.doubts import said_key
from monitor.core.lifecycle.intervals import (
    FAILING_AFTER,
    HOLD_MAX,
    HOST_WIDE_MAX,
    MOVED_AFTER,
    SETTLED_AFTER,
    backoff,
    between_looks,
    fresh_for,
    spread,
)
from monitor.core.policy import AlertEvent, Policy

FOR_GOOD = (301, 308)
"""RFC 9110, section 15.4: by these a resource has a new permanent address; the other redirects are for now."""


class Course:
    """One article at one visit. `jitter` is in [0, 1)."""

    def __init__(self, known: Known, capture: Capture, policy: Policy, jitter: float) -> None:
        self.known, self.article, self.held = known, known.article, known.held
        self.capture, self.policy, self.jitter = capture, policy, jitter
        self.now = capture.captured_at
        self.titles = headlines.without_look(known.article.headlines)

    # -- the stage

    def stage_after(self, content: Content, *, text: bool) -> tuple[Stage, tuple[Happening, ...]]:
        """The stage after something changed, and what there is to tell of it."""
        before = self.article.stage
        told = [*self.recovery()]
        if before is Stage.PAUSED:
            return before, tuple(told)
        if content.live:
            if before is not Stage.LIVE:
                told.append(self.happening(AlertEvent.LIVE, content.live_marker or "the live marker appeared"))
            return Stage.LIVE, tuple(told)
        if before is Stage.LIVE:
            told.append(self.happening(AlertEvent.COOLING, "the live marker is gone"))
        if before in (Stage.SETTLED, Stage.RETIRED) and text:
            quiet = self.now - (self.article.quiet_since or self.now)
            told.append(self.happening(AlertEvent.REOPENED, f"edited after {quiet.days} quiet days"))
            return Stage.COOLING, tuple(told)
        return (before if before is Stage.SETTLED else Stage.COOLING), tuple(told)

    def stage_when_quiet(self, live: bool) -> tuple[Stage, tuple[Happening, ...]]:
        before = self.article.stage
        quiet = self.now - (self.article.quiet_since or self.now)
        if live or before is Stage.PAUSED:
            return (before if before is Stage.PAUSED else Stage.LIVE), ()
        if before in (Stage.COOLING, Stage.GONE, Stage.FOUND) and quiet >= SETTLED_AFTER:
            if before is Stage.GONE and self._had_settled():
                return Stage.SETTLED, ()
            return Stage.SETTLED, (self.happening(AlertEvent.SETTLED, f"quiet for {quiet.days} days"),)
        if before in (Stage.SETTLED, Stage.RETIRED):
            return self._stage_of_old_age(before, quiet)
        return Stage.COOLING, ()

    def _stage_of_old_age(self, before: Stage, quiet: timedelta) -> tuple[Stage, tuple[Happening, ...]]:
        if quiet < self.policy.schedule.retire_after:
            return Stage.SETTLED, ()
        if before is Stage.RETIRED:
            return before, ()
        return Stage.RETIRED, (self.happening(AlertEvent.RETIRED, f"quiet for {quiet.days} days: not looked at again"),)

    def _had_settled(self) -> bool:
        """Whether it was quiet for long enough before it was last seen: then that has been told."""
        seen, since = self.article.last_seen_at, self.article.quiet_since
        return seen is not None and since is not None and seen - since >= SETTLED_AFTER

    def recovery(self) -> tuple[Happening, ...]:
        if self.article.stage is Stage.GONE:
            return (self.happening(AlertEvent.RESTORED, "the article is back"),)
        if self._was_failing():
            return (self.happening(AlertEvent.RECOVERED, "it can be fetched again"),)
        return ()

    @property
    def failing_since(self) -> datetime:
        """Since when it has been out of sight, if this visit does not show it."""
        return self._unshortened(self.article.failing_since)

    @property
    def missing_since(self) -> datetime:
        """Since when it has been answered for as missing, whatever failed in between. What failed before that says
        nothing of the article."""
        return self._unshortened(self.article.missing_since)

    def _unshortened(self, since: datetime | None) -> datetime:
        """A clock that was set back makes no time shorter."""
        if since is None:
            return self.now
        last = self.article.last_checked_at
        return since - max(last - self.now, timedelta(0)) if last else since

    def _was_failing(self) -> bool:
        last = self.article.last_checked_at
        return last is not None and _is_failing(self.article, last)

    def failing(self, article: Article, detail: str) -> tuple[Happening, ...]:
        """Told at the one check by which the article has been out of sight often and long enough. That one which is
        gone cannot be had is known."""
        begins = _is_failing(article, self.now) and not self._was_failing() and self.article.stage is not Stage.GONE
        return (self.happening(AlertEvent.FAILING, detail),) if begins else ()

    def happening(self, event: AlertEvent, detail: str) -> Happening:
        not_before = min(self.article.last_seen_at or self.capture.asked_at, self.now)
        return Happening(event=event, not_before=not_before, not_after=self.now, detail=detail)

    @property
    def useless_validators(self) -> int:
        """How often in a row they have been of no use, after a visit that found nothing new."""
        if self.capture.outcome is Outcome.NOT_MODIFIED:
            return 0
        return self.article.useless_validators + self.capture.conditional

    def quiet(self, fields: Iterable[Field]) -> datetime | None:
        return self.now if text_changed(tuple(fields)) else (self.article.quiet_since or self.now)

    # -- the address

    def moved(self, article: Article) -> tuple[Article, tuple[Happening, ...]]:
        """An article is sent on for good, and to where it has been sent for a while: servers have whims."""
        onward = self.capture.final_url
        if onward == self.article.url:
            return article.but(moved_to=None), ()
        if onward == self.article.moved_to or any(hop.status not in FOR_GOOD for hop in self.capture.hops):
            return article, ()
        since = self.known.aliases.get(onward)
        if since is None or self.now - since < MOVED_AFTER:
            return article, ()
        moved = self.happening(AlertEvent.MOVED, f"it is found at {onward} now")
        return article.but(moved_to=onward), (moved,)

    # -- the headline

    def look_at_headline(self, current: Version, reading: Reading) -> Reading:
        """Count the look; the reading comes back with a flip between variants undone."""
        if not _is_old_copy(reading.content, current.content):
            self.titles = headlines.after_look(self.article.headlines, reading.content, self.now)
        told = self.held.told if self.held else current
        base = told if among(told.content.headline, self.titles.variants) else current
        return self.titles.steadied(base, reading)

    def variants(self) -> tuple[Happening, ...]:
        """The test of a headline that has become certain at this look."""
        if self.titles.told is None:
            return ()
        happened = self.happening(AlertEvent.VARIANT, self.titles.told)
        return (replace(happened, not_before=self.titles.since or happened.not_before),)

    def keeps_holding(self, current: Version | None) -> bool:
        """Whether the held change is of the headline alone, and may be a flip between variants."""
        held, hold = self.held, self.article.hold
        if (
            not self.titles.waits
            or held is None
            or hold is None
            or current is None
            or self.now - hold.since >= HOLD_MAX
        ):
            return False
        fields = changed_fields(held.told.content, current.content)
        return [field for field in fields if field in TEXT_FIELDS] == [Field.HEADLINE]

    def soon(self, article: Article) -> Article:
        """Looked at again at once, where the headline has to be seen some more, or the page to be read after all."""
        unread, planned = self.titles.ended(self.now), article.next_check_at
        if planned is None or not (self.titles.waits or unread):
            return article
        if unread:
            article = article.but(validators=Validators(), body_sha256=None, page_digest=None)
        return article.but(next_check_at=min(planned, self.now + self.policy.schedule.confirm))

    # -- the article's new state

    def checked(self, **changes: object) -> Article:
        return self.article.but(last_checked_at=self.now, **{"candidate": self.article.candidate, **changes})

    def now_reads(
        self,
        reading: Reading,
        clocks: Mapping[str, ClockMark],
        *,
        stage: Stage,
        edited: bool = False,
        **changes: object,
    ) -> Article:
        """The state after a page that is the article and says something new."""
        article = self.checked(
            stage=stage,
            last_seen_at=self.now,
            last_outcome="changed",
            not_modified_streak=0,
            useless_validators=0,
            clocks=clocks,
            hold=None,
            next_check_at=self.next_look(stage, edited=edited),
            interval=self.interval(stage, edited=edited),
            **{**RECOVERED, **changes},
        )
        return self.with_page(article, reading)

    def with_page(self, article: Article, reading: Reading | None) -> Article:
        """The state after an accepted page: what the next visit may compare with."""
        article = article.but(validators=self.capture.validators, body_sha256=self.capture.body_sha256)
        if reading is None:
            return article
        return article.but(
            page_digest=reading.page_digest,
            headline=reading.content.headline,
            said_key=said_key(reading.content),
            marker_place=reading.marker_place,
        )

    def erred(self, **changes: object) -> Article:
        """The state after a visit that did not show the article: look again, less and less often."""
        streak = self.article.error_streak + 1
        interval = self.interval(self.article.stage)
        after = backoff(interval, streak, self.jitter)
        if self.capture.outcome in HOST_WIDE:
            after = min(after, interval if self.article.stage is Stage.LIVE else HOST_WIDE_MAX)
        wait = max(after, self.capture.retry_after or timedelta(0))
        if self.held:
            wait = min(wait, self.policy.schedule.confirm)
        return self.checked(
            error_streak=streak,
            next_check_at=self.now + wait,
            not_modified_streak=0,
            **{"last_outcome": self.capture.outcome.value, **changes},
        )

    def missed(self, streak: int, since: datetime, **changes: object) -> Article:
        """The state after the `streak`-th visit that found it missing, `since` the first of them."""
        return self.erred(gone_streak=streak, missing_since=since, failing_since=self.failing_since, **changes)

    def interval(self, stage: Stage, *, edited: bool = False, withdrawn: bool = False) -> timedelta:
        """`edited` and `withdrawn`: what this visit shows, one edit more or one that did not stand."""
        schedule, added_at = self.policy.schedule, self.article.added_at
        if self.article.every is not None:
            return self.article.every
        if stage is Stage.LIVE:
            return schedule.live
        wait = between_looks(
            age=self.now - added_at,
            quiet=timedelta(0) if edited else self.now - (self.known.last_change_at or added_at),
            edits=max(self.known.edits + edited - withdrawn, 0),
            habits=self.known.habits,
            schedule=schedule,
        )
        return max(wait, fresh_for(self.capture))

    def next_look(self, stage: Stage, *, edited: bool = False, withdrawn: bool = False) -> datetime | None:
        if stage in (Stage.RETIRED, Stage.PAUSED):
            return None
        return self.now + spread(self.interval(stage, edited=edited, withdrawn=withdrawn), self.jitter)


def _is_old_copy(content: Content, current: Content) -> bool:
    """Whether the page's own stamp is older than the version's: a cache has not heard of it yet."""
    then, now = content.claimed_updated_at, current.claimed_updated_at
    return then is not None and now is not None and then < now


def _is_failing(article: Article, at: datetime) -> bool:
    """Whether it has been out of sight often and long enough, and not just because it is missing: that ends in `gone`,
    or with the article back. A candidate is not watched yet, so that nobody misses it."""
    tries, span = FAILING_AFTER
    since = article.failing_since or at
    long = article.error_streak >= tries and at - since >= span
    return long and article.gone_streak < article.error_streak and not article.candidate


RECOVERED: dict[str, object] = {
    "error_streak": 0,
    "gone_streak": 0,
    "suspect_streak": 0,
    "suspect_key": None,
    "failing_since": None,
    "missing_since": None,
}
