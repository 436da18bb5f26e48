"""What an update of the pod changes for a set-up: its findings on one release against those on a later one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple, get_args

from omtui.checks.facts.fact import Fact, When
from omtui.checks.finding import LEVELS, CheckContext, Level, ShownFinding
from omtui.checks.running import all_checks, results, run
from omtui.setup.indexed import Indexed
from omtui.setup.place import Path
from omtui.setup.release import NEWEST, Release

Kind = Literal["appears", "worsens", "eases", "disappears", "waiver-lapses"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_ABOUT_THE_RELEASE = "P0-02"
"""It says which release is noted, and no more."""


@dataclass(frozen=True, slots=True)
class Impact:
    """One finding that is another one after the update: of one check, at one place."""

    check: str
    where: str
    kind: Kind
    level: Level | None
    """After the update; `None` where nothing is left."""
    was: Level | None
    release: Release
    """The first release at which the last level holds."""
    message: str
    fix: str
    facts: tuple[Fact, ...]
    when: When
    waived: bool
    """Whether it is accepted after the update, too."""
    path: Path

    @property
    def source(self) -> str:
        """Oracle's pages, with their addresses."""
        sources = dict.fromkeys(fact.source for fact in self.facts)
        return "; ".join(f"{source.title}: {source.url}" if source.url else source.title for source in sources)

    @property
    def matters(self) -> bool:
        """Whether there is something to do: an error or warning appears or worsens, or a waiver lapses."""
        worse = self.kind in ("appears", "worsens") and self.level in ("error", "warning") and not self.waived
        return worse or self.kind == "waiver-lapses"


@dataclass(frozen=True, slots=True)
class UpdateImpact:
    """What an update changes for one profile."""

    profile: str
    start: Release
    to: Release
    changes: tuple[Impact, ...]
    on: date | None = None
    """The day of the update, where it is noted."""

    @property
    def counts(self) -> dict[Kind, int]:
        """How many changes there are of each kind."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in KINDS}

    @property
    def matters(self) -> int:
        """How many changes ask for something to be done."""
        return sum(change.matters for change in self.changes)

    @property
    def note(self) -> str:
        """What is not known of the release; empty when it is known."""
        if self.to <= NEWEST:
            return ""
        return f"nothing newer than {NEWEST} is known here: {self.to} is judged by what holds on {NEWEST}"


class _State(NamedTuple):
    """How a finding counts."""

    level: Level
    waived: bool


_Found = Mapping[tuple[str, str], ShownFinding]


def impact(setup: Indexed, context: CheckContext, start: Release, to: Release) -> tuple[Impact, ...]:
    """The net difference between the findings on two releases: by release, the worst first, then as in the file.

    The set-up is judged at each release with which a fact changes. A release newer than all facts is as the newest.
    """
    at = {each: _found(setup, context, each) for each in (start, *_changing(start, to))}
    before, after = at[start], at[max(at)]
    changes = [
        _change(key, at, start) for key in (*after, *(key for key in before if key not in after)) if _differs(key, at)
    ]
    return tuple(sorted(changes, key=lambda each: (each.release, LEVELS.index(each.level or "info"))))


def _changing(start: Release, to: Release) -> list[Release]:
    """The releases after `start`, up to `to`, with which a fact behind a check or its level changes."""
    known: set[Release | None] = set()
    for check in all_checks().values():
        known |= {check.since, check.announced, *(end for fact in check.facts for end in (fact.since, fact.until))}
    return sorted(each for each in known if each and start < each <= to)


def _found(setup: Indexed, context: CheckContext, release: Release) -> _Found:
    """The findings on a release by check and place; of several at one place the one that counts most."""
    on_it = Indexed({**setup.data, "pod": {**setup.single("pod"), "release": str(release)}})
    found: dict[tuple[str, str], ShownFinding] = {}
    for each in results(on_it, run(on_it, context), context.today):
        key = each.finding.check, each.place
        if each.finding.check != _ABOUT_THE_RELEASE and (key not in found or _rank(each) < _rank(found[key])):
            found[key] = each
    return found


def _rank(shown: ShownFinding) -> tuple[bool, int]:
    return shown.waived, LEVELS.index(shown.finding.level)


def _state(shown: ShownFinding | None) -> _State | None:
    return _State(shown.finding.level, shown.waived) if shown else None


def _differs(key: tuple[str, str], at: Mapping[Release, _Found]) -> bool:
    return _state(at[min(at)].get(key)) != _state(at[max(at)].get(key))


def kind_of(before: _State | None, after: _State | None) -> Kind | None:
    """What became of a finding; `None` where it counts as it did."""
    if before is None or after is None:
        return "appears" if after else "disappears" if before else None
    if before.waived and not after.waived:
        return "waiver-lapses"
    worse = LEVELS.index(after.level) - LEVELS.index(before.level)
    if worse == 0 and before.waived == after.waived:
        return None
    return "worsens" if worse < 0 else "eases"


def _change(key: tuple[str, str], at: Mapping[Release, _Found], start: Release) -> Impact:
    last = max(at)
    before, after = at[start].get(key), at[last].get(key)
    kind = kind_of(_state(before), _state(after))
    shown = after or before
    assert shown is not None
    assert kind is not None
    release = next(each for each in at if each > start and _state(at[each].get(key)) == _state(after))
    facts = all_checks()[key[0]].facts
    cited = tuple(fact for fact in facts if fact.changed(start, last)) or facts
    return Impact(
        *key,
        kind,
        after.finding.level if after else None,
        before.finding.level if before else None,
        release,
        shown.finding.message,
        shown.finding.fix if after else "nothing: it goes with the update",
        cited,
        "either" if kind in ("eases", "disappears") else cited[0].when,
        bool(after and after.waived),
        shown.finding.path,
    )


def documents(impacts: tuple[UpdateImpact, ...]) -> Iterator[dict[str, object]]:
    """Each impact under the keys of the JSON contract."""
    for each in impacts:
        yield {
            "profile": each.profile,
            "from": str(each.start),
            "to": str(each.to),
            "next_update": each.on.isoformat() if each.on else None,
            "note": each.note or None,
            "changes": [
                {
                    "id": change.check,
                    "where": change.where,
                    "kind": change.kind,
                    "level": change.level,
                    "was": change.was,
                    "release": str(change.release),
                    "message": change.message,
                    "fix": change.fix,
                    "source": change.source,
                    "when": change.when,
                    "waived": change.waived,
                }
                for change in each.changes
            ],
            "counts": each.counts,
        }
