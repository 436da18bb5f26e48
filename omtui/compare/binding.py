"""Which fields are bound to their environment, and by which kind of mapping they find their value in another one."""

from functools import cache
from typing import Final, Literal, get_args

from omtui.setup.catalogue import TABLES
from omtui.setup.field import Field

Kind = Literal["host", "url", "user_name", "credential", "code", "value", "role", "ssh"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

NEVER: Final = frozenset({"profile", "pod", "waivers"})
"""Tables that say what this environment is, or what was decided for it: a promotion leaves them alone."""

_BOUND: Final[dict[str, tuple[Kind, ...]]] = {
    "services.called_by": ("user_name",),
    "event_subscriptions.url": ("url", "host"),
    "integration_users.user_name": ("user_name",),
    "integration_users.credential": ("credential",),
    "connectors.url": ("url", "host"),
    "connectors.user_name": ("user_name",),
    "connectors.credential": ("credential",),
    "connectors.csf_key": ("credential", "value"),
    "connectors.keystore_alias": ("code", "value", "credential"),
    "credentials.name": ("credential",),
    "certificates.alias": ("code", "value", "credential"),
    "topology.applications.host": ("host",),
    "topology.endpoints.host": ("host",),
    "topology.endpoints.tls_name": ("host",),
    "topology.endpoints.client_certificate": ("credential",),
    "topology.vantage_points.ssh": ("ssh", "host"),
}
"""Fields whose value is another one in each environment: without a mapping they do not travel."""

_MAY_BE_MAPPED: Final[dict[str, tuple[Kind, ...]]] = {
    "event_subscriptions.name": ("value",),
    "integration_users.roles": ("role",),
    "roles.code": ("role",),
    "roles.copied_from": ("role",),
    "topology.endpoints.name": ("value",),
    "topology.endpoints.path": ("value",),
    "topology.endpoints.ca_file": ("value",),
    "topology.vantage_points.name": ("value",),
    "routing_rules.when.value": ("value",),
    "routing_rules.then.value": ("value",),
    "routing_rules.otherwise.value": ("value",),
    "related_setup.name": ("value",),
    "related_setup.value": ("value",),
    "destination_system.code": ("code",),
}
"""Fields that travel unchanged unless a mapping says otherwise."""

CREDENTIALS: Final = (
    ("pod", "credential"),
    ("integration_users", "credential"),
    ("connectors", "credential"),
    ("connectors", "csf_key"),
    ("topology.endpoints", "client_certificate"),
)
"""Tables with a field that names a credential."""

_FACTS: Final = frozenset({"credentials", "certificates"})
"""Tables of facts about something that each environment has of its own."""


def name_of(table: str, field: str) -> str:
    """The field's name under which it is looked up here."""
    return f"{table}.{field}"


@cache
def kinds_of(table: str, field: str) -> tuple[Kind, ...]:
    """The kinds of mapping that apply to a field, the most specific first; empty when none does."""
    known = _BOUND.get(name_of(table, field)) or _MAY_BE_MAPPED.get(name_of(table, field), ())
    return (*known, *(("code",) if _is_system_code(table, field) and "code" not in known else ()))


@cache
def is_bound(table: str, field: str) -> bool:
    """Whether a field's value must be found in the target environment before it can travel."""
    return name_of(table, field) in _BOUND


@cache
def is_fact(table: str, field: str) -> bool:
    """Whether a field states a fact about the environment's own credential or certificate: it never travels."""
    described = _field(table, field)
    return table in _FACTS and bool(described and described.travels == "environment") and not is_bound(table, field)


@cache
def is_state(table: str, field: str) -> bool:
    """Whether a field notes a state of the pod: it never travels."""
    described = _field(table, field)
    return bool(described and described.travels == "state")


def _is_system_code(table: str, field: str) -> bool:
    if (table, field) == ("source_systems", "code"):
        return True
    described = _field(table, field)
    return bool(described and any(each.table == "source_systems" for each in described.refers))


def _field(table: str, field: str) -> Field | None:
    return TABLES[table].by_name.get(field) if table in TABLES else None
