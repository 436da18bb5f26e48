"""What must be done by hand in the target pod: omtui changes the profile, people change the pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from omtui.compare.change import Change
from omtui.compare.choice import head
from omtui.plain_text import plain
from omtui.setup.catalogue import BY_STEP, TABLES
from omtui.setup.indexed import Indexed, is_predefined, title_of
from omtui.setup.place import Path, Places, found_at, table_at
from omtui.setup.references import usages
from omtui.setup.table import Record

WALK_ORDER: Final = ("0", "6", "3", "4", "4.1", "5", "1", "2", "7", "8", "9", "related", "flow")
"""The order in which the set-up works when it is entered: what is named must be there before it is named."""


@dataclass(frozen=True, slots=True)
class ManualStep:
    """One thing to do in the pod. `what` is safe to show."""

    step: str
    task: str
    navigation: str
    where: str
    what: str

    def to_json(self) -> dict[str, object]:
        """The step for `promote --json`."""
        return {
            "step": self.step,
            "task": self.task,
            "navigation": self.navigation,
            "where": self.where,
            "what": self.what,
        }


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one record at the top of a table."""

    op: str
    """`add`, `change`, `replace` or `remove`."""
    where: str
    step: str
    path: Path
    """In the merged state; of a removed record, in the target as it is."""
    changes: tuple[Change, ...]


def grouped(changes: Iterable[Change], merged: Mapping[str, object], target: Mapping[str, object]) -> list[Group]:
    """The changes by record, in the order in which they come."""
    places, old_places = Places(merged), Places(target)
    groups: dict[tuple[bool, Path], list[Change]] = {}
    for change in changes:
        path = change.second_path or change.holder
        is_gone = path is None
        if path is None:
            assert change.first_path is not None
            path = change.first_path
        groups.setdefault((is_gone, head(path)), []).append(change)
    found = []
    for (is_gone, path), its in groups.items():
        where = str((old_places if is_gone else places).of(path))
        found.append(Group(_op(its, path, is_gone), where, its[0].step, path, tuple(its)))
    return found


def manual_steps(
    groups: Sequence[Group], merged: Mapping[str, object], target: Mapping[str, object]
) -> list[ManualStep]:
    """What to do on which page, in the order in which it works; then passwords, deploy and publish."""
    steps: list[ManualStep] = []
    for group in groups:
        table = table_at(group.path)
        data = target if group.op == "remove" else merged
        record = found_at(data, group.path)
        if table is None or not isinstance(record, dict) or is_predefined(record):
            continue
        steps += [_step(group, what) for what in _what(group, table.path, record, merged)]
    order = {step: number for number, step in enumerate(WALK_ORDER)}
    return sorted(steps, key=lambda each: order.get(each.step, len(order)))


def _what(group: Group, table: str, record: Record, merged: Mapping[str, object]) -> Iterable[str]:
    name = f"{TABLES[table].singular} {plain(title_of(table, record))}".rstrip()
    if table in ("credentials", "services", "topology", "topology.endpoints", "topology.vantage_points"):
        return  # noted in the profile, entered nowhere
    if table == "topology.applications":
        yield f"read host and port of {name} on Review Topology"
        return
    if table == "event_subscriptions":
        yield f"{'remove' if group.op == 'remove' else 'activate'} {name} in the system that listens"
        return
    if table == "certificates":
        if group.op == "add":
            yield f"import the certificate of the target's system under the alias {plain(record.get('alias', ''))}"
        return
    if group.op == "remove":
        yield f"delete {name}"
        return
    if group.op == "replace":
        old = next((change.old for change in group.changes if change.replaces), "")
        change = _to_change(merged, group.path, plain(old))
        yield f"create {name}{change}, then delete {plain(old)}: Oracle freezes the name"
    elif group.op == "add":
        yield f"create {name}"
    else:
        fields = dict.fromkeys(_field_words(change) for change in group.changes)
        yield f"change {name}: {', '.join(fields)}"
    if table == "orchestration_processes":
        yield f"release {name}, then deploy it"
    elif table == "routing_rules":
        yield f"activate {name}, then publish" if record.get("active") is True else f"publish after {name} was entered"
    elif table in ("connectors", "integration_users") and _signs_in_again(group):
        where = "the wallet's credential map" if record.get("csf_key") else "the page"
        credential = plain(record.get("credential") or record.get("csf_key") or "")
        if credential:
            yield f"enter the password of credential {credential} for {name} on {where}"


def _to_change(merged: Mapping[str, object], path: Path, old: str) -> str:
    """What names a record that is created again, and what is to be done with it."""
    setup = Indexed(dict(merged))
    named: dict[Path, str] = {}
    for usage in usages(setup, path):
        top = head(usage.path)
        table, record = table_at(top), found_at(setup.data, top)
        if table is not None and isinstance(record, dict) and top != path and not is_predefined(record):
            named[top] = f"{table.singular} {plain(title_of(table.path, record))}".rstrip()
    if not named:
        return ""
    publish = ", publish the rules again" if any(top[0] == "routing_rules" for top in named) else ""
    deploy = ", deploy the processes again" if any(top[0] == "orchestration_processes" for top in named) else ""
    return f", change {', '.join(named.values())} from {old} to it{publish}{deploy}"


def _signs_in_again(group: Group) -> bool:
    return any(
        change.op == "add" or change.replaces or change.field in ("credential", "csf_key", "user_name")
        for change in group.changes
    )


def _field_words(change: Change) -> str:
    table = TABLES.get(change.table)
    if table is None:
        return plain(change.field or change.table)
    if not change.field:
        how = {"add": "new ", "remove": "fewer "}.get(change.op, "")
        return f"{how}{table.title.lower()}"
    field = table.by_name.get(change.field)
    return field.label if field else plain(change.field)


def _step(group: Group, what: str) -> ManualStep:
    task = BY_STEP.get(group.step)
    return ManualStep(
        group.step,
        task.title if task else "",
        " > ".join(task.navigation) if task else "",
        group.where,
        what,
    )


def _op(changes: Sequence[Change], path: Path, is_gone: bool) -> str:
    if is_gone:
        return "remove"
    if any(change.op == "add" and change.second_path == path for change in changes):
        return "add"
    if any(change.replaces and _is_of(change, path) for change in changes):
        return "replace"
    return "change"


def _is_of(change: Change, path: Path) -> bool:
    """Whether a change is one of the record itself, not of a record inside it."""
    return change.second_path is not None and len(change.second_path) - len(path) <= 1
