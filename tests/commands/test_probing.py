"""The topology review as a command, against the practice pod on loopback."""

import csv
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest
from junitparser import JUnitXml
from prometheus_client.parser import text_string_to_metric_families

from omtui.practice.lessons import LESSONS
from omtui.practice.practice import Practice, running
from omtui.practice.profiles import BROKEN, DEV, TEST, write_profiles
from omtui.service.reviewing import history_key, last_states
from omtui.topology.probe_history import ProbeHistory
from omtui.topology.words import WORDS
from tests.commands.conftest import Command
from tests.commands.test_ending import HOSTILE
from tests.terminal.terminal import Terminal, environment, resolved


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with running() as started:
        yield started


@pytest.fixture
def profiles(practice: Practice, home: Path, tmp_path: Path) -> Path:
    """`profiles/` in the working folder, with the sample profiles of the demo."""
    folder = tmp_path / "profiles"
    write_profiles(practice, folder)
    return folder


@pytest.fixture
def state(home: Path) -> Path:
    """The program's state folder."""
    from omtui.store.folders import state_folder

    return state_folder(os.environ)


@pytest.fixture
def begun(home: Path, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the real program; what is left of it at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin(*words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            resolved(("omtui", *words)),
            env={**environment(home, {}), "PYTHONUNBUFFERED": "1"},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


NUMBER = {"type": ["number", "null"]}
SCHEMA = {
    "type": "object",
    "required": ["profile", "started", "results", "counts"],
    "properties": {
        "counts": {"type": "object", "required": ["ok", "failed"]},
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": [
                    "name", "vantage", "host", "port", "url", "expect", "caller", "outcome", "faults", "ok", "message",
                    "advice", "milliseconds", "addresses", "tls", "http", "wsdl",
                ],
                "properties": {
                    "vantage": {"const": "local"},
                    "port": {"type": "integer", "minimum": 1, "maximum": 65535},
                    "outcome": {"enum": list(WORDS)},
                    "faults": {"type": "array", "items": {"enum": list(WORDS)}},
                    "ok": {"type": "boolean"},
                    "milliseconds": {
                        "type": "object",
                        "required": ["resolve", "connect", "tls", "http"],
                        "additionalProperties": NUMBER,
                    },
                    "addresses": {"type": "array", "items": {"type": "string"}},
                    "tls": {
                        "type": ["object", "null"],
                        "required": [
                            "version", "cipher", "subject", "issuer", "names", "not_before", "not_after", "days_left",
                            "chain_complete",
                        ],
                    },
                    "http": {"type": ["object", "null"], "required": ["status", "server", "location"]},
                    "wsdl": {"type": ["object", "null"], "required": ["service", "namespace", "operations"]},
                },
            },
        },
    },
}  # fmt: skip


class TestWhatItFinds:
    def test_a_set_up_in_good_order(self, omtui: Command, profiles: Path) -> None:
        answer = omtui("probe", DEV, "--json")
        assert answer.code == 0
        jsonschema.validate(answer.document, SCHEMA)
        assert answer.document["counts"] == {"ok": 5, "failed": 0, "warned": 0}
        assert {each["outcome"] for each in answer.document["results"]} == {"ok", "credentials-required"}
        assert answer.err == ""

    def test_every_lesson_gets_its_word(self, omtui: Command, profiles: Path) -> None:
        answer = omtui("probe", BROKEN, "--format", "json")
        assert answer.code == 1
        jsonschema.validate(answer.document, SCHEMA)
        found = {each["name"]: each for each in answer.document["results"]}
        assert {lesson.name: found[lesson.name]["outcome"] for lesson in LESSONS} == {
            lesson.name: lesson.outcome for lesson in LESSONS
        }
        assert all(set(lesson.words) <= set(found[lesson.name]["faults"]) for lesson in LESSONS)

    def test_people_read_the_worst_first_and_what_no_probe_can_tell(self, omtui: Command, profiles: Path) -> None:
        answer = omtui("probe", BROKEN, "--only", "Expired", "--only", "Refused", "--only", "Expires soon")
        assert answer.code == 1
        order = [answer.out.index(word) for word in ("FAIL  refused", "FAIL  certificate-expired", "warn  certificate")]
        assert order == sorted(order)
        assert "Have it renewed" in answer.out
        assert "no probe from here can show" in omtui("probe", DEV).out

    def test_a_warning_counts_when_it_is_asked_to(self, omtui: Command, profiles: Path) -> None:
        words = ("probe", BROKEN, "--only", "Expires soon")
        assert omtui(*words).code == 0
        assert omtui(*words, "--strict").code == 1

    def test_a_fault_of_omtui_in_one_probe_is_its_outcome_in_every_format(
        self, omtui: Command, profiles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(*_: object, **__: object) -> None:
            raise LookupError("no such thing")

        monkeypatch.setattr("omtui.topology.wsdl.Body.document", fails)
        words = ("probe", BROKEN, "--only", "Wrong content type", "--only", "Refused", "--only", "Expired")
        answer = omtui(*words)
        assert answer.code == 1
        assert "LookupError in test_probing.py" in answer.out
        assert "FAIL  refused" in answer.out
        found = omtui(*words, "--json").document
        assert found["counts"] == {"ok": 0, "failed": 3, "warned": 0}
        assert {each["name"]: each["outcome"] for each in found["results"]} == {
            "Wrong content type": "cancelled", "Refused": "refused", "Expired": "cancelled",
        }  # fmt: skip
        for name in ("review.html", "review.xml", "review.csv", "review.prom"):
            assert omtui(*words, "-o", str(tmp_path / name)).code == 1
            assert "Wrong content type" in (tmp_path / name).read_text()

    def test_tags_limit_it(self, omtui: Command, profiles: Path) -> None:
        path = profiles / f"{DEV}.toml"
        path.write_text(
            path.read_text().replace('name = "EventConnector"\n', 'name = "EventConnector"\ntags = ["x"]\n', 1)
        )
        answer = omtui("probe", DEV, "--tag", "x", "--json")
        assert [each["name"] for each in answer.document["results"]] == ["EventConnector"]

    def test_several_profiles(self, omtui: Command, profiles: Path) -> None:
        answer = omtui("probe", DEV, TEST, "--json")
        assert answer.code == 0
        assert [each["profile"] for each in answer.document["profiles"]] == [DEV, TEST]
        assert answer.document["counts"]["ok"] == 10

    def test_nothing_to_probe(self, omtui: Command, library: Path) -> None:
        (library / "empty.toml").write_text('schema = 1\n[profile]\nname = "empty"\nenvironment = "test"\n')
        answer = omtui("probe", "empty", "--json")
        assert (answer.code, answer.document["results"]) == (0, [])
        assert "no endpoint" in answer.err


class TestFormats:
    """Each is read by a parser that is not ours."""

    WORDS = ("probe", BROKEN, "--only", "Expired", "--only", "Expires soon", "--only", "Refused", "--only", "pod")

    def test_junit(self, omtui: Command, profiles: Path) -> None:
        suites = JUnitXml.fromstring(omtui(*self.WORDS, "--format", "junit").out.encode())
        assert (suites.tests, suites.failures, suites.errors) == (4, 2, 0)
        results = {
            case.name: [each.type for each in case.result if hasattr(each, "type")]
            for suite in suites
            for case in suite
        }
        assert results["Expired"] == ["certificate-expired"]

    def test_csv(self, omtui: Command, profiles: Path) -> None:
        rows = list(csv.DictReader(io.StringIO(omtui(*self.WORDS, "--format", "csv").out)))
        assert {row["name"]: row["outcome"] for row in rows}["Refused"] == "refused"
        assert not [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "@")]

    def test_prometheus(self, omtui: Command, profiles: Path) -> None:
        families = {
            each.name: each for each in text_string_to_metric_families(omtui(*self.WORDS, "--format", "prometheus").out)
        }
        seen = {sample.labels["name"]: sample.value for sample in families["omtui_probe_ok"].samples}
        assert seen == {"Expired": 0.0, "Expires soon": 1.0, "Refused": 0.0, "pod": 1.0}

    def test_html(self, omtui: Command, profiles: Path) -> None:
        class Reader(HTMLParser):
            seen: ClassVar[list[str]] = []

            def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
                self.seen.append(tag)
                assert not {"src", "href"} & {name for name, _ in attrs}

        reader = Reader()
        reader.feed(omtui(*self.WORDS, "--format", "html").out)
        assert reader.seen.count("section") == 4
        assert "script" not in reader.seen

    @pytest.mark.parametrize(
        ("name", "begins"),
        [
            ("r.json", "{"),
            ("r.html", "<!DOCTYPE"),
            ("r.xml", "<?xml"),
            ("r.csv", "name,"),
            ("r.prom", "# HELP"),
            ("r.txt", "ok"),
        ],
    )
    def test_a_file_by_its_ending(self, omtui: Command, profiles: Path, tmp_path: Path, name: str, begins: str) -> None:
        answer = omtui("probe", DEV, "--only", "Connector01", "-o", str(tmp_path / name))
        assert (answer.code, answer.out) == (0, "")
        assert (tmp_path / name).read_text().startswith(begins)
        assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".r")] == []

    def test_a_place_that_cannot_be_written(self, omtui: Command, profiles: Path, tmp_path: Path) -> None:
        answer = omtui("probe", DEV, "--only", "Connector01", "-o", str(tmp_path / "gone" / "r.html"))
        assert answer.code == 3
        assert "is not there" in answer.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((DEV, "--only", "Connector1"), "did you mean Connector01"),
        ((DEV, "--from", "moon"), "local is this machine"),
        ((DEV, "--watch", "1"), "5 or more"),
        ((DEV, "--watch", "nan"), "5 or more"),
        ((DEV, TEST, "--format", "junit"), "one profile"),
        ((DEV, "--json", "--format", "csv"), "contradict"),
        (("nobody",), "no profile nobody"),
    ],
)
def test_what_makes_no_sense(omtui: Command, profiles: Path, words: tuple[str, ...], says: str) -> None:
    answer = omtui("probe", *words)
    assert (answer.code, answer.out) == (2, "")
    assert says in answer.err


def test_hostile_words(omtui: Command, library: Path) -> None:
    """As for all commands, but on a set-up whose only endpoint is a closed port of this machine."""
    (library / "dev.toml").write_text(
        'schema = 1\n[profile]\nname = "dev"\nenvironment = "test"\n'
        '[[topology.endpoints]]\nname = "Connector01"\nhost = "127.0.0.1"\nport = 1\n'
    )
    for word in HOSTILE:
        for words in ((word,), ("dev", "--only", word), ("dev", "--tag", word), ("dev", "--from", word),
                      ("dev", "--watch", word), ("dev", "--format", word)):  # fmt: skip
            if words != ("-",):  # reads standard input
                answer = omtui("probe", *words)
                assert answer.code in (0, 1, 2, 3), (words, answer)
                assert "fault of the program" not in answer.err, (words, answer)
                assert "\x1b" not in answer.err


class TestWhatIsKept:
    def test_the_checks_know_of_the_last_review(self, omtui: Command, profiles: Path) -> None:
        def shown() -> list[str]:
            found = omtui("check", BROKEN, "--json").document["findings"]
            return [each["message"] for each in found if each["id"] == "S6-07"]

        assert shown() == []
        omtui("probe", BROKEN, "--only", "Refused")
        assert len(shown()) == 1
        assert "Refused" in shown()[0] or "1 target" in shown()[0]

    def test_a_check_makes_no_database(self, omtui: Command, profiles: Path, state: Path) -> None:
        omtui("check", DEV)
        assert not state.exists() or not list(state.rglob("*.sqlite"))

    def test_two_profiles_of_one_name_are_two(
        self, omtui: Command, profiles: Path, state: Path, tmp_path: Path
    ) -> None:
        other = tmp_path / "elsewhere"
        shutil.copytree(profiles, other)
        omtui("probe", DEV, "--only", "Connector01")
        assert set(last_states(state, profiles / f"{DEV}.toml")) == {"Connector01"}
        assert last_states(state, other / f"{DEV}.toml") == {}

    @pytest.mark.parametrize(("end", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
    def test_ended_in_its_middle_it_loses_nothing(
        self, begun: Callable[..., Any], profiles: Path, state: Path, end: signal.Signals, code: int
    ) -> None:
        process = begun("probe", BROKEN)
        wait_until(lambda: len(last_states(state, profiles / f"{BROKEN}.toml")) >= 20)
        finished = set(last_states(state, profiles / f"{BROKEN}.toml"))
        process.send_signal(end)
        out, err = process.communicate(timeout=20)
        assert process.returncode == code, err
        assert finished <= set(last_states(state, profiles / f"{BROKEN}.toml"))
        if end == signal.SIGINT:
            assert "interrupted" in err
            assert "FAIL  refused" in out
            assert "cancelled" in out
            [past] = ProbeHistory(state).reviews(history_key(profiles / f"{BROKEN}.toml"))
            assert past.interrupted

    def test_a_state_folder_that_cannot_be_used_stops_nothing(
        self, omtui: Command, profiles: Path, state: Path
    ) -> None:
        state.parent.mkdir(parents=True, exist_ok=True)
        state.write_text("a file, not a folder")
        answer = omtui("probe", DEV, "--json")
        assert (answer.code, answer.document["counts"]["ok"]) == (0, 5)
        assert "history" in answer.err


def test_watching_goes_on_until_it_is_ended(begun: Callable[..., Any], profiles: Path, state: Path) -> None:
    process = begun("probe", DEV, "--only", "Connector01", "--watch", "5")
    key = history_key(profiles / f"{DEV}.toml")
    wait_until(lambda: state.exists() and len(ProbeHistory(state).reviews(key)) == 2, seconds=40)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert out.count("1 ok (0 with a warning)") >= 1


def test_progress_on_a_terminal(open_terminal: Callable[..., Terminal], practice: Practice, tmp_path: Path) -> None:
    folder = tmp_path / "library"
    write_profiles(practice, folder)
    terminal = open_terminal("omtui", "--library", str(folder), "probe", BROKEN, size=(120, 60))
    terminal.wait_for("of 53 endpoints")
    terminal.wait_for("46 failed, seen from")
    assert terminal.wait_for_exit(20) == 1
    assert "of 53 endpoints" not in terminal.text()


class TestPractice:
    def test_it_runs_until_it_is_ended(self, begun: Callable[..., Any]) -> None:
        process = begun("practice", "--json", "--release", "26a")
        text = ""
        while not text.endswith("\n}\n"):
            text += process.stdout.readline()
        shown = json.loads(text)
        assert shown["release"] == "26A"
        assert Path(shown["ca_file"]).is_file()
        port = int(shown["pod"].rpartition(":")[2])
        socket.create_connection(("127.0.0.1", port), 5).close()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        assert process.returncode == 130
        assert not Path(shown["ca_file"]).parent.exists()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), 5)

    def test_a_port_that_is_taken(self, omtui: Command, practice: Practice) -> None:
        answer = omtui("practice", "--port", str(practice.pod_port))
        assert answer.code == 3
        assert "choose another" in answer.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("practice", "--port", "70000"), "70000 is no port"),
        (("practice", "--port", "x"), "x is no port"),
        (("practice", "--port", "-1"), "-1 is no port"),
        (("practice", "--port"), "--port needs a value"),
        (("practice", "--release", "soon"), "soon is no release"),
        (("practice", DEV, "x"), f"{DEV} is one word too many"),
        (("practice", ""), "one word too many"),
        (("practice", "--from", "moon"), "there is no option --from"),
        (("practice", "--port", "9" * 5000), "is no port"),
        (("demo", DEV), f"{DEV} is one word too many"),
        (("demo", "--headless", "x"), "x is one word too many"),
        (("demo", "--port", "5"), "there is no option --port"),
    ],
)
def test_what_serves_refuses_words_that_it_does_not_take(
    omtui: Command, library: Path, words: tuple[str, ...], says: str
) -> None:
    answer = omtui(*words)
    assert (answer.code, answer.out) == (2, "")
    assert says in answer.err
    assert answer.err.count("\n") == 1


class TestDemo:
    def test_the_tour_ends_well_and_leaves_nothing(self, begun: Callable[..., Any], home: Path, tmp_path: Path) -> None:
        process = begun("demo", "--headless")
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        assert f"{len(LESSONS)} of {len(LESSONS)} broken endpoints were called what they are." in out
        assert f"$ omtui probe {DEV}" in out
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)
        assert not list(home.rglob("*.sqlite"))
        address = out.split("https://127.0.0.1:")[1].split(",")[0]
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(address)), 5)

    def test_it_overwrites_nobody(self, omtui: Command, profiles: Path) -> None:
        before = (profiles / f"{DEV}.toml").read_text()
        answer = omtui("demo", "--headless", "--library", str(profiles))
        assert answer.code == 3
        assert "already has" in answer.err
        assert (profiles / f"{DEV}.toml").read_text() == before

    def test_without_a_terminal_it_says_so(self, begun: Callable[..., Any]) -> None:
        process = begun("demo")
        _, err = process.communicate(timeout=20)
        assert process.returncode == 3
        assert "--headless" in err


def wait_until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait for a state, not for a time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never got there"
        time.sleep(0.02)
