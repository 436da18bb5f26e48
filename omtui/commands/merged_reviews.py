"""The command probe --merge: reviews made on several machines, side by side."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final, Literal

from omtui.commands.arguments import ParsedArguments
from omtui.commands.columns import table
from omtui.commands.output import Output
from omtui.commands.profile_arguments import write_output, wrong
from omtui.documents.model import FORMATS, Format
from omtui.documents.render import render
from omtui.documents.side_by_side_document import side_by_side_document, side_by_side_json, summary
from omtui.problem import Wrong
from omtui.service.documenting import form_of
from omtui.text_width import wrapped
from omtui.topology.side_by_side import SideBySide, merge_reviews
from omtui.typed_path import typed_path

_FORMATS: Final[tuple[Format | Literal["json"], ...]] = ("json", *FORMATS)
_OTHERS = ("--from", "--only", "--tag", "--format", "--watch", "--strict")


def merge(args: ParsedArguments, out: Output) -> int:
    """Ends with 1 when an endpoint is seen differently, or is not as expected from somewhere."""
    for name in _OTHERS:
        if args.flag(name):
            return wrong(args, out, Wrong(f"--merge reads reviews, and {name} has no part in it", f"leave {name} out"))
    output = args.optional("--output")
    form = form_of(output, _FORMATS) if output is not None else "md"
    files = [typed_path(each) for each in args.texts("PROFILE")]
    if isinstance(form, Wrong):
        return wrong(args, out, form)
    merged = merge_reviews(files, datetime.now(UTC))
    if isinstance(merged, Wrong):
        return wrong(args, out, merged)
    if output is not None:
        written = json.dumps(side_by_side_json(merged), indent=2, ensure_ascii=False)
        content = f"{written}\n" if form == "json" else render(side_by_side_document(merged), form)
        if code := write_output(args, out, content):
            return code
    if args.flag("--json"):
        out.json(side_by_side_json(merged))
    elif output is None:
        _write_text(merged, out)
    return int(any(each.differs or each.failed for each in merged.endpoints))


def _write_text(merged: SideBySide, out: Output) -> None:
    out.line(out.bold(f"{merged.profile}: {summary(merged)}"))
    files = [f"{each.title}: {each.file}, {each.started:%Y-%m-%d %H:%M} UTC" for each in merged.reviews]
    seen = [f"{each.name}: {merged.words(each)}" for each in merged.endpoints if each.differs or each.failed]
    for part in (files, seen, [merged.unlike] if merged.unlike else []):
        out.lines(_wrapped(part, out.width))
        out.line()
    with_addresses = (out.width or 1_000) >= 60 + 18 * len(merged.reviews)
    columns = ("", "Endpoint", *(each.title for each in merged.reviews), *(["Address"] if with_addresses else []))
    rows = [
        ("!" if each.differs else "", each.name, *(outcome or "not probed" for outcome in each.outcomes),
         *([each.address] if with_addresses else []))
        for each in merged.endpoints
    ]  # fmt: skip
    out.lines(table(columns, rows, out.width))


def _wrapped(lines: Iterable[str], width: int | None) -> Iterator[str]:
    for line in lines:
        first, *more = wrapped(line, (width or 1_000) - 4)
        yield f"  {first}"
        yield from (f"    {each}" for each in more)
