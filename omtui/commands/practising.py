"""The practice pod as a command, and the tour on it: practice, demo."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import INTERRUPTED, Output
from omtui.commands.profile_arguments import chosen_library, wrong
from omtui.plain_text import plain
from omtui.problem import Problem, Wrong
from omtui.setup.release import Release

if TYPE_CHECKING:
    from omtui.practice.practice import Practice


def practice(args: ParsedArguments, out: Output) -> int:
    """Run a practice pod until Ctrl+C."""
    port, release = args.text("--port", "0"), args.text("--release", "25D")
    if not (port.isdecimal() and len(port) <= 5 and int(port) <= 65535):
        return wrong(args, out, Wrong(f"{plain(port)} is no port", "give a number from 1 to 65535"))
    parsed = Release.parse(release)
    if parsed is None:
        return wrong(args, out, Wrong(f"{plain(release)} is no release", "give one such as 25D"))
    from omtui.practice.practice import running

    try:
        with running(port=int(port), release=str(parsed)) as started:
            _show_addresses(args, out, started)
            _until_interrupted()
    except OSError as error:
        out.message(f"omtui practice: port {port} cannot be used: {plain(error.strerror or error)}; choose another")
        return 3
    except KeyboardInterrupt:
        out.message("omtui practice: ended; nothing is left running")
        return INTERRUPTED
    return 0


def _until_interrupted() -> None:
    """Wait for a signal. Its handler raises."""
    while True:
        time.sleep(3600)


def _show_addresses(args: ParsedArguments, out: Output, started: Practice) -> None:
    """Where everything is."""
    from omtui.practice.pod import EVENTS_PATH, PASSWORD, USER_NAME
    from omtui.topology.oracle_services import CONNECTOR_PATH

    connectors = {
        "Connector01": started.external_url + CONNECTOR_PATH,
        "EventConnector": started.external_url + EVENTS_PATH,
    }
    if args.flag("--json"):
        out.json(
            {
                "pod": started.pod_url,
                "release": started.release,
                "user_name": USER_NAME,
                "password": PASSWORD,
                "ca_file": str(started.ca_file),
                "connectors": connectors,
                "lessons": {name: f"127.0.0.1:{port}" for name, port in started.lesson_ports.items()},
            }
        )
    else:
        out.line(f"Practice pod, release {started.release}: {started.pod_url}")
        out.line(f"  sign in as {USER_NAME}, password {PASSWORD}")
        out.line(f"  certificate authority: {started.ca_file}")
        for name, url in connectors.items():
            out.line(f"  {name}: {url}")
        out.line("Endpoints that are broken on purpose:")
        for name, port in started.lesson_ports.items():
            out.line(f"  127.0.0.1:{port}  {plain(name)}")
        out.line("Ctrl+C ends it. omtui demo shows sample profiles on a pod like this one.")
    if out.stdout is not None:
        out.stdout.flush()


# The demo


@contextmanager
def demonstration(args: ParsedArguments) -> Iterator[tuple[Practice, list[Path]] | Problem]:
    """A running practice and sample profiles in a library of their own, which `given` then names.

    State (undo, history) is kept next to them, so that a tour leaves nothing on the machine.
    """
    from omtui.practice.orders import CHANGES, ORDERS, write_orders
    from omtui.practice.practice import running
    from omtui.practice.profiles import sample_profiles, write_profiles

    with TemporaryDirectory(prefix="omtui-demo-") as folder:
        library = chosen_library(args) if args.optional("--library") else Path(folder) / "profiles"
        with running() as started:
            files = [*(f"{name}.toml" for name in sample_profiles(started)), ORDERS, CHANGES]
            taken = [name for name in files if (library / name).exists()]
            if taken:
                yield Problem(f"{plain(library)} already has a file {taken[0]}", "choose an empty folder")
                return
            args.words["--library"] = [str(library)]
            args.environment = {**args.environment, "XDG_STATE_HOME": str(Path(folder) / "state")}
            paths = write_profiles(started, library)
            write_orders(library)
            yield started, paths


def tour(args: ParsedArguments, out: Output) -> int:
    """The demo without a screen: check, probe, route; prints what it did. 1 when anything was not as it should be."""
    from omtui.practice.orders import CHANGES, ORDERS
    from omtui.practice.profiles import BROKEN, DEV

    with demonstration(args) as begun:
        if isinstance(begun, Problem):
            out.message(f"omtui demo: {begun}")
            return 3
        started, paths = begun
        out.line(f"A practice pod runs at {started.pod_url}, an external system at {started.external_url}.")
        out.line(f"{len(paths)} sample profiles point at them: {', '.join(path.stem for path in paths)}.")
        out.line(f"Next to them are orders to rehearse, {ORDERS}, and what happens to one of them, {CHANGES}.")
        codes = [_step(args, out, "list")]
        codes.append(_step(args, out, "check", DEV))
        codes.append(_step(args, out, "show", DEV, "--step", "5"))
        codes.append(_step(args, out, "probe", DEV))
        orders, changes = (str(chosen_library(args) / name) for name in (ORDERS, CHANGES))
        unrouted = _step(args, out, "route", DEV, orders, "--limit", "3")
        codes.append(_step(args, out, "events", DEV, changes))
        expected = _step(args, out, "probe", BROKEN) == 1 and _as_taught(args, out, BROKEN)
    out.line()
    good = not any(codes) and unrouted == 1 and expected
    out.line("The pod has ended; nothing is left running." if good else "Not everything was as it should be.")
    return int(not good)


def _step(args: ParsedArguments, out: Output, *words: str) -> int:
    """Carry out another command as if it had been typed, and show what was typed."""
    from importlib import import_module

    from omtui.commands.arguments import Misuse, parse
    from omtui.commands.options import COMMON
    from omtui.commands.registry import BY_NAME

    out.line()
    out.line(out.bold(f"$ omtui {' '.join(words)}"))
    command = BY_NAME[words[0]]
    typed = parse(command, words[1:], COMMON)
    assert not isinstance(typed, Misuse), typed
    typed.words["--library"] = args.words["--library"]
    typed.environment = args.environment
    module, _, name = command.function.partition(":")
    code: int = getattr(import_module(module), name)(typed, out)
    return code


def _as_taught(args: ParsedArguments, out: Output, name: str) -> bool:
    """Whether the review called every endpoint that is broken on purpose what its lesson says."""
    from omtui.practice.lessons import LESSONS
    from omtui.service.reviewing import last_states
    from omtui.store.folders import state_folder

    states = last_states(state_folder(args.environment), chosen_library(args) / f"{name}.toml")
    wrong_ones = []
    for lesson in LESSONS:
        seen = states.get(lesson.name)
        if seen is None or not set(lesson.words) <= {seen.outcome, *seen.faults}:
            wrong_ones.append(f"{lesson.name}: {seen.outcome if seen else 'not probed'}, taught {lesson.outcome}")
    out.line()
    out.line(f"{len(LESSONS) - len(wrong_ones)} of {len(LESSONS)} broken endpoints were called what they are.")
    for line in wrong_ones:
        out.line(f"  {line}")
    return not wrong_ones
