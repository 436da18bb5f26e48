"""Applies every check to a profile, and the profile's waivers to the findings; sorted by the order of the file."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import import_module

from omtui.checks.finding import LEVELS, CheckContext, Finding, Flaw, Level, ShownFinding
from omtui.checks.profile_checks import counts
from omtui.checks.registry import CHECKS, Check, level_on
from omtui.checks.secret_texts import hidden, secret_words
from omtui.plain_text import plain, without_passwords
from omtui.setup.catalogue import children, step_of
from omtui.setup.indexed import Indexed, text
from omtui.setup.place import Data, NotAPlace, Path, Place, found_at, parse
from omtui.setup.release import NEWEST, Release
from omtui.setup.table import Record
from omtui.store.change import MISSING, Insert, Operation, Remove, Set

MODULES = (
    "profile_checks",
    "format_checks",
    "character_checks",
    "library_checks",
    "flow_checks",
    "roles_checks",
    "answer_checks",
    "task_type_checks",
    "process_checks",
    "step_checks",
    "source_system_checks",
    "planning_system_checks",
    "connector_checks",
    "connector_url_checks",
    "topology_checks",
    "routing_checks",
    "rule_logic_checks",
    "rule_word_checks",
    "event_checks",
    "jeopardy_checks",
    "comparison_checks",
)
"""The modules of checks, in the order of the set-up."""


@cache
def all_checks() -> Mapping[str, Check]:
    """Every check by its id, sorted as the list of checks is: P0, F, S0 to S8, D."""
    for name in MODULES:
        import_module(f"omtui.checks.{name}")
    groups = ("P0", "F", *(f"S{number}" for number in range(9)), "D")
    return dict(sorted(CHECKS.items(), key=lambda item: (groups.index(item[0].partition("-")[0]), item[0])))


def run(setup: Indexed, context: CheckContext) -> list[Finding]:
    """Everything that is wrong with a profile, sorted by its place in the file. Accepted findings are among it."""
    found: list[tuple[Finding, Flaw]] = []
    for check in all_checks().values():
        level = level_on(setup.release, check.since, check.level, check.before, check.announced)
        if level is None:
            continue
        found += (
            (_finding(check.id, flaw.level or level, flaw, setup.data), flaw) for flaw in check.flaws(setup, context)
        )
    better = {(finding.check, finding.path) for finding, _ in found}
    judged = {finding.path for finding, flaw in found if all_checks()[finding.check].judges_fields}
    found = [
        (finding, flaw)
        for finding, flaw in found
        if not (flaw.general and finding.path in judged)
        and not any((check, finding.path) in better for check in flaw.unless)
    ]
    order = _FileOrder(setup.data)
    findings = _without_secrets([finding for finding, _ in found], setup.data)
    findings.sort(key=lambda finding: (order(finding.path), finding.check))
    return findings


def _finding(id: str, level: Level, flaw: Flaw, data: Data) -> Finding:
    operations = flaw.fix_operations(data)
    return Finding(id, level, flaw.path, flaw.message, flaw.fix, operations, flaw.chooses)


def _without_secrets(findings: list[Finding], data: Data) -> list[Finding]:
    """The findings, with nothing in them that P0-04 found, not even a part of it that a fix repeats."""
    secrets: set[str] = set()
    for finding in findings:
        if finding.check == "P0-04":
            secrets |= secret_words(str(found_at(data, finding.path)))
    if not secrets:
        return findings
    safe = []
    for finding in findings:
        said = f"{finding.message} {finding.fix}".lower()
        if any(secret in said for secret in secrets):
            message, fix = "the value holds a secret and is not shown", "remove the secret first, see P0-04"
            finding = replace(finding, message=message, fix=fix, operations=())
        safe.append(finding)
    return safe


def results(
    setup: Indexed,
    findings: Iterable[Finding],
    today: date,
    line_of: Callable[[Path], int | None] | None = None,
) -> list[ShownFinding]:
    """Findings as they are shown: each with its place and line, and whether a waiver of the profile accepts it.

    `line_of` gives the line of a path in the file, from 1.
    """
    waivers = _Waivers(setup, today)
    shown = []
    for finding in findings:
        path = finding.path
        element = path and isinstance(path[-1], int) and not isinstance(found_at(setup.data, path), dict)
        place = setup.place(path[:-1] if element else path)
        waived, why = waivers.judge(finding, place)
        if why and not waived:
            finding = replace(finding, message=f"{finding.message}; {why}")
        line, step = line_of(path) if line_of else None, _step(setup.data, path)
        reason, lapsed = (why, "") if waived else ("", why)
        operations = tuple(_for_programs(setup, each) for each in finding.operations)
        shown.append(ShownFinding(finding, hidden(plain(place)), line, waived, reason, lapsed, step, operations))
    return shown


def _for_programs(setup: Indexed, operation: Operation) -> dict[str, object]:
    """An operation with the place of what it changes: the field, or the list that gets or loses a record."""
    where = hidden(plain(setup.place(operation.path)))
    if isinstance(operation, Set) and operation.new is not MISSING:
        new = operation.new
        return {"op": "set", "where": where, "value": hidden(without_passwords(new)) if isinstance(new, str) else new}
    value = operation.record if isinstance(operation, Insert | Remove) else None
    return {"op": "add" if isinstance(operation, Insert) else "remove", "where": where, "value": value}


def _step(data: Data, path: Path) -> str:
    """The setup task that a path belongs to."""
    if not path:
        return "profile"
    record = found_at(data, path[:2]) if len(path) > 1 else None
    return step_of(str(path[0]), record if isinstance(record, dict) else None)


class _Waivers:
    """The accepted findings of a profile that still count."""

    def __init__(self, setup: Indexed, today: date) -> None:
        self._release = setup.release or NEWEST
        self._by_check: dict[str, list[tuple[Place | None, Record]]] = {}
        for found in setup.records("waivers"):
            if not counts(found.record, today):
                continue
            where = text(found.record, "where")
            place = parse(where) if where else None
            if isinstance(place, NotAPlace):
                continue
            self._by_check.setdefault(text(found.record, "check"), []).append((place, found.record))

    def judge(self, finding: Finding, place: Place) -> tuple[bool, str]:
        """Whether a finding is accepted, and why; or why it is not any more.

        A waiver covers its place and everything inside it, up to the level at which the finding was accepted.
        """
        why = ""
        for where, waiver in self._by_check.get(finding.check, ()):
            if where is None or place.within(where):
                why = self._lapsed(finding, waiver)
                if not why:
                    return True, text(waiver, "reason")
        return False, why

    def _lapsed(self, finding: Finding, waiver: Record) -> str:
        check = all_checks()[finding.check]
        given = text(waiver, "level")
        limit = given if given in LEVELS else check.lowest
        if LEVELS.index(finding.level) < LEVELS.index(limit):
            noted = "" if given in LEVELS else " (no level is noted with it)"
            return f"it was accepted up to {limit}{noted}, and is worse now"
        accepted_on = Release.parse(text(waiver, "release"))
        for fact in check.facts if accepted_on else ():
            assert accepted_on is not None
            if changed := fact.changed(accepted_on, self._release):
                return f"it was accepted on {accepted_on}, and what it is about changed with {changed}"
        return ""


class _FileOrder:
    """Sort keys for paths: the order of keys and records in the file.

    What is not set comes first in its record; a table that is missing is where it would be entered.
    """

    def __init__(self, data: Data) -> None:
        self._data = data
        self._ranks: dict[int, dict[str, int]] = {}
        ranks = {name: 2 * number for number, name in enumerate(data)}
        last = -1
        for name in children(""):
            last = ranks.setdefault(name, last | 1)
        self._ranks[id(data)] = ranks

    def __call__(self, path: Path) -> tuple[int, ...]:
        here: object = self._data
        key: list[int] = []
        for part in path:
            if isinstance(part, int):
                key.append(part)
                here = here[part] if isinstance(here, list) and part < len(here) else None
            elif isinstance(here, dict):
                ranks = self._ranks.get(id(here))
                if ranks is None:
                    ranks = self._ranks[id(here)] = {name: number for number, name in enumerate(here)}
                key.append(ranks.get(part, -1))
                here = here.get(part)
            else:
                key.append(-1)
        return tuple(key)
