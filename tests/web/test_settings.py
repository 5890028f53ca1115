"""Settings: connected, changed and taken along in the page."""

import re
import zipfile

import pytest
from playwright.sync_api import expect
from tests.web.visiting import PATIENCE_MILLISECONDS, Visit

from cratewise.simulator import World

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MILLISECONDS)


def test_discogs_is_connected_by_a_token_that_the_page_never_shows_again(visit: Visit) -> None:
    page = visit.go("/settings")
    region = page.get_by_role("region", name="Discogs", exact=True)
    region.get_by_label("A personal access token").fill(World.token("digger"))
    region.get_by_role("button", name="Connect 1 request").click()

    expect(region.get_by_text("digger", exact=True)).to_be_visible()
    assert World.token("digger") not in page.content()
    kept = page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert World.token("digger") not in kept
    region.get_by_role("button", name="Disconnect").click()
    expect(region.get_by_label("A personal access token")).to_be_visible()
    assert visit.api.read("/api/v1/discogs")["username"] is None


def test_a_token_that_discogs_refuses_is_told_beside_the_field(visit: Visit) -> None:
    page = visit.go("/settings")
    region = page.get_by_role("region", name="Discogs", exact=True)
    region.get_by_label("A personal access token").fill("nobody-has-this-token")
    region.get_by_role("button", name="Connect 1 request").click()

    expect(region.get_by_role("alert")).to_be_visible()
    visit.complaints.clear()  # Chromium's own, about the 409


def test_what_is_done_by_itself_is_done_less_often_or_not_at_all(visit: Visit) -> None:
    page = visit.go("/settings")
    region = page.get_by_role("region", name="By itself")
    often = region.get_by_role("combobox", name=re.compile("whole stock"))
    often.select_option("every 2 days")
    region.get_by_role("switch", name=re.compile("what is new")).click()
    expect(region.get_by_role("switch", name=re.compile("what is new"))).not_to_be_checked()

    told = {one["kind"]: one for one in visit.api.read("/api/v1/schedules")["schedules"]}
    assert told["full"]["every_minutes"] == 2_880
    assert not told["quick"]["is_on"]


def test_postage_and_the_keeper_rule_are_told_and_taken_back(visit: Visit) -> None:
    page = visit.go("/settings")
    post = page.get_by_role("region", name="Postage to you")
    post.get_by_text("From a country").click()
    post.get_by_label("Country, as listings write it").fill("Germany")
    post.get_by_label("First record").fill("6,50")
    post.get_by_label("Each further").fill("1.50")
    post.get_by_role("button", name="Note postage").click()
    expect(post.get_by_role("listitem")).to_have_count(1)
    [rule] = visit.api.read("/api/v1/postage")["rules"]
    assert (rule["first_minor"], rule["further_minor"]) == (650, 150)
    post.get_by_role("button", name=re.compile("Forget")).click()
    expect(post.get_by_role("listitem")).to_have_count(0)

    keepers = page.get_by_role("region", name="Keepers")
    keepers.get_by_role("button", name="Change: keeper").click()
    keepers.get_by_label("Words that the format holds").fill('12"')
    keepers.get_by_role("button", name="Save the rule").click()
    expect(keepers.get_by_role("button", name="As shipped")).to_be_visible()
    assert visit.api.read("/api/v1/presets/keeper")["rule"]["format_holds"] == ['12"']
    keepers.get_by_role("button", name="As shipped").click()
    expect(keepers.get_by_text("LP, G+ or better, wanted by more than own it")).to_be_visible()


def test_presets_are_made_used_changed_and_forgotten_with_a_way_back(visit: Visit) -> None:
    page = visit.go("/settings")
    keepers = page.get_by_role("region", name="Keepers")
    keepers.get_by_role("button", name="Another rule").click()
    keepers.get_by_label("What you call it").fill("small discs")
    keepers.get_by_label("Words that the format holds").fill("CD")
    assert visit.violations() == []
    keepers.get_by_role("button", name="Save the rule").click()
    own = keepers.get_by_role("radio", name="small discs CD, wanted by more than own it")
    expect(own).not_to_be_checked()

    own.check()
    expect(own).to_be_checked()
    keepers.get_by_role("button", name="Change: small discs").click()
    keepers.get_by_label("Media at least").select_option("VG+")
    keepers.get_by_role("button", name="Save the rule").click()
    changed = keepers.get_by_role("radio", name="small discs CD, VG+ or better, wanted")
    expect(changed).to_be_checked()
    keepers.get_by_role("button", name="Forget: small discs").click()
    expect(keepers.get_by_role("radio")).to_have_count(1)
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(changed).to_be_checked()
    used = [one for one in visit.api.read("/api/v1/presets")["presets"] if one["is_used"]]
    assert [one["sentence"] for one in used] == ["CD, VG+ or better, wanted by more than own it"]


def test_old_prices_are_hidden_and_shown_again_with_one_key(visit: Visit) -> None:
    page = visit.go("/settings")
    region = page.get_by_role("region", name="Freshness")
    marked = region.get_by_role("radio", name="Mark old prices")
    hidden = region.get_by_role("radio", name="Hide old prices")
    expect(marked).to_be_checked()

    marked.press("ArrowRight")
    expect(hidden).to_be_checked()
    expect(region.get_by_text("is neither shown nor reckoned with")).to_be_visible()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert visit.api.read("/api/v1/settings")["stale_prices"] == "hide"
    assert visit.violations() == []

    page.reload()
    expect(hidden).to_be_checked()
    hidden.press("ArrowLeft")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert visit.api.read("/api/v1/settings")["stale_prices"] == "mark"


def test_everything_is_taken_along_in_one_file(visit: Visit) -> None:
    page = visit.go("/settings")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export everything").click()

    with zipfile.ZipFile(download.value.path()) as file:
        assert file.testzip() is None
        assert "judgements.ndjson" in file.namelist()
