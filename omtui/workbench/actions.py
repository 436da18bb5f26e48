"""The one registry of actions: key bindings, footer, palette, help and the key sheet are all made from it.

An action is carried out by the method `do_<name>` of the screen that is shown, else of the app. Whether it is possible
now is asked of `why_not_<name>` in the same order; an action that is not possible stays visible and says why.
"""

from dataclasses import replace

from omtui.workbench.action import Action, Where
from omtui.workbench.actions_of_screens import OF_SCREENS

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
    Action(
        "restore_profile",
        "Bring a profile back",
        ("b",),
        "Bring a deleted profile back from the trash.",
        "library",
        "Library",
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
    Action("refresh", "Run or refresh", ("f5", "r"), "Read and check the file again.", "everywhere", "Workbench"),
    Action("save", "Save", ("ctrl+s",), "Write the profile to its file.", "profile", "Workbench", 3, changes=True),
    Action(
        "save_why",
        "Save with a reason",
        ("S",),
        "The history shows why it was changed.",
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
    Action("theme", "Change theme", (), "Dark, light, or the terminal's own 16 colours.", "everywhere", "Workbench"),
    Action("quit", "Quit", ("ctrl+q",), "Leave omtui. Unsaved changes are kept.", "everywhere", "Workbench", 13),
    *OF_SCREENS,
)

BY_NAME: dict[str, Action] = {action.name: action for action in ACTIONS}

_FROM_ANYWHERE = {"go": 0, "findings": 0, "search": 0, "home": 0}

_ELSEWHERE: tuple[Where, ...] = (
    "library", "credentials", "review", "difference", "history", "import", "promotion", "mapping",
)  # fmt: skip

SHARED: dict[Where, dict[str, int]] = {
    "walk": {
        "copy": 2, "copy_next": 3, "copy_task": 0, "plain": 0, **_FROM_ANYWHERE, "go": 12,
        "save": 0, "undo": 0, "redo": 0, "unlock": 0,
    },
    **dict.fromkeys(_ELSEWHERE, _FROM_ANYWHERE),
}  # fmt: skip
"""Actions of the screens of a profile that a screen of another kind has as well, with their rank in its footer."""


def at_home(where: Where) -> tuple[Action, ...]:
    """The actions of a kind of screen, those of its own first."""
    own = [action for action in ACTIONS if action.where == where]
    own += [replace(BY_NAME[name], footer=rank) for name, rank in SHARED.get(where, {}).items()]
    return (*own, *(action for action in ACTIONS if action.where == "everywhere"))
