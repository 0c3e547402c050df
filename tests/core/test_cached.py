"""Answers about texts that are kept."""

from monitor.core.cached import cached_by_text


def test_an_answer_is_asked_for_once() -> None:
    asked: list[tuple[str, int]] = []

    @cached_by_text(2)
    def repeated(text: str, times: int) -> str:
        asked.append((text, times))
        return text * times

    assert [repeated("tide ", 2), repeated("tide ", 3), repeated("tide ", 2)] == ["tide " * n for n in (2, 3, 2)]
    assert asked == [("tide ", 2), ("tide ", 3)]


def test_no_more_answers_are_kept_than_was_said() -> None:
    asked: list[str] = []

    @cached_by_text(2)
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    for text in ("one", "two", "three", "one"):
        assert length(text) == len(text)
    assert asked == ["one", "two", "three", "one"]


def test_of_long_texts_none_is_kept() -> None:
    asked: list[str] = []

    @cached_by_text(8, longest=4)
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    for text in ("ebb", "flood", "ebb", "flood"):
        assert length(text) == len(text)
    assert asked == ["ebb", "flood", "flood"]
