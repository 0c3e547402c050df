"""Site rules: what is known of single publishers. The only place that may name one."""

from collections.abc import Iterable
from dataclasses import fields, replace

from monitor.core.policy import SiteRule

# One newsroom's layout in its editions; the selectors are confirmed by several public readers of its pages.
_LAYOUT = SiteRule(
    host="",
    headline="h1.article__title",
    standfirst="div.article__announce-text",
    body="div.article__block[data-type=text] .article__text, div.article__block[data-type=quote] .article__quote-text, "
    "div.article__block[data-type=h2] .article__h2, div.article__block[data-type=h3] .article__h3, "
    "div.article__block[data-type=list] .article__list-label",
    captions="div.article__announce .media__copyright, div.article__announce .media__title",
    published="div.article__info-date > a",
    updated="span.article__info-date-modified",
    drop=("div.article__block[data-type=article]", "div.article__block[data-type=banner]"),
    day_first=True,
)
_MOSCOW = replace(_LAYOUT, zone="Europe/Moscow")

SHIPPED: tuple[SiteRule, ...] = (
    replace(_LAYOUT, host="*.sputnikglobe.com", zone="GMT"),
    replace(_LAYOUT, host="*.sputniknews.com", zone="GMT"),
    replace(_MOSCOW, host="*.ria.ru"),
)


def rule_for(host: str, configured: Iterable[SiteRule]) -> SiteRule | None:
    """All that is known of a host: configured rules first, field by field, then the shipped ones; None where
    nothing is."""
    found = [rule for rule in (*configured, *SHIPPED) if rule.covers(host.lower())]
    if not found:
        return None
    rule = found[0]
    for other in found[1:]:
        gaps = {
            spec.name: getattr(other, spec.name) for spec in fields(SiteRule) if getattr(rule, spec.name) in (None, ())
        }
        rule = replace(rule, **gaps)
    return rule
