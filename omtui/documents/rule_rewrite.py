"""A condition as IF and ELSE IF branches that join comparisons by AND only: what Oracle's pages show of the editor."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Final

from omtui.setup.routing import EMPTY_OPERATORS, LIST_OPERATORS, operator_word
from omtui.setup.table import Record
from omtui.setup.wording import comparison_words

Alternatives = list[list[Record]]
"""At least one of the lists must hold, with all that is in it."""

_MOST: Final = 12
_OPPOSITES: Final = {
    "is equal to": "is not equal to",
    "is greater than": "is less than or equal to",
    "is less than": "is greater than or equal to",
    "is before": "is on or after",
    "is after": "is on or before",
    "is empty": "is not empty",
}
_NEGATED: Final = {**_OPPOSITES, **{other: one for one, other in _OPPOSITES.items()}}


def has_unseen(node: object) -> bool:
    """Whether a condition has groups, OR, NOT, a list or a range: no page that was read shows these in the editor."""
    if not isinstance(node, dict):
        return False
    if "any" in node or "not" in node:
        return True
    items = node.get("all")
    nested = isinstance(items, list) and any(isinstance(item, dict) and "all" in item for item in items)
    inner = isinstance(items, list) and any(map(has_unseen, items))
    return nested or inner or operator_word(node.get("operator")) in (*LIST_OPERATORS, "is between")


def rewritten(node: object) -> list[str]:
    """The branches in words, in their order; none where there are too many, or an operator has no opposite."""
    found = _alternatives(node, negated=False) if isinstance(node, dict) else None
    return [" AND ".join(map(comparison_words, each)) for each in found or ()]


def _alternatives(node: object, *, negated: bool) -> Alternatives | None:
    if not isinstance(node, dict):
        return None
    parts = list(_parts(node, negated=negated))
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    return _either(found) if negated else _both(found)


def _parts(node: Record, *, negated: bool) -> Iterator[Alternatives | None]:
    """What a table holds side by side, which must all hold."""
    for join in ("all", "any"):
        items = node.get(join)
        if isinstance(items, list):
            inner = [_alternatives(item, negated=negated) for item in items]
            known = [each for each in inner if each is not None]
            if len(known) < len(inner):
                yield None
            else:
                yield _both(known) if (join == "all") is not negated else _either(known)
    if "not" in node:
        yield _alternatives(node["not"], negated=not negated)
    if "attribute" in node or "operator" in node:
        yield _comparison(node, negated=negated)


def _both(parts: list[Alternatives]) -> Alternatives | None:
    size = 1
    for part in parts:
        size *= len(part)
    return [[leaf for each in chosen for leaf in each] for chosen in product(*parts)] if size <= _MOST else None


def _either(parts: list[Alternatives]) -> Alternatives | None:
    found = [each for part in parts for each in part]
    return found if len(found) <= _MOST else None


def _comparison(leaf: Record, *, negated: bool) -> Alternatives | None:
    operator, value = operator_word(leaf.get("operator")), leaf.get("value")
    if operator in LIST_OPERATORS and isinstance(value, list):
        single: list[Record] = [{**leaf, "operator": "is equal to", "value": each} for each in value]
        if (operator == "is in") is not negated:
            return [*([each] for each in single), *_blank(leaf, negated=negated)]
        others: list[Record] = [{**each, "operator": "is not equal to"} for each in single]
        return [others, *_blank(leaf, negated=negated)]
    if operator == "is between" and isinstance(value, list) and len(value) == 2:
        low, high = "is greater than or equal to", "is less than or equal to"
        if isinstance(value[0], date):
            low, high = "is on or after", "is on or before"
        ends: list[Record] = [
            {**leaf, "operator": low, "value": value[0]},
            {**leaf, "operator": high, "value": value[1]},
        ]
        if not negated:
            return [ends]
        outside: Alternatives = [[{**end, "operator": _NEGATED[str(end["operator"])]}] for end in ends]
        return outside + _blank(leaf, negated=True)
    if not negated:
        return [[leaf]]
    opposite = _NEGATED.get(operator)
    return (
        [[{**leaf, "operator": opposite}], *_blank(leaf, negated=operator not in EMPTY_OPERATORS)] if opposite else None
    )


def _blank(leaf: Record, *, negated: bool) -> Alternatives:
    """NOT of a comparison holds, too, where the order has no value."""
    return [[{**leaf, "operator": "is empty"}]] if negated else []
