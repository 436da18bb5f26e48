"""A library's profiles as the checks know them: the same as by reading all, and each costs the same."""

import time
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.checks.neighbours import Neighbours, facts_of
from omtui.service.neighbours import FEW, LibraryNeighbours, _facts
from omtui.service.workspace import Workspace
from omtui.setup.reading import parse
from omtui.store.library import Library
from tests.terminal.terminal import ROOT
from tests.thorough import THOROUGH

SAMPLES = [path.read_text() for path in sorted((ROOT / "profiles").glob("vision-*.toml")) if ".map" not in path.name]
SMALL = """\
schema = 1

[profile]
name = "{name}"
environment = "{environment}"

[pod]
url = "https://fa-{name}-test.fa.ocs.example"

[[connectors]]
name = "A"
url = "https://{host}/in"
"""
pieces = st.lists(
    st.sampled_from(
        (
            '[pod]\nurl = "https://one.example/"\n',
            "[pod]\nurl = 'https://one.example' # host = \"x.example\"\n",
            'pod = { url = "https://two.example" }\n',
            'pod.url = "https://two.example"\n',
            '[[connectors]]\nname = "A"\nurl = "https://in.example:8443/a"\n',
            '[[connectors]]\nnote = """\n[pod]\nurl = "https://note.example"\n"""\nurl = "https://in.example"\n',
            '[[connectors]]\n"url" = "https://quoted.example"\ntags = [\n  "a",\n]\npredefined = true\n',
            '[[ connectors ]]\n  url="https://tight.example"\n',
            'connectors = [{ url = "https://inline.example" }]\n',
            'connectors = [\n    { url = "https://lines.example" },\n]\n',
            '[[trigger_points]]\nconnectors = ["A"]\n',
            '[[topology.endpoints]]\nhost = "labels.example"\nport = 9100\nexpect = "closed"\n',
            '[[topology.endpoints]]\nhost = "labels.example"\nprotocol = "http"\npath = "/x/"\n',
            '[[topology.applications]]\nhost = "Apps.Example."\n',
            '[topology]\napplications = [{ host = "apps.example" }]\n',
            '[profile]\nenvironment = "production"\n',
            '[[related_setup]]\nvalue = """[[connectors]]\nurl = "https://text.example""""\n',
            '[[connectors]]\n"\\u0075rl" = "https://escaped.example"\n',
        )
    ),
    unique=True,
)


@settings(max_examples=150)
@given(pieces)
def test_what_is_read_in_short_is_what_the_whole_says(found: list[str]) -> None:
    text = "".join(found)
    data = parse(text)
    if isinstance(data, dict):
        assert _facts(text) == facts_of(data)


def test_of_the_samples_too() -> None:
    for text in SAMPLES:
        data = parse(text)
        assert isinstance(data, dict)
        assert _facts(text) == facts_of(data)


def _library(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        environment = ("development", "test", "production")[number % 3]
        text = SMALL.format(name=f"p{number}", environment=environment, host=f"wms-{number % 7}.x.example")
        (folder / f"p{number}.toml").write_text(text)
    return folder


def test_each_profile_of_a_list_costs_the_same(tmp_path: Path) -> None:
    took = {}
    few, many = (100, 800) if THOROUGH else (50, 300)
    for count in (few, many):
        workspace = Workspace(_library(tmp_path / str(count), count), state=tmp_path / f"state{count}")
        start = time.process_time()
        counts = [workspace.counted(each).counts for each in workspace.listed()]
        took[count] = (time.process_time() - start) / count
        assert all(each is not None and each["error"] for each in counts[1::3]), "production is next to test"
    assert took[many] < 2 * took[few]
    assert took[many] < 0.1


def test_what_was_found_is_kept_and_changes_are_seen(tmp_path: Path) -> None:
    folder = _library(tmp_path / "library", FEW + 100)
    library = Library(folder, tmp_path / "trash")
    first = LibraryNeighbours(library, tmp_path / "state").look()
    (kept,) = (tmp_path / "state").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    (folder / "p1.toml").write_text(SMALL.format(name="p1", environment="production", host="moved.example"))
    (folder / "p2.toml").unlink()
    second = LibraryNeighbours(library, tmp_path / "state").look()
    assert second.calling_host("moved.example") == ["p1"]
    assert ("p2" in first._facts, "p2" in second._facts) == (True, False)
    for damaged in (b"", b"[1]", b'{"format":1}', b"[" * 100_000, kept.read_bytes().replace(b"[", b"{")):
        kept.write_bytes(damaged)
        third = LibraryNeighbours(library, tmp_path / "state").look()
        assert third._facts == second._facts


def test_an_answer_names_the_first_two_of_an_environment() -> None:
    data = [parse(SMALL.format(name="x", environment="production", host="wms.example")) for _ in range(3)]
    found = Neighbours({name: each for name, each in zip(("b", "A", "c"), data, strict=True) if isinstance(each, dict)})
    assert found.calling_host("wms.example") == ["A", "b"]
    assert [name for name, _ in found.with_pod("fa-x-test.fa.ocs.example", other_than="test")] == ["A", "b"]
    found.put("A", None)
    assert found.calling_host("wms.example") == ["b", "c"]
