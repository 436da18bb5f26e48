"""The commands of the group Topology."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import JSON, TAG

FORMATS = ("text", "json", "junit", "csv", "prometheus", "html")

COMMANDS: tuple[Command, ...] = (
    Command(
        "probe",
        "Probe the endpoints of a set-up: which hosts and ports answer, and with what",
        "omtui.commands.probing:probe",
        (Argument("PROFILE", "a name in the library, or the path of a .toml file", "+", "profile"),),
        (
            Option("--from", "probe from here: local is this machine; all", "VANTAGE", many=True),
            Option("--only", "only the endpoint of this name", "NAME", many=True),
            TAG,
            Option("--format", f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}", "FORMAT", choices=FORMATS),
            Option("--output", "write to a file; its extension chooses the format", "FILE", "-o", kind="file"),
            Option("--merge", "lay reviews from several machines side by side: name their .json files"),
            Option("--watch", "repeat after so many seconds, 5 or more", "SECONDS"),
            Option("--strict", "exit with 1 for warnings, too"),
            JSON,
        ),
        (
            "omtui probe vision-dev",
            "omtui probe vision-dev --only Connector01 --json",
            "omtui probe vision-dev -o review.html",
            "omtui probe --merge dmz-1.json laptop.json",
            "omtui probe vision-dev --watch 300 -o /var/lib/node_exporter/omtui.prom",
        ),
        "Connects, reads certificates, and requests pages and WSDLs without signing in: it changes nothing and sends "
        "no password. Exits with 1 when an endpoint is not as expected. Results are kept for the history. A probe "
        "from here cannot show whether Fusion itself reaches an endpoint.",
    ),
    Command(
        "practice",
        "Run a practice pod on this machine, until Ctrl+C",
        "omtui.commands.practising:practice",
        (),
        (
            Option("--port", "the port of the pod; a free one if left out", "N"),
            Option("--release", "the release that the pod reports, for example 25D", "RELEASE"),
            JSON,
        ),
        ("omtui practice", "omtui practice --port 8443 --release 26A"),
        "Only this machine can reach it. It prints the file of its own certificate authority.",
    ),
    Command(
        "demo",
        "Open the workbench on sample profiles, with a practice pod",
        "omtui.cli:demo",
        (),
        (
            Option("--headless", "run the tour without a screen and print it"),
            Option("--ascii", "draw with ASCII only"),
            Option("--mouse", "use the mouse, also over SSH"),
            Option("--no-mouse", "do not use the mouse"),
        ),
        ("omtui demo", "omtui demo --headless"),
        "Creates everything in a temporary folder and removes it at the end, unless --library names a folder.",
    ),
)
