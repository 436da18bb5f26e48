"""A plan of a promotion as a file: it can be read, reviewed and carried out exactly, or it is refused.

The file is JSON. It holds in words what will happen, and the very operations that make it happen; a sum over all of it
shows whether anybody changed it. It is carried out only on the target it was made for, from the source it was made
from: if either says something else by now, it is stale.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from omtui.compare.foreign import parsed_json, sealed, sum_of
from omtui.compare.operations import applied as carried_out
from omtui.compare.promotion import Promotion, data_hash
from omtui.compare.promotion import to_json as promotion_to_json
from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.setup.place import Data
from omtui.setup.reading import ReadingFault, verify
from omtui.store.change import Operation, from_json, to_json, value_from_json, value_to_json

FORMAT: Final = 1
LARGEST: Final = 64_000_000


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan as it was read from a file."""

    source: str
    target: str
    source_hash: str
    target_hash: str
    made_on: str
    version: str
    is_blocked: bool
    operations: tuple[Operation, ...]
    next_base: Data
    contents: Mapping[str, object]
    """What `promote --json` said when the plan was made, for showing it again."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A plan that fits: the operations of one undoable change, how to call it, and what to remember afterwards."""

    label: str
    operations: tuple[Operation, ...]
    next_base: Data


def write(promotion: Promotion, *, made_on: str, version: str) -> str:
    """The plan as the text of its file. `made_on` is a time in ISO form."""
    plan: dict[str, object] = {
        "omtui_plan": FORMAT,
        "version": version,
        "made_on": made_on,
        "source_hash": promotion.source_hash,
        "target_hash": promotion.target_hash,
        **promotion_to_json(promotion),
        "operations": [to_json(operation) for operation in promotion.operations],
        "next_base": value_to_json(promotion.next_base),
    }
    return json.dumps(sealed(plan), indent=1, ensure_ascii=True) + "\n"


def read(text: str) -> PlanFile | Problem:
    """The plan a text holds. The text may come from anywhere: what is not as `write` made it is refused."""
    if len(text) > LARGEST:
        return Problem("the plan is too large", "make it again")
    plan = parsed_json(text)
    if isinstance(plan, ReadingFault):
        return Problem(f"this is no plan: {plan.message}", "make it with omtui promote --plan FILE")
    if not isinstance(plan, dict) or "omtui_plan" not in plan:
        return Problem("this is no plan of omtui", "make it with omtui promote --plan FILE")
    if type(plan["omtui_plan"]) is not int:
        return Problem(
            "the plan's format (omtui_plan) is no whole number: this file was not made by omtui", "make it again"
        )
    if plan["omtui_plan"] != FORMAT:
        return Problem(f"the plan has format {plain(plan['omtui_plan'])}; this omtui knows {FORMAT}", "make it again")
    if plan.get("sum") != sum_of(plan):
        return Problem("the plan was changed after it was made", "make it again, with the choices you want")
    return _read(plan) or Problem("the plan is damaged", "make it again")


def prepare(plan: PlanFile, source: Data, target: Data) -> Ready | Problem:
    """Whether a plan can be carried out on a target as it is now. Nothing is changed here."""
    for name, data, expected in ((plan.source, source, plan.source_hash), (plan.target, target, plan.target_hash)):
        if data_hash(data) != expected:
            message = f"{plain(name)} was changed since the plan was made on {plain(plan.made_on)}"
            return Problem(message, "make the plan again and review it")
    if plan.is_blocked:
        return Problem("the plan is blocked by its findings", "settle them and make the plan again")
    return _ready(plan.source, plan.target, target, plan.operations, plan.next_base)


def prepare_now(promotion: Promotion) -> Ready | Problem:
    """The same for a plan that was made just now and never was a file."""
    if promotion.is_blocked:
        count = sum(finding.blocks for finding in promotion.findings) + len(promotion.merged.open)
        what = "one thing keeps" if count == 1 else f"{count} things keep"
        return Problem(f"{what} the plan from being carried out", "settle the findings and conflicts that it lists")
    return _ready(
        promotion.source, promotion.target, promotion.before, tuple(promotion.operations), promotion.next_base
    )


def _ready(source: str, target: str, data: Data, operations: tuple[Operation, ...], next_base: Data) -> Ready | Problem:
    for operation in operations:
        if operation.path[:1] in (("schema",), ("profile",), ("pod",)):
            return Problem("the plan changes the environment itself", "make it again")
    try:
        after = carried_out(data, list(operations))
    except ValueError:
        return Problem("the plan does not fit the target", "make it again")
    if verify(after):
        return Problem("what the plan makes is no profile", "make it again")
    return Ready(f"Promote {plain(source)} to {plain(target)}", operations, next_base)


def _read(plan: Mapping[str, object]) -> PlanFile | None:
    from omtui.compare.json_models import PlanModel
    from omtui.setup.read_model import read_model

    found = read_model(PlanModel, plan)
    if isinstance(found, list):
        return None
    try:
        operations = [from_json(step) for step in found.operations]
        base = value_from_json(found.next_base)
    except (ValueError, ArithmeticError, TypeError):
        return None
    if None in operations or not isinstance(base, dict):
        return None
    return PlanFile(
        found.source,
        found.target,
        found.source_hash,
        found.target_hash,
        found.made_on,
        found.version,
        found.blocked is not False,
        tuple(operation for operation in operations if operation is not None),
        base,
        {name: value for name, value in plan.items() if name not in ("operations", "next_base", "sum")},
    )
