"""`omtui check PROFILE --fix`: carries out the fixes of checks, as one change."""

import re

from omtui.checks.explaining import UnknownCheck
from omtui.checks.explaining import explain as check_of
from omtui.checks.finding import Finding
from omtui.checks.running import results, run
from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.profile_arguments import (
    Reading,
    open_for_change,
    open_workspace,
    read,
    refused,
    report_news,
    saved_or_refused,
    surroundings_of,
    unknown_tag,
    wrong,
)
from omtui.plain_text import few
from omtui.problem import Problem, Wrong
from omtui.service.fixing import fix_all
from omtui.service.session import Session
from omtui.setup.indexed import Indexed, tagged_at

SAFE = "safe"
_ID = re.compile(r"[A-Za-z]\d{0,2}-\d{1,2}")


def fix(args: ParsedArguments, out: Output) -> int:
    """Carry out the fixes of some checks, or all that only add what is missing."""
    words = [word for text in args.texts("--fix") for word in text.replace(",", " ").split()]
    first, *more = args.texts("PROFILE")
    names = [first, *(word for word in more if word != SAFE and not _ID.fullmatch(word))]
    words += [word for word in more if word not in names]
    if len(names) > 1 or not words:
        return wrong(args, out, Wrong("--fix takes one profile, and IDs or safe", "name one profile, and one check"))
    args.words["PROFILE"] = names
    ids = set()
    for word in words:
        known = check_of(word) if word != SAFE else None
        if isinstance(known, UnknownCheck):
            return wrong(args, out, Wrong(known.message, "omtui check lists the findings with their ids"))
        ids.add(known.id if known else SAFE)
    if args.flag("--dry-run"):
        reading = read(args, names[0])
        if not isinstance(reading, Reading):
            return wrong(args, out, reading)
        target: Reading | Session = reading
        context = surroundings_of(open_workspace(args), reading)
    else:
        session = open_for_change(args, out)
        if isinstance(session, int):
            return session
        target, context = session, session.surroundings()
    setup, tags = target.indexed, args.texts("--tag")
    if nothing := unknown_tag(tags, target.data):
        return wrong(args, out, nothing)

    def is_meant(finding: Finding, now: Indexed = setup) -> bool:
        is_tagged = not tags or tagged_at(now.data, finding.path, tags)
        return is_tagged and (finding.check in ids or (SAFE in ids and finding.is_safe))

    found = run(setup, context)
    counted = [each.finding for each in results(setup, found, context.today) if not each.waived]
    if missing := sorted(ids - {SAFE} - {each.check for each in counted if is_meant(each)}):
        return wrong(
            args, out, Wrong(f"{few(missing)} finds nothing in {target.name}", "omtui check lists the findings")
        )
    accepted = {(each.check, each.path) for each in found} - {(each.check, each.path) for each in counted}
    fixes = fix_all(setup, context, lambda each: is_meant(each) and (each.check, each.path) not in accepted)
    for line in fixes.left:
        out.message(f"omtui check: {line}")
    is_changed = bool(fixes.done) and not args.flag("--dry-run")
    if is_changed and not isinstance(target, Reading):
        for outcome in (
            target.edit(fixes.plan, args.text("--reason")),
            saved_or_refused(target, args.text("--reason")),
        ):
            if isinstance(outcome, Problem):
                return refused(args, out, outcome)
        report_news(args, out, target)
    if args.flag("--json"):
        out.json({"profile": target.name, "did": fixes.done, "left": fixes.left, "changed": is_changed})
    else:
        would = "would fix" if args.flag("--dry-run") else "fixed"
        out.lines(f"{target.name}: {would} {each}" for each in fixes.done)
        if not fixes.done and not fixes.left:
            out.line(f"{target.name}: nothing to fix")
    return 3 if fixes.left and not fixes.done else 0
