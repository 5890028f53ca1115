"""The page of `cratewise demo --serve`: a process of its own, as whoever tries it meets it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.web.visiting import DESK, PATIENCE_MILLISECONDS

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MILLISECONDS)

# As `python -m cratewise`, with the page that was built for these tests.
PROGRAM = """
import sys
from pathlib import Path
from cratewise.api import web_page
web_page.FOLDER = Path(sys.argv.pop(1))
from cratewise.cli.app import main
main()
"""


@contextmanager
def shown(page_folder: Path, folder: Path) -> Iterator[str]:
    """The address at which a demo answers, once all was read; Ctrl-C ends it."""
    command = [sys.executable, "-c", PROGRAM, str(page_folder)]
    demo = subprocess.Popen(
        [*command, "demo", "--serve", "--port", "0", "--minute", "0.2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env={**os.environ, "TMPDIR": str(folder), "CRATEWISE_LOG_LEVEL": "warning"},
    )
    assert demo.stdout is not None
    try:
        told = ""
        for line in demo.stdout:
            told += line
            if found := re.search(r"answers at (http://127\.0\.0\.1:\d+) and works jobs", line):
                yield found[1]
                break
        else:
            pytest.fail(f"The demo ended with {demo.wait()}:\n{told}")
    finally:
        demo.send_signal(signal.SIGINT)
        rest = demo.communicate()[0]
    assert demo.returncode == 0, rest
    assert "With real sellers:" in rest
    assert not list(folder.glob("cratewise-demo-*"))


def test_whoever_tries_the_demo_digs_in_its_page(
    browser: Browser, page_folder: Path, tmp_path: Path
) -> None:
    with shown(page_folder, tmp_path) as url:
        page = browser.new_page(viewport=DESK, base_url=url, locale="en-GB")  # type: ignore[arg-type]  # typed as a dictionary of its own
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        walk(page)
        page.close()
    assert not complaints


def walk(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_text(re.compile(r"2 sellers, 12,7\d\d listings")).first).to_be_visible()
    expect(page.get_by_role("region", name="Record of the day")).to_be_visible()

    page.get_by_role("link", name="Search", exact=True).first.click()
    expect(page.get_by_role("status").filter(has_text=re.compile(r"12,7\d\d"))).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("lp")
    expect(page.get_by_role("list", name="What the search asks for")).to_contain_text("lp")
    expect(page.locator(".long-list a").first).to_be_visible()

    page.get_by_role("link", name="Crate", exact=True).first.click()
    page.get_by_label("Budget").fill("30")
    page.get_by_label("Records at most").fill("4")
    page.get_by_role("button", name="Pack").click()
    inside = page.get_by_role("region", name="In the crate").get_by_role("listitem")
    expect(inside).to_have_count(4)
