"""The bodies that an external system sends to the pod, filled from the set-up; what is not known stays visible.

Names of elements and fields are those that Oracle's pages list: OrderFulfillmentResponseService (SOAP Web Services for
SCM, 23D) and Sales Orders for Order Hub (REST, 26B). No page that was read says their order, nor which of them a pod
requires: every body says so.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal
from xml.etree.ElementTree import Comment, Element, SubElement, indent, register_namespace, tostring

from omtui.checks.routing_rules import rules_of
from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.setup.answers import answerers
from omtui.setup.indexed import Indexed, flag, is_predefined, text

PayloadKind = Literal["response", "acknowledgement", "order"]
KINDS: Final[tuple[PayloadKind, ...]] = ("response", "acknowledgement", "order")

FILL_IN: Final = "FILL-IN-"
"""What a value that is not known begins with."""

_SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_SERVICE: Final = "http://xmlns.oracle.com/apps/scm/doo/taskLayer/commonService/"
_TYPES: Final = f"{_SERVICE}types/"
_PREFIXES: Final = {"soapenv": _SOAP, "typ": _TYPES, "com": _SERVICE}
_FROM_PAGE: Final = (
    "Names of elements: Oracle, OrderFulfillmentResponseService (23D). Their order and the wrappers are the usual ones "
    "of such services, not read on a page: compare with the WSDL of the pod."
)
_FROM_RESOURCE: Final = (
    "names of fields: Oracle, REST resource Sales Orders for Order Hub (26B); no page that "
    "was read says which of them the pod requires"
)
RESPONSES_PATH: Final = "/fscmService/OrderFulfillmentResponseService"
ORDERS_PATH: Final = "/fscmRestApi/resources/11.13.18.05/salesOrdersForOrderHub"


@dataclass(frozen=True)
class Payload:
    """A body, where it goes, and what is still to be filled in."""

    body: str
    address: str
    user: str
    """Who sends it; empty where the profile names nobody."""
    to_fill_in: tuple[str, ...]
    note: str = ""


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
    return _response(setup, chosen) if kind == "response" else _acknowledgement(setup, chosen)


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
    _add(header, "FulfillmentSystem", _system(setup, task_type), filled)
    _add(header, "FulfillmentSystemResponseIdentifier", "", filled)
    header.append(_comment(f"the code of the task type {task_type}"))
    _add(header, "IntegrationContextCode", "", filled)
    line = SubElement(call, f"{{{_TYPES}}}fulfillLineList")
    for name in ("FulfillLineId", "SourceOrderSystem", "ActualShippedDate", "ActualCompletionDate", "ShippedQuantity"):
        _add(line, name, _upstream(setup) if name == "SourceOrderSystem" else "", filled)
    statuses = _awaited(setup, task_type)
    if statuses:
        words = f"the process waits for {', '.join(statuses)};"
        line.append(_comment(f"{words} which element brings it is not known: see the WSDL"))
    return _soap(setup, root, filled)


def _acknowledgement(setup: Indexed, task_type: str) -> Payload:
    filled: list[str] = []
    root, call = _envelope("processAcknowledgement")
    answer = SubElement(call, f"{{{_TYPES}}}fulfillmentRequestAcknowledgement")
    answer.append(_comment(f"of a request for the task type {task_type}"))
    _add(answer, "FulfillmentRequestIdentifier", "", filled)
    _add(answer, "FulfillmentSystem", _system(setup, task_type), filled)
    answer.append(_comment("success or failure; ErrorMessageName and ErrorMessageText only with a failure"))
    _add(answer, "RequestStatusCode", "", filled)
    return _soap(setup, root, filled)


def _envelope(operation: str) -> tuple[Element, Element]:
    root = Element(f"{{{_SOAP}}}Envelope")
    root.append(_comment(_FROM_PAGE))
    SubElement(root, f"{{{_SOAP}}}Header")
    return root, SubElement(SubElement(root, f"{{{_SOAP}}}Body"), f"{{{_TYPES}}}{operation}")


def _add(parent: Element, name: str, value: str, filled: list[str]) -> None:
    SubElement(parent, f"{{{_SERVICE}}}{name}").text = _known(value, name, filled)


def _known(value: str, name: str, filled: list[str]) -> str:
    if not value:
        filled.append(name)
    return _harmless(value) or f"{FILL_IN}{name}"


def _harmless(value: str) -> str:
    """Text for XML, which takes no control characters."""
    return "".join(each for each in plain(value) if each not in "\ufffe\uffff")


def _comment(words: str) -> "Element[Any]":
    """A comment, which takes no two hyphens."""
    return Comment(f" {_harmless(words)} ".replace("--", "- -").replace("--", "- -"))


def _soap(setup: Indexed, root: Element, filled: list[str]) -> Payload:
    for prefix, space in _PREFIXES.items():
        register_namespace(prefix, space)
    indent(root)
    users = [each.user for each in answerers(setup) if each.user]
    body = f"{tostring(root, encoding='unicode')}\n"
    return Payload(body, _address(setup, RESPONSES_PATH), users[0] if users else "", tuple(filled))


# An order


def _order(setup: Indexed, system: str) -> Payload:
    filled: list[str] = []

    def value(name: str, known: str = "") -> str:
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
    users = [text(each.record, "user_name") for each in setup.records("integration_users")
             if text(each.record, "direction") == "upstream"]  # fmt: skip
    address = _address(setup, ORDERS_PATH)
    written = f"{json.dumps(body, indent=2, ensure_ascii=False)}\n"
    return Payload(written, address, users[0] if users else "", tuple(filled), _FROM_RESOURCE)


# What the set-up says


def _address(setup: Indexed, path: str) -> str:
    return f"{plain(text(setup.single('pod'), 'url')).rstrip('/') or 'https://POD'}{path}"


def _system(setup: Indexed, task_type: str) -> str:
    """The system that is asked and that answers, where there is one."""
    asked = set(rules_of(setup, date.today()).by_task_type().connectors(task_type))
    targets = {text(each.record, "target_system") for each in setup.records("connectors")
               if text(each.record, "name") in asked}  # fmt: skip
    systems = {each.system for each in answerers(setup) if each.system}
    found = targets & systems if targets else systems
    return found.pop() if len(found) == 1 else ""


def _upstream(setup: Indexed) -> str:
    codes = _captures(setup)
    return codes[0] if len(codes) == 1 else ""


def _captures(setup: Indexed) -> list[str]:
    """The systems from which orders come: not those that fulfil them."""
    records = [each.record for each in setup.records("upstream_source_systems")]
    return [text(each, "code") for each in records if text(each, "order_orchestration_type") != "Fulfillment"]


def _awaited(setup: Indexed, task_type: str) -> list[str]:
    """The statuses that wait steps of a task type end with."""
    steps = (
        step.record for process in setup.records("orchestration_processes") for step in setup.within(process, "steps")
    )
    found = (
        text(each, "exit_criteria") for each in steps if flag(each, "wait") and text(each, "task_type") == task_type
    )
    return list(dict.fromkeys(filter(None, found)))
