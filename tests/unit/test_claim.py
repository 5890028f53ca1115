"""A dead worker is recognised at once on its own machine, by its silence from any other."""

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from tests.builders import NOON
from tests.conftest import HandClock

from cratewise.inventory.claim import SILENCE_SECONDS, Watch, has_ended, new_worker
from cratewise.store.pulls import Pull

ELSEWHERE = "another-machine/1f2e 4711 12.50 0123456789ab"


def a_pull(worker: str | None, beats: int = 0) -> Pull:
    told: dict[str, Any] = dict.fromkeys(Pull._fields)
    told |= {"id": 1, "worker": worker, "heartbeat_at": NOON + timedelta(seconds=beats)}
    return Pull(**told)


def a_worker_that_ended() -> str:
    code = "from cratewise.inventory.claim import new_worker; print(new_worker())"
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_a_process_that_runs_has_not_ended() -> None:
    assert not has_ended(new_worker())


def test_a_process_that_ended_is_found_dead_at_once(clock: HandClock) -> None:
    worker = a_worker_that_ended()

    assert has_ended(worker)
    assert Watch(clock).is_dead(a_pull(worker))


def test_a_process_that_has_the_number_of_a_dead_one_is_not_taken_for_it() -> None:
    machine, _, _, nonce = new_worker().split(" ")

    assert has_ended(f"{machine} {os.getpid()} 1.00 {nonce}")


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="no process lingers here")
def test_a_killed_process_that_nobody_has_buried_is_dead() -> None:
    code = (
        "from cratewise.inventory.claim import new_worker; print(new_worker(), flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        worker = process.stdout.readline().strip()
        assert not has_ended(worker)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # dead, and still in the table
        assert has_ended(worker)


@pytest.mark.parametrize("nobody", ["", "somebody", "a b c d"])
def test_a_name_that_no_worker_has_is_nobodys(nobody: str) -> None:
    assert has_ended(nobody)


def test_a_worker_elsewhere_is_dead_when_its_heart_stands_still(clock: HandClock) -> None:
    watch = Watch(clock)

    assert not watch.is_dead(a_pull(ELSEWHERE, beats=0))
    clock.advance(SILENCE_SECONDS - 1)
    assert not watch.is_dead(a_pull(ELSEWHERE, beats=0))
    clock.advance(2)
    assert watch.is_dead(a_pull(ELSEWHERE, beats=0))


def test_a_worker_elsewhere_lives_while_its_heart_beats_whatever_its_clock_says(
    clock: HandClock,
) -> None:
    watch = Watch(clock)

    for beat in range(10):
        assert not watch.is_dead(a_pull(ELSEWHERE, beats=-86_400 + beat))
        clock.advance(SILENCE_SECONDS - 1)
    clock.jump(86_400)
    assert not watch.is_dead(a_pull(ELSEWHERE, beats=-1))


def test_every_run_has_a_name_of_its_own() -> None:
    assert new_worker() != new_worker()
