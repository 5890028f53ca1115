"""What `cratewise demo` shows, as README.md tells it: really produced, then folded to a page."""

import os
import re
import subprocess
import sys
import tempfile
import textwrap

COLUMNS = 96


def session(minute_seconds: float) -> str:
    """A whole demo's output, as a block for a README."""
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            [sys.executable, "-m", "cratewise", "demo", "--minute", f"{minute_seconds:g}"],
            env={
                **{name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ},
                "CRATEWISE_DATA_DIR": folder,
                "COLUMNS": str(COLUMNS),
                "LC_ALL": "en_IE.UTF-8",  # euros
                "PYTHONUTF8": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=True,
        )
    lines = [line for line in run.stdout.strip().splitlines() if not _is_progress(line)]
    folded = [part for line in lines for part in textwrap.wrap(line, COLUMNS) or [""]]
    return "\n".join(["```", "$ cratewise demo", *map(str.rstrip, folded), "```"])


def steady(block: str) -> str:
    """The block without what a clock decides: how long things took, the day's record, breaks."""
    words = " ".join(block.split())
    words = re.sub(r"(\$ cratewise pick) .*?(?= \$ cratewise crate)", r"\1", words)
    words = re.sub(r"requests? lasts [\d.]+ s instead of 60, so all goes [\d.]+ times", "", words)
    words = re.sub(r"discogs_\d{8}_|[\d,]+ a second", "N", words)  # of this month, as fast as here
    return re.sub(r"\d+(\.\d+)? (s|min)\b", "N", words)


def _is_progress(line: str) -> bool:
    # Now and then on its way, so another run has it elsewhere.
    return " pages, " in line and line.endswith("to go")
