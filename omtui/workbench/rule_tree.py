"""A condition of a routing rule in the room there is: coloured, with short operators, its value the last to be cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from omtui.plain_text import plain
from omtui.setup.indexed import text
from omtui.setup.routing import EMPTY_OPERATORS, operator_word
from omtui.setup.rule_line import PRINTED
from omtui.setup.table import Record
from omtui.setup.values import shown
from omtui.workbench.signs import UNICODE, Signs

ATTRIBUTE, ENTITY, VALUE = "bold $accent", "dim $accent", "bold $text-success"
"""The parts of a condition: of different weight, for where there is no colour."""

ANY_WIDTH = 100_000

_SIGNS: Final = {"!=": "≠", ">=": "≥", "<=": "≤"}


def short_operator(operator: object, signs: Signs) -> str:
    """An operator as short as it goes: = ≠ ≥ in, or != >= where only ASCII is drawn."""
    word = operator_word(operator)
    sign = PRINTED.get(word, word)
    return _SIGNS.get(sign, sign) if signs is UNICODE else sign


def comparison(leaf: Record, width: int, signs: Signs) -> Content:
    """One comparison. What has no room goes: the entity, then the end of the attribute, then that of the value."""
    attribute, entity = plain(text(leaf, "attribute") or signs.ellipsis), plain(text(leaf, "entity"))
    operator, value = short_operator(leaf.get("operator", signs.ellipsis), signs), leaf.get("value")
    if operator_word(leaf.get("operator")) in EMPTY_OPERATORS:
        operand = ""
    elif operator == "between" and isinstance(value, list) and len(value) == 2:
        operand = f" {plain(shown(value[0]))} and {plain(shown(value[1]))}"
    else:
        operand = f" {plain(shown(value)) if value is not None else signs.ellipsis}"
    rest = width - cell_len(plain(operator)) - cell_len(operand) - 1
    behind = f" ({entity})" if entity and rest >= cell_len(attribute) + cell_len(entity) + 3 else ""
    attribute = _cut(attribute, max(rest, 4), signs)
    operand = _cut(operand, max(width - cell_len(attribute) - cell_len(plain(operator)) - 1, 4), signs)
    return Content.assemble((attribute, ATTRIBUTE), (behind, ENTITY), f" {plain(operator)}", (operand, VALUE))


def condition_line(node: object, signs: Signs) -> str:
    """A tree of conditions in a cell of a list: short operators, and no entities."""
    if not isinstance(node, dict):
        return ""
    parts: list[str] = []
    for join, word in (("all", " and "), ("any", " or ")):
        items = node.get(join)
        if isinstance(items, list):
            found = [(condition_line(each, signs), _joins(each)) for each in items]
            parts.append(word.join(f"({words})" if joins else words for words, joins in found if words))
    if "not" in node:
        parts.append(f"not ({condition_line(node['not'], signs)})")
    if "attribute" in node or "operator" in node:
        parts.append(comparison({**node, "entity": ""}, ANY_WIDTH, signs).plain)
    return " and ".join(f"({each})" if len(parts) > 1 and _joins(node) else each for each in parts)


def _joins(node: object) -> bool:
    """Whether a node joins several."""
    joined = [node.get(join) for join in ("all", "any")] if isinstance(node, dict) else []
    return any(isinstance(each, list) and len(each) > 1 for each in joined)


def leads(depths: Sequence[int], signs: Signs) -> list[str]:
    """The lines in front of the rows of a tree, by how deep each row is (1 for the outermost)."""
    return ["".join(_lead(depths[number:], level, signs) for level in range(1, depths[number] + 1))
            for number in range(len(depths))]  # fmt: skip


def _lead(depths: Sequence[int], level: int, signs: Signs) -> str:
    """What is drawn at a level in front of the first of some rows."""
    goes_on = next((depth == level for depth in depths[1:] if depth <= level), False)
    if depths[0] == level:
        return signs.tee if goes_on else signs.corner
    return signs.bar if goes_on else "   "


def _cut(words: str, width: int, signs: Signs) -> str:
    return words if cell_len(words) <= width else set_cell_size(words, width - 1) + signs.ellipsis
