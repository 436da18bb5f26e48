"""The bodies that external systems send: well-formed whatever the profile holds, and nothing made up."""

import json
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from omtui.documents.message_bodies import FILL_IN, KINDS, Payload, payload
from omtui.problem import Wrong
from omtui.setup.indexed import Indexed

SAMPLES = Path(__file__).parents[2] / "profiles"
COM = "{http://xmlns.oracle.com/apps/scm/doo/taskLayer/commonService/}"


def dev() -> dict[str, Any]:
    return tomllib.loads((SAMPLES / "vision-dev.toml").read_text())


def made(data: dict[str, Any], kind: Any, name: str = "") -> Payload:
    found = payload(Indexed(data), kind, name)
    assert isinstance(found, Payload), found
    return found


def elements(body: str) -> dict[str, str]:
    """The values of a body by their elements."""
    found = ElementTree.fromstring(body).iter()
    return {each.tag.removeprefix(COM): each.text for each in found if each.text and each.text.strip()}


def test_an_answer_has_what_the_set_up_knows_and_marks_the_rest() -> None:
    found = made(dev(), "response", "Pick_From_Ravi")
    values = elements(found.body)
    assert values["SourceOrderSystem"] == "CSS02"
    assert values["FulfillmentSystem"] == f"{FILL_IN}FulfillmentSystem"
    assert found.to_fill_in[0] == "FulfillmentSystem (CSS01 or CSS03)"
    named = {each.partition(" ")[0] for each in found.to_fill_in}
    assert {name for name, value in values.items() if value.startswith(FILL_IN)} == named
    assert found.address.endswith(".example/fscmService/OrderFulfillmentResponseService")
    assert found.user == "DEV_WMS or DEV_3PL"
    assert "compare with the WSDL" in found.body
    assert "PICKED" in found.body


def test_of_two_systems_the_one_that_is_asked_answers() -> None:
    found = made(dev(), "acknowledgement", "Print_Labels")
    assert "processAcknowledgement" in found.body
    assert elements(found.body)["FulfillmentSystem"] == "CSS01"
    assert found.user == "DEV_WMS"


def test_the_answer_of_a_synchronous_connector_is_not_made_up() -> None:
    found = payload(Indexed(dev()), "response", "Print_Labels")
    assert isinstance(found, Wrong)
    assert "LabelConnector" in found.message
    assert "no page that was read gives its schema" in found.message
    assert "fulfillmentrequest_client_ep?WSDL" in found.fix
    data = dev()
    for connector in data["connectors"]:
        connector.pop("invocation_mode", None)
    assert isinstance(payload(Indexed(data), "response", "Print_Labels"), Payload)


def test_values_are_those_of_the_set_up_and_a_choice_is_left_to_the_sender() -> None:
    data = dev()
    data["upstream_source_systems"] = [{"code": "CSS--02"}, {"code": "WMS", "order_orchestration_type": "Fulfillment"}]
    found = made(data, "response", "Pick_From_Ravi")
    assert ">CSS--02</com:SourceOrderSystem>" in found.body
    assert "RequestStatusCode" in made(data, "acknowledgement", "Print_Labels").to_fill_in
    del data["pod"]["url"]
    assert made(data, "order").address.startswith(f"https://{FILL_IN}host/fscmRestApi/")


def test_an_order_is_json_of_the_rest_resource() -> None:
    found = made(dev(), "order")
    body = json.loads(found.body)
    assert body["SourceTransactionSystem"] == "CSS02"
    assert body["lines"][0]["ProductNumber"] == f"{FILL_IN}ProductNumber"
    assert "26B" in found.notes[0]
    assert "OrderImportService" in found.notes[1]
    assert len(made(dev() | {"services": []}, "order").notes) == 1
    assert found.user == "DEV_SHOP"


def test_among_several_a_name_is_asked_for() -> None:
    found = payload(Indexed(dev()), "response")
    assert isinstance(found, Wrong)
    assert "there are several: Pick_From_Ravi, Print_Labels" in found.message
    assert isinstance(payload(Indexed(dev()), "response", "Nosuch"), Wrong)
    assert isinstance(payload(Indexed({}), "order"), Wrong)


@given(name=st.text(min_size=1, max_size=30), system=st.text(min_size=1, max_size=30), status=st.text(max_size=10))
def test_it_is_well_formed_whatever_the_profile_holds(name: str, system: str, status: str) -> None:
    data: dict[str, Any] = {
        "task_types": [{"name": name}],
        "upstream_source_systems": [{"code": system}],
        "services": [{"name": "OrderFulfillmentResponseService", "called_by": ["U"]}],
        "integration_users": [{"user_name": "U", "direction": "downstream", "system": system}],
        "orchestration_processes": [
            {"name": "P", "steps": [{"number": 1, "task_type": name, "wait": True, "exit_criteria": status}]}
        ],
    }
    for kind in KINDS:
        found = made(data, kind)
        found.body.encode()
        if kind == "order":
            value = json.loads(found.body)["SourceTransactionSystem"]
        else:
            value = elements(found.body).get("FulfillmentSystem", system)
        # Unchanged, or to be filled in: never something else.
        names = [each.partition(" ")[0] for each in found.to_fill_in]
        placeholder = "SourceTransactionSystem" in names or "FulfillmentSystem" in names
        assert value.startswith(FILL_IN) if placeholder else value == system
