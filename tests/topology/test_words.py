import re
from pathlib import Path

import pytest

from omtui.topology.words import WORDS, is_fault, is_warning, worst_first

LIST = """
ok credentials-required redirected
name-unknown name-without-address name-server-failed name-server-silent
refused timed-out host-unreachable network-unreachable reset closed-early family-broken open-but-expected-closed
not-tls plain-http-on-tls-port tls-stalled tls-closed tls-too-old tls-handshake-failed client-certificate-required
certificate-expired certificate-not-yet-valid certificate-expiring certificate-wrong-name certificate-self-signed
certificate-untrusted certificate-chain-incomplete certificate-intermediate-expired certificate-weak-key cipher-weak
tls-on-plain-port not-http answer-stalled empty-answer answer-truncated too-large redirect-loop redirected-to-plain-http
sign-in-page forbidden not-found unavailable http-error wrong-content-type
not-a-wsdl wsdl-truncated wsdl-wrong-service wsdl-import-missing wsdl-style-unsupported soap-fault hostile-xml
slow cancelled caller-cannot
"""


def test_the_list_is_closed() -> None:
    assert set(WORDS) == set(LIST.split())
    assert len(LIST.split()) == len(WORDS)


def test_warnings_are_the_seven_that_leave_a_result_ok() -> None:
    assert {word for word in WORDS if is_warning(word)} == {
        "certificate-expiring", "family-broken", "wsdl-import-missing", "wrong-content-type", "slow", "caller-cannot",
        "redirected-to-plain-http",
    }  # fmt: skip
    assert not any(is_fault(word) for word in ("ok", "credentials-required", "redirected"))


def test_every_fault_and_warning_has_a_sentence_and_an_advice() -> None:
    fine = {"ok", "redirected"}  # a wish for credentials has one, for some callers can't meet it
    assert {name for name, word in WORDS.items() if word.sentence} == set(WORDS) - fine
    for sentence, advice in ((word.sentence, word.advice) for word in WORDS.values() if word.sentence):
        assert re.fullmatch(r"[A-Z{].*\.", sentence)
        assert re.fullmatch(r"[A-Z{].*\.", advice)
        assert "!" not in sentence + advice


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("name-unknown", "refused"),
        ("refused", "certificate-expired"),
        ("certificate-expired", "certificate-wrong-name"),
        ("certificate-wrong-name", "not-found"),
        ("not-found", "wsdl-wrong-service"),
        ("hostile-xml", "certificate-expiring"),
        ("certificate-expiring", "slow"),
        ("slow", "redirected"),
        ("redirected", "ok"),
    ],
)
def test_the_worse_word_wins(worse: str, better: str) -> None:
    assert worst_first([better, worse, better]) == [worse, better]


def test_the_module_is_light() -> None:
    """`omtui check` reads targets and history: neither may pull in the network."""
    import subprocess
    import sys

    code = (
        "import sys, omtui.topology.targets, omtui.topology.probe_history, omtui.topology.words;"
        "print([m for m in ('asyncio', 'ssl', 'dns', 'cryptography', 'httpx', 'sqlite3') if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
