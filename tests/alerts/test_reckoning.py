"""The reckoning of the kill tests complains of what is wrong, and of nothing else."""

import pytest

from tests.alerts.reckoning import Arrival, complaints


def came(*messages: tuple[int, str, int, int]) -> list[Arrival]:
    """By life, id, article and edition."""
    return [Arrival("hook", *message) for message in messages]


WHOLE = ((0, "a", 1, 1), (0, "b", 1, 2))


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        (WHOLE, []),
        ((WHOLE[0], WHOLE[1], (1, "b", 1, 2)), []),
        (WHOLE[:1], ["the alert of edition 2 of article 1 was lost"]),
        ((*WHOLE, (0, "c", 1, 3)), ["an alert of edition 3 of article 1, which is none, was invented"]),
        ((WHOLE[0], WHOLE[1], (1, "c", 1, 2)), ["edition 2 of article 1 came again with another id"]),
        ((WHOLE[0], (0, "a", 1, 2)), ["one id, a, for 2 alerts"]),
        (WHOLE[::-1], ["edition 1 of article 1 came after a later one"]),
        ((*WHOLE, WHOLE[1]), ["1 doubles in life 0"]),
        ((*WHOLE, (1, "b", 1, 2), (1, "b", 1, 2)), ["2 doubles in life 1"]),
    ],
)
def test_it_complains_of_just_that(messages: tuple[tuple[int, str, int, int], ...], words: list[str]) -> None:
    assert complaints(came(*messages), {1: 2}, ["hook"]) == [f"hook: {word}" for word in words]
