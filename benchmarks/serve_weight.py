"""How soon `cratewise serve` is ready on an empty database, and how much memory it takes.

    python benchmarks/serve_weight.py        three starts of each, half a minute

Ready is the first 200 of /readyz after the process was made, interpreter and imports
included; work is what it took of the processors, which on an idle machine is how long it
takes; memory is PSS over all its processes, then and after every read was asked once.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from statistics import median

import httpx2
import psutil

STARTS = 3
MOST_SECONDS, MOST_MEGABYTES = 2.0, 200.0
READS = ("home", "sellers", "pulls", "listings", "rates", "presets", "settings")


def pss_megabytes(pid: int) -> float:
    """Of a process and all that it started."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return float(sum(one.memory_full_info().pss for one in family)) / 1e6


def start(*options: str) -> tuple[float, float, float, float]:
    """Seconds until ready, of those of a core's work, and megabytes then and after some use."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "cratewise", "serve", "--port", "0", "--json", *options]
        environ = {**os.environ, "CRATEWISE_DATA_DIR": folder, "CRATEWISE_RATES_URL": "off"}
        begun = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environ) as program:
            assert program.stdout is not None
            url = json.loads(program.stdout.readline())["url"]
            with httpx2.Client(base_url=url) as http:
                assert http.get("/readyz").status_code == 200
                seconds = time.perf_counter() - begun
                times = psutil.Process(program.pid).cpu_times()
                at_first = pss_megabytes(program.pid)
                for read in READS:
                    http.get(f"/api/v1/{read}").raise_for_status()
                http.get("/schema/openapi.json").raise_for_status()
                used = pss_megabytes(program.pid)
            program.terminate()
    return seconds, times.user + times.system, at_first, used


def main() -> None:
    rows = {"serve, one worker": (), "serve --no-work": ("--no-work",)}
    print(f"Median (worst) of {STARTS} starts; loads: {os.getloadavg()[0]:.1f}")
    print(
        f"{'':20}{'ready, s':>16}{'work, s':>16}{'PSS, MB':>16}{'after use, MB':>16}{'of 200':>8}"
    )
    for name, options in rows.items():
        figures = list(zip(*(start(*options) for _ in range(STARTS)), strict=True))
        cells = "".join(f"{f'{median(one):.2f} ({max(one):.2f})':>16}" for one in figures)
        print(f"{name:20}{cells}{median(figures[3]) / MOST_MEGABYTES:8.2f}", flush=True)
    print(f"Promised: ready within {MOST_SECONDS:g} s, less than {MOST_MEGABYTES:g} MB.")


if __name__ == "__main__":
    main()
