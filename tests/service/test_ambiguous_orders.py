"""What the check S7-04 says can happen, and what a rehearsal says does: every ambiguous line's two rules are named."""

import random
from datetime import UTC
from itertools import combinations

import pytest

from omtui.checks.conditions.reasoning import No, satisfiable
from omtui.checks.routing_rules import RuleBranch, rules_of
from omtui.checks.rule_logic_checks import both_true
from omtui.checks.wording import quoted
from omtui.rehearsal.routing import RuleState
from omtui.setup.indexed import Indexed
from tests.rehearsal.generator import random_file, random_profile
from tests.rehearsal.test_truth import AS_OF, as_read, rehearsal_of
from tests.thorough import THOROUGH

MOST_NAMED = 3
"""How many rules the check names with one rule."""


def test_every_ambiguous_pair_is_one_that_the_check_names_or_could_not_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = 0
    for seed in range(960 if THOROUGH else 96):
        source = random.Random(seed)
        profile = random_profile(source)
        headings, rows, columns = random_file(source, profile, 100)
        run = rehearsal_of(profile, headings, rows, columns, UTC, False, monkeypatch)
        setup = Indexed(as_read(profile))
        rules = rules_of(setup, AS_OF.date())
        branches = {
            (rule.path, each.number): each for rule in (*rules.own, *rules.predefined) for each in rule.branches
        }
        named = [flaw.message for flaw in both_true(rules_of(setup, AS_OF.date()))]
        for line in next(run.run(), []):
            for _, outcome in run.outcomes.of(line.group):
                taken = [each for each in outcome.states if each.taken and not each.open and not each.missing]
                for one, other in combinations(taken, 2):
                    if outcome.outcome == "ambiguous" and _of(one, branches).connectors and _differ(one, other):
                        seen += 1
                        _is_named(_of(one, branches), _of(other, branches), named, seed)
    assert seen > 100


def _of(state: RuleState, branches: dict[tuple[object, int], RuleBranch]) -> RuleBranch:
    assert state.taken is not None
    return branches[state.rule.path, state.rule.branches.index(state.taken)]


def _differ(one: RuleState, other: RuleState) -> bool:
    assert one.taken is not None
    assert other.taken is not None
    connectors = set(one.taken.connectors), set(other.taken.connectors)
    return all(connectors) and connectors[0] != connectors[1]


def _is_named(first: RuleBranch, second: RuleBranch, named: list[str], seed: int) -> None:
    if first.whole is None or second.whole is None or first.rule.is_predefined or second.rule.is_predefined:
        return  # of Oracle's own rules S7-15 speaks
    assert not isinstance(satisfiable(first.whole, second.whole, zone=UTC), No), (
        seed,
        first.rule.name,
        second.rule.name,
    )
    names = [quoted(each.rule.name) for each in (first, second)]
    if any(all(name in message for name in names) for message in named):
        return
    full = [sum(name in message for message in named) >= MOST_NAMED for name in names]
    assert any(full) or any("cannot be decided" in each or "so many" in each for each in named), (
        seed,
        names,
        named,
    )
