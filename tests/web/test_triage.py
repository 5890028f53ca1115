"""Triage: verdicts by keyboard, in a list, at the thumbs; none is lost on its way."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.api.serving import Api
from tests.web.visiting import PATIENCE_MILLISECONDS, PHONE, Visit, eventually_kept, visited

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MILLISECONDS)


def test_ten_are_judged_by_keyboard_with_an_undo_and_a_network_that_drops(dig: Visit) -> None:
    page = dig.go("/triage")
    name = _shown(page)

    page.keyboard.press("k")
    expect(page.get_by_role("article")).not_to_have_attribute("aria-label", name)
    page.keyboard.press("u")
    expect(page.get_by_role("article")).to_have_attribute("aria-label", name)
    expect(page.get_by_text(f"Taken back: {name}")).to_be_visible()
    expect(page.get_by_text(f"Kept {name}")).to_have_count(0)  # with the Undo that it offered

    page.context.set_offline(offline=True)
    for key in "ksksk":
        page.keyboard.press(key)
    expect(page.get_by_text("verdicts wait here")).to_be_visible()
    away = page.get_by_text("Cratewise does not answer")
    expect(away).to_be_visible()
    assert _foot(page.locator(".toasts")) <= _head(away)
    page.context.set_offline(offline=False)
    expect(page.get_by_text("verdicts wait here")).to_have_count(0)
    expect(page.get_by_text("Cratewise does not answer")).to_have_count(0)
    eventually_kept(dig, ["keep", "skip", "keep", "skip", "keep"])
    assert all("INTERNET_DISCONNECTED" in one for one in dig.complaints)  # Chromium's own
    dig.complaints.clear()

    for key in "sssss":
        page.keyboard.press(key)
    page.get_by_role("button", name="Ten more").click()
    expect(page.get_by_text("3 kept, 7 skipped")).to_be_visible()
    expect(page.get_by_text("17 keeps and 13 skips more")).to_be_visible()


def test_verdicts_outlive_a_page_that_is_closed_while_the_server_is_away(dig: Visit) -> None:
    page = dig.go("/triage")
    _shown(page)
    page.route("**/api/v1/judgements", lambda route: route.abort())
    page.keyboard.press("k")
    page.keyboard.press("s")
    expect(page.get_by_text("2 verdicts wait here")).to_be_visible()
    page.goto("about:blank")
    dig.complaints.clear()  # Chromium's own, about requests that we broke
    assert dig.api.read("/api/v1/judgements")["judgements"] == []

    page.unroute("**/api/v1/judgements")
    dig.go("/triage")
    eventually_kept(dig, ["keep", "skip"])


def test_all_ten_stand_in_a_list_that_keys_walk_and_judge(dig: Visit) -> None:
    page = dig.go("/triage")
    _shown(page)

    page.keyboard.press("v")
    rows = page.get_by_role("list", name="The ten that wait").get_by_role("listitem")
    expect(rows).to_have_count(10)
    expect(page).to_have_url(re.compile(r"/triage\?as=list$"))
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(rows.nth(1).get_by_role("img", name="kept")).to_be_visible()
    expect(rows.nth(2)).to_have_attribute("aria-current", "true")
    rows.nth(7).get_by_role("button", name="Skip").click()
    expect(rows.nth(7).get_by_role("img", name="skipped")).to_be_visible()
    eventually_kept(dig, ["keep", "skip"])
    assert dig.violations() == []


def test_a_style_is_hidden_by_two_keys_without_a_verdict_and_shown_again(
    described: Api, visit: Visit
) -> None:
    page = visit.go("/triage")
    name = _shown(page)
    page.keyboard.press("h")
    dialog = page.get_by_role("dialog", name="Hide what?")
    expect(dialog.get_by_role("button", name=re.compile("The style"))).not_to_have_count(0)
    assert visit.violations() == []

    page.keyboard.press("t")
    expect(page.get_by_role("status").filter(has_text="is hidden")).to_be_visible()
    expect(page.get_by_role("article")).not_to_have_attribute("aria-label", name)
    [hidden] = described.read("/api/v1/hidden")["hidden"]
    assert hidden["kind"] == "style"
    assert described.read("/api/v1/judgements")["judgements"] == []

    page.get_by_role("status").get_by_role("button", name="Undo").click()
    page.wait_for_function(
        "async () => !(await (await fetch('/api/v1/hidden')).json()).hidden.length"
    )


def test_a_record_is_put_on_the_wantlist_by_a_key_and_taken_off_again(dig: Visit) -> None:
    page = dig.go("/triage")
    _shown(page)
    before = dig.api.read("/api/v1/wants")["count"]
    page.keyboard.press("w")

    said = page.get_by_role("status").filter(has_text="On your wantlist")
    expect(said).to_be_visible()
    expect(page.get_by_role("button", name="Wantlist on it")).to_be_disabled()
    assert dig.api.read("/api/v1/wants")["count"] == before + 1
    said.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name=re.compile("Wantlist 1 request"))).to_be_enabled()
    assert dig.api.read("/api/v1/wants")["count"] == before


def test_a_video_is_asked_for_after_a_press_and_not_before(described: Api, visit: Visit) -> None:
    video = "https://www.youtube-nocookie.com/embed/"
    visit.page.context.route(f"{video}**", lambda route: route.fulfill(body="<title>video</title>"))
    page = visit.go("/triage")
    _shown(page)
    article = page.get_by_role("article")
    told = page.get_by_role("button", name=re.compile("^Listen"))
    listen = page.get_by_role("button", name=re.compile(r"Listen \d videos?, loads on press"))
    for _ in range(9):  # some of the ten have a video, and which is told a moment later
        expect(told).to_have_attribute("aria-busy", "false")
        if listen.is_visible():
            break
        name = article.get_attribute("aria-label") or ""
        page.keyboard.press("n")
        expect(article).not_to_have_attribute("aria-label", name)
    expect(listen).to_be_visible()
    assert visit.foreign == []

    page.keyboard.press("Space")
    expect(page.locator("iframe")).to_have_attribute("src", re.compile(f"^{re.escape(video)}"))
    page.keyboard.press("Space")
    expect(page.locator("iframe")).to_have_count(0)
    assert all(url.startswith(video) for url in visit.foreign)
    visit.foreign.clear()


def test_a_record_without_a_video_is_heard_at_discogs(dig: Visit) -> None:
    dig.page.context.route("https://www.discogs.com/**", lambda route: route.fulfill(body="there"))
    page = dig.go("/triage")
    _shown(page)
    expect(page.get_by_role("button", name="Listen at Discogs")).to_be_visible()

    with page.expect_popup() as opened:
        page.keyboard.press("Space")

    assert opened.value.url.startswith("https://www.discogs.com/release/")


def test_verdicts_on_a_phone_are_given_at_the_thumbs_and_by_swipe(
    browser: Browser, stocked: Api
) -> None:
    with visited(browser, stocked, size=PHONE) as phone:
        page = phone.go("/triage")
        name = _shown(page)
        keep = page.get_by_role("button", name="Keep")
        expect(keep).to_be_in_viewport()
        keep.click()
        expect(page.get_by_role("article")).not_to_have_attribute("aria-label", name)
        said = page.get_by_text(f"Kept {name}")
        expect(said).to_be_visible()
        assert _foot(said) <= _head(keep)  # the next verdict is at the thumbs at once

        name = _shown(page)
        lift = _swipe(page, -160)
        expect(page.get_by_role("article")).to_have_attribute("data-swiped", "left")
        lift()
        expect(page.get_by_role("article")).not_to_have_attribute("aria-label", name)
        expect(page.get_by_role("article")).to_have_attribute("data-swiped", "")
        expect(said).to_be_hidden()  # one has room
        eventually_kept(phone, ["keep", "skip"])


def _swipe(page: Page, by: int) -> Callable[[], object]:
    """A finger drawn aside over the record, by so many pixels; how it is lifted."""
    finger = page.context.new_cdp_session(page)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    for kind, x in (("touchStart", 195), ("touchMove", 195 + by // 2), ("touchMove", 195 + by)):
        point = {"x": x, "y": 300}
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    return lambda: finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def _head(what: Locator) -> float:
    """Pixels from the window's upper edge."""
    box = what.bounding_box()
    assert box is not None
    return box["y"]


def _foot(what: Locator) -> float:
    box = what.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def _shown(page: Page) -> str:
    """Wait for a record, and tell which."""
    expect(page.get_by_role("article")).to_be_visible()
    return page.get_by_role("article").get_attribute("aria-label") or ""
