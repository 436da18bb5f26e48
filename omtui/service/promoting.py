"""Promoting from both fronts: the mapping of a pair of environments, the plan, and carrying it out.

Carrying a plan out changes the target's file, as one change that can be undone. What was decided is remembered in the
journal, so that the next promotion from the same source is a three-way merge.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from omtui.compare import plan_file
from omtui.compare.binding import Kind
from omtui.compare.map_file import read as read_mapping
from omtui.compare.map_file import rewrite
from omtui.compare.mapping import EnvironmentMap, joined, turned
from omtui.compare.plan_file import PlanFile, Ready, prepare, prepare_now
from omtui.compare.plan_finding import PlanFinding
from omtui.compare.promotion import Promotion, PromotionRequest, data_hash, plan
from omtui.compare.promotion_report import counts
from omtui.compare.proposal import NeededEntry, Proposed, needed, propose
from omtui.compare.translation import own_hosts, values_by_kind
from omtui.plain_text import plain
from omtui.problem import Done, Outcome, Problem, Wrong
from omtui.service.editing import Plan
from omtui.service.promotion_past import Base, in_terms_of, last_base, renames, without_taken_back
from omtui.service.session import FileChanged, Session
from omtui.setup.values import toml
from omtui.store.change import value_to_json
from omtui.store.document import Document
from omtui.store.files import ChangedOnDisk, content_hash, read_file, write_file
from omtui.store.intention import Decided
from omtui.store.library import companion_path
from omtui.store.unsettled import unsettled

if TYPE_CHECKING:
    from omtui.documents.model import Format
    from omtui.service.workspace import Workspace
    from omtui.setup.place import Data


@dataclass(frozen=True, slots=True)
class MapFile:
    """The mapping of a pair of environments, and its file; `hash` is `None` while there is no file."""

    path: FilePath
    mapping: EnvironmentMap
    text: str = ""
    hash: str | None = None

    @property
    def is_new(self) -> bool:
        """Whether the file is not there yet."""
        return self.hash is None


class Promoting:
    """A promotion from one profile to another.

    `source` is plain data: a file's, or an earlier state's. `target` is the profile that will be changed.
    """

    def __init__(
        self,
        workspace: Workspace,
        source_name: str,
        source: Data,
        target: Session,
        file: MapFile,
        source_path: FilePath | None = None,
    ) -> None:
        self._workspace = workspace
        self._source_path = source_path
        self.source_name = source_name
        self.source = source
        self.target = target
        self.file = file
        self.mapping = file.mapping
        """The mapping as it is now; `save_mapping` writes it."""
        self._base = self._last_base()
        self._in_terms: tuple[EnvironmentMap, Base] | None = None
        self._renames = renames(workspace, source, source_path, target.path, target.data)

    @property
    def base(self) -> Base:
        """What the plan is merged against, in the target's terms."""
        if self._base.is_of_the_way_back:
            if self._in_terms is None or self._in_terms[0] != self.mapping:
                self._in_terms = (self.mapping, in_terms_of(self._base, self.source, self.mapping))
            return self._in_terms[1]
        return self._base

    @classmethod
    def between(
        cls,
        workspace: Workspace,
        source_name: str,
        source: Data,
        target: Session,
        *,
        source_path: FilePath | None = None,
        map_file: FilePath | None = None,
        map_content: bytes | None = None,
    ) -> Promoting | Wrong:
        """A promotion with the mapping from a file, or from the one that is found next to the target.

        `map_content` is the content of a file that was read already.
        """
        if source_path is not None and source_path.resolve() == target.path.resolve():
            return Wrong(f"{plain(target.name)} cannot be promoted to itself", "name another profile as the target")
        found: MapFile | Wrong
        if map_content is not None:
            found = _parsed_map(map_file or FilePath("-"), map_content, source_name, target.name)
        elif map_file is not None:
            found = _read_map(map_file, source_name, target.name)
        else:
            found = find_map(source_name, target)
        return found if isinstance(found, Wrong) else cls(workspace, source_name, source, target, found, source_path)

    # The mapping

    def propose(self) -> Proposed:
        """The mapping, completed by what both profiles say of one record, and by what is to be filled in."""
        return propose(self.source, self.target.data, self.mapping, self.base.data)

    def needed(self) -> list[NeededEntry]:
        """Every entry that the mapping has or needs."""
        return needed(self.source, self.target.data, self.mapping, self.base.data)

    def offers(self, kind: Kind) -> list[str]:
        """What the target's profile has of a kind, to be chosen from."""
        data = self.target.data
        if kind in ("host", "url", "ssh"):
            return sorted(own_hosts(data))
        return sorted(values_by_kind(data).get(kind, ()))

    @property
    def is_mapping_changed(self) -> bool:
        """Whether the mapping differs from its file."""
        return self.mapping != self.file.mapping

    def save_mapping(self) -> Outcome:
        """Write the mapping to its file. Comments stay; what another program wrote meanwhile is not overwritten.

        The mapping next to a locked target is locked with it: it decides what a promotion brings there.
        """
        folder = FilePath(os.path.realpath(self.file.path)).parent
        is_the_targets = folder == FilePath(os.path.realpath(self.target.path)).parent
        if is_the_targets and (locked := self.target.why_locked()) is not None:
            return locked
        text = rewrite(self.file.text, self.mapping) if self.file.text else rewrite("", self.mapping)
        content = text.encode()
        outcome = write_file(self.file.path, content, self.file.hash)
        name = plain(self.file.path.name)
        if isinstance(outcome, ChangedOnDisk):
            return Problem(f"{name} was changed by another program", "nothing was written; begin the promotion again")
        if isinstance(outcome, Problem):
            return outcome
        self.file = MapFile(self.file.path, self.mapping, text, content_hash(content))
        return Done(f"saved {name}")

    def forget_mapping(self) -> None:
        """Go back to the mapping as the file has it."""
        self.mapping = self.file.mapping

    # The plan

    def plan(self, request: PromotionRequest | None = None) -> Promotion | Wrong:
        """What would happen. Nothing is changed."""
        found = plan(
            self.source,
            self.target.data,
            self.mapping,
            base=self.base.data,
            request=request,
            source_name=self.source_name,
            target_name=self.target.name,
            known=self._renames,
        )
        return Wrong(found.message, found.fix) if isinstance(found, Problem) else found

    def with_outlook(self, promotion: Promotion) -> Promotion:
        """A plan with what the checks would find in the target, and would find no more."""
        now = self._found_by_checks(promotion.before)
        then = self._found_by_checks(promotion.merged.data) if promotion.changes else now
        gained = tuple(each for key, each in then.items() if key not in now)
        lost = tuple(each for key, each in now.items() if key not in then)
        return replace(promotion, gained=gained, lost=lost)

    def _found_by_checks(self, data: Data) -> dict[tuple[str, str, str], PlanFinding]:
        from omtui.checks.running import results, run
        from omtui.setup.indexed import Indexed

        setup = Indexed(data)
        around = self._workspace.surroundings(self.target.path, data)
        found = results(setup, run(setup, around), around.today)
        return {
            (each.finding.check, each.finding.level, each.place): PlanFinding(
                each.finding.check, each.finding.level, each.place, each.finding.message, each.finding.fix
            )
            for each in found
            if not each.waived
        }

    def write_plan(self, promotion: Promotion, path: FilePath) -> Outcome:
        """Write a plan to a file. A file that is there is replaced only when it is a plan, too."""
        from datetime import UTC, datetime

        from omtui import __version__

        old = read_file(path, plan_file.LARGEST) if path.is_file() else None
        if old is not None and (isinstance(old, Problem) or b'"omtui_plan"' not in old[:200]):
            return Problem(f"{plain(path)} is there and is no plan", "choose another name")
        text = plan_file.write(promotion, made_on=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", version=__version__)
        outcome = write_file(path, text.encode(), content_hash(old) if isinstance(old, bytes) else None)
        if isinstance(outcome, ChangedOnDisk):
            return Problem(f"{plain(path)} was changed by another program", "nothing was written; try again")
        if isinstance(outcome, Problem):
            return outcome
        return Done(f"the plan is in {plain(path)}")

    # Carrying it out

    def apply(self, promotion: Promotion, reason: str = "") -> Outcome:
        """Carry out a plan that was made just now."""
        if data_hash(self.target.data) != promotion.target_hash or data_hash(self.source) != promotion.source_hash:
            return Problem("a profile was changed since the plan was made", "look at the plan again")
        return self._carry_out(prepare_now(promotion), reason, counts(promotion))

    @property
    def since(self) -> str:
        """Which promotion the plan is merged with, for people."""
        at = self.base.at[:16].replace("T", " ")
        if not at:
            return "the first one from here: what differs is taken from the source"
        what = "what was changed in the target stays"
        if self._base.is_of_the_way_back:
            return (
                f"since {plain(self.source_name)} was promoted to at {at} UTC: only what it changed since comes; {what}"
            )
        return f"since the promotion of {at} UTC: {what}"

    def write_ticket(
        self,
        promotion: Promotion,
        path: FilePath,
        form: Format,
        ticket: str,
        since: str,
        orders: tuple[str, Sequence[tuple[str, ...]]] | None = None,
    ) -> Outcome:
        """Write a plan as the document of a change ticket; `orders` is what it does to orders, with rows."""
        from datetime import datetime

        from omtui.documents.change_ticket import change_ticket
        from omtui.documents.render import render
        from omtui.service.reviewing import put

        made_at = datetime.now().astimezone()
        document = change_ticket(promotion, self.mapping, made_at=made_at, ticket=ticket, since=since, orders=orders)
        return put(path, render(document, form)) or Done(f"the plan is in {plain(path)}")

    def read_plan(self, path: FilePath, content: bytes | None = None) -> PlanFile | Wrong:
        """The plan that a file holds; `content` is what was read of it already."""
        name = plain(path) if content is None else "standard input"
        read = read_file(path, plan_file.LARGEST) if content is None else content
        if isinstance(read, Problem):
            return Wrong(read.message, "write it with omtui promote --plan FILE")
        found = plan_file.read(read.decode("utf-8", "replace"))
        if isinstance(found, Problem):
            return Wrong(f"{name}: {found.message}", found.fix)
        if (found.source, found.target) != (self.source_name, self.target.name):
            pair = f"{plain(found.source)} to {plain(found.target)}"
            return Wrong(f"{name} is a plan from {pair}", "name these profiles")
        return found

    def apply_plan(self, found: PlanFile, reason: str = "") -> Outcome:
        """Carry out a plan from a file, exactly; a stale one is refused."""
        contents = found.contents.get("plan")
        groups = contents if isinstance(contents, dict) else {}
        verbs = (("add", "added"), ("change", "changed"), ("replace", "replaced"), ("remove", "removed"))
        counted = [(len(places), word) for op, word in verbs if isinstance(places := groups.get(op), list) and places]
        words = ", ".join(f"{count} {word}" for count, word in counted)
        return self._carry_out(prepare(found, self.source, self.target.data), reason, words)

    def _carry_out(self, ready: Ready | Problem, reason: str, words: str) -> Outcome:
        if not isinstance(ready, Ready):
            return ready
        if (locked := self.target.why_locked()) is not None:
            return locked
        base = json.dumps(value_to_json(dict(ready.next_base)), separators=(",", ":"))
        if ready.operations:
            outcome = self.target.edit(Plan(ready.label, ready.operations, ()), reason)
            if not isinstance(outcome, Done):
                return outcome
            saved = self.target.save(reason=reason, decided=Decided(self.source_name, base))
            if not isinstance(saved, Done):
                self.target.undo()
                if isinstance(saved, FileChanged):
                    return Problem(
                        f"{plain(self.target.path.name)} was changed by another program meanwhile",
                        "nothing was written; make the plan again",
                    )
                return saved
        else:
            journal = self._workspace.journal.of(self.target.path)
            journal.decided(self.source_name, base.encode())
            content = self.target.document.to_bytes()
            if isinstance(content, bytes):
                journal.promoted(self.source_name, content)
        self._base = self._last_base()
        return Done(f"{plain(self.target.name)}: {words or 'nothing to do'}")

    def _last_base(self) -> Base:
        path, data = self.target.path, self.target.data
        base = last_base(self._workspace, self.source_name, self.source, self._source_path, path, data)
        return without_taken_back(self._workspace, base, path, data)


def not_settled(name: str, document: Document) -> Problem | None:
    """Why a profile takes no part in a promotion: a merge left a conflict in it (P0-12)."""
    found = unsettled(document.text(), document.data)
    if not found:
        return None
    message = f"P0-12: line {found[0].line} of {plain(name)}: a conflict is not settled: {plain(found[0].words)}"
    return Problem(message, "decide, then take the comment out")


def find_map(source_name: str, target: Session) -> MapFile | Wrong:
    """The mapping of a pair next to the target: `TARGET.map.toml`, or any other that names the pair.

    Where there is none, that of the way back turned round, or an empty one, which is not written yet.
    """
    own = companion_path(target.path, "map")
    known: list[EnvironmentMap] = []
    others = sorted(own.parent.glob("*.map.toml")) if own.parent.is_dir() else []
    pair = own.parent / f"{target.name}.from-{source_name}.map.toml"
    for path in (own, *(each for each in others if each != own)):
        content = read_file(path) if os.path.lexists(path) else None
        if isinstance(content, Problem) and path in (own, pair):
            return Wrong(content.message, content.fix)
        if not isinstance(content, bytes):
            continue
        mapping = read_mapping(content.decode("utf-8-sig"))
        known += [mapping] if isinstance(mapping, EnvironmentMap) else []
        if isinstance(mapping, list):
            if path in (own, pair):
                return Wrong(f"{plain(path.name)}{mapping[0].at}: {mapping[0].message}", mapping[0].fix)
        elif mapping.source == source_name and (path == own or mapping.target == target.name):
            # What is next to the target is the target's, also when its file was renamed or copied.
            mapping = replace(mapping, target=target.name)
            return MapFile(path, mapping, content.decode("utf-8-sig"), content_hash(content))
    # Where the target has a mapping already, it is of another pair.
    return MapFile(pair if own.exists() else own, _way_back(source_name, target.name, known))


def _way_back(source_name: str, target_name: str, known: list[EnvironmentMap]) -> EnvironmentMap:
    """The mapping of the other direction turned round, perhaps over an environment between them; else an empty one."""
    for there in (each for each in known if each.target == source_name):
        if there.source == target_name:
            return turned(there)
        for first in known:
            if (first.source, first.target) == (target_name, there.source):
                return joined(turned(there), turned(first))
    return EnvironmentMap(source_name, target_name)


def _read_map(path: FilePath, source_name: str, target_name: str) -> MapFile | Wrong:
    """The mapping of a file that was named. One that is not there yet is empty."""
    if not path.exists():
        return MapFile(path, EnvironmentMap(source_name, target_name))
    content = read_file(path)
    if isinstance(content, Problem):
        return Wrong(content.message, content.fix)
    return _parsed_map(path, content, source_name, target_name)


def _parsed_map(path: FilePath, content: bytes, source_name: str, target_name: str) -> MapFile | Wrong:
    name = "standard input" if str(path) == "-" else plain(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Wrong(f"{name} is not UTF-8 text", "save it as UTF-8 in an editor")
    mapping = read_mapping(text)
    if isinstance(mapping, list):
        return Wrong(f"{name}: {mapping[0].message}", mapping[0].fix)
    if (mapping.source, mapping.target) != (source_name, target_name):
        pair = f"{plain(mapping.source)} to {plain(mapping.target)}"
        fix = f"it should say source = {toml(source_name)}, target = {toml(target_name)}"
        return Wrong(f"{name} maps {pair}", plain(fix))
    return MapFile(path, mapping, text, content_hash(content))
