"""A fix never names a value that is wrong in the same way."""

import copy
import re
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.checks.finding import CheckContext, Finding
from omtui.checks.running import run
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data, found_at
from tests.checks.profiles import sound
from tests.checks.test_laws import TODAY, thorough
from tests.setup.strategies import profiles
from tests.thorough import THOROUGH, examples

_NAMED = re.compile(r'enter (?:for example )?"([^":/][^"]*)"')

_PIECES = [
    "http",
    "https",
    "ftp",
    ":",
    "/",
    "//",
    "\\",
    "soa.acme.example",
    "h",
    "8001",
    "80a",
    "port",
    "{x}",
    " ",
    ".",
]
urls = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=7).map("".join)


def repeated(data: Data) -> Iterator[tuple[Finding, str]]:
    """Findings whose fix, entered as it is there, leads to the same finding."""
    for finding in run(Indexed(data), CheckContext(TODAY)):
        named = _NAMED.search(finding.fix)
        # What is cut, or shows a control character by its code, is not to be entered as it is there.
        if named is None or "…" in named[1] or "\\u{" in named[1] or not isinstance(found_at(data, finding.path), str):
            continue
        fixed = copy.deepcopy(data)
        holder = found_at(fixed, finding.path[:-1])
        assert isinstance(holder, dict)
        holder[finding.path[-1]] = named[1]
        again = run(Indexed(fixed), CheckContext(TODAY))
        if any((each.check, each.path) == (finding.check, finding.path) for each in again):
            yield finding, named[1]


@settings(thorough, max_examples=300 if THOROUGH else 40)
@given(profiles())
def test_no_fix_repeats_the_fault(data: Data) -> None:
    assert list(repeated(data)) == []


@settings(thorough, max_examples=examples(200))
@given(urls)
def test_no_fix_of_an_address_repeats_the_fault(url: str) -> None:
    assert list(repeated(sound({"connectors[Requests].url": url}))) == []
