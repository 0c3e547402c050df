"""What is remembered of an article's headlines, as one column. It is written at every check and read with every
article: each text stands in it once, surfaces that have always said the same share one memory, times are integer UTC
milliseconds."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from monitor.core.headline import HeadlineTest, Surface, SurfaceMemory, Turn, Wording
from monitor.store.columns import instant, milliseconds


def headlines_text(memory: Mapping[Surface, SurfaceMemory]) -> str:
    texts: dict[str, int] = {}
    named: dict[SurfaceMemory, list[Surface]] = {}
    for surface, known in memory.items():
        named.setdefault(known, []).append(surface)

    def number(text: str) -> int:
        return texts.setdefault(text, len(texts))

    surfaces = {" ".join(names): _memory_json(known, number) for known, names in named.items()}
    return json.dumps({"texts": list(texts), "surfaces": surfaces}, separators=(",", ":"))


def _memory_json(known: SurfaceMemory, number: Callable[[str], int]) -> dict[str, Any]:
    return {
        "wordings": [
            [number(w.text), milliseconds(w.first_at), milliseconds(w.last_at), w.looks, w.tested]
            for w in known.wordings
        ],
        "turns": [[number(t.text), milliseconds(t.first_at), milliseconds(t.last_at), t.looks] for t in known.turns],
        **({"test": _test_json(known.test, [number(text) for text in known.test.texts])} if known.test else {}),
    }


def _test_json(test: HeadlineTest, texts: list[int]) -> list[Any]:
    times = (test.since, test.known_at, test.told_at, test.ended_at)
    return [texts, *(milliseconds(at) if at is not None else None for at in times)]


def headlines_of(text: str) -> dict[Surface, SurfaceMemory]:
    document = json.loads(text)
    found: dict[Surface, SurfaceMemory] = {}
    for names, known in document["surfaces"].items():
        memory = _memory(known, document["texts"])
        found |= {Surface(name): memory for name in names.split()}
    return found


def _memory(known: Mapping[str, Any], texts: list[str]) -> SurfaceMemory:
    wordings = tuple(
        Wording(text=texts[number], first_at=instant(first), last_at=instant(last), looks=looks, tested=tested)
        for number, first, last, looks, tested in known["wordings"]
    )
    turns = tuple(
        Turn(text=texts[number], first_at=instant(first), last_at=instant(last), looks=looks)
        for number, first, last, looks in known["turns"]
    )
    return SurfaceMemory(wordings=wordings, turns=turns, test=_test(known["test"], texts) if "test" in known else None)


def _test(document: list[Any], texts: list[str]) -> HeadlineTest:
    numbers, since, known_at, told_at, ended_at = document
    return HeadlineTest(
        texts=tuple(texts[number] for number in numbers),
        since=instant(since),
        known_at=instant(known_at),
        told_at=instant(told_at) if told_at is not None else None,
        ended_at=instant(ended_at) if ended_at is not None else None,
    )
