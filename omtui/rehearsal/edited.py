"""Lines judged once, and the same lines by edited rules: only what the rules that changed say of a line is asked again.

A line's group says what every rule makes of it. For an edit, the groups are taken over without the rules that changed,
and only lines on which one of these may hold, before or after, are looked at: they go to groups of their own.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import compress, groupby
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from omtui.rehearsal.against import RouteMove, moves_of
from omtui.rehearsal.cell_masks import kind_read
from omtui.rehearsal.cells import is_missing
from omtui.rehearsal.columns import OF_THE_REQUEST, MappedColumn
from omtui.rehearsal.counting import edit_impact
from omtui.rehearsal.job import EditImpact
from omtui.rehearsal.judging import CHUNK, Judge, JudgedGroup, cell_key
from omtui.rehearsal.kept_orders import KeptOrders
from omtui.rehearsal.masks import Engine
from omtui.rehearsal.rehearsing import ColumnFacts, Rehearsal, Rehearsed, weight_of
from omtui.rehearsal.rules import Branch, RoutingRule, RuleSet, branches_of
from omtui.setup.comparisons import ValueKind
from omtui.setup.indexed import LocatedRecord, is_predefined, text
from omtui.setup.place import Path, found_at

MOST_CHANGED: Final = 24
"""With more rules changed, all lines are judged again."""
_BLOCK: Final = 50_000
"""Lines that are looked at in one go, between which a newer question is heard."""
_MOST_KNOWN: Final = 5_000


class KnownRules:
    """Rules that were compiled, by their text: only rules that changed are compiled again."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, str], tuple[Branch, ...]] = {}
        self._contents: WeakKeyDictionary[Branch, str] = WeakKeyDictionary()

    def branches(self, located: LocatedRecord) -> tuple[Branch, ...]:
        """Those of a rule."""
        content = repr(located.record)  # texts, numbers and the like differ in it
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        found = self._known.get((located.path, content))
        if found is None:
            found = self._known[located.path, content] = branches_of(located)
            self._contents[found[0]] = content
        return found

    def content(self, rule: RoutingRule) -> str:
        """A rule as text."""
        return self._contents[rule.branches[0]]


@dataclass
class JudgedOrders:
    """All lines of a file by one set of rules: counts, and the group of each line."""

    run: Rehearsal
    groups: "array[int]" = field(default_factory=lambda: array("I"))
    base: "JudgedOrders | None" = None
    """Lines that were all judged one by one, of whose groups these are made."""
    places: "array[int]" = field(default_factory=lambda: array("I"))
    """The lines that may differ from those."""

    @property
    def origin(self) -> "JudgedOrders":
        """That from which it was made, or itself."""
        return self.base or self


def judge_all(judged: JudgedOrders) -> Iterator[None]:
    """Judge all lines one by one, chunk by chunk."""
    for _, _, groups in judged.run.judged():
        judged.groups.extend(groups)
        yield


class _BitMove(NamedTuple):
    """Bits of a mask that are at another place in another one: from where, which, and to where."""

    first: int
    bits: int
    to: int


class _Difference(NamedTuple):
    """The rules that are not in both of two sets, and where the bits of all rules are in the masks of the new set."""

    engine: Engine
    """Of the rules that changed: as they are, and as they were."""
    changed: tuple[_BitMove, ...]
    """From its masks."""
    kept: tuple[_BitMove, ...]
    """From the former masks."""


def edited(
    base: JudgedOrders, run: Rehearsal, kept: KeptOrders, known: KnownRules
) -> Generator[None, None, JudgedOrders | None]:
    """The lines by the rules of `run`; `None` where they must all be judged one by one."""
    found = _difference(base.run, run, known)
    return None if found is None else (yield from _apply(found, base, run, kept))


def _difference(before: Rehearsal, now: Rehearsal, known: KnownRules) -> _Difference | None:
    if before.rehearsed.engine.wide or now.rehearsed.engine.wide or not now.requests.is_like(before.requests):
        return None
    if before.columns.roles.get("weight") != now.columns.roles.get("weight"):
        return None
    former: dict[str, list[RoutingRule]] = {}
    for rule in before.rehearsed.rules.rules:
        former.setdefault(known.content(rule), []).append(rule)
    changed, kept = [], []
    for rule in now.rehearsed.rules.rules:
        same = former.get(known.content(rule))
        if same:
            kept.append((same.pop(0), rule))
        else:
            changed.append(rule)
    gone = [rule for rules in former.values() for rule in rules]
    read = {each for _, rule in kept for branch in rule.branches for each in branch.attributes} | {*OF_THE_REQUEST}
    if len(changed) + len(gone) > MOST_CHANGED or any(before.columns.of(e) != now.columns.of(e) for e in read):
        return None
    new, rules = now.rehearsed.engine, now.rehearsed.rules
    engine = Engine(RuleSet((*changed, *gone), rules.as_of, rules.zone))
    moves = _bit_moves(engine, new, [(rule, rule) for rule in changed])
    return _Difference(engine, moves, _bit_moves(before.rehearsed.engine, new, kept))


def _bit_moves(old: Engine, new: Engine, rules: Sequence[tuple[RoutingRule, RoutingRule]]) -> tuple[_BitMove, ...]:
    """Where the bits of rules go; those of neighbours go together."""
    spans = []
    for before, now in rules:
        bits, place = old.rule_bits[before], new.rule_bits[now]
        if bits:
            spans.append((_low(bits), bits.bit_count(), _low(place)))
    found = []
    for _, together in groupby(sorted(spans), key=lambda each: each[2] - each[0]):
        near = list(together)
        first, to = near[0][0], near[0][2]
        mask = sum(((1 << width) - 1) << place - first for place, width, _ in near)
        found += [_BitMove(first, mask, to), _BitMove(first + old.width, mask, to + new.width)]
    return tuple(found)


def _low(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _moved(mask: int, moves: Sequence[_BitMove]) -> int:
    found = 0
    for first, bits, to in moves:
        found |= (mask >> first & bits) << to
    return found


class _PairNumbers(dict[tuple[int, int], int]):
    """The new group of lines, by their former one and by the mask of what the changed rules say."""

    def __init__(self, moves: Sequence[_BitMove], groups: list[JudgedGroup]) -> None:
        super().__init__()
        self._moves, self._groups = moves, groups

    def __missing__(self, pair: tuple[int, int]) -> int:
        group, said = pair
        if group == 0:  # a row of another width
            return 0
        number = self[pair] = len(self._groups)
        requests, mask, _ = self._groups[group]
        self._groups.append(JudgedGroup(requests, mask | _moved(said, self._moves)))
        return number


def _apply(
    difference: _Difference, base: JudgedOrders, run: Rehearsal, kept: KeptOrders
) -> Generator[None, None, JudgedOrders]:
    former, groups = base.run, run.judge.groups
    judge = Judge(difference.engine, run.requests, run.columns, is_typed=run.orders.is_typed)
    groups[1:] = [JudgedGroup(each.requests, _moved(each.mask, difference.kept)) for each in former.judge.groups[1:]]
    judged = JudgedOrders(run, base.groups[:], base)
    numbers = _PairNumbers(difference.changed, groups)
    counts: Counter[int] = Counter(former.group_counts)
    tables, amounts = _deciding_tables(judge, kept), line_amounts(run, kept)
    for first in range(0, kept.lines, _BLOCK) if difference.engine.width else ():
        places = _asked_places(tables, kept, first, min(first + _BLOCK, kept.lines))
        old = list(map(base.groups.__getitem__, places))
        new = list(map(numbers.__getitem__, zip(old, _masks(judge, kept, places), strict=True)))
        for place, number in zip(places, new, strict=True):
            judged.groups[place] = number
        judged.places.extend(places)
        if amounts is None:
            counts.subtract(old)
            counts.update(new)
        else:
            for place, one, other in zip(places, old, new, strict=True):
                counts[one] -= amounts(place)  # type: ignore[assignment]
                counts[other] += amounts(place)  # type: ignore[assignment]
        yield
    run.group_counts = +counts
    run.lines, run.problem = former.lines, former.problem
    for column in run.judge.columns:
        is_same = former.columns.of(column.attribute) == column and _kinds(former, column) == _kinds(run, column)
        run.facts[column.index] = former.facts[column.index] if is_same else _facts(run, column, kept)
    return judged


def _deciding_tables(judge: Judge, kept: KeptOrders) -> list[tuple[int, bytes]]:
    """Of columns with few distinct cells: on which of them any of the rules may hold."""
    found = []
    for column, masks in judge.masks:
        held = kept.columns[column.index]
        table = bytes(bool(masks[cell_key(each)] & judge.engine.may) for each in held.cells[:256])
        if held.codes.typecode == "B" and not all(table):
            found.append((column.index, table.ljust(256, b"\0")))
    return found


def _asked_places(tables: Sequence[tuple[int, bytes]], kept: KeptOrders, first: int, end: int) -> list[int]:
    """The lines on which any rule may hold, as far as these columns say it."""
    asked = -1
    for index, table in tables:
        asked &= int.from_bytes(kept.columns[index].codes[first:end].tobytes().translate(table))
    places = range(first, end)
    return list(places) if asked < 0 else list(compress(places, asked.to_bytes(end - first)))


def _masks(judge: Judge, kept: KeptOrders, places: Sequence[int]) -> Iterator[int]:
    """What the rules say of some lines."""
    columns = {each.index: kept.columns[each.index] for each in judge.columns}
    for first in range(0, len(places), CHUNK):
        some = places[first : first + CHUNK]
        cells = {index: [held.cells[held.codes[place]] for place in some] for index, held in columns.items()}
        if judge.is_typed:
            cells = {index: list(map(cell_key, each)) for index, each in cells.items()}
        yield from judge.masks_of(cells, len(some))


def _kinds(run: Rehearsal, column: MappedColumn) -> set[ValueKind | None]:
    """The types as which the rules read a column."""
    return {kind_read(test.comparison) for test in run.rehearsed.engine.asked_of(column.attribute)}


def _facts(run: Rehearsal, column: MappedColumn, kept: KeptOrders) -> ColumnFacts:
    """What the cells of a column are like, as other rules read them."""
    held, is_typed = kept.columns[column.index], run.orders.is_typed
    lines = Counter(held.codes)
    facts = ColumnFacts(-len(kept.odd))  # theirs stand as missing, and are not counted
    masks = next(masks for each, masks in run.judge.masks if each == column)
    for code, cell in enumerate(held.cells):
        if is_missing(cell):
            facts.missing += lines[code]
        elif (is_typed or not masks.is_text) and masks.unreadable([cell_key(cell)]):
            facts.unreadable += lines[code]
    return facts


def line_amounts(run: Rehearsal, kept: KeptOrders) -> Callable[[int], Decimal | int] | None:
    """How many lines a line counts for; `None`: for one, each."""
    index = run.columns.roles.get("weight")
    if index is None:
        return None
    held = kept.columns[index]
    amounts = [weight_of(cell) or 0 for cell in held.cells]
    return lambda place: amounts[held.codes[place]]


def edit_impact_of(now: JudgedOrders, before: JudgedOrders, kept: KeptOrders) -> Generator[None, None, EditImpact]:
    """What changes between two sets of rules."""
    places: Sequence[int] = range(kept.lines)
    if now.origin is before.origin and _is_decided_alike(now.run, before.run):
        places = sorted({*now.places, *before.places})
    amounts = line_amounts(now.run, kept)
    pairs: Counter[tuple[int, int]] = Counter()
    for first in range(0, len(places), _BLOCK):
        some = places[first : first + _BLOCK]
        ways = zip(map(now.groups.__getitem__, some), map(before.groups.__getitem__, some), strict=True)
        if amounts is None:
            pairs.update(ways)
        else:
            for place, way in zip(some, ways, strict=True):
                pairs[way] += amounts(place)  # type: ignore[assignment]
        yield
    requests: Decimal | int = 0
    lines: Decimal | int = 0
    counts: Counter[RouteMove] = Counter()
    for (one, other), number in pairs.items():
        moves = list(moves_of(now.run.outcomes.of(one), before.run.outcomes.of(other)))
        requests += number * len(moves)
        lines += number * bool(moves)
        for move in moves:
            counts[move] += number
    return edit_impact(requests, lines, counts)


def _is_decided_alike(now: Rehearsal, before: Rehearsal) -> bool:
    """Whether two requests by which the same rules hold go the same way: Oracle's own task types are the same."""
    one, other = (_what_is_oracles(run.rehearsed) for run in (now, before))
    return one == other


def _what_is_oracles(rehearsed: Rehearsed) -> tuple[object, ...]:
    setup, rules = rehearsed.setup, rehearsed.rules.rules
    names = {text(each.record, "name") for each in setup.records("task_types") if is_predefined(each.record)}
    return names, [(rule.misses, repr(found_at(setup.data, rule.path))) for rule in rules if rule.is_predefined]
