"""What arrived from elsewhere, on the command line: the file, what it brings, and what was written of it."""

from __future__ import annotations

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.profile_arguments import STDIN, read_stdin, refused
from omtui.plain_text import plain
from omtui.problem import Done, Problem, Wrong
from omtui.service.arriving_report import lines
from omtui.service.handing_over import Arriving, File, Taken, read_arrived
from omtui.text_width import wrapped
from omtui.typed_path import typed_path

MOST_LINES = 200
"""How many changes are shown; `omtui diff` shows all."""


def arrived(word: str) -> File | Wrong:
    """The file that a word names, or standard input."""
    if word != STDIN:
        return read_arrived(typed_path(word))
    content = read_stdin()
    return Wrong(content.message, content.fix) if isinstance(content, Problem) else File("stdin", content)


def unlocked(args: ParsedArguments, out: Output, arriving: Arriving) -> int | None:
    """Unlock the production profile that is here, if that was asked for; the exit code where that fails."""
    name = args.optional("--unlock")
    if name is None or arriving.existing is None:
        return None
    outcome = arriving.existing.unlock(name)
    return None if isinstance(outcome, Done) else refused(args, out, outcome)


def done_words(arriving: Arriving, taken: Taken) -> str:
    """What was written, in one line."""
    name = plain(arriving.name)
    if not taken.changed:
        return f"{name}: it is here already, and nothing differs"
    mapping = " with its mapping" if taken.has_mapping else ""
    return f"{name}: imported{mapping} as {plain(taken.path)}" if arriving.is_new else f"{name}: changed{mapping}"


def show_arriving(out: Output, arriving: Arriving) -> None:
    """What the file holds, what it changes here, and what a person should know about it."""
    for line in lines(arriving, MOST_LINES):
        margin = " " * (len(line.text) - len(line.text.lstrip()))
        broken = wrapped(line.text.strip(), out.width - len(margin)) if out.width else [line.text.strip()]
        for each in broken:
            out.line(out.bold(each) if line.tone == "heading" else margin + each)
