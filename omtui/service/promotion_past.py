"""What the journals know of a pair of environments: the base of the next promotion, renames, what was taken back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from omtui.compare.map_lookup import MapLookup
from omtui.compare.mapping import EnvironmentMap
from omtui.compare.merge_inputs import SEEN
from omtui.compare.translation import translate
from omtui.service.history import BACK, Event, history_of
from omtui.setup.catalogue import child
from omtui.setup.indexed import text
from omtui.setup.place import Data, NotAPlace, Place, Selector, found_at, parse, resolve, table_at
from omtui.store.change import Insert, Remove, Set, value_from_json
from omtui.store.database import FILE as DATABASE
from omtui.store.files import read_file

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from omtui.compare.matching import Renames
    from omtui.service.workspace import Workspace

PROMOTE: Final = "Promote "
"""How the label of a promotion begins."""

_ORDER: Final = {"practice": 0, "development": 0, "test": 1, "production": 2}


@dataclass(frozen=True, slots=True)
class Base:
    """What was decided at the last promotion that still holds; `at` is its time (UTC), empty for none."""

    data: Mapping[str, object] | None = None
    at: str = ""
    is_of_the_way_back: bool = False
    """It is that of a promotion from the target to the source, in the source's terms."""


def last_base(
    workspace: Workspace, source_name: str, source: Data, source_path: FilePath | None, target: FilePath, there: Data
) -> Base:
    """What was decided last. No journal is opened, nor made, where there is none.

    Against the direction of the chain (production to test), what the source was promoted from counts: what the source
    says otherwise since is what it changed itself.
    """
    if not (workspace.state / DATABASE).exists():
        return Base()
    own = _decided(workspace, target, source_name)
    head, pod = (each.get("profile") for each in (source, there))
    name = target.name.removesuffix(".toml")
    ranks = [_ORDER.get(text(each, "environment"), 0) if isinstance(each, dict) else 0 for each in (head, pod)]
    is_back = ranks[0] > ranks[1] or (isinstance(head, dict) and text(head, "follows") == name)
    if source_path is None or (own.data is not None and not is_back):
        return own
    other = _way_back(workspace, source_path, name)
    return other if other.at > own.at else own


def in_terms_of(base: Base, source: Data, mapping: EnvironmentMap) -> Base:
    """A base of the way back in the target's terms."""
    if not base.is_of_the_way_back or base.data is None:
        return base
    plain = {name: _without_digests(value) for name, value in base.data.items()}
    return replace(base, data=translate({**plain, "pod": source.get("pod", {})}, MapLookup(mapping)).data)


def _without_digests(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_digests(inner) for name, inner in value.items() if name != SEEN}
    return [_without_digests(inner) for inner in value] if isinstance(value, list) else value


def _way_back(workspace: Workspace, source: FilePath, target: str) -> Base:
    """The base of the last promotion to the source that came from the target, or from what the target feeds."""
    direct = _decided(workspace, source, target)
    found = [direct] if direct.data is not None else []
    for name in workspace.names() if not found else ():
        base = _decided(workspace, source, name)
        if base.data is not None and _is_fed(workspace, name, target, {name}):
            found.append(base)
    newest = max(found, key=lambda base: base.at, default=Base())
    return replace(newest, is_of_the_way_back=True) if newest.data is not None else newest


def _is_fed(workspace: Workspace, name: str, target: str, met: set[str]) -> bool:
    path = workspace.library.path(name)
    if _decided(workspace, path, target).data is not None:
        return True
    others = [
        each for each in workspace.names() if each not in met and _decided(workspace, path, each).data is not None
    ]
    return any(_is_fed(workspace, each, target, met | {each}) for each in others)


def _decided(workspace: Workspace, target: FilePath, source: str) -> Base:
    found = workspace.journal.of(target).last_decided(source)
    if found is None:
        return Base()
    try:
        data = value_from_json(json.loads(found.content))
    except (ValueError, ArithmeticError, TypeError, RecursionError):
        return Base()
    return Base(data, found.at) if isinstance(data, dict) else Base()


# What a history shows


def _events(workspace: Workspace, path: FilePath | None, data: Data, word: str) -> tuple[Event, ...]:
    """The events of a profile, the newest first; none where no entry of its log has a word in its label."""
    if path is None or not (workspace.state / DATABASE).exists():
        return ()
    journal = workspace.journal.of(path)
    if not any(word in entry.label for entry in journal.entries()):
        return ()
    content = read_file(path)
    return history_of(journal, data, in_file=content if isinstance(content, bytes) else None).events


def renames(workspace: Workspace, source: Data, source_path: FilePath | None, target: FilePath, there: Data) -> Renames:
    """The renames that a history knows, from the target's name to the source's, and back for the target's own."""
    known: dict[str, dict[str, str]] = {}
    for event in reversed(_events(workspace, source_path, source, "Rename")):
        for table, old, new in _renamed(event):
            names = known.setdefault(table, {})
            names.update({first: new for first, last in names.items() if last == old})
            names[old] = new
    for event in reversed(_events(workspace, target, there, "Rename")):
        for table, old, new in _renamed(event):
            known.setdefault(table, {}).setdefault(new, old)
            known[table].setdefault(old, new)
    return {table: {old: new for old, new in names.items() if old != new} for table, names in known.items()}


def _renamed(event: Event) -> Iterator[tuple[str, str, str]]:
    for operation in event.operations:
        if isinstance(operation, Set) and isinstance(operation.old, str) and isinstance(operation.new, str):
            table = table_at(operation.path[:-1])
            if table is not None and table.key == operation.path[-1]:
                yield table.path, operation.old, operation.new


def is_going_back(event: Event) -> bool:
    """Whether an event went back to an earlier state. In older logs only the words of an edit say so."""
    in_words = event.label.startswith("Back to ") or ": back to " in event.label
    return event.action == BACK or (event.action == "edit" and in_words)


def without_taken_back(workspace: Workspace, base: Base, target: FilePath, there: Data) -> Base:
    """The base without what a promotion had brought and somebody went back from: that is open again.

    What else the target says was said on purpose.
    """
    if base.data is None or base.is_of_the_way_back:
        return base
    events = _events(workspace, target, there, "ack to ")
    data = deepcopy(dict(base.data))
    met: set[str] = set()
    for number, event in enumerate(events):
        for operation, where in event.steps:
            if where and where not in met and is_going_back(event) and event.at > base.at:
                brought = (step for each in events[number:] if each.label.startswith(PROMOTE) for step in each.steps)
                if _is_undone(operation, where, brought):
                    _open_again(data, there, operation, where)
            met.add(where)
    return replace(base, data=data)


def _is_undone(operation: object, where: str, brought: Iterable[tuple[object, str]]) -> bool:
    """Whether an operation made of a place what it was before a promotion."""
    for other, place in brought:
        match operation, other:
            case Set(_, old, new), Set(_, before, after):
                is_rename = isinstance(old, str) and (old, new) == (after, before)
                if new == before and (place == where or is_rename):
                    return True
            case Remove(), Insert():
                if place == where:
                    return True
            case _:
                pass
    return False


def _open_again(base: Data, target: Data, operation: object, where: str) -> None:
    """Let the base say what the target says at a place, or nothing of a record that is gone there."""
    place = parse(where)
    if isinstance(place, NotAPlace):
        return
    place = _of_a_field(place)
    record = place.record
    table = table_at(operation.path[:-1]) if isinstance(operation, Set) else None
    if isinstance(operation, Set) and table is not None and table.key == operation.path[-1]:
        record = Place((*record.parts[:-1], Selector(str(operation.old))))  # the base knows it by the other name
    path = resolve(base, record)
    if not isinstance(path, tuple):
        return
    if place.parts == place.record.parts:
        holder = found_at(base, path[:-1])
        if isinstance(holder, list) and isinstance(path[-1], int):
            del holder[path[-1]]
        return
    here = found_at(base, path)
    field = str(place.parts[-1])
    there = resolve(target, place)
    own = found_at(target, there) if isinstance(there, tuple) else None
    if isinstance(here, dict):
        here.pop(field, None)
        if own is not None:
            here[field] = own


def _of_a_field(place: Place) -> Place:
    """A place as near to the field as the base can be asked: of a condition or an action, the whole of them."""
    table = ""
    for number, part in enumerate(place.parts):
        if isinstance(part, Selector):
            continue
        inner = child(table, part)
        if inner is None or not (inner.key or inner.single) or inner.path == "routing_rules.when":
            return Place(place.parts[: number + 1])
        table = inner.path
    return place
