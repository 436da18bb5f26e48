"""The picture of a traced line: it fits, says everything, and needs neither colour nor Unicode."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.documents.render import render
from omtui.documents.trace_document import trace_document
from omtui.documents.trace_picture import BRANCHES, WIDE, trace_picture
from omtui.rehearsal.tracing import Trace, TracedLine, TraceStep
from omtui.text_width import width_of

CALL = TraceStep(
    "call", "Pick", number=100, task_type="Pick", service="Pick_Create", to="Connector01", because="a rule"
)
STEPS = (
    TraceStep("start", "The order is submitted"),
    CALL,
    TraceStep("branch", "Large or small", number=200),
    replace(CALL, number=300, depth=1, branch="if it is large", gaps=("nobody waits for the answer",)),
    TraceStep("wait", "Wait", number=1000, ends_with="PICKED", answer_words="somebody answers"),
    TraceStep("end", "The line closes"),
)


def made(*steps: TraceStep) -> Trace:
    line = TracedLine((), "1001", "2", ("1", "2"))
    return Trace("dev", line, "My process", date(2027, 1, 15), datetime(2026, 12, 1, tzinfo=UTC), False, steps or STEPS)


def text(found: Trace, width: int, *, ascii_only: bool = False) -> list[str]:
    return ["".join(each.text for each in line) for line in trace_picture(found, width, ascii_only=ascii_only)]


def test_narrow_the_details_are_below_the_step() -> None:
    lines = text(made(), 80)
    assert lines[:3] == [
        "Order 1001, line 2 of 2",
        "My process of dev, ships on 2027-01-15; draft rules as of 2026-12-01 00:00",
        "1 gap: step 300.",
    ]
    at = lines.index("  →   100  Pick")
    assert lines[at + 1 : at + 4] == [
        "  │        Pick › Pick_Create",
        "  │         ─▶ to       Connector01",
        "  │            because  a rule",
    ]
    assert "  ├─ if it is large" in lines
    assert "  │  │         ─✗ GAP      nobody waits for the answer" in lines
    assert BRANCHES.split(":")[0] in "\n".join(lines)


def test_wide_an_arrow_leads_to_what_is_at_the_right() -> None:
    lines = text(made(), WIDE)
    line = next(line for line in lines if "100  Pick" in line)
    assert line.startswith("  →   100  Pick ─────")
    assert line.endswith("─▶ to       Connector01")
    arrows = {line.index("▶") for line in lines if "▶" in line} | {line.index("✗") for line in lines if "✗" in line}
    assert len(arrows) == 1


def test_a_line_without_gaps_says_so() -> None:
    assert "No gap on its way." in text(made(CALL), 80)


@pytest.mark.parametrize("width", [40, 80, 160])
def test_without_unicode_every_byte_of_ours_is_ascii(width: int) -> None:
    lines = text(made(), width, ascii_only=True)
    assert "".join(lines).isascii()
    assert list(map(len, lines)) == list(map(len, text(made(), width)))


@given(st.integers(40, 200), st.text(max_size=80), st.text(max_size=200), st.integers(0, 1))
def test_no_line_is_wider_than_there_is_room(width: int, name: str, words: str, depth: int) -> None:
    step = replace(CALL, name=name, because=words, gaps=(words,), depth=depth, branch=name, service=words)
    assert all(width_of(line) <= width for line in text(made(step), width))


def test_as_a_page_and_as_markdown_it_says_the_same() -> None:
    document = trace_document(made(*STEPS, replace(CALL, name="<script>")))
    page, markdown = (render(document, form).decode() for form in ("html", "md"))
    for words in ("Order 1001, line 2 of 2", "1 gap: step 300", "Branch: if it is large", "GAP: nobody waits"):
        assert words in page, words
        assert words in markdown, words
    assert "<script>" not in page
    assert 'class="bad"' in page
