"""Profiles for the tests of credentials, as plain data."""

import tomllib
from typing import Any

TEXT = """
schema = 1

[profile]
name = "vision-dev"
environment = "development"

[pod]
url = "https://fa-vision-dev1.fa.ocs.example"
user_name = "om.integration"
credential = "pod"

[[integration_users]]
user_name = "OM_UPSTREAM"
direction = "upstream"

[[integration_users]]
user_name = "WMS_DOWNSTREAM"
direction = "downstream"
credential = "wms"

[[connectors]]
name = "Connector01"
url = "https://soa.pick.example:8002/soa-infra/services"
user_name = "pick.service"
credential = "pick"

[[connectors]]
name = "Connector 02"
url = "https://soa.pick.example:8002/soa-infra/other"
user_name = "pick.service"
credential = "pick"

[[connectors]]
name = "EventConnector"
url = "https://events.pick.example/om/events"
user_name = "pick.events"
credential = "events"

[[connectors]]
name = "Predefined"
predefined = true

[[credentials]]
name = "pick"
owner = "security@pick.example"
expires_on = 2027-01-31

[[credentials]]
name = "spare"
expires_on = 2026-12-01

[[topology.endpoints]]
name = "Label gateway"
host = "labels.pick.example"
port = 9100
client_certificate = "label-key"

[[topology.endpoints]]
name = "Pick over TLS"
of = "connectors[Connector01]"
client_certificate = "pick-key"
"""


def profile(**changes: Any) -> dict[str, Any]:
    """The profile above; `changes` replace whole tables."""
    return tomllib.loads(TEXT) | changes
