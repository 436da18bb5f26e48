"""S5: connectors, and what is noted of their credentials and certificates."""

import re
from collections.abc import Iterator

from omtui.checks import oracle_pages
from omtui.checks.facts import news_26c
from omtui.checks.finding import CheckContext, Flaw
from omtui.checks.keys import name_flaws
from omtui.checks.moments import day_of
from omtui.checks.registry import check
from omtui.checks.routing_rules import Rules
from omtui.checks.wording import KnownNames, joined, quoted
from omtui.setup.connectors import (
    ASYNCHRONOUS,
    CONNECTORS,
    EXTENSION,
    INVOCATION_MODES,
    RESPONSE_PROCESSING,
    SYNCHRONOUS,
)
from omtui.setup.indexed import Indexed, LocatedRecord, flag, is_predefined, text, texts

_SOON_DAYS = 30
_CALLED = (SYNCHRONOUS, ASYNCHRONOUS)


def own_connectors(setup: Indexed) -> Iterator[tuple[LocatedRecord, str]]:
    """The connectors that are not Oracle's, with their names as they are shown."""
    for found in setup.records("connectors"):
        if not is_predefined(found.record):
            yield found, quoted(text(found.record, "name"))


@check("S5-01", "error", "the name of a connector is empty, too long or used twice", news_26c.CONNECTOR_PAGE)
def name(setup: Indexed) -> Iterator[Flaw]:
    """The page needs a Connector Name of at most 120 characters that no other connector has.

    Why: Routing rules and trigger points name the connector, and the name cannot be changed after it was saved.
    Fix: Enter a name of 1 to 120 characters of its own.
    """
    return name_flaws(setup, CONNECTORS, ", before it is saved in the pod")


@check("S5-04", "error", "a connector that cannot sign in", news_26c.CONNECTOR_PAGE)
def cannot_sign_in(setup: Indexed) -> Iterator[Flaw]:
    """A connector of mode Synchronous or Asynchronous Service has neither a CSF key nor both a user name and a
    credential.

    Why: Oracle's page asks for user name and password in these modes; a CSF key of the wallet may replace them.
    Fix: Enter the user name, and the name of the credential store's entry that holds the password.
    """
    for found, shown in own_connectors(setup):
        record = found.record
        if text(record, "invocation_mode") not in _CALLED or text(record, "csf_key").strip():
            continue
        mode = text(record, "invocation_mode")
        if not text(record, "user_name").strip():
            message = f"{shown} of mode {mode} has no user name and no CSF key"
            yield Flaw((*found.path, "user_name"), message, "enter the user name, or the CSF key of the wallet")
        if not text(record, "credential").strip():
            message = f"{shown} of mode {mode} names no credential for its password"
            fix = "enter the name of the entry of the credential store, for example " + quoted(_entry_name(record))
            entry = _entry_name(record)
            yield Flaw((*found.path, "credential"), message, fix, enter=entry, chooses=True)


def _entry_name(record: object) -> str:
    name = text(record, "name") if isinstance(record, dict) else ""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "connector01"


@check("S5-05", "warning", "a connector with two ways to sign in", oracle_pages.CONNECTOR_DETAILS)
def two_ways_to_sign_in(setup: Indexed) -> Iterator[Flaw]:
    """Both a CSF key and a user name are given.

    Why: Oracle describes the CSF key as an option in the place of user name and password. Which of two counts is not
    documented.
    Fix: Keep one: remove the CSF key, or the user name and the credential.
    """
    for found, shown in own_connectors(setup):
        key, user = text(found.record, "csf_key"), text(found.record, "user_name")
        if key.strip() and user.strip():
            message = f"{shown} has the CSF key {quoted(key)} and the user name {quoted(user)}"
            yield Flaw((*found.path, "csf_key"), message, "remove the CSF key, or the user name and the credential")


@check("S5-08", "error", "a target system that is not set up", oracle_pages.CONNECTOR_DETAILS)
def target_system(setup: Indexed) -> Iterator[Flaw]:
    """The target system is not in step 3, or neither in step 4 nor in step 4.1.

    Why: The page offers only systems of step 3 that planning and orchestration know.
    Fix: Enter the code of a system, or add the system in step 3 and in step 4 or 4.1.
    """
    # A system of step 3 and of step 4 or 4.1.
    made, planned = setup.by_key("source_systems"), setup.by_key("planning_source_systems")
    upstream = setup.by_key("upstream_source_systems")
    names = KnownNames(made)
    for found, shown in own_connectors(setup):
        system = text(found.record, "target_system")
        missing = []
        if system not in made:
            missing.append("step 3")
        if system not in planned and system not in upstream:
            missing.append("step 4 or 4.1")
        if not system.strip() or not missing:
            continue
        message = f"the target system {quoted(system)} of {shown} is not in {joined(missing, 'and not in')}"
        add = f"add {quoted(system)} in {joined(missing)}"
        fix = names.offer(system, add) if system not in made else add
        near = names.nearest(system) if system not in made else None
        yield Flaw((*found.path, "target_system"), message, fix, enter=near)


@check(
    "S5-09",
    "warning",
    "two connectors of one system with different credentials",
    oracle_pages.SEND_RESPONSE,
    oracle_pages.ANSWERS_FIRST,
)
def different_credentials(setup: Indexed) -> Iterator[Flaw]:
    """Connectors share their target system and sign in differently.

    Why: When Order Management sends its reply to the fulfillment system, it looks through the connectors of that system
    in alphanumeric order for user name, password and keystore alias. That the first one is taken is inferred.
    Fix: Let the connectors of one system use one user and password, or make a source system for each.
    """
    # Reported on every connector that differs from the first of its system; one without credentials is S5-04.
    for system, connectors in setup.by("connectors", "target_system").items():
        signing_in = [(found, _credentials(found)) for found in connectors if not is_predefined(found.record)]
        signing_in = [(found, credentials) for found, credentials in signing_in if any(credentials)]
        if len(signing_in) < 2:
            continue
        first, credentials = min(signing_in, key=lambda each: text(each[0].record, "name"))
        for found, others in signing_in:
            if others != credentials:
                one, other = quoted(text(found.record, "name")), quoted(text(first.record, "name"))
                message = f"{one} and {other} share the target system {quoted(system)} and sign in differently"
                fix = f"use the credentials of {other}, which the reply probably finds first, or another target system"
                field = next(n for n, a, b in zip(_SIGN_IN, others, credentials, strict=True) if a != b)
                yield Flaw((*found.path, field), message, fix)


_SIGN_IN = ("user_name", "credential", "csf_key")


def _credentials(connector: LocatedRecord) -> tuple[str, ...]:
    return tuple(text(connector.record, field) for field in _SIGN_IN)


@check("S5-10", "warning", "a credential that is not in the store", oracle_pages.OWN)
def credential_not_in_store(setup: Indexed, context: CheckContext) -> Iterator[Flaw]:
    """The credential store of this machine has no entry of the name that is given here.

    Why: Without it the connector cannot be tried or handed over with its secret from here. The pod has its own copy.
    Fix: Enter it with omtui secret set, or correct the name.
    """
    # Reports nothing where no store is at hand.
    if context.credential_names is None:
        return
    known = frozenset(context.credential_names)
    names = KnownNames(sorted(known))
    for found, shown in own_connectors(setup):
        credential = text(found.record, "credential")
        if credential.strip() and credential not in known:
            message = f"the credential {quoted(credential)} of {shown} is not in the credential store"
            fix = names.offer(credential, "keep it with omtui secret set")
            yield Flaw((*found.path, "credential"), message, fix, enter=names.nearest(credential))


@check("S5-11", "warning", "a synchronous call where the process waits", oracle_pages.CONNECT)
def synchronous_and_waiting(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """The connector answers within the call, and a wait step of the process waits for another answer.

    Why: Oracle: synchronous only when the work surely ends within seconds, asynchronous when it takes time. A wait step
    says that it takes time.
    Fix: Choose Asynchronous Service, or remove the wait step when the work is done at once.
    """
    # Reported once for each connector, with the first wait step that an active rule leads it to.
    synchronous = {
        text(found.record, "name"): found
        for found, _ in own_connectors(setup)
        if text(found.record, "invocation_mode") == SYNCHRONOUS
    }
    waits: dict[str, LocatedRecord] = {}
    for each in setup.records("orchestration_processes.steps") if synchronous else ():
        if flag(each.record, "wait") and (waited_for := text(each.record, "task_type")):
            waits.setdefault(waited_for, each)
    if not waits:
        return
    for branch, _, connector in rules.connectors:
        if connector not in synchronous or not branch.rule.is_active:
            continue
        types = branch.task_types
        task_type = next((each for each in waits if (each in types.names) is not types.excluded), None)
        if task_type is None:
            continue
        waiting = waits[task_type].record
        step = text(waiting, "name") or text(waiting, "number")
        message = f"{quoted(connector)} is a {SYNCHRONOUS}, and the step {quoted(step)} waits for an answer"
        here = (*synchronous.pop(connector).path, "invocation_mode")
        yield Flaw(here, message, f"choose {quoted(ASYNCHRONOUS)}", enter=ASYNCHRONOUS, chooses=True)


@check("S5-12", "error", "an invocation mode that does not exist", news_26c.CONNECTOR_PAGE, weakest="warning")
def unknown_words(setup: Indexed) -> Iterator[Flaw]:
    """The invocation mode is not one of the three. A response processing option that is not known is a warning.

    Why: The page offers three modes, and how Order Management calls depends on them.
    Fix: Choose Asynchronous Service, Synchronous Service or Business Event.
    """
    # The options' spelling is known from one source only, so they are compared without case.
    modes, options = KnownNames(INVOCATION_MODES), KnownNames(RESPONSE_PROCESSING)
    known_options = {option.casefold() for option in RESPONSE_PROCESSING}
    for found, _ in own_connectors(setup):
        mode, option = text(found.record, "invocation_mode"), text(found.record, "response_processing")
        if mode.strip() and mode not in INVOCATION_MODES:
            near = modes.nearest(mode) or next((m for m in INVOCATION_MODES if mode.casefold() in m.casefold()), None)
            choice = joined([quoted(each) for each in INVOCATION_MODES], "or")
            fix = f"enter {quoted(near)}" if near else f"choose {choice}"
            yield Flaw((*found.path, "invocation_mode"), f"there is no invocation mode {quoted(mode)}", fix, enter=near)
        if option.strip() and option.casefold() not in known_options:
            message = f"the response processing option {quoted(option)} is not known"
            fix = options.offer(option, "compare it with the list on Oracle's page")
            near = options.nearest(option)
            yield Flaw((*found.path, "response_processing"), message, fix, "warning", enter=near)


@check("S5-14", "warning", "a keystore alias without a valid certificate", oracle_pages.CONNECTOR_DETAILS)
def keystore_alias(setup: Indexed, context: CheckContext) -> Iterator[Flaw]:
    """The keystore recipient alias names a certificate that is not noted, or that has expired.

    Why: The alias names the imported public certificate with which messages are encrypted.
    Fix: Note the certificate under certificates with its alias and its end, and import a valid one in the pod.
    """
    # Several certificates of one alias: one that is valid is enough.
    noted = setup.by_key("certificates")
    names = KnownNames(noted)
    for found, shown in own_connectors(setup):
        alias = text(found.record, "keystore_alias")
        if not alias.strip():
            continue
        here = (*found.path, "keystore_alias")
        ends = [day_of(certificate.record.get("expires_on")) for certificate in noted.get(alias, ())]
        if not ends:
            message = f"{shown} encrypts for {quoted(alias)}, and no such certificate is noted"
            fix = names.offer(alias, "add it under certificates")
            yield Flaw(here, message, fix, enter=names.nearest(alias))
        elif all(end is not None and end < context.today for end in ends):
            last = max(end for end in ends if end is not None)
            message = f"{shown} encrypts with the certificate {quoted(alias)}, which expired on {last}"
            yield Flaw(here, message, "import a valid certificate, and note its end under certificates")


@check("S5-15", "info", "a connector that nothing uses", oracle_pages.CONNECTOR_DETAILS)
def unused(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """No routing rule and no trigger point names the connector.

    Why: Rules, trigger points and order management extensions call a connector. One that is left over is one more
    password to keep.
    Fix: Name it in a routing rule or a trigger point, or remove it. Where an extension calls it, note used_by =
    "extension".
    """
    # Rules count also while they are not active.
    used = {name for found in setup.records("trigger_points") for name in texts(found.record, "connectors")}
    for rule in (*rules.own, *rules.predefined):
        for branch in rule.branches:
            used.update(name for _, name in branch.connectors)
    for found, shown in own_connectors(setup):
        name = text(found.record, "name")
        if name.strip() and name not in used and text(found.record, "used_by") != EXTENSION:
            message = f"no routing rule and no trigger point uses {shown}"
            fix = 'name it in a rule or a trigger point, or note used_by = "extension" if an extension calls it'
            yield Flaw(found.path, message, fix)


@check("S5-16", "warning", "a name that may be reserved", news_26c.RESERVED_PREFIX, since="26C")
def reserved_prefix(setup: Indexed) -> Iterator[Flaw]:
    """The connector's name begins like the names of Oracle's own connectors.

    Why: From 26C a name must not begin with a prefix that Oracle reserves. Which these are is not public.
    Fix: Choose another name before the connector is saved: later it cannot be changed.
    """
    # DOO only in capitals or before a mark, so that a name such as Doors is none.
    for found, shown in own_connectors(setup):
        match = re.match(r"(?i:ORA_|Oracle|Fusion)|DOO|(?i:doo)(?=[_\W])", text(found.record, "name"))
        if match:
            message = f"{shown} begins with {quoted(match[0])}, which Oracle may reserve for its own connectors"
            yield Flaw(
                (*found.path, "name"), message, "choose another name, for example one that begins with the system"
            )


@check("S5-17", "error", "an expired credential or certificate", oracle_pages.OWN, weakest="warning")
def expired(setup: Indexed, context: CheckContext) -> Iterator[Flaw]:
    """What is noted here has expired, or will within 30 days (a warning).

    Why: From that day every request fails, and a new password or certificate takes days to get.
    Fix: Renew it with its owner, enter it in the pod, and note the new end.
    """
    # The day that is noted is the last one on which it works.
    for table, key, noun in (("credentials", "name", "credential"), ("certificates", "alias", "certificate")):
        for path, record in setup.records(table):
            end = day_of(record.get("expires_on"))
            left = (end - context.today).days if end else _SOON_DAYS + 1
            if end is None or left > _SOON_DAYS:
                continue
            shown = quoted(text(record, key))
            fix = f"renew it{_with_owner(record)}, and note its new end"
            if left < 0:
                yield Flaw((*path, "expires_on"), f"the {noun} {shown} expired on {end}", fix)
            else:
                when = "today" if left == 0 else "tomorrow" if left == 1 else f"in {left} days, on {end}"
                yield Flaw((*path, "expires_on"), f"the {noun} {shown} expires {when}", fix, "warning")


def _with_owner(record: object) -> str:
    owner = text(record, "owner") if isinstance(record, dict) else ""
    return f" with {quoted(owner)}" if owner else ""
