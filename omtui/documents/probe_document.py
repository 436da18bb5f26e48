"""A topology review as a page for a change-approval ticket, as rows for spreadsheets, and as test results."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from omtui.documents.junit import Case, Suite
from omtui.documents.model import (
    Bars,
    Cell,
    FactList,
    Paragraph,
    Part,
    ReportDocument,
    Section,
    Style,
    StyledText,
    table_section,
)
from omtui.plain_text import plain
from omtui.topology.evidence import CertificateFacts
from omtui.topology.expiry import ending_words
from omtui.topology.result import ProbeResult, ProbeReview, ResultState, moment, worst_results_first
from omtui.topology.verdict import day

_STYLES: Final[Mapping[ResultState, Style]] = {"ok": "good", "warned": "warn", "failed": "bad"}

_NOT_SEEN: Final = (
    "Whether Oracle Fusion or Integration Cloud itself reaches an endpoint, no probe from another place can show."
)

CSV_COLUMNS: Final = (
    "name", "vantage", "host", "port", "url", "expect", "caller", "outcome", "ok", "faults", "message", "advice",
    "resolve_ms", "connect_ms", "tls_ms", "http_ms", "addresses", "tls_version", "certificate_subject",
    "certificate_not_after", "certificate_days_left", "http_status", "used_by", "at",
)  # fmt: skip


def probe_document(review: ProbeReview) -> ReportDocument:
    """The review: how it ended, a table of the endpoints, each endpoint in detail, what was not probed."""
    results = worst_results_first(review.results)
    counts = review.counts
    ended = f" to {moment(review.finished)}" if review.finished is not None else ""
    seen = f"Seen from {review.vantage} ({review.machine}), {moment(review.started)}{ended}, omtui {review.version}"
    ok, warned = StyledText(f"{counts['ok']} ok", "good"), StyledText(f"{counts['warned']} with a warning", "warn")
    parts: list[Part] = [
        Paragraph((seen,), "pale"),
        Paragraph((ok, " (", warned, "), ", StyledText(f"{counts['failed']} failed", "bad"))),
        Paragraph((_NOT_SEEN,), "pale"),
    ]
    if review.interrupted:
        parts.append(Paragraph(("The review was interrupted: not every endpoint was probed.",), "bad"))
    columns = ("State", "Outcome", "Endpoint", "Address", "Certificate", "Time")
    parts.append(table_section("Endpoints", columns, map(_row, results)))
    parts.append(Section("Details", tuple(map(_detail, results))))
    if review.skipped:
        skipped = ((one.place, one.reason) for one in review.skipped)
        parts.append(table_section("Not probed", ("Place", "Reason"), skipped))
    return ReportDocument(f"Topology review of {review.profile}", tuple(parts))


def probe_rows(review: ProbeReview) -> list[Sequence[object]]:
    """A row for each endpoint, the worst first, below the names of the columns."""
    rows: list[Sequence[object]] = [CSV_COLUMNS]
    for result in worst_results_first(review.results):
        row = result.document()
        tls, http, times = row["tls"] or {}, row["http"] or {}, row["milliseconds"]
        cells = (
            row["name"], row["vantage"], row["host"], row["port"], row["url"], row["expect"], row["caller"],
            row["outcome"], "yes" if row["ok"] else "no", " ".join(row["faults"]), row["message"],
            row["advice"], times["resolve"], times["connect"], times["tls"], times["http"],
            " ".join(row["addresses"]), tls.get("version"), tls.get("subject"), tls.get("not_after"),
            tls.get("days_left"), http.get("status"), " ".join(row["used_by"]), row["at"],
        )  # fmt: skip
        rows.append([plain(value) if isinstance(value, str) else value for value in cells])
    return rows


def probe_suite(review: ProbeReview) -> Suite:
    """A test for each endpoint: its faults are one failure, a warning is its output."""
    cases = []
    for result in worst_results_first(review.results):
        verdict = result.verdict
        details = f"{verdict.message} {verdict.advice}"
        cases.append(
            Case(
                f"topology.{review.vantage}",
                result.target.name,
                result.evidence.times.total() / 1000,
                (verdict.message, verdict.outcome, details) if not result.ok else None,
                output=details if result.warned else "",
            )
        )
    more = {"timestamp": moment(review.started).removesuffix("Z"), "hostname": review.machine or review.vantage}
    return Suite(f"topology review of {review.profile}", cases, more)


def _row(result: ProbeResult) -> tuple[Cell, ...]:
    tls = result.evidence.tls
    leaf = tls.leaf if tls is not None else None
    style = _STYLES[result.state]
    return (
        StyledText("warning" if result.warned else result.state, style),
        StyledText(result.verdict.outcome, style),
        result.target.name,
        result.target.address,
        ending_words(leaf.not_after, result.at) if leaf is not None else "",
        f"{result.evidence.times.total():.0f} ms",
    )


def _detail(result: ProbeResult) -> Section:
    verdict, times = result.verdict, result.evidence.times
    parts: list[Part] = [Paragraph((words,)) for words in (verdict.message, verdict.advice) if words]
    if times.total() > 0:
        phases = times.phases()
        took = ", ".join(f"{name} {each:.1f} ms" for name, each in phases.items() if each is not None)
        parts += [Bars(tuple(each or 0.0 for each in phases.values())), Paragraph((took,), "pale")]
    parts.append(FactList(tuple((label, value) for label, value in _facts(result) if value)))
    return Section(f"{verdict.outcome} · {result.target.name}", tuple(parts), 3, style=_STYLES[result.state])


def _facts(result: ProbeResult) -> Iterator[tuple[str, str]]:
    target, evidence = result.target, result.evidence
    yield "Address", target.address
    yield "Expected", f"{target.expect}, for {target.caller}"
    yield "Used by", ", ".join(target.used_by)
    yield "Connections", ", ".join(f"{one.address} {one.word}" for one in evidence.addresses)
    yield "Proxy", evidence.proxy
    tls, http, wsdl = evidence.tls, evidence.http, evidence.wsdl
    if tls is not None:
        yield "TLS", f"{tls.version} {tls.cipher}".strip()
        for at, certificate in enumerate(tls.chain):
            yield "Certificate" if at == 0 else "Issued by", _certificate(certificate)
        yield "Names", ", ".join(tls.leaf.names) if tls.leaf else ""
        yield "Judged by", tls.trust_store
    if http is not None:
        yield "HTTP", f"{http.status} {http.reason}".strip()
        yield "Server", http.server
        yield "Location", http.location
        yield "Content type", http.content_type
    if wsdl is not None:
        yield "Service", ", ".join(wsdl.services)
        yield "Namespace", wsdl.namespace
        yield "Operations", ", ".join(wsdl.operations)
    yield from (("Note", note) for note in result.verdict.notes)


def _certificate(certificate: CertificateFacts) -> str:
    return (
        f"{certificate.subject}, {certificate.key}, {day(certificate.not_before)} to {day(certificate.not_after)},"
        f" SHA-256 {certificate.fingerprint}"
    )
