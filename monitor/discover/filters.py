"""Which of a source's items are watched."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import unquote, urlsplit

from monitor.core.address import fits
from monitor.core.policy import Selection
from monitor.discover.found import Found, Item


def kept(found: Found, selection: Selection, now: datetime) -> tuple[Item, ...]:
    """The items that pass all of it, in their order."""
    return tuple(item for item in found.items if _passes(item, found, selection, now))


def fits_any(url: str, globs: Iterable[str]) -> bool:
    """Whether one of them fits; without any, every address does."""
    globs = tuple(globs)
    return not globs or any(fits(url, glob) for glob in globs)


def _passes(item: Item, found: Found, selection: Selection, now: datetime) -> bool:
    return (
        fits_any(item.url, selection.pattern)
        and not any(fits(item.url, glob) for glob in selection.exclude)
        and (not selection.section or _in_section(item, selection.section))
        and (not selection.language or _speaks(item.language or found.language, selection.language))
        and (selection.max_age is None or _is_younger(item, now - selection.max_age))
    )


def _in_section(item: Item, wanted: Iterable[str]) -> bool:
    """By the item's own categories, or by a folder of its address: the last part is the article."""
    folders = unquote(urlsplit(item.url).path).split("/")[1:-1]
    names = {name.casefold() for name in (*item.sections, *folders) if name}
    return any(name.casefold() in names for name in wanted)


def _speaks(language: str | None, wanted: Iterable[str]) -> bool:
    """Whether a language tag is one of these or a kind of it: en-GB is en (RFC 4647, basic filtering)."""
    tag = (language or "").strip().replace("_", "-").casefold()
    prefixes = (name.replace("_", "-").casefold() for name in wanted)
    return not tag or any(tag == prefix or tag.startswith(prefix + "-") for prefix in prefixes)


def _is_younger(item: Item, oldest: datetime) -> bool:
    """By the later of its dates: an old story that was updated today is news of today."""
    dates = [at for at in (item.updated_at, item.published_at) if at]
    return not dates or max(dates) >= oldest
