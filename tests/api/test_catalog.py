"""The API tells which catalogue is in use, and what it tells of listings and releases."""

from pathlib import Path

from sqlalchemy import Engine
from tests.api.serving import Api
from tests.builders import a_listing, a_seller
from tests.catalog.dumps import STOCKHOLM, a_dump

from cratewise.catalog.describe import describe_all
from cratewise.catalog.files import CatalogFiles
from cratewise.catalog.import_dump import Order, import_dump
from cratewise.clock import SystemClock
from cratewise.store.engine import writing


def test_without_a_catalogue_there_is_none_and_listings_are_told_as_they_are(
    api: Api, store: Engine
) -> None:
    with writing(store) as db:
        listing = a_listing(db, a_seller(db), id=1)

    assert api.read("/api/v1/catalog") == {"current": None, "previous": None}
    told = api.read(f"/api/v1/listings/{listing}")
    assert (told["genres"], told["styles"], told["country"]) == ([], [], None)
    assert api.read("/api/v1/releases/1")["videos"] == []


def test_a_catalogue_tells_its_dump_and_what_releases_are(
    api: Api, store: Engine, tmp_path: Path
) -> None:
    files = CatalogFiles(api.here.settings.catalog)
    dump = a_dump(tmp_path / "discogs_20261101_releases.xml.gz", [STOCKHOLM])
    import_dump(files, Order(dump), clock=SystemClock())
    with writing(store) as db:
        listing = a_listing(db, a_seller(db), id=1)
    describe_all(store, files.current, clock=SystemClock())

    current = api.read("/api/v1/catalog")["current"]
    assert (current["file"], current["releases"]) == ("discogs_20261101_releases.xml.gz", 1)
    for told in (api.read(f"/api/v1/listings/{listing}"), api.read("/api/v1/releases/1")):
        assert (told["genres"], told["styles"]) == (["Electronic"], ["Deep House"])
        assert (told["country"], told["master_id"], told["original_year"]) == (
            "Sweden",
            1660109,
            1999,
        )
    assert api.read("/api/v1/releases/1")["videos"] == [
        "https://www.youtube.com/watch?v=afMHNll9EVM"
    ]


def test_a_broken_catalogue_is_a_problem_of_its_own_room_alone(api: Api, store: Engine) -> None:
    api.here.settings.catalog.parent.mkdir(parents=True, exist_ok=True)
    api.here.settings.catalog.write_bytes(b"no catalogue" * 1_000)
    with writing(store) as db:
        a_listing(db, a_seller(db), id=1)

    answer = api.get("/api/v1/catalog")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:cratewise:problem:no-catalog")
    assert api.read("/api/v1/releases/1")["id"] == 1
