"""The page at `/` shows what is kept, what goes on, and what is worth buying."""

import re

import pytest
from playwright.sync_api import Browser, expect
from tests.web.held import HeldDiscogs
from tests.web.visiting import PATIENCE_MILLISECONDS, PHONE, Visit, visited

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MILLISECONDS)


def test_a_newcomer_sees_that_all_is_well_and_what_to_do(visit: Visit) -> None:
    page = visit.go()

    expect(page.get_by_text("All is well.")).to_be_visible()
    expect(page.get_by_text("No sellers yet")).to_be_visible()
    expect(page.get_by_text("Reading 1,000 listings takes 10 requests")).to_be_visible()
    expect(page.get_by_role("contentinfo")).to_contain_text("not affiliated with")
    expect(page.get_by_role("contentinfo")).to_contain_text("Data provided by Discogs.")
    assert visit.violations() == []


def test_a_pull_is_seen_to_go_on_until_its_listings_stand_there(
    discogs: HeldDiscogs, visit: Visit
) -> None:
    discogs.hold()
    visit.api.http.post("/api/v1/pulls", json={"seller": "bob"}).raise_for_status()

    page = visit.go()
    expect(page.get_by_role("progressbar", name="Reading bob")).to_be_visible()
    discogs.release()
    expect(page.get_by_text("Nothing is being read.")).to_be_visible()

    best = visit.api.read("/api/v1/listings", limit=1)["listings"][0]
    first = page.get_by_role("region", name="Best here").get_by_role("listitem").first
    expect(first).to_contain_text(best["artist"])
    expect(first).to_contain_text(best["title"])
    sellers = page.get_by_role("region", name="Sellers")
    expect(sellers.get_by_role("row", name=re.compile("bob 2,400"))).to_be_visible()
    assert visit.violations() == []


def test_a_server_that_goes_away_and_comes_back_is_told(visit: Visit) -> None:
    page = visit.go()
    expect(page.get_by_text("All is well.")).to_be_visible()

    page.route("**/api/**", lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("Cratewise does not answer.").first).to_be_visible()
    visit.complaints.clear()  # the browser's own, about requests that we broke

    page.unroute("**/api/**")
    page.get_by_role("button", name="Try again").first.click()
    expect(page.get_by_text("No sellers yet")).to_be_visible()
    expect(page.get_by_text("Cratewise does not answer.")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_a_phone_in_both_themes(browser: Browser, visit: Visit, theme: str) -> None:
    visit.api.http.post("/api/v1/pulls", json={"seller": "alice"}).raise_for_status()
    with visited(browser, visit.api, size=PHONE, theme=theme) as phone:
        page = phone.go()
        expect(
            page.get_by_role("region", name="Best here").get_by_role("listitem").first
        ).to_be_visible()

        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert phone.violations() == []
