"""Measures the diff on hostile and very large input: CPU seconds, beside those of the diff-match-patch package.

    python -m tests.bench.diff_speed [--only WORD] [--ops]

plain   `text_ops`, the engine on two texts
edits   `diff` of two Contents whose body is the text; `check`, `stats` and `facts` are timed by themselves after it,
        `patch` is `patch_text`
dmp     the diff-match-patch package on the same two texts, by characters and with its semantic clean-up; its own clock
        stops it after a second, and then it gives what it has
ratio   plain over dmp

Each diff is proved: one that does not rebuild its texts stops the program. `--ops` leaves out all but `plain`.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from time import process_time
from typing import TypeVar

from diff_match_patch import diff_match_patch

from monitor.core.article import Block, BlockKind, Content
from monitor.core.diff import Edit, check, diff, patch_text, stats, text_ops
from monitor.core.facts import facts

T = TypeVar("T")
Texts = tuple[str, str]
CASES: dict[str, Callable[[random.Random], Texts]] = {}


def case(name: str) -> Callable[[Callable[[random.Random], Texts]], Callable[[random.Random], Texts]]:
    def named(make: Callable[[random.Random], Texts]) -> Callable[[random.Random], Texts]:
        CASES[name] = make
        return make

    return named


# -- material


def words(chance: random.Random, count: int, vocabulary: int = 8_000) -> list[str]:
    return [f"w{chance.randrange(vocabulary)}" for _ in range(count)]


def sentences(chance: random.Random, count: int, vocabulary: int = 8_000) -> str:
    """Words with a full stop after every twentieth, as prose has them."""
    return " ".join(word + "." * (at % 20 == 0) for at, word in enumerate(words(chance, count, vocabulary), start=1))


def edited(chance: random.Random, items: list[str], share: float) -> list[str]:
    return [f"x{chance.randrange(99)}" if chance.random() < share else item for item in items]


def paragraphs(chance: random.Random, count: int, size: int = 60) -> list[str]:
    return [" ".join(words(chance, size)) for _ in range(count)]


def han(chance: random.Random, count: int, characters: int = 2_000) -> list[str]:
    return [chr(0x4E00 + chance.randrange(characters)) for _ in range(count)]


# -- one paragraph


@case("50,000 words in one paragraph, 1 % edited")
def _(chance: random.Random) -> Texts:
    old = words(chance, 50_000)
    return " ".join(old), " ".join(edited(chance, old, 0.01))


@case("50,000 words in sentences, 1 % edited")
def _(chance: random.Random) -> Texts:
    old = sentences(chance, 50_000)
    return old, " ".join(edited(chance, old.split(" "), 0.01))


@case("50,000 words in one paragraph, rewritten")
def _(chance: random.Random) -> Texts:
    return " ".join(words(chance, 50_000)), " ".join(words(chance, 50_000))


@case("50,000 words in sentences, rewritten")
def _(chance: random.Random) -> Texts:
    return sentences(chance, 50_000), sentences(chance, 50_000)


@case("50,000 words, every second one edited")
def _(chance: random.Random) -> Texts:
    old = words(chance, 50_000)
    return " ".join(old), " ".join(f"x{at}" if at % 2 else word for at, word in enumerate(old))


@case("50,000 words, the halves swapped")
def _(chance: random.Random) -> Texts:
    old = words(chance, 50_000)
    return " ".join(old), " ".join(old[25_000:] + old[:25_000])


@case("50,000 words over a vocabulary of two")
def _(chance: random.Random) -> Texts:
    return " ".join(chance.choices("ab", k=50_000)), " ".join(chance.choices("ab", k=50_000))


@case("50,000 words in Zipf's proportions, rewritten")
def _(chance: random.Random) -> Texts:
    vocabulary = [f"w{at}" for at in range(5_000)]
    weights = [1 / (at + 1) for at in range(5_000)]
    old, new = (" ".join(chance.choices(vocabulary, weights, k=50_000)) for _ in range(2))
    return old, new


@case("200,000 Chinese characters, 1 % edited")
def _(chance: random.Random) -> Texts:
    old = han(chance, 200_000)
    return "".join(old), "".join(edited(chance, old, 0.01))


@case("200,000 Chinese characters, rewritten")
def _(chance: random.Random) -> Texts:
    return "".join(han(chance, 200_000)), "".join(han(chance, 200_000))


@case("200,000 Chinese characters in sentences, 1 % edited")
def _(chance: random.Random) -> Texts:
    old = [c if at % 30 else "。" for at, c in enumerate(han(chance, 200_000), start=1)]
    return "".join(old), "".join(edited(chance, old, 0.01))


@case("200,000 Thai characters, 1 % edited")
def _(chance: random.Random) -> Texts:
    old = [chr(0x0E01 + chance.randrange(46)) + chance.choice(("", "", "\u0e34", "\u0e48")) for _ in range(140_000)]
    return "".join(old), "".join(edited(chance, old, 0.01))


# -- many paragraphs


@case("2,000 paragraphs shuffled")
def _(chance: random.Random) -> Texts:
    old = paragraphs(chance, 2_000)
    return "\n".join(old), "\n".join(chance.sample(old, len(old)))


@case("2,000 paragraphs shuffled, each with a word edited")
def _(chance: random.Random) -> Texts:
    old = paragraphs(chance, 2_000)
    new = [text.replace(" ", f" x{at} ", 1) for at, text in enumerate(chance.sample(old, len(old)))]
    return "\n".join(old), "\n".join(new)


@case("3,000 paragraphs rewritten")
def _(chance: random.Random) -> Texts:
    return "\n".join(paragraphs(chance, 3_000)), "\n".join(paragraphs(chance, 3_000))


@case("3,000 paragraphs, each with words edited")
def _(chance: random.Random) -> Texts:
    old = paragraphs(chance, 3_000)
    return "\n".join(old), "\n".join(" ".join(edited(chance, text.split(" "), 0.05)) for text in old)


@case("200 paragraphs rewritten as 200 others")
def _(chance: random.Random) -> Texts:
    old, new = ([" ".join(words(chance, 60, 500)) for _ in range(200)] for _ in range(2))
    return "\n".join(old), "\n".join(new)


@case("5,000 equal paragraphs and 50 others")
def _(chance: random.Random) -> Texts:
    same = ["The same line again."] * 5_000
    old, new = (same + paragraphs(chance, 50, 10) for _ in range(2))
    return "\n".join(chance.sample(old, len(old))), "\n".join(chance.sample(new, len(new)))


@case("one paragraph split into 1,000")
def _(chance: random.Random) -> Texts:
    new = [" ".join(words(chance, 40, 10**6)) for _ in range(1_000)]
    return " ".join(new), "\n".join(new)


@case("two paragraphs: the second half of each split into 500")
def _(chance: random.Random) -> Texts:
    old, new = [], []
    for _ in range(2):
        half, parts = words(chance, 20_000, 10**6), [words(chance, 40, 10**6) for _ in range(500)]
        old.append(" ".join([*half, *(word for part in parts for word in part)]))
        new += [" ".join(half), *map(" ".join, parts)]
    return "\n".join(old), "\n".join(new)


@case("1,000 paragraphs joined two by two")
def _(chance: random.Random) -> Texts:
    old = paragraphs(chance, 1_000, 40)
    return "\n".join(old), "\n".join(f"{a} {b}" for a, b in zip(old[::2], old[1::2], strict=True))


@case("a live blog of 300 paragraphs, 20 on top")
def _(chance: random.Random) -> Texts:
    old = paragraphs(chance, 300, 40)
    return "\n".join(old), "\n".join(paragraphs(chance, 20, 40) + old)


@case("100,000 lines of one letter")
def _(chance: random.Random) -> Texts:
    return "\n".join(chance.choices("abcdef", k=100_000)), "\n".join(chance.choices("abcdef", k=100_000))


@case("100,000 lines of one word, all different")
def _(chance: random.Random) -> Texts:
    old, new = ([f"w{chance.randrange(10**6)}" for _ in range(100_000)] for _ in range(2))
    return "\n".join(old), "\n".join(new)


@case("18,000 lines that share all but one word")
def _(chance: random.Random) -> Texts:
    old, new = (
        [f"the score of the match was w{chance.randrange(10**6)} again" for _ in range(9_000)] for _ in range(2)
    )
    return "\n".join(old), "\n".join(new)


# -- no prose at all


@case("2 MB of spaces")
def _(chance: random.Random) -> Texts:
    return "a" + " " * 2_000_000 + "b", "a" + " " * 1_999_999 + "b"


@case("100,000 empty lines")
def _(chance: random.Random) -> Texts:
    return "\n" * 100_000, "\n" * 99_999


@case("900,000 marks on one letter")
def _(chance: random.Random) -> Texts:
    return "a" + "\u0301" * 900_000, "a" + "\u0301" * 899_999


@case("900,000 marks on 30,000 letters")
def _(chance: random.Random) -> Texts:
    marks = [chr(0x0300 + at) for at in range(0x60)]
    old, new = ("".join(f"w{''.join(chance.choices(marks, k=30))} " for _ in range(30_000)) for _ in range(2))
    return old, new


@case("1 MB in groups of three digits")
def _(chance: random.Random) -> Texts:
    old = ["1", *(f"{chance.randrange(1000):03}" for _ in range(250_000))]
    return " ".join(old), " ".join([*old[:-1], "1234"])


@case("1 MB in groups of three Arabic digits")
def _(chance: random.Random) -> Texts:
    figures = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    old = ["1", *(f"{chance.randrange(1000):03}".translate(figures) for _ in range(250_000))]
    return " ".join(old), " ".join([*old[:-1], "1234"])


@case("1 MB of digits and full stops")
def _(chance: random.Random) -> Texts:
    return "1." * 500_000, "1." * 499_999 + "x"


@case("1 MB of letters and apostrophes")
def _(chance: random.Random) -> Texts:
    return "é'" * 500_000, "é'" * 499_999 + "!"


@case("1 MB of quotation marks")
def _(chance: random.Random) -> Texts:
    return "“”" * 500_000, "“”" * 499_999 + "„"


@case("1 MB of dashes and spaces")
def _(chance: random.Random) -> Texts:
    return "- — " * 250_000, "- — " * 249_999 + "– "


@case("1 MB without a space")
def _(chance: random.Random) -> Texts:
    return "x" * 1_000_000, "x" * 999_999 + "y"


@case("100,000 joined pictures")
def _(chance: random.Random) -> Texts:
    return "👨\u200d" * 100_000, "👨\u200d" * 99_999 + "👩"


@case("300,000 full stops and spaces")
def _(chance: random.Random) -> Texts:
    return ". " * 300_000, ". " * 299_999 + "! "


# -- measuring


def timed(act: Callable[[], T]) -> tuple[T, float]:
    begun = process_time()
    made = act()
    return made, process_time() - begun


def content(text: str) -> Content:
    blocks = tuple(Block(BlockKind.PARAGRAPH, line) for line in text.split("\n"))
    return Content(url="https://example.org/", blocks=blocks)


def by_package(old: str, new: str) -> None:
    engine = diff_match_patch()
    diffs = engine.diff_main(old, new)
    engine.diff_cleanupSemantic(diffs)


def measured(old: str, new: str, *, ops_only: bool) -> Iterator[tuple[str, float]]:
    ops, seconds = timed(lambda: text_ops(old, new))
    assert "".join(text for op, text in ops if op != "+") == old
    assert "".join(text for op, text in ops if op != "-") == new
    yield "plain", seconds
    if ops_only:
        return
    before, after = content(old), content(new)
    edits: tuple[Edit, ...]
    edits, seconds = timed(lambda: diff(before, after))
    yield "edits", seconds
    yield "check", timed(lambda: check(edits, before, after))[1]
    yield "stats", timed(lambda: stats(edits))[1]
    yield "facts", timed(lambda: facts(edits))[1]
    yield "patch", timed(lambda: patch_text(before, after))[1]
    yield "dmp", timed(lambda: by_package(old, new))[1]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", default="", help="cases whose name holds this")
    options.add_argument("--ops", action="store_true")
    asked = options.parse_args()
    for name, make in CASES.items():
        if asked.only not in name:
            continue
        old, new = make(random.Random(name))
        print(f"{name:52}", end="", flush=True)
        told = {}
        for column, seconds in measured(old, new, ops_only=asked.ops):
            told[column] = seconds
            print(f"  {column} {seconds:6.2f}", end="", flush=True)
        print(f"  ratio {told['plain'] / told['dmp']:.2f}" if told.get("dmp") else "", flush=True)


if __name__ == "__main__":
    main()
