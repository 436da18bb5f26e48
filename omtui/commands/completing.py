"""Completion for shells: a small script each, which asks here what fits."""

from collections.abc import Iterator, Mapping, Sequence

from omtui.commands.arguments import Argument, Command, Option, ParsedArguments, WordKind, argument_at, parse
from omtui.commands.options import COMMON
from omtui.commands.output import Output
from omtui.commands.registry import COMMANDS, WORKBENCH, split

MOST = 400
"""How many candidates are offered at most."""

_BASH = r"""# omtui: completion for bash. In ~/.bashrc:  eval "$(omtui completions bash)"
_omtui() {
    mapfile -t COMPREPLY < <(omtui completions bash --line="${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[./=] ]] && compopt -o nospace
}
complete -o bashdefault -o default -o nosort -F _omtui omtui
"""

_ZSH = r"""#compdef omtui
# omtui: completion for zsh. Put it into a folder of $fpath as _omtui.
_omtui() {
    local -a answers partial whole
    answers=("${(@f)$(omtui completions zsh --line="${(j: :)words[1,CURRENT]}" 2>/dev/null)}")
    answers=(${answers:#})
    (( $#answers )) || { _files; return }
    partial=(${(M)answers:#*[./=]})
    whole=(${answers:#*[./=]})
    (( $#partial )) && compadd -S '' -a partial
    (( $#whole )) && compadd -a whole
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _omtui "$@"; else compdef _omtui omtui; fi
"""

_FISH = r"""# omtui: completion for fish. In ~/.config/fish/completions/omtui.fish
function __omtui_answers
    set -l answers (omtui completions fish --line=(commandline -cp | string collect) 2>/dev/null)
    if test (count $answers) -gt 0
        printf '%s\n' $answers
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c omtui -f -a '(__omtui_answers)'
"""

SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def completions(args: ParsedArguments, out: Output) -> int:
    """The script for a shell; with `--line` the candidates for the end of the line, one a line."""
    shell = args.text("SHELL")
    line = args.optional("--line")
    if line is None:
        out.write(SCRIPTS[shell])
        return 0
    words, raw = split_line(line)
    answers = list(candidates(words[1:] if len(words) > 1 else [""], args.environment))[:MOST]
    safe = [answer for answer in answers if answer.isprintable()]
    out.lines([for_bash(answer, raw) for answer in safe] if shell == "bash" else safe)
    return 0


def split_line(line: str) -> tuple[list[str], str]:
    """The words of a command line as a shell reads them, and the last one as it was typed."""
    words: list[str] = []
    word: list[str] = []
    start, quote, escaped, inside = 0, "", False, False
    for number, letter in enumerate(line):
        if escaped:
            word.append(letter)
            escaped = False
        elif letter == "\\" and quote != "'":
            escaped = inside = True
        elif quote:
            if letter == quote:
                quote = ""
            else:
                word.append(letter)
        elif letter in "'\"":
            quote, inside = letter, True
        elif letter.isspace():
            if inside or word:
                words.append("".join(word))
            word, inside, start = [], False, number + 1
        else:
            word.append(letter)
    return [*words, "".join(word)], line[start:]


def for_bash(answer: str, args: str) -> str:
    """A candidate as bash takes it: escaped unless a quote is open, without the part before a word break."""
    if args.startswith(("'", '"')):
        return answer
    shown = "".join(f"\\{letter}" if letter in " \t\\'\"`$&|;<>()[]{}*?!#~" else letter for letter in answer)
    end = max(args.rfind(letter) for letter in "=:@")
    return shown[end + 1 :] if shown.startswith(args[: end + 1]) else shown


def candidates(words: Sequence[str], environment: Mapping[str, str]) -> Iterator[str]:
    """The candidates for the last word, which may be begun."""
    *before, last = words
    named, rest, _ = split(before)
    command = named or WORKBENCH
    options = {option.name: option for option in (*command.options, *COMMON)}
    args = ParsedArguments(command, environment=environment)
    _note_words(command, rest, args, options)
    only_words = "--" in rest
    if not only_words and rest and (option := options.get(rest[-1])) and option.value:
        yield from _starting(_of_kind(option.kind, option.choices, last, args), last)
        return
    name, equals, value = last.partition("=")
    if not only_words and equals and (option := options.get(name)) and option.value:
        for each in _starting(_of_kind(option.kind, option.choices, value, args), value):
            yield f"{name}={each}"
        return
    if not only_words and last.startswith("-"):
        names = [*options, *(["--version"] if command is WORKBENCH else [])]
        yield from _starting((each for each in names if each not in rest), last)
        return
    if command is WORKBENCH and not _positional(rest, options):
        yield from _starting((each.name.partition(" ")[0] for each in COMMANDS), last)
    if command is WORKBENCH:
        yield from _starting(_second_words(_positional(rest, options)), last)
    argument = argument_at(command, len(_positional(rest, options)))
    if argument is not None:
        yield from _starting(_of_kind(argument.kind, argument.choices, last, args), last)


def _second_words(words: Sequence[str]) -> Iterator[str]:
    """The second words of commands of two words."""
    for command in COMMANDS:
        first, _, second = command.name.partition(" ")
        if second and words == [first]:
            yield second


def _positional(words: Sequence[str], options: Mapping[str, Option]) -> list[str]:
    found = []
    take_a_value = {name for name, option in options.items() if option.value}
    for number, word in enumerate(words):
        if word == "--" or (number and words[number - 1] in take_a_value):
            continue
        if not word.startswith("-") or "--" in words[:number]:
            found.append(word)
    return found


def _note_words(command: Command, rest: Sequence[str], args: ParsedArguments, options: Mapping[str, Option]) -> None:
    """What was typed so far, as far as it is needed to know what could come."""
    parsed = parse(Command("", "", "", (Argument("WORD", "", "*"),), command.options), rest, COMMON)
    if isinstance(parsed, ParsedArguments):
        args.words.update(parsed.words)
    for number, word in enumerate(_positional(rest, options)):
        if argument := argument_at(command, number):
            args.words.setdefault(argument.name, []).append(word)


def _of_kind(kind: WordKind, choices: Sequence[str], word: str, args: ParsedArguments) -> Iterator[str]:
    """What fits for an argument or an option. Nothing for files: the shell knows them better."""
    yield from choices
    match kind:
        case "profile":
            from omtui.commands.profile_arguments import profile_names

            if "/" not in word:
                yield from profile_names(args)
        case "check":
            from omtui.checks.running import all_checks

            yield from all_checks()
        case "step":
            from omtui.setup.catalogue import TASKS

            yield from (task.step for task in TASKS)
        case "credential":
            from omtui.commands.profile_arguments import readable_data
            from omtui.credentials.uses import credential_names

            yield from credential_names(readable_data(args, args.text("PROFILE")))
        case "place" | "record" | "table" | "assignment":
            from omtui.commands.place_words import place_words
            from omtui.commands.profile_arguments import readable_data

            data = readable_data(args, args.text("PROFILE"))
            yield from place_words(data, kind, word, args.text("TABLE"))


def _starting(words: Iterator[str], begun: str) -> Iterator[str]:
    folded = begun.casefold()
    yield from dict.fromkeys(word for word in words if word.casefold().startswith(folded))
