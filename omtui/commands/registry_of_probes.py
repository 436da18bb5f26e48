"""The commands of the group Topology, for the registry."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import JSON, TAG

_TOPOLOGY = "Topology"
FORMATS = ("text", "json", "junit", "csv", "prometheus", "html")

COMMANDS: tuple[Command, ...] = (
    Command(
        "probe",
        "topology review: which hosts and ports answer, and with what",
        "omtui.commands.probing:probe",
        (Argument("PROFILE", "a name in the library, or the path of a .toml file", "+", "profile"),),
        (
            Option("--from", "where to look from: local is this machine; all", "VANTAGE", many=True),
            Option("--only", "only the endpoint of this name", "NAME", many=True),
            TAG,
            Option("--format", f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}", "FORMAT", choices=FORMATS),
            Option("--output", "write to a file; its ending chooses the format", "FILE", "-o", kind="file"),
            Option("--watch", "again and again, with so many seconds in between, at least 5", "SECONDS"),
            Option("--strict", "end with 1 for warnings, too"),
            JSON,
        ),
        (
            "omtui probe vision-dev",
            "omtui probe vision-dev --only Connector01 --json",
            "omtui probe vision-dev -o review.html",
            "omtui probe vision-dev --watch 300 -o /var/lib/node_exporter/omtui.prom",
        ),
        "Connects, looks at certificates, and asks for pages and WSDLs as anybody could: nothing is changed, no "
        "password is sent. Ends with 1 when an endpoint is not as expected. Results are kept for the history. Whether "
        "Fusion itself reaches an endpoint, no probe from here can tell.",
        _TOPOLOGY,
    ),
    Command(
        "practice",
        "a practice pod on this machine, until Ctrl+C",
        "omtui.commands.practising:practice",
        (),
        (
            Option("--port", "the pod's port; any free one if left out", "N"),
            Option("--release", "the release it claims to be, for example 25D", "RELEASE"),
            JSON,
        ),
        ("omtui practice", "omtui practice --port 8443 --release 26A"),
        "Only this machine can reach it. It has a certificate authority of its own, whose file it names.",
        _TOPOLOGY,
    ),
    Command(
        "demo",
        "the workbench on sample profiles, beside a practice pod",
        "omtui.cli:demo",
        (),
        (
            Option("--headless", "no screen: do the tour, print it, end"),
            Option("--ascii", "no box characters and signs beyond ASCII"),
            Option("--mouse", "mouse tracking, also over SSH"),
            Option("--no-mouse", "no mouse tracking"),
        ),
        ("omtui demo", "omtui demo --headless"),
        "Everything is made anew in a folder of its own and removed at the end, unless --library names a folder.",
        _TOPOLOGY,
    ),
)
