from collections.abc import Iterator
from pathlib import Path

import pytest

from omtui.practice.practice import Practice, running
from tests.topology.servers import Ground, ground


@pytest.fixture(scope="session")
def practice() -> Iterator[Practice]:
    with running() as started:
        yield started


@pytest.fixture
def loopback(tmp_path: Path) -> Iterator[Ground]:
    """Servers on loopback that end with the test."""
    with ground(tmp_path) as made:
        yield made
