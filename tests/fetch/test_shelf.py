"""What is remembered has a bound, and what is used stays."""

from monitor.fetch.shelf import Shelf


def test_the_least_used_goes_first() -> None:
    shelf = Shelf[str](most=10)
    shelf.put("a", "A", 4)
    shelf.put("b", "B", 4)
    shelf.get("a")
    shelf.put("c", "C", 4)

    assert [shelf.get(name) for name in "abc"] == ["A", None, "C"]


def test_several_go_for_one_that_is_heavy() -> None:
    shelf = Shelf[str](most=10)
    for name in "abcde":
        shelf.put(name, name.upper(), 2)
    shelf.put("f", "F", 7)

    assert [shelf.get(name) for name in "abcdef"] == [None, None, None, None, "E", "F"]


def test_what_was_put_last_stays_whatever_it_weighs() -> None:
    shelf = Shelf[str](most=10)
    shelf.put("a", "A", 4)
    shelf.put("b", "B", 40)

    assert [shelf.get(name) for name in "ab"] == [None, "B"]


def test_what_is_put_again_weighs_what_it_weighs_last() -> None:
    shelf = Shelf[str](most=10)
    shelf.put("a", "A", 9)
    shelf.put("a", "A", 1)
    shelf.put("b", "B", 9)

    assert [shelf.get(name) for name in "ab"] == ["A", "B"]


def test_what_was_dropped_weighs_nothing() -> None:
    shelf = Shelf[str](most=10)
    shelf.put("a", "A", 9)
    shelf.drop("a")
    shelf.drop("never there")
    shelf.put("b", "B", 5)
    shelf.put("c", "C", 5)

    assert [shelf.get(name) for name in "abc"] == [None, "B", "C"]
