"""The credentials screen: with a real keyring on a bus of its own, without one, locked and wedged."""

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from omtui.credentials.age.recipients import new_identity
from omtui.credentials.deadline import STORE_SECONDS
from omtui.credentials.machine import Machine
from omtui.credentials.record import SecretRecord, SecretReference
from omtui.credentials.secret import Secret
from omtui.credentials.settings import Folders
from omtui.credentials.store import BoundedStore
from omtui.problem import Done
from omtui.workbench.actions import ACTIONS
from omtui.workbench.screens.secret_entry import AskSecret
from tests.credentials.conftest import secrets_of
from tests.credentials.desktop import PASSWORD as KEYRING_PASSWORD
from tests.credentials.desktop import Desktop
from tests.credentials.profiles import TEXT
from tests.credentials.profiles import profile as profile_data
from tests.credentials.test_no_leaks import leaked_forms
from tests.credentials.web_server import PASSWORD, Server
from tests.programs import require
from tests.terminal import Terminal
from tests.terminal.terminal import environment, resolved
from tests.workbench.conftest import Open

SECRET = 'P0d-sekret/"é+ü"-91'
PASSPHRASE = "Pass phrase of the vault 33"
Opener = Callable[..., Terminal]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of two profiles that both name a credential `pod`."""
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "vision-dev.toml").write_text(TEXT.lstrip())
    other = TEXT.lstrip().replace("vision-dev", "vision-test")
    (folder / "vision-test.toml").write_text(other[: other.index("[[integration_users]]")])
    return folder


@pytest.fixture
def bus() -> Iterator[Desktop]:
    require("dbus-daemon")
    require("gnome-keyring-daemon")
    with Desktop() as desktop:
        yield desktop


@pytest.fixture
def desktop(bus: Desktop) -> Desktop:
    bus.start_keyring()
    return bus


@pytest.fixture
def no_bus() -> None:
    if Path(f"/run/user/{os.getuid()}/bus").exists() and not os.environ.get("CI"):
        pytest.skip("there is a session bus on this machine")


def opened(
    open_terminal: Opener,
    folder: Path,
    desktop: Desktop | None = None,
    profile: str | None = "vision-dev",
    **env: str,
) -> Terminal:
    """The workbench on the credentials, which are asked for."""
    if desktop is not None:
        env["DBUS_SESSION_BUS_ADDRESS"] = desktop.address
    words = ["omtui", "--library", str(folder), *([profile] if profile else [])]
    terminal = open_terminal(*words, env=env, size=(130, 36))
    terminal.wait_for("Manage Task Types" if profile else "vision-test")
    terminal.press("C")
    terminal.wait_for("Credentials of")
    return terminal


def row(terminal: Terminal, name: str) -> str:
    """The line of a credential."""
    return next((line for line in terminal.lines() if re.match(rf"\s*\S?\s+{name}\s", line)), "")


def shows(name: str, words: str) -> Callable[[Terminal], bool]:
    return lambda terminal: words in row(terminal, name)


def recorded(terminal: Terminal) -> bytearray:
    """Every byte that the program writes from now on."""
    raw = bytearray()
    show = terminal.process.on_output

    def keep(piece: bytes, at: float) -> None:
        raw.extend(piece)
        show(piece, at)

    terminal.process.on_output = keep
    return raw


def assert_nowhere(content: bytes, where: object, *secrets: str) -> None:
    for secret in secrets:
        for form in leaked_forms(secret):
            assert form not in content, f"{form!r} in {where}"


def in_the_keyring(desktop: Desktop, name: str, profile: str = "vision-dev") -> str | None:
    from omtui.credentials.secret_service import SecretServiceStore

    found = BoundedStore(SecretServiceStore(desktop.address)).read(SecretReference(profile, name))
    return found.secret.reveal() if isinstance(found, SecretRecord) else None


def put_into_the_keyring(desktop: Desktop, monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.address)
    machine = Machine(Folders(desktop.home / "c", desktop.home / "d"), environ={"OMTUI_STORE": "keyring"})
    assert isinstance(secrets_of(machine).keep(profile_data(), name, Secret(text)), Done)


def test_a_secret_is_set_used_by_all_and_shown_to_nobody(
    open_terminal: Opener, folder: Path, desktop: Desktop, tmp_path: Path
) -> None:
    terminal = opened(open_terminal, folder, desktop)
    raw = recorded(terminal)
    terminal.wait_for(shows("pick", "missing"))
    assert "connectors[Connector01], connectors[Conn" in row(terminal, "pick")
    assert "soa.pick.example:8002 as pick" in row(terminal, "pick")
    terminal.wait_for("kept in the desktop's keyring (Secret Service): ready")
    terminal.press("down", "down", "enter")
    terminal.wait_for("Set pick of vision-dev")
    terminal.type(SECRET)
    terminal.wait_for("****")
    for key in ("ctrl+a", "shift+home", "ctrl+c", "ctrl+x", "ctrl+v", "ctrl+z", "ctrl+y"):
        terminal.press(key)
    terminal.press("enter")
    terminal.wait_for(shows("pick", "set 20"))
    assert in_the_keyring(desktop, "pick") == SECRET
    # Replaced by pasting, whole lines and all.
    terminal.press("s")
    terminal.wait_for("Replace pick")
    terminal.paste("first line of 91\nsecond-sekret line\n")
    terminal.wait_for("2 lines")
    terminal.press("enter")
    terminal.wait_until_quiet()
    assert in_the_keyring(desktop, "pick") == "first line of 91\nsecond-sekret line"
    for keys in (["ctrl+p", "escape"], ["?", "escape"], ["m", "m"], ["escape", "ctrl+z"], ["ctrl+f", "escape"], ["C"]):
        terminal.press(*keys)
    terminal.wait_for(shows("pick", "set 20"))
    for process in [*Path("/proc").glob("[0-9]*")]:
        for what in ("cmdline", "environ"):
            try:
                content = (process / what).read_bytes()
            except OSError:
                continue
            assert_nowhere(content, process, SECRET)
    terminal.press("down", "down", "X")
    terminal.wait_for("Delete the secret pick")
    terminal.press("y")
    terminal.wait_for(shows("pick", "missing"))
    assert in_the_keyring(desktop, "pick") is None
    terminal.press("ctrl+q")
    assert terminal.wait_for_exit(5) == 0
    assert terminal.clipboard == []
    assert_nowhere(bytes(raw), "the terminal", SECRET, "second-sekret line")
    assert "sekret" not in terminal.title
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert_nowhere(file.read_bytes(), file, SECRET, "second-sekret line")
    assert (folder / "vision-dev.toml").read_text() == TEXT.lstrip()


def test_it_is_revealed_on_purpose_and_for_seconds(open_terminal: Opener, folder: Path, desktop: Desktop) -> None:
    terminal = opened(open_terminal, folder, desktop)
    terminal.wait_for(shows("pod", "missing"))
    terminal.press("enter")
    terminal.wait_for("Set pod of")
    terminal.type("seen-for-seconds")
    assert "seen-for" not in terminal.text()
    terminal.press("ctrl+r")
    terminal.wait_for("seen-for-seconds")
    terminal.wait_for(lambda now: "seen-for" not in now.text(), 10)
    terminal.press("escape")
    terminal.wait_for("nothing was changed")
    assert in_the_keyring(desktop, "pod") is None


def test_all_profiles_side_by_side(
    open_terminal: Opener, folder: Path, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_into_the_keyring(desktop, monkeypatch, "pod", SECRET)
    terminal = opened(open_terminal, folder, desktop, profile=None)
    terminal.wait_for("Credentials of all profiles")
    terminal.wait_for(lambda now: re.search(r"pod\s+set 20\S+\s+missing", now.text()))
    assert "vision-dev" in terminal.text()
    # What one profile does not know is neither set nor missing there.
    assert row(terminal, "events").split() == ["events", "missing"]
    terminal.press("enter")
    terminal.wait_for("Set it for which profile?")
    terminal.type("vision-test")
    terminal.press("enter")
    terminal.wait_for("Set pod of vision-test")
    terminal.type("of the other pod")
    terminal.press("enter")
    terminal.wait_for(lambda now: re.search(r"pod\s+set 20\S+\s+set 20", now.text()))
    assert in_the_keyring(desktop, "pod", "vision-test") == "of the other pod"
    assert in_the_keyring(desktop, "pod") == SECRET


def test_what_was_learned_feeds_the_checks_and_the_sheet(
    open_terminal: Opener, folder: Path, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_into_the_keyring(desktop, monkeypatch, "pick", SECRET)
    terminal = open_terminal(
        "omtui", "--library", str(folder), "vision-dev",
        env={"DBUS_SESSION_BUS_ADDRESS": desktop.address}, size=(130, 36),
    )  # fmt: skip
    terminal.wait_for("Manage Task Types")
    terminal.press("!", "/")
    terminal.type("S5-10")
    terminal.press("enter")
    terminal.wait_for("No finding fits")
    terminal.press("escape", "escape", "C")
    terminal.wait_for(shows("pick", "set 20"))
    terminal.press("escape", "!", "/")
    terminal.type("S5-10")
    terminal.press("enter")
    terminal.wait_for("Connector EventConnector, Password")
    assert "Connector Connector01, Password" not in terminal.text()
    terminal.press("enter")
    terminal.wait_for("Its secret: missing; C shows more")


def test_a_credential_that_was_renamed_takes_its_secret_over(
    open_terminal: Opener, folder: Path, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_into_the_keyring(desktop, monkeypatch, "events", SECRET)
    file = folder / "vision-dev.toml"
    file.write_text(file.read_text().replace('credential = "events"', 'credential = "pick events"'))
    terminal = opened(open_terminal, folder, desktop)
    terminal.wait_for(shows("pick events", "missing"))
    terminal.press("down", "down", "down", "R")
    terminal.wait_for("had before it was renamed")
    terminal.type("no such")
    terminal.press("enter")
    terminal.wait_for("no secret under that name")
    terminal.press("R")
    terminal.wait_for("had before it was renamed")
    terminal.type("events")
    terminal.press("enter")
    terminal.wait_for(shows("pick events", "set 20"))
    assert in_the_keyring(desktop, "pick events") == SECRET
    assert in_the_keyring(desktop, "events") is None


class TestALockedKeyring:
    @pytest.fixture
    def locked(self, desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> Desktop:
        put_into_the_keyring(desktop, monkeypatch, "pod", SECRET)
        desktop.kill_keyring()
        desktop.start_keyring(None)
        return desktop

    def test_it_is_unknown_and_opened_here(self, open_terminal: Opener, folder: Path, locked: Desktop) -> None:
        terminal = opened(open_terminal, folder, locked)
        raw = recorded(terminal)
        terminal.wait_for(shows("pod", "unknown"))
        assert "locked" in terminal.text()
        assert "missing" not in terminal.text()
        terminal.press("u")
        terminal.wait_for("Unlock the keyring")
        terminal.type("not its password")
        terminal.press("enter")
        terminal.wait_for("not the keyring's password")
        terminal.press("u")
        terminal.wait_for("Unlock the keyring")
        terminal.type(KEYRING_PASSWORD)
        terminal.press("enter")
        terminal.wait_for(shows("pod", "set 20"))
        assert_nowhere(bytes(raw), "the terminal", SECRET, "not its password")


class TestAKeyringThatHangs:
    def test_the_screen_goes_on_and_quitting_is_quick(
        self, open_terminal: Opener, folder: Path, desktop: Desktop
    ) -> None:
        desktop.stop()
        terminal = opened(open_terminal, folder, desktop)
        terminal.wait_for("asking the store")
        began = time.perf_counter()
        terminal.press("down", "down")
        terminal.wait_for("security@pick.example")  # the help line followed the cursor
        assert time.perf_counter() - began < 2
        assert "asking the store" in terminal.text()
        began = time.perf_counter()
        terminal.press("ctrl+q")
        assert terminal.wait_for_exit(5) == 0
        assert time.perf_counter() - began < STORE_SECONDS, "it did not wait for the store"
        assert terminal.modes_left_on() == []

    def test_in_the_end_it_is_reported(self, open_terminal: Opener, folder: Path, desktop: Desktop) -> None:
        desktop.stop()
        terminal = opened(open_terminal, folder, desktop)
        terminal.wait_for(shows("pod", "unknown"), 10)
        assert "missing" not in terminal.text()
        terminal.wait_for("unreachable", 10)
        desktop.go_on()
        terminal.press("r")
        terminal.wait_for(shows("pod", "missing"))


class TestWithoutABus:
    def test_the_five_choices_and_a_vault(
        self, open_terminal: Opener, folder: Path, no_bus: None, tmp_path: Path
    ) -> None:
        terminal = opened(open_terminal, folder)
        raw = recorded(terminal)
        terminal.wait_for(shows("pod", "unknown"))
        terminal.wait_for("no D-Bus session")
        terminal.press("enter")
        terminal.wait_for("Where secrets are kept on this machine")
        for title in ("system's keyring", "private keyring session", "encrypted vault", "command of yours", "Memory"):
            assert title in terminal.text()
        terminal.type("vault")
        terminal.press("enter")
        terminal.wait_for("What opens the new vault")
        terminal.press("enter")
        terminal.wait_for("at least 12 characters")
        terminal.type(PASSPHRASE)
        terminal.press("enter")
        terminal.wait_for("Once more")
        terminal.type(PASSPHRASE + "x")
        terminal.press("enter")
        terminal.wait_for("not the same")
        terminal.type(PASSPHRASE)
        terminal.press("enter")
        terminal.wait_for("Set pod of vision-dev")
        terminal.type(SECRET)
        terminal.press("enter")
        terminal.wait_for(shows("pod", "set 20"))
        terminal.press("ctrl+q")
        assert terminal.wait_for_exit(5) == 0
        assert_nowhere(bytes(raw), "the terminal", SECRET, PASSPHRASE)
        for file in tmp_path.rglob("*"):
            if file.is_file():
                assert_nowhere(file.read_bytes(), file, SECRET, PASSPHRASE)
        # The next start finds it chosen and locked; one passphrase opens it.
        again = opened(open_terminal, folder)
        again.wait_for(shows("pod", "unknown"))
        again.press("u")
        again.wait_for("Unlock the vault")
        again.type(PASSPHRASE)
        again.press("enter")
        again.wait_for(shows("pod", "set 20"))

    def test_memory_until_the_end(self, open_terminal: Opener, folder: Path, no_bus: None) -> None:
        terminal = opened(open_terminal, folder)
        terminal.wait_for(shows("pod", "unknown"))
        terminal.press("w")
        terminal.wait_for("Memory only")
        terminal.type("memory")
        terminal.press("enter")
        terminal.wait_for("kept in memory, until omtui ends: ready")
        terminal.press("enter")
        terminal.wait_for("Set pod of")
        terminal.type(SECRET)
        terminal.press("enter")
        terminal.wait_for(shows("pod", "set 20"))
        terminal.press("ctrl+q")
        terminal.wait_for_exit(5)
        opened(open_terminal, folder).wait_for(shows("pod", "missing"))

    def test_a_private_session(self, open_terminal: Opener, folder: Path, no_bus: None) -> None:
        require("dbus-daemon")
        require("gnome-keyring-daemon")
        terminal = opened(open_terminal, folder)
        terminal.wait_for(shows("pod", "unknown"))
        terminal.press("w")
        terminal.wait_for("Memory only")
        terminal.type("private")
        terminal.press("enter")
        terminal.wait_for("Choose its password")
        terminal.type(PASSPHRASE)
        terminal.press("enter")
        terminal.wait_for("Once more")
        terminal.type(PASSPHRASE)
        terminal.press("enter")
        terminal.wait_for("private keyring session (GNOME keyring): ready")
        began = time.perf_counter()
        terminal.press("ctrl+q")
        assert terminal.wait_for_exit(5) == 0
        assert time.perf_counter() - began < STORE_SECONDS, "it did not wait for the store"


class TestSigningIn:
    def test_the_plan_is_shown_first_and_the_password_goes_once(
        self, open_terminal: Opener, folder: Path, desktop: Desktop
    ) -> None:
        with Server() as server:
            file = folder / "vision-dev.toml"
            text = file.read_text().replace("https://events.pick.example/om/events", server.url())
            file.write_text(text.replace('"pick.events"', '"pick.service"'))
            terminal = opened(open_terminal, folder, desktop)
            raw = recorded(terminal)
            terminal.wait_for(shows("events", "missing"))
            terminal.press("down", "down", "down", "t")
            terminal.wait_for("set it first")
            terminal.press("enter")
            terminal.wait_for("Set events")
            terminal.type(PASSWORD)
            terminal.press("enter")
            terminal.wait_for(shows("events", "set 20"))
            terminal.press("t")
            terminal.wait_for("CLEAR TEXT")
            assert server.url()[:40] in terminal.text()
            assert server.requests == []
            terminal.press("n")
            terminal.wait_for("nothing was changed")
            assert server.requests == []
            terminal.press("t")
            terminal.wait_for("CLEAR TEXT")
            terminal.press("y")
            terminal.wait_for("events: accepted")
            assert server.secrets_sent == 1
            assert_nowhere(bytes(raw), "the terminal", PASSWORD)

    def test_another_host_is_shown_before_it_is_allowed(
        self, open_terminal: Opener, folder: Path, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put_into_the_keyring(desktop, monkeypatch, "events", SECRET)
        file = folder / "vision-dev.toml"
        file.write_text(file.read_text().replace("events.pick.example", "events.evil.example"))
        terminal = opened(open_terminal, folder, desktop)
        terminal.wait_for(shows("events", "not for"))
        terminal.press("down", "down", "down", "a")
        terminal.wait_for("Let events go there too?")
        assert "events.pick.example" in terminal.text()
        assert "events.evil.example" in terminal.text()
        terminal.press("n")
        terminal.wait_for(shows("events", "not for"))
        terminal.press("a")
        terminal.wait_for("Let events go there too?")
        terminal.press("y")
        terminal.wait_for(lambda now: "set 20" in row(now, "events") and "not for" not in row(now, "events"))


class TestSecretsFollowTheirProfile:
    @pytest.fixture
    def library(
        self, open_terminal: Opener, folder: Path, desktop: Desktop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> Terminal:
        """The workbench on its library, on a machine where the keyring is chosen."""
        put_into_the_keyring(desktop, monkeypatch, "pod", SECRET)
        settings = tmp_path / "home/.config/omtui/credentials.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text('schema = 1\nstore = "keyring"\n')
        env = {"DBUS_SESSION_BUS_ADDRESS": desktop.address}
        terminal = open_terminal("omtui", "--library", str(folder), env=env, size=(130, 36))
        terminal.wait_for("vision-test")
        return terminal

    def test_to_its_new_name(self, library: Terminal, desktop: Desktop) -> None:
        library.press("R")
        library.wait_for("new name")
        library.press("ctrl+u")
        library.type("vision-uat")
        library.press("enter")
        library.wait_for("1 secret went along")
        assert in_the_keyring(desktop, "pod") is None
        assert in_the_keyring(desktop, "pod", "vision-uat") == SECRET

    def test_a_keyring_that_hangs_is_reported(self, library: Terminal, desktop: Desktop) -> None:
        desktop.stop()
        library.press("R")
        library.wait_for("new name")
        library.press("ctrl+u")
        library.type("vision-uat")
        library.press("enter")
        library.wait_for("still kept under its former name")
        desktop.go_on()
        assert in_the_keyring(desktop, "pod") == SECRET

    @pytest.mark.parametrize(("answer", "kept"), [("y", None), ("n", SECRET)])
    def test_to_the_trash_only_when_said_so(
        self, library: Terminal, desktop: Desktop, answer: str, kept: str | None
    ) -> None:
        library.press("X")
        library.wait_for("Delete vision-dev?")
        library.press("y")
        library.wait_for("Delete the secrets of vision-dev too?")
        library.press(answer)
        library.wait_for("secrets of vision-dev are deleted" if answer == "y" else "in the trash")
        assert in_the_keyring(desktop, "pod") == kept


@pytest.mark.parametrize(
    "env",
    [{"TEXTUAL_LOG": "seen.log"}, {"SSLKEYLOGFILE": "keys.log"}, {"TEXTUAL_SCREENSHOT": "900"}],
    ids=str,
)
def test_no_secret_is_typed_while_something_writes_it_down(
    open_terminal: Opener, folder: Path, desktop: Desktop, env: dict[str, str]
) -> None:
    terminal = opened(open_terminal, folder, desktop, **env)
    terminal.wait_for(shows("pod", "missing"))
    terminal.press("enter")
    terminal.wait_for("No secret is typed now")
    assert f"{next(iter(env))} is set" in terminal.text()
    terminal.type("ty d")  # what is typed before one reads is no command
    terminal.press("enter", "escape")
    terminal.wait_for(lambda screen: "No secret is typed now" not in screen.text())
    assert "Sign in once" not in terminal.text()
    assert "Delete the secret" not in terminal.text()


CRASHING = """
from omtui.cli import run
from omtui.service.secrets import Secrets

def keep(self, profile, name, secret):
    clear = secret.reveal()
    headers = {"Authorization": clear}
    raise LookupError(f"could not use {clear}")

Secrets.keep = keep
raise SystemExit(run())
"""


def test_a_crash_while_a_secret_is_kept_shows_nothing_of_it(
    open_terminal: Opener, folder: Path, desktop: Desktop, tmp_path: Path
) -> None:
    env = {"DBUS_SESSION_BUS_ADDRESS": desktop.address}
    terminal = open_terminal(
        "python", "-c", CRASHING, "--library", str(folder), "--debug", "vision-dev", env=env, size=(130, 36)
    )
    raw = recorded(terminal)
    terminal.wait_for("Manage Task Types")
    terminal.press("C")
    terminal.wait_for(shows("pod", "missing"))
    terminal.press("enter")
    terminal.wait_for("Set pod of")
    terminal.type(SECRET)
    terminal.press("enter")
    terminal.wait_for_exit(10)
    reports = list((tmp_path / "home").rglob("crash-*.txt"))
    assert len(reports) == 1
    assert "omtui stopped" in terminal.text()
    assert_nowhere(bytes(raw) + reports[0].read_bytes(), "the terminal and the report", SECRET)


async def test_keys_of_the_vault(open_workbench: Open, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    mine, other = new_identity(), new_identity()
    async with open_workbench("dev", size=(100, 30)) as driven:
        secrets = driven.app.workspace.secrets
        assert str(secrets.machine.init_vault(recipients=[str(mine.recipient)]))
        await driven.press("C")
        await driven.app.workers.wait_for_complete()
        await driven.press("k")

        async def until(screen: str) -> None:
            for _ in range(1000):
                if driven.screen == screen:
                    return
                await driven.pilot.pause(0.01)
            raise AssertionError(driven.shown("#help"))

        await until("Chooser")
        assert any(str(mine.recipient)[:30] in line for line in driven.lines())
        await driven.press("enter")
        await until("Ask")
        driven.app.screen.query_one("Input").value = str(other.recipient)  # type: ignore[attr-defined]
        await driven.press("enter")
        await until("CredentialsScreen")
        await driven.app.workers.wait_for_complete()
        assert secrets.machine.vault_recipients() == (str(mine.recipient), str(other.recipient))
        await driven.press("k")
        await until("Chooser")
        await driven.press("down", "down", "enter")
        await until("Confirm")
        await driven.press("y")
        await until("CredentialsScreen")
        await driven.app.workers.wait_for_complete()
        assert secrets.machine.vault_recipients() == (str(mine.recipient),)


async def test_a_picture_of_the_screen_holds_no_secret(
    open_workbench: Open, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    async with open_workbench("dev", size=(100, 30)) as driven:
        driven.app.push_screen(AskSecret("Set connector01", "It may go to\nhttps://soa.pick.example."))
        await driven.pilot.pause()
        await driven.type("n0-picture")
        await driven.press("ctrl+r", "ctrl+u")
        await driven.type("n0-picture")
        picture = driven.app.export_screenshot()
        assert "**********" in picture
        assert "n0-picture" not in picture
    # While it is revealed a picture would hold it; no key and no action takes one.
    assert not any("screenshot" in f"{each.name} {each.title}".lower() for each in ACTIONS)
    assert not driven.app.ENABLE_COMMAND_PALETTE


async def test_foreign_text_is_shown_as_it_is(
    open_workbench: Open, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    hostile = "[/x] [b]bold[/b] \\u001b[31m \\u202e 漢字"
    path = library / "dev.toml"
    path.write_text(path.read_text().replace('credential = "connector01"', f'credential = "{hostile}"'))
    async with open_workbench("dev", size=(130, 40)) as driven:
        await driven.press("C")
        assert driven.screen == "CredentialsScreen"
        assert "[/x] [b]bold[/b] ␛[31m \\u{202e} 漢字" in driven.lines()[0]
        assert "[/x] [b]bold[/b] ␛[31m" in driven.shown("#help")


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (200, 60)])
async def test_it_fits_every_size(open_workbench: Open, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    async with open_workbench("dev", size=size) as driven:
        await driven.press("C")
        await driven.app.workers.wait_for_complete()
        await driven.press("m")
        await driven.app.workers.wait_for_complete()
        await driven.pilot.pause()
        assert driven.lines()[0].split() == ["connector01", "unknown"]
        await driven.press("question_mark", "escape", "escape")
        assert driven.screen == "OverviewScreen"


def test_ascii_draws_no_other_character(open_terminal: Opener, folder: Path, desktop: Desktop) -> None:
    terminal = open_terminal(
        "omtui", "--library", str(folder), "--ascii", "vision-dev",
        env={"DBUS_SESSION_BUS_ADDRESS": desktop.address}, size=(130, 36),
    )  # fmt: skip
    terminal.wait_for("Manage Task Types")
    for keys in (["C"], ["w"], ["escape", "enter"], ["x", "ctrl+r"], ["enter"], ["t"], ["n", "m"]):
        terminal.press(*keys)
        terminal.wait_until_quiet()
        assert terminal.text().isascii(), [sign for sign in terminal.text() if not sign.isascii()]


async def test_a_profile_without_credentials_says_so(
    open_workbench: Open, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    path = library / "dev.toml"
    path.write_text(path.read_text().replace('credential = "connector01"\n', ""))
    async with open_workbench("dev") as driven:
        await driven.press("C")
        await driven.app.workers.wait_for_complete()
        await driven.pilot.pause()
        assert "No credential" in driven.shown("#empty")
        await driven.press("t")
        assert "no credential under the cursor" in driven.shown("#help")


@pytest.mark.parametrize("keys", [(), ("g", "5", "enter", "escape", "f2", "escape")], ids=["start", "browsing"])
def test_starting_and_browsing_touch_no_store_and_start_nothing(
    open_terminal: Opener, folder: Path, desktop: Desktop, tmp_path: Path, keys: tuple[str, ...]
) -> None:
    log = tmp_path / "trace"
    calls = "execve,connect,openat,fork,vfork,clone,clone3,keyctl,request_key,add_key"
    strace = (require("strace"), "-f", "-qq", "-e", f"trace={calls}", "-o", str(log))
    terminal = open_terminal(
        *strace, *resolved(("omtui", "--library", str(folder), "vision-dev")),
        env={"DBUS_SESSION_BUS_ADDRESS": desktop.address}, size=(130, 36),
    )  # fmt: skip
    terminal.wait_for("Manage Task Types", 60)
    terminal.press(*keys)
    terminal.press("ctrl+q")
    assert terminal.wait_for_exit(30) == 0
    made = log.read_text().splitlines()
    assert sum("execve(" in call for call in made) == 1  # Python itself
    assert not [call for call in made if "connect(" in call or "fork(" in call or "keyctl" in call or "_key(" in call]
    # Threads are Textual's own; a process would be a clone without CLONE_THREAD.
    assert not [call for call in made if "clone" in call and "CLONE_THREAD" not in call and "resumed" not in call]
    assert not [call for call in made if "keyrings" in call or "credentials.toml" in call or "vault.age" in call]


def test_the_first_look_waits_for_nobody(home_environment: dict[str, str], folder: Path) -> None:
    """What a workbench imports before its first screen holds nothing of the stores' libraries."""
    script = (
        "import sys; from omtui.workbench.app import Workbench; "
        "print([name for name in ('keyring', 'secretstorage', 'jeepney', 'cryptography', 'httpx') "
        "if name in sys.modules], 'omtui.credentials.machine' in sys.modules)"
    )
    done = subprocess.run(
        resolved(("python", "-c", script)), env=home_environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["[]", "False"]


@pytest.fixture
def home_environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "home").mkdir(exist_ok=True)
    return environment(tmp_path / "home", {})
