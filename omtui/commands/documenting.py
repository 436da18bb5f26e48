"""Documents from a profile: runbook, handout."""

from __future__ import annotations

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.profile_arguments import Reading, file_of, profile_names, read, refused, unknown_tag, wrong
from omtui.documents.model import Format
from omtui.documents.sheet import POD_ENDINGS
from omtui.plain_text import few, plain
from omtui.problem import Wrong
from omtui.service import documenting
from omtui.service.comparing import State
from omtui.service.documenting import form_of, template_bytes
from omtui.service.pod_files import pod_state
from omtui.service.reviewing import put
from omtui.service.session import NotReadable
from omtui.setup.indexed import Indexed, text
from omtui.store.folders import state_folder
from omtui.typed_path import typed_path


def runbook(args: ParsedArguments, out: Output) -> int:
    """The walk-through as a document."""
    form = _form(args)
    if isinstance(form, Wrong):
        return wrong(args, out, form)
    if args.flag("--template"):
        return _template(args, out, form)
    if args.optional("PROFILE") is None:
        return wrong(args, out, Wrong("PROFILE is missing", "name a profile, or ask for --template"))
    refresh, since = args.flag("--after-refresh"), args.optional("--since")
    if refresh and since is not None:
        return wrong(args, out, Wrong("--since and --after-refresh are two different parts of it", "give one of them"))
    if form == "xlsx" and (refresh or since is not None or args.flag("--tag")):
        fix = "write the part as .md, .html or .csv"
        return wrong(args, out, Wrong("a workbook holds the whole set-up, so that it can be read again", fix))
    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    earlier = _since(args, since, reading) if since is not None else None
    if earlier is not None and not isinstance(earlier, Reading | State):
        return wrong(args, out, earlier)
    known = [each.data for each in (reading, earlier) if each is not None]
    if (nothing := unknown_tag(args.texts("--tag"), *known)) is not None:
        return wrong(args, out, nothing)
    if form == "xlsx":
        content, lost = documenting.workbook_bytes(reading.indexed)
        if lost:
            out.message(f"omtui runbook: sheets have no column for {few(lost, 3)}")
        return _hand_over(args, out, content)
    progress = documenting.progress_of(reading.path if reading.file else None)
    if isinstance(progress, Wrong):
        out.message(f"omtui runbook: {progress}; what was ticked is not shown")
        progress = None
    made = documenting.made_runbook(
        reading.indexed,
        progress=progress,
        since=Indexed(earlier.data) if earlier else None,
        since_name=plain(earlier.name) if earlier else "",
        tags=args.texts("--tag"),
        refresh=refresh,
        source=_refreshed_from(args, out, reading) if refresh else None,
    )
    return _hand_over(args, out, documenting.runbook_bytes(made, form))


def _since(args: ParsedArguments, since: str, reading: Reading) -> Reading | State | Wrong | NotReadable:
    """The earlier state that a runbook begins from, or what a file that was read out of the pod says."""
    if not since.lower().endswith(POD_ENDINGS):
        return read(args, since)
    return pod_state(reading.name, reading.data, typed_path(since), reading.path)


def _template(args: ParsedArguments, out: Output, form: Format) -> int:
    """The empty workbook."""
    if args.optional("PROFILE") is not None:
        return wrong(args, out, Wrong("an empty workbook is of no profile", "leave out the profile or --template"))
    if form != "xlsx":
        return wrong(args, out, Wrong("an empty workbook is an .xlsx file", "name one: -o set-up.xlsx"))
    return _hand_over(args, out, template_bytes())


def handout(args: ParsedArguments, out: Output) -> int:
    """What another team needs of a set-up."""
    form = _form(args)
    if isinstance(form, Wrong):
        return wrong(args, out, form)
    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    if (nothing := unknown_tag(args.texts("--tag"), reading.data)) is not None:
        return wrong(args, out, nothing)
    verdicts = documenting.verdicts_of(state_folder(args.environment), reading.path, reading.data)
    kind, tags = args.text("KIND"), args.texts("--tag")
    return _hand_over(args, out, documenting.handout_bytes(reading.indexed, kind, form, verdicts=verdicts, tags=tags))


def _form(args: ParsedArguments) -> Format | Wrong:
    """The format of the file; Markdown where none is named."""
    name = args.optional("--output")
    return "md" if name is None else form_of(name)


def _refreshed_from(args: ParsedArguments, out: Output, reading: Reading) -> Indexed | None:
    """The profile of the pod that was copied over this one, where it is at hand."""
    pod = reading.indexed.single("pod")
    name = text(pod, "refreshed_from")
    if not text(pod, "refreshed_on"):
        out.message("omtui runbook: no refresh is noted; these would be overwritten by one (omtui refreshed notes one)")
    if not name:
        return None
    source = read(args, name) if _is_at_hand(args, name) else None
    if isinstance(source, Reading):
        return source.indexed
    out.message(f"omtui runbook: {plain(name)} is not at hand: only what belongs to one environment is listed")
    return None


def _is_at_hand(args: ParsedArguments, name: str) -> bool:
    """Whether the library has a profile of this name. What a profile says is never followed as a path."""
    return name in profile_names(args) and file_of(args, name).parent == file_of(args, "x").parent


def _hand_over(args: ParsedArguments, out: Output, content: bytes) -> int:
    """Write a document to its file, or to standard output."""
    name = args.optional("--output")
    if name is None:
        out.write(content.decode("utf-8-sig"))
        return 0

    if (problem := put(typed_path(name), content)) is not None:
        return refused(args, out, problem)
    what = args.text("PROFILE", "the empty workbook")
    out.message(f"{what}: written to {name}")
    return 0
