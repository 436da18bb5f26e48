"""The walk-through of a profile: what was entered in the pod, and what is still to be entered."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from omtui.plain_text import few, plain
from omtui.problem import Done, Outcome, Wrong
from omtui.service.ticks import Renames, Ticks, followed, names_change, renames_of
from omtui.store.change import MISSING, Set
from omtui.store.document import Document

if TYPE_CHECKING:
    from omtui.documents.progress import Count, ItemState, Progress
    from omtui.service.editable_profile import EditableProfile
    from omtui.setup.indexed import Indexed
    from omtui.setup.place import Path
    from omtui.store.together import CompanionFile
    from omtui.store.watching import Mark


class Walk:
    """The walk-through of an open profile. Renames that are not saved yet are followed here already."""

    def __init__(self, session: EditableProfile, ticks: Ticks) -> None:
        self._session = session
        self.ticks = ticks
        self.stayed = ""
        """Why the ticks of records that were renamed did not follow when that was saved; empty when they did."""
        self._owed: Renames = ()
        self._progress: tuple[tuple[int, Mark | None], Progress] | None = None
        self._counts: tuple[tuple[int, Mark | None], Mapping[str, Count]] | None = None

    @property
    def is_kept(self) -> bool:
        """Whether anything was ticked, or a refresh noted."""
        return self.ticks.mark is not None

    @property
    def progress(self) -> Progress:
        """All ticks, under the names that the records have now."""
        now = self._now
        if self._progress is None or self._progress[0] != now:
            self._progress = (now, followed(self.ticks.progress, self.renames()))
        return self._progress[1]

    @property
    def counts(self) -> Mapping[str, Count]:
        """How far each step is, the whole under an empty text; empty where nothing is kept.

        Of a big profile these are those of the last check.
        """
        if not self.is_kept:
            return {}
        now = self._now
        if self._counts is None or (
            self._counts[0] != now and (self._session.is_checked or not self._session.is_big or not self._counts[1])
        ):
            from omtui.documents.progress import counts

            self._counts = (now, counts(self._session.indexed, self.progress))
        return self._counts[1]

    def states(self) -> Mapping[Path, ItemState]:
        """The state of each record that is entered in the pod."""
        from omtui.documents.progress import states

        return states(self._session.indexed, self.progress)

    def renames(self) -> Renames:
        """The records that unsaved changes gave other names, and those whose ticks did not follow yet."""
        operations = self._session.unsaved_operations()
        if not names_change(operations):
            return self._owed
        before = Document.from_bytes(self._session.base)
        return (*self._owed, *(renames_of(before.data, operations) if isinstance(before, Document) else ()))

    def follow(self, renames: Renames) -> str:
        """Take ticks along after renames were saved; why they did not follow, or nothing."""
        outcome = self.ticks.follow(renames)
        self.stayed = "" if outcome is None or isinstance(outcome, Done) else str(outcome)
        self._owed = renames if self.stayed else ()
        return self.stayed

    def tick(
        self, places: Sequence[str], *, by: str = "", note: str = "", skip: bool = False, gone: Collection[str] = ()
    ) -> Outcome:
        """Mark records and steps as entered; `gone` are those that a refresh brought, as removed."""
        setup = self._session.indexed
        return self._looked(tick(self.ticks, setup, places, by=by or person(), note=note, skip=skip, gone=gone))

    def take_back(self, places: Sequence[str]) -> Outcome:
        """Take ticks away, also of records whose new name is not saved yet."""
        named = list(places)
        for old, new in reversed(self.renames()):
            named = [str(old) if each == str(new) else each for each in named]
        return self._looked(take_back(self.ticks, self._session.indexed, named))

    def noticed(self) -> bool:
        """Whether another program ticked something since this was last asked; what is shown is found out again then."""
        if not self.ticks.changed():
            return False
        self._session.revision += 1
        return True

    def _looked(self, outcome: Outcome) -> Outcome:
        """After a change the findings are others."""
        self._session.revision += 1
        return outcome

    @property
    def _now(self) -> tuple[int, Mark | None]:
        return self._session.revision, self.ticks.mark


def tick(
    ticks: Ticks,
    setup: Indexed,
    places: Sequence[str],
    *,
    by: str,
    note: str = "",
    skip: bool = False,
    gone: Collection[str] = (),
) -> Outcome:
    """Mark records and steps as entered, or as left out on purpose: all of them or none."""
    from omtui.documents import progress as engine

    # With the offset of where it was ticked: the day of a tick is compared with the day of a refresh.
    now = datetime.now().astimezone().replace(microsecond=0)

    def make(progress: Progress) -> Progress | Wrong:
        for place in places:
            made = engine.tick(progress, setup, place, by=by, on=now, note=note, skipped=skip, gone=gone)
            if isinstance(made, Wrong):
                return made
            progress = made
        return progress

    word = "left out" if skip else "ticked"
    named = [engine.canonical_place(setup, place) for place in places]
    return ticks.change(make, f"{word} {few(named, 3)} by {plain(by)}")


def take_back(ticks: Ticks, setup: Indexed, places: Sequence[str]) -> Outcome:
    """Take ticks away. Places that no longer name anything can be given as they are in the file."""
    from omtui.documents import progress as engine

    named = [engine.canonical_place(setup, place) for place in places]

    def make(progress: Progress) -> Progress | Wrong:
        missing = next((each for each in named if progress.of(each) is None), None)
        if missing is not None:
            return Wrong(f"{plain(missing)} is not ticked", "there is nothing to take back")
        return engine.untick(progress, named)

    return ticks.change(make, f"not ticked any more: {', '.join(map(plain, named[:3]))}")


class Refresh:
    """Takes away the ticks of what a refresh overwrote. `gone` are the places that lost theirs.

    Also writes the file where there is none: from here on it is known what was entered since.
    """

    def __init__(self, ticks: Ticks, setup: Indexed, source: Indexed | None, on: date, *, again: bool) -> None:
        self._ticks, self._setup, self._source, self._on, self._again = ticks, setup, source, on, again
        self.gone: dict[str, None] = {}

    def planned(self) -> tuple[CompanionFile, ...]:
        """What is to be written with the profile."""
        return self._ticks.planned(self._make)

    def carry_out(self) -> Outcome:
        """Do what is not done yet."""
        return self._ticks.change(self._make, "ticks taken away")

    def _make(self, progress: Progress) -> Progress:
        from omtui.documents.refresh import after_refresh

        after = after_refresh(progress, self._setup, self._source, on=self._on, again=self._again)
        kept = {each.place for each in after.ticks}
        self.gone.update((each.place, None) for each in progress.ticks if each.place not in kept)
        return after


def note_refresh(session: EditableProfile, name: str, on: date, reason: str = "") -> Outcome:
    """Note in the profile which pod was copied over its own, and when. Like every change it is to be saved."""
    from omtui.service.editing import Plan

    if name == session.name:
        return Wrong(f"{plain(name)} cannot be copied over itself", "name the pod that was copied")
    if on > date.today() + timedelta(days=1):  # one more for who lives further east
        return Wrong(f"{on.isoformat()} lies in the future", "note a refresh when it was done")
    pod = session.indexed.single("pod")
    values: dict[str, object] = {"refreshed_on": on, "refreshed_from": name}
    operations = tuple(
        Set(("pod", key), pod.get(key, MISSING), value) for key, value in values.items() if pod.get(key) != value
    )
    return session.edit(Plan(f"Note the refresh from {plain(name)} on {on.isoformat()}", operations, ("pod",)), reason)


def why_odd(session: EditableProfile, name: str) -> str:
    """Why a refresh is probably not what happened; empty where it may be. Production is copied, not copied over."""
    if not session.is_production:
        return ""
    return (
        f"{plain(session.name)} is production: a refresh copies production over another pod. Was {plain(session.name)} "
        f"copied, and not {plain(name)}? Then note it at {plain(name)}; omtui undo takes this note back, and what lost "
        "its tick is ticked again"
    )


def refresh_day(text: str) -> date | Wrong:
    """The day of a refresh as it was typed."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return Wrong(f"{plain(text) or 'an empty text'} is no day", "write it as 2026-10-02")


def person() -> str:
    """Who ticks, unless a name is given: the name that the system knows the user by, else the account."""
    import getpass
    from contextlib import suppress

    with suppress(KeyError, OSError, ImportError):
        import pwd

        whole = pwd.getpwuid(os.getuid()).pw_gecos.partition(",")[0].strip()
        if whole:
            return plain(whole)
    with suppress(KeyError, OSError, ImportError):
        return plain(getpass.getuser())
    return str(os.getuid())
