r"""The hand-over file: one set-up for a colleague, with its mapping and the list of passwords to be provided.

It is JSON in plain ASCII, so that mail programs and terminals leave it alone. The profile is in it to the letter,
line by line, so that it can be reviewed. There is no private state in it: no history, no progress, no secret but one
armoured age part when it was asked for, which is bound to the profile's text by `omtui.credentials`.

    {"omtui_hand_over": 1, "version": "1.0", "made_on": "2026-11-23T08:00:00Z",
     "profile": {"name": "vision-dev", "sha256": "…", "lines": ["schema = 1\n", …]},
     "mapping": {"sha256": "…", "lines": […]},
     "credentials": [{"name": "dev-pick", "used_by": ["connectors[Connector01].credential"], "owner": "…", …}],
     "secrets": {"sha256": "…", "lines": ["-----BEGIN AGE ENCRYPTED FILE-----\n", …]},
     "sum": "sha256:…"}

Any input may be hostile. `read` gives the parts only when all hashes hold; `omtui.compare.incoming_profile` then judges
the profile itself.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from omtui.compare.binding import CREDENTIALS
from omtui.compare.foreign import LARGEST, parsed_json, sealed, sum_of
from omtui.compare.matching import records_of
from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data, Path
from omtui.setup.reading import ReadingFault

FORMAT: Final = 1
LARGEST_FILE: Final = 3 * LARGEST
"""Bytes. Letters beyond ASCII take six bytes here and two in the profile."""


@dataclass(frozen=True, slots=True)
class NeededCredential:
    """A credential that the receiver has to provide."""

    name: str
    used_by: tuple[str, ...]
    owner: str = ""
    expires_on: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """The parts of a hand-over file."""

    name: str
    profile: bytes
    mapping: str | None
    credentials: tuple[NeededCredential, ...]
    secrets: str | None
    made_on: str
    version: str


def needed_credentials(data: Mapping[str, object]) -> tuple[NeededCredential, ...]:
    """The credentials that a profile names, each with the fields that use it and what is noted of it."""
    setup = Indexed(dict(data))
    used: dict[str, list[str]] = {}
    for table, field in CREDENTIALS:
        single: Path = (table,)
        for path, record in [(single, setup.single(table))] if TABLES[table].single else setup.records(table):
            name = record.get(field)
            if isinstance(name, str) and name:
                used.setdefault(name, []).append(f"{setup.place(path)}.{field}")
    noted = {record.get("name"): record for record in records_of(data.get("credentials"))}
    found = []
    for name, where in used.items():
        facts = noted.get(name, {})
        expires = facts.get("expires_on")
        found.append(
            NeededCredential(name, tuple(where), str(facts.get("owner", "")), "" if expires is None else str(expires))
        )
    return tuple(found)


def write(hand_over: HandOver) -> bytes | ReadingFault:
    """The file. A profile or mapping that is not UTF-8 is refused: a colleague could not read it either."""
    try:
        profile = hand_over.profile.decode("utf-8")
    except UnicodeDecodeError as error:
        return ReadingFault(f"the profile is not UTF-8 (byte {error.start})", "save it as UTF-8")
    contents: dict[str, object] = {
        "omtui_hand_over": FORMAT,
        "version": hand_over.version,
        "made_on": hand_over.made_on,
        "profile": {"name": hand_over.name, **_part(profile)},
    }
    if hand_over.mapping is not None:
        contents["mapping"] = _part(hand_over.mapping)
    contents["credentials"] = [
        {"name": each.name, "used_by": list(each.used_by), "owner": each.owner, "expires_on": each.expires_on}
        for each in hand_over.credentials
    ]
    if hand_over.secrets is not None:
        contents["secrets"] = _part(hand_over.secrets)
    return (json.dumps(sealed(contents), indent=1, ensure_ascii=True) + "\n").encode("ascii")


def is_hand_over(content: bytes) -> bool:
    """Whether a file claims to be a hand-over file, so that it is read as one."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def read(content: bytes) -> HandOver | ReadingFault:
    """The parts of a file, when it is whole: right form, known format, every hash as it says."""
    again = "ask for the file again"
    if len(content) > LARGEST_FILE:
        return ReadingFault(
            f"the file has {len(content):,} bytes; {LARGEST_FILE:,} are read", "ask for a smaller set-up"
        )
    try:
        contents = parsed_json(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return ReadingFault(f"the file is not UTF-8 (byte {error.start})", again)
    if isinstance(contents, ReadingFault):
        return ReadingFault(f"the file cannot be read: {contents.message}", again)
    if not isinstance(contents, dict) or "omtui_hand_over" not in contents:
        return ReadingFault("the file is no hand-over of omtui", "ask for one made with omtui export")
    known = contents["omtui_hand_over"]
    if type(known) is int and known > FORMAT:
        return ReadingFault(
            f"the file has format {str(known)[:9]}, which is newer than this omtui", "use a newer omtui"
        )
    if type(known) is not int or known != FORMAT:
        return ReadingFault("the file has an unknown format", again)
    return _parts(contents, again)


def _parts(contents: Data, again: str) -> HandOver | ReadingFault:
    from omtui.compare.json_models import HandOverModel, text_of
    from omtui.setup.read_model import read_model

    found = read_model(HandOverModel, contents)
    if isinstance(found, list):
        return ReadingFault(f"the file is damaged: {found[0].message}", again)
    for name, part in (("profile", found.profile), ("mapping", found.mapping), ("secrets", found.secrets)):
        if part is not None and part.sha256 != _hash(part.text):
            return ReadingFault(f"the hash of the part {name} is wrong: it was changed after it was made", again)
    if contents.get("sum") != sum_of(contents):
        return ReadingFault("the sum of the file is wrong: it was changed after it was made", again)
    try:
        profile = found.profile.text.encode("utf-8")
    except UnicodeEncodeError:
        return ReadingFault("the profile holds half a character (a lone surrogate)", again)
    return HandOver(
        found.profile.name,
        profile,
        text_of(found.mapping),
        tuple(
            NeededCredential(each.name, tuple(each.used_by), each.owner, each.expires_on) for each in found.credentials
        ),
        text_of(found.secrets),
        found.made_on,
        found.version,
    )


def _part(text: str) -> dict[str, object]:
    return {"sha256": _hash(text), "lines": _lines(text)}


def _lines(text: str) -> list[str]:
    """The text cut behind each line feed; put together again it is the same to the letter."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return [line for line in lines if line]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
