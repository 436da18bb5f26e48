"""Figures, verdicts and the order of measuring."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bench.figures import Figure, ratio, table, to_json
from tests.bench.measure import Bench, NotMeasuredError, in_turns, start_of


def test_a_verdict_follows_from_the_budget() -> None:
    figures = [Figure("a", 1.0, "B", 1), Figure("b", 1.01, "B", 1), Figure("c", 9, "B", None)]
    assert [figure.verdict for figure in figures] == ["ok", "OVER", ""]
    assert [line.split()[0] for line in table(figures).splitlines()[1:]] == ["a", "b", "c"]
    assert [figure["verdict"] for figure in json.loads(to_json(figures))] == ["ok", "OVER", ""]


def test_a_ratio_says_what_it_is_made_of() -> None:
    figure = ratio("start", 300, 200, 1.25)
    assert (figure.value, figure.verdict) == (1.5, "OVER")
    assert figure.detail == "300 ms against 200 ms"


def test_subjects_are_measured_in_turns_and_the_order_is_reversed() -> None:
    order: list[str] = []

    def measure(name: str) -> int:
        order.append(name)
        return len(order)

    found = in_turns(3, {"a": lambda: measure("a"), "b": lambda: measure("b")})
    assert "".join(order) == "ba" + "ab" + "ba" + "ab"  # the first round warms up and does not count
    assert found == {"a": [3, 6, 7], "b": [4, 5, 8]}


@dataclass(frozen=True)
class Disturbed:
    waited: float


def test_a_disturbed_round_is_measured_again_but_not_for_ever() -> None:
    waits = iter([0.0, 0.9, 0.0, 0.0])
    assert [value.waited for value in in_turns(2, {"a": lambda: Disturbed(next(waits))})["a"]] == [0.0, 0.0]
    assert [value.waited for value in in_turns(2, {"a": lambda: Disturbed(0.9)})["a"]] == [0.9, 0.9]


def test_the_floor_is_measured(tmp_path: Path) -> None:
    bench = Bench(runs=1, folder=tmp_path)
    start = start_of(bench, bench.floor(25))
    assert 0 < start.painted <= start.stable
    assert 10_000 < start.written < 45_000
    assert 20_000_000 < start.memory < 100_000_000
    assert start.cpu > 50


def test_a_program_that_fails_is_not_measured(tmp_path: Path) -> None:
    bench = Bench(runs=1, folder=tmp_path)
    with pytest.raises(NotMeasuredError, match=r"ended with 3(?s:.)*went wrong"):
        start_of(bench, ("sh", "-c", "echo went wrong; exit 3"))
    with pytest.raises(NotMeasuredError, match="ended with 3: went wrong"):
        bench.cpu_of("sh", "-c", "echo went wrong >&2; exit 3")
