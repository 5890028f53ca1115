"""What a clean clone installs: everything, the page included, with Python alone."""

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import httpx2
import pytest
from tests.docs.generated import ROOT

from cratewise import __version__

pytestmark = pytest.mark.packaging
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
PINS = ["--constraint", "constraints.txt", "--build-constraint", "constraints.txt"]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that git keeps, as they are now, and nothing else."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no clone of git")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    clone = tmp_path_factory.mktemp("clean") / "clone"
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)
    return clone


@pytest.fixture(scope="module")
def programs(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `pip install .` put its programs: an environment with nothing else in it."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    programs = home / ("Scripts" if sys.platform == "win32" else "bin")
    _run(*PIP, "--python", str(programs / "python"), "install", *PINS, ".", cwd=clone)
    return programs


def test_pip_install_brings_a_program_that_serves_its_page(programs: Path) -> None:
    told = _run(str(programs / "cratewise"), "--version").stdout
    with subprocess.Popen(
        [programs / "cratewise", "serve", "--port", "0", "--json"],
        stdout=subprocess.PIPE, text=True, env=_environ(),
    ) as program:  # fmt: skip
        try:
            assert program.stdout is not None
            url = json.loads(program.stdout.readline())["url"]
            page = httpx2.get(url)
            script = page.text.partition('type="module"')[2].partition('src="')[2].partition('"')[0]
            served = httpx2.get(f"{url}{script}")
        finally:
            program.terminate()

    assert __version__ in told
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<div id="app">' in page.text
    assert (served.status_code, len(served.content) > 100_000) == (200, True)


def test_a_wheel_of_the_sources_that_are_published_holds_the_page_too(
    clone: Path, tmp_path: Path
) -> None:
    _run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path), cwd=clone)
    published = next(tmp_path.glob("*.tar.gz"))

    _run(*PIP, "wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(published))

    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    assert "cratewise/web/index.html" in names
    assert any(name.startswith("cratewise/web/assets/") and name.endswith(".js") for name in names)
    assert not [name for name in names if "node_modules" in name or "frontend" in name]


def test_where_npm_cannot_be_reached_it_says_what_is_needed(clone: Path, tmp_path: Path) -> None:
    environ = _environ(
        npm_config_registry="http://127.0.0.1:9",  # nobody listens there
        npm_config_fetch_retries="0",
        npm_config_cache=str(tmp_path / "npm"),
    )

    built = subprocess.run(
        [*PIP, "wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), "."],
        cwd=clone, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert built.returncode != 0
    assert "The web page was not built: npm could not fetch its packages" in built.stderr
    assert "CRATEWISE_BUILD_WITHOUT_PAGE=1" in built.stderr


def _run(*command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    ended = subprocess.run(
        command, cwd=cwd, env=_environ(), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended


def _environ(**more: str) -> dict[str, str]:
    """This environment, without the path that would show sources for what is installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | more
