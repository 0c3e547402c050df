"""Two versions of a story and the edits between them, for every rendering to show."""

from monitor.core.article import Block, BlockKind, Content
from monitor.core.diff import Edit, diff

FIRE = "At least 12 people died in a fire at a textile factory on Monday, police said."
OWNER = "The owner of the factory was arrested on Tuesday evening after a search of his home."
MAYOR = "The mayor promised an inquiry into the safety of the buildings along the old harbour."
FILLER = [f"Paragraph number {n} stands here as it always has, unchanged." for n in range(6)]

CHINESE = (
    "警方表示，周一晚间市郊一家纺织厂发生火灾，造成至少12人死亡，另有数十人因烧伤被送往医院。市长承诺调查（旧港）。"
)
ARABIC = "قالت الشرطة إن 12 شخصا على الأقل لقوا حتفهم في حريق بمصنع للنسيج في ضواحي المدينة مساء الاثنين."
THAI = "ตำรวจกล่าวว่ามีผู้เสียชีวิตอย่างน้อย 12 คนจากเหตุเพลิงไหม้โรงงานสิ่งทอชานเมืองเมื่อคืนวันจันทร์"
FAMILY = "👨‍👩‍👧‍👦"


def article(
    *paragraphs: str,
    headline: str | None = None,
    byline: tuple[str, ...] = (),
    captions: tuple[str, ...] = (),
    corrections: tuple[str, ...] = (),
) -> Content:
    return Content(
        url="https://example.org/fire",
        headline=headline,
        byline=byline,
        blocks=tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs),
        captions=captions,
        corrections=corrections,
    )


def edit_of(old: str, new: str) -> Edit:
    """The edit of a headline: one text, whatever survives of it."""
    (edit,) = diff(article(headline=old), article(headline=new))
    return edit


EDITED = diff(
    article(FIRE, *FILLER, OWNER, headline="Fire kills 12"),
    article(FIRE.replace("12", "17"), *FILLER, headline="Fire kills 17"),
)
MOVED = diff(article(FIRE, OWNER, MAYOR), article(OWNER, MAYOR, FIRE.replace("12", "17")))
SPLIT = diff(article(f"{FIRE} {OWNER}"), article(FIRE, OWNER))
JOINED = diff(article(FIRE, OWNER), article(f"{FIRE.replace('12', '17')} {OWNER}"))
