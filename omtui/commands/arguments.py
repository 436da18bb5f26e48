"""What commands take, described once: parsing, help and completion are read from it.

`argparse` is not used: it takes `-=VALUE` and `-5` for options, and its words for mistakes are not ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Many = Literal["", "?", "*", "+"]
"""How many words an argument takes: exactly one, at most one, any number, at least one."""

WordKind = Literal[
    "", "profile", "place", "record", "table", "assignment", "check", "step", "credential", "file", "folder"
]
"""What completion offers for an argument."""


@dataclass(frozen=True, slots=True)
class Argument:
    """A word that is known by its position. `loose` words may begin with a dash, as values do."""

    name: str
    help: str
    many: Many = ""
    kind: WordKind = ""
    choices: tuple[str, ...] = ()
    loose: bool = False

    @property
    def shown(self) -> str:
        """As the usage line shows it: `PROFILE`, `[PROFILE]`, `PROFILE…`."""
        word = f"{self.name}…" if self.many in ("*", "+") else self.name
        return f"[{word}]" if self.many in ("?", "*") else word


@dataclass(frozen=True, slots=True)
class Option:
    """A word that is known by its name. Without `value` it is a flag; with `many` it may be given several times."""

    name: str
    help: str
    value: str = ""
    short: str = ""
    many: bool = False
    kind: WordKind = ""
    choices: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """As the help shows it: `--format FORMAT`."""
        short = f"{self.short}, " if self.short else ""
        return f"{short}{self.name} {self.value}" if self.value else f"{short}{self.name}"


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words, what it does, who carries it out (`module:function`), what it takes.

    The function takes what was given and the output, and returns the exit code.
    """

    name: str
    summary: str
    function: str
    arguments: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()
    examples: tuple[str, ...] = ()
    details: str = ""
    discreet: bool = False
    """Whether messages never repeat an unknown word: it may be a secret, typed where none belongs."""


@dataclass(slots=True)
class ParsedArguments:
    """What was typed after a command's name."""

    command: Command
    words: dict[str, list[str]] = field(default_factory=dict)
    """The values of arguments and options, by name."""
    environment: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """The value of an argument or option; the last one where it was given several times."""
        values = self.words.get(name)
        return values[-1] if values else default

    def optional(self, name: str) -> str | None:
        """The value of an argument or option; `None` when it was not given."""
        values = self.words.get(name)
        return values[-1] if values else None

    def texts(self, name: str) -> list[str]:
        """All values of an argument or option."""
        return self.words.get(name, [])

    def flag(self, name: str) -> bool:
        """Whether an option was given."""
        return name in self.words


@dataclass(frozen=True, slots=True)
class Misuse:
    """Wrong usage, and what to type instead. Exit code 2."""

    message: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.message}; {self.fix}" if self.fix else self.message


def parse(command: Command, words: Sequence[str], common: tuple[Option, ...] = ()) -> ParsedArguments | Misuse:
    """Read the words after a command's name. Options may be anywhere; `--` ends them."""
    options = {name: each for each in (*common, *command.options) for name in (each.name, each.short) if name}
    args = ParsedArguments(command)
    positional: list[str] = []
    left = list(words)
    only_words = False
    while left:
        word = left.pop(0)
        if only_words or not word.startswith("-") or word == "-":
            positional.append(word)
            continue
        if word == "--":
            only_words = True
            continue
        name, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
        option = options.get(name)
        if option is None:
            if not word.startswith("--") and _is_loose(command, len(positional)):
                positional.append(word)
                continue
            return _unknown_option(command, name, options)
        values = args.words.setdefault(option.name, [])
        if not option.value:
            if equals:
                return Misuse(f"{name} takes no value", f"type {name} alone")
            continue
        if not equals:
            if not left:
                return Misuse(f"{name} needs a value", f"type {option.shown}")
            value = left.pop(0)
        if values and not option.many:
            return Misuse(f"{name} is given twice", "give it once")
        if option.choices and value not in option.choices:
            return _no_choice(value, name, option.choices)
        values.append(value)
    return _place_words(command, positional, args)


def argument_at(command: Command, position: int) -> Argument | None:
    """The argument that the word at a position belongs to; `None` when there are already enough."""
    for argument in command.arguments:
        if argument.many in ("*", "+"):
            return argument
        if position == 0:
            return argument
        position -= 1
    return None


def _is_loose(command: Command, position: int) -> bool:
    argument = argument_at(command, position)
    return argument is not None and argument.loose


def _place_words(command: Command, positional: list[str], args: ParsedArguments) -> ParsedArguments | Misuse:
    left = list(positional)
    for argument in command.arguments:
        if argument.many in ("*", "+"):
            taken, left = left, []
        else:
            taken, left = left[:1], left[1:]
        if not taken and argument.many in ("", "+"):
            return Misuse(f"{argument.name} is missing", f"type omtui {usage(command)}")
        for word in taken:
            if argument.choices and word not in argument.choices:
                return _no_choice(word, argument.name, argument.choices)
        if taken:
            args.words[argument.name] = taken
    if left and command.discreet:
        fix = "leave it out: a secret is never an argument, it is asked for, or read with --stdin"
        return Misuse("there is a word too many", fix)
    if left:
        return Misuse(f"{left[0]} is one word too many", "put words that belong together in quotes")
    return args


def usage(command: Command) -> str:
    """The command and its arguments on one line, without `omtui`."""
    words = [command.name] if command.name else []
    words += [argument.shown for argument in command.arguments]
    return " ".join(words)


def _no_choice(value: str, name: str, choices: tuple[str, ...]) -> Misuse:
    from omtui.setup.did_you_mean import did_you_mean

    near = did_you_mean(value, choices)
    fix = f"did you mean {near}?" if near else f"choose {', '.join(choices[:-1])} or {choices[-1]}"
    return Misuse(f"{value or 'an empty text'} is not a choice for {name}", fix)


def _unknown_option(command: Command, name: str, options: Mapping[str, Option]) -> Misuse:
    from omtui.setup.did_you_mean import did_you_mean

    near = did_you_mean(name, [each for each in options if each.startswith("--")])
    called = f"omtui {command.name}".rstrip()
    if command.discreet and not near:
        return Misuse("one of the options does not exist", f"{called} --help lists them")
    return Misuse(
        "there is no such option" if command.discreet else f"there is no option {name}",
        f"did you mean {near}?" if near else f"{called} --help lists them",
    )
