"""From text to a profile as plain data: what makes a file unreadable, and where.

Reading is tolerant: unreadable is only what a later save could not keep. Everything else is read and
reported by its own check.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.setup.catalogue import TABLES, child
from omtui.setup.field import KIND_WORDS, has_kind
from omtui.setup.place import Data, Path, Places
from omtui.setup.profile import SCHEMA
from omtui.setup.values import holds_long_number

DEEPEST = 50
"""How many arrays and tables may be inside each other. A set-up needs a dozen."""


MOST_TABLES, MOST_VALUES = 150_000, 750_000
"""How much a file may hold, so that one from elsewhere takes no minutes. Twenty thousand records take a third of it."""


@dataclass(frozen=True, slots=True)
class ReadingFault(Problem):
    """Why a text is not readable as a profile (P0-01), or as a file that carries one.

    `line` and `column` count from 1; `path` is set when the text parsed and says which value is meant.
    """

    line: int | None = None
    column: int | None = None
    path: Path | None = None

    @property
    def at(self) -> str:
        """`:LINE:COLUMN`, to be put behind a file's name; empty where they are not known."""
        return f":{self.line}:{self.column}" if self.line and self.column else ""


_LEVELS = "a set-up needs a dozen levels"
_TOO_DEEP = f"arrays or tables are nested more than {DEEPEST} deep"

_GIT_MARKER = re.compile(r"^(?:<{7}|>{7})(?: |\r?$)", re.MULTILINE)
_SETTLE = "settle the conflict: keep what is right of both sides, and take out the lines <<<<<<<, ======= and >>>>>>>"

_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def parse(text: str) -> Data | ReadingFault:
    """Parse TOML 1.0. Numbers with a fraction become `Decimal`, never binary floats."""
    if (null := text.find("\0")) >= 0:
        return _fault_at(text, null, "the file holds a NUL character", "remove it; is this a text file?")
    if (long := _long_key(text)) is not None:
        return _fault_at(text, long, f"a dotted key has more than {DEEPEST} parts", _LEVELS)
    # Counted before they are parsed; what is inside texts counts, too, and matters as little.
    for count, most, what in (
        (text.count("[[") + text.count("{"), MOST_TABLES, "tables"),
        (text.count("="), MOST_VALUES, "values"),
    ):
        if count > most:
            return ReadingFault(f"the file holds more than {most:,} {what}", "is this a profile?", 1, 1)
    try:
        data = _loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        if (marker := _GIT_MARKER.search(text)) is not None:
            return _fault_at(text, marker.start(), "Git's marker of a conflict is in the file", _SETTLE)
        where = _POSITION.search(message)
        end = _position(text, len(text))
        line, column = (int(where[1]), int(where[2])) if where and where[1] else end
        reason = plain(_POSITION.sub("", message))
        return ReadingFault(f"not TOML: {reason[:1].lower()}{reason[1:]}", "correct the line", line, column)
    except RecursionError:
        return _fault_at(text, _deep_bracket(text), _TOO_DEEP, _LEVELS)
    except (ValueError, InvalidOperation):  # of `int` and `Decimal`, on numbers beyond all measure
        return _fault_at(text, _long_number(text), "a number is too large to be read", "write a smaller number")
    if _is_deep(data):
        return _fault_at(text, _deep_bracket(text), _TOO_DEEP, _LEVELS)
    if _HEXADECIMAL.search(text) and holds_long_number(data):
        return _fault_at(text, _long_number(text), "a number is too large to be read", "write a smaller number")
    return data


BIG = 200_000
"""From how many characters on the compiled parser is worth its import."""

_NEWER_TOML = (
    re.compile(r"\\[ex]"),
    re.compile(r":\d\d(?![:\d])(?<=[^:]\d\d:\d\d)"),  # the colon first: it is found fast
    re.compile(r",\s*\}"),
)
"""What may be TOML 1.1 (or be in a string): escapes, times without seconds, inline tables of several lines."""


def _loads(text: str) -> Data:
    """Parse with `tomllib`; a big text with its compiled twin `tomli`, three times as fast.

    `tomli` also takes TOML 1.1. A text that may hold any of it, or a fault, is left to `tomllib`, so that a file never
    reads differently for its size.
    """
    if len(text) > BIG and not _may_be_newer(text):
        import tomli

        try:
            return tomli.loads(text, parse_float=Decimal)
        except tomli.TOMLDecodeError:
            pass
    return tomllib.loads(text, parse_float=Decimal)


def _may_be_newer(text: str) -> bool:
    if any(newer.search(text) for newer in _NEWER_TOML):
        return True
    return any(line.count("{") != line.count("}") for line in text.split("\n") if "{" in line)


def verify(data: Data) -> list[ReadingFault]:
    """Every reason why parsed data is no profile: the schema, the head, wrong TOML types. Empty when it is one."""
    faults: list[ReadingFault] = []
    schema = data.get("schema")
    if schema is None:
        faults.append(ReadingFault("schema is missing", "write schema = 1 as the first line", 1, 1, ("schema",)))
    elif not has_kind(schema, "integer") or (isinstance(schema, int) and schema < 1):
        faults.append(ReadingFault("schema is not a whole number from 1", f"write schema = {SCHEMA}", path=("schema",)))
    elif isinstance(schema, int) and schema > SCHEMA:
        message = f"schema {schema} is newer than this omtui, which knows {SCHEMA}"
        return [ReadingFault(message, "use a newer omtui", path=("schema",))]
    head = data.get("profile")
    if not isinstance(head, dict):
        if head is None:
            faults.append(
                ReadingFault("[profile] is missing", "add [profile] with name and environment", 1, 1, ("profile",))
            )
    else:
        for name in ("name", "environment"):
            if name not in head:
                fix = f"add {name} to [profile]"
                faults.append(ReadingFault(f"profile.{name} is missing", fix, path=("profile",)))
    _verify_tables(Places(data), data, "", (), faults)
    return faults


def _verify_tables(
    naming: Places, here: Mapping[str, object], table: str, path: Path, faults: list[ReadingFault]
) -> None:
    """Every key of one table or record against its description, and what is inside."""
    description = TABLES.get(table)
    fields = description.by_name if description else {}
    for name, value in here.items():
        field = fields.get(name)
        if field is not None and field.kind not in ("records", "condition"):
            # Most values are texts: the common case first, since this runs over every value of a big file.
            if not (type(value) is str and field.kind == "text") and not has_kind(value, field.kind):
                _wrong_type(naming, (*path, name), value, KIND_WORDS[field.kind], faults)
            continue
        inner = child(table, name)
        if inner is None:
            continue
        if inner.single or (inner.path == "routing_rules.when" and name not in ("all", "any")):
            if isinstance(value, dict):
                _verify_tables(naming, value, inner.path, (*path, name), faults)
            else:
                _wrong_type(naming, (*path, name), value, "a table", faults)
            continue
        if not has_kind(value, "records"):
            _wrong_type(naming, (*path, name), value, "an array of tables", faults)
        for number, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, dict):
                _verify_tables(naming, item, inner.path, (*path, name, number), faults)


def _wrong_type(naming: Places, path: Path, value: object, expected: str, faults: list[ReadingFault]) -> None:
    where = plain(naming.of(path))
    faults.append(ReadingFault(f"{where} is {_type_word(value)}, not {expected}", f"write {expected}", path=path))


def _type_word(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return "a text"
        case int():
            return "a whole number"
        case Decimal() | float():
            return "a number"
        case list():
            return "an array"
        case dict():
            return "a table"
    return "a date or time"


def _fault_at(text: str, offset: int, message: str, fix: str) -> ReadingFault:
    return ReadingFault(message, fix, *_position(text, offset))


def _position(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


_KEY = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_TOKEN = re.compile(
    r'''"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*+"{3,5}'''
    r"""|'''(?:[^']|'{1,2}(?!'))*+'{3,5}"""
    r"|\#[^\n]*+"
    r'''|(?P<open>"""|\'\'\')'''
    rf"|(?P<key>{_KEY}(?:[ \t]*+\.[ \t]*+{_KEY})*+)"
    r"""|(?P<unended>["'])"""
    r"|(?P<bracket>[\[\]{}])"
)
"""What TOML is made of, as far as it takes to find brackets and long keys outside of texts and comments."""

_MANY_DOTS = re.compile(rf"^(?=[^\n]{{{2 * DEEPEST - 1}}})(?:[^.\n]*+\.){{{DEEPEST}}}", re.MULTILINE)
_LONG_KEY = re.compile(rf"{_KEY}(?:[ \t]*+\.[ \t]*+{_KEY}){{{DEEPEST}}}")
_HEXADECIMAL = re.compile(r"0[xob][0-9A-Fa-f_]{200}")
_LONG_NUMBER = re.compile(r"(?:0[xob])?[0-9A-Fa-f_]{200,}+|[0-9][0-9_.]*+[eE][+-]?[0-9_]{9,}+")


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """The tokens of a text up to the first that never ends: `tomllib` goes no further either."""
    for token in _TOKEN.finditer(text):
        if token.lastgroup in ("open", "unended"):
            return
        yield token


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Every comment of a text, and where it starts."""
    return ((token.start(), token[0].rstrip("\r")) for token in _tokens(text) if token[0].startswith("#"))


def _long_key(text: str) -> int | None:
    """Where a dotted key has too many parts: `tomllib` takes time by the square of them."""
    if not _MANY_DOTS.search(text):
        return None
    for token in _tokens(text):
        if token.lastgroup == "key" and token[0].count(".") >= DEEPEST and _LONG_KEY.match(token[0]):
            return token.start()
    return None


def _deep_bracket(text: str) -> int:
    """Where the first bracket is too deep; the beginning when headers and dots make the depth."""
    depth = 0
    for token in _tokens(text):
        if token.lastgroup == "bracket":
            depth += 1 if token[0] in "[{" else -1
            if depth > DEEPEST:
                return token.start()
    return 0


def _long_number(text: str) -> int:
    for token in _tokens(text):
        if token.lastgroup == "key" and _LONG_NUMBER.match(text, token.start()):
            return token.start()
    return 0


def _is_deep(data: Data) -> bool:
    """Whether arrays and tables are nested deeper than `DEEPEST`."""
    level: list[object] = [data]
    for _ in range(DEEPEST + 1):
        inner: list[object] = []
        for item in level:
            values = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
            inner += (value for value in values if isinstance(value, (dict, list)))
        if not inner:
            return False
        level = inner
    return True
