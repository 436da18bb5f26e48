"""Queries of the published tables."""

import re

from omtui.setup.catalogue import BY_STEP, TABLES
from omtui.setup.published_tables import NO_QUERY, QUERIES, sql


def test_every_step_has_a_query_or_a_reason() -> None:
    steps = {step for step in BY_STEP if step[0].isdigit()}
    assert QUERIES.keys() | NO_QUERY.keys() == steps
    assert not QUERIES.keys() & NO_QUERY.keys()


def test_columns_are_named_as_our_fields() -> None:
    unknown = [
        (step, column.field)
        for step, query in QUERIES.items()
        for column in query.columns
        if column.field not in TABLES[query.table].by_name
    ]
    assert unknown == [("9", "event_code")]  # no page says which code is which trigger point
    known = {step: set(TABLES[query.table].by_name) for step, query in QUERIES.items()}
    assert all(field in known[step] for step, query in QUERIES.items() for field, _ in query.missing)


def test_a_query_only_reads() -> None:
    for step in QUERIES:
        text = re.sub(r"--.*", "", sql(step))
        assert text.count("SELECT") == 1
        assert not re.search(r"\b(INSERT|UPDATE|DELETE|DROP|ALTER|;)", text, re.IGNORECASE)


def test_comments_name_source_and_what_cannot_be_had() -> None:
    text = sql("5")
    assert "--   url: DOO_WEB_SERVICE_DETAILS.SERVICE_URI (read)" in text
    assert "-- Cannot be had: invocation_mode: no published column has it" in text
