"""A program that looks at files as `omtui import --dry-run` does and prints what each took."""

import sys
import time
from pathlib import Path

from omtui.problem import Wrong
from omtui.service.arriving_report import lines
from omtui.service.handing_over import Arriving, look, read_arrived
from omtui.service.workspace import Workspace
from tests.memory import peak


def main(folder: Path, library: Path) -> None:
    """Look at every file of a folder. Memory is a peak, so it never falls."""
    workspace = Workspace(library)
    for path in sorted(folder.iterdir()):
        started = time.process_time()
        file = read_arrived(path)
        found = file if isinstance(file, Wrong) else look(workspace, [file], as_name="bomb")
        shown = "; ".join(line.text for line in lines(found, 200)[:5]) if isinstance(found, Arriving) else str(found)
        print(path.name, f"{time.process_time() - started:.2f}", peak(), shown[:200], sep="\t", flush=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
