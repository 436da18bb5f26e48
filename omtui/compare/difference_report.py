"""A difference as text and JSON. Foreign text passes the one filter before it is written."""

from collections.abc import Iterable, Iterator
from datetime import date, time
from decimal import Decimal
from typing import Literal, NamedTuple

from omtui.compare.change import Change
from omtui.compare.difference import Difference
from omtui.compare.marking import Segment, is_worth_marking, parts
from omtui.compare.plan_finding import PlanFinding
from omtui.plain_text import plain
from omtui.setup.catalogue import BY_STEP, TABLES
from omtui.setup.rule_line import print_condition
from omtui.setup.values import shown
from omtui.setup.wording import condition_words, records_words, summary

Tone = Literal["verdict", "heading", "add", "remove", "change", "replace", "quiet", "finding"]

_LONGEST = 400


class ReportLine(NamedTuple):
    """One line for a terminal: what it says, and in which tone, so that a front may colour it."""

    tone: Tone
    text: str


def verdict(found: Difference) -> str:
    """The difference in one sentence, shown first."""
    pair = f"{plain(found.source)} → {plain(found.target)}" if found.source or found.target else "the two profiles"
    if not found.changes:
        return f"{pair}: no difference"
    setup_changes = found.setup_changes
    counts = [
        (sum(change.op == "add" for change in setup_changes), "added"),
        (sum(change.op == "change" for change in setup_changes), "changed"),
        (sum(change.op == "rename" for change in setup_changes), "renamed"),
        (sum(change.op == "remove" for change in setup_changes), "removed"),
    ]
    shown = [f"{count} {word}" for count, word in counts if count]
    if found.states:
        shown.append(f"{len(found.states)} only in the state of the pods")
    return f"{pair}: {', '.join(shown)}"


def lines(found: Difference, findings: Iterable[PlanFinding] = (), *, ascii_only: bool = False) -> list[ReportLine]:
    """The difference for people: the verdict, then each change under its setup task, states of the pods last."""
    shown = [ReportLine("verdict", verdict(found).replace("→", "->") if ascii_only else verdict(found))]
    shown += [
        ReportLine("finding", f"  {each.check} {each.level}: {plain(each.where)}: {each.message}") for each in findings
    ]
    heading = ""
    for change in found.setup_changes:
        if change.step != heading:
            heading = change.step
            shown.append(ReportLine("heading", step_words(heading)))
        shown += _change_lines(change)
    if found.states:
        shown.append(ReportLine("heading", "State of the pods (never promoted)"))
        for change in found.states:
            shown += _change_lines(change)
    return [ReportLine(line.tone, plain(line.text, ascii_only=True)) for line in shown] if ascii_only else shown


def text(found: Difference, findings: Iterable[PlanFinding] = ()) -> str:
    """The lines without their tones."""
    return "".join(f"{line.text}\n" for line in lines(found, findings))


def to_json(found: Difference, findings: Iterable[PlanFinding] = ()) -> dict[str, object]:
    """The shape that `omtui diff --json` prints."""
    return {
        "source": found.source,
        "target": found.target,
        "changes": [change_to_json(change) for change in found.changes],
        "findings": [finding.to_json() for finding in findings],
    }


def change_to_json(change: Change) -> dict[str, object]:
    """One change with the four keys of the contract, and what else is known of it."""
    return {
        "op": change.op,
        "where": change.where,
        "old": json_value(change.old),
        "new": json_value(change.new),
        "step": change.step,
        "travels": change.travels,
        "state": change.is_state,
        "replaces": change.replaces,
    }


def json_value(value: object) -> object:
    """A value of a profile for JSON: dates as ISO text, numbers with a fraction as numbers."""
    match value:
        case dict():
            return {str(name): json_value(inner) for name, inner in value.items()}
        case list() | tuple():
            return [json_value(inner) for inner in value]
        case Decimal():
            number = float(value) if value.is_finite() else None
            return number if number is not None and number - number == 0 else str(value)
        case date() | time():
            return value.isoformat()
    return value


def is_condition(change: Change) -> bool:
    """Whether what differs is a condition of a rule, or a part of one."""
    return change.field == "when" or change.table == "routing_rules.when"


def value_words(change: Change, value: object) -> str:
    """A value of a change in one line for people."""
    if value is None:
        return "(not set)"
    if isinstance(value, dict):
        table = TABLES.get(change.table)
        if is_condition(change):
            return plain(print_condition(value) or condition_words(value))
        return plain(summary(table, value)) if table else plain(shown(value))
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return plain(records_words(value))
    text = plain(shown(value)) or '""'
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def before_and_after(change: Change) -> tuple[str, str]:
    """What was and what is, each in one line; empty where there is nothing."""
    old, new = ("" if value is None else _words(change, value) for value in (change.old, change.new))
    return old, new


def _words(change: Change, value: object) -> str:
    return shown(value) if change.op == "rename" else value_words(change, value)


def _change_lines(change: Change) -> Iterator[ReportLine]:
    tone = _tone(change)
    sign = f"{change.sign:>5} "
    where = plain(change.where)
    if change.op in ("add", "remove"):
        words = value_words(change, change.new if change.op == "add" else change.old)
        yield ReportLine(tone, f"{sign}{where}{f': {words}' if words else ''}")
        return
    if change.op == "rename":
        how = "; Oracle freezes this name: delete and create" if change.replaces else ""
        yield ReportLine(tone, f"{sign}{where} is now called {plain(shown(change.new))}{how}")
        return
    how = " (Oracle freezes it: delete and create)" if change.replaces else ""
    if isinstance(change.old, list) and isinstance(change.new, list) and change.field:
        yield ReportLine(tone, f"{sign}{where}: {_list_words(change.old, change.new)}{how}")
    elif is_worth_marking(change.old, change.new):
        yield ReportLine(tone, f"{sign}{where}: {_marked(parts(shown(change.old), shown(change.new)))}{how}")
    else:
        yield ReportLine(
            tone, f"{sign}{where}: {value_words(change, change.old)} → {value_words(change, change.new)}{how}"
        )


def _tone(change: Change) -> Tone:
    if change.replaces:
        return "replace"
    if change.op == "add" or change.op == "remove":
        return change.op
    return "change"


def _list_words(old: list[object], new: list[object]) -> str:
    """What a set gained and lost."""
    before, after = [shown(item) for item in old], [shown(item) for item in new]
    gained, lost = list(after), list(before)
    for item in before:
        if item in gained:
            gained.remove(item)
    for item in after:
        if item in lost:
            lost.remove(item)
    words = [f"+ {plain(item)}" for item in gained] + [f"- {plain(item)}" for item in lost]
    return ", ".join(words) or "elements of another type"


def _marked(found: list[Segment]) -> str:
    words = ""
    for part in found:
        text = plain(part.text)
        if part.in_old and part.in_new:
            words += _shortened(text)
        else:
            words += f"{{+{text}+}}" if part.in_new else f"[-{text}-]"
    return words


def _shortened(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:50]} … {text[-50:]}"


def step_words(step: str) -> str:
    """A setup task as a heading over its changes."""
    task = BY_STEP.get(step)
    if task is None:
        return "Profile and pod"
    return f"{step} {task.title}" if step[:1].isdigit() else task.title
