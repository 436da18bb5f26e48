"""Which hosts and ports a set-up leans on, what is expected of each, and who calls it.

Targets come out of the profile by themselves: the pod's REST tier, the WSDLs of the SOAP services noted in
`[[services]]`, the FSCMServices and FASOA rows of Review Topology, every connector, and the extra endpoints of
`[topology]`. What answers to two records is one target with two places in `used_by`, and is probed once.

Light on purpose: no import here costs start-up time, for `omtui check` reads this module too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from sys import intern
from typing import Any

from omtui.setup import place
from omtui.setup.hosts import host_name, is_host, split_url
from omtui.setup.indexed import Indexed, has_tag, text, texts
from omtui.setup.place import Data, Place
from omtui.setup.table import Record
from omtui.topology.oracle_services import REST_ROOT, SERVICE_ELEMENT_NAMES, SERVICES
from omtui.topology.target import CALLERS, EXPECTATIONS, Skipped, Target, TargetList
from omtui.typed_path import typed_path

_PROTOCOL_PORTS = {"https": 443, "http": 80}

Made = Target | str
"""A target, or why a record gives none."""


def collect(profile: Data, *, folder: Path | None = None, tags: Collection[str] = ()) -> TargetList:
    """The targets of a profile, and what could not become one.

    `folder` is the profile's own folder: relative `ca_file` paths start there. `tags` limit to targets that a record
    with one of them leans on. A record without what it takes (no address, a port that is none) is in `skipped`; the
    checks S5-02 and S6-06 report it.
    """
    collector = _Collector(profile, folder)
    collector.collect()
    found = collector.merged()
    if tags:
        found = [target for target in found if any(has_tag(collector.records[each], tags) for each in target.used_by)]
    return TargetList(tuple(found), tuple(collector.skipped))


def limited(found: TargetList, only: Iterable[str]) -> TargetList:
    """The targets that go by one of these names; all of them when no name is given."""
    chosen_names = frozenset(only)
    if not chosen_names:
        return found
    return TargetList(tuple(each for each in found.targets if chosen_names.intersection(each.names)), found.skipped)


class _Collector:
    """Walks the profile once; the order in which the walk meets records is the order of the targets."""

    def __init__(self, profile: Data, folder: Path | None) -> None:
        self.setup = Indexed(profile)
        self.pod = self.setup.single("pod")
        self.folder = folder
        self.found: list[Target] = []
        self.rows: list[Target] = []
        self.skipped: list[Skipped] = []
        self.records: dict[str, Record] = {}
        self.overrides: dict[place.Path, Record] = {}

    def collect(self) -> None:
        endpoints = self.setup.records("topology.endpoints")
        named = {path: self._named(text(record, "of")) for path, record in endpoints if record.get("of")}
        for path, record in endpoints:
            if of := named.get(path):
                self.overrides.setdefault(of, record)
        known: set[place.Path] = set()
        if self.pod.get("url"):
            known |= self._add(("pod", "url"), self.pod, self._rest_tier())
        for path, record in self.setup.records("services"):
            known |= self._add(path, record, self._service(record))
        for path, record in self.setup.records("topology.applications"):
            known |= self._add(path, record, self._application(record, str(self.setup.place(path))))
        for path, record in self.setup.records("connectors"):
            if record.get("url") or not record.get("predefined"):
                known |= self._add(path, record, self._connector(record))
        for path, record in endpoints:
            if path not in named:
                self._add(path, record, self._endpoint(record))
        for path, record in endpoints:
            if path in named and named[path] not in known:
                why = f"of = {record['of']!r} names no record that gives a target"
                self.skipped.append(Skipped(str(self.setup.place(path)), why))

    def _named(self, of: str) -> place.Path:
        """The path of what an endpoint gives another way to probe; the pod has one target, its REST tier."""
        read = place.parse(of.strip())
        path = place.resolve(self.setup.data, read) if isinstance(read, Place) else ()
        return ("pod", "url") if path == ("pod",) else path if isinstance(path, tuple) else ()

    def _add(self, path: place.Path, record: Record, made: Made) -> set[place.Path]:
        """Keep the target of a record, or why it has none; the path where there is one."""
        where = str(self.setup.place(path))
        self.records[where] = record
        if isinstance(made, str):
            self.skipped.append(Skipped(where, made))
            return set()
        # In a practice environment a private authority is no fault.
        made = replace(made, used_by=(where,), private_authority=self.setup.environment == "practice")
        if (override := self.overrides.get(path)) is not None:
            made = self._overridden(made, override)
        # A row that is probed in its own way is no longer what the pod's own probe already says.
        (self.rows if made.role == "application" and override is None else self.found).append(made)
        return {path}

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

    def _rest_tier(self) -> Made:
        base = _from_url(text(self.pod, "url"))
        return base if isinstance(base, str) else _at(base, REST_ROOT, name="pod", expect="http", role="pod")

    def _service(self, record: Record) -> Made:
        name = text(record, "name")
        known = SERVICES.get(name)
        if known is None:
            return "its address is not known; note it as an endpoint of [topology] to have it probed"
        base = self._tier(known.tier)
        if isinstance(base, str):
            return base
        return _at(
            base,
            f"{known.path}?WSDL",
            name=name,
            expect="wsdl",
            role="service",
            service=SERVICE_ELEMENT_NAMES.get(name, name),
            namespace=known.namespace or None,
            operations=tuple(texts(record, "operations")),
        )

    def _tier(self, application: str) -> Made:
        """Where an application of the pod answers: its Review Topology row, else the pod's own address."""
        for _, row in self.setup.by_key("topology.applications").get(application, ()):
            if isinstance(base := _from_row(row, ""), Target):
                return base
        if url := text(self.pod, "url"):
            return _from_url(url)
        return f"neither [pod] nor a row {application} says where it is"

    def _application(self, row: Record, where: str) -> Made:
        base = _from_row(row, where)
        if isinstance(base, str):
            return base
        name = text(row, "name") or base.host
        return _at(base, "/soa-infra/" if name == "FASOA" else "/", name=name, expect="http", role="application")

    def _connector(self, record: Record) -> Made:
        base = _from_url(text(record, "url")) if record.get("url") else "the connector has no URL"
        if isinstance(base, str):
            return base
        name = text(record, "name") or base.host
        return replace(base, name=name, expect="http", caller="fusion", role="connector")

    def _endpoint(self, record: Record) -> Made:
        host, port = text(record, "host"), record.get("port")
        protocol, expect = record.get("protocol"), record.get("expect")
        if expect not in EXPECTATIONS:
            web = protocol in ("https", "http") or (protocol is None and port in (None, 443))
            expect = "http" if web else "open"
        if protocol not in ("https", "http", "tcp"):
            web = expect in ("http", "wsdl")
            protocol = ("http" if port == 80 else "https") if web else "tcp"
        if protocol == "tcp" and expect in ("http", "wsdl"):
            protocol = "https"
        base = _from_parts(str(protocol), host, port if port is not None else _PROTOCOL_PORTS.get(str(protocol)))
        if isinstance(base, str):
            return base
        target = _at(base, text(record, "path") or "/", name=text(record, "name") or host, expect=expect)
        if expect in ("open", "tls", "closed"):
            target = replace(target, url=None, path="")
        return self._overridden(target, record)

    def _overridden(self, target: Target, record: Record) -> Target:
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
            changes["operations"] = tuple(texts(record, "operations"))
        if isinstance(codes := record.get("status"), list) and codes:
            changes["status"] = tuple(code for code in codes if isinstance(code, int) and not isinstance(code, bool))
        if record.get("minimum_tls") in ("1.0", "1.1", "1.2", "1.3"):
            changes["minimum_tls"] = record["minimum_tls"]
        timeout = record.get("timeout")
        if isinstance(timeout, int | float) and not isinstance(timeout, bool) and timeout > 0:
            changes["timeout"] = float(timeout)
        if record.get("ca_file"):
            path = typed_path(text(record, "ca_file"))
            changes["ca_file"] = intern(str(path if path.is_absolute() or self.folder is None else self.folder / path))
        if record.get("of") and record.get("path"):
            return replace(_at(target, text(record, "path")), **changes)
        return replace(target, **changes) if changes else target


def _from_url(url: str) -> Made:
    """An unnamed target of an absolute http(s) URL. A user name in the URL is dropped: it is never sent."""
    if "${" in url or re.search(r"\(\w+\s*,\s*\w+\)", url):
        return f"{url!r} holds an unresolved topology token"
    parts = split_url(url.strip())
    if parts is None or parts.scheme not in _PROTOCOL_PORTS or not parts.host:
        return f"{url!r} is not an absolute http or https URL"
    if not re.fullmatch("[0-9]{0,5}", parts.port):
        return f"{url!r} is not a URL with a port between 1 and 65535"
    path = (parts.path or "/") + (parts.query if parts.query != "?" else "")
    return _from_parts(parts.scheme, parts.host, int(parts.port or _PROTOCOL_PORTS[parts.scheme]), path)


def _from_row(row: Record, where: str) -> Made:
    if not row.get("host"):
        return f"{where} has no host"
    protocol = text(row, "protocol")
    protocol = protocol if protocol in _PROTOCOL_PORTS else "https"
    return _from_parts(protocol, text(row, "host"), row.get("port") or _PROTOCOL_PORTS[protocol])


def _from_parts(scheme: str, host: str, port: object, path: str = "/") -> Made:
    host = host.strip().removeprefix("[").removesuffix("]")
    if not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= 65535:
        return "no port" if port is None else f"port {port!r} is not between 1 and 65535"
    if not is_host(host):
        return f"{host!r} is no host name or address" if host else "no host"
    path = "" if scheme == "tcp" else path
    return Target(host, host, port, _url(scheme, host, port, path), intern(scheme), expect="open", path=path)


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
