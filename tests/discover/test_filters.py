"""Which items of a source are watched: by address, section, language and age."""

from datetime import timedelta
from typing import Any

import pytest

from monitor.core.address import fits
from monitor.core.policy import Selection
from monitor.discover import Found, FoundKind, Item, kept
from tests.fakes import NOON

URL = "https://www.news.example/2022/politics/mayor-resigns.html?page=2"
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("glob", "does"),
    [
        ("/20*/*", True),
        ("/2022/politics/*", True),
        ("*.html", True),
        ("*/politics/*", True),
        ("www.news.example/*", True),
        ("https://*.news.example/*", True),
        ("/20[12]?/*", True),
        ("*page=2", True),
        ("/politics/*", False),
        ("/2022", False),
        ("news.example/*", False),
        ("/POLITICS/*", False),
    ],
)
def test_a_glob_fits_an_address_its_path_or_both_without_the_scheme(glob: str, does: bool) -> None:
    assert fits(URL, glob) is does


def keeps(item: Item, **asked: Any) -> bool:
    return kept(Found(kind=FoundKind.RSS, items=(item,)), Selection(**asked), NOON) == (item,)


def test_without_a_wish_everything_is_kept() -> None:
    assert keeps(Item(url=URL))


@pytest.mark.parametrize(
    ("asked", "stays"),
    [
        ({"pattern": ("/20*",)}, True),
        ({"pattern": ("/video/*", "/20*")}, True),
        ({"pattern": ("/video/*",)}, False),
        ({"exclude": ("/video/*",)}, True),
        ({"exclude": ("/video/*", "*mayor*")}, False),
        ({"pattern": ("/20*",), "exclude": ("*mayor*",)}, False),
    ],
)
def test_an_address_must_fit_one_pattern_and_no_exclusion(asked: dict[str, tuple[str, ...]], stays: bool) -> None:
    assert keeps(Item(url=URL), **asked) is stays


@pytest.mark.parametrize(
    ("section", "stays"),
    [("City news", True), ("city NEWS", True), ("politics", True), ("2022", True), ("city", False)],
)
def test_a_section_is_a_category_or_a_folder_of_the_address(section: str, stays: bool) -> None:
    assert keeps(Item(url=URL, sections=("Local", "City News")), section=(section,)) is stays


def test_the_name_of_the_article_itself_is_no_section() -> None:
    assert not keeps(Item(url="https://news.example/politics"), section=("politics",))


@pytest.mark.parametrize(
    ("own", "whole", "stays"),
    [
        ("en-GB", "de", True),
        ("en_us", None, True),
        (None, "EN", True),
        ("de", "en", False),
        (None, "eng", False),
        (None, None, True),
    ],
)
def test_the_language_is_the_items_own_or_its_documents_and_unsaid_it_passes(
    own: str | None, whole: str | None, stays: bool
) -> None:
    found = Found(kind=FoundKind.RSS, items=(Item(url=URL, language=own),), language=whole)
    assert bool(kept(found, Selection(language=("en",)), NOON)) is stays


@pytest.mark.parametrize(
    ("published", "updated", "stays"),
    [
        (NOON - DAY, None, True),
        (NOON - 3 * DAY, None, False),
        (NOON - 3 * DAY, NOON - DAY, True),
        (None, NOON - 3 * DAY, False),
        (NOON + DAY, None, True),
        (None, None, True),
    ],
)
def test_age_counts_from_the_later_date_and_undated_items_pass(published: Any, updated: Any, stays: bool) -> None:
    assert keeps(Item(url=URL, published_at=published, updated_at=updated), max_age=2 * DAY) is stays
