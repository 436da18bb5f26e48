"""A profile as a list of the library shows it: what is at the head of its file, and what all of it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from omtui.setup.hosts import host_of
from omtui.setup.indexed import Indexed, text

if TYPE_CHECKING:
    from omtui.documents.progress import Count


@dataclass(frozen=True)
class Listed:
    """A profile of the library as the home screen and `omtui list` show it.

    `counts`, `unsaved`, `progress` and `next_expiry` are known once the whole file was read (`Workspace.counted`).
    """

    name: str
    path: FilePath
    fault: str = ""
    title: str = ""
    description: str = ""
    environment: str = ""
    stage: str = ""
    pod_host: str = ""
    release: str = ""
    next_expiry: date | None = None
    changed: datetime | None = None
    unsaved: int = 0
    progress: Count | None = None
    """How far the walk-through is; `None` where nothing was ticked yet, or where that cannot be read."""
    trouble: str = ""
    """Why what was ticked cannot be read."""
    counts: Counter[str] | None = None

    @property
    def changed_words(self) -> str:
        """When the file was last written, to the minute, in the time of this machine."""
        return f"{self.changed.astimezone():%Y-%m-%d %H:%M}" if self.changed else ""


def next_expiry(setup: Indexed) -> date | None:
    """The first day on which a credential or a certificate noted in the profile ends."""
    days = []
    for table in ("credentials", "certificates"):
        for found in setup.records(table):
            day = found.record.get("expires_on")
            if isinstance(day, datetime):
                days.append(day.date())
            elif isinstance(day, date):
                days.append(day)
    return min(days, default=None)


def with_head(listed: Listed, data: Mapping[str, object]) -> Listed:
    """The same with what the profile's own tables say."""
    head, pod = data.get("profile"), data.get("pod")
    head = head if isinstance(head, dict) else {}
    pod = pod if isinstance(pod, dict) else {}
    return replace(
        listed,
        title=text(head, "title"),
        description=text(head, "description"),
        environment=text(head, "environment"),
        stage=text(head, "stage"),
        pod_host=host_of(text(pod, "url")),
        release=text(pod, "release"),
    )
