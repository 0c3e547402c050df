"""Answers about texts that are kept, since pages that are read every few minutes ask for the same ones again."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

LONGEST = 1_000
"""Characters of a text about which an answer is kept. With the answers' number this bounds the memory of each cache:
no text takes more than four bytes a character, and texts of news take one or two."""


def cached_by_text(
    answers: int, longest: int = LONGEST
) -> Callable[[Callable[Concatenate[str, P], T]], Callable[Concatenate[str, P], T]]:
    """Keeps so many answers of a pure function of a text, and of whatever else it is told; those asked for least lately
    go first. Of texts longer than `longest` characters none is kept."""

    def with_cache(function: Callable[Concatenate[str, P], T]) -> Callable[Concatenate[str, P], T]:
        kept = lru_cache(maxsize=answers)(function)

        @wraps(function)
        def answer(text: str, /, *others: P.args, **named: P.kwargs) -> T:
            if len(text) > longest:
                return function(text, *others, **named)
            return kept(text, *others, **named)  # type: ignore[arg-type]  # they can be hashed, or it cannot be kept

        return answer

    return with_cache
