"""The same two texts give the same bytes, in another process and with other hashes too."""

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from monitor.core.article import Block, BlockKind, Content
from monitor.core.diff import diff, patch_text, stats
from monitor.store.documents import diff_bytes
from tests.revisions import material
from tests.revisions.making import revised

ROOT = Path(__file__).resolve().parents[2]
VOCABULARY = [f"w{number}" for number in range(60)]


def _content(paragraphs: tuple[str, ...]) -> Content:
    return Content(url="https://example.org/", blocks=tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs))


def _pairs() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for one in material.own():
        revision = revised(one, 1)
        yield revision.old, revision.new
    # Beyond the bounds: too many likenesses to look at all, a paragraph matched by phrases, a spent budget.
    chance = random.Random(1)
    old, new = (tuple(" ".join(chance.choices(VOCABULARY, k=30)) for _ in range(250)) for _ in "12")
    yield old, new
    words = chance.choices("abcdefgh", k=20_000)
    yield (" ".join(words),), (" ".join(word if chance.random() < 0.9 else "x" for word in words),)
    yield tuple("".join(words)), tuple("".join(reversed(words)))


def digest() -> str:
    told = hashlib.sha256()
    for before, after in _pairs():
        old, new = _content(before), _content(after)
        edits = diff(old, new)
        told.update(diff_bytes(edits, patch_text(old, new)))
        told.update(repr(stats(edits)).encode())
    return told.hexdigest()


def test_a_diff_is_the_same_bytes_in_another_process_with_other_hashes() -> None:
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, "-c", f"from {__name__} import digest; print(digest())"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": seed},
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == digest()
