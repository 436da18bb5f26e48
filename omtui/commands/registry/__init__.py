"""The one registry of commands: dispatch, help and completion are made from it.

A module for each group of `omtui --help` describes its commands, and imports none of them: help and completion need no
set-up, store or check, and a decorator next to each function would import all of them.
"""

from collections.abc import Sequence

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import COMMON
from omtui.commands.registry import (
    changing,
    checking,
    comparing,
    handing_over,
    library,
    pod,
    reading,
    rehearsal,
    secrets,
    this_machine,
    topology,
    walk_through,
)

WORKBENCH = Command(
    "",
    "Open the workbench",
    "omtui.cli:workbench",
    (Argument("PROFILE", "the profile to open", "?", "profile"),),
    (
        Option("--ascii", "draw with ASCII only"),
        Option("--mouse", "use the mouse, also over SSH"),
        Option("--no-mouse", "do not use the mouse"),
    ),
    ("omtui vision-dev", "omtui --library profiles"),
)
"""What `omtui` does without a command."""

GROUPS = {
    "Library": library.COMMANDS,
    "Read": reading.COMMANDS,
    "Change": changing.COMMANDS,
    "Check": checking.COMMANDS,
    "Compare": comparing.COMMANDS,
    "Walk-through": walk_through.COMMANDS,
    "Hand-over": handing_over.COMMANDS,
    "Rehearsal": rehearsal.COMMANDS,
    "The pod": pod.COMMANDS,
    "Topology": topology.COMMANDS,
    "Secrets": secrets.COMMANDS,
    "This machine": this_machine.COMMANDS,
}
"""The commands under each heading of `omtui --help`."""

COMMANDS = tuple(command for group in GROUPS.values() for command in group)
BY_NAME = {command.name: command for command in COMMANDS}


def split(words: Sequence[str]) -> tuple[Command | None, list[str], str | None]:
    """The command in the words, and the other words; without one, the first word that is not an option."""
    take_a_value = {option.name for option in (*COMMON, *WORKBENCH.options) if option.value}
    for number, word in enumerate(words):
        if word == "--":
            break
        if word.startswith("-") or (number and words[number - 1] in take_a_value):
            continue
        before, after = list(words[:number]), list(words[number + 1 :])
        if after and (command := BY_NAME.get(f"{word} {after[0]}")):
            return command, before + after[1:], None
        if command := BY_NAME.get(word):
            return command, before + after, None
        return None, list(words), word
    return None, list(words), None
