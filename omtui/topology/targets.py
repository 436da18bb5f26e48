"""Which hosts and ports a set-up leans on, what is expected of each, and who calls it.

Targets come out of the profile by themselves: the pod's REST tier, the WSDLs of the SOAP services noted in
`[[services]]`, the FSCMServices and FASOA rows of Review Topology, every connector, and the extra endpoints of
`[topology]`. What answers to two records is one target with two places in `used_by`, and is probed once.

Light on purpose: no import here costs start-up time, for `omtui check` reads this module too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from sys import intern
from typing import Any

from omtui.setup.hosts import host_name, split_url
from omtui.topology.oracle_services import REST_ROOT, SERVICE_ELEMENT_NAMES, SERVICES
from omtui.topology.target import CALLERS, EXPECTATIONS, Skipped, Target, TargetList
from omtui.typed_path import typed_path

_PROTOCOL_PORTS = {"https": 443, "http": 80}
_HOST_NAME = re.compile(r"^(?=.{1,253}\.?$)[\w](?:[\w-]{0,61}[\w])?(?:\.[\w](?:[\w-]{0,61}[\w])?)*\.?$", re.UNICODE)


class _NoTargetError(ValueError):
    """A record gives no target; its text says why. Never leaves this module."""


def collect(
    profile: Mapping[str, Any],
    *,
    folder: Path | None = None,
    tag: str | None = None,
) -> TargetList:
    """The targets of a profile, and what could not become one.

    `folder` is the profile's own folder: relative `ca_file` paths start there. `tag` limits to targets that a record
    with this tag leans on. A record without what it takes (no
    address, a port that is none) is in `skipped`; the checks S5-02 and S6-06 report it.
    """
    collector = _Collector(profile, folder)
    collector.collect()
    found = collector.merged()
    if tag is not None:
        found = [target for target in found if any(tag in collector.tags.get(p, ()) for p in target.used_by)]
    return TargetList(tuple(found), tuple(collector.skipped))


def limited(found: TargetList, only: Iterable[str]) -> TargetList:
    """The targets that go by one of these names; all of them when no name is given."""
    chosen_names = frozenset(only)
    if not chosen_names:
        return found
    return TargetList(tuple(each for each in found.targets if chosen_names.intersection(each.names)), found.skipped)


def record_place(table: str, key: str, occurrence: int = 1) -> str:
    """The place of a record: `connectors[Connector01]`, a second one of that key `connectors[Connector01#2]`."""
    shown = key if not re.search(r'[\]"\\]', key) else '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{table}[{shown}{'' if occurrence == 1 else f'#{occurrence}'}]"


class _Collector:
    """Walks the profile once; the order in which the walk meets records is the order of the targets."""

    def __init__(self, profile: Mapping[str, Any], folder: Path | None) -> None:
        self.profile = profile
        self.folder = folder
        self.found: list[Target] = []
        self.rows: list[Target] = []
        self.skipped: list[Skipped] = []
        self.tags: dict[str, tuple[str, ...]] = {}
        self.practice = _table(profile, "profile").get("environment") == "practice"
        self.overrides: dict[str, Mapping[str, Any]] = {}

    def collect(self) -> None:
        endpoints = list(_records(_table(self.profile, "topology"), "topology.endpoints", "endpoints"))
        for place, record in endpoints:
            of = record.get("of")
            if of:
                self.overrides.setdefault(_plain_place(str(of)), record)
                self.tags[place] = _tags(record)
        self._pod()
        self._services()
        self._rows()
        for place, record in _records(self.profile, "connectors", "connectors"):
            self._attempt(place, record, self._connector)
        for place, record in endpoints:
            if not record.get("of"):
                self._attempt(place, record, self._endpoint)
        known = {_plain_place(place) for target in (*self.found, *self.rows) for place in target.used_by}
        for place, record in endpoints:
            of = record.get("of")
            if of and _plain_place(str(of)) not in known:
                self.skipped.append(Skipped(place, f"of = {of!r} names no record that gives a target"))

    def merged(self) -> list[Target]:
        """All targets, the same ones reported once, each with a name of its own."""
        by_identity: dict[tuple[object, ...], int] = {}
        by_endpoint: dict[tuple[str, str, int], int] = {}
        merged: list[Target] = []
        for target in self.found:
            identity = (
                target.scheme, host_name(target.host), target.port, target.path, target.expect, target.status,
                target.service, target.namespace, target.operations, target.tls_name, target.ca_file,
                target.minimum_tls, target.client_certificate,
            )  # fmt: skip
            at = by_identity.setdefault(identity, len(merged))
            if at == len(merged):
                merged.append(target)
            else:
                merged[at] = _joined(merged[at], target)
            if target.expect in ("http", "wsdl"):
                by_endpoint.setdefault(_endpoint(target), at)
        for row in self.rows:
            at = by_endpoint.setdefault(_endpoint(row), len(merged))
            if at == len(merged):
                merged.append(row)
            else:
                merged[at] = _joined(merged[at], row)
        return _with_own_names(merged)

    def _attempt(self, place: str, record: Mapping[str, Any], make: Any) -> None:
        try:
            make(place, record)
        except _NoTargetError as reason:
            self.skipped.append(Skipped(place, str(reason)))

    def _add(self, target: Target, place: str, record: Mapping[str, Any]) -> None:
        self.tags[place] = _tags(record)
        override = self.overrides.get(_plain_place(place))
        if override is None and place == "pod.url":
            override = self.overrides.get("pod")
        if override is not None:
            target = self._overridden(target, override)
        self.found.append(self._of_practice(target))

    def _of_practice(self, target: Target) -> Target:
        """In a practice environment a private authority is no fault."""
        return replace(target, private_authority=True) if self.practice else target

    def _pod(self) -> None:
        pod = _table(self.profile, "pod")
        if not pod.get("url"):
            return
        self._attempt("pod.url", pod, self._pod_rest)

    def _pod_rest(self, place: str, pod: Mapping[str, Any]) -> None:
        base = _from_url(str(pod["url"]))
        self._add(_at(base, REST_ROOT, name="pod", expect="http", role="pod", used_by=(place,)), place, pod)

    def _services(self) -> None:
        for place, record in _records(self.profile, "services", "services"):
            self._attempt(place, record, self._service)

    def _service(self, place: str, record: Mapping[str, Any]) -> None:
        name = str(record.get("name", ""))
        known = SERVICES.get(name)
        if known is None:
            raise _NoTargetError("its address is not known; note it as an endpoint of [topology] to have it probed")
        base = self._tier(known.tier)
        target = _at(
            base,
            f"{known.path}?WSDL",
            name=name,
            expect="wsdl",
            role="service",
            service=SERVICE_ELEMENT_NAMES.get(name, name),
            namespace=known.namespace or None,
            operations=tuple(_texts(record.get("operations"))),
            used_by=(place,),
        )
        self._add(target, place, record)

    def _tier(self, application: str) -> Target:
        """Where an application of the pod answers: its Review Topology row, else the pod's own address."""
        for place, row in self._application_rows():
            if row.get("name") == application:
                try:
                    return _from_row(row, place)
                except _NoTargetError:
                    break
        url = _table(self.profile, "pod").get("url")
        if not url:
            raise _NoTargetError(f"neither [pod] nor a row {application} says where it is")
        return _from_url(str(url))

    def _application_rows(self) -> Iterable[tuple[str, Mapping[str, Any]]]:
        return _records(_table(self.profile, "topology"), "topology.applications", "applications")

    def _rows(self) -> None:
        for place, row in self._application_rows():
            self.tags[place] = _tags(row)
            try:
                base = _from_row(row, place)
            except _NoTargetError as reason:
                self.skipped.append(Skipped(place, str(reason)))
                continue
            name = str(row.get("name", "") or base.host)
            path = "/soa-infra/" if name == "FASOA" else "/"
            target = _at(base, path, name=name, expect="http", role="application", used_by=(place,))
            override = self.overrides.get(_plain_place(place))
            if override is not None:
                # A row that is probed in its own way is no longer what the pod's own probe already says.
                self.found.append(self._of_practice(self._overridden(target, override)))
            else:
                self.rows.append(self._of_practice(target))

    def _connector(self, place: str, record: Mapping[str, Any]) -> None:
        url = record.get("url")
        if not url:
            if record.get("predefined"):
                return
            raise _NoTargetError("the connector has no URL")
        base = _from_url(str(url))
        name = str(record.get("name", "") or base.host)
        target = replace(base, name=name, expect="http", caller="fusion", role="connector", used_by=(place,))
        self._add(target, place, record)

    def _endpoint(self, place: str, record: Mapping[str, Any]) -> None:
        host, port = str(record.get("host", "")), record.get("port")
        protocol, expect = record.get("protocol"), record.get("expect")
        if expect not in EXPECTATIONS:
            web = protocol in ("https", "http") or (protocol is None and port in (None, 443))
            expect = "http" if web else "open"
        if protocol not in ("https", "http", "tcp"):
            web = expect in ("http", "wsdl")
            protocol = ("http" if port == 80 else "https") if web else "tcp"
        if protocol == "tcp" and expect in ("http", "wsdl"):
            protocol = "https"
        base = _from_parts(protocol, host, port if port is not None else _PROTOCOL_PORTS.get(protocol))
        target = _at(base, str(record.get("path") or "/"), name=str(record.get("name", "") or host), expect=expect,
                     used_by=(place,))  # fmt: skip
        if expect in ("open", "tls", "closed"):
            target = replace(target, url=None, path="")
        self.tags[place] = _tags(record)
        self.found.append(self._of_practice(self._overridden(target, record)))

    def _overridden(self, target: Target, record: Mapping[str, Any]) -> Target:
        """The target with what the endpoint record says of the way it is probed."""
        changes: dict[str, Any] = {}
        if record.get("expect") in EXPECTATIONS:
            changes["expect"] = record["expect"]
        if record.get("caller") in CALLERS:
            changes["caller"] = record["caller"]
        for key in ("service", "namespace", "tls_name", "client_certificate"):
            if record.get(key):
                changes[key] = intern(str(record[key]))
        if record.get("operations"):
            changes["operations"] = tuple(_texts(record["operations"]))
        if record.get("status"):
            changes["status"] = tuple(
                code for code in record["status"] if isinstance(code, int) and not isinstance(code, bool)
            )
        if record.get("minimum_tls") in ("1.0", "1.1", "1.2", "1.3"):
            changes["minimum_tls"] = record["minimum_tls"]
        timeout = record.get("timeout")
        if isinstance(timeout, int | float) and not isinstance(timeout, bool) and timeout > 0:
            changes["timeout"] = float(timeout)
        if record.get("ca_file"):
            path = typed_path(str(record["ca_file"]))
            changes["ca_file"] = intern(str(path if path.is_absolute() or self.folder is None else self.folder / path))
        if record.get("of") and record.get("path"):
            return replace(_at(target, str(record["path"])), **changes)
        return replace(target, **changes) if changes else target


def _from_url(url: str) -> Target:
    """An unnamed target of an absolute http(s) URL. A user name in the URL is dropped: it is never sent."""
    if "${" in url or re.search(r"\(\w+\s*,\s*\w+\)", url):
        raise _NoTargetError(f"{url!r} holds an unresolved topology token")
    parts = split_url(url.strip())
    if parts is None or parts.scheme not in _PROTOCOL_PORTS or not parts.host:
        raise _NoTargetError(f"{url!r} is not an absolute http or https URL")
    if not re.fullmatch("[0-9]{0,5}", parts.port):
        raise _NoTargetError(f"{url!r} is not a URL with a port between 1 and 65535")
    port = int(parts.port or _PROTOCOL_PORTS[parts.scheme])
    query = parts.query if parts.query != "?" else ""
    return _at(_from_parts(parts.scheme, parts.host, port), (parts.path or "/") + query)


def _from_row(row: Mapping[str, Any], place: str) -> Target:
    host = row.get("host")
    if not host:
        raise _NoTargetError(f"{place} has no host")
    protocol = row.get("protocol") if row.get("protocol") in _PROTOCOL_PORTS else "https"
    return _from_parts(str(protocol), str(host), row.get("port") or _PROTOCOL_PORTS[str(protocol)])


def _from_parts(scheme: str, host: str, port: object) -> Target:
    host = host.strip().removeprefix("[").removesuffix("]")
    if not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= 65535:
        raise _NoTargetError("no port" if port is None else f"port {port!r} is not between 1 and 65535")
    if not is_host(host):
        raise _NoTargetError(f"{host!r} is no host name or address" if host else "no host")
    path = "" if scheme == "tcp" else "/"
    return Target(host, host, port, _url(scheme, host, port, path), intern(scheme), expect="open", path=path)


def is_host(host: str) -> bool:
    """Whether a text can be a host name (underscores allowed, as in practice) or an address."""
    return bool(_HOST_NAME.match(host)) or (":" in host and bool(re.fullmatch(r"[0-9A-Fa-f:.]+(%\w+)?", host)))


def _at(base: Target, path: str, **changes: Any) -> Target:
    """The same host and port with another path, and other changes."""
    if base.scheme == "tcp":
        return replace(base, **changes)
    path = path if path.startswith("/") else f"/{path}"
    return replace(base, path=path, url=_url(base.scheme, base.host, base.port, path), **changes)


def _url(scheme: str, host: str, port: int, path: str) -> str | None:
    if scheme == "tcp":
        return None
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown if port == _PROTOCOL_PORTS[scheme] else f'{shown}:{port}'}{path}"


def _joined(first: Target, second: Target) -> Target:
    caller = max(first.caller, second.caller, key=CALLERS.index)
    also = tuple(dict.fromkeys(name for name in (*first.also, *second.names) if name != first.name))
    return replace(first, caller=caller, also=also, used_by=(*first.used_by, *second.used_by))


def _endpoint(target: Target) -> tuple[str, str, int]:
    return target.scheme, host_name(target.host), target.port


def _with_own_names(found: Sequence[Target]) -> list[Target]:
    """Two records of different tables may bear one name: the later one is shown with its address."""
    taken: set[str] = set()
    named: list[Target] = []
    for target in found:
        name, count = target.name, 1
        while name in taken:
            name = f"{target.name} ({target.host}:{target.port})" + (f" {count}" if count > 1 else "")
            count += 1
        taken.add(name)
        if name == target.name:
            named.append(target)
        else:
            # Asking for the bare name gets both.
            named.append(replace(target, name=name, also=(target.name, *target.also)))
    return named


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    return value if isinstance(value, Mapping) else {}


def _records(data: Mapping[str, Any], table: str, key: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """The records of an array of tables, each with its place."""
    seen: dict[str, int] = {}
    value = data.get(key)
    for record in value if isinstance(value, list) else ():
        if isinstance(record, Mapping):
            name = str(record.get("name", ""))
            seen[name] = seen.get(name, 0) + 1
            yield record_place(table, name, seen[name]), record


def _tags(record: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_texts(record.get("tags")))


def _texts(value: object) -> list[str]:
    return [str(entry) for entry in value] if isinstance(value, list) else []


def _plain_place(place: str) -> str:
    """A place in one spelling: a key in quotes where none are needed is the same place."""
    match = re.fullmatch(r'\s*([\w.]+)\["((?:[^"\\]|\\.)*)"(?:#(\d+))?\]\s*', place)
    if match is None:
        return place.strip()
    key = re.sub(r"\\(.)", r"\1", match[2])
    return record_place(match[1], key, int(match[3] or 1))
