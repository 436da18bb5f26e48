"""Commands that compare profiles: diff, compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omtui.commands.arguments import ParsedArguments
from omtui.commands.columns import table
from omtui.commands.output import Output
from omtui.commands.profile_arguments import Reading, profile_names, read, refused, unknown_name, unknown_tag, wrong
from omtui.compare.difference_report import ReportLine, change_to_json, step_words, value_words
from omtui.documents.sheet import POD_ENDINGS
from omtui.plain_text import plain
from omtui.problem import Problem, Wrong
from omtui.setup.catalogue import BY_STEP
from omtui.text_width import wrapped
from omtui.typed_path import typed_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omtui.compare.table import ComparisonRow, ProfileComparison
    from omtui.documents.model import Format
    from omtui.service.comparing import Compared, State

_COLOURS = {"add": "32", "remove": "31", "change": "33", "replace": "35", "heading": "1", "verdict": "1"}

_MARGIN = 6
"""Where what a change says begins, and where its further lines do."""


def diff(args: ParsedArguments, out: Output) -> int:
    """What differs between two states. Ends with 1 when anything does."""
    from omtui.service.comparing import compared

    if args.flag("--json") and args.flag("--markdown"):
        return wrong(args, out, Wrong("--json and --markdown contradict each other", "give one of them"))
    if (nothing := unknown_name(args.texts("--step"), BY_STEP, "step")) is not None:
        return wrong(args, out, nothing)
    if args.text("B").lower().endswith(POD_ENDINGS):
        return _with_file(args, out)
    if args.flag("--accept"):
        return wrong(args, out, Wrong("--accept takes over what a file read out of the pod says", "name such a file"))
    states = []
    for name in ("A", "B"):
        reading = read(args, args.text(name))
        if not isinstance(reading, Reading):
            return wrong(args, out, reading)
        states.append(state(reading))
    if (nothing := unknown_tag(args.texts("--tag"), *(each.data for each in states))) is not None:
        return wrong(args, out, nothing)
    found = compared(states[0], states[1], steps=args.texts("--step"), tags=args.texts("--tag"))
    show(args, out, found)
    return int(bool(found.difference))


def _accept(args: ParsedArguments, out: Output, path: Path) -> int:
    """Take what the pod says over into the profile, as one change that can be undone."""
    from omtui.commands.profile_arguments import open_for_change
    from omtui.commands.saving import save, say_done
    from omtui.service.pod_files import accept, pod_state

    session = open_for_change(args, out, "A")
    if isinstance(session, int):
        return session
    there = pod_state(session.name, session.data, path, session.path)
    places = [each for each in args.texts("--accept") if each != "all"]
    plan = there if isinstance(there, Wrong) else accept(session.indexed, there, places)
    if isinstance(plan, Wrong):
        return wrong(args, out, plan)
    if not plan.operations:
        return say_done(args, out, session, f"{plan.label}: nothing to change", changed=False)
    outcome = session.edit(plan, args.text("--reason"))
    return refused(args, out, outcome) if isinstance(outcome, Problem) else save(args, out, session, plan.label)


def _with_file(args: ParsedArguments, out: Output) -> int:
    """What a file that was read out of the pod says otherwise. Ends with 1 when it says anything otherwise."""
    from omtui.documents.sheet import LARGEST
    from omtui.service.pod_files import file_difference
    from omtui.store.files import read_bytes

    reading, path = read(args, args.text("A")), typed_path(args.text("B"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    if args.flag("--step") or args.flag("--tag"):
        return wrong(args, out, Wrong("--step and --tag limit two profiles", "leave them out: the file is the limit"))
    if args.flag("--accept"):
        return _accept(args, out, path)
    content = read_bytes(path, LARGEST)
    if isinstance(content, Problem):
        return wrong(args, out, Wrong(content.message, content.fix))
    found = file_difference(reading.name, reading.data, path, content, reading.path)
    if isinstance(found, Wrong):
        return wrong(args, out, found)
    for note in found.notes:
        out.message(f"{plain(path.name)}: {note}")
    if args.flag("--json"):
        changes = [change_to_json(each) for each in found.changes]
        out.json(
            {
                "source": found.source,
                "target": found.target,
                "changes": changes,
                "only_here": [each.where for each in found.only_here],
                "only_there": [each.where for each in found.only_there],
                "not_in_file": list(found.not_in_file),
                "same": found.same,
            }
        )
        return int(bool(found))
    heading, item = ("## ", "- ") if args.flag("--markdown") else ("", "  ")
    out.line(f"{heading}{found.source} against {plain(found.target)}: {found.same} fields are the same")
    changed = [
        f"{each.where}: {value_words(each, each.old)} here, {value_words(each, each.new)} there"
        for each in found.changes
    ]
    parts = {
        "Differs": changed,
        "Only here": [f"{each.where} ({step_words(each.step)})" for each in found.only_here],
        "Only there": [f"{each.where} ({step_words(each.step)})" for each in found.only_there],
        "Not in the file": list(found.not_in_file),
    }
    for title, lines in parts.items():
        if lines:
            out.line("")
            out.line(f"{heading}{title}")
            out.lines(f"{item}{plain(line)}" for line in lines)
    return int(bool(found))


def show(args: ParsedArguments, out: Output, found: Compared) -> None:
    """The difference in the format that was asked for."""
    from omtui.compare import difference_report as report
    from omtui.service.comparing import markdown

    if args.flag("--json"):
        out.json(report.to_json(found.difference, found.concerns))
    elif args.flag("--markdown"):
        out.write(markdown(found))
    else:
        write_lines(report.lines(found.difference, found.concerns), out)


def write_lines(lines: Iterable[ReportLine], out: Output) -> None:
    """Lines of a report, as wide as the terminal, in colour on a terminal that has it."""
    for line in lines:
        for each in _laid_out(line, out.width):
            out.line(_coloured(line, each, out))


def state(reading: Reading) -> State:
    """What was read, as one side of a comparison. An earlier state has the profile's own path."""
    from omtui.service.comparing import State

    return State(reading.name, reading.data, reading.path)


def _laid_out(line: ReportLine, width: int | None) -> list[str]:

    if width is None or len(line.text) <= width:
        return [line.text]
    margin = 0 if line.tone in ("verdict", "heading") else _MARGIN
    head, rest = line.text[:margin], line.text[margin:]
    blanks = len(rest) - len(rest.lstrip(" "))
    head, rest = head + rest[:blanks], rest[blanks:]
    below = " " * (margin if head.strip() else len(head))
    first, *more = wrapped(rest, width - len(head))
    return [head + first, *(below + each for each in more)]


def _coloured(line: ReportLine, text: str, out: Output) -> str:
    colour = _COLOURS.get(line.tone)
    return f"\x1b[{colour}m{text}\x1b[0m" if out.colour and colour else text


def compare(args: ParsedArguments, out: Output) -> int:
    """Several environments: one row a place, one column a profile. Ends with 1 when they differ anywhere."""
    from omtui.compare import table
    from omtui.service.documenting import form_of

    file = args.optional("--output")
    form = form_of(file) if file is not None else "md"
    if isinstance(form, Wrong):
        return wrong(args, out, form)
    words = args.texts("PROFILE") or profile_names(args)
    if len(words) < 2:
        return wrong(args, out, Wrong("there is nothing to compare with", "name two profiles or more"))
    profiles = {}
    for word in words:
        reading = read(args, word)
        if not isinstance(reading, Reading):
            return wrong(args, out, reading)
        profiles[reading.name if reading.name not in profiles else plain(word)] = reading.data
    if len(profiles) < len(words):
        return wrong(args, out, Wrong("a profile is named twice", "name each once"))
    found = table.compare(profiles)
    changed = args.flag("--changed")
    if file is not None and (trouble := _write(found, Path(file), form, changed=changed)) is not None:
        return refused(args, out, trouble)
    if args.flag("--json"):
        out.json(table.to_json(found, changed=changed))
    elif file is None:
        _print_table(found, out, changed)
    else:
        out.message(f"{_verdict(found)}; written to {plain(file)}")
    return int(bool(found))


def _write(found: ProfileComparison, file: Path, form: Format, *, changed: bool) -> Problem | None:
    from omtui.documents.comparison import comparison_tables
    from omtui.documents.render import render
    from omtui.service.reviewing import put

    return put(file, render(comparison_tables(found, changed=changed), form))


def _verdict(found: ProfileComparison) -> str:
    names = ", ".join(plain(name) for name in found.profiles)
    other = len(found.changed)
    return f"{names}: {other} of {len(found.rows)} places are not the same" if other else f"{names}: all the same"


def _print_table(found: ProfileComparison, out: Output, changed: bool) -> None:

    out.line(out.bold(_verdict(found)))
    by_step: dict[str, list[ComparisonRow]] = {}
    for row in found.changed if changed else found.rows:
        by_step.setdefault(row.step, []).append(row)
    for step, rows in by_step.items():
        heads = ("Place", *(plain(name) for name in found.profiles))
        cells = [[plain(row.where), *_cells(row)] for row in rows]
        first, *rest = table(heads, cells, out.width)
        out.lines(["", out.bold(step_words(step)), first, *rest])


def _cells(row: ComparisonRow) -> list[str]:
    """Same, other, missing; of a field also its value, where it is not the same everywhere."""
    from omtui.documents.comparison import value_words

    if not row.field or row.is_same:
        return list(row.cells)
    return [
        cell if value is None else f"{cell}: {plain(value_words(value))}"
        for cell, value in zip(row.cells, row.values, strict=True)
    ]
