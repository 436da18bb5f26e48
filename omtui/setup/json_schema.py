"""JSON Schema (draft 2020-12) of a profile, for editors, made from the descriptions.

It demands what reading demands and no more: a set-up that is not finished is valid. What Oracle's pages require, and
what a word must be where the list is closed, an editor shows while typing; whether a set-up is right, the checks say.
Unknown keys are allowed, because they are kept.
"""

from omtui.setup.catalogue import TABLES, children
from omtui.setup.field import Field, FieldKind
from omtui.setup.profile import SCHEMA
from omtui.setup.routing import OPERATOR_SIGNS
from omtui.setup.table import Table

Schema = dict[str, object]

_TYPES: dict[FieldKind, Schema] = {
    "text": {"type": "string"},
    "place": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    # TOML's dates reach a validator as texts.
    "date": {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]},
    "list": {"type": "array", "items": {"type": "string"}},
    "integers": {"type": "array", "items": {"type": "integer"}},
    "scalar": {"$ref": "#/$defs/value"},
    "condition": {"$ref": "#/$defs/routing_rules.when"},
}

_VALUE: Schema = {
    "title": "A value, or a list of values",
    "type": ["string", "number", "boolean", "array"],
    "items": {"type": ["string", "number", "boolean"]},
}

_UNREADABLE_WITHOUT = {"": ["schema", "profile"], "profile": ["name", "environment"]}
"""What a file must hold to be read as a profile, by table."""


def json_schema() -> Schema:
    """The schema of a whole profile."""
    properties: Schema = {
        "schema": {
            "title": "Format",
            "description": "The format of this file. It comes first.",
            "type": "integer",
            "minimum": 1,
            "maximum": SCHEMA,
        }
    }
    for name, table in children("").items():
        properties[name] = _held(table)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:omtui:profile:{SCHEMA}",
        "title": "omtui profile",
        "description": "The external integration set-up of one Oracle Fusion Order Management environment.",
        "type": "object",
        "required": _UNREADABLE_WITHOUT[""],
        "properties": properties,
        "$defs": {"value": _VALUE, **{table.path: _record(table) for table in TABLES.values()}},
    }


def _held(table: Table) -> Schema:
    """What is under the key of a table: the table, or its records."""
    reference: Schema = {"$ref": f"#/$defs/{table.path}"}
    words: Schema = {"title": table.title, "description": table.help}
    return {**words, **reference} if table.single else {**words, "type": "array", "items": reference}


def _record(table: Table) -> Schema:
    properties = {field.name: _field(table, field) for field in table.fields}
    for name, inner in children(table.path).items():
        properties.setdefault(name, _held(inner))
    if table.path == "routing_rules.when":
        condition: Schema = {"$ref": "#/$defs/routing_rules.when"}
        properties["all"] = {"title": "All of these hold", "type": "array", "items": condition}
        properties["any"] = {"title": "Any of these holds", "type": "array", "items": condition}
        properties["not"] = {"title": "This does not hold", **condition}
    schema: Schema = {"title": table.singular, "description": table.help, "type": "object", "properties": properties}
    if table.path in _UNREADABLE_WITHOUT:
        schema["required"] = _UNREADABLE_WITHOUT[table.path]
    return schema


def _field(table: Table, field: Field) -> Schema:
    schema: Schema = {"title": field.label}
    if words := _description(field):
        schema["description"] = words
    if field.kind == "records":
        # Actions are described once, and found wherever a rule holds some.
        own = children(table.path).get(field.name)
        path = own.path if own else f"routing_rules.{field.name}"
        schema |= {"type": "array", "items": {"$ref": f"#/$defs/{path}"}}
    else:
        schema |= _TYPES[field.kind]
    if field.values:
        words_of = [*field.values, *OPERATOR_SIGNS] if field.name == "operator" else list(field.values)
        _offer(schema, field, words_of)
    for name, limit in (
        ("maxLength", field.maximum_length),
        ("minimum", field.minimum),
        ("maximum", field.maximum),
        ("default", field.default),
    ):
        if limit is not None:
            schema[name] = limit
    if field.source:
        schema["$comment"] = field.source
    return schema


def _offer(schema: Schema, field: Field, words: list[str]) -> None:
    """The words of the list: the only ones where it is closed, else examples."""
    keyword = "enum" if field.closed else "examples"
    if field.kind == "list":
        schema["items"] = {"type": "string", keyword: words}
    else:
        schema[keyword] = words


def _description(field: Field) -> str:
    sentences = [field.help] if field.help else []
    for reference in field.refers:
        where = f" where {reference.when[0]} is {reference.when[1]}" if reference.when else ""
        sentences.append(f"Names one of [[{reference.table}]] by its {reference.field}{where}.")
    if field.required:
        sentences.append("Required.")
    return " ".join(sentences)
