"""A page of another origin asks as the earlier page does, in a real browser."""

import csv
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.api import earlier_shapes as shapes
from tests.api.earlier_shapes import exactly
from tests.api.serving import Api, served
from tests.builders import a_listing, a_seller
from tests.web.held import HeldDiscogs
from tests.web.visiting import PATIENCE_MILLISECONDS

from cratewise.simulator import World
from cratewise.store.engine import writing

pytestmark = pytest.mark.browser

PAGE = Path(__file__).with_name("earlier_page.html").read_bytes()
PORTS = (5173, 5174, 3000)


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        is_page = self.path == "/"
        self.send_response(200 if is_page else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE if is_page else b"")

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@contextmanager
def page_at(port: int) -> Iterator[str]:
    """The page on a port of this machine; 0: any free one."""
    with ThreadingHTTPServer(("127.0.0.1", port), _Server) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://localhost:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def page_of_the_contract() -> Iterator[str]:
    """The page at 5173, or at another of the contract's ports where that is taken."""
    for port in PORTS:
        try:
            with page_at(port) as url:
                yield url
                return
        except OSError:
            continue  # somebody works on a page there
    pytest.skip(f"the ports {PORTS} are all taken")


@pytest.fixture
def earlier(discogs: HeldDiscogs, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """An API that answers the earlier page too, with some stock."""
    monkeypatch.setenv("CRATEWISE_DISCOGS_API_URL", discogs.url)
    monkeypatch.setenv("CRATEWISE_DISCOGS_TOKEN", World.token("digger"))
    monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", "0.5")
    serving = served(legacy=True)
    # Playwright keeps a loop running in this thread, and DBOS starts beside none.
    with ThreadPoolExecutor(max_workers=1) as elsewhere:
        api = elsewhere.submit(serving.__enter__).result()
        with writing(api.here.engine) as db:
            alice = a_seller(db)
            for number in range(30):
                a_listing(db, alice, want=300 - number, price_minor=1000 + number)
        try:
            yield api
        finally:
            elsewhere.submit(serving.__exit__, None, None, None).result()


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    yield context.new_page()
    context.close()


def base_of(api: Api) -> str:
    """As the page's owner writes it."""
    return api.url.replace("127.0.0.1", "localhost")


def test_each_call_of_the_earlier_page_is_answered(earlier: Api, window: Page) -> None:
    with page_of_the_contract() as url:
        window.goto(url)
        told = window.evaluate("url => everyCall(url)", base_of(earlier))

        with window.expect_download() as download:
            window.click("#export")

    statuses = {name: answer[0] for name, answer in told.items() if name != "judged"}
    other = {"pull": 201, "unknown": 404, "vote": 404, "want": 400}
    assert statuses == {name: other.get(name, 200) for name in statuses}
    page = exactly(shapes.Page, told["search"][1])
    assert (page.count, page.next, page.previous, len(page.results)) == (30, None, 1, 10)
    assert len(exactly(list[shapes.Listing], told["seller_stock"][1])) == 30
    assert len(exactly(list[shapes.Record], told["records"][1])) == 30
    assert len(exactly(list[shapes.Listing], told["best"][1])) == 20
    assert len(exactly(list[shapes.Listing], told["tune"][1])) == 10
    assert told["seller"][1] == ["alice"]
    kept = [one.kept for one in exactly(list[shapes.Listing], told["judged"])]
    assert kept == [False, True, False, False]
    assert exactly(shapes.Dashboard, told["dashboard"][1]).unevaluated == 26
    exactly(list[shapes.Prediction], told["predictions"][1])
    exactly(shapes.Performance, told["stats"][1])
    exactly(shapes.Stats, told["scraper"][1])
    exactly(shapes.Scraped, told["go"][1])
    exactly(shapes.Test, told["test"][1])
    for name in ("pull", "verdicts", "refresh"):
        shape = shapes.Success if name == "verdicts" else shapes.Message
        exactly(shape, told[name][1])
    for name in ("unknown", "vote", "want"):
        assert exactly(shapes.Refusal, told[name][1]).error
    assert len(list(csv.DictReader(io.StringIO(told["csv"][1])))) == 30
    assert download.value.suggested_filename == "listings_export.csv"


def test_a_page_of_another_port_is_told_nothing(earlier: Api, window: Page) -> None:
    wish = {"method": "POST", "body": '{"seller": "alice"}'}
    with page_at(0) as url:
        window.goto(url)
        told = [
            window.evaluate(
                "([url, path, wish]) => tried(url, path, wish)", [base_of(earlier), *one]
            )
            for one in (["/dashboard/", {}], ["/by-seller/search/", wish], ["/data/alice", wish])
        ]

    assert told == ["refused"] * 3
    assert earlier.here.desk.jobs() == []


def test_the_earlier_page_may_not_ask_for_more(earlier: Api, window: Page) -> None:
    with page_of_the_contract() as url:
        window.goto(url)
        told = window.evaluate("url => tried(url, '/api/v1/home', {})", base_of(earlier))

    assert told == "refused"
