"""Rehearsals in a process of their own: the answer comes, and nothing is left when nobody waits any more."""

import asyncio
import os
import pickle
import select
import signal
import subprocess
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from omtui.problem import Problem
from omtui.rehearsal.columns import ColumnChoice
from omtui.rehearsal.job import RehearsalCounts, RehearsalJob, RequestWay
from omtui.rehearsal.order_files import column_choices
from omtui.service import editing
from omtui.service.rehearsing import Rehearser, job_of, keep_choice
from omtui.service.session import Session
from omtui.service.workspace import Workspace

TEXT = 'schema = 1\n\n[profile]\nname = "a"\nenvironment = "test"\n\n[[task_types]]\nname = "Pick"\n'


@pytest.fixture
def session(tmp_path: Path) -> Session:
    (tmp_path / "a.toml").write_text(TEXT)
    session = Workspace(tmp_path, state=tmp_path / "state").open("a")
    assert isinstance(session, Session)
    return session


def children(of: int = 0) -> list[int]:
    """The rehearsals that this process, or another one, started and that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = folder.joinpath("stat").read_text().rpartition(")")[2].split()[1]
            if (
                int(parent) == (of or os.getpid())
                and b"omtui.rehearsal.child" in folder.joinpath("cmdline").read_bytes()
            ):
                found.append(int(folder.name))
    return found


@pytest.fixture
async def rehearser() -> AsyncIterator[Rehearser]:
    rehearser = Rehearser()
    yield rehearser
    await rehearser.end()
    assert not children()


def few(folder: Path) -> RehearsalJob:
    orders = folder / "orders.csv"
    orders.write_text("Order,Task Type\n1,Pick\n2,Pick\n")
    return RehearsalJob(tomllib.loads(TEXT), str(orders))


def many(folder: Path) -> RehearsalJob:
    orders = folder / "many.csv"
    orders.write_text("Order,Task Type\n" + "1,Pick\n" * 2_000_000)
    return RehearsalJob(tomllib.loads(TEXT), str(orders))


async def test_all_answers_come_from_one_process(tmp_path: Path, rehearser: Rehearser) -> None:
    found = await rehearser.ask(few(tmp_path))
    assert isinstance(found, RehearsalCounts)
    assert found.ways == {RequestWay("Pick", "(unrouted)"): 2}
    first = children()
    await rehearser.ask(few(tmp_path))
    assert children() == first


async def test_a_newer_question_is_answered_while_an_older_one_is_read(tmp_path: Path, rehearser: Rehearser) -> None:
    begun = asyncio.Event()
    older = asyncio.create_task(rehearser.ask(many(tmp_path), lambda _: begun.set()))
    await asyncio.wait_for(begun.wait(), 60)
    assert isinstance(await asyncio.wait_for(rehearser.ask(few(tmp_path)), 60), RehearsalCounts)
    assert not older.done()
    older.cancel()
    with pytest.raises(asyncio.CancelledError):
        await older
    assert isinstance(await rehearser.ask(few(tmp_path)), RehearsalCounts)


async def test_when_it_is_closed_the_process_ends_whatever_it_does(tmp_path: Path, rehearser: Rehearser) -> None:
    begun = asyncio.Event()
    asked = asyncio.create_task(rehearser.ask(many(tmp_path), lambda _: begun.set()))
    await asyncio.wait_for(begun.wait(), 60)
    assert len(children()) == 1
    await rehearser.end()
    assert not children()
    assert isinstance(await asked, Problem)


async def test_a_process_that_dies_is_reported_and_started_again(tmp_path: Path, rehearser: Rehearser) -> None:
    begun = asyncio.Event()
    asked = asyncio.create_task(rehearser.ask(many(tmp_path), lambda _: begun.set()))
    await asyncio.wait_for(begun.wait(), 60)
    os.kill(children()[0], signal.SIGKILL)
    found = await asked
    assert isinstance(found, Problem)
    assert str(found) == (
        "the rehearsal ended before it was done; read the orders again; if it ends again, take a smaller file"
    )
    assert isinstance(await rehearser.ask(few(tmp_path)), RehearsalCounts)


async def test_a_job_that_it_cannot_do_ends_it_and_no_more(tmp_path: Path, rehearser: Rehearser) -> None:
    odd = RehearsalJob(5, few(tmp_path).file)  # type: ignore[arg-type]
    assert isinstance(await rehearser.ask(odd), Problem)
    assert isinstance(await rehearser.ask(few(tmp_path)), RehearsalCounts)


PARENT = """
import asyncio, os, pickle, sys
from pathlib import Path
from omtui.service.rehearsing import Rehearser

async def main():
    job = pickle.loads(Path(sys.argv[1]).read_bytes())
    asked = asyncio.create_task(rehearser.ask(job, lambda _: print("reading", flush=True)))
    await asked
    print("answered", flush=True)
    await asyncio.Event().wait()

rehearser = Rehearser()
asyncio.run(main())
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("word", ["reading", "answered"])
def test_a_killed_workbench_leaves_no_orphan(tmp_path: Path, word: str, how: signal.Signals) -> None:
    job = tmp_path / "job"
    job.write_bytes(pickle.dumps(many(tmp_path) if word == "reading" else few(tmp_path)))
    parent = subprocess.Popen((sys.executable, "-c", PARENT, str(job)), stdout=subprocess.PIPE)
    assert parent.stdout is not None
    while parent.stdout.readline().strip() != word.encode():
        assert parent.poll() is None
    (child,) = children(parent.pid)
    end = os.pidfd_open(child)
    parent.send_signal(how)
    parent.wait()
    parent.stdout.close()
    assert select.select([end], [], [], 30)[0]
    os.close(end)


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
