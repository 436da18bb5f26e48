"""D-01 and D-08: names of the source's environment in texts: notes, owners, captions, values of related set-up."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from omtui.compare.binding import NEVER, is_bound, kinds_of
from omtui.compare.change import Change
from omtui.compare.mapping import EnvironmentMap, host_and_port
from omtui.compare.plan_finding import PlanFinding
from omtui.compare.translation import own_hosts
from omtui.plain_text import plain, without_passwords
from omtui.setup.catalogue import TABLES, child
from omtui.setup.hosts import is_loopback, split_url
from omtui.setup.place import Place, Selector, key_text, parse
from omtui.setup.values import toml

_NAMED = re.compile(
    r"(?P<before>://(?:[^\s/?#\\]*@)?|@)?(?<![\w.-])"
    r"(?P<host>\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]|[A-Za-z0-9_](?:[\w-]*\w)?(?:\.[\w-]+)*)(?P<mail>(?=@))?",
    re.ASCII,
)
_ENDINGS: Final = frozenset(
    ("com", "net", "org", "io", "cloud", "local", "internal", "corp", "lan", "intranet", "intra", "example", "invalid")
)
_EVERYWHERE: Final = ("oracle.com", "w3.org", "xmlsoap.org", "oasis-open.org")
"""Domains of documents and namespaces, which are the same in every environment."""

_NAMES: Final = frozenset({"event_subscriptions.name", "topology.endpoints.name", "topology.vantage_points.name"})
_WORDS: Final = {
    "development": ("dev", "development"),
    "test": ("test", "tst"),
    "production": ("prod", "prd", "production"),
    "practice": (),
}


class ProfileText(NamedTuple):
    """A text of a profile: the field, its place and what it says."""

    field: str
    where: str
    value: str


def foreign_names(
    changes: Sequence[Change],
    merged: Mapping[str, object],
    source: Mapping[str, object],
    target: Mapping[str, object],
    mapping: EnvironmentMap,
) -> Iterator[PlanFinding]:
    """D-01: hosts of the source in texts that would travel. D-08: what else in them is not the target's.

    A text that is there already and names a host of the source is a warning, too.
    """
    mapped = {host for entry in mapping.entries for host in _hosts_of(entry.target)}
    hosts, theirs = own_hosts(source) - mapped, own_hosts(target) | mapped
    ends = {host.rpartition(".")[2] for host in hosts | theirs} | _ENDINGS
    words = _words_of(source) - _words_of(target)
    met = set()
    for each in (text for change in changes for text in _texts_of(change)):
        for host, is_sure in hosts_named(each.value, ends):
            met.add((each.where, host))
            entry = f'kind = "host", from = "{plain(host)}"'
            if host in hosts:
                message = f"the host {plain(host)} of the source would travel"
                fix = f'add to the mapping: [[map]] {entry}, to = "…"'
                yield PlanFinding("D-01", "error", each.where, message, fix, True, group=entry)
            elif is_sure and host not in theirs and not _is_everywhere(host):
                message = f"the text names {plain(host)}, which the target does not know"
                yield PlanFinding("D-08", "warning", each.where, message, f"map it, to itself if it is right: {entry}")
        if each.field in _NAMES and (found := words & set(re.findall(r"[a-z0-9]+", each.value.lower()))):
            message = f"{plain(each.value)} names the source's environment ({', '.join(sorted(found))})"
            fix = f'map it: kind = "value", from = {plain(toml(each.value))}, to = "…"'
            yield PlanFinding("D-08", "warning", each.where, message, fix)
    for each in _texts({name: value for name, value in merged.items() if name not in NEVER}, "", Place(())):
        for host, _ in hosts_named(each.value, ends):
            if host in hosts - theirs and (each.where, host) not in met:
                message = f"the text names {plain(host)}, a host of the source"
                yield PlanFinding("D-08", "warning", each.where, message, "correct it in the target")


def hosts_named(text: str, ends: Collection[str] = _ENDINGS) -> list[tuple[str, bool]]:
    """The names in a text that may be hosts, in lower case, and whether each is surely meant as one."""
    found: dict[str, bool] = {}
    text = without_passwords(text)
    for match in _NAMED.finditer(text) if "." in text or "://" in text else ():
        host, before = match["host"].lower().strip("[]").rstrip("."), match["before"] or ""
        labels = host.split(".")
        in_url = before.startswith("://")
        if not in_url and len(labels) < 2 and ":" not in host:
            continue
        is_number = all(label.isdecimal() for label in labels)
        is_sure = in_url or (is_number and len(labels) == 4)
        if not is_sure and match["mail"] is None and not is_number:
            # The domain of an e-mail address is no host of an environment, unless it names a machine.
            is_sure = len(labels) > 2 if before else labels[-1] in ends
            is_sure = is_sure or (len(labels) > 2 and len(labels[-1]) == 2 and labels[-1].isalpha())
        found[host] = found.get(host, False) or is_sure
    return list(found.items())


def _texts_of(change: Change) -> Iterator[ProfileText]:
    place = parse(change.where)
    if not isinstance(place, Place) or change.new is None:
        return
    if change.field:
        yield from _texts_in(change.table, change.field, change.new, place)
    else:
        yield from _texts_in(change.table, "", change.new, place)


def _texts(record: Mapping[str, object], table: str, place: Place) -> Iterator[ProfileText]:
    for name, value in record.items():
        yield from _texts_in(table, name, value, place / name)


def _texts_in(table: str, name: str, value: object, place: Place) -> Iterator[ProfileText]:
    field = f"{table}.{name}"
    if isinstance(value, str):
        if not is_bound(table, name) or kinds_of(table, name)[0] in ("url", "host"):
            yield ProfileText(field, str(place), value)
        return
    inner = child(table, name) if name else TABLES.get(table)
    path = inner.path if inner else field
    if isinstance(value, dict):
        yield from _texts(value, path, place)
    for number, item in enumerate(value) if isinstance(value, list) else ():
        if isinstance(item, dict):
            key = key_text(item, inner.key) if inner and inner.key else str(number)
            yield from _texts(item, path, place / Selector(key))
        else:
            yield from _texts_in(table, name, item, place)


def _words_of(data: Mapping[str, object]) -> set[str]:
    """The words by which names show to which environment they belong."""
    head = data.get("profile")
    head = head if isinstance(head, dict) else {}
    said = f"{head.get('name', '')} {head.get('stage', '')}".lower()
    return {*_WORDS.get(str(head.get("environment")), ()), *re.findall(r"[a-z0-9]{3,}", said)}


def _is_everywhere(host: str) -> bool:
    return is_loopback(host) or any(host == each or host.endswith(f".{each}") for each in _EVERYWHERE)


def _hosts_of(target: str) -> list[str]:
    address = split_url(target)
    return [address.host.rstrip(".")] if address else [host_and_port(target)[0]]
