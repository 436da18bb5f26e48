"""The walk-through as Markdown and as CSV."""

from collections.abc import Iterator

from omtui.compare.difference_report import code, markdown_text
from omtui.documents.cells import to_csv
from omtui.documents.lines import TodoLine
from omtui.documents.walk import Item, Runbook, Section
from omtui.setup.values import shown

ACTIONS = {
    "enter": "",
    "change": "Change: ",
    "replace": "Delete and create: ",
    "remove": "Remove: ",
    "check": "",
}


def to_markdown(runbook: Runbook) -> str:
    """The whole walk-through as Markdown, with a box to tick at each record."""
    lines = [f"# Walk-through: {markdown_text(runbook.title)}", ""]
    if runbook.scope:
        lines += [f"**{markdown_text(runbook.scope[:1].upper() + runbook.scope[1:])}.**", ""]
    lines += [f"- {label}: {markdown_text(value)}" for label, value in runbook.facts]
    for paragraph in runbook.introduction:
        lines += ["", markdown_text(paragraph)]
    if not runbook.sections:
        lines += ["", "There is nothing to do."]
    for section in runbook.sections:
        lines += ["", *_section(section)]
    lines += ["", "---", "", "Everything entered: ______________________  on: ______________"]
    return "\n".join(lines) + "\n"


def to_rows(runbook: Runbook) -> list[tuple[str, ...]]:
    """The walk-through as rows: one line a row, the first row names the columns."""
    rows: list[tuple[str, ...]] = [
        ("Step", "Page", "Record", "Do", "What", "Value", "Hint", "State", "Entered by", "Entered on", "Place")
    ]
    for section in runbook.sections:
        page = " > ".join(section.navigation) or section.title
        rows += [(section.step, page, "", "", what, "", "", "", "", "", "") for what in section.procedure]
        for item in section.items:
            by, on = (item.done.by, shown(item.done.on)) if item.done else ("", "")
            state = item.state if item.action != "check" else ""
            head = (section.step, page, item.title, item.action)
            tail = (state, by, on, item.place)
            everything = [("", line) for line in item.lines]
            everything += [(f"{part.title}: ", line) for part in item.parts for line in part.lines]
            for where, line in everything or [("", TodoLine(""))]:
                rows.append((*head, f"{where}{line.text.strip()}", line.value or "", line.hint, *tail))
            for note in (*item.notes, *filter(None, (item.harm,))):
                rows.append((*head, "Note", note, "", *tail))
    return rows


def to_csv_text(runbook: Runbook) -> str:
    """The walk-through as CSV: no cell becomes a formula."""
    return to_csv(to_rows(runbook))


def _section(section: Section) -> Iterator[str]:
    number = f"{section.step} " if section.step[:1].isdigit() else ""
    yield f"## {number}{markdown_text(section.title)}"
    if section.navigation:
        yield ""
        yield f"**{markdown_text(' > '.join(section.navigation))}**"
    for text in filter(None, (section.purpose, *section.hints)):
        yield ""
        yield markdown_text(text)
    if section.procedure:
        yield ""
        yield from (f"{at}. {markdown_text(what)}" for at, what in enumerate(section.procedure, 1))
    for label, words in section.choices:
        yield ""
        yield f"{markdown_text(label)}:"
        for word, meaning in words:
            yield f"- {markdown_text(word)}: {markdown_text(meaning)}"
    before = ""
    for item in section.items:
        if item.action != "check" or before != "check":
            yield ""
        before = item.action
        yield from _item(item)


def _item(item: Item) -> Iterator[str]:
    box = {"done": "[x]", "skipped": "[-]"}.get(item.state, "[ ]") if item.action != "check" else "[ ]"
    title = f"{ACTIONS[item.action]}{item.title}"
    if item.action == "check":
        yield f"- {box} {markdown_text(title)}"
        for line in item.lines:
            if line.value is not None and line.text == item.title:
                yield f"  - {code(line.value)}"
            else:
                yield f"  - {_line(line)}"
        for note in item.notes:
            yield f"  - *{markdown_text(note)}*"
        return
    yield f"### {box} {markdown_text(title)}"
    yield ""
    if item.harm:
        yield f"**{markdown_text(item.harm)}**"
        yield ""
    if item.state == "changed":
        yield "**Changed since it was entered.**"
        yield ""
    for line in item.lines:
        yield f"- {_line(line)}"
    for part in item.parts:
        yield f"- {markdown_text(part.title)}"
        for line in part.lines:
            yield f"  - {_line(line)}"
    for note in item.notes:
        yield f"- *{markdown_text(note)}*"
    yield ""
    yield _signed(item)


def _line(line: TodoLine) -> str:
    indent = "→ " * ((len(line.text) - len(line.text.lstrip())) // 2)
    text = f"{indent}{markdown_text(line.text.strip())}"
    if line.value is not None:
        text += f": {code(line.value)}"
    return f"{text} ({markdown_text(line.hint)})" if line.hint else text


def _signed(item: Item) -> str:
    if item.done is not None and item.state in ("done", "skipped"):
        word = "Left out" if item.state == "skipped" else "Entered"
        note = f": {markdown_text(item.done.note)}" if item.done.note else ""
        on = f" on {item.done.when}" if item.done.on else ""
        return f"{word} by {markdown_text(item.done.by)}{on}{note}"
    return "Entered by: ______________________  on: ______________"
