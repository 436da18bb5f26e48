"""The command query: SQL that reads a setup task out of the pod."""

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.profile_arguments import wrong
from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.setup.published_tables import NO_QUERY, QUERIES, sql


def query(args: ParsedArguments, out: Output) -> int:
    """Print the query of a step, or why there is none."""
    step = args.text("STEP").strip()
    if args.text("--dialect", "oracle") != "oracle":
        return wrong(args, out, Wrong(f"{plain(args.text('--dialect'))} is no dialect", "the pod's database is oracle"))
    if step in QUERIES:
        out.line(sql(step))
        return 0
    offered = f"steps with a query are {', '.join(QUERIES)}"
    if step in NO_QUERY:
        return wrong(args, out, Wrong(f"step {step} has no query: {NO_QUERY[step]}", offered))
    return wrong(args, out, Wrong(f"there is no step {plain(step) or 'without a number'}", offered))
