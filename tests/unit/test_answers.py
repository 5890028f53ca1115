"""What Discogs answers becomes values of ours, whatever shape it comes in."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cratewise.discogs.answers import page_from, profile_from
from cratewise.discogs.headers import Told, retry_after_seconds, told_by
from cratewise.errors import DiscogsBroken

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_a_recorded_profile_is_read(samples: Path) -> None:
    profile = profile_from(json.loads((samples / "api" / "profile.json").read_text()))

    assert profile.discogs_id == 1006
    assert profile.for_sale == 63
    assert (profile.rating_percent, profile.ratings) == (100.0, 13)
    assert profile.currency is None
    assert not profile.is_suspended


def test_a_profile_with_odd_and_missing_fields_is_still_one() -> None:
    told = {"id": "7", "username": "alice", "num_for_sale": float("inf"), "seller_rating": "?"}

    profile = profile_from({**told, "rank": 12.5, "registered": "long ago", "curr_abbr": None})

    assert (profile.discogs_id, profile.username) == (7, "alice")
    assert (profile.for_sale, profile.rating_percent, profile.ratings) == (None, None, None)


@pytest.mark.parametrize(
    "told", [{}, {"id": 7}, {"username": "alice"}, {"id": -1, "username": "a"}]
)
def test_a_profile_of_nobody_is_no_answer(told: dict[str, Any]) -> None:
    with pytest.raises(DiscogsBroken):
        profile_from(told)


def test_one_malformed_listing_does_not_cost_its_page() -> None:
    answer = {"pagination": {"pages": 433, "items": 43_234}, "listings": [{"id": 1}, None, "?"]}

    page = page_from(answer, "listings", asked=7, read_at=NOW)

    assert page.rows == [{"id": 1}, None, "?"]
    assert (page.page, page.pages, page.items) == (7, 433, 43_234)


@pytest.mark.parametrize("told", [{}, {"listings": None}, {"listings": {}}])
def test_a_page_without_its_list_is_no_answer(told: dict[str, Any]) -> None:
    with pytest.raises(DiscogsBroken, match="no listings"):
        page_from(told, "listings", asked=1, read_at=NOW)


def test_remaining_tells_what_is_used_and_used_does_not() -> None:
    headers = {
        "x-discogs-ratelimit": "60",
        "x-discogs-ratelimit-used": "0",
        "x-discogs-ratelimit-remaining": "17",
    }

    assert told_by(headers) == Told(limit=60, used=43)


@pytest.mark.parametrize(
    ("limit", "remaining"),
    [("", "5"), ("60", ""), ("0", "0"), ("60", "-1"), ("60", "61"), ("²", "1")],
)
def test_headers_that_make_no_sense_tell_nothing(limit: str, remaining: str) -> None:
    headers = {"x-discogs-ratelimit": limit, "x-discogs-ratelimit-remaining": remaining}

    assert told_by(headers) is None


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("30", 30.0),
        ("Sun, 01 Nov 2026 12:01:00 GMT", 60.0),
        ("Sun, 01 Nov 2026 11:00:00 -0000", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_a_retry_after_is_read_in_either_form(told: str, seconds: float | None) -> None:
    assert retry_after_seconds({"retry-after": told}, NOW) == seconds
