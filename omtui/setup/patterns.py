"""Regular expressions of conditions, matched in a time of at most pattern times text.

A profile may come from anybody, and a backtracking matcher can be made to run for ever by eight letters. Understood is
what Java's and Python's dialects share: characters, `.`, classes, groups, `|`, `* + ? {m,n}`, `^` and `$`. What
else a pattern uses makes it `None`: nothing is guessed about it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_LARGEST: Final = 2_000
"""How many instructions a pattern may need: each repetition that is counted out multiplies what it repeats."""
_DEEPEST: Final = 40

Ranges = tuple[tuple[int, int], ...]
_HIGHEST = 0x10FFFF

_DIGITS: Final[Ranges] = ((48, 57),)
_WORD: Final[Ranges] = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE: Final[Ranges] = ((9, 13), (32, 32))
_LINE_ENDS: Final[Ranges] = ((10, 10), (13, 13), (0x85, 0x85), (0x2028, 0x2029))
_ESCAPES: Final = {"d": _DIGITS, "w": _WORD, "s": _SPACE, "t": ((9, 9),), "n": ((10, 10),), "r": ((13, 13),)}


@dataclass(frozen=True, slots=True)
class _Letter:
    ranges: Ranges


@dataclass(frozen=True, slots=True)
class _Edge:
    at_start: bool


@dataclass(frozen=True, slots=True)
class _Sequence:
    parts: "tuple[_Node, ...]"


@dataclass(frozen=True, slots=True)
class _Choice:
    parts: "tuple[_Node, ...]"


@dataclass(frozen=True, slots=True)
class _Repeat:
    part: "_Node"
    least: int
    most: int | None


_Node = _Letter | _Edge | _Sequence | _Choice | _Repeat

_Step = tuple[str, Ranges, int, int]
"""One instruction: its kind, the letters it takes, and where it goes on."""


class _NotUnderstoodError(Exception):
    """The pattern uses what the two dialects do not share. Never leaves this module."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that is understood."""

    steps: tuple[_Step, ...]
    example: str
    """A short text that the pattern was made for; one that uses `^` or `$` inside may refuse it."""

    def whole(self, text: str) -> bool:
        """Whether the whole text matches."""
        return self._run(text, anywhere=False)

    def anywhere(self, text: str) -> bool:
        """Whether some part of the text matches."""
        return self._run(text, anywhere=True)

    def _run(self, text: str, *, anywhere: bool) -> bool:
        end = len(text)
        here = self._reached((0,), 0, end)
        for place, letter in enumerate(text):
            if anywhere and 0 in here:
                return True
            code = ord(letter)
            after = [
                self.steps[step - 1][2]
                for step in here
                if step and any(low <= code <= high for low, high in self.steps[step - 1][1])
            ]
            if anywhere:
                after.append(0)
            elif not after:
                return False
            here = self._reached(after, place + 1, end)
        return 0 in here

    def _reached(self, start: Iterable[int], place: int, end: int) -> set[int]:
        """The letters that may come next (instruction number plus one), and 0 when the pattern is at its end."""
        left = list(start)
        seen = set(left)
        reached = set()
        while left:
            number = left.pop()
            kind, _, one, other = self.steps[number]
            if kind == "match":
                reached.add(0)
            elif kind == "letter":
                reached.add(number + 1)
            elif kind == "split" or (kind == "start" and place == 0) or (kind == "end" and place == end):
                for target in (one, other):
                    if target not in seen:
                        seen.add(target)
                        left.append(target)
        return reached


@lru_cache(maxsize=256)
def pattern(text: str) -> Pattern | None:
    """Read a pattern; `None` when it is broken or not understood."""
    if len(text) > 1_000:
        return None
    try:
        node, place = _choice(text, 0, 0)
        if place != len(text):
            return None
        steps: list[_Step] = []
        _compile(node, steps)
    except _NotUnderstoodError:
        return None
    steps.append(("match", (), 0, 0))
    return Pattern(tuple(steps), _example(node))


def _choice(text: str, place: int, depth: int) -> tuple[_Node, int]:
    if depth > _DEEPEST:
        raise _NotUnderstoodError
    branches = []
    while True:
        branch, place = _sequence(text, place, depth)
        branches.append(branch)
        if text[place : place + 1] != "|":
            return (branches[0] if len(branches) == 1 else _Choice(tuple(branches))), place
        place += 1


def _sequence(text: str, place: int, depth: int) -> tuple[_Node, int]:
    parts: list[_Node] = []
    while place < len(text) and text[place] not in "|)":
        part, place = _atom(text, place, depth)
        part, place = _quantified(part, text, place)
        parts.append(part)
    return _Sequence(tuple(parts)), place


def _atom(text: str, place: int, depth: int) -> tuple[_Node, int]:
    letter = text[place]
    if letter == "(":
        inner = place + 1
        if text[inner : inner + 1] == "?":
            if text[inner : inner + 2] != "?:":
                raise _NotUnderstoodError
            inner += 2
        node, end = _choice(text, inner, depth + 1)
        if text[end : end + 1] != ")":
            raise _NotUnderstoodError
        return node, end + 1
    if letter == "[":
        return _class(text, place + 1)
    if letter == ".":
        return _Letter(_without(_LINE_ENDS)), place + 1
    if letter in "^$":
        return _Edge(letter == "^"), place + 1
    if letter == "\\":
        ranges, place = _escaped(text, place)
        return _Letter(ranges), place
    if letter in "*+?{}]":
        raise _NotUnderstoodError
    return _Letter(((ord(letter), ord(letter)),)), place + 1


def _quantified(part: _Node, text: str, place: int) -> tuple[_Node, int]:
    sign = text[place : place + 1]
    if not sign or sign not in "*+?{":
        return part, place
    if isinstance(part, _Edge):
        raise _NotUnderstoodError
    if sign == "{":
        end = text.find("}", place)
        least, comma, most = text[place + 1 : end if end > 0 else place + 1].partition(",")
        if not _is_count(least) or (most and not _is_count(most)):
            raise _NotUnderstoodError
        low, high = int(least), (int(most) if most else None if comma else int(least))
        if high is not None and high < low:
            raise _NotUnderstoodError
        place = end
    else:
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
    place += 1
    after = text[place : place + 1]
    if after == "?":  # lazy: the same texts match
        place += 1
    elif after and after in "*+{":
        raise _NotUnderstoodError
    return _Repeat(part, low, high), place


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 4


def _class(text: str, place: int) -> tuple[_Node, int]:
    negated = text[place : place + 1] == "^"
    place += negated
    ranges: list[tuple[int, int]] = []
    first = True
    while True:
        letter = text[place : place + 1]
        if not letter or letter == "[" or text[place : place + 2] == "&&" or (letter == "]" and first):
            raise _NotUnderstoodError
        if letter == "]":
            break
        first = False
        low, place = _of_class(text, place)
        if text[place : place + 1] == "-" and text[place + 1 : place + 2] not in ("]", ""):
            high, place = _of_class(text, place + 1)
            if len(low) != 1 or len(high) != 1 or low[0][0] != low[0][1] or high[0][0] < low[0][0]:
                raise _NotUnderstoodError
            ranges.append((low[0][0], high[0][1]))
        else:
            ranges.extend(low)
    found = tuple(ranges)
    return _Letter(_without(found) if negated else found), place + 1


def _of_class(text: str, place: int) -> tuple[Ranges, int]:
    letter = text[place]
    if letter == "[":
        raise _NotUnderstoodError
    if letter == "\\":
        return _escaped(text, place)
    return ((ord(letter), ord(letter)),), place + 1


def _escaped(text: str, place: int) -> tuple[Ranges, int]:
    letter = text[place + 1 : place + 2]
    if letter in _ESCAPES:
        return _ESCAPES[letter], place + 2
    if letter in ("D", "W", "S"):
        return _without(_ESCAPES[letter.lower()]), place + 2
    if not letter or letter.isalnum() or not letter.isascii():
        raise _NotUnderstoodError
    return ((ord(letter), ord(letter)),), place + 2


def _without(ranges: Ranges) -> Ranges:
    """Every letter but these."""
    rest = []
    start = 0
    for low, high in sorted(ranges):
        if low > start:
            rest.append((start, low - 1))
        start = max(start, high + 1)
    if start <= _HIGHEST:
        rest.append((start, _HIGHEST))
    return tuple(rest)


def _compile(node: _Node, steps: list[_Step]) -> None:
    """Append the instructions of a node; they end where the next one begins."""
    if len(steps) > _LARGEST:
        raise _NotUnderstoodError
    match node:
        case _Letter(ranges):
            steps.append(("letter", ranges, len(steps) + 1, 0))
        case _Edge(at_start):
            steps.append(("start" if at_start else "end", (), len(steps) + 1, len(steps) + 1))
        case _Sequence(parts):
            for part in parts:
                _compile(part, steps)
        case _Choice(parts):
            jumps = []
            for part in parts[:-1]:
                split = len(steps)
                steps.append(("split", (), split + 1, 0))
                _compile(part, steps)
                jumps.append(len(steps))
                steps.append(("split", (), 0, 0))
                steps[split] = ("split", (), split + 1, len(steps))
            _compile(parts[-1], steps)
            for jump in jumps:
                steps[jump] = ("split", (), len(steps), len(steps))
        case _Repeat(part, least, most):
            _compile_repeat(part, least, most, steps)


def _compile_repeat(part: _Node, least: int, most: int | None, steps: list[_Step]) -> None:
    for _ in range(least):
        size = len(steps)
        _compile(part, steps)
        if len(steps) == size:  # nothing, and nothing a thousand times is the same
            break
    if most is None:
        split = len(steps)
        steps.append(("split", (), split + 1, 0))
        _compile(part, steps)
        steps.append(("split", (), split, split))
        steps[split] = ("split", (), split + 1, len(steps))
        return
    splits = []
    for _ in range(most - least):
        splits.append(len(steps))
        steps.append(("split", (), len(steps) + 1, 0))
        _compile(part, steps)
    for split in splits:
        steps[split] = ("split", (), split + 1, len(steps))


def _example(node: _Node) -> str:
    match node:
        case _Letter(ranges):
            return _nicest(ranges)
        case _Sequence(parts):
            return "".join(_example(part) for part in parts)
        case _Choice(parts):
            return _example(parts[0])
        case _Repeat(part, least, _):
            return _example(part) * least
    return ""


def _nicest(ranges: Ranges) -> str:
    for letter in "X5a ":
        if any(low <= ord(letter) <= high for low, high in ranges):
            return letter
    return chr(ranges[0][0]) if ranges else ""
