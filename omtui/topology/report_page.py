"""One self-contained HTML page of a review, fit to be attached to a change-approval ticket.

No script, no font, no image is loaded from anywhere; all foreign text is escaped, and a content security policy
forbids the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from omtui.plain_text import plain
from omtui.topology.evidence import CertificateFacts
from omtui.topology.expiry import ending_words
from omtui.topology.result import ProbeResult, ProbeReview, moment, worst_results_first
from omtui.topology.verdict import day

_STYLE = """
:root{--ink:#1c2430;--pale:#5a6675;--line:#d5dbe3;--good:#1f7a3f;--warn:#8a5a00;--bad:#b3261e;--back:#fff;--box:#f5f7fa}
@media (prefers-color-scheme:dark){:root{--ink:#e4e8ee;--pale:#9aa6b5;--line:#3a4552;--good:#6fd08f;--warn:#e5b45c;
--bad:#ff8a80;--back:#14181e;--box:#1c222a}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--back);margin:2rem auto;max-width:75rem;
padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}p{margin:.3rem 0}
.pale{color:var(--pale)}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line);
overflow-wrap:anywhere}
th{font-weight:600;white-space:nowrap}td.n{text-align:right;white-space:nowrap}
.ok{color:var(--good)}.warned{color:var(--warn)}.failed{color:var(--bad)}.word{font-weight:600;white-space:nowrap}
section{background:var(--box);border:1px solid var(--line);border-radius:.4rem;padding:.8rem 1rem;margin:.8rem 0;
break-inside:avoid}
section h3{margin:0 0 .3rem;font-size:1rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.5rem 0}
dt{color:var(--pale)}dd{margin:0;overflow-wrap:anywhere}
.bar{display:flex;height:.7rem;border-radius:.2rem;overflow:hidden;margin:.4rem 0;background:var(--line)}
.bar i{display:block}.p0{background:#7a8ea8}.p1{background:#3f7fbf}.p2{background:#8a6fc0}
.p3{background:#3f9f7f}.p4{background:#bf8f3f}
@media print{body{margin:0;max-width:none}}
"""
_STATES = {"ok": "ok", "warned": "warning", "failed": "failed"}


def page(review: ProbeReview) -> str:
    """The whole page."""
    results = worst_results_first(review.results)
    counts = review.counts
    title = f"Topology review of {review.profile}"
    ended = f" to {moment(review.finished)}" if review.finished is not None else ""
    head = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_shown(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{_shown(title)}</h1>",
        f'<p class="pale">Seen from {_shown(review.vantage)} ({_shown(review.machine)}),'
        f" {moment(review.started)}{ended}, omtui {_shown(review.version)}</p>",
        f'<p><span class="ok">{counts["ok"]} ok</span> (<span class="warned">{counts["warned"]} with a warning</span>),'
        f' <span class="failed">{counts["failed"]} failed</span></p>',
        '<p class="pale">Whether Oracle Fusion or Integration Cloud itself reaches an endpoint, no probe from another'
        " place can show.</p>",
    ]
    if review.interrupted:
        head.append('<p class="failed">The review was interrupted: not every endpoint was probed.</p>')
    body = [_table(results), *_details(results), _skipped(review)]
    return "\n".join([*head, *filter(None, body), "</body></html>", ""])


def _table(results: Iterable[ProbeResult]) -> str:
    rows = "".join(_row(result) for result in results)
    return (
        "<h2>Endpoints</h2><table><thead><tr><th>State</th><th>Outcome</th><th>Endpoint</th><th>Address</th>"
        f"<th>Certificate</th><th>Time</th></tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(result: ProbeResult) -> str:
    tls = result.evidence.tls
    leaf = tls.leaf if tls is not None else None
    days = ending_words(leaf.not_after, result.at) if leaf is not None else ""
    state = _state(result)
    return (
        f'<tr><td class="{state}">{_STATES[state]}</td><td class="word {state}">{_shown(result.verdict.outcome)}</td>'
        f"<td>{_shown(result.target.name)}</td><td>{_shown(_where(result))}</td>"
        f'<td class="n">{days}</td><td class="n">{result.evidence.times.total():.0f} ms</td></tr>\n'
    )


def _details(results: Iterable[ProbeResult]) -> list[str]:
    parts = ["<h2>Details</h2>"]
    for result in results:
        state = _state(result)
        advice = f"<p>{_shown(result.verdict.advice)}</p>" if result.verdict.advice else ""
        parts.append(
            f'<section><h3><span class="{state}">{_shown(result.verdict.outcome)}</span>'
            f" · {_shown(result.target.name)}</h3><p>{_shown(result.verdict.message)}</p>{advice}"
            f"{_waterfall(result)}<dl>{''.join(_facts(result))}</dl></section>"
        )
    return parts


def _waterfall(result: ProbeResult) -> str:
    times = result.evidence.times
    phases = (times.resolve, times.connect, times.tls, times.http, times.wsdl)
    total = times.total()
    if total <= 0:
        return ""
    bars = "".join(
        f'<i class="p{at}" style="width:{took / total * 100:.2f}%"></i>' for at, took in enumerate(phases) if took
    )
    names = ("resolve", "connect", "tls", "http", "wsdl")
    shown = ", ".join(f"{name} {took:.1f} ms" for name, took in zip(names, phases, strict=True) if took is not None)
    return f'<div class="bar">{bars}</div><p class="pale">{shown}</p>'


def _facts(result: ProbeResult) -> Iterable[str]:
    target, evidence = result.target, result.evidence
    yield _fact("Address", _where(result))
    yield _fact("Expected", f"{target.expect}, for {target.caller}")
    yield _fact("Used by", ", ".join(target.used_by))
    yield _fact("Connections", ", ".join(f"{one.address} {one.word}" for one in evidence.addresses))
    yield _fact("Proxy", evidence.proxy)
    tls, http, wsdl = evidence.tls, evidence.http, evidence.wsdl
    if tls is not None:
        yield _fact("TLS", f"{tls.version} {tls.cipher}".strip())
        for at, certificate in enumerate(tls.chain):
            yield _fact("Certificate" if at == 0 else "Issued by", _certificate(certificate))
        yield _fact("Names", ", ".join(tls.leaf.names) if tls.leaf else "")
        yield _fact("Judged by", tls.trust_store)
    if http is not None:
        yield _fact("HTTP", f"{http.status} {http.reason}".strip())
        yield _fact("Server", http.server)
        yield _fact("Location", http.location)
        yield _fact("Content type", http.content_type)
    if wsdl is not None:
        yield _fact("Service", ", ".join(wsdl.services))
        yield _fact("Namespace", wsdl.namespace)
        yield _fact("Operations", ", ".join(wsdl.operations))
    for note in result.verdict.notes:
        yield _fact("Note", note)


def _certificate(certificate: CertificateFacts) -> str:
    return (
        f"{certificate.subject}, {certificate.key}, {day(certificate.not_before)} to {day(certificate.not_after)},"
        f" SHA-256 {certificate.fingerprint}"
    )


def _fact(label: str, value: str) -> str:
    return f"<dt>{escape(label)}</dt><dd>{_shown(value)}</dd>" if value else ""


def _skipped(review: ProbeReview) -> str:
    if not review.skipped:
        return ""
    rows = "".join(f"<tr><td>{_shown(one.place)}</td><td>{_shown(one.reason)}</td></tr>" for one in review.skipped)
    return f"<h2>Not probed</h2><table><tbody>{rows}</tbody></table>"


def _state(result: ProbeResult) -> str:
    return "failed" if not result.ok else "warned" if result.warned else "ok"


def _where(result: ProbeResult) -> str:
    return result.target.url or f"{result.target.host}:{result.target.port}"


def _shown(value: object) -> str:
    return escape(plain(value))
