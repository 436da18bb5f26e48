"""Sample profiles that point at a running practice pod.

`practice-dev` is a whole set-up in good order, `practice-test` the same one behind it by a few changes (to compare
and to promote), `practice-broken` holds the deliberately broken endpoints. All hosts are 127.0.0.1; everything
else is invented. Their texts are in `set-up.toml` and `broken.toml`: values with `$` are filled in here, and what is
between `#> ahead` and `#< ahead` is in development only.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omtui.practice.lessons import LESSONS
from omtui.practice.pod import EVENTS_PATH, USER_NAME
from omtui.topology.oracle_services import CONNECTOR_PATH

if TYPE_CHECKING:
    from omtui.practice.practice import Practice

DEV, TEST, BROKEN = "practice-dev", "practice-test", "practice-broken"


def write_profiles(practice: Practice, library: Path) -> list[Path]:
    """Writes the sample profiles into a library folder, made if need be; returns their paths.

    Files of these names are overwritten: call it with a fresh folder. Raises OSError when it can't be written.
    """
    library.mkdir(parents=True, exist_ok=True, mode=0o700)
    paths = []
    for name, text in sample_profiles(practice).items():
        path = library / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        paths.append(path)
    return paths


def sample_profiles(practice: Practice) -> dict[str, str]:
    """The sample profiles as TOML, by name."""
    profiles = {DEV: _set_up(practice, ahead=True), TEST: _set_up(practice, ahead=False)}
    if practice.lesson_ports:
        profiles[BROKEN] = _broken(practice)
    return profiles


def _set_up(practice: Practice, *, ahead: bool) -> str:
    """The whole set-up; `ahead` is the development state, without it the state of the test environment."""
    text = _filled(
        "set-up.toml",
        practice,
        name=DEV if ahead else TEST,
        title="Practice: development" if ahead else "Practice: test",
        follows=DEV,
        user=USER_NAME,
        connector=practice.external_url + CONNECTOR_PATH,
        events=practice.external_url + EVENTS_PATH,
        email=ahead,
    )
    state = "ahead" if ahead else "behind"
    return _PIECE.sub(lambda piece: piece[2] if piece[1] == state else "", text)


def _broken(practice: Practice) -> str:
    """One endpoint for each lesson; its note says why it happens, and what the review should call it."""
    records = [_filled("broken.toml", practice, name=BROKEN)]
    for lesson in LESSONS:
        record: dict[str, Any] = {"name": lesson.name, "host": "127.0.0.1", "port": practice.lesson_ports[lesson.name]}
        if lesson.fields.get("expect") in ("http", "wsdl"):
            record["protocol"] = "https"
        record.update(lesson.fields)
        if lesson.identity is not None:
            record["ca_file"] = str(practice.ca_file)
        record["note"] = f"{lesson.outcome}: {lesson.teaches}"
        lines = ["[[topology.endpoints]]", *(f"{key} = {_text(value)}" for key, value in record.items())]
        records.append("\n".join(lines) + "\n")
    return "\n".join(records)


_PIECE = re.compile(r"#> (\w+)\n(.*?)#< \1\n", re.DOTALL)
_VALUE = re.compile(r'"\$(\w+)"')


def _filled(file: str, practice: Practice, **values: object) -> str:
    """A text of this folder with its values."""
    known = {
        **values,
        "pod": practice.pod_url,
        "port": practice.pod_port,
        "release": practice.release,
        "ca_file": str(practice.ca_file),
    }
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    return _VALUE.sub(lambda value: _text(known[value[1]]), text)


def _text(value: object) -> str:
    """A value as TOML. JSON's strings, numbers and lists of them are TOML's, too."""
    return json.dumps(value, ensure_ascii=False)
