"""Routing rules and orders to rehearse, of any size, the same for the same size.

    python -m tests.bench.orders 200 1000000 folder

Ordinary rules are divided by a column, the organization, as most set-ups are: three task types, one or a few
organizations, and one or two conditions more. Rules without a common column ask three random columns each.
"""

import csv
import random
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

TASK_TYPES = ("Pick", "Pack", "Label", "Weigh", "Consign", "Screen", "Collect", "Announce")
"""The first three have rules of their own."""
PROCESSES = {
    "Standard": TASK_TYPES[:6],
    "Express": TASK_TYPES[:4],
    "Export": TASK_TYPES,
    "Pickup": (*TASK_TYPES[:2], *TASK_TYPES[6:]),
}
CUSTOMERS = 5_000
ITEMS = 20_000
ORGANIZATIONS = 80
FIRST_DAY = date(2026, 1, 1)

HEADINGS = (
    "OrderNumber", "LineNumber", "Process Name", "Item", "Customer", "Business Unit", "Order Type",
    "Source Order System", "Destination Shipping Organization", "Ordered Quantity", "Extended Amount",
    "Requested Ship Date",
)  # fmt: skip
_LINE, _HEADER = "Order Fulfill Line", "Order Header"


def _organization(number: int) -> str:
    return f"ORG{number:03}"


def _item(number: int) -> str:
    return f"CM{5_000 + number}"


def _customer(number: int) -> str:
    return f"Customer {number:05}"


def _condition(entity: str, attribute: str, operator: str, value: object) -> str:
    return f'{{ entity = "{entity}", attribute = "{attribute}", operator = "{operator}", value = {_toml(value)} }}'


def _toml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _conditions(source: random.Random) -> list[str]:
    """One condition for each column but those that divide the rules."""
    items = [_item(number) for number in source.sample(range(ITEMS), source.choice((5, 12, 40)))]
    customers = [_customer(number) for number in source.sample(range(CUSTOMERS), 8)]
    day = FIRST_DAY + timedelta(days=source.randrange(360))
    return [
        _condition(_LINE, "Item", "is in", items),
        _condition(_LINE, "Item", "starts with", f"CM{source.randint(5, 24)}"),
        _condition(_HEADER, "Customer", source.choice(("is in", "is not in")), customers),
        _condition(_HEADER, "Business Unit", "is equal to", f"Vision {source.randrange(6)}"),
        _condition(_HEADER, "Order Type", "is not equal to", f"Type{source.randrange(5)}"),
        _condition(_HEADER, "Source Order System", "is equal to", f"SYS{source.randrange(4)}"),
        _condition(_LINE, "Ordered Quantity", "is greater than", source.randrange(1, 900)),
        _condition(_LINE, "Extended Amount", "is less than", source.randrange(100, 90_000)),
        _condition(_LINE, "Requested Ship Date", "is before", day),
        f"{{ any = [{_condition(_LINE, 'Ordered Quantity', 'is less than', source.randrange(50, 500))}, "
        f"{{ not = {_condition(_HEADER, 'Order Type', 'is equal to', 'Type1')} }}] }}",
    ]


def _tree(source: random.Random, number: int, *, is_ordinary: bool) -> str:
    task_type = _condition(_HEADER, "Task Type", "is equal to", TASK_TYPES[number % 3])
    if not is_ordinary:
        asked = [each for each in _conditions(source) if "not" not in each]
        return f"{{ all = [{', '.join((task_type, *source.sample(asked, 3)))}] }}"
    names = [_organization(each) for each in source.sample(range(ORGANIZATIONS), source.choice((1, 1, 1, 3)))]
    organization = _condition(_LINE, "Destination Shipping Organization", "is in", names)
    more = source.sample(_conditions(source), source.choice((1, 1, 2)))
    return f"{{ all = [{', '.join((task_type, organization, *more))}] }}"


def rules(count: int, *, is_ordinary: bool = True) -> Iterator[str]:
    """A profile with so many routing rules, as the pieces of its file."""
    source = random.Random(count)
    yield 'schema = 1\n\n[profile]\nname = "rehearsed"\nenvironment = "development"\n\n[pod]\ntime_zone = "UTC"\n'
    for name in TASK_TYPES:
        service = f'{{ code = "{name}_Create", name = "{name}_Create", operation = "Create" }}'
        yield f'\n[[task_types]]\nname = "{name}"\nservices = [{service}]\n'
    for name, sent in PROCESSES.items():
        yield f'\n[[orchestration_processes]]\nname = "{name}"\n'
        for number, task_type in enumerate(sent, 1):
            yield (
                f'[[orchestration_processes.steps]]\nnumber = {number * 100}\nname = "{task_type}"\ntype = "Service"\n'
                f'task_type = "{task_type}"\nservice = "{task_type}_Create"\n'
            )
    for number in range(12):
        yield f'\n[[connectors]]\nname = "Connector{number:02}"\n'
    for number in range(count):
        yield f'\n[[routing_rules]]\nname = "Rule {number:03}"\nactive = true\npublished = true\n'
        yield f"when = {_tree(source, number, is_ordinary=is_ordinary)}\n"
        yield f'[[routing_rules.then]]\naction = "Set Connector Name"\nvalue = "Connector{number % 12:02}"\n'
        for _ in range(source.choice((0, 0, 0, 0, 1))):
            yield f"[[routing_rules.otherwise]]\nwhen = {_tree(source, number, is_ordinary=is_ordinary)}\n"
            yield f'then = [{{ action = "Set Connector Name", value = "Connector{(number + 1) % 12:02}" }}]\n'


def lines(count: int) -> Iterator[Sequence[object]]:
    """So many order lines, after their headings."""
    source = random.Random(count)
    days = [(FIRST_DAY + timedelta(days=number)).isoformat() for number in range(360)]
    processes = list(PROCESSES)
    yield HEADINGS
    for number in range(count):
        chance = source.random
        yield (
            500_000 + number // 3,
            number % 3 + 1,
            processes[int(chance() ** 2 * 4)],
            _item(int(chance() ** 3 * ITEMS)),
            _customer(int(chance() ** 2 * CUSTOMERS)),
            f"Vision {int(chance() * 6)}" if chance() < 0.97 else "",
            f"Type{int(chance() * 5)}",
            f"SYS{int(chance() * 4)}",
            _organization(int(chance() * ORGANIZATIONS)),
            1 + int(chance() ** 2 * 1_000),
            f"{chance() ** 2 * 100_000:.2f}",
            days[int(chance() * 360)],
        )


def write_rules(path: Path, count: int, *, is_ordinary: bool = True) -> Path:
    """Write a profile; its path."""
    path.write_text("".join(rules(count, is_ordinary=is_ordinary)), encoding="utf-8")
    return path


def write_lines(path: Path, count: int) -> Path:
    """Write an orders file; its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines(count))
    return path


def main() -> None:
    """Write rules and lines for trials by hand."""
    rule_count, line_count, folder = sys.argv[1:]
    write_rules(Path(folder) / f"rules-{rule_count}.toml", int(rule_count))
    write_lines(Path(folder) / f"orders-{line_count}.csv", int(line_count))


if __name__ == "__main__":
    main()
