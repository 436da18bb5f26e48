"""Which keys carry out which actions: the defaults, changed by the settings file; and how keys are shown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from omtui.plain_text import plain
from omtui.setup.did_you_mean import nearest
from omtui.workbench.actions import ACTIONS, BY_NAME, Action, Where, at_home


@dataclass(frozen=True, slots=True)
class Keymap:
    """Which keys carry out which actions here: the defaults, changed by the settings file."""

    keys: Mapping[str, tuple[str, ...]]
    faults: tuple[str, ...] = ()
    """What in the settings could not be followed, in words."""

    def of(self, action: Action) -> tuple[str, ...]:
        """The keys of an action, the one to show first."""
        return self.keys.get(action.name, action.keys)


def keymap(settings: Mapping[str, object]) -> Keymap:
    """The keymap of the `[keys]` table of the settings file: `save = "ctrl+w"` or `save = ["ctrl+w", "f3"]`.

    A key that two actions of one screen would share, an unknown action and anything that is no key is reported and
    left as it was.
    """
    keys = {action.name: action.keys for action in ACTIONS}
    chosen: dict[str, tuple[str, ...]] = {}
    faults: list[str] = []
    for name, value in settings.items():
        given = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else None
        if name not in keys:
            near = nearest(name, keys)
            faults.append(f"keys.{plain(name)}: there is no such action" + (f"; did you mean {near}?" if near else ""))
        elif not given or not all(isinstance(key, str) and key for key in given):
            faults.append(f'keys.{name}: write a key or a list of keys, for example "ctrl+w"')
        else:
            chosen[name] = given
    # All at once, so that two actions can change places; what clashes then goes back to what it was.
    while clash := next(_clashes(keys | chosen, chosen), None):
        name, other = clash
        faults.append(f"keys.{name}: {', '.join(map(plain, chosen.pop(name)))} already means {BY_NAME[other].title}")
    return Keymap(keys | chosen, tuple(faults))


def _clashes(keys: Mapping[str, tuple[str, ...]], chosen: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The chosen actions of which a key means another action on the same screen."""
    for name in chosen:
        for other in _rivals(name):
            if set(keys[other]) & set(keys[name]):
                yield name, other


def _rivals(name: str) -> Iterable[str]:
    """The actions that can be meant on the same screen as this one."""
    for where in _SCREENS:
        home = [action.name for action in at_home(where)]
        if name in home:
            yield from (other for other in home if other != name)


def key_name(key: str) -> str:
    """A key as the footer and the help show it."""
    return _SHOWN.get(key, key.upper() if key.startswith("f") and key[1:].isdigit() else key)


_SHOWN = {
    "enter": "⏎",
    "escape": "esc",
    "delete": "del",
    "slash": "/",
    "shift+f12": "⇧F12",
    "right": "→",
    "left": "←",
}


def key_sheet(keys: Keymap | None = None) -> str:
    """All keys as Markdown, a table for each kind of screen, for the README."""
    keys = keys or keymap({})
    lines: list[str] = []
    for where in dict.fromkeys(["everywhere", *(action.where for action in ACTIONS)]):
        title = "Everywhere" if where == "everywhere" else f"On {_SCREENS[where]}"
        lines += [f"**{title}**", "", "| key | action | what it does |", "| --- | --- | --- |"]
        for action in ACTIONS:
            if action.where == where:
                shown = ", ".join(f"`{key}`" for key in keys.of(action) if key not in ("f24", "slash")) or "palette"
                lines.append(f"| {shown} | {action.title} | {action.help} |")
        lines.append("")
    return "\n".join(lines[:-1])


_SCREENS: dict[Where, str] = {
    "library": "the list of profiles",
    "profile": "the screens of a profile",
    "credentials": "the credentials screen",
    "review": "the topology review",
    "import": "what is to be imported",
    "walk": "the walk-through",
    "difference": "the difference",
    "history": "the history",
    "promotion": "the plan of a promotion",
    "mapping": "the mapping of two environments",
    "impact": "what an update of the pod changes",
    "rehearsal": "the rehearsal of orders",
    "machines": "the reviews of several machines",
}
