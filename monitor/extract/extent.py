"""How much a text says, alike in scripts that set spaces between words and in those that do not."""

import re

from monitor.extract.tree import Passage

# Thai, Lao, Burmese, Khmer; Japanese and Chinese. Korean sets spaces, but says as much in a letter.
UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_UNSPACED = re.compile(f"[{UNSPACED}]")
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
LOOKED_AT = 12
LETTERS_A_WORD = 2
DENSITY = 2


def extent(passage: Passage) -> int:
    """Its length in letters of an alphabet; one of Chinese, Japanese or Korean stands for two."""
    text = passage.text
    dense = not text.isascii() and _DENSE.search(text, 0, LOOKED_AT) is not None
    return DENSITY * len(text) if dense else len(text)


def words_in(passage: Passage) -> int:
    """Its words; where they are not set apart, every two letters are one."""
    text = passage.text
    if text.isascii() or _UNSPACED.search(text, 0, LOOKED_AT) is None:
        return passage.count
    return words_of(text)


def words_of(text: str) -> int:
    """The same of any text, whatever it begins with."""
    return len(text.split()) + (0 if text.isascii() else len(_UNSPACED.findall(text)) // LETTERS_A_WORD)
