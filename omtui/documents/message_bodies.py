"""The bodies that an external system sends to the pod, filled from the set-up; what is not known stays visible.

Names of elements and fields are those that Oracle's pages list: OrderFulfillmentResponseService (SOAP Web Services for
SCM, 23D) and Sales Orders for Order Hub (REST, 26B). No page that was read says their order, nor which of them a pod
requires: every body says so.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal
from xml.etree.ElementTree import Comment, Element, SubElement, indent, register_namespace, tostring

from omtui.checks.routing_rules import rules_of
from omtui.plain_text import few, plain
from omtui.problem import Wrong
from omtui.setup.answers import answerers
from omtui.setup.connectors import SYNCHRONOUS
from omtui.setup.indexed import Indexed, flag, is_predefined, text
from omtui.setup.table import Record
from omtui.topology.oracle_services import SERVICES

PayloadKind = Literal["response", "acknowledgement", "order"]
KINDS: Final[tuple[PayloadKind, ...]] = ("response", "acknowledgement", "order")

FILL_IN: Final = "FILL-IN-"
"""What a value that is not known begins with."""

_SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_RESPONSES: Final = SERVICES["OrderFulfillmentResponseService"]
_SERVICE: Final = _RESPONSES.namespace
_TYPES: Final = f"{_SERVICE}types/"
_PREFIXES: Final = {"soapenv": _SOAP, "typ": _TYPES, "com": _SERVICE}
_FROM_PAGE: Final = (
    "Names of elements: Oracle, OrderFulfillmentResponseService (23D). Their order and the wrappers are the usual ones "
    "of such services, not read on a page: compare with the WSDL of the pod."
)
_FROM_IMPORT: Final = (
    "the profile names OrderImportService, whose body no page that was read gives: its WSDL does; this one is for the "
    "REST resource"
)
_NOT_CARRIED: Final = re.compile("[^\\t\\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML does not take, or changes on the way."""

_FROM_RESOURCE: Final = (
    "names of fields: Oracle, REST resource Sales Orders for Order Hub (26B); no page that "
    "was read says which of them the pod requires"
)
ORDERS_PATH: Final = "/fscmRestApi/resources/11.13.18.05/salesOrdersForOrderHub"


@dataclass(frozen=True)
class Payload:
    """A body, where it goes, and what is still to be filled in."""

    body: str
    address: str
    user: str
    """Who may send it; empty where the profile names nobody."""
    to_fill_in: tuple[str, ...]
    """Fields; of those for which the set-up has several values, with them."""
    notes: tuple[str, ...] = ()


def payload(setup: Indexed, kind: PayloadKind, name: str = "") -> Payload | Wrong:
    """A body. `name` is a task type for the answers, an upstream source system for an order; needed among several."""
    if kind == "order":
        known = _captures(setup)
        chosen = _chosen(known, name, "upstream source system", "step 4.1")
        return chosen if isinstance(chosen, Wrong) else _order(setup, chosen)
    known = [text(each.record, "name") for each in setup.records("task_types") if not is_predefined(each.record)]
    chosen = _chosen(known, name, "task type", "step 1")
    if isinstance(chosen, Wrong):
        return chosen
    if kind == "acknowledgement":
        return _acknowledgement(setup, chosen)
    connectors = _connectors(setup, chosen)
    if connectors and all(text(each, "invocation_mode") == SYNCHRONOUS for each in connectors):
        contract = SERVICES["fulfillmentrequest_client_ep"]
        return Wrong(
            f"{plain(chosen)} goes to {few([text(each, 'name') for each in connectors])}, {SYNCHRONOUS}: the answer is "
            f"what {contract.operations[1]} returns, and no page that was read gives its schema",
            f"read it in the pod's WSDL {contract.path}?WSDL (host and port: {contract.tier} in Review Topology)",
        )
    return _response(setup, chosen)


def _chosen(known: Sequence[str], name: str, what: str, step: str) -> str | Wrong:
    if name in known:
        return name
    words = ", ".join(map(plain, known))
    if name:
        return Wrong(
            f"{plain(name)} is no {what} of this profile", f"there are: {words}" if known else f"enter it in {step}"
        )
    if len(known) == 1:
        return known[0]
    if not known:
        return Wrong(f"the profile has no {what}", f"enter it in {step}")
    return Wrong(f"there are several: {words}", f"name the {what}")


# Answers


def _response(setup: Indexed, task_type: str) -> Payload:
    filled: list[str] = []
    root, call = _envelope("processFulfillmentResponse")
    header = SubElement(call, f"{{{_TYPES}}}responseMessageHeader")
    _add(header, "FulfillmentSystem", _systems(setup, task_type), filled)
    _add(header, "FulfillmentSystemResponseIdentifier", (), filled)
    header.append(_comment(f"the code of the task type {task_type}"))
    _add(header, "IntegrationContextCode", (), filled)
    line = SubElement(call, f"{{{_TYPES}}}fulfillLineList")
    for name in ("FulfillLineId", "SourceOrderSystem", "ActualShippedDate", "ActualCompletionDate", "ShippedQuantity"):
        _add(line, name, _captures(setup) if name == "SourceOrderSystem" else (), filled)
    statuses = _awaited(setup, task_type)
    if statuses:
        words = f"the process waits for {', '.join(statuses)};"
        line.append(_comment(f"{words} which element brings it is not known: see the WSDL"))
    return _soap(setup, task_type, root, filled)


def _acknowledgement(setup: Indexed, task_type: str) -> Payload:
    filled: list[str] = []
    root, call = _envelope("processAcknowledgement")
    answer = SubElement(call, f"{{{_TYPES}}}fulfillmentRequestAcknowledgement")
    answer.append(_comment(f"of a request for the task type {task_type}"))
    _add(answer, "FulfillmentRequestIdentifier", (), filled)
    _add(answer, "FulfillmentSystem", _systems(setup, task_type), filled)
    answer.append(_comment("success or failure; ErrorMessageName and ErrorMessageText only with a failure"))
    _add(answer, "RequestStatusCode", (), filled)
    return _soap(setup, task_type, root, filled)


def _envelope(operation: str) -> tuple[Element, Element]:
    root = Element(f"{{{_SOAP}}}Envelope")
    root.append(_comment(_FROM_PAGE))
    SubElement(root, f"{{{_SOAP}}}Header")
    return root, SubElement(SubElement(root, f"{{{_SOAP}}}Body"), f"{{{_TYPES}}}{operation}")


def _add(parent: Element, name: str, values: Sequence[str], filled: list[str]) -> None:
    SubElement(parent, f"{{{_SERVICE}}}{name}").text = _known(values, name, filled)


def _known(values: Sequence[str], name: str, filled: list[str]) -> str:
    """The one value there is, unchanged; else what is to be filled in."""
    if len(values) == 1 and not _NOT_CARRIED.search(values[0]):
        return values[0]
    filled.append(f"{name} ({' or '.join(map(plain, values))})" if values else name)
    return f"{FILL_IN}{name}"


def _comment(words: str) -> "Element[Any]":
    """A comment, which takes no two hyphens."""
    return Comment(f" {_NOT_CARRIED.sub('', plain(words))} ".replace("--", "- -").replace("--", "- -"))


def _soap(setup: Indexed, task_type: str, root: Element, filled: list[str]) -> Payload:
    for prefix, space in _PREFIXES.items():
        register_namespace(prefix, space)
    indent(root)
    systems = ("", *_systems(setup, task_type))
    users = dict.fromkeys(each.user for each in answerers(setup) if each.user and each.system in systems)
    body = f"{tostring(root, encoding='unicode')}\n"
    return Payload(body, _address(setup, _RESPONSES.path), " or ".join(users), tuple(filled))


# An order


def _order(setup: Indexed, system: str) -> Payload:
    filled: list[str] = []

    def value(name: str, *known: str) -> str:
        return _known(known, name, filled)

    names = (
        "SourceTransactionId",
        "BusinessUnitName",
        "BuyingPartyName",
        "TransactionalCurrencyCode",
        "TransactionTypeCode",
    )
    lines = ("SourceTransactionLineId", "SourceTransactionLineNumber", "ProductNumber", "OrderedQuantity",
             "OrderedUOMCode", "RequestedShipDate")  # fmt: skip
    body = {
        "SourceTransactionNumber": value("SourceTransactionNumber"),
        "SourceTransactionSystem": value("SourceTransactionSystem", system),
        **{name: value(name) for name in names},
        "lines": [{name: value(name) for name in lines}],
    }
    callers = (each.record for each in setup.records("integration_users"))
    users = [
        text(each, "user_name")
        for each in callers
        if text(each, "direction") == "upstream" and text(each, "system") in ("", system)
    ]
    address = _address(setup, ORDERS_PATH)
    notes = (_FROM_RESOURCE, *([_FROM_IMPORT] if "OrderImportService" in setup.by_key("services") else []))
    written = f"{json.dumps(body, indent=2, ensure_ascii=False)}\n"
    return Payload(written, address, " or ".join(users), tuple(filled), notes)


# What the set-up says


def _address(setup: Indexed, path: str) -> str:
    return f"{plain(text(setup.single('pod'), 'url')).rstrip('/') or f'https://{FILL_IN}host'}{path}"


def _connectors(setup: Indexed, task_type: str) -> list[Record]:
    """The connectors that active rules may choose for a task type."""
    chosen = set(rules_of(setup, date.today()).by_task_type().connectors(task_type))
    return [each.record for each in setup.records("connectors") if text(each.record, "name") in chosen]


def _systems(setup: Indexed, task_type: str) -> list[str]:
    """The systems that are asked and that answer."""
    targets = {text(each, "target_system") for each in _connectors(setup, task_type)}
    systems = {each.system for each in answerers(setup) if each.system}
    return sorted(targets & systems if targets else systems)


def _captures(setup: Indexed) -> list[str]:
    """The systems from which orders come: not those that fulfil them."""
    records = [each.record for each in setup.records("upstream_source_systems")]
    found = (text(each, "code") for each in records if text(each, "order_orchestration_type") != "Fulfillment")
    return list(filter(None, found))


def _awaited(setup: Indexed, task_type: str) -> list[str]:
    """The statuses that wait steps of a task type end with."""
    steps = (
        step.record for process in setup.records("orchestration_processes") for step in setup.within(process, "steps")
    )
    found = (
        text(each, "exit_criteria") for each in steps if flag(each, "wait") and text(each, "task_type") == task_type
    )
    return list(dict.fromkeys(filter(None, found)))
