"""The sheet of a record: what the screen of one record shows, row by row, as plain values.

A sheet shows every field with its value, and nested records under their field: services of a task type, steps of a
process with their branches, the IF / ELSE IF / ELSE of a rule as a tree. It is made from the descriptions; only rules
and steps have a drawing of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from omtui.setup.catalogue import TABLES, child
from omtui.setup.field import Field
from omtui.setup.indexed import rows, text
from omtui.setup.place import Path, key_text
from omtui.setup.table import Record, Table
from omtui.setup.wording import (
    action_words,
    cell,
    comparison_words,
    drawn_steps,
    step_words,
    summary,
)
from omtui.workbench.signs import Signs

RowKind = Literal["field", "section", "record", "group", "condition", "branch", "action"]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet: what it is, where it is in the profile, and what it shows."""

    kind: RowKind
    path: Path
    label: str
    value: str
    table: Table
    """The table of the record it belongs to, or that it is a record of."""
    field: Field | None = None
    depth: int = 0
    rows: Path | None = None
    """For a section: the list that a new record is added to."""

    @property
    def opens(self) -> bool:
        """Whether Enter opens a sheet of its own instead of editing in place."""
        return self.kind in ("record", "condition", "action")


def sheet(table: Table, record: Record, path: Path, signs: Signs) -> list[SheetRow]:
    """The rows of a record, in the order of Oracle's page."""
    if table.path == "routing_rules":
        return list(_rule(table, record, path, signs))
    if table.path == "routing_rules.otherwise":
        return list(_branch_fields(table, record, path, signs))
    found: list[SheetRow] = []
    for field in table.page_fields:
        if field.kind == "records":
            found.extend(_section(table, field, record, path, signs))
        elif field.kind != "condition":
            found.append(
                SheetRow("field", (*path, field.name), field.label, cell(field, record.get(field.name)), table, field)
            )
    return found


def _section(table: Table, field: Field, record: Record, path: Path, signs: Signs) -> Iterator[SheetRow]:
    inner = child(table.path, field.name)
    if inner is None:
        return
    here = (*path, field.name)
    nested = rows(record, field.name)
    count = str(len(nested)) if nested else "none yet"
    yield SheetRow("section", here, field.label, count, inner, field, rows=here)
    if inner.path == "orchestration_processes.steps":
        yield from _steps(inner, record, here, signs)
        return
    for number, item in enumerate(nested):
        label = key_text(item, inner.key) if inner.key else f"{number + 1}"
        yield SheetRow("record", (*here, number), label, summary(inner, item), inner, None, 1, here)


def _steps(table: Table, process: Record, here: Path, signs: Signs) -> Iterator[SheetRow]:
    glyph = {"call": signs.call, "wait": signs.wait, "branch": signs.branch, "merge": signs.merge}
    for index, step, drawn in drawn_steps(process):
        lead = signs.bar * (drawn.depth - 1) + (signs.tee if drawn.starts_branch else signs.bar) if drawn.depth else ""
        label = f"{key_text(step, 'number'):>5} {lead}{glyph[drawn.sign]} {text(step, 'name') or signs.ellipsis}"
        yield SheetRow("record", (*here, index), label, step_words(step), table, None, 1, here)


def _plain_fields(table: Table, record: Record, path: Path, names: tuple[str, ...]) -> Iterator[SheetRow]:
    for name in names:
        field = table.by_name[name]
        yield SheetRow("field", (*path, name), field.label, cell(field, record.get(name)), table, field)


_BEFORE_IF = ("name", "description", "if_text")


def _rule(table: Table, rule: Record, path: Path, signs: Signs) -> Iterator[SheetRow]:
    yield from _plain_fields(table, rule, path, _BEFORE_IF)
    yield from _branch(table, rule, path, signs, "IF", "THEN", after_if=("then_text",))
    condition, action = TABLES["routing_rules.otherwise"], TABLES["routing_rules.then"]
    otherwise = (*path, "otherwise")
    branches = rows(rule, "otherwise")
    last: list[tuple[int, Record]] = []
    for number, branch in enumerate(branches):
        if is_else_if(branch):
            yield from _branch(condition, branch, (*otherwise, number), signs, "ELSE IF", "THEN")
        else:
            last.append((number, branch))
    yield SheetRow("section", otherwise, "ELSE", "" if last else "nothing", condition, rows=otherwise)
    for number, branch in last:
        yield SheetRow(
            "action", (*otherwise, number), signs.bar.rstrip(), action_words(branch), action, None, 1, otherwise
        )
    shown = {"when", "then", "otherwise", "then_text", *_BEFORE_IF}
    yield from _plain_fields(table, rule, path, tuple(f.name for f in table.page_fields if f.name not in shown))


def _branch_fields(table: Table, branch: Record, path: Path, signs: Signs) -> Iterator[SheetRow]:
    if is_else_if(branch):
        yield from _plain_fields(table, branch, path, ("if_text",))
        yield from _branch(table, branch, path, signs, "ELSE IF", "THEN", after_if=("then_text",))
    else:
        yield from _plain_fields(table, branch, path, ("action", "value", "unit"))


def is_else_if(branch: Record) -> bool:
    """Whether an entry under `otherwise` is an ELSE IF; else it is an action of the last ELSE."""
    return "when" in branch or "then" in branch


def _branch(
    table: Table, branch: Record, path: Path, signs: Signs, first: str, second: str, after_if: tuple[str, ...] = ()
) -> Iterator[SheetRow]:
    condition, action = TABLES["routing_rules.when"], TABLES["routing_rules.then"]
    when = (*path, "when")
    tree = branch.get("when")
    kind: RowKind = "branch" if first != "IF" else "section"
    yield SheetRow(
        kind, path if kind == "branch" else when, first, "" if tree else "no condition yet", table, rows=when
    )
    yield from _tree(condition, tree, when, 1, signs)
    yield from _plain_fields(table, branch, path, after_if)
    then = (*path, "then")
    actions = rows(branch, "then")
    yield SheetRow("section", then, second, "" if actions else "no action yet", action, rows=then)
    for number, item in enumerate(actions):
        yield SheetRow("action", (*then, number), "", action_words(item), action, None, 1, then)


_JOINS = {"all": "all of", "any": "any of"}


def _tree(table: Table, node: object, path: Path, depth: int, signs: Signs) -> Iterator[SheetRow]:
    """The rows of a node: its groups and its comparison, which must all hold where a file has them side by side."""
    if not isinstance(node, dict) or (not node and path[-1] == "when"):
        return
    shown = False
    for join, words in _JOINS.items():
        items = node.get(join)
        if isinstance(items, list):
            shown = True
            inner = (*path, join)
            yield SheetRow("group", inner, words, "" if items else "empty", table, None, depth, inner)
            for number, item in enumerate(items):
                yield from _tree(table, item, (*inner, number), depth + 1, signs)
    if "not" in node:
        shown = True
        yield SheetRow("group", (*path, "not"), "not", "", table, None, depth, (*path, "not"))
        yield from _tree(table, node["not"], (*path, "not"), depth + 1, signs)
    if not shown or is_comparison(node):
        yield SheetRow("condition", path, "", comparison_words(node), table, None, depth, path)


def is_comparison(node: Record) -> bool:
    """Whether a table of conditions holds a comparison of its own next to what it joins."""
    return "attribute" in node or "operator" in node
