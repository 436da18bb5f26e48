"""What a new record starts with: the values that Oracle's page fills in."""

from omtui.setup.catalogue import TABLES


def new_record(table: str, key: object = None) -> dict[str, object]:
    """A new record of a table with Oracle's defaults, its key first. `key` is left out where it is empty."""
    description = TABLES[table]
    record: dict[str, object] = {}
    for field in description.fields:
        if field.name == description.key:
            if key not in (None, ""):
                record[field.name] = key
        elif field.default not in (None, False) and not field.own and (field.required or field.default is True):
            record[field.name] = field.default
    if table == "task_types" and key:
        record["services"] = task_type_services(str(key))
    return record


def task_type_services(name: str) -> list[dict[str, object]]:
    """The two services that Oracle makes when the Task Type field is left.

    Oracle's page joins with a space (Create Your Own Task Type, 24B); the source text shows underscores for a name
    that is written with underscores.
    """
    joint = "_" if "_" in name and " " not in name else " "
    return [
        {"code": f"{name}{joint}{operation}", "name": f"{name}{joint}{operation}", "operation": operation}
        for operation in ("Create", "Inbound")
    ]
