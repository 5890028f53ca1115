"""Wants and collections: who may read and who may change them."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from cratewise.simulator import Simulator, World

from .conftest import Visitor


@pytest.fixture
def discogs() -> Iterator[Simulator]:
    """A world of its own for each test, since lists are changed here."""
    with Simulator(World(sellers={"alice": 20})) as simulator:
        yield simulator


def all_rows(client: httpx2.Client, path: str, name: str, **query: str) -> list[Any]:
    rows: list[Any] = []
    url: str | None = path
    while url:
        answer = client.get(url, params={"per_page": 100, **query} if url == path else None).json()
        rows += answer[name]
        url = answer["pagination"]["urls"].get("next")
    return rows


def test_a_wantlist_is_read_a_hundred_at_a_time(
    discogs: Simulator, stranger: httpx2.Client
) -> None:
    rows = all_rows(stranger, "/users/digger/wants", "wants")

    assert {row["id"] for row in rows} == set(discogs.world.seller("digger").wants)
    assert len(rows) == 340
    assert len(discogs.requests) == 4
    assert all(row["basic_information"]["genres"] for row in rows)


def test_a_want_can_be_added_changed_and_removed_by_its_owner(
    discogs: Simulator, digger: httpx2.Client
) -> None:
    release_id = discogs.world.catalogue.release_id(4_711)
    path = f"/users/digger/wants/{release_id}"

    added = digger.put(path)
    changed = digger.post(path, json={"rating": 4, "notes": "The blue sleeve."})
    listed = next(row for row in all_rows(digger, "/users/digger/wants", "wants"))
    removed = digger.delete(path)

    assert (added.status_code, added.json()["id"]) == (201, release_id)
    assert (changed.status_code, changed.json()["rating"]) == (200, 4)
    assert (listed["id"], listed["notes"]) == (release_id, "The blue sleeve.")
    assert (removed.status_code, removed.content) == (204, b"")
    assert release_id not in discogs.world.seller("digger").wants


def test_notes_are_for_the_owner_alone(stranger: httpx2.Client, digger: httpx2.Client) -> None:
    own = digger.get("/users/digger/wants").json()["wants"][0]
    others = stranger.get("/users/digger/wants").json()["wants"][0]

    assert "notes" in own
    assert "notes" not in others


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_nobody_else_may_change_a_wantlist(
    visit: Visitor, stranger: httpx2.Client, method: str
) -> None:
    path = "/users/digger/wants/1009"

    assert stranger.request(method, path).status_code == 401
    refused = visit(token_of="hermit").request(method, path)
    assert refused.status_code == 403
    assert refused.json() == {"message": "You don't have permission to access this resource."}


def test_wants_that_make_no_sense_are_refused(digger: httpx2.Client) -> None:
    unknown = digger.put("/users/digger/wants/2")
    missing = digger.delete("/users/digger/wants/1009")
    wanted = digger.get("/users/digger/wants").json()["wants"][0]["resource_url"]
    overrated = digger.post(wanted, json={"rating": 6})
    garbled = digger.post(wanted, content=b"{", headers={"Content-Type": "application/json"})

    assert unknown.json() == {"message": "Release not found."}
    assert missing.status_code == 404
    assert overrated.status_code == 422
    assert garbled.status_code == 400


def test_a_collection_is_read_in_any_order(stranger: httpx2.Client) -> None:
    path = "/users/digger/collection/folders/0/releases"
    by_added = all_rows(stranger, path, "releases", sort="added", sort_order="desc")
    by_year = all_rows(stranger, path, "releases", sort="year")

    assert len(by_added) == 270
    dates = [row["date_added"] for row in by_added]
    years = [row["basic_information"]["year"] for row in by_year]
    assert dates == sorted(dates, reverse=True)
    assert years == sorted(years)
    assert {row["instance_id"] for row in by_added} == {row["instance_id"] for row in by_year}


def test_strangers_see_one_folder_and_the_owner_both(
    stranger: httpx2.Client, digger: httpx2.Client
) -> None:
    def names(client: httpx2.Client) -> list[str]:
        answer = client.get("/users/digger/collection/folders").json()
        return [folder["name"] for folder in answer["folders"]]

    assert names(stranger) == ["All"]
    assert names(digger) == ["All", "Uncategorized"]
    assert stranger.get("/users/digger/collection/folders/1/releases").status_code == 403
    assert digger.get("/users/digger/collection/folders/1/releases").status_code == 200
    assert digger.get("/users/digger/collection/folders/9/releases").status_code == 404


@pytest.mark.parametrize(
    "path", ["wants", "collection/folders", "collection/folders/0/releases", "collection/fields"]
)
def test_private_lists_open_for_their_owner_alone(visit: Visitor, path: str) -> None:
    refused = visit(token_of="digger").get(f"/users/hermit/{path}")

    assert refused.status_code == 403
    assert visit(token_of="hermit").get(f"/users/hermit/{path}").status_code == 200


def test_a_profile_counts_lists_that_may_be_seen(visit: Visitor) -> None:
    seen = visit().get("/users/digger").json()
    hidden = visit().get("/users/hermit").json()
    own = visit(token_of="hermit").get("/users/hermit").json()

    assert (seen["num_wantlist"], seen["num_collection"]) == (340, 270)
    assert "num_wantlist" not in hidden
    assert "num_wantlist" in own
    assert "email" in own
