"""The page in a real browser: Debian's Chromium, on an API that works, with a simulated Discogs."""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hatch_build
import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.api.nearby import OWN
from tests.api.serving import Api, served
from tests.web.held import HeldDiscogs
from tests.web.visiting import Visit, visited

from cratewise.cli.catalog_import import Wish, import_catalog
from cratewise.simulator import World

SELLERS = {"alice": 250, "bob": 2_400}
MINUTE_SECONDS = 0.5
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--no-sandbox",  # containers run as root
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--force-prefers-reduced-motion",
    "--font-render-hinting=none",
    f"--host-resolver-rules=MAP {OWN} 127.0.0.1",  # as if this machine had that address
)


@pytest.fixture(scope="session")
def page_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, built from the sources as they are now."""
    if not hatch_build.is_installed():
        _leave_out("the page's packages are not installed (`make web`)")
    folder = tmp_path_factory.mktemp("page") / "web"
    hatch_build.build(hatch_build.SOURCE, folder)
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process of several run all of this folder: it builds the page once."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a window; its loop ends with it, since DBOS begins beside none."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        _leave_out("there is no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def discogs() -> Iterator[HeldDiscogs]:
    """Answers at once, unless it is told to hold."""
    world = World(sellers=SELLERS)
    with HeldDiscogs(world, rate_limit=60, minute_seconds=MINUTE_SECONDS) as discogs:
        yield discogs
        discogs.release()


@pytest.fixture
def web(discogs: HeldDiscogs, page_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """An API that works, and the page beside it."""
    monkeypatch.setenv("CRATEWISE_DISCOGS_API_URL", discogs.url)
    monkeypatch.setenv("CRATEWISE_DISCOGS_TOKEN", World.token("digger"))
    monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", str(MINUTE_SECONDS))
    monkeypatch.setenv("CRATEWISE_CATALOG_URL", discogs.url)
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    serving = served(is_working=True, web_folder=page_folder)
    # Playwright keeps a loop running in this thread, and DBOS starts beside none.
    with ThreadPoolExecutor(max_workers=1) as elsewhere:
        api = elsewhere.submit(serving.__enter__).result()
        try:
            yield api
        finally:
            elsewhere.submit(serving.__exit__, None, None, None).result()


@pytest.fixture
def visit(browser: Browser, web: Api) -> Iterator[Visit]:
    """A window of a newcomer, who is asked at the end what went wrong behind the page."""
    with visited(browser, web) as visit:
        yield visit


@pytest.fixture
def stocked(web: Api) -> Api:
    """An API that has read alice's 250 listings."""
    asked = web.http.post("/api/v1/pulls", json={"seller": "alice"}).raise_for_status()
    assert list(web.events(asked.json()["id"]))[-1][0] == "end"
    return web


@pytest.fixture
def described(stocked: Api) -> Api:
    """The same, with styles, masters and videos of the monthly catalogue."""
    wish = Wish("latest", None, None, with_credits=False, only_listed=False, again=False)
    import_catalog(stocked.here.settings, stocked.here.engine, wish, should_stop=lambda: False)
    return stocked


@pytest.fixture
def dig(stocked: Api, visit: Visit) -> Visit:
    """A visit to a stock that was read."""
    assert stocked is visit.api
    return visit


def _leave_out(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}, and CI must not leave the page out")
    pytest.skip(reason)
