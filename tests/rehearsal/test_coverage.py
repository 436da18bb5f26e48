"""Which comparisons decide, against the plain evaluator asked again with each comparison the other way round."""

import copy
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed
from omtui.setup.indexed import Indexed
from tests.rehearsal.reference import Result, route
from tests.thorough import THOROUGH

AS_OF = datetime(2026, 11, 30, 12, tzinfo=UTC)
HEADINGS = ["Process Name", "Item", "Ordered Quantity", "Customer", "Odd"]
COLUMNS = {
    0: ("Orchestration Process", "Process Name"),
    1: ("Order Fulfill Line", "Item"),
    2: ("Order Fulfill Line", "Ordered Quantity"),
    3: ("Order Header", "Customer"),
}
TASK_TYPES = ("Pick", "Pack")
Node = dict[str, Any]


def leaf(source: random.Random) -> Node:
    entity, attribute, operator, value = source.choice(
        [
            ("Order Header", "Task Type", "is equal to", source.choice(TASK_TYPES)),
            ("Order Fulfill Line", "Item", "is in", source.sample(["A1", "A2", "B1", "B2"], 2)),
            ("Order Fulfill Line", "Item", "starts with", source.choice("AB")),
            ("Order Fulfill Line", "Ordered Quantity", "is greater than", source.choice((1, 5, 9))),
            ("Order Fulfill Line", "Ordered Quantity", "is equal to", 5),
            ("Order Header", "Customer", "is not equal to", "GOLD"),
            ("Order Header", "Customer", "is equal to", "GOLD"),
        ]
    )
    return {"entity": entity, "attribute": attribute, "operator": operator, "value": value}


def tree(source: random.Random, depth: int = 2) -> Node:
    chance = source.random()
    if not depth or chance < 0.3:
        return leaf(source)
    if chance < 0.4:
        return {"not": tree(source, depth - 1)}
    return {source.choice(("all", "any", "all")): [tree(source, depth - 1) for _ in range(source.choice((2, 2, 3)))]}


def profile(source: random.Random) -> Node:
    def connector() -> list[Node]:
        if source.random() < 0.1:
            return [{"action": "Set Acknowledgement Timeout", "value": 5}]
        return [{"action": "Set Connector Name", "value": source.choice("CDE")}]

    rules = []
    for number in range(4):
        rule: Node = {"name": f"R{number}", "active": source.random() < 0.9, "published": True, "when": tree(source)}
        rule["then"] = connector()
        if source.random() < 0.5:
            rule["otherwise"] = [{"when": tree(source, 1), "then": connector()}]
            if source.random() < 0.3:
                rule["otherwise"] += connector()
        rules.append(rule)
    steps = [{"number": n, "type": "Service", "task_type": name, "service": "x"} for n, name in enumerate(TASK_TYPES)]
    return {
        "routing_rules": rules,
        "connectors": [{"name": name} for name in "CDE"],
        "orchestration_processes": [{"name": "Both", "steps": steps}, {"name": "One", "steps": steps[:1]}],
    }


def leaf_places(node: Node, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    if "attribute" in node:
        yield path
    for join in ("all", "any"):
        for number, each in enumerate(node.get(join, ())):
            yield from leaf_places(each, (*path, join, number))
    if "not" in node:
        yield from leaf_places(node["not"], (*path, "not"))


def flipped(given: Node, rule: int, branch: int, path: tuple[Any, ...]) -> Node:
    """The profile with one comparison the other way round."""
    changed = copy.deepcopy(given)
    record = changed["routing_rules"][rule]
    holder, key = (record if branch == 0 else record["otherwise"][branch - 1]), "when"
    for step in path:
        holder, key = holder[key], step
    holder[key] = {"not": holder[key]}
    return changed


def answer(found: Result) -> tuple[str, object]:
    return found.outcome, found.connectors if found.outcome in ("routed", "predefined") else None


@pytest.mark.parametrize("seed", range(200 if THOROUGH else 25))
def test_a_comparison_decides_where_the_answer_depends_on_it(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(seed)
    given = profile(source)
    rows: list[list[object]] = [
        [source.choice(("Both", "One")), source.choice(("A1", "A2", "B2", "X", "")), source.choice(("1", "5", "7", "")),
         source.choice(("GOLD", "BLUE", "")), "x"]
        for _ in range(25)
    ]  # fmt: skip
    rows.append(["Both", "A1"])
    orders = Orders("orders.csv", tuple(HEADINGS), iter([rows[:9], rows[9:]]))
    run = Rehearsal(Rehearsed(Indexed(given), AS_OF, UTC), orders, coverage=True)
    run.count_all()
    assert run.coverage is not None
    decided = run.coverage.decided(run.group_counts)
    expected: Counter[tuple[str, int, tuple[object, ...]]] = Counter()
    found = {}
    for rule in run.rehearsed.rules.rules:
        for number, branch in enumerate(rule.branches):
            if branch.when is None or rule.misses:
                continue
            at = int(rule.name[1:])
            for path in leaf_places(dict(branch.when)):  # type: ignore[call-overload]
                found[rule.name, number, path] = decided[branch, path]
                other = flipped(given, at, number, path)
                for row in rows[:-1]:
                    both = (route(each, HEADINGS, row, COLUMNS, as_of=AS_OF, zone=UTC, published=False)
                            for each in (given, other))  # fmt: skip
                    expected[rule.name, number, path] += sum(
                        answer(one) != answer(two) for one, two in zip(*both, strict=True)
                    )
    assert found == dict(expected)
