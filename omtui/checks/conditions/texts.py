"""Texts: whether one meets every comparison of an attribute, and which.

Without lists of texts and without ignored case, one text decides: the longest start, every part that must be
contained and the longest end, kept apart by a letter that is in no comparison. Anything that rules that text out (a
start that contradicts, a forbidden part inside a required one) rules out every other text as well.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, product
from string import ascii_uppercase, digits

from omtui.checks.conditions.formula import AttributeTest
from omtui.setup.comparisons import compare, fold_case

_MOST_SPELLINGS = 2_000
"""How many spellings of a text with ignored case are tried."""


def find_text(tests: Sequence[AttributeTest]) -> str | bool | None:
    """A text that meets all tests; `False` when there is none, `None` when it cannot be decided."""
    required: dict[str, list[str]] = {}
    for test in tests:
        if test.must_pass:
            texts = [value for value in test.values if isinstance(value, str)]
            if test.test in ("is in", "is empty"):
                candidates = texts if test.test == "is in" else [""]
                return _first(candidates, tests, complete=True)
            if test.test not in ("starts with", "ends with", "contains", "equals ignore case", "matches"):
                return False  # a comparison with a number or a date
            required.setdefault(test.test, []).extend(texts)
    start = max(required.get("starts with", ()), key=len, default="")
    end = max(required.get("ends with", ()), key=len, default="")
    if not all(start.startswith(other) for other in required.get("starts with", ())):
        return False
    if not all(end.endswith(other) for other in required.get("ends with", ())):
        return False
    if "equals ignore case" in required:
        spellings = list(islice(_spellings(required["equals ignore case"][0]), _MOST_SPELLINGS + 1))
        return _first(spellings, tests, complete=len(spellings) <= _MOST_SPELLINGS)
    inside = required.get("contains", [])
    apart = _strange_letter(tests)
    certain = apart.join([start, *inside, end])
    patterns = [value for test in tests if test.test == "matches" for value in test.values if isinstance(value, str)]
    nicer = _nicer(start, inside, end)
    if patterns:
        from omtui.setup.patterns import pattern

        examples = (read.example for read in map(pattern, patterns) if read)
        alone = all(test.test in ("matches", "is empty") for test in tests) and len(patterns) == 1
        return _first(chain(nicer, [certain], examples if alone else ()), tests, complete=False)
    return _first(chain(nicer, [certain]), tests, complete=True)


def _first(candidates: Iterable[str], tests: Sequence[AttributeTest], *, complete: bool) -> str | bool | None:
    """The first candidate that meets all tests. `complete`: no other text could meet them."""
    unknown = not complete
    for candidate in candidates:
        met = _meets(candidate, tests)
        if met:
            return candidate
        unknown = unknown or met is None
    return None if unknown else False


def _meets(text: str, tests: Sequence[AttributeTest]) -> bool | None:
    """Whether a text meets all tests; `None` when it may."""
    known: bool | None = True
    for test in tests:
        found = passes(test, text)
        if found is None:
            known = None
        elif found is not test.must_pass:
            return False
    return known


def passes(test: AttributeTest, value: str) -> bool | None:
    """Whether a text passes the test itself, whether or not it must."""
    if test.test == "is in":
        return ("text", value) in test.points
    if test.test == "is empty":
        return value == ""
    if test.values and isinstance(test.values[0], str):
        return compare(test.test, test.values[0], value)
    return False


def _nicer(start: str, inside: Sequence[str], end: str) -> Iterator[str]:
    """Texts as people would write them, before the one that decides."""
    text = start
    for part in inside:
        if part not in text:
            text += part
    if not text.endswith(end):
        text += end
    if text:
        yield text


def _spellings(text: str) -> Iterator[str]:
    """A text in every mixture of upper and lower case, the usual ones first."""
    usual = (text, text.upper(), text.lower(), text.capitalize(), text.title())
    yield from dict.fromkeys(each for each in usual if len(each) == len(text))
    letters = [dict.fromkeys((letter, *_cases(letter))) for letter in text]
    for letters_of_one in product(*letters):
        yield "".join(letters_of_one)


def _cases(letter: str) -> Iterator[str]:
    for other in (letter.upper(), letter.lower()):
        if len(other) == 1 and fold_case(other) == fold_case(letter):
            yield other


def _strange_letter(tests: Sequence[AttributeTest]) -> str:
    """A letter that is in no comparison, in upper or lower case."""
    used = {
        letter
        for test in tests
        for value in test.values
        if isinstance(value, str)
        for letter in chain(value, fold_case(value))
    }
    for letter in chain(reversed(ascii_uppercase), digits, map(chr, range(0xC0, 0x2000))):
        if letter.isalnum() and letter not in used and fold_case(letter) not in used:
            return letter
    return "\N{WHITE STAR}"
