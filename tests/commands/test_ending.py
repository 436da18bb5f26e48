"""How commands end: exit codes, no traceback, with any input and with a reader that leaves."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import omtui.cli
from omtui.commands.registry import BY_NAME, COMMANDS, GROUPS
from tests.commands.conftest import PROFILE, Command
from tests.terminal import Terminal
from tests.terminal.terminal import environment, resolved
from tests.thorough import THOROUGH

Program = Callable[..., subprocess.CompletedProcess[bytes]]
OpenTerminal = Callable[..., Terminal]


class TestMisuse:
    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (("chekc", "dev"), "chekc is neither a command nor a profile of profiles; did you mean check?"),
            (("dve",), "did you mean dev?"),
            (("expl",), "did you mean explain?"),
            (("xyzzy",), "omtui --help lists the commands"),
            (("",), "an empty word is neither a command nor a profile"),
            (("check",), "PROFILE is missing"),
            (("check", "dev", "--fromat", "json"), "did you mean --format?"),
            (("--libary", "x"), "did you mean --library?"),
            (("dev", "list"), "list is one word too many"),
            (("a\x1b[2J",), "a␛[2J is neither"),
        ],
    )
    def test_wrong_words_end_with_2(self, omtui: Command, library: Path, words: tuple[str, ...], message: str) -> None:
        answer = omtui(*words)
        assert (answer.code, answer.out) == (2, "")
        assert message in answer.err
        assert answer.err.count("\n") == 1

    def test_options_of_all_commands_may_stand_before_them(self, omtui: Command, library: Path) -> None:
        assert omtui("--library", "profiles", "get", "dev", "pod.release").out == "25D\n"
        assert omtui("--library=profiles", "get", "dev", "pod.release").out == "25D\n"


class TestWorkbench:
    def test_it_needs_a_terminal(self, library: Path, program: Program) -> None:
        for words in ((), ("dev",), ("profiles/dev.toml",)):
            done = program(*words)
            assert (done.returncode, done.stdout) == (3, b"")
            assert b"needs a terminal" in done.stderr

    def test_it_refuses_a_dumb_one_with_a_hint(self, library: Path, open_terminal: OpenTerminal) -> None:
        terminal = open_terminal("omtui", "dev", env={"TERM": "dumb"})
        assert terminal.wait_for_exit() == 3
        assert "TERM is dumb" in terminal.text()
        assert "omtui list, show, check, set, ask" in terminal.text()

    def test_it_opens_the_library_and_a_profile(self, library: Path, open_terminal: OpenTerminal) -> None:
        with_library = open_terminal("omtui", "--library", "profiles")
        with_library.wait_for("dev")
        with_library.press("ctrl+q")
        assert with_library.wait_for_exit() == 0
        with_profile = open_terminal("omtui", "profiles/dev.toml")
        with_profile.wait_for("Manage Task Types")
        with_profile.press("ctrl+q")
        assert with_profile.wait_for_exit() == 0

    def test_a_profile_that_is_called_like_a_command(self, library: Path, open_terminal: OpenTerminal) -> None:
        (library / "list.toml").write_text(PROFILE)
        terminal = open_terminal("omtui", "--", "list")
        terminal.wait_for("Manage Task Types")


class TestBugs:
    """A bug is reported in a line; its traceback only with --debug."""

    @pytest.fixture
    def broken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            secret = "hunter2"
            raise KeyError(f"\x1b[31m{secret}")

        monkeypatch.setattr("omtui.commands.checking.check", fail)

    @pytest.mark.usefixtures("broken")
    def test_no_traceback(self, omtui: Command, library: Path) -> None:
        answer = omtui("check", "dev")
        assert (answer.code, answer.out) == (3, "")
        assert answer.err.startswith("omtui: a fault of the program, not of yours: KeyError in test_ending.py:")
        assert answer.err.count("\n") == 1
        assert "hunter2" not in answer.err

    @pytest.mark.usefixtures("broken")
    def test_with_debug_the_traceback_is_shown_harmless(self, omtui: Command, library: Path) -> None:
        answer = omtui("check", "dev", "--debug")
        assert answer.code == 3
        assert "Traceback (most recent call last)" in answer.err
        assert "\x1b" not in answer.err


class TestOutputs:
    def test_a_reader_that_had_enough(self, library: Path, home: Path) -> None:
        process = subprocess.Popen(
            resolved(("omtui", "schema")), env=environment(home, {}), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(20) == 128 + signal.SIGPIPE

    @pytest.mark.parametrize("words", [("--version",), ("--help",), ("schema",), ("get", "dev", "pod")])
    def test_a_full_disk(self, library: Path, program: Program, words: tuple[str, ...]) -> None:
        with Path("/dev/full").open("wb") as full:
            done = program(*words, capture_output=False, stdout=full, stderr=subprocess.PIPE)
        assert done.returncode == 3
        assert done.stderr == b"omtui: the output could not be written: No space left on device\n"

    @pytest.mark.parametrize("words", [("--version",), ("check", "dev"), ("set", "dev", "pod.release", "26A")])
    def test_no_streams_at_all(self, library: Path, home: Path, words: tuple[str, ...]) -> None:
        command = " ".join(["exec", '"$@"', ">&-", "2>&-", "<&-"])
        done = subprocess.run(
            ["sh", "-c", command, "sh", *resolved(("omtui", *words))],
            env=environment(home, {}),
            cwd=library.parent,
            timeout=60,
            check=False,
        )
        assert done.returncode == (1 if words[0] == "check" else 0)

    def test_a_working_folder_that_is_gone(self, library: Path, home: Path, tmp_path: Path) -> None:
        gone = tmp_path / "gone"
        gone.mkdir()
        done = subprocess.run(
            ["sh", "-c", 'rmdir "$PWD"; exec "$@"', "sh", *resolved(("omtui", "list"))],
            env=environment(home, {}),
            cwd=gone,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode in (0, 2, 3)
        assert b"Traceback" not in done.stderr

    def test_a_home_that_cannot_be_written(self, library: Path, program: Program, home: Path) -> None:
        (home / ".local").write_text("a file where the state folder should be")
        done = program("set", "dev", "pod.release", "26A")
        assert done.returncode == 0
        assert b"journal" in done.stderr
        assert "26A" in (library / "dev.toml").read_text()


class TestSignals:
    @pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
    def test_a_command_that_waits_is_ended(
        self, library: Path, open_terminal: OpenTerminal, number: signal.Signals, code: int
    ) -> None:
        terminal = open_terminal("omtui", "ask", "dev", "5")
        terminal.wait_for("Connectors: 2.")
        terminal.send_signal(number)
        assert terminal.wait_for_exit() == code
        assert "Traceback" not in terminal.text()

    def test_ctrl_c_says_so(self, library: Path, open_terminal: OpenTerminal) -> None:
        terminal = open_terminal("omtui", "ask", "dev", "5")
        terminal.wait_for("Connectors: 2.")
        terminal.press("ctrl+c")
        assert terminal.wait_for_exit() == 130
        assert "interrupted" in terminal.text()

    def test_handlers_are_put_back(self, omtui: Command, library: Path) -> None:
        before = signal.getsignal(signal.SIGTERM)
        omtui("list")
        assert signal.getsignal(signal.SIGTERM) is before


HOSTILE = (
    "", "-", "--", "..", "/", "//", "~", "@", "@@", "dev@", "@HEAD", "dev@@", "a/b", "profiles", "profiles/",
    "connectors", "connectors[", "connectors[]", "connectors[#2]", "connectors[Connector01#0]", "a.b.c", "[x]",
    'connectors["\\', "routing_rules[Route picks].when.all[99999999999999999999]", "\x00", "\x1b[2J", "\udcff",
    "dev.toml", "con", "%s", "{0}", "=", "+=", "-=", "+=x", "name=", "=x", "9" * 5000, "[" * 3000, "漢字", "\u202e",
    "connectors[Connector01].tags[0]", "connectors[Connector01].tags[9]", "routing_rules[Route picks].when.all",
    "routing_rules[Route picks].when", "routing_rules[Route picks].then[0]", "waivers[S5-09].where", "topology",
    "flow", "S5-02", "--json", "-h5", "{ all = 5 }", "true", "nan", "2026-13-01", "pod", "schema", "profile.name",
)  # fmt: skip


WAITING = ("doctor", "ask", "practice", "demo", "probe")
OURS = [each.name for each in COMMANDS if each.name not in WAITING and each not in GROUPS["Secrets"]]
"""Commands that neither ask nor start anything, nor reach for the network."""


class TestHostileWords:
    @pytest.mark.parametrize("command", OURS)
    def test_one_after_the_other(self, omtui: Command, library: Path, command: str) -> None:
        turn = 0 if THOROUGH else OURS.index(command)
        for number, word in enumerate(HOSTILE):
            lines = (
                (word,),
                ("dev", word, "x"),
                ("dev", word),
                ("dev", "connectors", word),
                ("dev", "connectors[Connector01].url", word),
            )
            for words in lines if THOROUGH else lines[(turn + number) % 2 :: 2]:
                self.check(omtui, library, command, *words)

    @settings(max_examples=60)
    @given(
        st.sampled_from(OURS),
        st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12)), max_size=4),
    )
    def test_any_of_them_together(self, omtui: Command, library: Path, command: str, words: list[str]) -> None:
        self.check(omtui, library, command, *words)

    def check(self, omtui: Command, library: Path, command: str, *words: str) -> None:
        if "-" in words and command != "completions":
            return  # reads standard input, of which this process has none
        answer = omtui(command, *words)
        assert answer.code in (0, 1, 2, 3), (command, words, answer)
        assert "fault of the program" not in answer.err, (command, words, answer)
        assert "\x1b" not in answer.err
        (library / "dev.toml").write_text(PROFILE)

    def test_a_real_program_with_bytes_that_are_no_text(self, library: Path, program: Program) -> None:
        for command in ("check", "show", "get", "new"):
            done = program(command, os.fsdecode(b"\xff\xfe\x80"), "pod")
            assert done.returncode == 2
            assert b"Traceback" not in done.stderr
            done.stderr.decode("utf-8")


def test_every_exit_code_is_of_the_contract() -> None:
    assert (omtui.cli.DONE, omtui.cli.WRONG, omtui.cli.BLOCKED, omtui.cli.INTERRUPTED) == (0, 2, 3, 130)
    assert BY_NAME
