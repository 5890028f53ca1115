"""The record of the day: voted on by keys, explained, and found again in its calendar."""

import re

import pytest
from playwright.sync_api import expect
from tests.web.visiting import PATIENCE_MILLISECONDS, Visit

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MILLISECONDS)


def test_it_is_voted_on_by_three_keys_which_tell_what_they_moved(dig: Visit) -> None:
    page = dig.go("/day")
    drawn = dig.api.read("/api/v1/picks/today")
    expect(page.get_by_role("heading", name=drawn["was"]["title"], level=1)).to_be_visible()

    page.keyboard.press("4")
    page.keyboard.press("5")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Your votes move the next draw")).to_be_visible()
    expect(page.get_by_text("You voted 4 for wanting and 5 for newness")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("your vote 4"))).to_be_visible()
    votes = dig.api.read("/api/v1/picks/today")["votes"]
    assert [(one["desirability"], one["novelty"]) for one in votes] == [(4, 5)]
    assert dig.violations() == []


def test_another_is_drawn_and_the_one_before_can_still_be_looked_at(dig: Visit) -> None:
    page = dig.go("/day")
    first = dig.api.read("/api/v1/picks/today")
    page.get_by_role("button", name="Draw again").click()
    expect(page.get_by_role("heading", name=first["was"]["title"], level=1)).to_have_count(0)
    second = dig.api.read("/api/v1/picks/today")
    expect(page.get_by_role("heading", name=second["was"]["title"], level=1)).to_be_visible()

    dig.go(f"/day?pick={first['id']}")
    expect(page.get_by_role("heading", name=first["was"]["title"], level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Draw again")).to_have_count(0)
    page.get_by_role("link", name="today’s record").click()
    expect(page.get_by_role("heading", name=second["was"]["title"], level=1)).to_be_visible()


def test_the_landscape_names_its_dots_by_key_and_stands_in_a_table(dig: Visit) -> None:
    page = dig.go("/day")
    pick = dig.api.read("/api/v1/picks/today")
    land = dig.api.read(f"/api/v1/picks/{pick['id']}/landscape")
    points = land["points"]
    region = page.get_by_role("region", name="The landscape")
    plot = region.get_by_role("group", name=re.compile(f"{len(points)} candidates by novelty"))
    expect(region.get_by_text("It was drawn.")).to_be_visible()

    in_order = sorted(range(len(points)), key=lambda place: points[place]["novelty"])
    plot.focus()
    page.keyboard.press("ArrowLeft")
    before = points[in_order[in_order.index(land["picked"]) - 1]]
    expect(region.get_by_role("status")).to_contain_text(before["title"])

    region.get_by_text("Show as table").click()
    likeliest = max(points, key=lambda point: point["probability"])
    expect(region.get_by_role("row").nth(1)).to_contain_text(likeliest["title"])
    assert dig.violations() == []


def test_its_temperature_is_the_sum_of_what_made_it(dig: Visit) -> None:
    page = dig.go("/day")
    pick = dig.api.read("/api/v1/picks/today")
    region = page.get_by_role("region", name=f"Temperature {pick['temperature']:.2f}")

    expect(region.get_by_text(f"= {pick['temperature']:.2f}")).to_be_visible()
    expect(region.get_by_text("+ 0.00")).to_be_visible()  # nobody voted
    expect(region.get_by_role("figure")).to_have_count(4)
