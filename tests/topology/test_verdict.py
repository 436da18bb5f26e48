"""The judgement alone, on evidence made by hand: what no server needs to show."""

from dataclasses import replace

import pytest

from omtui.topology.evidence import AddressTry, CertificateFacts, Evidence, HttpFacts, Stop, Times, TlsFacts
from omtui.topology.target import Target
from omtui.topology.verdict import judge, weak_cipher
from omtui.topology.words import WORDS

NOW = 1_800_000_000.0
DAY = 86400.0
TARGET = Target("t", "h.example", 443, "https://h.example/", "https", "http", path="/")


def certificate(
    *, ends: float = 90 * DAY, begins: float = -DAY, names: tuple[str, ...] = ("h.example",)
) -> CertificateFacts:
    return CertificateFacts(
        subject="CN=h.example", issuer="CN=ca", common_name="h.example", names=names, not_before=NOW + begins,
        not_after=NOW + ends, key="EC 256", weakness="", signature="sha256", self_signed=False, fingerprint="00",
    )  # fmt: skip


def tls(leaf: CertificateFacts, **fields: object) -> TlsFacts:
    return TlsFacts("TLSv1.3", "TLS_AES_256_GCM_SHA384", (leaf,), trust="system", name="h.example", **fields)  # type: ignore[arg-type]


def words(evidence: Evidence, target: Target = TARGET) -> list[str]:
    return [fault.word for fault in judge(target, evidence, NOW).faults]


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (31 * DAY - NOW % DAY, []),  # days are counted as the dates show them
        (31 * DAY - NOW % DAY - 1, ["certificate-expiring"]),
        (30 * DAY, ["certificate-expiring"]),
        (1, ["certificate-expiring"]),
        (-1, ["certificate-expired"]),
    ],
)
def test_expiring_means_thirty_days_or_less(ends: float, expected: list[str]) -> None:
    assert words(Evidence(tls=tls(certificate(ends=ends)))) == expected


def test_a_certificate_of_tomorrow() -> None:
    assert words(Evidence(tls=tls(certificate(begins=DAY)))) == ["certificate-not-yet-valid"]


def test_what_openssl_refuses_for_a_reason_of_its_own_is_untrusted() -> None:
    facts = replace(tls(certificate()), trust="", verify_text="unsupported certificate purpose")
    verdict = judge(TARGET, Evidence(tls=facts), NOW)
    assert verdict.outcome == "certificate-untrusted"
    assert "unsupported certificate purpose" in verdict.message


@pytest.mark.parametrize(
    ("cipher", "weak"),
    [
        ("ECDHE-RSA-AES256-GCM-SHA384", False),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", False),
        ("DHE-RSA-AES128-GCM-SHA256", False),
        ("ECDHE-RSA-AES128-SHA256", False),
        ("AES256-GCM-SHA384", True),
        ("ECDHE-RSA-AES128-SHA", True),
        ("ECDHE-RSA-DES-CBC3-SHA", True),
        ("DES-CBC3-SHA", True),
        ("RC4-SHA", True),
        ("ECDHE-RSA-NULL-SHA", True),
        ("EXP-RC4-MD5", True),
        ("", False),
    ],
)
def test_weak_ciphers(cipher: str, weak: bool) -> None:
    assert bool(weak_cipher(cipher, "TLSv1.2")) is weak
    assert not weak_cipher("TLS_AES_128_CCM_SHA256", "TLSv1.3")


def test_slow_is_reported_only_of_what_works() -> None:
    times = Times(resolve=1.0, connect=1.0, tls=1.0, http=3000.0)
    assert words(Evidence(times=times, http=HttpFacts(200))) == ["slow"]
    assert words(Evidence(times=times, http=HttpFacts(404))) == ["not-found"]
    assert words(Evidence(times=Times(http=2999.0), http=HttpFacts(200))) == []


def test_a_dead_address_among_several() -> None:
    tries = [AddressTry("10.0.0.1", "IPv4", "ok"), AddressTry("fd00::1", "IPv6", "refused")]
    verdict = judge(TARGET, Evidence(addresses=tries, http=HttpFacts(200)), NOW)
    assert (verdict.outcome, verdict.ok) == ("family-broken", True)
    assert "IPv6 fd00::1 refused" in verdict.message


def test_a_faults_detail_is_made_harmless() -> None:
    verdict = judge(TARGET, Evidence(stop=Stop("not-http", "\x1b]0;evil\x07{host}")), NOW)
    assert "\x1b" not in verdict.message
    assert "{host}" in verdict.message


def test_expired_and_wrongly_named_says_both() -> None:
    facts = tls(certificate(ends=-12 * DAY, names=("*.pick.example",)), name_matches=False)
    verdict = judge(TARGET, Evidence(tls=facts, http=HttpFacts(200)), NOW)
    assert verdict.outcome == "certificate-expired"
    assert "12 days ago" in verdict.message
    assert "it names *.pick.example, h.example is asked for" in verdict.message
    assert "correct the URL" in verdict.advice


@pytest.mark.parametrize("word", [word for word in WORDS if WORDS[word].grade == "fault" and word != "cancelled"])
def test_every_fault_reads_as_sentences(word: str) -> None:
    verdict = judge(TARGET, Evidence(stop=Stop(word, "what was seen")), NOW)
    assert verdict.outcome == word
    assert not verdict.ok
    assert "{" not in verdict.message + verdict.advice


@pytest.mark.parametrize("word", ["refused", "timed-out", "host-unreachable", "network-unreachable"])
def test_closed_as_expected(word: str) -> None:
    closed = Target("t", "h.example", 23, None, "tcp", "closed")
    verdict = judge(closed, Evidence(stop=Stop(word), addresses=[AddressTry("10.0.0.1", "IPv4", word)]), NOW)
    assert (verdict.outcome, verdict.ok) == ("ok", True)


def test_a_name_that_is_unknown_is_not_closed() -> None:
    closed = Target("t", "h.example", 23, None, "tcp", "closed")
    assert judge(closed, Evidence(stop=Stop("name-unknown")), NOW).outcome == "name-unknown"


def test_one_open_address_is_open() -> None:
    closed = Target("t", "h.example", 23, None, "tcp", "closed")
    tries = [AddressTry("10.0.0.1", "IPv4", "refused"), AddressTry("fd00::1", "IPv6", "ok")]
    assert judge(closed, Evidence(addresses=tries), NOW).outcome == "open-but-expected-closed"


def test_what_a_probe_from_here_cannot_show_is_said() -> None:
    fusion = Target("t", "h.example", 443, "https://h.example/", "https", "http", caller="fusion", path="/")
    notes = judge(fusion, Evidence(http=HttpFacts(200)), NOW).notes
    assert any("whether Fusion itself reaches it" in note for note in notes)


def test_a_proxy_is_named_where_it_matters() -> None:
    verdict = judge(TARGET, Evidence(stop=Stop("refused"), proxy="http://proxy.example:3128"), NOW)
    assert "http://proxy.example:3128" in verdict.message


@pytest.mark.parametrize(
    ("reason", "ca_file", "advice"),
    [
        ("permitted subtree violation", None, "may not vouch for this name"),
        ("excluded subtree violation", "x.pem", "may not vouch for this name"),
        ("unsuitable certificate purpose", None, "server authentication"),
        ("unsupported certificate purpose", "x.pem", "server authentication"),
        ("invalid CA certificate", None, "not allowed to issue others"),
        ("unable to get local issuer certificate", "x.pem", "correct ca_file"),
        ("unable to get local issuer certificate", None, "name the authority's own certificate with ca_file"),
    ],
)
def test_the_advice_on_an_untrusted_certificate_fits_the_reason(reason: str, ca_file: str | None, advice: str) -> None:
    facts = replace(tls(certificate()), trust="", verify_text=reason)
    verdict = judge(replace(TARGET, ca_file=ca_file), Evidence(tls=facts), NOW)
    assert verdict.outcome == "certificate-untrusted"
    assert advice in verdict.advice
