# ruff: noqa: E501  # a row of a table is a line
"""Printed times: many newsrooms' lines with the instants they mean, and the laws of reading them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.article import Claim, ClaimKind, ClaimSource, Precision
from monitor.core.timestamps import is_stamp_line, parse_words, read_lines
from monitor.core.timestamps.words import MONTHS, fold

CAPTURED = datetime(2026, 8, 1, 12, tzinfo=UTC)
TABLE = Path(__file__).parent / "printed_lines.txt"


def rows() -> list[tuple[str, str | None, ClaimKind, str, str]]:
    found = []
    for row in TABLE.read_text(encoding="utf-8").splitlines():
        if row.startswith("#"):
            continue
        language, zone, kind, line, expected = (cell.strip() for cell in row.split(" ; "))
        found.append((language, None if zone == "-" else zone, ClaimKind(kind), line.replace("\\|", "|"), expected))
    return found


def claims_of(line: str, **known: object) -> tuple[Claim, ...]:
    return read_lines([line], **known)  # type: ignore[arg-type]  # the keywords are read_lines' own


@pytest.mark.parametrize(("language", "zone", "kind", "line", "expected"), rows())
def test_a_printed_line_says_the_instant_its_newsroom_means(
    language: str, zone: str | None, kind: ClaimKind, line: str, expected: str
) -> None:
    claims = read_lines([line], language=language, zone=zone, captured_at=CAPTURED)

    claim = next(claim for claim in claims if claim.kind is kind)
    if expected == "-":
        assert claim.at is None
    elif len(expected) == 10:
        midnight = datetime.combine(date.fromisoformat(expected), datetime.min.time(), ZoneInfo(zone or "UTC"))
        assert (claim.at, claim.precision) == (midnight, Precision.DAY)
    else:
        precision = Precision.SECOND if len(expected) == 19 else Precision.MINUTE
        assert (claim.at, claim.precision) == (datetime.fromisoformat(expected + "+00:00"), precision)


def test_the_table_is_wide_enough() -> None:
    assert len(rows()) >= 250
    assert len({row[0].partition("-")[0] for row in rows()}) >= 25


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[3])
def test_a_claim_quotes_the_publisher(row: tuple[str, str | None, ClaimKind, str, str]) -> None:
    language, zone, _, line, _ = row
    words = " ".join(line.split())

    for claim in read_lines([line], language=language, zone=zone, captured_at=CAPTURED):
        assert claim.raw
        assert claim.raw in words


# ------------------------------------------------------------------------------------------------- one time

PUBLISHED = datetime(2026, 7, 31, 8, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "known", "expected"),
    [
        ("Uppdaterad kl 12.17", {"language": "sv", "zone": "Europe/Stockholm"}, None),
        ("Uppdaterad kl 12.17", {"language": "sv", "zone": "Europe/Stockholm", "captured_at": PUBLISHED}, "2026-07-30T10:17"),
        ("Uppdaterad kl 10.17", {"language": "sv", "zone": "Europe/Stockholm", "captured_at": PUBLISHED}, "2026-07-31T08:17"),
        ("mis à jour à 11h42", {"language": "fr", "zone": "Europe/Paris", "published_at": PUBLISHED}, "2026-07-31T09:42"),
        ("mis à jour à 09h42", {"language": "fr", "zone": "Europe/Paris", "published_at": PUBLISHED}, None),
        ("Updated 16.04 BST", {"published_at": PUBLISHED}, "2026-07-31T15:04"),
        ("Publiziert heute um 12:19 Uhr", {"language": "de", "zone": "Europe/Zurich", "captured_at": CAPTURED}, "2026-08-01T10:19"),
        ("gestern, 12:19 Uhr", {"language": "de", "zone": "Europe/Zurich", "captured_at": CAPTURED}, "2026-07-31T10:19"),
        ("Vandaag om 20:07", {"language": "nl", "zone": "Europe/Brussels"}, None),
    ],
)  # fmt: skip
def test_a_bare_time_takes_the_day_that_publication_and_capture_leave(
    raw: str, known: dict[str, object], expected: str | None
) -> None:
    stamp = parse_words(raw, **known)  # type: ignore[arg-type]  # the keywords are parse_words' own

    assert stamp is not None
    assert stamp.at == (datetime.fromisoformat(expected + "+00:00") if expected else None)
    assert stamp.precision is Precision.MINUTE


@pytest.mark.parametrize("later", [timedelta(days=1, hours=4), timedelta(days=2), timedelta(days=30)])
def test_a_bare_time_that_fits_more_than_one_day_is_left_open(later: timedelta) -> None:
    stamp = parse_words("Updated 12:17", zone="UTC", published_at=PUBLISHED, captured_at=PUBLISHED + later)

    assert stamp is not None
    assert (stamp.at, stamp.wall) == (None, "T12:17")


def test_a_bare_time_may_lie_after_midnight() -> None:
    late = datetime(2026, 7, 31, 23, 50, tzinfo=UTC)
    stamp = parse_words("Updated 00:20", zone="UTC", published_at=late, captured_at=late + timedelta(hours=1))

    assert stamp is not None
    assert stamp.at == datetime(2026, 8, 1, 0, 20, tzinfo=UTC)


def test_the_second_time_of_a_line_may_lie_after_midnight() -> None:
    claims = claims_of("23:50 GMT 25.01.2022 (updated 00:20 GMT)", captured_at=CAPTURED)

    assert claims[1].at == datetime(2022, 1, 26, 0, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "back"),
    [
        ("Updated 14 hours ago", timedelta(hours=14)),
        ("updated 15M ago", timedelta(minutes=15)),
        ("Last Updated: 24 minutes ago", timedelta(minutes=24)),
        ("an hour ago", timedelta(hours=1)),
        ("Last updated 1 day ago", timedelta(days=1)),
        ("just now", timedelta(0)),
        ("vor 2 Stunden", timedelta(hours=2)),
        ("il y a 3 heures", timedelta(hours=3)),
        ("hace 5 minutos", timedelta(minutes=5)),
        ("há 2 horas", timedelta(hours=2)),
        ("3 ore fa", timedelta(hours=3)),
        ("2 uur geleden", timedelta(hours=2)),
        ("för 2 timmar sedan", timedelta(hours=2)),
        ("for 2 timer siden", timedelta(hours=2)),
        ("2 tuntia sitten", timedelta(hours=2)),
        ("5 minut temu", timedelta(minutes=5)),
        ("před 2 hodinami", timedelta(hours=2)),
        ("2 часа назад", timedelta(hours=2)),
        ("5 хвилин тому", timedelta(minutes=5)),
        ("2 saat önce", timedelta(hours=2)),
        ("πριν από 2 ώρες", timedelta(hours=2)),
        ("acum 2 ore", timedelta(hours=2)),
        ("2 órája", timedelta(hours=2)),
        ("2時間前", timedelta(hours=2)),
        ("2小时前", timedelta(hours=2)),
        ("2시간 전", timedelta(hours=2)),
        ("منذ ساعتين", timedelta(hours=2)),
        ("قبل 5 دقائق", timedelta(minutes=5)),
        ("۲ ساعت پیش", timedelta(hours=2)),
        ("לפני 2 שעות", timedelta(hours=2)),
        ("2 घंटे पहले", timedelta(hours=2)),
        ("2 jam yang lalu", timedelta(hours=2)),
        ("2 giờ trước", timedelta(hours=2)),
    ],
)
def test_relative_words_are_resolved_against_the_capture_and_flagged(raw: str, back: timedelta) -> None:
    stamp = parse_words(raw, captured_at=CAPTURED)
    unseen = parse_words(raw)

    assert stamp is not None
    assert unseen is not None
    assert (stamp.at, stamp.relative) == (CAPTURED - back, True)
    assert (unseen.at, unseen.relative) == (None, True)
    assert is_stamp_line(raw)


@pytest.mark.parametrize("line", ["Updated 14 hours ago", "Last Updated: 24 minutes ago"])
def test_a_relative_update_is_a_claim_that_is_not_believed(line: str) -> None:
    (claim,) = claims_of(line, captured_at=CAPTURED)

    assert (claim.raw, claim.believed, claim.doubt) == (line, False, "relative")


@pytest.mark.parametrize(
    ("line", "language", "day_first", "expected"),
    [
        ("05/01/2022 09:55", "en-us", None, "2022-05-01"),
        ("05/01/2022 09:55", "en-gb", None, "2022-01-05"),
        ("05/01/2022 09:55", "fr", None, "2022-01-05"),
        ("05/01/2022 09:55", "en", None, None),
        ("05/01/2022 09:55", None, None, None),
        ("05/01/2022 09:55", "en", True, "2022-01-05"),
        ("05/01/2022 09:55", "en", False, "2022-05-01"),
        ("05.01.2022 09:55", "en", None, "2022-01-05"),
        ("05.01.2022 09:55", "en-us", None, None),
        ("05.01.2022 09:55", None, None, "2022-01-05"),
        ("05/05/2022 09:55", "en", None, "2022-05-05"),
        ("13/05/2022 09:55", "en", None, "2022-05-13"),
        ("05/13/2022 09:55", "en", None, "2022-05-13"),
        ("05/13/2022 09:55", "en-gb", None, None),
        ("2022-05-01 09:55", "fr", None, "2022-05-01"),
    ],
)
def test_the_order_of_day_and_month_is_read_by_place_and_never_guessed(
    line: str, language: str | None, day_first: bool | None, expected: str | None
) -> None:
    stamp = parse_words(line, language=language, day_first=day_first, zone="UTC")

    assert (stamp.at.date().isoformat() if stamp and stamp.at else None) == expected


def test_publication_and_capture_can_settle_the_order_of_day_and_month() -> None:
    stamp = parse_words(
        "05/01/2022 09:55",
        language="en",
        zone="UTC",
        published_at=datetime(2022, 1, 4, tzinfo=UTC),
        captured_at=datetime(2022, 1, 6, tzinfo=UTC),
    )

    assert stamp is not None
    assert stamp.at == datetime(2022, 1, 5, 9, 55, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "captured_at", "expected"),
    [
        ("Updated: August 8, 9:00", datetime(2024, 8, 9, tzinfo=UTC), datetime(2024, 8, 8, 9, tzinfo=UTC)),
        ("Updated: December 31, 23:00", datetime(2025, 1, 1, tzinfo=UTC), datetime(2024, 12, 31, 23, tzinfo=UTC)),
        ("Updated: January 1, 0:30", datetime(2024, 12, 31, 23, 55, tzinfo=UTC), datetime(2025, 1, 1, 0, 30, tzinfo=UTC)),
        ("Updated: February 29, 9:00", datetime(2025, 3, 1, tzinfo=UTC), datetime(2024, 2, 29, 9, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_day_without_a_year_is_the_last_one_before_the_capture(
    raw: str, captured_at: datetime, expected: datetime
) -> None:
    stamp = parse_words(raw, language="en", zone="UTC", captured_at=captured_at)

    assert stamp is not None
    assert stamp.at == expected


def test_a_time_without_a_zone_keeps_what_its_clock_shows() -> None:
    stamp = parse_words("Aktualisiert am 28. April 2023, 20:22 Uhr", language="de")

    assert stamp is not None
    assert (stamp.at, stamp.zone, stamp.wall, stamp.precision) == (None, None, "2023-04-28T20:22", Precision.MINUTE)


def test_a_german_am_is_a_word_and_an_english_one_is_before_noon() -> None:
    german = parse_words("12:30 am 5. Mai 2023", language="de", zone="UTC")
    english = parse_words("12:30 am 5 May 2023", language="en", zone="UTC")

    assert german is not None
    assert english is not None
    assert german.at == datetime(2023, 5, 5, 12, 30, tzinfo=UTC)
    assert english.at == datetime(2023, 5, 5, 0, 30, tzinfo=UTC)


def test_ist_is_israel_to_hebrew_readers_and_india_to_others() -> None:
    hebrew = parse_words("11:55 IST 25.01.2022", language="he")
    others = parse_words("15:25 IST 25.01.2022", language="en")

    assert hebrew is not None
    assert others is not None
    assert hebrew.at == others.at == datetime(2022, 1, 25, 9, 55, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    ["", "1", "5 min", "Tuesday", "May", "August 2022", "2019", "Stand: 2019", "12.17", "2.30", "1,801.40", "14", "20220125", "1643104500",
     "192.168.0.2", "+49 30 123456", "4 min read", "2.289 letture", "Part 3 of 5", "v1.2.34", "10", "9h", "3-2", "16:9 format", "ISBN 978-3-16-148410-0",
     "T-90", "R2", "1/2", "50/50", "24/7", "9/11", "31.12", "99:99", "25:61", "0955", "EST", "GMT", "4:11 Russia 'spoofing' drones", "Duration 1:30"],
)  # fmt: skip
def test_numbers_and_single_words_are_no_times(raw: str) -> None:
    assert parse_words(raw, language="en", zone="UTC", captured_at=CAPTURED, published_at=PUBLISHED) is None
    assert not is_stamp_line(raw, "en")


@given(st.text(alphabet="0123456789٠١٢۳۴५ .,-/ ", max_size=12).filter(lambda text: len(text.split()) < 2))
@settings(max_examples=150, deadline=None)
def test_a_lone_number_never_becomes_a_time_of_day(raw: str) -> None:
    stamp = parse_words(raw, zone="UTC", captured_at=CAPTURED, published_at=PUBLISHED)

    assert stamp is None or stamp.precision is Precision.DAY


# ------------------------------------------------------------------------------------------------- lines


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Andrew Cunningham's entry-level MacBook Pro was last updated in July", "en"),
        ("Our entry-level model was last updated on 5 July 2022", "en"),
        ("Foto: dpa, Stand: 2019", "de"),
        ("loi du 6 janvier 1978, mise à jour par la loi du 6 août 2004", "fr"),
        ("This privacy policy was last updated on 5 May 2023", "en"),
        ("Edited by Swati Bhasin", "en"),
        ("The stand opened on 5 May 2023 at 10:30", "en"),
        ("He posted the picture on 5 May 2023 at 10:30 and deleted it", "en"),
        ("Die Polizei hat den Stand 25 Uhr genannt", "de"),
        ("Update your browser", "en"),
        ("The Critical Hour", "en"),
        ("", None),
    ],
)
def test_false_friends_of_labels_claim_nothing(line: str, language: str | None) -> None:
    assert claims_of(line, language=language, zone="UTC", captured_at=CAPTURED) == ()
    assert not is_stamp_line(line, language)


def test_both_stamps_of_a_line_are_claimed_in_the_publishers_words() -> None:
    claims = claims_of("09:28 GMT 25.01.2022 (Updated: 09:55 GMT 25.01.2022)", language="en", captured_at=CAPTURED)

    assert [(claim.kind, claim.raw, claim.zone) for claim in claims] == [
        (ClaimKind.PUBLISHED, "09:28 GMT 25.01.2022", "GMT"),
        (ClaimKind.UPDATED, "Updated: 09:55 GMT 25.01.2022", "GMT"),
    ]


@pytest.mark.parametrize(
    ("lines", "raw"),
    [
        (["Oppdatert", "05.08.2024, kl. 13.52"], "Oppdatert 05.08.2024, kl. 13.52"),
        (["Oppdatert:", "05.08.2024", "13:52"], "Oppdatert: 05.08.2024 13:52"),
        (["Updated: 5 August 2024", "13:52"], "Updated: 5 August 2024 13:52"),
        (["The headline", "Updated", "5 August 2024 at 13:52", "By Jane Doe"], "Updated 5 August 2024 at 13:52"),
    ],
)
def test_a_label_finds_its_value_in_the_lines_below(lines: list[str], raw: str) -> None:
    claims = read_lines(lines, zone="Europe/Oslo", captured_at=CAPTURED)

    assert [(claim.raw, claim.at) for claim in claims] == [(raw, datetime(2024, 8, 5, 11, 52, tzinfo=UTC))]


def test_a_label_does_not_take_its_value_from_prose() -> None:
    assert read_lines(["Updated", "On 5 August 2024 the mayor spoke", "13:52"], captured_at=CAPTURED) == ()


@pytest.mark.parametrize(
    ("line", "raw"),
    [
        ("[12:03 Uhr (UPDATE)]", "12:03 Uhr (UPDATE)"),
        ("(Updated: 0455 GMT (1255 HKT) January 25, 2022)", "Updated: 0455 GMT (1255 HKT) January 25, 2022"),
        ("• Updated 25.01.2022 09:55 –", "Updated 25.01.2022 09:55"),
    ],
)
def test_brackets_around_the_words_are_left_out_and_those_within_kept(line: str, raw: str) -> None:
    (claim,) = claims_of(line, zone="UTC", captured_at=CAPTURED)

    assert claim.raw == raw


def test_a_label_below_its_time_is_read_too() -> None:
    (claim,) = claims_of("12:03 Uhr UPDATE", language="de", zone="Europe/Berlin", captured_at=CAPTURED)

    assert (claim.kind, claim.raw) == (ClaimKind.UPDATED, "12:03 Uhr UPDATE")


def test_a_zone_given_once_in_a_line_holds_for_its_other_time() -> None:
    claims = claims_of("November 18, 2019 at 2:26 PM HST - Updated November 18 at 4:46 PM", captured_at=CAPTURED)

    assert [claim.at for claim in claims] == [
        datetime(2019, 11, 19, 0, 26, tzinfo=UTC),
        datetime(2019, 11, 19, 2, 46, tzinfo=UTC),
    ]


def test_an_unlabelled_time_is_the_publication_only_where_no_label_says_better() -> None:
    plain = read_lines(["25 January 2022, 09:28 GMT"], captured_at=CAPTURED)
    beside = read_lines(["25 January 2022, 09:28 GMT", "Published 24 January 2022, 11:00 GMT"], captured_at=CAPTURED)

    assert [claim.raw for claim in plain] == ["25 January 2022, 09:28 GMT"]
    assert [claim.raw for claim in beside] == ["Published 24 January 2022, 11:00 GMT"]


def test_the_source_is_the_callers() -> None:
    (claim,) = claims_of("Updated: 09:55 GMT 25.01.2022", source=ClaimSource.SITE)

    assert claim.source is ClaimSource.SITE


# ------------------------------------------------------------------------------------------------- stamp lines


@pytest.mark.parametrize("row", [row for row in rows() if row[0] != "en-ca"], ids=lambda row: row[3])
def test_an_update_line_is_never_article_text(row: tuple[str, str | None, ClaimKind, str, str]) -> None:
    words_beside = ("Jen Mills", "New Delhi", "Moneycontrol", "Innlent", "4면", "to correct")
    if not any(words in row[3] for words in words_beside):
        assert is_stamp_line(row[3], row[0])


@pytest.mark.parametrize(
    "line",
    [
        "The court met on 25 January 2022.",
        "At 09:55 GMT the convoy left.",
        "25 January 2022 was a cold day",
        "Mayor resigns",
        "Two days ago everything changed",
        "1. FC Köln - Bayern 2:1",
        "Updated plans for the harbour",
        "5 Minuten",
        "12.30",
        "2.5 million",
        "Chapter 3",
        "May 2022",
        "Page 3 of 10",
        "$1,801.40",
        "更新を続ける",
    ],
)
def test_article_text_is_no_stamp_line(line: str) -> None:
    assert not is_stamp_line(line, None)


@given(st.text(max_size=80), st.sampled_from([None, "en", "de", "ja", "fa", "th", "ar", "x-?", "ZZ-zz"]))
@settings(max_examples=150, deadline=None)
def test_no_text_makes_the_readers_fail(text: str, language: str | None) -> None:
    parse_words(text, language=language, zone="Europe/Berlin", captured_at=CAPTURED)
    is_stamp_line(text, language)
    read_lines(text.split("\n"), language=language, captured_at=CAPTURED)


_PIECES = st.sampled_from(
    ["Updated", "Stand", "更新", "09:55", "25.01.2022", "31/31/9999", "GMT", "+25:00", "ago", "2 hours", "(", ")", "29 February", "2025", "vor", "ב",
     "0001-01-01", "9999-12-31", "23:59", "24:00", "31.12.2100", "am", "pm", "heute", "yesterday", "۱۴۹۹/۱۲/۳۰", "年", "1", "|", "-", "令和99年1月1日"]
)  # fmt: skip


@given(
    st.lists(_PIECES, max_size=9).map(" ".join),
    st.sampled_from([None, "en", "fa", "th", "ja"]),
    st.datetimes(timezones=st.just(UTC)),
)
@settings(max_examples=250, deadline=None)
def test_no_line_made_of_times_makes_the_readers_fail(text: str, language: str | None, now: datetime) -> None:
    parse_words(text, language=language, zone="Pacific/Kiritimati", captured_at=now, published_at=now)
    for claim in read_lines([text], language=language, zone="America/Adak", captured_at=now, published_at=now):
        assert claim.raw
        assert claim.at is None or claim.at.tzinfo is UTC


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_every_language_has_twelve_months() -> None:
    assert {language: len(months) for language, months in MONTHS.items()} == dict.fromkeys(MONTHS, 12)
