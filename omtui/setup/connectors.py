"""Step 5: connectors, and what is known of their credentials and certificates."""

from omtui.setup.field import Field, FieldReference
from omtui.setup.table import Table, Task

ASYNCHRONOUS = "Asynchronous Service"
SYNCHRONOUS = "Synchronous Service"
BUSINESS_EVENT = "Business Event"
INVOCATION_MODES = (ASYNCHRONOUS, SYNCHRONOUS, BUSINESS_EVENT)

EXTENSION = "extension"
"""The word for a connector that an order management extension calls."""

RESPONSE_PROCESSING = (
    "Reject all lines on first error",
    "Reject all lines when an error on at least one line occurs",
    "Reject group with lines that contain error",
)

PREDEFINED_CONNECTORS = (
    "Connect to Oracle Receivables System",
    "Connect to Oracle Inventory Management System",
    "Connect to Oracle Receiving System",
    "Connect to Oracle Shipping System",
)
"""Only the shipping connector's name was read in full; the others follow its pattern and never make a finding."""

CONNECTORS = Table(
    path="connectors",
    title="Connectors",
    singular="connector",
    key="name",
    columns=("name", "target_system", "invocation_mode", "url", "user_name"),
    frozen=("name",),
    may_be_predefined=True,
    entered_first=(
        "target_system",
        "name",
        "url",
        "invocation_mode",
        "response_processing",
        "send_attachments",
        "user_name",
        "credential",
        "csf_key",
        "keystore_alias",
    ),
    help="The endpoint of an external system, and how Order Management calls it.",
    own_fields=(
        Field(
            "target_system",
            "Target System",
            required=True,
            refers=(FieldReference("source_systems", "code"),),
            help="The system behind the endpoint; for events, the system that must receive the notification.",
            source="Oracle, Manage Connector Details (24C), Send Notifications (26A)",
        ),
        Field(
            "name",
            "Connector Name",
            required=True,
            maximum_length=120,
            help="Cannot be changed after it was saved. From 26C not with a prefix that Oracle reserves.",
            source="Oracle readiness 26C, Redwood: Manage External Interface Web Service Details; "
            "length: DOO_WEB_SERVICE_DETAILS.SERVICE_NAME",
        ),
        Field(
            "description",
            "Connector Description",
            maximum_length=1000,
            help="What the connector is for. The Redwood page searches it.",
            source="Oracle readiness 26C, Redwood: Manage External Interface Web Service Details; "
            "length: DOO_WEB_SERVICE_DETAILS",
        ),
        Field(
            "url",
            "Connector URL",
            required=True,
            maximum_length=1000,
            help="The endpoint, not its ?WSDL, up and running. Oracle's example: http://server:port/soa-infra/"
            "services/default/ConnectorServiceComposite/connectorprocess_client_ep",
            source="Oracle, Manage Connector Details (24C), Send Notifications (26A); length: DOO_WEB_SERVICE_DETAILS",
            travels="environment",
        ),
        Field(
            "user_name",
            "User Name",
            help="Signs in to the external system. Required for Synchronous and Asynchronous Service.",
            source="Oracle readiness 26C, Redwood: Manage External Interface Web Service Details",
            travels="environment",
        ),
        Field(
            "credential",
            "Password (credential)",
            refers=(FieldReference("credentials", "name", strict=False),),
            help="The name of the entry of the credential store that holds the password. Never the password.",
            source="Oracle readiness 26C, Redwood: Manage External Interface Web Service Details",
            travels="environment",
        ),
        Field(
            "csf_key",
            "CSF-KEY",
            maximum_length=1000,
            help="Instead of user name and password: the key of a credential in the wallet's credential map.",
            source="Oracle, Manage Connector Details (24C); length: DOO_WEB_SERVICE_DETAILS.CSF_KEY",
            travels="environment",
        ),
        Field(
            "keystore_alias",
            "Keystore Recipient Alias",
            maximum_length=1000,
            refers=(FieldReference("certificates", "alias"),),
            help="The alias of the imported public certificate with which messages to the system are encrypted.",
            source="DOO_WEB_SERVICE_DETAILS",
            travels="environment",
        ),
        Field(
            "invocation_mode",
            "Invocation Mode",
            required=True,
            values=INVOCATION_MODES,
            closed=True,
            default=ASYNCHRONOUS,
            help="Asynchronous when the work takes time, Synchronous only when it ends within seconds, Business Event "
            "for trigger points.",
            source="Oracle readiness 26C; Oracle, OM SOAP services (25D); default: source text, step 5",
        ),
        Field(
            "response_processing",
            "Response Processing Option",
            values=RESPONSE_PROCESSING,
            default=RESPONSE_PROCESSING[0],
            help="What happens to an answer that holds errors. Oracle's exact spelling was not read.",
            source="source text, step 5",
        ),
        Field(
            "send_attachments",
            "Send Attachments",
            "boolean",
            help="Yes when Order Management sends attachments to the fulfillment system.",
            source="Oracle, Integrate Attachments (24D); source text, step 5",
        ),
        Field(
            "used_by",
            "Used by",
            values=(EXTENSION,),
            closed=True,
            help="Enter extension where an order management extension calls it: it then needs no rule. The task "
            "Manage External Service Details for Extensions opens the same page.",
            own=True,
        ),
    ),
)

CREDENTIALS = Table(
    path="credentials",
    title="Credentials",
    singular="credential",
    key="name",
    columns=("name", "owner", "expires_on"),
    help="Facts about a secret, never the secret itself.",
    own=True,
    travels="environment",
    own_fields=(
        Field("name", "Name", required=True, help="The entry's name in the credential store."),
        Field("expires_on", "Expires on", "date", help="The last day it works."),
    ),
)

CERTIFICATES = Table(
    path="certificates",
    title="Certificates",
    singular="certificate",
    key="alias",
    columns=("alias", "subject", "issuer", "expires_on"),
    help="Public certificates of the external systems, imported for message encryption.",
    travels="environment",
    own_fields=(
        Field(
            "alias",
            "Alias",
            required=True,
            help="As a connector's Keystore Recipient Alias names it.",
            source="DOO_WEB_SERVICE_DETAILS",
        ),
        Field("subject", "Subject", help="For example CN=soa.pick.example.", own=True),
        Field("issuer", "Issuer", help="The authority that issued it.", own=True),
        Field("expires_on", "Expires on", "date", help="The last day it is valid.", own=True),
    ),
)

TASK = Task(
    step="5",
    short="Connectors",
    title="Manage External Interface Web Service Details",
    tables=("connectors", "credentials", "certificates"),
    page="Manage Connector Details",
    other_names=("Manage Web Service Details", "Manage Web Service"),
    redwood="from 26C: profile option ORA_FOM_REDESIGNED_MANAGE_EXT_INT_WS_DETAILS = Yes at Site level",
    privilege="Manage External Interface Web Service Details",
    purpose="A connector is the address of an external system and the way Order Management calls it. Routing rules "
    "choose a connector for a request; trigger points send business events to connectors of mode Business Event.",
    procedure=(
        "Actions > Add Row.",
        "Choose the Target System, enter Connector Name and Connector URL.",
        "Enter User Name and Password, or the CSF-KEY of the wallet's credential map.",
        "Choose Invocation Mode and Response Processing Option, and whether attachments are sent.",
        "Save and Close.",
    ),
    source="Oracle, Manage Connector Details (24C); Oracle readiness 26C; source text, step 5",
)
