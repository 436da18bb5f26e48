"""The canonical layout: the same data, every comment, and nothing more to do the second time."""

import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from omtui.store.change import Insert, copied, same
from omtui.store.document import Document
from omtui.store.formatting import canonical, canonical_text
from tests.store.laws import law
from tests.store.profiles import Maker


def formatted(text: str | bytes) -> str:
    document = Document.from_bytes(text if isinstance(text, bytes) else text.encode(), lambda _: [])
    assert isinstance(document, Document), document
    content = canonical(document)
    assert isinstance(content, bytes), content
    return content.decode()


WILD = """\
# The set-up of the vision pod

# owner: A. Admin
x_later = 1_000 # an unknown key
   schema=1
pod.url='https://x.example'   # the pod
waivers = [ # accepted
  # looked at twice
  { until=2027-06-30, check = "S8-06", where="trigger_points[Jeopardy]" } # until June
]

# Connectors


[[connectors]]
note = "b"

# of the warehouse
name = "Connector01"  # in use
# also: csf_key

[profile]
environment = "test"
name = "vision"
[[task_types]] # the first
name = "T"
[[task_types.services]] # to ask
name = "Create"
# the code
code = "C"
[[routing_rules]]
name = "R"
when = { all = [ # both
  { attribute = "Item" }, # one
] }
# the end
"""

TAME = """\
# The set-up of the vision pod

# owner: A. Admin
schema = 1
x_later = 1_000  # an unknown key

[profile]
name = "vision"
environment = "test"

[pod]
url = 'https://x.example'   # the pod

[[task_types]]  # the first
name = "T"
services = [
    # the code
    { code = "C", name = "Create" },  # to ask
]

# Connectors

# of the warehouse
[[connectors]]
name = "Connector01"  # in use
note = "b"
# also: csf_key

[[routing_rules]]
name = "R"

[routing_rules.when]
all = [
    # both
    { attribute = "Item" },  # one
]

# accepted
# looked at twice
[[waivers]]  # until June
check = "S8-06"
where = "trigger_points[Jeopardy]"
until = 2027-06-30

# the end
"""


def test_a_wild_file_and_its_canonical_layout() -> None:
    expected = TAME.replace("# of the warehouse\n[[connectors]]\n", "[[connectors]]\n# of the warehouse\n")
    assert formatted(WILD) == expected
    assert formatted(expected) == expected


@law(200)
def test_the_data_and_every_comment_stay_and_twice_is_once(seed: int) -> None:
    maker = Maker(Random(seed))
    maker.talkative = maker.random.choice((0.0, 0.3, 0.5))
    text = maker.text(maker.profile())
    document = Document.from_bytes(text.encode(), lambda _: [])
    assert isinstance(document, Document)
    once = formatted(text)
    again = Document.from_bytes(once.encode(), lambda _: [])
    assert isinstance(again, Document)
    assert same(again.data, document.data)
    comments = re.compile(r"# (?:Step 5: )?\d{3} ü")
    assert sorted(comments.findall(once)) == sorted(comments.findall(text))
    assert formatted(once) == once
    assert [line for line in once.split("\n") if line.endswith((" ", "\t"))] == [] or '"""' in once or "'''" in once


@law(100)
def test_new_records_are_canonical_as_they_are_written(seed: int) -> None:
    maker = Maker(Random(seed))
    data: Any = copied(maker.profile())
    text = canonical_text(data)
    assert same(Document.from_bytes(text.encode(), lambda _: []).data, data)  # type: ignore[union-attr]
    assert formatted(text) == text
    document = Document.from_bytes(b"schema = 1\n", lambda _: [])
    assert isinstance(document, Document)
    for table in ("connectors", "task_types", "orchestration_processes", "routing_rules"):
        for index in range(2):
            document.perform(Insert((table,), index, maker.one(table)))
    content = document.to_bytes()
    assert isinstance(content, bytes)
    assert formatted(content) == content.decode()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_mark_and_line_breaks_stay(newline: str) -> None:
    mark = "\ufeff"
    text = formatted(f'{mark}schema=1{newline}# x{newline}[pod]{newline}url="a"')
    assert text == f'{mark}schema = 1{newline}{newline}# x{newline}[pod]{newline}url = "a"{newline}'


def test_the_sample_profiles_are_canonical() -> None:
    samples = sorted(Path(__file__).parents[2].glob("profiles/*.toml"))
    assert samples
    for sample in samples:
        assert formatted(sample.read_bytes()) == sample.read_text(encoding="utf-8"), sample.name
