"""Whole journeys through the page, as somebody walks them: by keyboard, on a phone, offline."""

import re

import pytest
from playwright.sync_api import Browser, expect
from tests.api.serving import Api
from tests.web.held import HeldDiscogs
from tests.web.visiting import PATIENCE_MILLISECONDS, PHONE, Visit, eventually_kept, visited

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MILLISECONDS)

PAGES = (
    "/",
    "/search",
    "/search?q=the&sort=price",
    "/triage",
    "/triage?as=list",
    "/taste",
    "/day",
    "/sellers",
    "/sellers/alice",
    "/listings/1",
    "/settings",
    "/nowhere",
)


def test_a_newcomer_follows_a_seller_reads_their_stock_and_keeps_a_record(
    discogs: HeldDiscogs, visit: Visit
) -> None:
    page = visit.go()
    page.get_by_role("link", name="Follow a seller").click()
    page.get_by_label("Seller’s name").fill("BOB")
    page.get_by_role("button", name="Follow 1 request").click()

    expect(page.get_by_role("heading", name="bob", level=1)).to_be_visible()
    page.get_by_role("button", name="What would it cost? 1 request").click()
    discogs.hold()
    page.get_by_role("button", name=re.compile(r"Start the pull \d+ requests")).click()
    expect(page.get_by_role("progressbar", name="Reading bob")).to_be_visible()
    discogs.release()

    rows = page.get_by_role("region", name="Best here").get_by_role("listitem")
    best = rows.get_by_role("link").first
    name = best.inner_text()
    best.click()
    expect(page).to_have_title(re.compile(".+: .+ · Cratewise"))  # artist and title: it is there
    assert page.get_by_role("heading", level=1).inner_text() in name
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("img", name="kept")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Kept ")).to_be_visible()
    eventually_kept(visit, ["keep"])


def test_a_name_that_is_no_seller_is_told_beside_the_field(visit: Visit) -> None:
    page = visit.go("/sellers")
    page.get_by_label("Seller’s name").fill("nobody_of_that_name")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("nobody_of_that_name")
    expect(page.get_by_label("Seller’s name")).to_have_attribute("aria-invalid", "true")
    visit.complaints.clear()  # Chromium's own, about the 404


def test_a_pull_is_stopped_with_what_was_read_kept_and_goes_on_from_there(
    discogs: HeldDiscogs, visit: Visit
) -> None:
    discogs.hold()
    visit.api.http.post("/api/v1/pulls", json={"seller": "bob"}).raise_for_status()
    page = visit.go("/sellers/bob")

    # A pull that begins between two looks at it is told twice, until the next.
    stop = page.get_by_role("button", name="Stop, keep what is read")
    expect(page.get_by_text("of 2,400").first).to_be_visible()
    expect(stop).to_have_count(1)
    stop.click()
    expect(page.get_by_text("Stopped reading bob; what was read is kept")).to_be_visible()
    discogs.release()
    expect(page.get_by_text("what was read is kept. Until")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^Go on \d+ requests?$")).click()
    expect(page.get_by_text("2,400 of 2,400 listings read").first).to_be_visible()


def test_a_search_is_walked_by_keyboard_and_stands_in_the_address(dig: Visit) -> None:
    page = dig.go("/search")
    expect(page.get_by_text("250 listings", exact=True)).to_be_visible()

    page.keyboard.press("/")
    page.keyboard.type("lp")
    found = dig.api.read("/api/v1/listings", q="lp", limit=3)
    assert 0 < found["count"] < 250
    expect(page.get_by_role("status").filter(has_text=f"{found['count']} listings")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.press("n")
    expect(page.get_by_role("link", name=found["listings"][1]["title"]).first).to_be_focused()
    page.keyboard.press("s")
    expect(page.get_by_role("link", name=found["listings"][2]["title"]).first).to_be_focused()
    expect(page.get_by_role("img", name="skipped")).to_be_visible()

    page.get_by_role("group", name="Media at least").get_by_role("checkbox").first.check()
    expect(page.get_by_role("list", name="What the search asks for")).to_contain_text("at least")
    assert "min_grade=" in page.url
    page.reload()
    chips = page.get_by_role("list", name="What the search asks for")
    expect(chips.get_by_role("button")).to_have_count(3)
    chips.get_by_role("button", name="clear all").click()
    expect(page.get_by_text("250 listings", exact=True)).to_be_visible()
    page.go_back()
    expect(chips.get_by_role("button")).to_have_count(3)


def test_a_list_longer_than_any_page_is_scrolled_to_its_end(dig: Visit) -> None:
    page = dig.go("/search?sort=artist")
    expect(page.get_by_text("250 listings", exact=True)).to_be_visible()
    last = dig.api.read("/api/v1/listings", sort="artist", limit=100, page=3)["listings"][-1]

    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")

    expect(page.get_by_role("link", name=last["title"]).last).to_be_in_viewport()
    assert (
        page.locator(".long-list").get_by_role("listitem").count() < 60
    )  # what nobody sees is not drawn


def test_a_crate_is_packed_and_packed_again_without_one_of_its_records(dig: Visit) -> None:
    page = dig.go("/crate")
    page.get_by_label("Budget").fill("a fortune")
    page.get_by_role("button", name="Pack").click()
    expect(page.get_by_role("alert")).to_contain_text("a fortune")
    dig.complaints.clear()  # Chromium's own, about the 422

    page.get_by_label("Budget").fill("30")
    page.get_by_label("Records at most").fill("4")
    page.get_by_role("button", name="Pack").click()
    inside = page.get_by_role("region", name="In the crate").get_by_role("listitem")
    expect(inside).to_have_count(4)
    name = inside.first.get_by_role("link").first.inner_text()
    inside.first.get_by_role("button", name="Out").click()
    expect(inside.filter(has_text=name)).to_have_count(0)
    expect(inside).to_have_count(4)


def test_keys_go_everywhere_and_are_listed(dig: Visit) -> None:
    page = dig.go()
    expect(page.get_by_role("region", name="Best here")).to_be_visible()

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page.get_by_role("heading", name="Sellers", level=1)).to_be_visible()

    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    keys.get_by_role("switch", name="Single keys").click()
    page.keyboard.press("Escape")
    expect(keys).to_have_count(0)
    page.keyboard.press("?")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.reload()
    page.keyboard.press("?")
    page.get_by_role("button", name="Keyboard help").click()
    expect(keys.get_by_role("switch", name="Single keys")).not_to_be_checked()
    expect(page.get_by_role("heading", name="Sellers", level=1)).to_be_visible()


def test_another_currency_changes_every_price(dig: Visit) -> None:
    page = dig.go("/settings")
    page.get_by_label("Currency").select_option("JPY")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved")).to_be_visible()

    page.get_by_role("link", name="Home", exact=True).first.click()
    best = page.get_by_role("region", name="Best here").get_by_role("listitem").first
    expect(best).to_contain_text("¥")


def test_what_was_hidden_is_shown_again(dig: Visit) -> None:
    page = dig.go("/triage")
    expect(page.get_by_role("article")).to_be_visible()
    page.keyboard.press("h")
    page.get_by_role("dialog").get_by_role("button", name="The artist").click()
    expect(page.get_by_text("is hidden")).to_be_visible()

    page.goto(f"{dig.api.url}/settings")
    page.get_by_role("button", name="Show again").click()
    expect(page.get_by_text("You hide nothing.")).to_be_visible()
    assert dig.api.read("/api/v1/hidden")["hidden"] == []


def test_a_seller_is_forgotten_after_a_question(dig: Visit) -> None:
    page = dig.go("/sellers/alice")
    # All that the page asks of them is there: whoever is forgotten meanwhile is not found.
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("region", name="Best here").get_by_role("listitem")).to_have_count(10)
    page.get_by_role("button", name="Forget").click()
    expect(page.get_by_role("dialog")).to_contain_text("250 listings leave your index")
    page.get_by_role("button", name="Forget them").click()

    expect(page.get_by_text("No sellers yet")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits_a_desk_and_a_phone(
    browser: Browser, stocked: Api, path: str, theme: str
) -> None:
    with visited(browser, stocked, theme=theme) as desk:
        page = desk.go(path)
        page.locator("[aria-busy=true]").first.wait_for(state="detached")
        expect(page.get_by_role("heading").first).to_be_visible()
        assert desk.violations() == []
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert desk.violations() == []
