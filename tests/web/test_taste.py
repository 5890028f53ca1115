"""Taste: what was learned, how good it is, and the ways to have it otherwise."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.api.serving import Api
from tests.web.visiting import PATIENCE_MILLISECONDS, Visit

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MILLISECONDS)

V1 = "/api/v1"


def test_before_anything_was_learned_it_says_what_is_missing(dig: Visit) -> None:
    best = dig.api.read(f"{V1}/listings", limit=1)["listings"][0]
    verdict = {"listing_id": best["id"], "verdict": "keep", "key": "1"}
    dig.api.http.post(f"{V1}/judgements", json={"verdicts": [verdict]}).raise_for_status()

    page = dig.go("/taste")

    expect(page.get_by_text("1 verdict, 1 kept")).to_be_visible()
    page.get_by_role("group", name="Likes").get_by_text("Artists").click()
    expect(page.get_by_role("region", name="Likes")).to_contain_text(best["artist"])
    expect(page.get_by_text("19 keeps and 20 skips more")).to_be_visible()
    expect(page.get_by_text("Nothing was learned yet.")).to_be_visible()
    assert dig.violations() == []


def test_a_threshold_shows_what_it_would_keep_before_it_is_used(dig: Visit) -> None:
    _learn(dig.api)
    page = dig.go("/taste")
    region = page.get_by_role("region", name="Threshold")
    fader = region.get_by_role("slider")
    expect(fader).to_be_visible()
    fader.fill("60")

    over = dig.api.read(f"{V1}/listings", min_probability=0.6, judged="neither", limit=1)
    expect(region.get_by_text(f"At 60 % it would keep {over['count']} of the")).to_be_visible()
    expect(region.get_by_text(re.compile(r"At 60\s%, .* found"))).to_be_visible()
    region.get_by_role("button", name="Use 60 %").click()
    expect(region.get_by_role("button", name="Use the model’s own")).to_be_visible()
    assert dig.api.read(f"{V1}/taste")["threshold"] == 0.6
    assert dig.violations() == []


def test_the_rule_serves_again_and_then_a_version_does(dig: Visit) -> None:
    _learn(dig.api)
    page = dig.go("/taste")
    versions = page.get_by_role("region", name="Versions")

    versions.get_by_role("button", name="Use the rule").click()
    expect(page.get_by_text("The rule score serves")).to_be_visible()
    versions.get_by_role("button", name="Use version 1").click()
    expect(page.get_by_text("Version 1 serves")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("rule score 0"))).to_be_visible()


def _judge(api: Api, listings: list[dict[str, Any]]) -> None:
    """Keep what is wanted by more than own it, skip the rest."""
    verdicts = [
        {
            "listing_id": one["id"],
            "verdict": "keep" if (one["want"] or 0) >= (one["have"] or 0) else "skip",
            "key": f"{one['id']}",
        }
        for one in listings
    ]
    api.http.post(f"{V1}/judgements", json={"verdicts": verdicts}).raise_for_status()


def _learn(api: Api) -> None:
    """A model learnt from a hundred verdicts serves, and was asked before thirty more."""
    by_wants = api.read(f"{V1}/listings", sort="want_have", limit=75)["listings"]
    by_year = api.read(f"{V1}/listings", sort="title", limit=75)["listings"]
    known = list({one["release_id"]: one for one in [*by_wants, *by_year]}.values())
    _judge(api, known[::2] + known[1::4])
    asked = api.http.post(f"{V1}/taste/refit").raise_for_status().json()
    api.here.desk.wait(asked["job_id"])
    used = api.http.post(f"{V1}/models/1/use").raise_for_status().json()
    api.here.desk.wait(used["job_id"])
    shown = api.http.post(f"{V1}/triage", json={"size": 30}).raise_for_status().json()["shown"]
    verdicts = [
        {
            "listing_id": one["listing"]["id"],
            "verdict": "keep" if place % 3 == 0 else "skip",
            "key": f"shown {place}",
        }
        for place, one in enumerate(shown)
    ]
    api.http.post(f"{V1}/judgements", json={"verdicts": verdicts}).raise_for_status()
