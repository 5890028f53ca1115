"""docs/ is a whole: every page has its place, and names all that there is and nothing else."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.docs.generated import DESCRIBED, ROOT, described_routes

from cratewise.api.problems import FOREIGN, FRAMEWORK, KINDS, TYPE
from cratewise.cli.app import DEEDS, load
from cratewise.settings import SETTINGS

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
SECTIONS = ("install", "first-dig", "how-to", "api", "operation", "security", "glossary")
ALL_TEXT = "\n".join(page.read_text("utf-8") for page in [ROOT / "README.md", *PAGES])
CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def code() -> str:
    """All that stands in code, on the front page and in docs/."""
    return "\n".join("".join(found) for found in CODE.findall(ALL_TEXT))


def commands() -> Iterator[str]:
    """Every command as it is typed; of one that has commands of its own, those."""
    for name in DEEDS:
        inner = getattr(load(name), "commands", {})
        yield from [f"cratewise {name} {one}" for one in inner] or [f"cratewise {name}"]


def routes() -> set[tuple[str, str]]:
    """Method and path of every address that the API describes."""
    paths: dict[str, dict[str, Any]] = json.loads(DESCRIBED.read_text("utf-8"))["paths"]
    return {(method.upper(), path) for path, methods in paths.items() for method in methods}


def test_the_front_page_leads_to_every_page_and_every_section_is_there() -> None:
    front = (DOCS / "README.md").read_text("utf-8")
    linked = set(re.findall(r"\]\((?!https?:|#)([^)#]+)", front))

    assert {f"{name}.md" for name in SECTIONS} <= linked
    assert {page.name for page in PAGES} - {"README.md"} <= linked
    assert "decisions/README.md" in linked


@pytest.mark.parametrize("command", list(commands()))
def test_every_command_is_shown(command: str) -> None:
    assert re.search(rf"\b{re.escape(command)}\b", code()), "docs/how-to.md lacks it"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda one: one.name)
def test_every_setting_is_explained(setting: Any) -> None:
    assert f"| `{setting.name}` | {setting.help} |" in ALL_TEXT


def test_the_page_of_the_api_names_every_route_and_none_that_is_not() -> None:
    page = (DOCS / "api.md").read_text("utf-8")
    part = page.partition("<!-- routes -->\n")[2].partition("<!-- /routes -->")[0]
    named = set(re.findall(r"^\| `([A-Z]+) (\S+)` \|", part, re.MULTILINE))

    assert named == routes(), "run `make docs`"
    assert all(line in described_routes().splitlines() for line in part.strip().splitlines()[:2])


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: page.stem)
def test_a_page_names_only_addresses_that_are_there(page: Path) -> None:
    paths = {re.sub(r"\{[^}]*\}", "{}", path) for _, path in routes()}
    text = page.read_text("utf-8")

    for found in re.findall(r"/api/v1/[\w/{}-]+", text):
        told = re.sub(r"\{[^}]*\}", "{}", found.rstrip("/"))
        assert any(path == told or path.startswith(f"{told}/") for path in paths), found


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: page.stem)
def test_a_page_names_only_refusals_that_are_told(page: Path) -> None:
    known = {kind.name for kind in (*FRAMEWORK.values(), FOREIGN)}
    known |= {kind.name for _, kind in KINDS}
    named = set(re.findall(rf"{TYPE}([a-z-]+)", page.read_text("utf-8")))

    assert named <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_names_only_files_of_the_repository_that_are_there(page: Path) -> None:
    text = page.read_text("utf-8")

    for named in re.findall(r"`((?:benchmarks|deploy|docs|tests|src)/[\w./@-]+?)`", text):
        assert (ROOT / named).exists(), named
