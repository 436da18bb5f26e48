"""The generated rules and orders are ordinary: they meet, and are the same at every call."""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice

from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed
from omtui.setup.indexed import Indexed
from tests.bench.orders import lines, rules


def test_rules_and_lines_meet() -> None:
    text = "".join(rules(200))
    assert text == "".join(rules(200))
    headings, *rows = (tuple(map(str, row)) for row in islice(lines(10_000), 2_001))
    rehearsed = Rehearsed(Indexed(tomllib.loads(text)), datetime(2026, 11, 30, tzinfo=UTC), UTC)
    run = Rehearsal(rehearsed, Orders("orders.csv", headings, iter([list[Sequence[object]](rows)])))
    run.count_all()
    counts = run.counts()
    assert not run.judge.not_there
    assert len(rehearsed.rules.rules) == 200
    assert counts.outcomes["routed"] > 1_000
    assert counts.outcomes["ambiguous"] > 100
    assert counts.outcomes["cannot-evaluate"] == 0
    assert len(counts.branches) > 150
