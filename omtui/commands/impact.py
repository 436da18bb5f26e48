"""The command impact: what an update of the pod changes for a set-up."""

from omtui.checks.impact import KINDS, Impact, UpdateImpact, documents
from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.profile_arguments import (
    Reading,
    open_workspace,
    read,
    several,
    surroundings_of,
    write_output,
    wrong,
)
from omtui.documents.impact_document import WHEN_WORDS, heading, impact_document, level_words, summary
from omtui.documents.model import Format
from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.service.impact import update_impact


def impact(args: ParsedArguments, out: Output) -> int:
    """What an update changes, for people, as JSON, or as a document."""
    output = args.optional("--output")
    form = _form(output) if output is not None else "md"
    if isinstance(form, Wrong):
        return wrong(args, out, form)
    workspace = open_workspace(args)
    found: list[UpdateImpact] = []
    for reading in [read(args, word) for word in several(args, out)]:
        if not isinstance(reading, Reading):
            return wrong(args, out, reading)
        around = surroundings_of(workspace, reading)
        made = update_impact(reading.name, reading.indexed, around, args.optional("--from"), args.optional("--to"))
        if isinstance(made, Wrong):
            return wrong(args, out, made)
        found.append(made)
        if made.note:
            out.message(f"omtui impact: {plain(made.profile)}: {made.note}")
    if output is not None:
        from omtui.documents.render import render

        if code := write_output(args, out, render(impact_document(found), form)):
            return code
    if args.flag("--json"):
        shown = list(documents(tuple(found)))
        total = {kind: sum(each.counts[kind] for each in found) for kind in KINDS}
        out.json(shown[0] if len(shown) == 1 else {"profiles": shown, "counts": total})
    elif output is None:
        for number, each in enumerate(found):
            out.lines([""] if number else [])
            _show(each, out)
    return int(any(each.matters for each in found))


def _form(name: str) -> Format | Wrong:
    from omtui.service.documenting import form_of

    form = form_of(name)
    if isinstance(form, Wrong) or form in ("md", "html"):
        return form
    return Wrong(f"{plain(name)}: an impact is written as Markdown or HTML", "end the name in .md or .html")


def _show(each: UpdateImpact, out: Output) -> None:
    out.line(out.bold(f"{plain(heading(each))}: {summary(each)}"))
    for change in each.changes:
        out.lines(_lines(change, out))


def _lines(change: Impact, out: Output) -> list[str]:
    import textwrap

    when = f", {WHEN_WORDS[change.when]}" if change.matters else ""
    lines = [f"  {change.release}  {change.check}  {plain(change.where) or 'the profile'}: {level_words(change)}{when}"]
    for words in (change.message, f"fix: {change.fix}", f"Oracle: {change.source}"):
        indent = " " * 7
        lines += textwrap.wrap(
            plain(words),
            out.width or 100,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return lines
