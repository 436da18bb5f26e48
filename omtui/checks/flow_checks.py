"""F: the services that are called and the events that are heard."""

from collections.abc import Iterator

from omtui.checks import oracle_pages
from omtui.checks.facts import news_25a, news_25d, news_26b
from omtui.checks.finding import Flaw
from omtui.checks.registry import check
from omtui.checks.wording import KnownNames, quoted
from omtui.setup.did_you_mean import folded
from omtui.setup.hosts import host_name, host_of
from omtui.setup.indexed import Indexed, LocatedRecord, is_predefined, text, texts
from omtui.setup.release import Release

_26D = Release(26, "D")

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


@check(
    "F-02",
    "error",
    "a service that Oracle removes",
    news_25d.GET_ORDER_DETAILS,
    news_26b.GET_ORDER_DETAILS_DUE,
    since="26D",
    before="warning",
    announced="25D",
)
def service_to_be_removed(setup: Indexed) -> Iterator[Flaw]:
    """Get Order Details of OrderInformationService is used, or the service is noted without its operations.

    Why: Oracle announced to remove the operation with 26D, and replaced it in 25D by Get one sales order of the REST
    resource Sales Orders for Order Hub.
    Fix: Call GET /fscmRestApi/resources/11.13.18.05/salesOrdersForOrderHub/{OrderKey} instead. Where the operation
    still answers on a pod of 26D, accept the finding and note when that was tried.
    """
    # Without operations noted, the service's only public operation is meant.
    for path, record in setup.records("services"):
        if text(record, "name") != "OrderInformationService":
            continue
        operations = texts(record, "operations")
        used = next((n for n, name in enumerate(operations) if folded(name) == "getorderdetails"), None)
        if used is not None or not operations:
            due = setup.release is None or setup.release >= _26D
            is_due = "is due for removal since 26D: verify on this pod"
            yield Flaw(
                (*path, "name") if used is None else (*path, "operations", used),
                f"Get Order Details of OrderInformationService {is_due if due else 'is to be removed with 26D'}",
                "use Get one sales order of the REST resource salesOrdersForOrderHub",
            )


@check("F-05", "warning", "responses that are only kept", oracle_pages.PROCESS_RESPONSES)
def staged_responses(setup: Indexed) -> Iterator[Flaw]:
    """Responses come by stageFulfillmentResponse, a task type of one's own is used, and no related set-up notes the
    scheduled process Process Responses from Order Fulfillment.

    Why: The operation only keeps the response. The scheduled process works on it, and its default run, once a day, is
    for Shipment and Invoice only: the line of another task type goes on waiting.
    Fix: Schedule Process Responses from Order Fulfillment for the task type, and note it under related set-up.
    """
    staged = next(
        (
            (*found.path, "operations", number)
            for found in setup.records("services")
            for number, name in enumerate(texts(found.record, "operations"))
            if folded(name) == "stagefulfillmentresponse"
        ),
        None,
    )
    own = [text(found.record, "name") for found in setup.records("task_types") if not is_predefined(found.record)]
    if staged is not None and own and not list(noted_settings(setup, "process responses from order fulfillment")):
        message = f"responses are only kept, and no schedule is noted that works on those of {quoted(own[0])}"
        fix = "schedule Process Responses from Order Fulfillment, and note it under related set-up"
        yield Flaw(staged, message, fix)


def noted_settings(setup: Indexed, *words: str) -> Iterator[LocatedRecord]:
    """The related set-up whose name, task or setting holds one of some words (in lower case)."""
    for found in setup.records("related_setup"):
        said = " ".join(text(found.record, field) for field in ("name", "task", "setting")).casefold()
        if any(each in said for each in words):
            yield found


_PLANNING = ("orchestration process planning", "calculate jeopardy", "compute jeopardy")


@check(
    "F-06",
    "error",
    "a parameter that must be No",
    news_26b.PLANNING_PARAMETERS,
    since="26D",
    before="info",
    announced="26A",
)
def planning_parameters(setup: Indexed) -> Iterator[Flaw]:
    """A parameter that enables orchestration process planning or computes jeopardy is noted with another value than No.

    Why: Oracle removes orchestration process planning with 26D, and asks that these parameters are No then.
    Fix: Before the update to 26D, set it to No under Manage Order Management Parameters, and note that value here.
    """
    for found in noted_settings(setup, *_PLANNING):
        value = found.record.get("value")
        if value not in (None, "") and str(value).strip().casefold() not in _NO:
            message = f"{quoted(text(found.record, 'setting') or text(found.record, 'name'))} is {value}, and from 26D "
            yield Flaw((*found.path, "value"), message + "it must be No", "set it to No in the pod, and note No here")


_NO = ("no", "n", "false", "off")


@check(
    "F-07",
    "warning",
    "a scheduled process that Oracle removes",
    news_26b.PLAN_PROCESSES,
    since="26D",
    before="info",
    announced="26A",
)
def plan_orchestration_processes(setup: Indexed) -> Iterator[Flaw]:
    """The scheduled process Plan Orchestration Processes is noted under related set-up.

    Why: Oracle removes it with 26D: a schedule of it ends in an error.
    Fix: Before the update to 26D, cancel its schedule under Scheduled Processes, and remove the record here.
    """
    for found in noted_settings(setup, "plan orchestration processes"):
        message = "the scheduled process Plan Orchestration Processes is removed with 26D"
        yield Flaw(found.path, message, "cancel its schedule in the pod, and remove the record")


@check("F-04", "info", "a deprecated service brings the orders", news_25a.IMPORT_DEPRECATED, since="25A")
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
