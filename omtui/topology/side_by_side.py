"""Reviews of one profile made on several machines, side by side: what answers from where, differences first."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict

from omtui.plain_text import few, plain
from omtui.problem import Problem, Wrong
from omtui.setup.read_model import read_model
from omtui.store.files import read_file

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of one review: ten thousand endpoints take a fifth of it."""
OLD_AFTER: Final = 86_400.0
"""Seconds after which a review counts as old: the network may be another one since."""
_NOT_PROBED: Final = "cancelled"
"""The outcome of what a review that was broken off did not come to."""


class _Result(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    name: str
    host: str
    port: int
    url: str | None = None
    expect: str
    outcome: str
    ok: bool
    message: str = ""


class _Review(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    profile: str
    started: str
    vantage: str
    machine: str | None = None
    results: list[_Result]


class MergedReview(NamedTuple):
    """One of the reviews: from where it was made, and when."""

    file: str
    vantage: str
    started: datetime
    age: float
    """Seconds."""

    @property
    def is_old(self) -> bool:
        """Whether the network may be another one since."""
        return self.age > OLD_AFTER

    @property
    def title(self) -> str:
        """From where, and how old it is where it is old."""
        days = int(self.age // OLD_AFTER)
        age = f", {days} {'day' if days == 1 else 'days'} old" if self.is_old else ""
        return f"{self.vantage}{age}"


class MergedEndpoint(NamedTuple):
    """One endpoint: the outcome at each vantage point, `None` where it was not probed."""

    name: str
    address: str
    expect: str
    outcomes: tuple[str | None, ...]
    is_ok: tuple[bool | None, ...]
    messages: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether those who probed it saw different things."""
        return len({each for each in self.outcomes if each is not None}) > 1

    @property
    def failed(self) -> bool:
        """Whether it is not as expected from somewhere."""
        return False in self.is_ok


@dataclass(frozen=True)
class SideBySide:
    """All reviews, one column each, and all endpoints, one row each."""

    profile: str
    reviews: tuple[MergedReview, ...]
    endpoints: tuple[MergedEndpoint, ...]

    def words(self, endpoint: MergedEndpoint) -> str:
        """What is seen from where: `answers from dmz-1, refused from here`."""
        said = []
        for outcome in dict.fromkeys(endpoint.outcomes):
            places = [review.vantage for review, each in zip(self.reviews, endpoint.outcomes, strict=True)
                      if each == outcome]  # fmt: skip
            fine = "closed, as expected," if endpoint.expect == "closed" else "answers"
            what = "not probed" if outcome is None else fine if outcome == "ok" else outcome
            said.append(f"{what} from {few(places)}")
        return ", ".join(said)


def merge_reviews(files: Sequence[Path], now: datetime) -> SideBySide | Wrong:
    """Lay reviews of one profile side by side, as `omtui probe --json` wrote them."""
    read: list[tuple[Path, _Review, datetime]] = []
    for path in files:
        found = _read(path)
        if isinstance(found, Wrong):
            return found
        read.append((path, *found))
    if len(read) < 2:
        return Wrong("one review is nothing to compare", "name two or more, each written by omtui probe --json")
    profile = read[0][1].profile
    for path, review, _ in read:
        if review.profile != profile:
            other = f"{plain(read[0][0].name)} of {plain(profile)}"
            what = f"{plain(path.name)} is a review of {plain(review.profile)}, {other}"
            return Wrong(what, "name reviews of one profile")
    names = _vantages([review for _, review, _ in read], [started for _, _, started in read])
    reviews = tuple(
        MergedReview(plain(path.name), name, started, (now - started).total_seconds())
        for (path, _, started), name in zip(read, names, strict=True)
    )
    endpoints = sorted(
        _endpoints([review for _, review, _ in read]), key=lambda each: (not each.differs, not each.failed)
    )
    return SideBySide(plain(profile), reviews, tuple(endpoints))


def _read(path: Path) -> tuple[_Review, datetime] | Wrong:
    name = plain(path.name)
    content = read_file(path, LARGEST)
    if isinstance(content, Problem):
        return Wrong(content.message, "name a file that omtui probe PROFILE -o FILE.json wrote")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        return Wrong(f"{name} is no JSON", "write it with omtui probe PROFILE -o FILE.json")
    if not isinstance(data, dict) or "results" not in data:
        return Wrong(f"{name} is no review of one profile", "write it with omtui probe PROFILE -o FILE.json")
    review = read_model(_Review, data)
    if isinstance(review, list):
        return Wrong(f"{name}: {review[0].message}", "write it again with omtui probe PROFILE -o FILE.json")
    try:
        started = datetime.fromisoformat(review.started)
    except ValueError:
        return Wrong(f"{name}: {plain(review.started)} is no time", "write it again with omtui probe")
    return review, started if started.tzinfo else started.replace(tzinfo=UTC)


def _vantages(reviews: Sequence[_Review], times: Sequence[datetime]) -> list[str]:
    """The name of each vantage point; two of one machine are distinguished by their times."""
    names = [plain(each.machine or each.vantage) for each in reviews]
    return [
        f"{name} {started:%m-%d %H:%M:%S}" if names.count(name) > 1 else name
        for name, started in zip(names, times, strict=True)
    ]


def _endpoints(reviews: Sequence[_Review]) -> Iterator[MergedEndpoint]:
    """Only results of the same target are laid together: its name, address and what is expected of it."""
    found: dict[tuple[str, str, str], list[_Result | None]] = {}
    for number, review in enumerate(reviews):
        for result in review.results:
            address = result.url or f"{result.host}:{result.port}"
            row = found.setdefault((result.name, address, result.expect), [None] * len(reviews))
            row[number] = result if result.outcome != _NOT_PROBED else None
    for (name, address, expect), row in found.items():
        yield MergedEndpoint(
            plain(name),
            plain(address),
            expect,
            tuple(plain(each.outcome) if each else None for each in row),
            tuple(each.ok if each else None for each in row),
            tuple(plain(each.message) if each else "" for each in row),
        )
