"""S7: the words of routing rules: attributes that are misspelt or belong to another entity, timeouts, days to come."""

from collections.abc import Iterator
from datetime import date

from omtui.checks import oracle_pages
from omtui.checks.finding import CheckContext, Flaw
from omtui.checks.registry import check
from omtui.checks.routing_rules import RuleBranch, Rules
from omtui.checks.wording import KnownNames, quoted
from omtui.setup.connectors import SYNCHRONOUS
from omtui.setup.indexed import Indexed, text
from omtui.setup.routing import ATTRIBUTES, ENTITIES, READ_WITH_ENTITY

_TIMEOUT = "Set Acknowledgement Timeout"
_SHORT = 5


@check("S7-16", "warning", "a misspelt attribute", oracle_pages.ROUTING_RULES)
def misspelt_attribute(rules: Rules) -> Iterator[Flaw]:
    """The condition names an attribute that is one or two letters from a known one, or differs from it only in capitals
    and blanks.

    Why: A rule is read letter by letter, and an attribute that does not exist is never equal to anything.
    Fix: Enter the attribute as the page offers it.
    """
    # The list of attributes is open: one that is far from all known ones is not judged.
    names = KnownNames(ATTRIBUTES)
    for _, path, leaf in rules.comparisons:
        name = text(leaf, "attribute")
        if not name.strip() or name in ATTRIBUTES:
            continue
        suggestion = names.mistyped(name, 1 if len(name) <= _SHORT else 2)
        if suggestion:
            message = f"{quoted(name)} is not among the attributes known here: did you mean {quoted(suggestion)}?"
            fix = f"enter {quoted(suggestion)}"
            yield Flaw((*path, "attribute"), message, fix, unless=("S7-08",), enter=suggestion)


@check("S7-17", "warning", "an attribute of another entity", oracle_pages.ROUTE_REQUESTS)
def attribute_of_another_entity(rules: Rules) -> Iterator[Flaw]:
    """Item is compared elsewhere than on the Order Fulfill Line, or Task Type elsewhere than on Order Header.

    Why: The rule finds no such attribute there, and never applies. Only these two were read with their entity.
    Fix: Choose the entity that has the attribute.
    """
    # An entity that does not exist is reported by S7-08.
    for _, path, leaf in rules.comparisons:
        name, entity = text(leaf, "attribute"), text(leaf, "entity")
        if name in READ_WITH_ENTITY and entity in ENTITIES and entity != ATTRIBUTES[name][0]:
            right = quoted(ATTRIBUTES[name][0])
            message = f"{quoted(name)} is an attribute of {right}, not of {quoted(entity)}"
            yield Flaw((*path, "entity"), message, f"enter {right}", enter=ATTRIBUTES[name][0])


@check("S7-18", "warning", "a rule that begins later", oracle_pages.ROUTE_REQUESTS)
def begins_later(context: CheckContext, rules: Rules) -> Iterator[Flaw]:
    """The rule is active, and its start date lies in the future.

    Why: Until that day no request follows it.
    Fix: Set an earlier start date and publish, or wait for that day.
    """
    # One that ends before it starts is reported by S7-09.
    for rule in rules.own:
        if rule.is_active and date.min < rule.start <= rule.end and rule.start > context.today:
            message = f"{quoted(rule.name)} begins on {rule.start}: no request follows it before"
            yield Flaw((*rule.path, "start_date"), message, "set an earlier start date and publish, or wait")


@check("S7-19", "warning", "an acknowledgement timeout without meaning", oracle_pages.ROUTING_ACTIONS)
def timeout(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """Set Acknowledgement Timeout has a number without a unit, or is in a branch that sets a synchronous connector.

    Why: Oracle's action is a number of days, hours, minutes or seconds. A synchronous call is answered at once and
    acknowledged by nothing else.
    Fix: Choose the unit; remove the action where the connector is synchronous.
    """
    # A text such as 10 minutes has its unit in itself.
    for branch in rules.branches:
        synchronous = _synchronous(setup, branch)
        for path, action in branch.actions:
            if text(action, "action") != _TIMEOUT:
                continue
            value = str(action.get("value", "")).strip()
            if value and not text(action, "unit").strip() and not value.lstrip("+-0123456789. ").isalpha():
                message = f"{quoted(branch.rule.name)} waits {value} for the acknowledgement, and no unit is given"
                yield Flaw((*path, "unit"), message, "choose Days, Hours, Minutes or Seconds")
            if synchronous:
                message = f"{quoted(branch.rule.name)} waits for an acknowledgement of the synchronous connector "
                fix = "remove the action, or set an asynchronous connector"
                yield Flaw((*path, "action"), message + quoted(synchronous), fix)


def _synchronous(setup: Indexed, branch: RuleBranch) -> str:
    """The synchronous connector that a branch sets; the empty text where it sets another or none."""
    known = setup.by_key("connectors")
    for _, name in branch.connectors:
        if name in known and known[name][0].record.get("invocation_mode") == SYNCHRONOUS:
            return name
    return ""
