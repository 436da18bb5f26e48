"""The walk-through as one HTML page: it prints well, and each value has a button that copies it."""

from collections.abc import Iterator

from omtui.documents.lines import TodoLine
from omtui.documents.page import anchor, copied, page, shown, shown_lines
from omtui.documents.runbook_text import ACTIONS
from omtui.documents.walk import Item, Runbook, Section


def to_html(runbook: Runbook) -> str:
    """The whole page."""
    return page(f"Walk-through: {runbook.title}", _body(runbook), script=True)


def _body(runbook: Runbook) -> Iterator[str]:
    yield f"<h1>Walk-through: {shown(runbook.title)}</h1>"
    if runbook.scope:
        yield f'<p class="changed">{shown(runbook.scope[:1].upper() + runbook.scope[1:])}.</p>'
    facts = "".join(f"<dt>{shown(label)}</dt><dd>{shown(value)}</dd>" for label, value in runbook.facts)
    yield f"<dl>{facts}</dl>"
    for paragraph in runbook.introduction:
        yield f"<p>{shown(paragraph)}</p>"
    links = "".join(f'<a href="#{anchor(each.step)}">{shown(_title(each))}</a>' for each in runbook.sections)
    yield f"<nav>{links}</nav>" if links else "<p>There is nothing to do.</p>"
    for section in runbook.sections:
        yield from _section(section)
    yield '<p class="sign">Everything entered: <b>&nbsp;</b> on: <b>&nbsp;</b></p>'


def _section(section: Section) -> Iterator[str]:
    yield f'<h2 id="{anchor(section.step)}">{shown(_title(section))}</h2>'
    if section.navigation:
        yield f"<p><strong>{shown(' > '.join(section.navigation))}</strong>{_copy_task(section)}</p>"
    for text in filter(None, (section.purpose, *section.hints)):
        yield f'<p class="pale">{shown(text)}</p>'
    if section.procedure:
        yield f"<ol>{''.join(f'<li>{shown(line)}</li>' for line in section.procedure)}</ol>"
    for label, words in section.choices:
        meanings = "".join(f"<li>{shown(word)}: {shown(meaning)}</li>" for word, meaning in words)
        yield f"<p>{shown(label)}:</p><ul>{meanings}</ul>"
    checks = [item for item in section.items if item.action == "check"]
    for item in section.items:
        if item.action != "check":
            yield _item(item)
    if checks:
        yield f"<section><ul>{''.join(map(_check, checks))}</ul></section>"


def _copy_task(section: Section) -> str:
    """The task's name by itself, for Oracle's search box."""
    return f' <span class="search">{copied(section.title)}</span>' if section.step[:1].isdigit() else ""


def _check(item: Item) -> str:
    values = "".join(
        f" {copied(line.value)}" if line.value is not None and line.text == item.title else f"<br>{_line(line)}"
        for line in item.lines
    )
    notes = "".join(f'<br><em class="pale">{shown(note)}</em>' for note in item.notes)
    return f'<li><label><input type="checkbox"> {shown(item.title)}</label>{values}{notes}</li>\n'


def _item(item: Item) -> str:
    word = {"done": "done", "skipped": "done", "changed": "changed"}.get(item.state, "")
    title = f"{ACTIONS[item.action]}{item.title}"
    ticked = " checked" if item.state in ("done", "skipped") else ""
    parts = [
        f'<section><h3 class="{word}"><label><input type="checkbox"{ticked}> {shown(title)}</label></h3>',
        f'<p class="pale">{shown(item.place)}</p>',
    ]
    if item.harm:
        parts.append(f'<p class="harm">{shown(item.harm)}</p>')
    if item.state == "changed":
        parts.append('<p class="changed">Changed since it was entered.</p>')
    parts.append(_lines(item.lines))
    parts += [f"<h4>{shown(part.title)}</h4>{_lines(part.lines)}" for part in item.parts]
    parts += [f'<p><em class="pale">{shown_lines(note)}</em></p>' for note in item.notes]
    parts.append(_signed(item))
    return "".join([*parts, "</section>\n"])


def _lines(lines: tuple[TodoLine, ...]) -> str:
    return f"<ul>{''.join(f'<li>{_line(line)}</li>' for line in lines)}</ul>" if lines else ""


def _line(line: TodoLine) -> str:
    depth = (len(line.text) - len(line.text.lstrip())) // 2
    text = f"{'→ ' * depth}{shown(line.text.strip())}"
    if line.value is not None:
        text += f": {copied(line.value)}"
    return f'{text} <span class="pale">({shown(line.hint)})</span>' if line.hint else text


def _signed(item: Item) -> str:
    if item.done is not None and item.state in ("done", "skipped"):
        word = "Left out" if item.state == "skipped" else "Entered"
        on = f" on {shown(item.done.when)}" if item.done.on else ""
        note = f": {shown(item.done.note)}" if item.done.note else ""
        return f'<p class="sign">{word} by {shown(item.done.by)}{on}{note}</p>'
    return '<p class="sign">Entered by: <b>&nbsp;</b> on: <b>&nbsp;</b></p>'


def _title(section: Section) -> str:
    return f"{section.step} {section.title}" if section.step[:1].isdigit() else section.title
