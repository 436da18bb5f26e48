"""Opening an orders file by what its first bytes are: a workbook, JSON or CSV.

Foreign bytes have limits. A file never gives fewer lines than it has without saying so: what cannot be read ends the
reading with a problem that names the line or the byte.
"""

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

from omtui.problem import Wrong
from omtui.rehearsal.csv_orders import read_csv
from omtui.rehearsal.json_orders import read_json
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.orders_source import OrdersSource, TooMuchError, reading_problem
from omtui.rehearsal.workbook_orders import read_workbook


def read_orders(name: str, open_file: Callable[[], IO[bytes]], size: int | None, encoding: str = "") -> Orders | Wrong:
    """Open an orders file. `open_file` may be called twice; `size` is the file's, if it is known."""
    suffixes = [suffix.lower() for suffix in Path(name).suffixes]
    if ".parquet" in suffixes:
        return Wrong("Parquet is not read", "export the orders as CSV; omtui route PROFILE --needs lists the columns")
    source = OrdersSource(open_file, size)
    try:
        head = source.head()
        if head[:4] == b"PK\x03\x04":
            return read_workbook(name, open_file)
        if head.lstrip()[:1] in (b"{", b"[") and not encoding:
            return read_json(name, source)
        return read_csv(name, source, encoding, head)
    except (TooMuchError, OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        return reading_problem(name, error, source, encoding)
