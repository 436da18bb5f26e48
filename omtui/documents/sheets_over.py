"""Sheets over a profile that is here: what they do not speak of stays."""

from collections import Counter
from collections.abc import Collection

from omtui.documents.sheets import RULE_BLOCKS, columns
from omtui.setup.catalogue import TABLES, TASKS, child, task_of
from omtui.setup.indexed import rows
from omtui.setup.place import Data, key_text
from omtui.setup.table import Record, Table


def over(here: Data, sheet_data: Data, spoken_of: Collection[str], *, partial: bool = False) -> Data:
    """What `sheet_data` says of what its sheets hold (`SetupFromSheets.spoken_of`); all else as it is here.

    Where the data is `partial`, a record or a column that it does not have is not spoken of.
    """
    return _Over(spoken_of, sheet_data, partial).merged("", here, sheet_data)


class _Over:
    def __init__(self, spoken_of: Collection[str], sheet_data: Data, partial: bool) -> None:
        self._spoken_of = spoken_of
        self._partial = partial
        self._shared = {path for task in TASKS for path, _ in task.only}
        """Tables whose records belong to several tasks, each with a sheet of its own."""
        self._steps = {
            task.step
            for task in TASKS
            if f"step {task.step}" in spoken_of
            or any(path in spoken_of for path in task.tables if path.partition(".")[0] not in self._shared)
            or any(task.holds(path, record) for path, _ in task.only for record in rows(sheet_data, path))
        }

    def merged(self, path: str, here: Record, sheet_data: Record) -> Data:
        """A record, a single table, or the whole profile."""
        known = {field.name for field in columns(TABLES[path])} if path else set()
        found: Data = {}
        for name in dict.fromkeys((*here, *sheet_data)):
            inner = child(path, name)
            value: object
            if inner is None:
                value = (sheet_data if name in known and self._speaks_of_field(path, name) else here).get(name)
            elif path == "routing_rules":
                value = (sheet_data if any(part in self._spoken_of for part in RULE_BLOCKS) else here).get(name)
            elif inner.single:
                value = self.merged(inner.path, _record(here.get(name)), _record(sheet_data.get(name))) or None
            elif inner.path in self._spoken_of:
                value = self._records(inner, rows(here, name), rows(sheet_data, name)) or None
            else:
                value = here.get(name)
            if value is not None:
                found[name] = value
        return found

    def _speaks_of_field(self, path: str, name: str) -> bool:
        return not (TABLES[path].single or self._partial) or f"{path}.{name}" in self._spoken_of

    def _records(self, table: Table, here: list[Record], sheet_data: list[Record]) -> list[Record]:
        known, sent = (dict(zip(_keys(table, each), each, strict=True)) for each in (here, sheet_data))
        found: list[Record] = [self.merged(table.path, known.get(key, {}), record) for key, record in sent.items()]
        for number, (key, record) in enumerate(known.items()):
            task = task_of(table.path, record)
            elsewhere = table.path in self._shared and task is not None and task.step not in self._steps
            if elsewhere or (self._partial and key not in sent):
                found.insert(number, record)  # it is on a sheet that was not sent
        return found


def _keys(table: Table, records: list[Record]) -> list[tuple[str, int]]:
    met: Counter[str] = Counter()
    keys = []
    for record in records:
        key = key_text(record, table.key)
        met[key] += 1
        keys.append((key, met[key]))
    return keys


def _record(value: object) -> Record:
    return value if isinstance(value, dict) else {}
