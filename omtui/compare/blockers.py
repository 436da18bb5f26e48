"""Rows D-01 to D-07: what blocks a promotion, and what should be known before it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from omtui.compare.binding import CREDENTIALS, NEVER
from omtui.compare.change import Change, Op
from omtui.compare.choice import head
from omtui.compare.difference import Difference
from omtui.compare.mapping import EnvironmentMap
from omtui.compare.merge_inputs import OnlyThere
from omtui.compare.pairing import LEAST_ALIKE_TO_ASK, likeness
from omtui.compare.plan_finding import PlanFinding
from omtui.compare.translation import Unmapped
from omtui.plain_text import plain
from omtui.setup.hosts import split_url
from omtui.setup.indexed import Indexed, rows, text, texts
from omtui.setup.place import Path, Place, found_at, parse, resolve, table_at
from omtui.setup.references import conditions
from omtui.setup.release import Release
from omtui.setup.routing import ATTRIBUTES, EMPTY_OPERATORS, operator_word
from omtui.setup.task_types import PREDEFINED_TASK_TYPES
from omtui.setup.values import toml

_NEVER_RENAMED: Final = {
    "source_systems.code": "source-system code",
    "connectors.name": "connector name",
    "orchestration_processes.name": "process name",
    "orchestration_processes.steps.name": "step name",
    "task_types.tasks.name": "task name",
    "status_rule_sets.name": "name of a status rule set",
}
"""Names that must be equal in both environments. Oracle freezes the first three on save; of the others it says not to
modify them in either instance (Copy Setups Between Instances, 24C; orchestration process steps, 24C)."""


def of_difference(found: Difference, first: Mapping[str, object], second: Mapping[str, object]) -> list[PlanFinding]:
    """What a comparison of two environments shows somebody who would promote the first to the second.

    D-02 and D-03 of what differs; D-04 to D-06 of what the first has and the second lacks. Hosts and URLs (D-01) need
    a mapping to be judged: only a promotion reports them.
    """
    # No plan replaces a record here: the name differs where it must not.
    findings = [*releases(first, second), *(replace(each, level="error") for each in names(found.changes))]
    coming = list(_turned(found.changes))
    if coming:
        # As the second environment would hold it: the records of the first on the pod of the second.
        pod = {"pod": second["pod"]} if "pod" in second else {}
        after = Indexed({**{name: value for name, value in first.items() if name != "pod"}, **pod})
        mapping = EnvironmentMap("", "")
        findings += association(coming, after)
        findings += values(coming, after, Indexed(dict(second)), mapping)
        # Where the second has a credential of its own, its password is there.
        findings += credentials((each for each in coming if each.op == "add" or each.old is None), after)
    return findings


def _turned(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes that bring something from the first state to the second, seen from the second."""
    turned: dict[str, Op] = {"remove": "add", "change": "change", "rename": "rename"}
    for change in changes:
        if change.op in turned and change.old is not None:
            yield replace(
                change,
                op=turned[change.op],
                old=change.new,
                new=change.old,
                first_path=change.second_path,
                second_path=change.first_path,
                holder=None,
            )


def unmapped(found: Iterable[Unmapped], mapping: EnvironmentMap) -> Iterator[PlanFinding]:
    """D-01: values bound to the source that have no name in the target, with what to fill in."""
    for each in found:
        value = plain(each.value)
        if each.why is not None:
            yield PlanFinding(
                "D-01", "error", each.place, str(each.why), "keep one of the two entries of the mapping", True
            )
            continue
        kind, source = each.kind, each.value
        if kind == "url":
            address = split_url(each.value)
            kind, source = ("host", address.host) if address and address.host else ("url", each.value)
        entry = f'kind = "{kind}", from = {toml(source)}, to = "…"'
        message = f"{value} belongs to {plain(mapping.source) or 'the source'} and has no name in the target"
        fix = f"add to the mapping: [[map]] {plain(entry)}"
        yield PlanFinding("D-01", "error", each.place, message, fix, True, group=plain(entry))


def releases(first: Mapping[str, object], second: Mapping[str, object]) -> Iterator[PlanFinding]:
    """D-02: two releases. Nothing is reported where one of them is not noted."""
    one, other = (Release.parse(found_at(data, ("pod", "release")) or "") for data in (first, second))
    if one and other and one != other:
        message = f"the pods are on {one} and {other}: business rules can only be migrated on the same update"
        yield PlanFinding("D-02", "warning", "pod.release", message, "wait for the update, or enter the rules by hand")


def names(changes: Iterable[Change]) -> Iterator[PlanFinding]:
    """D-03: names that must not differ. One that Oracle freezes is replaced by the plan; the others block it."""
    for change in changes:
        word = _NEVER_RENAMED.get(f"{change.table}.{change.field}")
        if word is None or change.old is None or change.new is None:
            continue
        message = f"the {word} is {plain(change.old)} in one environment and {plain(change.new)} in the other"
        if change.replaces:
            fix = "the plan creates it and deletes the old one, as Oracle freezes the name; or rename it back"
            yield PlanFinding("D-03", "warning", change.where, message, fix)
        else:
            fix = "give it the same name in both: Oracle says not to modify it in either"
            yield PlanFinding("D-03", "error", change.where, message, fix, blocks=True)


def credentials(changes: Iterable[Change], merged: Indexed) -> Iterator[PlanFinding]:
    """D-04: the passwords that have to be entered in the target, each credential once."""
    used: defaultdict[str, list[str]] = defaultdict(list)
    for change in changes:
        for table, name in CREDENTIALS:
            if change.table != table or table in NEVER or change.op == "remove" or change.second_path is None:
                continue
            path = change.second_path[: len(table.split(".")) + 1]
            record = found_at(merged.data, path)
            credential = text(record, name) if isinstance(record, dict) else ""
            if credential and (change.op != "change" or change.field in (name, "user_name", "url", "host")):
                used[credential].append(f"{merged.place(path)}.{name}")
    for credential, places in used.items():
        where = dict.fromkeys(places)
        more = f", here and in {len(where) - 1} more" if len(where) > 1 else ""
        message = f"the password of credential {plain(credential)} does not travel{more}"
        yield PlanFinding(
            "D-04", "info", next(iter(where)), message, "enter it in the target, and keep it with omtui secret set"
        )


def values(
    changes: Iterable[Change], merged: Indexed, target: Indexed, mapping: EnvironmentMap
) -> Iterator[PlanFinding]:
    """D-05: values of changed rules that nothing in the target knows, so that it must be looked up there."""
    mapped = {entry.target for entry in mapping.entries if entry.kind in ("value", "code") and entry.target}
    rows_there = range(len(target.records("routing_rules")))
    known = {(subject, value) for subject, value, _, _ in _rule_values(target, rows_there)}
    reported = set()
    rules = dict.fromkeys(
        path[1] for change in changes if (path := change.second_path) and path[0] == "routing_rules" and len(path) > 1
    )
    for subject, value, path, part in _rule_values(merged, [number for number in rules if isinstance(number, int)]):
        if (
            (subject, value) in known
            or (part and any(subject == about and _has_part(other, part, value) for about, other in known))
            or (subject, value) in reported
            or value in mapped
            or _is_known(merged, subject, value)
        ):
            continue
        reported.add((subject, value))
        message = f"{plain(subject)} {plain(value)} is not known in the target"
        if part:
            message = f"no {plain(subject)} that {part} {plain(value)} is known in the target"
        fix = "set it up there first, or map it to the target's own value"
        group = f"{plain(subject)}{f' {part}' if part else ''}"
        yield PlanFinding("D-05", "warning", str(merged.place(path)), message, fix, group=group, item=plain(value))


def association(changes: Iterable[Change], merged: Indexed) -> Iterator[PlanFinding]:
    """D-06: connectors of trigger points where the target does not let anyone associate them."""
    noted = text(merged.single("pod"), "connector_association")
    if noted == "shown":
        return
    release = merged.release
    reported = set()
    for change in changes:
        path = change.second_path
        if change.table != "trigger_points" or path is None or change.field not in ("", "connectors", "name"):
            continue
        record = found_at(merged.data, path[:2])
        if path[:2] in reported or not isinstance(record, dict) or not texts(record, "connectors"):
            continue
        reported.add(path[:2])
        where = f"{merged.place(path[:2])}.connectors"
        fix = 'subscribe in Integration Cloud instead, or note connector_association = "shown" once the page shows it'
        if noted == "hidden":
            message = "connectors are associated here, and the target pod is noted as hiding the association"
            yield PlanFinding("D-06", "error", where, message, fix, blocks=True)
        elif release is None or release >= Release(26, "C"):
            message = "connectors are associated here, and it is not noted whether the target pod shows the association"
            yield PlanFinding("D-06", "warning" if release else "info", where, message, fix)


def _has_part(whole: str, part: str, value: str) -> bool:
    """Whether a known value is one that a comparison with a part of it meets."""
    return {"starts with": whole.startswith, "ends with": whole.endswith}.get(part, whole.__contains__)(value)


def _rule_values(setup: Indexed, numbers: Collection[int]) -> Iterator[tuple[str, str, Path, str]]:
    """The attributes and text values that rules compare with; the operator where it compares a part only."""
    rules = setup.records("routing_rules")
    for number in numbers:
        if number >= len(rules):
            continue
        path, rule = rules[number]
        branches = [(path, rule)] + [
            ((*path, "otherwise", at), each) for at, each in enumerate(rows(rule, "otherwise"))
        ]
        for here, branch in branches:
            for leaf_path, leaf in conditions((*here, "when"), branch.get("when")):
                operator = operator_word(leaf.get("operator"))
                part = operator if operator in ("starts with", "ends with", "contains") else ""
                if operator not in EMPTY_OPERATORS:
                    value = leaf.get("value")
                    for item in value if isinstance(value, list) else [value]:
                        if isinstance(item, str) and item:
                            yield text(leaf, "attribute"), item, (*leaf_path, "value"), part


def _is_known(setup: Indexed, subject: str, value: str) -> bool:
    """Whether the profile itself says that the value exists. Words of Oracle's own are known everywhere."""
    if subject == "Task Type":
        return value in setup.by_key("task_types") or value in PREDEFINED_TASK_TYPES
    if subject == "Process Name":
        return value in setup.by_key("orchestration_processes")
    if subject == "Source Order System":
        return value in setup.by_key("source_systems")
    return subject == "Operation" or ATTRIBUTES.get(subject, ("", ""))[1] in ("number", "date")


def questions(
    only_there: Iterable[OnlyThere],
    changes: Iterable[Change],
    target: Indexed,
    decided: Mapping[str, object],
) -> Iterator[PlanFinding]:
    """D-07: a record that comes and looks like one that only the target has: the same under a new name, or another?

    Two active rules that were one would both be true, so that it must be decided.
    """
    coming: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes:
        if change.op == "add" and change.second_path is not None and head(change.second_path) == change.second_path:
            coming[change.table].append(change)
    for left in only_there:
        place = parse(left.where)
        path = resolve(target.data, place) if isinstance(place, Place) else None
        table = table_at(path) if isinstance(path, tuple) else None
        record = found_at(target.data, path) if isinstance(path, tuple) else None
        if left.removed or table is None or not isinstance(record, dict) or decided.get(left.where) == "ours":
            continue
        alike = [(likeness(table, record, each.new), each) for each in coming[table.path] if isinstance(each.new, dict)]
        for ratio, change in sorted(alike, key=lambda each: each[0], reverse=True)[:1]:
            if ratio >= LEAST_ALIKE_TO_ASK and isinstance(change.new, dict):
                blocks = table.path == "routing_rules" and bool(record.get("active") and change.new.get("active"))
                both = "both would be active" if blocks else "both would be there"
                message = f"it may be {plain(change.where)} under its old name, and {both}"
                fix = f"--remove '{plain(left.where)}' takes it away, --keep-target '{plain(left.where)}' keeps both"
                yield PlanFinding("D-07", "error" if blocks else "warning", left.where, message, fix, blocks)
