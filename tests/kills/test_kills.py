"""A command that is killed: the files are old or new, the log says exactly what was done, and undo takes it back.

So it is where a call fails, and then the command says which of both.
"""

import errno
from collections.abc import Iterator

import pytest

from tests.kills.harness import COMMANDS, Kills
from tests.thorough import THOROUGH


@pytest.fixture(scope="module")
def kills(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kills]:
    with Kills(tmp_path_factory.mktemp("kills")) as made:
        yield made


@pytest.mark.parametrize(
    ("command", "step"),
    [(name, 1) for name in COMMANDS]
    if THOROUGH
    else [("rename", 6), ("add without key", 8), ("rename profile", 12), ("import over with mapping", 12)],
)
def test_a_kill_at_any_writing_call_leaves_all_or_nothing(kills: Kills, command: str, step: int) -> None:
    points = list(kills.kill_everywhere(command, step))
    assert len(points) > 5
    assert [point for point in points if point[1]] == []


@pytest.mark.parametrize("failure", [errno.ENOSPC, errno.EIO] if THOROUGH else [errno.ENOSPC])
@pytest.mark.parametrize(
    ("command", "step"), [(name, 1) for name in COMMANDS] if THOROUGH else [("rename profile", 15), ("set", 10)]
)
def test_a_call_that_fails_leaves_all_or_nothing(kills: Kills, command: str, step: int, failure: int) -> None:
    points = list(kills.kill_everywhere(command, step, failure))
    assert len(points) > 5
    assert [point for point in points if point[1]] == []
