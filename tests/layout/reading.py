"""Read our own source: which file imports what, and which names it gives."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[2] / "src"
PACKAGE = SOURCE / "cratewise"


class Import(NamedTuple):
    """`from target import name` as it stands in a file; name is empty for `import target`."""

    line: int
    target: str
    name: str
    is_for_types: bool  # under `if TYPE_CHECKING`: read by people and mypy, never run


@cache
def files() -> tuple[Path, ...]:
    return tuple(sorted(PACKAGE.rglob("*.py")))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    """`cratewise.store.rates` -> `store`; `cratewise.money` -> `money`; `cratewise` -> ``."""
    return module.split(".")[1] if "." in module else ""


def imports(path: Path) -> Iterator[Import]:
    types = _lines_for_types(parsed(path))
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(node.lineno, alias.name, "", node.lineno in types)
        elif isinstance(node, ast.ImportFrom):
            target = _in_full(path, node)
            for alias in node.names:
                yield Import(node.lineno, target, alias.name, node.lineno in types)


def _lines_for_types(tree: ast.Module) -> set[int]:
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def _in_full(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    folders = path.relative_to(SOURCE).parts[: -node.level]
    return ".".join([*folders, *filter(None, [node.module])])


def imported_modules(path: Path, *, when_run: bool = False) -> set[str]:
    """The modules of ours that a file imports, `from package import module` resolved.

    when_run    without those that only types need.
    """
    ours = {module_name(other) for other in files()}
    found = set()
    for one in imports(path):
        if one.target.partition(".")[0] == "cratewise" and not (when_run and one.is_for_types):
            deeper = f"{one.target}.{one.name}"
            found.add(deeper if deeper in ours else one.target)
    return found & ours
