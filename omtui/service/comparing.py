"""Comparing from both fronts: two profiles, a profile and its earlier state, and three states merged into one."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath

from omtui.compare.blockers import of_difference
from omtui.compare.difference import Difference, difference, limited
from omtui.compare.matching import NO_RENAMES, Matching, Renames
from omtui.compare.operations import operations
from omtui.compare.plan_finding import PlanFinding
from omtui.compare.three_way import Conflict, Decision, Merged, merge
from omtui.plain_text import plain
from omtui.problem import Done, Problem
from omtui.service.editing import Plan
from omtui.service.merging_comments import with_comments
from omtui.service.session import Session
from omtui.setup.place import Data, Path, Place, key_text, parse, resolve, table_at
from omtui.setup.values import toml
from omtui.store.change import Insert, Operation, same, value_at
from omtui.store.document import Document
from omtui.store.files import read_file

# Two states


@dataclass(frozen=True, slots=True)
class State:
    """One state of a profile: what it is called, and what it says.

    `path` is its file, if it came from one; `hash` is that of its text.
    """

    name: str
    data: Data
    path: FilePath | None = None
    hash: str = ""
    of_pod: bool = False
    """Whether a file that was read out of the pod says so."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs between two states, and what is to be known before one is carried over to the other."""

    first: State
    second: State
    difference: Difference
    concerns: tuple[PlanFinding, ...] = ()


def compared(first: State, second: State, *, steps: Collection[str] = (), tags: Collection[str] = ()) -> Compared:
    """Compare two states. Two of one profile have no concerns: nothing is carried from one pod to another."""
    found = difference(first.data, second.data, first.name, second.name)
    if steps or tags:
        found = limited(found, first.data, second.data, steps=steps, tags=tags)
    concerns = () if is_one_profile(first, second) else tuple(of_difference(found, first.data, second.data))
    return Compared(first, second, found, concerns)


def is_one_profile(first: State, second: State) -> bool:
    """Whether both are states of one profile."""
    if first.path is None or second.path is None:
        return False
    return first.path.absolute() == second.path.absolute()


def only_at(found: Compared, path: Path) -> Compared:
    """Only what differs at a path of the second state or inside it, and no concerns."""
    changes = tuple(
        each
        for each in found.difference.changes
        if (each.second_path or each.holder or ())[: len(path)] == path and (each.second_path or each.holder)
    )
    return replace(found, difference=replace(found.difference, changes=changes), concerns=())


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another program did to the file of an open profile, and the places that both changed in different ways."""

    difference: Difference
    both: tuple[str, ...]


def changed_elsewhere(session: Session) -> Elsewhere | None:
    """How the file differs from the one that was read; `None` when it cannot be read."""
    content = read_file(session.path)
    base = Document.from_bytes(session.base)
    there = Document.from_bytes(content) if isinstance(content, bytes) else []
    if isinstance(base, list) or isinstance(there, list):
        return None
    conflicts = merge(base.data, session.data, there.data).conflicts
    found = difference(base.data, there.data, whole=True)
    return Elsewhere(found, tuple(plain(each.where) for each in conflicts))


def report(found: Compared, ending: str) -> str:
    """The difference as a file: `.json`, `.md`, else text."""
    from omtui.compare import difference_report

    if ending == ".json":
        document = difference_report.to_json(found.difference, found.concerns)
        return f"{json.dumps(document, indent=2)}\n"
    if ending == ".md":
        return markdown(found)
    return difference_report.text(found.difference, found.concerns)


def markdown(found: Compared) -> str:
    """The difference for a ticket or a merge request."""
    from omtui.documents.difference_document import difference_document
    from omtui.documents.markdown import to_markdown

    return to_markdown(difference_document(found.difference, found.concerns))


# Three states


@dataclass(frozen=True, slots=True)
class MergedText:
    """What came out of a merge, and the file that says so."""

    merged: Merged
    content: bytes

    @property
    def open(self) -> tuple[Conflict, ...]:
        """The conflicts that nobody has decided."""
        return self.merged.open


def merge_documents(
    base: Document | None,
    ours: Document,
    theirs: Document,
    decisions: Mapping[str, Decision] | None = None,
) -> MergedText | Problem:
    """Merge three states of a profile; without a base everything is new on both sides.

    Where the merge by lines says the same as the merge by keys, it is taken. Else the text of ours is changed where it
    must; comments of both sides stay either way. Each open conflict is a comment above what is there
    now, so that the file can always be read. `ours` is changed, and with it what the merged data share with it.
    """
    merged = merge(base.data if base else {}, ours.data, theirs.data, decisions)
    by_lines = _by_lines(base, ours, theirs, merged) if not merged.conflicts else None
    if by_lines is not None:
        return MergedText(merged, by_lines)
    renamed = _renamed(base, ours)
    _perform(ours, merged.operations, theirs)
    if isinstance(unwritable := ours.to_bytes(), Problem):
        return unwritable
    whole = with_comments(base, ours, theirs, renamed)
    content = whole.to_bytes()
    if isinstance(content, Problem):
        return content
    if merged.open:
        content = _marked(whole, merged.open)
    return MergedText(merged, content)


def _renamed(base: Document | None, ours: Document) -> Renames:
    return Matching(base.data, ours.data).found_renames() if base is not None else NO_RENAMES


def merge_into(
    session: Session,
    base: Document | None,
    theirs: Document,
    name: str,
    decisions: Mapping[str, Decision] | None = None,
    reason: str = "",
) -> Merged | Problem:
    """Merge what another person did into an open profile, as one change that can be undone. It is not saved."""
    merged = merge(base.data if base else {}, session.data, theirs.data, decisions)
    by_lines = _by_lines(base, session.document, theirs, merged) if not merged.conflicts else None
    content = session.document.to_bytes()
    draft = Document.from_bytes(content) if isinstance(content, bytes) else []
    steps = merged.operations if isinstance(draft, list) else _perform(draft, merged.operations, theirs)
    whole = by_lines
    if whole is None and isinstance(draft, Document):
        with_theirs = with_comments(base, draft, theirs, _renamed(base, session.document)).to_bytes()
        whole = with_theirs if isinstance(with_theirs, bytes) else None
    text = whole if whole != content else None
    outcome = session.edit(Plan(f"Merge {plain(name)}", tuple(steps), ()), reason, text=text)
    if not isinstance(outcome, Done):
        return outcome
    return merged


def _perform(document: Document, steps: Sequence[Operation], theirs: Document) -> list[Operation]:
    """Perform the steps of a merge; a record that is the same in theirs gets the text that it has there."""
    places: dict[Path, dict[str, int]] = {}
    performed = []
    for step in steps:
        table = table_at(step.path) if isinstance(step, Insert) else None
        if not isinstance(step, Insert) or table is None or any(isinstance(part, int) for part in step.path):
            performed.append(document.perform(step))
            continue
        records = value_at(theirs.data, step.path)
        there = records if isinstance(records, list) else []
        if step.path not in places:
            places[step.path] = {key_text(record, table.key): at for at, record in enumerate(there)}
        at = places[step.path].get(key_text(step.record, table.key))
        is_there = at is not None and same(there[at], step.record)
        texts = theirs.text_at((*step.path, at)) if at is not None and is_there else ()
        performed.append(document.insert_as_text(step, texts))
    return performed


def _by_lines(base: Document | None, ours: Document, theirs: Document, merged: Merged) -> bytes | None:
    """The three texts merged line by line, where that means what the merge by keys says."""
    from omtui.service.working_copy import merge_texts

    texts = [document.to_bytes() if document else b"" for document in (base, ours, theirs)]
    before, mine, its = (text if isinstance(text, bytes) else b"" for text in texts)
    content = its if before == mine else mine if before == its else merge_texts(before, mine, its)
    if content is None:
        return None
    read = Document.from_bytes(content)
    if isinstance(read, list) or not (same(read.data, merged.data) or not operations(merged.data, read.data)):
        return None
    return content


def _marked(document: Document, conflicts: Collection[Conflict]) -> bytes:
    """The file with a comment at each conflict; all at its head where they would not be comments at their places."""
    text = document.text()
    at: dict[int, list[str]] = {}
    for conflict in conflicts:
        path = _path_of(document.data, conflict)
        line = document.line(path) if path is not None else None
        at.setdefault(line or 1, []).append(f"# CONFLICT {conflict_words(conflict)}")
    content = document.encoded(_with_comments(text, at, document.newline))
    read = Document.from_bytes(content)
    if isinstance(read, list) or not same(read.data, document.data):
        head = {1: [comment for comments in at.values() for comment in comments]}
        content = document.encoded(_with_comments(text, head, document.newline))
    return content


def _with_comments(text: str, at: Mapping[int, list[str]], newline: str) -> str:
    lines = text.split("\n")
    for number in sorted(at, reverse=True):
        line = lines[number - 1] if number <= len(lines) else ""
        indent = line[: len(line) - len(line.lstrip())] if line.strip() else ""
        end = "\r" if newline == "\r\n" else ""
        lines[number - 1 : number - 1] = [f"{indent}{comment}{end}" for comment in at[number]]
    return "\n".join(lines)


def _path_of(data: Data, conflict: Conflict) -> Path | None:
    """Where a conflict is in what was merged; `None` where nothing of it is there any more."""
    place = parse(conflict.where)
    if not isinstance(place, Place):
        return None
    found = resolve(data, place)
    return found if isinstance(found, tuple) else None


def conflict_words(conflict: Conflict) -> str:
    """A conflict on one line: its place, what is here, what the other side says, what both started from."""
    ours, theirs = _side(conflict.ours), _side(conflict.theirs)
    base = f"; before: {_side(conflict.base)}" if conflict.field or conflict.base is None else ""
    return f"{plain(conflict.where)}: ours: {ours}; theirs: {theirs}{base}"


def _side(value: object) -> str:
    return "nothing" if value is None else plain(toml(value))
