"""Random pairs of environments for the laws of promotion: every name says to which of them it belongs."""

import re
from copy import deepcopy
from random import Random
from typing import Any

from omtui.compare.mapping import EnvironmentMap, MapEntry
from omtui.setup.place import Data

Record = dict[str, Any]

PATHS = ("in", "v1/orders", "v2/orders")
KINDS = {"u": "user_name", "c": "credential", "a": "code", "h": "host"}


class Environment:
    """One environment; `mark` (`src`, `tgt`) is part of each of its own names."""

    def __init__(self, mark: str, random: Random) -> None:
        self._mark = mark
        self._random = random

    def name(self, kind: str, number: int | None = None) -> str:
        number = self._random.randrange(4) if number is None else number
        return f"{kind}{number}.{self._mark}.example" if kind == "h" else f"{kind}{number}-{self._mark}"

    def url(self) -> str:
        port = self._random.choice(("", ":8443"))
        return f"https://{self.name('h')}{port}/{self._random.choice(PATHS)}"

    def connector(self, name: str) -> Record:
        optional: Record = {
            "url": self.url(),
            "user_name": self.name("u"),
            "credential": self.name("c"),
            "keystore_alias": self.name("a"),
            "description": self._random.choice(("one", "two")),
        }
        chosen = {key: value for key, value in optional.items() if self._random.random() < 0.8}
        return {"name": name, "target_system": "S1", **chosen}

    def rule(self, name: str) -> Record:
        leaf = {"entity": "Order Header", "attribute": "Business Unit", "operator": "is equal to", "value": name}
        action = {"action": "Set Connector Name", "value": self._random.choice(("C1", "C2"))}
        return {"name": name, "active": True, "when": {"all": [leaf]}, "then": [action]}

    def profile(self) -> Data:
        random = self._random
        data: Data = {
            "schema": 1,
            "profile": {"name": self._mark, "environment": "test"},
            "pod": {"url": f"https://{self.name('h', 9)}", "release": "25D"},
            "services": [{"name": "S", "called_by": [self.name("u", n) for n in range(3) if random.random() < 0.6]}],
            "event_subscriptions": [{"name": "E1", "url": self.url()}],
            "source_systems": [{"code": "S1", "name": "S"}],
            "connectors": [self.connector(f"C{n}") for n in range(1, 5) if random.random() < 0.8],
            "routing_rules": [self.rule(f"R{n}") for n in range(1, 4) if random.random() < 0.8],
            "topology": {"endpoints": [{"name": "P1", "host": self.name("h"), "port": 22}]},
        }
        return {name: value for name, value in data.items() if value not in ([], {"endpoints": []})}

    def edit(self, data: Data) -> Data:
        """The environment after a few edits of every sort."""
        random, data = self._random, deepcopy(data)
        for _ in range(random.randrange(1, 5)):
            tables = [name for name in ("connectors", "routing_rules", "event_subscriptions") if data.get(name)]
            table = random.choice([*tables, "services", "topology"])
            records: Any = data["topology"]["endpoints"] if table == "topology" else data[table]  # type: ignore[index]
            record = random.choice(records)
            match random.randrange(7):
                case 0 if len(records) > 1:
                    records.remove(record)
                case 1 if table == "connectors":
                    records.append(self.connector(f"N{self._mark}{len(records)}"))
                case 2 if table == "routing_rules":
                    record["then"] = [{"action": "Set Connector Name", "value": random.choice(("C1", "C2", "C9"))}]
                case 3 if left := [name for name in record if name not in ("name", "code", "when", "then")]:
                    del record[random.choice(left)]
                case _ if "called_by" in record:
                    record["called_by"] = [self.name("u", n) for n in range(8) if random.random() < 0.4]
                case _ if table == "connectors":
                    record |= self.connector(record["name"])
                case _ if "url" in record:
                    record["url"] = self.url()
                case _ if "host" in record:
                    record["host"] = self.name("h", random.randrange(8))
                case _:
                    record["note"] = random.choice(("one", "two"))
        return data


def mapping(source: str, target: str, random: Random, share: float = 1.0) -> EnvironmentMap:
    """What the target calls some of the source's names."""
    entries = []
    for kind, word in KINDS.items():
        one, other = Environment(source, random), Environment(target, random)
        entries += [
            MapEntry(word, one.name(kind, n), other.name(kind, n))  # type: ignore[arg-type]
            for n in range(10)
            if random.random() < share
        ]
    return EnvironmentMap(source, target, tuple(entries))


def hosts_in(text: str) -> set[str]:
    """The host names in a text, in lower case."""
    return {match[0].lower() for match in _HOST.finditer(text)}


_HOST = re.compile(r"(?<![\w.-])[A-Za-z0-9_](?:[\w-]*\w)?(?:\.[\w-]+)+", re.ASCII)
