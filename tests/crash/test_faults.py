"""Under load: processes are killed, the database is restarted; nothing is lost, all comes back."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.postgres import postgres_binaries

FAULTS = Path(__file__).parents[2] / "benchmarks" / "faults.py"
SHORT = ["--minutes", "0.15", "--patient"]


@pytest.mark.crash
@pytest.mark.parametrize(
    "words", [["kill", "--only", "sqlite"], ["database", "--only", "postgresql"]], ids=" ".join
)
def test_nothing_is_lost_or_doubled_and_all_comes_back(words: list[str]) -> None:
    if "postgresql" in words and postgres_binaries() is None:
        pytest.skip("PostgreSQL is not installed")

    ended = subprocess.run(
        [sys.executable, str(FAULTS), *words, *SHORT], capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "nothing lost or doubled, all back: kept" in ended.stdout
