"""Three workers and two servers on one PostgreSQL, of which two are killed and one is frozen."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

SCALE = Path(__file__).parents[2] / "benchmarks" / "scale.py"


@pytest.mark.crash
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_everything_is_done_once_and_both_servers_answer_throughout(
    store: Engine, database_url: str
) -> None:
    ended = subprocess.run(
        [sys.executable, str(SCALE), "--minute-seconds", "10", "--patient",
         "--database", database_url],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "always answered: kept" in ended.stdout
