"""doctor: what it looks at, and that it says what to do."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.conftest import PROFILE, Command


def named(answer_document: dict[str, list[dict[str, object]]], name: str) -> dict[str, object]:
    return next(each for each in answer_document["checks"] if each["name"] == name)


Found = Callable[..., Callable[[str], dict[str, object]]]
"""Asks the doctor; what is given back finds one line of the answer."""


@pytest.fixture
def found(omtui: Command) -> Found:
    def ask(*words: str) -> Callable[[str], dict[str, object]]:
        answer = omtui("doctor", "--json", *words)
        document = answer.document
        assert answer.code == int(not all(each["ok"] for each in document["checks"]))
        assert all(set(each) == {"name", "ok", "detail", "advice"} for each in document["checks"])
        assert all(each["ok"] or each["advice"] for each in document["checks"])
        return lambda name: named(document, name)

    return ask


def test_everything_it_is_to_look_at(omtui: Command, library: Path) -> None:
    names = [each["name"] for each in omtui("doctor", "--json").document["checks"]]
    expected = {"omtui", "terminal", "locale", "library", "state", "settings", "credential store", "proxies", "OpenSSH"}
    assert expected <= set(names)


def test_for_people(omtui: Command, library: Path) -> None:
    answer = omtui("doctor")
    assert "ok   library" in answer.out
    assert "profiles, 1 profile" in answer.out
    assert answer.err == ""


@pytest.mark.parametrize(("term", "ok"), [("dumb", False), ("", False), ("xterm", True)])
def test_the_terminal(found: Found, monkeypatch: pytest.MonkeyPatch, term: str, ok: bool) -> None:
    monkeypatch.setenv("TERM", term)
    assert found()("terminal")["ok"] is ok


def test_a_library_that_is_a_file_or_open_to_all(found: Found, library: Path, tmp_path: Path) -> None:
    assert found()("library")["ok"]
    (tmp_path / "file").write_text(PROFILE)
    assert not found("--library", str(tmp_path / "file"))("library")["ok"]
    library.chmod(0o777)
    assert found()("library")["advice"] == "chmod o-w profiles"
    assert found("--library", str(tmp_path / "not" / "yet"))("library")["ok"]


def test_a_state_folder_that_cannot_be(found: Found, home: Path) -> None:
    (home / ".local").write_text("")
    state = found()("state")
    assert not state["ok"]
    assert "cannot be used" in str(state["detail"])


def test_settings_that_cannot_be_read(found: Found, home: Path) -> None:
    assert found()("settings")["ok"]
    (home / ".config/omtui").mkdir(parents=True)
    (home / ".config/omtui/settings.toml").write_text("mouse = 5\nnonsense = 1\n")
    assert "mouse must be true or false" in str(found()("settings")["detail"])


class TestProxies:
    def test_none(self, found: Found) -> None:
        assert found()("proxies")["detail"] == "none"

    def test_one_that_answers_and_one_that_does_not(self, found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            monkeypatch.setenv("HTTPS_PROXY", f"http://user:hunter2@127.0.0.1:{port}")
            answered = found()("proxies")
        assert answered["ok"]
        silent = found()("proxies")
        assert not silent["ok"]
        assert f"nothing answers at 127.0.0.1:{port}" in str(silent["detail"])
        assert "hunter2" not in str(answered) + str(silent)

    def test_the_network_is_left_alone_where_asked(self, found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        assert found("--no-network")("proxies")["ok"]

    def test_a_kind_that_is_not_spoken(self, found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1080")
        assert "socks5" in str(found()("proxies")["detail"])


def test_without_openssh(found: Found, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "Install the OpenSSH client" in str(found()("OpenSSH")["advice"])


def test_an_ssh_that_hangs(found: Found, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "ssh"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr("omtui.commands.diagnosing.PATIENCE", 0.2)
    assert not found()("OpenSSH")["ok"]
