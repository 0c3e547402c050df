"""config.toml -> policy values, with errors that name the key.

The policy classes are the schema: their fields are the keys, their defaults the defaults. Only what TOML cannot say
(durations, sizes, networks, secrets by reference) is translated here.
"""

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from cattrs import (
    AttributeValidationNote,
    ClassValidationError,
    Converter,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from monitor.core.address import normalise_url, parse_proxy
from monitor.core.article import Declaration, FactKind, Field
from monitor.core.hours import Digest, Hours, hours_of, time_of_day
from monitor.core.policy import (
    AlertEvent,
    ArticleEntry,
    ChannelPolicy,
    ChannelType,
    EmailPolicy,
    FetchPolicy,
    HealthPolicy,
    LivePolicy,
    Policy,
    RulePolicy,
    SchedulePolicy,
    SiteEntry,
    SourceEntry,
    StorePolicy,
    WebPolicy,
)
from monitor.errors import BadUrl, ConfigError

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_SIZES = {
    "b": 1,
    "kb": 1_000,
    "mb": 1_000_000,
    "gb": 1_000_000_000,
    "kib": 1 << 10,
    "mib": 1 << 20,
    "gib": 1 << 30,
}
_MASKED = "***"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A policy and where it came from; `file` is None when there was none and the defaults apply."""

    policy: Policy
    file: Path | None


def locate(given: str | None, environ: Mapping[str, str]) -> Path | None:
    """The config file to read: the one given, $MONITOR_CONFIG, ./config.toml, then the XDG config folder."""
    named = given or environ.get("MONITOR_CONFIG")
    if named:
        return Path(named).expanduser()
    xdg = Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "monitor" / "config.toml"
    return next((path for path in (Path("config.toml"), xdg) if path.is_file()), None)


def load(given: str | None, *, store: str | None, environ: Mapping[str, str]) -> Loaded:
    """Read the configuration. `store` overrides `[store] url`, and is relative to the current folder.

    Raises ConfigError, which names the file, the key, what was read and what is allowed.
    """
    file = locate(given, environ)
    policy = parse(_read(file), file=file, environ=environ) if file else Policy()
    override_url = store or environ.get("MONITOR_STORE")
    if override_url:
        url = absolute_store(_store_url(override_url), Path.cwd())
    elif file:
        url = absolute_store(policy.store.url, file.resolve().parent)
    else:
        url = absolute_store(policy.store.url, data_folder(environ))
    return Loaded(replace(policy, store=StorePolicy(url=url)), file)


def data_folder(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "monitor"


def _store_url(words: str) -> str:
    """`--store` also takes a plain path to a SQLite file."""
    return words if "://" in words else f"sqlite:///{words}"


def absolute_store(url: str, folder: Path) -> str:
    """A SQLite URL with its relative path made absolute; other URLs as they are."""
    prefix = "sqlite:///"
    if not url.startswith(prefix):
        if not re.match(r"postgresql(\+psycopg)?://", url):
            allowed = "sqlite:///file.db or postgresql+psycopg://user@host/database"
            raise ConfigError("store.url", f"{mask_url(url)!r} is no store; allowed is {allowed}")
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
    return prefix + str(folder / Path(url.removeprefix(prefix)).expanduser())


def mask_url(url: str) -> str:
    """The address without a password, for messages and logs."""
    return re.sub(r"(?<=://)([^:/@\s]*):[^@\s]*@", rf"\1:{_MASKED}@", url)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError("", "there is no such file; check --config or $MONITOR_CONFIG", file=str(file)) from None
    except OSError as error:
        raise ConfigError("", f"it cannot be read: {error.strerror}", file=str(file)) from None
    except UnicodeDecodeError as error:
        raise ConfigError("", f"it is not UTF-8 text (byte {error.start})", file=str(file)) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError("", f"it is not TOML: {error}", file=str(file)) from None


def parse(data: dict[str, Any], *, file: Path | None, environ: Mapping[str, str]) -> Policy:
    """The policy that the parsed TOML says. Raises ConfigError for the first wrong key; all are in its message."""
    name = str(file) if file else None
    try:
        policy = _converter(environ).structure(data, Policy)
    except (ClassValidationError, IterableValidationError) as error:
        found = list(_problems(error, ""))
        key, problem = found[0]
        more = "".join(f"\n{name or 'config'}: {k}: {p}" for k, p in found[1:])
        raise ConfigError(key, problem + more, file=name) from None
    for key, problem in (*_contradictions(policy), *_open_to_others(policy, file)):
        raise ConfigError(key, problem, file=name)
    return policy


def _open_to_others(policy: Policy, file: Path | None) -> Iterator[tuple[str, str]]:
    """Whoever can write a file that names a program to run can run any as us: it must be ours, and its folder too."""
    if file is None or all(channel.type is not ChannelType.COMMAND for channel in policy.channels):
        return
    for place in (file.resolve(), file.resolve().parent):
        state = place.stat()
        if state.st_uid not in (0, os.geteuid()):
            yield "channels", f"a command channel is not taken from here: {place} belongs to another user; chown it"
        elif state.st_mode & 0o022:
            yield "channels", f"a command channel is not taken from here: others can write {place}; chmod go-w it"


# -- values


class _BadValue(ValueError):
    """Says what is allowed; the walker adds the key and what was read."""


def _bad(value: object, allowed: str) -> _BadValue:
    return _BadValue(f"{value!r} is not allowed; it must be {allowed}")


def duration(value: object) -> timedelta:
    """`30s`, `5m`, `2h`, `7d`, or a whole of parts such as `1h30m`."""
    allowed = 'a duration such as "30s", "5m", "2h" or "7d"'
    if not isinstance(value, str):
        raise _bad(value, allowed)
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*(ms|[smhdw])", value)
    if not parts or "".join(f"{n}{u}" for n, u in parts) != re.sub(r"\s", "", value):
        raise _bad(value, allowed)
    return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts))


def size(value: object) -> int:
    """A number of bytes: `10MB`, `512KiB`, or a plain number."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]*)", str(value).strip().lower())
    if isinstance(value, bool) or not match or (match[2] or "b") not in _SIZES:
        raise _bad(value, 'a size such as "10MB" or "512KiB"')
    return int(float(match[1]) * _SIZES[match[2] or "b"])


def one_or_more(value: object) -> tuple[str, ...]:
    """A text, or a list of them."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) and text for text in texts):
        raise _bad(value, "a text in quotes, or a list of them")
    return tuple(texts)


def selector(value: object) -> str:
    """A CSS selector."""
    if not isinstance(value, str):
        raise _bad(value, "a CSS selector in quotes")
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError  # most commands need no parser

    try:
        LexborHTMLParser("").css(value)
    except SelectolaxError:
        raise _bad(value, 'a CSS selector such as "main a.story"') from None
    return value


def digest(value: object) -> Digest:
    """`1h`, or the time of day `08:00`, which is in the zone of the channel."""
    allowed = 'a duration of 1s to 24h such as "1h", or a time of day such as "08:00"'
    at = time_of_day(value) if isinstance(value, str) else None
    if at is not None:
        return Digest(at=at)
    try:
        every = duration(value)
    except _BadValue:
        raise _bad(value, allowed) from None
    if not timedelta(seconds=1) <= every <= timedelta(days=1):
        raise _bad(value, allowed)
    return Digest(every=timedelta(seconds=round(every.total_seconds())))


def _hours(value: object) -> Hours:
    found = hours_of(value) if isinstance(value, str) else None
    if found is None:
        raise _bad(value, 'hours such as "22:00-07:00"')
    return found


def _network(value: object) -> IPv4Network | IPv6Network:
    try:
        return ip_network(str(value), strict=False)
    except ValueError:
        raise _bad(value, 'an address range such as "127.0.0.0/8" or "fd00::/8"') from None


def _exactly(kind: type, allowed: str) -> Callable[[object, object], object]:
    def structure(value: object, _: object) -> object:
        if type(value) is not kind:
            raise _bad(value, allowed)
        return value

    return structure


def _choice(value: object, enum: type[StrEnum]) -> StrEnum:
    try:
        return enum(value)  # type: ignore[arg-type]  # anything may stand in a file; what is no member raises
    except ValueError:
        allowed = "one of " + ", ".join(f'"{member}"' for member in enum)
        near = get_close_matches(str(value), list(enum), 1)
        raise _bad(value, allowed + (f' (did you mean "{near[0]}"?)' if near else "")) from None


def _converter(environ: Mapping[str, str]) -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    converter.register_structure_hook(timedelta, lambda value, _: duration(value))
    converter.register_structure_hook(str, _exactly(str, "a text in quotes"))
    converter.register_structure_hook(int, _exactly(int, "a whole number"))
    converter.register_structure_hook(bool, _exactly(bool, "true or false"))
    converter.register_structure_hook(IPv4Network | IPv6Network, lambda value, _: _network(value))
    converter.register_structure_hook(Digest, lambda value, _: digest(value))
    converter.register_structure_hook(Hours, lambda value, _: _hours(value))
    for enum in (AlertEvent, ChannelType, Declaration, FactKind, Field, *_enums_of(EmailPolicy)):
        converter.register_structure_hook(enum, _choice)
    _register_lists(converter)
    _register_tables(converter, environ)
    return converter


def _enums_of(policy: type) -> Iterator[type[StrEnum]]:
    for field in fields(policy):
        if isinstance(field.type, type) and issubclass(field.type, StrEnum):
            yield field.type


def _register_lists(converter: Converter) -> None:
    """A lone text where a list is wanted would be read letter by letter: refuse it in words."""

    def factory(kind: Any) -> Callable[[object, object], object]:
        item = get_args(kind)[0]

        def structure(value: object, _: object) -> object:
            if not isinstance(value, list):
                raise _bad(value, "a list of tables" if is_dataclass(item) else "a list in square brackets")
            return converter.structure(value, list[item])  # type: ignore[valid-type]  # a type known at run time only

        return lambda value, kind: tuple(structure(value, kind))  # type: ignore[arg-type]

    def is_list(kind: Any) -> bool:
        return getattr(kind, "__origin__", None) is tuple

    converter.register_structure_hook_factory(is_list, factory)


def _register_tables(converter: Converter, environ: Mapping[str, str]) -> None:
    def table(cls: type, **overrides: Any) -> None:
        inner: Callable[[Mapping[str, Any], Any], Any] = make_dict_structure_fn(
            cls, converter, _cattrs_forbid_extra_keys=True, **overrides
        )

        def structure(value: object, kind: object) -> object:
            if not isinstance(value, dict):
                raise _bad(value, "a table")
            return inner(_with_secrets(cls, value, environ), kind)

        converter.register_structure_hook(cls, structure)

    table(FetchPolicy, max_body=override(struct_hook=lambda value, _: size(value)))
    table(HealthPolicy, disk_reserve=override(struct_hook=lambda value, _: size(value)))
    table(EmailPolicy, sender=override(rename="from"))
    several = {
        key: override(struct_hook=lambda value, _: one_or_more(value))
        for key in ("pattern", "exclude", "section", "language")
    }
    table(SourceEntry, **several, links=override(struct_hook=lambda value, _: selector(value)))
    plain = (StorePolicy, SchedulePolicy, LivePolicy, ArticleEntry, SiteEntry, ChannelPolicy, RulePolicy)
    for cls in (*plain, WebPolicy, Policy):
        table(cls)


_SECRETS = {
    FetchPolicy: ("proxy",),
    SiteEntry: ("proxy",),
    EmailPolicy: ("password",),
    ChannelPolicy: ("secret", "url"),
    HealthPolicy: ("ping_url",),
}
_MAY_BE_WRITTEN = ("url", "ping_url", "proxy")
"""An address is a secret to some receivers only."""
_TABLES: dict[type, tuple[str, ...]] = {SiteEntry: ("headers", "cookies")}
"""Of several values by name, some of which may be secrets."""


def _with_secrets(cls: type, value: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """`secret_env = "NAME"` and `secret_file = "path"` become the secret; one in the file's own text is refused."""
    value = dict(value)
    for name in _SECRETS.get(cls, ()):
        written = value.get(name)
        holds_password = name == "proxy" and "@" in str(written)
        if written is not None and (
            name not in _MAY_BE_WRITTEN or value.get("type") == ChannelType.APPRISE or holds_password
        ):
            what = "a password" if holds_password else f"a {name}"
            raise _BadValue(f"{what} does not belong in this file; use {name}_env or {name}_file")
        variable, file = value.pop(f"{name}_env", None), value.pop(f"{name}_file", None)
        if variable is not None:
            value[name] = _from_environment(name, variable, environ)
        elif file is not None:
            value[name] = _from_file(name, file)
    for name in _TABLES.get(cls, ()):
        secret = _table(f"{name}_env", value.pop(f"{name}_env", {}))
        found = {key: _from_environment(name, variable, environ) for key, variable in secret.items()}
        value[name] = {**_table(name, value.get(name, {})), **found}
    return value


def _table(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _BadValue(f'{name} is {value!r}; allowed is a table, such as {{ Name = "value" }}')
    return value


def _from_environment(name: str, variable: object, environ: Mapping[str, str]) -> str:
    found = environ.get(str(variable))
    if not found:
        raise _BadValue(f"{name}_env names ${variable}, which is not set; export it before the start")
    return found


def _from_file(name: str, file: object) -> str:
    try:
        return Path(str(file)).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise _BadValue(f"{name}_file names {file}, which cannot be read: {error.strerror}") from None


# -- errors


def _problems(error: BaseException, path: str) -> Iterator[tuple[str, str]]:
    """(key, problem) for everything that is wrong, keys written as `fetch.delay` and `rules[2].fields`."""
    if isinstance(error, ClassValidationError | IterableValidationError):
        for inner in error.exceptions:
            yield from _problems(inner, path + _step(inner, path))
    elif isinstance(error, ForbiddenExtraKeysError):
        for key in sorted(error.extra_fields):
            yield f"{path}.{key}".lstrip("."), _unknown(key, error.cl)
    elif isinstance(error, _BadValue):
        yield path, str(error)
    elif isinstance(error, KeyError):
        yield path, f"{error.args[0]} is missing; it is required here"
    else:
        yield path, str(error)


def _step(error: BaseException, path: str) -> str:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, IterableValidationNote):
            return f"[{note.index}]"
        if isinstance(note, AttributeValidationNote) and not isinstance(error, KeyError):
            return f".{_as_written(note.name)}" if path else _as_written(note.name)
    return ""


def _as_written(name: str) -> str:
    return "from" if name == "sender" else name


def _unknown(key: str, cls: type) -> str:
    known = sorted({*(_as_written(f.name) for f in fields(cls)), *_secret_keys(cls)})
    near = get_close_matches(key, known, 1, 0.5)
    if near:
        return f'there is no such key; did you mean "{near[0]}"?'
    return f"there is no such key; known here: {', '.join(known)}"


def _secret_keys(cls: type) -> Iterator[str]:
    for name in _SECRETS.get(cls, ()):
        yield from (f"{name}_env", f"{name}_file")
    for name in _TABLES.get(cls, ()):
        yield f"{name}_env"


# -- what no single key can tell


def _contradictions(policy: Policy) -> Iterator[tuple[str, str]]:
    yield from _wrong_times(policy.schedule)
    yield from _wrong_urls(policy)
    yield from _wrong_access(policy)
    yield from _wrong_channels(policy)
    yield from _wrong_health(policy)
    yield from _wrong_rules(policy)
    yield from _wrong_zones(policy)


def _wrong_rules(policy: Policy) -> Iterator[tuple[str, str]]:
    names = {channel.name for channel in policy.channels}
    for index, rule in enumerate(policy.rules):
        for name in rule.channels:
            if name not in names:
                known = ", ".join(sorted(names)) or "there is none; add a [[channels]] table"
                yield f"rules[{index}].channels", f"there is no channel {name!r}; known: {known}"
        for key in ("added", "removed"):
            for pattern in getattr(rule, key):
                if (wrong := _wrong_pattern(pattern)) is not None:
                    yield f"rules[{index}].{key}", f"{pattern!r} is no regular expression: {wrong}"
        if rule.urgent and rule.digest is not None:
            yield f"rules[{index}].urgent", "what is urgent waits for no digest; leave out one of the two"


def _wrong_pattern(pattern: str) -> str | None:
    import regex  # most configurations have no pattern

    try:
        regex.compile(pattern)
    except regex.error as error:
        return str(error)
    return None


def _wrong_zones(policy: Policy) -> Iterator[tuple[str, str]]:
    zones = [(f"sites[{index}].zone", site.zone) for index, site in enumerate(policy.sites) if site.zone is not None]
    zones += [(f"channels[{index}].zone", channel.zone) for index, channel in enumerate(policy.channels)]
    for key, zone in zones:
        if not _is_zone(zone):
            yield key, f'{zone!r} is no time zone; use a name such as "Europe/London"'


def _wrong_times(schedule: SchedulePolicy) -> Iterator[tuple[str, str]]:
    for name in ("live", "fresh", "min", "max", "sources"):
        if getattr(schedule, name) < timedelta(milliseconds=100):
            yield f"schedule.{name}", "must be at least 100ms"
    if schedule.min > schedule.max:
        yield "schedule.min", "must not be longer than max"
    if schedule.concurrency < 1:
        yield "schedule.concurrency", f"{schedule.concurrency} is not allowed; it must be 1 or more"


def _wrong_urls(policy: Policy) -> Iterator[tuple[str, str]]:
    for section in ("articles", "sources"):
        for index, entry in enumerate(getattr(policy, section)):
            try:
                normalise_url(entry.url)
            except BadUrl as error:
                yield f"{section}[{index}].url", str(error)


_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_COOKIE_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")
"""RFC 9110, section 5.6.2, and RFC 6265, section 4.1.1."""
_OURS = {
    "user-agent": "user_agent in [fetch] says who we are, to every site",
    "cookie": "write it under cookies",
    **dict.fromkeys(
        ("host", "connection", "content-length", "transfer-encoding", "accept-encoding", "upgrade", "te", "expect"),
        "it is the connection's own",
    ),
    **dict.fromkeys(("if-none-match", "if-modified-since", "range"), "it would hide changes"),
}


def _wrong_access(policy: Policy) -> Iterator[tuple[str, str]]:
    """How sites are asked. No value is repeated: it may be a secret."""
    proxies = [("fetch.proxy", policy.fetch.proxy)]
    for index, site in enumerate(policy.sites):
        key = f"sites[{index}]"
        proxies.append((f"{key}.proxy", site.proxy))
        for name, value in site.headers.items():
            if reason := _OURS.get(name.lower()):
                yield f"{key}.headers", f"{name} cannot be set here: {reason}"
            elif not _TOKEN.fullmatch(name) or not _is_header_value(value):
                yield f"{key}.headers", f"{name!r} or its value cannot be sent as a header; it must be one line"
        for name, value in site.cookies.items():
            if not _TOKEN.fullmatch(name) or not _COOKIE_VALUE.fullmatch(value):
                yield (
                    f"{key}.cookies",
                    f"{name!r} or its value cannot be sent as a cookie; write %20 for a space",
                )
    for key, proxy in proxies:
        if proxy is not None:
            try:
                parse_proxy(proxy)
            except ValueError as error:
                yield key, str(error)


def _is_header_value(value: str) -> bool:
    return value == value.strip() and all(" " <= letter <= "\xff" and letter != "\x7f" for letter in value)


def _wrong_channels(policy: Policy) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for index, channel in enumerate(policy.channels):
        key = f"channels[{index}]"
        if channel.name in seen:
            yield f"{key}.name", f"{channel.name!r} is used twice; give each channel its own name"
        seen.add(channel.name)
        for name, problem in (*_wrong_pace(channel), *_wrong_receiver(channel)):
            yield f"{key}.{name}", problem
        if channel.type is ChannelType.EMAIL and policy.email is None:
            yield "email", f"channel {channel.name!r} sends email; add an [email] table with host and from"


def _wrong_pace(channel: ChannelPolicy) -> Iterator[tuple[str, str]]:
    if channel.storm is not None and channel.storm < 0:
        yield "storm", f"{channel.storm} is not allowed; it must be a number of messages, or 0 for any"
    if channel.storm_window < timedelta(seconds=1):
        yield "storm_window", "must be at least 1s"


def _wrong_receiver(channel: ChannelPolicy) -> Iterator[tuple[str, str]]:
    kind = channel.type
    if kind is ChannelType.EMAIL and not channel.to:
        yield "to", 'an email channel needs receivers: to = ["desk@example.org"]'
    if kind is ChannelType.WEBHOOK and not channel.url:
        yield "url", 'a webhook channel needs an address: url = "https://..." or url_env = "NAME"'
    if kind is ChannelType.APPRISE and not channel.url:
        yield "url", 'an Apprise channel needs an address: url_env = "NAME" or url_file = "path"'
    if kind is ChannelType.APPRISE and " " in (channel.url or ""):
        yield "url", "it holds several addresses; give each a channel, so that each is tried again by itself"
    if kind is ChannelType.COMMAND and not channel.command:
        yield "command", 'a command channel needs a program: command = ["/usr/local/bin/tell"]'


def _wrong_health(policy: Policy) -> Iterator[tuple[str, str]]:
    health, names = policy.health, {channel.name for channel in policy.channels}
    for name in health.channels:
        if name not in names:
            known = ", ".join(sorted(names)) or "there is none; add a [[channels]] table"
            yield "health.channels", f"there is no channel {name!r}; known: {known}"
    for key in ("blind_after", "ping_every"):
        if getattr(health, key) < timedelta(milliseconds=100):
            yield f"health.{key}", "must be at least 100ms"
    if health.source_failing_after < 1:
        yield "health.source_failing_after", f"{health.source_failing_after} is not allowed; it must be 1 or more"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def environment() -> Mapping[str, str]:
    """The process environment: where secrets come from."""
    return os.environ
