"""Step 6: hosts and ports, as Review Topology shows them, and what else should be probed."""

from omtui.setup.field import Field, FieldReference
from omtui.setup.table import Table, Task

REVIEWED_APPLICATIONS = ("FSCMServices", "FASOA")
"""FSCMServices serves the ADF services, FASOA those under /soa-infra/ (Oracle, Guidelines for Sending the Response)."""

TOPOLOGY = Table(
    path="topology",
    title="Review",
    singular="review",
    single=True,
    help="When the page was read, and by whom.",
    own=True,
    travels="state",
    own_fields=(
        Field("read_on", "Read on", "date", help="When Review Topology was read."),
        Field("read_by", "Read by", help="Who read it."),
    ),
)

APPLICATIONS = Table(
    path="topology.applications",
    title="Applications",
    singular="application",
    key="name",
    columns=("name", "domain", "host", "port", "protocol"),
    help="Rows of Review Topology > Detailed: the external virtual host and port of each application.",
    source="Oracle, Derive the Service Endpoint and WSDL",
    own_fields=(
        Field(
            "name",
            "Name",
            required=True,
            values=REVIEWED_APPLICATIONS,
            help="FSCMServices for the ADF services, FASOA for those under /soa-infra/.",
            source="Oracle, Guidelines for Sending the Response from Your Order Fulfillment System",
        ),
        Field("domain", "Domain", values=("FADomain",), help="The node of the tree that it is under."),
        Field(
            "host",
            "External virtual host",
            required=True,
            help="The host at which the pod is reached from outside.",
            travels="environment",
        ),
        Field(
            "port",
            "External port",
            "integer",
            minimum=1,
            maximum=65535,
            default=443,
            required=True,
            help="Every example of Oracle's cloud pages has 443.",
            travels="environment",
        ),
        Field(
            "protocol",
            "Protocol",
            values=("https", "http"),
            closed=True,
            default="https",
            help="As a rule https: only examples of older installations have http.",
            own=True,
            travels="environment",
        ),
    ),
)

ENDPOINTS = Table(
    path="topology.endpoints",
    title="Further endpoints",
    singular="endpoint",
    key="name",
    columns=("name", "host", "port", "expect", "of"),
    help="Extra targets such as a proxy, a database or an SFTP host; or how a record's own target is probed.",
    own=True,
    own_fields=(
        Field("name", "Name", required=True, help="What you call it."),
        Field("host", "Host", help="A name or an address.", travels="environment"),
        Field(
            "port",
            "Port",
            "integer",
            minimum=1,
            maximum=65535,
            help="Not needed for https (443) and http (80).",
            travels="environment",
        ),
        Field(
            "expect",
            "Expect",
            values=("open", "tls", "http", "wsdl", "closed"),
            closed=True,
            help="What should be found there.",
        ),
        Field(
            "of",
            "Of record",
            "place",
            help="Instead of host and port: changes how that record's own target is probed, for example "
            "connectors[Connector01].",
        ),
        Field(
            "protocol",
            "Protocol",
            values=("https", "http", "tcp"),
            closed=True,
            help="What is spoken there; tcp for anything but the web.",
            travels="environment",
        ),
        Field("path", "Path", help="For http and wsdl.", travels="environment"),
        Field("status", "HTTP status", "integers", help="The statuses that are fine, for example [200, 401]."),
        Field("service", "WSDL service", help="The name of the service expected in the WSDL."),
        Field("namespace", "WSDL namespace", help="The target namespace expected in the WSDL."),
        Field(
            "tls_name",
            "TLS name",
            help="The name asked of the certificate, if not the host.",
            travels="environment",
        ),
        Field(
            "ca_file",
            "CA file",
            help="Further authorities, relative to the profile's folder.",
            travels="environment",
        ),
        Field("minimum_tls", "Minimum TLS", values=("1.2", "1.3"), help="The oldest TLS version accepted."),
        Field(
            "client_certificate",
            "Client certificate",
            refers=(FieldReference("credentials", "name", strict=False),),
            help="The entry of the credential store that holds it.",
            travels="environment",
        ),
        Field("timeout", "Timeout", "number", help="Seconds for each phase and address.", minimum=0),
        Field(
            "caller",
            "Caller",
            values=("fusion", "integration-cloud", "external", "person"),
            closed=True,
            help="Who calls it in earnest; connectors: fusion, everything else: person.",
        ),
    ),
)

VANTAGE_POINTS = Table(
    path="topology.vantage_points",
    title="Vantage points",
    singular="vantage point",
    key="name",
    columns=("name", "ssh"),
    help='Where the probing is done from. "local" is always there.',
    own=True,
    own_fields=(
        Field("name", "Name", required=True, help="What you call it."),
        Field(
            "ssh",
            "SSH host",
            required=True,
            help="A host as the OpenSSH configuration knows it.",
            travels="environment",
        ),
    ),
)

TASK = Task(
    step="6",
    short="Topology",
    title="Review Topology",
    tables=("topology", "topology.applications", "topology.endpoints", "topology.vantage_points"),
    offering="",
    functional_area="",
    privilege="ASM_REVIEW_TOPOLOGY_HIERARCHY_PRIV",
    purpose="Which hosts and ports the services of this pod are reached at. Nothing is entered in Oracle; the rows are "
    "noted here and, with the connectors, are what a review probes.",
    procedure=(
        "Setup and Maintenance > Tasks panel > Review Topology, tab Detailed.",
        "Expand FADomain, then FSCMServices and FASOA.",
        "Note the external virtual host and port of both.",
    ),
    source="Oracle, Derive the Service Endpoint and WSDL; source text, step 6",
)
