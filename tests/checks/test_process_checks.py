"""Step 2: each check appears where something is wrong and vanishes when it is fixed."""

from datetime import UTC, date, datetime

from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import REMOVED, Edits, checked, sound

P = "orchestration_processes[Vision_Pick]"
_SHIP = {
    "number": 450,
    "name": "Ship",
    "type": "Service",
    "task_type": "Shipment",
    "task": "Ship",
    "service": "Create Shipping",
}
_NO_RULE = {"routing_rules[Picks].active": False}
_WITHOUT_WAIT: Edits = {f"{P}.steps[200]": REMOVED}
_WAIT = {
    "number": 250,
    "name": "Wait",
    "type": "Service",
    "task_type": "Pick",
    "task": "Pick Carton",
    "service": "Pick Inbound",
    "wait": True,
    "exit_criteria": "PICKED",
}
_LONG = "P" * 81

CASES = (
    *(
        Case(
            "S2-01",
            {f"{P}.steps[100].{field}": REMOVED},
            f"{P}.steps[100].{field}",
            fixed={f"{P}.steps[100].{field}": value},
            says=f"has no {field.replace('_', ' ')}",
        )
        for field, value in (("task_type", "Pick"), ("task", "Pick Carton"), ("service", "Pick Create"))
    ),
    Case("S2-01", {f"{P}.steps[100].task": "Pick a carton"}, f"{P}.steps[100].task", fix='"Pick Carton"'),
    Case("S2-01", {f"{P}.steps[100].task": "PICK_PALLETS"}, f"{P}.steps[100].task", fix='"Pick Carton"'),
    Case("S2-01", {f"{P}.steps[100].service": "Pack Create"}, f"{P}.steps[100].service", fix='"Pick Create"'),
    Case(
        "S2-01",
        {f"{P}.steps[100].task_type": "pick_"},
        f"{P}.steps[100].task_type",
        fix='enter "Pick"',
    ),
    Case("S2-01", {f"{P}.steps[100].task_type": "Pack"}, f"{P}.steps[100].task_type", fix='enter "Pick"'),
    Case(
        "S2-01",
        {f"{P}.steps[100].task_type": "Compliance Screening"},
        f"{P}.steps[100].task_type",
        "warning",
        fixed={"task_types[+]": {"name": "Compliance Screening", "predefined": True}},
        fix="predefined = true",
    ),
    Case(
        "S2-02",
        _WITHOUT_WAIT,
        f"{P}.steps[100]",
        fixed={f"{P}.steps[+]": _WAIT},
        says='"Asynchronous Service"',
    ),
    Case(
        "S2-02",
        {**_WITHOUT_WAIT, "connectors[Requests].invocation_mode": "Business Event"},
        f"{P}.steps[100]",
        fixed={"connectors[Requests].invocation_mode": "Synchronous Service"},
    ),
    Case(
        "S2-02",
        {**_WITHOUT_WAIT, **_NO_RULE},
        f"{P}.steps[100]",
        "warning",
        fixed={f"{P}.steps[+]": _WAIT},
        says="no routing rule says",
    ),
    Case(
        "S2-02",
        {f"{P}.steps[200].number": 50},
        f"{P}.steps[100]",
        fixed={f"{P}.steps[50].number": 200},
    ),
    Case(
        "S2-02",
        {
            f"{P}.steps[200]": REMOVED,
            f"{P}.steps[100].number": 410,
            f"{P}.steps[+]": {**_WAIT, "number": 420, "condition": "another branch"},
        },
        f"{P}.steps[410]",
        fixed={f"{P}.steps[420].condition": REMOVED},
    ),
    Case("S2-03", {f"{P}.steps[200].exit_criteria": REMOVED}, f"{P}.steps[200].exit_criteria", fix='"PICKED"'),
    Case(
        "S2-03",
        {f"{P}.steps[200].exit_criteria": "PICKING"},
        f"{P}.steps[200].exit_criteria",
        fixed={"task_types[Pick].statuses[PICKING].complete": True},
        says="not marked complete",
    ),
    Case("S2-03", {f"{P}.steps[200].exit_criteria": "picked "}, f"{P}.steps[200].exit_criteria", fix='"PICKED"'),
    Case(
        "S2-03",
        {f"{P}.steps[200].exit_criteria": "Picked"},
        f"{P}.steps[200].exit_criteria",
        fix='internal value "PICKED"',
    ),
    Case("S2-04", {f"{P}.steps[400].condition": REMOVED}, f"{P}.steps[400].condition"),
    Case(
        "S2-04",
        {f"{P}.steps[400].condition": " "},
        f"{P}.steps[400].condition",
        fixed={f"{P}.steps[400].otherwise": True},
    ),
    Case("S2-05", {f"{P}.steps[500]": REMOVED}, f"{P}.steps[300]", "warning"),
    Case(
        "S2-05",
        {f"{P}.steps[500].number": 50},
        f"{P}.steps[300]",
        "warning",
        fixed={f"{P}.steps[50].number": 500},
    ),
    Case(
        "S2-06",
        {f"{P}.steps[+]": _SHIP},
        f"{P}.steps[450]",
        fixed={f"{P}.steps[450].number": 350},
        says='"Invoice here" (400)',
    ),
    Case("S2-06", {f"{P}.steps[+]": {**_SHIP, "number": 600}}, f"{P}.steps[600]", says="runs after"),
    Case(
        "S2-06",
        {f"{P}.steps[+]": _SHIP},
        f"{P}.steps[450]",
        fixed={f"{P}.steps[450].condition": "another branch"},
    ),
    Case(
        "S2-07",
        {f"{P}.name": "ShipOrderGenericProcess"},
        "orchestration_processes[ShipOrderGenericProcess].name",
        fixed={"orchestration_processes[ShipOrderGenericProcess].predefined": True},
    ),
    Case(
        "S2-08",
        {f"{P}.steps[200].number": 100},
        f"{P}.steps[100#2].number",
        fixed={f"{P}.steps[100#2].number": 200},
        fix="600",
    ),
    Case("S2-08", {f"{P}.steps[100].name": ""}, f"{P}.steps[100].name", says="no name"),
    Case("S2-08", {f"{P}.steps[100].name": _LONG}, f"{P}.steps[100].name", says="81 characters"),
    Case(
        "S2-08",
        {f"{P}.name": REMOVED},
        "orchestration_processes[].name",
        fixed={"orchestration_processes[].name": "Vision_Pick"},
    ),
    Case("S2-08", {f"{P}.name": _LONG}, f"orchestration_processes[{_LONG}].name", fix="shorten it by 1"),
    Case(
        "S2-08",
        {"orchestration_processes[+]": {"name": "Vision_Pick", "assignment": "none yet"}},
        "orchestration_processes[Vision_Pick#2].name",
        fixed={"orchestration_processes[Vision_Pick#2].name": "Vision_Pack"},
    ),
    Case("S2-09", {f"{P}.steps[100].lead_time": "2 days"}, f"{P}.steps[100].lead_time", "info"),
    Case(
        "S2-09",
        {f"{P}.steps[100].completion_step": True, "pod.release": "26D"},
        f"{P}.steps[100].completion_step",
        "warning",
        fixed={f"{P}.steps[100].completion_step": False},
    ),
    Case(
        "S2-09",
        {f"{P}.steps[100].default_branch": True, "pod.release": REMOVED},
        f"{P}.steps[100].default_branch",
        "info",
        fixed={f"{P}.steps[100].default_branch": REMOVED},
    ),
    *(
        Case("S2-09", {f"{P}.steps[100].{field}": "1", "pod.release": "26D"}, f"{P}.steps[100].{field}", "warning")
        for field in ("lead_time", "lead_time_unit", "lead_time_expression", "next_expected_task_status")
    ),
    *(
        Case(
            "S2-20",
            {f"{P}.copied_from": name, "pod.release": "26B"},
            f"{P}.copied_from",
            "info",
            fixed={f"{P}.copied_from": "DOO_Enhanced_OrderFulfillmentProcess"},
        )
        for name in ("DOO_OrderFulfillmentGenericProcess", "OrderFulfillmentGenericProcess")
    ),
    Case(
        "S2-20",
        {f"{P}.copied_from": "DOO_OrderFulfillmentGenericProcess", "pod.release": "26B"},
        f"{P}.copied_from",
        "info",
        fixed={"pod.release": "26A"},
    ),
    *(
        Case("S2-07", {f"{P}.name": name, "pod.release": "26B"}, f"orchestration_processes[{name}].name")
        for name in ("DOO_OrderFulfillmentGenericProcess", "DOO_Enhanced_OrderFulfillmentProcess")
    ),
    Case("S2-10", {f"{P}.deployed": False}, f"{P}.deployed", "warning"),
    Case("S2-10", {f"{P}.deployed": REMOVED}, f"{P}.deployed", "warning", fixed={f"{P}.status": "Editing"}),
    Case("S2-11", {f"{P}.assignment": REMOVED}, f"{P}.assignment", "warning", fixed={f"{P}.status": "Obsolete"}),
    Case("S2-12", {f"{P}.steps[400].depends_on": 150}, f"{P}.steps[400].depends_on", says="no step 150"),
    Case(
        "S2-12",
        {f"{P}.steps[100].depends_on": 400},
        f"{P}.steps[100].depends_on",
        fixed={f"{P}.steps[100].depends_on": REMOVED, f"{P}.steps[400].depends_on": 100},
        says="comes later",
    ),
    Case("S2-12", {f"{P}.steps[100].depends_on": 100}, f"{P}.steps[100].depends_on", says="itself"),
    Case("S2-13", {f"{P}.steps[100].service": "Pick Inbound"}, f"{P}.steps[100].service", "warning"),
    Case(
        "S2-14",
        {f"{P}.effective_start": date(2027, 2, 1), f"{P}.effective_end": date(2027, 1, 31)},
        f"{P}.effective_start",
        fixed={f"{P}.effective_end": date(2027, 2, 1)},
    ),
    Case(
        "S2-14",
        {
            f"{P}.effective_start": datetime(2027, 2, 1, 9, tzinfo=UTC),
            f"{P}.effective_end": datetime(2027, 2, 1, 8, tzinfo=UTC),
        },
        f"{P}.effective_start",
        fixed={f"{P}.effective_end": date(2027, 2, 1)},
    ),
)

_RESERVE = {"number": 50, "name": "Reserve", "type": "Service", "task_type": "Reservation", "task": "Reserve",
            "service": "Create Inventory Reservation"}  # fmt: skip
_SCHEDULE = {**_RESERVE, "number": 60, "name": "Schedule", "task_type": "Schedule", "task": "Schedule",
             "service": "Create Scheduling"}  # fmt: skip


def _first_reserved() -> dict[str, object]:
    return {"name": "Late", "set": "Common Set", "status": "New", "assignment": "x", "steps": [_RESERVE, _SCHEDULE]}


CASES = (
    *CASES,
    Case(
        "S2-15", {f"{P}.effective_start": date(2031, 1, 1)}, f"{P}.effective_start", "warning",
        fixed={f"{P}.effective_start": date(2026, 11, 23)}, says="2031-01-01",
    ),
    Case(
        "S2-15", {f"{P}.effective_end": datetime(2021, 1, 1, tzinfo=UTC)}, f"{P}.effective_end", "warning",
        fixed={f"{P}.status": "Obsolete"}, says="2021",
    ),
    Case("S2-15", {f"{P}.effective_end": date(2026, 11, 22)}, f"{P}.effective_end", "warning",
         fixed={f"{P}.effective_end": date(2026, 11, 23)}),
    Case("S2-16", {f"{P}.status": "New"}, f"{P}.deployed", "warning", fixed={f"{P}.deployed": False}),
    Case("S2-16", {f"{P}.status": "New"}, f"{P}.deployed", "warning", fixed={f"{P}.status": "Editing"}),
    Case("S2-17", {f"{P}.steps[200].service": "Pick Create"}, f"{P}.steps[200].service", "warning",
         fixed={f"{P}.steps[200].service": "Pick Inbound"}, fix='"Pick Inbound"'),
    Case("S2-18", {f"{P}.change_mode": "Advanced"}, f"{P}.steps[200].task_type", "warning",
         fixed={"task_types[Pick].services[+]": {"code": "Pick Cancel", "name": "Pick Cancel", "operation": "Cancel"}},
         says='"Pick"'),
    Case("S2-18", {f"{P}.change_mode": "Advanced"}, f"{P}.steps[200].task_type", "warning",
         fixed={f"{P}.change_mode": "None"}),
    Case("S2-19", {"orchestration_processes[+]": _first_reserved()}, "orchestration_processes[Late].steps[50]",
         "warning", fixed={"orchestration_processes[Late].steps[50].number": 70}, says='"Schedule" (60)'),
    Case("S2-19", {"orchestration_processes[+]": _first_reserved()}, "orchestration_processes[Late].steps[50]",
         "warning", fixed={"orchestration_processes[Late].steps[+]": {**_SCHEDULE, "number": 40}}),
)  # fmt: skip


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


def test_what_oracle_made_is_not_judged() -> None:
    process = {"name": "ShipOrderGenericProcess", "predefined": True, "status": "Released", "steps": [{"number": 1}]}
    assert checked(sound({"orchestration_processes[+]": process})) == []


def test_rules_of_every_task_type_name_the_connector_too() -> None:
    """A rule that does not look at the task type also sends the request of the step."""
    data = sound(_WITHOUT_WAIT, {"routing_rules[Picks].when.attribute": "Business Unit"})
    assert [(f.check, f.level) for f in checked(data) if f.check == "S2-02"] == [("S2-02", "error")]


def test_a_rule_for_other_task_types_names_no_connector() -> None:
    data = sound(_WITHOUT_WAIT, {"routing_rules[Picks].when": {"not": {"any": [_IS_PICK]}}})
    assert [f.level for f in checked(data) if f.check == "S2-02"] == ["warning"]


_IS_PICK = {"entity": "Order Header", "attribute": "Task Type", "operator": "=", "value": "Pick"}


def test_the_connector_of_an_else_is_found() -> None:
    action = {"action": "Set Connector Name", "value": "Requests"}
    other = {"all": [{**_IS_PICK, "operator": "is in", "value": ["Pack", "Ship"]}]}
    rule = {"routing_rules[Picks].when": other, "routing_rules[Picks].otherwise": [action]}
    data = sound(_WITHOUT_WAIT, {"routing_rules[Picks].then": REMOVED, **rule})
    assert [f.level for f in checked(data) if f.check == "S2-02"] == ["error"]


def test_steps_of_different_branches_are_not_one_after_the_other() -> None:
    steps = [
        {"number": 10, "name": "Which", "type": "Conditional"},
        {**_RESERVE, "condition": "a"},
        {**_SCHEDULE, "condition": "b"},
        {"number": 70, "name": "Meet", "type": "Merge"},
    ]
    data = sound({"orchestration_processes[+]": {**_first_reserved(), "steps": steps}})
    assert not [f for f in checked(data) if f.check == "S2-19"]
