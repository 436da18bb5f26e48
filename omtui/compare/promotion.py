"""Promotion: what a target gains, changes, replaces and loses when a source's set-up is carried over.

The plan is made from plain data and changes nothing. What may travel travels, in the target's terms; what was
changed in the target on purpose since the last promotion stays; what both changed is a conflict to be decided. Records
that only the target has are taken away only on request. What keeps a plan from being carried out is a finding of
rows D-01 to D-06, and no value that lacks its name in the target is ever put into the planned state, forced or not.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from omtui.compare import blockers
from omtui.compare.change import Change
from omtui.compare.choice import ChosenRecords, choose
from omtui.compare.difference import Difference, difference
from omtui.compare.difference_report import change_to_json, json_value
from omtui.compare.foreign_names import foreign_names
from omtui.compare.kept import WILL, KeptDifference, kept
from omtui.compare.manual import Group, ManualStep, grouped, manual_steps
from omtui.compare.map_lookup import MapLookup
from omtui.compare.mapping import EnvironmentMap
from omtui.compare.matching import NO_RENAMES, Renames
from omtui.compare.merge_inputs import SEEN, MergeInputs, OnlyThere, Removals, digest, merge_inputs
from omtui.compare.plan_finding import PlanFinding
from omtui.compare.three_way import Conflict, Decision, Merged, merge
from omtui.compare.translation import Translated, translate, values_by_kind
from omtui.problem import Problem
from omtui.setup.catalogue import TABLES, child
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data, Path, key_text, table_at
from omtui.setup.record_hash import hash_of
from omtui.store.change import Operation, value_to_json


@dataclass(frozen=True, slots=True)
class PromotionRequest:
    """What a person asked for. Places are places of the source, but those of `remove` are places of the target."""

    only: tuple[str, ...] = ()
    """Records to promote, with all they refer to; empty for everything."""
    tags: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    """Records to leave out, also when something refers to them."""
    remove: bool | tuple[str, ...] = ()
    """Records that only the target has and that are to go: these, all (`True`), or none."""
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    """How conflicts were decided, by their place: `ours` keeps the target's, `theirs` takes the source's."""


@dataclass
class Promotion:
    """A plan. Everything in it is about the target."""

    source: str
    target: str
    source_hash: str
    target_hash: str
    before: Data
    merged: Merged
    changes: tuple[Change, ...]
    findings: tuple[PlanFinding, ...]
    groups: tuple[Group, ...]
    manual: tuple[ManualStep, ...]
    stays: tuple[KeptDifference, ...]
    """What the source says otherwise and the target keeps, and why."""
    only_there: tuple[OnlyThere, ...]
    brought: dict[str, str]
    """Records that come along, and the record that refers to them."""
    origins: dict[str, str]
    """For a record that is added, changed or replaced: its place in the source, for choosing it."""
    next_base: Data
    """What has to be remembered when the plan was carried out: the base of the next promotion."""
    gained: tuple[PlanFinding, ...] = ()
    """Findings of the checks that the target would have and has not now; who makes the plan for people adds them."""
    lost: tuple[PlanFinding, ...] = ()
    """Findings of the checks that the target has now and would not have."""

    @property
    def kept(self) -> tuple[KeptDifference, ...]:
        """What the target says on purpose."""
        return tuple(each for each in self.stays if each.why in WILL)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """What both sides changed, decided or not."""
        return self.merged.conflicts

    @property
    def is_blocked(self) -> bool:
        """Whether something must be settled first: a blocking finding, or a conflict that nobody decided."""
        return bool(self.merged.open) or any(finding.blocks for finding in self.findings)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.changes

    @cached_property
    def operations(self) -> list[Operation]:
        """What is done to the target's profile, as one change that can be undone."""
        return self.merged.operations

    def places(self, op: str) -> list[str]:
        """The records that are added, changed, replaced or removed."""
        return [group.where for group in self.groups if group.op == op]


def plan(
    source: Data,
    target: Data,
    mapping: EnvironmentMap,
    *,
    base: Mapping[str, object] | None = None,
    request: PromotionRequest | None = None,
    source_name: str = "",
    target_name: str = "",
    known: Renames = NO_RENAMES,
) -> Promotion | Problem:
    """Make a plan. `base` is what the last plan that was carried out gave as its `next_base`, if there was one.

    `known` are renames that the history of one of the two knows, from the target's name to the source's.
    """
    request = request or PromotionRequest()
    setup = Indexed(source)
    choice = choose(setup, request.only, request.tags, request.without)
    if isinstance(choice, Problem):
        return choice
    translated = translate(source, MapLookup(mapping))
    before = base or {}
    inputs = merge_inputs(target, translated, choice, before, values_by_kind(target), Removals(request.remove), known)
    if isinstance(request.remove, tuple):
        there = {each.where for each in inputs.only_there}
        for where in request.remove:
            if where not in there:
                return Problem(f"{where} is no record that only the target has", "name one as the plan lists it")
    merged = merge(inputs.base, target, inputs.theirs, request.decisions, known)
    changes = difference(target, merged.data, known=known).changes
    after = Indexed(merged.data)
    findings = [
        *blockers.unmapped(inputs.blockers.values(), mapping),
        *foreign_names(changes, merged.data, source, target, mapping),
        *blockers.releases(source, target),
        *blockers.names(changes),
        *blockers.association(changes, after),
        *blockers.values(changes, after, Indexed(target), mapping),
        *blockers.credentials(changes, after),
        *blockers.questions(inputs.only_there, changes, Indexed(target), request.decisions),
    ]
    groups = grouped(changes, merged.data, target)
    return Promotion(
        source_name or setup.name,
        target_name or after.name,
        data_hash(source),
        data_hash(target),
        target,
        merged,
        changes,
        tuple(findings),
        tuple(groups),
        tuple(manual_steps(groups, merged.data, target)),
        kept(merged, translated, choice, inputs.blockers, known),
        tuple(inputs.only_there),
        {str(setup.place(path)): why for path, why in choice.records.items() if why},
        _origins(groups, merged.data, translated.data, setup),
        _next_base(before, translated, choice, inputs, known),
    )


def to_json(promotion: Promotion) -> dict[str, object]:
    """The shape that `omtui promote --json` prints."""
    return {
        "source": promotion.source,
        "target": promotion.target,
        "plan": {
            "add": promotion.places("add"),
            "change": promotion.places("change"),
            "replace": promotion.places("replace"),
            "remove": promotion.places("remove"),
            "manual": [step.to_json() for step in promotion.manual],
        },
        "changes": [change_to_json(change) for change in promotion.changes],
        "findings": [finding.to_json() for finding in promotion.findings],
        "conflicts": [
            {
                "where": conflict.where,
                "base": json_value(conflict.base),
                "target": json_value(conflict.ours),
                "source": json_value(conflict.theirs),
                "decided": {"ours": "target", "theirs": "source"}.get(conflict.decided or ""),
            }
            for conflict in promotion.conflicts
        ],
        "kept": [each.to_json() for each in promotion.kept],
        "own": [each.to_json() for each in promotion.stays if each.why not in WILL],
        "only_in_target": [
            {"where": each.where, "was_promoted": each.was_promoted, "removed": each.removed}
            for each in promotion.only_there
        ],
        "brought_along": [{"where": where, "by": why} for where, why in promotion.brought.items()],
        "gained": [finding.to_json() for finding in promotion.gained],
        "lost": [finding.to_json() for finding in promotion.lost],
        "blocked": promotion.is_blocked,
    }


def data_hash(data: Mapping[str, object]) -> str:
    """A hash of what a profile says. Comments and layout do not count, the order of records does."""
    return hash_of(value_to_json(dict(data)))


def as_difference(promotion: Promotion) -> Difference:
    """The changes of a plan as a difference, for the same reports."""
    return Difference(f"{promotion.target} now", f"{promotion.target} promoted", promotion.changes)


def _origins(groups: Iterable[Group], merged: Data, translated: Data, setup: Indexed) -> dict[str, str]:
    """Where each record is in the source: the translated data have its shape."""
    found: dict[str, str] = {}
    by_key: dict[Path, dict[str, list[int]]] = {}
    for group in groups:
        table = table_at(group.path)
        if group.op == "remove" or table is None:
            continue
        if not isinstance(group.path[-1], int):
            found[group.where] = group.where
            continue
        path = group.path[:-1]
        if path not in by_key:
            numbers = by_key[path] = {}
            for number, record in enumerate(_at(translated, path)):
                numbers.setdefault(key_text(record, table.key), []).append(number)
        record = _at(merged, path)[group.path[-1]]
        same = by_key[path].get(key_text(record, table.key), [])
        if len(same) == 1:
            found[group.where] = str(setup.place((*path, same[0])))
    return found


def _next_base(
    before: Mapping[str, object], translated: Translated, choice: ChosenRecords, inputs: MergeInputs, known_as: Renames
) -> Data:
    """What was decided until now: the chosen records as the source has them, and what was decided earlier.

    A value of the source that has no name in the target is not among it, only its digest.
    """
    blocked = {path[: _field_end(path)] for path in inputs.blockers}
    unnamed: defaultdict[Path, list[str]] = defaultdict(list)
    for at, what in translated.unmapped.items():
        unnamed[at[: _field_end(at)]].append(what.value)
    found: Data = {}
    for table in TABLES.values():
        if table.single:
            continue
        path: Path = tuple(table.path.split("."))
        if table.parent and not TABLES[table.parent].single:
            continue
        records = _at(translated.data, path)
        known = {key_text(each, table.key): each for each in _at(before, path)}
        chosen: list[Data] = []
        for number, record in enumerate(records):
            here = (*path, number)
            if here not in choice.records:
                continue
            decided = {name: value for name, value in record.items() if (*here, name) not in unnamed}
            digests: Data = {}
            for name in record:
                at = (*here, name)
                if at in unnamed and at not in blocked and at in inputs.settled:
                    decided[name] = value = inputs.settled[at]
                    own = value if isinstance(value, list) else [value]
                    if foreign := [digest(each) for each in unnamed[at] if each not in own]:
                        digests[name] = foreign
            key, partly = key_text(decided, table.key), choice.fields.get(here)
            if partly is None:
                chosen.append(decided | ({SEEN: digests} if digests else {}))
            elif key in known:
                seen = known[key].get(SEEN)
                old = (
                    {name: each for name, each in seen.items() if name not in partly} if isinstance(seen, dict) else {}
                )
                new = {name: each for name, each in digests.items() if name in partly}
                chosen.append(
                    known[key]
                    | {name: value for name, value in decided.items() if name in partly}
                    | ({SEEN: old | new} if old or new else {})
                )
        met = {key_text(each, table.key) for each in chosen}
        met |= {old for old, new in known_as.get(table.path, {}).items() if new in met}
        earlier = [each for each in _at(before, path) if key_text(each, table.key) not in met]
        if chosen or earlier:
            _hold(found, path)[table.name] = [*earlier, *chosen]
    for name in {**before, **translated.data}:
        if name not in TABLES or not TABLES[name].single:
            continue
        source = translated.data if (name,) in choice.records else before
        value = source.get(name)
        fields = {
            each: inner
            for each, inner in (value if isinstance(value, dict) else {}).items()
            if child(name, each) is None
        }
        if fields:
            have = found.get(name)
            found[name] = {**fields, **(have if isinstance(have, dict) else {})}
    return found


def _field_end(path: Path) -> int:
    """How far a path goes until the field of the record at its top."""
    for number, part in enumerate(path):
        if isinstance(part, int):
            return number + 2
    return len(path)


def _at(data: Mapping[str, object], path: Path) -> list[Data]:
    here: object = data
    for part in path:
        here = here.get(part) if isinstance(here, dict) and isinstance(part, str) else None
    return [item for item in here if isinstance(item, dict)] if isinstance(here, list) else []


def _hold(data: Data, path: Path) -> Data:
    holder = data
    for part in path[:-1]:
        inner = holder.setdefault(str(part), {})
        assert isinstance(inner, dict)
        holder = inner
    return holder
