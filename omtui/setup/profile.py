"""The profile itself, the pod it is for, and accepted findings."""

from omtui.setup.field import Field, FieldReference
from omtui.setup.table import Table, Task

SCHEMA = 1
"""The newest format of a profile that this version reads and writes."""

ENVIRONMENTS = ("development", "test", "production", "practice")

_OPEN = ("development", "test", "practice")


def is_production(environment: object) -> bool:
    """Whether a profile is taken for production: everything that does not say exactly that it is something else.

    So `Production`, `prod` and what nobody knows are as safe as `production`.
    """
    return environment not in _OPEN


STEP_WORDS = ("0", "1", "2", "3", "4", "4.1", "5", "6", "7", "8", "9")

PROFILE = Table(
    path="profile",
    title="Profile",
    singular="profile",
    single=True,
    help="Which environment this file describes.",
    own=True,
    travels="environment",
    own_fields=(
        Field(
            "name",
            "Name",
            required=True,
            help="The file's name without .toml. When both differ, the file's name counts.",
        ),
        Field("title", "Title", help="What people call this environment."),
        Field(
            "environment",
            "Environment",
            required=True,
            values=ENVIRONMENTS,
            closed=True,
            help="Decides how careful omtui is: a profile that is not development, test or practice is taken for "
            "production, and read-only until unlocked.",
        ),
        Field("description", "Description", help="What this integration does."),
        Field(
            "read_only",
            "Read-only pod",
            "boolean",
            help="Nothing that changes anything is sent to the pod. True for production unless set to false.",
        ),
        Field("stage", "Stage", help="Free text shown with the environment: SIT, UAT."),
        Field("follows", "Follows", help="The profile this one usually gets its set-up from."),
    ),
)

POD = Table(
    path="pod",
    title="Pod",
    singular="pod",
    single=True,
    help="The Oracle Fusion pod of this environment.",
    own=True,
    travels="environment",
    own_fields=(
        Field("url", "URL", help="https and the host that people sign in to, without a path."),
        Field("release", "Release", help="The quarterly release, for example 25D. Later releases change the rules."),
        Field("next_update", "Next update", "date", help="The day on which Oracle updates the pod next."),
        Field("next_release", "Next release", help="The release of that update; empty: the one after this release."),
        Field("user_name", "User name", help="Signs in for verification."),
        Field(
            "credential",
            "Credential",
            refers=(FieldReference("credentials", "name", strict=False),),
            help="The name of the entry of the credential store that holds the password. Never the password.",
        ),
        Field(
            "authentication",
            "Authentication",
            values=("basic", "oauth"),
            closed=True,
            default="basic",
            help="How omtui signs in to the pod.",
        ),
        Field("token_url", "Token URL", help="For oauth: where a token is fetched."),
        Field("client_id", "Client id", help="For oauth: the client's public name."),
        Field("scope", "Scope", help="For oauth: the scope asked for."),
        Field(
            "time_zone",
            "Server time zone",
            help="In which omtui judges start and end dates. UTC if not given.",
            default="UTC",
        ),
        Field(
            "redwood",
            "Redwood pages",
            "list",
            values=STEP_WORDS,
            help='Steps whose page is the new one on this pod, for example "5" and "8".',
        ),
        Field(
            "connector_association",
            "Connector association",
            values=("shown", "hidden"),
            closed=True,
            help="Whether the trigger points page lets you associate connectors on this pod. From 26C Oracle hides it "
            "where no event has a connector yet, judged pod by pod.",
            source="Oracle readiness 26C, Redwood: Manage Business Event Trigger Points",
        ),
        Field("refreshed_on", "Refreshed on", "date", help="The last production-to-test refresh of this pod."),
        Field("refreshed_from", "Refreshed from", help="The profile of the pod it was copied from."),
    ),
)

WAIVERS = Table(
    path="waivers",
    title="Accepted findings",
    singular="accepted finding",
    key="check",
    columns=("check", "where", "reason", "until"),
    help="A finding that was looked at and accepted, with a reason and an end.",
    own=True,
    own_fields=(
        Field("check", "Check", required=True, help="The id of the check, for example S8-06."),
        Field("where", "Where", "place", help="The place of the finding; empty for every place."),
        Field("reason", "Reason", required=True, help="Why it is accepted."),
        Field("until", "Until", "date", help="From the day after, the finding counts again."),
        Field(
            "level",
            "Level",
            values=("error", "warning", "info"),
            closed=True,
            help="How bad the finding was when it was accepted. A worse one counts again.",
        ),
        Field(
            "release",
            "Release",
            help="The pod's release when it was accepted. When Oracle changes what it is about, it counts again.",
        ),
    ),
)

TASK = Task(
    step="profile",
    short="Profile and pod",
    title="Profile and pod",
    tables=("profile", "pod", "waivers"),
    offering="",
    functional_area="",
    purpose="Which environment this is, which pod it has, and which findings were looked at and accepted. Nothing is "
    "entered in Oracle for this page; the release decides which rules apply.",
    procedure=(
        "Enter the environment, the URL of the pod and its release.",
        "Look at accepted findings when their last day comes.",
    ),
)
