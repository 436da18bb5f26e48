"""P0: the profile as a whole: is it readable, which release, which environment, what was accepted, what was ticked."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from omtui.checks import oracle_pages
from omtui.checks.facts import news_26d
from omtui.checks.finding import CheckContext, Finding, Flaw
from omtui.checks.moments import day_of, has_passed
from omtui.checks.registry import CHECKS, check
from omtui.checks.wording import KnownNames, a, quoted
from omtui.setup.catalogue import TABLES, children, task_of
from omtui.setup.hosts import environment_hint, pod_hosts
from omtui.setup.indexed import Indexed, is_predefined, text
from omtui.setup.place import NotAPlace, NotFound, Path, Place, found_at, parse, resolve, table_at
from omtui.setup.reading import ReadingFault
from omtui.setup.release import NEWEST, Release
from omtui.setup.table import Record


@check("P0-01", "error", "not readable as a profile", oracle_pages.OWN)
def unreadable() -> None:
    """The file is not TOML 1.0, lacks its head, has a newer schema, or a value has the wrong TOML type.

    Why: What cannot be read cannot be kept: a save would lose it. Wrong words, lengths and missing values are read.
    Fix: Fix the line that is named. Every fault is reported, not only the first.
    """


def unreadable_findings(faults: Iterable[ReadingFault]) -> list[Finding]:
    """P0-01: one finding for each reason why a text is no profile. Line and column are in the message."""
    findings = []
    for fault in faults:
        position = f"line {fault.line}, column {fault.column or 1}: " if fault.line is not None else ""
        findings.append(Finding("P0-01", "error", fault.path or (), position + fault.message, fault.fix))
    return findings


@check("P0-02", "info", "the pod's release is not given or not known", news_26d.PUBLISHED)
def release_not_given(setup: Indexed) -> Iterator[Flaw]:
    """Several checks depend on the release of the pod. Without it they follow the newest release known here, 26D, one
    level lower than they would be. Of a later release nothing is known yet: they follow 26D as it is.

    Why: Oracle changes the rules four times a year: what 25D accepts, 26C refuses.
    Fix: Enter the release under [pod], for example 25D.
    """
    if setup.release is None:
        given = text(setup.single("pod"), "release")
        said = f"{quoted(given)} is no release" if given else "the pod's release is not given"
        message = f"{said}: checks that depend on it follow {NEWEST}, one level lower"
        yield Flaw(("pod", "release"), message, "enter two digits and a letter from A to D, for example 25D")
    elif setup.release > NEWEST:
        message = f"nothing is known here of {setup.release} yet: checks that depend on the release follow {NEWEST}"
        yield Flaw(("pod", "release"), message, "read Oracle's news of the release, and update omtui when it is known")


_POD_LABEL = re.compile(r"(?:(?:fa|login)-[a-z0-9]+(?:-saasfaprod\d+)?|[a-z0-9]+-saasfaprod\d+)|[a-z]{4}")
_PILLARS = ("fa", "fs", "fin", "scm", "hcm", "crm", "prc")


@check("P0-05", "warning", "environment and pod host disagree", oracle_pages.OWN)
def environment_and_host(setup: Indexed) -> Iterator[Flaw]:
    """The first label of a pod's host usually says which environment it is: -test, -dev1, or nothing for production.
    Here it says something else than the profile.

    Why: Production is guarded by what the profile says. A production pod in a profile that says test is not guarded.
    Fix: Correct profile.environment, or the host.
    """
    # Looks at the pod and at the rows of the topology, at each host once.
    environment = setup.environment
    seen: set[str] = set()
    for path, host in pod_hosts(setup.data):
        if host in seen:
            continue
        seen.add(host)
        said = environment_hint(host)
        if environment == "production" and said:
            message = f"the host {quoted(host)} is that of a {said} pod, and the profile says production"
            yield Flaw(path, message, "enter the production host, or correct profile.environment")
        elif environment in ("test", "development") and not said and _looks_like_production(host):
            message = f"the host {quoted(host)} says neither -test nor -dev, and the profile says {environment}"
            yield Flaw(path, message, f"enter the {environment} host, or correct profile.environment")


def _looks_like_production(host: str) -> bool:
    """Whether a host has the form of an Oracle pod, so that no -test in it means something."""
    labels = host.split(".")
    if not _POD_LABEL.fullmatch(labels[0]):
        return False
    return "-" in labels[0] or (len(labels) > 2 and labels[1] in _PILLARS)


@check("P0-09", "warning", "an accepted finding does not count", oracle_pages.OWN)
def waiver(setup: Indexed, context: CheckContext) -> Iterator[Flaw]:
    """A waiver has expired, gives no reason, or names a check, a place or a release that does not exist. It accepts
    nothing, and the finding counts again.

    Why: An accepted finding is a decision of somebody, for a reason and a time. Without these nobody can renew it.
    Fix: Give reason and end, correct check and place, or remove the waiver.
    """
    known: KnownNames | None = None
    offered: dict[str, KnownNames] = {}
    for path, record in setup.records("waivers"):
        id = text(record, "check")
        if id not in CHECKS:
            known = known or KnownNames(CHECKS)
            said = f"{quoted(id)} is no check" if id else "the waiver names no check"
            fix = known.offer(id, "enter the id of the finding, for example S8-06")
            yield Flaw((*path, "check"), said, fix, enter=known.nearest(id), chooses=True)
        if where := text(record, "where"):
            yield from _names_nothing(setup, (*path, "where"), where, offered)
        if not text(record, "reason").strip():
            message = "the waiver gives no reason and does not count"
            yield Flaw((*path, "reason"), message, "write why the finding is accepted")
        if (release := record.get("release")) not in (None, "") and Release.parse(release) is None:
            message = f"{quoted(release)} is no release: a change of Oracle's is not compared with it"
            yield Flaw((*path, "release"), message, "enter the pod's release on which it was accepted, for example 25D")
        if has_passed(record.get("until"), context.today):
            message = f"the waiver counted until {record['until']}, which has passed"
            yield Flaw((*path, "until"), message, "fix the finding, or accept it again with a later day")


def counts(waiver: Mapping[str, object], today: date) -> bool:
    """Whether a waiver counts: it gives a reason, and its last day has not passed."""
    return bool(text(waiver, "reason").strip()) and not has_passed(waiver.get("until"), today)


def _names_nothing(setup: Indexed, path: Path, where: str, offered: dict[str, KnownNames]) -> Iterator[Flaw]:
    """`offered` keeps the names of each table from one waiver to the next."""
    place = parse(where)
    if isinstance(place, NotAPlace):
        message = f"{quoted(where)} is no place: column {place.column}, {place.message}"
        yield Flaw(path, message, "write it as the finding shows it, for example connectors[Connector01].url")
        return
    found = resolve(setup.data, place)
    nothing = found if isinstance(found, NotFound) else _unknown_field(setup, place, found)
    if nothing is not None:
        names = offered.setdefault(str(nothing.where), KnownNames(nothing.known))
        fix = names.offer(nothing.missing.strip("[]"), "correct the place, or remove the waiver")
        yield Flaw(path, f"{quoted(where)} names nothing: there is no {quoted(nothing.missing)}", fix)


def _unknown_field(setup: Indexed, place: Place, path: Path) -> NotFound | None:
    """Where the last part of a place is neither set nor a field that could be."""
    table = table_at(path[:-1])
    name = path[-1]
    if table is None or not isinstance(name, str):
        return None
    known = (*table.by_name, *children(table.path))
    if name in known or found_at(setup.data, path) is not None:
        return None
    return NotFound(Place(place.parts[:-1]), name, known)


@check("P0-11", "error", "not looked at since the pod was refreshed", oracle_pages.OWN)
def not_ticked_since_refresh(setup: Indexed, context: CheckContext) -> Iterator[Flaw]:
    """The pod was overwritten with a copy of another one, and this record, which belongs to one environment only, has
    not been ticked in the walk-through since.

    Why: A refresh brings production's hosts, users and credentials into a test pod. Until they are entered again, the
    test pod calls production.
    Fix: Enter the record in the pod again and tick it: omtui runbook PROFILE --after-refresh lists them.
    """
    # Reports nothing as long as no walk-through is kept for the profile: `omtui refreshed` begins one.
    refreshed = day_of(setup.single("pod").get("refreshed_on"))
    if context.progress is None or refreshed is None:
        return
    ticked: dict[str, date] = {}
    for done in context.progress:
        on = day_of(done.get("on"))
        if on is not None:
            place = str(done.get("place", ""))
            ticked[place] = max(on, ticked.get(place, on))
    for name in _OVERWRITTEN:
        table = TABLES[name]
        bound = [field.name for field in table.fields if field.travels == "environment"]
        task = task_of(name)
        step = ticked.get(task.step) if task else None
        for path, record in setup.records(name):
            if is_predefined(record) or not any(record.get(field) for field in bound):
                continue
            last = max(filter(None, (step, ticked.get(str(setup.place(path))))), default=None)
            if last is None or last < refreshed:
                when = f"ticked on {last}" if last else "never ticked"
                message = f"the pod was refreshed on {refreshed}, and {_called(name, record)} was {when}"
                yield Flaw(path, message, "enter it in the pod again, then tick it with omtui tick")


_OVERWRITTEN = ("integration_users", "connectors", "certificates")
"""What a refresh overwrites in the pod and what belongs to one environment: users, connectors, certificates."""


def _called(table: str, record: Record) -> str:
    description = TABLES[table]
    key = text(record, description.key or "")
    return f"{a(description.singular)} without a name" if not key else f"the {description.singular} {quoted(key)}"


@check("P0-12", "error", "a merge that is not finished", oracle_pages.OWN)
def unsettled_merge(context: CheckContext) -> Iterator[Flaw]:
    """A comment # CONFLICT is left in the profile or its mapping, or the progress or map file next to the profile
    cannot be read, for example because Git's conflict markers are in it.

    Why: Nobody has decided yet which of two values is right. Ticks that cannot be read count as not there, and nothing
    is promoted from or to such a profile.
    Fix: Decide for one value, then take the comment or the markers out. omtui merge merges progress and map files.
    """
    # What was found in the texts; the data alone do not show it.
    for path, message in context.unsettled:
        yield Flaw(path, message, "decide, then take the comment or the markers out")
