"""The topology review as a process of its own: `python -m tests.bench.prober PROFILE [--name-server PORT]`.

What a running workbench has ready is ready before it is measured, as its peer is a running daemon, and both have
visited some of the endpoints before. Prints a line when it is ready, begins at a line of input, and prints a line of
JSON: seconds, CPU seconds, bytes, and each outcome.
"""

import argparse
import json
import resource
import sys
import time
import tomllib
from pathlib import Path

from omtui.gc_tuning import collect_seldom
from omtui.topology.names import NameResolver
from omtui.topology.probe_context import ProbeContext
from omtui.topology.review import run_review, warm_up
from omtui.topology.targets import collect
from omtui.topology.transport import LocalTransport


def main() -> None:
    """Get ready, wait for a line, review, report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("profile", type=Path)
    parser.add_argument("--name-server", type=int)
    parser.add_argument("--visited", type=int, default=0)
    options = parser.parse_args()
    found = collect(tomllib.loads(options.profile.read_text()), folder=options.profile.parent).targets
    trust = warm_up()

    def around() -> ProbeContext:
        port = options.name_server
        names = NameResolver(servers=["127.0.0.1"], port=port, hosts_file=None) if port else NameResolver()
        return ProbeContext(transport=LocalTransport(names), trust=trust)

    run_review(found[: options.visited], around)
    collect_seldom()  # as the workbench does once its first screen is there; a command collects nothing at all
    print("ready", flush=True)
    sys.stdin.readline()
    began, cpu = time.monotonic(), time.process_time()
    review = run_review(found, around)
    seconds, used = time.monotonic() - began, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    outcomes = {result.target.name: result.verdict.outcome for result in review.results}
    print(json.dumps({"seconds": seconds, "cpu": used, "memory": memory, "outcomes": outcomes}), flush=True)


if __name__ == "__main__":
    main()
