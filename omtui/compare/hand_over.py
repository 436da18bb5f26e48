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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from omtui.compare.foreign import LARGEST, json_words
from omtui.compare.matching import records_of
from omtui.setup.place import Places, found_at
from omtui.setup.reading import ReadingFault

FORMAT: Final = 1
LARGEST_FILE: Final = 3 * LARGEST
"""Bytes. Letters beyond ASCII take six bytes here and two in the profile."""

_CREDENTIALS: Final = (
    (("pod",), "credential"),
    (("integration_users",), "credential"),
    (("connectors",), "credential"),
    (("connectors",), "csf_key"),
    (("topology", "endpoints"), "client_certificate"),
)


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
    places = Places(data)
    used: dict[str, list[str]] = {}
    for table, field in _CREDENTIALS:
        value = found_at(data, table)
        records = [(table, value)] if isinstance(value, dict) else enumerate_paths(table, value)
        for path, record in records:
            name = record.get(field)
            if isinstance(name, str) and name:
                used.setdefault(name, []).append(f"{places.of(path)}.{field}")
    noted = {record.get("name"): record for record in records_of(data.get("credentials"))}
    found = []
    for name, where in used.items():
        facts = noted.get(name, {})
        expires = facts.get("expires_on")
        found.append(
            NeededCredential(name, tuple(where), str(facts.get("owner", "")), "" if expires is None else str(expires))
        )
    return tuple(found)


def enumerate_paths(
    table: tuple[str, ...], value: object
) -> Sequence[tuple[tuple[str | int, ...], Mapping[str, object]]]:
    """The records of a list with their paths."""
    return [((*table, number), record) for number, record in enumerate(records_of(value))]


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
    contents["sum"] = _sum(contents)
    return (json.dumps(contents, indent=1, ensure_ascii=True) + "\n").encode("ascii")


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
        contents = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_never)
    except UnicodeDecodeError as error:
        return ReadingFault(f"the file is not UTF-8 (byte {error.start})", again)
    except (ValueError, RecursionError) as error:
        return ReadingFault(f"the file cannot be read: {json_words(error)}", again)
    if not isinstance(contents, dict) or "omtui_hand_over" not in contents:
        return ReadingFault("the file is no hand-over of omtui", "ask for one made with omtui export")
    known = contents["omtui_hand_over"]
    if isinstance(known, int) and not isinstance(known, bool) and known > FORMAT:
        return ReadingFault(
            f"the file has format {str(known)[:9]}, which is newer than this omtui", "use a newer omtui"
        )
    if known != FORMAT or isinstance(known, bool):
        return ReadingFault("the file has an unknown format", again)
    profile = contents.get("profile")
    text = _text_of(profile)
    if not isinstance(profile, dict) or not isinstance(profile.get("name"), str) or text is None:
        return ReadingFault("the file holds no profile", again)
    parts: dict[str, str | None] = {}
    for name in ("mapping", "secrets"):
        parts[name] = _text_of(contents.get(name))
        if contents.get(name) is not None and parts[name] is None:
            return ReadingFault(f"the part {name} is damaged", again)
    for name in ("profile", "mapping", "secrets"):
        part, its_text = contents.get(name), text if name == "profile" else parts.get(name)
        if isinstance(part, dict) and its_text is not None and part.get("sha256") != _hash(its_text):
            return ReadingFault(f"the hash of the part {name} is wrong: it was changed after it was made", again)
    if contents.get("sum") != _sum(contents):
        return ReadingFault("the sum of the file is wrong: it was changed after it was made", again)
    try:
        encoded = text.encode("utf-8")
    except UnicodeEncodeError:
        return ReadingFault("the profile holds half a character (a lone surrogate)", again)
    return HandOver(
        str(profile["name"]),
        encoded,
        parts["mapping"],
        _credentials(contents.get("credentials")),
        parts["secrets"],
        str(contents.get("made_on", "")),
        str(contents.get("version", "")),
    )


def _part(text: str) -> dict[str, object]:
    return {"sha256": _hash(text), "lines": _lines(text)}


def _lines(text: str) -> list[str]:
    """The text cut behind each line feed; put together again it is the same to the letter."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return [line for line in lines if line]


def _text_of(part: object) -> str | None:
    lines = part.get("lines") if isinstance(part, dict) else None
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        return None
    return "".join(lines)


def _credentials(value: object) -> tuple[NeededCredential, ...]:
    """The list for people. What is needed in earnest is read from the profile itself."""
    found = []
    for each in value if isinstance(value, list) else ():
        if isinstance(each, dict) and isinstance(each.get("name"), str):
            used = each.get("used_by")
            places = tuple(str(place) for place in used) if isinstance(used, list) else ()
            found.append(
                NeededCredential(each["name"], places, str(each.get("owner", "")), str(each.get("expires_on", "")))
            )
    return tuple(found)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _sum(contents: Mapping[str, object]) -> str:
    rest = {name: value for name, value in contents.items() if name != "sum"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode('ascii')).hexdigest()}"


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose names are all different: of two parts with one name, one could be shown and the other taken."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is used twice in one object")
    return found


def _never(word: str) -> object:
    raise ValueError(f"{word} is no number of JSON")
