"""Another record of the same kind, from the sheet of one."""

from omtui.setup.catalogue import TABLES, task_of
from omtui.setup.place import Path, table_at
from omtui.workbench.host import Host
from omtui.workbench.screens.record import RecordScreen
from omtui.workbench.screens.records import RecordsScreen


def add_another(app: Host, path: Path) -> None:
    """Leave a record, and add one to the list that it is in."""
    table = table_at(path)
    record = app.session.value(path[:2]) if app.session else None
    task = task_of(table.path, record if isinstance(record, dict) else {}) if table else None
    if table is None or task is None:
        return
    app.leave_screen()
    front = app.screen
    if table.parent and not TABLES[table.parent].single:
        if not isinstance(front, RecordScreen) or path[: len(front.path)] != front.path:
            app.show_path(path[:2])
            front = app.screen
        if isinstance(front, RecordScreen):
            front.add_next_to(path)
        return
    if isinstance(front, RecordsScreen) and front.table.path == table.path:
        front.do_new()
    else:
        records = RecordsScreen(task, table.path)
        app.push_screen(records)
        records.do_new()
