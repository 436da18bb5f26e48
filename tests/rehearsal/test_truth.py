"""The engine against an evaluator that was written a second time, from the definitions, and shares nothing with it."""

import random
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from omtui.rehearsal.columns import ColumnMap, MappedColumn
from omtui.rehearsal.explaining import reasons
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import OrderLine, Rehearsal, Rehearsed
from omtui.rehearsal.requests import Request
from omtui.rehearsal.routing import RequestOutcome
from omtui.rehearsal.rules import RoutingRule
from omtui.setup.indexed import Indexed
from tests.rehearsal.generator import random_file, random_profile
from tests.rehearsal.reference import Result, route
from tests.thorough import THOROUGH

AS_OF = datetime(2026, 11, 30, 12, tzinfo=UTC)
SEEDS = 960 if THOROUGH else 96
LINES = 150
"""Twenty thousand requests, two hundred thousand in a long run."""


def as_read(value: object) -> object:
    """A generated value as a profile's file gives it: fractions by their digits."""
    if isinstance(value, dict):
        return {key: as_read(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_read(each) for each in value]
    return Decimal(repr(value)) if isinstance(value, float) else value


def rehearsal_of(
    profile: dict[str, object],
    headings: list[str],
    rows: list[list[object]],
    columns: dict[int, tuple[str, str]],
    zone: tzinfo,
    published: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> Rehearsal:
    """A rehearsal whose columns are given and not found by their headings."""
    mapped = ColumnMap([MappedColumn(index, headings[index], each, zone) for index, each in sorted(columns.items())])
    monkeypatch.setattr("omtui.rehearsal.rehearsing.map_columns", lambda *_: mapped)
    is_typed = any(not isinstance(each, str) for row in rows for each in row)
    rehearsed = Rehearsed(Indexed(as_read(profile)), AS_OF, zone, published=published)
    return Rehearsal(rehearsed, Orders("orders.csv", tuple(headings), iter([rows]), is_typed=is_typed))


def result_of(request: Request, found: RequestOutcome, branches: dict[int, int]) -> Result:
    taken = [each for each in found.states if each.taken and not each.open and not each.missing]
    return Result(
        request.task_type,
        request.operation or None,
        found.outcome,
        frozenset(found.connectors),
        frozenset((each.rule.name, branches[id(each.taken)]) for each in taken),
        frozenset(each.rule.name for each in found.states if each.open),
        frozenset((each.rule.name, each.missing) for each in found.states if each.missing),
    )


@pytest.mark.parametrize("start", range(0, SEEDS, SEEDS // 4))
def test_both_say_the_same_of_every_request(start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    requests = 0
    for seed in range(start, start + SEEDS // 4):
        source = random.Random(seed)
        profile = random_profile(source)
        headings, rows, columns = random_file(source, profile, LINES)
        zone = source.choice([UTC, ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")])
        published = source.random() < 0.3
        run = rehearsal_of(profile, headings, rows, columns, zone, published, monkeypatch)
        branches = {id(b): n for rule in run.rehearsed.rules.rules for n, b in enumerate(rule.branches)}
        for line in next(run.run(), []):
            expected = route(profile, headings, list(line.row), columns, as_of=AS_OF, zone=zone, published=published)
            found = [result_of(*each, branches) for each in run.outcomes.of(line.group)]
            requests += len(found)
            assert found == expected, (seed, line.number, line.row)
    assert requests > SEEDS // 4 * LINES


def test_the_sentences_say_what_the_masks_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """The explanation of a line is made by the plain evaluator: it must agree with the engine."""
    for seed in range(SEEDS // 4):
        source = random.Random(seed)
        profile = random_profile(source)
        headings, rows, columns = random_file(source, profile, 20)
        run = rehearsal_of(profile, headings, rows, columns, UTC, False, monkeypatch)
        for line in next(run.run(), []):
            for request, found in run.outcomes.of(line.group):
                if request.task_type is not None:
                    _agree(run, line, request, found)


def _agree(run: Rehearsal, line: OrderLine, request: Request, found: RequestOutcome) -> None:
    from omtui.setup.conditions import evaluate

    states: dict[RoutingRule, bool | None] = {}
    order = run.judge.order(line.row, request)
    for rule in run.rehearsed.rules.rules:
        states[rule] = False
        for branch in rule.branches:
            holds = True if branch.when is None else evaluate(branch.when, order, UTC).holds
            if holds is None:
                states[rule] = None
            elif holds:
                states[rule] = True if states[rule] is False else None
                break
    for state in found.states:
        assert states.pop(state.rule) is (None if state.open else True), (line.row, state.rule.name)
    for rule, holds in states.items():
        assert holds is False or rule.missing_from(published=False), (line.row, rule.name)
    assert all(each.because for each in reasons(run.judge, line.row, request, found))
