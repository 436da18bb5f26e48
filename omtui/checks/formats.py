"""Findings as text for people, and as json, sarif and github for other programs."""

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence

from omtui import __version__
from omtui.checks.finding import Level, ShownFinding, counts_words
from omtui.checks.registry import Check
from omtui.checks.report import Report, count
from omtui.checks.running import all_checks
from omtui.plain_text import plain
from omtui.setup.catalogue import TASKS
from omtui.setup.values import json_value

_COLOURS: dict[Level, str] = {"error": "1;31", "warning": "33", "info": "36"}

_SARIF_LEVELS: dict[Level, str] = {"error": "error", "warning": "warning", "info": "note"}

_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_GITHUB_LEVELS: dict[Level, str] = {"error": "error", "warning": "warning", "info": "notice"}


def text(reports: Sequence[Report], *, width: int = 80, colour: bool = False) -> str:
    """For people: by setup task, with line, place and fix. Lines are broken at `width`."""
    blocks = [_text_of(report, max(width, 40), colour) for report in reports]
    if len(reports) > 1:
        blocks.append(f"{len(reports)} profiles: {_counted(count(reports), sum(r.accepted for r in reports))}\n")
    return "\n".join(blocks)


def _text_of(report: Report, width: int, colour: bool) -> str:
    facts = ", ".join(plain(fact) for fact in (report.environment, report.release) if fact)
    name = plain(report.profile)
    lines = [f"{name} ({facts}): " if facts else f"{name}: "]
    lines[0] += _counted(report.counts, report.accepted)
    for heading, results in _by_task(report.results):
        lines += ["", _painted(heading, "1", colour)]
        for result in results:
            lines += _text_of_result(result, width, colour)
    if report.results:
        lines += ["", f"{name}: {_counted(report.counts, report.accepted)}"]
    return "\n".join(lines) + "\n"


def _text_of_result(result: ShownFinding, width: int, colour: bool) -> list[str]:
    finding = result.finding
    word, paint = ("accepted", "2") if result.waived else (finding.level, _COLOURS[finding.level])
    where = plain(result.place) or "the file"
    line = f", line {result.line}" if result.line else ""
    lines = [f"  {_painted(f'{word:<8}', paint, colour)}  {finding.check}  {where}{line}"]
    lines += _wrapped(plain(finding.message), width)
    if result.waived:
        lines += _wrapped(f"accepted: {plain(result.reason)}", width)
    elif finding.fix:
        lines += _wrapped(f"fix: {plain(finding.fix)}", width)
    return lines


def _wrapped(words: str, width: int) -> list[str]:
    indent = " " * 12
    return textwrap.wrap(
        words,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _painted(words: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{words}\x1b[0m" if colour else words


def _by_task(results: Iterable[ShownFinding]) -> Iterable[tuple[str, list[ShownFinding]]]:
    """The results by the setup task they belong to, in the order of the set-up."""
    groups: dict[str, list[ShownFinding]] = {step: [] for step in ("profile", *(task.step for task in TASKS))}
    for result in results:
        groups[result.step].append(result)
    titles = {
        task.step: task.title if not task.step[0].isdigit() else f"Step {task.step}  {task.title}" for task in TASKS
    }
    return [(titles.get(step, "Profile"), found) for step, found in groups.items() if found]


def _counted(counts: Mapping[Level, int], accepted: int) -> str:
    """`2 errors, 1 warning (1 accepted)`, or `nothing to report`."""
    words = counts_words(counts) or "nothing to report"
    return f"{words} ({accepted} accepted)" if accepted else words


def document(report: Report) -> dict[str, object]:
    """The findings of one profile under the keys of the JSON contract."""
    return {
        "profile": report.profile,
        "release": report.release,
        "findings": [
            {
                "id": result.finding.check,
                "level": result.finding.level,
                "where": result.place,
                "line": result.line,
                "message": result.finding.message,
                "fix": result.finding.fix,
                "waived": result.waived,
                **({"lapsed": result.lapsed} if result.lapsed else {}),
                "operations": list(result.operations),
            }
            for result in report.results
        ],
        "counts": report.counts,
    }


def json(reports: Sequence[Report]) -> str:
    """One document for one profile; several are under `profiles`."""
    from json import dumps

    found: dict[str, object]
    if len(reports) == 1:
        found = document(reports[0])
    else:
        found = {"profiles": [document(report) for report in reports], "counts": count(reports)}
    return dumps(found, indent=2, default=json_value) + "\n"


def sentence(result: ShownFinding, file: str) -> str:
    """One finding in one line: `error connectors[X].url (profiles/dev.toml:57): … Fix: …`."""
    line = f":{result.line}" if result.line else ""
    where = f" ({file}{line})" if file else ""
    finding = result.finding
    word = "accepted" if result.waived else finding.level
    return f"{word} {result.place or 'the file'}{where}: {finding.message}. Fix: {finding.fix}"


def sarif(reports: Sequence[Report]) -> str:
    """SARIF 2.1.0: one run, every check a rule, accepted findings suppressed."""
    from json import dumps

    checks = list(all_checks().values())
    index = {check.id: number for number, check in enumerate(checks)}
    driver = {"name": "omtui", "version": __version__, "rules": [_sarif_rule(check) for check in checks]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _sarif_result(result, report, index[result.finding.check])
            for report in reports
            for result in report.results
        ],
    }
    return dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _sarif_rule(check: Check) -> dict[str, object]:
    rule: dict[str, object] = {
        "id": check.id,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.meaning},
        "help": {"text": f"{check.why}\n\nFix: {check.fix}\n\nOracle: {check.page.title}"},
        "defaultConfiguration": {"level": _SARIF_LEVELS[check.level]},
    }
    if check.page.url:
        rule["helpUri"] = check.page.url
    return rule


def _sarif_result(result: ShownFinding, report: Report, index: int) -> dict[str, object]:
    from hashlib import sha256
    from urllib.parse import quote

    finding = result.finding
    location: dict[str, object] = {}
    if report.file:
        physical: dict[str, object] = {"artifactLocation": {"uri": quote(report.file)}}
        if result.line:
            physical["region"] = {"startLine": result.line}
        location["physicalLocation"] = physical
    if result.place:
        location["logicalLocations"] = [{"fullyQualifiedName": result.place}]
    key = f"{finding.check} {report.profile} {result.place} {finding.message}".encode("utf-8", "backslashreplace")
    shown: dict[str, object] = {
        "ruleId": finding.check,
        "ruleIndex": index,
        "level": _SARIF_LEVELS[finding.level],
        "message": {"text": f"{finding.message}. Fix: {finding.fix}"},
        "partialFingerprints": {"omtuiFinding/v1": sha256(key).hexdigest()},
        "suppressions": [],
    }
    if location:
        shown["locations"] = [location]
    if result.waived:
        shown["suppressions"] = [{"kind": "external", "justification": plain(result.reason)}]
    return shown


def github(reports: Sequence[Report]) -> str:
    """Workflow commands that GitHub shows next to the lines. Accepted findings are left out."""
    lines = []
    for report in reports:
        for result in report.results:
            if result.waived:
                continue
            finding = result.finding
            facts = {"file": report.file, "line": str(result.line or ""), "title": f"{finding.check} {result.place}"}
            given = ",".join(f"{name}={_github_fact(value)}" for name, value in facts.items() if value)
            words = _github_words(f"{finding.message}\nFix: {finding.fix}")
            lines.append(f"::{_GITHUB_LEVELS[finding.level]} {given}::{words}\n")
    return "".join(lines)


def _github_words(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_fact(value: str) -> str:
    return _github_words(value).replace(":", "%3A").replace(",", "%2C")


MACHINE_FORMATS: Mapping[str, Callable[[Sequence[Report]], str]] = {
    "json": json,
    "sarif": sarif,
    "github": github,
}
"""The formats for other programs by name, but for JUnit, which is a document; `text` is the one for people."""
