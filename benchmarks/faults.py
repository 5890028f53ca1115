"""Let what an installation stands on fail, under load: is anything lost, and does it come back?

    python benchmarks/faults.py                          each fault for a minute, both databases
    python benchmarks/faults.py kill --minutes 15        one of them, longer
    python benchmarks/faults.py disk --only sqlite

    kill      servers and workers are killed at random, and started again
    database  PostgreSQL is stopped, as by an operator and as by a power cut, and started
    disk      the disk of database and data is full for a while (needs root)
    clock     the clock of servers and workers is set forth and back, by hours and days
    network   the line to PostgreSQL is cut without a word, and the one to Discogs (needs root)

Lost are verdicts that were answered as kept and are not there, and listings of sellers
whose pull ended well; doubled is what is there more than once, or was never given.
"""

import argparse
import ctypes
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import ordeal
from benchmarks.ordeal import (
    LATENCY,
    LIMIT,
    MINUTE_SECONDS,
    House,
    Load,
    lost_and_doubled,
    market,
    seconds_until_back,
    settled,
)
from tests.postgres import PostgresServer, postgres_binaries

from cratewise.simulator import Simulator

AWAY_SECONDS = 5.0  # as long as whatever fails is away, each time
DISK_MEGABYTES = 400
CLOCK_MOVES = (3600.0, -7200.0, 86_400.0, 0.0, -86_400.0, 30 * 86_400.0, 0.0)  # seconds wrong
OUTSIDE, INSIDE = "10.77.0.1", "10.77.0.2"
DISCOGS = "127.0.0.2"  # within the network, so that it is this machine's own
CLONE_NEWNET = 0x40000000

Fault = Callable[["Scene", random.Random], None]


@dataclass
class Scene:
    """What a fault may lay hands on.

    house   the processes; started once all stands on which they stand.
    enter   puts the thread that calls it into the network of the processes.
    """

    folder: Path
    database: str = ""
    server: PostgresServer | None = None
    network: str = ""
    program: tuple[str, ...] = (sys.executable, "-m", "cratewise")
    market_url: str = ""
    enter: Callable[[], None] = lambda: None
    times: int = 0
    stack: ExitStack = field(default_factory=ExitStack)
    house: House | None = None


def kill(scene: Scene, dice: random.Random) -> None:
    assert scene.house is not None
    time.sleep(dice.uniform(2, 8))
    scene.house.kill(dice.choice(scene.house.names))


def database(scene: Scene, dice: random.Random) -> None:
    assert scene.server is not None
    time.sleep(dice.uniform(5, 10))
    scene.server.stop(("fast", "immediate")[scene.times % 2])
    time.sleep(dice.uniform(0, AWAY_SECONDS))
    scene.server.start()


def disk(scene: Scene, dice: random.Random) -> None:
    time.sleep(dice.uniform(3, 6))
    ballast = scene.folder / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(65_536))
    time.sleep(AWAY_SECONDS)
    ballast.unlink()
    if scene.server is not None and not _answers(scene.server):
        scene.server.start()  # PostgreSQL itself ends where its log finds no room


def clock(scene: Scene, dice: random.Random) -> None:
    time.sleep(dice.uniform(4, 8))
    _write_clock(scene, CLOCK_MOVES[scene.times % len(CLOCK_MOVES)])


def network(scene: Scene, dice: random.Random) -> None:
    time.sleep(dice.uniform(5, 10))
    # At our end of the line: at the other, packets go and nothing comes back.
    cut: tuple[str, ...] = ("link", "set", f"{scene.network}-out", "down")
    mend: tuple[str, ...] = ("link", "set", f"{scene.network}-out", "up")
    if scene.times % 2 or scene.server is None:
        route = ("-n", scene.network, "route")
        cut = (*route, "replace", "blackhole", f"{DISCOGS}/32", "table", "local")
        mend = (*route, "del", "blackhole", f"{DISCOGS}/32", "table", "local")
    _ip(*cut)
    time.sleep(dice.uniform(AWAY_SECONDS, 4 * AWAY_SECONDS))
    _ip(*mend)


FAULTS: dict[str, Fault] = {
    "kill": kill,
    "database": database,
    "disk": disk,
    "clock": clock,
    "network": network,
}
NEEDS_ROOT = frozenset({"disk", "network"})


@contextmanager
def scene_of(fault: str, name: str) -> Iterator[Scene]:
    """All that the processes stand on, before they are started."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        scene = Scene(folder, stack=stack)
        if fault == "disk":
            _small_disk(scene)
        if fault == "network":
            _own_network(scene)
        if fault == "clock":
            _write_clock(scene, 0)
            moved = str(Path(__file__).parents[1] / "tests" / "crash" / "moved_clock.py")
            scene.program = (sys.executable, moved, str(folder / "wrong-by"))
        scene.database = f"sqlite:///{folder / 'cratewise.sqlite'}"
        if name == "PostgreSQL":
            binaries = postgres_binaries()
            assert binaries is not None
            folder.chmod(0o755)  # for the user as whom it runs
            listen = OUTSIDE if fault == "network" else ""
            scene.server = PostgresServer(binaries, fsync=True, within=folder, listen=listen)
            scene.database = stack.enter_context(scene.server)
        scene.market_url = stack.enter_context(_market(scene)).url
        yield scene


def _market(scene: Scene) -> Simulator:
    """The market, which listens where the processes are, and answers from here."""
    made: list[Simulator] = []

    def make() -> None:
        scene.enter()
        made.append(
            Simulator(
                market(), rate_limit=LIMIT, minute_seconds=MINUTE_SECONDS, latency=LATENCY,
                host=DISCOGS if scene.network else "127.0.0.1",
            )
        )  # fmt: skip

    _in_thread(make)
    return made[0]


def _small_disk(scene: Scene) -> None:
    size = f"size={DISK_MEGABYTES}m,mode=0755"
    _run("mount", "-t", "tmpfs", "-o", size, "cratewise", str(scene.folder))
    scene.stack.callback(_run, "umount", "--lazy", str(scene.folder))


def _own_network(scene: Scene) -> None:
    """A network of their own for the processes, with one line to where PostgreSQL is."""
    name = scene.network = f"cw{os.getpid()}"
    _ip("netns", "add", name)
    scene.stack.callback(_ip, "netns", "del", name)
    _ip("link", "add", f"{name}-out", "type", "veth", "peer", "name", "inside", "netns", name)
    _ip("addr", "add", f"{OUTSIDE}/24", "dev", f"{name}-out")
    _ip("link", "set", f"{name}-out", "up")
    _ip("-n", name, "addr", "add", f"{INSIDE}/24", "dev", "inside")
    _ip("-n", name, "link", "set", "inside", "up")
    _ip("-n", name, "link", "set", "lo", "up")
    scene.program = ("ip", "netns", "exec", name, *scene.program)
    there = os.open(f"/var/run/netns/{name}", os.O_RDONLY)
    scene.stack.callback(os.close, there)
    libc = ctypes.CDLL(None, use_errno=True)

    def enter() -> None:
        if libc.setns(there, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")

    scene.enter = enter


def _write_clock(scene: Scene, seconds: float) -> None:
    beside = scene.folder / "wrong-by.new"
    beside.write_text(str(seconds), "utf-8")
    beside.replace(scene.folder / "wrong-by")  # at once: it is read all the time


def _answers(server: PostgresServer) -> bool:
    with suppress(subprocess.CalledProcessError):
        return server.is_running()
    return False


def _in_thread(deed: Callable[[], object]) -> None:
    import threading

    thread = threading.Thread(target=deed)
    thread.start()
    thread.join()


def _ip(*words: str) -> None:
    _run("ip", *words)


def _run(*words: str) -> None:
    subprocess.run(words, check=True)


def endure(scene: Scene, fault: str, minutes: float, seed: int) -> tuple[str, bool]:
    """Let it fail again and again under load; a row of the table, and whether all is well."""
    house = scene.house = House(
        scene.database, scene.market_url, scene.folder, program=scene.program
    )
    scene.stack.callback(house.close)
    seconds_until_back(house, scene.enter)
    load, dice = Load(house, scene.enter), random.Random(seed)
    until = time.monotonic() + 60 * minutes
    try:
        while time.monotonic() < until:
            FAULTS[fault](scene, dice)
            scene.times += 1
        back = seconds_until_back(house, scene.enter)
    finally:
        load.end()
    asked = load.asked
    states, problems = settled(house, asked)
    lost, doubled, more = lost_and_doubled(house, asked, set(asked.jobs.values()))
    ended = sum(house.ended.values())
    if fault != "kill" and ended:
        problems.append(f"processes ended by themselves: {dict(house.ended)}")
    row = f"{scene.times:6}{ended:7}{asked.good:9}{sum(asked.refused.values()):9}"
    row += f"{len(asked.verdicts):10}{states['done']:7}{asked.longest:11.1f}{back:8.1f}"
    row += f"{lost:6}{doubled:9}"
    told = "".join(f"\n  {one}" for one in problems + more)
    refused = ", ".join(f"{count} {what}" for what, count in asked.refused.most_common(4))
    told += f"\n  refused: {refused}" if refused else ""
    return row + told, not (lost or doubled or problems or more)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("faults", nargs="*", choices=[*FAULTS, []], default=[])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--patient", action="store_true", help="wait longer: a busy machine")
    parser.add_argument("--log", type=Path, help="keep what the processes said here")
    told = parser.parse_args()
    if told.patient:
        ordeal.HANGS_AFTER *= 4
    print(f"{told.minutes:g} minutes each, loads: {os.getloadavg()[0]:.1f}")
    print(f"{'':21}{'times':>6}{'ended':>7}{'answers':>9}{'refused':>9}{'verdicts':>10}", end="")
    print(f"{'pulls':>7}{'longest s':>11}{'back s':>8}{'lost':>6}{'doubled':>9}", flush=True)
    are_well = []
    for fault in told.faults or FAULTS:
        for name in ("SQLite", "PostgreSQL"):
            if told.only not in (None, name.lower()) or (fault, name) == ("database", "SQLite"):
                continue
            left_out = _why_left_out(fault, name)
            if left_out:
                print(f"{fault:9} {name:11}  left out: {left_out}")
                continue
            with scene_of(fault, name) as scene:
                row, is_well = endure(scene, fault, told.minutes, told.seed)
                if told.log:
                    assert scene.house is not None
                    shutil.copy(scene.house.log, f"{told.log}-{fault}-{name}")
            print(f"{fault:9} {name:11}{row}", flush=True)
            are_well.append(is_well)
    print(f"promised: nothing lost or doubled, all back: {'kept' if all(are_well) else 'BROKEN'}")
    return 0 if all(are_well) else 1


def _why_left_out(fault: str, name: str) -> str:
    if name == "PostgreSQL" and postgres_binaries() is None:
        return "PostgreSQL is not installed here"
    if fault in NEEDS_ROOT and (os.geteuid() != 0 or shutil.which("ip") is None):
        return "it needs root"
    return ""


if __name__ == "__main__":
    sys.exit(main())
