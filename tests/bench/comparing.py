"""The difference of two large profiles beyond reading them, how it grows, and a merge of three."""

import random
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

from omtui.compare.difference import difference
from omtui.compare.three_way import merge
from omtui.setup.place import Data
from tests.bench.figures import Figure, ratio
from tests.bench.measure import Bench, NotMeasuredError, in_turns, seconds_of

LARGE, CHANGES = 10_000, 500
FEW, MANY = 2_500, 20_000
_SITE = "[[task_types]]\n"

_NEW = """\
[[connectors]]
name = "Third{number}"
target_system = "SYS{number}"
url = "https://third.site{number}.example/orders"
invocation_mode = "Asynchronous Service"

"""


def changed(text: str, changes: int, seed: int = 1) -> str:
    """A generated profile with so many changes: URLs, renames that references follow, records that came or went.

    All its sites are in another order, which is no change.
    """
    head, *sites = text.split(_SITE)
    order = random.Random(seed)
    chosen = order.sample(range(1, len(sites) + 1), changes)
    for turn, at in enumerate(chosen):
        number = f"{at:05}"
        site = sites[at - 1]
        match turn % 4:
            case 0:
                site = site.replace("default/Connector/", "default/ConnectorComposite/")
            case 1:
                site = site.replace(f'"Other{number}"', f'"Second{number}"')
            case 2:
                start = site.index("[[planning_source_systems]]")
                site = site[:start] + site[site.index("# The standard orders") :]
            case _:
                start = site.index("[[routing_rules]]")
                site = site[:start] + _NEW.format(number=number) + site[start:]
        sites[at - 1] = site
    sites[-1] += "\n"
    order.shuffle(sites)
    return head + "".join(_SITE + site for site in sites)


def figures(bench: Bench) -> Iterator[Figure]:
    """`omtui diff` on 10,000 records with 500 changes, and the growth of difference and merge."""
    first = bench.profile(LARGE)
    second = _other(bench, LARGE, CHANGES)
    subjects: dict[str, Callable[[], float]] = {
        "changed": partial(bench.cpu_of, "omtui", "diff", str(first), str(second), "--json", statuses=(1,)),
        "same": partial(bench.cpu_of, "omtui", "diff", str(first), str(first), "--json"),
    }
    found = {name: median(times) for name, times in in_turns(bench.runs, subjects).items()}
    detail = f"{found['changed'] * 1000:.0f} ms, of which {found['same'] * 1000:.0f} ms read both"
    beyond = max(0.0, found["changed"] - found["same"])
    yield Figure("compare: 500 changes in 10,000 records", beyond, "s CPU", 1, detail)
    yield from _growth(bench)


def _other(bench: Bench, records: int, changes: int) -> Path:
    path = bench.folder / f"changed-{records}.toml"
    path.write_text(changed(bench.profile(records).read_text(), changes))
    return path


def _growth(bench: Bench) -> Iterator[Figure]:
    """Eight times the records with eight times the changes."""
    pairs: dict[int, tuple[Data, Data]] = {}
    for size in (FEW, MANY):
        text = bench.profile(size).read_text()
        count = CHANGES * size // LARGE
        pairs[size] = (tomllib.loads(text), tomllib.loads(changed(text, count)))
        differing = len(difference(*pairs[size]).changes)
        if differing != count:
            raise NotMeasuredError(f"{differing} changes are found, and {count} were made")
    subjects: dict[str, Callable[[], float]] = {}
    for size, (first, second) in pairs.items():
        subjects[f"diff {size}"] = partial(seconds_of, partial(difference, first, second))
        subjects[f"merge {size}"] = partial(seconds_of, partial(merge, first, second, first))
    found = {name: median(times) * 1000 for name, times in in_turns(bench.runs, subjects).items()}
    for name in ("diff", "merge"):
        many, few = found[f"{name} {MANY}"], found[f"{name} {FEW}"]
        yield ratio(f"compare: growth of {name} from 2,500 to 20,000", many, few, 8 * 1.5)
