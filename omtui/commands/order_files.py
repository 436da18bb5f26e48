"""Files of orders and of their changes, as the command line names them."""

import sys
from io import BytesIO

from omtui.commands.profile_arguments import STDIN
from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.open_orders import read_orders
from omtui.rehearsal.order_files import OrderFile
from omtui.rehearsal.order_files import order_file as orders_at
from omtui.rehearsal.orders import LARGEST_INPUT, Orders
from omtui.typed_path import typed_path


def order_file(word: str) -> OrderFile | Wrong:
    """The file that a word names; standard input is read whole."""
    if word != STDIN:
        return orders_at(typed_path(word))
    content = sys.stdin.buffer.read(LARGEST_INPUT + 1)
    if len(content) > LARGEST_INPUT:
        return Wrong("standard input is larger than 256 MB", "name a file instead")
    return OrderFile("standard input", lambda: BytesIO(content), len(content))


def why_no_encoding(name: str) -> Wrong | None:
    """Why a name is no encoding; `None` when it is one, or empty."""
    try:
        "".encode(name or "utf-8")
    except (LookupError, ValueError):
        return Wrong(f"{plain(name)} is no encoding", "for example latin-1, cp1252 or utf-16")
    return None


def named_orders(word: str, encoding: str) -> Orders | Wrong:
    """The orders of the file that a word names."""
    if (wrong := why_no_encoding(encoding)) is not None:
        return wrong
    file = order_file(word)
    return file if isinstance(file, Wrong) else read_orders(*file, encoding)
