"""Rehearsals in a process of their own: the answer comes, and nothing is left when nobody waits any more."""

import asyncio
import os
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest

from omtui.problem import Problem
from omtui.rehearsal.columns import ColumnChoice
from omtui.rehearsal.job import RehearsalCounts, RehearsalJob, RequestWay
from omtui.rehearsal.order_files import column_choices
from omtui.service import editing
from omtui.service.rehearsing import job_of, keep_choice, rehearse
from omtui.service.session import Session
from omtui.service.workspace import Workspace

TEXT = 'schema = 1\n\n[profile]\nname = "a"\nenvironment = "test"\n\n[[task_types]]\nname = "Pick"\n'


@pytest.fixture
def session(tmp_path: Path) -> Session:
    (tmp_path / "a.toml").write_text(TEXT)
    session = Workspace(tmp_path, state=tmp_path / "state").open("a")
    assert isinstance(session, Session)
    return session


def children() -> list[int]:
    """The rehearsals that this process started and that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = folder.joinpath("stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == os.getpid() and b"omtui.rehearsal.child" in folder.joinpath("cmdline").read_bytes():
                found.append(int(folder.name))
    return found


async def test_the_answer_comes_from_a_process_that_ends(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("Order,Task Type\n1,Pick\n2,Pick\n")
    found = await rehearse(RehearsalJob(tomllib.loads(TEXT), str(orders)))
    assert isinstance(found, RehearsalCounts)
    assert found.ways == {RequestWay("Pick", "(unrouted)"): 2}


async def test_nobody_waits_any_more_and_the_process_ends(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("Order,Task Type\n" + "1,Pick\n" * 2_000_000)
    begun = asyncio.Event()
    task = asyncio.create_task(rehearse(RehearsalJob(tomllib.loads(TEXT), str(orders)), lambda _: begun.set()))
    await asyncio.wait_for(begun.wait(), 30)
    assert children()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not children()


async def test_it_says_when_the_process_ends_too_early(tmp_path: Path) -> None:
    found = await rehearse(
        RehearsalJob({"pod": {"time_zone": 5}, "task_types": 7}, str(tmp_path), (), None, RequestWay("", ""))
    )
    assert isinstance(found, Problem)


def test_a_job_has_the_set_up_before_only_where_something_is_unsaved(session: Session, tmp_path: Path) -> None:
    job = job_of(session, tmp_path / "o.csv")
    assert isinstance(job, RehearsalJob)
    assert job.before is None
    session.edit(editing.set_value(session.indexed, ("profile", "title"), "other"))
    job = job_of(session, tmp_path / "o.csv")
    assert isinstance(job, RehearsalJob)
    assert job.before == TEXT.encode()
    assert job.data["profile"] == {"name": "a", "environment": "test", "title": "other"}


def test_what_is_said_of_a_column_is_kept_next_to_the_profile(session: Session, tmp_path: Path) -> None:
    assert column_choices(None, session.path) == []
    assert keep_choice(session.path, ColumnChoice("Nr", role="order")) is None
    assert column_choices(None, session.path) == [ColumnChoice("Nr", role="order")]
    (tmp_path / "a.columns.toml").write_text("schema = 7")
    assert isinstance(column_choices(None, session.path), Problem)
    assert isinstance(keep_choice(session.path, ColumnChoice("Nr", role="line")), Problem)
    assert (tmp_path / "a.columns.toml").read_text() == "schema = 7"
