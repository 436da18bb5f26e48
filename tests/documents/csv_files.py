"""Sheets as CSV, as people save them from a workbook."""

from collections.abc import Sequence

from omtui.documents.sheet import Sheet
from omtui.documents.spreadsheet import to_csv


def to_csv_files(sheets: Sequence[Sheet]) -> dict[str, bytes]:
    """Each sheet as a file, by the sheet's name."""
    return {sheet.name: to_csv(sheet.rows).encode("utf-8-sig") for sheet in sheets}


def to_one_csv(sheets: Sequence[Sheet]) -> bytes:
    """All sheets in one file, an empty line between them."""
    return to_csv(row for sheet in sheets for row in (*sheet.rows, ())).encode("utf-8-sig")
