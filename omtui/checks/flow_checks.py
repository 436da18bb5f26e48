"""F: the services that are called and the events that are heard."""

from collections.abc import Iterator

from omtui.checks import oracle_pages
from omtui.checks.finding import Flaw
from omtui.checks.registry import check
from omtui.checks.wording import KnownNames, quoted
from omtui.setup.did_you_mean import folded
from omtui.setup.hosts import host_name, host_of
from omtui.setup.indexed import Indexed, text, texts

DESIGN_TIME = "design.integration."
"""How the host of Integration Cloud's design-time URL begins (Oracle Integration 3)."""


@check("F-01", "error", "a service's caller is not an integration user", oracle_pages.SET_UP_INTEGRATION)
def unknown_caller(setup: Indexed) -> Iterator[Flaw]:
    """The service is called in the name of a user who is not among the integration users of step 0.

    Why: The call is refused when the user does not exist or lacks the privilege, and nobody notes which it needs.
    Fix: Name an integration user, or add this one in step 0 with the privileges it needs.
    """
    users = setup.by_key("integration_users")
    names = KnownNames(users)
    for path, record in setup.records("services"):
        for number, caller in enumerate(texts(record, "called_by")):
            if caller not in users:
                message = f"{quoted(text(record, 'name'))} is called by {quoted(caller)}, who is no integration user"
                fix = names.offer(caller, "add the user in step 0")
                yield Flaw((*path, "called_by", number), message, fix, enter=names.nearest(caller))


@check("F-02", "warning", "a service whose removal is planned", oracle_pages.WHATS_NEW_25D, since="25D")
def service_to_be_removed(setup: Indexed) -> Iterator[Flaw]:
    """Get Order Details of OrderInformationService is used, or the service is noted without its operations.

    Why: Oracle plans to remove the operation (target 26D) and replaced it in 25D by Get one sales order of the REST
    resource Sales Orders for Order Hub.
    Fix: Call GET /fscmRestApi/resources/11.13.18.05/salesOrdersForOrderHub/{OrderKey} instead.
    """
    # Without operations noted, the service's only public operation is meant.
    for path, record in setup.records("services"):
        if text(record, "name") != "OrderInformationService":
            continue
        operations = texts(record, "operations")
        used = next((n for n, name in enumerate(operations) if folded(name) == "getorderdetails"), None)
        if used is not None or not operations:
            yield Flaw(
                (*path, "name") if used is None else (*path, "operations", used),
                "Oracle plans to remove Get Order Details of OrderInformationService (target 26D)",
                "use Get one sales order of the REST resource salesOrdersForOrderHub",
            )


@check("F-04", "info", "a deprecated service brings the orders", oracle_pages.IMPORT_DEPRECATED, since="25A")
def deprecated_import(setup: Indexed) -> Iterator[Flaw]:
    """OrderImportService is called.

    Why: Oracle marks it as deprecated from 25A on. It works, and gets no more than corrections.
    Fix: For something new, call the REST resource salesOrdersForOrderHub. For what runs, plan the change.
    """
    for path, record in setup.records("services"):
        if text(record, "name") == "OrderImportService":
            message = "OrderImportService is deprecated from 25A on"
            yield Flaw((*path, "name"), message, "plan the change to the REST resource salesOrdersForOrderHub")


@check("F-03", "warning", "a subscription that hears nothing", oracle_pages.INTEGRATION_CLOUD_URLS)
def subscription(setup: Indexed) -> Iterator[Flaw]:
    """The subscriber's URL is the design-time URL of Integration Cloud, or its system is not in step 3.

    Why: Integrations run at the run-time URL; the design-time host serves the people who build them.
    Fix: Enter the run-time URL, https://INSTANCE.integration.REGION.ocp.oraclecloud.com; enter a system of step 3.
    """
    systems = setup.by_key("source_systems")
    names = KnownNames(systems)
    for path, record in setup.records("event_subscriptions"):
        url, system = text(record, "url"), text(record, "system")
        host = host_name(host_of(url))
        if host.startswith(DESIGN_TIME):
            message = f"{quoted(host)} is the design-time host of Integration Cloud"
            instance = f"https://INSTANCE.{host.removeprefix('design.')}"
            yield Flaw((*path, "url"), message, f"enter the run-time URL of the instance, {instance}")
        if system and system not in systems:
            message = f"the system {quoted(system)} is not in step 3"
            fix = names.offer(system, "add the system in step 3")
            yield Flaw((*path, "system"), message, fix, enter=names.nearest(system))
