"""Who answers requests: users that call a service for responses, for their system or for any."""

from omtui.setup.answers import answerers
from omtui.setup.indexed import Indexed

USERS = [{"user_name": "WMS", "system": "CSS01"}, {"user_name": "ANY"}]


def test_users_answer_for_their_system_and_a_service_without_a_known_caller_for_any() -> None:
    setup = Indexed(
        {
            "integration_users": USERS,
            "services": [
                {"name": "OrderImportService", "called_by": ["WMS"]},
                {"name": "OrderFulfillmentResponseService", "called_by": ["WMS", "ANY", "unknown"]},
                {"name": "MyResponses", "called_by": ["unknown"]},
            ],
        }
    )
    assert [(each.service, each.user, each.system) for each in answerers(setup)] == [
        ("OrderFulfillmentResponseService", "WMS", "CSS01"),
        ("OrderFulfillmentResponseService", "ANY", ""),
        ("MyResponses", "unknown", ""),
    ]


def test_the_operation_is_the_one_that_brings_a_status() -> None:
    def first(*operations: str) -> tuple[str, bool, str]:
        services = [{"name": "Response", "called_by": ["WMS"], "operations": list(operations)}]
        found = next(answerers(Indexed({"integration_users": USERS, "services": services})))
        return found.operation, found.brings_a_status, found.words

    both = first("processAcknowledgement", "processFulfillmentResponse")
    assert both == (
        "processFulfillmentResponse",
        True,
        "Response, operation processFulfillmentResponse, as WMS",
    )
    assert first("processAcknowledgement")[:2] == ("processAcknowledgement", False)
    assert first() == ("", True, "Response, as WMS")
