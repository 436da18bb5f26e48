"""What the review knows and says of one endpoint: its state, verdict, phases, certificates and history."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from textual.content import Content

from omtui.plain_text import plain
from omtui.setup.wording import place_words
from omtui.topology.expiry import days_until, ending_words
from omtui.topology.words import WORDS, Grade

if TYPE_CHECKING:
    from omtui.topology.probe_history import EndpointState, ReviewComparison
    from omtui.topology.result import ProbeResult
    from omtui.topology.target import Target
    from omtui.workbench.signs import Signs

BARS, BARS_ASCII = "▁▂▃▄▅▆▇█", "_.-~=+*#"
WATERFALL = 40
"""Characters for all phases together."""

SHOWN_OPERATIONS = 40


def level_of(outcome: str) -> str:
    """The level, as findings have them, of an outcome word."""
    return {Grade.FAULT: "error", Grade.WARNING: "warning", Grade.FINE: "fine"}[WORDS[outcome].grade]


def sign_of(signs: Signs, outcome: str) -> str:
    """The sign of an outcome word."""
    return signs.fine if level_of(outcome) == "fine" else signs.level(level_of(outcome))


_UNKNOWN = len(WORDS)
"""After everything that is wrong, before everything that is fine."""


class EndpointStates:
    """Results of this run, last states from the history, and the endpoints whose probe is on its way."""

    def __init__(self) -> None:
        self.results: dict[str, ProbeResult] = {}
        self.before: Mapping[str, EndpointState] = {}
        self.waiting: set[str] = set()

    def outcome(self, target: Target) -> str:
        """The present outcome word; empty while it is not known."""
        if target.name in self.waiting:
            return ""
        if (result := self.results.get(target.name)) is not None:
            return result.verdict.outcome
        state = self.before.get(target.name)
        return state.outcome if state is not None and state.outcome in WORDS else ""

    def urgency(self, target: Target) -> tuple[int, float]:
        """The sort key: the worst first, then the certificate that ends first."""
        outcome = self.outcome(target)
        if not outcome:
            return (_UNKNOWN, 0.0)
        severity = WORDS[outcome].severity
        ends = self.certificate_ends(target) or float("inf")
        return (severity if level_of(outcome) != "fine" else _UNKNOWN + severity, ends)

    def certificate_ends(self, target: Target) -> float | None:
        """When its certificate ends, in seconds since 1970."""
        if (result := self.results.get(target.name)) is not None:
            leaf = result.evidence.tls.leaf if result.evidence.tls is not None else None
            return leaf.not_after if leaf is not None else None
        state = self.before.get(target.name)
        return state.certificate_ends if state is not None else None

    def milliseconds(self, target: Target) -> float | None:
        """How long the last probe took."""
        if (result := self.results.get(target.name)) is not None:
            return result.evidence.times.total()
        state = self.before.get(target.name)
        return state.milliseconds if state is not None else None


def sparkline(values: Sequence[float | None], *, ascii_only: bool) -> str:
    """Values as bars of eight heights, the highest one full; a space where there is none."""
    bars = BARS_ASCII if ascii_only else BARS
    top = max((value for value in values if value is not None), default=0.0)
    if top <= 0:
        return ""
    last = len(bars) - 1
    return "".join(" " if value is None else bars[min(last, int(value / top * last + 0.5))] for value in values)


def waterfall(result: ProbeResult, *, ascii_only: bool) -> list[str]:
    """A line for each phase: its name, a bar that begins where the phase before ended, milliseconds."""
    times = result.evidence.times
    total = times.total() or 1.0
    lines, passed = [], 0.0
    for name, took in times.phases().items():
        if took is None:
            continue
        start = min(WATERFALL - 1, round(passed / total * WATERFALL))
        length = max(1, min(WATERFALL - start, round(took / total * WATERFALL)))
        bar = " " * start + ("#" if ascii_only else "█") * length
        lines.append(f"{name:<8} {bar:<{WATERFALL}} {took:8.1f} ms")
        passed += took
    return lines


_YEAR_CELLS = 26
"""Cells of the bar of a certificate: a year, of two weeks each."""


def ending_bar(end: float, now: float, *, ascii_only: bool) -> str:
    """The time that a certificate is still good for, as a bar; a year and more is all of it."""
    days = max(0, days_until(end, now)) if end > now else 0
    full = min(_YEAR_CELLS, -(-days * _YEAR_CELLS // 365))
    return ("#" if ascii_only else "█") * full + ("." if ascii_only else "░") * (_YEAR_CELLS - full)


_LABEL = 17
"""Cells of a label with what is around it."""


def endpoint_detail(
    target: Target,
    result: ProbeResult | None,
    past: Sequence[EndpointState],
    signs: Signs,
    width: int,
    *,
    ascii_only: bool,
    styles: dict[str, str],
) -> Content:
    """Everything that is known of one endpoint, in lines of `width` cells: long values stay in their column."""
    parts: list[Content] = []
    room = max(20, width - _LABEL - 1)

    def heading(words: str) -> None:
        parts.append(Content.styled(f"\n{words}", "bold $accent"))

    def line(label: str, value: object) -> None:
        if value not in ("", None):
            shown = wrap(signs.ascii_text(plain(value)), room, break_on_hyphens=False) or [""]
            parts.append(Content.assemble((f"  {label:<14} ", "dim"), f"\n{' ' * _LABEL}".join(shown)))

    outcome = result.verdict.outcome if result else past[-1].outcome if past else ""
    if outcome:
        parts.append(Content.styled(f"{sign_of(signs, outcome)} {outcome}", f"bold {styles[level_of(outcome)]}"))
    parts += [Content(signs.ascii_text(plain(words))) for words in _sentences(result, past)]
    heading("Endpoint")
    line("Address", target.address)
    line("Expected", f"{target.expect}, judged for {target.caller}")
    line("Service", target.service)
    line("Used by", ", ".join(map(place_words, target.used_by)))
    if result is not None:
        heading("Phases")
        parts += [Content(f"  {each}") for each in waterfall(result, ascii_only=ascii_only)]
        tls = result.evidence.tls
        if tls is not None and tls.leaf is not None:
            heading("Certificate")
            bar = ending_bar(tls.leaf.not_after, result.at, ascii_only=ascii_only)
            parts.append(Content(f"  {bar}  {ending_words(tls.leaf.not_after, result.at)}"))
        for label, value in _facts(result):
            if value is None:
                heading(label)
            else:
                line(label, value)
    if past:
        heading("History")
        seen = "".join(sign_of(signs, each.outcome) for each in past)
        line("States", f"{seen}  {when(past[0].at)} to {when(past[-1].at)}")
        spark = sparkline([each.milliseconds for each in past], ascii_only=ascii_only)
        slowest = max((each.milliseconds or 0.0) for each in past)
        if spark:
            parts.append(
                Content.assemble(("  Latency        ", "dim"), f"{spark}  {past[-1].milliseconds or 0:.0f} ms last, "
                                 f"{slowest:.0f} ms at most")
            )  # fmt: skip
        ends = past[-1].certificate_ends
        line("Certificate", "" if ends is None else ending_words(ends, time.time()))
        for each in list(reversed(past))[:8]:
            line(when(each.at), f"{each.outcome}{'' if each.milliseconds is None else f', {each.milliseconds:.0f} ms'}")
    if target.caller in ("fusion", "integration-cloud"):
        parts.append(Content.styled(f"\n{LIMIT_OF_PROBES}", "dim"))
    return Content("\n").join(parts)


LIMIT_OF_PROBES = "Whether Fusion itself reaches this endpoint, a probe from here cannot show."


def compared_words(compared: ReviewComparison | None, signs: Signs, style: Callable[[str], str]) -> Content:
    """What the newest whole review found otherwise than the one before, and when both were."""
    if compared is None:
        return Content("There are no two reviews of all endpoints yet: a makes one.")
    parts = [
        Content.styled(plain(f"{when(each.started)}, omtui {each.program} on {each.machine}"), "dim")
        for each in (compared.before, compared.after)
    ]
    parts.append(Content(""))
    for each in compared.changes:
        level = {"broken": "error", "fixed": "fine"}.get(each.kind, "warning")
        before, after = (plain(state.outcome) if state else "not there" for state in (each.before, each.after))
        parts.append(
            Content.assemble((f"{each.kind:<8} ", style(level)), f"{plain(each.name)}: {before} {signs.call} {after}")
        )
    if not compared.changes:
        parts.append(Content("Every endpoint was found as before."))
    return Content("\n").join(parts)


def when(seconds: float) -> str:
    """A time of this machine, to the minute."""
    return time.strftime("%m-%d %H:%M", time.localtime(seconds))


def _sentences(result: ProbeResult | None, past: Sequence[EndpointState]) -> Iterator[str]:
    if result is not None:
        yield from (words for words in (result.verdict.message, result.verdict.advice) if words)
        yield from (note for note in result.verdict.notes if not note.startswith("seen from here"))
    elif past:
        yield from (words for words in (past[-1].message, past[-1].advice) if words)
    else:
        yield "It was not probed yet."


def _facts(result: ProbeResult) -> Iterator[tuple[str, object]]:
    """Labels and values; a value of `None` makes the label a heading."""
    evidence = result.evidence
    if len(evidence.addresses) > 1 or evidence.proxy:
        yield "Addresses", None
        for each in evidence.addresses:
            yield each.family, f"{each.address}  {each.word}  {each.detail}".rstrip()
        yield "Proxy", evidence.proxy
    tls = evidence.tls
    if tls is not None:
        yield "TLS", None
        yield "Version", f"{tls.version}  {tls.cipher}".strip()
        yield "Trusted by", tls.trust_store if tls.trust else "nobody"
        for number, certificate in enumerate(tls.chain):
            yield ("Certificate" if number == 0 else "issued by"), certificate.subject
            if number == 0:
                yield "Names", ", ".join(certificate.names) or "none"
            ends = time.strftime("%Y-%m-%d", time.gmtime(certificate.not_after))
            yield "", f"{ending_words(certificate.not_after, result.at)}, until {ends}, {certificate.key}"
        if tls.chain and tls.chain_complete is not None:
            yield "Chain", "complete" if tls.chain_complete else "incomplete"
    http = evidence.http
    if http is not None:
        yield "HTTP", None
        yield "Status", f"{http.status} {http.reason}".strip()
        yield "Server", http.server
        yield "Location", http.location
        yield "Content-Type", http.content_type
        yield "Redirects", f" {'→'} ".join(http.redirects)
        yield "Size", f"{http.body_bytes} bytes"
    wsdl = evidence.wsdl
    if wsdl is not None:
        yield "WSDL", None
        yield "Services", ", ".join(wsdl.services)
        yield "Namespace", wsdl.namespace
        yield "Styles", ", ".join(wsdl.styles)
        more = len(wsdl.operations) - SHOWN_OPERATIONS
        yield "Operations", ", ".join(wsdl.operations[:SHOWN_OPERATIONS]) + (f" and {more} more" if more > 0 else "")
        yield "Imports", ", ".join(f"{url} missing" for url, _ in wsdl.imports_missing)
        if wsdl.certificate is not None:
            yield "Certificate", f"{wsdl.certificate.subject}, {ending_words(wsdl.certificate.not_after, result.at)}"
