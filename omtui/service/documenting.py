"""Documents for people: the runbook and the hand-outs for other teams, as the bytes of a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar, overload

from omtui.documents.model import FORMATS, Format
from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.service.ticks import Ticks

if TYPE_CHECKING:
    from omtui.documents.handout import Kind
    from omtui.documents.progress import Progress
    from omtui.documents.walk import Runbook
    from omtui.setup.indexed import Indexed
    from omtui.setup.place import Data

KINDS: Final = ("access", "network", "certificates", "credentials")


_Form = TypeVar("_Form", bound=str)


@overload
def form_of(name: str) -> Format | Wrong: ...
@overload
def form_of(name: str, formats: Sequence[_Form]) -> _Form | Wrong: ...
def form_of(name: str, formats: Sequence[str] = FORMATS) -> str | Wrong:
    """The format that the ending of a file's name asks for."""
    ending = Path(name).suffix.lower().removeprefix(".")
    wrong = Wrong(
        f"{plain(name) or 'an empty name'}: there is no such format", f"end the name in .{', .'.join(formats)}"
    )
    return next((each for each in formats if each in (ending, f"{ending}l")), wrong)


def progress_of(path: Path | None) -> Progress | Wrong | None:
    """The ticks of a profile's file; `None` where nothing is kept."""
    if path is None:
        return None
    ticks = Ticks(path)
    if ticks.trouble:
        return Wrong(ticks.trouble)
    return ticks.progress if ticks.mark is not None else None


def made_runbook(
    setup: Indexed,
    *,
    progress: Progress | None = None,
    since: Indexed | None = None,
    since_name: str = "",
    tags: Collection[str] = (),
    refresh: bool = False,
    source: Indexed | None = None,
) -> Runbook:
    """The walk-through: whole, of a difference, of tags, or of what a refresh overwrote.

    `source` is the profile of the pod that the refresh copied, where it is known.
    """
    if refresh:
        from omtui.documents.refresh import refresh_runbook

        return refresh_runbook(setup, progress, source, date.today(), tags)
    from omtui.documents.walk import runbook

    return runbook(setup, progress=progress, since=since, since_name=since_name, tags=tags, today=date.today())


def runbook_bytes(made: Runbook, form: Format) -> bytes:
    """A walk-through as a file: Markdown, HTML, or CSV for spreadsheets."""
    from omtui.documents.render import render
    from omtui.documents.runbook_document import runbook_document, runbook_table

    return render(runbook_table(made) if form == "csv" else runbook_document(made), form)


def workbook_bytes(setup: Indexed) -> tuple[bytes, list[str]]:
    """The set-up as a workbook that `omtui import` reads again, and the places for which sheets have no column."""
    from omtui.documents.setup_workbook import Cover, setup_workbook
    from omtui.documents.sheets import lost_in_sheets, to_sheets
    from omtui.setup.indexed import text

    profile, pod = setup.single("profile"), setup.single("pod")
    facts = {
        "Environment": text(profile, "environment"),
        "Pod": text(pod, "url"),
        "Release": text(pod, "release"),
        "Made on": date.today().isoformat(),
    }
    cover = Cover(text(profile, "title") or setup.name, tuple(facts.items()))
    return setup_workbook(to_sheets(setup), cover), lost_in_sheets(setup)


def template_bytes() -> bytes:
    """The empty workbook for people who collect a set-up in a spreadsheet."""
    from omtui.documents.setup_workbook import Cover, setup_workbook
    from omtui.documents.sheets import to_sheets
    from omtui.setup.indexed import Indexed

    facts = {"Customer": "", "Environment": "", "Pod": "", "Filled in by": ""}
    cover = Cover("Integrations of Order Management: the set-up", tuple(facts.items()))
    return setup_workbook(to_sheets(Indexed({})), cover, room=20)


def handout_bytes(
    setup: Indexed,
    kind: str,
    form: Format,
    *,
    verdicts: Mapping[str, str] | None = None,
    tags: Collection[str] = (),
) -> bytes:
    """One hand-out as a file."""
    from omtui.documents.handout import KINDS, handout
    from omtui.documents.render import render

    chosen: Kind = next(each for each in KINDS if each == kind)
    document = handout(setup, chosen, today=date.today(), verdicts=verdicts, tags=tuple(tags))
    return render(document, form)


def verdicts_of(state: Path, path: Path | None, data: Data) -> Mapping[str, str]:
    """What the last topology review of a profile found, by the place of each record that leans on an endpoint."""
    if path is None:
        return {}
    from omtui.service.reviewing import reviewed_endpoints

    found: dict[str, dict[str, str]] = {}
    for place, last in reviewed_endpoints(state, path, data):
        verdict = f"{last.outcome} on {_day(last.at)}"
        if last.certificate_ends is not None:
            verdict += f", certificate until {_day(last.certificate_ends)}"
        found.setdefault(place, {})[last.name] = verdict
    return {
        place: "\n".join(f"{name}: {verdict}" if len(its) > 1 else verdict for name, verdict in its.items())
        for place, its in found.items()
    }


def _day(seconds: float) -> str:
    """A moment in seconds since 1970 as the day here; empty where no calendar has it: a server may claim anything."""
    try:
        return datetime.fromtimestamp(seconds).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""
