"""Orders that stay in hand: after any edits the answers are those of a reading from the start."""

import copy
import csv
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from omtui.problem import Wrong
from omtui.rehearsal import kept_orders
from omtui.rehearsal.against import RoutingChanges, compare_runs
from omtui.rehearsal.columns import ColumnChoice
from omtui.rehearsal.counting import count_orders, edit_impact
from omtui.rehearsal.job import LinesRead, RehearsalCounts, RehearsalJob, WayLines
from omtui.rehearsal.live import Answer, LiveRehearsal
from omtui.rehearsal.open_orders import read_orders
from omtui.rehearsal.order_files import OrderFile, order_file
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed
from omtui.setup.indexed import Indexed
from tests.rehearsal.generator import random_file, random_profile
from tests.rehearsal.test_truth import as_read
from tests.thorough import THOROUGH

SEEDS = 400 if THOROUGH else 40
EDITS = 8


class LiveWithSaved(LiveRehearsal):
    """The file of the profile is read already."""

    def __init__(self) -> None:
        super().__init__()
        self.saved: dict[str, Any] = {}

    def _parsed(self, _: bytes) -> dict[str, Any]:
        return self.saved


def answer_of(live: LiveRehearsal, job: RehearsalJob) -> Answer:
    *_, answer = (each for each in live.answers(job) if each is not None and not isinstance(each, LinesRead))
    return answer


def by_the_plain_way(job: RehearsalJob, before: dict[str, Any] | None) -> RehearsalCounts:
    """Counted line by line, with nothing kept."""

    def run_of(data: Any) -> Rehearsal:
        file = order_file(Path(job.file))
        assert isinstance(file, OrderFile)
        orders = read_orders(*file)
        assert isinstance(orders, Orders)
        setup = Indexed(data)
        return Rehearsal(Rehearsed(setup, datetime.now(UTC), setup.zone), orders, choices=job.choices)

    *_, counts = count_orders(run_of(job.data))
    assert isinstance(counts, RehearsalCounts)
    if before is None:
        return counts
    changes = RoutingChanges()
    for _, found in compare_runs(run_of(job.data), run_of(before)):
        changes = found
    return replace(counts, edit=edit_impact(changes.changed, changes.changed_lines, changes.counts))


def edit(source: random.Random, data: dict[str, Any]) -> dict[str, Any]:
    """The same set-up with something else in it."""
    data = copy.deepcopy(data)
    rules = data["routing_rules"]
    other = as_read(random_profile(source))
    assert isinstance(other, dict)
    number = source.randrange(len(rules)) if rules else 0
    match source.randrange(9):
        case 0 | 1 | 2 if rules:
            rules[number]["when"] = source.choice(other["routing_rules"]).get("when", {})
        case 3 if rules:
            rules[number]["active"] = not rules[number].get("active")
        case 4 if rules:
            del rules[number]
        case 5:
            rules.insert(number, source.choice(other["routing_rules"]))
        case 6 if rules:
            source.shuffle(rules)
        case 7 if rules:
            rules[number]["then"] = [{"action": "Set Connector Name", "value": source.choice("ABC")}]
        case 8:
            source.choice(data["task_types"])["predefined"] = source.random() < 0.5
    return data


def written(path: Path, headings: list[str], rows: list[list[object]], source: random.Random) -> None:
    """As CSV, some with a column of weights."""
    if source.random() < 0.3:
        headings = [*headings, "Lines"]
        rows = [[*row, source.choice(("1", "2", "0.5", "0", "many"))] for row in rows]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([headings, *rows])


@pytest.mark.parametrize("start", range(0, SEEDS, SEEDS // 4))
def test_after_any_edits_the_answer_is_that_of_a_reading_from_the_start(start: int, tmp_path: Path) -> None:
    for seed in range(start, start + SEEDS // 4):
        source = random.Random(seed)
        profile = as_read(random_profile(source))
        assert isinstance(profile, dict)
        headings, rows, _ = random_file(source, random_profile(random.Random(seed)), 60)
        path = tmp_path / f"{seed}.csv"
        written(path, headings, rows, source)
        choices = (ColumnChoice("Lines", role="weight"),)
        live, saved, past = LiveWithSaved(), profile, [profile]
        for number in range(EDITS):
            data = source.choice(past) if source.random() < 0.2 else edit(source, past[-1])
            past.append(data)
            if source.random() < 0.2:
                saved = data
            live.saved = saved
            before = None if data is saved else b"what is saved"
            job = RehearsalJob(data, str(path), choices, before)
            found = answer_of(live, job)
            expected = by_the_plain_way(job, None if before is None else saved)
            assert found == expected, (seed, number)
            assert isinstance(found, RehearsalCounts)
            way = source.choice(list(found.ways) or [None])
            if way is not None:
                asked = replace(job, before=None, way=way)
                lines = answer_of(live, asked)
                assert lines == answer_of(LiveRehearsal(), asked), (seed, number)
                assert isinstance(lines, WayLines)
                if lines.lines:
                    one = replace(asked, line=source.choice(lines.lines).number)
                    assert answer_of(live, one) == answer_of(LiveRehearsal(), one)


def test_of_too_many_cells_nothing_is_kept_and_the_answers_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = random.Random(7)
    profile = as_read(random_profile(source))
    assert isinstance(profile, dict)
    headings, rows, _ = random_file(source, random_profile(random.Random(7)), 600)
    path = tmp_path / "orders.csv"
    written(path, headings, rows, source)
    edited = edit(random.Random(2), profile)

    def asked() -> list[Answer]:
        live = LiveWithSaved()
        live.saved = profile
        counts = answer_of(live, RehearsalJob(edited, str(path), (), b"saved"))
        assert isinstance(counts, RehearsalCounts)
        ways = [answer_of(live, RehearsalJob(edited, str(path), (), None, way)) for way in counts.ways]
        return [counts, *ways, answer_of(live, RehearsalJob(edited, str(path), (), None, next(iter(counts.ways)), 999))]

    kept = asked()
    monkeypatch.setattr(kept_orders, "MOST_CELLS", 20)
    assert asked() == kept


def test_a_file_that_changed_is_read_again_and_so_is_one_of_which_another_column_is_asked(tmp_path: Path) -> None:
    def rules(attribute: str) -> dict[str, Any]:
        when = {"entity": "Order Header", "attribute": attribute, "operator": "is equal to", "value": "A"}
        then = [{"action": "Set Connector Name", "value": "Out"}]
        return {"routing_rules": [{"name": "Only", "active": True, "when": when, "then": then}]}

    path = tmp_path / "orders.csv"
    path.write_text("Task Type,Customer,Order Type\nPick,A,B\nPick,B,A\nPick,B,A\n")
    live = LiveRehearsal()

    def routed(data: dict[str, Any]) -> int:
        found = answer_of(live, RehearsalJob(data, str(path)))
        assert isinstance(found, RehearsalCounts)
        return found.outcomes.get("routed", 0)

    assert routed(rules("Customer")) == 1
    assert routed(rules("Order Type")) == 2
    assert routed(rules("Customer")) == 1
    path.write_text(path.read_text() + "Pick,A,A\n")
    assert routed(rules("Customer")) == 2
    path.unlink()
    assert isinstance(answer_of(live, RehearsalJob(rules("Customer"), str(path))), Wrong)
