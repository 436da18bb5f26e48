"""A fact: what is so, where it was read, on which releases, and how sure that is."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from omtui.setup.release import Release

Certainty = Literal["read", "reference", "inferred", "own"]

CERTAINTY_WORDS: Final[dict[Certainty, str]] = {
    "read": "read on this page",
    "reference": "noted from this source earlier, and not read again",
    "inferred": "inferred: no page that was read says so",
    "own": "no page of Oracle's is needed",
}

When = Literal["before", "after", "either"]
"""Whether there is something to do before an update of the pod or after it."""


class OraclePage(NamedTuple):
    """A page of Oracle's documentation: its title with the release, and its address."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """What is so on every release, or from `since` on until before `until`."""

    text: str
    source: OraclePage
    certainty: Certainty = "read"
    since: Release | None = None
    until: Release | None = None
    when: When = "before"
    """When to act on it."""

    @property
    def releases(self) -> str:
        """The releases it holds for, in words."""
        if self.since and self.until:
            return f"from {self.since}, until before {self.until}"
        return f"from {self.since}" if self.since else f"before {self.until}" if self.until else "every release"

    def changed(self, after: Release, to: Release) -> Release | None:
        """The release after `after`, up to `to`, with which it began or ceased to hold."""
        return next((each for each in (self.since, self.until) if each and after < each <= to), None)


def news(release: str, title: str, path: str) -> OraclePage:
    """A page of What's New for supply chain."""
    return OraclePage(
        f"What's new {release}, {title}", f"https://docs.oracle.com/en/cloud/saas/readiness/scm/{path}.htm"
    )
