"""Every command explains itself, and what it shows as an example is right."""

import re
import resource
import shlex
from importlib import import_module

import pytest

from omtui.commands.arguments import Command, ParsedArguments, parse
from omtui.commands.options import COMMON
from omtui.commands.registry import BY_NAME, COMMANDS, WORKBENCH
from tests.commands.conftest import Command as Omtui
from tests.looping import loop_over

EVERY = [*COMMANDS, WORKBENCH]
ALL = loop_over("command", EVERY, [command.name or "workbench" for command in EVERY])

CONTRACT = (
    "doctor", "new", "list", "show", "schema", "check", "explain", "fmt", "set", "get", "add", "remove", "rename",
    "move", "usages", "undo", "ask", "log", "completions",
)  # fmt: skip


def test_every_command_of_the_contract_is_there() -> None:
    assert set(CONTRACT) <= set(BY_NAME)


@ALL
def test_its_function_is_there(command: Command) -> None:
    module, _, name = command.function.partition(":")
    assert callable(getattr(import_module(module), name))


@pytest.mark.parametrize("command", EVERY, ids=lambda command: command.name or "workbench")
def test_help_tells_all_of_it(command: Command, omtui: Omtui) -> None:
    answer = omtui(*command.name.split(), "--help")
    assert answer.code == 0
    assert answer.err == ""
    for part in (*command.arguments, *command.options, *COMMON):
        assert part.name in answer.out
    for example in command.examples:
        assert f"  {example}\n" in answer.out


@ALL
def test_its_examples_can_be_typed(command: Command) -> None:
    assert command.examples
    for example in command.examples:
        text = re.sub(r'^eval "\$\((.*)\)"$', r"\1", example)
        words = shlex.split(text.partition(" >")[0])
        assert words.pop(0) == "omtui"
        for part in command.name.split():
            assert words.pop(0) == part
        assert isinstance(parse(command, words, COMMON), ParsedArguments)


def test_help_lists_every_command_once(omtui: Omtui) -> None:
    out = omtui("--help").out
    for command in COMMANDS:
        assert len(re.findall(rf"^  {command.name}  ", out, re.MULTILINE)) == 1


def test_help_wins_over_what_else_is_wrong(omtui: Omtui) -> None:
    assert omtui("check", "--nonsense", "--help").code == 0
    assert omtui("set", "dev", "-h").code == 0


def test_help_behind_two_dashes_is_a_word(omtui: Omtui) -> None:
    assert omtui("get", "--", "--help").code == 2


def test_no_line_of_help_is_longer_than_a_terminal(omtui: Omtui, monkeypatch: pytest.MonkeyPatch) -> None:
    for command in COMMANDS:
        lines = omtui(*command.name.split(), "--help").out.splitlines()
        assert all(len(line) <= 100 for line in lines if not line.startswith("  omtui"))


def test_the_version(omtui: Omtui) -> None:
    from omtui import __version__

    assert omtui("--version").out == f"omtui {__version__}\n"
    assert omtui("--library", "x", "--version").out == f"omtui {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_comes_within_a_second(command: Command, program: Omtui) -> None:
    """Of its own time: a machine may be busy with other things."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert program(*command.name.split(), "--help").returncode == 0  # type: ignore[attr-defined]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1
