"""Ask OR-Tools' solver for the best answer, and leave Ctrl-C to whom it belongs."""

import signal
import threading
from typing import Any


def ask_solver(model: Any, *, seconds: float, threads: int) -> tuple[Any, Any]:
    """The solver with its answer to a `CpModel`, and its status.

    seconds  it searches at most; then the best that it found is its answer.

    On the main thread Ctrl-C ends the search as if its time were over.
    """
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = threads
    solver.parameters.random_seed = 1
    # It would take Ctrl-C over and leave it to the system, which ends us in the middle of
    # whatever a server or a pull is at.
    is_main = threading.current_thread() is threading.main_thread()
    solver.parameters.catch_sigint_signal = is_main
    before = signal.getsignal(signal.SIGINT)
    try:
        return solver, solver.solve(model)
    finally:
        if is_main and before is not None:
            signal.signal(signal.SIGINT, before)
