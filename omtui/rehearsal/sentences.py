"""What a rehearsal says of one request in words: why it goes where it goes, and what every rule makes of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from omtui.rehearsal.explaining import ANOTHER_PART, NearMiss, branch_words, near_misses, reasons
from omtui.rehearsal.job import RuleWords
from omtui.rehearsal.rehearsing import Rehearsal
from omtui.rehearsal.requests import Request
from omtui.rehearsal.routing import RequestOutcome
from omtui.rehearsal.rules import TASK_TYPE, Branch, RoutingRule
from omtui.setup.comparisons import Order
from omtui.setup.conditions import Judgement, evaluate
from omtui.setup.place import found_at

OTHER_WIDTH = "the line has another number of cells than the headings"
NEAR = 2
"""How many near misses a sentence names."""


def why(
    run: Rehearsal, row: Sequence[object], request: Request, outcome: RequestOutcome, *, values: bool = True
) -> str:
    """Why a request goes where it goes, in a sentence; of an unrouted one what is nearest to it.

    Without `values` only rules are named, and nothing of the line.
    """
    if not run.is_whole(row):
        return OTHER_WIDTH
    if request.task_type is None:
        return "its task type is not known"
    found = reasons(run.judge, row, request, outcome)
    if not values:
        return "; ".join(f"{each.rule.name}{branch_words(each.branch)}" for each in found)
    words = [each.words for each in found]
    if outcome.outcome == "unrouted" and run.is_whole(row):
        words += _near(near_misses(run.judge, row, request))
    return "; ".join(words)


def _near(misses: Sequence[NearMiss]) -> Iterator[str]:
    """The likeliest mistakes; rules for another part of the orders, of which there are many, are only counted."""
    named = [each for each in misses if each.rank < ANOTHER_PART]
    yield from (f"near {each.rule.name}: {each.because}" for each in named[:NEAR])
    others = Counter(each.attribute[1] for each in misses if each.rank == ANOTHER_PART)
    yield from (f"{n} {'rules are' if n > 1 else 'rule is'} for another {name}" for name, n in others.items())


def every_rule(run: Rehearsal, row: Sequence[object], request: Request) -> Iterator[RuleWords]:
    """What each rule for the request's task type makes of a line, comparison by comparison."""
    if not run.is_whole(row):
        yield RuleWords(0, None, OTHER_WIDTH)
        return
    order = run.judge.order(row, request)
    elsewhere = 0
    for rule in run.rehearsed.rules.rules:
        judged = [(branch, _judged(run, branch, order)) for branch in rule.branches]
        if all(_is_of_another_task_type(branch, found) for branch, found in judged):
            elsewhere += 1
        else:
            yield from _rule(rule, judged)
    if elsewhere:
        yield RuleWords(0, False, f"{elsewhere} {'rule is' if elsewhere == 1 else 'rules are'} for other task types")


def _judged(run: Rehearsal, branch: Branch, order: Order) -> Judgement:
    if branch.when is None:
        return Judgement(True, "no earlier branch holds")
    return evaluate(branch.when, order, run.rehearsed.rules.zone)


def _rule(rule: RoutingRule, judged: Sequence[tuple[Branch, Judgement]]) -> Iterator[RuleWords]:
    taken = next((found.holds for _, found in judged if found.holds is not False), False)
    yield RuleWords(0, taken, f"{rule.name}{f' ({rule.misses})' if rule.misses else ''}")
    for number, (branch, found) in enumerate(judged):
        title = "ELSE" if branch.when is None else f"ELSE IF {number}" if number else "IF"
        sets = f" -> {', '.join(branch.connectors)}" if branch.connectors else ""
        yield RuleWords(1, found.holds, f"{title}{sets}")
        for leaf in found.leaves():
            yield RuleWords(2, leaf.holds, leaf.because)
        if found.holds:
            return


def _is_of_another_task_type(branch: Branch, found: Judgement) -> bool:
    """Whether a comparison of the task type keeps a branch from being taken."""
    for leaf in found.deciding() if found.holds is False else ():
        record = found_at(branch.when, leaf.path)
        if isinstance(record, Mapping) and record.get("attribute") == TASK_TYPE:
            return True
    return False
