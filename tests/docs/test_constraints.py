"""constraints.txt pins what is installed, and records nothing of where it was pinned."""

import re
import tomllib

from tests.docs.generated import ROOT

PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9.!+_-]+)")
LINES = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def key(name: str) -> str:
    """A package's name as the registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_line_is_a_name_and_a_version_and_nothing_else() -> None:
    assert all(PIN.fullmatch(line) for line in LINES)


def test_every_dependency_that_we_name_is_pinned() -> None:
    pinned = {key(line.partition("==")[0]) for line in LINES}
    asked = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["dependency-groups"]["dev"],
        *PROJECT["build-system"]["requires"],
    ]

    missing = {
        key(name)
        for name in (re.split(r"[\[<>=!~; ]", requirement)[0] for requirement in asked)
        if key(name) not in pinned and key(name) != "tzdata"  # for Windows alone
    }

    assert not missing, "run `make constraints`"
