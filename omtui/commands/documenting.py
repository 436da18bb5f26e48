"""Documents from a profile: runbook, handout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omtui.commands.arguments import Given
from omtui.commands.meant import unknown_tag
from omtui.commands.opening import Reading, file_of, read, refused, wrong
from omtui.commands.output import Output
from omtui.plain_text import few, plain
from omtui.service.outcomes import Refused, Wrong

if TYPE_CHECKING:
    from omtui.setup.indexed import Indexed


def runbook(given: Given, out: Output) -> int:
    """The walk-through as a document."""
    from omtui.service import documenting

    form = _form(given)
    if isinstance(form, Wrong):
        return wrong(given, out, form)
    refresh, since = given.flag("--after-refresh"), given.optional("--since")
    if refresh and since is not None:
        return wrong(given, out, Wrong("--since and --after-refresh are two different parts of it", "give one of them"))
    if form == "xlsx" and (refresh or since is not None or given.flag("--tag")):
        fix = "write the part as .md, .html or .csv"
        return wrong(given, out, Wrong("a workbook holds the whole set-up, so that it can be read again", fix))
    reading = read(given, given.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(given, out, reading)
    earlier = read(given, since) if since is not None else None
    if earlier is not None and not isinstance(earlier, Reading):
        return wrong(given, out, earlier)
    known = [each.data for each in (reading, earlier) if each is not None]
    if (nothing := unknown_tag(given.texts("--tag"), *known)) is not None:
        return wrong(given, out, nothing)
    if form == "xlsx":
        content, lost = documenting.workbook_bytes(reading.indexed)
        if lost:
            out.tell(f"omtui runbook: sheets have no column for {few(lost, 3)}")
        return _hand_over(given, out, content)
    progress = documenting.progress_of(reading.path if reading.file else None)
    if isinstance(progress, Wrong):
        out.tell(f"omtui runbook: {progress}; what was ticked is not shown")
        progress = None
    made = documenting.made_runbook(
        reading.indexed,
        progress=progress,
        since=earlier.indexed if earlier else None,
        since_name=plain(earlier.name) if earlier else "",
        tags=given.texts("--tag"),
        refresh=refresh,
        source=_refreshed_from(given, out, reading) if refresh else None,
    )
    return _hand_over(given, out, documenting.runbook_bytes(made, form))


def handout(given: Given, out: Output) -> int:
    """What another team needs of a set-up."""
    from omtui.service import documenting
    from omtui.store.folders import state_folder

    form = _form(given)
    if isinstance(form, Wrong):
        return wrong(given, out, form)
    reading = read(given, given.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(given, out, reading)
    if (nothing := unknown_tag(given.texts("--tag"), reading.data)) is not None:
        return wrong(given, out, nothing)
    verdicts = documenting.verdicts_of(state_folder(given.environment), reading.path, reading.data)
    kind, tags = given.text("KIND"), given.texts("--tag")
    return _hand_over(given, out, documenting.handout_bytes(reading.indexed, kind, form, verdicts=verdicts, tags=tags))


def _form(given: Given) -> str | Wrong:
    """The format of the file; Markdown where none is named."""
    from omtui.service.documenting import form_of

    name = given.optional("--output")
    return "md" if name is None else form_of(name)


def _refreshed_from(given: Given, out: Output, reading: Reading) -> Indexed | None:
    """The profile of the pod that was copied over this one, where it is at hand."""
    from omtui.setup.indexed import text

    pod = reading.indexed.single("pod")
    name = text(pod, "refreshed_from")
    if not text(pod, "refreshed_on"):
        out.tell("omtui runbook: no refresh is noted; these would be overwritten by one (omtui refreshed notes one)")
    if not name:
        return None
    source = read(given, name) if _is_at_hand(given, name) else None
    if isinstance(source, Reading):
        return source.indexed
    out.tell(f"omtui runbook: {plain(name)} is not at hand: only what belongs to one environment is listed")
    return None


def _is_at_hand(given: Given, name: str) -> bool:
    """Whether the library has a profile of this name. What a profile says is never followed as a path."""
    from omtui.commands.opening import profile_names

    return name in profile_names(given) and file_of(given, name).parent == file_of(given, "x").parent


def _hand_over(given: Given, out: Output, content: bytes) -> int:
    """Write a document to its file, or to standard output."""
    name = given.optional("--output")
    if name is None:
        out.write(content.decode("utf-8-sig"))
        return 0
    from omtui.service.reviewing import put

    if failure := put(Path(name).expanduser(), content):
        return refused(given, out, Refused(failure))
    out.tell(f"{given.text('PROFILE')}: written to {name}")
    return 0
