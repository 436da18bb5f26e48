"""A profile from elsewhere, judged before anything of it is written.

What cannot be made harmless is refused with a clear line. The rest is made harmless in its place, and each time a
notice says so: characters that move the cursor or hide text become `U+FFFD`, references to local files and what a
program could take for a command are taken out. Markup needs no care here: no front ever interprets a profile's text.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from omtui.compare.difference import Difference, difference
from omtui.compare.foreign import LARGEST, parsed
from omtui.compare.hand_over import HandOver, NeededCredential, is_hand_over, needed_credentials
from omtui.compare.hand_over import read as read_hand_over
from omtui.compare.map_file import read as read_mapping
from omtui.compare.map_file import write as write_mapping
from omtui.compare.mapping import EnvironmentMap
from omtui.compare.operations import applied
from omtui.plain_text import plain
from omtui.setup.catalogue import TABLES
from omtui.setup.hosts import private_reason, split_url
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data, Path, Places
from omtui.setup.reading import ReadingFault, verify
from omtui.store.change import MISSING, Operation, Set

IN_ITS_PLACE: Final = "\ufffd"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about a received profile that its receiver should know. `message` is safe to show."""

    where: str
    message: str


@dataclass
class IncomingProfile:
    """A profile from elsewhere that can be taken in."""

    name: str
    """The name that it asks for; safe to use as a file's name."""
    text: bytes
    """What is to be written, before the operations."""
    operations: tuple[Operation, ...]
    """What makes it harmless, on top of the text."""
    data: Data
    """What it says then."""
    original: bytes
    """The profile exactly as it arrived: sealed secrets are bound to it."""
    mapping: EnvironmentMap | None = None
    mapping_text: str = ""
    """The mapping's file: exactly as it arrived, where nothing of it had to be left out."""
    secrets: str | None = None
    notices: tuple[Notice, ...] = ()
    credentials: tuple[NeededCredential, ...] = field(default=())
    """What the receiver has to provide."""
    made_on: str = ""
    version: str = ""

    def changes(self, existing: Mapping[str, object] | None) -> Difference:
        """What taking it in would change: against the profile of that name, or everything where there is none."""
        before = existing if existing is not None else {"schema": 1}
        return difference(before, self.data, "here now" if existing is not None else "nothing", plain(self.name))


def receive(
    content: bytes,
    file_name: str,
    *,
    why_not: Callable[[str], str | None],
    as_name: str | None = None,
) -> IncomingProfile | ReadingFault:
    """Judge the bytes of a hand-over file or of a plain profile.

    `file_name` is the file's name without folder: a plain profile is called by it. `why_not` says why a text cannot
    be the name of a profile, `as_name` is the name to give instead.
    """
    if is_hand_over(content):
        parts = read_hand_over(content)
        if isinstance(parts, ReadingFault):
            return parts
    else:
        name = re.sub(r"(?i)\.toml$", "", file_name)
        parts = HandOver(name, content, None, (), None, "", "")
    name = as_name if as_name is not None else parts.name
    if (reason := why_not(name)) is not None:
        fix = "give another name: --as NAME" if as_name is None else "give another name"
        return ReadingFault(f"{plain(name) or 'an empty text'} cannot be the name of a profile: {reason}", fix)
    return _judged(parts, name)


def _judged(parts: HandOver, name: str) -> IncomingProfile | ReadingFault:
    decoded = _decoded(parts.profile)
    if isinstance(decoded, ReadingFault):
        return decoded
    text = decoded.removeprefix("\ufeff")
    data = parsed(text)
    if isinstance(data, ReadingFault):
        return data
    if (key := _unsafe_key(data)) is not None:
        return ReadingFault(
            f"a key holds characters that cannot be seen: {plain(key)}"[:200], "ask for a clean profile"
        )
    notices: list[Notice] = []
    clean = _UNSAFE.sub(IN_ITS_PLACE, text)
    if clean != text:
        line = text[: _first(text)].count("\n") + 1
        notices.append(Notice("", f"characters that cannot be seen were replaced, the first in line {line}"))
        data = parsed(clean)
        if isinstance(data, ReadingFault):
            return data
    faults = verify(data)
    if faults:
        return faults[0]
    work = _Cleaning(data)
    work.run()
    after = applied(data, work.operations)
    mapping, mapping_notices = _mapping(parts.mapping)
    secrets = parts.secrets if parts.secrets and _ARMOURED.fullmatch(parts.secrets) else None
    if parts.secrets and secrets is None:
        mapping_notices.append(Notice("", "the sealed part is no armoured age text and is left out"))
    bom = decoded[: len(decoded) - len(text)]
    return IncomingProfile(
        name,
        (bom + clean).encode("utf-8"),
        tuple(work.operations),
        after,
        parts.profile,
        mapping,
        _mapping_text(parts.mapping or "", mapping) if mapping is not None else "",
        secrets,
        (*notices, *work.notices, *mapping_notices, *_worth_a_look(after)),
        needed_credentials(after),
        plain(parts.made_on),
        plain(parts.version),
    )


def _decoded(content: bytes) -> str | ReadingFault:
    if len(content) > LARGEST:
        return ReadingFault(f"the profile has {len(content):,} bytes; {LARGEST:,} are read", "ask for a smaller set-up")
    if not content.strip():
        return ReadingFault("the file is empty", "ask for it again")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        return ReadingFault(f"the file is not UTF-8 (byte {error.start})", "ask for one saved as UTF-8")


_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
"""What `plain_text` shows as a picture, but for tabs and line ends, which are in every file."""

_UNSAFE_VALUE = re.compile(_UNSAFE.pattern[:-1] + "\r]")

_ARMOURED = re.compile(
    r"\s*-----BEGIN AGE ENCRYPTED FILE-----\r?\n[A-Za-z0-9+/=\r\n]{1,20000000}-----END AGE ENCRYPTED FILE-----\s*"
)


def _first(text: str) -> int:
    match = _UNSAFE.search(text)
    return match.start() if match else 0


def _unsafe_key(data: Data) -> str | None:
    """The first key, of any table, that holds what cannot be seen."""
    names = (path[-1] for path, _ in _leaves(data, ()))
    return next((name for name in names if isinstance(name, str) and plain(name) != name), None)


class _Cleaning:
    """Finds what has to change in a profile's values."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._places = Places(data)
        self.operations: list[Operation] = []
        self.notices: list[Notice] = []

    def run(self) -> None:
        """Look at every text once."""
        for path, value in _texts(self._data):
            reason = _why_taken_out(path, value)
            if reason is not None:
                self._set(path, value, MISSING, reason)
                continue
            clean = _UNSAFE_VALUE.sub(IN_ITS_PLACE, value)
            if clean != value:
                self._set(path, value, clean, "characters that cannot be seen were replaced")

    def _set(self, path: Path, old: str, new: object, message: str) -> None:
        if new is MISSING and isinstance(path[-1], int):
            new = ""  # an element of a list keeps its place
        self.operations.append(Set(path, old, new))
        field = path[:-1] if isinstance(path[-1], int) else path
        self.notices.append(Notice(plain(self._places.of(field)), f"{message}: {_short(old)}"))


def _why_taken_out(path: Path, value: str) -> str | None:
    name = str(path[-1]) if path else ""
    if name == "ca_file" and _is_elsewhere(value):
        return "a file outside the profile's folder is not read"
    if name in ("url", "token_url") and (match := _SCHEME.match(value)) and match[1].lower() not in ("http", "https"):
        return "only http and https are called"
    if name in ("ssh", "host", "tls_name") and _looks_like_a_command(value):
        return "what could be taken for an option or a command is no host"
    if name in ("follows", "refreshed_from") and path[:-1] in (("profile",), ("pod",)) and _is_elsewhere(value):
        return "a name that leads out of the library is no profile"
    return None


_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):(?!\d)")


def _is_elsewhere(value: str) -> bool:
    """Whether a reference to a file leads out of the folder it is relative to."""
    parts = re.split(r"[/\\]", value.strip())
    return (
        value.strip().startswith(("/", "\\", "~"))
        or ".." in parts
        or bool(re.match(r"\s*[A-Za-z]:", value))
        or "://" in value
        or "$" in value
        or "%" in value
    )


def _looks_like_a_command(value: str) -> bool:
    return value.strip().startswith("-") or bool(re.search(r"[\s;|&<>`'\"\\]|\$\(", value.strip()))


def _texts(data: Data) -> Iterator[tuple[Path, str]]:
    return ((path, value) for path, value in _leaves(data, ()) if isinstance(value, str))


def _mapping(text: str | None) -> tuple[EnvironmentMap | None, list[Notice]]:
    """The mapping that came with it. A faulty one is left out; the profile is worth having without it."""
    if text is None:
        return None, []
    found = read_mapping(text)
    if isinstance(found, list):
        return None, [Notice("", f"the mapping is left out: {found[0].message}")]
    kept, notices = [], []
    for entry in found.entries:
        texts = (entry.source, entry.target, entry.note, *entry.only)
        is_call = entry.kind in ("url", "host", "ssh")
        scheme = _SCHEME.match(entry.target) if entry.kind == "url" else None
        if any(_UNSAFE_VALUE.search(each) for each in texts):
            notices.append(
                Notice("", f"an entry of the mapping holds characters that cannot be seen: {_short(entry.source)}")
            )
        elif scheme and scheme[1].lower() not in ("http", "https"):
            notices.append(Notice("", f"an entry of the mapping leads to no web address: {_short(entry.target)}"))
        elif is_call and _looks_like_a_command(entry.target):
            notices.append(Notice("", f"an entry of the mapping leads to no host: {_short(entry.target)}"))
        else:
            kept.append(entry)
    source, target = (_UNSAFE_VALUE.sub(IN_ITS_PLACE, name) for name in (found.source, found.target))
    return EnvironmentMap(source, target, tuple(kept)), notices


def _mapping_text(text: str, mapping: EnvironmentMap) -> str:
    return text if not _UNSAFE.search(text) and read_mapping(text) == mapping else write_mapping(mapping)


def _worth_a_look(data: Data) -> Iterator[Notice]:
    """What is allowed, and what a person should know all the same."""
    setup = Indexed(data)
    waivers = setup.records("waivers")
    if waivers:
        yield Notice("waivers", f"{len(waivers)} accepted findings come with it: what they accept is not reported")
    if setup.environment == "production" and setup.single("profile").get("read_only") is False:
        yield Notice("profile.read_only", "a production pod that may be changed: read_only is false")
    for found in setup.records("topology.endpoints"):
        if "ca_file" in found.record:
            name = plain(found.record["ca_file"])
            yield Notice(
                str(setup.place(found.path)), f"the file {name} did not come with it: put it next to the profile"
            )
    hosts = []
    for path, value in _texts(data):
        name = str(path[-1])
        host = (
            value if name == "host" else (split_url(value) or _NO_ADDRESS).host if name in ("url", "token_url") else ""
        )
        if host and (reason := private_reason(host)) is not None:
            hosts.append(f"{_short(host)} ({reason})")
    if hosts:
        more = f" and {len(hosts) - 3} more" if len(hosts) > 3 else ""
        yield Notice("", f"it names hosts inside your own network: {', '.join(hosts[:3])}{more}")
    commands = [path for path, _ in _leaves(data, ()) if str(path[-1]).lower() in _COMMANDS and not _is_known(path)]
    if commands:
        where = plain(setup.place(commands[0]))
        yield Notice(where, "it names a command: nothing that a profile names is ever run")
    marked = [path for path, value in _texts(data) if _MARKUP.search(value)]
    if marked:
        where = plain(setup.place(marked[0]))
        more = f", here and in {len(marked) - 1} more" if len(marked) > 1 else ""
        yield Notice(where, f"a text holds markup or a formula and is shown unchanged{more}")


class _Nowhere:
    host = ""


_NO_ADDRESS = _Nowhere()

_COMMANDS = frozenset(
    {"command", "commands", "cmd", "exec", "execute", "hook", "run", "shell", "script", "proxycommand"}
)

_MARKUP = re.compile(
    r"^[=+@-](?=[A-Za-z(@=+-])|<[A-Za-z/!][^>]*>|\[(?:/|@|link=|bold|blink|red\])|\]\(|javascript:", re.IGNORECASE
)


def _leaves(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    """All that is inside a table or a list, however deep."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, each in inner:
        yield (*path, part), each
        yield from _leaves(each, (*path, part))


def _is_known(path: Path) -> bool:
    table = TABLES.get(".".join(part for part in path[:-1] if isinstance(part, str)))
    return table is not None and str(path[-1]) in table.by_name


def _short(text: str) -> str:
    shown = plain(text)
    return shown if len(shown) <= 80 else f"{shown[:80]}…"
