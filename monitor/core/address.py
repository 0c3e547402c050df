"""Web addresses as browsers read them (WHATWG URL), and the one form in which an article's address is kept."""

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from urllib.parse import unquote, unquote_plus

from ada_url import URL

from monitor.errors import BadUrl

LONGEST = 8_192
DEFAULT_PORTS = {"http": 80, "https": 443}

TRACKING = frozenset(
    {
        "_ga", "_gl", "_hsenc", "_hsmi", "at_campaign", "at_campaign_type", "at_custom1", "at_custom2", "at_custom3",
        "at_custom4", "at_format", "at_link_id", "at_link_origin", "at_link_type", "at_medium", "at_ptr_name",
        "at_source", "dclid", "dicbo", "fbclid", "ftag", "gaa_at", "gaa_n", "gaa_sig", "gaa_ts", "gbraid", "gclid",
        "gclsrc", "guccounter", "guce_referrer", "guce_referrer_sig", "igsh", "igshid", "mc_cid", "mc_eid",
        "mkt_tok", "msclkid", "ns_campaign", "ns_fee", "ns_linkname", "ns_mchannel", "ns_source", "oly_anon_id",
        "oly_enc_id", "srsltid", "taid", "ttclid", "twclid", "vero_id", "wbraid", "wt_mc", "wt_zmc", "yclid",
    }
)  # fmt: skip
"""Query parameters that say how a reader came, never which page it is. Lower case."""

TRACKING_PREFIXES = ("utm_", "hsa_", "pk_", "piwik_", "matomo_", "mtm_")


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed http or https address. `url` is whole, without fragment; `host` is lower case ASCII, an IPv6 address
    without its brackets; `target` is path and query as they go over the wire."""

    url: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and, where it is not the scheme's own, port: the value of a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"


@dataclass(frozen=True, slots=True)
class ProxyAddress:
    """Where a proxy is, and who we are to it."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def parse_proxy(url: str) -> ProxyAddress:
    """Read the address of an HTTP proxy, which may carry name and password. Raises ValueError, which tells neither."""
    parsed = URL(url.strip()) if URL.can_parse(url.strip()) else None
    if parsed is None or parsed.protocol not in ("http:", "https:") or parsed.pathname != "/" or parsed.search:
        raise ValueError("that is no address of an HTTP proxy; write http://proxy.example:3128")
    scheme = parsed.protocol.removesuffix(":")
    return ProxyAddress(
        scheme=scheme,
        host=parsed.hostname.strip("[]"),
        port=int(parsed.port) if parsed.port else DEFAULT_PORTS[scheme],
        user=unquote(parsed.username) or None,
        password=unquote(parsed.password) or None,
    )


def parse_address(url: str, base: str | None = None) -> Address:
    """Read an address (relative to `base`, where given) and change nothing but what WHATWG says.

    Raises BadUrl for what is no address, is neither http nor https, or carries a user name or password.
    """
    parsed = _parsed(url, base)
    scheme = parsed.protocol.removesuffix(":")
    return Address(
        url=parsed.href,
        scheme=scheme,
        host=parsed.hostname.strip("[]"),
        port=int(parsed.port) if parsed.port else DEFAULT_PORTS[scheme],
        target=parsed.pathname + parsed.search,
    )


def normalise_url(url: str) -> str:
    """The form in which an address is kept: WHATWG's, without fragment, tracking parameters, and the dot that may
    end a host name. The order of parameters stays. Idempotent. Raises BadUrl, whose message says what to write."""
    parsed = _parsed(url, None)
    host = parsed.hostname.rstrip(".")
    if not host:
        raise _bad(url, "it names no host")
    if host != parsed.hostname:
        parsed.hostname = host
    query = _without_tracking(parsed.search.removeprefix("?"))
    if query != parsed.search.removeprefix("?") or not query:
        parsed.search = query
    return parsed.href


def host_of(url: str) -> str:
    """The host of an address, lower case, without port and brackets. Raises BadUrl."""
    return parse_address(url).host.rstrip(".")


def fits(url: str, glob: str) -> bool:
    """Whether a glob (`*` any text, `?` one character, `[ab]` one of these) fits the whole address, the address
    without its scheme, or its path with or without the query. "/20*/*" fits https://news.example/2022/mayor?page=2."""
    bare = url.partition("://")[2]
    target = "/" + bare.partition("/")[2]
    return any(fnmatchcase(words, glob) for words in (url, bare, target, target.partition("?")[0]))


def _parsed(url: str, base: str | None) -> URL:
    if len(url) > LONGEST:
        raise _bad(url[:100] + "…", f"it is longer than {LONGEST} characters")
    try:
        parsed = URL(url.strip(), base)
    except ValueError:  # UnicodeEncodeError, for a lone surrogate, is one too
        raise _bad(url, _why_unreadable(url)) from None
    if parsed.protocol not in ("http:", "https:"):
        raise _bad(url, _why_unreadable(url) if _lacks_scheme(url) else "only http and https addresses can be")
    if parsed.username or parsed.password:
        raise _bad(url, "it carries a user name or password; leave that part out")
    parsed.hash = ""
    return parsed


def _why_unreadable(url: str) -> str:
    text = url.strip()
    if not text:
        return "it is empty"
    if _lacks_scheme(text):
        return f"the scheme is missing; write https://{text.removeprefix('//')}"
    return "it is not a web address"


_BARE = re.compile(r"(?://)?(?:[^\s/?#@:]+\.[^\s/?#@:]+|localhost)(?::\d+)?(?:[/?#]\S*)?")


def _lacks_scheme(url: str) -> bool:
    text = url.strip()
    return bool(_BARE.fullmatch(text)) and URL.can_parse("https://" + text.removeprefix("//"))


_BEFORE_AT = re.compile(r"^([a-z][a-z0-9+.-]*:[/\\]*)?.*@", re.IGNORECASE | re.DOTALL)


def _bad(url: str, problem: str) -> BadUrl:
    """BadUrl prints the address, and in one that cannot be read anything before an @ may be a password."""
    return BadUrl(_BEFORE_AT.sub(r"\1***@", url.strip()), problem)


def _without_tracking(query: str) -> str:
    return "&".join(part for part in query.split("&") if not _tracks(part))


def _tracks(part: str) -> bool:
    name = unquote_plus(part.partition("=")[0]).lower()
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)
