"""Search, page by page of a keyboard: names, styles, ranges, what is kept, what is taken away."""

import csv
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import update
from tests.api.serving import Api
from tests.web.visiting import PATIENCE_MILLISECONDS, PHONE, Visit, visited

from cratewise.store.engine import writing
from cratewise.store.tables import listings

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.fixture
def dig(web: Api, visit: Visit) -> Visit:
    """A visit to alice's 250 listings, of which two have styles."""
    asked = web.http.post("/api/v1/pulls", json={"seller": "alice"}).raise_for_status()
    assert list(web.events(asked.json()["id"]))[-1][0] == "end"
    return visit


def test_a_name_is_suggested_and_chosen_by_keyboard(dig: Visit) -> None:
    label = dig.api.read("/api/v1/listings", limit=1)["listings"][0]["label"].split(",")[0]
    page = dig.go("/search")
    expect(page.get_by_text("250 listings", exact=True)).to_be_visible()

    page.keyboard.press("/")
    page.keyboard.type(label[:-1].lower())
    names = page.get_by_role("listbox", name="Names")
    option = names.get_by_role("option").filter(has_text=label).first
    expect(option).to_be_visible()
    assert dig.violations() == []
    while option.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    kind = option.inner_text().split()[0]
    page.keyboard.press("Enter")

    chips = page.get_by_role("list", name="What the search asks for")
    expect(chips).to_contain_text(label)
    expect(page.get_by_role("combobox", name="Search words")).to_have_value("")
    said = chips.get_by_role("button").first.get_attribute("aria-label") or ""
    name = said.removeprefix(f"Leave out: {kind} ")
    found = dig.api.read("/api/v1/listings", **{kind: name})["count"]
    expect(
        page.get_by_role("status").filter(has_text=re.compile(f"^{found} listing"))
    ).to_be_visible()


def test_quick_typing_loses_no_letter_and_a_step_back_leads_out_of_the_words(dig: Visit) -> None:
    page = dig.go("/")
    page.get_by_role("link", name="Search", exact=True).first.click()
    expect(page.get_by_text("250 listings", exact=True)).to_be_visible()

    words = dig.api.read("/api/v1/listings", limit=1)["listings"][0]["title"]
    page.keyboard.press("/")
    page.keyboard.type(words)

    expect(page.get_by_role("combobox", name="Search words")).to_have_value(words)
    expect(page.get_by_role("link", name=words).first).to_be_visible()
    page.keyboard.press("Escape")
    page.go_back()
    expect(page.get_by_role("heading", name=re.compile("^Since"), level=1)).to_be_visible()


def test_either_end_of_a_range_stands_alone_and_a_bar_is_a_range(dig: Visit) -> None:
    page = dig.go("/search")
    expect(page.get_by_text("250 listings", exact=True)).to_be_visible()

    page.get_by_label("Landed price to").fill("4")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing was found")).to_be_visible()  # nobody's postage is known
    page.get_by_role("button", name="without 4").click()
    page.get_by_label("Price from", exact=True).fill("5")
    page.keyboard.press("Enter")
    found = dig.api.read("/api/v1/listings", min_price="5")["count"]
    assert 0 < found < 250
    expect(page.get_by_text(f"{found} listings").first).to_be_visible()

    page.get_by_role("group", name="Year").get_by_role("button").first.click()
    assert "min_year=" in page.url
    assert "max_year=" in page.url
    assert "min_price=" in page.url
    expect(page.get_by_role("group", name="Year").get_by_role("button").first).to_have_attribute(
        "aria-pressed", "true"
    )


def test_a_search_is_kept_reports_is_changed_and_forgetting_it_is_taken_back(dig: Visit) -> None:
    page = dig.go("/search?q=lp")
    page.get_by_role("button", name="Save search").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("long ones")
    dialog.get_by_label("Tell me what comes").select_option("feed")
    dialog.get_by_role("button", name="Save search").click()
    expect(page.get_by_text("Saved long ones")).to_be_visible()
    [alert] = dig.api.read("/api/v1/alerts")["alerts"]
    assert (alert["search"], alert["way"]) == ("long ones", "feed")

    page.goto(f"{dig.api.url}/search?max_price=5")
    page.get_by_role("button", name="Save search").click()
    dialog.get_by_label("Name").fill("long ones")
    dialog.get_by_role("button", name="Let “long ones” find this").click()
    expect(dialog).to_have_count(0)
    [search] = dig.api.read("/api/v1/searches")["searches"]
    assert parse_qs(search["query"]) == {"max_price": ["5.00EUR"]}

    page.get_by_role("button", name="Saved", exact=True).click()
    expect(dialog.get_by_role("link", name="as a feed (Atom)")).to_be_visible()
    assert dig.violations() == []
    dialog.get_by_role("button", name="Forget").click()
    expect(dialog.get_by_text("None yet.")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Home", exact=True).first.click()
    saved = page.get_by_role("region", name="Saved searches")
    found = dig.api.read("/api/v1/listings", max_price="5")["count"]
    expect(saved.get_by_role("listitem")).to_contain_text(f"{found} new")
    expect(saved.get_by_role("link", name="long ones")).to_be_visible()
    assert [one["way"] for one in dig.api.read("/api/v1/alerts")["alerts"]] == ["feed"]


def test_words_that_were_just_typed_are_not_lost_by_whoever_goes_elsewhere(dig: Visit) -> None:
    page = dig.go("/search")
    expect(page.get_by_text("250 listings", exact=True)).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("lp")
    page.get_by_role("link", name="Home", exact=True).first.click()
    expect(page).to_have_url(re.compile("/$"))

    page.go_back()
    expect(page.get_by_role("combobox", name="Search words")).to_have_value("lp")
    assert "q=lp" in page.url
    page.go_forward()
    expect(page).to_have_url(re.compile("/$"))


def test_what_is_shown_is_taken_away_as_a_file(dig: Visit) -> None:
    page = dig.go("/search?q=lp&sort=price&direction=desc")
    expect(page.get_by_role("listitem").first).to_be_visible()
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as told:
        page.get_by_role("link", name="CSV, for any spreadsheet").click()

    asked = parse_qs(urlsplit(told.value.url).query)
    assert asked == {"q": ["lp"], "sort": ["price"], "direction": ["desc"], "form": ["csv"]}
    with told.value.path().open(encoding="utf-8", newline="") as file:
        listings = list(csv.DictReader(file))
    assert len(listings) == dig.api.read("/api/v1/listings", q="lp")["count"]


def test_the_panel_follows_the_cursor_and_a_check_tells_its_cost_first(dig: Visit) -> None:
    page = dig.go("/search?sort=artist")
    panel = page.get_by_role("complementary", name="Under the cursor")
    listings = dig.api.read("/api/v1/listings", sort="artist", limit=2)["listings"]
    expect(panel.get_by_role("article")).to_contain_text(listings[0]["title"])

    page.keyboard.press("n")
    page.keyboard.press("n")
    expect(panel.get_by_role("article")).to_contain_text(listings[1]["title"])
    expect(panel.get_by_role("button", name="Check 1 request")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_text("as it was, and read now")).to_be_visible()
    page.keyboard.press("k")
    expect(page.get_by_role("img", name="kept")).to_be_visible()

    page.keyboard.press("End")
    last = dig.api.read("/api/v1/listings", sort="artist", limit=100, page=3)["listings"][-1]
    expect(panel.get_by_role("article")).to_contain_text(last["title"])
    page.keyboard.press("]")
    expect(panel).to_have_count(0)


def test_on_a_phone_the_filters_are_a_drawer(browser: Browser, dig: Visit) -> None:
    with visited(browser, dig.api, size=PHONE) as phone:
        page = phone.go("/search")
        expect(page.get_by_role("listitem").first).to_be_visible()
        page.get_by_role("button", name="Filters").click()
        expect(page.get_by_role("group", name="Your verdict")).to_be_visible()
        assert phone.violations() == []
        page.get_by_role("checkbox", name="kept").check()
        expect(page.get_by_text("Nothing was found")).to_be_visible()


def test_what_is_under_the_cursor_is_wanted_put_aside_and_hidden_by_keys(dig: Visit) -> None:
    page = dig.go("/search?sort=artist")
    panel = page.get_by_role("complementary", name="Under the cursor")
    [first] = dig.api.read("/api/v1/listings", sort="artist", limit=1)["listings"]
    expect(panel.get_by_role("article")).to_contain_text(first["title"])

    page.keyboard.press("w")
    expect(panel.get_by_role("button", name="On your wantlist")).to_be_disabled()
    page.keyboard.press("c")
    expect(panel.get_by_role("button", name="In the next crate")).to_be_visible()
    assert dig.violations() == []
    page.get_by_role("link", name="Crate", exact=True).first.click()
    page.get_by_label("Budget").fill("500")
    page.get_by_label("Records at most").fill("3")
    page.get_by_role("button", name="Pack").click()
    inside = page.get_by_role("region", name="In the crate")
    expect(inside.get_by_role("link", name=first["title"]).first).to_be_visible()

    page.go_back()
    expect(panel.get_by_role("article")).to_contain_text(first["title"])
    page.keyboard.press("h")
    page.keyboard.press("a")
    expect(page.get_by_text(f"{first['artist']} is hidden")).to_be_visible()
    expect(panel.get_by_role("article")).not_to_contain_text(first["artist"])


def test_old_prices_are_read_again_together_and_the_cost_is_told_first(dig: Visit) -> None:
    title = dig.api.read("/api/v1/listings", limit=1)["listings"][0]["title"]
    with writing(dig.api.here.engine) as db:
        yesterday = datetime.now(UTC) - timedelta(days=1)
        db.execute(update(listings).values(price_read_at=yesterday))
    old = dig.api.read("/api/v1/listings", q=title)["count"]
    page = dig.go(f"/search?q={quote(title)}")

    page.get_by_role("button", name=re.compile(f"^{old} old price")).click()
    dialog = page.get_by_role("dialog", name="Read old prices again?")
    expect(dialog).to_contain_text(f"Checking {old} listing")
    assert dig.violations() == []
    dialog.get_by_role("button", name=re.compile(f"^Read them again {old} request")).click()

    expect(page.get_by_text(re.compile(f"^{old} prices? read again"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("old price"))).to_have_count(0)


def test_real_covers_are_asked_for_once_somebody_switched_them_on(dig: Visit) -> None:
    asked: list[str] = []
    page = dig.go("/search?sort=artist")
    page.on("request", lambda one: asked.append(one.url) if one.url.endswith("/cover") else None)
    expect(page.get_by_role("listitem").first).to_be_visible()
    page.get_by_role("link", name="Settings", exact=True).first.click()
    page.get_by_role("switch", name="Show real covers").click()
    assert asked == []

    page.get_by_role("link", name="Search", exact=True).first.click()
    expect(page.locator(".long-list .sleeve image").first).to_be_visible()
    assert dig.foreign == []
