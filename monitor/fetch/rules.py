"""The rules of a robots.txt (RFC 9309): of its records those that are meant for us, and what they allow."""

import re
from collections.abc import Iterator
from datetime import timedelta

from protego import Protego

MOST_DELAY = timedelta(hours=1)


class Rules:
    """What a robots.txt says to one robot, which is known by `token`. `text` is what `meant_for` gives."""

    def __init__(self, text: str, token: str) -> None:
        self._parsed, self._token = Protego.parse(text), token

    def allow(self, url: str) -> bool:
        """Whether a whole address, in the form that parse_address gives it, may be fetched."""
        return self._parsed.can_fetch(url, self._token)

    @property
    def crawl_delay(self) -> timedelta | None:
        """Between two requests, at most an hour; None where none is asked for."""
        seconds = self._parsed.crawl_delay(self._token)
        return timedelta(seconds=min(seconds, MOST_DELAY.total_seconds())) if seconds else None


def meant_for(token: str, body: bytes) -> str:
    """The groups of a robots.txt that name `token` (a product token in lower case) or all robots: a record a line, in
    plain spelling and ASCII; "" where there are none.

    Protego, which is given this, would keep the rules for all robots, and a file of thousands of names before
    thousands of rules costs it their product. It also takes a part of our name for the whole, ends lines where
    Unicode does, and knows no byte order mark that lost a byte.
    """
    return "\n".join(_of_our_groups(token, body))


def product_token(user_agent: str) -> str:
    """The name that robots.txt knows us by: the first word of the User-Agent, or the one behind "compatible;"."""
    found = _COMPATIBLE.search(user_agent)
    if found:
        return found.group(1).lower()
    first = _TOKEN.match(user_agent)
    return first.group().lower() if first else "monitor"


_COMPATIBLE = re.compile(r"compatible;\s*([A-Za-z_-]+)")
_TOKEN = re.compile(r"[A-Za-z_-]+")


def _of_our_groups(token: str, body: bytes) -> Iterator[str]:
    ours = naming = False
    for key, value in _records(body):
        if key == "user-agent":
            name = _name(value)
            meant = name in ("*", token)
            ours, naming = meant or (ours and naming), True
            if meant:
                yield f"user-agent: {name}"
        else:
            naming = False
            if ours:
                yield f"{key}: {value}"


def _name(agent: str) -> str:
    """Names end where their letters do ("newsbot/1.0" is newsbot), and a star with words behind it is the star."""
    if agent.split(maxsplit=1)[:1] == ["*"]:
        return "*"
    name = _TOKEN.match(agent)
    return name.group().lower() if name else ""


_MARK = re.compile(rb"\A\xef(?:\xbb\xbf?)?")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_UNSAFE = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f-\xff]")
# Without the colon, which is often forgotten, only one word may follow: else it is prose.
_RECORD = re.compile(
    r"(user[- ]?agents?|diss?all?ow|diasllow|disallaw|allow|crawl[- ]delay)(?:\s*:\s*(.*)|\s+(\S+))", re.IGNORECASE
)
_KEYS = {"u": "user-agent", "d": "disallow", "a": "allow", "c": "crawl-delay"}


def _records(body: bytes) -> Iterator[tuple[str, str]]:
    """Keys and values, line by line. What is unknown is passed over, and ends no group (RFC 9309, section 2.2.4).
    Crawl-delay is known: sites that write one for some robots do not mean them by the next group's rules."""
    for line in _LINE_END.split(_MARK.sub(b"", body)):
        text = line.partition(b"#")[0].decode("utf-8", "surrogateescape").strip()
        record = _RECORD.fullmatch(text)
        if record:
            yield _KEYS[text[0].lower()], _escaped(record[2] or record[3] or "")


def _escaped(value: str) -> str:
    octets = value.encode("utf-8", "surrogateescape")
    return _UNSAFE.sub(lambda octet: b"%%%02X" % octet.group()[0], octets).decode("ascii")
