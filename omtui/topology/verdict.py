"""From what was seen to what it means: all faults, the worst first, each with a sentence and an advice.

Pure: the same evidence at the same time gives the same verdict. Judged for the target's caller, not for this
machine: an endpoint may answer here and still be out of Fusion's reach.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from omtui.plain_text import few, plain
from omtui.topology.evidence import Evidence, HttpFacts, Stop, TlsFacts, WsdlFacts
from omtui.topology.expiry import distance_words
from omtui.topology.oracle_services import same_operation
from omtui.topology.sentences import Layer
from omtui.topology.target import Target
from omtui.topology.words import WORDS, is_fault, worst_first

EXPIRING_DAYS = 30
_CLOSED_IS_FINE = ("refused", "timed-out", "host-unreachable", "network-unreachable", "reset", "closed-early")
_VERSIONS = {"SSLv3": 0, "TLSv1": 10, "TLSv1.1": 11, "TLSv1.2": 12, "TLSv1.3": 13}
_ASKED = {"1.0": 10, "1.1": 11, "1.2": 12, "1.3": 13}
_DEMANDING = {"fusion": "Fusion", "integration-cloud": "Integration Cloud"}


@dataclass(frozen=True, slots=True)
class EndpointFault:
    """One thing that is wrong with an endpoint."""

    word: str
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a probe means. `ok` is true when what was expected holds, warnings or not."""

    outcome: str
    ok: bool
    faults: tuple[EndpointFault, ...]
    message: str
    advice: str
    notes: tuple[str, ...]


def judge(target: Target, evidence: Evidence, now: float, *, slow_after: float = 3.0) -> Verdict:
    """Judges one target. `now` is in seconds since 1970; `slow_after` in seconds for all phases together."""
    found = [Stop(stop.word, stop.detail) for stop in evidence.found]
    fine = ""
    if target.expect == "closed":
        found += _closed(evidence)
    else:
        if evidence.stop is not None:
            found.append(evidence.stop)
        found += _families(evidence)
        if evidence.tls is not None:
            found += _tls(target, evidence.tls, now)
        if evidence.http is not None:
            fine, of_http = _http(target, evidence.http)
            found += of_http
            found += _document(target, evidence)
        if evidence.wsdl is not None:
            found += _wsdl(target, evidence.wsdl)
        found += _caller(target, evidence)
        total = evidence.times.total() / 1000
        if total > slow_after and not any(is_fault(stop.word) for stop in found):
            found.append(Stop("slow", f"{total:.1f} s, more than {slow_after:g} s"))
    notes = tuple(map(plain, _notes(target, evidence)))
    if not found:
        outcome = fine or "ok"
        return _fine(outcome, _all_well(target, evidence, outcome, now), notes)
    faults = _faults(target, evidence, found)
    return Verdict(
        outcome=faults[0].word,
        ok=not any(is_fault(fault.word) for fault in faults),
        faults=faults,
        message=" ".join(fault.message for fault in faults),
        advice=" ".join(dict.fromkeys(fault.advice for fault in faults)),
        notes=notes,
    )


@lru_cache(maxsize=256)
def _fine(outcome: str, message: str, notes: tuple[str, ...]) -> Verdict:
    """Thousands of healthy endpoints get the same words: they share a verdict."""
    return Verdict(outcome, True, (), message, "", notes)


def cancelled(target: Target) -> Verdict:
    """The verdict on a probe that was ended before it was done."""
    fault = _said(target, Stop("cancelled"), "")
    return Verdict("cancelled", False, (fault,), fault.message, fault.advice, ())


def broken(target: Target, defect: BaseException) -> Verdict:
    """The verdict where omtui itself failed on an endpoint: only this result is lost, and the server is not judged."""
    place = traceback.extract_tb(defect.__traceback__)[-1]
    where = f"{place.filename.rpartition('/')[2]}:{place.lineno}"
    said = plain(str(defect))[:200]
    message = f"The probe ended on a fault of omtui, not of {plain(target.host)}: {type(defect).__name__} in {where}"
    fault = EndpointFault("cancelled", f"{message}{f' ({said})' if said else ''}.", "Please report it with this line.")
    return Verdict("cancelled", False, (fault,), fault.message, fault.advice, ())


def _closed(evidence: Evidence) -> list[Stop]:
    if any(attempt.word == "ok" for attempt in evidence.addresses):
        return [Stop("open-but-expected-closed")]
    stop = evidence.stop
    return [stop] if stop is not None and stop.word not in _CLOSED_IS_FINE else []


def _families(evidence: Evidence) -> list[Stop]:
    """A name with several addresses of which some are dead. A network this machine lacks is no fault."""
    if len(evidence.addresses) < 2:
        return []
    tries = [attempt for attempt in evidence.addresses if attempt.judged]
    dead = [attempt for attempt in tries if attempt.word != "ok"]
    if not dead or len(dead) == len(tries):
        return []
    families = {attempt.family for attempt in tries}
    parts = []
    for family in sorted({attempt.family for attempt in dead}):
        of_family = [attempt for attempt in dead if attempt.family == family]
        whole = len(families) > 1 and all(attempt.word != "ok" for attempt in tries if attempt.family == family)
        which = f"{family} " if whole else ""
        parts.append(which + ", ".join(f"{attempt.address} {attempt.word}" for attempt in of_family))
    return [Stop("family-broken", "; ".join(parts))]


def _tls(target: Target, tls: TlsFacts, now: float) -> list[Stop]:
    found = [Stop(word, detail) for word, detail in tls.trust_words]
    leaf = tls.leaf
    if tls.version and _VERSIONS.get(tls.version, 13) < _ASKED.get(target.minimum_tls, 12):
        found.append(Stop("tls-too-old", _version(tls.version)))
    if leaf is not None:
        if leaf.not_after < now:
            found.append(Stop("certificate-expired", _at(leaf.not_after, now)))
        elif leaf.not_before > now:
            found.append(Stop("certificate-not-yet-valid", f"from {day(leaf.not_before)} on"))
        elif leaf.days_left(now) <= EXPIRING_DAYS:
            found.append(Stop("certificate-expiring", _at(leaf.not_after, now)))
        if not tls.name_matches:
            found.append(Stop("certificate-wrong-name", _names(tls)))
        weak = next((c for c in tls.chain if c.weakness), None)
        if weak is not None:
            whose = "" if weak is leaf else f"of {weak.subject}: "
            found.append(Stop("certificate-weak-key", whose + weak.weakness))
    if not tls.trust and not any(stop.word in _SAYS_WHY_UNTRUSTED for stop in found):
        found.append(Stop("certificate-untrusted", tls.verify_text))
    weakness = weak_cipher(tls.cipher, tls.version)
    if weakness:
        found.append(Stop("cipher-weak", f"{tls.cipher} has {weakness}"))
    return found


_SAYS_WHY_UNTRUSTED = (
    "certificate-expired",
    "certificate-not-yet-valid",
    "certificate-wrong-name",
    "certificate-self-signed",
    "certificate-untrusted",
    "certificate-chain-incomplete",
    "certificate-intermediate-expired",
    "certificate-weak-key",
)


@lru_cache(maxsize=256)
def weak_cipher(cipher: str, version: str) -> str:
    """Why a cipher (OpenSSL's name) is weak, or the empty text."""
    if not cipher or version == "TLSv1.3":
        return ""
    parts = cipher.upper().split("-")
    for mark, words in (("NULL", "no encryption"), ("EXP", "export strength"), ("RC4", "RC4")):
        if mark in parts:
            return words
    if "3DES" in parts or "CBC3" in parts or ("DES" in parts and "CBC" in parts):
        return "3DES" if "CBC3" in parts or "3DES" in parts else "DES"
    if parts[0] not in ("ECDHE", "DHE", "EDH"):
        return "no forward secrecy"
    if parts[-1] == "SHA":
        return "CBC with SHA-1"
    return ""


def _names(tls: TlsFacts) -> str:
    leaf = tls.leaf
    if leaf is None or not leaf.names:
        common = f" (its common name {leaf.common_name} does not count)" if leaf and leaf.common_name else ""
        return f"it has no alternative names{common}, {tls.name} is asked for"
    return f"it names {few(leaf.names, 5)}, {tls.name} is asked for"


def _http(target: Target, http: HttpFacts) -> tuple[str, list[Stop]]:
    """A fine word for a good answer (empty for plain ok), and the faults of one that is not."""
    status = http.status
    shown = f"{status} {http.reason}".strip()
    if target.status:
        if status in target.status:
            return "", []
        return "", [Stop(_status_word(status), f"{shown}, expected {_any_of(target.status)}")]
    if http.sign_in and (status < 400):
        if target.role in ("pod", "application"):
            return "redirected", []
        where = f", to {http.location}" if 300 <= status < 400 else ""
        return "", [Stop("sign-in-page", f"{http.sign_in}{where}")]
    if 300 <= status < 400:
        if target.expect == "wsdl":
            return "", [Stop("not-a-wsdl", f"it redirects to {http.location or 'nowhere'}")]
        return "redirected", []
    if status < 400:
        return "redirected" if http.redirects else "", []
    tolerant = target.expect == "http" and target.role in ("connector", "application")
    if tolerant and target.role == "connector" and http.kind == "soap-fault":
        return "", []  # it answers a GET as SOAP services do
    if status == 401 and (target.expect == "http" or target.role == "service"):
        odd = _only_odd_schemes(http)
        return "credentials-required", [Stop("credentials-required", ", ".join(http.schemes))] if odd else []
    if tolerant and status < 500 and not (status == 404 and target.role == "connector"):
        return "", []
    return "", [Stop(_status_word(status), shown)]


_ODD_SCHEMES = ("ntlm", "negotiate", "bearer")


def _only_odd_schemes(http: HttpFacts) -> bool:
    """Whether a 401 offers nothing but ways to sign in that a user name and a password do not serve."""
    return bool(http.schemes) and all(scheme.lower() in _ODD_SCHEMES for scheme in http.schemes)


def _status_word(status: int) -> str:
    words = {403: "forbidden", 404: "not-found", 410: "not-found", 502: "unavailable", 503: "unavailable"}
    return words.get(status, "unavailable" if status == 504 else "http-error")


def _any_of(statuses: tuple[int, ...]) -> str:
    return " or ".join(map(str, statuses))


def _document(target: Target, evidence: Evidence) -> list[Stop]:
    """What the body is, where a WSDL is expected."""
    http = evidence.http
    if target.expect != "wsdl" or http is None or http.sign_in:
        return []
    detail = http.detail
    if http.kind == "soap-fault":
        return [Stop("soap-fault", detail)]
    if not 200 <= http.status < 300:
        return []
    if http.kind == "hostile":
        return [Stop("hostile-xml", detail)]
    if http.kind == "truncated" or (http.kind == "malformed" and evidence.stop is not None):
        return [] if _ended_otherwise(evidence.stop) else [Stop("wsdl-truncated", detail)]
    if evidence.stop is not None and evidence.stop.word != "answer-truncated":
        return []
    if http.kind == "wsdl":
        return [Stop("wsdl-truncated", "")] if evidence.stop is not None else _content_type(http)
    what = {
        "blank": "the page is blank; at Oracle that is normal for an endpoint asked without ?WSDL",
        "html": "it is a web page",
        "text": f"it is text: {detail}",
        "malformed": f"it is no well-formed XML, {detail}",
        "schema": "it is an XML schema",
        "wsdl-2": "it is a WSDL 2.0, which Oracle's callers do not read",
    }.get(http.kind, detail)
    return [Stop("not-a-wsdl", what)]


def _ended_otherwise(stop: Stop | None) -> bool:
    return stop is not None and stop.word in ("too-large", "answer-stalled")


def _content_type(http: HttpFacts) -> list[Stop]:
    kind = http.content_type.partition(";")[0].strip().lower()
    if kind in ("text/xml", "application/xml") or kind.endswith("+xml"):
        return []
    return [Stop("wrong-content-type", kind or "none is given")]


def _wsdl(target: Target, wsdl: WsdlFacts) -> list[Stop]:
    found: list[Stop] = []
    wrong: list[str] = []
    if target.service and target.service not in wsdl.services:
        wrong.append(f"its service is {_listed(wsdl.services)}, {target.service} is expected")
    if target.namespace and target.namespace.rstrip("/") != wsdl.namespace.rstrip("/"):
        wrong.append(f"its namespace is {wsdl.namespace or 'empty'}, {target.namespace} is expected")
    missing = [
        expected
        for expected in target.operations
        if not any(same_operation(expected, offered) for offered in wsdl.operations)
    ]
    if missing:
        wrong.append(f"it has no operation {', '.join(missing)}; it offers {_listed(wsdl.operations)}")
    if wrong:
        found.append(Stop("wsdl-wrong-service", "; ".join(wrong)))
    if wsdl.imports_missing:
        found.append(Stop("wsdl-import-missing", few([f"{url} {why}" for url, why in wsdl.imports_missing], 3)))
    if "rpc" in wsdl.styles and target.caller in _DEMANDING:
        found.append(Stop("wsdl-style-unsupported", f"RPC, {_DEMANDING[target.caller]} calls"))
    return found


def _listed(values: tuple[str, ...]) -> str:
    return few(values, 6) or "none"


def _caller(target: Target, evidence: Evidence) -> list[Stop]:
    """What Oracle's callers do not support although it works from here (documented limits)."""
    caller, tls = _DEMANDING.get(target.caller), evidence.tls
    if caller is None or evidence.stop is not None:
        return []
    reasons = []
    if tls is not None and tls.version == "TLSv1.3" and tls.offers_tls_1_2 is False:
        reasons.append(f"it offers TLS 1.3 only, {caller} needs TLS 1.2")
    if tls is not None and tls.trust == "ca_file" and not target.private_authority:
        reasons.append(f"its authority is trusted through ca_file only, {caller} needs a public one")
    if evidence.http is not None and _only_odd_schemes(evidence.http):
        offered = ", ".join(evidence.http.schemes)
        reasons.append(f"it offers {offered} to sign in, {caller} signs in with a user name and password")
    return [Stop("caller-cannot", "; ".join(reasons))] if reasons else []


def _faults(target: Target, evidence: Evidence, found: list[Stop]) -> tuple[EndpointFault, ...]:
    by_word: dict[str, Stop] = {}
    for stop in found:
        by_word.setdefault(stop.word, stop)
    return tuple(_said(target, by_word[word], evidence.proxy) for word in worst_first(by_word))


def _said(target: Target, stop: Stop, proxy: str) -> EndpointFault:
    word = WORDS[stop.word]
    advice = word.advice
    if stop.word == "certificate-untrusted":
        advice = _advice_on_authority(target, stop.detail.casefold()) or advice
    detail = plain(stop.detail)
    host, port = plain(target.host), str(target.port)
    early = word.layer in (Layer.RESOLVE, Layer.CONNECT)
    words = {
        "host": host,
        "port": port,
        "detail": detail or "no more is known",
        "seen": f" ({detail})" if detail else "",
    }
    message = word.sentence.format(**words)
    if proxy and early:
        message += f" The connection goes through the proxy {plain(proxy)}, which the environment asks for."
    return EndpointFault(stop.word, message, advice.format(**words))


def _advice_on_authority(target: Target, reason: str) -> str:
    """What to do where OpenSSL gives a reason that another authority alone does not cure."""
    if "subtree violation" in reason or "name constraint" in reason:
        return "Its authority may not vouch for this name: have it issued by one that may, or under a name that it may."
    if "purpose" in reason or "key usage" in reason:
        return "Have it issued for server authentication (extended key usage serverAuth)."
    if "ca certificate" in reason or "path length" in reason:
        return "A certificate in its chain is not allowed to issue others: have it issued by an authority that is."
    if target.ca_file:
        return (
            "Use a certificate of a public authority, or correct ca_file: what it names does not hold this authority."
        )
    return ""


def _all_well(target: Target, evidence: Evidence, outcome: str, now: float) -> str:
    if target.expect == "closed":
        stop = evidence.stop.word if evidence.stop else "closed"
        return f"Closed, as expected ({stop})."
    parts = []
    if evidence.http is not None:
        shown = f"{evidence.http.status} {plain(evidence.http.reason)}".strip()
        if outcome == "credentials-required":
            parts.append(f"Reachable: it asks for credentials ({shown}), and none were sent")
        elif evidence.http.kind == "soap-fault" and evidence.http.status >= 400:
            parts.append(f"Answers a GET with a SOAP fault ({shown}), as SOAP services do")
        elif evidence.http.location and outcome == "redirected":
            parts.append(f"Answers with {shown}, to {plain(evidence.http.location)}")
        else:
            parts.append(f"Answers with {shown}")
    else:
        parts.append("Open")
    if evidence.wsdl is not None:
        count = len(evidence.wsdl.operations)
        parts.append(f"WSDL of {plain(_listed(evidence.wsdl.services))} with {count} operation{'s' * (count != 1)}")
    tls = evidence.tls
    if tls is not None and tls.leaf is not None:
        parts.append(f"{_version(tls.version)}, certificate good for {tls.leaf.days_left(now)} days")
    return "; ".join(parts) + "."


def _notes(target: Target, evidence: Evidence) -> list[str]:
    notes = list(evidence.notes)
    if evidence.proxy:
        notes.append(f"through the proxy {evidence.proxy}, which the environment asks for")
    lacking = [attempt for attempt in evidence.addresses if not attempt.judged]
    if lacking:
        notes.append(f"this place has no {lacking[0].family} at all; {lacking[0].address} was not judged")
    wsdl = evidence.wsdl
    if wsdl is not None:
        if wsdl.imports_elsewhere:
            notes.append(f"imports from elsewhere, not read: {_listed(wsdl.imports_elsewhere)}")
        if wsdl.certificate is not None:
            ends = day(wsdl.certificate.not_after)
            notes.append(f"the certificate inside the WSDL is {wsdl.certificate.subject}, good until {ends}")
        hosts = [address for address in wsdl.addresses if target.host.casefold() not in address.casefold()]
        if hosts:
            notes.append(f"the WSDL gives another address for the service: {_listed(tuple(hosts))}")
    if target.caller in _DEMANDING:
        caller = _DEMANDING[target.caller]
        notes.append(f"seen from here; whether {caller} itself reaches it, no probe from here can show")
    return notes


def _at(end: float, now: float) -> str:
    """How far away a certificate's end is, and its day."""
    return f"{distance_words(end, now)}, on {day(end)}"


def day(seconds: float) -> str:
    """A day in UTC, such as 2027-01-31; in words when it is beyond the calendar."""
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):  # a certificate may hold any number
        return "a day beyond the calendar"


@lru_cache(maxsize=16)
def _version(version: str) -> str:
    return version.replace("TLSv", "TLS ").replace("SSLv", "SSL ") + (".0" if version == "TLSv1" else "")
