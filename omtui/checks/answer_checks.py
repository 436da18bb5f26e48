"""S0 and S5: who calls for whom: orders by users who may enter them, answers by users of the system that was asked."""

import re
from collections.abc import Iterator

from omtui.checks import oracle_pages
from omtui.checks.connector_checks import own_connectors
from omtui.checks.finding import Flaw
from omtui.checks.registry import check
from omtui.checks.roles_checks import privileges_of
from omtui.checks.routing_rules import Rules
from omtui.checks.wording import KnownNames, listed, quoted
from omtui.setup.answers import answerers
from omtui.setup.connectors import ASYNCHRONOUS
from omtui.setup.indexed import Indexed, text, texts

_ORDERS = "OrderImportService"
_VIEWS = re.compile(r"(?:^|[_ ])(?:view|monitor|inquire|read|review)(?:$|[_ ])", re.IGNORECASE)


@check("S0-09", "warning", "a caller who may only look", oracle_pages.PRIVILEGES)
def may_only_view(setup: Indexed) -> Iterator[Flaw]:
    """The user sends orders in, and all privileges that are noted for it (with those of its roles) are to view or
    monitor.

    Why: The call is refused with 401 or 403 although the password is right.
    Fix: Give the user a role with the privilege to create orders, for example FOM_CREATE_ORDER_PRIV.
    """
    # Only where all roles of the user are described here.
    users, roles = setup.by_key("integration_users"), setup.by_key("roles")
    for path, record in setup.records("services"):
        if text(record, "name") != _ORDERS:
            continue
        for number, caller in enumerate(texts(record, "called_by")):
            for user in users.get(caller, ())[:1]:
                held = sorted(privileges_of(setup, user))
                if not held or any(code not in roles for code in texts(user.record, "roles")):
                    continue
                if all(_VIEWS.search(name) for name in held):
                    message = f"{quoted(caller)} calls {_ORDERS} and holds only {listed(held)}"
                    fix = "give the user the privilege to create orders, for example FOM_CREATE_ORDER_PRIV"
                    yield Flaw((*path, "called_by", number), message, fix)


@check("S0-10", "warning", "a user of a system that is not set up", oracle_pages.OWN)
def unknown_system(setup: Indexed) -> Iterator[Flaw]:
    """The system of an integration user is not in step 3.

    Why: Whose user it is can then not be followed, neither by the flow nor by who answers for a connector.
    Fix: Enter the code of a system of step 3, or add the system there.
    """
    # Users of direction set-up have none.
    systems = setup.by_key("source_systems")
    names = KnownNames(systems)
    for path, record in setup.records("integration_users"):
        system = text(record, "system")
        if system.strip() and system not in systems:
            message = f"the system {quoted(system)} of {quoted(text(record, 'user_name'))} is not in step 3"
            fix = names.offer(system, "add the system in step 3")
            yield Flaw((*path, "system"), message, fix, enter=names.nearest(system))


@check("S5-20", "warning", "nobody answers for the connector", oracle_pages.SEND_RESPONSE)
def nobody_answers(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """An active rule sends requests to an asynchronous connector, and no service for responses is noted that a user of
    its target system calls.

    Why: An asynchronous request is answered by a call of the external system to Order Management. Without it the order
    line waits for ever.
    Fix: Note OrderFulfillmentResponseService under services, with the user of the target system as caller.
    """
    # A caller without a system may answer for any, and so may a service without callers.
    asked = {name for branch, _, name in rules.connectors if branch.rule.in_effect}
    answering = {each.system for each in answerers(setup)}
    if "" in answering:
        return
    for found_connector, shown in own_connectors(setup):
        record = found_connector.record
        system = text(record, "target_system")
        if text(record, "name") not in asked or record.get("invocation_mode") != ASYNCHRONOUS or not system.strip():
            continue
        if system not in answering:
            message = f"{shown} is asynchronous, and no user of {quoted(system)} calls a service for responses"
            fix = "note OrderFulfillmentResponseService under services, called by a user of that system"
            yield Flaw((*found_connector.path, "target_system"), message, fix)
