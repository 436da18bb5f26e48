"""Comments of both sides of a merge: a law."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from omtui.service.comparing import MergedText, merge_documents
from omtui.setup.reading import comments
from omtui.store.document import Document
from tests.thorough import THOROUGH

TEXT = """\
schema = 1

[profile]
name = "dev"
environment = "development"
stage = "SIT"

[pod]
release = "25D"

[[task_types]]
name = "Pick"
services = [
    { code = "Pick_Create", name = "Pick_Create", operation = "Create" },
    { code = "Pick_Inbound", name = "Pick_Inbound", operation = "Inbound" },
]

[[source_systems]]
code = "CSS01"
name = "Pick system"
type = "Spoke"

[[connectors]]
name = "Connector01"
target_system = "CSS01"
tags = [
    "3PL",
    "old",
]

[[connectors]]
name = "Connector02"
url = "https://soa.pick.example:8002/other"
"""
LINES = TEXT.split("\n")

CAN = [number for number, line in enumerate(LINES) if line and line not in ("services = [", "tags = [", "]")]
"""Lines that a comment may be next to, and above."""

# What each side makes of the comment at a line: left alone, changed, taken out, added where there is none.
sides = st.dictionaries(
    st.tuples(st.sampled_from(CAN), st.booleans()), st.sampled_from(("change", "remove")), max_size=5
)
RENAMED = ('name = "Connector02"', 'name = "Connector03"')
MOVED = ("other", "another")
data_edits = st.lists(
    st.sampled_from(
        (
            ('stage = "SIT"', 'stage = "UAT"'),
            ('stage = "SIT"', 'stage = "PRE"'),
            ('release = "25D"', 'release = "26A"'),
            ('name = "Pick system"', 'name = "Picker"'),
            RENAMED,
            ('type = "Spoke"', 'type = "Purchased"'),
            MOVED,
            ('    "old",\n', ""),
        )
    ),
    max_size=3,
)


def _text(comments: dict[tuple[int, bool], str], edits: list[tuple[str, str]]) -> str:
    lines = []
    for number, line in enumerate(LINES):
        if above := comments.get((number, True)):
            lines.append(f"{line[: len(line) - len(line.lstrip())]}{above}")
        trailing = comments.get((number, False))
        lines.append(f"{line}  {trailing}" if trailing else line)
    text = "\n".join(lines)
    for old, new in edits:
        text = text.replace(old, new)
    return text


@example(set(), {(30, False): "change"}, {}, [], [RENAMED, MOVED])
@settings(max_examples=1000 if THOROUGH else 40)
@given(st.sets(st.tuples(st.sampled_from(CAN), st.booleans()), max_size=8), sides, sides, data_edits, data_edits)
def test_no_comment_of_either_side_is_lost_and_none_comes_back(
    base: set[tuple[int, bool]],
    mine: dict[tuple[int, bool], str],
    its: dict[tuple[int, bool], str],
    my_edits: list[tuple[str, str]],
    its_edits: list[tuple[str, str]],
) -> None:
    before = {at: f"# at {at[0]} {'above' if at[1] else 'trailing'}" for at in base}
    states = [before]
    for name, side in (("ours", mine), ("theirs", its)):
        now = dict(before)
        for at, what in side.items():
            if what == "remove":
                now.pop(at, None)
            else:
                now[at] = f"# {name} {at[0]} {'above' if at[1] else 'trailing'}"
        states.append(now)
    documents = []
    for state, edits in zip(states, ([], my_edits, its_edits), strict=True):
        document = Document.from_bytes(_text(state, edits).encode())
        assert isinstance(document, Document)
        documents.append(document)
    found = merge_documents(*documents)
    assert isinstance(found, MergedText)
    text = found.content.decode()
    read = Document.from_bytes(found.content)
    assert isinstance(read, Document)
    present = [comment for _, comment in comments(text) if not comment.startswith("# CONFLICT")]
    expected = set()
    for at in {*states[0], *states[1], *states[2]}:
        b, o, t = (state.get(at) for state in states)
        expected |= {t} if o == b else {o} if t == b else {o, t}
    # A comment next to what a side took out goes with it: an element, and a record of another name and other fields.
    lines = [LINES.index('    "old",')]
    if any({RENAMED, MOVED} <= set(edits) for edits in (my_edits, its_edits)):
        lines += range(len(LINES) - 4, len(LINES))
    whose = [f"# {who} {at}" for who in ("at", "ours", "theirs") for at in lines]
    gone = {f"{each} {where}" for each in whose for where in ("above", "trailing")}
    assert set(present) | gone == {each for each in expected if each} | gone
    others = [each for each in present if each not in gone]  # such a record may be there twice, with its comments
    assert len(others) == len(set(others)), text
