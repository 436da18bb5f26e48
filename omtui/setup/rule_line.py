"""A routing rule in one line: `Item = CM5008 and Task Type = Invoice -> Connector01`.

    CONDITION -> ACTION[, ACTION] [else if CONDITION -> ACTION…] [else ACTION…]

`print_rule` and `rule_line_parser.parse_rule` are inverse: what is parsed from a printed rule means the same as the
rule. A name without quotes takes the known spelling; in quotes (a TOML string) it stays exactly as it is.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from omtui.plain_text import plain
from omtui.problem import Problem, Wrong
from omtui.setup.place import Data
from omtui.setup.routing import (
    ACTION,
    ACTIONS,
    ATTRIBUTES,
    EMPTY_OPERATORS,
    ENTITIES,
    LIST_OPERATORS,
    OPERATOR_SIGNS,
    OPERATORS,
    SET_CONNECTOR,
    operator_word,
)
from omtui.setup.values import parsed, toml, toml_string

UNITS: Final = ACTION.by_name["unit"].values
PRINTED: Final = {
    **{word: sign for sign, word in OPERATOR_SIGNS.items()},
    "is not equal to": "!=",
    "is in": "in",
    "is not in": "not in",
    "is between": "between",
    "is empty": "is blank",
    "is not empty": "is not blank",
}
SPELLINGS: Final = {
    **{word: word for word in OPERATORS},
    **{spelling: word for word, spelling in PRINTED.items()},
    "<>": "is not equal to",
    "≠": "is not equal to",
    "≥": "is greater than or equal to",
    "≤": "is less than or equal to",
}
OPERATOR = re.compile(
    "|".join(
        re.escape(each).replace(r"\ ", r"\s+") + (r"(?![^\s(),\"])" if each[-1].isalpha() else "")
        for each in sorted(SPELLINGS, key=len, reverse=True)
    ),
    re.IGNORECASE,
)
STARTS_OPERATOR: Final = frozenset(each.split()[0] for each in SPELLINGS if each[0].isalpha())
RESERVED: Final = frozenset(("and", "or", "not", "in", "between", "is", "blank", "else", "if"))
WORD = re.compile(r'(?:(?!->)[^\s(),=<>!≠≥≤"])+')
DEEPEST: Final = 50


# Printing


class _OutsideError(Exception):
    """The rule has something that the grammar does not know."""


def print_rule(rule: Mapping[str, object]) -> str | Wrong:
    """A rule in one line, empty for one without anything; `Wrong` where it has something that the grammar lacks."""
    if not any(rule.get(name) for name in ("when", "then", "otherwise")):
        return ""
    try:
        return " ".join(_printed_parts(rule))
    except _OutsideError as outside:
        return Wrong(f"the rule cannot be written in one line: {outside}", "change it as a tree")


def print_condition(node: object) -> str | None:
    """A tree of conditions as the line has it; `None` where the grammar lacks something of it."""
    try:
        return _condition(node)
    except _OutsideError:
        return None


def _printed_parts(rule: Mapping[str, object]) -> Iterator[str]:
    yield f"{_condition(rule.get('when'))} -> {_actions(rule.get('then'))}"
    last: list[object] = []
    for entry in _list(rule.get("otherwise", []), "ELSE"):
        if isinstance(entry, dict) and ("when" in entry or "then" in entry):
            if last:
                raise _OutsideError("an ELSE IF comes after ELSE")
            _only(entry, "when", "then", "if_text", "then_text")
            yield f"else if {_condition(entry.get('when'))} -> {_actions(entry.get('then'))}"
        else:
            last.append(entry)
    if last:
        yield f"else {_actions(last)}"


def _condition(node: object, depth: int = 0) -> str:
    parts = list(_nodes(node, depth))
    return parts[0][0] if len(parts) == 1 else " and ".join(_bracketed(*part) for part in parts)


def _nodes(node: object, depth: int) -> Iterator[tuple[str, bool]]:
    """What must all hold, each as text, with whether it joins several."""
    if not isinstance(node, dict) or not node:
        raise _OutsideError("a condition is empty")
    if depth > DEEPEST:
        raise _OutsideError("it nests too deep")
    _only(node, "all", "any", "not", "entity", "attribute", "operator", "value")
    for join, word in (("all", " and "), ("any", " or ")):
        if join in node:
            items = [_condition_part(item, depth) for item in _list(node[join], join)]
            if not items:
                raise _OutsideError(f"{join} holds no condition")
            yield items[0] if len(items) == 1 else (word.join(_bracketed(*item) for item in items), True)
    if "not" in node:
        yield f"not {_bracketed(*_condition_part(node['not'], depth))}", False
    if node.keys() & {"entity", "attribute", "operator", "value"}:
        yield _comparison(node), False


def _condition_part(node: object, depth: int) -> tuple[str, bool]:
    parts = list(_nodes(node, depth + 1))
    return parts[0] if len(parts) == 1 else (" and ".join(_bracketed(*part) for part in parts), True)


def _bracketed(words: str, joins: bool) -> str:
    return f"({words})" if joins else words


def _comparison(leaf: Mapping[str, object]) -> str:
    attribute, entity, operator = leaf.get("attribute"), leaf.get("entity", ""), operator_word(leaf.get("operator"))
    if not isinstance(attribute, str) or not attribute or not isinstance(entity, str):
        raise _OutsideError("a condition has no attribute")
    if operator not in OPERATORS:
        raise _OutsideError(
            f"{plain(operator)} is no operator" if "operator" in leaf else "a condition has no operator"
        )
    words = bare_or_quoted(attribute, ATTRIBUTES, STARTS_OPERATOR)
    if entity != ATTRIBUTES.get(attribute, ("",))[0]:
        words += f" ({bare_or_quoted(entity, ENTITIES) if entity else ''})"
    words += f" {PRINTED.get(operator, operator)}"
    value = leaf.get("value")
    if operator in EMPTY_OPERATORS:
        return words
    if operator in LIST_OPERATORS:
        return f"{words} ({', '.join(value_words(each) for each in _list(value, operator))})"
    if operator == "is between":
        ends = _list(value, operator)
        if len(ends) != 2:
            raise _OutsideError("is between needs two values")
        return f"{words} {value_words(ends[0])} and {value_words(ends[1])}"
    return f"{words} {value_words(value)}"


def _actions(actions: object) -> str:
    found = [_action(each) for each in _list(actions, "THEN")]
    if not found:
        raise _OutsideError("a branch has no action")
    return ", ".join(found)


def _action(action: object) -> str:
    label = action.get("action") if isinstance(action, dict) else None
    if not isinstance(action, dict) or not isinstance(label, str) or not label:
        raise _OutsideError("an action has no name")
    _only(action, "action", "value", "unit")
    value, unit = action.get("value"), action.get("unit", "")
    if unit and unit not in UNITS:
        raise _OutsideError(f"{plain(unit)} is no unit")
    if label == SET_CONNECTOR and isinstance(value, str) and not unit:
        return bare_or_quoted(value)
    ends_as_unit = isinstance(value, str) and value.rpartition(" ")[2].casefold() in map(str.casefold, UNITS)
    words = toml(value) if ends_as_unit else value_words(value)
    return f"{bare_or_quoted(label, ACTIONS)} = {words} {unit}".rstrip()


def bare_or_quoted(
    name: str, known: Mapping[str, object] | tuple[str, ...] = (), reserved: frozenset[str] = frozenset()
) -> str:
    """A name as it is where it reads back so, else as a TOML string."""
    is_bare = _is_bare(name, reserved) and known_spelling(name, known) == name
    return name if is_bare else toml_string(name)


def value_words(value: object) -> str:
    """A value as the line has it: text without quotes where it reads back as the same text."""
    if isinstance(value, str):
        return value if _is_bare(value) and typed_value(value) == value else toml_string(value)
    if value is None or isinstance(value, (list, dict)):
        raise _OutsideError("a value is missing" if value is None else "a value is a list")
    return toml(value)


def _is_bare(name: str, reserved: frozenset[str] = frozenset()) -> bool:
    words = name.split(" ")
    return name.isprintable() and all(
        WORD.fullmatch(word) and word.casefold() not in RESERVED | reserved for word in words
    )


def typed_value(text: str) -> object:
    """A value without quotes: a number, a date, a time or yes/no as TOML writes them, else the text."""
    value = text if "#" in text else parsed(text)
    return text if isinstance(value, (Problem, str, list, dict)) else value


def _list(value: object, name: str) -> list[object]:
    if not isinstance(value, list):
        raise _OutsideError(f"{name} is {'missing' if value is None else 'no list'}")
    return value


def _only(record: Mapping[str, object], *names: str) -> None:
    if unknown := [name for name in record if name not in names]:
        raise _OutsideError(f"{plain(unknown[0])} has no place in it")


def known_spelling(name: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    """The known name that differs in capitals at most, else the name."""
    return next((each for each in known if each.casefold() == name.casefold()), name)


# Taking over


def taken_over(rule: Mapping[str, object], new: Data) -> Data:
    """What a line says, with the spelling that the rule has for conditions that mean the same, and its captions."""
    branches = [entry for entry in _records(rule.get("otherwise")) if "when" in entry or "then" in entry]
    known: dict[str, object] = {}
    for branch in (rule, *branches):
        _note_spellings(branch.get("when"), known)
    found = {**new, "when": _spelt(new["when"], rule, known)}
    entries = _records(new.get("otherwise"))
    for number, entry in enumerate(entry for entry in entries if "when" in entry):
        old = branches[number] if number < len(branches) else {}
        entry |= {name: old[name] for name in ("if_text", "then_text") if name in old}
        entry["when"] = _spelt(entry["when"], old, known)
    return found


def _records(value: object) -> list[Data]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _note_spellings(node: object, known: dict[str, object]) -> None:
    if isinstance(node, dict):
        for inner in (*_records(node.get("all")), *_records(node.get("any")), node.get("not")):
            _note_spellings(inner, known)
        if words := print_condition(node):
            known.setdefault(words, node)


def _spelt(node: object, old: Mapping[str, object], known: Mapping[str, object]) -> object:
    words = print_condition(node)
    if words is None or words == print_condition(old.get("when")):
        return old.get("when", node)
    if words in known or not isinstance(node, dict):
        return known.get(words, node)
    found = dict(node)
    for join in ("all", "any"):
        if join in node:
            found[join] = [_spelt(each, {}, known) for each in _records(node[join])]
    return found | ({"not": _spelt(node["not"], {}, known)} if "not" in node else {})
