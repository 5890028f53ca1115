"""The code can be read in one order, downwards, along a listing's way; these tests hold it."""

import ast
import re
from pathlib import Path

import pytest
from tests.layout.order import ROOMS
from tests.layout.reading import (
    PACKAGE,
    files,
    imported_modules,
    imports,
    module_name,
    parsed,
    room,
)

DOORS = {"api", "cli", "jobs"}
ASIDE = {"simulator", "__main__"}  # no part of the order; rules of their own below

SQL_TYPES = {"Engine", "Connection", "Row", "RowMapping"}  # what may be passed through a room
DRIVERS = {"sqlite3", "psycopg"}
SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE"
    r"|ALTER\s+TABLE|DROP\s+TABLE|PRAGMA|BEGIN|WITH\s+\w+\s+AS)\b",
    re.DOTALL,
)

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "service", "services", "manager", "common"}
VAGUE_WORDS = {"data", "info", "handle", "do"}
NAMED_BY_OTHERS = {
    "data_dir",  # CRATEWISE_DATA_DIR, as every program of its kind calls it
    "handle_request",  # httpx's
    "process_bind_param",  # SQLAlchemy's
    "process_result_value",
}


def _each_file() -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(PACKAGE))) for path in files()]


@pytest.mark.parametrize("path", _each_file())
def test_a_file_imports_only_from_rooms_above_its_own(path: Path) -> None:
    own = room(module_name(path))
    if own in ASIDE or not own:
        return
    assert own in ROOMS, f"{own} has no place in the order of rooms"

    below = {
        module
        for module in imported_modules(path)
        if room(module) not in {"", own, "simulator"}
        and ROOMS.index(room(module)) > ROOMS.index(own)
    }

    assert not below


@pytest.mark.parametrize("path", _each_file())
def test_only_doors_read_settings(path: Path) -> None:
    if room(module_name(path)) in DOORS | {"settings"}:
        return

    asked = {one.line for one in imports(path) if one.target == "cratewise.settings"}
    read = {
        node.lineno
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }

    assert not asked
    assert not read or module_name(path) == "cratewise.region"


@pytest.mark.parametrize("path", _each_file())
def test_all_sql_lives_in_the_store(path: Path) -> None:
    if room(module_name(path)) == "store":
        return

    foreign = {
        f"{one.target}.{one.name}"
        for one in imports(path)
        if one.target in DRIVERS
        or (one.target.partition(".")[0] == "sqlalchemy" and one.name not in SQL_TYPES)
    }
    written = {
        node.value
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    }

    assert not foreign
    assert not written


@pytest.mark.parametrize("path", _each_file())
def test_the_simulator_and_the_product_know_nothing_of_each_other(path: Path) -> None:
    own = room(module_name(path))
    strangers = {
        module
        for module in imported_modules(path)
        if (own == "simulator") != (room(module) == "simulator")
    }

    if own == "cli":  # starts it for people
        return
    if own == "simulator":
        assert not strangers
    else:
        assert not {module for module in strangers if room(module) == "simulator"}


def test_no_two_files_import_each_other_even_in_a_roundabout_way() -> None:
    wanted = {module_name(path): imported_modules(path, when_run=True) for path in files()}
    # Whoever imports a module runs its packages' __init__ first, which import nothing here.
    settled: set[str] = set()
    while ready := {name for name in wanted if name not in settled and wanted[name] <= settled}:
        settled |= ready

    assert set(wanted) - settled == set()


@pytest.mark.parametrize("path", _each_file())
def test_names_say_what_they_are(path: Path) -> None:
    given = {
        node.name: node.lineno
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }

    assert path.stem not in EMPTY_NAMES | VAGUE_WORDS
    assert not {name: line for name, line in given.items() if _is_vague(name)}


def _is_vague(name: str) -> bool:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    for allowed in NAMED_BY_OTHERS:
        spaced = spaced.replace(allowed, "")
    words = spaced.strip("_").split("_")
    # A process is a noun of the operating system's; as a verb it says nothing.
    return bool(set(words) & (EMPTY_NAMES | VAGUE_WORDS)) or words[0] == "process"


@pytest.mark.parametrize("path", _each_file())
def test_a_file_says_what_it_is_for_and_stays_small(path: Path) -> None:
    if "versions" in path.parts:
        return

    assert ast.get_docstring(parsed(path))
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_nine_functions_in_ten_are_under_fifty_lines() -> None:
    lengths = [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in files()
        if "versions" not in path.parts  # a migration is one long list
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef)
    ]

    assert sum(length < 50 for length in lengths) >= 0.9 * len(lengths)
    assert max(lengths) < 120
