"""How soon `cratewise serve` is ready on an empty database, and how much memory it takes.

    python benchmarks/serve_weight.py        three starts of each, half a minute

Ready is the first 200 of /readyz after the process was made, interpreter and imports
included; work is what it took of the processors, which on an idle machine is how long it
takes.  Behind its first answers it begins to work jobs and loads what it keeps in memory:
working is when /readyz tells of its worker.  Memory is PSS over all its processes, then
and after every read was asked once.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from statistics import median
from typing import NamedTuple

import httpx2
import psutil

STARTS = 3
MOST_SECONDS, MOST_MEGABYTES = 2.0, 200.0
READS = ("home", "sellers", "pulls", "listings", "rates", "presets", "settings")


class Start(NamedTuple):
    """One start: seconds on the clock, of work of a core, and megabytes.

    working  nan: it works no jobs.
    """

    ready: float
    work: float
    working: float
    at_first: float
    used: float


def pss_megabytes(pid: int) -> float:
    """Of a process and all that it started."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return float(sum(one.memory_full_info().pss for one in family)) / 1e6


def start(*options: str) -> Start:
    """Start it, look at it, use it, end it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "cratewise", "serve", "--port", "0", "--json", *options]
        environ = {**os.environ, "CRATEWISE_DATA_DIR": folder, "CRATEWISE_RATES_URL": "off"}
        begun = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environ) as program:
            try:
                return looked_at(program, begun)
            finally:
                program.terminate()


def looked_at(program: "subprocess.Popen[bytes]", begun: float) -> Start:
    assert program.stdout is not None
    told = json.loads(program.stdout.readline())
    with httpx2.Client(base_url=told["url"], timeout=60) as http:
        assert http.get("/readyz").status_code == 200
        ready = time.perf_counter() - begun
        times = psutil.Process(program.pid).cpu_times()
        while told["is_working"] and not http.get("/readyz").json()["workers"]["is_ok"]:
            time.sleep(0.01)
        working = time.perf_counter() - begun if told["is_working"] else float("nan")
        time.sleep(0.5)  # for what is loaded into memory
        at_first = pss_megabytes(program.pid)
        for read in READS:
            http.get(f"/api/v1/{read}").raise_for_status()
        http.get("/schema/openapi.json").raise_for_status()
        return Start(
            ready, times.user + times.system, working, at_first, pss_megabytes(program.pid)
        )


def main() -> int:
    rows = {"serve, one worker": (), "serve --no-work": ("--no-work",)}
    print(f"Median (worst) of {STARTS} starts; loads: {os.getloadavg()[0]:.1f}")
    print(f"{'':18}{'ready, s':>14}{'work, s':>14}{'working, s':>14}", end="")
    print(f"{'PSS, MB':>14}{'after use, MB':>15}")
    is_kept = True
    for name, options in rows.items():
        starts = [start(*options) for _ in range(STARTS)]
        cells = [f"{median(one):.2f} ({max(one):.2f})" for one in zip(*starts, strict=True)]
        print(f"{name:18}{''.join(f'{cell:>14}' for cell in cells)}", flush=True)
        is_kept &= median(one.ready for one in starts) <= MOST_SECONDS
        is_kept &= max(one.used for one in starts) <= MOST_MEGABYTES
    promise = f"promised: ready within {MOST_SECONDS:g} s, at most {MOST_MEGABYTES:g} MB"
    print(f"{promise}: {'kept' if is_kept else 'BROKEN'}")
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
