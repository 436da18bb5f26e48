"""Carrying a set-up over to another environment: promote."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.profile_arguments import (
    STDIN,
    Reading,
    as_named,
    file_of,
    open_workspace,
    read,
    read_stdin,
    refused,
    wrong,
)
from omtui.compare.promotion import Promotion, PromotionRequest, to_json
from omtui.plain_text import plain
from omtui.problem import Done, Problem, Wrong
from omtui.service.documenting import form_of
from omtui.service.history import with_ticket
from omtui.service.promoting import Promoting, not_settled
from omtui.service.session import NotReadable, Session
from omtui.service.workspace import Workspace
from omtui.setup.place import Place, parse, place_of, resolve
from omtui.typed_path import typed_path

if TYPE_CHECKING:
    from omtui.commands.order_moves import OrderMoves
    from omtui.compare.three_way import Decision

BLOCKED = 3
_CHOICES = ("--only", "--tag", "--without", "--remove", "--take-source", "--keep-target")
"""What a plan that was written holds already."""


def promote(args: ParsedArguments, out: Output) -> int:
    """Show, write or carry out a plan."""
    if (misuse := _misuse(args)) is not None:
        return wrong(args, out, misuse)
    reading = read(args, args.text("SOURCE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    workspace = open_workspace(args)
    target = _target(args, out, workspace)
    if isinstance(target, int):
        return target

    for name, document in ((reading.name, reading.document), (target.name, target.document)):
        if (open_conflict := not_settled(name, document)) is not None:
            return refused(args, out, open_conflict)
    promoting = _promoting(args, workspace, reading, target)
    if isinstance(promoting, Wrong):
        return wrong(args, out, promoting)
    if args.flag("--propose"):
        return _propose(args, out, promoting)
    file = args.optional("--plan")
    if args.flag("--apply"):
        if (locked := target.why_locked()) is not None:
            return refused(args, out, locked)
        return _apply_file(args, out, promoting, file) if file is not None else _apply(args, out, promoting)
    return _show(args, out, promoting, file)


def _misuse(args: ParsedArguments) -> Wrong | None:
    if (wrong_paper := _misuse_of_ticket(args)) is not None:
        return wrong_paper
    if args.flag("--propose"):
        for name in ("--apply", "--plan", "--ticket", "--orders", *_CHOICES):
            if args.flag(name):
                return Wrong(
                    f"--propose only writes the mapping, and {name} has no part in it", "leave one of them out"
                )
    if args.flag("--apply") and args.flag("--plan"):
        if args.flag("--orders"):
            return Wrong("--orders is for a plan that is made now", "leave it out, or name it when the plan is made")
        for name in (*_CHOICES, "--map"):
            if args.flag(name):
                return Wrong(f"the plan is carried out exactly, and {name} would change it", f"leave {name} out")
    if args.text("TARGET") == STDIN:
        return Wrong("the target is changed, so it must be a file", "name a profile")
    if args.text("--plan") == STDIN and not args.flag("--apply"):
        return Wrong("a plan is written to a file", "name one; --json prints the plan")
    if args.text("--map") == STDIN and args.flag("--propose"):
        return Wrong("a proposal is written to a file", "name one")
    given = [*(args.text(name) for name in ("SOURCE", "--map", "--plan")), *args.texts("--orders")]
    if given.count(STDIN) > 1:
        return Wrong("standard input can only be read once", "name a file for the others")
    return None


def _misuse_of_ticket(args: ParsedArguments) -> Wrong | None:

    if any(letter in "[]" or not letter.isprintable() for letter in args.text("--ticket")):
        return Wrong("a ticket has no brackets and no line breaks", "give its number, for example CHG0003")
    name = args.optional("--output")
    if name is None:
        return None
    if args.flag("--propose") or (args.flag("--apply") and args.flag("--plan")):
        return Wrong("--output writes a plan that is made now", "leave it out, or write it when the plan is made")
    form = form_of(name)
    if isinstance(form, Wrong) or form not in ("md", "html"):
        return Wrong(f"{plain(name)}: there is no such format", "end the name in .md or .html")
    return None


def _target(args: ParsedArguments, out: Output, workspace: Workspace) -> Session | int:
    """The target as it is in its file: what the workbench left unsaved stays a draft."""
    word = args.text("TARGET")
    path = file_of(args, word)
    if "\0" in word or not os.path.lexists(path):
        reading = read(args, word)
        if not isinstance(reading, Reading):
            return wrong(args, out, reading)
        return wrong(args, out, Wrong(f"{plain(word)} is an earlier state", "only a profile as it is can be changed"))
    session = workspace.open(str(path.absolute()), keeps_drafts=False)
    if isinstance(session, (NotReadable, Wrong)):
        return wrong(args, out, session)
    name = args.optional("--unlock")
    if name is not None and not isinstance(outcome := session.unlock(name), Done):
        return refused(args, out, outcome)
    return session


def _promoting(args: ParsedArguments, workspace: Workspace, reading: Reading, target: Session) -> Promoting | Wrong:

    name = reading.path.name.removesuffix(".toml") if reading.path is not None else reading.name
    file = args.optional("--map")
    map_file = typed_path(file) if file is not None else None
    content = None
    if file == STDIN:
        read_bytes = read_stdin()
        if not isinstance(read_bytes, bytes):
            return Wrong(read_bytes.message, read_bytes.fix)
        content = read_bytes
    elif map_file is not None and ("\0" in str(map_file) or map_file.is_dir() or not map_file.name):
        return Wrong(f"{plain(file)} is no file", "name a .map.toml file")
    return Promoting.between(
        workspace,
        name,
        reading.data,
        target,
        source_path=reading.path,
        map_file=map_file,
        map_content=content,
    )


def _propose(args: ParsedArguments, out: Output, promoting: Promoting) -> int:
    """Write to the mapping what both profiles say, and what is to be filled in."""
    proposed = promoting.propose()
    added = proposed.added
    if proposed.mapping != promoting.mapping:
        promoting.mapping = proposed.mapping
        outcome = promoting.save_mapping()
        if not isinstance(outcome, Done):
            return refused(args, out, outcome)
    file = promoting.file
    if args.flag("--json"):
        entries = [
            {"kind": each.kind, "from": each.source, "to": each.target, "only": list(each.only), "new": each in added}
            for each in proposed.mapping.entries
        ]
        pair = {"source": promoting.source_name, "target": promoting.target.name}
        out.json({**pair, "file": str(file.path), "map": entries})
        return 0
    for entry in proposed.mapping.entries:
        if entry in added or not entry.target:
            only = f"   only {', '.join(map(plain, entry.only))}" if entry.only else ""
            target = plain(entry.target) or f"… to be filled in: {plain(entry.note)}".rstrip(": ")
            out.line(f"{entry.kind:10} {plain(entry.source)} → {target}{only}")
    left = len(proposed.to_fill_in)
    what = f"{len(added)} {'entry' if len(added) == 1 else 'entries'} added" if added else "nothing to add"
    open_words = f'; {left} to be filled in: look for to = ""' if left else ""
    out.message(f"{plain(as_named(file.path))}: {what}{open_words}")
    return 0


def _show(args: ParsedArguments, out: Output, promoting: Promoting, file: str | None) -> int:
    """The plan; written to a file when one is named."""
    promotion = _planned(args, promoting)
    if isinstance(promotion, Wrong):
        return wrong(args, out, promotion)
    moves = _order_moves(args, promoting, promotion)
    if isinstance(moves, Wrong):
        return wrong(args, out, moves)
    if file is not None:
        outcome = promoting.write_plan(promotion, typed_path(file))
        if not isinstance(outcome, Done):
            return refused(args, out, outcome)
    _show_plan(args, out, promoting, promotion, promoting.since, applied=False, moves=moves)
    if file is not None:
        out.message(f"omtui promote: {outcome}")
    code = _write_ticket(args, out, promoting, promotion, promoting.since, moves)
    return BLOCKED if promotion.is_blocked else code


def _apply(args: ParsedArguments, out: Output, promoting: Promoting) -> int:
    promotion = _planned(args, promoting)
    if isinstance(promotion, Wrong):
        return wrong(args, out, promotion)
    if promotion.is_blocked:
        _show_plan(args, out, promoting, promotion, promoting.since, applied=False, moves=None)
        what = f"{plain(promoting.target.name)} was not changed"
        return refused(args, out, Problem(what, "the plan is blocked by what it lists first"))
    moves = _order_moves(args, promoting, promotion)
    if isinstance(moves, Wrong):
        return wrong(args, out, moves)
    since = promoting.since
    outcome = promoting.apply(promotion, _reason(args))
    if not isinstance(outcome, Done):
        return refused(args, out, outcome)
    _show_plan(args, out, promoting, promotion, since, applied=True, moves=moves)
    code = _write_ticket(args, out, promoting, promotion, since, moves)
    _report_done(args, out, promoting, outcome, is_changed=not promotion.is_empty)
    return code


def _reason(args: ParsedArguments) -> str:

    return with_ticket(args.text("--ticket").strip(), args.text("--reason"))


def _order_moves(args: ParsedArguments, promoting: Promoting, promotion: Promotion) -> OrderMoves | Wrong | None:
    """Which orders change connector in the target by the plan; `None` where no file of orders is named."""
    if not args.texts("--orders"):
        return None
    from omtui.commands.order_files import named_orders
    from omtui.commands.order_moves import compare_orders
    from omtui.rehearsal.order_files import column_choices
    from omtui.rehearsal.rehearsing import Rehearsed
    from omtui.setup.indexed import Indexed

    files = [named_orders(word, "") for word in args.texts("--orders")]
    choices = column_choices(None, promoting.target.path)
    found = [each for each in files if not isinstance(each, Wrong)]
    if isinstance(choices, Wrong) or len(found) < len(files):
        return next(each for each in (choices, *files) if isinstance(each, Wrong))
    now = Indexed(promotion.merged.data)
    zone = now.zone
    moment = datetime.now(zone)
    then = Rehearsed(promoting.target.indexed, moment, zone)
    return compare_orders(Rehearsed(now, moment, zone), then, found, choices)


def _write_ticket(
    args: ParsedArguments,
    out: Output,
    promoting: Promoting,
    promotion: Promotion,
    since: str,
    moves: OrderMoves | None,
) -> int:
    """The document of the change ticket, where one is asked for."""
    name = args.optional("--output")
    if name is None:
        return 0
    ticket = args.text("--ticket").strip()
    orders = (moves.sentence(), list(moves.rows())) if moves else None
    form = form_of(name)
    assert not isinstance(form, Wrong), "it was looked at first"
    outcome = promoting.write_ticket(promotion, typed_path(name), form, ticket, since, orders)
    if not isinstance(outcome, Done):
        return refused(args, out, outcome)
    out.message(f"omtui promote: {outcome}")
    return 0


def _apply_file(args: ParsedArguments, out: Output, promoting: Promoting, file: str) -> int:
    content = read_stdin() if file == STDIN else None
    if content is not None and not isinstance(content, bytes):
        return wrong(args, out, content)
    plan = promoting.read_plan(typed_path(file), content)
    if isinstance(plan, Wrong):
        return wrong(args, out, plan)
    outcome = promoting.apply_plan(plan, _reason(args))
    if not isinstance(outcome, Done):
        return refused(args, out, outcome)
    if args.flag("--json"):
        out.json({**plan.contents, "applied": True})
    _report_done(args, out, promoting, outcome, is_changed=bool(plan.operations))
    return 0


def _report_done(args: ParsedArguments, out: Output, promoting: Promoting, outcome: Done, *, is_changed: bool) -> None:
    if promoting.target.trouble:
        out.message(f"omtui promote: {promoting.target.trouble}")
    if not args.flag("--json"):
        undo = f"; omtui undo {plain(promoting.target.name)} takes it back" if is_changed else ""
        out.message(f"{outcome}{undo}")


def _planned(args: ParsedArguments, promoting: Promoting) -> Promotion | Wrong:
    request = _request(args)
    request = replace(request, decisions={_spelt(promoting, where): how for where, how in request.decisions.items()})
    promotion = promoting.plan(request)
    if isinstance(promotion, Wrong):
        return promotion
    known = {conflict.where for conflict in promotion.conflicts} | {each.where for each in promotion.only_there}
    for where in request.decisions:
        if where not in known:
            return Wrong(f"{plain(where)} is no place that both sides changed", "the plan lists them")
    return promoting.with_outlook(promotion)


def _spelt(promoting: Promoting, where: str) -> str:
    """A place as the plan spells it."""
    place = parse(where)
    path = resolve(promoting.target.data, place) if isinstance(place, Place) else None
    return str(place_of(promoting.target.data, path)) if isinstance(path, tuple) else where


def _request(args: ParsedArguments) -> PromotionRequest:

    decisions: dict[str, Decision] = dict.fromkeys(args.texts("--keep-target"), "ours")
    decisions |= dict.fromkeys(args.texts("--take-source"), "theirs")
    remove = args.texts("--remove")
    return PromotionRequest(
        tuple(args.texts("--only")),
        tuple(args.texts("--tag")),
        tuple(args.texts("--without")),
        True if "all" in remove else tuple(remove),
        decisions,
    )


def _show_plan(
    args: ParsedArguments,
    out: Output,
    promoting: Promoting,
    promotion: Promotion,
    since: str,
    *,
    applied: bool,
    moves: OrderMoves | None,
) -> None:
    """The plan in the format that was asked for, and what helps."""
    if args.flag("--json"):
        orders = {"orders": moves.to_json()} if moves else {}
        out.json({**to_json(promotion), "applied": applied, **orders})
        return
    from omtui.commands.comparing import write_lines
    from omtui.compare import promotion_report as report

    lines = report.lines(promotion)
    if not promotion.is_empty:
        lines.insert(1, lines[0]._replace(tone="quiet", text=f"      {since}"))
    write_lines(lines, out)
    if moves is not None:
        from omtui.rehearsal.rehearsing import WHAT_IT_IS_NOT

        out.lines(("", out.bold("Orders"), *moves.text(out.width), "", WHAT_IT_IS_NOT))
    if not applied and any(finding.check == "D-01" and finding.blocks for finding in promotion.findings):
        out.message(f"omtui promote: --propose writes what is known to {plain(promoting.file.path.name)}")
