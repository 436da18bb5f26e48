"""Secrets belong to a profile's file in the library, not to the name that a file gives itself."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from omtui.credentials.machine import Machine
from omtui.credentials.record import SecretRecord, SecretReference
from omtui.credentials.store import BoundedStore
from tests.commands.conftest import Command
from tests.commands.test_secrets import SECRET, bus, desktop, profile, type_in  # noqa: F401 - fixtures
from tests.credentials.desktop import Desktop
from tests.credentials.profiles import TEXT
from tests.credentials.web_server import Server

EVIL = TEXT.lstrip().replace("soa.pick.example", "evil.example")

VERBS: tuple[tuple[str, ...], ...] = (
    ("secret", "set", "FILE", "pod", "--stdin"),
    ("secret", "delete", "FILE", "pod"),
    ("secret", "delete", "FILE", "--all"),
    ("secret", "move", "FILE", "pod", "--to", "vault"),
    ("secret", "move", "FILE", "--to", "vault"),
    ("secret", "move", "FILE", "wms", "--was", "pod"),
    ("secret", "test", "FILE", "pod"),
    ("secret", "list", "FILE"),
    ("secret", "list", "FILE", "--json"),
    ("check", "FILE", "--credentials"),
    (
        "export",
        "FILE",
        "-o",
        "out.json",
        "--secrets",
        "--to",
        "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg",
    ),
)


def stored() -> dict[str, str | None]:
    """What the store holds for the library's profile."""
    store = Machine().store()
    assert isinstance(store, BoundedStore)
    answers = {name: store.read(SecretReference("vision-dev", name)) for name in ("pod", "wms", "connector01")}
    return {
        name: f"{sorted(map(str, answer.destinations))} {answer.secret.reveal()}"
        if isinstance(answer, SecretRecord)
        else None
        for name, answer in answers.items()
    }


@pytest.fixture
def foreign(profile: Path, tmp_path: Path) -> dict[str, Path | str]:  # noqa: F811
    """Files that call themselves like the profile of the library."""
    away = tmp_path / "mail"
    away.mkdir()
    (away / "mailed.toml").write_text(EVIL)
    (away / "vision-dev.toml").write_text(EVIL)
    (away / "link.toml").symlink_to(away / "vision-dev.toml")
    shutil.copy(away / "mailed.toml", profile.with_name("other.toml"))
    (away / "twice.toml").symlink_to(profile.with_name("other.toml"))
    return {
        "another name": away / "mailed.toml",
        "the same name": away / "vision-dev.toml",
        "relative": os.path.relpath(away / "vision-dev.toml"),
        "a link": away / "link.toml",
        "in the library": "other",
        "in the library by a link": away / "twice.toml",
        "standard input": "-",
    }


def test_no_verb_reaches_the_secrets_of_a_profile_through_a_file_that_only_calls_itself_so(
    omtui: Command,
    desktop: Desktop,  # noqa: F811
    type_in: Callable[[str], None],  # noqa: F811
    foreign: dict[str, Path | str],
) -> None:
    type_in(SECRET)
    assert omtui("--library", "profiles", "secret", "set", "vision-dev", "pod", "--stdin").code == 0
    before = stored()
    assert before["pod"]
    for called, file in foreign.items():
        for words in VERBS:
            type_in(EVIL if file == "-" else "stolen")
            answer = omtui("--library", "profiles", *(str(file) if word == "FILE" else word for word in words))
            assert "fault of the program" not in answer.err, answer.err
            assert stored() == before, (called, words)
            if called in ("the same name", "relative", "standard input") and "--json" in words:
                assert {each["present"] for each in answer.document["credentials"]} == {None}
            if called in ("the same name", "relative", "standard input") and words[0] != "check" and words[1] != "list":
                assert answer.code == 3, (called, words, answer)


def test_a_path_to_the_librarys_own_file_is_that_profile(
    omtui: Command,
    desktop: Desktop,  # noqa: F811
    profile: Path,  # noqa: F811
    type_in: Callable[[str], None],  # noqa: F811
    tmp_path: Path,
) -> None:
    link = tmp_path / "alias.toml"
    link.symlink_to(profile)
    for number, word in enumerate(("vision-dev", str(profile), os.path.relpath(profile), str(link))):
        type_in(f"{SECRET}{number}")
        assert omtui("--library", "profiles", "secret", "set", word, "pod", "--stdin").code == 0
        assert str(stored()["pod"]).endswith(f"{SECRET}{number}")


def test_setting_a_secret_names_the_places_it_may_go_to_and_those_that_are_new(
    omtui: Command,
    desktop: Desktop,  # noqa: F811
    profile: Path,  # noqa: F811
    type_in: Callable[[str], None],  # noqa: F811
) -> None:
    type_in(SECRET)
    first = omtui("--library", "profiles", "secret", "set", "vision-dev", "pick", "--stdin")
    assert "pick: may go to https://" in first.err
    assert "NEW" not in first.err
    with profile.open("a") as stream:
        stream.write(
            '\n[[connectors]]\nname = "ZEvil"\nurl = "https://evil.example/x"\nuser_name = "u"\ncredential = "pick"\n'
        )
    type_in(SECRET)
    again = omtui("--library", "profiles", "secret", "set", "vision-dev", "pick", "--stdin")
    assert "https://evil.example:443 as u (NEW)" in again.err
    assert again.err.count("(NEW)") == 1


@pytest.mark.parametrize("command", [("secret", "test", "vision-dev", "pick")])
def test_no_password_is_sent_while_the_keys_of_connections_are_written_down(
    omtui: Command,
    desktop: Desktop,  # noqa: F811
    profile: Path,  # noqa: F811
    type_in: Callable[[str], None],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
) -> None:
    with Server() as server:
        profile.write_text(re.sub(r'url = "https://[^"]*pick[^"]*"', f'url = "{server.url()}"', profile.read_text()))
        type_in(SECRET)
        assert omtui("--library", "profiles", "secret", "set", "vision-dev", "pick", "--stdin").code == 0
        monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
        answer = omtui("--library", "profiles", *command, "--allow-plain-http")
        assert answer.code == 3
        assert "SSLKEYLOGFILE is set" in answer.err
        assert server.secrets_sent == 0
        assert not (tmp_path / "keys").exists()
