"""What other teams need of a set-up: security its roles, the network team its connections, and so on.

Never a secret: a credential is here by its name only.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal

from omtui.compare.hand_over import needed_credentials
from omtui.documents.model import ReportDocument, Section, table_section, tables_document
from omtui.setup.hosts import host_of, split_url
from omtui.setup.indexed import Indexed, has_tag, is_predefined, text, texts
from omtui.setup.references import usages
from omtui.setup.roles import DOWNSTREAM_PRIVILEGES
from omtui.setup.table import Record
from omtui.setup.values import shown
from omtui.setup.wording import place_words

Kind = Literal["access", "network", "certificates", "credentials"]
KINDS: Final[tuple[Kind, ...]] = ("access", "network", "certificates", "credentials")


def handout(
    setup: Indexed,
    kind: Kind,
    *,
    today: date | None = None,
    verdicts: Mapping[str, str] | None = None,
    tags: Sequence[str] = (),
) -> ReportDocument:
    """One hand-out.

    `verdicts` are the outcomes of the last topology review by the place of the record that was probed
    (`connectors[Connector01]`, `topology.endpoints[…]`, `pod`).
    `tags` limit it to records that carry one of them.
    """
    work = _HandOut(setup, today, verdicts or {}, frozenset(tags))
    title, note, sections = {
        "access": ("Access", "Who gets which role, and what each right is needed for.", work.access),
        "network": ("Network", "Which host calls which, on which port, and what for.", work.network),
        "certificates": ("Certificates", "Which certificates are used, where, and when they end.", work.certificates),
        "credentials": ("Credentials", "Which passwords are needed, by name only.", work.credentials),
    }[kind]
    return tables_document(f"{title}: {work.title}", [note, *work.facts()], sections())


_ALLOWED_IN = (
    (
        "In the pod, where it limits who may call (location-based access, an allow-list)",
        "The public address of each caller; behind NAT, that of the NAT gateway",
        "401 or 403, although the password is right",
        "Oracle Integration, Prerequisites of the ERP Cloud adapter; My Oracle Support 2615294.1",
    ),
)
_ALLOWED_OUT = (
    (
        "In the firewall before each host that the pod calls",
        "The addresses from which the pod's data centre calls",
        "No connection, while a probe from another network succeeds",
        "My Oracle Support 1903739.1",
    ),
)
"""What a profile cannot hold, and a network team has to know."""


_ADMINISTRATORS: Final = "Administrators"


class _HandOut:
    def __init__(
        self,
        setup: Indexed,
        today: date | None,
        verdicts: Mapping[str, str],
        tags: frozenset[str],
    ) -> None:
        self._setup = setup
        self._today = today
        self._verdicts = verdicts
        self._tags = tags
        self.title = text(setup.single("profile"), "title") or setup.name
        self._pod = host_of(text(setup.single("pod"), "url")) or "the pod"

    def facts(self) -> Iterator[str]:
        """What is below the title."""
        environment = text(self._setup.single("profile"), "environment")
        yield f"Environment: {environment}; pod: {self._pod}"
        if self._today:
            yield f"Made on {self._today.isoformat()}"

    def access(self) -> Iterator[Section]:
        """Users with their roles and rights; roles with what they hold."""
        users, rights = [], []
        for _, user in self._records("integration_users"):
            name = text(user, "user_name")
            users.append(
                (
                    name,
                    text(user, "direction"),
                    self._system(text(user, "system")),
                    _lines(texts(user, "roles")),
                    text(user, "owner"),
                    text(user, "note"),
                )
            )
            rights += [
                (name, privilege, self._why(user, privilege), _lines(self._granted_by(user, privilege)))
                for privilege in texts(user, "privileges")
            ]
        roles = [
            (
                text(role, "code"),
                text(role, "name"),
                text(role, "copied_from"),
                _lines(texts(role, "privileges")),
                text(role, "note"),
            )
            for _, role in self._records("roles")
        ]
        yield table_section(
            "Users", ("User", "Direction", "System", "Roles", "Owner", "Note"), users, "no user is noted"
        )
        yield table_section(
            "Rights", ("User", "Privilege", "Needed for", "Granted by role"), rights, "no privilege is noted"
        )
        yield table_section(
            "Roles to be made",
            ("Code", "Name", "Copied from", "Privileges", "Note"),
            roles,
            "no role is described",
        )

    def network(self) -> Iterator[Section]:
        """Connections from caller to host."""
        columns = (
            *("From", "To", "Port", "Protocol", "TLS", "Client certificate", "What for", "Used by"),
            *("Last verdict", "Owner", "Approved by"),
        )
        out, into = tuple(self._out()), tuple(self._into())
        yield table_section("Calls out of the pod", columns, out, "nothing is called")
        yield table_section("Calls into the pod", columns, into, "nobody calls")
        yield table_section("Further connections", columns, self._further(), "none")
        allowed = (*_ALLOWED_IN[: len(into)], *_ALLOWED_OUT[: len(out)])
        yield table_section("Addresses to be allowed", ("Where", "Which", "Otherwise", "Source"), allowed, "none")

    def certificates(self) -> Iterator[Section]:
        """Certificates that are noted, and hosts that need one."""
        noted = []
        for path, record in self._records("certificates"):
            used = [place_words(str(self._setup.place(mention.path[:-1]))) for mention in usages(self._setup, path)]
            noted.append(
                (
                    text(record, "alias"),
                    text(record, "subject"),
                    text(record, "issuer"),
                    shown(record.get("expires_on")),
                    self._left(record.get("expires_on")),
                    _lines(used),
                    text(record, "owner"),
                )
            )
        columns = ("Alias", "Subject", "Issuer", "Valid until", "Days left", "Used by", "Owner")
        yield table_section("Certificates for message encryption", columns, noted, "no certificate is noted")
        hosts: dict[tuple[str, str], list[str]] = {}
        for path, record in self._records("connectors"):
            address = split_url(text(record, "url"))
            if address is not None and address.scheme == "https" and not is_predefined(record):
                hosts.setdefault((address.host, address.port or "443"), []).append(str(self._setup.place(path)))
        served = [
            (host, port, _lines(map(place_words, used)), self._verdict(used)) for (host, port), used in hosts.items()
        ]
        served_columns = ("Host", "Port", "Called by", "Last verdict")
        yield table_section("Servers whose certificate Fusion must trust", served_columns, served, "no https connector")

    def credentials(self) -> Iterator[Section]:
        """Credentials by name."""
        rows = []
        noted = {text(found.record, "name"): found.record for found in self._setup.records("credentials")}
        for each in needed_credentials(self._setup.data):
            record = noted.get(each.name, {})
            if self._tags and not self._wants(record):
                continue
            row = (
                each.name,
                _lines(map(place_words, each.used_by)),
                each.owner,
                each.expires_on,
                self._left(record.get("expires_on")),
                text(record, "note"),
            )
            rows.append(row)
        columns = ("Credential", "Used by", "Owner", "Expires on", "Days left", "Note")
        yield table_section("Credentials", columns, rows, "no credential is used")

    def _out(self) -> Iterator[tuple[str, ...]]:
        for path, record in self._records("connectors"):
            if is_predefined(record):
                continue
            place = str(self._setup.place(path))
            purpose = text(record, "description") or f"requests to {self._system(text(record, 'target_system'))}"
            mode = text(record, "invocation_mode")
            yield self._called(text(record, "url"), f"{purpose} ({mode})" if mode else purpose, place, record)
        for path, record in self._records("event_subscriptions"):
            place = str(self._setup.place(path))
            yield self._called(text(record, "url"), f"event {text(record, 'event')}", place, record)

    def _into(self) -> Iterator[tuple[str, ...]]:
        applications = [
            (text(each, "name"), text(each, "host"), shown(each.get("port")) or "443")
            for _, each in self._records("topology.applications")
        ]
        services = self._setup.records("services")
        for path, user in self._records("integration_users"):
            if text(user, "direction") == "set-up":
                continue
            name = text(user, "user_name")
            called = [text(found.record, "name") for found in services if name in texts(found.record, "called_by")]
            what = f"services {', '.join(called)}" if called else f"{text(user, 'direction')} services"
            place = str(self._setup.place(path))
            for application, host, port in applications or [("", self._pod, "443")]:
                if application in ("", "FSCMServices"):
                    caller = self._system(text(user, "system")) or name
                    yield self._flow(caller, (host, port, "https"), f"{what}, as {name}", place, user, "pod")

    def _further(self) -> Iterator[tuple[str, ...]]:
        callers = {
            "fusion": f"Fusion ({self._pod})",
            "integration-cloud": "Integration Cloud",
            "external": "external systems",
        }
        for path, record in self._records("topology.endpoints"):
            if not text(record, "host"):
                continue
            place = str(self._setup.place(path))
            caller = callers.get(text(record, "caller"), _ADMINISTRATORS)
            expected = {"closed": "must not answer", "open": "open", "wsdl": "service contract"}.get(
                text(record, "expect"), text(record, "expect")
            )
            what = text(record, "note") or f"{text(record, 'name')}{f' ({expected})' if expected else ''}"
            protocol = text(record, "protocol") or "tcp"
            port = shown(record.get("port")) or ("80" if protocol == "http" else "443")
            yield self._flow(caller, (text(record, "host"), port, protocol), what, place, record)
        for path, record in self._records("topology.vantage_points"):
            place = str(self._setup.place(path))
            yield self._flow(_ADMINISTRATORS, (text(record, "ssh"), "22", "ssh"), "probing from there", place, record)

    def _called(self, url: str, purpose: str, place: str, record: Record) -> tuple[str, ...]:
        address = split_url(url)
        host = address.host if address else url
        scheme = address.scheme if address else ""
        port = (address.port or {"https": "443", "http": "80"}.get(scheme, "")) if address else ""
        return self._flow(f"Fusion ({self._pod})", (host, port, scheme), purpose, place, record)

    def _flow(
        self, caller: str, called: tuple[str, str, str], purpose: str, place: str, record: Record, probed: str = ""
    ) -> tuple[str, ...]:
        """A line: who calls which host, port and protocol, and what a firewall team asks for it."""
        least = text(record, "minimum_tls") or "1.2"
        tls = f"{least} or newer" if called[2] == "https" or text(record, "expect") == "tls" else "none"
        return (
            *(caller, *called, tls, text(record, "client_certificate"), purpose, place_words(place)),
            *(self._verdict([probed or place]), text(record, "owner"), ""),
        )

    def _records(self, table: str) -> Iterator[tuple[tuple[str | int, ...], Record]]:
        for path, record in self._setup.records(table):
            if self._wants(record):
                yield path, record

    def _wants(self, record: Record) -> bool:
        return not self._tags or has_tag(record, self._tags)

    def _verdict(self, places: Sequence[str]) -> str:
        return _lines(dict.fromkeys(self._verdicts[place] for place in places if place in self._verdicts))

    def _system(self, code: str) -> str:
        found = self._setup.by_key("source_systems").get(code)
        name = text(found[0].record, "name") if found else ""
        return f"{name} ({code})" if name and code else code

    def _why(self, user: Record, privilege: str) -> str:
        called = [
            text(found.record, "name")
            for found in self._setup.records("services")
            if text(user, "user_name") in texts(found.record, "called_by")
        ]
        reason = DOWNSTREAM_PRIVILEGES.get(privilege, "")
        if text(user, "direction") == "set-up":
            return reason or "entering and reviewing the set-up"
        return reason or (f"calling {', '.join(called)}" if called else "")

    def _granted_by(self, user: Record, privilege: str) -> list[str]:
        roles = self._setup.by_key("roles")
        return [
            code
            for code in texts(user, "roles")
            if any(privilege in texts(found.record, "privileges") for found in roles.get(code, ()))
        ]

    def _left(self, day: object) -> str:
        if self._today is None or not isinstance(day, date):
            return ""
        days = (date(day.year, day.month, day.day) - self._today).days
        return str(days) if days >= 0 else f"expired {-days} day{'' if days == -1 else 's'} ago"


def _lines(values: object) -> str:
    return "\n".join(str(value) for value in values)  # type: ignore[attr-defined]
