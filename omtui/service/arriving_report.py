"""What arrived from elsewhere in lines that both fronts show. Every line is safe to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from omtui.plain_text import plain

if TYPE_CHECKING:
    from omtui.service.handing_over import Arriving

Tone = Literal["heading", "text", "fault", "notice", "add", "remove", "change", "quiet"]


class Line(NamedTuple):
    """One line: in which tone, and what it says."""

    tone: Tone
    text: str


def lines(arriving: Arriving, most: int, *, ascii_only: bool = False) -> list[Line]:
    """The report, in letters of ASCII where a terminal has no others."""
    found = _lines(arriving, most)
    return [Line(line.tone, plain(line.text, ascii_only=True)) for line in found] if ascii_only else found


def _lines(arriving: Arriving, most: int) -> list[Line]:
    """The file and its origin; what it brings, or changes here; what to know; what is to be provided."""
    incoming = arriving.incoming
    shown = [Line("heading", f"{arriving.file}: {_origin(arriving)}")]
    if arriving.is_new:
        brings = ", ".join(f"{title} {count}" for title, count in arriving.brings.items())
        shown.append(Line("text", f"  new here as {plain(arriving.name)}; it brings: {brings or 'no records yet'}"))
    else:
        if since := arriving.changed_here_since:
            when = f"{since[:16].replace('T', ' ')} UTC"
            shown.append(Line("notice", f"  it is older than {plain(arriving.name)} here, which was changed on {when}"))
        shown += _changes(arriving, most)
    if arriving.changes_nothing and incoming.secrets is None:
        return shown
    if arriving.faults:
        count = len(arriving.faults)
        shown.append(Line("heading", f"Not read: {count} cell{'s' if count > 1 else ''}"))
        shown += [Line("fault", f"  {fault}") for fault in arriving.faults[:most]]
    if incoming.notices:
        shown.append(Line("heading", "To be looked at"))
        shown += [
            Line("notice", f"  {each.where}: {each.message}" if each.where else f"  {each.message}")
            for each in incoming.notices
        ]
    if incoming.credentials:
        shown.append(Line("heading", "Credentials to be provided: omtui secret set asks for them"))
        listed = incoming.credentials[: max(most, 1)]
        for needed in listed:
            more = "".join(
                f", {what} {plain(value)}"
                for what, value in (("owner", needed.owner), ("expires", needed.expires_on))
                if value
            )
            shown.append(Line("text", f"  {plain(needed.name)}, used by {plain(', '.join(needed.used_by))}{more}"))
        if len(incoming.credentials) > len(listed):
            shown.append(Line("quiet", f"  and {len(incoming.credentials) - len(listed)} more"))
    if incoming.mapping is not None:
        mapping = incoming.mapping
        shown.append(
            Line(
                "text",
                f"A mapping from {plain(mapping.source)} to {plain(mapping.target)} comes along: "
                f"{len(mapping.entries)} entries",
            )
        )
    if incoming.secrets is not None:
        shown.append(Line("text", "Sealed secrets come along"))
    return shown


def _origin(arriving: Arriving) -> str:
    incoming = arriving.incoming
    if not incoming.made_on and not incoming.version:
        return "a set-up from elsewhere"
    made = incoming.made_on[:16].replace("T", " ")
    return f"handed over on {made} UTC by omtui {incoming.version}"


def _changes(arriving: Arriving, most: int) -> list[Line]:
    from omtui.compare.difference_report import lines as difference_lines

    name = plain(arriving.name)
    if arriving.blocked:
        return [Line("fault", f"  {name} is here already, and cannot be read: {plain(arriving.blocked)}")]
    if arriving.changes_nothing:
        return [Line("text", f"  {name} is here already, and nothing differs")]
    tones: dict[str, Tone] = {"add": "add", "remove": "remove", "heading": "heading", "verdict": "heading"}
    found = [Line(tones.get(each.tone, "change"), each.text) for each in difference_lines(arriving.difference)]
    if len(found) > most:
        return [*found[:most], Line("quiet", f"  and {len(found) - most} more lines")]
    return found
