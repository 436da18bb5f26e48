"""Hosts, ports and paths in a form in which two of them can be compared."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from omtui.setup.hosts import host_name, host_of, split_url
from omtui.setup.indexed import text
from omtui.setup.place import Path

_DEFAULT_PORTS = {"https": 443, "http": 80}
_LOOPBACK = re.compile(r"localhost|.+\.localhost|127\.\d+\.\d+\.\d+|::1|")


class Reached(NamedTuple):
    """Where something is reached on the network. Two that are equal lead to the same place."""

    host: str
    """In lower case, without a final dot and without the brackets of IPv6."""
    port: int | None
    path: str
    """With the query, without the slash at its end."""


def reached_at(url: str) -> Reached | None:
    """Where a URL leads; `None` when the text holds no host."""
    parts = split_url(url.strip())
    if parts is None or not parts.host:
        return None
    port = int(parts.port) if re.fullmatch(r"[0-9]{1,5}", parts.port) else _DEFAULT_PORTS.get(parts.scheme)
    return Reached(host_name(parts.host), port, parts.path.rstrip("/") + parts.query)


def host_in(url: str) -> str:
    """The host in a URL; empty when there is none."""
    return host_name(host_of(url))


def is_loopback(host: str) -> bool:
    """Whether a host is the machine itself: every machine has it, so it says nothing about an environment."""
    return _LOOPBACK.fullmatch(host) is not None


def pod_hosts(data: Mapping[str, object]) -> Iterator[tuple[Path, str]]:
    """The hosts that are a profile's own pod: `[pod].url` and the rows of `topology.applications`."""
    pod = data.get("pod")
    if isinstance(pod, dict) and (host := host_in(text(pod, "url"))):
        yield ("pod", "url"), host
    topology = data.get("topology")
    rows = topology.get("applications") if isinstance(topology, dict) else None
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict) and (host := host_name(text(row, "host"))):
            yield ("topology", "applications", number, "host"), host
