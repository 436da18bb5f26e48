"""What routing rules say of one order line, worked out slowly and plainly, to compare the engine's answers with.

It is written from the description of the format alone: it shares no code with the engine, nor with the comparisons and
conditions of the set-up. A truth is True, False, or None for what cannot be evaluated.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from omtui.setup.routing import (
    ATTRIBUTES,
    DATE_OPERATORS,
    NUMBER_OPERATORS,
    OPERATOR_SIGNS,
    OPERATORS,
    SET_CONNECTOR,
    TEXT_OPERATORS,
)
from omtui.setup.task_types import PREDEFINED_TASK_TYPES

Truth = bool | None
Record = dict[str, Any]

TASK_TYPE = ("Order Header", "Task Type")
OPERATION = ("Order Header", "Operation")
PROCESS = ("Orchestration Process", "Process Name")

NUMBER = re.compile(r" *[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)? *")
DATE = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?)?"
)
TIME = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")
YES = ("true", "yes", "y")
NO = ("false", "no", "n")


class Cell(Enum):
    NOT_THERE = "the file has no such column"
    UNREADABLE = "the cell is of another type, or cannot be read as the type that is asked for"


@dataclass(frozen=True)
class Result:
    task_type: str | None
    operation: str | None
    outcome: str
    connectors: frozenset[str] = frozenset()
    taken: frozenset[tuple[str, int]] = frozenset()
    open: frozenset[str] = frozenset()
    misses: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Request:
    """One line for one task type and operation. The operation may be missing (None) or `Cell.NOT_THERE`."""

    task_type: str
    operation: object
    cells: dict[tuple[str, str], object]
    zone: tzinfo

    def cell(self, entity: object, attribute: str) -> object:
        if attribute == "Task Type":
            return self.task_type
        if attribute == "Operation":
            return self.operation
        if not isinstance(entity, str):
            return Cell.NOT_THERE
        return self.cells.get((entity, attribute), Cell.NOT_THERE)


@dataclass(frozen=True)
class Branch:
    when: object
    actions: list[Record]
    is_else: bool

    @property
    def connectors(self) -> set[str]:
        found = set()
        for action in self.actions:
            value = action.get("value")
            if action.get("action") == SET_CONNECTOR and isinstance(value, str) and value:
                found.add(value)
        return found


def route(
    profile: Record,
    headings: list[str],
    row: list[object],
    columns: dict[int, tuple[str, str]],
    *,
    as_of: datetime,
    zone: tzinfo,
    published: bool = False,
    task_type: str = "",
) -> list[Result]:
    """The results of one line, in the order in which the profile's steps name its task types."""
    if len(row) != len(headings):
        return [Result(None, None, "cannot-evaluate")]
    cells = {}
    for index, attribute in columns.items():
        cells[attribute] = row[index]
    asked = task_types_of(profile, cells, task_type)
    if asked is None:
        return [Result(None, None, "cannot-evaluate")]
    results = []
    for name, operation in asked:
        request = Request(name, operation, cells, zone)
        results.append(judge(profile, request, as_of, published))
    return results


# Requests: which task types a line is judged for


def task_types_of(profile: Record, cells: dict[tuple[str, str], object], only: str) -> list[tuple[str, object]] | None:
    """Task types with their operations; None where the line does not say them."""
    processes = profile.get("orchestration_processes", [])
    if TASK_TYPE in cells:
        name = cells[TASK_TYPE]
        if not isinstance(name, str) or name == "":
            return None
        found = [(name, cells.get(OPERATION, Cell.NOT_THERE))]
    elif PROCESS in cells:
        process = process_named(processes, cells[PROCESS])
        if process is None or (process.get("predefined") is True and not process.get("steps")):
            return [(only, Cell.NOT_THERE)] if only else None
        found = sent_by(profile, [process])
    else:
        found = sent_by(profile, processes)
    return [pair for pair in found if only in ("", pair[0])]


def process_named(processes: list[Record], name: object) -> Record | None:
    for process in processes:
        if isinstance(name, str) and name != "" and process.get("name") == name:
            return process
    return None


def sent_by(profile: Record, processes: list[Record]) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for process in processes:
        for step in process.get("steps", []):
            if step.get("type") != "Service" or step.get("wait") is True or not step.get("task_type"):
                continue
            operation = operation_of(profile, step["task_type"], step.get("service"))
            pair = (step["task_type"], operation)
            if operation != "Inbound" and pair not in found:
                found.append(pair)
    return found


def operation_of(profile: Record, task_type: str, service_name: object) -> object:
    for record in profile.get("task_types", []):
        if record.get("name") != task_type:
            continue
        for service in record.get("services", []):
            if service_name is not None and service.get("name") == service_name:
                return service.get("operation", Cell.NOT_THERE)
    return Cell.NOT_THERE


# The outcome of a request


def judge(profile: Record, request: Request, as_of: datetime, published: bool) -> Result:
    taken = set()
    left_open = set()
    misses = set()
    connectors: set[str] = set()
    possible: set[str] = set()
    own_connector = False
    for rule in profile.get("routing_rules", []):
        predefined = rule.get("predefined") is True
        out = why_out(rule, as_of, published, request.zone)
        if predefined and not conditions_in(rule.get("when")):
            continue
        branches = branches_of(rule)
        truths = [branch.is_else or branch_truth(branch.when, request) for branch in branches]
        standing = [number for number, truth in enumerate(truths) if truth is not False]
        if not standing:
            continue
        first = standing[0]
        if out:
            if truths[first] is True:
                misses.add((rule["name"], out))
        elif truths[first] is True:
            taken.add((rule["name"], first))
            connectors |= branches[first].connectors
            if branches[first].connectors and not predefined:
                own_connector = True
        else:
            left_open.add(rule["name"])
            possible |= possible_connectors(branches, truths)
    outcome = outcome_of(profile, request.task_type, connectors, possible, own_connector)
    operation = request.operation if isinstance(request.operation, str) and request.operation else None
    sets = frozenset(connectors), frozenset(taken), frozenset(left_open), frozenset(misses)
    return Result(request.task_type, operation, outcome, *sets)


def outcome_of(profile: Record, task_type: str, connectors: set[str], possible: set[str], own_connector: bool) -> str:
    if len(connectors) >= 2:
        return "ambiguous"
    if len(connectors) == 1:
        if possible - connectors:
            return "cannot-evaluate"
        return "routed" if own_connector else "predefined"
    if possible:
        return "cannot-evaluate"
    if is_oracles(profile, task_type) and not switched_off(profile, task_type):
        return "predefined"
    return "unrouted"


def why_out(rule: Record, as_of: datetime, published: bool, zone: tzinfo) -> str:
    """Why a rule is not in the set; empty if it is. Publishing of Oracle's own rules does not matter."""
    predefined = rule.get("predefined") is True
    if predefined and rule.get("active") is False:
        return "inactive"
    if not predefined and rule.get("active") is not True:
        return "inactive"
    now = instant(as_of, zone)
    if rule.get("start_date") is not None and now < first_instant(rule["start_date"], zone):
        return "not yet effective"
    if rule.get("end_date") is not None and now > last_instant(rule["end_date"], zone):
        return "no longer effective"
    if published and not predefined and rule.get("published") is not True:
        return "unpublished"
    return ""


def is_oracles(profile: Record, task_type: str) -> bool:
    if task_type in PREDEFINED_TASK_TYPES:
        return True
    for record in profile.get("task_types", []):
        if record.get("name") == task_type and record.get("predefined") is True:
            return True
    return False


def switched_off(profile: Record, task_type: str) -> bool:
    """Whether a rule of Oracle's own that names the task type is noted with conditions, and inactive."""
    for rule in profile.get("routing_rules", []):
        if rule.get("predefined") is not True or rule.get("active") is not False:
            continue
        trees = [rule.get("when"), *(entry.get("when") for entry in rule.get("otherwise", []))]
        for condition in [each for tree in trees for each in conditions_in(tree)]:
            operator = operator_word(condition.get("operator"))
            value = condition.get("value")
            if condition.get("attribute") != "Task Type":
                continue
            if operator == "is equal to" and value == task_type:
                return True
            if operator == "is in" and isinstance(value, list) and task_type in value:
                return True
    return False


# Branches and trees


def branches_of(rule: Record) -> list[Branch]:
    branches = [Branch(rule.get("when"), rule.get("then", []), False)]
    last = []
    for entry in rule.get("otherwise", []):
        if "when" in entry or "then" in entry:
            branches.append(Branch(entry.get("when"), entry.get("then", []), False))
        else:
            last.append(entry)
    if last:
        branches.append(Branch(None, last, True))
    return branches


def possible_connectors(branches: list[Branch], truths: list[Truth]) -> set[str]:
    found: set[str] = set()
    for branch, truth in zip(branches, truths, strict=True):
        if truth is not False:
            found |= branch.connectors
        if truth is True:
            break
    return found


def branch_truth(tree: object, request: Request) -> Truth:
    """A tree without any condition cannot be evaluated."""
    return tree_truth(tree, request) if conditions_in(tree) else None


def tree_truth(node: object, request: Request) -> Truth:
    """An empty group inside says nothing: all of nothing holds, any of nothing does not."""
    if not isinstance(node, dict):
        return None
    if "not" in node:
        truth = tree_truth(node["not"], request)
        return None if truth is None else not truth
    if "all" in node:
        truths = [tree_truth(child, request) for child in node["all"]]
        if False in truths:
            return False
        return None if None in truths else True
    if "any" in node:
        truths = [tree_truth(child, request) for child in node["any"]]
        if True in truths:
            return True
        return None if None in truths else False
    return condition_truth(node, request)


def conditions_in(node: object) -> list[Record]:
    if not isinstance(node, dict) or not node:
        return []
    if "not" in node:
        return conditions_in(node["not"])
    if "all" in node or "any" in node:
        found = []
        for child in node["all"] if "all" in node else node["any"]:
            found += conditions_in(child)
        return found
    return [node]


# One condition


def condition_truth(condition: Record, request: Request) -> Truth:
    attribute = condition.get("attribute")
    operator = operator_word(condition.get("operator"))
    value = condition.get("value")
    if not isinstance(attribute, str) or not attribute or operator not in OPERATORS:
        return None
    asks_for_empty = operator in ("is empty", "is not empty")
    if not asks_for_empty and not value_fits(operator, value):
        return None
    values = value if isinstance(value, list) else [value]
    kind = known_kind(condition.get("entity"), attribute)
    has_several = False
    if not asks_for_empty and not kind:
        kinds = {kind_of(one) for one in values}
        has_several = len(kinds) > 1
        kind = kinds.pop() if kinds else ""
    cell = request.cell(condition.get("entity"), attribute)
    if cell is Cell.NOT_THERE:
        return None
    missing = cell is None or cell == ""
    if asks_for_empty:
        return missing if operator == "is empty" else not missing
    if missing:
        return False
    if has_several:
        return None
    seen = read(cell, kind, request.zone) if kind else cell
    if seen is Cell.UNREADABLE:
        return None
    comparable = [one for one in values if kind_of(one) == kind]
    if values and not comparable:
        return False
    return comparison_truth(operator, seen, comparable, request.zone)


def operator_word(operator: object) -> str:
    word = str(operator).lower()
    word = {"is blank": "is empty", "is not blank": "is not empty"}.get(word, word)
    return OPERATOR_SIGNS.get(word, word)


def known_kind(entity: object, attribute: str) -> str:
    """The type of an attribute of the known list; empty for any other."""
    if attribute in ("Task Type", "Operation"):
        return "text"
    known = ATTRIBUTES.get(attribute)
    if known is not None and known[0] == entity:
        return known[1]
    return ""


def kind_of(value: object) -> str:
    """The type of a condition's value; empty for what is none. Yes and no come first: Python takes them for numbers."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float | Decimal):
        return "number" if Decimal(str(value)).is_finite() else ""
    if isinstance(value, date):
        return "date"
    if isinstance(value, time):
        return "time"
    return "text" if isinstance(value, str) else ""


def value_fits(operator: str, value: object) -> bool:
    if operator in ("is in", "is not in"):
        return isinstance(value, list) and "" not in [kind_of(one) for one in value]
    if operator == "is between":
        if not isinstance(value, list) or len(value) != 2:
            return False
        return kind_of(value[0]) == kind_of(value[1]) and kind_of(value[0]) in ("number", "date")
    if operator in NUMBER_OPERATORS:
        return kind_of(value) == "number"
    if operator in DATE_OPERATORS:
        return kind_of(value) == "date"
    if operator in TEXT_OPERATORS:
        return kind_of(value) == "text"
    return kind_of(value) != ""


def comparison_truth(operator: str, seen: Any, values: list[Any], zone: tzinfo) -> Truth:
    if operator in ("is equal to", "is in"):
        return any(equal(seen, one, zone) for one in values)
    if operator in ("is not equal to", "is not in"):
        return not any(equal(seen, one, zone) for one in values)
    if operator in TEXT_OPERATORS:
        return text_truth(operator, seen, values[0])
    low, high = span(values[0], zone)
    if operator == "is between":
        return bool(low <= seen <= span(values[1], zone)[1])
    if operator in ("is greater than", "is after"):
        return bool(seen > high)
    if operator in ("is greater than or equal to", "is on or after"):
        return bool(seen >= low)
    if operator in ("is less than", "is before"):
        return bool(seen < low)
    return bool(seen <= high)


def text_truth(operator: str, seen: str, value: str) -> Truth:
    if operator == "starts with":
        return seen.startswith(value)
    if operator == "ends with":
        return seen.endswith(value)
    if operator == "contains":
        return value in seen
    if operator == "equals ignore case":
        if len(seen) != len(value):
            return False
        return all(one.casefold() == other.casefold() for one, other in zip(seen, value, strict=True))
    try:
        whole = re.fullmatch(value, seen) is not None
        anywhere = re.search(value, seen) is not None
    except re.error:
        return None
    return whole if whole == anywhere else None


def equal(seen: Any, value: Any, zone: tzinfo) -> bool:
    low, high = span(value, zone)
    return bool(low <= seen <= high)


def span(value: Any, zone: tzinfo) -> tuple[Any, Any]:
    """A condition's value as it is compared: of a date the first and last instant of its day, else twice the same."""
    if isinstance(value, date):
        return first_instant(value, zone), last_instant(value, zone)
    if kind_of(value) == "number":
        return Decimal(str(value)), Decimal(str(value))
    return value, value


# Cells and instants


def read(cell: object, kind: str, zone: tzinfo) -> Any:
    """A cell as a value of the type: text, Decimal, an instant, time or bool, else `Cell.UNREADABLE`."""
    if isinstance(cell, str):
        return read_text(cell, kind, zone)
    if kind == "boolean" and isinstance(cell, bool):
        return cell
    if kind == "number" and isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return Decimal(cell)
    if kind == "date" and isinstance(cell, date):
        return first_instant(cell, zone)
    return Cell.UNREADABLE


def read_text(text: str, kind: str, zone: tzinfo) -> Any:
    if kind == "number":
        return number(text)
    if kind == "date":
        return date_text(text, zone)
    if kind == "time":
        return time_of_day(text)
    return yes_or_no(text) if kind == "boolean" else text


def number(text: str) -> Any:
    if NUMBER.fullmatch(text) is None:
        return Cell.UNREADABLE
    digits = [letter for letter in text.lower().partition("e")[0] if letter.isdigit()]
    if len(digits) > 100:
        return Cell.UNREADABLE
    try:
        return Decimal(text.strip(" "))
    except InvalidOperation:
        return Cell.UNREADABLE


def yes_or_no(text: str) -> Any:
    word = text.strip(" ").lower()  # blanks around a number are allowed; the contract says nothing else of yes and no
    if word in YES:
        return True
    return False if word in NO else Cell.UNREADABLE


def time_of_day(text: str) -> Any:
    found = TIME.fullmatch(text)
    if found is None:
        return Cell.UNREADABLE
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        return Cell.UNREADABLE


def date_text(text: str, zone: tzinfo) -> Any:
    found = DATE.fullmatch(text)
    if found is None:
        return Cell.UNREADABLE
    year, month, day, hour, minute, second, fraction, utc, sign, hours, minutes = found.groups()
    micros = int((fraction or "").ljust(6, "0"))
    try:
        at = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), micros)
    except ValueError:
        return Cell.UNREADABLE
    if utc:
        return at - datetime.min
    if sign is None:
        return instant(at, zone)
    if int(hours) > 23 or int(minutes) > 59:
        return Cell.UNREADABLE
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return at - datetime.min - (offset if sign == "+" else -offset)


def instant(at: datetime, zone: tzinfo) -> timedelta:
    """Time since year 1 in UTC: unlike Python's own comparisons, one meaning for every pair of zones."""
    aware = at if at.tzinfo is not None else at.replace(tzinfo=zone)
    return aware.replace(tzinfo=None) - datetime.min - (aware.utcoffset() or timedelta())


def first_instant(value: date, zone: tzinfo) -> timedelta:
    if isinstance(value, datetime):
        return instant(value, zone)
    return instant(datetime.combine(value, time.min), zone)


def last_instant(value: date, zone: tzinfo) -> timedelta:
    if isinstance(value, datetime):
        return instant(value, zone)
    return instant(datetime.combine(value, time.max).replace(fold=1), zone)
