"""Completion: what is offered where, and that real shells offer it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.commands.completing import SCRIPTS, candidates, for_bash, split_line
from omtui.commands.registry import COMMANDS
from omtui.setup.place import Place, parse, resolve
from tests.commands.conftest import PROFILE, Command
from tests.programs import require
from tests.terminal import Terminal

OpenTerminal = Callable[..., Terminal]


@pytest.fixture
def offered(omtui: Command, library: Path) -> Callable[[str], list[str]]:
    """What is offered where a command line ends."""

    def ask(line: str) -> list[str]:
        answer = omtui("completions", "zsh", f"--line={line}")
        assert (answer.code, answer.err) == (0, "")
        return answer.out.splitlines()

    return ask


Offered = Callable[[str], list[str]]


class TestWhatIsOffered:
    def test_commands_and_profiles_first(self, offered: Offered) -> None:
        first = offered("omtui ")
        assert {command.name.partition(" ")[0] for command in COMMANDS} <= set(first)
        assert "dev" in first
        assert offered("omtui ch") == ["check"]
        assert offered("omtui secret te") == ["test"]
        assert offered("omtui d") == ["diff", "demo", "doctor", "dev"]

    def test_options_of_the_command(self, offered: Offered) -> None:
        assert offered("omtui check --f") == ["--format", "--fix"]
        assert "--reason" in offered("omtui set dev --")
        assert offered("omtui check --strict --str") == []
        assert "--version" in offered("omtui --")

    def test_values_of_options(self, offered: Offered) -> None:
        assert offered("omtui check dev --format s") == ["sarif"]
        assert offered("omtui check dev --format=s") == ["--format=sarif"]
        assert offered("omtui show dev --step 4") == ["4", "4.1"]
        assert offered("omtui set --unlock d") == ["dev"]

    def test_profiles_checks_steps_shells(self, offered: Offered) -> None:
        assert offered("omtui check ") == ["dev"]
        assert offered("omtui --library profiles check d") == ["dev"]
        assert offered("omtui explain s5-0")[:2] == ["S5-01", "S5-02"]
        assert "related" in offered("omtui ask dev ")
        assert offered("omtui completions ") == ["bash", "zsh", "fish"]

    def test_paths_are_left_to_the_shell(self, offered: Offered) -> None:
        assert offered("omtui check ./pro") == []

    def test_places_one_level_at_a_time(self, offered: Offered) -> None:
        assert offered("omtui get dev conn") == [
            "connectors[Connector01]",
            "connectors[Connector01].",
            "connectors[Connector02]",
            "connectors[Connector02].",
        ]
        assert offered("omtui get dev connectors[Connector01].u") == [
            "connectors[Connector01].url",
            "connectors[Connector01].user_name",
            "connectors[Connector01].used_by",
        ]
        assert "topology." in offered("omtui get dev top")
        assert "topology.endpoints[Printer]" in offered("omtui get dev topology.")
        assert offered("omtui get dev 'routing_rules[Route picks].when.all[1].v") == [
            "routing_rules[Route picks].when.all[1].value"
        ]

    def test_records_tables_assignments(self, offered: Offered) -> None:
        assert offered("omtui rename dev connectors[Connector01") == ["connectors[Connector01]"]
        assert offered("omtui add dev conn") == ["connectors"]
        assert offered("omtui add dev task_types[Pick].s") == ["task_types[Pick].services", "task_types[Pick].statuses"]
        assert offered("omtui add dev connectors New inv") == ["invocation_mode="]
        assert offered("omtui add dev connectors New invocation_mode=B") == ["invocation_mode=Business Event"]
        assert offered("omtui add dev connectors New send_attachments=t") == ["send_attachments=true"]

    def test_a_profile_that_cannot_be_read_offers_nothing(self, offered: Offered, library: Path) -> None:
        (library / "bad.toml").write_text("a = [")
        assert offered("omtui get bad co") == ["connectors["] or offered("omtui get bad co") == []

    def test_foreign_text_that_could_command_a_terminal_is_not_offered(self, offered: Offered, library: Path) -> None:
        (library / "dev.toml").write_text(PROFILE.replace("Printer", "\\u001b[2J"))
        assert all(line.isprintable() for line in offered("omtui get dev topology."))

    def test_what_is_offered_as_a_place_is_one(self, library: Path) -> None:
        import tomllib

        text = PROFILE.replace("Connector02", 'odd ] \\" name').replace("Printer", "Route 1#2")
        (library / "dev.toml").write_text(text)
        data = tomllib.loads(text)
        environment = {"OMTUI_LIBRARY": str(library)}
        for begun in ("connectors", "topology.", "task_types[Pick].", "routing_rules[Route picks].when."):
            for word in candidates(["get", "dev", begun], environment):
                place = parse(word.rstrip("."))
                assert isinstance(place, Place), word
                assert isinstance(resolve(data, place), tuple), word


class TestLines:
    @pytest.mark.parametrize(
        ("line", "words", "raw"),
        [
            ("omtui get dev", ["omtui", "get", "dev"], "dev"),
            ("omtui get ", ["omtui", "get", ""], ""),
            ("omtui get 'a b", ["omtui", "get", "a b"], "'a b"),
            ("omtui get a\\ b", ["omtui", "get", "a b"], "a\\ b"),
            ('omtui "x y" z', ["omtui", "x y", "z"], "z"),
            ("omtui '' x", ["omtui", "", "x"], "x"),
        ],
    )
    def test_words_as_a_shell_reads_them(self, line: str, words: list[str], raw: str) -> None:
        assert split_line(line) == (words, raw)

    @given(st.text())
    def test_any_line_is_read(self, line: str) -> None:
        words, raw = split_line(line)
        assert words
        assert line.endswith(raw)

    def test_bash_takes_only_what_stands_behind_a_word_break(self) -> None:
        assert for_bash("--format=sarif", "--format=s") == "sarif"
        assert for_bash("connectors[A B].url", "conn") == "connectors\\[A\\ B\\].url"
        assert for_bash("connectors[A B].url", "'conn") == "connectors[A B].url"


def test_every_shell_has_a_script(omtui: Command) -> None:
    for shell, script in SCRIPTS.items():
        assert omtui("completions", shell).out == script
        assert "omtui completions" in script


@pytest.fixture
def wrapper(tmp_path: Path) -> str:
    """A PATH on which `omtui` is this checkout's."""
    import sys

    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "omtui"
    program.write_text(f"#!{sys.executable}\nimport sys\nfrom omtui.cli import run\nsys.exit(run())\n")
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


class TestShells:
    """The scripts in the shells themselves, by pressing Tab."""

    def started(self, open_terminal: OpenTerminal, wrapper: str, *command: str) -> Terminal:
        terminal = open_terminal(*command, env={"PATH": wrapper, "PS1": "$ ", "INPUTRC": "/dev/null"}, size=(100, 30))
        terminal.wait_until_quiet()
        return terminal

    def complete(self, terminal: Terminal, typed: str, expected: str) -> None:
        terminal.type(typed)
        terminal.press("tab")
        terminal.wait_for(lambda t: t.lines()[t.screen.cursor.y].rstrip().endswith(expected))
        terminal.press("ctrl+u")

    def check(self, terminal: Terminal) -> None:
        self.complete(terminal, "omtui ch", "omtui check")
        self.complete(terminal, "omtui doctor --no-n", "doctor --no-network")
        self.complete(terminal, "omtui check dev --format=sa", "--format=sarif")
        self.complete(terminal, "omtui get dev schem", "omtui get dev schema")
        self.complete(terminal, "omtui check ./prof", "./profiles/")

    def test_bash(self, library: Path, open_terminal: OpenTerminal, wrapper: str) -> None:
        bash = require("bash")
        terminal = self.started(open_terminal, wrapper, bash, "--norc", "--noprofile")
        terminal.type('eval "$(omtui completions bash)"')
        terminal.press("enter")
        terminal.wait_until_quiet()
        self.check(terminal)
        self.complete(terminal, "omtui get dev 'connectors[Connector01].ur", "'connectors[Connector01].url'")
        self.complete(terminal, "omtui get dev topology.vant", "topology.vant")
        terminal.type("omtui get dev routing_rules")
        terminal.press("tab")
        terminal.wait_for("routing_rules\\[Route\\ picks\\]")

    def test_zsh(self, library: Path, open_terminal: OpenTerminal, wrapper: str, home: Path) -> None:
        zsh = require("zsh")
        terminal = self.started(open_terminal, wrapper, zsh, "-f")
        terminal.type('autoload -U compinit; compinit -D; eval "$(omtui completions zsh)"; PS1="> "; setopt noautomenu')
        terminal.press("enter")
        terminal.wait_for(lambda t: t.text().rstrip().endswith(">"))
        self.check(terminal)
        self.complete(terminal, "omtui get dev 'connectors[Connector01].ur", "'connectors[Connector01].url'")
        self.complete(terminal, "omtui get dev routing", "routing_rules\\[Route\\ picks\\]")

    def test_fish(self, library: Path, open_terminal: OpenTerminal, wrapper: str) -> None:
        fish = require("fish")
        terminal = self.started(open_terminal, wrapper, fish, "--no-config")
        terminal.type("omtui completions fish | source")
        terminal.press("enter")
        terminal.wait_until_quiet()
        self.check(terminal)
        self.complete(terminal, "omtui get dev 'connectors[Connector01].ur", "'connectors[Connector01].url'")
