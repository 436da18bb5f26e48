"""Steps 8 and 9: each check appears where something is wrong and vanishes when it is fixed."""

from decimal import Decimal
from typing import Any

from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import REMOVED, Edits, checked, sound

H = "trigger_points[Order Header Status Update]"
L = "trigger_points[Fulfillment Line Status Update]"
SUBMITTED = f"{H}.details[Submitted]"
HIGH = "jeopardy.priorities[HIGH]"
MEDIUM = "jeopardy.priorities[MEDIUM]"
SCORE = "jeopardy.thresholds[PICK_LATE].scores[0].score"
_26C = {"pod.release": "26C", "pod.connector_association": "shown"}
_25D = {"pod.release": "25D"}


def _trigger(name: str, *details: dict[str, Any], **fields: Any) -> Edits:
    record = {"name": name, "active": True, "connectors": ["Events"], **fields}
    return {"trigger_points[+]": {**record, "details": list(details)} if details else record}


def _raised(value: str) -> dict[str, Any]:
    return {"value": value, "raise_event": True}


_JEOPARDY = _trigger("Jeopardy", _raised("HIGH"))
_HOLD = _trigger("Hold")
_ATTRIBUTES = [f"Attribute {number}" for number in range(11)]

CASES = (
    Case(
        "S8-01",
        {f"{H}.connectors": ["EventConnector", "Events"], "connectors[+]": {"name": "Event Connector"}},
        f"{H}.connectors",
        fixed={f"{H}.connectors": ["Events"]},
        says='"EventConnector", which is not in step 5',
        fix='enter "Event Connector"',
    ),
    Case(
        "S8-01",
        {f"{H}.connectors": ["Requests"]},
        f"{H}.connectors",
        fixed={"connectors[Requests].invocation_mode": "Business Event"},
        says='"Asynchronous Service"',
    ),
    Case("S8-02", {f"{SUBMITTED}.raise_event": False, f"{SUBMITTED}.send_email": False}, f"{H}.details", "warning"),
    Case("S8-02", {f"{H}.details": REMOVED}, f"{H}.details", "warning", fixed={f"{H}.active": False}),
    Case("S8-03", {f"{H}.active": False}, f"{H}.active", "warning", fixed={f"{H}.details": REMOVED}),
    Case("S8-03", {f"{H}.active": REMOVED}, f"{H}.active", "warning", fixed={f"{H}.active": True}, says='"Submitted"'),
    Case(
        "S8-04",
        {f"{H}.details[+]": {"value": "Closed", "send_email": True}},
        f"{H}.details[Closed].send_email",
        fixed={f"{H}.details[Closed].raise_event": True},
    ),
    Case(
        "S8-05",
        {"status_rule_sets[Vision line statuses].statuses[SHIPPED].notify_external_system": False},
        L,
        "warning",
        fixed={"orchestration_processes[Vision_Pick].notify_external_system": ["SHIPPED"]},
    ),
    Case("S8-05", {"status_rule_sets": REMOVED}, L, "warning", fixed={f"{L}.active": False}),
    *(
        Case("S8-18", {f"jeopardy.{other}": [], "pod.release": "26D"}, f"jeopardy.{name}", "warning")
        for name, other in (("thresholds", "priorities"), ("priorities", "thresholds"))
    ),
    Case("S8-06", {**_JEOPARDY, **_26C}, "trigger_points[Jeopardy].active", says="not supported"),
    Case(
        "S8-06",
        {**_JEOPARDY, **_25D},
        "trigger_points[Jeopardy].active",
        "info",
        fixed={"trigger_points[Jeopardy].active": False},
        says="works on 25D",
    ),
    Case("S8-06", {**_JEOPARDY, "pod.release": REMOVED}, "trigger_points[Jeopardy].active", "warning"),
    Case(
        "S8-07",
        {f"{H}.connectors": REMOVED},
        f"{H}.connectors",
        "warning",
        fixed={f"{H}.integration_cloud": True},
        says="only e-mails go out",
        fix='if the subscription "cloud" hears it',
    ),
    Case("S8-07", {f"{L}.connectors": []}, f"{L}.connectors", "warning", fixed={f"{L}.active": False}),
    Case(
        "S8-07",
        {**_trigger("Split", connectors=[]), "event_subscriptions": REMOVED},
        "trigger_points[Split].connectors",
        "warning",
        fixed={"trigger_points[Split].connectors": ["Events"]},
    ),
    Case(
        "S8-08",
        {"pod.connector_association": "hidden", f"{H}.connectors": REMOVED},
        f"{L}.connectors",
        fixed={f"{L}.connectors": REMOVED},
    ),
    Case(
        "S8-08",
        {"pod.release": "26D", L: REMOVED},
        f"{H}.connectors",
        "warning",
        fixed={"pod.connector_association": "shown"},
        fix="pod.connector_association",
    ),
    Case("S8-08", {"pod.release": REMOVED, L: REMOVED}, f"{H}.connectors", "info", fixed={"pod.release": "26B"}),
    Case(
        "S8-09",
        _trigger("Order Attribute Update", *map(_raised, _ATTRIBUTES)),
        "trigger_points[Order Attribute Update].details",
        "warning",
        fixed={"trigger_points[Order Attribute Update].details[Attribute 3].raise_event": False},
        says="11 attributes",
    ),
    Case(
        "S8-10",
        {**_HOLD, **_26C},
        "trigger_points[Hold].active",
        "info",
        fixed=_trigger("Release Hold"),
        fix="activate Release Hold",
    ),
    Case("S8-10", _HOLD, "trigger_points[Hold].active", "info", fix="comes with 26C"),
    Case(
        "S8-11",
        {"event_subscriptions[cloud].system": "PICK", L: REMOVED},
        f"{H}.connectors",
        "warning",
        fixed={"event_subscriptions[cloud].system": "SHOP"},
        says='"PICK"',
    ),
    Case(
        "S8-11",
        {"event_subscriptions": REMOVED, f"{H}.integration_cloud": True},
        f"{H}.connectors",
        "warning",
        fixed={f"{H}.integration_cloud": False},
    ),
    Case(
        "S8-11",
        {"connectors[Events].url": "https://vision.integration.region-1.ocp.example/x", L: REMOVED},
        f"{H}.connectors",
        "warning",
        fixed={f"{H}.active": False},
        says="Integration Cloud hears",
    ),
    Case(
        "S8-12", {f"{HIGH}.minimum_score": 300}, f"{HIGH}.minimum_score", says="300 to 399", fix='begin "HIGH" at 400'
    ),
    Case("S8-12", {f"{HIGH}.minimum_score": 401}, f"{HIGH}.minimum_score", fixed={f"{HIGH}.minimum_score": 399}),
    Case("S8-12", {f"{HIGH}.minimum_score": 700}, f"{HIGH}.minimum_score", fix="at most 600"),
    Case("S8-12", {SCORE: 601}, SCORE, fixed={SCORE: 600}, says="outside all ranges"),
    Case("S8-12", {SCORE: 601, MEDIUM: REMOVED}, SCORE, fixed={SCORE: 600}),
    Case("S8-12", {SCORE: 300, MEDIUM: REMOVED}, SCORE, "warning", fix="MEDIUM"),
    Case("S8-12", {SCORE: 601, HIGH: REMOVED}, SCORE, "warning", fix="HIGH"),
    Case(
        "S8-13",
        _trigger("Fulfillment Line Shipment Update"),
        "trigger_points[Fulfillment Line Shipment Update].name",
        fix='enter "Fulfillment Line Status Update"',
    ),
    Case("S8-13", _trigger("order header status"), "trigger_points[order header status].name", fix='Status Update"'),
    Case("S8-13", _trigger("Weather"), "trigger_points[Weather].name", fix='"Cancel Back Order"'),
    Case(
        "S8-13",
        _trigger("Jeopardy", _raised("SEVERE")),
        "trigger_points[Jeopardy].details[SEVERE].value",
        fixed={"trigger_points[Jeopardy].details[SEVERE].value": "High"},
        fix='"LOW", "MEDIUM" or "HIGH"',
    ),
    Case("S8-13", _trigger("Release Hold"), "trigger_points[Release Hold].name", fixed=_26C, says="25D"),
    Case(
        "S8-13",
        {f"{H}.details[+]": _raised("Submited")},
        f"{H}.details[Submited].value",
        "info",
        fix='enter "Submitted"',
    ),
    Case(
        "S8-13",
        _trigger("Order Attribute Update", _raised("Ordered Quantities"), _raised("ordered_quantity")),
        "trigger_points[Order Attribute Update].details[Ordered Quantities].value",
        "info",
        fix='enter "Ordered Quantity"',
    ),
)

_UNUSED_SET = {"orchestration_processes[Vision_Pick].status_rule_set": REMOVED}
_JEOPARDY = {"trigger_points[+]": {"name": "Jeopardy", "active": True, "connectors": ["Events"],
                                   "details": [{"value": "HIGH", "raise_event": True}]}}  # fmt: skip
_T = "jeopardy.thresholds[PICK_LATE]"
_PARAMETER = "related_setup[Planning switched off].value"


def _delays(*ranges: tuple[int, int, str]) -> dict[str, object]:
    return {f"{_T}.scores": [
        {"minimum_delay": low, "maximum_delay": high, "unit": unit, "score": 300} for low, high, unit in ranges
    ]}  # fmt: skip


CASES = (
    *CASES,
    Case("S8-14", _UNUSED_SET, "trigger_points[Fulfillment Line Status Update]", "warning",
         fixed={"orchestration_processes[Vision_Pick].notify_external_system": ["SHIPPED"]},
         fix='"Vision line statuses"'),
    Case("S8-14", {"orchestration_processes[Vision_Pick].status": "Obsolete"},
         "trigger_points[Fulfillment Line Status Update]", "warning",
         fixed={"orchestration_processes[Vision_Pick].status": "Released"}),
    Case("S8-15", {f"{_T}.process": "Vision Pik"}, f"{_T}.process", "warning", fixed={f"{_T}.process": "Vision_Pick"},
         fix='"Vision_Pick"'),
    Case("S8-15", {f"{_T}.task_type": "Pack"}, f"{_T}.task_type", "warning", fixed={f"{_T}.task_type": "Shipment"}),
    Case("S8-15", {f"{_T}.task": "Pick Karton"}, f"{_T}.task", "warning", fixed={f"{_T}.task": "Pick Carton"},
         fix='"Pick Carton"'),
    Case("S8-16", _JEOPARDY, _PARAMETER, "warning", fixed={_PARAMETER: "Yes"}),
    Case("S8-16", _JEOPARDY, _PARAMETER, "warning", fixed={"trigger_points[Jeopardy].active": False}),
    Case("S8-17", _delays((1, 3, "Days"), (2, 9, "Days")), f"{_T}.scores[1].minimum_delay", "warning",
         fixed=_delays((1, 3, "Days"), (3, 9, "Days"))),
    Case("S8-17", _delays((1, 3, "Days"), (24, 30, "Hours")), f"{_T}.scores[0].minimum_delay", "warning",
         fixed=_delays((1, 3, "Days"), (1, 24, "Hours"))),
    Case("S8-17", _delays((5, 3, "Days")), f"{_T}.scores[0].minimum_delay", "warning", fixed=_delays((3, 5, "Days"))),
)  # fmt: skip


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


def _messages(id: str, *edits: Edits) -> list[str]:
    return [finding.message for finding in checked(sound(*edits)) if finding.check == id]


def test_the_finding_points_at_the_one_connector() -> None:
    findings = checked(sound({f"{L}.connectors": ["Events", "Nobody"]}))
    assert [finding.path for finding in findings] == [("trigger_points", 1, "connectors", 1)]


def test_shared_boundaries_and_steps_are_neither_overlap_nor_gap() -> None:
    shared = {"jeopardy.priorities[LOW].maximum_score": 200, f"{MEDIUM}.maximum_score": 400}
    assert _messages("S8-12", shared) == []
    assert _messages("S8-12", {SCORE: Decimal("199.5")}) == []
    assert (
        _messages("S8-12", {"jeopardy.priorities": [{"name": "HIGH", "minimum_score": 200, "maximum_score": 600}]})
        == []
    )


def test_a_range_inside_another_hides_no_overlap() -> None:
    wide = {"jeopardy.priorities[LOW].maximum_score": 450}
    assert _messages("S8-12", wide) == [
        'the scores 200 to 399 are both "LOW" and "MEDIUM"',
        'the scores 400 to 450 are both "LOW" and "HIGH"',
    ]


def test_what_is_not_ticked_by_value_is_raised_by_active() -> None:
    assert _messages("S8-02", _trigger("Split"), _trigger("Hold")) == []
    assert _messages("S8-04", _trigger("Release Hold", {"value": "Release Hold", "send_email": True}), _26C) == []


def test_an_inactive_jeopardy_is_no_trouble() -> None:
    assert _messages("S8-06", _26C, _trigger("Jeopardy", active=False)) == []
