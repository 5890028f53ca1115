"""The parts of README.md that the program writes: tree, commands, settings, exit codes, demo;
the routes in docs/api.md; and the description of the API that the page's types are made from.

`make docs` writes them anew; test_readme.py and test_described_api.py compare.
"""

import ast
import base64
import json
import os
import re
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from tests.docs.session import session
from tests.layout.order import ROOMS

from cratewise.api.app import make_rooms
from cratewise.api.metrics import Metrics
from cratewise.cli.app import DEEDS
from cratewise.cli.demo import MINUTE_SECONDS
from cratewise.cli.ending import MEANINGS
from cratewise.cli.serve import opened_installation
from cratewise.settings import SETTINGS

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
API_PAGE = ROOT / "docs" / "api.md"
END = "\n\n"  # of a docstring's first paragraph
DESCRIBED = ROOT / "frontend" / "src" / "api" / "openapi.json"
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


def described_api() -> str:
    """What `/schema/openapi.json` answers in server mode, which has all rooms of local mode too."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as closing:
        environ = {
            "CRATEWISE_DATA_DIR": folder,
            "CRATEWISE_MODE": "server",
            "CRATEWISE_PUBLIC_URL": "https://crates.example",
            "CRATEWISE_SECRET_KEY": base64.urlsafe_b64encode(bytes(32)).decode(),
        }
        closing.enter_context(patch.dict(os.environ, environ))
        here = opened_installation(closing, is_working=False)
        rooms = make_rooms(here, Metrics(here), Path(folder))
        described = rooms.openapi_schema.to_schema()
    return json.dumps(described, indent=1, sort_keys=True) + "\n"


def described_routes() -> str:
    """Every address of the API, as it is described to the page."""
    paths = json.loads(DESCRIBED.read_text("utf-8"))["paths"]
    rows = [
        f"| `{method.upper()} {path}` | {' '.join(told['description'].partition(END)[0].split())} |"
        for path, methods in sorted(paths.items())
        for method, told in methods.items()
    ]
    return "\n".join(["| route | |", "| --- | --- |", *rows])


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
            raise SystemExit(f"the page must hold {begin.strip()} once")
    return text


def first_line(path: Path) -> str:
    file = path / "__init__.py" if path.is_dir() else path
    return (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").partition("\n")[0]


if __name__ == "__main__":
    every_part = {**PARTS, "demo": lambda: session(MINUTE_SECONDS)}
    README.write_text(with_parts(README.read_text("utf-8"), every_part), "utf-8")
    DESCRIBED.write_text(described_api(), "utf-8")
    routes = with_parts(API_PAGE.read_text("utf-8"), {"routes": described_routes})
    API_PAGE.write_text(routes, "utf-8")
