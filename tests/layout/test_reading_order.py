"""The code can be read in one order, downwards, along a listing's way; these tests hold it."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

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


def test_a_file_imports_only_from_rooms_above_its_own() -> None:
    assert not broken_by(_imports_from_below)


def test_only_doors_read_settings() -> None:
    assert not broken_by(_reads_settings)


def test_all_sql_lives_in_the_store() -> None:
    assert not broken_by(_asks_the_database)


def test_the_simulator_and_the_product_know_nothing_of_each_other() -> None:
    assert not broken_by(_knows_the_other_side)


def test_names_say_what_they_are() -> None:
    assert not broken_by(_has_empty_names)


def test_a_file_says_what_it_is_for_and_stays_small() -> None:
    assert not broken_by(_is_silent_or_long)


def test_no_two_files_import_each_other_even_in_a_roundabout_way() -> None:
    wanted = {module_name(path): imported_modules(path, when_run=True) for path in files()}
    # Whoever imports a module runs its packages' __init__ first, which import nothing here.
    settled: set[str] = set()
    while ready := {name for name in wanted if name not in settled and wanted[name] <= settled}:
        settled |= ready

    assert set(wanted) - settled == set()


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


def broken_by(rule: Callable[[Path, str], Iterable[object]]) -> dict[str, list[object]]:
    """What breaks a rule, by file; a rule is given a file and its room."""
    found = {path: list(rule(path, room(module_name(path)))) for path in files()}
    return {str(path.relative_to(PACKAGE)): what for path, what in found.items() if what}


def _imports_from_below(path: Path, own: str) -> Iterator[object]:
    if own in ASIDE or not own:
        return
    if own not in ROOMS:
        yield f"{own} has no place in the order of rooms"
        return
    for module in imported_modules(path):
        theirs = room(module)
        if theirs not in {"", "simulator"} and ROOMS.index(theirs) > ROOMS.index(own):
            yield module


def _reads_settings(path: Path, own: str) -> Iterator[object]:
    if own in DOORS | {"settings"}:
        return
    for one in imports(path):
        if one.target == "cratewise.settings":
            yield one
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
            yield f"line {node.lineno}: {node.attr}"


def _asks_the_database(path: Path, own: str) -> Iterator[object]:
    if own == "store":
        return
    for one in imports(path):
        is_sqlalchemy = one.target.partition(".")[0] == "sqlalchemy"
        if one.target in DRIVERS or (is_sqlalchemy and one.name not in SQL_TYPES):
            yield one
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            yield f"line {node.lineno}: {node.value}"


def _knows_the_other_side(path: Path, own: str) -> Iterator[object]:
    if own == "cli":  # starts it for people
        return
    for module in imported_modules(path):
        if (own == "simulator") != (room(module) == "simulator"):
            yield module


def _has_empty_names(path: Path, _: str) -> Iterator[object]:
    if path.stem in EMPTY_NAMES | VAGUE_WORDS:
        yield path.stem
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and _is_vague(node.name):
            yield f"line {node.lineno}: {node.name}"


def _is_silent_or_long(path: Path, _: str) -> Iterator[object]:
    if "versions" in path.parts:
        return
    if not ast.get_docstring(parsed(path)):
        yield "no docstring"
    # One list each, looked things up in rather than read: an error or a table more is no tangle.
    is_one_list = path.name in ("errors.py", "tables.py")
    if len(path.read_text("utf-8").splitlines()) > 400 and not is_one_list:
        yield "more than 400 lines"


def _is_vague(name: str) -> bool:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    for allowed in NAMED_BY_OTHERS:
        spaced = spaced.replace(allowed, "")
    words = spaced.strip("_").split("_")
    # A process is a noun of the operating system's; as a verb it says nothing.
    return bool(set(words) & (EMPTY_NAMES | VAGUE_WORDS)) or words[0] == "process"
