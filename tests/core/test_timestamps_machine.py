# ruff: noqa: E501  # a row of a table is a line
"""Times written for machines."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.article import Precision
from monitor.core.timestamps import parse_machine, zone_of_host

S, M, D = Precision.SECOND, Precision.MINUTE, Precision.DAY


@pytest.mark.parametrize(
    ("raw", "expected", "precision", "zone"),
    [
        ("2022-01-25T09:55:00Z", "2022-01-25T09:55:00", S, "Z"),
        ("2022-01-25T09:55:12.345Z", "2022-01-25T09:55:12", S, "Z"),
        ("2025-02-02T19:07:46.0000000Z", "2025-02-02T19:07:46", S, "Z"),
        ("2022-01-25T12:55:00+03:00", "2022-01-25T09:55:00", S, "+03:00"),
        ("2022-01-25T12:55:00+0300", "2022-01-25T09:55:00", S, "+0300"),
        ("2022-01-25T12:55:00+03", "2022-01-25T09:55:00", S, "+03"),
        ("2020-02-19T12:46+0100", "2020-02-19T11:46:00", M, "+0100"),
        ("2024-08-08T08:00Z", "2024-08-08T08:00:00", M, "Z"),
        ("2024-04-30 16:00:34 +02:00", "2024-04-30T14:00:34", S, "+02:00"),
        ("2022-01-25 09:55:00 UTC", "2022-01-25T09:55:00", S, "UTC"),
        ("2022-01-25T10:55:00+01:00[Europe/Paris]", "2022-01-25T09:55:00", S, "+01:00"),
        ("2022/01/25 09:55:00 GMT", "2022-01-25T09:55:00", S, "GMT"),
        ("20220125T0955Z", "2022-01-25T09:55:00", M, "Z"),
        ("20220125T095512Z", "2022-01-25T09:55:12", S, "Z"),
        ("2019-11-18@05:36:50 CST", "2019-11-18T11:36:50", S, "CST"),
        ("1643104500", "2022-01-25T09:55:00", S, "UTC"),
        ("1643104500123", "2022-01-25T09:55:00", S, "UTC"),
        ("1643104500.5", "2022-01-25T09:55:00", S, "UTC"),
        ("Tue, 25 Jan 2022 09:55:00 GMT", "2022-01-25T09:55:00", S, "GMT"),
        ("Tue, 25 Jan 2022 04:55:00 -0500", "2022-01-25T09:55:00", S, "-0500"),
        ("Tue, 25 Jan 2022 04:55:00 EST", "2022-01-25T09:55:00", S, "EST"),
        ("25 Jan 2022 09:55 GMT", "2022-01-25T09:55:00", M, "GMT"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37", S, "GMT"),
        ("Fri Apr 28 2023 17:52:31 GMT+0000 (Coordinated Universal Time)", "2023-04-28T17:52:31", S, "GMT+0000"),
        ("Fri Apr 28 2023 19:52:31 GMT+0200 (CEST)", "2023-04-28T17:52:31", S, "GMT+0200"),
        ("Wed Nov 20 05:35:00 UTC 2019", "2019-11-20T05:35:00", S, "UTC"),
        ("01:38:07 PM IST Nov 20, 2019", "2019-11-20T08:08:07", S, "IST"),
        ("  2022-01-25T09:55:00Z\n", "2022-01-25T09:55:00", S, "Z"),
    ],
)
def test_a_machine_time_with_a_zone_is_an_instant(raw: str, expected: str, precision: Precision, zone: str) -> None:
    stamp = parse_machine(raw)

    assert stamp is not None
    assert (stamp.at, stamp.precision, stamp.zone) == (datetime.fromisoformat(expected + "+00:00"), precision, zone)


@pytest.mark.parametrize(
    ("raw", "wall", "precision", "in_berlin"),
    [
        ("2022-01-25T09:55:12", "2022-01-25T09:55:12", S, "2022-01-25T08:55:12"),
        ("2022-07-25 09:55", "2022-07-25T09:55", M, "2022-07-25T07:55"),
        ("20220125T1230", "2022-01-25T12:30", M, "2022-01-25T11:30"),
        ("2022-01-25", "2022-01-25", D, "2022-01-24T23:00"),
        ("20220125", "2022-01-25", D, "2022-01-24T23:00"),
        ("Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37", S, "1994-11-06T07:49:37"),
        ("Fri 6:45 PM, Feb 16, 2018", "2018-02-16T18:45", M, "2018-02-16T17:45"),
        ("November 19, 2019", "2019-11-19", D, "2019-11-18T23:00"),
    ],
)
def test_without_a_zone_only_the_sites_own_makes_it_an_instant(
    raw: str, wall: str, precision: Precision, in_berlin: str
) -> None:
    alone, sited = parse_machine(raw), parse_machine(raw, zone="Europe/Berlin")

    assert alone is not None
    assert sited is not None
    assert (alone.at, alone.wall, alone.precision, alone.zone) == (None, wall, precision, None)
    assert sited.at == datetime.fromisoformat(in_berlin + "+00:00")
    assert (sited.wall, sited.zone) == (wall, None)


@pytest.mark.parametrize(
    "raw",
    ["", "0", "12", "2022", "123456", "99999999999", "9999999999", "0000-00-00", "2022-13-45", "2022-02-30T10:00Z", "2022-01-25T25:00Z",
     "2022-01-25T09:55:00+99:00", "0001-01-01T00:00:00Z", "null", "undefined", "NaN", "today", "2 hours ago", "05/01/2022 09:55", "-62135596800",
     "Tue, 25 Jan 2022 09:55:00 XYZ", "2022-01-25T09:55:00Z" * 9],
)  # fmt: skip
def test_what_is_no_time_or_could_be_two_is_none(raw: str) -> None:
    assert parse_machine(raw, zone="UTC") is None


def test_an_unknown_site_zone_is_no_zone() -> None:
    stamp = parse_machine("2022-01-25T09:55", zone="Europe/Atlantis")

    assert stamp is not None
    assert stamp.at is None


@given(st.text(max_size=60) | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?", fullmatch=True))
@settings(max_examples=200, deadline=None)
def test_no_text_makes_it_fail(raw: str) -> None:
    stamp = parse_machine(raw, zone="Europe/London")

    assert stamp is None or stamp.at is None or stamp.at.tzinfo is UTC


@given(
    st.integers(700_000_000, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC)), st.integers(-14 * 4, 14 * 4)
)
@settings(max_examples=100, deadline=None)
def test_iso_8601_comes_back_as_it_was_written(local: datetime, quarters: int) -> None:
    local = local.replace(microsecond=0, tzinfo=None)
    hours, quarter = divmod(abs(quarters), 4)
    zone = f"{'-' if quarters < 0 else '+'}{hours:02}:{quarter * 15:02}"

    stamp = parse_machine(local.isoformat() + zone)

    assert stamp is not None
    assert stamp.at == datetime.fromisoformat(local.isoformat() + zone)


@pytest.mark.parametrize(
    ("host", "zone"),
    [
        ("www.svt.se", "Europe/Stockholm"),
        ("www.abc.net.au", None),
        ("www.bbc.co.uk", "Europe/London"),
        ("edition.cnn.com", None),
        ("timesofindia.in.", "Asia/Kolkata"),
        ("", None),
    ],
)
def test_a_countrys_own_domain_suggests_its_zone(host: str, zone: str | None) -> None:
    assert zone_of_host(host) == zone
