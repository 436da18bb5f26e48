"""A document in one of its formats, as the bytes of a file."""

from omtui.documents.markdown import to_markdown
from omtui.documents.model import Format, ReportDocument
from omtui.documents.page import to_html
from omtui.documents.spreadsheet import tables_csv, tables_workbook


def render(document: ReportDocument, form: Format) -> bytes:
    """The document in one of its formats."""
    match form:
        case "md":
            return to_markdown(document).encode()
        case "html":
            return to_html(document).encode()
        case "csv":
            return tables_csv(document).encode("utf-8-sig")
        case "xlsx":
            return tables_workbook(document)
