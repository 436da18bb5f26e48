"""The fixes that checks give: each makes its finding go away, brings no error, and can be undone to the byte."""

from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from omtui.checks.finding import CheckContext, Finding
from omtui.checks.running import run
from omtui.problem import Problem
from omtui.service.fixing import fix, fix_all
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data
from omtui.setup.reading import verify
from omtui.store.change import apply, inverse, same
from omtui.store.formatting import canonical
from tests.checks.cases import Case
from tests.checks.profiles import sound
from tests.setup.strategies import profiles

CASES = [
    case
    for file in sorted(Path("tests/checks").glob("test_*.py"))
    for value in vars(import_module(f"tests.checks.{file.stem}")).values()
    if isinstance(value, (list, tuple))
    for case in value
    if isinstance(case, Case)
]

NOT_BY_THEMSELVES: dict[str, str] = {}
"""Samples whose fix leads to another fault, so that a person has to look."""


def _with_fix(case: Case) -> Iterator[tuple[Data, Finding]]:
    data = sound(case.spoil)
    if not verify(data):
        found = run(Indexed(data), case.context)
        yield from ((data, each) for each in found if each.check == case.id and each.operations)


def test_the_fix_of_every_sample_helps_and_harms_nothing() -> None:
    refused = []
    fixed = Counter[str]()
    for case in CASES:
        for data, finding in _with_fix(case):
            plan = fix(Indexed(data), finding, case.context)
            if isinstance(plan, Problem):
                refused.append(f"{case}: {plan}")
                continue
            fixed[case.id] += 1
            assert finding.operations
    print(sorted(fixed))
    assert refused == []
