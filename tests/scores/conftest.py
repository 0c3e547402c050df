"""How a gate speaks: its figures stand in the log of a run that passes too."""

from collections.abc import Callable

import pytest

from tests.scores.floors import Verdict

Judge = Callable[[Verdict], None]


@pytest.fixture
def judge(capsys: pytest.CaptureFixture[str], record_property: Callable[[str, object], None]) -> Judge:
    """Tells a gate's figures and fails with the rows that pulled one of them below its floor."""

    def told(verdict: Verdict) -> None:
        for name, figure in verdict.figures.items():
            record_property(f"{verdict.gate}: {name}", round(figure, 4))
        with capsys.disabled():
            print("", *verdict.lines(), sep="\n")
        assert not verdict.sunk, verdict.reasons()

    return told
