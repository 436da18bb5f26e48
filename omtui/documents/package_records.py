"""The records that the mapped objects of a setup data package hold."""

import re
from collections.abc import Sequence

from omtui.checks.secret_texts import secret_in
from omtui.documents.package_mapping import ColumnMapping, MappedObject, mapped_objects
from omtui.documents.setup_package import SetupPackage
from omtui.documents.sheet_values import NO_VALUE, WORDS, from_cell
from omtui.documents.sheets import holders
from omtui.documents.sheets_reading import MOST_FAULTS, SetupFromSheets, SheetFault, letters
from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.setup.catalogue import TABLES
from omtui.setup.field import Field
from omtui.setup.place import Data
from omtui.setup.values import NO, YES


def setup_from_package(
    package: SetupPackage, mappings: Sequence[ColumnMapping], name: str, most: int
) -> SetupFromSheets | Wrong:
    """What the mapped columns say, of `most` rows at most.

    An object without rows says nothing, and neither does a column without a field.
    """
    mapped = mapped_objects(package, mappings)
    if isinstance(mapped, Wrong):
        return mapped
    count = sum(each.object.count for each in mapped)
    if count > most:
        return Wrong(f"the mapped objects have {count:,} rows; {most:,} are read", "export fewer, by a scope")
    work = _PackageRecords()
    for each in mapped:
        work.read(each)
    data: Data = {"schema": 1, "profile": {"name": name, "environment": "development"}, **work.data}
    return SetupFromSheets(data, tuple(work.faults[:MOST_FAULTS]), (), frozenset(work.spoken_of))


class _PackageRecords:
    def __init__(self) -> None:
        self.data: Data = {}
        self.faults: list[SheetFault] = []
        self.spoken_of: set[str] = set()
        self._known: dict[tuple[str, ...], Data] = {}
        self._file = ""
        self._row = 0

    def read(self, mapped: MappedObject) -> None:
        """The rows of an object, each a record where its table's records are."""
        table, self._file = mapped.table, mapped.object.file
        self.spoken_of.update((table.path, *(each.field for each in mapped.columns.values())))
        if table.parent and TABLES[table.parent].single:
            self.spoken_of.add(table.parent)
        parents = holders(table)
        for self._row, row in enumerate(mapped.object.rows, 2):
            if not row:
                continue
            record = self._record(mapped, row)
            names = tuple(row[number] for number in mapped.parents)
            holder: Data | None = self._known.get((parents[-1].path, *names)) if parents else self.data
            if holder is None:
                fix = f"export {parents[-1].path} with it"
                self._fault(mapped.parents[-1], f"there is no {parents[-1].singular} {plain(names[-1])[:60]}", fix)
                continue
            if not parents:
                for part in table.path.split(".")[:-1]:
                    holder = _inner(holder, part)
            if table.single:
                if table.name in holder:
                    self._fault(0, f"{table.title} has more than one row", "export the one that is meant")
                holder[table.name] = record
                continue
            if mapped.key is None or table.key not in record:
                self._fault(mapped.key or 0, f"a {table.singular} without its key, {table.key}", "look at the export")
                continue
            held = holder.setdefault(table.name, [])
            assert isinstance(held, list)
            held.append(record)
            self._known.setdefault((table.path, *names, row[mapped.key]), record)

    def _record(self, mapped: MappedObject, row: tuple[str, ...]) -> Data:
        record: Data = {}
        for number, mapping in mapped.columns.items():
            _, field = mapping.target
            text = mapping.values.get(row[number], row[number])
            if mapping.element:
                held = record.setdefault(field.name, [])
                assert isinstance(held, list)
                if text.casefold() in YES:
                    held.append(mapping.element)
                elif text and text.casefold() not in NO:
                    self._fault(number, f"{plain(text)[:60]} is not yes or no", "say which it is: values = { … }")
            elif text and (kind := secret_in(text)):
                self._fault(number, f"the cell seems to hold {kind}: it is not read", "keep it with omtui secret set")
            elif text:
                value = _value(field, text)
                if value is NO_VALUE:
                    word, _ = WORDS.get(field.kind, ("a value", ""))
                    self._fault(number, f"{plain(text)[:60]} is not {word}", "say what it is: values = { … }")
                else:
                    record[field.name] = value
        return {name: value for name, value in record.items() if value != []}

    def _fault(self, column: int, message: str, fix: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(SheetFault(self._file, self._row, letters(column), message, fix))


def _inner(holder: Data, name: str) -> Data:
    found = holder.setdefault(name, {})
    assert isinstance(found, dict)
    return found


_DATE = re.compile(r"(\d{4})/(\d\d)/(\d\d)(?: 00:00:00(?:\.0+)?)?")
_MOMENT = re.compile(r"(\d{4})/(\d\d)/(\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)")


def _value(field: Field, text: str) -> object:
    """A cell as a value of a field; texts are taken to the letter, dates as exports write them."""
    if field.kind in ("text", "place"):
        return text
    if field.kind == "date":
        text = _MOMENT.sub(r"\1-\2-\3T\4", text) if not _DATE.fullmatch(text) else _DATE.sub(r"\1-\2-\3", text)
    return from_cell(field, text)
