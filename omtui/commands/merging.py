"""`omtui merge`: what two people did to one profile, together, by key. Also Git's merge driver.

Git hands over three files of its own making, with names such as `.merge_file_a1b2c3`; the second takes the result. A
profile that is named as such is changed like one, with a log, undo and the lock of production. Progress and map files
are known by their name, or by what is in them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.profile_arguments import (
    STDIN,
    Reading,
    file_of,
    is_path,
    open_for_change,
    read,
    refused,
    report_news,
    saved_or_refused,
    wrong,
)
from omtui.plain_text import plain
from omtui.problem import Problem, Wrong
from omtui.service.merging import MergedFile, kind_of, merge_files
from omtui.service.session import NotReadable
from omtui.setup.did_you_mean import did_you_mean
from omtui.store.files import WrittenFile, content_hash, read_file, write_file
from omtui.store.library import Companion

if TYPE_CHECKING:
    from omtui.compare.three_way import Conflict, Decision
    from omtui.store.document import Document


def merge(args: ParsedArguments, out: Output) -> int:
    """Merge THEIRS into OURS. Ends with 3 while conflicts are open: of each, the value in OURS stays."""
    if (companions := _companions(args)) is not None:
        return _merge_companions(args, out, *companions)
    before, theirs = _read_base(args), _read(args, args.text("THEIRS"))
    if before is not None and not isinstance(before, Reading):
        return wrong(args, out, before)
    if not isinstance(theirs, Reading):
        return wrong(args, out, theirs)
    decisions = _decisions(args)
    if isinstance(decisions, Wrong):
        return wrong(args, out, decisions)
    base = before.document if before else None
    word = args.text("OURS")
    if not args.flag("--print") and os.path.islink(word) and not word.endswith(".toml"):  # noqa: PTH114
        target = plain(os.path.realpath(word))
        return wrong(args, out, Wrong(f"{plain(word)} is a link", f"name the file that it leads to: {target}"))
    if args.flag("--print") or _is_handed_over(word):
        return _merge_file(args, out, base, theirs, decisions)
    return _merge_profile(args, out, base, theirs, decisions)


def _companions(args: ParsedArguments) -> tuple[Companion, bytes] | None:
    """Whether OURS is a progress or map file, and its content."""
    word = args.text("OURS")
    content = read_file(_path(args, word)) if word != STDIN else None
    if not isinstance(content, bytes):
        return None
    kind = kind_of(word, content.decode("utf-8-sig"))
    return None if kind is None else (kind, content)


def _merge_companions(args: ParsedArguments, out: Output, kind: Companion, ours: bytes) -> int:
    """Merge progress or map files; the result goes to OURS, or is printed."""
    decisions = _decisions(args)
    if isinstance(decisions, Wrong):
        return wrong(args, out, decisions)
    texts: list[str | None] = []
    for name in ("BASE", "THEIRS"):
        word = args.text(name)
        content = None if name == "BASE" and _is_empty(word) else read_file(_path(args, word))
        if isinstance(content, Problem):
            return wrong(args, out, content)
        texts.append(None if content is None else content.decode("utf-8-sig"))
    found = merge_files(kind, texts[0], ours.decode("utf-8-sig"), texts[1] or "", decisions)
    if not isinstance(found, MergedFile):
        return wrong(args, out, found)
    if (unknown := _undecidable(decisions, found.conflicts)) is not None:
        return wrong(args, out, unknown)
    path = _path(args, args.text("OURS"))
    if args.flag("--print"):
        out.write(found.content.decode("utf-8"))
    elif found.content != ours and (problem := _write(path, found.content, ours)) is not None:
        return refused(args, out, problem)
    for line in found.decided:
        out.message(line)
    name = {"progress": "progress", "map": "mapping"}[kind]
    return _report(args, out, name, found.conflicts, changed=found.content != ours)


def _path(args: ParsedArguments, word: str) -> Path:
    """The file that a word means; Git's own files have no ending."""
    return Path(word) if _is_handed_over(word) else file_of(args, word)


def _merge_profile(
    args: ParsedArguments, out: Output, base: Document | None, theirs: Reading, decisions: dict[str, Decision]
) -> int:
    """Change a profile of the library, or one named by its path."""
    from omtui.compare.three_way import Merged
    from omtui.service.comparing import merge_into

    session = open_for_change(args, out, "OURS")
    if isinstance(session, int):
        return session
    merged = merge_into(session, base, theirs.document, theirs.name, decisions, args.text("--reason"))
    if not isinstance(merged, Merged):
        return refused(args, out, merged)
    if (unknown := _undecidable(decisions, merged.conflicts)) is not None:
        session.undo()
        return wrong(args, out, unknown)
    changed = session.document.to_bytes() != session.base
    if changed and (trouble := saved_or_refused(session, args.text("--reason"))) is not None:
        return refused(args, out, trouble)
    report_news(args, out, session)
    return _report(args, out, session.name, merged.conflicts, changed=changed)


def _merge_file(
    args: ParsedArguments, out: Output, base: Document | None, theirs: Reading, decisions: dict[str, Decision]
) -> int:
    """Write the result into the file that Git handed over, or print it."""
    from omtui.service.comparing import merge_documents

    ours = _read(args, args.text("OURS"))
    if not isinstance(ours, Reading):
        return wrong(args, out, ours)
    was = ours.document.to_bytes()
    found = merge_documents(base, ours.document, theirs.document, decisions)
    if isinstance(found, Problem) or isinstance(was, Problem):
        fault = found if isinstance(found, Problem) else was
        assert isinstance(fault, Problem)
        return refused(args, out, fault)
    if (unknown := _undecidable(decisions, found.merged.conflicts)) is not None:
        return wrong(args, out, unknown)
    if args.flag("--print"):
        out.write(found.content.decode("utf-8"))
    elif found.content != was and (problem := _write(Path(args.text("OURS")), found.content, was)) is not None:
        return refused(args, out, problem)
    name = ours.indexed.name or ours.name
    return _report(args, out, name, found.merged.conflicts, changed=found.content != was)


def _write(path: Path, content: bytes, was: bytes) -> Problem | None:
    """Write the result where nobody wrote anything else meanwhile."""
    written = write_file(path, content, content_hash(was))
    if isinstance(written, WrittenFile):
        return None
    words = getattr(written, "message", f"{plain(path)} was changed meanwhile")
    return Problem(words, "nothing was written; try again")


def _report(args: ParsedArguments, out: Output, name: str, conflicts: Sequence[Conflict], *, changed: bool) -> int:
    from omtui.compare.difference_report import json_value
    from omtui.service.comparing import conflict_words

    open_ = [each for each in conflicts if each.decided is None]
    if args.flag("--json") and not args.flag("--print"):
        listed = [
            {
                "where": each.where,
                "base": json_value(each.base),
                "ours": json_value(each.ours),
                "theirs": json_value(each.theirs),
                "decided": each.decided,
            }
            for each in conflicts
        ]
        out.json({"profile": name, "changed": changed, "conflicts": listed})
    for conflict in open_:
        out.message(f"CONFLICT {conflict_words(conflict)}")
    if open_:
        count = "1 conflict" if len(open_) == 1 else f"{len(open_)} conflicts"
        out.message(f"{plain(name)}: {count}; the values in OURS were kept there, everything else is merged")
        return 3
    out.message(f"{plain(name)}: merged" if changed else f"{plain(name)}: nothing to merge")
    return 0


def _read(args: ParsedArguments, word: str) -> Reading | NotReadable:
    """A profile, or a file that Git hands over: its name has no folder and no ending."""
    return read(args, f"./{word}" if _is_handed_over(word) and not is_path(word) else word)


def _read_base(args: ParsedArguments) -> Reading | NotReadable | None:
    """What both started from; `None` for an empty file: Git has no base where both sides added the file."""
    word = args.text("BASE")
    return None if _is_empty(word) else _read(args, word)


def _is_empty(word: str) -> bool:
    try:
        return word == os.devnull or (os.path.isfile(word) and not os.path.getsize(word))  # noqa: PTH113, PTH202
    except (OSError, ValueError):
        return False


def _is_handed_over(word: str) -> bool:
    """Whether a word is a file that is no profile by its name: one that Git made for its merge driver."""
    return not word.lower().endswith(".toml") and os.path.isfile(word)  # noqa: PTH113 - it may be no path at all


def _decisions(args: ParsedArguments) -> dict[str, Decision] | Wrong:
    ours, theirs = args.texts("--ours"), args.texts("--theirs")
    both = set(ours) & set(theirs)
    if both:
        return Wrong(f"{plain(min(both))} cannot be both ours and theirs", "decide for one of them")
    return {**dict.fromkeys(ours, "ours"), **dict.fromkeys(theirs, "theirs")}


def _undecidable(decisions: dict[str, Decision], conflicts: Sequence[Conflict]) -> Wrong | None:
    """Why a decision makes no sense: there is no conflict at its place."""
    places = [conflict.where for conflict in conflicts]
    for place in decisions:
        if place not in places:
            near = did_you_mean(place, places)
            fix = (
                f"did you mean {plain(near)}?"
                if near
                else f"conflicts are at {', '.join(map(plain, places)) or 'none'}"
            )
            return Wrong(f"there is no conflict at {plain(place)}", fix)
    return None
