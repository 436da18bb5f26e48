"""A tag, step or name that matches nothing is wrong usage in every command that takes one, never an empty answer."""

import pytest

from omtui.commands.registry import COMMANDS
from tests.commands.conftest import PROFILE, Command

LIMITING = ("--tag", "--step", "--only", "--without")
WORDS = {"PROFILE": "dev", "A": "dev", "B": "other", "SOURCE": "dev", "TARGET": "other", "KIND": "access"}
CASES = [
    (command.name, option.name)
    for command in COMMANDS
    for option in command.options
    if option.name in LIMITING and command.name != "promote"
]


@pytest.mark.parametrize(("command", "option"), CASES)
@pytest.mark.parametrize(("typed", "message"), [("3pl", "did you mean 3PL?"), ("nothing-of-this-name", "there are ")])
def test_what_names_nothing_is_wrong_usage(
    omtui: Command, library: object, command: str, option: str, typed: str, message: str
) -> None:
    from pathlib import Path

    assert isinstance(library, Path)
    (library / "other.toml").write_text(PROFILE.replace('"dev"', '"other"'))
    given = next(each for each in COMMANDS if each.name == command)
    words = [WORDS[argument.name] for argument in given.arguments if argument.name in WORDS]
    answer = omtui(command, *words, option, typed)
    assert (answer.code, answer.out) == (2, "")
    kind = {"--only": "outcome" if command == "route" else "endpoint"}.get(option, option[2:])
    assert f"there is no {kind}" in answer.err
    assert (message if option == "--tag" else "there are " if typed != "3pl" else "") in answer.err
    assert len(answer.err.splitlines()) == 1
