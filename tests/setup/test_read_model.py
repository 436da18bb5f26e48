"""Whatever a file from elsewhere holds, it is read or what is wrong with it is said, with its place and what to do."""

from typing import Literal

from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from omtui.plain_text import plain
from omtui.setup.read_model import ForeignModel, read_model


class Entry(ForeignModel):
    kind: Literal["host", "url"]
    source: str = Field(alias="from")
    only: list[str] = Field(default_factory=list)
    level: Literal["low", "high"] | None = None


class File(ForeignModel):
    schema_: Literal[1] = Field(alias="schema")
    is_open: bool = False
    map: list[Entry] = Field(default_factory=list)
    part: Entry | None = None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | st.sampled_from(("", "host", "hots", "low", "\x1b[2J\n")),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(("schema", "map", "kind", "from", "only", "part", "level", "forn", "\u202e")), inner
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(("schema", "map", "part", "is_open", "maps")), VALUES))
def test_every_fault_has_a_place_and_a_fix_in_harmless_words(data: dict[str, object]) -> None:
    found = read_model(File, data)
    for fault in found if isinstance(found, list) else ():
        assert plain(fault.message) == fault.message
        assert plain(fault.fix) == fault.fix
        assert fault.message and fault.fix  # noqa: PT018
        assert not any(word in fault.message for word in ("Input", "Entry", "dictionary", "None"))


def test_where_and_what_to_do() -> None:
    entry = {"kind": "hots", "from": 1, "onyl": []}
    found = read_model(File, {"schema": 2, "map": [{"kind": "url", "from": "a"}, entry], "part": {"kind": "url"}})
    assert isinstance(found, list)
    assert [str(fault) for fault in found] == [
        "schema is not 1; write schema = 1",
        "[[map]] number 2: hots is no kind; did you mean host?",
        "[[map]] number 2: from: a text is expected; correct the value",
        "[[map]] number 2: onyl is not known; write only",
        "part: from is missing; write from = …",
    ]
