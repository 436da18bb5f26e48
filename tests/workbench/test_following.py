"""A sheet and the line typed into follow their record, while another program changes the file."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input

from omtui.workbench.screens.dialogs import Ask
from omtui.workbench.screens.record import RecordScreen
from tests.thorough import THOROUGH
from tests.workbench.conftest import PROFILE, Driven, Open

HEAD = PROFILE[: PROFILE.index("# the picker's endpoint")]
TYPED = "TYPED-HERE"


def connector(number: int, name: str = "") -> str:
    return (
        f'[[connectors]]\nname = "{name or f"Connector{number:02}"}"\ntarget_system = "CSS01"\n'
        f'url = "https://soa.pick.example/{number}"\ninvocation_mode = "Asynchronous Service"\n'
    )


def condition(number: int, name: str = "") -> str:
    operator = "is not equal to" if name else "is equal to"
    return f'    {{ entity = "Order Header", attribute = "A {number}", operator = "{operator}", value = "v" }},'


def step(number: int, name: str = "") -> str:
    return (
        f'[[orchestration_processes.steps]]\nnumber = {number + 1}00\nname = "{name or f"Step {number}"}"\n'
        f'manual = false\nexit_criteria = "mark-{number}"\n'
    )


def connectors(parts: list[str]) -> str:
    return HEAD + "\n".join(parts)


def conditions(parts: list[str]) -> str:
    rows = "\n".join(parts)
    return (
        f'{HEAD}\n[[routing_rules]]\nname = "R"\n\n[routing_rules.when]\nall = [\n{rows}\n]\n\n[[routing_rules.then]]\n'
    )


def steps(parts: list[str]) -> str:
    return f'{HEAD}\n[[orchestration_processes]]\nname = "P"\n\n' + "\n".join(parts)


def all_connectors(driven: Driven) -> list[dict[str, object]]:
    return driven.session.records_at(("connectors",))


def all_conditions(driven: Driven) -> list[dict[str, object]]:
    return driven.session.records_at(("routing_rules", 0, "when", "all"))


def all_steps(driven: Driven) -> list[dict[str, object]]:
    return driven.session.records_at(("orchestration_processes", 0, "steps"))


KINDS: dict[
    str, tuple[Callable[..., str], Callable[[list[str]], str], str, str, Callable[..., list[dict[str, object]]]]
] = {
    "connectors": (connector, connectors, "url", "user_name", all_connectors),
    "conditions": (condition, conditions, "attribute", "value", all_conditions),
    "steps": (step, steps, "exit_criteria", "name", all_steps),
}


def changed(source: random.Random, make: Callable[..., str], count: int) -> list[str]:
    """The records as another program leaves them: some moved, gone, new or with another name."""
    parts = [make(number) for number in range(count)]
    for new in range(source.randint(1, 3)):
        match source.randrange(4):
            case 0:
                parts.insert(source.randint(0, len(parts)), make(count + new))
            case 1 if len(parts) > 1:
                parts.pop(source.randrange(len(parts)))
            case 2:
                one, other = source.randrange(len(parts)), source.randrange(len(parts))
                parts[one], parts[other] = parts[other], parts[one]
            case _:
                number = source.randrange(count)
                old = make(number)
                if old in parts:
                    parts[parts.index(old)] = make(number, f"Renamed {new}")
    return parts


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(60 if THOROUGH else 2))
async def test_what_is_typed_is_for_its_record_or_offered(
    open_workbench: Open, library: Path, kind: str, seed: int
) -> None:
    make, whole, mark, field, listed = KINDS[kind]
    source = random.Random(f"{kind} {seed}")
    file = library / "dev.toml"
    for _ in range(2):
        count, mine = 4, source.randrange(4)
        file.write_text(whole([make(number) for number in range(count)]))
        for kept in (library.parent / "xdg_state_home").rglob("*"):
            if kept.is_file():
                kept.unlink()
        async with open_workbench("dev", size=(100, 30)) as driven:
            path = {
                "connectors": ("connectors", mine),
                "conditions": ("routing_rules", 0, "when", "all", mine),
                "steps": ("orchestration_processes", 0, "steps", mine),
            }[kind]
            marked = listed(driven)[mine][mark]
            driven.app.push_screen(RecordScreen(path, focus=(*path, field)))
            await driven.pilot.pause()
            is_typing = source.random() < 0.7
            if is_typing:
                await driven.press("enter", "ctrl+u", *TYPED)
            file.write_text(whole(after := changed(source, make, count)))
            driven.app._look_at_files()
            await driven.pilot.pause()
            await driven.pilot.pause()
            screen = driven.app.screen
            if isinstance(screen, Ask):
                assert screen.query_one(Input).value == TYPED
                assert make(mine) not in after
                assert TYPED not in str(driven.session.data)
                continue
            if not is_typing:
                if driven.screen != "RecordScreen":
                    continue  # the record is gone, and its sheet with it
                await driven.press("enter", "ctrl+u", *TYPED)
            await driven.press("enter")
            written = [each[mark] for each in listed(driven) if each.get(field) == TYPED]
            assert written == [marked], after
