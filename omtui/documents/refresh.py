"""After production was copied over a test pod: what has to be entered again, what does harm until then.

The refresh brings production's hosts, users, passwords and event receivers into the pod. Nobody knows that from the
profile, which still says what the pod should say; so the records that belong to one environment lose their ticks, and
a walk-through of just them begins with those through which the test pod now calls production.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from omtui.checks.moments import day_of
from omtui.compare.binding import is_bound
from omtui.compare.difference import difference
from omtui.compare.manual import Group, grouped
from omtui.documents.guidance import NAVIGATION
from omtui.documents.lines import TodoLine
from omtui.documents.progress import ENTERED_TABLES, Progress, Tick, untick, without_step
from omtui.documents.walk import Item, Runbook, WalkSection, item_for, record_at, step_of
from omtui.setup.catalogue import BY_STEP, TABLES
from omtui.setup.indexed import Indexed, flag, has_tag, is_predefined, rows, text, title_of
from omtui.setup.place import Path, table_at
from omtui.setup.references import mentions, targets
from omtui.setup.table import Record


def overwritten(setup: Indexed, source: Indexed | None = None) -> list[Path]:
    """The records that the refresh of a pod overwrote, harmful ones first.

    Without the profile of the pod it was copied from (`source`) these are the records that belong to one environment
    by their nature; with it, everything that differs from it as well.
    """
    return [path for path, _, _ in _ranked(setup, source)]


def after_refresh(
    progress: Progress, setup: Indexed, source: Indexed | None = None, *, on: date | None = None, again: bool = False
) -> Progress:
    """The ticks after a refresh: what it overwrote has to be entered and ticked again.

    Of a step that was ticked as a whole, what was not overwritten stays ticked. `on` is the refresh's day: what was
    ticked later stays, and so does what was ticked on the day itself when the refresh is noted `again`.
    """
    paths = overwritten(setup, source)
    places = {str(setup.place(path)) for path in paths}
    for step in {step_of(setup, path) for path in paths}:
        whole = progress.of(step)
        if whole is not None and not _is_later(whole, on, again=again):
            progress = without_step(progress, setup, step, places)
    gone = [each.place for each in progress.ticks if each.place in places and not _is_later(each, on, again=again)]
    return untick(progress, gone)


def _is_later(ticked: Tick, day: date | None, *, again: bool) -> bool:
    there = day_of(ticked.on)
    return day is not None and there is not None and (there > day or (again and there == day))


def refresh_runbook(
    setup: Indexed,
    progress: Progress | None = None,
    source: Indexed | None = None,
    today: date | None = None,
    tags: Collection[str] = (),
    *,
    ways: bool = True,
) -> Runbook:
    """The walk-through after a refresh. What was ticked since is not in it any more.

    `ways` puts the way to its page before each record: here they do not come page by page.
    """
    done = progress or Progress()
    day = day_of(setup.single("pod").get("refreshed_on"))
    if day is not None:  # ticks from before say nothing of the pod as it is
        done = replace(done, ticks=tuple(each for each in done.ticks if (day_of(each.on) or date.min) >= day))
    titles = {
        0: (
            "harm",
            "Harmful until it is entered again",
            "Through these the pod now reaches what belongs to production.",
        ),
        1: ("own", "What belongs to this environment", "Users, connectors and certificates are production's by now."),
        2: ("other", "What else differs from production", "The refresh made the pod say what production says."),
    }
    sections: dict[int, list[Item]] = {0: [], 1: [], 2: []}
    for path, rank, harm in _ranked(setup, source):
        item = item_for(setup, path, done)
        is_chosen = not tags or has_tag(record_at(setup, path), tags)
        if item is not None and is_chosen and item.state not in ("done", "skipped"):
            sections[rank].append(replace(item, harm=harm, lines=(*(_way(setup, path) if ways else ()), *item.lines)))
    ticked = {each.place: each for each in done.ticks}
    for rank, item in () if source is None or tags else _brought(setup, source):
        if item.place not in ticked:
            sections[rank].append(item)
    refreshed = text(setup.single("pod"), "refreshed_on")
    from_where = text(setup.single("pod"), "refreshed_from")
    scope = "only what the refresh overwrote"
    if refreshed:
        scope += f" ({refreshed}{f', from {from_where}' if from_where else ''})"
    if tags:
        scope += f"; only what is tagged {', '.join(sorted(tags))}"
    made = tuple(
        WalkSection(step, title, purpose=purpose, items=tuple(sections[rank]))
        for rank, (step, title, purpose) in titles.items()
        if sections[rank]
    )
    facts = [("Pod", text(setup.single("pod"), "url")), ("Made on", today.isoformat() if today else "")]
    title = text(setup.single("profile"), "title") or setup.name
    return Runbook(setup.name, title, tuple(each for each in facts if each[1]), (), made, scope)


def _differing(setup: Indexed, source: Indexed) -> list[Group]:
    """What differs, record by record. In the pod, what was renamed here since has its old name."""
    return grouped(difference(source.data, setup.data, renames=False).changes, setup.data, source.data)


def brought(setup: Indexed, source: Indexed) -> list[str]:
    """The places of what the refresh brought and this environment does not have: ticked when it was removed."""
    return [item.place for _, item in _brought(setup, source)]


def _way(setup: Indexed, path: Path) -> Iterator[TodoLine]:
    """Where the page of a record is, with the task's name for Oracle's search box."""
    task = BY_STEP.get(step_of(setup, path))
    if task is not None and task.step in NAVIGATION:
        yield TodoLine(f"Open {' > '.join(NAVIGATION[task.step])}")
    elif task is not None:
        yield TodoLine(f"Open {' > '.join(task.navigation[:-1])}", task.title)


def _brought(setup: Indexed, source: Indexed) -> Iterator[tuple[int, Item]]:
    """What the refresh brought that this environment does not have: it is in the pod, and not in the profile.

    A connector that was renamed here since is one of them: the rules that came with it call it by its old name.
    """
    in_use = _connectors_in_use(source)
    for group in _differing(setup, source):
        table, gone = table_at(group.path), group.changes[0].old
        if group.op != "remove" or table is None or table.path not in ENTERED_TABLES or not isinstance(gone, dict):
            continue
        if not is_predefined(gone):
            harm = ""
            if table.path in ("routing_rules", "trigger_points") and flag(gone, "active"):
                harm = "The refresh brought it, and it is active: it serves production's systems"
            elif group.path in in_use:
                url = text(gone, "url") or "production's system"
                harm = (
                    f"The refresh brought it with the rules that call it: {in_use[group.path]} of this pod reach {url}"
                )
            name = f"{table.singular[:1].upper()}{table.singular[1:]} {title_of(table.path, gone)}".rstrip()
            lines = (*_way(source, group.path), TodoLine("Delete or inactivate it: this environment does not have it"))
            yield (0 if harm else 2), Item(group.where, name, "remove", lines, harm=harm)


def _ranked(setup: Indexed, source: Indexed | None) -> list[tuple[Path, int, str]]:
    """The overwritten records with how harmful they are (0 most) and why."""
    found: dict[Path, tuple[int, int, str]] = {}
    in_use = _connectors_in_use(setup)
    for number, (path, rank, harm) in enumerate(_own(setup, source, in_use)):
        found.setdefault(path, (rank, number, harm))
    if source is not None:
        groups = _differing(setup, source)
        for number, group in enumerate(groups):
            table = table_at(group.path)
            if group.op != "remove" and table is not None and table.path in ENTERED_TABLES:
                record = record_at(setup, group.path)
                if not is_predefined(record):
                    found.setdefault(group.path, (2, number, ""))
    ordered = sorted(found.items(), key=lambda each: each[1][:2])
    return [(path, rank, harm) for path, (rank, _, harm) in ordered]


def _own(setup: Indexed, source: Indexed | None, in_use: dict[Path, str]) -> Iterator[tuple[Path, int, str]]:
    for path, record in setup.records("connectors"):
        if path in in_use and not is_predefined(record):
            there = source.by_key("connectors").get(text(record, "name")) if source is not None else None
            if source is not None and not there:
                yield path, 1, "The refresh removed it: production has no such connector"
            else:
                url = (text(there[0].record, "url") if there else "") or "production's system"
                yield path, 0, f"{in_use[path]} of this pod reach {url} until the URL is entered again"
    for path, record in setup.records("trigger_points"):
        if flag(record, "active") and _sends_mail(record):
            yield path, 0, "E-mails of this pod go to the people whom production informs, until it is looked at"
    for table in ("connectors", "integration_users", "certificates", "topology.applications"):
        bound = [field.name for field in TABLES[table].fields if is_bound(table, field.name)]
        for path, record in setup.records(table):
            if not is_predefined(record) and any(record.get(name) for name in bound):
                yield path, 1, ""


def _sends_mail(record: Record) -> bool:
    return any(flag(detail, "send_email") for detail in rows(record, "details"))


def _connectors_in_use(setup: Indexed) -> dict[Path, str]:
    """The connectors that active rules and trigger points call, and what they send."""
    used: dict[Path, str] = {}
    for mention in mentions(setup):
        if mention.reference.table == "connectors" and flag(record_at(setup, mention.path[:2]), "active"):
            what = "Orders" if mention.path[0] == "routing_rules" else "Events"
            for target in targets(setup, mention):
                used[target.path] = "Orders" if "Orders" in (what, used.get(target.path)) else what
    return used
