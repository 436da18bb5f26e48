"""A law for every format: whatever a document says, it says it as text, in every one of its elements."""

import csv
import io
import re
from html.parser import HTMLParser
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml

from omtui.documents.junit import Case, Suite, to_junit
from omtui.documents.markdown import to_markdown
from omtui.documents.model import (
    Bullets,
    DocumentTable,
    FactList,
    ListItem,
    Paragraph,
    ReportDocument,
    Section,
    Signature,
    Style,
    StyledText,
)
from omtui.documents.page import to_html
from omtui.documents.spreadsheet import cell, tables_csv, uncell
from omtui.plain_text import plain_lines
from tests.thorough import examples

FOREIGN = "<script>alert(1)</script><b onclick=x>\"'&|`=1+1\x1b\u202e\ud800\ufffe\n# x\n- y"
HOSTILE = st.one_of(st.text(max_size=8), st.text(alphabet=FOREIGN, max_size=12), st.just(FOREIGN))


@st.composite
def documents(draw: st.DrawFn) -> ReportDocument:
    words = lambda: draw(HOSTILE)  # noqa: E731 - a new text each time
    line = tuple(StyledText(words(), style) for style in get_args(Style))
    parts = (
        Paragraph(line),
        FactList(((words(), words()),)),
        Bullets((ListItem(line, (line,), "open"),), words()),
        DocumentTable((words(), words()), ((words(), line), (StyledText(words(), "bad"), words()))),
        DocumentTable((words(),), (), words()),
        Signature(words()),
    )
    sections = (Section(words(), parts), Section(words(), parts, 3, words(), "done", "good"))
    return ReportDocument(words(), (*parts, *sections), parts)


class Seen(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}


OURS = {"a", "b", "body", "button", "code", "dd", "del", "dl", "dt", "em", "h1", "h2", "h3", "head", "html", "input",
        "ins", "label", "li", "meta", "noscript", "p", "script", "section", "span", "strong", "style", "table", "tbody",
        "td", "th", "thead", "title", "tr", "ul", "wbr"}  # fmt: skip


@given(documents())
@settings(max_examples=examples(100))
def test_foreign_text_is_text_in_every_element(document: ReportDocument) -> None:
    page, markdown, sheet = to_html(document), to_markdown(document), tables_csv(document)
    for written in (page, markdown, sheet):
        written.encode("utf-8")
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202e]", written.replace("\r\n", "\n"))
    seen = Seen(page)
    assert seen.tags <= OURS
    assert page.count("<script") == 1, "our own"
    assert not any(name.startswith("on") for name in seen.names)
    left = re.sub(r"\\.|(`+)(?!`).*?(?<!`)\1(?!`)", "", markdown)
    assert not set("<`&") & set(left.replace("<br>", ""))
    cells = [each for row in csv.reader(io.StringIO(sheet)) for each in row]
    assert not any(re.match(r"\s*[=+\-@|%]", each) for each in cells)


@given(HOSTILE)
def test_a_cell_goes_round_and_is_no_formula(text: str) -> None:
    assert uncell(cell(text)) == plain_lines(text)


@given(HOSTILE, HOSTILE)
def test_foreign_text_is_text_in_junit(one: str, other: str) -> None:
    cases = [Case(one, other, 0.5, (one, other, one)), Case(other, one, skipped=other, output=one)]
    (suite,) = list(JUnitXml.fromstring(to_junit("x", [Suite(one, cases, {"hostname": other})]).encode()))
    assert (suite.tests, suite.failures, suite.time) == (2, 1, 0.5)
