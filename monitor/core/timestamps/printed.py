"""Times printed for readers: one time, the lines around a headline, and whether a line is nothing but a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from monitor.core.article import Claim, ClaimKind, ClaimSource, Precision
from monitor.core.timestamps.parts import Ago, Part, Token, Zone
from monitor.core.timestamps.scan import scan, scan_whole, speaks_of_rules
from monitor.core.timestamps.stamp import (
    Clock,
    PartialDay,
    Setting,
    Stamp,
    on_some_day,
    pick_day,
    relative_day,
    seal,
)
from monitor.core.timestamps.words import fold, tidy
from monitor.core.timestamps.zones import at_home

LONGEST_LINE = 400
"""Longer lines are prose; a stamp in them is not looked for."""

LONGEST_STAMP = 160
FOLLOWING = 2
"""How many lines a label may wait for its value."""


@dataclass(frozen=True, slots=True)
class Printed:
    """Parts that stand together and say one time. `start` and `end` are places in the line."""

    start: int
    end: int
    days: tuple[PartialDay, ...] = ()
    clock: Clock | None = None
    zone: Zone | None = None
    same_day: int | None = None
    ago: Ago | None = None
    strong: bool = False
    label: Token | None = None
    after: int = 0

    @property
    def says_time(self) -> bool:
        """Strong enough to be a time whatever stands around it: a full form, or two weaker ones together."""
        return self.strong or self.ago is not None or (bool(self.days) and self.clock is not None)


def parse_words(
    raw: str,
    *,
    language: str | None = None,
    zone: str | None = None,
    day_first: bool | None = None,
    captured_at: datetime | None = None,
    published_at: datetime | None = None,
) -> Stamp | None:
    """Read one time as printed for readers, with or without its label; None if the words say none.

    `zone` (IANA) is the site's, for times printed without one. `day_first` says how 05/01 is meant; without it the
    language decides, and where that cannot, only a day that lies between `published_at` and `captured_at` is
    believed. They also give a bare time its day and a day its year. A number alone is never a time; neither is a
    bare `15.59`, or a bare `15:59` among other words, without a label, a zone or a day.
    """
    text = tidy(raw)
    if len(text) > LONGEST_LINE:
        return None
    setting = Setting(
        language=language, zone=zone, day_first=day_first, captured_at=captured_at, published_at=published_at
    )
    tokens = scan(text, language, day_first)
    for printed in _times(text, tokens):
        alone = not any(token.part is Part.GAP for token in tokens)
        if printed.days or printed.ago or printed.label or printed.zone or (alone and printed.says_time):
            stamp = _resolve(printed, setting)
            if stamp is not None:
                return stamp
    return None


# A line is asked for by every rule that judges it.
@lru_cache(maxsize=2048)
def is_stamp_line(line: str, language: str | None = None, *, labelled: bool = False) -> bool:
    """Whether the whole line is nothing but a time, an update line or a relative time, and so never article text; if
    `labelled`, only where it also says what the time is."""
    text = tidy(line)
    if not 2 <= len(text) <= LONGEST_STAMP:
        return False
    tokens = scan_whole(text, language)
    if tokens is None:
        return False
    times = list(_times(text, tokens))
    if labelled and not any(printed.label for printed in times):
        return False
    return bool(times) and all(printed.says_time or printed.label for printed in times)


def says_which(line: str, language: str | None = None) -> bool:
    """Whether the line has a time with a label."""
    text = tidy(line)
    return len(text) <= LONGEST_LINE and any(printed.label for printed in _times(text, scan(text, language)))


def label_of(line: str, language: str | None = None) -> ClaimKind | None:
    """What the label at the end of these words says of the time that follows them; None where there is none."""
    text = tidy(line)[-LONGEST_STAMP:]
    tokens = [token for token in scan(text, language) if token.part is not Part.FILLER]
    value = tokens[-1].value if tokens and tokens[-1].part is Part.LABEL else None
    return value if isinstance(value, ClaimKind) else None


def read_lines(
    lines: Sequence[str],
    *,
    language: str | None = None,
    zone: str | None = None,
    day_first: bool | None = None,
    captured_at: datetime | None = None,
    published_at: datetime | None = None,
    source: ClaimSource = ClaimSource.VISIBLE,
) -> tuple[Claim, ...]:
    """The publication and update times that these lines of a page state, in the order they stand.

    Give the lines near the headline and the byline: a label ("Updated", "Stand", "수정") must stand at a start, not
    in mid-sentence, and be followed by its time, in the same line or in the next two. A full time without a label
    is the publication's, if no label says so better. The claims are raw readings for `reconcile` to judge.
    """
    setting = Setting(
        language=language, zone=zone, day_first=day_first, captured_at=captured_at, published_at=published_at
    )
    found: list[Claim] = []
    bare: list[Claim] = []
    previous = ""
    for text in _joined([tidy(line) for line in lines], language, day_first):
        previous, before = text, previous
        if speaks_of_rules(before):
            continue
        for claim, labelled in _claims_of(text, setting, source):
            (found if labelled else bare).append(claim)
            if (
                setting.published_at is None
                and claim.kind is ClaimKind.PUBLISHED
                and claim.precision is not Precision.DAY
            ):
                setting = replace(setting, published_at=claim.at)
    if bare and not any(claim.kind is ClaimKind.PUBLISHED for claim in found):
        found.insert(0, bare[0])
    return tuple(dict.fromkeys(found))


# ------------------------------------------------------------------------------------------------- lines


def _joined(lines: list[str], language: str | None, day_first: bool | None) -> Iterator[str]:
    """The lines; one that ends in a label, or in a labelled day, is followed by what completes it."""
    place = 0
    while place < len(lines):
        text = lines[place]
        place += 1
        if not text or len(text) > LONGEST_LINE:
            continue
        taken = 0
        while taken < FOLLOWING and place < len(lines) and _waits(text, lines[place], language, day_first):
            text = f"{text} {lines[place]}"
            place += 1
            taken += 1
        yield text


def _waits(text: str, following: str, language: str | None, day_first: bool | None) -> bool:
    if not 0 < len(following) <= LONGEST_STAMP:
        return False
    tokens = [token for token in scan(text, language, day_first) if token.part is not Part.FILLER]
    if not tokens or tokens[-1].part not in (Part.LABEL, Part.DAY):
        return False
    rest = scan(following, language, day_first)
    if any(token.part in (Part.GAP, Part.LABEL) for token in rest) or not rest:
        return False
    if tokens[-1].part is Part.LABEL:
        return bool(list(_times(following, rest))) or all(token.part is Part.FILLER for token in rest)
    labelled = len(tokens) > 1 and tokens[-2].part is Part.LABEL
    return labelled and rest[0].part in (Part.TIME, Part.FILLER) and all(t.part is not Part.DAY for t in rest)


def _claims_of(text: str, setting: Setting, source: ClaimSource) -> Iterator[tuple[Claim, bool]]:
    """The claims of one line, each with whether a label says what it is."""
    tokens = scan(text, setting.language, setting.day_first)
    times = list(_times(text, tokens))
    whole = not any(token.part is Part.GAP for token in tokens)
    announces = any(p.label and p.label.value is ClaimKind.UPDATED for p in times)
    zone = next((p.zone for p in times if p.zone), None)
    for printed in times:
        printed = replace(printed, zone=printed.zone or (zone if printed.clock else None))
        kind = _kind(printed, whole=whole or announces)
        stamp = _resolve(printed, setting) if kind or printed.days else None
        if stamp is None:
            continue
        if kind:
            yield claim_of(kind, stamp, _quote(text, printed), source), printed.label is not None
        setting = _carry(setting, printed, stamp)


def _kind(printed: Printed, *, whole: bool) -> ClaimKind | None:
    """What a time claims: what its label says; without one the publication, if it is a full time in a line of times."""
    if printed.label:
        return printed.label.value if isinstance(printed.label.value, ClaimKind) else None
    full = printed.says_time and bool(printed.days or printed.same_day is not None)
    return ClaimKind.PUBLISHED if whole and full else None


def _carry(setting: Setting, printed: Printed, stamp: Stamp) -> Setting:
    """What a time tells about the bare ones after it in the line: their day, and that they are not earlier."""
    if not printed.days:
        return setting
    shown = stamp.at.astimezone(setting.site) if stamp.at and setting.site and not printed.zone else None
    day = shown.date() if shown else pick_day(printed.days, setting)
    return replace(setting, day=day, since=stamp.at if printed.clock else None)


def claim_of(kind: ClaimKind, stamp: Stamp | None, raw: str, source: ClaimSource) -> Claim:
    """The claim that a reading makes, for `reconcile` to judge; None is words that gave no time."""
    stamp = stamp or Stamp(None, None)
    doubt = None
    if stamp.relative:
        doubt = "relative"
    elif stamp.at is None:
        doubt = "no_zone" if stamp.wall else "unparsed"
    return Claim(
        kind=kind,
        at=stamp.at,
        raw=raw,
        source=source,
        precision=stamp.precision,
        zone=stamp.zone,
        believed=doubt in (None, "no_zone"),
        doubt=doubt,
        wall=stamp.wall,
    )


def _quote(text: str, printed: Printed) -> str:
    """The publisher's words from the label to the end of the time, without brackets around them."""
    start, end = printed.start, printed.end
    if printed.label:
        start, end = min(start, printed.label.start), max(end, printed.label.end)
    quoted = text[start:end]
    return quoted + ")" if quoted.count("(") > quoted.count(")") and text[end : end + 1] == ")" else quoted


# ------------------------------------------------------------------------------------------------- times


def _times(text: str, tokens: Sequence[Token]) -> Iterator[Printed]:
    """The times of a line, each with the label that it stands under, if any."""
    groups = list(_groups(text, tokens))
    labels = [token for token in tokens if token.part is Part.LABEL]
    after = _labels_follow(tokens)
    for number, group in enumerate(groups):
        if after:
            closing = [label for label in labels if label.start >= group.end]
            limit = groups[number + 1].start if number + 1 < len(groups) else len(text)
            label = next((label for label in closing if label.start < limit), None)
        else:
            label = _label_before(tokens, group)
        if label and label.weak and not (group.days and group.clock) and ":" not in text[label.end : group.start]:
            label = None
        if label or group.says_time:
            yield replace(group, label=label)


def _labels_follow(tokens: Sequence[Token]) -> bool:
    """Whether this line puts its labels behind its times (`12:03 Uhr UPDATE`, `6/20 0:00 更新`)."""
    telling = [token for token in tokens if token.part is not Part.FILLER]
    return len(telling) > 1 and telling[-1].part is Part.LABEL and telling[0].part in (Part.DAY, Part.TIME)


def _label_before(tokens: Sequence[Token], group: Printed) -> Token | None:
    """The label right before a time: nothing but fillers and signs may stand between them."""
    before = [token for token in tokens if token.end <= group.start and token.part is not Part.FILLER]
    if before and before[-1].part is Part.LABEL:
        return before[-1]
    return None


def _groups(text: str, tokens: Sequence[Token]) -> Iterator[Printed]:
    """Runs of days, times and zones that say one time each."""
    group: Printed | None = None
    for token in tokens:
        if token.part is Part.FILLER and group:
            group = _trailing(text, group, token)
            continue
        joined = _join(text, group, token)
        if joined is None:
            if group and _says(group):
                yield group
            group = _start(token)
        else:
            group = joined
    if group and _says(group):
        yield group


def _says(group: Printed) -> bool:
    return bool(group.days or group.clock or group.ago)


_TRAILERS = frozenset({"uhr", "h", "hrs", "น", "ч", "uur", "г", "года", "r", "hod"})


def _trailing(text: str, group: Printed, token: Token) -> Printed:
    """A word like "Uhr" belongs to the time that it follows."""
    if fold(text[token.start : token.end]) in _TRAILERS and token.start - group.after <= 1:
        return replace(group, end=token.end, after=token.end)
    return replace(group, after=token.end)


def _start(token: Token) -> Printed | None:
    if token.part in (Part.GAP, Part.LABEL, Part.FILLER):
        return None
    return _add(Printed(token.start, token.start), token)


def _add(group: Printed, token: Token) -> Printed:
    group = replace(group, end=token.end, after=token.end)
    value = token.value
    if isinstance(value, tuple):
        return replace(group, days=value, strong=group.strong or not token.weak)
    if isinstance(value, Clock):
        return replace(group, clock=value, strong=group.strong or not token.weak)
    if isinstance(value, Zone):
        return replace(group, zone=value, strong=group.strong or group.clock is not None)
    if isinstance(value, Ago):
        return replace(group, ago=value)
    return replace(group, same_day=value) if isinstance(value, int) else group


_FARTHEST = 6


def _join(text: str, group: Printed | None, token: Token) -> Printed | None:
    """The group with this part in it, or None where the part begins another."""
    if group is None or token.part in (Part.GAP, Part.LABEL):
        return None
    if token.start - group.after > _FARTHEST:
        return None
    if token.part is Part.TIME and group.clock and group.zone and "(" in text[group.after : token.start]:
        return replace(group, after=token.end)
    if token.part is Part.ZONE and group.zone:
        return replace(group, after=token.end)
    taken = {
        Part.DAY: bool(group.days or group.same_day is not None or group.ago),
        Part.TIME: group.clock is not None,
        Part.ZONE: group.zone is not None,
        Part.SAME_DAY: bool(group.days or group.same_day is not None or group.ago),
        Part.AGO: _says(group),
    }
    return None if taken.get(token.part, True) else _add(group, token)


def _resolve(printed: Printed, setting: Setting) -> Stamp | None:
    if printed.ago:
        return _resolve_ago(printed.ago, setting)
    zone, given = (_meant(printed.zone, setting), printed.zone.given) if printed.zone else (None, None)
    if printed.days:
        day = pick_day(printed.days, setting)
        if day is None:
            return Stamp(None, printed.clock.precision if printed.clock else Precision.DAY, given)
        return seal(day, printed.clock, zone, given, setting.site)
    if printed.clock is None:
        return None
    if printed.same_day is not None:
        return relative_day(printed.same_day, printed.clock, zone, given, setting)
    return on_some_day(printed.clock, zone, given, setting)


def _meant(zone: Zone, setting: Setting) -> tzinfo:
    return at_home(zone.given, setting.zone) or zone.zone


def _resolve_ago(ago: Ago, setting: Setting) -> Stamp:
    at = None
    if setting.captured_at and ago.span is not None:
        at = (setting.captured_at - ago.span).replace(microsecond=0)
    return Stamp(at, ago.precision if ago.span and ago.span < timedelta(days=400) else None, relative=True)
