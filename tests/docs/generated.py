"""The parts of README.md that the program writes: tree, commands, settings, exit codes, demo.

`make docs` writes them anew; test_readme.py compares.
"""

import ast
import re
from collections.abc import Callable
from pathlib import Path

from tests.docs.session import session
from tests.layout.order import ROOMS

from cratewise.cli.app import DEEDS
from cratewise.cli.demo import MINUTE_SECONDS
from cratewise.cli.ending import MEANINGS
from cratewise.settings import SETTINGS

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PACKAGE = ROOT / "src" / "cratewise"


def tree() -> str:
    """The rooms in reading order, each with the first line of its docstring."""
    files = [PACKAGE / f"{name}.py" for name in [*ROOMS, "simulator"]]
    paths = [path if path.exists() else path.with_suffix("") for path in files]
    rooms = [path for path in paths if path.exists()]
    names = [path.name + "/" * path.is_dir() for path in rooms]
    width = max(map(len, names))
    lines = [
        f"  {name:<{width}}  {first_line(path)}".rstrip()
        for name, path in zip(names, rooms, strict=True)
    ]
    return "\n".join(["```", "src/cratewise/", *lines, "```"])


def commands() -> str:
    rows = [f"| `cratewise {name}` | {deed.purpose} |" for name, deed in DEEDS.items()]
    return "\n".join(["| | |", "| --- | --- |", *rows])


def settings() -> str:
    rows = [f"| `{each.name}` | {each.help} | {each.default} |" for each in SETTINGS]
    return "\n".join(["| variable | what it sets | default |", "| --- | --- | --- |", *rows])


def exit_codes() -> str:
    rows = [f"| {code} | {meaning} |" for code, meaning in MEANINGS.items()]
    return "\n".join(["| code | meaning |", "| --- | --- |", *rows])


PARTS: dict[str, Callable[[], str]] = {
    "tree": tree,
    "commands": commands,
    "settings": settings,
    "exit codes": exit_codes,
}


def with_parts(text: str, parts: dict[str, Callable[[], str]] = PARTS) -> str:
    """The text with what stands between `<!-- NAME -->` and `<!-- /NAME -->` written anew."""
    for name, write in parts.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        pattern = re.compile(re.escape(begin) + "(.*?)" + re.escape(end), re.DOTALL)
        text, count = pattern.subn(lambda _: begin + write() + "\n" + end, text)  # noqa: B023
        if count != 1:
            raise SystemExit(f"README.md must hold {begin.strip()} once")
    return text


def first_line(path: Path) -> str:
    file = path / "__init__.py" if path.is_dir() else path
    return (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").partition("\n")[0]


if __name__ == "__main__":
    every_part = {**PARTS, "demo": lambda: session(MINUTE_SECONDS)}
    README.write_text(with_parts(README.read_text("utf-8"), every_part), "utf-8")
