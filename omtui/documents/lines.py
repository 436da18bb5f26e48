"""What a person does on a page for one record, line by line, with the values to paste."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from omtui.compare.change import Change
from omtui.compare.difference_report import value_words
from omtui.documents.rule_rewrite import has_unseen, rewritten
from omtui.setup.catalogue import TABLES, children
from omtui.setup.connectors import PREDEFINED_CONNECTORS
from omtui.setup.field import Field
from omtui.setup.indexed import Indexed, flag, is_predefined, rows, text, texts, title_of
from omtui.setup.roles import DOWNSTREAM_PRIVILEGES, MISSPELT_PRIVILEGES
from omtui.setup.routing import (
    ATTRIBUTES,
    EMPTY_OPERATORS,
    LIST_OPERATORS,
    SET_CONNECTOR,
    TEXT_OPERATORS,
    operator_word,
)
from omtui.setup.table import Record, Table
from omtui.setup.task_types import PREDEFINED_TASK_TYPES
from omtui.setup.trigger_points import JEOPARDY, WITH_DETAILS
from omtui.setup.values import shown
from omtui.setup.wording import action_words, condition_words, drawn_steps


class TodoLine(NamedTuple):
    """One thing to do. `value` is what to paste; `None` where there is nothing to paste."""

    text: str
    value: str | None = None
    hint: str = ""


class LineGroup(NamedTuple):
    """A record inside a record: its heading, and what to do for it."""

    title: str
    lines: tuple[TodoLine, ...]


def record_lines(setup: Indexed, table: str, record: Record, *, own: bool = False) -> Iterator[TodoLine]:
    """The lines of a record's own fields, in the order of the page. `own` adds fields that no page asks for."""
    if table == "routing_rules":
        yield from _rule(record)
        return
    if table == "topology.applications":
        yield from _application(record)
        return
    if table == "trigger_points":
        yield TodoLine("Select the trigger point", text(record, "name"))
    description = TABLES[table]
    inner = children(table)
    for field in description.own_fields:
        if field.name in inner or field.travels == "state" or (field.own and not own):
            continue
        if table == "trigger_points" and field.name in ("name", "connectors"):
            continue
        yield from _field(setup, description, field, record)
    if table == "trigger_points":
        yield from _trigger_point(setup, record)
    if table == "integration_users":
        yield from _sign_in(record, "Set the password of the user")


def record_parts(setup: Indexed, table: str, record: Record) -> Iterator[LineGroup]:
    """The records inside a record. Steps of a process come in the order in which they run."""
    if table in ("routing_rules", "trigger_points"):
        return
    for name, inner in children(table).items():
        if table == "orchestration_processes" and name == "steps":
            for _, step, drawn in drawn_steps(record):
                yield LineGroup(_part_title(inner, step), tuple(_step(setup, inner, step, drawn.sign)))
            continue
        for each in rows(record, name):
            yield LineGroup(_part_title(inner, each), tuple(_plain_fields(setup, inner, each)))


def changed_lines(setup: Indexed, changes: Iterable[Change]) -> Iterator[TodoLine]:
    """What to do for the changes of one record."""
    for change in changes:
        table = TABLES.get(change.table)
        field = table.by_name.get(change.field) if table else None
        if table is None or (field is not None and field.own and field.name != table.key):
            continue
        where = _inside(change)
        old = value_words(change, change.old)
        if (change.table, change.field) == ("connectors", "credential"):
            yield from _sign_in({"credential": change.new}, "Password")
            continue
        if change.op == "remove":
            yield TodoLine(f"{where}Remove", None, old)
        elif change.op == "add":
            value = change.new if isinstance(change.new, dict) else {}
            yield TodoLine(f"{where}Add {table.singular} {title_of(table.path, value) if table.key else ''}".rstrip())
            yield from _inner_lines(setup, table, value)
        elif change.op == "rename":
            how = "Create it under the new name, then delete" if change.replaces else "Rename"
            yield TodoLine(f"{where}{how} {shown(change.old)}", shown(change.new))
        elif isinstance(change.new, (dict, list)) and any(isinstance(item, dict) for item in _items(change.new)):
            yield TodoLine(
                f"{where}{field.label if field else change.field}: {value_words(change, change.new)}",
                None,
                f"was: {old}",
            )
        elif change.new is None:
            yield TodoLine(f"{where}Clear {field.label if field else change.field}", None, f"was: {old}")
        elif isinstance(change.new, bool) and field is not None:
            yield TodoLine(f"{where}{_checkbox(field, change.new)}", None, f"was: {old}")
        else:
            yield TodoLine(f"{where}{field.label if field else change.field}", shown(change.new), f"was: {old}")


def _inner_lines(setup: Indexed, table: Table, record: Record) -> Iterator[TodoLine]:
    if table.path == "routing_rules.when":
        yield TodoLine(f"Condition: {condition_words(record)}")
    elif table.path in ("routing_rules.then", "routing_rules.otherwise") and "action" in record:
        yield from _action(record)
    elif table.path == "orchestration_processes.steps":
        yield from _step(setup, table, record, "")
    else:
        yield from _plain_fields(setup, table, record)


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]


def _inside(change: Change) -> str:
    """The record inside the record that a change is about: `Step 100 > `."""
    table = TABLES.get(change.table)
    if table is None or not table.parent or TABLES[table.parent].single:
        return ""
    if table.path.startswith("routing_rules."):
        return f"{table.title} > "
    inner = change.where.split("[")[-1].split("]")[0] if change.field else ""
    return f"{table.title}{f' {inner}' if inner else ''} > "


def _plain_fields(setup: Indexed, table: Table, record: Record) -> Iterator[TodoLine]:
    for field in table.own_fields:
        if not field.own and field.travels != "state":
            yield from _field(setup, table, field, record)


def _field(setup: Indexed, table: Table, field: Field, record: Record) -> Iterator[TodoLine]:
    value = record.get(field.name)
    if value in (None, "", []):
        if field.required and not field.own and not is_predefined(record):
            yield TodoLine(f"{field.label}", None, "the profile does not say it yet")
        return
    if table.path == "connectors" and field.name == "credential":
        yield from _sign_in(record, "Password")
        return
    if isinstance(value, bool):
        yield TodoLine(_checkbox(field, value))
    elif field.name == "enabled_for":
        for each in texts(record, field.name):
            yield TodoLine(f"Check Enable for {each}")
    elif field.name in ("privileges", "roles") and isinstance(value, list):
        for each in texts(record, field.name):
            right = MISSPELT_PRIVILEGES.get(each)
            hint = f"Oracle writes {right}" if right else DOWNSTREAM_PRIVILEGES.get(each, "")
            yield TodoLine(_SINGULAR.get(field.name, field.label), each, hint)
    elif isinstance(value, list):
        for each in value:
            yield TodoLine(field.label, shown(each))
    else:
        yield TodoLine(field.label, shown(value), _made_in(setup, field, record, str(value)))


_SINGULAR = {"privileges": "Privilege", "roles": "Role"}

_MADE_IN = {
    "source_systems": "step 3",
    "task_types": "step 1",
    "task_types.tasks": "step 1",
    "task_types.services": "step 1",
    "task_types.statuses": "step 1",
    "connectors": "step 5",
    "status_rule_sets": "step 2",
    "certificates": "step 5",
    "orchestration_processes": "step 2",
}


def _made_in(setup: Indexed, field: Field, record: Record, value: str) -> str:
    """Where a value that names another record was made."""
    for reference in field.refers:
        if reference.when and text(record, reference.when[0]) != reference.when[1]:
            continue
        if reference.through == ".":
            return "another step of this process"
        step = _MADE_IN.get(reference.table)
        if step is None:
            continue
        found = setup.by(reference.table, reference.field).get(value)
        if found:
            return "Oracle's own" if is_predefined(found[0].record) else f"made in {step}"
        if _is_oracles(reference.table, record, value):
            return "Oracle's own"
        if reference.strict:
            return f"not found in {step}: look it up before you go on"
    return ""


def _is_oracles(table: str, record: Record, value: str) -> bool:
    """Whether a value that is nowhere in the profile names what Oracle delivers."""
    if table == "connectors":
        return value in PREDEFINED_CONNECTORS
    task_type = value if table == "task_types" else text(record, "task_type")
    return table.startswith("task_types") and task_type in PREDEFINED_TASK_TYPES


def _checkbox(field: Field, value: bool) -> str:
    if field.name == "send_attachments":
        return f"{field.label}: {'Yes' if value else 'No'}"
    return f"Check {field.label}" if value else f"Leave {field.label} unchecked"


def _sign_in(record: Record, label: str) -> Iterator[TodoLine]:
    credential = text(record, "credential")
    if credential:
        yield TodoLine(label, None, f"from the credential store, entry {credential}; never written here")


def _step(setup: Indexed, table: Table, record: Record, sign: str) -> Iterator[TodoLine]:
    for field in table.own_fields:
        if field.own or (field.name == "wait" and record.get("wait") is not True):
            continue
        if isinstance(record.get(field.name), bool) and record.get(field.name) is False:
            continue
        yield from _field(setup, table, field, record)
    if sign == "wait":
        yield TodoLine("This step waits for the answer: the line goes on when the exit criteria is met")


def _part_title(table: Table, record: Record) -> str:
    name = title_of(table.path, record)
    if table.path == "orchestration_processes.steps":
        name = " ".join(filter(None, (text(record, "number"), text(record, "name"))))
    return f"{table.singular[:1].upper()}{table.singular[1:]} {name}".rstrip()


def _rule(rule: Record) -> Iterator[TodoLine]:
    """A routing rule as it is clicked together."""
    yield TodoLine("Click Create New Rule")
    yield TodoLine("Name", text(rule, "name"))
    if text(rule, "description"):
        yield TodoLine("Description", text(rule, "description"))
    yield TodoLine("IF: enter the text", text(rule, "if_text") or None, "a caption; Oracle does not read it as logic")
    yield from _if(rule.get("when"), "IF")
    yield TodoLine("THEN: select DO")
    yield TodoLine(
        "THEN: enter the text", text(rule, "then_text") or None, "a caption; Oracle does not read it as logic"
    )
    yield from _actions(rows(rule, "then"))
    yield from _branches(rule)
    yield TodoLine("Click Save and Close")
    if flag(rule, "active"):
        yield TodoLine("Click the rule and choose Activate Rule")
    for name, label in (("start_date", "Start Date"), ("end_date", "End Date")):
        if name in rule:
            yield TodoLine(label, shown(rule[name]))
    if "priority" in rule:
        yield TodoLine("Priority", shown(rule["priority"]))
    if "start_date" not in rule and "end_date" not in rule:
        yield TodoLine("Leave Start Date and End Date empty: it runs at any date")
    yield TodoLine("Click Save and Close")
    yield TodoLine("Click Publish, once all rules are entered")


def _branches(rule: Record) -> Iterator[TodoLine]:
    last = []
    for branch in rows(rule, "otherwise"):
        if "when" in branch or "then" in branch:
            yield TodoLine("Add ELSE IF")
            yield TodoLine("ELSE IF: enter the text", text(branch, "if_text") or None)
            yield from _if(branch.get("when"), "ELSE IF")
            yield TodoLine("THEN: enter the text", text(branch, "then_text") or None)
            yield from _actions(rows(branch, "then"))
        else:
            last.append(branch)
    if last:
        yield TodoLine("Add ELSE")
        if text(rule, "else_text"):
            yield TodoLine("ELSE: enter the text", text(rule, "else_text"))
        yield from _actions(last)


def _if(node: object, first: str) -> Iterator[TodoLine]:
    """The conditions of a branch; where they need what no page shows, how to do without it."""
    yield from _conditions(node, "")
    if not has_unseen(node):
        return
    branches = rewritten(node)
    how = "instead, enter these branches, each with the same THEN" if branches else "instead, use one ELSE IF for each"
    yield TodoLine(f"Where the page offers no group, OR, NOT, list or range: {how}")
    for number, words in enumerate(branches):
        yield TodoLine(f"  {'ELSE IF' if number else first} {words}")


NOT_SEEN = "not seen on Oracle's page"


def _conditions(node: object, indent: str) -> Iterator[TodoLine]:
    """A tree of conditions in the order in which it is entered."""
    if not isinstance(node, dict) or not node:
        return
    for join, word in (("all", "AND"), ("any", "OR")):
        items = node.get(join)
        if isinstance(items, list):
            for number, item in enumerate(items):
                if number:
                    yield TodoLine(f"{indent}Click {word}", None, NOT_SEEN if word == "OR" else "")
                nested = isinstance(item, dict) and any(name in item for name in ("all", "any", "not"))
                if nested:
                    yield TodoLine(f"{indent}Open a group", None, NOT_SEEN)
                yield from _conditions(item, f"{indent}  " if nested else indent)
                if nested:
                    yield TodoLine(f"{indent}Close the group")
            return
    if "not" in node:
        yield TodoLine(f"{indent}Choose NOT for what follows", None, NOT_SEEN)
        yield from _conditions(node["not"], f"{indent}  ")
        return
    attribute, entity = text(node, "attribute"), text(node, "entity")
    yield TodoLine(
        f"{indent}Condition: enter the attribute", attribute, f"choose the one of {entity}" if entity else ""
    )
    operator = text(node, "operator")
    meaning = operator_word(operator)
    hint = f"the same as {meaning}" if meaning != operator.casefold() else ""
    yield TodoLine(f"{indent}Operator", operator, NOT_SEEN if meaning in _UNSEEN_OPERATORS else hint)
    if meaning not in EMPTY_OPERATORS:
        value = node.get("value")
        for each in value if isinstance(value, list) else [value]:
            is_found = isinstance(each, str) and attribute in ATTRIBUTES and meaning not in TEXT_OPERATORS
            how = "Click the search icon, search for the value and select it" if is_found else "Enter the value"
            yield TodoLine(f"{indent}{how}", shown(each))


_UNSEEN_OPERATORS = (*LIST_OPERATORS, "is between")


def _actions(actions: Iterable[Record]) -> Iterator[TodoLine]:
    for action in actions:
        yield from _action(action)


def _action(action: Record) -> Iterator[TodoLine]:
    yield TodoLine("New Action: select Perform an Action")
    yield TodoLine("Action", text(action, "action"))
    if text(action, "action") == SET_CONNECTOR:
        yield TodoLine(
            "Connector Name: click the search icon, search for it and select it",
            shown(action.get("value")),
            "made in step 5",
        )
    else:
        yield TodoLine(f"Value of {text(action, 'action')}", shown(action.get("value")), action_words(action))
    if "unit" in action:
        yield TodoLine("Unit", text(action, "unit"))


def _application(record: Record) -> Iterator[TodoLine]:
    domain = text(record, "domain") or "FADomain"
    yield TodoLine(f"On the tab Detailed, expand {domain} and read the row", text(record, "name"))
    if text(record, "host"):
        yield TodoLine("External virtual host: compare with", text(record, "host"))
    if "port" in record:
        yield TodoLine("External port: compare with", shown(record["port"]))


def _trigger_point(setup: Indexed, record: Record) -> Iterator[TodoLine]:
    is_jeopardy = text(record, "name") == JEOPARDY
    for detail in rows(record, "details"):
        value = text(detail, "value")
        what = f"Jeopardy Priority {value}" if is_jeopardy else value
        if flag(detail, "raise_event"):
            yield TodoLine(f"Under Details, {what}: check Raise Event")
        if flag(detail, "send_email"):
            hint = "sent only when the event is raised" if text(record, "name") in WITH_DETAILS else ""
            yield TodoLine(f"Under Details, {what}: check Send Email Notification", None, hint)
        if not flag(detail, "raise_event") and not flag(detail, "send_email"):
            yield TodoLine(f"Under Details, {what}: leave unchecked")
    field = TABLES["trigger_points"].by_name["connectors"]
    for connector in texts(record, "connectors"):
        hint = _made_in(setup, field, record, connector)
        yield TodoLine("Associated Connectors > Actions > Add Row: enter Connector Name", connector, hint)
    if flag(record, "integration_cloud"):
        yield TodoLine("Integration Cloud subscribes to the public event: nothing to associate here")
