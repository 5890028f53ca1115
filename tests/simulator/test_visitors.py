"""Who may ask what: User-Agent, tokens, keys, verbs and paths."""

from typing import Any

import httpx2
import pytest

from cratewise.simulator import Simulator, World
from cratewise.simulator.world import CONSUMER_KEY, CONSUMER_SECRET


def test_a_request_without_a_user_agent_is_refused(discogs: Simulator) -> None:
    with httpx2.Client(base_url=discogs.url) as client:
        del client.headers["User-Agent"]
        answer = client.get("/users/alice")

    assert answer.status_code == 403


def test_a_token_acts_as_its_owner(digger: httpx2.Client) -> None:
    identity = digger.get("/oauth/identity").json()

    assert identity["username"] == "digger"
    assert identity["id"] == digger.get("/users/digger").json()["id"]


def test_nobody_has_no_identity(stranger: httpx2.Client) -> None:
    answer = stranger.get("/oauth/identity")

    assert answer.status_code == 401
    assert answer.json() == {"message": "You must authenticate to access this resource."}


@pytest.mark.parametrize("header", ["Discogs token=wrong", "Discogs key=a, secret=b", "Bearer x"])
def test_a_wrong_credential_is_refused_everywhere(stranger: httpx2.Client, header: str) -> None:
    answer = stranger.get("/users/alice", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.json()["message"].startswith("Invalid consumer")


def test_an_applications_key_sees_covers_and_is_nobody(stranger: httpx2.Client) -> None:
    header = {"Authorization": f"Discogs key={CONSUMER_KEY}, secret={CONSUMER_SECRET}"}

    listing = stranger.get("/users/alice/inventory", headers=header).json()["listings"][0]
    cover = stranger.get(listing["release"]["thumbnail"])

    assert cover.headers["Content-Type"] == "image/svg+xml"
    assert b"<svg" in cover.content
    assert "in_cart" not in listing
    assert stranger.get("/oauth/identity", headers=header).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/users/alice", 405), ("GET", "/marketplace/cart", 404), ("PATCH", "/", 404)],
)
def test_what_discogs_does_not_offer_is_refused(
    stranger: httpx2.Client, method: str, path: str, status: int
) -> None:
    assert stranger.request(method, path).status_code == status


def test_every_request_is_logged_with_who_asked_what(visit: Any) -> None:
    with Simulator(World(sellers={"alice": 3})) as discogs:
        visit(discogs, token_of="digger").get("/users/alice/inventory", params={"page": 1})
        visit(discogs).get("/users/nobody_at_all")
        first, second = discogs.requests

    assert (first.method, first.path, first.query) == (
        "GET",
        "/users/alice/inventory",
        {"page": "1"},
    )
    assert (first.status, first.viewer, first.user_agent) == (200, "digger", "CratewiseTests/1.0")
    assert (second.status, second.viewer) == (404, None)
    assert second.at >= first.at
