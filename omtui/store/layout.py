"""How values, statements and tables are written: the canonical layout of a profile.

With comments (`Comment`) it is what `omtui fmt` writes; without any it is how new records are written.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from omtui.setup.place import Path
from omtui.store.literals import inline, key_text, long_string
from omtui.store.shape import form, ordered, table_name

WIDTH = 100
"""Columns up to which an array is on one line."""

INDENT = "    "


@dataclass(slots=True)
class Comment:
    """The comments that belong to one place: a table, a key, an element of an array."""

    sections: list[list[str]] = field(default_factory=list)
    """Groups of lines above, with a blank line after each."""
    close: bool = False
    """Whether the last group is a heading right above, without a blank line."""
    above: list[str] = field(default_factory=list)
    trailing: str = ""
    gap: str = "  "
    """What is between the line and its trailing comment."""
    below: list[str] = field(default_factory=list)
    """Behind the statements of a table or the elements of an array."""

    def lines(self, *, below: bool = True) -> list[str]:
        """All of it, one comment a line."""
        return self.lead([self.trailing] if self.trailing else [], below=below)

    def lead(self, more: list[str], *, below: bool) -> list[str]:
        """The lines above a value, with some more; those from below it too, where nothing else can hold them."""
        sections = [line for group in self.sections for line in group]
        return sections + self.above + more + (self.below if below else [])


_NONE = Comment()


class Layout:
    """Writes data. `comments` are given by path; `literals` the texts of scalars that are to stay as they are."""

    def __init__(
        self, newline: str, comments: Mapping[Path, Comment] | None = None, literals: Mapping[Path, str] | None = None
    ) -> None:
        self._newline = newline
        self._comments = comments or {}
        self._literals = literals or {}
        # Values with a comment anywhere inside, and those with a list inside that must have lines for its comments.
        self._commented = {path[:length] for path in self._comments for length in range(len(path))}
        lists = {found for path, comment in self._comments.items() if (found := _list_around(path, comment))}
        self._open = {path[:length] for path in lists for length in range(len(path) + 1)}

    def tables(self, path: Path, key: str, value: object) -> Iterator[str]:
        """The texts of the table, or of each record, that a key of the table at a path holds under headers."""
        inner = (*path, key)
        if isinstance(value, list):
            # The list as a whole has no line of its own here: its comments are written at the first record.
            lead = self._comment(inner).lines()
            for number, record in enumerate(value):
                yield self.table((*inner, number), record, lead if not number else ())
        else:
            assert isinstance(value, dict)
            yield self.table(inner, value)

    def body(self, path: Path, value: Mapping[str, object]) -> tuple[str, str]:
        """The statements of a table, and the texts of the tables inside it that have headers of their own."""
        table = table_name(path)
        statements: list[str] = []
        headed: list[str] = []
        for key, inner in ordered(value, table):
            if form(table, key, inner) == "statement":
                statements.append(self.statement((*path, key), key_text(key), inner))
            else:
                headed.extend(self.tables(path, key, inner))
        return "".join(statements), "".join(headed)

    def statement(self, path: Path, key: str, value: object, indent: str = "") -> str:
        """A line (or several) that gives a key its value. `key` is its text."""
        comment = self._comment(path)
        lead = f"{indent}{key} = "
        hoisted: list[str] = []
        value_text = self._literals.get(path) or self.value(path, value, indent, len(lead), hoisted)
        above = comment.lead(hoisted, below=not isinstance(value, list))
        return f"{self._lines(above, indent)}{lead}{value_text}{_trailing(comment)}{self._newline}"

    def value(self, path: Path, value: object, indent: str, column: int, hoisted: list[str]) -> str:
        """The value of a statement: like `spread`, but a text of several lines has several lines."""
        # In a file with CR LF, readers do not agree on what a line break inside a text means.
        if isinstance(value, str) and "\n" in value and self._newline == "\n":
            return long_string(value, self._newline)
        return self.spread(path, value, indent, column, hoisted)

    def spread(self, path: Path, value: object, indent: str, column: int, hoisted: list[str]) -> str:
        """A value on one line where that fits and no comment is inside, else with one element of a list a line.

        Comments that find no place inside it are added to `hoisted`: they go above the line it starts on.
        """
        if isinstance(value, list):
            return self._list(path, value, indent, column)
        short = self._short(path, value)
        if not isinstance(value, dict):
            return short
        lines = path in self._open or (column + len(short) > WIDTH and _holds_rows(value))
        if lines or path in self._commented:
            long = self._inline_table(path, value, indent, column, hoisted)
            return long if lines else short
        return short

    def table(self, path: Path, value: Mapping[str, object], lead: Sequence[str] = ()) -> str:
        """A table or record under its header, with all tables inside it. A blank line is above every header."""
        newline = self._newline
        comment = self._comment(path)
        statements, headed = self.body(path, value)
        record = isinstance(path[-1], int)
        if not record and not statements and headed and comment is _NONE:
            return headed
        text = newline
        text += newline.join(map(self._lines, comment.sections))
        if comment.sections and not comment.close:
            text += newline
        name = ".".join(key_text(part) for part in path if isinstance(part, str))
        header = f"[[{name}]]" if record else f"[{name}]"
        text += f"{self._lines([*lead, *comment.above])}{header}{_trailing(comment)}{newline}"
        return f"{text}{statements}{self._lines(comment.below)}{headed}"

    def _list(self, path: Path, value: list[object], indent: str, column: int) -> str:
        below = self._comment(path).below
        if path not in self._open:
            short = self._short(path, value)
            rows = len(value) > 1 and all(isinstance(item, dict) for item in value)
            if not value or (not rows and column + len(short) <= WIDTH):
                return short
        deeper = indent + INDENT
        text = f"[{self._newline}"
        for number, item in enumerate(value):
            here = (*path, number)
            comment = self._comment(here)
            hoisted: list[str] = []
            value_text = self.spread(here, item, deeper, len(deeper), hoisted)
            above = comment.lead(hoisted, below=not isinstance(item, list))
            text += f"{self._lines(above, deeper)}{deeper}{value_text},{_trailing(comment)}{self._newline}"
        return f"{text}{self._lines(below, deeper)}{indent}]"

    def _inline_table(
        self, path: Path, value: Mapping[str, object], indent: str, column: int, hoisted: list[str]
    ) -> str:
        parts = []
        for key, inner in ordered(value, table_name(path)):
            here = (*path, key)
            hoisted.extend(self._comment(here).lines(below=not isinstance(inner, list)))
            parts.append(f"{key_text(key)} = {self.spread(here, inner, indent, column, hoisted)}")
        return f"{{ {', '.join(parts)} }}" if parts else "{}"

    def _short(self, path: Path, value: object) -> str:
        literal = self._literals.get(path)
        if literal is not None and "\n" not in literal:  # inside a line, a text of several lines is hard to read
            return literal
        if self._literals and isinstance(value, list):
            return f"[{', '.join(self._short((*path, number), item) for number, item in enumerate(value))}]"
        if self._literals and isinstance(value, dict) and value:
            items = ordered(value, table_name(path))
            return f"{{ {', '.join(f'{key_text(key)} = {self._short((*path, key), item)}' for key, item in items)} }}"
        return inline(value, table_name(path))

    def _lines(self, comments: list[str], indent: str = "") -> str:
        return "".join(f"{indent}{line}{self._newline}" for line in comments)

    def _comment(self, path: Path) -> Comment:
        return self._comments.get(path, _NONE)


def _list_around(path: Path, comment: Comment) -> Path | None:
    """The innermost list that a comment on one of its elements (or inside one) keeps from being on one line."""
    if comment.below:
        return path
    return next((path[:length] for length in range(len(path) - 1, -1, -1) if isinstance(path[length], int)), None)


def _trailing(comment: Comment) -> str:
    return f"{comment.gap}{comment.trailing}" if comment.trailing else ""


def _holds_rows(value: Mapping[str, object]) -> bool:
    """Whether a table holds a list of tables, which may have lines of its own even inside an inline table."""
    return any(
        (isinstance(inner, list) and any(isinstance(item, dict) for item in inner))
        or (isinstance(inner, dict) and _holds_rows(inner))
        for inner in value.values()
    )
