"""The one registry of actions: key bindings, footer, palette, help and the key sheet are all made from it.

An action is carried out by the method `do_<name>` of the screen that is shown, else of the app. Whether it is possible
now is asked of `why_not_<name>` in the same order; an action that is not possible stays visible and says why.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from omtui.plain_text import plain

Where = Literal[
    "everywhere",
    "library",
    "profile",
    "records",
    "record",
    "chooser",
    "credentials",
    "review",
    "walk",
    "difference",
    "history",
    "import",
    "promotion",
    "mapping",
]
"""On which screens an action is at home: everywhere, on the library, on every screen of an open profile, on lists of
records, on the fields of one record, on the credentials, on the topology review."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do in the workbench.

    `footer` is its rank in the footer (lower comes first, 0 is never shown there). `changes` marks actions that change
    the profile: they are refused while it is read-only.
    """

    name: str
    title: str
    keys: tuple[str, ...]
    help: str
    where: Where = "everywhere"
    group: str = "Workbench"
    footer: int = 0
    short: str = ""
    """The title in the footer, where the title is too long for it."""
    changes: bool = False


ACTIONS: tuple[Action, ...] = (
    Action("open", "Open", ("enter",), "Open what the cursor is on.", "library", "Library", 1),
    Action("new_profile", "New profile", ("n",), "Create a profile.", "library", "Library", 2, "New"),
    Action(
        "duplicate_profile",
        "Duplicate profile",
        ("d",),
        "Copy the profile under a new name.",
        "library",
        "Library",
        3,
        "Duplicate",
    ),
    Action(
        "rename_profile",
        "Rename profile",
        ("R",),
        "Give the profile and its companions a new name.",
        "library",
        "Library",
        4,
        "Rename",
    ),
    Action(
        "import_profile",
        "Import a profile by path",
        ("i",),
        "Look at a hand-over file, a profile or sheets from elsewhere, and take it in.",
        "library",
        "Library",
        5,
        "Import",
    ),
    Action(
        "hand_over",
        "Hand over",
        ("e",),
        "Make one file of the profile for a colleague.",
        "library",
        "Library",
        5,
    ),
    Action(
        "delete_profile",
        "Delete profile",
        ("delete", "X"),
        "Move the profile to the trash in the state folder.",
        "library",
        "Library",
        6,
        "Delete",
    ),
    Action("edit", "Edit", ("enter",), "Edit the field or open the record under the cursor.", "profile", "Records", 1),
    Action(
        "new",
        "New",
        ("n",),
        "Add a record, a step, a condition: what belongs here.",
        "profile",
        "Records",
        2,
        changes=True,
    ),
    Action(
        "duplicate", "Duplicate", ("d",), "Copy the record under the cursor.", "profile", "Records", 8, changes=True
    ),
    Action(
        "remove",
        "Remove",
        ("delete", "X"),
        "Remove the record, or clear the field.",
        "profile",
        "Records",
        9,
        changes=True,
    ),
    Action("move_up", "Move up", ("K",), "Move the record up.", "profile", "Records", 14, changes=True),
    Action("move_down", "Move down", ("J",), "Move the record down.", "profile", "Records", 14, changes=True),
    Action(
        "copy", "Copy value", ("y",), "Send the value to your terminal's clipboard.", "profile", "Values", 10, "Copy"
    ),
    Action(
        "copy_next",
        "Copy value and go to the next",
        ("Y",),
        "For filling in Oracle's page field by field.",
        "profile",
        "Values",
        short="Copy, next",
    ),
    Action(
        "copy_task", "Copy the task's name", ("t",), "For the search box of Setup and Maintenance.", "profile", "Values"
    ),
    Action(
        "plain",
        "Show the values plain",
        ("p",),
        "One value a line without a frame, to be selected with the mouse.",
        "profile",
        "Values",
    ),
    Action(
        "filter",
        "Filter and search",
        ("/", "slash"),
        "Filter this list; a # filters by tag.",
        "profile",
        "Find",
        7,
        "Filter",
    ),
    Action("search", "Search all records", ("ctrl+f",), "Search every field of every record.", "profile", "Find"),
    Action(
        "definition", "Go to definition", ("f12", ">"), "Go to the record that this value names.", "profile", "Find"
    ),
    Action("usages", "Find usages", ("shift+f12", "f24", "<"), "List what refers to this record.", "profile", "Find"),
    Action(
        "go",
        "Go to a step",
        ("g",),
        "Then 0 to 9; 4 again for 4.1; p profile, f flow, r related, o overview, h library.",
        "profile",
        "Find",
        5,
        "Go",
    ),
    Action("findings", "Findings", ("f2", "!"), "Findings of this screen, then of all.", "profile", "Checks", 4),
    Action(
        "waive",
        "Accept a finding",
        ("w",),
        "Keep a finding from counting, with a reason and an end date.",
        "profile",
        "Checks",
        changes=True,
    ),
    Action("refresh", "Run or refresh", ("f5", "r"), "Read the file again and check anew.", "everywhere", "Workbench"),
    Action("save", "Save", ("ctrl+s",), "Write the profile to its file.", "profile", "Workbench", 3, changes=True),
    Action(
        "save_why",
        "Save with a reason",
        ("S",),
        "Why it was changed stands in the history.",
        "profile",
        "Workbench",
        changes=True,
    ),
    Action(
        "undo",
        "Undo",
        ("ctrl+z",),
        "Take back the last change, also one of an earlier run.",
        "profile",
        "Workbench",
        changes=True,
    ),
    Action("redo", "Redo", ("ctrl+y",), "Do again what was taken back.", "profile", "Workbench", changes=True),
    Action(
        "discard", "Discard unsaved changes", (), "Go back to what the file says.", "profile", "Workbench", changes=True
    ),
    Action(
        "unlock",
        "Unlock production",
        ("U",),
        "Type the profile's name to allow changes to its file.",
        "profile",
        "Workbench",
    ),
    Action(
        "palette",
        "All actions and screens",
        ("ctrl+p",),
        "Type a word of what you want.",
        "everywhere",
        "Workbench",
        6,
        "Palette",
    ),
    Action("help", "Help", ("f1", "?"), "About this screen, the field and the keys.", "everywhere", "Workbench", 11),
    Action("back", "Back", ("escape",), "Leave this screen, a filter or an entry.", "everywhere", "Workbench", 12),
    Action("home", "Library", ("H",), "Go to the list of profiles.", "profile", "Workbench"),
    Action(
        "set_secret",
        "Set or replace",
        ("enter", "s"),
        "Type the secret; it replaces the one there may be.",
        "credentials",
        "Credentials",
        1,
        "Set",
    ),
    Action("test_secret", "Test", ("t",), "Sign in once, where the plan says.", "credentials", "Credentials", 2),
    Action(
        "delete_secret",
        "Delete",
        ("delete", "X"),
        "Remove the secret from the store.",
        "credentials",
        "Credentials",
        3,
    ),
    Action(
        "allow_secret",
        "Allow new places",
        ("a",),
        "Let the secret go where the profile sends it now.",
        "credentials",
        "Credentials",
        7,
        "Allow",
    ),
    Action(
        "take_over_secret",
        "Take over from another name",
        ("R",),
        "The secret of a credential that was renamed.",
        "credentials",
        "Credentials",
    ),
    Action(
        "open_store",
        "Unlock the store",
        ("u",),
        "Open the keyring or vault with its password, typed here.",
        "credentials",
        "Credentials",
        4,
        "Unlock",
    ),
    Action(
        "choose_store",
        "Where secrets are kept",
        ("w",),
        "Choose the store for this machine.",
        "credentials",
        "Credentials",
        5,
        "Where",
    ),
    Action(
        "vault_keys",
        "Keys of the vault",
        ("k",),
        "Which keys open it; add one, remove one.",
        "credentials",
        "Credentials",
    ),
    Action(
        "all_profiles",
        "All profiles, or this one",
        ("m",),
        "Which credential is missing where.",
        "credentials",
        "Credentials",
        6,
        "All",
    ),
    Action(
        "credentials",
        "Credentials",
        ("C",),
        "Which secrets are set, missing, or may not go where they are sent.",
        "everywhere",
        "Workbench",
    ),
    Action(
        "review",
        "Topology review",
        ("v",),
        "Which hosts and ports of the set-up answer, from here, and with what.",
        "profile",
        "Checks",
        12,
        "Review",
    ),
    Action("probe_detail", "Open", ("enter",), "Phases, certificates, WSDL and history.", "review", "Review", 1),
    Action("probe_all", "Run all", ("a",), "Probe every endpoint.", "review", "Review", 2),
    Action("probe_one", "Run one", ("o",), "Probe the endpoint under the cursor.", "review", "Review", 3),
    Action("probe_failed", "Run failed", ("f",), "Probe again what failed.", "review", "Review", 4),
    Action("probe_cancel", "Cancel", ("c",), "End the review; what is finished is kept.", "review", "Review", 5),
    Action("probe_state", "State", ("s",), "Show all, the failed, the warned, the fine.", "review", "Review", 6),
    Action("probe_filter", "Filter", ("/", "slash"), "Filter by outcome, name or host.", "review", "Review", 7),
    Action("probe_watch", "Watch", ("w",), "Probe again every minute, or stop that.", "review", "Review", 8),
    Action("probe_changes", "Changes", ("d",), "What differs from the review before.", "review", "Review", 8),
    Action("probe_export", "Export", ("e",), "Write the review to a file.", "review", "Review", 8),
    Action(
        "walk",
        "Walk-through",
        ("W",),
        "Enter the set-up in Fusion: one record at a time, values to copy, ticks.",
        "profile",
        "Workbench",
        13,
        "Walk",
    ),
    Action("walk_tick", "Tick", ("space",), "It was entered; with your name and the time.", "walk", "Walk-through", 1),
    Action("walk_open", "Next to do", ("n",), "Go to the next record that is not ticked.", "walk", "Walk-through", 4),
    Action("walk_next", "Next record", ("right", "]"), "Go to the record after.", "walk", "Walk-through", 5, "Next"),
    Action("walk_previous", "Record before", ("left", "["), "Go to the record before.", "walk", "Walk-through"),
    Action("walk_list", "All records", ("l",), "Choose one of all, with its state.", "walk", "Walk-through", 6),
    Action(
        "walk_record", "Open the record", ("enter",), "To look at it, or correct it.", "walk", "Walk-through", 9, "Open"
    ),
    Action("walk_skip", "Leave out", ("s",), "Not needed here; why is asked.", "walk", "Walk-through", 7),
    Action(
        "walk_note", "Tick with a note", ("m",), "A remark stands with the tick.", "walk", "Walk-through", 8, "Note"
    ),
    Action("walk_take_back", "Take the tick back", ("delete", "X"), "It was not entered.", "walk", "Walk-through"),
    Action(
        "walk_refresh",
        "After a refresh, or all",
        ("a",),
        "Only what a refresh of the pod overwrote, harmful ones first.",
        "walk",
        "Walk-through",
        10,
        "Refresh",
    ),
    Action(
        "walk_refreshed",
        "Note a refresh",
        ("f",),
        "Another pod was copied over this one: what that overwrote loses its tick.",
        "walk",
        "Walk-through",
        changes=True,
    ),
    Action(
        "walk_export", "Write to a file", ("e",), "As a page, Markdown or sheets.", "walk", "Walk-through", 10, "Export"
    ),
    Action("walk_by", "Who ticks", ("b",), "The name that stands with each tick.", "walk", "Walk-through"),
    Action(
        "difference",
        "Difference",
        ("D",),
        "What differs from another profile, an earlier state, or what is committed.",
        "profile",
        "Find",
        13,
        "Diff",
    ),
    Action(
        "history",
        "History",
        ("L",),
        "Who changed what, when and why; of the record on its sheet, else of the profile.",
        "profile",
        "Find",
        13,
    ),
    Action("diff_open", "Go to the record", ("enter",), "In the open profile.", "difference", "Difference", 1, "Go"),
    Action(
        "diff_full",
        "Both sides in full",
        ("space",),
        "Whole values, one a line.",
        "difference",
        "Difference",
        2,
        "Full",
    ),
    Action(
        "diff_with",
        "Compare with",
        ("w",),
        "Another profile, an earlier state, a Git revision.",
        "difference",
        "Difference",
        3,
        "With",
    ),
    Action("diff_step", "Only one step", ("s",), "Choose a step, or all.", "difference", "Difference", 4, "Step"),
    Action(
        "diff_kind",
        "Only one kind",
        ("k",),
        "Added, removed, changed, renamed, frozen, states, concerns.",
        "difference",
        "Difference",
        4,
        "Kind",
    ),
    Action("diff_filter", "Filter", ("/", "slash"), "A name, a place, a value.", "difference", "Difference", 6),
    Action(
        "diff_back",
        "Bring back",
        ("b",),
        "Make it say again what this profile said earlier.",
        "difference",
        "Difference",
        5,
        changes=True,
    ),
    Action(
        "diff_undo", "Undo", ("ctrl+z",), "Take back what was brought back.", "difference", "Difference", changes=True
    ),
    Action("diff_export", "Export", ("e",), "Write the difference to a file.", "difference", "Difference", 8),
    Action(
        "history_open",
        "Compare with now",
        ("enter",),
        "How the state after this change differs from now.",
        "history",
        "History",
        1,
        "Compare",
    ),
    Action(
        "history_full", "All of it", ("space",), "Everything that this change did.", "history", "History", 2, "Full"
    ),
    Action(
        "history_back",
        "Bring back",
        ("b",),
        "The state after this change comes back, as one change.",
        "history",
        "History",
        3,
        changes=True,
    ),
    Action("history_all", "All, or the record", ("m",), "The whole profile's history.", "history", "History", 4, "All"),
    Action("history_filter", "Filter", ("/", "slash"), "A place, a name, a day.", "history", "History", 5),
    Action(
        "history_undo", "Undo", ("ctrl+z",), "Take back the last change of all.", "history", "History", changes=True
    ),
    Action("take_in", "Take it in", ("i",), "Write it into the library.", "import", "Import", 1, "Import"),
    Action(
        "take_in_as",
        "Under another name",
        ("n",),
        "Compare it with that, and write it so.",
        "import",
        "Import",
        2,
        "Name",
    ),
    Action(
        "take_in_over",
        "Change the one that is here",
        ("o",),
        "Give the profile of that name these values, as one change that can be undone.",
        "import",
        "Import",
        3,
        "Change",
    ),
    Action(
        "take_in_partly",
        "Take what can be read",
        ("p",),
        "Of sheets in which some cells could not be read.",
        "import",
        "Import",
        4,
        "Partly",
    ),
    Action(
        "promote_profile",
        "Promote to",
        ("P",),
        "Carry the profile under the cursor over to another.",
        "library",
        "Library",
        7,
        "Promote",
    ),
    Action(
        "promote",
        "Promote to",
        ("P",),
        "Carry the set-up over to another profile.",
        "profile",
        "Workbench",
        13,
        "Promote",
    ),
    Action(
        "promo_open",
        "Open",
        ("enter",),
        "Everything about it; of what is in the way, the mapping.",
        "promotion",
        "Promotion",
        1,
    ),
    Action(
        "promo_choose",
        "Choose",
        ("space",),
        "Take the record along, or leave it out; remove what only the target has.",
        "promotion",
        "Promotion",
        2,
    ),
    Action(
        "promo_apply",
        "Apply",
        ("a",),
        "Change the target's profile, as one change that can be undone.",
        "promotion",
        "Promotion",
        3,
    ),
    Action(
        "promo_mapping",
        "Mapping",
        ("m",),
        "What the target calls hosts, users and credentials.",
        "promotion",
        "Promotion",
        4,
    ),
    Action(
        "promo_target",
        "Keep the target's",
        ("t",),
        "Where both sides changed it: the target's value stays.",
        "promotion",
        "Promotion",
        5,
        "Target's",
    ),
    Action(
        "promo_source",
        "Take the source's",
        ("s",),
        "Where both sides changed it: the source's value is taken.",
        "promotion",
        "Promotion",
        6,
        "Source's",
    ),
    Action("promo_manual", "By hand", ("h",), "What people do in the pod, page by page.", "promotion", "Promotion", 7),
    Action(
        "promo_plan",
        "Write the plan",
        ("w",),
        "To a file that is reviewed, and carried out exactly.",
        "promotion",
        "Promotion",
        8,
        "Write",
    ),
    Action("promo_all", "All or none", ("A",), "Choose every record, or none.", "promotion", "Promotion", 9),
    Action(
        "promo_unlock",
        "Unlock",
        ("U",),
        "Type the production profile's name to allow changes to its file.",
        "promotion",
        "Promotion",
        10,
    ),
    Action("map_edit", "Edit", ("enter",), "What it is called in the target.", "mapping", "Mapping", 1),
    Action(
        "map_save", "Save", ("ctrl+s",), "Write the mapping, proposals included, to its file.", "mapping", "Mapping", 2
    ),
    Action("map_new", "New", ("n",), "Map something that nothing asked for.", "mapping", "Mapping", 3),
    Action("map_only", "Only at", ("o",), "Limit the entry to some places, or to none.", "mapping", "Mapping", 5),
    Action(
        "map_remove", "Remove", ("delete", "X"), "Take the entry away; leave a proposal out.", "mapping", "Mapping", 4
    ),
    Action("theme", "Change theme", (), "Dark, light, or the terminal's own 16 colours.", "everywhere", "Workbench"),
    Action("quit", "Quit", ("ctrl+q",), "Leave omtui. Unsaved changes are kept.", "everywhere", "Workbench", 13),
)

BY_NAME: dict[str, Action] = {action.name: action for action in ACTIONS}


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
        wanted = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else None
        if name not in keys:
            from omtui.setup.nearest import nearest

            near = nearest(name, keys)
            faults.append(f"keys.{plain(name)}: there is no such action" + (f"; did you mean {near}?" if near else ""))
        elif not wanted or not all(isinstance(key, str) and key for key in wanted):
            faults.append(f'keys.{name}: write a key or a list of keys, for example "ctrl+w"')
        else:
            chosen[name] = wanted
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


SHARED: dict[Where, dict[str, int]] = {
    "walk": {
        "copy": 2, "copy_next": 3, "copy_task": 0, "plain": 0, "go": 12, "findings": 0, "search": 0, "home": 0,
        "save": 0, "undo": 0, "redo": 0, "unlock": 0,
    },
}  # fmt: skip
"""Actions of the screens of a profile that a screen of another kind has as well, with their rank in its footer."""


def at_home(where: Where) -> tuple[Action, ...]:
    """The actions of a kind of screen, those of its own first."""
    own = [action for action in ACTIONS if action.where == where]
    own += [replace(BY_NAME[name], footer=rank) for name, rank in SHARED.get(where, {}).items()]
    return (*own, *(action for action in ACTIONS if action.where == "everywhere"))


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
        title = "Everywhere" if where == "everywhere" else f"On {_SCREENS.get(where, f'the {where} screen')}"
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
}


def _rivals(name: str) -> Iterable[str]:
    """The actions that can be meant on the same screen as this one."""
    where = BY_NAME[name].where
    for action in ACTIONS:
        if action.name != name and (action.where == where or "everywhere" in (action.where, where)):
            yield action.name
    for other, shared in SHARED.items():
        own = [action.name for action in ACTIONS if action.where == other]
        if name in shared:
            yield from own
        elif name in own:
            yield from shared
