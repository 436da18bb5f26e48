"""Data of a file that others wrote, checked against a model of pydantic; what is wrong with it, in people's words.

Importing pydantic takes longer than most commands: this module and models are imported where such a file is read.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from omtui.plain_text import plain
from omtui.setup.did_you_mean import nearest
from omtui.setup.reading import ReadingFault

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class ForeignModel(BaseModel):
    """A part of a file that people write: every key is known, and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


_Model = TypeVar("_Model", bound=BaseModel)


def read_model(model: type[_Model], data: Mapping[str, object]) -> _Model | list[ReadingFault]:
    """The data as a model, or all that is wrong with it: where it is, what it is, what to do."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        return [_fault(model, each) for each in error.errors(include_url=False)]


def _fault(model: type[BaseModel], error: "ErrorDetails") -> ReadingFault:
    *above, last = error["loc"] or ("",)
    holder = model
    for part in above:
        holder = holder if isinstance(part, int) else _inner(holder, part) or holder
    at = _where(above)
    name = f"{at}: {plain(last)}" if at else plain(last)
    match error["type"]:
        case "missing":
            return ReadingFault(f"{name} is missing", f"write {plain(last)} = …")
        case "extra_forbidden":
            near = nearest(str(last), [field.alias or key for key, field in holder.model_fields.items()])
            return ReadingFault(f"{name} is not known", f"write {near}" if near else "remove it")
        case "literal_error":
            words = _field(holder, last)
            if len(words) == 1:
                return ReadingFault(f"{name} is not {words[0]}", f"write {plain(last)} = {words[0]}")
            value = error["input"]
            near = nearest(value, words) if isinstance(value, str) else None
            shown = f"{plain(value)} is no {plain(last)}" if isinstance(value, str) else f"{plain(last)} is no text"
            fix = f"did you mean {near}?" if near else f"one of {', '.join(words)}"
            return ReadingFault(f"{at}: {shown}" if at else shown, fix)
    expected = _EXPECTED.get(error["type"]) or plain(error["msg"][:1].lower() + error["msg"][1:])
    return ReadingFault(f"{name}: {expected}", "correct the value")


_EXPECTED = {
    "string_type": "a text is expected",
    "list_type": "a list is expected",
    "dict_type": "a table is expected",
    "model_type": "a table is expected",
    "int_type": "a whole number is expected",
    "bool_type": "true or false is expected",
}


def _where(above: Sequence[str | int]) -> str:
    """What holds a key: `[[map]] number 3`, `profile`."""
    words: list[str] = []
    for part in above:
        if isinstance(part, int):
            words[-1] = f"[[{words[-1]}]] number {part + 1}"
        else:
            words.append(plain(part))
    return ": ".join(words)


def _field(holder: type[BaseModel], name: str | int) -> tuple[Any, ...]:
    """What the type of a field is made of: of one that may be left out, too."""
    found = (field for key, field in holder.model_fields.items() if name in (field.alias, key))
    parts = next((get_args(field.annotation) for field in found), ())
    return tuple(
        each
        for part in parts
        for each in (get_args(part) if get_origin(part) is Literal else (part,))
        if each is not type(None)
    )


def _inner(holder: type[BaseModel], name: str) -> type[BaseModel] | None:
    return next((each for each in _field(holder, name) if isinstance(each, type) and issubclass(each, BaseModel)), None)
