"""Hours on the clock of a receiver: quiet ones, and those of digests."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.hours import Digest, Hours, digest_of, hours_of, is_quiet, time_of_day

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def utc(day: int, hour: int, minute: int = 0, month: int = 1) -> datetime:
    return datetime(2022, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("08:00", time(8)),
        (" 8:05", time(8, 5)),
        ("24:00", time(0)),
        ("25:00", None),
        ("08:60", None),
        ("1h", None),
        ("", None),
    ],
)
def test_a_time_of_day_is_read_or_refused(words: str, read: time | None) -> None:
    assert time_of_day(words) == read


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("22:00-07:00", Hours(time(22), time(7))),
        ("12:30 - 13:00", Hours(time(12, 30), time(13))),
        ("22:00", None),
        ("07:00-07:00", None),
        ("night", None),
    ],
)
def test_hours_are_read_or_refused(words: str, read: Hours | None) -> None:
    assert hours_of(words) == read


def test_quiet_hours_go_over_midnight_and_are_those_of_the_receiver() -> None:
    night = [Hours(time(22), time(7))]
    assert [is_quiet(night, "UTC", utc(25, hour)) for hour in (21, 22, 0, 6, 7)] == [False, True, True, True, False]
    assert [is_quiet(night, "Asia/Tokyo", utc(25, hour)) for hour in (12, 13, 21, 22)] == [False, True, True, False]
    lunch = [Hours(time(12), time(13))]
    assert [is_quiet(lunch, "UTC", utc(25, 12, minute)) for minute in (0, 59)] == [True, True]
    assert not is_quiet(lunch, "UTC", utc(25, 13))
    assert not is_quiet((), "UTC", utc(25, 3))


@pytest.mark.parametrize(
    ("digest", "after", "at"),
    [
        (Digest(every=HOUR), utc(25, 9, 28), utc(25, 10)),
        (Digest(every=HOUR), utc(25, 10), utc(25, 11)),
        (Digest(every=timedelta(minutes=25)), utc(25, 0, 26), utc(25, 0, 50)),
        (Digest(at=time(8)), utc(25, 7, 59), utc(25, 8)),
        (Digest(at=time(8)), utc(25, 8), utc(26, 8)),
        (Digest(at=time(8), zone="America/New_York"), utc(25, 12, 59), utc(25, 13)),
        (Digest(at=time(0), zone="Asia/Tokyo"), utc(25, 14, 59), utc(25, 15)),
    ],
)
def test_a_digest_goes_out_at_the_next_of_its_times(digest: Digest, after: datetime, at: datetime) -> None:
    assert digest.next_after(after) == at
    assert digest_of(str(digest)) == digest, "the store gives it back as it was"


@pytest.mark.parametrize("at", [time(1, 30), time(2, 30), time(3), time(12)])
@pytest.mark.parametrize(("month", "day"), [(3, 26), (10, 29)])
def test_where_the_clock_is_moved_a_daily_digest_goes_out_once_on_every_day(at: time, month: int, day: int) -> None:
    digest = Digest(at=at, zone="Europe/Paris")
    paris = ZoneInfo("Europe/Paris")
    moment, days = datetime(2022, month, day, tzinfo=paris).astimezone(UTC), []
    for _ in range(4):
        moment = digest.next_after(moment)
        days.append(moment.astimezone(paris).date())
    assert days == [date(2022, month, day) + n * DAY for n in range(4)]
