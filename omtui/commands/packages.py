"""The command import --fsm: a setup data package exported from Setup and Maintenance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omtui.commands.arguments import ParsedArguments
from omtui.commands.arriving import arrived, done_words, show_arriving, unlocked
from omtui.commands.columns import table
from omtui.commands.output import Output
from omtui.commands.profile_arguments import open_workspace, refused, wrong
from omtui.plain_text import plain
from omtui.problem import Done, Problem, Wrong
from omtui.service.handing_over import take_in, why_not_taken
from omtui.service.packages import ArrivingPackage, look_into, propose
from omtui.store.library import why_not
from omtui.text_width import wrapped

if TYPE_CHECKING:
    from omtui.service.workspace import Workspace

_OTHERS = ("--sheet", "--secrets", "--identity", "--older", "--stdin")


def take_in_package(args: ParsedArguments, out: Output) -> int:
    """Show what a package holds and changes, and write it unless it is a dry run."""
    workspace = open_workspace(args)
    words = _file_and_name(args, workspace)
    if isinstance(words, Wrong):
        return wrong(args, out, words)
    file = arrived(words[0])
    found = look_into(workspace, file, words[1] or file.stem) if not isinstance(file, Wrong) else file
    if isinstance(found, Wrong):
        return wrong(args, out, found)
    arriving, dry = found.arriving, args.flag("--dry-run")
    if arriving is not None and (code := unlocked(args, out, arriving)) is not None:
        return code
    over, partly = args.flag("--over"), args.flag("--partly")
    why = found.why if arriving is None else why_not_taken(arriving, over=over, partly=partly)
    if not args.flag("--json"):
        _show(out, found, columns=dry or arriving is None)
        if arriving is not None:
            show_arriving(out, arriving)
    taken = None
    if args.flag("--propose"):
        done = propose(found)
        if not isinstance(done, Done):
            return refused(args, out, done)
        out.message(done.message)
    elif dry:
        out.message(f"Nothing was written{f': it would be refused: {why}' if why else ''}")
    elif arriving is not None and why is None:
        outcome = take_in(workspace, arriving, over=over, partly=partly, reason=args.text("--reason"))
        taken, why = (None, outcome) if isinstance(outcome, Problem) else (outcome, None)
    if args.flag("--json"):
        out.json(_document(workspace, found, written=bool(taken and taken.changed)))
    if taken is not None and arriving is not None:
        out.message(done_words(arriving, taken))
        return 0
    return 0 if dry or args.flag("--propose") or why is None else refused(args, out, why)


def _file_and_name(args: ParsedArguments, workspace: Workspace) -> tuple[str, str] | Wrong:
    """The package, and the profile that it is for; no name where the file's is meant."""
    words, name = args.texts("FILE"), args.optional("--as")
    if other := next((each for each in _OTHERS if args.flag(each)), None):
        return Wrong(f"{other} has no part in a setup data package", "leave it out")
    if args.flag("--propose") and args.flag("--dry-run"):
        return Wrong("--propose writes the mapping, and --dry-run writes nothing", "leave one of them out")
    if len(words) == 2 and args.flag("--over") and name is None:
        packages = [each for each in words if each.lower().endswith(".zip")]
        if len(packages) != 1:
            return Wrong("which of the two is the package?", "its name ends in .zip: --fsm FILE.zip --over NAME")
        words, name = packages, next(each for each in words if each not in packages)
    if len(words) != 1:
        return Wrong("--fsm reads one package", "--fsm FILE.zip --as NAME, or --over NAME for a profile that is here")
    if name is not None and (reason := why_not(name, new=False)) is not None:
        return Wrong(f"{plain(name)} is no name of a profile: {reason}", "give another name")
    if name is not None and args.flag("--over"):
        there = workspace.library.find(name)
        if isinstance(there, Problem):
            return Wrong(there.message, there.fix)
    return words[0], name or ""


def _show(out: Output, found: ArrivingPackage, *, columns: bool) -> None:
    package = found.package
    made = (
        f"{plain(package.process or 'a setup data package')}"
        f"{f', exported {plain(package.made_on[:16])}' if package.made_on else ''}"
        f"{f' from {plain(package.environment)}' if package.environment else ''}"
        f"{f', release {plain(package.release)}' if package.release else ''}"
    )
    out.lines([out.bold(each) for each in wrapped(made, out.width or 10_000)])
    for each in package.objects:
        mapped, near = found.mapped(each), found.offers(each)
        rows = "no rows" if not each.count else "1 row" if each.count == 1 else f"{each.count:,} rows"
        of = f"{len(mapped)} of {len(each.columns)} columns mapped" if mapped else "not mapped"
        out.line(f"{plain(each.name)}: {rows}, {of}")
        if columns and each.count:
            words = {
                **{name: f"not mapped{f'; nearest: {near[name]}' if name in near else ''}" for name in each.columns},
                **dict.fromkeys(found.ignored(each), "left out"),
                **dict.fromkeys(each.secret_columns, "looks like a secret: not read"),
                **mapped,
            }
            cells = [(plain(name), word) for name, word in words.items()]
            out.lines(f"  {line}" for line in table(("Column", "Field"), cells, out.width and out.width - 2))
        elif left := found.unmapped(each):
            names = wrapped(f"not mapped: {', '.join(map(plain, left))}", (out.width or 10_000) - 2)
            out.lines(f"  {line}" for line in names)
    if found.arriving is None or found.arriving.changes_nothing:  # else they are shown with what arrives
        for note in package.notes:
            out.message(note)


def _document(workspace: Workspace, found: ArrivingPackage, *, written: bool) -> dict[str, object]:
    from omtui.checks.formats import document
    from omtui.checks.report import Report
    from omtui.checks.running import results, run
    from omtui.compare.difference_report import change_to_json
    from omtui.setup.indexed import Indexed

    package, arriving = found.package, found.arriving
    findings: object = []
    if arriving is not None:
        setup, path = Indexed(arriving.data), workspace.library.path(found.name)
        around = workspace.surroundings(path, arriving.data)
        findings = document(Report(found.name, None, results(setup, run(setup, around), around.today)))["findings"]
    return {
        "profile": found.name,
        "release": package.release or None,
        "environment": package.environment or None,
        "process": package.process or None,
        "exported": package.made_on or None,
        "tables": [
            {
                "name": each.name,
                "rows": each.count,
                "columns": list(each.columns),
                "mapped": list(found.mapped(each)),
                "unmapped": found.unmapped(each),
                "ignored": found.ignored(each),
                "fields": found.mapped(each),
                "nearest": found.offers(each),
            }
            for each in package.objects
        ],
        "changes": [change_to_json(each) for each in arriving.difference.changes] if arriving else [],
        "findings": findings,
        "faults": [
            {"file": each.sheet, "row": each.row, "column": each.column, "message": each.message, "fix": each.fix}
            for each in (arriving.faults if arriving else ())
        ],
        "notes": list(package.notes),
        "written": written,
    }
