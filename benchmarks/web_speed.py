"""How fast the page is in a browser, over 1,000,000 listings: what somebody who digs would feel.

    python benchmarks/web_speed.py                     all of it: minutes, most of them filling
    python benchmarks/web_speed.py --listings 100000   fewer listings
    python benchmarks/web_speed.py --database FILE     an SQLite database that was filled before

In a Chromium without a window and without a graphics card, on the server and the page of these
sources, all on this machine.  Promised: 180 kB of compressed script at first paint, its largest
paint within 1.5 s on a CPU made four times slower, 50 ms a frame at p99 while 100,000 rows are
scrolled past, 100 ms from a key that goes down to the frame with its rows at p95.

Beside each stands what the machine and the server take in the same run for as little as can be:
the paint of a page of two lines, frames of a striped page as tall, the server's bare answer to a
letter.
"""

import argparse
import gzip
import os
import shutil
import statistics
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import hatch_build
from benchmarks.search import filled, spawn
from playwright.sync_api import Browser, Page, Route, sync_playwright

LISTINGS = 1_000_000
MOST_SCRIPT, MOST_PAINT, MOST_FRAME, MOST_KEY = 180_000, 1_500.0, 50.0, 100.0
SLOWER = 4  # times, as a cheap telephone is
VISITS = 5
ROWS = 100_000
ROW = 52  # px
FRAMES = 600  # ten seconds at sixty a second
NAMES = 6  # typed letter by letter
DESK = {"width": 1440, "height": 900}
SETTLED = 2_000  # ms, until a new window has loaded its own bar, which is none of ours
PATIENCE = 180_000  # ms, until a shelf of a million is loaded
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")

PAINT = """() => new Promise((tell) => {
  let painted
  new PerformanceObserver((list) => {
    for (const paint of list.getEntries()) painted = paint.startTime
  }).observe({ type: 'largest-contentful-paint', buffered: true })
  setTimeout(() => tell(painted), 1_000) // each larger one is told when it was painted
})"""
SCRIPTS = """() => {
  const painted = performance.getEntriesByName('first-contentful-paint')[0].startTime
  return performance.getEntriesByType('resource')
    .filter((one) => one.name.endsWith('.js') && one.startTime < painted)
    .map((one) => new URL(one.name).pathname)
}"""
BLANK = (
    "<!doctype html><title>Blank</title><h1>A page</h1><p>with two lines in it, and no more.</p>"
)
STRIPES = """<!doctype html><title>Stripes</title><style>div { height: %dpx; background:
repeating-linear-gradient(#eee 0 51px, #999 51px 52px) }</style><div></div>"""
# As bare script: a locator's own script is large, and would be read on the slow CPU meanwhile.
UNTIL_ROWS = """new Promise((tell) => {
  const look = () =>
    document.querySelector('.cards li, .rows li') ? tell() : requestAnimationFrame(look)
  look()
})"""
ANSWERED = """async (words) => {
  const asked = performance.now()
  const query = new URLSearchParams({ q: words, page: 1, limit: 50 })
  const answer = await fetch(`/api/v1/listings?${query}`)
  await answer.json()
  return performance.now() - asked
}"""
SCROLL = """([step, frames]) => new Promise((tell) => {
  const times = []
  let before = performance.now()
  const next = (now) => {
    times.push(now - before)
    before = now
    if (times.length > frames) return tell(times.slice(1))
    window.scrollBy({ top: step, behavior: 'instant' })
    requestAnimationFrame(next)
  }
  requestAnimationFrame(next)
  const given = () => `${times.length} frames in a minute, ${document.visibilityState}`
  setTimeout(() => tell(given()), 60_000) // a browser that gives a page no frames says nothing
})"""
LISTEN = """() => {
  window.addEventListener('keydown', (key) => { window.typedAt = key.timeStamp }, true)
}"""
SHOWN = """(words) => new Promise((tell) => {
  const painted = new MessageChannel() // a message is read behind the frame that it was sent in
  painted.port1.onmessage = () => tell(performance.now() - window.typedAt)
  const look = () => {
    const list = document.querySelector('.long-list')
    const isThere = list?.dataset.words === words && list.querySelector('a')
    if (isThere) painted.port2.postMessage(null)
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})"""


def main() -> int:
    """Measure all, and tell whether what is promised was kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--listings", type=int, default=LISTINGS)
    parser.add_argument("--database", type=Path)
    told = parser.parse_args()
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        print("There is no Chromium here.")
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not hatch_build.is_installed():
            hatch_build.install(hatch_build.SOURCE)
        hatch_build.build(hatch_build.SOURCE, folder / "page")
        database = told.database or folder / "stock.sqlite"
        if not told.database:
            filled(f"sqlite:///{database}", told.listings)
        with serving(database, folder) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
            return 0 if report(browser, url, folder / "page") else 1


def report(browser: Browser, url: str, built: Path) -> bool:
    """Print a line for each promise; whether all were kept."""
    page = opened(browser, url)
    page.goto(f"{url}/search")
    page.locator(".long-list a").first.wait_for()  # the shelf is loaded
    count = page.get_by_role("status").first.inner_text()
    answered = bare_answers(browser, url)
    rows = (
        ("script at first paint, kB", script_bytes(browser, url, built), MOST_SCRIPT, 1000, None),
        (
            "largest paint, ms, CPU / 4",
            largest_paint(browser, url),
            MOST_PAINT,
            1,
            blank_paint(browser, url),
        ),
        ("a frame, ms, p99, 3 rows each", frames(page, 3), MOST_FRAME, 1, stripes(browser, url, 3)),
        (
            "a frame, ms, p99, 100,000 rows",
            frames(page, ROWS / FRAMES),
            MOST_FRAME,
            1,
            stripes(browser, url, ROWS / FRAMES),
        ),
        ("keystroke to rows, ms, p95", keystrokes(browser, url), MOST_KEY, 1, answered),
    )
    print(f"\n{count}, Chromium {browser.version}, {os.cpu_count()} cores,", end=" ")
    print(f"load {os.getloadavg()[0]:.1f}")
    print(f"{'':34}{'measured':>10}{'at most':>10}{'ratio':>8}{'the least':>11}")
    for what, found, most, unit, least in rows:
        beside = "" if least is None else f"{least:11.1f}"
        print(f"{what:34}{found / unit:10.1f}{most / unit:10.0f}{found / most:8.2f}{beside}")
    is_kept = all(found <= most for _, found, most, _, _ in rows)
    print(f"promised: {'kept' if is_kept else 'BROKEN'}", flush=True)
    return is_kept


def opened(browser: Browser, url: str) -> Page:
    """A page in a context of its own: nothing is in its cache."""
    context = browser.new_context(viewport=DESK, base_url=url)  # type: ignore[arg-type]  # typed as a dictionary of its own
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def script_bytes(browser: Browser, url: str, built: Path) -> int:
    """Compressed bytes of all script that was asked for before anything was painted."""
    page = opened(browser, url)
    page.goto(url)
    page.evaluate(PAINT)
    names: list[str] = page.evaluate(SCRIPTS)
    page.context.close()
    return sum(len(gzip.compress((built / name.lstrip("/")).read_bytes())) for name in names)


def largest_paint(browser: Browser, url: str) -> float:
    """Milliseconds from the address to the largest paint of Home, the median of some visits."""
    return statistics.median(_painted(browser, url, UNTIL_ROWS) for _ in range(VISITS))


def blank_paint(browser: Browser, url: str) -> float:
    """The same of a page of two lines."""
    return statistics.median(
        _painted(browser, url, "document.title", {"/": BLANK}) for _ in range(VISITS)
    )


def _painted(
    browser: Browser, url: str, until: str, instead: Mapping[str, str] | None = None
) -> float:
    page = opened(browser, url)
    page.wait_for_timeout(SETTLED)
    for path, body in (instead or {}).items():
        page.route(f"{url}{path}", _answering(body))
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url)
    slow.send("Runtime.evaluate", {"expression": until, "awaitPromise": True})
    painted = float(page.evaluate(PAINT))
    page.context.close()
    return painted


def _answering(body: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(content_type="text/html", body=body)


def stripes(browser: Browser, url: str, rows_a_frame: float) -> float:
    """The p99 of frames of a page without any script, as tall as so many rows."""
    page = opened(browser, url)
    page.route(f"{url}/stripes", _answering(STRIPES % (ROWS * ROW)))
    page.goto(f"{url}/stripes")
    found = _scrolled(page, rows_a_frame)
    page.context.close()
    return found


def frames(page: Page, rows_a_frame: float) -> float:
    """The p99 of frames while so many rows are scrolled past in each, from the top."""
    page.bring_to_front()  # one behind another may be given no frames at all
    page.evaluate("window.scrollTo(0, 0)")
    page.locator("[data-place='0'] a").wait_for()
    return _scrolled(page, rows_a_frame)


def _scrolled(page: Page, rows_a_frame: float) -> float:
    times: list[float] | str = page.evaluate(SCROLL, [rows_a_frame * ROW, FRAMES])
    if isinstance(times, str):
        sys.exit(f"The browser drew only {times}: try again.")
    return quantile(times, 0.99)


def keystrokes(browser: Browser, url: str) -> float:
    """The p95 from a letter to the rows that it finds, names of artists letter by letter."""
    page = opened(browser, url)
    page.goto(f"{url}/search")
    page.locator(".long-list a").first.wait_for()
    page.evaluate(LISTEN)
    field = page.get_by_role("combobox", name="Search words")
    found: list[float] = []
    for name in names_of(page, 1):
        field.fill("")
        page.evaluate(SHOWN, "")
        for end in range(1, len(name) + 1):
            field.press_sequentially(name[end - 1])
            if name[:end].strip() == name[:end]:
                found.append(page.evaluate(SHOWN, name[:end]))
    return quantile(found, 0.95)


def bare_answers(browser: Browser, url: str) -> float:
    """The p95 of the server's answers alone, to other names: a question answered twice is kept."""
    page = opened(browser, url)
    page.goto(f"{url}/sellers")
    found: list[float] = []
    for name in names_of(page, NAMES + 1):
        ends = [end for end in range(1, len(name) + 1) if name[:end].strip() == name[:end]]
        found += [page.evaluate(ANSWERED, name[:end]) for end in ends]
    page.context.close()
    return quantile(found, 0.95)


def names_of(page: Page, first: int) -> list[str]:
    """Artists whose records are far apart in the list."""
    names = []
    for number in range(first, first + NAMES):
        asked = f"/api/v1/listings?sort=listed&limit=1&page={number * 1_000}"
        [listing] = page.request.get(asked).json()["listings"]
        names.append(listing["artist"].lower())
    return names


def quantile(values: list[float], part: float) -> float:
    return sorted(values)[min(int(len(values) * part), len(values) - 1)]


@contextmanager
def serving(database: Path, folder: Path) -> Iterator[str]:
    """The address of a server in a process of its own, on that database and that page."""
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(str(database), str(folder), theirs))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("end")
        process.join()


def _serve(database: str, folder: str, pipe: Any) -> None:
    os.environ |= {
        "CRATEWISE_DATABASE_URL": f"sqlite:///{database}",
        "CRATEWISE_DATA_DIR": folder,
    }
    from tests.api.serving import served

    from cratewise.api.logs import write_logs

    write_logs("warning")
    with served(web_folder=Path(folder) / "page") as api:
        pipe.send(api.url)
        waiting = threading.Thread(target=pipe.recv)
        waiting.start()
        waiting.join()


if __name__ == "__main__":
    sys.exit(main())
