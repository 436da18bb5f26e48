"""What is new in 25A."""

from omtui.checks.facts.fact import Fact, OraclePage
from omtui.setup.release import Release

IMPORT_DEPRECATED = Fact(
    "the import of sales orders by OrderImportService is deprecated",
    OraclePage("Oracle, SOAP Web Services for SCM: Import Sales Orders (Deprecated) (25A)"),
    "reference",
    since=Release(25, "A"),
)
