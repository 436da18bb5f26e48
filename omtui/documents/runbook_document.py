"""The walk-through as a document, and as rows for spreadsheets."""

from collections.abc import Iterator

from omtui.documents.lines import TodoLine
from omtui.documents.model import (
    Box,
    Bullets,
    Contents,
    DocumentTable,
    FactList,
    Line,
    ListItem,
    Paragraph,
    Part,
    ReportDocument,
    Section,
    Signature,
    Style,
    StyledText,
    Text,
)
from omtui.documents.progress import ItemState
from omtui.documents.walk import Action, Item, Runbook, WalkSection
from omtui.setup.values import shown

ACTIONS: dict[Action, str] = {
    "enter": "",
    "change": "Change: ",
    "replace": "Delete and create: ",
    "remove": "Remove: ",
    "check": "",
}
_BOXES: dict[ItemState, Box] = {"done": "done", "skipped": "left out"}
_COLUMNS = ("Step", "Page", "Record", "Do", "What", "Value", "Hint", "State", "Entered by", "Entered on", "Place")


def runbook_document(runbook: Runbook) -> ReportDocument:
    """The whole walk-through, with a box to tick at each record."""
    parts: list[Part] = []
    if runbook.scope:
        parts.append(Paragraph((f"{runbook.scope[:1].upper()}{runbook.scope[1:]}.",), "warn"))
    parts.append(FactList(runbook.facts))
    parts += [Paragraph((text,)) for text in runbook.introduction]
    parts.append(Contents() if runbook.sections else Paragraph(("There is nothing to do.",)))
    parts += map(_page, runbook.sections)
    return ReportDocument(f"Walk-through: {runbook.title}", tuple(parts), (Signature("Everything entered"),))


def runbook_table(runbook: Runbook) -> ReportDocument:
    """The walk-through as one table: one line a row."""
    rows: list[tuple[str, ...]] = []
    for page in runbook.sections:
        name = " > ".join(page.navigation) or page.title
        rows += [(page.step, name, "", "", what, "", "", "", "", "", "") for what in page.procedure]
        for item in page.items:
            by, on = (item.done.by, shown(item.done.on)) if item.done else ("", "")
            head = (page.step, name, item.title, item.action)
            tail = (item.state if item.action != "check" else "", by, on, item.place)
            everything = [("", line) for line in item.lines]
            everything += [(f"{part.title}: ", line) for part in item.parts for line in part.lines]
            for where, line in everything or [("", TodoLine(""))]:
                rows.append((*head, f"{where}{line.text.strip()}", line.value or "", line.hint, *tail))
            for note in (*item.notes, *filter(None, (item.harm,))):
                rows.append((*head, "Note", note, "", *tail))
    return ReportDocument(runbook.title, (DocumentTable(_COLUMNS, tuple(rows)),))


def _page(page: WalkSection) -> Section:
    is_step = page.step[:1].isdigit()
    return Section(f"{page.step} {page.title}" if is_step else page.title, tuple(_parts(page, is_step)))


def _parts(page: WalkSection, is_step: bool) -> Iterator[Part]:
    if page.navigation:
        way: tuple[Text, ...] = (StyledText(" > ".join(page.navigation), "strong"),)
        # The task's name by itself, for Oracle's search box.
        yield Paragraph((*way, StyledText(page.title, "search")) if is_step else way)
    for text in filter(None, (page.purpose, *page.hints)):
        yield Paragraph((text,), "pale")
    if page.procedure:
        yield Bullets(tuple(ListItem((what,)) for what in page.procedure), numbered=True)
    for label, words in page.choices:
        yield Bullets(tuple(ListItem((word, ": ", meaning)) for word, meaning in words), lead=label)
    yield from (_card(item) for item in page.items if item.action != "check")
    yield Bullets(tuple(_check(item) for item in page.items if item.action == "check"))


def _check(item: Item) -> ListItem:
    lines = [
        (StyledText(line.value, "copy"),) if line.value is not None and line.text == item.title else _line(line)
        for line in item.lines
    ]
    return ListItem((item.title,), (*lines, *((StyledText(note, "note"),) for note in item.notes)), "open")


def _card(item: Item) -> Section:
    parts: list[Part] = []
    if item.harm:
        parts.append(Paragraph((item.harm,), "bad"))
    if item.state == "changed":
        parts.append(Paragraph(("Changed since it was entered.",), "warn"))
    lines = [ListItem(_line(line)) for line in item.lines]
    lines += [ListItem((part.title,), tuple(map(_line, part.lines))) for part in item.parts]
    lines += [ListItem((StyledText(note, "note"),)) for note in item.notes]
    parts += [Bullets(tuple(lines)), _signed(item)]
    box = _BOXES.get(item.state, "open")
    style: Style = "warn" if item.state == "changed" else "" if box == "open" else "good"
    return Section(f"{ACTIONS[item.action]}{item.title}", tuple(parts), 3, item.place, box, style)


def _line(line: TodoLine) -> Line:
    depth = (len(line.text) - len(line.text.lstrip())) // 2
    words: list[Text] = ["→ " * depth, line.text.strip()]
    if line.value is not None:
        words += [": ", StyledText(line.value, "copy")]
    if line.hint:
        words.append(StyledText(line.hint, "hint"))
    return tuple(words)


def _signed(item: Item) -> Part:
    if item.done is None or item.state not in _BOXES:
        return Signature("Entered by")
    word = "Left out" if item.state == "skipped" else "Entered"
    on = f" on {item.done.when}" if item.done.on else ""
    note: Line = (": ", item.done.note) if item.done.note else ()
    return Paragraph((f"{word} by ", item.done.by, on, *note), "pale")
