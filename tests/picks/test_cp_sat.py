"""Whoever asks the solver keeps their own Ctrl-C: it would end a server at its work."""

import subprocess
import sys

import pytest

PROGRAM = """
import signal, sys, threading
from ortools.sat.python import cp_model
from cratewise.picks.cp_sat import ask_solver

def ask():
    model = cp_model.CpModel()
    chosen = model.new_bool_var("chosen")
    model.maximize(chosen)
    solver, status = ask_solver(model, seconds=5, threads=1)
    print(solver.value(chosen), status == cp_model.OPTIMAL)

if sys.argv[1] == "main":
    ask()
else:
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("ours")
"""


@pytest.mark.parametrize("where", ["main", "a thread"])
def test_ctrl_c_is_ours_again_once_the_solver_has_answered(where: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, where], capture_output=True, text=True, check=False
    )

    assert (answer.returncode, answer.stdout.split("\n")) == (0, ["1 True", "ours", ""])
