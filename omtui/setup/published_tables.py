"""What Oracle's published tables give of a setup task: the query for a BI Publisher data model, field by field.

Only what a published page names is here. A task without one table whose columns were read has no query.
"""

from dataclasses import dataclass
from typing import Final, Literal

Certainty = Literal["read", "reference only"]
"""Whether the page with the columns was read, or is only known from another text."""


@dataclass(frozen=True, slots=True)
class QueryColumn:
    """A field of ours, the expression that gives it, and the columns that it comes from."""

    field: str
    expression: str
    source: str
    certainty: Certainty = "read"


@dataclass(frozen=True, slots=True)
class StepQuery:
    """The query of one step. `missing` names the fields that it cannot give, each with the reason."""

    table: str
    columns: tuple[QueryColumn, ...]
    tables: str
    """What follows FROM."""
    order: str
    source: str
    missing: tuple[tuple[str, str], ...] = ()


_NO_COLUMN: Final = "no published column has it"
_FLAGS: Final = (
    ("Items", "ENABLE_FOR_ITEMS_FLAG"),
    ("Trading Community Members", "ENABLE_FOR_TCA_FLAG"),
    ("Order Orchestration and Planning", "ENABLE_FOR_PLANNING_FLAG"),
    ("Assets", "ENABLE_FOR_ASSET_FLAG"),
)
_ENABLED: Final = "RTRIM(" + " || ".join(
    f"CASE WHEN s.{column} = 'Y' THEN '{word}, ' END" for word, column in _FLAGS
) + ", ', ')"  # fmt: skip

QUERIES: Final[dict[str, StepQuery]] = {
    "3": StepQuery(
        "source_systems",
        (
            QueryColumn("code", "s.ORIG_SYSTEM", "HZ_ORIG_SYSTEMS_VL.ORIG_SYSTEM"),
            QueryColumn("name", "s.ORIG_SYSTEM_NAME", "HZ_ORIG_SYSTEMS_VL.ORIG_SYSTEM_NAME"),
            QueryColumn("type", "INITCAP(s.ORIG_SYSTEM_TYPE)", "HZ_ORIG_SYSTEMS_VL.ORIG_SYSTEM_TYPE"),
            QueryColumn("enabled_for", _ENABLED, "HZ_ORIG_SYSTEMS_VL, its four ENABLE_FOR flags"),
        ),
        "HZ_ORIG_SYSTEMS_VL s",
        "s.ORIG_SYSTEM",
        "Oracle, Tables and Views for Sales (HZ_ORIG_SYSTEMS_VL)",
        (("start_date", _NO_COLUMN), ("end_date", _NO_COLUMN), ("description", _NO_COLUMN)),
    ),
    "5": StepQuery(
        "connectors",
        (
            QueryColumn("name", "w.SERVICE_NAME", "DOO_WEB_SERVICE_DETAILS.SERVICE_NAME"),
            QueryColumn("description", "w.DESCRIPTION", "DOO_WEB_SERVICE_DETAILS.DESCRIPTION"),
            QueryColumn("url", "w.SERVICE_URI", "DOO_WEB_SERVICE_DETAILS.SERVICE_URI"),
            QueryColumn("csf_key", "w.CSF_KEY", "DOO_WEB_SERVICE_DETAILS.CSF_KEY"),
            QueryColumn(
                "keystore_alias", "w.KEYSTORE_RECIPIENT_ALIAS", "DOO_WEB_SERVICE_DETAILS.KEYSTORE_RECIPIENT_ALIAS"
            ),
            QueryColumn(
                "send_attachments",
                "DECODE(w.SEND_ATTACHMENTS_FLAG, 'Y', 'yes', 'N', 'no')",
                "DOO_WEB_SERVICE_DETAILS.SEND_ATTACHMENTS_FLAG",
            ),
        ),
        "DOO_WEB_SERVICE_DETAILS w",
        "w.SERVICE_NAME",
        "Oracle, Tables and Views for SCM, 24C and 25D (DOO_WEB_SERVICE_DETAILS)",
        (
            ("target_system", "the table has TARGET_SYSTEM_ID; where its code is, no page that was read says"),
            ("invocation_mode", _NO_COLUMN),
            ("user_name", _NO_COLUMN),
            ("credential", "a password is in no table"),
            ("response_processing", "RESPONSE_PROCESS_PARTIAL_MODE has codes whose words are not published"),
        ),
    ),
    "9": StepQuery(
        "trigger_points",
        (
            QueryColumn("event_code", "e.EVENT_CODE", "DOO_EVENT_SUBSCRIBER_SERVICES.EVENT_CODE"),
            QueryColumn("connectors", "w.SERVICE_NAME", "DOO_WEB_SERVICE_DETAILS.SERVICE_NAME, by WEB_SERVICE_ID"),
        ),
        "DOO_EVENT_SUBSCRIBER_SERVICES e JOIN DOO_WEB_SERVICE_DETAILS w ON w.WEB_SERVICE_ID = e.WEB_SERVICE_ID",
        "e.EVENT_CODE, w.SERVICE_NAME",
        "Oracle, Tables and Views for SCM, 24D and 25D (DOO_EVENT_SUBSCRIBER_SERVICES)",
        (
            ("name", "the table has EVENT_CODE; which code is which trigger point, no page that was read says"),
            ("active", _NO_COLUMN),
            ("details", "DOO_EVENT_DETAILS names its values by EVENT_CRITERIA_ID, an id of one of several tables"),
        ),
    ),
}  # fmt: skip

NO_QUERY: Final[dict[str, str]] = {
    "0": "users and roles are read in the Security Console; no table of this task was read",
    "1": "DOO_TASK_TYPES_VL is named in public code, its columns on no page that was read",
    "2": "DOO_PROCESS_DEFINITIONS_VL is named in public code, its columns on no page that was read; processes travel "
    "by configuration package",
    "4": "no page that was read says which table Fusion keeps planning source systems in",
    "4.1": "no page that was read says which table Fusion keeps these systems in",
    "6": "Review Topology is a page; its rows are in no table that was read",
    "7": "routing rules are in no table that was read; they travel by configuration package",
    "8": "EVENT_CODE names Jeopardy in no page that was read; omtui query 9 has the connectors of all trigger points",
}
"""Why a step has no query."""


def sql(step: str) -> str:
    """The query of a step that has one: SELECT only, columns named as our fields, what it cannot give as comments."""
    query = QUERIES[step]
    lines = [
        f"-- Step {step}. Source: {query.source}.",
        "-- For a BI Publisher data model on ApplicationDB_FSCM. Columns are named as the fields of a profile.",
        *(f"--   {column.field}: {column.source} ({column.certainty})" for column in query.columns),
    ]
    lines += [f"-- Cannot be had: {field}: {why}" for field, why in query.missing]
    lines.append("SELECT")
    lines.append(",\n".join(f'  {column.expression} AS "{column.field}"' for column in query.columns))
    lines += [f"FROM {query.tables}", f"ORDER BY {query.order}"]
    return "\n".join(lines)
