"""Fixtures for all tests."""

import gc
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.programs import left_out
from tests.terminal import Terminal

# A run in the background, or one that outlives its terminal, ignores these signals; so would all programs it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)

gc.disable()  # until the tests are collected: what is made then stays, and looking through it is a third of the time

settings.register_profile(
    "laws",
    deadline=None,  # a machine may be slow
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
    ],
)
settings.load_profile("laws")


LONGEST = (
    "test_random_keys.py",
    "test_source_text.py",
    "test_no_key_ends_it.py",
    "test_terminal_diff.py",
    "test_sheet_budgets.py",
    "test_secrets_of_a_session.py",
    "test_injection.py",
    "test_terminal_output.py",
    "test_outcomes.py",
    "test_tab_changes_nothing.py",
    "test_truth.py",
)
"""They begin first, so that no worker is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; the others in their order."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_collection_finish() -> None:
    """From here on there is garbage."""
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Neighbours stay on one worker, which makes their fixtures once; who is done takes over from the other's end."""
    if config.getvalue("dist") != "load":
        return None
    from xdist.scheduler import WorkStealingScheduling  # type: ignore[import-untyped]  # a run with `-p no:xdist` has none

    return WorkStealingScheduling(config, log)


@pytest.fixture(autouse=True)
def garbage_is_collected() -> Iterator[None]:
    """A command turns the collector off and the workbench keeps what start-up brought: both for one program's life."""
    yield
    gc.unfreeze()
    gc.enable()


@pytest.fixture
def open_terminal(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Opens terminals (the arguments are those of `Terminal`) that end with the test.

    Their home is `tmp_path / "home"`, so that a second terminal of a test finds what the first one left.
    """
    with ExitStack() as terminals:

        def start(*command: str, **options: Any) -> Terminal:
            options.setdefault("home", tmp_path / "home")
            options.setdefault("folder", tmp_path)
            return terminals.enter_context(Terminal(*command, **options))

        yield start


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what a machine lacks."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple)]
    if line := left_out(reasons):
        terminalreporter.write_line(line, yellow=True)
