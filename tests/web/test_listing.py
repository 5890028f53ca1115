"""A listing: everything about one copy; nothing is asked of anybody before it is told."""

import re

import pytest
from playwright.sync_api import expect
from tests.api.serving import Api
from tests.web.held import HeldDiscogs
from tests.web.visiting import PATIENCE_MILLISECONDS, Visit

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MILLISECONDS)


def test_its_price_is_looked_at_again_for_one_request_which_the_button_tells(
    discogs: HeldDiscogs, dig: Visit
) -> None:
    best = dig.api.read("/api/v1/listings", limit=1)["listings"][0]
    page = dig.go(f"/listings/{best['id']}")
    expect(page.get_by_role("heading", name=best["title"], level=1)).to_be_visible()
    before = len(discogs.requests.since(0))

    page.keyboard.press("r")

    expect(page.get_by_role("status").filter(has_text="Checked")).to_be_visible()
    assert len(discogs.requests.since(0)) == before + 1


def test_other_copies_stand_beside_it_with_what_they_come_to(dig: Visit) -> None:
    rule = {"seller": "alice", "currency": "EUR", "first_minor": 600, "further_minor": 150}
    dig.api.http.post("/api/v1/postage", json=rule).raise_for_status()
    listings = dig.api.read("/api/v1/listings", limit=100)["listings"]
    releases = [one["release_id"] for one in listings]
    twice = next((one for one in listings if releases.count(one["release_id"]) > 1), listings[0])
    copies = dig.api.read(f"/api/v1/releases/{twice['release_id']}")["copies"]

    page = dig.go(f"/listings/{twice['id']}")

    region = page.get_by_role("region", name="Other copies")
    if len(copies) == 1:
        expect(region.get_by_text("No other copy is for sale")).to_be_visible()
    else:
        expect(region.get_by_role("row")).to_have_count(len(copies) + 1)
    assert dig.violations() == []


def test_its_postage_is_what_was_entered_with_what_it_comes_to(dig: Visit) -> None:
    rule = {"seller": "alice", "currency": "EUR", "first_minor": 600, "further_minor": 150}
    dig.api.http.post("/api/v1/postage", json=rule).raise_for_status()
    dig.api.http.patch("/api/v1/settings", json={"currency": "EUR"}).raise_for_status()
    best = dig.api.read("/api/v1/listings", seller="alice", limit=1)["listings"][0]

    page = dig.go(f"/listings/{best['id']}")

    landed = f"€ 6.00, € {best['landed']['amount']} landed"
    expect(page.get_by_text(landed)).to_be_visible()


def test_a_video_is_a_place_until_somebody_presses(described: Api, visit: Visit) -> None:
    video = "https://www.youtube-nocookie.com/embed/"
    visit.page.context.route(f"{video}**", lambda route: route.fulfill(body="<title>video</title>"))
    with_video = next(
        one["id"]
        for one in described.read("/api/v1/listings", limit=100)["listings"]
        if described.read(f"/api/v1/releases/{one['release_id']}")["videos"]
    )
    page = visit.go(f"/listings/{with_video}")
    load = page.get_by_role("button", name=re.compile(r"Load \d videos?"))
    expect(load).to_be_visible()
    assert page.locator("iframe").count() == 0
    assert visit.foreign == []

    load.click()
    expect(page.locator("iframe")).to_have_attribute("src", re.compile(f"^{re.escape(video)}"))
    assert all(url.startswith(video) for url in visit.foreign)
    visit.foreign.clear()
