"""What is read of JSON-LD, however it is wrapped and however it is nested."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.structured import MOST_NESTED, Structured, read_structured

SAID = '{"@type": "NewsArticle", "headline": "Pier reopens", "datePublished": "2022-01-25T09:00:00Z"}'


def structured(script: str) -> Structured:
    page = f'<html><head><script type="application/ld+json">{script}</script></head><body></body></html>'
    return read_structured(LexborHTMLParser(page), "https://skerry.example/pier")


@pytest.mark.parametrize(
    "script",
    [
        SAID,
        f"\n  {SAID}\n",
        f"{SAID};",
        f"<!-- {SAID} -->",
        f"//<![CDATA[\n{SAID}\n//]]>",
        f"<![CDATA[{SAID}]]>",
        f"<!-- {SAID}",
        f"{SAID}\n//]]>",
        SAID.replace("}", ",}"),
    ],
)
def test_the_article_is_read_from_its_wrapping(script: str) -> None:
    assert structured(script).headline == "Pier reopens"


def test_marks_of_a_wrapping_within_a_text_are_the_texts() -> None:
    assert structured(SAID.replace("reopens", "--> reopens; again")).headline == "Pier --> reopens; again"


@pytest.mark.parametrize(("levels", "read"), [(MOST_NESTED - 2, True), (MOST_NESTED + 1, False)])
@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"inner":', "}")], ids=["lists", "objects"])
def test_json_that_is_nested_without_end_is_not_walked(levels: int, read: bool, opens: str, closes: str) -> None:
    nested = f"{opens * levels}0{closes * levels}"
    script = SAID.replace("}", f', "about": {nested}}}')
    assert json.loads(script)

    assert (structured(script).headline is not None) is read
