"""The texts of `--help`, made from the registry."""

from importlib.resources import files

from omtui.commands.arguments import Command, Option, ParsedArguments, usage
from omtui.commands.options import COMMON
from omtui.commands.output import Output
from omtui.commands.registry import BY_NAME, COMMANDS, GROUPS, WORKBENCH
from omtui.text_width import padded, width_of, wrapped


def show_help(args: ParsedArguments, out: Output) -> int:
    """`omtui help [COMMAND|TOPIC]`."""
    name = " ".join(args.texts("COMMAND"))
    width = min(out.width or 100, 100)
    topics = {each.name.removesuffix(".md"): each for each in files("omtui").joinpath("help").iterdir()}
    if name in topics:
        out.write(topics[name].read_text(encoding="utf-8"))
    elif lines := (help_of(BY_NAME[name], width) if name in BY_NAME else help_of_first(name, width)):
        out.lines(lines)
    elif not name:
        out.lines([*overview(width), "", f"Topics: {', '.join(sorted(topics))}: omtui help TOPIC"])
    else:
        from omtui.setup.did_you_mean import did_you_mean

        near = did_you_mean(name, [*BY_NAME, *topics])
        fix = (
            f"did you mean {near}?" if near else f"omtui --help lists the commands; topics: {', '.join(sorted(topics))}"
        )
        out.message(f"omtui help: {name} is neither a command nor a topic; {fix}")
        return 2
    return 0


def overview(width: int) -> list[str]:
    """`omtui --help`: every command on one line."""
    lines = [
        "omtui [PROFILE]            Open the workbench",
        "omtui COMMAND …            Run one command",
        "omtui COMMAND --help       Show its arguments and options",
    ]
    column = max(width_of(command.name) for command in COMMANDS) + 2
    for group, commands in GROUPS.items():
        lines += ["", group]
        for command in commands:
            lines += _entry(command.name, command.summary, column, width)
    options = (*WORKBENCH.options, *COMMON, Option("--version", "show the version"))
    lines += ["", "Options", *_options(options, width)]
    lines += ["", "Examples", *(f"  {example}" for example in WORKBENCH.examples)]
    lines += ["  omtui new vision-dev --release 25D", "  omtui check vision-dev"]
    return lines


def help_of(command: Command, width: int) -> list[str]:
    """`omtui COMMAND --help`."""
    lines = [f"omtui {usage(command)}", "", *wrapped(f"{command.summary}.", width)]
    if command.details:
        lines += ["", *wrapped(command.details, width)]
    if command.arguments:
        column = max(width_of(argument.name) for argument in command.arguments) + 2
        lines += ["", "Arguments"]
        for argument in command.arguments:
            lines += _entry(argument.name, argument.help, column, width)
    lines += ["", "Options", *_options((*command.options, *COMMON), width)]
    lines += ["", "Example" if len(command.examples) == 1 else "Examples"]
    return [*lines, *(f"  {example}" for example in command.examples)]


def help_of_first(word: str, width: int) -> list[str]:
    """`omtui WORD --help` for the first word of commands of two words; empty when there are none."""
    found = [command for command in COMMANDS if command.name.startswith(f"{word} ")]
    column = max((width_of(command.name) for command in found), default=0) + 2
    return [line for command in found for line in _entry(command.name, command.summary, column, width)]


def _options(options: tuple[Option, ...], width: int) -> list[str]:
    column = max(width_of(option.shown) for option in options) + 2
    return [line for option in options for line in _entry(option.shown, option.help, column, width)]


def _entry(name: str, words: str, column: int, width: int) -> list[str]:
    first, *rest = wrapped(words, max(width - column - 2, 20))
    return [f"  {padded(name, column)}{first}", *(f"  {' ' * column}{line}" for line in rest)]
