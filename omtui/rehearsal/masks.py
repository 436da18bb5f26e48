"""The engine: what every alternative of every branch makes of a cell, as the bits of one number.

An alternative has two bits: it *may* hold (the lower half), it *surely* holds (the upper half). A cell clears the bits
of the alternatives whose comparisons fail on it; a line's mask is the AND of its cells' masks. So a comparison is
judged once for each distinct cell, by the same `compare` as everywhere, and a line costs one AND for each column.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache, cached_property
from typing import NamedTuple

from omtui.rehearsal.cell_masks import ColumnMasks, Read, Test, judge
from omtui.rehearsal.rules import OPERATION, TASK_TYPE, Branch, Comparison, RoutingRule, RuleSet, comparisons
from omtui.setup.comparisons import Attribute, Order, Unreadable, Value, ValueKind
from omtui.setup.conditions import evaluate
from omtui.setup.routing import OF_THE_REQUEST


class BranchBits(NamedTuple):
    """Where a branch's alternatives are in a mask."""

    may: int
    sure: int


class Engine:
    """The compiled rules: masks of cells, and what a mask says of each branch."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._tests: dict[tuple[Attribute, str, str], Test] = {}
        self.wide: list[Branch] = []
        """Branches with too many alternatives: judged by `evaluate`."""
        unknown, bit = 0, 1
        spans: list[tuple[Branch, int, int]] = []
        for rule in rules.rules:
            for branch in rule.branches:
                first = bit
                found = branch.alternatives
                if found is None:
                    self.wide.append(branch)
                    bit <<= 1
                for alternative in found or ():
                    for comparison, is_negated, _ in alternative:
                        if comparison is None:
                            unknown |= bit
                            continue
                        test = self._tests.setdefault(comparison.key, Test(comparison))
                        if is_negated:
                            test.negative |= bit
                        else:
                            test.positive |= bit
                    bit <<= 1
                spans.append((branch, first, bit))
        self.width = bit.bit_length() - 1
        self.everything = (1 << 2 * self.width) - 1
        self.base = self.everything & ~(unknown << self.width)
        """The mask of a line that nothing is known of yet."""
        self.may = (1 << self.width) - 1
        self.bits: dict[Branch, BranchBits] = {}
        for branch, first, end in spans:
            own = end - first
            self.bits[branch] = BranchBits(own, own << self.width)
        self.rule_bits = {rule: sum(self.bits[each].may for each in rule.branches) for rule in rules.rules}
        self._owners = [rule for rule, bits in self.rule_bits.items() for _ in range(bits.bit_count())]
        for test in self._tests.values():
            test.close(self.width, self.everything)

    def may_hold(self, mask: int) -> Iterator[RoutingRule]:
        """The rules of which an alternative may hold, in their order."""
        left = mask & self.may
        while left:
            rule = self._owners[(left & -left).bit_length() - 1]
            left &= ~self.rule_bits[rule]
            yield rule

    @cache  # noqa: B019
    def divided_by(self, task_type: str | None, operation: str | None) -> Attribute | None:
        """The attribute that more than half of the rules for a request ask for certain values, the most of them."""
        rules = list(self.may_hold(self.base & self.request_mask(task_type, operation)))
        asking = Counter(attribute for rule in rules for attribute in _asked_for_values(rule))
        attribute, count = asking.most_common(1)[0] if asking else (None, 0)
        return attribute if 2 * count > len(rules) > 1 else None

    @cached_property
    def request_attributes(self) -> frozenset[Attribute]:
        """Task type and operation, by the entities on which the rules name them."""
        asked = {branch for rule in self.rules.rules for branch in rule.branches}
        named = frozenset(each for branch in asked for each in branch.attributes)
        return frozenset(each for each in named if each[1] in (TASK_TYPE, OPERATION))

    @cache  # noqa: B019 - an engine lives as long as the run
    def asked_of(self, attribute: Attribute) -> list[Test]:
        """The comparisons on an attribute. Task type and operation are the request's, on any entity."""
        if attribute[1] in (TASK_TYPE, OPERATION):
            return [each for each in self._tests.values() if each.comparison.attribute[1] == attribute[1]]
        return [each for each in self._tests.values() if each.comparison.attribute == attribute]

    def not_there(self, attribute: Attribute) -> int:
        """What is left of a mask when the file has no such column."""
        mask = self.everything
        for test in self.asked_of(attribute):
            mask &= test.keep[None]
        return mask

    def column(self, attribute: Attribute, read: Read, *, is_plain: bool = True) -> ColumnMasks:
        """The masks of the cells of a column; `is_plain`: the mapping says nothing of how its cells are read."""
        return ColumnMasks(self.asked_of(attribute), self.everything, read, self.rules.zone, is_plain=is_plain)

    @cache  # noqa: B019
    def request_mask(self, task_type: str | None, operation: str | None) -> int:
        """What a request leaves of a line's mask; `None`: it is not known."""
        mask = self.everything
        for name, value in ((TASK_TYPE, task_type), (OPERATION, operation)):
            for test in self.asked_of(("", name)):
                mask &= test.keep[self.holds_for(test.comparison, value)]
        return mask

    def holds_for(self, comparison: Comparison, value: str | None) -> bool | None:
        """Whether a comparison of the task type or the operation holds; `None`: it is not known."""
        return None if value is None else judge(comparison, value, _as_text, self.rules.zone)

    def wide_mask(self, order: Order) -> int:
        """What is left of a mask after the branches that are judged one by one."""
        mask = self.everything
        for branch in self.wide:
            holds = evaluate(branch.when, order, self.rules.zone).holds
            may, sure = self.bits[branch]
            mask &= ~((may if holds is False else 0) | (0 if holds else sure))
        return mask


def _asked_for_values(rule: RoutingRule) -> set[Attribute]:
    found = (each for branch in rule.branches for each in comparisons(branch.when))
    return {
        e.attribute for e in found if e.operator in ("is equal to", "is in") and e.attribute[1] not in OF_THE_REQUEST
    }


def _as_text(cell: object, _: ValueKind) -> Value | Unreadable:
    return str(cell)
