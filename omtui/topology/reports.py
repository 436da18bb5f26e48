"""A review for people and for programs: text, JSON, JUnit, CSV and Prometheus. The HTML page is `report_page`."""

from __future__ import annotations

import io
import json
import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from omtui.plain_text import plain
from omtui.topology.result import ProbeResult, ProbeReview, moment, worst_results_first
from omtui.topology.words import WORDS

_MARKS = {"ok": "ok  ", "warned": "warn", "failed": "FAIL"}


def text(review: ProbeReview, *, width: int = 100) -> str:
    """A list for people, the worst first: a line for each endpoint, what is wrong and what to do below it."""
    width = max(60, width)
    results = worst_results_first(review.results)
    name_width = min(32, max((len(plain(result.target.name)) for result in results), default=0))
    word_width = max((len(result.verdict.outcome) for result in results), default=0)
    lines = []
    for result in results:
        where = plain(result.target.url or f"{result.target.host}:{result.target.port}")
        name = _cut(plain(result.target.name), name_width)
        line = f"{_MARKS[_state(result)]}  {result.verdict.outcome:<{word_width}}  {name:<{name_width}}  {where}"
        lines.append(_cut(line, width))
        if result.verdict.faults:
            lines += _wrapped(result.verdict.message, width)
            lines += _wrapped(result.verdict.advice, width, mark="-> ")
        for note in result.verdict.notes:
            if not note.startswith("seen from here"):
                lines += _wrapped(note, width, mark="note: ")
    for skipped in review.skipped:
        lines.append(_cut(f"skip  {plain(skipped.place)}: {plain(skipped.reason)}", width))
    counts = review.counts
    if lines:
        lines.append("")
    lines += textwrap.wrap(
        f"{counts['ok']} ok ({counts['warned']} with a warning), {counts['failed']} failed,"
        f" seen from {plain(review.vantage)} ({plain(review.machine)}) at {moment(review.started)}",
        width,
    )
    if any(result.target.caller in ("fusion", "integration-cloud") for result in results):
        lines += textwrap.wrap(
            "Whether Oracle Fusion or Integration Cloud itself reaches an endpoint, no probe from here can show.", width
        )
    if review.interrupted:
        lines.append("The review was interrupted; what is reported as cancelled was not finished.")
    return "\n".join(lines) + "\n"


def _state(result: ProbeResult) -> str:
    return "failed" if not result.ok else "warned" if result.warned else "ok"


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"


def _wrapped(sentence: str, width: int, *, mark: str = "") -> list[str]:
    indent = " " * 6
    return textwrap.wrap(mark + sentence, width, initial_indent=indent, subsequent_indent=indent + " " * len(mark))


def as_json(review: ProbeReview) -> str:
    """One JSON document with the public keys of `omtui probe`, in ASCII: no terminal can be harmed by it."""
    return "".join((*_lines_of_json(review.document(), ""), "\n"))


def several_as_json(reviews: Sequence[ProbeReview]) -> str:
    """Several reviews as one document, with the counts of all."""
    counts = {name: sum(each.counts[name] for each in reviews) for name in reviews[0].counts}
    parts = (part for each in reviews for part in (",\n    ", *_lines_of_json(each.document(), "    ")))
    next(parts)
    return "".join(('{\n  "profiles": [\n    ', *parts, f'\n  ],\n  "counts": {json.dumps(counts)}\n}}\n'))


def _lines_of_json(document: dict[str, Any], indent: str) -> Iterator[str]:
    """A line for each endpoint, to be searched and compared; laid out further, thousands cost seconds to write."""
    opening = "{"
    for key, value in document.items():
        yield f"{opening}\n{indent}  {json.dumps(key)}: "
        if isinstance(value, list) and value:
            yield f"[\n{indent}    " + f",\n{indent}    ".join(map(json.dumps, value)) + f"\n{indent}  ]"
        else:
            yield json.dumps(value)
        opening = ","
    yield f"\n{indent}}}"


def junit(review: ProbeReview) -> str:
    """JUnit XML: a test case for each endpoint, its faults as one failure; warnings are in `system-out`."""
    from xml.sax.saxutils import escape, quoteattr

    def attribute(value: object) -> str:
        return quoteattr(plain(value))

    results = worst_results_first(review.results)
    seconds = sum(result.evidence.times.total() for result in results) / 1000
    counts = review.counts
    suite = (
        f'name={attribute(f"topology review of {review.profile}")} tests="{len(results)}" failures="{counts["failed"]}"'
        f' errors="0" skipped="0" time="{seconds:.3f}" timestamp="{moment(review.started).removesuffix("Z")}"'
        f" hostname={attribute(review.machine or review.vantage)}"
    )
    cases = []
    for result in results:
        verdict = result.verdict
        inner = ""
        if not result.ok:
            body = escape(plain(f"{verdict.message} {verdict.advice}"))
            inner = f"<failure message={attribute(verdict.message)} type={attribute(verdict.outcome)}>{body}</failure>"
        elif result.warned:
            inner = f"<system-out>{escape(plain(f'{verdict.message} {verdict.advice}'))}</system-out>"
        cases.append(
            f"    <testcase classname={attribute(f'topology.{review.vantage}')} name={attribute(result.target.name)}"
            f' time="{result.evidence.times.total() / 1000:.3f}">{inner}</testcase>'
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="omtui probe" tests="{len(results)}" failures="{counts["failed"]}" errors="0"'
        f' time="{seconds:.3f}">\n  <testsuite {suite}>\n' + "".join(f"{case}\n" for case in cases) + "  </testsuite>\n"
        "</testsuites>\n"
    )


CSV_COLUMNS = (
    "name", "vantage", "host", "port", "url", "expect", "caller", "outcome", "ok", "faults", "message", "advice",
    "resolve_ms", "connect_ms", "tls_ms", "http_ms", "addresses", "tls_version", "certificate_subject",
    "certificate_not_after", "certificate_days_left", "http_status", "used_by", "at",
)  # fmt: skip


def csv(review: ProbeReview) -> str:
    """RFC 4180 with a header line. What a spreadsheet would take for a formula is marked as text by a `'`."""
    import csv as writer_of

    out = io.StringIO()
    writer = writer_of.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for result in worst_results_first(review.results):
        row = result.document()
        tls, http, times = row["tls"] or {}, row["http"] or {}, row["milliseconds"]
        writer.writerow(
            map(
                spreadsheet_cell,
                (
                    row["name"], row["vantage"], row["host"], row["port"], row["url"], row["expect"], row["caller"],
                    row["outcome"], "yes" if row["ok"] else "no", " ".join(row["faults"]), row["message"],
                    row["advice"], times["resolve"], times["connect"], times["tls"], times["http"],
                    " ".join(row["addresses"]), tls.get("version"), tls.get("subject"), tls.get("not_after"),
                    tls.get("days_left"), http.get("status"), " ".join(row["used_by"]), row["at"],
                ),
            )
        )  # fmt: skip
    return out.getvalue()


def spreadsheet_cell(value: object) -> str:
    """A value as a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    cell = plain(value)
    return f"'{cell}" if cell.lstrip()[:1] in ("=", "+", "-", "@") or cell[:1] in ("\t", "\r") else cell


def prometheus(review: ProbeReview) -> str:
    """A textfile for the node exporter: one series for each endpoint, named by profile, vantage, name, host, port."""
    results = worst_results_first(review.results)
    out: list[str] = []

    def metric(name: str, help_text: str, value: Callable[[ProbeResult], float | None]) -> None:
        rows = [(result, seen) for result in results if (seen := value(result)) is not None]
        if rows:
            out.append(f"# HELP {name} {help_text}")
            out.append(f"# TYPE {name} gauge")
            out.extend(f"{name}{{{_labels(review, result)}}} {_number(seen)}" for result, seen in rows)

    metric("omtui_probe_ok", "Whether what was expected of the endpoint holds (1) or not (0).", lambda r: float(r.ok))
    metric("omtui_probe_warned", "Whether the endpoint is ok, but has a warning.", lambda r: float(r.warned))
    metric(
        "omtui_probe_certificate_not_after_seconds",
        "When the endpoint's certificate ends, in seconds since 1970.",
        lambda r: r.evidence.tls.leaf.not_after if r.evidence.tls and r.evidence.tls.leaf else None,
    )
    metric(
        "omtui_probe_http_status",
        "The HTTP status of the last answer.",
        lambda r: float(r.evidence.http.status) if r.evidence.http else None,
    )
    metric("omtui_probe_at_seconds", "When the endpoint was probed, in seconds since 1970.", lambda r: r.at)
    out.append("# HELP omtui_probe_outcome The outcome word of the endpoint; 1 for the one that holds.")
    out.append("# TYPE omtui_probe_outcome gauge")
    out.extend(
        f'omtui_probe_outcome{{{_labels(review, result)},outcome="{result.verdict.outcome}",'
        f'layer="{WORDS[result.verdict.outcome].layer}"}} 1'
        for result in results
    )
    out.append("# HELP omtui_probe_duration_seconds How long each phase took.")
    out.append("# TYPE omtui_probe_duration_seconds gauge")
    for result in results:
        times = result.evidence.times
        phases = {
            "resolve": times.resolve, "connect": times.connect, "tls": times.tls, "http": times.http,
            "wsdl": times.wsdl,
        }  # fmt: skip
        out.extend(
            f'omtui_probe_duration_seconds{{{_labels(review, result)},phase="{phase}"}} {_number(took / 1000)}'
            for phase, took in phases.items()
            if took is not None
        )
    return "\n".join(out) + "\n"


def _labels(review: ProbeReview, result: ProbeResult) -> str:
    target = result.target
    pairs = (
        ("profile", review.profile),
        ("vantage", result.vantage),
        ("name", target.name),
        ("host", target.host),
        ("port", str(target.port)),
    )
    return ",".join(f'{label}="{_label(value)}"' for label, value in pairs)


def _label(value: str) -> str:
    return plain(value).replace("\\", "\\\\").replace('"', '\\"')


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.6f}"


FORMATS: dict[str, Callable[[ProbeReview], str]] = {
    "text": text,
    "json": as_json,
    "junit": junit,
    "csv": csv,
    "prometheus": prometheus,
}
"""The formats of `omtui probe --format`."""
