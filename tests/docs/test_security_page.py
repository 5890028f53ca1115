"""docs/security.md names a test for each threat, and each of them is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "security.md"
ROW = re.compile(r"^\| (?!threat|---)(.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")


def threats() -> list[object]:
    rows = ROW.findall(PAGE.read_text("utf-8"))
    return [pytest.param(guard, held, id=threat[:60]) for threat, guard, held in rows]


@pytest.mark.parametrize(("guard", "held"), threats())
def test_each_threat_has_a_guard_and_tests_that_exist(guard: str, held: str) -> None:
    assert guard.strip()
    named = NAMED.findall(held)
    assert named, "no test is named"
    for file, test in named:
        text = (ROOT / file).read_text("utf-8")
        assert re.search(rf"^def {test}\(", text, re.MULTILINE) or not test, test


def test_the_page_tells_of_every_door() -> None:
    assert len(threats()) > 30
