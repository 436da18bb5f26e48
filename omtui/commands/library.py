"""Commands that look at the library and at whole profiles, or add one: new, list, show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from omtui.checks.finding import LEVELS, counts_words
from omtui.commands.arguments import ParsedArguments
from omtui.commands.columns import Columns, table
from omtui.commands.output import Output
from omtui.commands.profile_arguments import (
    Reading,
    fault_lines,
    file_of,
    is_path,
    open_workspace,
    read,
    refused,
    unknown_name,
    unknown_tag,
    wrong,
)
from omtui.plain_text import plain
from omtui.problem import Done, Outcome, Problem, Wrong
from omtui.setup.catalogue import BY_STEP, TABLES, TASKS
from omtui.setup.indexed import Indexed, LocatedRecord, text, texts, title_of
from omtui.setup.table import Record, Table, Task
from omtui.setup.wording import cell, rule_words
from omtui.text_width import wrapped

if TYPE_CHECKING:
    from omtui.service.listing import Listed
    from omtui.service.workspace import Workspace


def new(args: ParsedArguments, out: Output) -> int:
    """A new profile."""
    from omtui.service.workspace import Created, Workspace
    from omtui.setup.release import Release
    from omtui.store.library import why_not

    word = args.text("NAME")
    file = file_of(args, word)
    name = file.name.removesuffix(".toml")
    if (reason := why_not(name)) is not None:
        return wrong(args, out, Wrong(f"{plain(name) or 'an empty text'} cannot be a name: {reason}", "choose another"))
    release = args.optional("--release")
    if release is not None and Release.parse(release) is None:
        return wrong(args, out, Wrong(f"{plain(release)} is no release", "write the year and a letter, such as 25D"))
    workspace = open_workspace(args)
    if is_path(word):
        workspace = Workspace(file.absolute().parent, state=workspace.state)
    outcome: Outcome
    if args.flag("--from"):
        content = _copied_content(args)
        if isinstance(content, Wrong):
            return wrong(args, out, content)
        created = workspace.create(name, content, "new", f"Make {name}", args.text("--reason"))
        outcome = Done("") if isinstance(created, Created) else created
    else:
        environment = args.text("--environment", "development")
        url, release, reason = (args.text(each) for each in ("--url", "--release", "--reason"))
        outcome = workspace.new(name, environment, url=url, release=release, reason=reason)
    if not isinstance(outcome, Done):
        return refused(args, out, outcome)
    path = workspace.library.path(name)
    if args.flag("--json"):
        out.json({"profile": name, "file": str(path)})
    else:
        out.message(f"{name}: made as {plain(path)}")
    return 0


def list_profiles(args: ParsedArguments, out: Output) -> int:
    """The profiles of the library."""
    from omtui.gc_tuning import collect_seldom

    workspace = open_workspace(args)
    listed = workspace.listed()
    if len(listed) > AHEAD:
        collect_seldom()
    found = _read_one_by_one(workspace, listed, out)
    if args.flag("--json"):
        out.json({"library": workspace.folder_words, "profiles": [_as_json(each) for each in found]})
        return 0
    if not listed:
        out.message(f"omtui list: no profile in {workspace.folder_words}; omtui new NAME makes one")
        return 0
    headings = ("Profile", "Environment", "Pod", "Release", "Findings", "Progress", "Next expiry", "Changed")
    first = list(islice(found, AHEAD))
    known = [*map(_cells, first), *map(_cells, listed[AHEAD:])]
    columns = Columns(headings, known, out.width, all_columns=len(listed) > AHEAD)
    for head in columns.heads():
        out.line(out.bold(head))
    unsaved = False
    for each in chain(first, found):
        unsaved = unsaved or bool(each.unsaved)
        out.lines(columns.row(_cells(each)))
        out.flush()
    if unsaved:
        out.message("* unsaved changes are kept for the workbench")
    return 0


AHEAD = 20
"""How many profiles are read before the first row is printed: the columns get the width that these need."""


def _read_one_by_one(workspace: Workspace, listed: Iterable[Listed], out: Output) -> Iterator[Listed]:
    for each in listed:
        counted = workspace.counted(each)
        if counted.trouble:
            out.message(f"omtui list: what was ticked for {plain(each.name)} is not known: {counted.trouble}")
        yield counted


def _cells(each: Listed) -> list[str]:
    counts = "" if each.counts is None else counts_words(each.counts) or "none"
    cells = (
        each.name + (" *" if each.unsaved else ""),
        " ".join(filter(None, (each.environment, f"({each.stage})" if each.stage else ""))),
        each.pod_host,
        each.release,
        each.fault or counts,
        "not readable" if each.trouble else each.progress.short if each.progress else "",
        str(each.next_expiry or ""),
        each.changed_words,
    )
    return [plain(cell) for cell in cells]


def _as_json(each: Listed) -> dict[str, object]:
    return {
        "name": each.name,
        "file": str(each.path),
        "title": each.title,
        "environment": each.environment,
        "stage": each.stage,
        "pod": each.pod_host,
        "release": each.release or None,
        "counts": {level: each.counts[level] for level in LEVELS} if each.counts is not None else None,
        "progress": None if each.trouble else each.progress.short if each.progress else "",
        "next_expiry": each.next_expiry,
        "changed": each.changed.isoformat() if each.changed else None,
        "unsaved": each.unsaved,
        "fault": each.fault or None,
    }


def show(args: ParsedArguments, out: Output) -> int:
    """The set-up as tables."""
    step = args.optional("--step")
    if step is not None and (nothing := unknown_name((step,), BY_STEP, "step")) is not None:
        return wrong(args, out, nothing)
    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    tasks = [BY_STEP[step]] if step is not None else list(TASKS)
    tags = args.texts("--tag")
    if (nothing := unknown_tag(tags, reading.data)) is not None:
        return wrong(args, out, nothing)
    if args.flag("--json"):
        out.json(_document(reading, tasks, tags))
        return 0
    blocks = [block for task in tasks for block in _task(reading.indexed, task, tags, out, whole=step is not None)]
    for number, block in enumerate(blocks):
        if number:
            out.line()
        out.lines(block)
    return 0


# What a new profile starts with


def _copied_content(args: ParsedArguments) -> bytes | Wrong:
    """The text of another profile, with what the options say."""
    from omtui.store.change import Set, same, value_at

    reading = read(args, args.text("--from"))
    if not isinstance(reading, Reading):
        return Wrong("; ".join(fault_lines(reading)))
    document = reading.document
    for option, path in (
        ("--environment", ("profile", "environment")),
        ("--url", ("pod", "url")),
        ("--release", ("pod", "release")),
    ):
        value = args.optional(option)
        old = value_at(document.data, path)
        if value is not None and not same(old, value):
            document.perform(Set(path, old, value))
    content = document.to_bytes()
    return Wrong(content.message, content.fix) if isinstance(content, Problem) else content


# Tables


def _task(setup: Indexed, task: Task, tags: Sequence[str], out: Output, *, whole: bool) -> Iterator[list[str]]:
    """The tables of a task that hold something, each under its heading."""
    step = f"Step {task.step}  " if task.step[0].isdigit() else ""
    title = f"{step}{task.title}"
    headings = [out.bold(line) for line in (wrapped(title, out.width) if out.width else [title])]
    said = False
    for path in task.tables:
        description = TABLES[path]
        found = _records(setup, task, path, tags)
        if not found or (path.startswith("routing_rules.")):
            continue
        title = description.title if len(task.tables) > 1 or description.title != task.title else ""
        lines = _rows(setup, description, found, out, whole=whole)
        yield [*(() if said else headings), *((title,) if title else ()), *(f"  {line}".rstrip() for line in lines)]
        said = True
    if whole and not said:
        yield [*headings, "  nothing is entered"]


def _records(setup: Indexed, task: Task, path: str, tags: Sequence[str]) -> list[LocatedRecord]:
    description = TABLES[path]
    if description.single:
        record = setup.single(path)
        return [LocatedRecord((path,), record)] if record and not tags else []
    found = setup.records(path)
    top = path.split(".")[0]
    kept = []
    for each in found:
        holder = _holder(setup, each) if description.parent and not TABLES[description.parent].single else each
        if task.only and not task.holds(top, holder.record):
            continue
        if not tags or any(tag in (*texts(each.record, "tags"), *texts(holder.record, "tags")) for tag in tags):
            kept.append(each)
    return kept


def _holder(setup: Indexed, found: LocatedRecord) -> LocatedRecord:
    """The record that holds a nested one."""
    here: object = setup.data
    for part in found.path[:-2]:
        here = here[part]  # type: ignore[index]
    return LocatedRecord(found.path[:-2], here if isinstance(here, dict) else {})


def _rows(setup: Indexed, description: Table, found: list[LocatedRecord], out: Output, *, whole: bool) -> list[str]:
    width = out.width - 2 if out.width else None
    if description.single:
        return _fields(description, found[0].record, width)
    nested = bool(description.parent) and not TABLES[description.parent].single
    names = [field.name for field in description.fields] if whole else list(description.columns)
    names = [name for name in names if not _is_shown_below(description, name)]
    headings = [description.by_name[name].label for name in names]
    if description.path == "routing_rules":
        names = [name for name in names if name not in ("when", "then", "otherwise")]
        headings = [description.by_name[name].label for name in names] + ["Rule"]
    rows = []
    for each in found:
        cells = [plain(cell(description.by_name[name], each.record.get(name))) for name in names]
        if description.path == "routing_rules":
            cells.append(plain(rule_words(each.record)))
        if nested:
            cells.insert(0, plain(_owner(setup, description, each)))
        rows.append(cells)
    if nested:
        headings.insert(0, TABLES[description.parent].singular.capitalize())
    return table(headings, rows, width)


def _fields(description: Table, record: Record, width: int | None) -> list[str]:
    """A single table, one field a line."""
    fields = [field for field in description.fields if field.name in record]
    return table(("", ""), [(field.label, plain(cell(field, record[field.name]))) for field in fields], width)[1:]


def _is_shown_below(description: Table, name: str) -> bool:
    """Whether the records under a field have a table of their own."""
    path = f"{description.path}.{name}"
    return path in TABLES and any(path in task.tables for task in TASKS)


def _owner(setup: Indexed, description: Table, found: LocatedRecord) -> str:
    return title_of(description.parent, _holder(setup, found).record)


def _document(reading: Reading, tasks: Sequence[Task], tags: Sequence[str]) -> dict[str, object]:
    setup = reading.indexed
    steps = []
    for task in tasks:
        tables: dict[str, object] = {}
        for path in task.tables:
            if path.count(".") and not TABLES[path.rpartition(".")[0]].single:
                continue  # part of the record that holds it
            records: list[Record] = [found.record for found in _records(setup, task, path, tags)]
            if records:
                tables[path] = records[0] if TABLES[path].single else records
        steps.append({"step": task.step, "task": task.title, "tables": tables})
    return {
        "profile": reading.name,
        "environment": setup.environment,
        "release": text(setup.single("pod"), "release") or None,
        "steps": steps,
    }
