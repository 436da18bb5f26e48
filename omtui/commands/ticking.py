"""Commands on the walk-through of a profile: tick, refreshed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.places import find
from omtui.commands.profile_arguments import (
    STDIN,
    Reading,
    open_for_change,
    open_workspace,
    profile_names,
    read,
    refused,
    report_news,
    saved_or_refused,
    wrong,
)
from omtui.documents.progress import CLOSING_STEPS, counts, why_not
from omtui.documents.refresh import brought
from omtui.plain_text import plain
from omtui.problem import Done, Outcome, Problem, Wrong
from omtui.service import walking
from omtui.setup.catalogue import BY_STEP
from omtui.setup.indexed import Indexed, text

if TYPE_CHECKING:
    from collections.abc import Collection


def tick(args: ParsedArguments, out: Output) -> int:
    """Mark records or steps as entered in the pod. The profile's own file is not changed."""
    nowhere = Wrong("ticks are kept next to the file of a profile", "name the profile or its file")
    if args.text("PROFILE") == STDIN:
        return wrong(args, out, nowhere)
    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    if reading.path is None or not reading.file:
        return wrong(args, out, nowhere)
    back = args.flag("--take-back")
    if back and any(args.flag(each) for each in ("--skip", "--note", "--by")):
        return wrong(args, out, Wrong("--take-back takes the whole tick away", "leave the other options out"))
    ticks = open_workspace(args).ticks(reading.path)
    places = args.texts("STEP|PLACE")
    gone = _brought(args, reading)
    for place in places:
        is_known = (
            place in gone
            or place in BY_STEP
            or place in CLOSING_STEPS
            or (back and ticks.progress.of(place) is not None)
        )
        refusal = None if is_known else _why_not(reading, place)
        if refusal is not None:
            return wrong(args, out, refusal)
    outcome: Outcome
    if back:
        outcome = walking.take_back(ticks, reading.indexed, places)
    else:
        by = args.text("--by").strip() or walking.person()
        note, skip = args.text("--note"), args.flag("--skip")
        outcome = walking.tick(ticks, reading.indexed, places, by=by, note=note, skip=skip, gone=gone)
    if not isinstance(outcome, Done):
        return refused(args, out, outcome)
    whole = counts(reading.indexed, ticks.progress)[""]
    if args.flag("--json"):
        progress = {"done": whole.done, "changed": whole.changed, "total": whole.total}
        out.json({"profile": reading.name, "did": outcome.message, "places": places, "progress": progress})
    else:
        out.message(f"{plain(reading.name)}: {outcome}; {whole.short} in all" if whole.total else f"{outcome}")
    return 0


def _brought(args: ParsedArguments, reading: Reading) -> Collection[str]:
    """The places of what a refresh brought that the profile does not have."""
    pod = reading.indexed.single("pod")
    data = open_workspace(args).data(text(pod, "refreshed_from")) if text(pod, "refreshed_on") else None
    return brought(reading.indexed, Indexed(data)) if data is not None else ()


def _why_not(reading: Reading, place: str) -> Wrong | None:
    """Why a place cannot be ticked, with what was probably meant."""
    found = find(reading.data, place)
    if isinstance(found, Wrong):
        if place.isdecimal():
            return Wrong(f"there is no step {place}", f"steps are {', '.join((*BY_STEP, *CLOSING_STEPS))}")
        return found
    if found.sort == "records":
        return Wrong(f"{plain(place)} are all of them", "tick the step, or the records one by one")
    refusal = why_not(reading.indexed, place)
    return Wrong(refusal.message, refusal.fix) if refusal is not None else None


def refreshed(args: ParsedArguments, out: Output) -> int:
    """Note that another pod was copied over this one, and take the ticks of what was overwritten away."""
    for option, what in (("--from", "which pod was copied"), ("--on", "the day of the refresh")):
        if not args.text(option).strip():
            return wrong(args, out, Wrong(f"{what} is missing", f"name it with {option}"))
    on = walking.refresh_day(args.text("--on"))
    if isinstance(on, Wrong):
        return wrong(args, out, on)
    name = args.text("--from")
    session = open_for_change(args, out)
    if isinstance(session, int):
        return session
    source = _source(args, out, name) if name != session.name else None
    if odd := walking.why_odd(session, name):
        out.message(f"omtui refreshed: {odd}")
    again = session.value(("pod", "refreshed_on")) == on
    outcome = walking.note_refresh(session, name, on, args.text("--reason"))
    if not isinstance(outcome, Done):
        return refused(args, out, outcome)
    refresh = walking.Refresh(session.walk.ticks, session.indexed, source, on, again=again)
    planned = refresh.planned()
    if session.unsaved and (trouble := saved_or_refused(session, args.text("--reason"), planned)) is not None:
        return refused(args, out, trouble)
    report_news(args, out, session)
    outcome = refresh.carry_out()
    if not isinstance(outcome, Done):
        fix = f"the refresh is noted; type the command again to take ticks away ({outcome.fix})"
        return refused(args, out, Problem(outcome.message, fix))
    gone = list(refresh.gone)
    if args.flag("--json"):
        out.json({"profile": session.name, "refreshed_on": on, "refreshed_from": name, "unticked": gone})
    else:
        words = f"{len(gone)} ticks taken away" if len(gone) != 1 else "1 tick taken away"
        more = "omtui runbook --after-refresh lists what to enter again"
        out.message(f"{plain(session.name)}: refreshed from {plain(name)} on {on.isoformat()}; {words}; {more}")
    return 0


def _source(args: ParsedArguments, out: Output, name: str) -> Indexed | None:
    """The profile of the pod that was copied; without it only what belongs to one environment loses its ticks."""
    if name in profile_names(args) or "/" in name or name.endswith(".toml"):
        found = read(args, name)
        if isinstance(found, Reading):
            return found.indexed
    out.message(
        f"omtui refreshed: {plain(name)} is not at hand: what else differs from it is not known, only what belongs to "
        "one environment loses its tick"
    )
    return None
