"""A desk that watches articles in a real store, with the real `decide`: a story is told in a few lines."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from monitor.core.article import (
    Article,
    Block,
    BlockKind,
    Claim,
    ClaimKind,
    ClaimSource,
    Content,
    Precision,
    Reading,
)
from monitor.core.capture import Capture, Outcome
from monitor.core.lifecycle import Decision, Read, decide
from monitor.core.policy import AlertEvent, ChannelPolicy, ChannelType, Policy, RulePolicy
from monitor.store import ANY_TIME, Batch, Recorded, Store, Terms

NOON = datetime(2022, 1, 25, 12, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
URL = "https://news.example/story"

HOOK = ChannelPolicy(name="hook", type=ChannelType.WEBHOOK, url="https://hook.example/")
MAIL = ChannelPolicy(name="mail", type=ChannelType.EMAIL, to=("desk@example.org",))
LATER_EVENTS = tuple(event for event in AlertEvent if event is not AlertEvent.FOUND)
"""Every article of these tests is found; what is told of is what comes after."""
EVERYTHING = RulePolicy(name="all", channels=("hook", "mail"), events=LATER_EVENTS, cosmetic=True)
POLICY = Policy(channels=(HOOK, MAIL), rules=(EVERYTHING,))
HOOK_ONLY = Policy(channels=(HOOK,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a page says; `updated` is the publisher's stamp, in minutes after noon. Stamps
    that follow our clock closely would be taken for one that runs, and not be believed."""

    headline: str = "Mayor resigns"
    text: tuple[str, ...] = ("The mayor has resigned after a long night of talks.", "No successor was named.")
    updated: int = -60
    live: bool = False
    dated: bool = True

    def but(self, **changes: object) -> "Story":
        return replace(self, **changes)  # type: ignore[arg-type]  # dataclasses.replace checks the names

    @property
    def body(self) -> bytes:
        text = "".join(f"<p>{paragraph}</p>" for paragraph in self.text)
        stamp = f"<time>{self.updated}</time>" if self.dated else ""
        boiler = "".join(f"<li><a href='/{n * n}'>Section {n * 7919 % 1000}</a></li>" for n in range(40))
        return f"<html><h1>{self.headline}</h1>{stamp}{text}<ul>{boiler}</ul>{self.live}</html>".encode(
            "utf-8", "replace"
        )

    def reading(self, url: str = URL) -> Reading:
        at = NOON + self.updated * MINUTE
        stamp = Claim(
            kind=ClaimKind.UPDATED,
            at=at,
            raw=f"Updated: {at:%H:%M} GMT",
            source=ClaimSource.JSON_LD,
            precision=Precision.SECOND,
            zone="GMT",
        )
        content = Content(
            url=url,
            headline=self.headline,
            blocks=tuple(Block(BlockKind.PARAGRAPH, text) for text in self.text),
            live=self.live,
            live_marker="Being updated" if self.live else None,
            claims=(stamp,) if self.dated else (),
            method="test",
            extractor="1",
        )
        digest = sha256(self.body).hexdigest()
        return Reading(content=content, page_digest=digest, page_blocks=(1, 2**63 + 7, 2**64 - 1))


def capture(
    at: datetime,
    outcome: Outcome = Outcome.FETCHED,
    *,
    body: bytes = b"",
    status: int | None = 200,
    url: str = URL,
    final_url: str | None = None,
) -> Capture:
    return Capture(
        url=url,
        final_url=final_url or url,
        outcome=outcome,
        asked_at=at - timedelta(milliseconds=400),
        captured_at=at,
        status=status,
        headers=(("Content-Type", "text/html"), ("ETag", f'"{sha256(body).hexdigest()[:8]}"')),
        body=body,
    )


@dataclass
class Desk:
    store: Store
    policy: Policy = HOOK_ONLY
    decisions: list[Decision] = field(default_factory=list)

    async def adopts(self, policy: Policy) -> None:
        self.policy = policy
        await self.store.sync_channels(policy, NOON)

    async def watches(self, url: str = URL, **options: object) -> Article:
        host = url.split("/")[2]
        article, _ = await self.store.add_article(url, host=host, now=NOON, **options)  # type: ignore[arg-type]  # checked by the store
        return article

    async def reads(
        self, article: Article, story: Story, after: timedelta, *, final_url: str | None = None
    ) -> Recorded | None:
        """A visit that finds this story."""
        seen = capture(NOON + after, body=story.body, url=article.url, final_url=final_url)
        return await self.visits(article, seen, story.reading(article.url))

    async def meets(
        self, article: Article, outcome: Outcome, after: timedelta, *, status: int | None = None, body: bytes = b""
    ) -> Recorded | None:
        """A visit that finds no article."""
        seen = capture(NOON + after, outcome, status=status, body=body, url=article.url)
        return await self.visits(article, seen, None)

    async def visits(self, article: Article, seen: Capture, read: Read) -> Recorded | None:
        return await self.store.record(await self.decides(article, seen, read))

    async def decides(self, article: Article, seen: Capture, read: Read) -> Decision:
        known = await self.store.known(article.id)
        decision = decide(known, seen, read, policy=self.policy, jitter=0.5)
        self.decisions.append(decision)
        return decision

    async def leases(
        self, channel: str, after: timedelta, *, owner: str = "a", lasting: timedelta = MINUTE, terms: Terms = ANY_TIME
    ) -> Batch | None:
        now = NOON + after
        return await self.store.lease_deliveries(channel, owner=owner, now=now, until=now + lasting, terms=terms)

    async def sends(self, channel: str, after: timedelta, terms: Terms = ANY_TIME) -> list[Batch]:
        """Everything that the channel gets out by then; the receiver takes it all."""
        sent = []
        while (batch := await self.leases(channel, after, terms=terms)) is not None:
            await self.store.mark_sent(batch, now=NOON + after, answer="200 OK")
            sent.append(batch)
        return sent
