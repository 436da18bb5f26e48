"""Random set-ups and order files for the comparison of the engine with the reference: small, odd, and often met.

A seed gives the same profile and file in every run. `random_profile` and `random_file` draw values from the same small
pools, so that rules and lines meet.
"""

import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from omtui.setup.routing import OPERATOR_SIGNS
from tests.rehearsal.reference import conditions_in, route

Record = dict[str, Any]
Attribute = tuple[str, str]
Columns = dict[int, Attribute]

ZONE = ZoneInfo("America/New_York")
AS_OF = datetime(2026, 11, 30, 12, 0, tzinfo=ZONE)
BEHIND = timezone(timedelta(hours=-8))
AHEAD = timezone(timedelta(hours=5, minutes=30))

OWN_TASK_TYPES = ("Pick", "pick", "Pack_Carton", "Label")
ORACLES_TASK_TYPES = ("Shipment", "Invoice", "Reservation", "Compliance Check")
NOTED_TASK_TYPE = "Freight Rating"
CONNECTORS = ("Connector01", "Connector02", "Connector03", "connector01", "Not in step 5")
TASK_TYPE = ("Order Header", "Task Type")
OPERATION = ("Order Header", "Operation")
PROCESS = ("Orchestration Process", "Process Name")

# Another entity than that of the known list makes an attribute unknown: its type is that of the condition's value.
KINDS: dict[Attribute, str] = {
    ("Order Fulfill Line", "Item"): "text",
    ("Order Header", "Customer"): "text",
    ("Order Header", "Business Unit"): "text",
    ("Order Fulfill Line", "Destination Shipping Organization"): "text",
    ("Order Fulfill Line", "Ordered Quantity"): "number",
    ("Order Fulfill Line", "Extended Amount"): "number",
    ("Order Fulfill Line", "Requested Ship Date"): "date",
    ("Order Fulfill Line", "Requested Arrival Date"): "date",
    ("Order Line", "Item"): "text",
    ("Order Line", "Ordered Quantity"): "number",
    ("Order Line", "Requested Ship Date"): "date",
    ("Order Fulfill Line", "packing.code"): "text",
    ("Order Fulfill Line", "packing.weight"): "number",
    ("Order Header", "terms.rush"): "boolean",
    ("Order Fulfill Line", "terms.cutoff"): "time",
    ("Order Header", "terms.anything"): "any",
}
POOLS: dict[str, tuple[Any, ...]] = {
    "text": ("CM5008", "cm5008", "CM5008A", "AS54888", "0012", "12", "Maß", "MaSS", "İstanbul", "istanbul", "yes"),
    "number": (5, Decimal("5.0"), 5.25, 12, Decimal("999.99999999995"), 1000, 0.1, Decimal("0.1"), 0, -3, 2**53 + 1),
    "date": (
        date(2026, 11, 1),
        date(2026, 11, 30),
        date(2026, 3, 8),
        datetime(2026, 11, 1, 1, 30),
        datetime(2026, 11, 30, 0, 0),
        datetime(2026, 11, 30, 23, 59, 59, 999999),
        datetime(2026, 11, 30, 9, 15, tzinfo=BEHIND),
        datetime(2026, 11, 30, 22, 45, tzinfo=AHEAD),
        datetime(2026, 12, 1, 5, 0, tzinfo=UTC),
    ),
    "boolean": (True, False),
    "time": (time(9, 0), time(17, 30), time(17, 30, 15), time(0, 0)),
}
PATTERNS = ("CM5.*", "CM5008", ".*8", "C.5008.*", "cm", "a.*8", ".*", "Ma.*", "Co*M5*008", "M5008")
UNREADABLE = {
    "number": ("12,5", "1,000", "1_000", "NaN", "٥", "five", "5.", "1" * 101, "0x5", "- 5", " "),
    "date": ("30-NOV-26", "20261130", "2026-02-30", "2026/11/30", "2026-11-30T24:00:00", "2026-11-30T09", "2026-11-3"),
    "boolean": ("1", "ja", "T"),
    "time": ("9:00", "24:00", "17:60", "noon"),
}
ANY_VALUE_OPERATORS = ("is equal to", "is equal to", "is not equal to", "is in", "is in", "is not in")
MORE_OPERATORS: dict[str, tuple[str, ...]] = {
    "text": ("starts with", "ends with", "contains", "matches", "equals ignore case"),
    "number": (
        "is greater than",
        "is greater than or equal to",
        "is less than",
        "is less than or equal to",
        "is between",
    ),
    "date": ("is before", "is after", "is on or before", "is on or after", "is between"),
    "boolean": (),
    "time": (),
}
ODDITIES = ("operator", "value", "list", "no list", "type", "attribute", "entity", "no text", "one of two")
SIGNS = {word: sign for sign, word in OPERATOR_SIGNS.items()}


# Profiles


def random_profile(source: random.Random) -> Record:
    task_types = _task_types(source)
    names = [record["name"] for record in task_types]
    return {
        "schema": 1,
        "profile": {"name": "random", "environment": "test"},
        "task_types": task_types,
        "orchestration_processes": _processes(source, task_types),
        "connectors": [{"name": name} for name in CONNECTORS[:4]],
        "routing_rules": [_rule(source, number, names) for number in range(source.randint(3, 14))],
    }


def _task_types(source: random.Random) -> list[Record]:
    records: list[Record] = []
    for name in source.sample(OWN_TASK_TYPES, source.randint(1, 3)):
        records.append({"name": name, "services": _services(source, name)})
    for name in source.sample(ORACLES_TASK_TYPES, source.randint(1, 2)):
        record: Record = {"name": name, "predefined": True}
        if source.random() < 0.6:
            record["services"] = _services(source, name)
        records.append(record)
    if source.random() < 0.4:
        records.append({"name": NOTED_TASK_TYPE, "predefined": True})
    return records


def _services(source: random.Random, name: str) -> list[Record]:
    services = [
        {"code": f"{name}_Create", "name": f"{name}_Create", "operation": "Create"},
        {"code": f"{name}_Inbound", "name": f"{name}_Inbound", "operation": "Inbound"},
    ]
    if source.random() < 0.5:
        services.append({"code": f"{name}_Change", "name": f"{name}_Change", "operation": "Change"})
    if source.random() < 0.1:
        services.append({"code": f"{name}_Other", "name": f"{name}_Other"})
    return services


def _processes(source: random.Random, task_types: list[Record]) -> list[Record]:
    processes: list[Record] = []
    for number in range(source.randint(1, 3)):
        steps = [_step(source, 100 * step, task_types) for step in range(1, source.randint(3, 6))]
        processes.append({"name": f"Process {number}", "steps": steps})
    if source.random() < 0.5:
        processes.append({"name": "process 0", "steps": [_step(source, 100, task_types)]})
    if source.random() < 0.5:
        processes.append({"name": "ShipOrderGenericProcess", "predefined": True})
    if source.random() < 0.2:
        processes.append({"name": "BillOnly", "predefined": True, "steps": [_step(source, 100, task_types)]})
    if source.random() < 0.1:
        processes.append({"name": "Not begun", "steps": []})
    return processes


def _step(source: random.Random, number: int, task_types: list[Record]) -> Record:
    if source.random() < 0.08:
        return {"number": number, "name": f"Step {number}", "type": source.choice(("Conditional", "Merge"))}
    record = source.choice(task_types)
    step = {"number": number, "name": f"Step {number}", "type": "Service", "task_type": record["name"]}
    services = record.get("services", [])
    if services and source.random() < 0.95:
        step["service"] = source.choice(services)["name"]
    if source.random() < 0.03:
        step["service"] = "No such service"
    if source.random() < 0.15:
        step["wait"] = True
    if source.random() < 0.1:
        step["condition"] = "Amount is high"
    return step


def _rule(source: random.Random, number: int, task_types: list[str]) -> Record:
    rule: Record = {"name": f"Rule {number}", "active": True, "published": source.random() < 0.7}
    if source.random() < 0.985:
        rule["when"] = _first_tree(source, task_types)
    rule["then"] = _actions(source)
    otherwise: list[Record] = []
    while source.random() < 0.15:
        otherwise.append({"when": _first_tree(source, task_types), "then": _actions(source)})
    if source.random() < 0.08:
        anything = {"entity": "Order Header", "attribute": "Task Type", "operator": "is not empty"}
        otherwise.append({"when": anything, "then": _actions(source)})
        otherwise.append({"when": _first_tree(source, task_types), "then": _actions(source)})
    if source.random() < 0.01:
        otherwise.append({"then": _actions(source)})
    if source.random() < 0.06:
        otherwise += _actions(source)
    if otherwise:
        rule["otherwise"] = otherwise
    _state(source, rule)
    return rule


def _state(source: random.Random, rule: Record) -> None:
    """Now and then what keeps a rule out of the set."""
    chance = source.random()
    if chance < 0.1:
        rule["active"] = False
    elif chance < 0.13:
        del rule["active"]
    elif chance < 0.26:
        rule["predefined"] = True
        rule["active"] = source.random() < 0.6
        if source.random() < 0.3:
            del rule["active"]
    dated = 0.3 if rule.get("predefined") else 0.1
    if source.random() < dated:
        rule["start_date"] = source.choice((date(2026, 11, 30), date(2026, 12, 1), AS_OF, AS_OF + timedelta(seconds=1)))
    if source.random() < dated:
        ends = (date(2026, 11, 30), date(2026, 11, 29), AS_OF, AS_OF - timedelta(seconds=1), date(9999, 12, 31))
        rule["end_date"] = source.choice(ends)
    if source.random() < 0.1:
        rule["changed_since_publish"] = True
    if source.random() < 0.1:
        rule["priority"] = source.randint(1, 9)


def _actions(source: random.Random) -> list[Record]:
    connector = {"action": "Set Connector Name", "value": source.choice((*[CONNECTORS[0]] * 6, *CONNECTORS))}
    other = {"action": "Set Acknowledgement Timeout", "value": source.randint(1, 9), "unit": "Days"}
    chance = source.random()
    if chance < 0.75:
        return [connector]
    if chance < 0.85:
        return [connector, other]
    if chance < 0.96:
        return [other]
    second = {"action": "Set Connector Name", "value": source.choice(CONNECTORS)}
    return [connector, second]


def _first_tree(source: random.Random, task_types: list[str]) -> Record:
    """Mostly of one task type, as rules are, with few conditions more; else any tree."""
    chance = source.random()
    if chance < 0.01:
        return {"all": []}
    if chance < 0.08:
        return _tree(source, 3, task_types)
    nodes = [_task_type_condition(source, task_types)]
    for _ in range(source.choice((0, 1, 1, 2, 3))):
        nodes.append(_tree(source, source.choice((0, 0, 2)), task_types))
    return {"all": nodes}


def _tree(source: random.Random, depth: int, task_types: list[str]) -> Record:
    if depth == 0:
        return _condition(source, task_types)
    if source.random() < 0.03:
        return {source.choice(("all", "any")): []}
    if source.random() < 0.25:
        return {"not": _tree(source, depth - 1, task_types)}
    children = [_tree(source, source.randint(0, depth - 1), task_types) for _ in range(source.randint(1, 3))]
    return {source.choice(("all", "any")): children}


def _task_type_condition(source: random.Random, task_types: list[str]) -> Record:
    entity = "Order Header" if source.random() < 0.9 else "Order Line"
    condition: Record = {"entity": entity, "attribute": "Task Type", "operator": "is equal to"}
    condition["value"] = source.choice(task_types)
    if source.random() < 0.15:
        condition["operator"] = source.choice(("is in", "is in", "is not in"))
        condition["value"] = source.sample(task_types, 2)
    return condition


def _condition(source: random.Random, task_types: list[str]) -> Record:
    if source.random() < 0.08:
        return _task_type_condition(source, task_types)
    if source.random() < 0.04:
        entity = source.choice(("Order Header", "Order Fulfill Line"))
        operator = source.choice(("is equal to", "is not equal to", "is empty"))
        return {"entity": entity, "attribute": "Operation", "operator": operator, "value": "Create"}
    if source.random() < 0.025:
        return {"entity": PROCESS[0], "attribute": PROCESS[1], "operator": "is equal to", "value": "Process 0"}
    entity, attribute = source.choice(list(KINDS))
    kind = KINDS[entity, attribute]
    if kind == "any" or source.random() < 0.03:
        kind = source.choice(list(POOLS))
    condition = {"entity": entity, "attribute": attribute, **_comparison(source, kind)}
    if source.random() < 0.02:
        _make_odd(source, condition)
    return condition


def _comparison(source: random.Random, kind: str) -> Record:
    if source.random() < 0.12:
        return {"operator": source.choice(("is empty", "is not empty", "Is Blank", "Is Not Blank"))}
    if MORE_OPERATORS[kind] and source.random() < 0.55:
        operator = source.choice(MORE_OPERATORS[kind])
    else:
        operator = source.choice(ANY_VALUE_OPERATORS)
    pool = POOLS[kind]
    value = source.choice(pool)
    if operator in ("is in", "is not in"):
        value = source.choices(pool, k=source.randint(0, 4))
        if source.random() < 0.1:
            value.append(source.choice(POOLS[source.choice(list(POOLS))]))
    elif operator == "is between":
        value = source.choices(pool, k=2)
    elif operator == "matches":
        value = source.choice(PATTERNS)
    elif operator in ("starts with", "ends with", "contains"):
        value = source.choice((value[:2], value[-2:], value, value[1:3]))
    if operator in SIGNS and source.random() < 0.2:
        operator = SIGNS[operator]
    elif source.random() < 0.1:
        operator = operator.upper()
    return {"operator": operator, "value": value}


def _make_odd(source: random.Random, condition: Record) -> None:
    oddity = source.choice(ODDITIES)
    if oddity == "operator":
        condition["operator"] = source.choice(("sounds like", "", "isequalto"))
    elif oddity == "value":
        condition.pop("value", None)
    elif oddity == "list":
        condition.update(operator="is equal to", value=["CM5008", "12"])
    elif oddity == "no list":
        condition.update(operator="is in", value="CM5008")
    elif oddity == "type":
        condition.update(operator=source.choice(("is greater than", "is before", "contains")), value=True)
    elif oddity in ("attribute", "entity"):
        condition.pop(oddity)
    elif oddity == "no text":
        condition.update(operator=source.choice(("is equal to", "is not equal to", "starts with", "is in")), value="")
    else:
        condition.update(operator="is between", value=source.choice(([5], [5, date(2026, 11, 30)], ["A", "Z"])))


# Files


def random_file(
    source: random.Random, profile: Record, lines: int = 40
) -> tuple[list[str], list[list[object]], Columns]:
    attributes = [attribute for attribute in KINDS if source.random() < 0.96]
    attributes += source.choice(([TASK_TYPE], [TASK_TYPE, OPERATION], [TASK_TYPE, PROCESS], [PROCESS], [PROCESS], []))
    if source.random() < 0.05:
        attributes.append(OPERATION)
    attributes = list(dict.fromkeys(attributes))
    source.shuffle(attributes)
    headings = [f"{attribute} ({entity})" for entity, attribute in attributes]
    columns = dict(enumerate(attributes))
    headings.insert(0, "Remark of nobody")
    columns = {index + 1: attribute for index, attribute in columns.items()}
    typed = source.random() < 0.35
    wanted = _values_of_rules(profile)
    rows = []
    for _ in range(lines):
        row: list[object] = ["x"]
        row += [_cell(source, profile, attribute, wanted, typed) for attribute in attributes]
        rows.append(_odd_width(source, row))
    return headings, rows, columns


def _odd_width(source: random.Random, row: list[object]) -> list[object]:
    chance = source.random()
    if chance < 0.01:
        return row[:-1]
    if chance < 0.02:
        return [*row, ""]
    return row


def _values_of_rules(profile: Record) -> dict[Attribute, list[object]]:
    wanted: dict[Attribute, list[object]] = {}
    for rule in profile["routing_rules"]:
        trees = [rule.get("when"), *(entry.get("when") for entry in rule.get("otherwise", []))]
        for tree in trees:
            for condition in conditions_in(tree):
                attribute = (condition.get("entity", ""), condition.get("attribute", ""))
                value = condition.get("value")
                found = value if isinstance(value, list) else [value]
                wanted.setdefault(attribute, []).extend(one for one in found if one is not None)
    return wanted


def _cell(
    source: random.Random, profile: Record, attribute: Attribute, wanted: dict[Attribute, list[object]], typed: bool
) -> object:
    if source.random() < (0.01 if attribute in (TASK_TYPE, PROCESS) else 0.05):
        return source.choice((None, "")) if typed else ""
    if attribute == TASK_TYPE:
        return _task_type_cell(source, profile, typed)
    if attribute == OPERATION:
        return source.choice(("Create", "Create", "Change", "create", "Cancel"))
    if attribute == PROCESS:
        names = [process["name"] for process in profile["orchestration_processes"]]
        return "No such process" if source.random() < 0.03 else source.choice(names)
    kind = KINDS[attribute]
    if kind == "any":
        kind = source.choice(list(POOLS))
    if source.random() < 0.015 and kind in UNREADABLE:
        return source.choice(UNREADABLE[kind])
    pool = wanted.get(attribute) if source.random() < 0.65 else None
    value = source.choice(pool or POOLS[kind])
    if source.random() < 0.25:
        value = _near(source, value)
    if typed and source.random() < 0.9:
        return _typed_cell(source, value)
    return _text_cell(source, value)


def _task_type_cell(source: random.Random, profile: Record, typed: bool) -> object:
    name = str(source.choice(profile["task_types"])["name"])
    chance = source.random()
    if chance < 0.02:
        return source.choice((f" {name}", f"{name} ", name.swapcase()))
    if chance < 0.04:
        return source.choice(("Schedule", "Nobody's task type"))
    return 5 if typed and chance < 0.045 else name


def _near(source: random.Random, value: object) -> object:
    if isinstance(value, str):
        changed = (value.swapcase(), value.lower(), f" {value}", f"{value} ", value[:-1], f"{value}1", f"A{value}")
        return source.choice(changed)
    if isinstance(value, bool | time):
        return value
    if isinstance(value, int | float | Decimal):
        if isinstance(value, int) and source.random() < 0.3:
            return Decimal(f"{value}.{'0' * 30}1")
        return Decimal(str(value)) + source.choice((Decimal("0.01"), Decimal("-0.01"), Decimal(1), Decimal(-1)))
    if isinstance(value, datetime):
        return value + source.choice((timedelta(microseconds=1), timedelta(microseconds=-1), timedelta(hours=1)))
    if isinstance(value, date):
        at = datetime.combine(value, time.min)
        steps_of_time = (timedelta(hours=24), timedelta(microseconds=-1), timedelta(), timedelta(hours=19))
        return source.choice((value + timedelta(days=1), at + source.choice(steps_of_time)))
    return value


def _typed_cell(source: random.Random, value: object) -> object:
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, str) and value.isdigit() and source.random() < 0.1:
        return int(value)
    return value


def _text_cell(source: random.Random, value: object) -> str:
    if isinstance(value, bool):
        return source.choice(("true", "Yes", "Y", "TRUE") if value else ("false", "No", "n", "FALSE"))
    if isinstance(value, int | float | Decimal):
        text = str(value)
        zeros = f"{text}0" if "." in text and "E" not in text else text
        return source.choice((text, text, f" {text}", f"{text}  ", zeros, text.replace("0.", "."), f"{text}e0"))
    if isinstance(value, datetime):
        text = value.isoformat(sep=source.choice("T "))
        return text.replace("+00:00", "Z") if source.random() < 0.7 else text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="auto" if value.second or source.random() < 0.5 else "minutes")
    return str(value)


def outcomes(seeds: range, lines: int = 40) -> Counter[str]:
    counts: Counter[str] = Counter()
    for seed in seeds:
        source = random.Random(seed)
        profile = random_profile(source)
        headings, rows, columns = random_file(source, profile, lines)
        for row in rows:
            for result in route(profile, headings, row, columns, as_of=AS_OF, zone=ZONE):
                counts[result.outcome] += 1
                counts["of which without a task type"] += result.task_type is None
                counts["with open rules"] += bool(result.open)
                counts["with state misses"] += bool(result.misses)
                counts["with a branch after the first"] += any(branch > 0 for _, branch in result.taken)
                counts["requests"] += 1
    return counts


if __name__ == "__main__":
    for word, count in outcomes(range(50)).most_common():
        print(f"{count:6} {word}")
