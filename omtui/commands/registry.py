"""The one registry of commands: dispatch, help and completion are made from it."""

from collections.abc import Sequence

from omtui.commands import (
    registry_of_comparisons,
    registry_of_documents,
    registry_of_handover,
    registry_of_probes,
    registry_of_promotion,
    registry_of_secrets,
)
from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import COMMON, JSON, PROFILE, READ, REASON, TAG, UNLOCK, WRITING

WORKBENCH = Command(
    "",
    "opens the workbench",
    "omtui.cli:workbench",
    (Argument("PROFILE", "the profile to open", "?", "profile"),),
    (
        Option("--ascii", "no box characters and signs beyond ASCII"),
        Option("--mouse", "mouse tracking, also over SSH"),
        Option("--no-mouse", "no mouse tracking"),
    ),
    ("omtui vision-dev", "omtui --library profiles"),
)
"""What `omtui` does without a command."""

_LIBRARY, _READ, _CHANGE, _CHECK, _HERE = "Library", "Read", "Change", "Check", "This machine"

COMMANDS: tuple[Command, ...] = (
    Command(
        "new",
        "a new profile",
        "omtui.commands.library:new",
        (Argument("NAME", "the profile's name in the library, or the path of a .toml file", kind="file"),),
        (
            Option("--from", "start with all of this profile but the state of its pod", "PROFILE", kind="profile"),
            Option(
                "--environment",
                "development, test, production or practice",
                "WORD",
                choices=("development", "test", "production", "practice"),
            ),
            Option("--url", "where people sign in to the pod", "URL"),
            Option("--release", "the pod's release, for example 25D", "RELEASE"),
            REASON,
            JSON,
        ),
        ("omtui new vision-test --from vision-dev --environment test --release 25D",),
        group=_LIBRARY,
    ),
    Command(
        "list",
        "the profiles: environment, pod, release, findings, progress",
        "omtui.commands.library:list_profiles",
        (),
        (JSON,),
        ("omtui list", "omtui list --library ~/profiles --json"),
        group=_LIBRARY,
    ),
    Command(
        "show",
        "the set-up as tables",
        "omtui.commands.library:show",
        (READ,),
        (Option("--step", "only one step: profile, flow, 0 to 9, 4.1 or related", "STEP", kind="step"), TAG, JSON),
        ("omtui show vision-dev --step 5",),
        group=_LIBRARY,
    ),
    Command(
        "get",
        "one value, by place",
        "omtui.commands.reading:get",
        (READ, Argument("PLACE", "for example connectors[Connector01].url", kind="place")),
        (JSON,),
        ("omtui get vision-dev 'connectors[Connector01].url'",),
        "Texts are printed as they are, everything else as TOML. A terminal gets signs in place of what could command "
        "it; a pipe or a file gets every value exactly.",
        _READ,
    ),
    Command(
        "usages",
        "what refers to a record",
        "omtui.commands.reading:usages",
        (READ, Argument("PLACE", "the record, for example connectors[Connector01]", kind="record")),
        (JSON,),
        ("omtui usages vision-dev 'connectors[Connector01]'",),
        group=_READ,
    ),
    Command(
        "log",
        "who changed what, when and why",
        "omtui.commands.history:log",
        (PROFILE,),
        (
            Option("--place", "only what was done at this place", "PLACE", kind="place"),
            Option("--ticket", "only what was done for this change ticket", "TEXT"),
            JSON,
        ),
        ("omtui log vision-dev", "omtui log vision-dev --place 'connectors[Connector01]'"),
        "What another program changed is told too, by nobody known. Each entry's hash covers the one before it: where "
        "one was changed or taken out, that shows. omtui diff and omtui undo --to take the times as they stand here.",
        group=_READ,
    ),
    Command(
        "schema",
        "JSON Schema of the profile, for editors",
        "omtui.commands.reading:schema",
        examples=("omtui schema >profile.schema.json",),
        group=_READ,
    ),
    Command(
        "set",
        "give one field a value",
        "omtui.commands.editing:set_value",
        (
            PROFILE,
            Argument("PLACE", "the field, for example connectors[Connector01].url", kind="place"),
            Argument("VALUE", "a text as it is; everything else as TOML; +=V and -=V for one of a list", loose=True),
        ),
        WRITING,
        (
            "omtui set vision-dev 'connectors[Connector01].url' https://soa.pick.example:8002/process",
            "omtui set vision-dev 'trigger_points[Hold].connectors' +=EventConnector",
        ),
        "An empty VALUE takes the field away. A VALUE that begins with two dashes comes after --.",
        _CHANGE,
    ),
    Command(
        "add",
        "a new record",
        "omtui.commands.editing:add",
        (
            PROFILE,
            Argument("TABLE", "for example connectors, or task_types[Pick].services", kind="table"),
            Argument("KEY", "the new record's key; left out where records are only counted", "?", loose=True),
            Argument("FIELD=VALUE", "values as for omtui set", "*", kind="assignment", loose=True),
        ),
        WRITING,
        ("omtui add vision-dev connectors Connector02 target_system=CSS01 send_attachments=true",),
        group=_CHANGE,
    ),
    Command(
        "remove",
        "a record, or the value of a field",
        "omtui.commands.editing:remove",
        (PROFILE, Argument("PLACE", "the record or field", kind="place")),
        WRITING,
        ("omtui remove vision-dev 'connectors[Connector02]'",),
        group=_CHANGE,
    ),
    Command(
        "rename",
        "give a record a new key, and take along what refers to it",
        "omtui.commands.editing:rename",
        (PROFILE, Argument("PLACE", "the record", kind="record"), Argument("NEW", "its new key", loose=True)),
        WRITING,
        ("omtui rename vision-dev 'connectors[Connector01]' PickConnector",),
        group=_CHANGE,
    ),
    Command(
        "move",
        "put a record elsewhere in its list",
        "omtui.commands.editing:move",
        (PROFILE, Argument("PLACE", "the record", kind="record")),
        (
            Option("--before", "the record that it shall stand before", "KEY"),
            Option("--after", "the record that it shall stand after", "KEY"),
            *WRITING,
        ),
        ("omtui move vision-dev 'routing_rules[Route 02]' --before 'Route 01'",),
        group=_CHANGE,
    ),
    Command(
        "undo",
        "take back the last change, or go back to an earlier state",
        "omtui.commands.editing:undo",
        (PROFILE,),
        (
            Option("--redo", "do again what was taken back last"),
            Option("--to", "back to this state: a time, promoted, or a Git revision", "STATE"),
            Option("--place", "with --to: only what stands at this place", "PLACE", kind="place"),
            *WRITING,
        ),
        ("omtui undo vision-dev", "omtui undo vision-dev --to 2026-11-20T08:00 --place 'connectors[Connector01]'"),
        "Going back is one change, which undo takes back.",
        group=_CHANGE,
    ),
    Command(
        "ask",
        "a task's fields as plain prompts",
        "omtui.commands.asking:ask",
        (PROFILE, Argument("STEP", "profile, flow, 0 to 9, 4.1 or related", kind="step")),
        (UNLOCK, REASON),
        ("omtui ask vision-dev 5",),
        "For screen readers and bad lines: one question a line, nothing is drawn. At every question ? is help, an "
        "empty line keeps, - clears, < goes back, ctrl+d stops and keeps what was entered.",
        _CHANGE,
    ),
    Command(
        "fmt",
        "canonical layout, comments kept",
        "omtui.commands.editing:fmt",
        (PROFILE,),
        (Option("--check", "write nothing; end with 1 if the layout is another"), *WRITING),
        ("omtui fmt vision-dev", "omtui fmt profiles/vision-dev.toml --check"),
        group=_CHANGE,
    ),
    Command(
        "check",
        "what is wrong, and how to mend it",
        "omtui.commands.checking:check",
        (Argument("PROFILE", READ.help, "+", "profile"),),
        (
            Option(
                "--format",
                "text, json, junit, sarif or github",
                "FORMAT",
                choices=("text", "json", "junit", "sarif", "github"),
            ),
            Option("--json", "the same as --format json"),
            Option("--strict", "end with 1 also for warnings"),
            Option("--credentials", "ask the credential store which of them are set (S5-10)"),
            TAG,
        ),
        ("omtui check vision-dev", "omtui check profiles/*.toml --format junit >findings.xml"),
        "Ends with 1 when there is an error, with 2 when a profile cannot be read.",
        _CHECK,
    ),
    Command(
        "explain",
        "what a check means, why Oracle asks for it, how to mend it",
        "omtui.commands.checking:explain",
        (Argument("CHECK", "its id, for example S5-02", kind="check"),),
        (JSON,),
        ("omtui explain S5-02",),
        group=_CHECK,
    ),
    *registry_of_comparisons.COMMANDS,
    *registry_of_promotion.COMMANDS,
    *registry_of_documents.COMMANDS,
    *registry_of_handover.COMMANDS,
    *registry_of_probes.COMMANDS,
    *registry_of_secrets.COMMANDS,
    Command(
        "doctor",
        "what works here: terminal, locale, library, state, credential store, proxies, OpenSSH",
        "omtui.commands.diagnosing:doctor",
        (),
        (Option("--no-network", "ask nothing of the network"), JSON),
        ("omtui doctor",),
        "Ends with 1 when something needs doing.",
        _HERE,
    ),
    Command(
        "completions",
        "completion for a shell",
        "omtui.commands.completing:completions",
        (Argument("SHELL", "bash, zsh or fish", choices=("bash", "zsh", "fish")),),
        (Option("--line", "what is typed so far: the script asks with it", "TEXT"),),
        (
            'eval "$(omtui completions bash)"',
            "omtui completions zsh >~/.zfunc/_omtui",
            "omtui completions fish >~/.config/fish/completions/omtui.fish",
        ),
        group=_HERE,
    ),
)

BY_NAME = {command.name: command for command in COMMANDS}


def split(words: Sequence[str]) -> tuple[Command | None, list[str], str | None]:
    """The command that is named among the words, and all others; else none, and the first word that is no option."""
    take_a_value = {option.name for option in (*COMMON, *WORKBENCH.options) if option.value}
    for number, word in enumerate(words):
        if word == "--":
            break
        if word.startswith("-") or (number and words[number - 1] in take_a_value):
            continue
        before, after = list(words[:number]), list(words[number + 1 :])
        if after and (command := BY_NAME.get(f"{word} {after[0]}")):
            return command, before + after[1:], None
        if command := BY_NAME.get(word):
            return command, before + after, None
        return None, list(words), word
    return None, list(words), None
