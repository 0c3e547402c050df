"""Stories of corrections told step by step in a file: what they come to, and what is to be told of them."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.core.article import Block, BlockKind, Content
from monitor.core.corrections import Link, Note, ToldChange, linked
from monitor.core.diff import diff

NINE = datetime(2022, 5, 3, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    headline: str
    paragraphs: tuple[str, ...]
    notes: tuple[str, ...] = ()
    inside: str = ""

    def after(self, step: dict[str, Any]) -> "Said":
        headline, paragraphs = step.get("headline", self.headline), self.paragraphs
        for old, new in step.get("edit", ()):
            headline = headline.replace(old, new)
            paragraphs = tuple(text.replace(old, new) for text in paragraphs)
        if "cut" in step:
            paragraphs = paragraphs[: step["cut"] - 1] + paragraphs[step["cut"] :]
        paragraphs = (*paragraphs, step["add"]) if "add" in step else paragraphs
        notes, inside = tuple(step.get("notes", self.notes)), step.get("inside", self.inside)
        return replace(self, headline=headline, paragraphs=paragraphs, notes=notes, inside=inside)

    def content(self) -> Content:
        *most, last = self.paragraphs
        texts = (*most, f"{last} {self.inside}".strip())
        blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in texts)
        url = "https://skerry.example/2022/05/03/ferry"
        return Content(url=url, headline=self.headline, blocks=blocks, corrections=self.notes)


def scripted(file: Path) -> list["Scripted"]:
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    texts = read["texts"]
    return [Scripted(each["name"], tuple(texts[each["text"]]), tuple(each["steps"])) for each in read["stories"]]


@dataclass(frozen=True)
class Scripted:
    name: str
    text: tuple[str, ...]
    steps: tuple[dict[str, Any], ...]


def changes_of(story: Scripted) -> list[ToldChange]:
    headline, *paragraphs = story.text
    base, changes = Said(headline, tuple(paragraphs)), []
    for at, step in enumerate(story.steps, start=1):
        said, seen = base.after(step), NINE + timedelta(hours=step.get("at", at))
        if step.get("withdrawn"):
            continue
        edits = diff(base.content(), said.content())
        changes.append(
            ToldChange(
                change_id=at, version=at + 1, edits=edits, not_before=seen - timedelta(minutes=10), not_after=seen
            )
        )
        base = said
    return changes


WORDS = {
    Link.SAME_CHANGE: "earlier",
    Link.EARLIER_CHANGE: "earlier",
    Link.NO_CHANGE: "none",
    Link.UNDETERMINED: "undetermined",
    Link.REWORDED: "reworded",
    Link.REMOVED: "removed",
}


def words_of(note: Note, at: int) -> set[str]:
    found = {"this" if change.id == at else f"{WORDS[note.link]} {change.id}" for change in note.explains}
    return found or {WORDS[note.link]}


def told_of(story: Scripted) -> Iterator[tuple[set[str], set[str], str]]:
    """What is to be told of each step, what is, and its name."""
    found = linked(changes_of(story))
    for at, step in enumerate(story.steps, start=1):
        if step.get("withdrawn"):
            continue
        wanted = set(filter(None, step["is"].replace("silent", "").strip(" +").split(" + ")))
        if "silent" in step["is"] and not any(f"earlier {at}" in later["is"] for later in story.steps[at:]):
            wanted.add("silent")
        told: set[str] = set().union(*(words_of(note, at) for note in found[at].notes))
        if found[at].facts_without_note:
            told.add("silent")
        yield wanted, told, f"{story.name}, step {at}"
