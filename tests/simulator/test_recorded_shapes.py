"""The simulator's answers have the keys of Discogs' recorded ones, and values of their kinds."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from cratewise.simulator import Simulator

from .shapes import shape_of

Recorded = Any


@pytest.fixture
def recorded(samples: Path) -> Recorded:
    """Read recorded answers by the names of their files."""

    def read(*names: str) -> list[Any]:
        return [
            json.loads(path.read_text())
            for name in names
            for path in sorted((samples / "api").glob(name))
        ]

    return read


def differences(recorded: list[Any], answers: list[Any]) -> set[str]:
    assert recorded
    assert answers
    shape = shape_of(recorded)
    return {line for answer in answers for line in shape.differences(answer)}


def test_an_inventory_page_seen_with_a_token(recorded: Recorded, digger: httpx2.Client) -> None:
    pages = [
        digger.get("/users/Vinyl.Keller-Basel_/inventory").json(),
        digger.get("/users/bob/inventory?page=2&per_page=100").json(),
    ]
    listings = [row for page in pages for row in page["listings"]]

    samples = recorded("inventory_page_2025_authenticated.json")
    rows = [row for page in samples for row in page["listings"]]
    rows += recorded("listing_2025_converted_price.json")

    # Postage was told in none of the recorded listings; its keys are documented.
    tolerated = {".shipping_price: object instead of empty object"} | {
        ".original_shipping_price: object instead of empty object"
    }
    assert differences(samples, [pages[0]]) <= {
        f".listings[]{each}" for each in tolerated | {".original_price.converted: never recorded"}
    }
    assert differences(rows, listings) <= tolerated


def test_a_single_listing(recorded: Recorded, digger: httpx2.Client) -> None:
    rows = digger.get("/users/bob/inventory").json()["listings"]
    unposted = next(row for row in rows if row["shipping_price"] == {})

    answer = digger.get(f"/marketplace/listings/{unposted['id']}").json()

    assert differences(recorded("listing_2025_converted_price.json"), [answer]) == set()


def test_a_profile(recorded: Recorded, stranger: httpx2.Client) -> None:
    samples = recorded("profile.json", "profile_with_marketplace_suspended_flag.json")
    profiles = [
        stranger.get(f"/users/{name}").json() for name in ("alice", "digger", "empty_records")
    ]

    # Documented, though in neither recorded profile.
    assert differences(samples, profiles) <= {".home_page: never recorded"}


def test_identity(recorded: Recorded, digger: httpx2.Client) -> None:
    assert differences(recorded("identity.json"), [digger.get("/oauth/identity").json()]) == set()


def test_releases(recorded: Recorded, discogs: Simulator, digger: httpx2.Client) -> None:
    numbers = range(0, 60_000, 1_500)
    answers = [
        digger.get(f"/releases/{discogs.world.catalogue.release_id(number)}").json()
        for number in numbers
    ]

    samples = recorded("releases_2026/*.json", "release_249504.json")
    assert differences(samples, answers) <= {
        ".artists[].thumbnail_url: missing",  # simulated artists and labels have no picture
        ".labels[].thumbnail_url: missing",
        # Known from other sources: a release without a master, without styles, not for sale.
        ".master_id: missing",
        ".master_url: missing",
        ".styles: missing",
        ".lowest_price: null instead of number",
    }


def test_rating_and_stats_of_a_release(
    recorded: Recorded, discogs: Simulator, stranger: httpx2.Client
) -> None:
    unsold = next(n for n in range(1_000) if not discogs.world.copies(n))
    sold = next(iter(discogs.world.listings("alice").values())).release
    ids = [discogs.world.catalogue.release_id(number) for number in (sold, unsold)]

    def answers(path: str) -> list[Any]:
        return [stranger.get(path.format(release_id)).json() for release_id in ids]

    assert differences(recorded("community_rating.json"), answers("/releases/{}/rating")) == set()
    assert differences(recorded("release_stats_2022.json"), answers("/releases/{}/stats")) == set()
    stats = recorded("marketplace_stats.json", "marketplace_stats_none_for_sale.json")
    assert differences(stats, answers("/marketplace/stats/{}")) == set()


def test_masters_and_versions(
    recorded: Recorded, discogs: Simulator, digger: httpx2.Client
) -> None:
    sold = {item.release for item in discogs.world.listings("alice").values()}
    releases = [discogs.world.release(number) for number in sorted(sold)]
    masters = [release.master_id for release in releases if release.master_id][:10]

    answers = [digger.get(f"/masters/{number}").json() for number in masters]
    versions = [digger.get(f"/masters/{number}/versions?per_page=1").json() for number in masters]

    # The one recorded master has credits on its tracks; the simulated ones have none there.
    assert differences(recorded("master.json"), answers) <= {".tracklist[].extraartists: missing"}
    assert differences(recorded("master_versions.json"), versions) == set()


def test_wants(recorded: Recorded, digger: httpx2.Client) -> None:
    pages = [digger.get(f"/users/digger/wants?page={n}").json() for n in (1, 2, 7)]

    differing = differences(recorded("wants_page_*_2026.json"), pages)

    # A release without a master has 0 and null on a wantlist as in a collection.
    assert differing <= {".wants[].basic_information.master_url: null instead of string"} | {
        f".pagination.urls.{each}: missing" for each in ("first", "prev", "next", "last")
    }


def test_collection(recorded: Recorded, digger: httpx2.Client) -> None:
    path = "/users/digger/collection"
    samples = recorded("collection_page_2023.json", "collection_items_example.json")
    page = digger.get(f"{path}/folders/0/releases?per_page=100").json()
    folders = digger.get(f"{path}/folders").json()
    fields = digger.get(f"{path}/fields").json()

    assert differences([sample["releases"] for sample in samples], [page["releases"]]) == set()
    assert differences(recorded("collection_folders.json"), [folders]) == set()
    # The recorded fields are dropdowns only; a text field has lines instead of options.
    assert differences(recorded("collection_fields.json"), [fields]) <= {
        ".fields[].lines: never recorded",
        ".fields[].options: missing",
    }


@pytest.mark.parametrize(
    ("sample", "path"),
    [
        ("401_bad_token", "/users/alice?token=wrong"),
        ("401_unauthenticated", "/oauth/identity"),
        ("403_no_permission", "/users/hermit/wants"),
        ("403_page_over_100", "/users/bob/inventory?page=101"),
        ("404_generic", "/users/alice/inventory?page=99"),
        ("404_master", "/masters/2"),
        ("404_release", "/releases/2"),
        ("404_user_deleted", "/users/gone_records"),
        ("422_inventory_status", "/users/alice/inventory?status=Lost"),
    ],
)
def test_a_refusal_has_the_recorded_words(
    samples: Path, stranger: httpx2.Client, sample: str, path: str
) -> None:
    answer = stranger.get(path)

    assert answer.status_code == int(sample[:3])
    assert answer.json() == json.loads((samples / "errors" / f"{sample}.json").read_text())
