"""The one registry of actions: key bindings, footer, palette, help and the key sheet are all made from it.

An action is carried out by the method `do_<name>` of the screen that is shown, else of the app. Whether it is possible
now is asked of `why_not_<name>` in the same order; an action that is not possible stays visible and says why.

What is written here is data, and no screen is imported for it: the keys of the settings file are judged at the start,
and a screen is imported when it is shown. Names are a contract: people write them into that file.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

Where = Literal[
    "everywhere", "library", "profile", "credentials", "review", "walk", "difference", "history", "import", "promotion",
    "mapping", "impact", "rehearsal", "machines",
]  # fmt: skip
"""On which screens an action is at home: everywhere, on every screen of an open profile, or on one kind of screen."""


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
    where: Where
    group: str
    footer: int = 0
    short: str = ""
    """The title in the footer, where the title is too long for it."""
    changes: bool = False


def _action(
    home: tuple[Where, str], name: str, title: str, keys: str, help: str, footer: int = 0, short: str = "",
    *, changes: bool = False,
) -> Action:  # fmt: skip
    return Action(name, title, tuple(keys.split()), help, *home, footer, short, changes)


_library = partial(_action, ("library", "Library"))
_records = partial(_action, ("profile", "Records"))
_values = partial(_action, ("profile", "Values"))
_find = partial(_action, ("profile", "Find"))
_checks = partial(_action, ("profile", "Checks"))
_profile = partial(_action, ("profile", "Workbench"))
_everywhere = partial(_action, ("everywhere", "Workbench"))
_credentials = partial(_action, ("credentials", "Credentials"))
_review = partial(_action, ("review", "Review"))
_walk = partial(_action, ("walk", "Walk-through"))
_difference = partial(_action, ("difference", "Difference"))
_history = partial(_action, ("history", "History"))
_importing = partial(_action, ("import", "Import"))
_promotion = partial(_action, ("promotion", "Promotion"))
_mapping = partial(_action, ("mapping", "Mapping"))
_impact = partial(_action, ("impact", "Impact"))
_rehearsal = partial(_action, ("rehearsal", "Rehearsal"))
_machines = partial(_action, ("machines", "Machines"))

SCREENS: dict[Where, str] = {
    "library": "The profiles of the library: one is the set-up of one environment.",
    "profile": "The set-up of one environment, task by task, as Oracle's pages have it.",
    "credentials": "Which secrets the set-up needs, whether they are kept on this machine, and where each may go.",
    "review": "Which hosts and ports of the set-up answer from here, and with which certificates.",
    "walk": "One record after the other, to be entered in Fusion: values to copy, and ticks.",
    "difference": "What differs between this profile and another one, or an earlier state.",
    "history": "Who changed what, when and why.",
    "import": "What a file brings, before anything is written.",
    "promotion": "What the target gains, changes and loses, before anything is written.",
    "mapping": "What hosts, users and credentials of the source are called in the target.",
    "impact": "What an update of the pod changes for this set-up, and what is to be done before it.",
    "rehearsal": "Which connector each of your orders would get by these rules, and why.",
    "machines": "What this machine and others see of the same endpoints, differences first.",
    "everywhere": "",
}
"""What each kind of screen is for."""

# fmt: off
ACTIONS: tuple[Action, ...] = (
    _library("open", "Open", "enter", "Open what the cursor is on.", 1),
    _library("new_profile", "New profile", "n", "Create a profile.", 2, "New"),
    _library("duplicate_profile", "Duplicate profile", "d", "Copy the profile under a new name.", 3, "Duplicate"),
    _library("rename_profile", "Rename profile", "R", "Give the profile and its companions a new name.", 4, "Rename"),
    _library("import_profile", "Import a profile by path", "i",
             "Look at a hand-over file, a profile or sheets from elsewhere, and take it in.", 5, "Import"),
    _library("hand_over", "Hand over", "e", "Make one file of the profile for a colleague.", 5),
    _library("delete_profile", "Delete profile", "delete X",
             "Move the profile to the trash in the state folder.", 6, "Delete"),
    _library("restore_profile", "Bring a profile back", "b", "Bring a deleted profile back from the trash."),
    _records("edit", "Edit", "enter", "Edit the field or open the record under the cursor.", 1),
    _records("new", "New", "n insert", "Add a record, a step, a condition: what belongs here.", 2, changes=True),
    _records("another", "Another of its kind", "ctrl+n",
             "Take what is typed, and add a record next to the one that is shown.", 7, "Another", changes=True),
    _records("duplicate", "Duplicate", "d", "Copy the record under the cursor.", 8, changes=True),
    _records("remove", "Remove", "delete X", "Remove the record, or clear the field.", 9, changes=True),
    _records("move_up", "Move up", "K", "Move the record up.", 14, changes=True),
    _records("move_down", "Move down", "J", "Move the record down.", 14, changes=True),
    _records("sort", "Sort by a column", "",
             "A click on its heading does so, too; again turns the order, once more brings back the file's."),
    _values("rule_line", "Rule in one line", "i", "Type the whole rule: Item = CM5008 -> Connector01.",
            changes=True),
    _values("copy", "Copy value", "y", "Send the value to your terminal's clipboard.", 10, "Copy"),
    _values("copy_next", "Copy value and go to the next", "Y",
            "For filling in Oracle's page field by field.", short="Copy, next"),
    _values("copy_task", "Copy the task's name", "t", "For the search box of Setup and Maintenance."),
    _values("plain", "Show the values plain", "p", "One value a line without a frame, to be selected with the mouse."),
    _find("search", "Search all records", "ctrl+f", "Search every field of every record."),
    _find("next_gap", "Next to fill in", ".", "The next field to fill in or put right, over all steps.", 6, "Next"),
    _find("definition", "Go to definition", "f12 >", "Go to the record that this value names."),
    _find("usages", "Find usages", "shift+f12 f24 <", "List what refers to this record."),
    _find("go", "Go to a step", "g",
          "Then 0 to 9; 4 again for 4.1; p profile, f flow, r related, o overview, h library.", 5, "Go"),
    _find("next_task", "Next task", "f8 }", "Take what is typed, and go on to the next setup task.", 14),
    _find("previous_task", "Task before", "f7 {", "Take what is typed, and go back to the task before."),
    _find("trace", "Trace an order line", "T",
          "One line of an orders file through its process: what is asked, answered and raised, and every gap.", 3,
          "Trace"),
    _checks("findings", "Findings", "f2 !", "Findings of this screen, then of all.", 4),
    _checks("explain", "Explain the finding", "x", "What it means, why Oracle asks for it, and where it says so.", 5,
            "Explain"),
    _checks("fix", "Carry out the fix", "f", "Do what the finding asks for, as one change that can be undone.", 2,
            "Fix", changes=True),
    _checks("waive", "Accept a finding", "w",
            "Keep a finding from counting, with a reason and an end date.", changes=True),
    _everywhere("refresh", "Run or refresh", "f5 r", "Read and check the file again."),
    _profile("save", "Save", "ctrl+s", "Write the profile to its file.", 3, changes=True),
    _profile("save_why", "Save with a reason", "S", "The history shows why it was changed.", changes=True),
    _profile("undo", "Undo", "ctrl+z", "Take back the last change, also one of an earlier run.", changes=True),
    _profile("redo", "Redo", "ctrl+y", "Do again what was taken back.", changes=True),
    _profile("discard", "Discard unsaved changes", "", "Go back to what the file says.", changes=True),
    _profile("unlock", "Unlock production", "U", "Type the profile's name to allow changes to its file."),
    _everywhere("palette", "All actions and screens", "ctrl+p", "Type a word of what you want.", 6, "Palette"),
    _everywhere("help", "Help", "f1 ?", "About this screen, the field and the keys.", 11),
    _everywhere("filter", "Filter", "/ slash", "Narrow the list while you type; a # filters by tag.", 7),
    _everywhere("pane", "Detail pane", "z", "Show or hide all of what is under the cursor, next to the list."),
    _everywhere("next_pane", "Next pane", "f6 shift+f6 ctrl+o", "Go to the detail pane, and back to the list."),
    _everywhere("back", "Back", "escape", "Leave this screen, a filter or an entry.", 12),
    _profile("home", "Library", "H", "Go to the list of profiles."),
    _everywhere("credentials", "Credentials", "C",
                "Which secrets are set, missing, or may not go where they are sent."),
    _checks("review", "Topology review", "v",
            "Which hosts and ports of the set-up answer, from here, and with what.", 12, "Review"),
    _profile("walk", "Walk-through", "W",
             "Enter the set-up in Fusion: one record at a time, values to copy, ticks.", 13, "Walk"),
    _find("difference", "Difference", "D",
          "What differs from another profile, an earlier state, or what is committed.", 13, "Diff"),
    _find("history", "History", "L",
          "Who changed what, when and why; of the record on its sheet, else of the profile.", 13),
    _library("promote_profile", "Promote to", "P", "Carry the profile under the cursor over to another.", 7, "Promote"),
    _profile("promote", "Promote to", "P", "Carry the set-up over to another profile.", 13, "Promote"),
    _everywhere("impact", "Update impact", "I", "What the next update of the pod, or of each pod, changes."),
    _profile("rehearse", "Rehearse orders", "R",
             "Which connector each of your orders would get, and why."),
    _everywhere("theme", "Change theme", "", "Dark, light, or the terminal's own 16 colours."),
    _everywhere("quit", "Quit", "ctrl+q", "Leave omtui. Unsaved changes are kept.", 13),
    _credentials("set_secret", "Set or replace", "enter s",
                 "Type the secret; it replaces the one there may be.", 1, "Set"),
    _credentials("test_secret", "Test", "t", "Sign in once, where the plan says.", 2),
    _credentials("delete_secret", "Delete", "delete X", "Remove the secret from the store.", 3),
    _credentials("allow_secret", "Allow new places", "a",
                 "Let the secret go where the profile sends it now.", 7, "Allow"),
    _credentials("take_over_secret", "Take over from another name", "R",
                 "The secret of a credential that was renamed."),
    _credentials("open_store", "Unlock the store", "u",
                 "Open the keyring or vault with its password, typed here.", 4, "Unlock"),
    _credentials("choose_store", "Where secrets are kept", "w", "Choose the store for this machine.", 5, "Where"),
    _credentials("vault_keys", "Keys of the vault", "k", "Which keys open it; add one, remove one."),
    _credentials("all_profiles", "All profiles, or this one", "m", "Which credential is missing where.", 6, "All"),
    _review("probe_detail", "Open", "enter", "Phases, certificates, WSDL and history.", 1),
    _review("probe_all", "Run all", "a", "Probe every endpoint.", 2),
    _review("probe_one", "Run one", "o", "Probe the endpoint under the cursor.", 3),
    _review("probe_failed", "Run failed", "f", "Probe again what failed.", 4),
    _review("probe_cancel", "Cancel", "c", "End the review; what is finished is kept.", 5),
    _review("probe_state", "State", "s", "Show all, the failed, the warned, the fine.", 6),
    _review("probe_watch", "Watch", "w", "Probe again every minute, or stop that.", 8),
    _review("probe_changes", "Changes", "d", "What differs from the review before.", 8),
    _review("probe_machines", "From other machines", "m",
            "Lay a review made on another machine next to this one.", 9, "Machines"),
    _review("probe_next", "Next endpoint", "]", "Also while the pane is read."),
    _review("probe_previous", "Endpoint before", "[", "Also while the pane is read."),
    _review("probe_export", "Export", "e", "Write the review to a file.", 8),
    _walk("walk_tick", "Tick", "space", "It was entered; with your name and the time.", 1),
    _walk("walk_open", "Next to do", "n", "Go to the next record that is not ticked.", 4),
    _walk("walk_next", "Next record", "right ]", "Go to the record after.", 5, "Next"),
    _walk("walk_previous", "Record before", "left [", "Go to the record before."),
    _walk("walk_list", "All records", "l", "Choose one of all, with its state.", 6),
    _walk("walk_record", "Open the record", "enter", "To look at it, or correct it.", 9, "Open"),
    _walk("walk_skip", "Leave out", "s", "Not needed here; why is asked.", 7),
    _walk("walk_note", "Tick with a note", "m", "A remark is kept with the tick.", 8, "Note"),
    _walk("walk_take_back", "Take the tick back", "delete X", "It was not entered."),
    _walk("walk_refresh", "After a refresh, or all", "a",
          "Only what a refresh of the pod overwrote, harmful ones first.", 10, "Refresh"),
    _walk("walk_refreshed", "Note a refresh", "f",
          "Another pod was copied over this one: what that overwrote loses its tick.", changes=True),
    _walk("walk_export", "Write to a file", "e", "As a page, Markdown or sheets.", 10, "Export"),
    _walk("walk_by", "Who ticks", "b", "The name that is kept with each tick."),
    _difference("diff_open", "Go to the record", "enter", "In the open profile.", 1, "Go"),
    _difference("diff_full", "Both sides in full", "space", "Whole values, one a line.", 2, "Full"),
    _difference("diff_with", "Compare with", "w", "Another profile, an earlier state, a Git revision.", 3, "With"),
    _difference("diff_step", "Only one step", "s", "Choose a step, or all.", 4, "Step"),
    _difference("diff_kind", "Only one kind", "k",
                "Added, removed, changed, renamed, frozen, states, findings.", 4, "Kind"),
    _difference("diff_back", "Bring back", "b",
                "Make it say what is at the left: what it said earlier, or the pod.", 5, changes=True),
    _difference("diff_undo", "Undo", "ctrl+z", "Take back what was brought back.", changes=True),
    _difference("diff_export", "Export", "e", "Write the difference to a file.", 8),
    _history("history_open", "Compare with now", "enter",
             "How the state after this change differs from now.", 1, "Compare"),
    _history("history_full", "All of it", "space", "Everything that this change did.", 2, "Full"),
    _history("history_back", "Bring back", "b",
             "The state after this change comes back, as one change.", 3, changes=True),
    _history("history_all", "All, or the record", "m", "The whole profile's history.", 4, "All"),
    _history("history_undo", "Undo", "ctrl+z", "Take back the last change of all.", changes=True),
    _importing("take_in", "Take it in", "i", "Write it into the library.", 1, "Import"),
    _importing("take_in_as", "Under another name", "n", "Compare it with that, and write it so.", 2, "Name"),
    _importing("take_in_over", "Change the one that is here", "o",
               "Give the profile of that name these values, as one change that can be undone.", 3, "Change"),
    _importing("take_in_partly", "Take what can be read", "p",
               "Of sheets in which some cells could not be read.", 4, "Partly"),
    _promotion("promo_open", "Open", "enter", "Everything about it; of what is in the way, the mapping.", 1),
    _promotion("promo_choose", "Choose", "space",
               "Take the record along, or leave it out; remove what only the target has.", 2),
    _promotion("promo_apply", "Apply", "a", "Change the target's profile, as one change that can be undone.", 3),
    _promotion("promo_mapping", "Mapping", "m", "What the target calls hosts, users and credentials.", 4),
    _promotion("promo_target", "Keep the target's", "t",
               "Where both sides changed it: the target's value stays.", 5, "Target's"),
    _promotion("promo_source", "Take the source's", "s",
               "Where both sides changed it: the source's value is taken.", 6, "Source's"),
    _promotion("promo_manual", "By hand", "h", "What people do in the pod, page by page.", 7),
    _promotion("promo_plan", "Write the plan", "w", "To a file that is reviewed, and carried out exactly.", 8, "Write"),
    _promotion("promo_all", "All or none", "A", "Choose every record, or none.", 9),
    _promotion("promo_unlock", "Unlock", "U", "Type the production profile's name to allow changes to its file.", 10),
    _mapping("map_edit", "Edit", "enter", "What it is called in the target.", 1),
    _mapping("map_save", "Save", "ctrl+s", "Write the mapping, proposals included, to its file.", 2),
    _mapping("map_new", "New", "n", "Map something that nothing asked for.", 3),
    _mapping("map_only", "Only at", "o", "Limit the entry to some places, or to none.", 5),
    _mapping("map_remove", "Remove", "delete X", "Take the entry away; leave a proposal out.", 4),
    _impact("impact_open", "Open", "enter", "All of it; of a profile, what changes there.", 1),
    _impact("impact_record", "Go to the record", "f", "To the field that the change is about.", 2, "Go to"),
    _impact("impact_to", "Another release", "t", "Up to which release the update is looked at.", 3, "Release"),
    _impact("impact_export", "Export", "e", "Write it to a file, for the change board.", 4),
    _machines("machines_open", "Open", "enter", "What each machine saw of it.", 1),
    _machines("machines_add", "Add a review", "a", "A file that omtui probe wrote on another machine.", 2, "Add"),
    _machines("machines_export", "Export", "e", "Write it to a file.", 3),
    _rehearsal("rehearsal_open", "Open", "enter", "The lines behind a number; what every rule makes of a line.", 1),
    _rehearsal("rehearsal_file", "Orders", "o", "Choose the file of orders.", 2),
    _rehearsal("rehearsal_columns", "Columns", "m", "What each column of the file is taken for.", 3),
)
# fmt: on

BY_NAME: dict[str, Action] = {action.name: action for action in ACTIONS}

_FROM_ANYWHERE = {"go": 0, "findings": 0, "search": 0, "home": 0}

_ELSEWHERE: tuple[Where, ...] = (
    "library", "credentials", "review", "difference", "history", "import", "promotion", "mapping", "impact",
    "rehearsal", "machines",
)  # fmt: skip

SHARED: dict[Where, dict[str, int]] = {
    "walk": {
        "copy": 2, "copy_next": 3, "copy_task": 0, "plain": 0, **_FROM_ANYWHERE, "go": 12,
        "save": 0, "undo": 0, "redo": 0, "unlock": 0,
    },
    **dict.fromkeys(_ELSEWHERE, _FROM_ANYWHERE),
    "rehearsal": {**_FROM_ANYWHERE, "trace": 2},
}  # fmt: skip
"""Actions of the screens of a profile that a screen of another kind has as well, with their rank in its footer."""


SYNONYMS: dict[str, str] = {
    "credentials": "password secret keyring vault login",
    "difference": "compare diff",
    "promote": "carry over copy to test production",
    "promote_profile": "carry over copy to test production",
    "review": "probe ping hosts ports network certificates",
    "walk": "runbook enter tick manual",
    "walk_export": "runbook document report",
    "probe_export": "report document",
    "probe_machines": "compare merge vantage jump host dmz",
    "findings": "explain errors warnings check problems",
    "usages": "references who uses where used",
    "definition": "jump reference",
    "hand_over": "export send colleague share",
    "import_profile": "open file sheets excel csv zip",
    "delete_profile": "remove trash",
    "restore_profile": "undelete trash",
    "remove": "delete clear",
    "new": "add create insert",
    "new_profile": "add create environment",
    "duplicate": "copy clone",
    "history": "log who when changes git",
    "undo": "revert back",
    "discard": "revert reset",
    "quit": "exit leave close",
    "home": "profiles library list",
    "waive": "accept ignore suppress",
    "save": "write",
    "theme": "colours colors dark light",
    "search": "find grep",
    "filter": "narrow find",
    "sort": "order column ascending descending",
    "trace": "rehearse order follow route picture process",
    "impact": "update release quarter what changes",
    "rehearse": "route simulate test orders connector",
    "fix": "repair quick fix correct",
    "next_gap": "todo missing required next",
    "refresh": "reload probe run",
}
"""Further words by which the palette finds an action: those of the command line and of other programs."""


def at_home(where: Where) -> tuple[Action, ...]:
    """The actions of a kind of screen, those of its own first."""
    own = [action for action in ACTIONS if action.where == where]
    own += [replace(BY_NAME[name], footer=rank) for name, rank in SHARED.get(where, {}).items()]
    return (*own, *(action for action in ACTIONS if action.where == "everywhere"))
