"""Which business events and e-mails the changes of an order raise, by the trigger points of steps 8 and 9.

Oracle describes when each trigger point fires (Overview of Sending Notifications, 24C; readiness 26C). The event codes
are those of a composite of 2016, which no page of Oracle's names: they are marked as that wherever they are shown.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from omtui.rehearsal.changes import HEADER, STATUS, OrderChange
from omtui.setup.indexed import Indexed, flag, rows, text, texts
from omtui.setup.release import Release
from omtui.setup.table import Record
from omtui.setup.trigger_points import ATTRIBUTE_UPDATE, HEADER_STATUS, HOLD, JEOPARDY, LINE_STATUS, RELEASE_HOLD

LINE_CLOSED: Final = "Fulfillment Line Closed"
SPLIT: Final = "Split"
COMPENSATION: Final = "Change Order Compensation Complete"

Reason = Literal[
    "", "no-change", "not-in-profile", "not-supported", "inactive", "value-not-marked", "raise-event-off",
    "status-not-flagged", "nobody-listens",
]  # fmt: skip

REASONS: Final[dict[Reason, str]] = {
    "": "it is raised",
    "no-change": "the value is the same as before",
    "not-in-profile": "the profile does not note this trigger point",
    "not-supported": "this release does not support it",
    "inactive": "the trigger point is not active",
    "value-not-marked": "this value is not among its details",
    "raise-event-off": "Raise Event is not checked for this value",
    "status-not-flagged": "no status rule set checks Notify External System for this status",
    "nobody-listens": "no connector is associated, and Integration Cloud does not subscribe",
}

EVENT_CODES: Final = {
    JEOPARDY: "JEOPARDY",
    HEADER_STATUS: "OrderHeaderStatusUpdate",
    ATTRIBUTE_UPDATE: "OrderAttributeUpdate",
    LINE_STATUS: "FlineStatusUpdate",
    LINE_CLOSED: "FlineClosed",
    HOLD: "HOLD",
    SPLIT: "SPLIT",
    COMPENSATION: "OcResponse",
}
"""The EventCode of the pushed payload, as the composite of 2016 has it; none is known of Release Hold."""

CODES_ARE_FROM: Final = "event codes are those of a payload of 2016; no page of Oracle's names them"

PUBLIC_EVENT: Final = "SalesOrderNotification"
"""What Integration Cloud hears (Oracle, Overview of Using Business Events, 24C)."""

_CLOSED: Final = ("closed",)
_NO_JEOPARDY, _RELEASE_HOLD_SINCE = Release(26, "C"), Release(26, "C")


class RaisedEvent(NamedTuple):
    """What becomes of one change at one trigger point."""

    order: str
    line: str
    trigger_point: str
    value: str
    reason: Reason
    """Empty when the event is raised."""
    connectors: tuple[str, ...] = ()
    email: bool = False
    public_event: str = ""

    @property
    def fired(self) -> bool:
        """Whether the event is raised and heard."""
        return not self.reason

    @property
    def heard_by(self) -> str:
        """Who hears of it, in words."""
        heard = [f"connector {name}" for name in self.connectors]
        heard += [f"Integration Cloud ({self.public_event})"] if self.public_event else []
        return ", ".join((*heard, "e-mail") if self.email else heard)


def raised_events(setup: Indexed, changes: Sequence[OrderChange]) -> list[RaisedEvent]:
    """What each change raises, in the order of the changes."""
    work = _Events(setup)
    return [event for change in changes for event in work.of(change)]


class _Events:
    def __init__(self, setup: Indexed) -> None:
        self._setup = setup
        self._release = Release.parse(text(setup.single("pod"), "release"))
        self._triggers = {text(found.record, "name"): found.record for found in setup.records("trigger_points")}

    def of(self, change: OrderChange) -> Iterator[RaisedEvent]:
        """What one change raises."""
        match change.action:
            case "hold":
                yield self._event(change, HOLD, change.value)
            case "release-hold":
                yield self._event(change, RELEASE_HOLD, change.value)
            case "split":
                yield self._event(change, SPLIT, change.value)
            case "compensation":
                yield self._event(change, COMPENSATION, change.value)
            case "jeopardy":
                yield self._jeopardy(change)
            case _:
                yield from self._attribute(change)

    def _attribute(self, change: OrderChange) -> Iterator[RaisedEvent]:
        is_changed = change.old != change.new
        if change.attribute.casefold() == STATUS.casefold():
            point = HEADER_STATUS if change.entity.casefold() == HEADER.casefold() else LINE_STATUS
            yield self._event(change, point, change.new, is_changed=is_changed)
            if point == LINE_STATUS and change.new.casefold() in _CLOSED:
                yield self._event(change, LINE_CLOSED, change.new, is_changed=is_changed)
        else:
            yield self._event(change, ATTRIBUTE_UPDATE, change.attribute, is_changed=is_changed)

    def _jeopardy(self, change: OrderChange) -> RaisedEvent:
        before, after = self._priority(change.old), self._priority(change.value or change.new)
        return self._event(change, JEOPARDY, after, is_changed=before != after)

    def _priority(self, word: str) -> str:
        """A priority by its name, or by a score; one that two ranges share belongs to the lower priority."""
        try:
            score = Decimal(word)
        except ArithmeticError:
            return word.upper()
        priorities = [found.record for found in self._setup.records("jeopardy.priorities")]
        ranges = [(each.get("minimum_score"), each.get("maximum_score"), text(each, "name")) for each in priorities]
        numbers = (int, Decimal)
        known = [
            (low, high, name) for low, high, name in ranges if isinstance(low, numbers) and isinstance(high, numbers)
        ]
        return next((name for low, high, name in sorted(known) if low <= score <= high), "")

    def _event(self, change: OrderChange, point: str, value: str, *, is_changed: bool = True) -> RaisedEvent:
        trigger = self._triggers.get(point)
        reason = "no-change" if not is_changed else self._reason(point, trigger, value)
        connectors: tuple[str, ...] = ()
        public, email = "", False
        if trigger is not None and not reason:
            connectors = tuple(texts(trigger, "connectors"))
            public = PUBLIC_EVENT if flag(trigger, "integration_cloud") and point != RELEASE_HOLD else ""
            email = self._has_email(trigger, point, value)
            if not connectors and not public and not email:
                reason = "nobody-listens"
        return RaisedEvent(change.order, change.line, point, value, reason, connectors, email, public)

    def _reason(self, point: str, trigger: Record | None, value: str) -> Reason:
        release = self._release
        if release is not None and point == JEOPARDY and release >= _NO_JEOPARDY:
            return "not-supported"
        if release is not None and point == RELEASE_HOLD and release < _RELEASE_HOLD_SINCE:
            return "not-supported"
        if trigger is None:
            return "not-in-profile"
        if not flag(trigger, "active"):
            return "inactive"
        if point == LINE_STATUS:
            return "" if value in self._flagged() else "status-not-flagged"
        if point in (JEOPARDY, HEADER_STATUS, ATTRIBUTE_UPDATE):
            detail = _detail(trigger, value)
            if detail is None:
                return "value-not-marked"
            return "" if flag(detail, "raise_event") else "raise-event-off"
        return ""

    def _flagged(self) -> set[str]:
        """The line statuses for which a status rule set, or a process in short form, notifies external systems."""
        found: set[str] = set()
        for rule_set in self._setup.records("status_rule_sets"):
            statuses = rows(rule_set.record, "statuses")
            found |= {text(each, "value") for each in statuses if flag(each, "notify_external_system")}
        for process in self._setup.records("orchestration_processes"):
            found |= set(texts(process.record, "notify_external_system"))
        return found

    def _has_email(self, trigger: Record, point: str, value: str) -> bool:
        """Oracle sends mail for holds when Active and Send Email are checked, for header statuses with Raise Event."""
        if point in (HOLD, RELEASE_HOLD):
            return any(flag(each, "send_email") for each in rows(trigger, "details"))
        if point == LINE_STATUS:
            statuses = (
                each for found in self._setup.records("status_rule_sets") for each in rows(found.record, "statuses")
            )
            return any(flag(each, "send_email") for each in statuses if text(each, "value") == value)
        detail = _detail(trigger, value)
        return detail is not None and flag(detail, "send_email")


def _detail(trigger: Record, value: str) -> Record | None:
    return next((each for each in rows(trigger, "details") if text(each, "value") == value), None)
