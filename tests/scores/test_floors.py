"""How a gate judges."""

from tests.newsroom.faults import Fault, tally
from tests.newsroom.judging import Row
from tests.scores.floors import FLOORS, Verdict

AT_THE_FLOOR = {name: floor.least or floor.most for name, floor in FLOORS["corpus"].items()}


def test_figures_at_their_floors_hold() -> None:
    assert not Verdict("corpus", AT_THE_FLOOR, {}).sunk


def test_a_figure_below_its_floor_sinks_and_names_the_rows() -> None:
    worse = {**AT_THE_FLOOR, "shown_core": 0.5}
    verdict = Verdict("corpus", worse, {"shown_core": ["page/1 e_word"], "real": ["page/2 n_real_mid"]})
    assert verdict.sunk == ["shown_core"]
    assert "page/1 e_word" in verdict.reasons()
    assert "page/2" not in verdict.reasons()


def test_a_figure_above_its_lid_sinks() -> None:
    assert Verdict("corpus", {**AT_THE_FLOOR, "blow_ups": 0.001}, {}).sunk == ["blow_ups"]


def test_a_floor_that_is_beaten_by_far_is_told() -> None:
    told = Verdict("corpus", {**AT_THE_FLOOR, "shown_core": 1.0, "real": 0.0}, {}).lines()
    assert [line.split(":")[1].split()[0] for line in told if "can be raised" in line] == ["shown_core", "real"]


def test_a_row_that_sinks_without_a_known_fault_is_new() -> None:
    row = Row("word", "semantic", "en", "not shown")
    assert tally([row]).new == ["word semantic en: not shown"]


def test_a_known_fault_whose_rows_hold_is_mended() -> None:
    fault = Fault("captions are passed over", frozenset(("caption",)), layouts=frozenset(("tables",)))
    [told] = tally([Row("caption", "tables", "en")], [fault]).mended
    assert told.startswith(fault.why)


def test_a_row_of_a_known_fault_is_not_new() -> None:
    fault = Fault("captions are passed over", frozenset(("caption",)))
    found = tally([Row("caption", "tables", "en", "not shown")], [fault])
    assert (found.new, found.mended) == ([], [])
