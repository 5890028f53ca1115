"""Pictures of every page, in both themes and at a phone's width: what docs/pages/ shows.

    python -m tests.web.screenshots                all of them, a few minutes
    python -m tests.web.screenshots home search    some

A market of invented records is read, judged and learned from; the page is that of these
sources.  Nothing is asked of anybody but this machine.
"""

import base64
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import hatch_build
from playwright.sync_api import Browser, Page, sync_playwright
from tests.api.serving import Api, served
from tests.web.visiting import DESK, PATIENCE_MILLISECONDS, PHONE

from cratewise.cli.catalog_import import Wish, import_catalog
from cratewise.simulator import Simulator, World

PICTURES = Path(__file__).parents[2] / "docs" / "pages"
SELLERS = {"grooveyard": 250, "warehouse": 6_000, "plattenkeller_nord": 900, "threerivers_lp": 400}
CURRENCIES = {"grooveyard": "GBP", "warehouse": "EUR", "threerivers_lp": "USD"}
POSTAGE = (("grooveyard", "GBP", 350, 60), ("warehouse", "EUR", 495, 90))
KEPT, SKIPPED = ("Deep House", "Techno", "Ambient"), ("Pop Rock", "Romantic", "Electric Blues")
OF_EACH = 25  # verdicts a style and round
ROUNDS = 3  # the first models serve, once later verdicts have proved them
UNLIKE = 9  # one pair in so many is judged the other way round: nobody is of one mind
MINUTE_SECONDS = "0.5"
LEARNING_SECONDS = 300
QUALITY = 62  # of 100; letters stay sharp
MOST_BYTES = 120_000
THERE = (
    "() => document.querySelector('main :is(h1, h2)') && "
    "!document.querySelector('[aria-busy=true], [data-known=false], .bone')"
)
PAGES = {
    "home": "/",
    "search": "/search?style=%5B%22Deep%20House%22%2C%22Techno%22%5D&max_price=20&sort=probability",
    "triage": "/triage",
    "day": "/day",
    "sellers": "/sellers",
    "seller": "/sellers/warehouse",
    "listing": "/listings/{listing}",
    "taste": "/taste",
    "crate": "/crate",
    "settings": "/settings",
}


class Look(NamedTuple):
    """How a page is looked at."""

    name: str
    size: dict[str, int]
    theme: str


LOOKS = (Look("light", DESK, "light"), Look("dark", DESK, "dark"), Look("phone", PHONE, "light"))


def main(names: list[str]) -> int:
    """Make the pictures that were asked for, or all."""
    unknown = set(names) - PAGES.keys()
    if unknown:
        sys.stdout.write(
            f"There is no {', '.join(sorted(unknown))}; there is {', '.join(PAGES)}.\n"
        )
        return 1
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    PICTURES.mkdir(exist_ok=True)
    with staged() as api, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--force-prefers-reduced-motion"],
        )
        best = api.read("/api/v1/listings", sort="probability", limit=1)["listings"][0]["id"]
        for name in names or PAGES:
            for look in LOOKS:
                path = PICTURES / f"{name}-{look.name}.webp"
                picture = taken(browser, api, PAGES[name].format(listing=best), look)
                path.write_bytes(picture)
                sys.stdout.write(f"{path.name:28}{len(picture) / 1000:8.0f} kB\n")
                assert len(picture) < MOST_BYTES, path.name
    return 0


def taken(browser: Browser, api: Api, path: str, look: Look) -> bytes:
    """A picture of a page as it is once all that it asks for has come, in WebP."""
    context = browser.new_context(
        viewport=look.size,  # type: ignore[arg-type]  # typed as a dictionary of its own
        color_scheme=look.theme,  # type: ignore[arg-type]  # and this as a literal
        locale="en-GB",
        timezone_id="UTC",
    )
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = context.new_page()
    page.goto(f"{api.url}{path}")
    settled(page)
    if path == "/crate":
        page.get_by_label("Budget").fill("80")
        page.get_by_role("button", name="Pack").click()
        page.get_by_role("region", name="In the crate").wait_for()
        settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= look.size["width"], path
    camera = context.new_cdp_session(page)
    told = camera.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    context.close()
    return base64.b64decode(told["data"])


def settled(page: Page) -> None:
    """Wait until no place is kept free any more, nothing is asked for, and the faces are there."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(THERE)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")


@contextmanager
def staged() -> Iterator[Api]:
    """A served installation with stock, wants, postage, verdicts and a model."""
    world = World(7, SELLERS, currencies=CURRENCIES)
    with (
        tempfile.TemporaryDirectory() as name,
        Simulator(world, rate_limit=60, minute_seconds=float(MINUTE_SECONDS)) as discogs,
    ):
        folder = Path(name)
        if not hatch_build.is_installed():
            hatch_build.install(hatch_build.SOURCE)
        hatch_build.build(hatch_build.SOURCE, folder / "page")
        os.environ |= {
            "CRATEWISE_DATA_DIR": name,
            "CRATEWISE_DISCOGS_API_URL": discogs.url,
            "CRATEWISE_DISCOGS_TOKEN": World.token("digger"),
            "CRATEWISE_DISCOGS_MINUTE_SECONDS": MINUTE_SECONDS,
            "CRATEWISE_CATALOG_URL": discogs.url,
            "CRATEWISE_RATES_URL": "",
        }
        serving = served(is_working=True, web_folder=folder / "page")
        # Playwright keeps a loop running in this thread, and DBOS starts beside none.
        with ThreadPoolExecutor(max_workers=1) as elsewhere:
            api = elsewhere.submit(serving.__enter__).result()
            try:
                stock(api, world)
                yield api
            finally:
                elsewhere.submit(serving.__exit__, None, None, None).result()


def stock(api: Api, world: World) -> None:
    """Read all sellers, say what is kept and skipped, learn from it; then let time go by."""
    api.http.patch("/api/v1/settings", json={"currency": "EUR", "country": "NL"}).raise_for_status()
    for seller in SELLERS:
        read(api, seller)
    wish = Wish("latest", None, None, with_credits=False, only_listed=False, again=False)
    import_catalog(api.here.settings, api.here.engine, wish, should_stop=lambda: False)
    api.http.post("/api/v1/wants/sync").raise_for_status()
    for seller, currency, first, further in POSTAGE:
        rule = {"seller": seller, "currency": currency, "first_minor": first,
                "further_minor": further}  # fmt: skip
        api.http.post("/api/v1/postage", json=rule).raise_for_status()
    for turn in range(1, ROUNDS + 1):
        judge(api)
        learn(api, versions=turn)
    for name, query in (("Dub under 20", {"q": "dub", "max_price": "20"}), ("LPs", {"q": "lp"})):
        api.http.post("/api/v1/searches", params=query, json={"name": name}).raise_for_status()
    api.http.post("/api/v1/home/looked").raise_for_status()
    world.add("warehouse", 40)
    world.reprice("warehouse", 60)
    world.sell("warehouse", 25)
    read(api, "warehouse", kind="full")


def judge(api: Api) -> None:
    """Keep and skip in turn, as somebody would who goes through it all, now and then otherwise."""
    sides = [
        [one for style in styles for one in unjudged(api, style)] for styles in (KEPT, SKIPPED)
    ]
    for number, pair in enumerate(zip(*sides, strict=False)):
        words = ("skip", "keep") if number % UNLIKE == 0 else ("keep", "skip")
        given = [
            {"listing_id": one, "verdict": word, "key": f"{word} {one}"}
            for one, word in zip(pair, words, strict=True)
        ]
        api.http.post("/api/v1/judgements", json={"verdicts": given}).raise_for_status()


def unjudged(api: Api, style: str) -> list[int]:
    found = api.read(
        "/api/v1/listings", style=style, judged="neither", limit=OF_EACH, sort="listed"
    )
    return [one["id"] for one in found["listings"]]


def learn(api: Api, *, versions: int) -> None:
    """Learn from what was said, and wait until so many versions of the model were tried."""
    api.http.post("/api/v1/taste/refit").raise_for_status()
    begun = time.monotonic()
    while len(api.read("/api/v1/models")["models"]) < versions:
        if time.monotonic() - begun > LEARNING_SECONDS:
            raise TimeoutError("No model was learned.")
        time.sleep(0.2)


def read(api: Api, seller: str, kind: str = "auto") -> None:
    asked = api.http.post("/api/v1/pulls", json={"seller": seller, "kind": kind})
    for _ in api.events(asked.raise_for_status().json()["id"]):
        pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
