"""Hand-outs and comparisons in their four formats."""

import csv
import io
from datetime import date
from html.parser import HTMLParser

import pytest

from omtui.compare.table import compare
from omtui.documents.comparison import comparison_tables
from omtui.documents.handout import KINDS, Kind, handout
from omtui.documents.model import FORMATS, DocumentTable, ReportDocument, table_section, tables_document
from omtui.documents.page import to_html
from omtui.documents.render import render
from omtui.documents.spreadsheet import sheet_name
from omtui.setup.indexed import Indexed
from tests.checks.profiles import sound

HOSTILE = "\x1b[2J<script>alert(1)</script>\"'&|`=1+1\u202e\n=2+2"
TODAY = date(2026, 11, 23)


class Seen(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def tables(found: ReportDocument) -> list[DocumentTable]:
    return [table for _, table in found.tables]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMATS)
def test_foreign_text_is_harmless_in_every_document(kind: Kind, form: str) -> None:
    data = sound(
        {
            "integration_users[WMS].note": HOSTILE,
            "connectors[Requests].description": HOSTILE,
            "connectors[Requests].credential": HOSTILE,
            "certificates[pick].issuer": HOSTILE,
            "profile.title": HOSTILE,
            "roles[VISION_RESPONSES].name": HOSTILE,
        }
    )
    content = render(handout(Indexed(data), kind, today=TODAY), form)  # type: ignore[arg-type]
    if form == "xlsx":
        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(content))
        values = [
            str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
        assert all(
            cell.data_type == "s"
            for sheet in book
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        )
    else:
        text = content.decode("utf-8-sig")
        values = [text]
        if form == "html":
            seen = Seen(text)
            assert "script" not in seen.tags
            assert "alert(1)" in seen.text
        if form == "md":
            assert "<script" not in text.replace("\\<", "")
        if form == "csv":
            values = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
            assert not any(value.startswith("=") for value in values)
    assert not any("\x1b" in value or "\u202e" in value for value in values)


def test_access() -> None:
    found = handout(Indexed(sound()), "access")
    users, rights, roles = tables(found)
    assert users.rows[0][:4] == (
        "WMS",
        "downstream",
        "PICK (PICK)".replace("PICK (", "Pick system ("),
        "VISION_RESPONSES",
    )
    assert rights.rows[0] == (
        "WMS",
        "Manage Orchestration Generic Web Service",
        "responses of custom and generic tasks",
        "VISION_RESPONSES",
    )
    assert roles.rows[0][0] == "VISION_RESPONSES"


def test_network() -> None:
    found = handout(Indexed(sound()), "network", verdicts={"connectors[Requests]": "ok"})
    out, into, further, allowed = tables(found)
    assert [row[0].partition(",")[0].partition(" before")[0] for row in allowed.rows] == [
        "In the pod",
        "In the firewall",
    ]
    assert "2615294.1" in allowed.rows[0][3]
    assert out.rows[0][:4] == (
        "Fusion (fa-xxxx-test-saasfaprod1.fa.ocs.example)",
        "pick-test.partner.example",
        "443",
        "https",
    )
    assert out.columns[-3:] == ("Last verdict", "Owner", "Approved by")
    assert [(row[7], row[8]) for row in out.rows[:2]] == [("Connector Requests", "ok"), ("Connector Events", "")]
    assert into.rows[0][:8] == (
        "Pick system (PICK)",
        "fa-xxxx-test-saasfaprod1.fa.ocs.example",
        "443",
        "https",
        "1.2 or newer",
        "",
        "services OrderFulfillmentResponseService, as WMS",
        "Integration user WMS",
    )
    assert further.rows[0][1:4] == ("labels-test.partner.example", "9100", "tcp")


def test_certificates() -> None:
    noted, served = tables(handout(Indexed(sound()), "certificates", today=TODAY))
    assert noted.rows[0][:6] == (
        "pick",
        "CN=pick-test.partner.example",
        "",
        "2028-01-31",
        "434",
        "Connector Requests",
    )
    assert served.rows == (("pick-test.partner.example", "443", "Connector Requests\nConnector Events", ""),)


def test_what_expired_is_not_counted_in_negative_days() -> None:
    later = TODAY.replace(year=2029)
    noted, _ = tables(handout(Indexed(sound()), "certificates", today=later))
    assert str(noted.rows[0][4]).startswith("expired ")
    assert str(noted.rows[0][4]).endswith(" days ago")


def test_credentials_by_name_only() -> None:
    (sheet,) = tables(handout(Indexed(sound()), "credentials", today=TODAY))
    assert sheet.rows == (
        (
            "requests",
            "Connector Requests, Password (credential)\nConnector Events, Password (credential)",
            "",
            "2028-01-31",
            "434",
            "",
        ),
    )


def test_by_tag() -> None:
    found = handout(Indexed(sound({"connectors[Events].tags": ["3PL"]})), "network", tags=("3PL",))
    assert [len(sheet.rows) for sheet in tables(found)] == [1, 0, 0, 1]


@pytest.mark.parametrize("form", FORMATS)
def test_a_comparison_is_a_document(form: str) -> None:
    found = compare(
        {
            "a": sound(),
            "b": sound({"connectors[Requests].url": "https://x.example", "roles[VISION_RESPONSES].name": "=x"}),
        }
    )
    content = render(comparison_tables(found, changed=True), form)  # type: ignore[arg-type]
    assert content
    if form == "md":
        text = content.decode()
        assert "connectors\\[Requests\\].url | same | other" in text
        assert "3 of" in text


def test_names_of_sheets() -> None:
    assert sheet_name("a/b:c*d?[e]", []) == "a-b-c-d--e-"
    assert sheet_name("x" * 40, ["X" * 31]) == "x" * 27 + " 2"
    assert sheet_name("", []) == "Sheet"
    two = tables_document("t", (), [table_section("same", ("a",), ()), table_section("same", ("a",), ())])
    assert render(two, "xlsx")


def test_on_a_page_a_port_is_never_broken_and_a_host_only_at_its_dots() -> None:
    text = to_html(handout(Indexed(sound()), "network"))
    assert '<td class="short">443</td>' in text
    assert "pick-<wbr>test.<wbr>partner.<wbr>example" in text
    assert "<wbr>" not in text.split("<body>")[0]
