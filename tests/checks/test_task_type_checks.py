"""Step 1: each check appears where something is wrong and vanishes when it is fixed."""

from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import REMOVED, checked, sound

_OTHER = {
    "name": "Pack",
    "services": [
        {"code": "Pack Create", "name": "Pack Create", "operation": "Create"},
        {"code": "Pack Inbound", "name": "Pack Inbound", "operation": "Inbound"},
    ],
    "tasks": [{"code": "PACK", "name": "Pack"}],
    "statuses": [{"internal": "PACKED", "complete": True}],
}
_LONG = "P" * 81

CASES = (
    Case(
        "S1-01",
        {"task_types[+]": {**_OTHER, "name": ""}},
        "task_types[].name",
        fixed={"task_types[].name": "Pack"},
        says="no name",
    ),
    Case(
        "S1-01",
        {"task_types[+]": {**_OTHER, "name": "A task type with a very long name"}},
        "task_types[A task type with a very long name].name",
        fixed={"task_types[A task type with a very long name].name": "Pack"},
        says="33 characters; Oracle takes 30",
    ),
    Case(
        "S1-01",
        {"task_types[+]": {**_OTHER, "name": "Pick"}},
        "task_types[Pick#2].name",
        fixed={"task_types[Pick#2].name": "Pack"},
        says="also called",
    ),
    Case(
        "S1-02",
        {"task_types[+]": {**_OTHER, "name": "Shipment"}},
        "task_types[Shipment].name",
        fixed={"task_types[Shipment].predefined": True},
    ),
    Case(
        "S1-02",
        {"task_types[+]": {**_OTHER, "name": "fulfillorder"}},
        "task_types[fulfillorder].name",
        fixed={"task_types[fulfillorder].name": "Pack"},
    ),
    Case("S1-03", {"task_types[Pick].tasks": REMOVED}, "task_types[Pick].tasks"),
    Case("S1-03", {"task_types[Pick].tasks": []}, "task_types[Pick].tasks"),
    Case(
        "S1-04",
        {"task_types[Pick].services[Pick Create].code": REMOVED},
        "task_types[Pick].services[].code",
        fixed={"task_types[Pick].services[].code": "Pick Create"},
        says='"Pick Create"',
    ),
    Case(
        "S1-04",
        {"task_types[Pick].services[Pick Create].code": f"Pick{_LONG}"},
        f"task_types[Pick].services[Pick{_LONG}].code",
        says="Oracle takes 80",
    ),
    Case(
        "S1-04",
        {"task_types[Pick].services[Pick Inbound].code": "Pick Create"},
        "task_types[Pick].services[Pick Create#2].code",
    ),
    Case(
        "S1-05",
        {"task_types[Pick].services[Pick Create].code": "Pack Create"},
        "task_types[Pick].services[Pack Create].code",
        "warning",
    ),
    Case(
        "S1-06",
        {"task_types[Pick].services[Pick Inbound]": REMOVED},
        "task_types[Pick].services",
        "warning",
        fixed={
            "task_types[Pick].services[+]": {"code": "Pick Inbound", "name": "Pick Inbound", "operation": "Inbound"}
        },
        fix='"Pick Inbound"',
    ),
    Case(
        "S1-07",
        {"task_types[Pick].services[Pick Create].operation": "Change"},
        "task_types[Pick].services",
        fixed={"task_types[Pick].services[Pick Create].operation": "Create"},
    ),
    Case(
        "S1-08",
        {"task_types[Pick].tasks[PICK_CARTON].code": ""},
        "task_types[Pick].tasks[].code",
        fixed={"task_types[Pick].tasks[].code": "PICK_CARTON"},
        says='"Pick Carton"',
    ),
    Case("S1-08", {"task_types[Pick].tasks[PICK_CARTON].name": _LONG}, "task_types[Pick].tasks[PICK_CARTON].name"),
    Case(
        "S1-08",
        {"task_types[Pick].tasks[+]": {"code": "PICK_PALLET", "name": "Pick Carton"}},
        "task_types[Pick].tasks[PICK_PALLET].name",
        fixed={"task_types[Pick].tasks[PICK_PALLET].name": "Pick Pallet"},
    ),
    Case(
        "S1-08",
        {"task_types[Pick].tasks[+]": {"code": "PICK_CARTON", "name": "Pick Pallet"}},
        "task_types[Pick].tasks[PICK_CARTON#2].code",
        fixed={"task_types[Pick].tasks[PICK_CARTON#2].code": "PICK_PALLET"},
    ),
    Case("S1-09", {"task_types[Pick].statuses[PICKED].complete": False}, "task_types[Pick].statuses", "warning"),
    Case(
        "S1-09",
        {"task_types[Pick].statuses": REMOVED},
        "task_types[Pick].statuses",
        "warning",
        fixed={"task_types[Pick].statuses": [{"internal": "DONE", "complete": True}]},
    ),
    Case(
        "S1-10",
        {"task_types[+]": _OTHER},
        "task_types[Pack]",
        "info",
        fixed={"orchestration_processes[Vision_Pick].steps[100].task_type": "Pack"},
    ),
)


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


def test_what_oracle_made_is_not_judged() -> None:
    assert checked(sound({"task_types[+]": {"name": "DOO_TransportationPlanning", "predefined": True}})) == []


def test_thirty_characters_are_not_too_many() -> None:
    name = "P" * 30
    data = sound({"task_types[Pick].name": name})
    assert "S1-01" not in {finding.check for finding in checked(data)}
