"""The documents say what the program does, and nothing that it does not."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from tests.docs import generated
from tests.docs.session import session, steady

from cratewise.cli.app import DEEDS, load
from cratewise.cli.ending import MEANINGS
from cratewise.settings import SETTINGS

ROOT = generated.ROOT
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

# Read by no Settings: what leaves the page out of a build, what shows tracebacks, and what tells
# the tests of a server.
OTHER_VARIABLES = {
    "CRATEWISE_BUILD_WITHOUT_PAGE",
    "CRATEWISE_DEBUG",
    "CRATEWISE_REQUESTS",
    "CRATEWISE_TEST_POSTGRES_URL",
}


def _each_page() -> list[object]:
    return [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES]


def test_the_generated_parts_of_the_readme_are_up_to_date() -> None:
    text = generated.README.read_text("utf-8")

    assert generated.with_parts(text) == text, "run `make docs`"


def test_the_readme_shows_what_the_demo_shows() -> None:
    text = generated.README.read_text("utf-8")
    block = text.partition("<!-- demo -->\n")[2].partition("\n<!-- /demo -->")[0]

    assert steady(block) == steady(session(minute_seconds=0.25)), "run `make docs`"


@pytest.mark.parametrize("page", _each_page())
def test_a_page_names_only_settings_that_exist(page: Path) -> None:
    known = {setting.name for setting in SETTINGS} | OTHER_VARIABLES

    assert set(re.findall(r"CRATEWISE_[A-Z_]+[A-Z]", page.read_text("utf-8"))) <= known


@pytest.mark.parametrize("page", _each_page())
def test_a_page_shows_only_commands_and_options_that_exist(page: Path) -> None:
    for line in _command_lines(page.read_text("utf-8")):
        _assert_understood(line)


@pytest.mark.parametrize("name", DEEDS)
def test_a_command_is_listed_by_the_first_line_of_its_help(name: str) -> None:
    help_text = load(name).help or ""

    assert help_text.strip().splitlines()[0] == DEEDS[name].purpose


@pytest.mark.parametrize("name", DEEDS)
def test_a_command_shows_examples_that_it_understands(name: str) -> None:
    examples = re.findall(r"^  (cratewise .+?)(?:  .*)?$", load(name).epilog or "", re.MULTILINE)

    assert examples
    for line in examples:
        _assert_understood(line)


@pytest.mark.parametrize("name", DEEDS)
def test_a_command_that_shows_something_has_json_for_programs(name: str) -> None:
    command = load(name)
    for each in getattr(command, "commands", {"": command}).values():
        options = {option for parameter in each.params for option in parameter.opts}
        assert "--json" in options or name in {"demo", "export"}


@pytest.mark.parametrize("page", _each_page())
def test_a_page_links_only_to_files_that_are_there(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_the_readme_tells_every_exit_code() -> None:
    text = generated.README.read_text("utf-8")

    assert all(f"| {code} | {meaning} |" in text for code, meaning in MEANINGS.items())


def test_the_readme_carries_the_notices_that_discogs_asks_for() -> None:
    text = " ".join(generated.README.read_text("utf-8").split())

    assert (
        "This application uses Discogs’ API but is not affiliated with, sponsored or endorsed by "
        "Discogs. ‘Discogs’ is a trademark of Zink Media, LLC."
    ).replace("’", "'").replace("‘", "'") in text
    assert "Data provided by Discogs." in text


def _command_lines(text: str) -> list[str]:
    """Every `cratewise ...` in code: spans, and lines of blocks, before a pipe or a comment."""
    blocks = re.findall(r"```[a-z]*\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    found = []
    for line in [*lines, *spans]:
        told = re.match(r"(?:\$ )?(?:[A-Z_]+=\S+ )*(cratewise(?: .*)?)$", line.strip())
        if told:
            found.append(re.split(r"\s[|>#]|\s{2,}", told[1])[0])
    return found


def _assert_understood(line: str) -> None:
    words = shlex.split(line.replace("SELLER...", "SELLER").replace("[SELLER]", "SELLER"))[1:]
    if not words or words[0].startswith("-"):
        assert set(words) <= {"--help", "-h", "--version", "-V", "--install-completion"}, line
        return
    if words[0] == "COMMAND":
        return
    assert words[0] in DEEDS, line
    command: Any = load(words[0])
    rest = words[1:]
    while rest and rest[0] in getattr(command, "commands", {}):
        command, rest = command.commands[rest[0]], rest[1:]
    options = {
        option for each in command.params for option in [*each.opts, *each.secondary_opts]
    } | {"--help", "-h"}
    used = {word.partition("=")[0] for word in rest if word.startswith("-") and word != "-"}
    assert used <= options, line
