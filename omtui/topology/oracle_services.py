"""Oracle's own SOAP services and pages that an integration of Order Management leans on.

The one place for their paths, namespaces and operation names. Sources: the service reference of "SOAP Web
Services for Oracle Fusion Cloud SCM" (OrderInformationService, OrderFulfillmentResponseService,
OrderImportService), "Manage Connector Details Between Order Management and Your Fulfillment System" (contract
addresses), "Derive Business Object Service Endpoint and WSDL" (service catalogue), and the interface names of
the composite DooTaskExternalInterfaceVirtualPartnersComposite.
"""

from dataclasses import dataclass

FULFILLMENT_REQUEST_NAMESPACE = (
    "http://xmlns.oracle.com/apps/scm/doo/taskLayer/externalInterfaceLayer/"
    "DooTaskExternalInterfaceVirtualPartnersComposite/FulfillmentRequest"
)
BUSINESS_EVENTS_NAMESPACE = (
    "http://xmlns.oracle.com/apps/scm/doo/taskLayer/externalInterfaceLayer/"
    "DooTaskExternalInterfaceVirtualPartnersComposite/BusinessEventsConnector"
)
_VIRTUAL_PARTNERS = "/soa-infra/services/default/DooTaskExternalInterfaceVirtualPartnersComposite"

REST_ROOT = "/fscmRestApi/resources"
"""Answers 401 without credentials, or the list of REST versions: the lightest sign that the REST tier is up."""

CONNECTOR_PATH = "/soa-infra/services/default/ConnectorServiceComposite/connectorprocess_client_ep"
"""The connector address of Oracle's own example."""


@dataclass(frozen=True, slots=True)
class OracleService:
    """A SOAP service of the pod.

    `tier` is the Review Topology application whose host and port serve it: ADF services are served by
    FSCMServices, SOA services by FASOA.
    """

    name: str
    path: str
    namespace: str
    operations: tuple[str, ...]
    tier: str = "FSCMServices"


SERVICES: dict[str, OracleService] = {
    service.name: service
    for service in (
        OracleService(
            "OrderInformationService",
            "/fscmService/OrderInformationService",
            "http://xmlns.oracle.com/apps/scm/doo/decomposition/orderDetailServices/orderInformationService/",
            ("GetOrderDetails",),
        ),
        OracleService(
            "OrderFulfillmentResponseService",
            "/fscmService/OrderFulfillmentResponseService",
            "http://xmlns.oracle.com/apps/scm/doo/taskLayer/commonService/",
            ("processAcknowledgement", "processFulfillmentResponse", "stageFulfillmentResponse"),
        ),
        OracleService(
            "OrderImportService",
            "/fscmService/OrderImportService",
            "http://xmlns.oracle.com/apps/scm/fom/importOrders/orderImportService/",
            ("createOrders", "stageOrders"),
        ),
        OracleService(
            "FoundationSourceSystemService",
            "/crmService/FoundationSourceSystemService",
            "http://xmlns.oracle.com/apps/cdm/foundation/parties/sourceSystemService/applicationModule/",
            ("getSourceSystem", "createSourceSystem", "updateSourceSystem"),
        ),
        # For these the sources give the address and the operation, not the namespace: it is not compared.
        OracleService(
            "ServiceCatalogService",
            "/fscmService/ServiceCatalogService",
            "",
            ("getAllServiceEndPoints",),
        ),
        OracleService("DocumentService", "/fscmService/DocumentService", "", ("getSalesOrderNotificationDetails",)),
        OracleService(
            "EventEnrichmentService",
            "/fscmService/EventEnrichmentService",
            "",
            ("getEnrichmentDetails",),
        ),
        OracleService(
            "OrderFulfillmentRequestService",
            "/fscmService/OrderFulfillmentRequestService",
            "",
            ("getOrderFulfillmentRequestDetails",),
        ),
        OracleService(
            "fulfillmentrequest_client_ep",
            f"{_VIRTUAL_PARTNERS}/fulfillmentrequest_client_ep",
            FULFILLMENT_REQUEST_NAMESPACE,
            ("processFulfillmentRequest", "processFulfillmentRequestSync"),
            "FASOA",
        ),
        OracleService(
            # Oracle's path really is spelled "connetor".
            "businesseventsconnetor_client_ep",
            f"{_VIRTUAL_PARTNERS}/businesseventsconnetor_client_ep",
            BUSINESS_EVENTS_NAMESPACE,
            ("pushPayload",),
            "FASOA",
        ),
    )
}

SERVICE_ELEMENT_NAMES: dict[str, str] = {
    # The name of wsdl:service where it is not the record's name.
    "FoundationSourceSystemService": "SourceSystemService",
}


def same_operation(left: str, right: str) -> bool:
    """Whether two operation names mean the same: people note `Get Order Details` for `GetOrderDetails`."""
    return _bare(left) == _bare(right)


def _bare(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
