"""How a process is told from every other, on whichever machine and at whichever time."""

import os
import platform
import uuid
from functools import cache

import psutil


def this_process() -> str:
    """Its machine, its number and when it started: numbers are used again."""
    pid = os.getpid()
    return f"{this_machine()} {pid} {started(psutil.Process(pid)):.2f}"


@cache
def this_machine() -> str:
    return f"{platform.node()}/{uuid.getnode():x}"


def started(process: psutil.Process) -> float:
    """Seconds from when the machine started: the wall clock may have been set since."""
    return float(process.create_time() - psutil.boot_time())
