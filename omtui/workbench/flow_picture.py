"""The picture of the flow, as lines of text: order capture, the pod, fulfillment, and what goes between them."""

from rich.cells import cell_len, set_cell_size

from omtui.plain_text import plain
from omtui.setup.connectors import BUSINESS_EVENT
from omtui.setup.indexed import Indexed, flag, text
from omtui.setup.trigger_points import TRIGGER_POINT_NAMES

MOST_LINES = 5


def picture(setup: Indexed, width: int, *, ascii_only: bool = False) -> list[str]:
    """Three boxes side by side: who sends orders, the pod's services and events, who fulfills."""
    capture, fulfillment = _systems(setup, "Order Capture"), _systems(setup, "Fulfillment")
    services = [f"service {text(found.record, 'name')}" for found in setup.records("services")]
    heard = [
        f"event   {text(found.record, 'event')} to {text(found.record, 'name')}"
        for found in setup.records("event_subscriptions")
    ]
    raised = [
        f"event   {text(found.record, 'name')}"
        for found in setup.records("trigger_points")
        if flag(found.record, "active") and text(found.record, "name") in TRIGGER_POINT_NAMES
    ]
    called_first = sorted(
        setup.records("connectors"), key=lambda found: text(found.record, "invocation_mode") == BUSINESS_EVENT
    )
    connectors = [f"via {text(found.record, 'name')}" for found in called_first]
    users = [
        f"{text(found.record, 'user_name')} answers"
        for found in setup.records("integration_users")
        if text(found.record, "direction") in ("downstream", "both")
    ]
    arrow, back = (" --> ", " <-- ") if ascii_only else (" ──▶ ", " ◀── ")
    side = max(18, (width - 2 * len(arrow)) * 27 // 100)
    middle = width - 2 * (side + len(arrow))
    pod = [*_some(services, "no service noted"), *_some([*heard, *raised], "no event raised")]
    right = [*_some(fulfillment, "no system yet"), *_some(connectors, "no connector yet"), *users]
    boxes = [
        _box("Order capture", _some(capture, "no system yet"), side, ascii_only),
        _box("Order Management", pod, middle, ascii_only),
        _box("Fulfillment", right, side, ascii_only),
    ]
    height = max(map(len, boxes))
    filled = [box + [" " * room] * (height - len(box)) for box, room in zip(boxes, (side, middle, side), strict=True)]
    between = [" " * len(arrow), arrow, back, *[" " * len(arrow)] * height]
    return [gap.join(parts) for gap, parts in zip(between, zip(*filled, strict=True), strict=False)]


def _systems(setup: Indexed, kind: str) -> list[str]:
    found: dict[str, str] = {}
    for table in ("planning_source_systems", "upstream_source_systems"):
        for each in setup.records(table):
            if text(each.record, "order_orchestration_type") == kind:
                code = text(each.record, "code")
                named = setup.by("source_systems", "code").get(code)
                name = text(named[0].record, "name") if named else ""
                found[code] = f"{code} {name}".strip()
    return list(found.values())


def _some(items: list[str], none: str) -> list[str]:
    if not items:
        return [none]
    return items if len(items) <= MOST_LINES else [*items[: MOST_LINES - 1], f"and {len(items) - MOST_LINES + 1} more"]


def _box(title: str, lines: list[str], width: int, ascii_only: bool) -> list[str]:
    across, corners, side = ("-", "++++", "|") if ascii_only else ("─", "┌┐└┘", "│")
    inner = width - 4
    top = f"{corners[0]}{across} {title} {across * (width - cell_len(title) - 5)}{corners[1]}"
    bottom = f"{corners[2]}{across * (width - 2)}{corners[3]}"
    return [top, *(f"{side} {_fitted(plain(line), inner, ascii_only)} {side}" for line in lines), bottom]


def _fitted(text: str, width: int, ascii_only: bool) -> str:
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    mark = "~" if ascii_only else "…"
    return set_cell_size(text, width - 1) + mark
