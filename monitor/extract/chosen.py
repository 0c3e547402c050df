"""What a site rule picks from a page."""

from dataclasses import dataclass, field

from monitor.core.policy import SiteRule
from monitor.core.text import normalise
from monitor.extract.fields import person_of
from monitor.extract.markers import Marker
from monitor.extract.tree import Page, Passage


@dataclass(slots=True)
class Chosen:
    """What a site rule picks, field by field; empty where it picks nothing."""

    headline: str | None = None
    standfirst: list[Passage] = field(default_factory=list)
    byline: tuple[str, ...] = ()
    body: list[Passage] = field(default_factory=list)
    captions: list[Passage] = field(default_factory=list)
    corrections: tuple[str, ...] = ()
    marker: Marker | None = None

    @classmethod
    def by(cls, site: SiteRule | None, page: Page) -> "Chosen":
        if site is None:
            return cls()
        dropped = {p.index for selector in site.drop for p in _picked(page, selector)}
        mark = next(iter(_said(page, site.live)), None)
        return cls(
            headline=next(iter(_said(page, site.headline)), None),
            standfirst=_picked(page, site.standfirst),
            byline=tuple(person_of(name) for name in _said(page, site.byline)),
            body=[p for p in _picked(page, site.body) if p.index not in dropped],
            captions=_picked(page, site.captions),
            corrections=_said(page, site.corrections),
            marker=Marker(True, mark) if mark else None,
        )


def _said(page: Page, selector: str | None) -> tuple[str, ...]:
    """What the elements say, each once; they may stand inside a line."""
    texts = (normalise(node.text()) for node in page.tree.css(selector)) if selector else ()
    return tuple(dict.fromkeys(text for text in texts if text))


def _picked(page: Page, selector: str | None) -> list[Passage]:
    nodes = {node.mem_id for node in page.tree.css(selector)} if selector else set()
    if not nodes:
        return []
    return [p for p in page.passages if any(place.node.mem_id in nodes for place in p.place.up())]
