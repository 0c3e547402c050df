"""What is said of a change in words, the same in a mail, in a terminal and on a page."""

from datetime import UTC, datetime, timedelta, tzinfo

from monitor.core.article import Declaration

MEANINGS = {
    Declaration.ANNOUNCED: "The publisher's time moved with the text: an announced change.",
    Declaration.STEALTH: "The text changed and the publisher's time did not, although it could have: a stealth edit.",
    Declaration.UNDETERMINED: "The text changed; the publisher's times cannot tell whether that was announced.",
    Declaration.UNSTAMPED: "The text changed; the page states no time of an update.",
    Declaration.RESTAMPED: "The publisher's time moved; the text did not change.",
}


def meaning(declaration: Declaration | None) -> str:
    return MEANINGS[declaration] if declaration else "Neither the text nor the publisher's time moved."


def window(not_before: datetime, not_after: datetime, tz: tzinfo = UTC) -> str:
    """ "between 09:53:10 and 09:55:12 UTC on 2022-01-25": what can honestly be said of when."""
    start, end = not_before.astimezone(tz), not_after.astimezone(tz)
    if start.date() == end.date():
        return f"between {start:%H:%M:%S} and {end:%H:%M:%S %Z} on {end:%Y-%m-%d}"
    return f"between {start:%Y-%m-%d %H:%M:%S} and {end:%Y-%m-%d %H:%M:%S %Z}"


def moment(at: datetime | None, tz: tzinfo = UTC) -> str:
    """ "2022-01-25 09:55 UTC", with seconds where there are any; "" for None."""
    if at is None:
        return ""
    at = at.astimezone(tz)
    return f"{at:%Y-%m-%d %H:%M:%S %Z}" if at.second else f"{at:%Y-%m-%d %H:%M %Z}"


def span(length: timedelta) -> str:
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
