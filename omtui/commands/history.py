"""What was done to a profile: log; and going back to an earlier state of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.places import find
from omtui.commands.profile_arguments import (
    Reading,
    file_of,
    open_for_change,
    read,
    refused,
    wrong,
)
from omtui.commands.saving import save, say_done
from omtui.plain_text import plain
from omtui.problem import Done, Problem, Wrong

if TYPE_CHECKING:
    from omtui.service.editing import Plan
    from omtui.service.history import Event, History
    from omtui.service.session import Session
    from omtui.setup.place import Data


def log(args: ParsedArguments, out: Output) -> int:
    """Who changed what, when and why; of the whole profile, or of one record."""
    from omtui.service.history import history_of
    from omtui.store.files import read_file
    from omtui.store.folders import state_folder
    from omtui.store.journal import Journal

    path = file_of(args, args.text("PROFILE"))
    reading: Reading | None = None
    if not os.path.lexists(path) or args.optional("--place") is not None:
        looked_at = read(args, args.text("PROFILE"))
        if not isinstance(looked_at, Reading):
            return wrong(args, out, looked_at)
        reading = looked_at
    journal = Journal(state_folder(args.environment))
    profile = journal.of(path)
    content = read_file(path)
    found = history_of(profile, in_file=content if isinstance(content, bytes) else None)
    events = found.events
    if reading is not None and args.optional("--place") is not None:
        spot = find(reading.data, args.text("--place"))
        if isinstance(spot, Wrong):
            return wrong(args, out, spot)
        events = found.of(spot.path)
    if (ticket := args.optional("--ticket")) is not None:
        events = tuple(event for event in events if event.ticket == ticket)
        if not events:
            fix = "give it as it was given to promote --ticket"
            return wrong(args, out, Wrong(f"no entry has the ticket {plain(ticket)}", fix))
    if journal.trouble:
        out.message(f"omtui log: {journal.trouble}")
    name = path.name.removesuffix(".toml")
    if args.flag("--json"):
        out.json(_document(name, found, events))
    else:
        _print(name, events, out, whole=args.optional("--place") is not None, is_known=not journal.trouble)
        if found.broken_words:
            out.message(f"omtui log: {found.broken_words}")
    return 0 if found.broken_at is None else 1


def _document(name: str, found: History, events: tuple[Event, ...]) -> dict[str, object]:
    from omtui.store.change import to_json

    entries: list[dict[str, object]] = []
    elsewhere: list[dict[str, object]] = []
    for event in reversed(events):
        changes = [to_json(each) for each in event.operations]
        entry: dict[str, object] = {
            "number": event.number or None,
            "at": event.at or None,
            "who": event.who,
            "host": event.host,
            "action": event.action,
            "label": event.label,
            "reason": event.reason.removeprefix(f"[{event.ticket}]").lstrip() if event.ticket else event.reason,
            "ticket": event.ticket,
            "changes": changes,
            "file_hash": event.state,
            "hash": event.hash,
        }
        (entries if event.number else elsewhere).append(entry)
    states = [{"at": each.at, "who": each.who, "file_hash": each.hash} for each in found.states]
    return {"profile": name, "entries": entries, "found": elsewhere, "states": states, "broken_at": found.broken_at}


def _print(name: str, events: tuple[Event, ...], out: Output, *, whole: bool, is_known: bool) -> None:
    """The log as a table; `whole` with what was changed to what."""
    from omtui.commands.columns import table
    from omtui.service.history import step_words, when

    rows = []
    for event in reversed(events):
        if not event.number and not event.operations:
            continue  # the state in which omtui found the profile
        steps = [step_words(*each) for each in event.steps] if whole else []
        # Where one value was set, from what to what says it all.
        did = steps[0] if len(steps) == 1 and event.label.startswith("Set ") else "; ".join([event.words, *steps])
        cells = (event.number or "", when(event.at) or "?", event.who, did, event.reason)
        rows.append([plain(cell) for cell in cells])
    if not rows:
        if is_known:
            out.message(f"{name}: nothing was changed with omtui on this machine")
        return
    lines = table(("No", "When", "Who", "What", "Why"), rows, out.width)
    out.lines([out.bold(lines[0]), *lines[1:]])


def _plan(args: ParsedArguments, session: Session, earlier: Data, returns_to: str) -> Plan | Wrong | None:
    """The plan that restores the earlier state, or one place of it; also a record that is gone now."""
    from omtui.compare.difference import difference
    from omtui.service.history import bring_back, take_back

    words = f"the state of {plain(args.text('--to'))}"
    place = args.optional("--place")
    if place is None:
        return bring_back(session, earlier, words, returns_to=returns_to)
    spot = find(session.data, place)
    if not isinstance(spot, Wrong):
        return bring_back(session, earlier, words, spot.path, returns_to=returns_to)
    there = find(earlier, place)
    if isinstance(there, Wrong):
        return spot
    changes = difference(earlier, session.data, whole=True).changes
    gone = next((each for each in changes if each.op == "remove" and each.first_path == there.path), None)
    return take_back(session, earlier, words, gone, returns_to=returns_to) if gone is not None else spot


def go_back(args: ParsedArguments, out: Output) -> int:
    """Make a profile, or one place of it, mean again what an earlier state said: one change that can be undone."""
    from omtui.service.states import state_of
    from omtui.store.document import Document
    from omtui.store.files import content_hash

    session = open_for_change(args, out)
    if isinstance(session, int):
        return session
    state = args.text("--to")
    if not state:
        return wrong(args, out, Wrong("which state is missing", "give --to a time, promoted, or a Git revision"))
    content = state_of(session.path, state)
    if isinstance(content, Problem):
        return wrong(args, out, Wrong(f"{plain(session.name)}@{plain(state)}: {content.message}", content.fix))
    earlier = Document.from_bytes(content)
    if isinstance(earlier, list):
        words = f"{plain(session.name)}@{plain(state)} cannot be read: {earlier[0].message}"
        return wrong(args, out, Wrong(words, earlier[0].fix))
    plan = _plan(args, session, earlier.data, content_hash(content))
    if isinstance(plan, Wrong):
        return wrong(args, out, plan)
    if plan is None:
        message = f"nothing differs from the state of {plain(state)}"
        return say_done(args, out, session, message, args.text("--place"), changed=False)
    outcome = session.edit(plan, args.text("--reason"))
    if not isinstance(outcome, Done):
        return refused(args, out, outcome)
    return save(args, out, session, outcome.message, args.text("--place"))
