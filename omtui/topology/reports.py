"""A review as text for people, and as JSON and Prometheus for programs."""

from __future__ import annotations

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
        where = plain(result.target.address)
        name = _cut(plain(result.target.name), name_width)
        line = f"{_MARKS[result.state]}  {result.verdict.outcome:<{word_width}}  {name:<{name_width}}  {where}"
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
        out.extend(
            f'omtui_probe_duration_seconds{{{_labels(review, result)},phase="{phase}"}} {_number(took / 1000)}'
            for phase, took in result.evidence.times.phases().items()
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
    "prometheus": prometheus,
}
"""Those of the formats of `omtui probe --format` that are no documents."""
