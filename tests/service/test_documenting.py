"""The verdicts of the last topology review as hand-outs show them."""

import tomllib
from pathlib import Path

import pytest

from omtui.problem import Wrong
from omtui.service.documenting import form_of, verdicts_of
from omtui.service.reviewing import history_key, targets_of
from omtui.setup.place import Data
from omtui.topology.evidence import CertificateFacts, Evidence, HttpFacts, Times, TlsFacts
from omtui.topology.probe_history import ProbeHistory
from omtui.topology.result import ProbeResult
from omtui.topology.verdict import judge

AT = 1_700_000_000.0
"""2023-11-14."""

PROFILE = """\
schema = 1
[profile]
name = "x"
environment = "test"
[pod]
url = "https://pod.example"
[[connectors]]
name = "A"
url = "https://a.example/orders"
[[connectors]]
name = "B"
url = "https://b.example/orders"
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "x.toml"
    path.write_text(PROFILE)
    return path


def data() -> Data:
    return tomllib.loads(PROFILE)


def reviewed(state: Path, profile: Path, ends: float) -> None:
    """A review in which every endpoint answered, with a certificate that ends then."""
    leaf = CertificateFacts("CN=a", "CN=ca", "a", ("a.example",), AT - 1000, ends, "RSA 2048", "", "", False, "")
    history = ProbeHistory(state)
    review = history.begin(history_key(profile), "local", "here", "0", AT)
    for target in targets_of(data(), profile).targets:
        evidence = Evidence(
            tls=TlsFacts("1.3", "x", (leaf,), trust="system"), http=HttpFacts(200), times=Times(http=5.0)
        )
        history.record(review, ProbeResult(target, "local", "here", AT, judge(target, evidence, AT), evidence))
    history.finish(review, AT + 1)


def test_by_the_place_of_each_record(tmp_path: Path, profile: Path) -> None:
    assert verdicts_of(tmp_path, profile, data()) == {}
    assert verdicts_of(tmp_path, None, data()) == {}
    reviewed(tmp_path, profile, AT + 86_400 * 365)
    found = verdicts_of(tmp_path, profile, data())
    assert set(found) == {"pod", "connectors[A]", "connectors[B]"}
    assert found["connectors[A]"].endswith("on 2023-11-14, certificate until 2024-11-13")


def test_not_of_another_host(tmp_path: Path, profile: Path) -> None:
    reviewed(tmp_path, profile, AT + 86_400 * 365)
    moved = tomllib.loads(PROFILE.replace("//b.example", "//new.example"))
    assert set(verdicts_of(tmp_path, profile, moved)) == {"pod", "connectors[A]"}


def test_a_certificate_that_ends_in_no_calendar(tmp_path: Path, profile: Path) -> None:
    reviewed(tmp_path, profile, 1e15)
    assert "certificate" in verdicts_of(tmp_path, profile, data())["connectors[A]"]


@pytest.mark.parametrize(
    ("name", "form"), [("x.md", "md"), ("x.HTML", "html"), ("a/b.htm", "html"), ("x.y.csv", "csv"), ("x.xlsx", "xlsx")]
)
def test_the_ending_chooses_the_format(name: str, form: str) -> None:
    assert form_of(name) == form


@pytest.mark.parametrize("name", ["", "x", "x.pdf", ".md", "x.md.gz", "x.htmll"])
def test_what_is_no_format(name: str) -> None:
    assert isinstance(form_of(name), Wrong)
