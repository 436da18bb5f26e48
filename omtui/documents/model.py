"""A document for people as plain values: what it says, in which order, and what matters in it.

A maker (`runbook_document`, `handout`, `change_ticket` …) makes a `ReportDocument`; `markdown`, `page` and
`spreadsheet` write it in their format and know nothing of what it is about. Texts are foreign: each format escapes
them on the way out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Format = Literal["md", "html", "csv", "xlsx"]
FORMATS: tuple[Format, ...] = ("md", "html", "csv", "xlsx")
"""What `render` writes a document as."""

Style = Literal["", "pale", "good", "warn", "bad", "strong", "note", "hint", "code", "copy", "search", "gone", "new"]
"""`hint` is in brackets, `note` in italics; `copy` is a value to be copied, `search` one that only a page offers for a
search box; `gone` and `new` are the parts of a value that changed."""


class StyledText(NamedTuple):
    """A piece of a line that is more than its text."""

    text: str
    style: Style = ""


Text = str | StyledText
Line = tuple[Text, ...]
Cell = Text | Line
Box = Literal["open", "done", "left out"]


class ListItem(NamedTuple):
    """An item of a list, with the lines below it; some can be ticked."""

    line: Line
    inner: tuple[Line, ...] = ()
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some words on their own."""

    line: Line
    style: Style = ""


@dataclass(frozen=True, slots=True)
class FactList:
    """Labels and values."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, numbered or not; `lead` introduces it."""

    items: tuple[ListItem, ...]
    lead: str = ""
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """Rows of as many cells as there are columns. A cell may have lines; `empty` is shown when there are no rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = "nothing"


@dataclass(frozen=True, slots=True)
class Bars:
    """Amounts as parts of a whole."""

    amounts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """Links to the sections of the document, where a format has links."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A line to be signed by hand."""

    what: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part with a title. One of level 3 is a card: `subtitle` and `box` are its own."""

    title: str
    parts: "tuple[Part, ...]"
    level: Literal[2, 3] = 2
    subtitle: str = ""
    box: Box | None = None
    style: Style = ""


Part = Paragraph | FactList | Bullets | DocumentTable | Bars | Contents | Signature | Section


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """A whole document; `end` comes after a line across, `is_wide` suits tables."""

    title: str
    parts: tuple[Part, ...]
    end: tuple[Part, ...] = ()
    is_wide: bool = False

    @property
    def tables(self) -> Iterator[tuple[str, DocumentTable]]:
        """The tables with the titles of their sections; an empty title where a table is in none."""
        for part in self.parts:
            for inner in part.parts if isinstance(part, Section) else (part,):
                if isinstance(inner, DocumentTable):
                    yield part.title if isinstance(part, Section) else "", inner


def tables_document(title: str, notes: Iterable[str], sections: Iterable[Section]) -> ReportDocument:
    """A document of tables, with sentences of our own below the title."""
    return ReportDocument(title, (*(Paragraph((note,), "pale") for note in notes if note), *sections), is_wide=True)


def table_section(
    title: str, columns: tuple[str, ...], rows: Iterable[tuple[Cell, ...]], empty: str = "nothing"
) -> Section:
    """A section that is one table."""
    return Section(title, (DocumentTable(columns, tuple(rows), empty),))


def text_of(cell: Cell) -> str:
    """The bare text of a cell."""
    if isinstance(cell, str):
        return cell
    return cell.text if isinstance(cell, StyledText) else "".join(map(text_of, cell))
