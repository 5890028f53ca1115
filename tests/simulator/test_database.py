"""Releases and masters, and how they point at each other."""

from typing import Any

import httpx2
import pytest

from cratewise.simulator import Simulator


def release_of_a_master(discogs: Simulator) -> int:
    """The id of a release that has brothers."""
    return next(
        release.id
        for number in range(1_000)
        if (release := discogs.world.release(number)).master_id is not None
    )


def test_a_release_says_what_the_listing_of_it_cannot(stranger: httpx2.Client) -> None:
    shown = stranger.get("/users/alice/inventory").json()["listings"][0]["release"]
    release = stranger.get(shown["resource_url"]).json()

    assert release["title"] == shown["title"]
    assert release["community"]["want"] == shown["stats"]["community"]["in_wantlist"]
    assert release["community"]["have"] == shown["stats"]["community"]["in_collection"]
    assert ", ".join(label["catno"] for label in release["labels"]) == shown["catalog_number"]
    assert release["genres"]
    assert release["country"]
    assert release["num_for_sale"] >= 1


def test_a_master_and_its_versions_point_at_each_other(
    discogs: Simulator, stranger: httpx2.Client
) -> None:
    release = stranger.get(f"/releases/{release_of_a_master(discogs)}").json()
    master = stranger.get(release["master_url"]).json()
    versions = stranger.get(master["versions_url"]).json()

    assert master["title"] == release["title"]
    assert master["main_release"] in {version["id"] for version in versions["versions"]}
    assert versions["pagination"]["items"] >= 2
    for version in versions["versions"]:
        assert stranger.get(version["resource_url"]).json()["master_id"] == master["id"]


def test_versions_can_be_filtered_by_country(discogs: Simulator, stranger: httpx2.Client) -> None:
    master = stranger.get(f"/releases/{release_of_a_master(discogs)}").json()["master_url"]
    version = stranger.get(f"{master}/versions").json()["versions"][0]

    alike = stranger.get(f"{master}/versions", params={"country": version["country"]}).json()

    assert {each["country"] for each in alike["versions"]} == {version["country"]}


def test_pressings_of_one_work_have_the_same_tracks(
    discogs: Simulator, stranger: httpx2.Client
) -> None:
    master = stranger.get(f"/releases/{release_of_a_master(discogs)}").json()["master_url"]
    versions = stranger.get(f"{master}/versions").json()["versions"]
    first, second = (stranger.get(each["resource_url"]).json() for each in versions[:2])

    shorter = min(len(first["tracklist"]), len(second["tracklist"]))
    titles = [[track["title"] for track in each["tracklist"][:shorter]] for each in (first, second)]
    assert titles[0] == titles[1]


def test_a_date_is_written_as_far_as_it_is_known(
    discogs: Simulator, stranger: httpx2.Client
) -> None:
    ids = [discogs.world.catalogue.release_id(n) for n in range(150)]
    releases = [stranger.get(f"/releases/{release_id}").json() for release_id in ids]

    dated = {each.get("released", ""): each for each in releases}
    whole = next(each for date, each in dated.items() if len(date) == 10 and date[-2:] != "00")
    month = next(each for date, each in dated.items() if date.endswith("-00"))
    unknown = next(each for each in releases if each["year"] == 0)
    assert len(whole["released_formatted"].split()) == 3
    assert len(month["released_formatted"].split()) == 2
    assert "released" not in unknown


def test_rating_and_stats_tell_little(discogs: Simulator, stranger: httpx2.Client) -> None:
    release_id = release_of_a_master(discogs)

    rating = stranger.get(f"/releases/{release_id}/rating").json()

    assert rating["release_id"] == release_id
    assert 1 <= rating["rating"]["average"] <= 5
    assert stranger.get(f"/releases/{release_id}/stats").json() == {"is_offensive": False}


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/releases/2", "Release not found."),
        ("/releases/2/rating", "Release not found."),
        ("/marketplace/stats/2", "Release not found."),
        ("/masters/2", "Master Release not found."),
        ("/masters/2/versions", "Master Release not found."),
        ("/releases/two", "The requested resource was not found."),
    ],
)
def test_what_does_not_exist_is_not_found(
    stranger: httpx2.Client, path: str, sentence: str
) -> None:
    answer: Any = stranger.get(path)

    assert (answer.status_code, answer.json()) == (404, {"message": sentence})
