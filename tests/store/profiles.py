"""Profiles in every layout that TOML allows, made at random: for laws that must hold for any of them.

Every comment is numbered, so that a test can say where each one went.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any

from omtui.setup.place import Data, Path
from omtui.store.change import MISSING, Insert, Move, Operation, Remove, Set, value_at
from omtui.store.literals import inline, key_text

TEXTS = (
    "",
    "CSS01",
    "Pick_From_Ravi",
    "Event Connector",
    'say "when"',
    "C:\\temp\\new",
    "two\nlines",
    "three\n\nlines \"\"\" here'''\n",
    "tab\there",
    "[not.a.header]",
    "# no comment",
    "bell\x07",
    "del\x7f",
    "ünïcödé 受注 😀",
    "\u202egnp.exe",
    "\ufeffmarked",
    "it's",
    "= ]",
    "back\\",
    "\r\n",
    "\u2028",
)
NUMBERS = (0, 1, -7, 443, 10**20)
UNKNOWN_KEYS = ("x_note", "x y", "x.z", 'q"q', "", "ключ")


class Maker:
    """Makes data, its text in some layout, and operations on it, all from one source of chance."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.comments = 0
        self.newline = random.choice(("\n", "\n", "\r\n"))
        self.style = random.choice(("canonical", "canonical", "wild"))
        self.talkative = random.choice((0.0, 0.15, 0.4))

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    # Data

    def scalar(self) -> Any:
        random = self.random
        return random.choice(
            (
                random.choice(TEXTS),
                random.choice(TEXTS),
                random.choice(TEXTS),
                random.choice(NUMBERS),
                random.random() < 0.5,
                Decimal(random.choice(("1.5", "-0.0", "1E+3", "6.02E23", "NaN", "Infinity", "100"))),
                date(2026, 11, random.randint(1, 28)),
                datetime(2026, 11, 20, 8, 30, random.randint(0, 59), tzinfo=UTC),
                datetime(2026, 11, 20, 8, 30, tzinfo=timezone(timedelta(hours=-5, minutes=-30))),
                datetime(2026, 11, 20, 8, 30, 1, 250000),
            )
        )

    def texts(self) -> list[Any]:
        return [self.random.choice(TEXTS) for _ in range(self.random.randint(0, 4))]

    def small(self, *names: str) -> dict[str, Any]:
        return {name: self.random.choice(TEXTS) for name in names if self.chance(0.8)}

    def unknown(self, depth: int = 0) -> Any:
        kind = self.random.randint(0, 6 if depth < 2 else 1)
        if kind <= 2:
            return self.scalar()
        if kind == 3:
            return self.texts()
        if kind == 4:
            return [self.unknown(depth + 1) for _ in range(self.random.randint(0, 2))]
        if kind == 5:
            return [self.record(depth + 1) for _ in range(self.random.randint(0, 2))]
        return self.record(depth + 1)

    def record(self, depth: int = 0) -> dict[str, Any]:
        keys = [*UNKNOWN_KEYS, "name", "note"]
        return {self.random.choice(keys): self.unknown(depth) for _ in range(self.random.randint(0, 3))}

    def condition(self, depth: int = 0) -> dict[str, Any]:
        kind = self.random.randint(0, 4 if depth < 2 else 1)
        if kind == 2:
            return {"not": self.condition(depth + 1)}
        if kind > 2:
            join = self.random.choice(("all", "any"))
            return {join: [self.condition(depth + 1) for _ in range(self.random.randint(0, 3))]}
        value = self.random.choice((self.scalar(), self.texts()))
        return {"entity": "Order Header", "attribute": "Item", "operator": "is in", "value": value}

    def one(self, table: str) -> dict[str, Any]:
        """A record of a table."""
        random = self.random
        found: dict[str, Any] = {"name": f"{table} {random.randint(0, 99)}"} if self.chance(0.9) else {}
        if table == "task_types":
            for name in ("services", "tasks", "statuses"):
                if self.chance(0.6):
                    rows = [self.small("code", "name", "note") for _ in range(random.randint(0, 3))]
                    found[name] = rows
        elif table == "orchestration_processes":
            if self.chance(0.7):
                found["steps"] = [
                    {"number": number * 100, **self.small("name", "task", "note")}
                    for number in range(random.randint(0, 3))
                ]
        elif table == "routing_rules":
            if self.chance(0.8):
                found["when"] = self.condition()
            if self.chance(0.7):
                found["then"] = [self.small("action", "value") for _ in range(random.randint(1, 2))]
            if self.chance(0.4):
                found["otherwise"] = [{"when": self.condition(), "then": [self.small("action")]}, {"action": "x"}]
        elif table == "trigger_points":
            if self.chance(0.5):
                found["connectors"] = self.texts()
            if self.chance(0.5):
                found["details"] = [self.small("value") | {"raise_event": True}]
        else:
            found |= self.small("url", "user_name", "code")
        if self.chance(0.3):
            found["active"] = self.chance(0.5)
        if self.chance(0.3):
            found["tags"] = self.texts()
        if self.chance(0.2):
            found[random.choice(UNKNOWN_KEYS)] = self.unknown()
        items = list(found.items())
        if self.chance(0.3):
            random.shuffle(items)
        return dict(items)

    def profile(self) -> Data:
        random = self.random
        found: Data = {
            "schema": 1,
            "profile": {"name": "vision", "environment": "test", **self.small("title", "stage")},
        }
        if self.chance(0.5):
            found["pod"] = self.small("url", "release", "credential") | ({"redwood": ["5"]} if self.chance(0.5) else {})
        for table in (
            "connectors",
            "task_types",
            "orchestration_processes",
            "routing_rules",
            "trigger_points",
            "waivers",
        ):
            if self.chance(0.5):
                found[table] = [self.one(table) for _ in range(random.randint(0, 3))]
        if self.chance(0.4):
            found["topology"] = self.small("read_by") if self.chance(0.5) else {}
            for name in ("applications", "endpoints"):
                if self.chance(0.6):
                    found["topology"][name] = [self.small("name", "host") for _ in range(random.randint(1, 3))]  # type: ignore[index]
        if self.chance(0.3):
            found[random.choice(UNKNOWN_KEYS)] = self.unknown()
        return found

    # Text

    def comment(self) -> str:
        self.comments += 1
        step = self.random.choice(("", "", "Step 5: "))
        return f"# {step}{self.comments:03d} ümlaut [[a]] \" ''' {{"

    def above(self, indent: str = "") -> str:
        """Comment and blank lines, or nothing."""
        text = ""
        while self.chance(self.talkative):
            text += f"{indent}{self.comment()}{self.newline}" if self.chance(0.7) else self.newline
        return text

    def trailing(self) -> str:
        return f"  {self.comment()}" if self.chance(self.talkative) else self.random.choice(("", "", " "))

    def value(self, value: Any, indent: str = "") -> str:
        """A value as somebody might write it."""
        random, newline = self.random, self.newline
        if isinstance(value, list):
            if not value:
                return random.choice(("[]", "[ ]", f"[{newline}{indent}]"))
            pad = random.choice(("", " "))
            if self.chance(0.5):
                inner = random.choice((", ", ",", " , ")).join(self.value(item, indent) for item in value)
                return f"[{pad}{inner}{random.choice(('', ','))}{pad}]"
            deeper = indent + random.choice(("  ", "    ", "\t"))
            text = f"[{self.trailing()}{newline}"
            for number, item in enumerate(value, 1):
                comma = "," if number < len(value) else random.choice(("", ","))
                same_line = number < len(value) and self.chance(0.15)
                text += f"{self.above(deeper)}{deeper}{self.value(item, deeper)}{comma}"
                text += " " if same_line else f"{self.trailing()}{newline}"
            return f"{text}{self.above(deeper)}{indent}]"
        if isinstance(value, dict):
            pad = random.choice(("", " "))
            parts = []
            for key, item in value.items():
                if isinstance(item, dict) and item and self.chance(0.3):
                    parts += [f"{key_text(key)}.{key_text(k)} = {self.value(v, indent)}" for k, v in item.items()]
                else:
                    parts.append(f"{key_text(key)} = {self.value(item, indent)}")
            return f"{{{pad}{', '.join(parts)}{pad}}}" if parts else random.choice(("{}", "{ }"))
        if isinstance(value, str) and "'" not in value and value.isprintable() and self.chance(0.2):
            return f"'{value}'"
        if isinstance(value, str) and "\\" not in value and self.chance(0.15):
            text = inline(value, "")[1:-1].replace("\\n", newline)
            return f'"""{newline}{text}"""'
        if isinstance(value, bool) or not isinstance(value, int):
            return inline(value, "")
        return hex(value) if value > 1 and self.chance(0.3) else f"{value:_}" if self.chance(0.3) else str(value)

    def statement(self, key: str, value: Any, indent: str = "") -> str:
        equals = self.random.choice((" = ", " = ", "=", "   =  "))
        return f"{self.above(indent)}{indent}{key}{equals}{self.value(value, indent)}{self.trailing()}{self.newline}"

    def body(self, value: dict[str, Any], names: tuple[str, ...], indent: str) -> tuple[str, list[str]]:
        """Statements of a table, and the texts of the tables inside it, each with a header of its own."""
        statements = ""
        inner: list[str] = []
        for key, item in value.items():
            records = isinstance(item, list) and item and all(isinstance(each, dict) for each in item)
            wild = self.style == "wild"
            as_header = isinstance(item, dict) or records
            if names[-1:] and names[-1] in ("when", "task_types", "trigger_points") and not wild:
                as_header = as_header and isinstance(item, dict) and names[-1] != "when"
            if as_header and (not wild or self.chance(0.5)):
                for each in item if records else [item]:
                    inner.append(self.table((*names, key), each, array=bool(records)))
            elif isinstance(item, dict) and item and wild and self.chance(0.4):
                for k, v in item.items():
                    statements += self.statement(f"{key_text(key)} . {key_text(k)}", v, indent)
            else:
                statements += self.statement(key_text(key), item, indent)
        return statements, inner

    def table(self, names: tuple[str, ...], value: dict[str, Any], *, array: bool) -> str:
        indent = self.random.choice(("", "", "", "  "))
        header = ".".join(map(key_text, names))
        header = f"[[{header}]]" if array else f"[{header}]"
        statements, inner = self.body(value, names, indent)
        blank = self.random.choice((self.newline, self.newline, ""))
        headless = not statements and inner and not array and self.chance(0.7)
        own = "" if headless else f"{blank}{self.above()}{indent}{header}{self.trailing()}{self.newline}{statements}"
        return own + "".join(inner)

    def text(self, data: Data) -> str:
        """The whole text: whole tables are shuffled when the layout is wild."""
        top = {key: value for key, value in data.items() if key != "schema"}
        statements, tables = self.body(top, (), "")
        if self.style == "wild" and self.chance(0.5):
            tables = list(self._shuffled(top, tables))
        text = self.above() + self.statement("schema", 1) + statements + "".join(tables) + self.above()
        if self.chance(0.2):
            text = text.removesuffix(self.newline)
        return text

    def _shuffled(self, top: Data, tables: list[str]) -> Iterator[str]:
        """Tables in another order. Records of one list keep theirs: it is the order of their texts."""
        import tomllib

        by_name: dict[str, list[str]] = {}
        for text in tables:
            by_name.setdefault(next(iter(tomllib.loads(text))), []).append(text)
        while by_name:
            name = self.random.choice(sorted(by_name))
            yield by_name[name].pop(0)
            if not by_name[name]:
                del by_name[name]

    # Operations

    def operation(self, data: Data) -> Operation | None:
        """An operation that fits the data."""
        random = self.random
        paths = [path for path in walk(data) if path[0] != "schema" and path[:2] != ("profile", "name")]
        kind = random.choice(("set", "set", "unset", "add", "insert", "remove", "move", "table"))
        if kind == "set":
            path = random.choice(paths)
            return Set(path, value_at(data, path), self.like(path, value_at(data, path)))
        if kind == "unset":
            path = random.choice(paths)
            if path == ("profile",) or isinstance(path[-1], int):
                return None
            return Set(path, value_at(data, path), MISSING, random.choice((0, 0, 1, 2)))
        if kind == "add":
            holders = [path for path in [(), *paths] if isinstance(value_at(data, path), dict)]
            path = (*random.choice(holders), random.choice((*UNKNOWN_KEYS, "note", "url", "name", "description")))
            return Set(path, MISSING, self.unknown()) if value_at(data, path) is MISSING else None
        if kind == "table":
            path = random.choice(
                (
                    ("pod",),
                    ("pod", "url"),
                    ("jeopardy", "priorities"),
                    ("topology",),
                    ("topology", "read_by"),
                    ("roles",),
                )
            )
            if value_at(data, path) is not MISSING or value_at(data, path[:-1]) not in (MISSING, data):
                return None
            new: Any = self.scalar() if path[-1] in ("url", "read_by") else {"url": "x"}
            return Set(path, MISSING, [{"name": "HIGH"}] if path[-1] in ("priorities", "roles") else new)
        lists = [path for path in paths if isinstance(value_at(data, path), list)]
        if kind == "insert":
            name = random.choice(("connectors", "task_types", "routing_rules", "orchestration_processes", "roles"))
            path = random.choice([*lists, (name,)])
            items = value_at(data, path)
            count = len(items) if isinstance(items, list) else 0
            record = self.one(str(path[0])) if len(path) == 1 else self.like((*path, 0), items[0] if count else {})  # type: ignore[index]
            return Insert(path, random.randint(0, count), record)
        full = [path for path in lists if value_at(data, path)]
        if not full:
            return None
        path = random.choice(full)
        items = value_at(data, path)
        assert isinstance(items, list)
        if kind == "remove":
            index = random.randrange(len(items))
            return Remove(path, index, items[index], random.choice((None, None, 0, 1)))
        return Move(path, random.randrange(len(items)), random.randrange(len(items)))

    def like(self, path: Path, value: object) -> Any:
        """Another value that may be where this one is."""
        if len(path) == 1:
            if isinstance(value, list):
                return [*value[1:], self.one(str(path[0]))]
            return {**value, "note": self.scalar()} if isinstance(value, dict) else self.scalar()
        if len(path) == 2 and isinstance(path[1], int):
            return self.one(str(path[0]))
        if path[-1] in ("when", "not") or (len(path) > 1 and path[-2] in ("all", "any")):
            return self.condition()
        if isinstance(value, dict):
            changed = {key: item for key, item in value.items() if self.chance(0.7)}
            return {**changed, self.random.choice(("note", "name", "value")): self.scalar()}
        if isinstance(value, list):
            if value and isinstance(value[0], dict):
                return [*value[: self.random.randint(0, 2)], self.small("name", "value", "action")]
            kept = [item for item in value if self.chance(0.7)]
            kept.insert(self.random.randint(0, len(kept)), self.random.choice(TEXTS))
            return kept
        return self.scalar()


def walk(value: object, path: Path = ()) -> Iterator[Path]:
    """Every path into some data, but for the root."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from walk(inner, (*path, key))
