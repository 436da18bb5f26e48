"""secret, keyring and vault: with a real keyring on a bus of its own, without one, locked and wedged."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from omtui.credentials.machine import Machine
from omtui.credentials.record import SecretRecord, SecretReference
from omtui.credentials.store import BoundedStore
from omtui.problem import Done
from omtui.service.workspace import Workspace
from tests.commands.conftest import Command
from tests.credentials.desktop import PASSWORD as KEYRING_PASSWORD
from tests.credentials.desktop import Desktop
from tests.credentials.profiles import TEXT
from tests.credentials.test_no_leaks import leaked_forms
from tests.credentials.web_server import PASSWORD, Server
from tests.programs import require
from tests.terminal import Terminal
from tests.terminal.terminal import environment, resolved

SECRET = 'P0d-sekret/"é+ü"-91'
PASSPHRASE = "Pass phrase of the vault 33"
Opener = Callable[..., Terminal]


@pytest.fixture
def profile(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`vision-dev` in the library; no bus, and no keyring of the person who runs the tests."""
    for name in list(os.environ):
        if name.startswith(("DBUS_", "KEYRING_", "PYTHON_KEYRING")):
            monkeypatch.delenv(name)
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "vision-dev.toml").write_text(TEXT.lstrip())
    return folder / "vision-dev.toml"


@pytest.fixture
def no_bus(profile: Path) -> None:
    if Path(f"/run/user/{os.getuid()}/bus").exists() and not os.environ.get("CI"):
        pytest.skip("there is a session bus on this machine")


@pytest.fixture
def bus(profile: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """A bus with nothing on it, as the session's."""
    require("dbus-daemon")
    require("gnome-keyring-daemon")
    with Desktop() as desktop:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.address)
        yield desktop


@pytest.fixture
def desktop(bus: Desktop) -> Desktop:
    """An open keyring."""
    bus.start_keyring()
    return bus


@pytest.fixture
def locked(desktop: Desktop, omtui: Command, type_in: Callable[[str], None]) -> Desktop:
    """A keyring that holds a secret and is locked: its daemon was started again by nobody's login."""
    type_in(SECRET)
    assert omtui("secret", "set", "vision-dev", "pod", "--stdin").code == 0
    desktop.kill_keyring()
    desktop.start_keyring(None)
    return desktop


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Puts a text on standard input."""

    def put(text: str) -> None:
        file = tmp_path / "standard-input"
        file.write_bytes(text.encode())
        stream = file.open(encoding="utf-8")
        file.unlink()
        monkeypatch.setattr(sys, "stdin", stream)

    return put


def kept(name: str = "pod", profile: str = "vision-dev") -> str | None:
    """What the store has, asked past the commands."""
    store = Machine().store()
    assert isinstance(store, BoundedStore)
    found = store.read(SecretReference(profile, name))
    return found.secret.reveal() if isinstance(found, SecretRecord) else None


def assert_nowhere(content: bytes, where: object, *secrets: str) -> None:
    for secret in secrets:
        for form in leaked_forms(secret):
            assert form not in content, f"{form!r} in {where}"


def assert_in_no_file(folder: Path, *secrets: str) -> None:
    for file in folder.rglob("*"):
        assert_nowhere(os.fsencode(file.name), "a file name", *secrets)
        if file.is_file() and not file.is_symlink():
            assert_nowhere(file.read_bytes(), file, *secrets)


def recorded(terminal: Terminal) -> bytearray:
    """Every byte that the program writes from now on."""
    raw = bytearray()
    show = terminal.process.on_output

    def keep(piece: bytes, at: float) -> None:
        raw.extend(piece)
        show(piece, at)

    terminal.process.on_output = keep
    return raw


class TestWithoutAStore:
    def test_list_needs_none(self, omtui: Command, no_bus: None) -> None:
        answer = omtui("secret", "list", "vision-dev", "--json")
        assert answer.code == 0
        assert answer.document["backend"] is None
        assert {each["present"] for each in answer.document["credentials"]} == {None}
        pick = next(each for each in answer.document["credentials"] if each["name"] == "pick")
        assert pick["used_by"] == ["connectors[Connector01]", "connectors[Connector 02]"]
        assert "no D-Bus session" in answer.err
        assert "omtui vault init" in answer.err

    def test_everything_else_is_refused_with_a_remedy(
        self, omtui: Command, no_bus: None, type_in: Callable[[str], None]
    ) -> None:
        for words in (("set", "vision-dev", "pod", "--stdin"), ("delete", "vision-dev", "pod")):
            type_in(SECRET)
            answer = omtui("secret", *words)
            assert (answer.code, answer.out) == (3, "")
            assert "omtui vault init" in answer.err
        assert omtui("keyring", "unlock").code == 3

    def test_status_tells_what_is_possible(self, omtui: Command, no_bus: None) -> None:
        document = omtui("keyring", "status", "--json").document
        assert document["state"] == "unreachable"
        assert document["reason"] == "no-bus"
        assert [each["backend"] for each in document["choices"]] == [
            "keyring", "session", "vault", "command", "memory",
        ]  # fmt: skip

    def test_a_check_without_a_store_tells_nothing_of_it(self, omtui: Command, no_bus: None) -> None:
        answer = omtui("check", "vision-dev", "--credentials")
        assert "S5-10" not in answer.out
        assert "is not known" in answer.err
        assert "there is no D-Bus session" in answer.err

    def test_the_memory_of_the_workbench_is_no_store_of_a_command(
        self, omtui: Command, profile: Path, monkeypatch: pytest.MonkeyPatch, type_in: Callable[[str], None]
    ) -> None:
        monkeypatch.setenv("OMTUI_STORE", "memory")
        type_in(SECRET)
        answer = omtui("secret", "set", "vision-dev", "pod", "--stdin")
        assert answer.code == 3
        assert "no command can see" in answer.err
        assert omtui("secret", "list", "vision-dev", "--json").document["backend"] is None


class TestNeverAnArgument:
    @pytest.mark.parametrize(
        "words",
        [
            ("set", "vision-dev", "pod", SECRET),
            ("set", "vision-dev", SECRET),
            ("set", "vision-dev", "pod", f"--{SECRET}"),
            ("set", "vision-dev", "pod", f"-{SECRET}"),
            ("set", "vision-dev", "pod", f"--password={SECRET}"),
            ("set", "vision-dev", "pod", f"--stdin={SECRET}"),
            ("delete", "vision-dev", "pod", SECRET),
            ("test", "vision-dev", SECRET),
            ("list", "vision-dev", SECRET),
        ],
    )
    def test_it_is_refused_and_not_repeated(self, omtui: Command, profile: Path, words: tuple[str, ...]) -> None:
        answer = omtui("secret", *words)
        assert (answer.code, answer.out) == (2, "")
        assert "sekret" not in answer.err

    def test_nobody_is_asked_where_nobody_is(
        self, omtui: Command, profile: Path, type_in: Callable[[str], None]
    ) -> None:
        type_in(SECRET)
        answer = omtui("secret", "set", "vision-dev", "pod")
        assert answer.code == 3
        assert "--stdin" in answer.err

    @pytest.mark.parametrize("content", ["", "\n"])
    def test_an_empty_secret_is_a_mistake(
        self, omtui: Command, desktop: Desktop, type_in: Callable[[str], None], content: str
    ) -> None:
        type_in(content)
        answer = omtui("secret", "set", "vision-dev", "pod", "--stdin")
        assert answer.code == 3
        assert kept() is None


class TestWithAKeyring:
    def test_set_list_replace_delete(
        self, omtui: Command, desktop: Desktop, type_in: Callable[[str], None], tmp_path: Path
    ) -> None:
        type_in(f"{SECRET}\n")
        answer = omtui("secret", "set", "vision-dev", "pick", "--stdin", "--json")
        assert answer.document == {"profile": "vision-dev", "set": ["pick"], "backend": "keyring"}
        assert kept("pick") == SECRET
        document = omtui("secret", "list", "vision-dev", "--json").document
        assert document["backend"] == "keyring"
        present = {each["name"]: each["present"] for each in document["credentials"]}
        assert present["pick"] is True
        assert present["pod"] is False
        type_in("another of 12")
        assert omtui("secret", "set", "vision-dev", "pick", "--stdin").code == 0
        assert kept("pick") == "another of 12"
        shown = omtui("secret", "list", "vision-dev")
        assert "MISSING" in shown.out
        assert "another" not in shown.out + shown.err
        assert omtui("secret", "delete", "vision-dev", "pick").code == 0
        assert kept("pick") is None
        again = omtui("secret", "delete", "vision-dev", "pick")
        assert again.code == 0
        assert "none" in again.err
        assert_in_no_file(tmp_path, SECRET, "another of 12")

    def test_lines_in_the_middle_stay(self, omtui: Command, desktop: Desktop, type_in: Callable[[str], None]) -> None:
        type_in("first line\nsecond line\r\n")
        assert omtui("secret", "set", "vision-dev", "label-key", "--stdin").code == 0
        assert kept("label-key") == "first line\nsecond line"

    def test_it_is_typed_without_echo(self, open_terminal: Opener, desktop: Desktop, tmp_path: Path) -> None:
        env = {"DBUS_SESSION_BUS_ADDRESS": desktop.address}
        terminal = open_terminal("omtui", "secret", "set", "vision-dev", "pod", env=env)
        raw = recorded(terminal)
        terminal.wait_for("Secret of pod:")
        terminal.type(f"{SECRET}\r")
        terminal.wait_for("Again:")
        terminal.type(f"{SECRET}\r")
        assert terminal.wait_for_exit() == 0
        assert kept() == SECRET
        assert_nowhere(bytes(raw), "the terminal", SECRET)
        assert terminal.modes_left_on() == []
        assert_in_no_file(tmp_path, SECRET)

    def test_two_that_differ_change_nothing(self, open_terminal: Opener, desktop: Desktop) -> None:
        env = {"DBUS_SESSION_BUS_ADDRESS": desktop.address}
        terminal = open_terminal("omtui", "secret", "set", "vision-dev", "pod", env=env)
        terminal.wait_for("Secret of pod:")
        terminal.type("one of them\r")
        terminal.wait_for("Again:")
        terminal.type("two of them\r")
        assert terminal.wait_for_exit() == 3
        assert kept() is None

    def test_ctrl_c_leaves_the_terminal_as_it_was(self, open_terminal: Opener, desktop: Desktop) -> None:
        env = {"DBUS_SESSION_BUS_ADDRESS": desktop.address}
        terminal = open_terminal("omtui", "secret", "set", "vision-dev", "pod", env=env)
        terminal.wait_for("Secret of pod:")
        terminal.press("ctrl+c")
        assert terminal.wait_for_exit() == 130
        assert terminal.modes_left_on() == []

    def test_without_a_name_every_missing_one_is_asked_for(
        self, open_terminal: Opener, omtui: Command, desktop: Desktop, type_in: Callable[[str], None]
    ) -> None:
        type_in("there already")
        omtui("secret", "set", "vision-dev", "pod", "--stdin")
        env = {"DBUS_SESSION_BUS_ADDRESS": desktop.address}
        terminal = open_terminal("omtui", "secret", "set", "vision-dev", env=env)
        for name in ("wms", "pick", "events", "label-key", "pick-key", "spare"):
            terminal.wait_for(f"Secret of {name}:")
            typed = SECRET if name == "events" else ""
            terminal.type(f"{typed}\r")
            terminal.wait_for(lambda now: now.lines()[now.screen.cursor.y].startswith("Again:"))
            terminal.type(f"{typed}\r")
        assert terminal.wait_for_exit() == 0
        assert (kept("pod"), kept("events"), kept("pick")) == ("there already", SECRET, None)

    def test_ctrl_d_changes_nothing(self, open_terminal: Opener, desktop: Desktop) -> None:
        env = {"DBUS_SESSION_BUS_ADDRESS": desktop.address}
        terminal = open_terminal("omtui", "secret", "set", "vision-dev", "pod", env=env)
        terminal.wait_for("Secret of pod:")
        terminal.press("ctrl+d")
        assert terminal.wait_for_exit() == 3
        assert "nothing was typed" in terminal.text()
        assert terminal.modes_left_on() == []

    def test_standard_input_that_is_a_terminal_is_refused(self, open_terminal: Opener, desktop: Desktop) -> None:
        env = {"DBUS_SESSION_BUS_ADDRESS": desktop.address}
        terminal = open_terminal("omtui", "secret", "set", "vision-dev", "pod", "--stdin", env=env)
        assert terminal.wait_for_exit() == 3
        assert "standard input is a terminal" in " ".join(terminal.text().split())

    def test_a_check_knows_what_is_set_when_told_to_ask(
        self, omtui: Command, desktop: Desktop, type_in: Callable[[str], None]
    ) -> None:
        type_in(SECRET)
        omtui("secret", "set", "vision-dev", "pick", "--stdin")
        assert "S5-10" not in omtui("check", "vision-dev").out
        shown = omtui("check", "vision-dev", "--credentials", "--json").document
        where = [each["where"] for each in shown["findings"] if each["id"] == "S5-10"]
        assert where == ["connectors[EventConnector].credential"]

    def test_all_of_a_profile_are_deleted_only_when_told_so(
        self, omtui: Command, desktop: Desktop, type_in: Callable[[str], None]
    ) -> None:
        type_in(SECRET)
        omtui("secret", "set", "vision-dev", "pick", "--stdin")
        assert omtui("secret", "delete", "vision-dev").code == 2
        assert kept("pick") == SECRET
        assert omtui("secret", "delete", "vision-dev", "--all").code == 0
        assert kept("pick") is None

    def test_a_renamed_credential_takes_its_secret_over(
        self, omtui: Command, desktop: Desktop, type_in: Callable[[str], None]
    ) -> None:
        type_in(SECRET)
        omtui("secret", "set", "vision-dev", "pick", "--stdin")
        assert omtui("rename", "vision-dev", "credentials[pick]", "picker").code == 0
        assert omtui("secret", "move", "vision-dev", "picker", "--was", "nosuch").code == 3
        assert omtui("secret", "move", "vision-dev", "picker", "--was", "pick").code == 0
        assert (kept("pick"), kept("picker")) == (None, SECRET)


class TestALockedKeyring:
    def test_it_is_not_taken_for_empty(self, omtui: Command, locked: Desktop) -> None:
        answer = omtui("secret", "list", "vision-dev", "--json")
        assert answer.code == 0
        assert answer.document["backend"] is None
        assert "omtui keyring unlock" in answer.err

    def test_it_is_opened_with_its_password(
        self, omtui: Command, locked: Desktop, type_in: Callable[[str], None]
    ) -> None:
        type_in("not its password")
        wrong = omtui("keyring", "unlock", "--stdin")
        assert wrong.code == 3
        assert "not the keyring's password" in wrong.err
        type_in(KEYRING_PASSWORD)
        assert omtui("keyring", "unlock", "--stdin").code == 0
        assert kept() == SECRET
        assert omtui("keyring", "unlock").code == 0

    def test_where_there_is_none_one_is_made_on_purpose(
        self, omtui: Command, bus: Desktop, type_in: Callable[[str], None]
    ) -> None:
        bus.start_keyring(None)
        type_in("a new password")
        assert omtui("keyring", "unlock", "--stdin").code == 3
        assert omtui("keyring", "unlock", "--stdin", "--create").code == 0
        type_in(SECRET)
        assert omtui("secret", "set", "vision-dev", "pod", "--stdin").code == 0


def test_a_keyring_that_hangs_holds_a_command_up_for_seconds_only(
    omtui: Command, desktop: Desktop, type_in: Callable[[str], None]
) -> None:
    desktop.stop()
    started = time.perf_counter()
    answer = omtui("secret", "list", "vision-dev", "--json")
    assert time.perf_counter() - started < 6
    assert answer.code == 0
    assert {each["present"] for each in answer.document["credentials"]} == {None}
    desktop.go_on()


class TestTheVault:
    def test_from_making_to_locking(
        self, open_terminal: Opener, profile: Path, omtui: Command, type_in: Callable[[str], None], tmp_path: Path
    ) -> None:
        terminal = open_terminal("omtui", "vault", "init")
        shown = recorded(terminal)
        terminal.wait_for("A new passphrase")
        terminal.type(f"{PASSPHRASE}\r")
        terminal.wait_for("Again:")
        terminal.type(f"{PASSPHRASE}\r")
        assert terminal.wait_for_exit() == 0
        assert omtui("vault", "lock").code == 0
        type_in(SECRET)
        refused = omtui("secret", "set", "vision-dev", "pod", "--stdin")
        assert refused.code == 3
        assert "omtui vault unlock" in refused.err
        # On a terminal the passphrase is asked for, once.
        terminal = open_terminal("omtui", "secret", "set", "vision-dev", "pod")
        typed = recorded(terminal)
        terminal.wait_for("Passphrase of the vault:")
        terminal.type(f"{PASSPHRASE}\r")
        terminal.wait_for("Secret of pod:")
        terminal.type(f"{SECRET}\r")
        terminal.wait_for("Again:")
        terminal.type(f"{SECRET}\r")
        assert terminal.wait_for_exit() == 0
        assert_nowhere(bytes(shown + typed), "the terminal", SECRET, PASSPHRASE)
        assert_in_no_file(tmp_path, SECRET, PASSPHRASE)
        document = omtui("secret", "list", "vision-dev", "--json").document
        assert document["backend"] is None  # locked again: the command that asked has ended
        type_in("a wrong passphrase")
        assert omtui("vault", "unlock", "--stdin").code == 3

    def test_another_passphrase(
        self, open_terminal: Opener, profile: Path, omtui: Command, type_in: Callable[[str], None]
    ) -> None:
        type_in(PASSPHRASE)
        omtui("vault", "init", "--stdin")
        omtui("vault", "lock")
        terminal = open_terminal("omtui", "vault", "rekey")
        terminal.wait_for("Passphrase of the vault:")
        terminal.type(f"{PASSPHRASE}\r")
        for prompt in ("A new passphrase for the vault:", "Again:"):
            terminal.wait_for(prompt)
            terminal.type("quite another passphrase\r")
        assert terminal.wait_for_exit() == 0
        type_in(PASSPHRASE)
        assert omtui("vault", "unlock", "--stdin").code == 3
        type_in("quite another passphrase")
        assert omtui("vault", "unlock", "--stdin").code == 0
        omtui("vault", "lock")

    def test_a_weak_passphrase_is_refused(
        self, omtui: Command, profile: Path, type_in: Callable[[str], None], home: Path
    ) -> None:
        type_in("short")
        assert omtui("vault", "init", "--stdin").code == 3
        assert not list(home.rglob("vault.age"))

    def test_sealed_for_a_key_it_opens_with_the_key(self, omtui: Command, profile: Path, tmp_path: Path) -> None:
        from omtui.credentials.age.recipients import new_identity

        identity = new_identity()
        key = tmp_path / "key.txt"
        key.touch(mode=0o600)
        key.write_text(f"{identity.secret.reveal()}\n")
        assert omtui("vault", "init", "--to", str(identity.recipient)).code == 0
        listed = omtui("vault", "recipients", "--identity", str(key), "--json")
        assert listed.document == {"recipients": [str(identity.recipient)], "passphrase": False}
        assert omtui("vault", "unlock", "--identity", str(key)).code == 0
        omtui("vault", "lock")

    def test_secrets_move_into_it(
        self, open_terminal: Opener, omtui: Command, desktop: Desktop, type_in: Callable[[str], None]
    ) -> None:
        type_in(SECRET)
        omtui("secret", "set", "vision-dev", "pick", "--stdin")
        type_in(PASSPHRASE)
        assert omtui("vault", "init", "--stdin").code == 0
        omtui("vault", "lock")
        env = {"DBUS_SESSION_BUS_ADDRESS": desktop.address}
        terminal = open_terminal("omtui", "secret", "move", "vision-dev", "--from", "keyring", "--to", "vault", env=env)
        terminal.wait_for("Passphrase of the vault:")
        terminal.type(f"{PASSPHRASE}\r")
        assert terminal.wait_for_exit() == 0
        assert "pick: kept in the encrypted vault" in " ".join(terminal.text().split())
        store = Machine(environ={"DBUS_SESSION_BUS_ADDRESS": desktop.address, "OMTUI_STORE": "keyring"}).store()
        assert isinstance(store, BoundedStore)
        assert not isinstance(store.read(SecretReference("vision-dev", "pick")), SecretRecord)

    def test_where_to_must_be_said(self, omtui: Command, profile: Path) -> None:
        assert omtui("secret", "move", "vision-dev").code == 2


class TestSigningIn:
    @pytest.fixture
    def server(self, profile: Path) -> Iterator[Server]:
        with Server() as server:
            text = profile.read_text().replace("https://events.pick.example/om/events", server.url())
            profile.write_text(text.replace('"pick.events"', '"pick.service"'))
            yield server

    def test_once_and_only_when_clear_text_is_allowed(
        self, omtui: Command, server: Server, desktop: Desktop, type_in: Callable[[str], None]
    ) -> None:
        type_in(PASSWORD)
        assert omtui("secret", "set", "vision-dev", "events", "--stdin").code == 0
        plan = omtui("secret", "test", "vision-dev", "events", "--dry-run")
        assert plan.code == 0
        assert f"{server.url()} as pick.service" in plan.err
        refused = omtui("secret", "test", "vision-dev", "events")
        assert refused.code == 3
        assert "clear text" in refused.err
        assert server.secrets_sent == 0
        shown = omtui("secret", "test", "vision-dev", "events", "--allow-plain-http", "--json")
        assert shown.code == 0
        assert shown.document["outcome"] == "accepted"
        assert PASSWORD not in shown.out + shown.err
        assert server.secrets_sent == 1

    def test_a_wrong_password_is_sent_once(
        self, omtui: Command, server: Server, desktop: Desktop, type_in: Callable[[str], None]
    ) -> None:
        type_in(SECRET)
        omtui("secret", "set", "vision-dev", "events", "--stdin")
        first = omtui("secret", "test", "vision-dev", "events", "--allow-plain-http")
        assert first.code == 3
        assert "refused" in first.out
        second = omtui("secret", "test", "vision-dev", "events", "--allow-plain-http")
        assert second.code == 3
        assert "this very password was refused" in second.err
        assert server.secrets_sent == 1

    def test_another_host_gets_both_names_and_no_password(
        self, omtui: Command, server: Server, desktop: Desktop, profile: Path, type_in: Callable[[str], None]
    ) -> None:
        type_in(PASSWORD)
        omtui("secret", "set", "vision-dev", "events", "--stdin")
        profile.write_text(profile.read_text().replace("http://localhost", "http://127.0.0.1"))
        answer = omtui("secret", "test", "vision-dev", "events", "--allow-plain-http")
        assert answer.code == 3
        assert "localhost" in answer.err
        assert "127.0.0.1" in answer.err
        assert server.secrets_sent == 0


LOOK_AROUND = """
import os, sys
from pathlib import Path
for folder in Path("/proc").glob("[0-9]*"):
    for what in ("cmdline", "environ"):
        try:
            sys.stdout.buffer.write((folder / what).read_bytes())
        except OSError:
            pass
"""


def test_a_session_shows_its_password_to_nobody(program: Command, profile: Path, tmp_path: Path) -> None:
    require("dbus-daemon")
    require("gnome-keyring-daemon")
    words = ("keyring", "session", "--stdin", "--", sys.executable, "-c", LOOK_AROUND + "raise SystemExit(7)")
    done = program(*words, stdin=PASSPHRASE.encode())  # type: ignore[call-arg]
    assert done.returncode == 7  # type: ignore[attr-defined]
    assert b"DBUS_SESSION_BUS_ADDRESS=" in done.stdout  # type: ignore[attr-defined]
    assert_nowhere(done.stdout + done.stderr, "what a process shows", PASSPHRASE)  # type: ignore[attr-defined]
    assert_in_no_file(tmp_path, PASSPHRASE)


def test_commands_in_a_session_find_its_keyring(program: Command, profile: Path, tmp_path: Path) -> None:
    require("dbus-daemon")
    require("gnome-keyring-daemon")
    inner = resolved(("omtui", "keyring", "status", "--json"))
    done = program("keyring", "session", "--stdin", "--", *inner, stdin=PASSPHRASE.encode())  # type: ignore[call-arg]
    assert done.returncode == 0, done.stderr  # type: ignore[attr-defined]
    assert b'"state": "ready"' in done.stdout  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "words", [("--version",), ("check", "vision-dev"), ("list",), ("secret", "--help")], ids=" ".join
)
def test_nothing_is_started_and_no_store_is_touched(
    desktop: Desktop, profile: Path, home: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    import subprocess

    log = tmp_path / "trace"
    calls = "execve,connect,openat,fork,vfork,clone,clone3,keyctl,request_key,add_key"
    done = subprocess.run(
        [require("strace"), "-f", "-qq", "-e", f"trace={calls}", "-o", str(log), *resolved(("omtui", *words))],
        env={**environment(home, {}), "DBUS_SESSION_BUS_ADDRESS": desktop.address},
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    made = log.read_text().splitlines()
    assert sum("execve(" in call for call in made) == 1  # Python itself
    assert not [call for call in made if any(name in call for name in ("connect(", "fork(", "clone", "_key", "keyctl"))]
    assert not [call for call in made if "keyrings" in call or "credentials.toml" in call or "vault.age" in call]


def test_completion_offers_what_fits(omtui: Command, profile: Path) -> None:
    def offered(line: str) -> list[str]:
        return omtui("completions", "bash", f"--line={line}").out.split()

    assert offered("omtui secret ") == ["set", "list", "test", "delete", "move"]
    assert offered("omtui vault re") == ["rekey", "recipients"]
    assert "events" in offered("omtui secret set vision-dev ")
    assert offered("omtui secret move vision-dev --to v") == ["vault"]


def test_the_first_word_alone_tells_what_can_follow(omtui: Command, profile: Path) -> None:
    assert omtui("secret").code == 2
    answer = omtui("secret", "--help")
    assert answer.code == 0
    assert "secret move" in answer.out


class TestAfterARenameThatWasBrokenOff:
    """The workbench renames a profile and is killed before its secrets moved."""

    @pytest.fixture
    def workspace(
        self, omtui: Command, desktop: Desktop, profile: Path, type_in: Callable[[str], None], tmp_path: Path
    ) -> Workspace:
        type_in(SECRET)
        assert omtui("secret", "set", "vision-dev", "pod", "--stdin").code == 0
        workspace = Workspace(profile.parent)
        assert isinstance(workspace.rename("vision-dev", "vision-uat"), Done)
        return workspace

    def test_the_workbench_says_so_when_it_opens_and_asks_no_store(self, workspace: Workspace) -> None:
        said = Workspace(workspace.library.folder).finish()
        assert [each for each in said if "the secrets of vision-uat" in each and "former name, vision-dev" in each]
        assert kept("pod") == SECRET

    def test_the_next_command_that_works_with_secrets_moves_them(self, workspace: Workspace, omtui: Command) -> None:
        answer = omtui("secret", "list", "vision-uat")
        assert "1 secret went along" in answer.err
        assert "MISSING" not in next(line for line in answer.out.splitlines() if line.startswith("pod"))
        assert (kept("pod"), kept("pod", "vision-uat")) == (None, SECRET)
        assert workspace.finish() == []
        assert "went along" not in omtui("secret", "list", "vision-uat").err

    def test_names_in_a_row_are_followed_to_the_last(self, workspace: Workspace, omtui: Command) -> None:
        assert isinstance(workspace.rename("vision-uat", "third"), Done)
        assert isinstance(workspace.rename("third", "vision-dev"), Done)
        assert omtui("secret", "list", "vision-dev").code == 0
        assert (kept("pod"), kept("pod", "vision-uat"), kept("pod", "third")) == (SECRET, None, None)

    def test_a_new_profile_of_the_former_name_gets_none_of_them(
        self, workspace: Workspace, omtui: Command, type_in: Callable[[str], None]
    ) -> None:
        (workspace.library.folder / "vision-dev.toml").write_text(TEXT.lstrip())
        type_in("another of 12")
        assert omtui("secret", "set", "vision-dev", "pod", "--stdin").code == 0
        assert (kept("pod"), kept("pod", "vision-uat")) == ("another of 12", SECRET)

    def test_a_locked_store_is_said_and_the_note_stays(
        self, workspace: Workspace, omtui: Command, desktop: Desktop
    ) -> None:
        desktop.kill_keyring()
        desktop.start_keyring(None)
        assert "former name" in omtui("secret", "list", "vision-uat").err
        assert workspace.finish()

    def test_a_rename_that_fails_notes_nothing(self, workspace: Workspace, omtui: Command) -> None:
        assert omtui("secret", "list", "vision-uat").code == 0
        (workspace.library.folder / "other.toml").write_text(TEXT.lstrip())
        assert not isinstance(workspace.rename("vision-uat", "other"), Done)
        assert workspace.finish() == []
