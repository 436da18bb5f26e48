"""Asking for the key of a new record: always first, so that what is typed after `n` is never a command."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from omtui.setup.field import Field
from omtui.setup.table import Table
from omtui.workbench.screens.dialogs import Ask, Choice, Chooser

if TYPE_CHECKING:
    from omtui.workbench.host import Host


async def ask_key(app: Host, table: Table, field: Field, offered: Iterable[str]) -> str | None:
    """Ask for a new record's key: chosen of what is offered, or typed. It may stay empty; `None` when left."""
    title = f"New {table.singular}: {field.label}"
    listed = [Choice(word, word) for word in offered]
    if listed:
        return await app.push_screen_wait(Chooser(title, listed, accepts_other=True))
    return await app.push_screen_wait(Ask(title, f"{field.help} It can be left empty for now.".strip()))
