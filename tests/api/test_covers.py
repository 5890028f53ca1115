"""Covers over HTTP: fetched once, seldom, and from nobody but Discogs' image host."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update
from tests.api.serving import Api, served
from tests.conftest import HandClock

from cratewise.discogs.pictures import A_MINUTE, Picture, Pictures
from cratewise.errors import NotFound, PicturesSpent
from cratewise.simulator import Simulator, World
from cratewise.store.engine import reading, writing
from cratewise.store.releases import thumbnail_of
from cratewise.store.tables import releases

V1 = "/api/v1"


@pytest.fixture
def discogs() -> Iterator[Simulator]:
    with Simulator(World(sellers={"alice": 30}), minute_seconds=0.2) as discogs:
        yield discogs


@pytest.fixture
def stocked(
    database_url: str, discogs: Simulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Api]:
    """A stock that was read with a token, which tells where covers lie."""
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", database_url)
    monkeypatch.setenv("CRATEWISE_DISCOGS_API_URL", discogs.url)
    monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", "0.2")
    monkeypatch.setenv("CRATEWISE_DISCOGS_TOKEN", World.token("digger"))
    with served(is_working=True) as api:
        asked = api.http.post(f"{V1}/pulls", json={"seller": "alice"}).raise_for_status()
        assert list(api.events(asked.json()["id"]))[-1][0] == "end"
        yield api


def test_a_cover_is_fetched_once_and_kept(stocked: Api) -> None:
    number = stocked.read(f"{V1}/listings", limit=1)["listings"][0]["release_id"]
    first = stocked.get(f"{V1}/releases/{number}/cover")
    with writing(stocked.here.engine) as db:  # where nobody could fetch it from
        db.execute(update(releases).values(thumbnail="https://i.discogs.invalid/a.jpg"))
    again = stocked.get(f"{V1}/releases/{number}/cover")

    assert first.status_code == again.status_code == 200
    assert first.headers["content-type"] == "image/svg+xml"
    assert first.content == again.content
    assert "sandbox" in first.headers["content-security-policy"]
    assert first.headers["cache-control"].startswith("private")


def test_a_release_whose_cover_nobody_told_has_none(stocked: Api) -> None:
    number = stocked.read(f"{V1}/listings", limit=1)["listings"][0]["release_id"]
    with writing(stocked.here.engine) as db:
        db.execute(update(releases).values(thumbnail=""))

    answer = stocked.get(f"{V1}/releases/{number}/cover")

    assert (answer.status_code, answer.content) == (204, b"")
    assert stocked.get(f"{V1}/releases/999999999/cover").status_code == 204


def test_more_than_the_image_host_bears_is_told_when_to_come_again(
    stocked: Api, discogs: Simulator
) -> None:
    clock = HandClock()
    pictures = Pictures(discogs.url, clock)
    number = stocked.read(f"{V1}/listings", limit=1)["listings"][0]["release_id"]
    with reading(stocked.here.engine) as db:
        address = thumbnail_of(db, number)
    for _ in range(A_MINUTE):
        clock.advance(1.0)
        assert pictures.fetch(address).content

    with pytest.raises(PicturesSpent) as refused:
        pictures.fetch(address)
    clock.advance(refused.value.retry_in_seconds)

    assert refused.value.retry_in_seconds == 31.0
    assert pictures.fetch(address).content


def test_whoever_asks_for_more_is_told_when_to_come_again(
    stocked: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stocked.here, "covers", Spent())
    number = stocked.read(f"{V1}/listings", limit=1)["listings"][0]["release_id"]

    answer = stocked.get(f"{V1}/releases/{number}/cover")

    assert (answer.status_code, answer.headers["retry-after"]) == (202, "13")


class Spent:
    """A minute whose pictures are spent."""

    def cover(self, *_: object) -> Picture:
        raise PicturesSpent(12.2)


@pytest.mark.parametrize(
    "address",
    [
        "http://i.discogs.com/a.jpg",
        "https://i.discogs.com.evil.example/a.jpg",
        "https://user@i.discogs.com/a.jpg",
        "https://127.0.0.1/a.jpg",
        "file:///etc/passwd",
        "",
    ],
)
def test_nothing_is_asked_of_anybody_else(address: str, clock: HandClock) -> None:
    with pytest.raises(NotFound):
        Pictures("https://api.discogs.com", clock).fetch(address)
