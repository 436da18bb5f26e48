"""S7: what routing rules mean together: two that can both be true, conditions that never are, Oracle's own rules."""

from collections.abc import Iterator

from omtui.checks import oracle_pages
from omtui.checks.conditions.formula import Formula, both, comparisons, equals
from omtui.checks.conditions.reasoning import No, Outcome, Yes, satisfiable
from omtui.checks.conditions.solving import Undecidable
from omtui.checks.finding import Flaw, Level
from omtui.checks.registry import check
from omtui.checks.routing_checks import predefined_task_types
from omtui.checks.routing_rules import (
    MOST_EARLIER,
    TASK_TYPE,
    Rule,
    RuleBranch,
    Rules,
    is_plainly_possible,
    order_words,
)
from omtui.checks.rule_pairs import Pairs, Routed, TooManyPairsError
from omtui.checks.wording import listed, quoted
from omtui.setup.comparisons import Attribute, Value, misfit, value_words
from omtui.setup.did_you_mean import folded
from omtui.setup.indexed import Indexed, text

_PAIRS_OF_ONE_RULE = 3
"""How many rules are named that one rule can be true with."""
_PAIRS_PER_RULE = 20
_LEAST_PAIRS = 20_000
"""How many pairs are compared at most: so many, and so many for each branch."""

_TASK_TYPE: Attribute = ("Order Header", TASK_TYPE)


@check("S7-04", "error", "two rules that can both be true", oracle_pages.RULE_LOGIC, weakest="info")
def both_true(rules: Rules) -> Iterator[Flaw]:
    """Two active rules can be true for one request and set different connectors. The finding shows an order that meets
    both. Where that cannot be decided, it is reported for information.

    Why: Oracle: make sure that only one rule evaluates to true. Priority is no absolute value, and which connector wins
    is not documented.
    Fix: Join the rules into one with ELSE IF, or let one exclude what the other asks for.
    """
    # Pairs of branches of different rules; the finding is on the later rule, or on the one that is not Oracle's.
    routed = [
        Routed(number, branch, branch.whole)
        for number, branch in enumerate(_routing_branches(rules))
        if branch.whole is not None
    ]
    pairs = Pairs(routed, max(_LEAST_PAIRS, _PAIRS_PER_RULE * len(routed)))
    reported: dict[Rule, int] = {}
    seen: set[tuple[Rule, Rule]] = set()
    try:
        for one, other in pairs:
            first, second = one.branch, other.branch
            if second.rule.is_predefined or (not first.rule.is_predefined and first.rule.path > second.rule.path):
                first, second = second, first
            if second.rule.is_predefined or reported.get(second.rule, 0) >= _PAIRS_OF_ONE_RULE:
                continue
            if (first.rule, second.rule) in seen:
                continue
            flaw = _of_pair(first, second, rules)
            if flaw:
                seen.add((first.rule, second.rule))
                reported[second.rule] = reported.get(second.rule, 0) + 1
                yield flaw
    except TooManyPairsError:
        message = "so many rules can meet that not every pair was compared"
        fix = "limit the rules by Task Type and Item, so that few of them can be true for one request"
        yield Flaw(("routing_rules",), message, fix, "info")


def _routing_branches(rules: Rules) -> Iterator[RuleBranch]:
    """The branches that can set a connector, now or later, of own rules and of Oracle's that are noted as active."""
    for rule in (*rules.predefined, *rules.own):
        if rule.in_effect:
            for branch in rule.branches:
                if branch.connectors:
                    yield branch


def _of_pair(first: RuleBranch, second: RuleBranch, rules: Rules) -> Flaw | None:
    one, other = quoted(first.rule.name), quoted(second.rule.name)
    sets = f"{_connectors(first)} and {_connectors(second)}"
    outcome = _together(first, second, rules)
    if isinstance(outcome, Yes):
        order = order_words(outcome.witness)
        message = f"{one} and {other} can both be true and set {sets}: an order with {order} meets both"
        return Flaw(second.rule.path, message, _exclusion(first, second, outcome.witness))
    if isinstance(outcome, Undecidable) and not outcome.reported_elsewhere:
        message = f"whether {one} and {other} can both be true and set {sets} cannot be decided: {outcome.reason}"
        fix = "compare their conditions yourself, or join the rules into one with ELSE IF"
        return Flaw(second.rule.path, message, fix, "info")
    return None


def _together(first: RuleBranch, second: RuleBranch, rules: Rules) -> Outcome:
    if first.whole is None or second.whole is None:
        return No()
    return satisfiable(first.whole, second.whole, zone=rules.zone)


def _connectors(branch: RuleBranch) -> str:
    return listed(dict.fromkeys(name for _, name in branch.connectors))


def _exclusion(first: RuleBranch, second: RuleBranch, witness: dict[Attribute, Value | None]) -> str:
    """The fix: what the wider rule could exclude."""
    for wide, narrow in ((first, second), (second, first)):
        if wide.rule.is_predefined:
            continue
        compared = _attributes(wide)
        for attribute, value in witness.items():
            if attribute not in compared and attribute in _attributes(narrow) and value is not None:
                words = f"{attribute[1]} ({attribute[0]}) is equal to {value_words(value)}"
                return f"join them into one rule with ELSE IF, or add to {quoted(wide.rule.name)}: not ({words})"
    return "join them into one rule with ELSE IF, or let one exclude what the other asks for"


def _attributes(branch: RuleBranch) -> set[Attribute]:
    return {each.attribute for each in comparisons(branch.whole)} if branch.whole is not None else set()


@check("S7-12", "error", "a condition that is never true", oracle_pages.OWN, weakest="info")
def never_true(rules: Rules) -> Iterator[Flaw]:
    """The condition contradicts itself, or an ELSE is never reached because one of the branches before it is always
    taken. Where that cannot be decided, it is reported for information.

    Why: What is in the branch is never done. Each ELSE is reached only when all conditions before it fail.
    Fix: Correct the condition, or remove the branch.
    """
    # Each branch by itself, then after the branches before it.
    for rule in rules.own:
        for branch in rule.branches:
            flaw = _never_taken(branch, rules)
            if flaw:
                yield flaw
        far = next((branch for branch in rule.branches if branch.is_too_far), None)
        if far:
            message = f"whether this and later ELSE IF of {quoted(rule.name)} are ever reached cannot be decided"
            fix = f"more than {MOST_EARLIER} branches before it may be taken instead: split the rule"
            yield Flaw(far.when_path, message, fix, "info")


def _never_taken(branch: RuleBranch, rules: Rules) -> Flaw | None:
    shown = quoted(branch.rule.name)
    word = "ELSE" if branch.is_else else "ELSE IF" if branch.number else "IF"
    outcome: Outcome | None = None
    if branch.own is not None and not is_plainly_possible(branch.own):
        outcome = satisfiable(branch.own, zone=rules.zone)
        if isinstance(outcome, No):
            fix = "correct the condition: no value meets all its comparisons at once"
            return Flaw(branch.when_path, f"the condition of {word} of {shown} can never be true", fix)
    if branch.number and branch.whole is not None:
        outcome = satisfiable(branch.whole, zone=rules.zone)
        if isinstance(outcome, No):
            message = f"{word} of {shown} is never reached: everything that meets it meets a branch before it"
            return Flaw(branch.when_path, message, "remove the branch, or narrow the conditions before it")
    if isinstance(outcome, Undecidable) and not outcome.reported_elsewhere:
        message = f"whether {word} of {shown} can ever be true cannot be decided: {outcome.reason}"
        return Flaw(branch.when_path, message, "look at the condition yourself, or simplify it", "info")
    return None


_ORACLES = {
    "Shipment": ("Shipping Task Routing", "Connect to Oracle Shipping System"),
    "Invoice": ("", "Connect to Oracle Receivables System"),
    "Reservation": ("", "Connect to Oracle Inventory Management System"),
    "Return": ("", "Connect to Oracle Receiving System"),
}
"""Oracle's own rule and connector for a task type. Only those for Shipment were read in full."""

_WARNED = "Shipment"
_RULE_WORDS = {"Shipment": ("shipping", "shipment"), "Invoice": ("invoic", "receivable", "billing")}


@check("S7-15", "warning", "a rule next to Oracle's own", oracle_pages.ROUTING_RULES, weakest="info")
def rule_next_to_oracles(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """The rule can be true together with the rule that Oracle delivers for the task type, and only one may. Reported
    for Shipment as a warning, for other task types of Oracle's own for information, once for each.

    Why: Oracle delivers active rules for its own task types, for example Shipping Task Routing: IF Task Type is equal
    to Shipment DO Connect to Oracle Shipping System.
    Fix: Inactivate Oracle's rule in the pod, publish, and note it here with predefined = true and active = false.
    """
    # A rule without a condition on the task type is compared with the one for Shipment only.
    predefined = predefined_task_types(setup)
    oracles = {name: _noted_rules(rules, name) for name in predefined}
    reported: set[str] = set()
    for rule in rules.own:
        if not rule.in_effect:
            continue
        for task_type, branch in _of_oracles_task_types(rule, predefined):
            if task_type in reported or not _meets_oracles(branch, task_type, oracles[task_type], rules):
                continue
            is_named = not branch.task_types.excluded
            name = _ORACLES.get(task_type, ("", ""))[0]
            noted = oracles[task_type]
            called = quoted(noted[0].name if noted else name) if noted or name else ""
            limited = "" if is_named else f", since it is not limited by {TASK_TYPE},"
            message = (
                f"{quoted(rule.name)}{limited} can be true together with Oracle's own rule for {quoted(task_type)}"
            )
            message += f", {called}" if called else ""
            fix = (
                f"inactivate Oracle's rule in the pod, and note it {f'as {called} ' if called else ''}with "
                "predefined = true and active = false" + ("" if is_named else f"; or add a condition on {TASK_TYPE}")
            )
            level: Level | None = None if task_type == _WARNED else "info"
            if task_type != _WARNED:
                reported.add(task_type)
            yield Flaw(rule.path, message, fix, level)


def _of_oracles_task_types(rule: Rule, predefined: frozenset[str]) -> Iterator[tuple[str, RuleBranch]]:
    """The task types of Oracle's own for which a rule sets a connector, each with the first branch that does."""
    seen: set[str] = set()
    is_unread = any(text(leaf, "attribute") == TASK_TYPE and misfit(leaf) for _, leaf in rule.comparisons())
    for branch in rule.branches:
        types = branch.task_types
        if not branch.connectors or (types.excluded and is_unread):
            continue
        every = frozenset((_WARNED,)) - types.names
        for name in sorted(every if types.excluded else types.names & predefined):
            if name not in seen and not _sets_oracles(branch, name):
                seen.add(name)
                yield name, branch


def _sets_oracles(branch: RuleBranch, task_type: str) -> bool:
    """Whether a branch sets the connector that Oracle's own rule sets."""
    connector = _ORACLES.get(task_type, ("", ""))[1]
    return bool(connector) and all(name == connector for _, name in branch.connectors)


def _noted_rules(rules: Rules, task_type: str) -> list[Rule]:
    """Oracle's own rules for a task type as far as they are noted, by their conditions, else by their name."""
    words = _RULE_WORDS.get(task_type, (folded(task_type),))
    found = []
    for rule in rules.predefined:
        when = rule.record.get("when")
        if isinstance(when, dict) and when:
            if any(not b.task_types.excluded and task_type in b.task_types.names for b in rule.branches):
                found.append(rule)
        elif any(word in folded(rule.name) for word in words):
            found.append(rule)
    return found


def _meets_oracles(branch: RuleBranch, task_type: str, noted: list[Rule], rules: Rules) -> bool:
    """Whether a branch can be true together with Oracle's rule, as it is noted or as it is presumed to be."""
    if branch.whole is None:
        return False
    asked = equals(_TASK_TYPE, task_type)
    if not noted:
        return _is_possible(both([branch.whole, asked]), rules)
    for rule in noted:
        if rule.record.get("active") is False:
            continue
        for oracles in rule.branches:
            if oracles.whole is None:
                return _is_possible(both([branch.whole, asked]), rules)
            differs = {name for _, name in oracles.connectors} != {name for _, name in branch.connectors}
            if differs and _is_possible(both([branch.whole, oracles.whole, asked]), rules):
                return True
    return False


def _is_possible(condition: Formula, rules: Rules) -> bool:
    return not isinstance(satisfiable(condition, zone=rules.zone), No)
