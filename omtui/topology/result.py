"""The result of one probe and of a whole review, and their public form (`omtui probe --format json`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from omtui import __version__
from omtui.topology.evidence import CertificateFacts, Evidence
from omtui.topology.target import Skipped, Target
from omtui.topology.verdict import Verdict
from omtui.topology.words import WORDS, is_warning

ResultState = Literal["ok", "warned", "failed"]


@dataclass(slots=True, repr=False)
class ProbeResult:
    """One target as it was found: `at` is when, in seconds since 1970."""

    target: Target
    vantage: str
    machine: str
    at: float
    verdict: Verdict
    evidence: Evidence

    def __repr__(self) -> str:
        """Name and outcome."""
        return f"ProbeResult({self.target.name!r}, {self.verdict.outcome!r})"

    @property
    def ok(self) -> bool:
        """Whether what was expected holds."""
        return self.verdict.ok

    @property
    def warned(self) -> bool:
        """Ok, with something to look at."""
        return self.verdict.ok and any(is_warning(fault.word) for fault in self.verdict.faults)

    @property
    def state(self) -> ResultState:
        """The result in one word."""
        return "failed" if not self.ok else "warned" if self.warned else "ok"

    def document(self) -> dict[str, Any]:
        """The result as plain data with the public keys. Foreign text is in it unchanged."""
        target, verdict, evidence = self.target, self.verdict, self.evidence
        times = evidence.times
        return {
            "name": target.name,
            "vantage": self.vantage,
            "machine": self.machine,
            "at": moment(self.at),
            "host": target.host,
            "port": target.port,
            "url": target.url,
            "expect": target.expect,
            "caller": target.caller,
            "used_by": list(target.used_by),
            "outcome": verdict.outcome,
            "faults": [fault.word for fault in verdict.faults],
            "ok": verdict.ok,
            "message": verdict.message,
            "advice": verdict.advice,
            "details": [
                {"outcome": fault.word, "message": fault.message, "advice": fault.advice} for fault in verdict.faults
            ],
            "notes": list(verdict.notes),
            "proxy": evidence.proxy or None,
            "milliseconds": {
                **{name: _rounded(took) for name, took in times.phases().items()},
                "total": _rounded(times.total()),
            },
            "addresses": [attempt.address for attempt in evidence.addresses],
            "connections": [
                {
                    "address": attempt.address,
                    "family": attempt.family,
                    "outcome": attempt.word,
                    "detail": attempt.detail,
                    "milliseconds": _rounded(attempt.milliseconds),
                }
                for attempt in evidence.addresses
            ],
            "tls": self._tls(),
            "http": self._http(),
            "wsdl": self._wsdl(),
        }

    def _tls(self) -> dict[str, Any] | None:
        tls = self.evidence.tls
        if tls is None:
            return None
        leaf = tls.leaf
        return {
            "version": tls.version,
            "cipher": tls.cipher,
            "subject": leaf.subject if leaf else None,
            "issuer": leaf.issuer if leaf else None,
            "names": list(leaf.names) if leaf else [],
            "not_before": moment(leaf.not_before) if leaf else None,
            "not_after": moment(leaf.not_after) if leaf else None,
            "days_left": leaf.days_left(self.at) if leaf else None,
            "chain_complete": tls.chain_complete,
            "trusted_by": tls.trust or None,
            "trust_store": tls.trust_store,
            "offers_tls_1_2": tls.offers_tls_1_2,
            "chain": [_certificate(certificate, self.at) for certificate in tls.chain],
        }

    def _http(self) -> dict[str, Any] | None:
        http = self.evidence.http
        if http is None:
            return None
        return {
            "status": http.status,
            "reason": http.reason,
            "server": http.server or None,
            "location": http.location or None,
            "content_type": http.content_type or None,
            "url": http.url,
            "redirects": list(http.redirects),
            "schemes": list(http.schemes),
            "bytes": http.body_bytes,
        }

    def _wsdl(self) -> dict[str, Any] | None:
        wsdl = self.evidence.wsdl
        if wsdl is None:
            return None
        return {
            "service": wsdl.services[0] if wsdl.services else None,
            "services": list(wsdl.services),
            "namespace": wsdl.namespace,
            "operations": list(wsdl.operations),
            "styles": list(wsdl.styles),
            "addresses": list(wsdl.addresses),
            "imports": {
                "read": list(wsdl.imports_read),
                "missing": [url for url, _ in wsdl.imports_missing],
                "elsewhere": list(wsdl.imports_elsewhere),
            },
            "certificate": _certificate(wsdl.certificate, self.at) if wsdl.certificate else None,
        }


@dataclass(slots=True, repr=False)
class ProbeReview:
    """A whole review. `interrupted` says that it was ended before every target had been probed."""

    profile: str
    started: float
    results: list[ProbeResult]
    vantage: str = "local"
    machine: str = ""
    finished: float | None = None
    interrupted: bool = False
    skipped: Sequence[Skipped] = ()
    version: str = __version__

    def __repr__(self) -> str:
        """Short on purpose: asyncio writes the result of its main task into a text, results and all."""
        return f"ProbeReview({self.profile!r}, {len(self.results)} results)"

    @property
    def counts(self) -> dict[str, int]:
        """How many are ok (warned ones included), failed, and ok with a warning."""
        ok = sum(result.ok for result in self.results)
        return {
            "ok": ok,
            "failed": len(self.results) - ok,
            "warned": sum(result.warned for result in self.results),
        }

    def passed(self, *, strict: bool = False) -> bool:
        """Whether the review found nothing; under `strict` a warning is something."""
        counts = self.counts
        return not counts["failed"] and not (strict and counts["warned"])

    def document(self) -> dict[str, Any]:
        """The review as plain data with the public keys."""
        return {
            "profile": self.profile,
            "started": moment(self.started),
            "finished": moment(self.finished) if self.finished is not None else None,
            "vantage": self.vantage,
            "machine": self.machine,
            "version": self.version,
            "interrupted": self.interrupted,
            "results": [result.document() for result in worst_results_first(self.results)],
            "skipped": [{"where": skipped.place, "reason": skipped.reason} for skipped in self.skipped],
            "counts": self.counts,
        }


def worst_results_first(results: Sequence[ProbeResult]) -> list[ProbeResult]:
    """What hurts most first: by outcome, then by certificate days, then in the order of the set-up."""

    def key(result: ProbeResult) -> tuple[int, float]:
        leaf = result.evidence.tls.leaf if result.evidence.tls is not None else None
        return WORDS[result.verdict.outcome].severity, leaf.not_after if leaf is not None else float("inf")

    return sorted(results, key=key)


def _certificate(facts: CertificateFacts, now: float) -> dict[str, Any]:
    return {
        "subject": facts.subject,
        "issuer": facts.issuer,
        "names": list(facts.names),
        "not_before": moment(facts.not_before),
        "not_after": moment(facts.not_after),
        "days_left": facts.days_left(now),
        "key": facts.key,
        "signature": facts.signature,
        "sha256": facts.fingerprint,
    }


def moment(seconds: float) -> str:
    """A time in UTC as ISO 8601, to the second, such as 2026-11-23T07:26:00Z."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 1)
