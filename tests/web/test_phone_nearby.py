"""A phone nearby is let in by its code, in a real browser, and judges from then on."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect
from tests.api.nearby import OWN, PHONE, Home, at_home
from tests.web.visiting import PATIENCE_MILLISECONDS
from tests.web.visiting import PHONE as PHONE_SIZE

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.fixture
def home(page_folder: Path) -> Iterator[Home]:
    with at_home(page_folder) as home:
        yield home


def test_a_phone_gives_its_code_in_a_browser_and_is_let_in(browser: Browser, home: Home) -> None:
    """Without a referrer, browsers said `Origin: null` with the form, and nobody could pair."""
    port = urlsplit(home.url).port
    phone = browser.new_context(
        viewport=PHONE_SIZE,  # type: ignore[arg-type]  # typed as a dictionary of its own
        extra_http_headers={"x-from": PHONE},
    )
    phone.set_default_timeout(PATIENCE_MILLISECONDS)
    page = phone.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))

    page.goto(f"http://{OWN}:{port}/pair")
    page.get_by_label("Code").fill("AAAA-AAAA")
    page.get_by_role("button", name="Let this device in").click()
    expect(page.get_by_text("not the code")).to_be_visible()
    page.get_by_label("Code").fill(home.codes[-1])
    page.get_by_role("button", name="Let this device in").click()

    expect(page.get_by_role("heading", name="Home", level=1)).to_be_visible()
    assert page.url == f"http://{OWN}:{port}/"
    # No safe origin, as a phone's is none: what only those have must not be needed.
    assert page.evaluate("isSecureContext") is False
    page.get_by_label("Country, two letters").fill("NL")
    page.get_by_role("button", name="That is right").click()
    expect(page.get_by_role("region", name="Begin here")).to_contain_text(", NL")
    here = home.ask("GET", "/api/v1/settings", peer="127.0.0.1", host="127.0.0.1:8000").json()
    assert here["country"] == "NL"
    assert wrong == []
    phone.close()
