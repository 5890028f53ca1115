"""A process that imports a monthly dump and says so, line by line; to be killed.

    python tests/crash/importer.py DUMP CATALOG

Prints `stored N` after each transaction, `indexes` before the last, and `done` at the end;
after each it waits for a line, so that it is killed where a test wants it.
"""

import sys
from pathlib import Path

from cratewise.catalog.files import CatalogFiles
from cratewise.catalog.import_dump import Order, Progress, import_dump
from cratewise.clock import SystemClock


def say(progress: Progress) -> None:
    line = f"stored {progress.releases}" if progress.phase == "releases" else progress.phase
    print(line, flush=True)  # noqa: T201 - what the test listens to
    sys.stdin.readline()


import_dump(
    CatalogFiles(Path(sys.argv[2])), Order(Path(sys.argv[1])), clock=SystemClock(), on_progress=say
)
