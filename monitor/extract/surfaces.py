"""Every place of a page that says its headline, each as the page has it."""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from monitor.core.headline import Surface, SurfaceText
from monitor.core.text import fold, normalise, squeeze
from monitor.extract.structured import Structured, text_of


def headlines_of(structured: Structured, *, heading: str | None, url: str) -> tuple[SurfaceText, ...]:
    """The surfaces that say something; `heading` is the page's own. A site's name, at either end of <title> and
    og:title, is taken off where the page says that it is one: it names itself so, or the rest is what another surface
    says."""
    machine = text_of(structured.main.get("headline"))
    shared = normalise(structured.meta("og:title", "twitter:title") or "") or None
    sites = _names_of_site(structured, url)
    shared = bare_title(shared, (heading, machine), sites) if shared else None
    title = bare_title(structured.title, (heading, machine, shared), sites) if structured.title else None
    found = (
        (Surface.H1, heading),
        (Surface.TITLE, title),
        (Surface.OG_TITLE, shared),
        (Surface.JSON_LD, machine),
        (Surface.SLUG, slug_words(url)),
    )
    return tuple(SurfaceText(surface, text) for surface, text in found if text)


# A hyphen parts only between spaces, and so does a colon: both stand in headlines.
_BORDER = re.compile(r"\s*[|·•»«｜：]\s*|\s+(?:[-–—:/]|::)\s+")


def bare_title(title: str, others: Iterable[str | None], sites: frozenset[str]) -> str:
    """The title without the name of its site. `others` are what the other surfaces say, `sites` the squeezed names of
    the site."""
    wanted = {fold(other) for other in others if other}
    borders = list(_BORDER.finditer(title))
    for border in borders:
        for part in (title[: border.start()], title[border.end() :]):
            if fold(part) in wanted:
                return part
    if borders and squeeze(title[borders[-1].end() :]) in sites:
        return bare_title(title[: borders[-1].start()], (), sites) or title
    if borders and squeeze(title[: borders[0].start()]) in sites:
        return title[borders[0].end() :] or title
    return title


def _names_of_site(structured: Structured, url: str) -> frozenset[str]:
    publisher = structured.main.get("publisher")
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    names = (
        structured.meta("og:site_name", "application-name", "apple-mobile-web-app-title"),
        text_of(publisher),
        host,
        host.partition(".")[0],
    )
    return frozenset(key for name in names if name and (key := squeeze(name)))


_NUMBER = re.compile(r"[a-z]?[0-9.]+|[0-9a-f]{6,}")
_ENDING = re.compile(r"\.[a-z]{2,5}$")
LEAST_WORDS = 3


def slug_words(url: str) -> str | None:
    """The words of the address, in lower case; None where it is made of fewer than three. Numbers of an archive at
    either end are no words, those within may be."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    parts = [_ENDING.sub("", unquote(part)).replace("_", "-").strip("-").casefold() for part in path.split("/")]
    longest = max(parts, key=lambda part: part.count("-"), default="")
    words = [word for word in longest.split("-") if word]
    while words and _is_number(words[0]):
        words.pop(0)
    while words and _is_number(words[-1]):
        words.pop()
    return normalise(" ".join(words)) if len(words) >= LEAST_WORDS else None


def _is_number(word: str) -> bool:
    """Whether it is a number of an archive: figures, perhaps with a letter before them, or hexadecimal ones."""
    return _NUMBER.fullmatch(word) is not None and any(letter.isdigit() for letter in word)
