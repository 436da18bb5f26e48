"""What of a record is entered on Oracle's page, as a hash: by it a tick knows whether the record changed since.

The order of records and of values says nothing, neither do notes, tags and states of the pod.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

from omtui.setup.catalogue import child
from omtui.setup.routing import operator_word
from omtui.setup.table import Table


def record_hash(table: Table, record: Mapping[str, object]) -> str:
    """The hash of what is entered of a record: `sha256:…`."""
    return hash_of(canonical(table, record))


def hash_of(value: object) -> str:
    """The hash of anything that JSON can hold."""
    import hashlib  # most starts need none

    return f"sha256:{hashlib.sha256(_as_text(value).encode()).hexdigest()}"


def canonical(table: Table, record: Mapping[str, object]) -> str:
    """What is entered of a record, in one form for every order: notes and states of the pod are not entered."""
    parts = {}
    for name, value in record.items():
        described = table.by_name.get(name)
        if described is None and child(table.path, name) is None:
            continue
        is_of_the_page = described is None or not (described.own or described.travels == "state")
        if is_of_the_page or name == table.key:
            inner = child(table.path, name)
            parts[name] = _plain_value(inner, value)
    return _as_text(parts)


def _as_text(value: object) -> str:
    import json

    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _plain_value(table: Table | None, value: object, *, ordered: bool = False) -> object:
    match value:
        case dict():
            if table is not None and table.path != "routing_rules.when":
                return canonical(table, value)
            operator = operator_word(value.get("operator", ""))
            inner = {name: _plain_value(table, each, ordered=operator == "is between") for name, each in value.items()}
            return inner | {"operator": operator} if "operator" in value else inner
        case list():
            items = [_plain_value(table, each) for each in value]
            is_ordered = ordered or (table is not None and table.path == "routing_rules.otherwise")
            return items if is_ordered else sorted(items, key=_as_text)
        case bool() | str() | int():
            return value
        case Decimal() | float():
            number = Decimal(str(value))
            if number.is_finite() and number == number.to_integral_value() and abs(number.adjusted()) < 18:
                return int(number)
            return f"number {number.normalize() if number.is_finite() else number}"
        case datetime() | date() | time():
            return f"{type(value).__name__} {value.isoformat()}"
    return str(value)
