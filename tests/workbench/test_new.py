"""After `n` nothing that is typed is a command: the key is asked for, then the first empty field is open."""

import pytest

from omtui.service import editing
from omtui.setup.catalogue import TABLES, TASKS
from omtui.setup.place import Path, key_text
from omtui.workbench.screens.record import RecordScreen
from omtui.workbench.screens.records import RecordsScreen
from omtui.workbench.widgets.editor import FieldEditor
from tests.workbench.conftest import Driven, Open

NAME = "Pg q"
KEYS = ["space" if letter == " " else letter for letter in NAME]
NESTED: tuple[tuple[str, str], ...] = (
    ("task_types", "tasks"),
    ("task_types", "statuses"),
    ("task_types", "services"),
    ("orchestration_processes", "steps"),
    ("status_rule_sets", "statuses"),
    ("jeopardy.thresholds", "scores"),
    ("trigger_points", "details"),
)


def lists() -> list[tuple[str, str]]:
    """Every list that has a screen: its step and its table."""
    found = [(task.step, path) for task in TASKS for path in task.tables if not TABLES[path].single]
    return [each for each in found if "." not in each[1] or TABLES[TABLES[each[1]].parent].single]


async def test_on_every_list_what_is_typed_after_n_is_the_key(open_workbench: Open) -> None:
    wrong: list[str] = []
    async with open_workbench("dev", size=(60, 20)) as driven:
        for step, table in lists():
            task = next(each for each in TASKS if each.step == step)
            await driven.app.push_screen(RecordsScreen(task, table))
            await driven.settle()
            before = len(driven.session.indexed.records(table))
            await driven.hit("n", *KEYS, "enter")
            found = driven.session.indexed.records(table)
            key = TABLES[table].key
            assert key is not None
            if [key_text(each.record, key) for each in found[before:]] != [NAME] or driven.screen != "RecordScreen":
                wrong.append(f"{table}: {[dict(each.record) for each in found[before:]]}, {driven.screen}")
            else:
                wrong += await stands_in_a_field(driven, table)
                await driven.hit("escape")  # what is typed would be asked about
            while driven.session.unsaved:
                driven.session.undo()
            driven.app.show_overview()
            await driven.settle()
    assert wrong == []


async def stands_in_a_field(driven: Driven, table: str) -> list[str]:
    """Type once more: that goes into the open field, and no other screen opens."""
    screen = driven.app.screen
    assert isinstance(screen, RecordScreen)
    if not screen.query(FieldEditor):
        return [f"{table}: no field is open"]
    row = screen.row
    required = [each for each in screen._rows if each.field and each.field.required and not each.value]
    required = [each for each in required if each.field and each.field.kind != "boolean"]
    if row is None or (required and row.path != required[0].path):
        return [f"{table}: {row and row.label} is open, not {required[0].label}"]
    await driven.hit("P", "g")
    return (
        [] if driven.app.screen is screen and screen.query(FieldEditor) else [f"{table}: typing opened {driven.screen}"]
    )


@pytest.mark.parametrize(("holder", "rows"), NESTED)
async def test_in_every_record_what_is_typed_after_n_is_the_key(open_workbench: Open, holder: str, rows: str) -> None:
    async with open_workbench("dev", size=(60, 20)) as driven:
        session = driven.session
        plan = editing.add_record(session.indexed, tuple(holder.split(".")), "Holder")
        assert session.edit(plan)
        path: Path = plan.path
        before = len(session.records_at((*path, rows)))
        screen = RecordScreen(path, focus=(*path, rows))
        await driven.app.push_screen(screen)
        await driven.settle()
        await driven.hit("n")
        table = TABLES[f"{holder}.{rows}"]
        if table.key is not None:
            assert driven.screen in ("Ask", "Chooser")
            await driven.hit(*KEYS, "enter")
            name = "name" if rows == "steps" else table.key
            assert [key_text(each, name) for each in session.records_at((*path, rows))[before:]] == [NAME]
        opened = driven.app.screen
        assert isinstance(opened, RecordScreen)
        assert opened.path == (*path, rows, before)
        assert await stands_in_a_field(driven, table.path) == []
