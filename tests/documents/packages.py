"""Setup data packages in the form of Oracle's manifests. Objects and columns are invented; only their form is known."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from omtui.documents.setup_package import MANIFEST

Rows = Sequence[Sequence[str]]

SYSTEMS: Rows = (
    ("OrigSystem", "OrigSystemName", "OrigSystemType", "EnableForPlanningFlag", "StartDate", "CreatedBy", "Attribute1"),
    ("CSS01", "Pick system, new", "SPOKE", "Y", "2026/11/20", "SETUP_USER", ""),
    ("CSS09", "Label system", "PURCHASED", "N", "2026/11/21 00:00:00.0", "SETUP_USER", "x"),
)
TYPES: Rows = (("TaskTypeName", "Meaning"), ("Pick", "picks"), ("Label", "labels"))
TASKS: Rows = (
    ("PRACTICE_TASK_TYPES.TaskTypeName", "TaskCode", "TaskName"),
    ("Pick", "PICK", "Pick Carton"),
    ("Label", "LABEL", "Label Carton"),
)
OBJECTS: Mapping[str, Rows] = {
    "PRACTICE_ORIG_SYSTEM": SYSTEMS,
    "PRACTICE_TASK_TYPES": TYPES,
    "PRACTICE_TASKS": TASKS,
}


def mapping(*entries: tuple[str, str, str]) -> str:
    """A mapping file: object, column, and what is said of it."""
    lines = (f"[[map]]\nobject = {each!r}\ncolumn = {column!r}\n{what}\n" for each, column, what in entries)
    return "schema = 1\n\n" + "\n".join(lines)


_SYSTEM, _TASK = "PRACTICE_ORIG_SYSTEM", "PRACTICE_TASKS"

MAPPING = mapping(
    (_SYSTEM, "OrigSystem", 'field = "source_systems.code"'),
    (_SYSTEM, "OrigSystemName", 'field = "source_systems.name"'),
    (_SYSTEM, "OrigSystemType", 'field = "source_systems.type"\nvalues = { SPOKE = "Spoke", PURCHASED = "Purchased" }'),
    (
        _SYSTEM,
        "EnableForPlanningFlag",
        'field = "source_systems.enabled_for"\nelement = "Order Orchestration and Planning"',
    ),
    (_SYSTEM, "StartDate", 'field = "source_systems.start_date"'),
    (_SYSTEM, "CreatedBy", "ignore = true"),
    ("PRACTICE_TASK_TYPES", "TaskTypeName", 'field = "task_types.name"'),
    (_TASK, "PRACTICE_TASK_TYPES.TaskTypeName", 'field = "task_types.name"'),
    (_TASK, "TaskCode", 'field = "task_types.tasks.code"'),
    (_TASK, "TaskName", 'field = "task_types.tasks.name"'),
)


def manifest(objects: Mapping[str, Rows], status: str = "COMPLETED") -> str:
    """The manifest of an export of some objects, its elements named and nested as in exports of other tasks."""
    described = "".join(
        f"""
   <MigrationProcessBusinessObjectCSVMetadataVORow>
    <ProcessId>-999</ProcessId>
    <BusinessObjectShortName>{escape(name)}</BusinessObjectShortName>
    <BatchName null="true"/>
    <XmlAttributeList>{escape(",".join(each for each in rows[0] if "." not in each)) if rows else ""}</XmlAttributeList>
    <XmlNodePath>/ParentVO/ParentVORow</XmlNodePath>
   </MigrationProcessBusinessObjectCSVMetadataVORow>"""
        for name, rows in objects.items()
    )
    return f"""<MigrationProcessCSVMetadataVO>
 <MigrationProcessCSVMetadataVORow>
  <ProcessId>-999</ProcessId>
  <ProcessName>Practice_20260720_004405_432</ProcessName>
  <ProcessDate>2026-07-20 00:44:05.432</ProcessDate>
  <ProcessType>EXPORT</ProcessType>
  <ProcessStatus>{status}</ProcessStatus>
  <ProcessEnv>practice-dev1</ProcessEnv>
  <ProcessRelease>11.13.26.04.0</ProcessRelease>
  <MigrationProcessBusinessObjectCSVMetadata1>{described}
  </MigrationProcessBusinessObjectCSVMetadata1>
  <MigrationProcessTaskCSVMetadata null="true"/>
 </MigrationProcessCSVMetadataVORow>
</MigrationProcessCSVMetadataVO>
"""


def csv_of(rows: Rows) -> bytes:
    """Rows as an export writes them: every value in quotes, CR LF."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def archive(entries: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of some entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return out.getvalue()


def entries_of(objects: Mapping[str, Rows] = OBJECTS, status: str = "COMPLETED") -> dict[str, bytes]:
    """The entries of a package: the manifest, and a file for each object that has any."""
    files = {f"{name}.csv": csv_of(rows) for name, rows in objects.items() if rows}
    return {MANIFEST: manifest(objects, status).encode(), **files}


def package(objects: Mapping[str, Rows] = OBJECTS, status: str = "COMPLETED") -> bytes:
    """A package of some objects."""
    return archive(entries_of(objects, status))
