"""Commands that check a profile: check, explain."""

from dataclasses import replace

from omtui.checks.report import Report, failed, unreadable_results
from omtui.checks.running import results, run
from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.profile_arguments import (
    Reading,
    as_named,
    open_workspace,
    read,
    several,
    surroundings_of,
    unknown_tag,
    wrong,
)
from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.service.session import NotReadable
from omtui.service.workspace import Workspace
from omtui.setup.indexed import tagged_at, text


def check(args: ParsedArguments, out: Output) -> int:
    """What is wrong with one or several profiles."""
    if args.flag("--fix"):
        from omtui.commands.fixing import fix

        return fix(args, out)
    if without := next((name for name in ("--dry-run", "--reason", "--unlock") if args.flag(name)), None):
        return wrong(args, out, Wrong(f"{without} goes with --fix", "add --fix and the id of a check, or safe"))
    from omtui.checks import formats

    strict = args.flag("--strict")
    style = args.text("--format", "json" if args.flag("--json") else "text")
    reports = []
    unreadable = False
    workspace = open_workspace(args)  # one for all: each profile is a neighbour of the others
    readings = [read(args, word) for word in several(args, out)]
    if args.texts("--tag"):
        known = [each.data for each in readings if isinstance(each, Reading)]
        if known and (nothing := unknown_tag(args.texts("--tag"), *known)) is not None:
            return wrong(args, out, nothing)
    for reading in readings:
        if isinstance(reading, Reading):
            reports.append(_report(args, out, workspace, reading))
        else:
            unreadable = True
            wrong(args, out, reading)
            if style != "text" or len(readings) > 1:
                reports.append(_unreadable_report(reading))
    if style == "text":
        words = formats.text(reports, width=out.width or 100, colour=out.colour).removesuffix("\n")
        out.lines(words.split("\n") if words else ())
    elif style == "junit":
        from omtui.documents.check_suite import check_suite
        from omtui.documents.junit import to_junit

        out.write(to_junit("omtui check", [check_suite(report, strict=strict) for report in reports]))
    else:
        out.write(formats.MACHINE_FORMATS[style](reports))
    return 2 if unreadable else int(failed(reports, strict=strict))


def explain(args: ParsedArguments, out: Output) -> int:
    """What a check means."""
    from omtui.checks import explaining

    found = explaining.explain(args.text("CHECK"))
    if isinstance(found, explaining.UnknownCheck):
        out.message(f"omtui explain: {found.message}")
        return 2
    if args.flag("--json"):
        page = {"title": found.page.title, "url": found.page.url}
        words = {name: getattr(found, name) for name in ("title", "meaning", "why")} | {"mend": found.fix}
        facts = [
            {"text": each.text, "title": each.source.title, "url": each.source.url, "certainty": each.certainty}
            | {"releases": each.releases}
            for each in found.facts
        ]
        out.json({"id": found.id, "level": found.level, "levels": found.levels, **words, "page": page, "facts": facts})
    else:
        out.write(explaining.explanation(found, min(out.width or 100, 100)))
    return 0


def _report(args: ParsedArguments, out: Output, workspace: Workspace, reading: Reading) -> Report:
    setup = reading.indexed
    around = surroundings_of(workspace, reading)
    if reading.path is not None and reading.file and (trouble := workspace.ticks(reading.path).trouble):
        out.message(f"omtui check: what was ticked is not known: {trouble}")
    if args.flag("--credentials"):
        around = replace(around, credential_names=_names_in_store(out, workspace, reading))
    found = results(setup, run(setup, around), around.today, reading.document.line)
    if tags := args.texts("--tag"):
        found = [result for result in found if tagged_at(setup.data, result.finding.path, tags)]
    return Report(reading.name, text(setup.single("pod"), "release") or None, found, reading.file, setup.environment)


def _names_in_store(out: Output, workspace: Workspace, reading: Reading) -> frozenset[str] | None:
    """Which credentials are set; `None`, after a message, where no store answers: the check then finds nothing."""
    from omtui.commands.secrets import looked_up, why_not
    from omtui.credentials.matrix import Presence

    facts, status = looked_up(workspace, reading, out)
    if any(each.presence is Presence.UNKNOWN for each in facts):
        problem = next((each.problem for each in facts if each.problem), why_not(status))
        out.message(f"{reading.name}: which credentials are set is not known: {problem}")
        return None
    return frozenset(each.name for each in facts if each.presence is Presence.SET)


def _unreadable_report(unread: NotReadable) -> Report:
    from omtui.setup import reading
    from omtui.store.files import read_file

    data = None
    if any(fault.path for fault in unread.faults) and isinstance(content := read_file(unread.path), bytes):
        parsed = reading.parse(content.decode("utf-8-sig"))
        data = parsed if isinstance(parsed, dict) else None
    name = plain(unread.path.name.removesuffix(".toml"))
    return Report(name, None, unreadable_results(unread.faults, data), plain(as_named(unread.path)))
