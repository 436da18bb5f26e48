"""The history of a profile and of each of its records: who changed what, when and why; and bringing a state back.

The log knows each change that was made with omtui. What another program wrote is found when the file is saved next, or
looked at: its changes are shown without a name. A record is followed back through all of them, also through a rename.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from omtui.plain_text import plain
from omtui.service.editing import Plan, rename_field
from omtui.setup.place import Data, Path, Places, table_at
from omtui.store.change import (
    MISSING,
    Insert,
    Move,
    Operation,
    Remove,
    Set,
    apply,
    copied,
    fits,
    from_json,
    inverse,
    same,
)
from omtui.store.document import Document
from omtui.store.files import content_hash

if TYPE_CHECKING:
    from omtui.compare.change import Change
    from omtui.service.session import Session
    from omtui.store.changelog import LogEntry
    from omtui.store.journal import ProfileJournal
    from omtui.store.past import Saved

BACK = "back"
"""The action of an event that went back to an earlier state, of the profile or of one place."""

FOUND = "found"
"""The action of an event that is the work of another program."""

UNSAVED = "unsaved"
"""The action of what the open profile holds and its file does not."""


_TICKET = re.compile(r"\[([^\[\]]+)\](?: |$)")


def with_ticket(ticket: str, reason: str) -> str:
    """A reason that names its change ticket first, in brackets."""
    return f"[{ticket}] {reason}".rstrip() if ticket else reason


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done with a profile. `at` is UTC in ISO 8601, empty for what is not saved yet.

    `state` is the hash of the file that it led to; empty where that is not kept. `operations` lead there from the
    state before.
    """

    at: str
    who: str
    action: str
    label: str
    reason: str = ""
    operations: tuple[Operation, ...] = ()
    state: str = ""
    number: int = 0
    host: str = ""
    hash: str = ""
    """The hash of the log's entry, which covers the one before it."""
    places: tuple[str, ...] = ()
    """For each operation the place where it was done, as the file named it then."""

    @property
    def steps(self) -> list[tuple[Operation, str]]:
        """Each operation with its place; empty where that is not known."""
        return [(each, self.places[at] if self.places else "") for at, each in enumerate(self.operations)]

    @property
    def ticket(self) -> str:
        """The change ticket that the reason names; empty for none."""
        match = _TICKET.match(self.reason)
        return match[1] if match else ""

    @property
    def words(self) -> str:
        """What was done, in one line."""
        return self.label if self.action in ("edit", BACK, FOUND, UNSAVED) else f"{self.action}: {self.label}"


@dataclass(frozen=True, slots=True)
class History:
    """All that is known to have been done with a profile, the newest first."""

    events: tuple[Event, ...]
    states: tuple[Saved, ...] = ()
    broken_at: int | None = None
    """The number of the first entry of the log that was changed, or before which one is missing."""
    look: Callable[[str], Document | None] = lambda _digest: None
    """The state with a hash, as far as it is kept."""

    @property
    def broken_words(self) -> str:
        """What a broken chain means; empty while it is whole."""
        if self.broken_at is None:
            return ""
        return f"entry {self.broken_at} or one before it was changed or taken out; what follows may be true"

    def of(self, path: Path) -> tuple[Event, ...]:
        """The events that touched the record or field that is at a path now, the newest first."""
        found = []
        here: Path | None = path
        for event in self.events:
            touching: list[tuple[Operation, str]] = []
            for operation, place in reversed(event.steps):
                if here is None:
                    break
                if _touches(operation, here):
                    touching.append((operation, place))
                here = _before(operation, here)
            if touching:
                operations, places = zip(*reversed(touching), strict=True)
                found.append(replace(event, operations=operations, places=places))
        return tuple(found)


def history_of(journal: ProfileJournal, now: Data | None = None, *, in_file: bytes | None = None) -> History:
    """The history of a profile. `in_file` is what its file holds, `now` what the open profile does."""
    states = journal.states()
    contents: dict[str, Document] = {}

    def document_of(digest: str) -> Document | None:
        if digest not in contents:
            content = journal.content(digest)
            read = Document.from_bytes(content) if content is not None else []
            if isinstance(read, list):
                return None
            contents[digest] = read
        return contents[digest]

    events: list[Event] = []
    entries = journal.entries()
    position = 0
    before = ""
    for saved in reversed(states):
        if not saved.who:
            events.append(_found(saved, document_of(before) if before else None, document_of(saved.hash)))
        else:
            while position < len(entries) and entries[position].at < saved.at:
                events.append(_of_entry(entries[position]))
                position += 1
            while position < len(entries) and entries[position].file_hash == saved.hash:
                events.append(_of_entry(entries[position]))
                position += 1
        before = saved.hash
    events += [_of_entry(entry) for entry in entries[position:]]
    last = document_of(before) if before else None
    read = Document.from_bytes(in_file) if in_file is not None else []
    if isinstance(read, Document):
        if last is not None and in_file is not None and content_hash(in_file) != before:
            steps = _between(last.data, read.data)
            events.append(Event("", "", FOUND, "changed by another program since", operations=steps))
        last = read
    if now is not None and last is not None and (unsaved := _between(last.data, now)):
        events.append(Event("", "", UNSAVED, "not saved yet", operations=unsaved))
    newest = now if now is not None else last.data if last is not None else {}
    return History(tuple(_named(reversed(events), newest)), tuple(states), journal.verify_chain(), document_of)


def _named(events: Iterable[Event], newest: Data) -> Iterator[Event]:
    """Events, the newest first, with the places of their operations: every state is gone back to for its names.

    Where the way back is broken (a state that nobody saw lies between), records are counted from 1 in what is older.
    """
    data = copied(newest)
    assert isinstance(data, dict)
    whole = True
    names = Places(data)
    for event in events:
        places = []
        for operation in reversed(event.operations):
            path = _path_of(operation)
            back = inverse(operation)
            whole = whole and fits(data, back)
            is_gone = isinstance(operation, Remove)
            if isinstance(operation, Set) and isinstance(path[-1], int):
                path = path[:-1]  # an element of a plain list is known by its field
            place = str(names.of(path)) if whole and not is_gone else _counted(path)
            if whole:
                apply(data, back)
                if not isinstance(operation, Set) or _is_key(operation):
                    names = Places(data)
                if is_gone:
                    place = str(names.of(path))
            places.append(place)
        yield replace(event, places=tuple(reversed(places)))


def _path_of(operation: Operation) -> Path:
    """Where an operation left something, or took it from."""
    match operation:
        case Set(path, _, _):
            return path
        case Move(path, _, end):
            return (*path, end)
        case Insert(path, index, _) | Remove(path, index, _):
            return (*path, index)


def _is_key(operation: Set) -> bool:
    table = table_at(operation.path[:-1])
    return table is None or table.key == operation.path[-1]


def _counted(path: Path) -> str:
    words = ""
    for part in path:
        words += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if words else part
    return words


def _of_entry(entry: LogEntry) -> Event:
    operations = [read for each in entry.changes if (read := from_json(dict(each))) is not None]
    if entry.action == "undo":
        operations = [inverse(each) for each in reversed(operations)]
    return Event(
        entry.at,
        entry.who,
        entry.action,
        entry.label,
        entry.reason,
        tuple(operations),
        entry.file_hash,
        entry.number,
        entry.host,
        entry.hash,
    )


def _found(saved: Saved, before: Document | None, after: Document | None) -> Event:
    label = "as it was found" if before is None else "changed by another program"
    steps = _between(before.data, after.data) if before and after else ()
    return Event(saved.at, "", FOUND, label, operations=steps, state=saved.hash)


def _between(first: Data, second: Data) -> tuple[Operation, ...]:
    from omtui.compare.operations import operations

    return tuple(operations(first, second)) if not same(first, second) else ()


# Following a record back


def _touches(operation: Operation, here: Path) -> bool:
    """Whether an operation changed what is at a path after it."""
    match operation:
        case Set(path, _, _):
            return _meets(path, here)
        case Insert(path, index, _):
            return _is_inside(path, here) or _meets((*path, index), here)
        case Remove(path, _, _) | Move(path, _, _):
            return _is_inside(path, here)


def _is_inside(path: Path, here: Path) -> bool:
    return path[: len(here)] == here


def _meets(path: Path, here: Path) -> bool:
    return _is_inside(path, here) or here[: len(path)] == path


def _before(operation: Operation, here: Path) -> Path | None:
    """Where what is at a path after an operation was before it; `None` where it was not there yet."""
    if isinstance(operation, Set):
        is_new = here[: len(operation.path)] == operation.path and len(operation.path) < len(here)
        return None if is_new and not isinstance(operation.old, (dict, list)) else here
    path = operation.path
    at = len(path)
    index = here[at] if len(here) > at and here[:at] == path else None
    if not isinstance(index, int):
        return here
    match operation:
        case Insert(_, number, _):
            if index == number:
                return None
            index -= index > number
        case Remove(_, number, _):
            index += index >= number
        case Move(_, start, end):
            if index == end:
                index = start
            else:
                index -= index > end
                index += index >= start
    return (*path, index, *here[at + 1 :])


# Bringing back


def bring_back(
    session: Session, earlier: Data, words: str, path: Path | None = None, *, returns_to: str
) -> Plan | None:
    """What makes a profile mean again what an earlier state of it said, or only what is at a `path` of it now.

    `words` name the state, `returns_to` is its hash. A name that is brought back takes along what refers to it. `None`
    when nothing differs.
    """
    from omtui.compare.matching import Matching
    from omtui.compare.operations import operations

    if path is None:
        steps = operations(session.data, earlier)
        return Plan(f"Back to {words}", tuple(steps), (), returns_to=returns_to) if steps else None
    label = f"{session.indexed.place(path)}: back to {words}"
    if isinstance(path[-1], int) and Matching(earlier, session.data).first_path(path) is None:
        return Plan(label, (Remove(path[:-1], path[-1], session.value(path)),), path[:-1], returns_to=returns_to)
    inside = [each for each in operations(session.data, earlier) if _is_inside(each.path, path)]
    steps = list(_with_renames(session, inside))
    return Plan(label, tuple(steps), path, returns_to=returns_to) if steps else None


def take_back(session: Session, earlier: Data, words: str, change: Change, *, returns_to: str) -> Plan | None:
    """What takes back one change of those that lead from an earlier state of a profile to what it says now.

    `words` name the state, `returns_to` is its hash. `None` when it says so already.
    """
    here = change.second_path
    label = f"{change.where}: back to {words}"
    if change.op == "rename" and here is not None:
        plan = rename_field(session.indexed, here, change.field, change.old)
        return Plan(label, plan.operations, here, returns_to=returns_to) if plan.operations else None
    if change.op == "remove" and change.first_path is not None:
        return Plan(label, (_insertion(session, earlier, change, change.first_path),), (), returns_to=returns_to)
    if here is None:
        return None
    now = session.value(here)
    if isinstance(here[-1], int) and change.op == "add":
        return Plan(label, (Remove(here[:-1], here[-1], now),), here[:-1], returns_to=returns_to)
    before = MISSING if change.old is None else change.old
    return Plan(label, (Set(here, now, before),), here, returns_to=returns_to) if not same(now, before) else None


def _insertion(session: Session, earlier: Data, change: Change, there: Path) -> Operation:
    """What puts a record or table back that is gone: behind the one that it was behind, as far as that is there."""
    from omtui.compare.operations import operations

    holder = change.holder if change.holder is not None else there[:-2]
    if not isinstance(there[-1], int):
        return Set(there, MISSING, change.old)
    # A part of a group of conditions names the group itself as what held it.
    rows = holder if holder and holder[-1] == there[-2] else (*holder, there[-2])
    records = session.value(rows)
    index = len(records) if isinstance(records, list) else 0
    coming = [each for each in operations(session.data, earlier) if isinstance(each, Insert) and each.path == rows]
    for number, each in enumerate(coming):
        if same(each.record, change.old):
            index = min(index, each.index - number)
            break
    return Insert(rows, index, change.old)


def _with_renames(session: Session, steps: Sequence[Operation]) -> Iterator[Operation]:
    for step in steps:
        table = table_at(step.path[:-1]) if isinstance(step, Set) else None
        if isinstance(step, Set) and table is not None and table.key == step.path[-1] and isinstance(step.new, str):
            yield from rename_field(session.indexed, step.path[:-1], table.key, step.new).operations
        else:
            yield step


def step_words(operation: Operation, place: str, *, arrow: str = "→") -> str:
    """What an operation did at its place, in one line: from which value to which."""
    match operation:
        case Set(_, old, new):
            return plain(f"{place}: {_value(old)} {arrow} {_value(new)}")
        case Insert(_, _, record):
            return plain(f"+ {place}: {_value(record)}")
        case Remove(_, _, record):
            return plain(f"- {place}: {_value(record)}")
        case Move(_, start, end):
            return plain(f"{place.rpartition('[')[0] or place}: {start + 1} {arrow} {end + 1}")


def _value(value: object) -> str:
    from omtui.setup.values import shown
    from omtui.setup.wording import condition_words, records_words

    if value is MISSING:
        return "(not set)"
    if isinstance(value, dict):
        is_condition = value.keys() <= {"all", "any", "not"} or "operator" in value
        if is_condition:
            return condition_words(value)
        return ", ".join(f"{name} = {_value(item)}" for name, item in value.items())
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return records_words(value)
    return shown(value)


def when(at: str) -> str:
    """A time of the journal in the time of this machine, to the second; empty where it is not known."""
    from datetime import datetime

    try:
        return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M:%S}" if at else ""
    except (ValueError, OverflowError):
        return plain(at)
