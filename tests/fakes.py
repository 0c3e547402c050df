"""Fakes that behave: a clock that is set by hand, pages of our own writing, and a watch that remembers.

`Watch` is the store's part in a story: it keeps what `decide` decides, so that a life can be told in a few lines.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from monitor.core.article import Article, Declaration, Hold, Reading, Stage, Version
from monitor.core.capture import Capture, Outcome
from monitor.core.diff import Edit
from monitor.core.lifecycle import ChangeState, Decision, HeldChange, Known, Read, decide
from monitor.core.lifecycle.rates import UNKNOWN_HOST, HostHabits
from monitor.core.policy import ChannelPolicy, ChannelType, Policy
from monitor.core.rules import Delivery
from monitor.extract.read import read_page
from monitor.ports import Hints

NOON = datetime(2022, 1, 25, 12, 0, tzinfo=UTC)
URL = "https://news.example/story"
BODY = (
    "The harbour authority said that 12 people were brought ashore on Tuesday morning after the ferry ran aground.",
    "The ship had left the dock at six in thick fog, and its master reported trouble with the steering soon after.",
    "A spokeswoman for the coast guard told reporters that the water was calm and that nobody was badly hurt so far.",
)


@dataclass
class FakeClock:
    """A clock that goes only when it is told to, or when somebody sleeps on it."""

    at: datetime = NOON
    ticks: float = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.ticks

    async def sleep(self, seconds: float) -> None:
        self.advance(timedelta(seconds=seconds))

    def advance(self, by: timedelta) -> None:
        self.at += by
        self.ticks += by.total_seconds()


def page(
    *paragraphs: str,
    headline: str = "Ferry runs aground in fog",
    dates: str = "",
    structured: str = "",
    meta: str = "",
    marker: str = "",
    around: str = "",
    note: str = "",
    language: str = "en",
) -> bytes:
    """An article page. `dates` is the visible line under the headline, `structured` the members of its JSON-LD."""
    said = "\n".join(f"<p>{text}</p>" for text in paragraphs or BODY)
    members = f", {structured}" if structured else ""
    return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{headline}</title>{meta}
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "{headline}"{members}}}</script></head>
<body><nav><a href="/">Home</a></nav><main><article><h1>{headline}</h1>
{f'<p class="mark">{marker}</p>' if marker else ""}
<p class="dates">{dates}</p>
{said}
{note}</article></main><aside class="related">{around}</aside></body></html>""".encode()


def reading(body: bytes, *, at: datetime, url: str = URL) -> Reading:
    """What the extractor reads from the page."""
    read = read_page(body, url, content_type="text/html", captured_at=at, hints=Hints())
    assert isinstance(read, Reading)
    return read


def capture(
    at: datetime, outcome: Outcome = Outcome.FETCHED, *, body: bytes = b"", status: int | None = None
) -> Capture:
    return Capture(
        url=URL,
        final_url=URL,
        outcome=outcome,
        asked_at=at,
        captured_at=at,
        status=status or (200 if outcome is Outcome.FETCHED else None),
        body=body,
    )


HOOK = ChannelPolicy(name="hook", type=ChannelType.WEBHOOK, url="https://hook.example/")


@dataclass
class Watch:
    """One article and all that became of it. Times are given as offsets from the start of the story."""

    policy: Policy = field(default_factory=lambda: Policy(channels=(HOOK,)))
    start: datetime = NOON
    article: Article = field(
        default_factory=lambda: Article(id=1, url=URL, host="news.example", added_at=NOON, next_check_at=NOON)
    )
    versions: dict[int, Version] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    changes: dict[int, tuple[Decision, ChangeState]] = field(default_factory=dict)
    held: list[tuple[int, Delivery]] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    told: list[tuple[Edit, ...]] = field(default_factory=list)
    late: dict[int, timedelta] = field(default_factory=dict)
    only_live: bool = False
    twins: tuple[str, ...] = ()
    furniture: bool = False
    habits: HostHabits = UNKNOWN_HOST
    aliases: dict[str, datetime] = field(default_factory=dict)

    def sees(self, after: timedelta, body: bytes) -> Decision:
        """A visit that finds this page."""
        at = self.start + after
        return self.visits(capture(at, body=body), reading(body, at=at))

    def meets(self, after: timedelta, outcome: Outcome, status: int | None = None) -> Decision:
        """A visit that finds no page."""
        return self.visits(capture(self.start + after, outcome, status=status), None)

    def visits(self, capture: Capture, read: Read) -> Decision:
        decision = decide(self._known(), capture, read, policy=self.policy, jitter=0.5)
        self._settle(decision)
        self.article = decision.article.but(check_seq=self.article.check_seq + 1)
        self._seen(decision)
        self._keep(decision)
        self.alerts += [f"{d.event}" for d in decision.deliveries if not d.held and d.event != "changed"]
        self.decisions.append(decision)
        return decision

    @property
    def declarations(self) -> list[Declaration | None]:
        return [d.version.change.declaration for d, _ in self.changes.values() if d.version and d.version.change]

    @property
    def states(self) -> list[str]:
        return [state.value for _, state in self.changes.values()]

    @property
    def stage(self) -> Stage:
        return self.article.stage

    # -- what the store does

    def _known(self) -> Known:
        hold, last = self.article.hold, max(self.changes, default=None)
        text = [n for n, (d, s) in self.changes.items() if s is not ChangeState.WITHDRAWN and _is_text(d)]
        latest = max(text, default=None)
        return Known(
            article=self.article,
            only_live=self.only_live,
            current=self.versions.get(self.article.current_version_id or 0),
            held=HeldChange(change_id=hold.change_id, told=self.versions[hold.told_version_id]) if hold else None,
            last_change_id=latest if last else None,
            last_change_at=self.changes[latest][0].at if latest else None,
            last_declaration=_change(self.changes[latest][0]).declaration if latest else None,
            suspect=self._suspect(),
            twins=self.twins,
            furniture=self.furniture,
            edits=len(text),
            habits=self.habits,
            aliases=self.aliases,
        )

    def _suspect(self) -> Reading | None:
        """The last page, where it was not taken for the article."""
        last = self.decisions[-1] if self.decisions else None
        if last is None or last.observation is None or last.observation.kind != "suspect":
            return None
        again = reading(last.capture.body, at=last.at)
        return None if again.suspicions else again

    def _settle(self, decision: Decision) -> None:
        settlement = decision.settlement
        if settlement is None:
            return
        kept, _ = self.changes[settlement.change_id]
        self.changes[settlement.change_id] = (kept, settlement.state)
        for number, _ in self.held:
            assert number == settlement.change_id
            if settlement.release and (settlement.told is None or "hook" in settlement.channels):
                self._tell(kept, settlement.told)
        self.held.clear()

    def _seen(self, decision: Decision) -> None:
        seen = decision.seen_version_id
        if seen is not None:
            version = self.versions[seen]
            self.versions[seen] = replace(version, last_seen_at=max(version.last_seen_at, decision.capture.asked_at))

    def _keep(self, decision: Decision) -> None:
        new = decision.version
        if decision.late_stamp:
            self.late[decision.late_stamp.change_id] = decision.late_stamp.late_by
        if new is None:
            return
        number = len(self.versions) + 1
        self.versions[number] = Version(
            id=number,
            article_id=1,
            number=number,
            content=new.content,
            first_seen_at=decision.at,
            last_seen_at=decision.at,
            page_blocks=new.reading.page_blocks,
        )
        self.article = self.article.but(version_count=number)
        if not new.aside:
            self.article = self.article.but(current_version_id=number)
        if new.change is None:
            return
        change_id = len(self.changes) + 1
        self.changes[change_id] = (decision, new.change.state)
        if new.hold:
            hold = Hold(
                change_id=change_id, told_version_id=new.change.from_version_id, since=decision.at, rounds=new.rounds
            )
            self.article = self.article.but(hold=hold)
        for delivery in decision.deliveries:
            if delivery.held:
                self.held.append((change_id, delivery))
            elif delivery.event == "changed":
                self._tell(decision)

    def _tell(self, decision: Decision, told: tuple[Edit, ...] | None = None) -> None:
        change = _change(decision)
        self.told.append(told or change.told or change.edits)
        new = decision.version
        assert new is not None
        start = self.versions[new.told_version_id or change.from_version_id].number
        self.alerts.append(f"{change.declaration}: {start} -> {self._number(new.content)}")

    def _number(self, content: object) -> int:
        return max(v.number for v in self.versions.values() if v.content is content)


def watched(*bodies: tuple[timedelta, bytes]) -> Watch:
    """A watch that has seen these pages, each so long after the start."""
    watch = Watch()
    for after, body in bodies:
        watch.sees(after, body)
    return watch


def _change(decision: Decision):  # type: ignore[no-untyped-def]  # NewChange, which the caller knows to be there
    assert decision.version
    assert decision.version.change
    return decision.version.change


def _is_text(decision: Decision) -> bool:
    return _change(decision).declaration is not Declaration.RESTAMPED and bool(
        set(_change(decision).fields) - {"published", "updated", "live"}
    )
