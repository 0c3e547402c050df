"""Which lines of the body are the story, which stand beside it, and which are the page talking of itself."""

import re
from collections.abc import Sequence

from monitor.core.article import Rank
from monitor.core.text import fold
from monitor.core.timestamps import is_stamp_line
from monitor.extract.extent import extent, words_in
from monitor.extract.notes import starts_like_note
from monitor.extract.phrases import table
from monitor.extract.tree import HEADINGS, Passage

_TABLE = table("lines.toml")


def _any_of(key: str) -> str:
    return "|".join(_TABLE[key])


_EDGE = r"[\W_]*"
_WHOLE = re.compile(rf"^{_EDGE}(?:{_any_of('whole')}){_EDGE}$")
_COUNTER = re.compile(rf"^{_EDGE}(?:[\d.,]*\s*[km]?\s*(?:{_any_of('counted')})(?!\w)[\W\d]*){{1,6}}$")
_COUNTED = re.compile(rf"\d\s*[km]?\s*(?:{_any_of('counted')})(?!\w)")
_POINTER = re.compile(rf"^{_EDGE}(?:{_any_of('pointers')})(?!\w)")
# Where words are not parted by blanks, the end of one is not to be seen.
_UNSPACED = "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_POINTER_BY_LINK = re.compile(rf"^{_EDGE}(?:{_any_of('pointers')})(?:(?!\w)|(?<={_UNSPACED}))")
_APPEAL = re.compile(rf"^{_EDGE}(?:{_any_of('appeals')})(?!\w)")
_APPEAL_INSIDE = re.compile(_any_of("appeals_inside"))
_CREDIT = re.compile(rf"^{_EDGE}(?:{_any_of('credits')})")
_BYLINE = re.compile(rf"^{_EDGE}(?:{_any_of('bylines')})")
_CREDIT_INSIDE = re.compile(_any_of("credits_inside"))
_ADDRESS = re.compile(
    r"^\W*(?:e-?mail\W+)?(?:[\w.+-]+@[\w.-]+\.\w+|@\w+|(?:https?://|www\.|twitter\.com/)\S+)(?:\W*\(end\))?\W*$"
)
_ENDED = re.compile(r"[.!?…:;。！？؟।।][\"'”’»›)\]\s*†\d]*$")

_SINCE = re.compile(
    r"^\W*\d+\s?\w+\.? (?:%s)(?!\w)|(?<!\w)\d+\s?\w+\.? (?:%s)\W*$" % (("|".join(table("names.toml")["ago"]),) * 2)
)
_LENGTH = re.compile(r"^\d{1,2}:[0-5]\d(?::[0-5]\d)?\s+[^\W\d]")

POINTER_WORDS = 45
APPEAL_WORDS = 60
CREDIT_WORDS = 80
SHORT_LINK = 16
LONGEST_LINE = 5_000
"""Characters beyond which a passage is no line of any kind; the patterns below would look at it for seconds."""


def rank(passage: Passage, *, language: str | None, edge: bool) -> Rank:
    """The rank of one passage by itself: its words and how much of it is links. `edge`: it stands among the first or
    last of the body, where credits stand."""
    text = passage.text
    if len(text) > LONGEST_LINE:
        return Rank.CORE
    key = fold(text).casefold()
    if _is_stamp_or_counter(text, key, language):
        return Rank.NOISE
    if starts_like_note(text):
        return Rank.CORE
    if _is_noise(passage, key):
        return Rank.NOISE
    if _is_credit(passage, key, edge=edge):
        return Rank.PERIPHERAL
    return Rank.CORE


def _is_stamp_or_counter(text: str, key: str, language: str | None) -> bool:
    """A line of times, or of times and counters side by side: "279 views 6 minutes ago"."""
    if len(text) > 120:
        return False
    if is_stamp_line(text, language) or _is_signed_stamp(text, language):
        return True
    words = key.split()
    if len(words) > 12 or not _COUNTED.search(key):
        return False
    halves = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words)))
    return any(
        (_COUNTER.match(one) and is_stamp_line(other, language))
        or (_COUNTER.match(other) and is_stamp_line(one, language))
        for one, other in halves
    )


_PARTS = re.compile(r"\s+[-–—|·•/]+\s+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
NAME_WORDS = 4


def _is_signed_stamp(text: str, language: str | None) -> bool:
    """A date with its year and a name beside it: "A. Keeper - 12 May 2024, 10:15"."""
    parts = _PARTS.split(text)
    if len(parts) < 2 or not _YEAR.search(text):
        return False
    others = [part for part in parts if not is_stamp_line(part, language)]
    return len(others) < len(parts) and all(len(part.split()) <= NAME_WORDS for part in others)


def _is_noise(passage: Passage, key: str) -> bool:
    words = passage.count
    share = passage.link_share
    if not any(character.isalpha() for character in key):
        return passage.place.tag not in ("td", "th")
    if len(key) <= 120 and (_WHOLE.match(key) or _COUNTER.match(key)):
        return True
    if key.startswith("[") and key.endswith("]") and "=" in key:
        return True
    if share > 0.8 and (words < 40 or passage.place.tag == "li") and not _is_linked_prose(passage):
        return True
    if share > 0.35 and (share > 0.6 or words <= POINTER_WORDS) and _POINTER_BY_LINK.match(key):
        return True
    if share > 0.4 and _is_dated_link(key):
        return True
    if _LENGTH.match(key) and passage.place.tag == "div" and not ends_like_prose(key):
        return True
    if words <= 6 and key[-1] not in ".!?:" and _POINTER.match(key):
        return True
    if words > APPEAL_WORDS:
        return False
    # An imperative alone is no sign, the story may quote one; with a link in it or set apart it speaks to the reader.
    set_apart = passage.linked > 0 or max(passage.strong, passage.slanted) >= 0.8 * len(passage.text)
    return bool((set_apart and _APPEAL.match(key)) or _APPEAL_INSIDE.search(key) or _is_meter(key))


_TWO_NUMBERS = re.compile(r"\d\D+\d")
_FREE = re.compile(_any_of("free"))
_ITEMS = re.compile(_any_of("items"))
METER_LENGTH = 200


def _is_meter(key: str) -> bool:
    """How many of so many free articles have been read."""
    return (
        len(key) <= METER_LENGTH
        and _TWO_NUMBERS.search(key) is not None
        and _FREE.search(key) is not None
        and _ITEMS.search(key) is not None
    )


def _is_dated_link(key: str) -> bool:
    """A link with the time since beside it: an item of a list of the latest."""
    return _SINCE.search(key) is not None


def is_label(passage: Passage) -> bool:
    """Whether a heading is the page's own: it names what kind of thing stands below, or points elsewhere."""
    key = fold(passage.text).casefold()
    return bool(_WHOLE.match(key) or _POINTER.match(key) or _APPEAL.match(key))


SENTENCE_WORDS = 8


def _is_linked_prose(passage: Passage) -> bool:
    """Whether a passage that is all links is the story's: names in a row, or a sentence set upright and ended like
    one, as no headline is."""
    return names_linked(passage) or (
        passage.place.tag == "p"
        and passage.links == 1
        and passage.count >= SENTENCE_WORDS
        and passage.text.endswith(".")
        and not passage.text.endswith("..")
        and not passage.strong
        and not passage.slanted
    )


def names_linked(passage: Passage) -> bool:
    """Whether the links are names in running text (places, people), not headlines of other stories."""
    return passage.links > 1 and passage.linked / passage.links < SHORT_LINK


def _is_credit(passage: Passage, key: str, *, edge: bool) -> bool:
    if passage.count <= CREDIT_WORDS and _BYLINE.match(key):
        return True
    if passage.count > (CREDIT_WORDS if edge else 12):
        return False
    if _CREDIT.match(key) or _ADDRESS.match(key):
        return True
    return edge and bool(_CREDIT_INSIDE.search(key))


def ends_like_prose(text: str) -> bool:
    return _ENDED.search(text) is not None


def is_running_text(passage: Passage) -> bool:
    return extent(passage) > 60 and passage.link_share < 0.3 and ends_like_prose(passage.text)


TAIL = 4
"""So many closing passages at most are no part of the story; a longer run without full stops is a list of its own."""

TAIL_WORDS = 12


def after_the_story(passages: Sequence[Passage], ranks: Sequence[Rank]) -> frozenset[int]:
    """The positions of closing passages that are no running text: signatures, single links, headings without
    anything under them, a last line set apart by its style."""
    apart = _set_apart(passages, ranks)
    end = len(passages)
    while end and not (ranks[end - 1] is Rank.CORE and end - 1 not in apart and _closes(passages[end - 1])):
        end -= 1
    run = [at for at in range(end, len(passages)) if ranks[at] is Rank.CORE]
    if not end:
        return frozenset()
    if len(run) > TAIL:
        run = [at for at in run if passages[at].link_share > 0.5 and not names_linked(passages[at])]
    run = [at for at in run if not _heads_like_others(passages, ranks, at)]
    return frozenset(at for at in run if words_in(passages[at]) <= TAIL_WORDS or at in apart)


LIKE = 2
"""A heading set like so many others of the story heads what a wall hides."""


def _heads_like_others(passages: Sequence[Passage], ranks: Sequence[Rank], at: int) -> bool:
    place = passages[at].place
    if place.tag not in HEADINGS or passages[at].linked or is_label(passages[at]):
        return False
    others = (passages[other].place for other in range(at) if ranks[other] is Rank.CORE)
    alike = (o for o in others if o.tag == place.tag and o.words == place.words and o.parent is place.parent)
    return sum(1 for _ in alike) >= LIKE


def _closes(passage: Passage) -> bool:
    """Whether the story can end with this passage."""
    if passage.place.tag in HEADINGS:
        return False
    if passage.place.tag in ("li", "td", "th", "dd"):
        return passage.link_share < 0.5
    if words_in(passage) > TAIL_WORDS and passage.link_share < 0.4:
        return True
    wrapped = passage.text.startswith(("(", "[")) and passage.text.endswith((")", "]"))
    return ends_like_prose(passage.text) and passage.link_share < 0.6 and not (wrapped and passage.count < 12)


APART = 0.1
"""The closing lines in italics or bold hold no more of the text than this, or they are the story's."""


def _set_apart(passages: Sequence[Passage], ranks: Sequence[Rank]) -> frozenset[int]:
    """Closing paragraphs all in italics or bold, where the story is set upright."""
    story = [at for at, passage in enumerate(passages) if ranks[at] is Rank.CORE and passage.place.tag == "p"]
    apart: list[int] = []
    for at in reversed(story):
        passage = passages[at]
        if is_styled(passage) and passage.text[:1] not in "\"“„«»'‘–—-":
            apart.append(at)
        elif words_in(passage) > TAIL_WORDS or ends_like_prose(passage.text):
            break
    upright = [passages[at] for at in story if at not in apart]
    held = sum(len(passages[at].text) for at in apart)
    if held > APART * sum(len(passages[at].text) for at in story):
        return frozenset()
    return frozenset(apart) if sum(map(is_styled, upright)) <= len(upright) // 4 else frozenset()


def is_styled(passage: Passage) -> bool:
    return max(passage.slanted, passage.strong) >= 0.9 * len(passage.text)
