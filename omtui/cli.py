"""The `omtui` command: what was asked for, and how it ends.

Two phases keep it quick: the version, help and completion are answered from the registry alone; a command's module is
imported once it is known which one is meant.
"""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False  # importing `typing` would double what --version costs
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from typing import TextIO

    from omtui.commands.arguments import Command, Misuse, ParsedArguments
    from omtui.commands.output import Output

DONE, WRONG, BLOCKED = 0, 2, 3
"""Exit codes: done; wrong usage or unreadable input; refused. 1 belongs to commands that judge."""

INTERRUPTED = 130
NOBODY_READS = 141
"""The reader of a pipe is gone: 128 + SIGPIPE, as for every program in a pipe."""


def run(words: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; the exit code.

    The one place that catches every error: a traceback is shown only with `--debug`.
    """
    given = list(sys.argv[1:] if words is None else words)
    gc.disable()  # a command ends before its garbage matters; the workbench turns it on after its first screen
    try:
        code = _version() if given[:1] in (["--version"], ["-V"]) else _dispatch(given)
        _write("")
    except KeyboardInterrupt:
        _message("interrupted")
        code = INTERRUPTED
    except BrokenPipeError:
        code = NOBODY_READS
    except Exception as error:  # noqa: BLE001 - outermost
        code = _ended_by(error, debug="--debug" in given)
    finally:
        _flush(sys.stdout)
        _flush(sys.stderr)
    return code


def _version() -> int:
    from omtui import __version__

    _write(f"omtui {__version__}\n")
    return DONE


def _dispatch(words: list[str]) -> int:
    from omtui.commands.arguments import Misuse, parse
    from omtui.commands.options import COMMON
    from omtui.commands.output import Output
    from omtui.commands.registry import WORKBENCH

    out = Output()
    found = _command_in(words)
    if isinstance(found, Misuse):
        if "--help" in words[1:] or "-h" in words[1:]:
            from omtui.commands.helping import help_of_first

            lines = help_of_first(words[0], min(out.width or 100, 100))
            out.lines(lines)
            return DONE if lines else _misuse(out, WORKBENCH, found)
        return _misuse(out, WORKBENCH, found)
    command, rest = found
    asked = rest[: rest.index("--")] if "--" in rest else rest
    if "--help" in asked or "-h" in asked:
        return _help(out, command)
    if command is WORKBENCH and "--version" in asked:
        return _version()
    args = parse(command, rest, COMMON)
    if isinstance(args, Misuse):
        return _misuse(out, command, args)
    args.environment = out.environment
    from omtui.commands.profile_arguments import finish_what_was_left

    if command is not WORKBENCH:  # which says so on its screen
        finish_what_was_left(args, out)
    with _ended_by_signals():
        return _function(command)(args, out)


def _command_in(words: list[str]) -> tuple[Command, list[str]] | Misuse:
    """The command that is meant and the words for it; the workbench where none is named."""
    from omtui.commands.registry import WORKBENCH, split

    command, rest, stray = split(words)
    if command is not None:
        return command, rest
    if stray is not None:
        from omtui.commands.profile_arguments import no_such_command

        return no_such_command(stray, words) or (WORKBENCH, words)
    return WORKBENCH, words


def _function(command: Command) -> Callable[[ParsedArguments, Output], int]:
    from importlib import import_module

    module, _, name = command.function.partition(":")
    function: Callable[[ParsedArguments, Output], int] = getattr(import_module(module), name)
    return function


def workbench(args: ParsedArguments, out: Output, welcome: str = "") -> int:
    """Open the workbench. Only this and `keys` know it."""
    from omtui.commands.profile_arguments import open_workspace, why_no_workbench

    refusal = why_no_workbench()
    if refusal:
        out.message(f"omtui: {refusal}")
        return BLOCKED
    if not any(map(args.environment.get, ("SSH_CONNECTION", "SSH_TTY"))):
        os.environ.setdefault("TEXTUAL_FPS", "240")  # what follows a key waits for the next frame: 4 ms, not 17
    from dataclasses import replace

    from omtui.plain_text import plain
    from omtui.problem import Problem
    from omtui.service.settings import read_settings
    from omtui.store.folders import config_folder, take_over_settings
    from omtui.workbench import terminal
    from omtui.workbench.app import Workbench
    from omtui.workbench.app import run as run_workbench
    from omtui.workbench.keymap import keymap
    from omtui.workbench.themes import known_theme

    moved = take_over_settings(args.environment)
    settings_file = config_folder(args.environment) / "settings.toml"
    settings = read_settings(settings_file)
    mouse = True if args.flag("--mouse") else False if args.flag("--no-mouse") else settings.mouse
    ascii_only = args.flag("--ascii") or settings.ascii_only or terminal.needs_utf8()
    terminal.speak_utf8()
    here = terminal.look(args.environment, mouse=mouse, ascii_only=ascii_only)
    if isinstance(here, Problem):
        out.message(f"omtui: {here.message}; {here.fix}")
        return BLOCKED
    keys = keymap(settings.keys)
    faults = (*([moved] if moved else []), *settings.faults, *keys.faults)
    if settings.theme and known_theme(settings.theme) is None:
        faults += (
            f"settings.toml: there is no theme {plain(settings.theme)}; write dark, light, or a theme of Textual",
        )
    app = Workbench(open_workspace(args), here, replace(keys, faults=faults), profile=args.optional("PROFILE"))
    app.theme = known_theme(settings.theme) or app.theme
    app.pane_chosen, app.settings_file = settings.pane, settings_file
    app.welcome = "" if settings.welcomed else welcome
    return run_workbench(app)


WELCOME = """\
These are practice profiles. They point at a pod on this machine: nothing here reaches Oracle or anybody else.
  practice-broken   Enter v a   review its endpoints: each is broken in another way, with its reason and advice
  practice-dev      Enter g 7   read its routing rules; g 2 shows an orchestration process step by step
  practice-dev      Enter W     walk through the set-up as one enters it in Fusion, record by record
? shows the keys of the screen that is in front, ctrl+p finds everything by a word of it."""


def demo(args: ParsedArguments, out: Output) -> int:
    """Open the workbench with a practice pod; without a screen, the tour."""
    from omtui.commands.practising import demonstration, tour
    from omtui.commands.profile_arguments import why_no_workbench
    from omtui.problem import Problem

    if args.flag("--headless"):
        return tour(args, out)
    refusal = why_no_workbench()
    if refusal:
        out.message(f"omtui demo: {refusal}; --headless does the tour without one")
        return BLOCKED
    with demonstration(args) as begun:
        if isinstance(begun, Problem):
            out.message(f"omtui demo: {begun}")
            return BLOCKED
        return workbench(args, out, WELCOME)


def keys(args: ParsedArguments, out: Output) -> int:
    """Show the keys of the workbench, as the settings file has them."""
    from omtui.service.settings import read_settings
    from omtui.store.folders import config_folder
    from omtui.text_width import padded
    from omtui.workbench.keymap import key_sheet, keymap

    chosen = keymap(read_settings(config_folder(args.environment) / "settings.toml").keys)
    for fault in chosen.faults:
        out.message(f"omtui keys: {fault}")
    sheet = key_sheet(chosen)
    if args.flag("--markdown"):
        out.write(f"{sheet}\n")
        return DONE
    for line in sheet.split("\n"):
        cells = [each.strip() for each in line.replace("`", "").strip("|").split(" | ")]
        if len(cells) < 3:
            out.line(out.bold(line.strip("*")))
        elif cells[0] not in ("key", "---"):
            out.line(f"  {padded(cells[0], 22)}{padded(cells[1], 32)}{cells[2]}".rstrip())
    return DONE


def _help(out: Output, command: Command) -> int:
    from omtui.commands.helping import help_of, overview

    width = min(out.width or 100, 100)
    out.lines(help_of(command, width) if command.name else overview(width))
    return DONE


def _misuse(out: Output, command: Command, misuse: Misuse) -> int:
    out.message(f"{f'omtui {command.name}'.rstrip()}: {misuse}")
    return WRONG


# How it ends


def _write(text: str) -> None:
    """Write to standard output, at once: at the interpreter's end it would be too late to report an error."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        from omtui.commands.output import OutputLostError

        raise OutputLostError(error.strerror) from None


def _ended_by(error: Exception, *, debug: bool) -> int:
    """Report an error that nobody foresaw."""
    from traceback import extract_tb, format_exception

    from omtui.commands.output import OutputLostError
    from omtui.plain_text import plain_lines

    if isinstance(error, OutputLostError):
        _message(f"omtui: the output could not be written: {error}")
        return BLOCKED
    if debug:
        trace = "".join(format_exception(error))
        # Loaded where secrets were in use: then none is shown.
        redacting = sys.modules.get("omtui.credentials.redact")
        for line in plain_lines(redacting.redact(trace) if redacting else trace).split("\n"):
            _message(line)
    place = extract_tb(error.__traceback__)[-1]
    where = f"{place.filename.rpartition('/')[2]}:{place.lineno}"
    more = "" if debug else "; --debug shows more"
    _message(f"omtui: a fault of the program, not of yours: {type(error).__name__} in {where}{more}")
    return BLOCKED


def _ended_by_signals() -> AbstractContextManager[None]:
    """SIGTERM and SIGHUP end a command as Ctrl+C does: what was begun is left in order, with the signal's code."""
    import signal
    from contextlib import contextmanager

    def end(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    @contextmanager
    def handled() -> Iterator[None]:
        numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
        # One that is ignored stays so: nohup means it.
        ours = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
        for number in ours:
            signal.signal(number, end)
        try:
            yield
        finally:
            for number in ours:
                signal.signal(number, signal.SIG_DFL)

    return handled()


def _message(message: str) -> None:
    from omtui.plain_text import plain

    if sys.stderr is not None:
        try:
            print(plain(message), file=sys.stderr, flush=True)
        except OSError:
            _flush(sys.stderr)  # nobody reads it


def _flush(stream: TextIO | None) -> None:
    """Write out a stream. Where its reader is gone, drop the rest: the interpreter would complain."""
    if stream is None:
        return
    try:
        stream.flush()
    except OSError:
        import os

        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except ValueError:  # closed
        return
