"""Routing rules in sheets: conditions and actions as lines, whatever they nest in.

A condition's position says where it stands in the tree: `AND 2 > OR 1`, or nothing for the only one. Typed without
positions, several conditions are joined by AND.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from omtui.compare.sameness import is_branch
from omtui.documents.sheet_values import NO_VALUE, any_cell, any_value, quoted_text, type_word, unquoted_text
from omtui.plain_text import plain
from omtui.setup.did_you_mean import folded
from omtui.setup.indexed import rows
from omtui.setup.place import Data
from omtui.setup.routing import ATTRIBUTES
from omtui.setup.table import Record

RULE = "Routing rule"
HEADS: dict[str, tuple[str, ...]] = {
    "Conditions": (RULE, "Branch", "Position", "Entity", "Attribute", "Operator", "Value", "Type"),
    "Actions": (RULE, "Branch", "Action", "Value", "Type", "Unit"),
    "Branches": (RULE, "Branch", "Text of IF", "Text of THEN"),
}
"""The blocks besides the rules themselves, with their columns."""

_JOINS = {"all": "AND", "any": "OR"}
_WORDS = {"AND": "all", "OR": "any"}
_STEP = re.compile(r"(AND|OR)(?:\s*(\d{1,6}))?|NOT")

_DEEPEST = 100

Told = tuple[str, str]
"""What is wrong with a line, and what to do."""


def block_rows(block: str, name: str, rule: Record) -> Iterator[tuple[str, ...]]:
    """The lines of one rule in one of the blocks."""
    for branch, record in _branches(rule):
        if block == "Conditions":
            when = record.get("when")
            if isinstance(when, dict):
                yield from ((name, branch, *row) for row in _condition_rows(when, ()))
        elif block == "Actions":
            actions = [record] if branch == "ELSE" else rows(record, "then")
            yield from ((name, branch, *_action_row(action)) for action in actions)
        elif branch not in ("IF", "ELSE"):
            yield (name, branch, *(_optional(record.get(key)) for key in ("if_text", "then_text")))


def _branches(rule: Record) -> Iterator[tuple[str, Record]]:
    yield "IF", rule
    number = 0
    for entry in rows(rule, "otherwise"):
        if is_branch(entry):
            number += 1
            yield f"ELSE IF {number}", entry
        else:
            yield "ELSE", entry


def _condition_rows(node: Record, position: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    joins = [name for name in ("all", "any", "not") if name in node]
    if len(node) == 1 and joins == ["not"] and isinstance(node["not"], dict):
        yield from _condition_rows(node["not"], (*position, "NOT"))
        return
    if len(node) == 1 and joins and isinstance(node[joins[0]], list):
        word = _JOINS[joins[0]]
        items = rows(node, joins[0])
        if not items:
            yield (" > ".join((*position, word)), "", "", "", "", "")
        for number, item in enumerate(items, 1):
            yield from _condition_rows(item, (*position, f"{word} {number}"))
        return
    value = node.get("value")
    texts = [_optional(node.get(name)) for name in ("entity", "attribute", "operator")]
    typed = (any_cell(value), type_word(value)) if "value" in node else ("", "")
    yield (" > ".join(position), *texts, *typed)


def _action_row(action: Record) -> tuple[str, ...]:
    typed = (any_cell(action["value"]), type_word(action["value"])) if "value" in action else ("", "")
    return (_optional(action.get("action")), *typed, _optional(action.get("unit")))


def _optional(value: object) -> str:
    return "" if value is None else quoted_text(str(value))


@dataclass
class _Branch:
    conditions: list[tuple[tuple[str, ...], Data | None]] = field(default_factory=list)
    actions: list[Data] = field(default_factory=list)
    texts: Data = field(default_factory=dict)


class RuleParts:
    """The lines of one rule, put together again."""

    def __init__(self) -> None:
        self._branches: dict[str, _Branch] = {}

    def add(self, block: str, cells: Mapping[str, str]) -> Told | None:
        """Take in one line of a block, by the folded names of its columns."""
        told = cells.get(folded("Branch"), "").strip().upper() or "IF"
        if not re.fullmatch(r"IF|ELSE|ELSE IF \d{1,6}", told):
            return f"{plain(told)[:60]} is no branch", "write IF, ELSE IF 1, ELSE IF 2 … or ELSE"
        branch = self._branches.setdefault(told, _Branch())
        if block == "Conditions":
            if told == "ELSE":
                return "ELSE has no condition", "write ELSE IF and a number, or remove the condition"
            return self._condition(branch, cells)
        if block == "Actions":
            return self._action(branch, cells)
        for name, head in (("if_text", "Text of IF"), ("then_text", "Text of THEN")):
            if not (text := cells.get(folded(head), "")):
                continue
            if told in ("IF", "ELSE"):
                return f"{told} has no text of its own", "write it in the row of the rule, or of an ELSE IF"
            if branch.texts.setdefault(name, unquoted_text(text)) != unquoted_text(text):
                return f"{told} has another {head} further up", "say it once"
        return None

    def fields(self) -> Data | Told:
        """The rule's `when`, `then` and `otherwise`, or what does not fit together."""
        found: Data = {}
        otherwise: list[object] = []
        numbers = sorted(int(name.split()[-1]) for name in self._branches if name.startswith("ELSE IF"))
        for name in ("IF", *(f"ELSE IF {number}" for number in numbers)):
            branch = self._branches.get(name)
            if branch is None:
                continue
            record: Data = {}
            if branch.conditions:
                tree = _tree(branch.conditions)
                if tree is None:
                    return f"the positions of {name} do not fit together", "join one group by AND or by OR, not by both"
                record["when"] = tree
            if branch.actions:
                record["then"] = list(branch.actions)
            if name == "IF":
                found |= record
            else:
                entry = branch.texts | record
                otherwise.append(entry if "when" in entry or "then" in entry else entry | {"when": {}})
        last = self._branches.get("ELSE")
        otherwise += last.actions if last else []
        if otherwise:
            found["otherwise"] = otherwise
        return found

    def _condition(self, branch: _Branch, cells: Mapping[str, str]) -> Told | None:
        position = tuple(part.strip().upper() for part in cells.get("position", "").split(">") if part.strip())
        if len(position) > _DEEPEST or not all(_STEP.fullmatch(part) for part in position):
            return "the position is not understood", "write for example AND 1, AND 2 > OR 1, NOT, or nothing"
        leaf: Data = {}
        for name in ("entity", "attribute", "operator"):
            if text := cells.get(name, ""):
                leaf[name] = unquoted_text(text)
        fault = _take_value(leaf, cells, str(leaf.get("attribute", "")))
        is_empty_group = bool(position) and position[-1] in _WORDS and not leaf
        branch.conditions.append((position, None if is_empty_group else leaf))
        return fault

    def _action(self, branch: _Branch, cells: Mapping[str, str]) -> Told | None:
        action: Data = {}
        if text := cells.get("action", ""):
            action["action"] = unquoted_text(text)
        fault = _take_value(action, cells, "")
        if text := cells.get("unit", ""):
            action["unit"] = unquoted_text(text)
        branch.actions.append(action)
        return fault


def _take_value(record: Data, cells: Mapping[str, str], attribute: str) -> Told | None:
    text, word = cells.get("value", ""), cells.get("type", "").strip()
    if not text and not word:
        return None
    if not word:
        word = _guessed(text, attribute, str(record.get("operator", "")))
    value = any_value(text, word)
    if value is NO_VALUE:
        return f"{plain(text)[:60]} is not {plain(word)[:40]}", "correct the value, or the word in the column Type"
    record["value"] = value
    return None


def _guessed(text: str, attribute: str, operator: str) -> str:
    """The type of a value that was typed without one: what the attribute is known to hold."""
    word = ATTRIBUTES.get(attribute, ("", "text"))[1]
    is_list = operator in ("is in", "is not in", "is between")
    if any_value(text, f"list of {word}" if is_list else word) is NO_VALUE:
        word = "text"
    return f"list of {word}" if is_list else word


def _tree(lines: Sequence[tuple[tuple[str, ...], Data | None]]) -> Data | None:
    """The tree that positions describe; `None` when they contradict each other."""
    if len(lines) == 1 and not lines[0][0]:
        return lines[0][1]
    if all(not position for position, _ in lines):
        return {"all": [leaf for _, leaf in lines]}
    words = {position[0].split()[0] if position else "" for position, _ in lines}
    if len(words) != 1:
        return None
    word = words.pop()
    if word == "NOT":
        inner = _tree([(position[1:], leaf) for position, leaf in lines])
        return None if inner is None else {"not": inner}
    numbered: dict[int, list[tuple[tuple[str, ...], Data | None]]] = {}
    for position, leaf in lines:
        match = _STEP.fullmatch(position[0])
        number = int(match[2]) if match and match[2] else None
        if number is None:
            if len(lines) > 1 or leaf is not None:
                return None
            return {_WORDS[word]: []}
        numbered.setdefault(number, []).append((position[1:], leaf))
    items = [_tree(numbered[number]) for number in sorted(numbered)]
    return None if any(item is None for item in items) else {_WORDS[word]: items}
