"""A store that holds one article's versions, changes and events, as far as an alert asks for them."""

# ruff: noqa: ARG002 - a fake takes what the port hands it

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from monitor.core import diff as differ
from monitor.core.article import (
    Article,
    Block,
    BlockKind,
    Claim,
    ClaimKind,
    ClaimSource,
    Content,
    Declaration,
    Precision,
    Stage,
    Version,
)
from monitor.core.classify import changed_fields, declare
from monitor.core.corrections import ToldChange
from monitor.core.diff import Edit
from monitor.core.lifecycle import ChangeState
from monitor.core.policy import AlertEvent
from monitor.store import Batch, DeliveryState, EventRow, OutboxRow, StoredChange

URL = "https://news.example/2022/blast"
NINE = datetime(2022, 1, 25, 9, 0, tzinfo=UTC)


def stamp(hour: int, minute: int) -> tuple[Claim, ...]:
    at = NINE.replace(hour=hour, minute=minute)
    published = Claim(
        kind=ClaimKind.PUBLISHED, at=NINE, raw="09:00 GMT 25.01.2022", source=ClaimSource.VISIBLE,
        precision=Precision.MINUTE, zone="GMT",
    )  # fmt: skip
    updated = replace(published, kind=ClaimKind.UPDATED, at=at, raw=f"Updated: {hour:02}:{minute:02} GMT 25.01.2022")
    return published, updated


def article(
    *paragraphs: str, headline: str = "Blast in Kyiv", claims: tuple[Claim, ...] = (), corrections: tuple[str, ...] = ()
) -> Content:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs)
    return Content(
        url=URL, headline=headline, blocks=blocks, claims=claims, corrections=corrections, method="t", extractor="1"
    )


@dataclass
class Shelf:
    """Each `publish` is a version seen ten minutes after the one before, for five minutes."""

    headline: str = "Blast in Kyiv"
    url: str = URL
    versions: dict[int, Version] = field(default_factory=dict)
    kept: dict[int, StoredChange] = field(default_factory=dict)
    happened: list[EventRow] = field(default_factory=list)

    def publish(self, content: Content, **changes: object) -> StoredChange | None:
        number = len(self.versions) + 1
        at = NINE + timedelta(minutes=10 * number)
        self.versions[number] = Version(
            id=number, article_id=7, number=number, content=content,
            first_seen_at=at, last_seen_at=at + timedelta(minutes=5),
        )  # fmt: skip
        if number == 1:
            return None
        self.kept[number] = replace(self._change(number), **changes)  # type: ignore[arg-type]
        return self.kept[number]

    def _change(self, number: int) -> StoredChange:
        old, new = self.versions[number - 1], self.versions[number]
        judged = declare(old.content, new.content, not_before=old.last_seen_at, not_after=new.first_seen_at)
        stats = differ.stats(differ.diff(old.content, new.content))
        return StoredChange(
            id=number, article_id=7, url=self.url, host="news.example", tags=("war",), headline=self.headline,
            from_version=old.number, to_version=new.number, from_version_id=old.id, to_version_id=new.id,
            state=ChangeState.CONFIRMED, state_reason="", declaration=judged.declaration,
            claims_moved=judged.claims_moved, claims_still=judged.claims_still,
            fields=changed_fields(old.content, new.content), words_added=stats.words_added,
            words_removed=stats.words_removed, similarity=stats.similarity, cosmetic=False,
            not_before=old.last_seen_at, not_after=new.first_seen_at, recorded_at=new.first_seen_at,
            announced_late_by=None, old_claims=old.content.claims, new_claims=new.content.claims,
        )  # fmt: skip

    def row(self, number: int, **changes: object) -> OutboxRow:
        """The delivery of the change that led to that version."""
        row = OutboxRow(
            id=number, message_id=f"msg_{number}", channel="desk", article_id=7, change_id=number, event_id=None,
            event=AlertEvent.CHANGED, rule="default", state=DeliveryState.PENDING,
            created_at=self.versions[number].first_seen_at, due_at=NINE, from_version_id=number - 1,
            to_version_id=number, stage=Stage.LIVE, headline=self.headline, tags=("war",), attempts=0,
            first_attempt_at=None, last_error=None, closed_at=None, sent_as=None,
        )  # fmt: skip
        return replace(row, **changes)  # type: ignore[arg-type]  # dataclasses.replace checks the names

    def event(self, event: AlertEvent, detail: str = "") -> OutboxRow:
        number = len(self.happened) + 100
        at = NINE + timedelta(hours=2)
        self.happened.append(
            EventRow(
                id=number,
                article_id=7,
                url=self.url,
                event=event,
                not_before=at,
                not_after=at + timedelta(minutes=2),
                detail=detail,
            )
        )
        latest = max(self.versions)
        return self.row(
            latest, id=number, change_id=None, event_id=number, event=event, from_version_id=None, to_version_id=latest
        )

    async def change(self, change_id: int) -> StoredChange:
        return self.kept[change_id]

    async def told(self, change_id: int) -> tuple[Edit, ...] | None:
        return None

    async def told_changes(self, article_id: int, *, until: int) -> list[ToldChange]:
        return []

    async def edits(self, change_id: int) -> tuple[Edit, ...]:
        change = self.kept[change_id]
        return differ.diff(self.versions[change.from_version_id].content, self.versions[change.to_version_id].content)

    async def version(self, version_id: int) -> Version:
        return self.versions[version_id]

    async def article(self, article_id: int) -> Article:
        return Article(id=article_id, url=self.url, host="news.example", added_at=NINE)

    async def events(self, article_id: int) -> list[EventRow]:
        return self.happened


def batch(*rows: OutboxRow) -> Batch:
    return Batch(message_id="msg_first", channel="desk", deliveries=rows, attempts=0)


STEALTH = Declaration.STEALTH
