"""Reviews of one profile made on several machines, side by side: what answers from where, differences first."""

import json
from collections import Counter
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


class SeenEndpoint(BaseModel):
    """How one endpoint was found."""

    model_config = ConfigDict(extra="ignore", strict=True)

    name: str
    host: str
    port: int
    url: str | None = None
    expect: str
    caller: str = ""
    outcome: str
    ok: bool
    message: str = ""


class _Review(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    profile: str
    started: str
    vantage: str
    machine: str | None = None
    results: list[SeenEndpoint]


class MadeReview(NamedTuple):
    """A review as it was made somewhere."""

    file: str
    profile: str
    vantage: str
    started: datetime
    """In UTC."""
    results: Sequence[SeenEndpoint]


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

    @property
    def unlike(self) -> str:
        """Which endpoints are other targets in other reviews, in words; empty without any."""
        rows = Counter(each.name for each in self.endpoints)
        found = [name for name, number in rows.items() if number > 1]
        words = "Not laid together, because address, expectation or caller differ between the reviews"
        return f"{words}: {few(found)}" if found else ""

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
    reviews = []
    for path in files:
        found = read_review(path)
        if isinstance(found, Wrong):
            return found
        reviews.append(found)
    if len(reviews) < 2:
        return Wrong("one review is nothing to compare", "name two or more, each written by omtui probe --json")
    return side_by_side(reviews, now)


def side_by_side(made: Sequence[MadeReview], now: datetime) -> SideBySide | Wrong:
    """Lay reviews side by side, one or more; what keeps them from it."""
    first, names = made[0], _vantages(made)
    for number, each in enumerate(made):
        if each.profile != first.profile:
            what = f"{each.file} is a review of {each.profile}, {first.file} of {first.profile}"
            return Wrong(what, "name reviews of one profile")
        if names[number] in names[:number]:
            what = f"{each.file} is named twice, or is a copy"
            return Wrong(what, "name each review once; give those of different machines file names of their own")
    reviews = tuple(
        MergedReview(each.file, name, each.started, (now - each.started).total_seconds())
        for each, name in zip(made, names, strict=True)
    )
    endpoints = sorted(_endpoints(made), key=lambda each: (not each.differs, not each.failed))
    return SideBySide(first.profile, reviews, tuple(endpoints))


def read_review(path: Path) -> MadeReview | Wrong:
    """The review in a file that `omtui probe PROFILE -o FILE.json` wrote; what is wrong with it."""
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
        started = started.astimezone(UTC) if started.tzinfo else started.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return Wrong(f"{name}: {plain(review.started)} is no time", "write it again with omtui probe")
    # "local" is what every machine calls itself.
    vantage = review.machine if review.vantage == "local" and review.machine else review.vantage
    return MadeReview(name, plain(review.profile), plain(vantage), started, review.results)


def _vantages(made: Sequence[MadeReview]) -> list[str]:
    """The name of each vantage point; those of one name are distinguished by their times, then by their files."""
    names = [each.vantage for each in made]
    for more in (lambda each: f"{each.started:%Y-%m-%d %H:%M:%S}", lambda each: each.file):
        names = [f"{name}, {more(each)}" if names.count(name) > 1 else name
                 for name, each in zip(names, made, strict=True)]  # fmt: skip
    return names


def _endpoints(made: Sequence[MadeReview]) -> Iterator[MergedEndpoint]:
    """Only results of the same target are laid together: its name, address, caller and what is expected of it."""
    found: dict[tuple[str, str, str, str], list[SeenEndpoint | None]] = {}
    for number, review in enumerate(made):
        for result in review.results:
            address = result.url or f"{result.host}:{result.port}"
            target = (result.name, address, result.expect, result.caller)
            row = found.setdefault(target, [None] * len(made))
            row[number] = result if result.outcome != _NOT_PROBED else None
    for (name, address, expect, _), row in found.items():
        yield MergedEndpoint(
            plain(name),
            plain(address),
            plain(expect),
            tuple(plain(each.outcome) if each else None for each in row),
            tuple(each.ok if each else None for each in row),
            tuple(plain(each.message) if each else "" for each in row),
        )
