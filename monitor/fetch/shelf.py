"""A memory that holds so much and no more."""

from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """Things by name, each with its weight. The one that was not asked for longest goes first, once all together
    weigh more than `most`; the one put last stays, whatever it weighs."""

    def __init__(self, most: int) -> None:
        self._most, self._weight = most, 0
        self._things: OrderedDict[str, tuple[T, int]] = OrderedDict()

    def get(self, name: str) -> T | None:
        if name not in self._things:
            return None
        self._things.move_to_end(name)
        return self._things[name][0]

    def put(self, name: str, thing: T, weight: int) -> None:
        self.drop(name)
        self._things[name] = (thing, weight)
        self._weight += weight
        while self._weight > self._most and len(self._things) > 1:
            self.drop(next(iter(self._things)))

    def drop(self, name: str) -> None:
        _, weight = self._things.pop(name, (None, 0))
        self._weight -= weight
