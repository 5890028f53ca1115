"""One listing that makes no sense costs that listing, not its page."""

from cratewise.inventory.fetch import read_rows


def test_a_bad_listing_is_left_out_and_told_and_the_others_are_kept() -> None:
    good = {"id": 5_000_000_001, "release": {"id": 1}}
    page = [good, {"id": 5_000_000_002}, "no listing at all", {**good, "id": 5_000_000_003}]

    rows, problems = read_rows(page)

    assert [row.discogs_listing_id for row in rows] == [5_000_000_001, 5_000_000_003]
    assert problems == [
        "Listing 5000000002 was left out: It does not say of which release it is.",
        "Listing None was left out: It is no object, but a str.",
    ]


def test_a_draft_is_left_out_in_silence() -> None:
    draft = {"id": 5_000_000_001, "status": "Draft", "release": {"id": 1}}

    assert read_rows([draft]) == ([], [])
