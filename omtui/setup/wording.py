"""Records in words: cells of a table, a rule as a sentence, a process as a sequence of steps."""

from collections.abc import Iterator, Sequence

from omtui.setup.catalogue import TABLES, child
from omtui.setup.field import Field
from omtui.setup.indexed import LocatedRecord, flag, rows, text
from omtui.setup.place import Place, Selector, parse
from omtui.setup.routing import EMPTY_OPERATORS, SET_CONNECTOR, operator_word
from omtui.setup.step_order import OrderedStep, in_order
from omtui.setup.table import Record, Table
from omtui.setup.values import shown


def cell(field: Field, value: object) -> str:
    """A field's value in the width of a table cell: what it is, or how many."""
    if field.kind == "condition":
        return condition_words(value)
    if field.kind == "records":
        return records_words(value)
    return shown(value)


def cells(table: Table, record: Record) -> list[str]:
    """A record's cells for the columns of its table."""
    return [cell(table.by_name[name], record.get(name)) for name in table.columns]


def records_words(value: object) -> str:
    """Nested records by their most distinctive field, of many only the first: `PICKING, PICKED`, `5: A, B, C …`."""
    if not isinstance(value, list) or not value:
        return ""
    names = [name for item in value if isinstance(item, dict) and (name := _called(item))]
    if not names:
        return str(len(value))
    if len(names) == len(value) <= 3:
        return ", ".join(names)
    return f"{len(value)}: {', '.join(names[:3])} …"


def summary(table: Table, record: Record) -> str:
    """A nested record on one line, without its key."""
    if table.path == "routing_rules.then":
        return action_words(record)
    if table.path == "orchestration_processes.steps":
        return step_words(record)
    parts = []
    for field in table.own_fields:
        value = record.get(field.name)
        if field.name == table.key or value in (None, "", [], False):
            continue
        if value is True:
            parts.append(field.label)
        elif str(value) != text(record, table.key or ""):
            parts.append(cell(field, value))
    return " · ".join(parts)


def condition_words(node: object) -> str:
    """A tree of conditions as people say it: `Item is equal to CM5008 and Task Type is equal to Invoice`.

    What is in one table must all hold, also where a file holds `all`, `any`, `not` and a comparison side by side.
    """
    if not isinstance(node, dict) or not node:
        return ""
    parts = _parts(node)
    return parts[0][0] if len(parts) == 1 else " and ".join(f"({words})" if joins else words for words, joins in parts)


def _parts(node: Record) -> list[tuple[str, bool]]:
    """What a table of conditions holds, each in words, and whether it joins several."""
    parts: list[tuple[str, bool]] = []
    for join, word, nothing in (("all", " and ", "always"), ("any", " or ", "never")):
        items = node.get(join)
        if isinstance(items, list):
            parts.append((word.join(_grouped(item) for item in items) or nothing, len(items) > 1))
    if "not" in node:
        parts.append((f"not ({condition_words(node['not']) or '…'})", False))
    if not parts or "attribute" in node or "operator" in node:
        parts.append((comparison_words(node), False))
    return parts


def comparison_words(leaf: Record) -> str:
    """One comparison with its entity: `Item (Order Fulfill Line) is equal to CM5008`."""
    attribute = text(leaf, "attribute") or "…"
    entity = text(leaf, "entity")
    operator = operator_word(leaf.get("operator", "…"))
    subject = f"{attribute} ({entity})" if entity else attribute
    if operator in EMPTY_OPERATORS:
        return f"{subject} {operator}"
    value = leaf.get("value")
    if operator == "is between" and isinstance(value, list) and len(value) == 2:
        return f"{subject} {operator} {shown(value[0])} and {shown(value[1])}"
    return f"{subject} {operator} {'…' if value is None else shown(value)}"


def action_words(action: Record) -> str:
    """An action: `set connector Connector01`."""
    name = text(action, "action") or "…"
    value = shown(action.get("value")) or "…"
    unit = f" {text(action, 'unit')}" if text(action, "unit") else ""
    return f"{name}: {value}{unit}" if name != SET_CONNECTOR else f"use connector {value}"


def rule_words(rule: Record) -> str:
    """A whole rule read back as a sentence."""
    sentence = f"If {condition_words(rule.get('when')) or '…'}, then {_actions_words(rule.get('then'))}"
    last = []
    for branch in rows(rule, "otherwise"):
        if "when" in branch or "then" in branch:
            condition = condition_words(branch.get("when")) or "…"
            sentence += f"; else if {condition}, then {_actions_words(branch.get('then'))}"
        else:
            last.append(action_words(branch))
    return sentence + (f"; else {' and '.join(last)}." if last else ".")


def step_words(step: Record) -> str:
    """What a step does, on one line."""
    kind = text(step, "type") or "Service"
    called = " › ".join(part for name in ("task_type", "task", "service") if (part := text(step, name)))
    words = [called if kind == "Service" else kind]
    if kind == "Service" and flag(step, "wait"):
        words.append(f"waits for {text(step, 'exit_criteria') or '…'}")
    if condition := text(step, "condition"):
        words.append(f"when {condition}")
    elif flag(step, "otherwise"):
        words.append("otherwise")
    return ", ".join(word for word in words if word)


def drawn_steps(process: Record) -> Iterator[tuple[int, Record, OrderedStep]]:
    """The steps of a process in the order they run, with their index in the file."""
    steps = [LocatedRecord((index,), step) for index, step in enumerate(rows(process, "steps"))]
    for step in in_order(steps):
        yield int(step.found.path[0]), step.found.record, step


def _actions_words(actions: object) -> str:
    words = [action_words(item) for item in actions if isinstance(item, dict)] if isinstance(actions, list) else []
    return " and ".join(words) or "…"


def _grouped(node: object) -> str:
    if not isinstance(node, dict) or not node:
        return "…"
    parts = _parts(node)
    return f"({condition_words(node)})" if len(parts) > 1 or parts[0][1] else parts[0][0]


def _called(record: Record) -> str:
    if "action" in record:
        return action_words(record)
    for name in ("internal", "name", "value", "code", "number", "action"):
        if name in record:
            return shown(record[name])
    return condition_words(record.get("when")) or shown(record.get("score"))


def place_words(text_of_place: str) -> str:
    """A place as people say it: `Connector Connector01, Connector URL`; as it is where it cannot be read."""
    place = parse(text_of_place)
    if not isinstance(place, Place):
        return text_of_place
    words: list[str] = []
    path = ""
    for number, part in enumerate(place.parts):
        if isinstance(part, Selector):
            table = TABLES.get(path)
            is_position = table is not None and not table.key and part.key.isdecimal()
            key = f"{int(part.key) + 1}" if is_position else part.key
            key = f"{key} ({part.occurrence})" if key and part.occurrence > 1 else key or f"{part.occurrence}"
            words.append(f"{table.singular} {key}" if table else key)
        elif inner := child(path, part):
            path = inner.path
            rest = place.parts[number + 1 :]
            if not rest or _is_field(inner, rest):
                words.append(inner.singular if inner.single else inner.title)
        elif path in TABLES and part in TABLES[path].by_name:
            words.append(TABLES[path].by_name[part].label)
    said = ", ".join(words)
    return said[:1].upper() + said[1:] or text_of_place


def _is_field(table: Table, parts: Sequence[str | Selector]) -> bool:
    """Whether what follows a single table is one of its own fields."""
    return table.single and isinstance(parts[0], str) and child(table.path, parts[0]) is None


def table_words(path: str, count: int) -> str:
    """How many records, in words: `2 connectors`, `1 connector`, `no connectors`."""
    table = TABLES[path]
    return f"1 {table.singular}" if count == 1 else f"{count or 'no'} {table.title.lower()}"
