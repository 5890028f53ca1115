"""A seller's page: their stock as charts, their postage, when they are looked at by itself."""

import re

import pytest
from playwright.sync_api import expect
from tests.api.serving import Api
from tests.web.visiting import PATIENCE_MILLISECONDS, Visit

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.fixture
def there(web: Api, visit: Visit) -> Visit:
    """A visit to alice, whose 250 listings were read."""
    asked = web.http.post("/api/v1/pulls", json={"seller": "alice"}).raise_for_status()
    assert list(web.events(asked.json()["id"]))[-1][0] == "end"
    visit.go("/sellers/alice")
    return visit


def test_stock_is_shown_by_decade_and_price_and_each_bar_leads_to_its_listings(
    there: Visit,
) -> None:
    page = there.page
    decades = there.api.read("/api/v1/facets", seller="alice", facet="decade")["facets"][0]
    first = min(decades["values"], key=lambda one: one["value"])
    stock = page.get_by_role("region", name="Stock", exact=True)
    expect(stock).to_contain_text("250")
    expect(stock).to_contain_text("Last read")
    expect(page.get_by_role("region", name="Prices").get_by_role("button").first).to_be_visible()

    bar = page.get_by_role("region", name="Decades").get_by_role("button").first
    expect(bar).to_have_accessible_name(re.compile(rf"^{first['value']}: {first['count']} "))
    bar.click()

    expect(page.get_by_text(f"{first['count']} listing").first).to_be_visible()
    assert "seller=" in page.url


def test_postage_that_is_noted_makes_prices_land_and_forgetting_it_is_taken_back(
    there: Visit,
) -> None:
    page = there.page
    postage = page.get_by_role("region", name="Postage to you")
    best = page.get_by_role("region", name="Best here").get_by_role("listitem").first
    expect(best).to_contain_text("no post")

    postage.get_by_role("button", name="Note postage").click()
    postage.get_by_label("Currency").fill("eur")
    postage.get_by_label("First record").fill("4,95")
    postage.get_by_label("Each further").fill("0.90")
    postage.get_by_role("button", name="Save").click()
    expect(postage).to_contain_text("€ 4.95")
    expect(best).to_contain_text("landed")
    [rule] = there.api.read("/api/v1/postage")["rules"]
    assert (rule["seller"], rule["first_minor"], rule["further_minor"]) == ("alice", 495, 90)

    postage.get_by_role("button", name="Forget").click()
    expect(best).to_contain_text("no post")
    page.get_by_role("button", name="Undo").click()
    expect(best).to_contain_text("landed")
    assert there.violations() == []


def test_a_schedule_is_changed_at_once_and_changed_back(there: Visit) -> None:
    page = there.page
    itself = page.get_by_role("region", name="By itself")

    def plan(kind: str) -> tuple[int, bool]:
        told = there.api.read("/api/v1/schedules", seller="alice")["schedules"]
        [one] = [one for one in told if one["kind"] == kind]
        return one["every_minutes"], one["is_on"]

    before = plan("full")
    itself.get_by_label("The whole stock: how often").select_option("every 30 d")
    expect(page.get_by_text("Schedule changed")).to_be_visible()
    assert plan("full") == (30 * 24 * 60, True)
    page.get_by_role("button", name="Undo").click()
    expect(itself.get_by_label("The whole stock: how often")).to_have_value(str(before[0]))

    itself.get_by_role("switch", name="What is new, by itself").click()
    expect(itself).to_contain_text("Not planned.")
    assert not plan("quick")[1]
