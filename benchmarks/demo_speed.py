"""How long a newcomer waits for `cratewise demo`: for the first ranking, and for all of it.

    python benchmarks/demo_speed.py

Promised, set-up apart: 20 s and 60 s.
"""

import subprocess
import sys
import time

PROMISED_SECONDS = {"the first ranking": 20.0, "all of it": 60.0}
RANKING = "Data provided by Discogs."  # stands below each


def main() -> int:
    seconds = _timed()
    print(f"{'':20}{'took':>9}{'promised':>10}{'ratio':>8}")
    for name, promised in PROMISED_SECONDS.items():
        took = seconds[name]
        print(f"{name:20}{took:8.1f}s{promised:9.0f}s{took / promised:8.2f}")
    return int(any(seconds[name] > promised for name, promised in PROMISED_SECONDS.items()))


def _timed() -> dict[str, float]:
    began = time.perf_counter()
    seconds: dict[str, float] = {}
    with subprocess.Popen(
        [sys.executable, "-m", "cratewise", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if line.startswith(RANKING):
                seconds.setdefault("the first ranking", time.perf_counter() - began)
    seconds["all of it"] = time.perf_counter() - began
    if demo.returncode:
        raise SystemExit(f"The demo failed with {demo.returncode}.")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
