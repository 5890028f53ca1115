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


def test_a_newcomer_is_led_from_the_currency_to_the_first_verdicts(visit: Visit) -> None:
    page = visit.go()
    steps = page.get_by_role("region", name="Begin here")
    expect(steps).to_contain_text("1 of 4 done")  # a token was given, so Discogs is connected

    steps.get_by_label("Currency").select_option("GBP")
    steps.get_by_label("Country").fill("gb")
    steps.get_by_role("button", name="That is right").click()
    expect(steps).to_contain_text("GBP, GB")
    steps.get_by_label("Seller’s name").fill("alice")
    steps.get_by_role("button", name="Follow 1 request").click()
    expect(page.get_by_role("heading", name="alice", level=1)).to_be_visible()
    asked = visit.api.http.post("/api/v1/pulls", json={"seller": "alice"}).json()
    assert list(visit.api.events(asked["id"]))[-1][0] == "end"

    page.get_by_role("link", name="Home", exact=True).first.click()
    expect(steps).to_contain_text("3 of 4 done")
    assert visit.violations() == []
    steps.get_by_role("link", name="Begin").click()
    expect(page.get_by_role("article")).to_be_visible()
    first = visit.api.read("/api/v1/triage")["shown"]
    verdicts = [{"listing_id": one["listing"]["id"], "verdict": "keep", "key": str(n)}
                for n, one in enumerate(first)]  # fmt: skip
    visit.api.http.post("/api/v1/judgements", json={"verdicts": verdicts}).raise_for_status()
    page.reload()
    page.get_by_role("link", name="Home", exact=True).first.click()
    expect(page.get_by_role("link", name="Judge ten: two minutes")).to_be_visible()
    expect(steps).to_have_count(0)


def test_news_begin_anew_once_seen_and_that_is_taken_back(visit: Visit) -> None:
    asked = visit.api.http.post("/api/v1/pulls", json={"seller": "alice"}).json()
    assert list(visit.api.events(asked["id"]))[-1][0] == "end"
    page = visit.go()
    arrivals = page.get_by_role("region", name="New arrivals")
    expect(arrivals.get_by_role("listitem")).to_have_count(6)
    expect(page.get_by_role("region", name="Record of the day")).to_contain_text("drawn at T")

    page.get_by_role("button", name="All seen").click()
    expect(arrivals).to_contain_text("Nothing new since then.")
    page.get_by_role("button", name="Undo").click()
    expect(arrivals.get_by_role("listitem")).to_have_count(6)
    arrivals.get_by_role("link", name="all 250").click()
    expect(page.get_by_text("250 listings").first).to_be_visible()
    assert "since=" in page.url


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

    page.unroute("**/api/**")
    # At once: the page also tries again by itself, and then the button is gone.
    page.get_by_role("button", name="Try again").evaluate_all("found => found[0]?.click()")
    expect(page.get_by_text("No sellers yet")).to_be_visible()
    expect(page.get_by_text("Cratewise does not answer.")).to_have_count(0)
    # The browser's own, about requests that we broke; some come late.
    assert all("ERR_FAILED" in one for one in visit.complaints), visit.complaints
    visit.complaints.clear()


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


@pytest.mark.parametrize("path", ["/day", "/triage", "/search"])
def test_where_no_stock_was_read_a_page_leads_to_the_sellers(visit: Visit, path: str) -> None:
    page = visit.go(path)
    leading = page.get_by_role("main").get_by_role("link", name="To the sellers")
    expect(leading).to_be_visible()
    assert visit.violations() == []
    leading.click()
    expect(page.get_by_role("heading", name="Sellers", level=1)).to_be_visible()
    visit.complaints.clear()  # Chromium's own, about the 409 of the record of the day
