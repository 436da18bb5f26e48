"""Step 7, rules together: S7-04, S7-12, S7-15 appear where something is wrong and vanish when it is fixed."""

import gc
import time
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.checks.conditions.formula import formula
from omtui.checks.conditions.reasoning import No, Yes, satisfiable
from omtui.checks.finding import Finding
from omtui.checks.routing_rules import rules_of
from omtui.checks.rule_logic_checks import both_true
from omtui.setup.conditions import evaluate
from omtui.setup.indexed import Indexed
from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import CONTEXT, REMOVED, Edits, checked, sound
from tests.checks.test_routing_checks import leaf, rule, task_type
from tests.thorough import examples

P = "routing_rules[Picks]"
SET = "Set Connector Name"
_RULES = "routing_rules[+]"
_SECOND = {"connectors[+]": {"name": "Second", "target_system": "PICK", "invocation_mode": "Asynchronous Service"}}
_ITEM = leaf("Item", "is equal to", "CM5008")
_MANY = leaf("Ordered Quantity", "is greater than or equal to", 1000)
_FEW = leaf("Ordered Quantity", "is less than", 1000)
_GOLD = leaf("Customer", "is equal to", "GOLD", entity="Order Header")
SHIPPING = rule("Shipping Task Routing", task_type("Shipment"), "Connect to Oracle Shipping System", predefined=True)
_SHIPS = rule("Ships", task_type("Shipment"))


def both(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"all": list(parts)}


def _pair(when: dict[str, Any], **fields: Any) -> Edits:
    """A second rule, which sets another connector."""
    return {**_SECOND, _RULES: rule("Second rule", when, "Second", **fields)}


def _clash(when: dict[str, Any], fixed: Edits, says: str = "", fix: str = "", **fields: Any) -> Case:
    return Case("S7-04", _pair(when, **fields), "routing_rules[Second rule]", fixed=fixed, says=says, fix=fix)


def _when(*parts: dict[str, Any]) -> Edits:
    return {f"{P}.when": both(task_type("Pick"), *parts), f"{P}.if_text": "Picks"}


def _otherwise(*entries: dict[str, Any]) -> Edits:
    return {f"{P}.otherwise": list(entries)}


def _else_if(when: dict[str, Any]) -> dict[str, Any]:
    return {"when": when, "then": [{"action": SET, "value": "Requests"}]}


_ELSE = {"action": SET, "value": "Requests"}

CASES = (
    _clash(
        both(task_type("Pick"), _GOLD),
        {"routing_rules[Second rule].when.all[0].value": "Invoice"},
        says='set "Requests" and "Second": an order with Task Type "Pick" and Customer "GOLD" meets both',
        fix='add to "Picks": not (Customer (Order Header) is equal to "GOLD")',
    ),
    _clash(_ITEM, {"routing_rules[Second rule].then[0].value": "Requests"}, says='Item "CM5008"'),
    _clash(task_type("Pick"), {f"{P}.active": False}),
    _clash(task_type("Pick"), {f"{P}.end_date": date(2026, 12, 31)}, start_date=date(2027, 1, 1)),
    _clash(task_type("Pick"), {f"{P}.end_date": date(2026, 11, 1)}),
    _clash({"any": [task_type("Pack"), task_type("Pick")]}, {"routing_rules[Second rule].when.any[1].value": "P"}),
    _clash({"not": task_type("Pack")}, {"routing_rules[Second rule].when.not.value": "Pick"}),
    _clash(_MANY, _when(_FEW), says="Ordered Quantity 1000"),
    Case(
        "S7-04",
        {**_pair(leaf("Item", "matches", "CM.*8")), **_when(leaf("Item", "matches", "C.*[0-9]"))},
        "routing_rules[Second rule]",
        "info",
        fixed={"routing_rules[Second rule].when.value": "CX.*", **_when(_ITEM)},
        says="cannot be decided",
    ),
    Case(
        "S7-04",
        {**_SECOND, f"{P}.when": task_type("Invoice"), _RULES: rule("Third", task_type("Invoice"))}
        | {f"{P}.otherwise": [{"action": SET, "value": "Second"}], "routing_rules[+]": rule("Third", _ITEM)},
        "routing_rules[Third]",
        fixed={f"{P}.otherwise": REMOVED},
        says='Item "CM5008"',
    ),
    Case(
        "S7-04",
        {_RULES: _SHIPS, "connectors[+]": {"name": "Connect to Oracle Shipping System", "predefined": True}}
        | {"routing_rules": [SHIPPING, _SHIPS]},
        "routing_rules[Ships]",
        fixed={"routing_rules[Shipping Task Routing].active": False},
    ),
    # Oracle's own counts as long as it is not noted as switched off, or as over: as in a rehearsal.
    Case(
        "S7-04",
        {"connectors[+]": {"name": "Connect to Oracle Shipping System", "predefined": True}}
        | {"routing_rules": [{k: v for k, v in SHIPPING.items() if k != "active"}, _SHIPS]},
        "routing_rules[Ships]",
        fixed={"routing_rules[Shipping Task Routing].end_date": date(2020, 1, 1)},
    ),
    Case("S7-12", _when(task_type("Invoice")), f"{P}.when", fixed=_when(_ITEM), says="can never be true"),
    Case("S7-12", _when(_MANY, _FEW), f"{P}.when", fixed=_when(_MANY, {"not": _FEW})),
    Case(
        "S7-12",
        _when(leaf("Item", "is in", [])),
        f"{P}.when",
        fixed=_when(leaf("Item", "is in", ["A"])),
    ),
    Case(
        "S7-12",
        _when(leaf("Item", "starts with", "CM"), leaf("Item", "starts with", "CX")),
        f"{P}.when",
        fixed=_when(leaf("Item", "starts with", "CM"), leaf("Item", "starts with", "CM5")),
    ),
    Case("S7-12", _when({"any": []}), f"{P}.when", fixed=_when({"all": []})),
    Case(
        "S7-12",
        _otherwise(_else_if(both(task_type("Pick"), _ITEM))),
        f"{P}.otherwise[0].when",
        fixed=_otherwise(_else_if(both(task_type("Pack"), _ITEM))),
        says="ELSE IF",
    ),
    Case(
        "S7-12",
        {**_otherwise(_else_if({"not": task_type("Pick")}), _ELSE)},
        f"{P}.otherwise[1]",
        fixed=_otherwise(_else_if(task_type("Pack")), _ELSE),
        says="ELSE of",
    ),
    Case(
        "S7-12",
        _when(leaf("Item", "matches", "A.*"), leaf("Item", "matches", ".*B")),
        f"{P}.when",
        "info",
        fixed=_when(leaf("Item", "matches", "A.*")),
        says="cannot be decided",
    ),
    Case(
        "S7-15",
        {_RULES: _SHIPS},
        "routing_rules[Ships]",
        "warning",
        fixed={"routing_rules": [{"name": "Shipping Task Routing", "predefined": True, "active": False}, _SHIPS]},
        says='"Shipping Task Routing"',
        fix="active = false",
    ),
    Case(
        "S7-15",
        {_RULES: rule("By item", _ITEM)},
        "routing_rules[By item]",
        "warning",
        fixed={"routing_rules[By item].when": both(_ITEM, task_type("Pick"))},
        says="not limited by Task Type",
    ),
    Case(
        "S7-15",
        {"routing_rules": [{**SHIPPING, "when": both(task_type("Shipment"), _MANY)}, _SHIPS]},
        "routing_rules[Ships]",
        "warning",
        fixed={"routing_rules[Ships].when": both(task_type("Shipment"), _FEW)},
    ),
    Case(
        "S7-15",
        {"routing_rules": [{"name": "Shipping Task Routing", "predefined": True}, _SHIPS]},
        "routing_rules[Ships]",
        "warning",
        fixed={"routing_rules[Shipping Task Routing].active": False},
    ),
    Case(
        "S7-15",
        {_RULES: _SHIPS},
        "routing_rules[Ships]",
        "warning",
        fixed={"routing_rules[Ships].then[0].value": "Connect to Oracle Shipping System"},
    ),
    Case(
        "S7-15",
        {"routing_rules": [rule("One", both(task_type("Invoice"), _ITEM)), rule("Two", task_type("Invoice"))]},
        "routing_rules[One]",
        "info",
        fixed={"routing_rules[One].active": False, "routing_rules[Two].active": False},
        says='"Invoice"',
    ),
)


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


def _found(id: str, *edits: Edits) -> list[Finding]:
    return [finding for finding in checked(sound(*edits)) if finding.check == id]


def test_the_rule_of_the_source_text() -> None:
    seed = rule("Route Invoice Request 01", both(_ITEM, task_type("Invoice")))
    findings = _found("S7-15", {"routing_rules": [seed]})
    assert [finding.level for finding in findings] == ["info"]
    assert _found("S7-04", {"routing_rules": [seed]}) == []


def test_missing_values_reach_an_else() -> None:
    """With Quantity >= 1000 and ELSE IF Quantity < 1000, the last ELSE is for lines without a quantity."""
    branches = _otherwise(_else_if(_FEW), _ELSE)
    assert _found("S7-12", {f"{P}.when": _MANY, f"{P}.if_text": "x", **branches}) == []


def test_the_branches_of_one_rule_exclude_each_other() -> None:
    edits = {**_SECOND, **_otherwise(_else_if(_ITEM), {"action": SET, "value": "Second"})}
    assert _found("S7-04", edits) == []


def test_an_operator_that_is_not_known_is_reported_by_its_own_check_only() -> None:
    odd = leaf("Item", "sounds like", "CM")
    findings = checked(sound(_pair(odd), {"routing_rules[Second rule].when": both(task_type("Pick"), odd)}))
    assert {finding.check for finding in findings if finding.path[0] == "routing_rules"} == {"S7-08"}


def test_a_rule_that_meets_many_names_only_the_first() -> None:
    rules = [rule(f"Rule {number}", task_type("Pick"), f"C{number}") for number in range(30)]
    findings = _found("S7-04", {"routing_rules": rules})
    per_rule = [sum(1 for finding in findings if finding.path == ("routing_rules", n)) for n in range(30)]
    assert per_rule[:3] == [0, 1, 2]
    assert set(per_rule[3:]) == {3}


_VALUES = st.sampled_from(["A", "B", "AB"])
_LEAVES = st.one_of(
    st.builds(lambda value: task_type(value), st.sampled_from(["Pick", "Pack"])),
    st.builds(lambda op, value: leaf("Item", op, value), st.sampled_from(["is equal to", "starts with"]), _VALUES),
    st.builds(lambda values: leaf("Item", "is in", values), st.lists(_VALUES, max_size=2)),
    st.builds(
        lambda op, value: leaf("Ordered Quantity", op, value),
        st.sampled_from(["is equal to", "is less than", "is greater than"]),
        st.integers(0, 2),
    ),
)
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=4,
)


@settings(max_examples=examples(60))
@given(st.lists(_TREES, min_size=2, max_size=14))
def test_no_pair_is_overlooked(trees: list[dict[str, Any]]) -> None:
    """What sorting rules out and sweeping skips, comparing every pair finds as well."""
    rules = [rule(str(number), tree, f"C{number}") for number, tree in enumerate(trees)]
    reported = {finding.path[1]: finding for finding in _found("S7-04", {"routing_rules": rules})}
    meeting: dict[int, int] = {}
    for first, second in combinations(range(len(trees)), 2):
        if not isinstance(satisfiable(formula(trees[first]), formula(trees[second])), No):
            meeting[second] = meeting.get(second, 0) + 1
    assert set(reported) == set(meeting)


@settings(max_examples=examples(150))
@given(st.lists(_TREES, min_size=2, max_size=8))
def test_a_branch_is_what_the_branches_before_it_leave(trees: list[dict[str, Any]]) -> None:
    """Leaving out earlier branches that cannot meet a branch changes nothing."""
    entries = [*map(_else_if, trees[1:]), _ELSE]
    setup = Indexed({"routing_rules": [rule("Long", trees[0], otherwise=entries)]})
    branches = rules_of(setup, CONTEXT.today).own[0].branches
    for number, branch in enumerate(branches):
        parts = [{"not": tree} for tree in trees[:number]] + trees[number : number + 1]
        assert branch.whole is not None
        outcome = satisfiable(branch.whole)
        assert isinstance(outcome, No) == isinstance(satisfiable(formula({"all": parts})), No)
        if isinstance(outcome, Yes) and not branch.is_else:
            assert evaluate({"all": parts}, outcome.witness).holds


def test_long_chains_of_branches_cost_little() -> None:
    table = [_else_if(both(task_type("Pick"), leaf("Item", "is equal to", f"CM{number}"))) for number in range(3_000)]
    again = _else_if(both(task_type("Pick"), leaf("Item", "is equal to", "CM2000")))
    big = rule("Table", task_type("Pack"), otherwise=[*table, again, _ELSE])
    start = time.process_time()
    findings = _found("S7-12", {"routing_rules": [big]})
    assert [finding.path for finding in findings] == [("routing_rules", 0, "otherwise", 3_000, "when")]
    assert time.process_time() - start < 5


def test_a_chain_that_is_too_long_to_judge_says_so() -> None:
    tiers = [_else_if(leaf("Extended Amount", "is greater than", 1_000 - number)) for number in range(400)]
    findings = _found("S7-12", {"routing_rules": [rule("Tiers", task_type("Pack"), otherwise=tiers)]})
    assert [(finding.level, finding.path) for finding in findings] == [
        ("info", ("routing_rules", 0, "otherwise", 300, "when"))
    ]


def test_the_order_in_the_message_meets_both() -> None:
    one, other = both(task_type("Pick"), _MANY), {"not": both(_FEW, _ITEM)}
    outcome = satisfiable(formula(one), formula(other))
    witness = outcome.witness  # type: ignore[union-attr]
    assert evaluate(one, witness).holds
    assert evaluate(other, witness).holds


def _realistic(count: int) -> Iterator[dict[str, Any]]:
    """Rules as large set-ups have them: by item, by customer and quantity, by warehouse and prefix."""
    types = [f"Type {number}" for number in range(8)]
    for number in range(count):
        kind, own = task_type(types[number % 8]), f"C{number % 5}"
        match number % 4:
            case 0:
                yield rule(f"R{number}", both(kind, leaf("Item", "is equal to", f"CM{number}")), own)
            case 1:
                listed = leaf("Item", "is in", [f"CX{number}", f"CY{number}"])
                yield rule(f"R{number}", both(kind, listed, _GOLD), own)
            case 2:
                prefix = leaf("Item", "starts with", f"P{number:06}")
                yield rule(f"R{number}", both(kind, prefix), own)
            case _:
                low = leaf("Extended Amount", "is greater than or equal to", number)
                high = leaf("Extended Amount", "is less than", number + 1)
                shop = leaf("Item", "is equal to", f"S{number % 7}")
                yield rule(f"R{number}", both(kind, low, high, shop), own)


def _seconds(count: int) -> float:
    """The time of one run, without the garbage collector: it looks at everything else that the tests hold."""
    data: dict[str, object] = {"schema": 1, "routing_rules": list(_realistic(count))}
    best = 9.9
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            setup = Indexed(data)
            start = time.process_time()
            assert list(both_true(rules_of(setup, CONTEXT.today))) == []
            best = min(best, time.process_time() - start)
    finally:
        gc.enable()
    return best


def test_the_time_grows_with_the_rules_and_not_with_their_pairs() -> None:
    few, many = _seconds(500), _seconds(5_000)
    assert many < 18 * few


def test_a_flood_of_rules_that_meet_is_cut_short() -> None:
    alike = [rule(f"R{n}", leaf("Item", "contains", f"x{n}"), f"C{n % 2}") for n in range(1_000)]
    findings = _found("S7-04", {"routing_rules": alike})
    assert findings[0].level == "info"
    assert findings[0].path == ("routing_rules",)
    assert len(findings) <= 3 * len(alike)
