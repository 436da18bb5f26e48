"""The fixes that checks give: each makes its finding go away, brings no error, and can be undone to the byte."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from hypothesis import given, settings

from omtui.checks.finding import CheckContext, Finding
from omtui.checks.running import run
from omtui.problem import Problem
from omtui.service.fixing import fix, fix_all
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data
from omtui.setup.reading import verify
from omtui.store.change import Insert, Set, apply, copied, inverse, same
from tests.checks.cases import Case
from tests.checks.profiles import sound
from tests.checks.test_laws import TODAY, thorough
from tests.setup.strategies import profiles
from tests.thorough import examples

CASES = [
    case
    for file in sorted((Path(__file__).parents[1] / "checks").glob("test_*.py"))
    for value in vars(import_module(f"tests.checks.{file.stem}")).values()
    if isinstance(value, (list, tuple))
    for case in value
    if isinstance(case, Case)
]

ASKED = ("active", "published", "changed_since_publish", "deployed", "raise_event", "status")


def _with_fix(case: Case) -> Iterator[tuple[Data, Finding]]:
    data = sound(case.spoil)
    if not verify(data):
        found = run(Indexed(data), case.context)
        yield from ((data, each) for each in found if each.check == case.id and each.operations)


def test_the_fix_of_every_sample_helps_and_harms_nothing() -> None:
    refused = []
    fixed = set()
    for case in CASES:
        for data, finding in _with_fix(case):
            plan = fix(Indexed(data), finding, case.context, run(Indexed(data), case.context))
            if isinstance(plan, Problem):
                refused.append(f"{case}: {plan}")
                continue
            fixed.add(case.id)
            now: Data = {name: copied(value) for name, value in data.items()}
            done = [apply(now, each) for each in plan.operations]
            assert finding not in run(Indexed(now), case.context)
            for each in reversed(done):
                apply(now, inverse(each))
            assert same(now, data)
    assert refused == []
    assert len(fixed) > 60


def test_what_is_safe_only_adds_and_decides_nothing() -> None:
    safe = set()
    for case in CASES:
        for _, finding in _with_fix(case):
            if finding.is_safe:
                safe.add(finding.check)
                for each in finding.operations:
                    assert isinstance(each, (Set, Insert))
                    assert each.path[-1] not in ASKED
    assert {"S1-06", "S3-03", "S7-01"} <= safe
    assert not safe & {"S7-05", "S8-03", "S8-06", "S2-10", "S0-01", "S7-11", "S2-09"}


@settings(thorough, max_examples=examples(16))
@given(profiles())
def test_all_fixes_together_add_no_error(data: Data) -> None:
    context = CheckContext(TODAY)
    before = {each.check for each in run(Indexed(data), context) if each.level == "error"}
    found = fix_all(Indexed(data), context, lambda each: bool(each.operations) and not each.asks)
    now: Data = {name: copied(value) for name, value in data.items()}
    for each in found.plan.operations:
        apply(now, each)
    assert not verify(now)
    assert {each.check for each in run(Indexed(now), context) if each.level == "error"} <= before
