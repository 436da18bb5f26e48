"""Which comparisons decide: would a request go elsewhere if this one alone came out otherwise?

Each alternative of a branch has a field of bits. A cell adds 1 to the fields of the alternatives of which a comparison
fails on it (2 where it cannot be evaluated), and in a second row of fields it sets the bit of that comparison. The sum
over a line's cells has 1 in the fields of which exactly one comparison fails, and next to it says which one: so nine
additions find the near misses of all rules. How often each bit is set is counted for all lines together, bit by bit.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import repeat
from operator import add
from typing import Final, NamedTuple

from omtui.rehearsal.cell_masks import FEW_CELLS, MOST_CELLS, ColumnMasks, Test
from omtui.rehearsal.judging import ChunkColumns, Judge
from omtui.rehearsal.requests import Request
from omtui.rehearsal.routing import RequestOutcome, Router
from omtui.rehearsal.rules import OPERATION, TASK_TYPE, Alternative, Branch, RoutingRule
from omtui.setup.place import Path

MOST_COUNTED: Final = 32
"""Branches with more alternatives or comparisons are not counted."""
_POISON: Final = 2
"""What a comparison adds that cannot be evaluated: then no other one decides alone."""

Leaf = tuple[Branch, Path]
"""A comparison: the branch and its path in the conditions."""


class _Covered(NamedTuple):
    """A branch with its comparisons, and with the first bit of the field of each of its alternatives."""

    rule: RoutingRule
    branch: Branch
    alternatives: tuple[Alternative, ...]
    leaves: tuple[Path, ...]
    fields: tuple[int, ...]


class _Packed(dict[object, int]):
    """What a cell adds to a line's sum, by the cell; where there are many, by the mask of its column's comparisons."""

    def __init__(self, column: int, masks: ColumnMasks, everything: int, pack: Callable[[int], int]) -> None:
        super().__init__()
        self._column = column
        self._masks = masks
        self._everything = everything
        self._of_mask = _ByMask(pack)

    def __missing__(self, cell: object) -> int:
        packed = self[cell] = self._of_mask[self._masks[cell]]
        return packed

    def of(self, columns: ChunkColumns) -> Iterator[int]:
        """What the cells of some lines add."""
        cells = columns.cells[self._column]
        if len(self) < (FEW_CELLS if self._masks.is_quick else MOST_CELLS):
            return map(self.__getitem__, cells)
        return map(self._of_mask.__getitem__, self._masks.narrowed(repeat(self._everything, len(cells)), cells))


class _ByMask(dict[int, int]):
    """What cells add that have the same mask."""

    def __init__(self, pack: Callable[[int], int]) -> None:
        super().__init__()
        self._pack = pack

    def __missing__(self, mask: int) -> int:
        packed = self[mask] = self._pack(mask)
        return packed


class _BitCounter:
    """How often each bit is set in many numbers: they are added up bit by bit, without carrying to the next bit."""

    def __init__(self) -> None:
        self._levels: list[list[int]] = []

    def add(self, number: int) -> None:
        """Count the bits of a number."""
        for level in self._levels:
            level.append(number)
            if len(level) < 3:
                return
            one, other, third = level
            half = one ^ other
            level[:] = [half ^ third]
            number = one & other | third & half
        self._levels.append([number])

    def counts(self) -> Counter[int]:
        """The counts by bit."""
        found: Counter[int] = Counter()
        for power, level in enumerate(self._levels):
            for number in level:
                for bit in _bits(number):
                    found[bit] += 1 << power
        return found


def _bits(number: int) -> Iterator[int]:
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


class Coverage:
    """Counts, for the lines of a file, how many requests each comparison decides."""

    def __init__(self, judge: Judge, router: Router) -> None:
        self._judge = judge
        self._engine = judge.engine
        self._router = router
        counted = [
            (rule, branch, found)
            for rule in judge.engine.rules.rules
            for branch in rule.branches
            if not rule.missing_from(published=router.published)
            and (found := branch.alternatives) is not None
            and len(found) <= MOST_COUNTED
            and len(_leaves(found)) <= MOST_COUNTED
        ]
        counted.sort(key=lambda each: -len(each[2]))
        most = max((len(one) for _, _, found in counted for one in found), default=0)
        widest = max((len(_leaves(found)) for _, _, found in counted), default=0)
        width = self._width = max(widest, (_POISON * (most + 1)).bit_length() + 1)
        levels = max((len(found) for _, _, found in counted), default=0)
        sizes = [sum(len(found) > level for _, _, found in counted) for level in range(levels)]
        starts = [sum(sizes[:level]) for level in range(levels)]
        self._branches = [
            _Covered(
                rule, branch, found, _leaves(found), tuple((starts[n] + at) * width for n in range(len(found)))
            )
            for at, (rule, branch, found) in enumerate(counted)
        ]  # fmt: skip
        self._leaves = {each.branch: each.leaves for each in self._branches}
        self._shift = sum(sizes) * width
        self._lowest = sum(1 << field * width for field in range(sum(sizes)))
        self._bias = self._lowest * ((1 << width - 1) - 2)
        self._full = (1 << width) - 1
        self._folds = [
            (start * width, (1 << size * width) - 1) for start, size in zip(starts, sizes, strict=True)
        ]  # fmt: skip
        """How far the fields of first, second … alternatives are from the beginning, and which they are."""
        self._base, self._columns = self._packed_columns()
        self._fields_of: dict[RoutingRule, int] = {}
        self._by_effect: dict[tuple[tuple[str, ...], bool], list[_Covered]] = {}
        for each in self._branches:
            self._fields_of[each.rule] = self._fields_of.get(each.rule, 0) | self._full << each.fields[0]
            if each.branch.connectors:
                self._by_effect.setdefault((each.branch.connectors, each.rule.is_predefined), []).append(each)
        self._effective = sum(self._full << each.fields[0] for group in self._by_effect.values() for each in group)
        self._requests: dict[Request, _OfRequest] = {}
        self._activating: dict[tuple[Request, int], int] = {}
        self._asked: dict[int, tuple[int, ...]] = {}
        self._near = _BitCounter()
        self._weighted: Counter[int] = Counter()

    def leaves_of(self, branch: Branch) -> tuple[Path, ...]:
        """The comparisons of a branch that are counted, by their paths in its conditions."""
        return self._leaves.get(branch, ())

    def _packed_columns(self) -> tuple[int, list[_Packed]]:
        """What each line has before its cells are looked at, and the columns."""
        base = 0
        terms: dict[object, list[tuple[Test, int, int]]] = {}
        for each in self._branches:
            for first, alternative in zip(each.fields, each.alternatives, strict=True):
                for term in alternative:
                    if term.comparison is None:
                        base += _POISON << first
                    elif term.comparison.attribute[1] not in (TASK_TYPE, OPERATION):
                        test = Test(term.comparison)
                        test.positive, test.negative = int(not term.is_negated), int(term.is_negated)
                        terms.setdefault(term.comparison.attribute, []).append(
                            (test, first, each.leaves.index(term.path))
                        )
        columns = []
        for column in self._judge.columns:
            own = terms.pop(column.attribute, [])
            tests: dict[object, Test] = {}
            for number, (one, _, _) in enumerate(own):
                test = tests.setdefault(one.comparison.key, Test(one.comparison))
                test.positive |= one.positive << number
                test.negative |= one.negative << number
            if not own:
                continue
            everything = (1 << 2 * len(own)) - 1
            for test in tests.values():
                test.close(len(own), everything)
            zone = self._engine.rules.zone
            masks = ColumnMasks([*tests.values()], everything, column.read, zone, is_plain=column.choice is None)
            pack = self._pack([(first, leaf) for _, first, leaf in own])
            columns.append(_Packed(column.index, masks, everything, pack))
        base += sum(_POISON << first for own in terms.values() for _, first, _ in own)
        return base, columns

    def _pack(self, places: Sequence[tuple[int, int]]) -> Callable[[int], int]:
        def pack(mask: int) -> int:
            width = len(places)
            packed = 0
            for number, (first, leaf) in enumerate(places):
                if not mask >> number & 1:
                    packed += 1 << first | 1 << self._shift + first + leaf
                elif not mask >> width + number & 1:
                    packed += _POISON << first
            return packed

        return pack

    # Lines

    def take(self, columns: ChunkColumns, numbers: Iterable[int], weights: Sequence[Decimal | int] = ()) -> None:
        """Count the near misses of some lines, of which the groups are known; of odd rows there are none."""
        if not columns.cells or not self._branches:
            return
        sums: Iterable[int] = repeat(self._base, len(columns.cells[0]))
        for packed in self._columns:
            sums = map(add, sums, packed.of(columns))
        lowest, bias, full, shift, guard = self._lowest, self._bias, self._full, self._shift, self._width - 1
        asked, count, folds = self._asked, self._near.add, self._folds[1:]
        below, first = (1 << shift) - 1, self._folds[0][1]
        if columns.is_odd:
            numbers = [number for number, is_odd in zip(numbers, columns.is_odd, strict=True) if not is_odd]
        for at, (total, number) in enumerate(zip(sums, numbers, strict=True)):
            fields = total & below
            single = fields & lowest
            single ^= single & (fields + bias >> guard)
            if not single:
                continue
            near = single * full & total >> shift
            for allowed in asked[number] if number in asked else self._ask(number):
                if found := near & allowed:
                    folded = found & first
                    for distance, own in folds:
                        folded |= found >> distance & own
                    if not weights:
                        count(folded)
                    elif weight := weights[at]:
                        for bit in _bits(folded):
                            self._weighted[bit] += weight  # type: ignore[assignment]

    def _ask(self, number: int) -> tuple[int, ...]:
        """The fields whose near misses count for the lines of a group: requests that share a branch stand apart."""
        group = self._judge.groups[number]
        apart: list[tuple[int, int]] = []
        for request in group.requests:
            if request.task_type is None:
                continue
            first = self._activations(request, self._judge.mask(group, request))
            allowed = self._of(request).whole & self._spread(first)
            folded = 0
            for distance, fields in self._folds:
                folded |= allowed >> distance & fields
            for place, (taken, fields) in enumerate(apart):
                if not taken & folded:
                    apart[place] = taken | folded, fields | allowed
                    break
            else:
                apart.append((folded, allowed))
        found = self._asked[number] = tuple(fields for _, fields in apart if fields)
        return found

    def _spread(self, first: int) -> int:
        """The fields of all alternatives, by those of the first ones."""
        spread = 0
        for distance, fields in self._folds:
            spread |= (first & fields) << distance
        return spread

    def _of(self, request: Request) -> "_OfRequest":
        found = self._requests.get(request)
        if found is None:
            found = self._requests[request] = self._request(request)
        return found

    def _request(self, request: Request) -> "_OfRequest":
        whole, single = 0, 0
        leaf_of: dict[int, Leaf] = {}
        fields: dict[int, int] = {}
        for each in self._branches:
            bit = self._engine.bits[each.branch].may
            for first, alternative in zip(each.fields, each.alternatives, strict=True):
                lowest = bit & -bit
                bit ^= lowest
                failing = []
                for term in alternative:
                    comparison = term.comparison
                    if comparison is None or comparison.attribute[1] not in (TASK_TYPE, OPERATION):
                        continue
                    value = request.task_type if comparison.attribute[1] == TASK_TYPE else request.operation
                    holds = self._engine.holds_for(comparison, value)
                    if holds is None:
                        failing += [term.path] * _POISON
                    elif holds is term.is_negated:
                        failing.append(term.path)
                if not failing:
                    whole |= self._full << first
                elif len(failing) == 1:
                    single |= lowest
                    leaf_of[lowest.bit_length() - 1] = each.branch, failing[0]
                    fields[lowest.bit_length() - 1] = each.fields[0]
        return _OfRequest(whole, single, leaf_of, fields)

    def _activations(self, request: Request, mask: int) -> int:
        """The fields of the branches that would change the answer if they were taken, of first alternatives."""
        key = request, mask & self._engine.everything
        if key in self._activating:
            return self._activating[key]
        assert request.task_type is not None
        now = self._router.outcome(request.task_type, mask)
        standing = {state.rule for state in now.states if not state.missing}
        found = self._effective
        if standing:
            found, known = 0, sum(self._fields_of.get(rule, 0) for rule in standing)
            for group in self._by_effect.values():
                one = next((each for each in group if each.rule not in standing), None)
                if one is not None and self._changes(request, mask, now, one):
                    found |= sum(self._full << each.fields[0] for each in group)
            found &= ~known
            for each in self._branches:
                if each.rule in standing and self._changes(request, mask, now, each):
                    found |= self._full << each.fields[0]
        self._activating[key] = found
        return found

    def _changes(self, request: Request, mask: int, now: RequestOutcome, covered: _Covered) -> bool:
        may, sure = self._engine.bits[covered.branch]
        return self._is_other(request, mask | may | sure, now)

    def _is_other(self, request: Request, mask: int, now: RequestOutcome) -> bool:
        assert request.task_type is not None
        then = self._router.outcome_if(request.task_type, mask)
        return (then.outcome, then.connector) != (now.outcome, now.connector)

    # The sums

    def decided(self, groups: Mapping[int, Decimal | int]) -> Counter[Leaf]:
        """How many requests each comparison decides; `groups`: how many lines each group has."""
        decided: Counter[Leaf] = Counter()
        near = self._near.counts()
        near.update(self._weighted)
        for each in self._branches:
            for place, leaf in enumerate(each.leaves):
                decided[each.branch, leaf] += near[each.fields[0] + place]
        losses: dict[tuple[Request, int], list[Leaf]] = {}
        for number, lines in groups.items():
            group = self._judge.groups[number]
            for request in group.requests:
                if request.task_type is None or not group.mask:
                    continue
                mask = self._judge.mask(group, request)
                for one in self._of_other_requests(request, group.mask, mask):
                    decided[one] += lines  # type: ignore[assignment]
                if (request, mask) not in losses:
                    losses[request, mask] = list(self._losses(request, mask))
                for one in losses[request, mask]:
                    decided[one] += lines  # type: ignore[assignment]
        return decided

    def _of_other_requests(self, request: Request, of_line: int, mask: int) -> set[Leaf]:
        """The comparisons of the task type and the operation that alone keep a branch from being taken."""
        of = self._of(request)
        held = of_line >> self._engine.width & of.single
        if not held:
            return set()
        allowed = self._activations(request, mask)
        return {of.leaf_of[bit] for bit in _bits(held) if allowed >> of.fields[bit] & 1}

    def _losses(self, request: Request, mask: int) -> Iterator[Leaf]:
        """The comparisons that alone hold a branch which is taken, and without which the answer is another."""
        assert request.task_type is not None
        now = self._router.outcome(request.task_type, mask)
        taken = {state.taken for state in now.states if state.taken is not None and not state.missing}
        for each in self._branches:
            if each.branch not in taken:
                continue
            bits = [1 << bit for bit in _bits(self._engine.bits[each.branch].may)]
            held = [bool(mask & bit << self._engine.width) for bit in bits]
            for leaf in each.leaves:
                has = [any(term.path == leaf for term in one) for one in each.alternatives]
                if any(is_held and not asks for is_held, asks in zip(held, has, strict=True)):
                    continue
                lost = sum(bit for bit, asks in zip(bits, has, strict=True) if asks)
                if self._is_other(request, mask & ~(lost | lost << self._engine.width), now):
                    yield each.branch, leaf


class _OfRequest(NamedTuple):
    """What a request says of the alternatives, by its task type and operation."""

    whole: int
    """The fields of those on which nothing of it fails."""
    single: int
    """The bits, in the engine's masks, of those on which one comparison of it fails."""
    leaf_of: Mapping[int, Leaf]
    fields: Mapping[int, int]
    """By those bits: the comparison that fails, and the field of the branch."""


def _leaves(found: Iterable[Alternative]) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(term.path for one in found for term in one if term.comparison is not None))
