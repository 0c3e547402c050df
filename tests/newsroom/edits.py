"""What editors do to a story. Each edit is made at the model and says in which field it must show, with which words."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from monitor.core.article import Field
from tests.newsroom.layouts import Layout
from tests.newsroom.story import HEADING, ITEM, PARAGRAPH, PICTURE, QUOTE, ROW, Language, Note, Part, Story


@dataclass(frozen=True, slots=True)
class Edited:
    """A story before and after. `came` stands in `field` afterwards and `gone` does not, where they are given."""

    before: Story
    after: Story
    field: Field
    came: str | None = None
    gone: str | None = None


Edit = Callable[[Story], Edited | None]
EDITS: dict[str, Edit] = {}


def edit(make: Edit) -> Edit:
    EDITS[getattr(make, "__name__", "")] = make
    return make


def edited(kind: str, layout: Layout, language: Language) -> Edited | None:
    """None where the layout has not what the edit is about."""
    made = EDITS[kind](layout.story(language))
    needs = {Field.STANDFIRST: "standfirst", Field.BYLINE: "byline", Field.CAPTIONS: "caption"}
    if made is None or needs.get(made.field, "headline") not in layout.shows:
        return None
    return made


# -- in the text of a part


def _exchanged(text: str, key: str, story: Story) -> str:
    old, new = story.language.edits[key]
    assert text.count(old) == 1, f"{story.language.code}: {key} must name one place"
    return text.replace(old, new)


def _in_paragraphs(story: Story, key: str) -> Edited:
    old, new = story.language.edits[key]
    places = [place for place in story.at(PARAGRAPH) if old in story.parts[place].text]
    assert len(places) == 1, f"{story.language.code}: {key} must name one paragraph"
    return _in_part(story, places[0], _exchanged(story.parts[places[0]].text, key, story), came=new)


def _in_part(story: Story, place: int, text: str, *, came: str, field: Field = Field.BODY) -> Edited:
    parts = list(story.parts)
    gone = parts[place].text
    parts[place] = replace(parts[place], text=text)
    return Edited(story, story.with_parts(parts), field, came=came, gone=gone)


def _in_first(story: Story, kind: str, key: str, field: Field = Field.BODY) -> Edited | None:
    """In the first part of that kind that holds the words."""
    old, new = story.language.edits[key]
    place = next((at for at in story.at(kind) if old in story.parts[at].text), None)
    if place is None:
        return None
    return _in_part(story, place, _exchanged(story.parts[place].text, key, story), came=new, field=field)


@edit
def word(story: Story) -> Edited | None:
    return _in_paragraphs(story, "word")


@edit
def number(story: Story) -> Edited | None:
    return _in_paragraphs(story, "number")


@edit
def typo(story: Story) -> Edited | None:
    return _in_paragraphs(story, "typo")


@edit
def short_word(story: Story) -> Edited | None:
    return _in_paragraphs(story, "short")


@edit
def sentence(story: Story) -> Edited | None:
    words, place = story.language.edits["sentence"], story.at(PARAGRAPH)[3]
    blank = "" if story.language.code in ("ja", "zh") else " "
    made = _in_part(story, place, story.parts[place].text + blank + words, came=words)
    return replace(made, gone=None)  # the new paragraph holds the old one


@edit
def sub_heading(story: Story) -> Edited | None:
    return _in_first(story, HEADING, "heading")


@edit
def list_item(story: Story) -> Edited | None:
    return _in_first(story, ITEM, "item")


@edit
def block_quote(story: Story) -> Edited | None:
    return _in_first(story, QUOTE, "quote")


@edit
def table_cell(story: Story) -> Edited | None:
    rows = story.at(ROW)
    if not rows:
        return None
    parts, new = list(story.parts), story.language.edits["cell"]
    old = parts[rows[1]]
    parts[rows[1]] = Part.row((*old.cells[:-1], new))
    return Edited(story, story.with_parts(parts), Field.BODY, came=new, gone=old.text)


@edit
def inner_caption(story: Story) -> Edited | None:
    return _in_first(story, PICTURE, "picture", Field.CAPTIONS)


# -- whole paragraphs


def _put(story: Story, place: int, text: str) -> Edited:
    parts = [*story.parts[:place], Part(PARAGRAPH, text), *story.parts[place:]]
    return Edited(story, story.with_parts(parts), Field.BODY, came=text)


@edit
def paragraph_added(story: Story) -> Edited | None:
    return _put(story, story.at(PARAGRAPH)[3], story.language.edits["added"])


@edit
def paragraph_appended(story: Story) -> Edited | None:
    return _put(story, len(story.parts), story.language.edits["added"])


@edit
def brief_paragraph(story: Story) -> Edited | None:
    return _put(story, story.at(PARAGRAPH)[2], story.language.edits["brief"])


@edit
def paragraph_deleted(story: Story) -> Edited | None:
    place = story.at(PARAGRAPH)[4]
    parts = [*story.parts[:place], *story.parts[place + 1 :]]
    return Edited(story, story.with_parts(parts), Field.BODY, gone=story.parts[place].text)


@edit
def last_paragraph_deleted(story: Story) -> Edited | None:
    place = story.at(PARAGRAPH)[-1]
    return Edited(story, story.with_parts(story.parts[:place]), Field.BODY, gone=story.parts[place].text)


@edit
def paragraphs_swapped(story: Story) -> Edited | None:
    one, other = story.at(PARAGRAPH)[2], story.at(PARAGRAPH)[4]
    parts = list(story.parts)
    parts[one], parts[other] = parts[other], parts[one]
    return Edited(story, story.with_parts(parts), Field.BODY)


@edit
def lede_rewritten(story: Story) -> Edited | None:
    new = story.language.edits["lede"]
    return _in_part(story, story.at(PARAGRAPH)[0], new, came=new)


# -- round the body


@edit
def headline(story: Story) -> Edited | None:
    new = _exchanged(story.headline, "headline", story)
    return Edited(story, replace(story, headline=new), Field.HEADLINE, came=new, gone=story.headline)


@edit
def standfirst(story: Story) -> Edited | None:
    new = _exchanged(story.standfirst, "standfirst", story)
    return Edited(story, replace(story, standfirst=new), Field.STANDFIRST, came=new, gone=story.standfirst)


@edit
def byline(story: Story) -> Edited | None:
    new = story.language.edits["byline"]
    return Edited(story, replace(story, byline=new), Field.BYLINE, came=new, gone=story.byline)


@edit
def caption(story: Story) -> Edited | None:
    new = _exchanged(story.caption, "caption", story)
    return Edited(story, replace(story, caption=new), Field.CAPTIONS, came=new, gone=story.caption)


def _noted(story: Story, place: str, key: str) -> Edited:
    text = story.language.edits[key]
    return Edited(story, replace(story, note=Note(place, text)), Field.CORRECTIONS, came=text)


@edit
def correction_as_p(story: Story) -> Edited | None:
    return _noted(story, "p", "correction")


@edit
def correction_as_div(story: Story) -> Edited | None:
    return _noted(story, "div", "correction")


@edit
def correction_in_aside(story: Story) -> Edited | None:
    return _noted(story, "aside", "correction")


@edit
def correction_in_footer(story: Story) -> Edited | None:
    return _noted(story, "footer", "correction")


@edit
def note_on_top(story: Story) -> Edited | None:
    return _noted(story, "top", "note")


@edit
def correction_withdrawn(story: Story) -> Edited | None:
    made = _noted(story, "p", "correction")
    return Edited(made.after, made.before, Field.CORRECTIONS, gone=made.came)


# -- the state of the story: its text stays


@edit
def marker_gone(story: Story) -> Edited | None:
    return Edited(replace(story, marker=story.language.edits["marker"]), story, Field.LIVE)


@edit
def restamped(story: Story) -> Edited | None:
    assert story.updated
    return Edited(story, replace(story, updated=story.updated + timedelta(minutes=42)), Field.UPDATED)
