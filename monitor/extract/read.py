"""One page, told from the top: decode, read what stands outside the body, prove unchanged or read the body."""

from dataclasses import replace
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from monitor.core.article import Reading, SamePage
from monitor.core.text import decode, fingerprint
from monitor.extract.content import ArticleOnPage
from monitor.extract.digest import page_digest
from monitor.extract.hostile import refuse_hostile
from monitor.extract.markers import find_marker
from monitor.extract.release import reader
from monitor.extract.structured import read_structured
from monitor.extract.suspicions import find_suspicions
from monitor.extract.tree import read_passages
from monitor.extract.unscripted import are_scripts, pieces_of, take_out_scripts, unscripted_digest
from monitor.ports import Hints


def read_page(
    body: bytes,
    url: str,
    *,
    content_type: str | None = None,
    captured_at: datetime | None = None,
    hints: Hints | None = None,
    last_modified: str | None = None,
) -> Reading | SamePage:
    """What the page says, or SamePage where it reads as `hints.page_digest` remembers.

    The same bytes and hints give the same Reading, whatever was read before. `last_modified` is the HTTP header.
    Raises ExtractionFailed for a page that is built to stall a parser.
    """
    hints = hints or Hints()
    pieces, rules = pieces_of(body), reader(hints)
    unscripted = unscripted_digest(pieces, rules, url, content_type or "", repr(replace(hints, page_digest=None)))
    known, _, known_unscripted = (hints.page_digest or "").partition(_AND)
    if unscripted == known_unscripted and hints.method is None:
        return SamePage(hints.page_digest or "")
    refuse_hostile(body, url)
    decoded = decode(body, content_type=content_type, hint=hints.charset)
    tree = LexborHTMLParser(decoded.text)
    structured = read_structured(tree, url)
    scripts = take_out_scripts(tree)
    live = find_marker(structured, (), added=(), captured_at=captured_at).live
    digest = page_digest(tree, structured, hints, extractor=rules, live=live)
    if digest == known and hints.method is None:
        return SamePage(hints.page_digest or "")
    page = read_passages(tree)
    fingerprints = tuple(sorted(fingerprint(passage.text) for passage in page.passages))
    article = ArticleOnPage(page, structured, url, hints, captured_at, last_modified, decoded.text)
    content, marker_place = article.read()
    # What a live blog says of its end has to be held against the clock, whatever stands in its bytes.
    sure = decoded.charset == "utf-8" and not live and are_scripts(pieces, scripts)
    return Reading(
        content=content,
        page_digest=digest + _AND + unscripted if sure else digest,
        page_blocks=fingerprints,
        charset=decoded.charset,
        suspicions=find_suspicions(page, content, structured, heading=article.headline, html=decoded.text, url=url),
        declared=structured.declares_article,
        canonical=structured.address(url),
        marker_place=marker_place,
    )


_AND = "."
"""Stands between the two parts of a digest: that of the page as it reads, and, where it proves anything, that of its
bytes."""
