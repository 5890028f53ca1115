"""How long `cratewise --help` takes, beside a Python that does nothing, in one run.

    python benchmarks/help_speed.py [--times 30]

Promised: 0.3 s at the median.  The two take turns, so that whatever else the machine
does falls on both.
"""

import argparse
import statistics
import subprocess
import sys
import time

PROMISED_SECONDS = 0.3

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "cratewise --help": ["-m", "cratewise", "--help"],
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=30)
    times = parser.parse_args().times
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for name in COMMANDS:
        _timed(name)  # once for the file cache
    for _ in range(times):
        for name, taken in seconds.items():
            taken.append(_timed(name))
    return _report(seconds)


def _timed(name: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *COMMANDS[name]], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _report(seconds: dict[str, list[float]]) -> int:
    medians = {name: statistics.median(taken) for name, taken in seconds.items()}
    bare = medians["python -c pass"]
    print(f"{'':22}{'median':>9}{'worst':>9}{'ratio':>8}")
    for name, taken in seconds.items():
        median = medians[name]
        print(f"{name:22}{median:8.3f}s{max(taken):8.3f}s{median / bare:7.1f}x")
    is_kept = medians["cratewise --help"] <= PROMISED_SECONDS
    print(f"promised {PROMISED_SECONDS} s for --help: {'kept' if is_kept else 'BROKEN'}")
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
