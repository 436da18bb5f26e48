"""The commands of the group Rehearsal."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import JSON, READ

COMMANDS: tuple[Command, ...] = (
    Command(
        "route",
        "Rehearse: which connector would each order line get, and why",
        "omtui.commands.route:route",
        (READ, Argument("ORDERS", "files of orders: CSV, JSON, XLSX, also as .gz; - for standard input", "*", "file")),
        (
            Option("--as-of", "judge start and end dates at this time; now if left out", "TIME"),
            Option("--task-type", "only requests of this task type", "NAME"),
            Option("--published", "judge the published rules, not the draft"),
            Option(
                "--against", "what changes connector against this profile, or PROFILE@STATE", "PROFILE", kind="profile"
            ),
            Option("--expect", "hold it against the column Expected Connector of this file", "FILE", kind="file"),
            Option("--columns", "which column is which attribute; NAME.columns.toml if left out", "FILE", kind="file"),
            Option("--only", "list only requests with this outcome", "WORD", many=True),
            Option("--limit", "list so many requests; 20 if left out", "N"),
            Option(
                "--output",
                "write each request, a page for a review, or results for a build",
                "FILE.csv|.json|.html|.xml",
                "-o",
                kind="file",
            ),
            Option("--no-values", "leave out what the orders hold: numbers, cells and reasons"),
            Option("--summary", "only counts: a million lines take seconds and little memory"),
            Option("--jobs", "read so many files at once, each in a process of its own", "N"),
            Option("--encoding", "how a CSV file is encoded; UTF-8 if left out", "NAME"),
            Option("--needs", "print what the rules read of an order, and end"),
            JSON,
        ),
        (
            "omtui route vision-dev orders.csv",
            "omtui route vision-dev orders.csv.gz --summary",
            "omtui route vision-dev 2026-*.csv.gz --summary --jobs 4",
            "omtui route vision-dev orders.csv -o review.html",
            "omtui route vision-dev orders.json --only unrouted --json",
            "omtui route vision-dev orders.csv --against vision-prod",
            "omtui route vision-dev --expect expected.csv",
            "omtui route vision-dev --needs",
        ),
        "Judges each line for the task types of its process. Exits with 1 when a request is unrouted, ambiguous or "
        "cannot be evaluated; with --against, when one changes connector; with --expect, when one is not as expected. "
        "Orders are read and never stored; nothing of a cell is guessed.",
    ),
    Command(
        "trace",
        "Rehearse: one order line through its process, step by step, with every gap",
        "omtui.commands.trace:trace",
        (READ, Argument("ORDERS", "a file of orders: CSV, JSON, XLSX, also as .gz; - for standard input", kind="file")),
        (
            Option("--order", "the order, by its number", "N"),
            Option("--line", "its line; the first if left out", "M"),
            Option("--process", "the process, where the file does not name it", "NAME"),
            Option("--as-of", "judge start and end dates at this time; now if left out", "TIME"),
            Option("--published", "judge the published rules, not the draft"),
            Option("--columns", "which column is which attribute; NAME.columns.toml if left out", "FILE", kind="file"),
            Option("--encoding", "how a CSV file is encoded; UTF-8 if left out", "NAME"),
            Option("--ascii", "draw with ASCII only"),
            Option("--output", "write it to this file, as .html or .md", "FILE", short="-o", kind="file"),
            JSON,
        ),
        (
            "omtui trace vision-dev orders.csv --order 1001",
            "omtui trace vision-dev orders.csv --order 1001 --line 2 -o order-1001.html",
        ),
        "Shows what each step sends and why there, what is waited for and who must answer, which events follow. Marked "
        "as a gap: no connector, nobody answers, a status that never comes, an endpoint that failed its last review, a "
        "certificate or credential that ends before the line ships. Orders are read and never stored.",
    ),
    Command(
        "testplan",
        "Plan the tests of a set-up: order lines for each rule, and what to do by hand",
        "omtui.commands.testplan:testplan",
        (READ,),
        (
            Option("--from", "take real lines of these orders where one fits", "ORDERS", kind="file"),
            Option("--as-of", "judge start and end dates at this time; now if left out", "TIME"),
            Option("--published", "judge the published rules, not the draft"),
            Option("--columns", "which column is which attribute; NAME.columns.toml if left out", "FILE", kind="file"),
            Option(
                "--output",
                "write it to this file; .csv is a file of orders",
                "FILE.md|.html|.xlsx|.csv",
                "-o",
                kind="file",
            ),
            JSON,
        ),
        (
            "omtui testplan vision-dev",
            "omtui testplan vision-dev -o tests.xlsx",
            "omtui testplan vision-dev -o tests.csv",
            "omtui testplan vision-dev --from orders.csv -o tests.html",
        ),
        "For each branch of a rule the smallest order line that takes it and no other, the two values on both sides of "
        "each number and date, for each task type a line that takes no rule; for each trigger point and wait step what "
        "to do and what must happen. A test keeps its number while its rule and value stay.",
    ),
    Command(
        "events",
        "Rehearse: which business events and e-mails changes of orders raise",
        "omtui.commands.events:events",
        (
            READ,
            Argument(
                "CHANGES",
                "a CSV with order, line, entity, attribute, old, new, or action (hold, release-hold, split, "
                "compensation, jeopardy) and value; - for standard input",
                "?",
                "file",
            ),
        ),
        (
            Option("--before", "a file of orders as they were; with --after in place of CHANGES", "FILE", kind="file"),
            Option("--after", "the same orders as they are now", "FILE", kind="file"),
            Option("--encoding", "how a CSV file is encoded; UTF-8 if left out", "NAME"),
            JSON,
        ),
        (
            "omtui events vision-dev changes.csv",
            "omtui events vision-dev --before yesterday.json --after today.json",
        ),
        "Says for each change whether its event is raised, and if not why; which connectors are called, what "
        "Integration Cloud hears, whether an e-mail goes out. Orders are read and never stored.",
    ),
)
