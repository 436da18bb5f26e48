"""What a form says about a value while it is typed: limits and lists of one field, seen alone."""

import math
from datetime import date
from decimal import Decimal

from omtui.plain_text import plain
from omtui.setup.did_you_mean import nearest
from omtui.setup.field import Field


def fault_of(field: Field, value: object) -> str:
    """What is wrong with a value by the field's own limits, in a sentence; empty when nothing is.

    A value with a fault can be kept all the same: the checks will tell it.
    """
    if value is None or value == "" or value == []:
        return f"{field.label} is required{'' if field.own else _ON_PAGE}" if field.required else ""
    if isinstance(value, str):
        if field.maximum_length and len(value) > field.maximum_length:
            return f"{len(value)} characters; {'' if field.own else 'Oracle takes '}up to {field.maximum_length}"
        if field.closed and field.values and value not in (*field.values, *field.also):
            near = nearest(value, field.values)
            offered = f"did you mean {near}?" if near else f"one of: {', '.join(field.values)}"
            return f"{plain(value)} is not in Oracle's list; {offered}" if not field.own else f"not a choice; {offered}"
        if value != value.strip():
            return "begins or ends with a space; Oracle compares it as it stands"
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        if not isinstance(value, int) and not math.isfinite(value):
            return "no number that can be used"
        if field.minimum is not None and value < field.minimum:
            return f"below {field.minimum}"
        if field.maximum is not None and value > field.maximum:
            return f"above {field.maximum}"
    if isinstance(value, list) and field.closed and field.values:
        for item in value:
            if item not in field.values:
                near = nearest(str(item), field.values)
                return f"{plain(item)} is not a choice" + (f"; did you mean {near}?" if near else "")
    if field.kind == "date" and not isinstance(value, date):
        return "not a date"
    return ""


_ON_PAGE = " on Oracle's page"
