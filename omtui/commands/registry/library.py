"""The commands of the group Library."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import JSON, READ, REASON, TAG

COMMANDS: tuple[Command, ...] = (
    Command(
        "new",
        "Create a profile",
        "omtui.commands.library:new",
        (Argument("NAME", "the profile's name in the library, or the path of a .toml file", kind="file"),),
        (
            Option("--from", "copy this profile, without the state of its pod", "PROFILE", kind="profile"),
            Option(
                "--environment",
                "development, test, production or practice",
                "WORD",
                choices=("development", "test", "production", "practice"),
            ),
            Option("--url", "the sign-in address of the pod", "URL"),
            Option("--release", "the pod's release, for example 25D", "RELEASE"),
            REASON,
            JSON,
        ),
        ("omtui new vision-test --from vision-dev --environment test --release 25D",),
    ),
    Command(
        "list",
        "List profiles with environment, pod, release, findings and progress",
        "omtui.commands.library:list_profiles",
        (),
        (JSON,),
        ("omtui list", "omtui list --library ~/profiles --json"),
    ),
    Command(
        "show",
        "Show the set-up as tables",
        "omtui.commands.library:show",
        (READ,),
        (
            Option("--step", "show only this step: profile, flow, 0 to 9, 4.1 or related", "STEP", kind="step"),
            TAG,
            JSON,
        ),
        ("omtui show vision-dev --step 5",),
    ),
)
