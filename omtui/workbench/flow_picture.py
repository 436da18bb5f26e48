"""The picture of the flow, as lines of text: order capture, the pod, fulfillment, and what goes between them."""

from rich.cells import cell_len, set_cell_size

from omtui.plain_text import plain
from omtui.setup.connectors import BUSINESS_EVENT
from omtui.setup.events import TRIGGER_POINT_NAMES
from omtui.setup.indexed import Indexed, flag, text

MOST_LINES = 5


def picture(setup: Indexed, width: int, *, ascii_only: bool = False) -> list[str]:
    """Three boxes side by side: who sends orders, the pod's services and events, who fulfills."""
    capture, fulfillment = _systems(setup, "Order Capture"), _systems(setup, "Fulfillment")
    requests = [
        f"{text(found.record, 'name')}"
        for found in setup.records("connectors")
        if text(found.record, "invocation_mode") != BUSINESS_EVENT
    ]
    services = [text(found.record, "name") for found in setup.records("services")]
    raised = [
        text(found.record, "name")
        for found in setup.records("trigger_points")
        if flag(found.record, "active") and text(found.record, "name") in TRIGGER_POINT_NAMES
    ]
    heard = [
        f"{text(found.record, 'event')} to {text(found.record, 'name')}"
        for found in setup.records("event_subscriptions")
    ]
    listeners = [
        text(found.record, "name")
        for found in setup.records("connectors")
        if text(found.record, "invocation_mode") == BUSINESS_EVENT
    ]
    arrow, back = (" --> ", " <-- ") if ascii_only else (" ──▶ ", " ◀── ")
    side = max(16, (width - 2 * len(arrow)) * 27 // 100)
    middle = width - 2 * (side + len(arrow))
    left = _box("Order capture", _some(capture, "no system yet"), side, ascii_only)
    pod = _box(
        "Order Management",
        [
            *_some([f"service {name}" for name in services], "no service noted"),
            *_some([f"event   {name}" for name in (*heard, *raised)], "no event raised"),
        ],
        middle,
        ascii_only,
    )
    users = [
        f"{text(found.record, 'user_name')} answers"
        for found in setup.records("integration_users")
        if text(found.record, "direction") in ("downstream", "both")
    ]
    right = _box(
        "Fulfillment",
        [
            *_some(fulfillment, "no system yet"),
            *_some([f"via {name}" for name in (*requests, *listeners)], "no connector yet"),
            *users,
        ],
        side,
        ascii_only,
    )
    height = max(len(left), len(pod), len(right))
    lines = []
    for number in range(height):
        between = arrow if number == 1 else back if number == 2 else " " * len(arrow)
        lines.append(
            f"{_line(left, number, side, ascii_only)}{between}{_line(pod, number, middle, ascii_only)}"
            f"{between}{_line(right, number, side, ascii_only)}"
        )
    return lines


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


def _line(box: list[str], number: int, width: int, ascii_only: bool) -> str:
    return box[number] if number < len(box) else " " * width
