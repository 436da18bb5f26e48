"""S0: integration users, their privileges and roles."""

from collections.abc import Iterator
from itertools import chain

from omtui.checks import oracle_pages
from omtui.checks.finding import Flaw
from omtui.checks.registry import check
from omtui.checks.routing_rules import Rules
from omtui.checks.wording import KnownNames, listed, quoted
from omtui.setup.catalogue import TASKS
from omtui.setup.connectors import SYNCHRONOUS
from omtui.setup.indexed import Indexed, LocatedRecord, is_predefined, text, texts
from omtui.setup.place import Path
from omtui.setup.roles import (
    DOWNSTREAM_PRIVILEGES,
    KNOWN_PRIVILEGES,
    MISSPELT_PRIVILEGES,
    RESPONSE_PRIVILEGES,
    REVIEW_TOPOLOGY_PRIVILEGE,
)
from omtui.setup.table import Record
from omtui.store.change import Insert, Remove

_RESPONSE_SERVICE = "OrderFulfillmentResponseService"

_GARBLED = {
    "Manage Order Specialist": "the duty role Order Management Integration Specialist or the job role Order Entry "
    "Specialist may be meant"
}
"""A name of the source text that no page of Oracle's knows, and the nearest one in Oracle's security reference."""


def _privilege(name: str) -> str:
    """Oracle's spelling of a privilege whose misspelling is in circulation."""
    return MISSPELT_PRIVILEGES.get(name, name)


def _of_roles(setup: Indexed, user: Record) -> set[str]:
    """The privileges of a user's roles, as far as the roles are described here."""
    roles = setup.by_key("roles")
    return {
        _privilege(privilege)
        for code in texts(user, "roles")
        for role in roles.get(code, ())
        for privilege in texts(role.record, "privileges")
    }


def privileges_of(setup: Indexed, *users: LocatedRecord) -> set[str]:
    """What users hold: the privileges noted at them and those of their roles."""
    own = {_privilege(name) for user in users for name in texts(user.record, "privileges")}
    return own.union(*(_of_roles(setup, user.record) for user in users))


@check("S0-01", "error", "a privilege listed twice", oracle_pages.SET_UP_INTEGRATION)
def privilege_twice(setup: Indexed) -> Iterator[Flaw]:
    """The same privilege is twice in the list of one user.

    Why: One of the two was probably meant to be another privilege, which is now missing.
    Fix: Remove the second one, or enter the privilege that was meant.
    """
    for path, record in setup.records("integration_users"):
        seen: set[str] = set()
        for number, name in enumerate(texts(record, "privileges")):
            if name.strip() in seen:
                fix = "remove one of the two, or enter the privilege that was meant"
                remove = Remove((*path, "privileges"), number, name)
                at = (*path, "privileges", number)
                yield Flaw(at, f"{quoted(name)} is listed twice", fix, operations=(remove,), chooses=True)
            seen.add(name.strip())


@check("S0-02", "warning", "a privilege name that is not known", oracle_pages.SET_UP_INTEGRATION)
def unknown_privilege(setup: Indexed) -> Iterator[Flaw]:
    """No page of Oracle's that is known here names this privilege.

    Why: A privilege is granted by its exact name. Two misspellings are in circulation: one lacks the word Order before
    Purchasing, the other writes "interface" in lower case.
    Fix: Enter the name as the Security Console shows it.
    """
    # Of users and roles. A setup task's name passes: Oracle names the privileges of its pages so.
    known = {*KNOWN_PRIVILEGES, *(task.title for task in TASKS)}
    names = KnownNames(KNOWN_PRIVILEGES)
    for path, record in chain(setup.records("integration_users"), setup.records("roles")):
        for number, name in enumerate(texts(record, "privileges")):
            if name in known:
                continue
            if name in MISSPELT_PRIVILEGES:
                message = f"{quoted(name)} is misspelt"
                near: str | None = MISSPELT_PRIVILEGES[name]
                fix = f"enter {quoted(near)}"
            else:
                message = f"the privilege {quoted(name)} is not known"
                near = names.nearest(name)
                fix = names.offer(name, "enter the name as the Security Console shows it")
                fix = f"{fix}; {_GARBLED[name]}" if name in _GARBLED else fix
            yield Flaw((*path, "privileges", number), message, fix, enter=near)


@check("S0-03", "warning", "a predefined job role granted directly", oracle_pages.PRIVILEGES)
def predefined_role(setup: Indexed) -> Iterator[Flaw]:
    """The user holds one of Oracle's own roles (ORA_…) instead of a copy of it.

    Why: Oracle says: you must not use a predefined job role; create a copy, then modify the copy. The predefined role
    grants far more than an integration needs.
    Fix: Copy the role in the Security Console, reduce the copy, and grant the copy.
    """
    copies: dict[str, str] = {}
    for _, role in setup.records("roles"):
        copies.setdefault(text(role, "copied_from"), text(role, "code"))
    for path, record in setup.records("integration_users"):
        for number, code in enumerate(texts(record, "roles")):
            if code.upper().startswith("ORA_"):
                copy = copies.get(code)
                fix = f"grant the copy {quoted(copy)} instead" if copy else "copy it and grant the copy"
                yield Flaw((*path, "roles", number), f"{quoted(code)} is a predefined role", fix, enter=copy)


@check("S0-04", "error", "nobody may answer", oracle_pages.SET_UP_INTEGRATION, oracle_pages.CONNECT)
def nobody_may_answer(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """An active routing rule sends requests to a connector that answers later, but no integration user holds any of the
    nine privileges of the response services.

    Why: The external system signs in to Fusion to answer. Without the privilege every answer is refused. A synchronous
    connector answers within the call: nobody signs in for it.
    Fix: Add the user that the external system signs in as, with the privilege of the service it calls.
    """
    # Reported once, at the first connector in use.
    if not privileges_of(setup, *setup.records("integration_users")).isdisjoint(DOWNSTREAM_PRIVILEGES):
        return
    used = {name for branch, _, name in rules.connectors if branch.rule.is_active}
    for path, record in setup.records("connectors"):
        name = text(record, "name")
        if name in used and not is_predefined(record) and record.get("invocation_mode") != SYNCHRONOUS:
            message = f"requests go to {quoted(name)}, and no integration user may answer"
            fix = f"add a downstream user with a privilege such as {quoted(RESPONSE_PRIVILEGES[0])}"
            yield Flaw(path, message, fix)
            return


@check(
    "S0-05",
    "warning",
    "no privilege for the answer of a custom task",
    oracle_pages.SET_UP_INTEGRATION,
    oracle_pages.PRIVILEGE_BY_NAME,
)
def no_response_privilege(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """The task type has an Inbound service, so its answer comes through OrderFulfillmentResponseService, but no user
    holds a privilege that fits. Not where all its connectors are synchronous.

    Why: Answers of custom tasks need the generic or the fulfillment privilege. What each privilege is for is read from
    its name.
    Fix: Give the downstream user Manage Orchestration Generic Web Service or Manage Orchestration Order Fulfillment
    Interface Web Service.
    """
    called = setup.by_key("services")
    if called and _RESPONSE_SERVICE not in called:
        return  # the flow is noted, and answers come another way
    if not privileges_of(setup, *setup.records("integration_users")).isdisjoint(RESPONSE_PRIVILEGES):
        return
    routing, connectors = rules.by_task_type(), setup.by_key("connectors")
    for path, record in setup.records("task_types"):
        operations = {
            text(found.record, "operation") for found in setup.within(LocatedRecord(path, record), "services")
        }
        routed = [found for name in routing.connectors(text(record, "name")) for found in connectors.get(name, ())]
        if routed and all(found.record.get("invocation_mode") == SYNCHRONOUS for found in routed):
            continue
        if "Inbound" in operations and not is_predefined(record):
            message = f"no user may answer for {quoted(text(record, 'name'))} through {_RESPONSE_SERVICE}"
            yield Flaw(path, message, f"give the downstream user {listed(RESPONSE_PRIVILEGES, 'or')}")


@check(
    "S0-06",
    "info",
    "a privilege that nothing here needs",
    oracle_pages.SET_UP_INTEGRATION,
    oracle_pages.PRIVILEGE_BY_NAME,
)
def unneeded_privilege(setup: Indexed) -> Iterator[Flaw]:
    """The user holds a privilege of a response service, and no task type of this set-up is answered by it.

    Why: Oracle says: get the privilege that you need to call the web service. What each is for is read from its name.
    Fix: Remove it, unless another integration of the same user needs it.
    """
    # Of the nine downstream privileges, except the one for changes of orders: nothing noted here shows its use.
    judged = {name for path, name in _judged_privileges(setup)}
    unneeded = judged - _needed(setup)
    for path, name in _judged_privileges(setup):
        if name in unneeded:
            message = f"nothing in this set-up needs {quoted(name)} ({DOWNSTREAM_PRIVILEGES[name]})"
            fix = "remove it, unless another integration of this user needs it"
            assert isinstance(path[-1], int)
            yield Flaw(path, message, fix, operations=(Remove(path[:-1], path[-1], name),))


def _judged_privileges(setup: Indexed) -> Iterator[tuple[Path, str]]:
    for path, record in setup.records("integration_users"):
        for number, name in enumerate(texts(record, "privileges")):
            if name in DOWNSTREAM_PRIVILEGES and name != "Manage Orchestration Order Modification":
                yield (*path, "privileges", number), name


_NEEDED_BY = {
    "activity": ("Manage Orchestration Order Activity Interface Web Service",),
    "procure": ("Manage Orchestration Order Purchasing Interface Web Service",),
    "purchas": ("Manage Orchestration Order Purchasing Interface Web Service",),
    "drop": ("Manage Orchestration Order Purchasing Interface Web Service",),
    "receiv": ("Manage Orchestration Order Receiving Interface Web Service",),
    "receipt": ("Manage Orchestration Order Receiving Interface Web Service",),
    "return": ("Manage Orchestration Order Receiving Interface Web Service",),
    "ship": ("Manage Orchestration Order Shipping Interface Web Service",),
    "template": ("Manage Orchestration Order Template Interface Web Service",),
    "transport": ("Manage Web Service Interface to Transportation Data for Sales Order",),
    "fulfill": RESPONSE_PRIVILEGES,
}
"""Words in the name of a task type or a service, and the privileges that its answer may need."""


def _needed(setup: Indexed) -> set[str]:
    """The privileges that the task types in use may need."""
    needed: set[str] = set()
    names = {text(service, "name") for _, service in setup.records("services")}
    for _, task_type in setup.records("task_types"):
        names.add(text(task_type, "name"))
        if not is_predefined(task_type):
            needed.update(RESPONSE_PRIVILEGES)
    names.update(setup.by("orchestration_processes.steps", "task_type"))
    for name in names:
        if name == _RESPONSE_SERVICE:
            continue
        for word, privileges in _NEEDED_BY.items():
            if word in name.casefold():
                needed.update(privileges)
    return needed


@check("S0-07", "warning", "a needed privilege is in none of the user's roles", oracle_pages.SET_UP_INTEGRATION)
def privilege_in_no_role(setup: Indexed) -> Iterator[Flaw]:
    """All roles of the user are described here, and none of them holds a privilege that the user needs.

    Why: A user gets privileges through roles only. The call would be refused.
    Fix: Add the privilege to a role of the user, or the role that has it to the user.
    """
    # Only where all roles of a user are described.
    roles = setup.by_key("roles")
    for path, record in setup.records("integration_users"):
        codes = texts(record, "roles")
        if not codes or any(code not in roles for code in codes):
            continue
        granted = _of_roles(setup, record)
        for number, name in enumerate(texts(record, "privileges")):
            if _privilege(name) not in granted:
                message = f"{quoted(name)} is in none of the roles {listed(codes)}"
                role = roles[codes[0]][0]
                add = Insert((*role.path, "privileges"), len(texts(role.record, "privileges")), _privilege(name))
                fix = f"add it to the role {quoted(codes[0])}"
                yield Flaw((*path, "privileges", number), message, fix, operations=(add,), chooses=len(set(codes)) > 1)


@check("S0-08", "info", "nobody may review the topology", oracle_pages.REVIEW_TOPOLOGY)
def nobody_reviews_topology(setup: Indexed) -> Iterator[Flaw]:
    """No user of direction set-up holds ASM_REVIEW_TOPOLOGY_HIERARCHY_PRIV.

    Why: Without it the page Review Topology shows nothing, and hosts and ports have to be asked for.
    Fix: Note the user who enters the set-up, with the privilege; ask the security administrator for it.
    """
    users = [found for found in setup.records("integration_users") if found.record.get("direction") == "set-up"]
    if REVIEW_TOPOLOGY_PRIVILEGE not in privileges_of(setup, *users):
        message = f"no set-up user holds {REVIEW_TOPOLOGY_PRIVILEGE}"
        add = [
            Insert((*each.path, "privileges"), len(texts(each.record, "privileges")), REVIEW_TOPOLOGY_PRIVILEGE)
            for each in users[:1]
        ]
        fix = "add it to the user who enters the set-up"
        yield Flaw(("integration_users",), message, fix, operations=(*add,), chooses=len(users) > 1)
