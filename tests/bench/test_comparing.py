"""The pair of profiles that the difference is measured on."""

import tomllib
from collections import Counter

from omtui.compare.difference import difference
from tests.bench.comparing import changed
from tests.bench.generate import profile_text


def test_it_has_as_many_changes_as_were_made() -> None:
    text = profile_text("p", 1_000)
    found = difference(tomllib.loads(text), tomllib.loads(changed(text, 40)))
    assert Counter(change.op for change in found.changes) == {"change": 10, "rename": 10, "remove": 10, "add": 10}
    assert changed(text, 40) == changed(text, 40)
