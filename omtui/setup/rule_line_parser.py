"""Reads a routing rule written in one line, with the place of a fault and what could follow: see `rule_line`."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NoReturn

from omtui.setup.place import Data
from omtui.setup.routing import (
    ACTION_VALUES,
    ACTIONS,
    ATTRIBUTES,
    EMPTY_OPERATORS,
    ENTITIES,
    LIST_OPERATORS,
    OPERATORS,
    SET_CONNECTOR,
)
from omtui.setup.rule_line import (
    DEEPEST,
    OPERATOR,
    PRINTED,
    RESERVED,
    SPELLINGS,
    STARTS_OPERATOR,
    UNITS,
    WORD,
    bare_or_quoted,
    known_spelling,
    typed_value,
    value_words,
)
from omtui.setup.values import parsed

_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_OPERATOR_WORDS: Final = (*PRINTED.values(), *(each for each in OPERATORS if each not in PRINTED))


@dataclass(frozen=True, slots=True)
class LineFault:
    """Where a line stops making sense (columns from 1, `end` behind it), and what would be right."""

    column: int
    end: int
    message: str
    fix: str

    def __str__(self) -> str:
        return f"column {self.column}: {self.message}; {self.fix}"


@dataclass(frozen=True, slots=True)
class _Expected:
    """What may be written from a position of the line on (from 0): the words, or whose values."""

    start: int
    words: tuple[str, ...] = ()
    attribute: str = ""
    """The words are values of this attribute."""
    is_connector: bool = False
    """A connector may be named here."""


class _FaultError(Exception):
    """The line stops making sense here."""

    def __init__(self, fault: LineFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def parse_rule(text: str) -> Data | LineFault:
    """What the line says as `when`, `then` and, with an else, `otherwise`."""
    try:
        return _Parser(text).rule()
    except _FaultError as found:
        return found.fault


def completions(text: str, connectors: Iterable[str], values: Callable[[str], Iterable[str]]) -> list[str]:
    """The whole line as it could go on: the names and words that fit what was begun, or else behind it.

    `values` gives the known values of an attribute.
    """
    parser = _Parser(text)
    try:
        parser.rule()
    except _FaultError as stop:
        if stop.fault.column <= len(text.rstrip()):
            return []
    for expected in parser.expected:
        begun = text[expected.start :].lstrip()
        kept = text[: len(text) - len(begun)]
        offered = [bare_or_quoted(each) for each in connectors] if expected.is_connector else []
        offered += expected.words
        offered += map(value_words, values(expected.attribute)) if expected.attribute else ()
        gap = "" if begun or not kept or kept[-1] in " (" else " "
        if found := [each for each in offered if each != begun and each.casefold().startswith(begun.casefold())]:
            return [f"{kept}{gap}{each}" for each in dict.fromkeys(found)]
    return []


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.expected: list[_Expected] = []
        self._depth = 0

    def rule(self) -> Data:
        found: Data = {"when": self._any()}
        found["then"] = self._branch_actions()
        otherwise: list[object] = []
        while self._takes("else"):
            self._expect("if")
            if self._takes("if"):
                otherwise.append({"when": self._any(), "then": self._branch_actions()})
            else:
                otherwise += self._actions()
                break
        if self._rest():
            self._fail("this has no place here", "write else, else if or a comma, or put a text into quotes")
        return found | ({"otherwise": otherwise} if otherwise else {})

    def _branch_actions(self) -> list[object]:
        if not self._takes("->"):
            self._fail("-> was expected", "write and, or, or -> and the connector")
        return self._actions()

    def _actions(self) -> list[object]:
        found: list[object] = [self._action()]
        while self._takes(","):
            found.append(self._action())
        self._expect("else", "else if", ",")
        return found

    def _action(self) -> Data:
        self._expect(*(f"{each} =" for each in ACTIONS if each != SET_CONNECTOR), is_connector=True)
        name, is_quoted = self._name("a connector or an action")
        if not self._takes("="):
            return {"action": SET_CONNECTOR, "value": name}
        label = name if is_quoted else known_spelling(name, ACTIONS)
        self._expect(*ACTION_VALUES.get(label, ()), is_connector=label == SET_CONNECTOR)
        text, is_quoted = self._name("a value")
        unit = (
            "" if is_quoted else next((each for each in UNITS if text.casefold().endswith(f" {each.casefold()}")), "")
        )
        if is_quoted and (match := WORD.match(self._text, self._skip())) and known_spelling(match[0], UNITS) in UNITS:
            unit, self._at = known_spelling(match[0], UNITS), match.end()
        elif unit:
            text = text[: -len(unit)].rstrip()
        value = text if is_quoted else typed_value(text)
        if not is_quoted and not unit and isinstance(value, (int, Decimal)):
            self._expect(*UNITS)
        return {"action": label, "value": value} | ({"unit": unit} if unit else {})

    def _any(self) -> Data:
        return self._joined("or", "any", lambda: self._joined("and", "all", self._one))

    def _joined(self, word: str, join: str, part: Callable[[], Data]) -> Data:
        parts = [part()]
        while self._takes(word):
            parts.append(part())
        self._expect("and", "or", "->" if not self._depth else ")")
        return parts[0] if len(parts) == 1 else {join: parts}

    def _one(self) -> Data:
        self._expect(*(bare_or_quoted(each, ATTRIBUTES, STARTS_OPERATOR) for each in ATTRIBUTES), "not")
        if self._depth > DEEPEST:
            self._fail("it nests too deep", "take brackets away")
        self._depth += 1
        if self._takes("not"):
            found: Data = {"not": self._one()}
        elif self._takes("("):
            found = self._any()
            self._close()
        else:
            found = self._comparison()
        self._depth -= 1
        return found

    def _comparison(self) -> Data:
        attribute, is_quoted = self._name("an attribute", ends_at_operator=True)
        attribute = attribute if is_quoted else known_spelling(attribute, ATTRIBUTES)
        entity = ATTRIBUTES.get(attribute, ("",))[0]
        self._expect(*_OPERATOR_WORDS)
        if self._takes("("):
            self._expect(*ENTITIES)
            entity = ""
            if not self._takes(")"):
                entity, is_quoted = self._name("an entity")
                entity = entity if is_quoted else known_spelling(entity, ENTITIES)
                self._close()
            self._expect(*_OPERATOR_WORDS)
        match = OPERATOR.match(self._text, self._skip())
        if not match:
            self._fail("an operator was expected", f"write {', '.join(list(PRINTED.values())[:7])} or another one")
        self._at = match.end()
        operator = SPELLINGS[" ".join(match[0].casefold().split())]
        leaf: Data = {"entity": entity} if entity else {}
        leaf |= {"attribute": attribute, "operator": operator}
        if operator in LIST_OPERATORS:
            leaf["value"] = self._values(attribute)
        elif operator == "is between":
            low = self._value(attribute)
            if not self._takes("and"):
                self._fail("and was expected", "write between LOW and HIGH")
            leaf["value"] = [low, self._value(attribute)]
        elif operator not in EMPTY_OPERATORS:
            leaf["value"] = self._value(attribute)
        return leaf

    def _values(self, attribute: str) -> list[object]:
        if not self._takes("("):
            self._fail("( was expected", "write the values in brackets, with commas")
        values: list[object] = []
        while not self._takes(")"):
            values.append(self._value(attribute))
            if not self._takes(","):
                self._close()
                break
        return values

    def _value(self, attribute: str) -> object:
        self._expect(attribute=attribute)
        text, is_quoted = self._name("a value")
        return text if is_quoted else typed_value(text)

    def _name(self, what: str, *, ends_at_operator: bool = False) -> tuple[str, bool]:
        """A name or value, and whether it was in quotes."""
        start = self._skip()
        if quoted := _STRING.match(self._text, start):
            text = parsed(quoted[0])
            if not isinstance(text, str):
                self._fail("this is no TOML string", 'write \\" for a quote and \\\\ for a backslash', quoted.end())
            self._at = quoted.end()
            return text, True
        words = []
        while match := WORD.match(self._text, self._skip()):
            if match[0].casefold() in RESERVED or (ends_at_operator and OPERATOR.match(self._text, self._at)):
                break
            words.append(match[0])
            self._at = match.end()
        if not words:
            self._fail(f"{what} was expected", 'write its name; a text with a word or sign of the line is in "quotes"')
        return " ".join(words), False

    def _close(self) -> None:
        if not self._takes(")"):
            self._fail(") was expected", "close the bracket")

    def _skip(self) -> int:
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1
        return self._at

    def _rest(self) -> str:
        return self._text[self._skip() :]

    def _takes(self, sign: str) -> bool:
        rest = self._rest()
        match = WORD.match(rest) if sign.isalpha() else None
        if match[0].casefold() != sign if match else sign.isalpha() or not rest.startswith(sign):
            return False
        self._at += len(sign)
        return True

    def _expect(self, *words: str, attribute: str = "", is_connector: bool = False) -> None:
        self.expected.append(_Expected(self._at, words, attribute, is_connector))

    def _fail(self, message: str, fix: str, end: int = 0) -> NoReturn:
        start = self._skip()
        match = WORD.match(self._text, start)
        end = end or (match.end() if match else min(start + 1, len(self._text)))
        raise _FaultError(LineFault(start + 1, end + 1, message, fix))
