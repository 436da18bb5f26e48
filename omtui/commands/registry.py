"""The one registry of commands: dispatch, help and completion are made from it."""

from collections.abc import Sequence

from omtui.commands.arguments import Argument, Command, Option

LIBRARY = Option("--library", "the folder of profiles", "DIR", kind="folder")
DEBUG = Option("--debug", "show where in the program an error arose")
HELP = Option("--help", "this text", short="-h")
COMMON = (LIBRARY, DEBUG, HELP)
"""What every command takes."""

JSON = Option("--json", "one JSON document on standard output")
UNLOCK = Option("--unlock", "allow this command to change the production profile NAME", "NAME", kind="profile")
REASON = Option("--reason", "why; kept in the log", "TEXT")
TAG = Option("--tag", "only records with this tag", "NAME", many=True)
WRITING = (UNLOCK, REASON, JSON)
"""What every command takes that changes a profile."""

PROFILE = Argument("PROFILE", "a name in the library, or the path of a .toml file", kind="profile")
READ = Argument(
    "PROFILE",
    "a name in the library, the path of a .toml file, or - for standard input; PROFILE@STATE for an earlier state: "
    "a time, or a Git revision",
    kind="profile",
)

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
_SECRETS = "Secrets"
_MOVABLE = ("keyring", "session", "vault")
CREDENTIAL = Argument("NAME", "the credential's name in the profile", "?", "credential")
STDIN = Option("--stdin", "read the secret from standard input")
IDENTITY = Option("--identity", "the private key that opens the vault", "FILE", kind="file")
TO = Option("--to", "seal it for this key: age1…, or a line of a .pub file", "RECIPIENT", many=True)

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
        "Texts are printed as they stand, everything else as TOML.",
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
        "omtui.commands.reading:log",
        (PROFILE,),
        (JSON,),
        ("omtui log vision-dev",),
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
        "take back the last change",
        "omtui.commands.editing:undo",
        (PROFILE,),
        (Option("--redo", "do again what was taken back last"), *WRITING),
        ("omtui undo vision-dev",),
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
    Command(
        "secret set",
        "keep the secret of a credential, or of every one that is missing",
        "omtui.commands.secrets:set_secret",
        (PROFILE, CREDENTIAL),
        (STDIN, JSON),
        ("omtui secret set vision-dev connector01", "omtui secret set vision-dev wms --stdin"),
        "It is asked for without showing it. One credential that several connectors use is set once. It may go to the "
        "addresses and users that stand in the profile now, and nowhere else.",
        _SECRETS,
        discreet=True,
    ),
    Command(
        "secret list",
        "which credentials there are, and which are set",
        "omtui.commands.secrets:list_secrets",
        (READ, CREDENTIAL),
        (JSON,),
        ("omtui secret list vision-dev",),
        "A value is never shown. Where no store answers, it tells why, and what is set is not known.",
        _SECRETS,
        discreet=True,
    ),
    Command(
        "secret test",
        "sign in with a credential, once",
        "omtui.commands.secrets:test",
        (PROFILE, CREDENTIAL),
        (
            Option("--at", "which use to test, where it goes to several places", "PLACE", kind="place"),
            Option("--dry-run", "only tell where it would go, and as whom"),
            Option("--again", "also where this very password was refused before"),
            Option("--allow-plain-http", "send it in clear text, this once"),
            Option("--allow-bad-certificate", "send it past a certificate that fails, this once"),
            JSON,
        ),
        ("omtui secret test vision-dev connector01",),
        "One attempt only: an Oracle account locks after five wrong passwords. Ends with 3 unless it was accepted.",
        _SECRETS,
        discreet=True,
    ),
    Command(
        "secret delete",
        "remove a secret from the store",
        "omtui.commands.secrets:delete",
        (PROFILE, CREDENTIAL),
        (Option("--all", "every secret of the profile"), JSON),
        ("omtui secret delete vision-dev connector01", "omtui secret delete vision-dev --all"),
        group=_SECRETS,
        discreet=True,
    ),
    Command(
        "secret move",
        "take secrets from one store to another",
        "omtui.commands.secrets:move",
        (PROFILE, CREDENTIAL),
        (
            Option("--to", "keyring, session or vault", "STORE", choices=_MOVABLE),
            Option("--from", "the store they are in, if not the chosen one", "STORE", choices=_MOVABLE),
            JSON,
        ),
        ("omtui secret move vision-dev --to vault", "omtui secret move vision-test --from keyring --to vault"),
        "Each is read back in the new store before it is deleted in the old one. Without a name all of the profile "
        "move, and the new store is chosen for this machine.",
        _SECRETS,
        discreet=True,
    ),
    Command(
        "keyring status",
        "where secrets are kept here, and what else is possible",
        "omtui.commands.stores:keyring_status",
        (),
        (JSON,),
        ("omtui keyring status",),
        group=_SECRETS,
    ),
    Command(
        "keyring unlock",
        "open the system's keyring with its password",
        "omtui.commands.stores:keyring_unlock",
        (),
        (Option("--create", "make a keyring where there is none"), STDIN, JSON),
        ("omtui keyring unlock",),
        "For a shell over SSH, where nobody sees the desktop's dialogue.",
        _SECRETS,
        discreet=True,
    ),
    Command(
        "keyring session",
        "a private keyring for one program, or a shell",
        "omtui.commands.stores:keyring_session",
        (Argument("PROGRAM", "the program and its arguments, behind --; else your shell", "*", loose=True),),
        (STDIN,),
        ("omtui keyring session", "omtui keyring session -- omtui vision-dev"),
        "For hosts without a desktop: D-Bus and a GNOME keyring of its own, with a password of its own, that end with "
        "the program.",
        _SECRETS,
    ),
    Command(
        "vault init",
        "make an encrypted vault, and keep secrets in it",
        "omtui.commands.stores:vault_init",
        (),
        (TO, STDIN, JSON),
        ("omtui vault init", 'omtui vault init --to "$(cat ~/.ssh/id_ed25519.pub)"'),
        "One file in the age format, opened with a passphrase or with keys.",
        _SECRETS,
        discreet=True,
    ),
    Command(
        "vault unlock",
        "open the vault for the commands of the next minutes",
        "omtui.commands.stores:vault_unlock",
        (),
        (IDENTITY, Option("--minutes", "how long, 15 if not given", "NUMBER"), STDIN, JSON),
        ("omtui vault unlock", "omtui vault unlock --identity ~/.ssh/id_ed25519"),
        group=_SECRETS,
        discreet=True,
    ),
    Command(
        "vault lock",
        "forget what opened the vault",
        "omtui.commands.stores:vault_lock",
        (),
        (JSON,),
        ("omtui vault lock",),
        group=_SECRETS,
    ),
    Command(
        "vault rekey",
        "seal the vault with another passphrase, or for other keys",
        "omtui.commands.stores:vault_rekey",
        (),
        (TO, IDENTITY, STDIN, JSON),
        ("omtui vault rekey",),
        "Older copies of the file still open as before.",
        _SECRETS,
        discreet=True,
    ),
    Command(
        "vault recipients",
        "the keys that open the vault",
        "omtui.commands.stores:vault_recipients",
        (),
        (
            Option("--add", "let this key open it too: age1…, or a line of a .pub file", "RECIPIENT", many=True),
            Option("--remove", "let this key open it no more", "RECIPIENT", many=True),
            IDENTITY,
            STDIN,
            JSON,
        ),
        ("omtui vault recipients", 'omtui vault recipients --add "$(cat colleague.pub)"'),
        group=_SECRETS,
        discreet=True,
    ),
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
