"""Articles for the tests, and what is told of two of them."""

from monitor.core.article import Block, BlockKind, Content, Field
from monitor.core.diff import Edit, EditOp, diff
from monitor.core.facts import Fact, FactKind, facts


def article(*paragraphs: str, headline: str | None = None, corrections: tuple[str, ...] = ()) -> Content:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs)
    return Content(url="https://example.org/fire", headline=headline, blocks=blocks, corrections=corrections)


def found(old: Content, new: Content) -> tuple[Fact, ...]:
    return facts(diff(old, new))


def told(kind: FactKind, old: str | Content, new: str | Content) -> list[tuple[str, str]]:
    """What is told of one kind; of texts, a line is a paragraph."""
    before, after = (article(*side.split("\n")) if isinstance(side, str) else side for side in (old, new))
    return [(fact.old, fact.new) for fact in found(before, after) if fact.kind is kind]


def rewritten(old: str, new: str) -> Edit:
    """A paragraph in which the diff found nothing to keep."""
    return Edit(
        field=Field.BODY,
        op=EditOp.REPLACE,
        old=old,
        new=new,
        spans=(("delete", old), ("insert", new)),
        old_at=0,
        new_at=0,
        kind=BlockKind.PARAGRAPH,
    )
