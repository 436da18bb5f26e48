"""The orders of the demo: they take every rule of the practice set-up, and show what a rehearsal is for."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from omtui.practice.orders import CHANGES, COUNT, ORDERS, sample_changes, sample_orders, write_orders
from omtui.practice.practice import Practice, running
from omtui.practice.profiles import DEV, sample_profiles
from omtui.rehearsal.changes import ACTIONS, read_changes
from omtui.rehearsal.events import raised_events
from omtui.rehearsal.open_orders import read_orders
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed
from omtui.setup.indexed import Indexed


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with running() as started:
        yield started


def test_they_take_every_rule_and_some_lines_find_none_or_two(practice: Practice) -> None:
    setup = Indexed(tomllib.loads(sample_profiles(practice)[DEV]))
    content = sample_orders().encode()
    orders = read_orders(ORDERS, lambda: BytesIO(content), len(content), "")
    assert isinstance(orders, Orders)
    run = Rehearsal(Rehearsed(setup, datetime(2026, 12, 1, tzinfo=UTC), UTC), orders)
    run.count_all()
    assert run.problem is None
    counts = run.counts()
    assert {rule for rule, _ in counts.branches} == set(range(len(setup.records("routing_rules"))))
    assert counts.outcomes["ambiguous"] == 1
    assert 100 < counts.outcomes["unrouted"] < 400
    assert counts.outcomes["routed"] > 5_000
    assert not counts.outcomes["cannot-evaluate"]
    assert len({line.partition(",")[0] for line in sample_orders().splitlines()[1:]}) == COUNT


def test_they_are_the_same_at_every_call_and_for_the_owner_only(tmp_path: Path) -> None:
    write_orders(tmp_path)
    assert (tmp_path / ORDERS).read_text() == sample_orders()
    assert (tmp_path / CHANGES).read_text() == sample_changes()
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_the_changes_are_one_of_each_kind(practice: Practice) -> None:
    content = sample_changes().encode()
    changes = read_changes(CHANGES, lambda: BytesIO(content), len(content))
    assert isinstance(changes, list)
    assert {change.action for change in changes} == {"", *ACTIONS}
    events = raised_events(Indexed(tomllib.loads(sample_profiles(practice)[DEV])), changes)
    assert {event.trigger_point for event in events if event.fired} == {
        "Order Header Status Update", "Fulfillment Line Status Update", "Order Attribute Update", "Hold", "Split",
        "Change Order Compensation Complete",
    }  # fmt: skip
