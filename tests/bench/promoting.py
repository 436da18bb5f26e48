"""Promoting between two large profiles: plan and apply, in CPU time beyond reading them, and how it grows."""

import gc
import math
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from statistics import median
from tempfile import mkdtemp

from omtui.compare.promotion import Promotion
from omtui.problem import Done
from omtui.service.promoting import Promoting
from omtui.service.session import Session
from omtui.service.workspace import Workspace
from tests.bench.figures import Figure, ratio
from tests.bench.generate import profile_text
from tests.bench.measure import Bench, NotMeasuredError

LARGE, CHANGES = 10_000, 500
FEW, MANY = 1_000, 20_000
SECONDS = 3.0


def figures(bench: Bench) -> Iterator[Figure]:
    """Plan and apply with one record in twenty changed; a second one, which merges with the base of the first."""
    runs = min(bench.runs, 3)
    found = {records: [_promoted(bench, records) for _ in range(runs)] for records in (FEW, LARGE, MANY)}
    first, second = (median(each[number] for each in found[LARGE]) for number in (0, 1))
    yield Figure("promoting: plan and apply, 10,000 records, 500 changes", first, "s CPU", SECONDS)
    yield Figure("promoting: the same again, merged with its base", second, "s CPU", SECONDS)
    few, many = (median(each[0] for each in found[records]) * 1000 for records in (FEW, MANY))
    most = (MANY * math.log(MANY)) / (FEW * math.log(FEW))
    yield ratio("promoting: growth from 1,000 to 20,000", many, few, most)


def _promoted(bench: Bench, records: int) -> tuple[float, float]:
    """The CPU seconds of a promotion, and of one after it that takes the changes back."""
    folder = Path(mkdtemp(dir=bench.folder))
    try:
        changes = records * CHANGES // LARGE
        source, target = pair(records, changes)
        (folder / "source.toml").write_text(source)
        (folder / "target.toml").write_text(target)
        first = _seconds(folder, changes)
        (folder / "source.toml").write_text(source.replace('description = "', 'description = "later: ', changes))
        return first, _seconds(folder, changes)
    finally:
        rmtree(folder)


def _seconds(folder: Path, changes: int) -> float:
    workspace = Workspace(folder, state=folder / "state")
    source, target = workspace.open("source"), workspace.open("target")
    assert isinstance(source, Session)
    assert isinstance(target, Session)
    promoting = Promoting.between(workspace, source.name, source.data, target)
    assert isinstance(promoting, Promoting)
    proposed = promoting.propose().mapping
    entries = tuple(replace(each, target=each.target or each.source) for each in proposed.entries)
    promoting.mapping = replace(proposed, entries=entries)
    gc.collect()  # what was read before is no part of this
    started = time.process_time()
    plan = promoting.plan()
    if not isinstance(plan, Promotion) or len(plan.changes) != changes:
        raise NotMeasuredError("the plan is not the one that was made")
    outcome = promoting.apply(plan, "bench")
    taken = time.process_time() - started
    if not isinstance(outcome, Done):
        raise NotMeasuredError(str(outcome))
    return taken


def pair(records: int, changes: int) -> tuple[str, str]:
    """A source, and a target that lacks some of its records and says other things in as many others."""
    blocks = profile_text("source", records).split("\n\n")
    lacks = changes // 5
    gone = [n for n, block in enumerate(blocks) if block.startswith('[[connectors]]\nname = "Other')][-lacks:]
    described = [n for n, block in enumerate(blocks) if "\ndescription = " in block and n][: changes - lacks]
    for number in described:
        blocks[number] = blocks[number].replace('\ndescription = "', '\ndescription = "before: ', 1)
    for number in reversed(gone):
        del blocks[number]
    return profile_text("source", records), "\n\n".join(blocks).replace('"source"', '"target"', 1)
