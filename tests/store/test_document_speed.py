"""A big profile: opening it costs little more than parsing it, and an edit a fraction of that.

Ratios of CPU time to one `tomllib.loads` of the same text, taken in the same run, the best of three. The limits leave
room for a busy machine; the figures themselves are in `tests/bench`.
"""

import time
import tomllib
from collections.abc import Callable

import pytest

from omtui.store.change import Insert, Remove, Set
from omtui.store.document import WHOLE, Document

RECORDS = 10_000

CONNECTOR = """
# Connector number {0}
[[connectors]]
target_system = "CSS01"
name = "Connector{0:05d}"    # text
url = "https://soa{0}.pick.example:8002/soa-infra/services/default/ConnectorServiceComposite/connector"
user_name = "pick.service"
credential = "connector{0}"
invocation_mode = "Asynchronous Service"     # Asynchronous Service
send_attachments = true
"""

RULE = """
# Rule number {0}
[[routing_rules]]
name = "Route Invoice Request {0:05d}"    # text
active = true

[routing_rules.when]
all = [
    {{ entity = "Order Fulfill Line", attribute = "Item", operator = "is equal to", value = "CM5008" }},   # text
    {{ entity = "Order Header", attribute = "Task Type", operator = "is equal to", value = "Invoice" }},
]

[[routing_rules.then]]
action = "Set Connector Name"
value = "Connector01"
"""


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


@pytest.mark.parametrize(("table", "record"), [("connectors", CONNECTOR), ("routing_rules", RULE)])
def test_ten_thousand_records(table: str, record: str) -> None:
    head = 'schema = 1\n\n[profile]\nname = "big"\nenvironment = "test"\n'
    count = RECORDS if table == "connectors" else RECORDS // 3
    content = (head + "".join(record.format(number) for number in range(count))).encode()
    assert len(content) > WHOLE
    opening, editing, another, line = [], [], [], []
    for _ in range(3):
        parse = seconds(lambda: tomllib.loads(content.decode()))
        documents: list[Document] = []

        def opened(documents: list[Document] = documents) -> None:
            document = Document.from_bytes(content)
            assert isinstance(document, Document)
            documents.append(document)

        opening.append(seconds(opened) / parse)
        document = documents[0]

        def edit(document: Document = document) -> None:
            path = (table, count // 2, "name")
            document.perform(Set(path, document.data[table][count // 2]["name"], "new"))  # type: ignore[index]
            assert isinstance(document.to_bytes(), bytes)

        def more(document: Document = document) -> None:
            records = document.data[table]
            assert isinstance(records, list)
            document.perform(Remove((table,), 7, records[7]))
            document.perform(Insert((table,), count // 3, {"name": "another"}))
            assert isinstance(document.to_bytes(), bytes)

        editing.append(seconds(edit) / parse)
        another.append(seconds(more) / parse)
        line.append(seconds(lambda document=document: document.line((table, count - 1, "name"))) / parse)  # type: ignore[misc]
        written = document.to_bytes()
        assert isinstance(written, bytes)
        assert tomllib.loads(written.decode()) == document.data
    figures = f"open {min(opening):.2f}, edit {min(editing):.2f}, another {min(another):.3f}, line {min(line):.3f}"
    assert min(opening) < 1.6, figures
    assert min(editing) < 0.4, figures
    assert min(another) < 0.1, figures
    assert min(line) < 0.05, figures
