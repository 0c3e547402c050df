"""An outbox in memory that keeps the store's promises: order per channel and article, leases, retries."""

# ruff: noqa: ARG002 - a fake takes what the port hands it

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.core.article import Stage
from monitor.store import Batch, DeliveryState, OutboxRow, Terms


@dataclass
class Ledger:
    """Test messages that an Outbox can serve; `answers` and `errors` are what it wrote down."""

    rows: list[OutboxRow] = field(default_factory=list)
    leases: dict[int, datetime] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    disabled: dict[str, str] = field(default_factory=dict)

    def enqueue(self, channel: str, article_id: int, now: datetime) -> OutboxRow:
        number = len(self.rows) + 1
        row = OutboxRow(
            id=number,
            message_id=f"msg_{number}",
            channel=channel,
            article_id=article_id,
            change_id=None,
            event_id=None,
            event=None,
            rule="default",
            state=DeliveryState.PENDING,
            created_at=now,
            due_at=now,
            from_version_id=None,
            to_version_id=None,
            stage=Stage.LIVE,
            headline=f"Story {article_id}",
            tags=(),
            attempts=0,
            first_attempt_at=None,
            last_error=None,
            closed_at=None,
            sent_as=None,
        )
        self.rows.append(row)
        return row

    def states(self) -> list[str]:
        return [row.state.value for row in self.rows]

    async def outbox_due(self, now: datetime) -> list[str]:
        return sorted({row.channel for row in self._next_ones(self.rows, now)})

    def _next_ones(self, rows: Iterable[OutboxRow], now: datetime) -> list[OutboxRow]:
        ahead: set[tuple[str, int | None]] = set()
        ready = []
        for row in rows:
            if row.state is not DeliveryState.PENDING or row.channel in self.disabled:
                continue
            line = (row.channel, row.article_id)
            free = self.leases.get(row.id, now) <= now
            if line not in ahead and row.due_at <= now and free:
                ready.append(row)
            ahead.add(line)
        return ready

    async def lease_deliveries(
        self, channel: str, *, owner: str, now: datetime, until: datetime, terms: Terms
    ) -> Batch | None:
        assert owner
        assert not terms.quiet
        for row in self._next_ones(self.rows, now):
            if row.channel == channel:
                self.leases[row.id] = until
                return Batch(
                    message_id=row.message_id,
                    channel=channel,
                    deliveries=(row,),
                    attempts=row.attempts,
                    first_attempt_at=row.first_attempt_at,
                )
        return None

    async def mark_sent(self, batch: Batch, *, now: datetime, answer: str) -> None:
        self.answers.append(answer)
        self._write(batch, now, state=DeliveryState.SENT)

    async def mark_failed(self, batch: Batch, *, now: datetime, error: str, next_at: datetime | None) -> None:
        self.errors.append(error)
        if next_at is None:
            self._write(batch, now, state=DeliveryState.DEAD)
        else:
            self._write(batch, now, due_at=next_at)

    async def hasten(self, channel: str, now: datetime) -> int:
        waiting = [
            row for row in self.rows if row.channel == channel and row.attempts and row.state is DeliveryState.PENDING
        ]
        for row in waiting:
            self.rows[row.id - 1] = replace(row, due_at=now)
        return len(waiting)

    async def disable_channel(self, name: str, now: datetime, reason: str) -> None:
        self.disabled[name] = reason

    def _write(self, batch: Batch, now: datetime, **changes: object) -> None:
        for row in batch.deliveries:
            at = row.id - 1
            first = self.rows[at].first_attempt_at or now
            self.rows[at] = replace(
                self.rows[at],
                attempts=self.rows[at].attempts + 1,
                first_attempt_at=first,
                **changes,  # type: ignore[arg-type]  # dataclasses.replace checks the names
            )
            self.leases.pop(row.id, None)
