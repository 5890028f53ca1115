"""The API and the command tell what artists, labels and styles are like."""

import json
from pathlib import Path

from sqlalchemy import Engine
from tests.api.serving import Api
from tests.builders import a_listing, a_seller
from tests.catalog.dumps import STOCKHOLM, a_dump
from typer.testing import CliRunner

from cratewise.catalog.describe import describe_all
from cratewise.catalog.files import CatalogFiles
from cratewise.catalog.import_dump import Order, import_dump
from cratewise.catalog.profiles import count_profiles
from cratewise.cli.app import app
from cratewise.clock import SystemClock
from cratewise.store.engine import writing


def test_an_artist_a_label_and_a_style_are_told_over_http_and_by_the_command(
    api: Api, store: Engine, tmp_path: Path
) -> None:
    files = CatalogFiles(api.here.settings.catalog)
    dump = a_dump(tmp_path / "discogs_20261101_releases.xml.gz", [STOCKHOLM])
    import_dump(files, Order(dump), clock=SystemClock())
    with writing(store) as db:
        a_listing(db, a_seller(db), id=1, artist="The Persuader", label="Svek", year=1999)
    describe_all(store, files.current, clock=SystemClock())
    count_profiles(store, files.current, clock=SystemClock())

    artist = api.read("/api/v1/artists/1")
    assert (artist["id"], artist["name"]) == (1, "The Persuader")
    assert artist["here"]["want"] == 300
    assert artist["at_large"]["want"] is None
    assert artist["here"]["countries"] == [{"name": "Sweden", "releases": 1}]
    assert artist["url"] == "https://www.discogs.com/artist/1"
    assert artist["notice"] == "Data provided by Discogs."
    assert api.read("/api/v1/labels/5")["here"]["first_year"] == 1999
    assert api.read("/api/v1/styles/Deep%20House")["here"]["releases"] == 1

    told = CliRunner().invoke(app, ["profile", "label", "Svek", "--json"], prog_name="cratewise")
    assert json.loads(told.stdout) == api.read("/api/v1/labels/5")
    shown = CliRunner().invoke(app, ["profile", "style", "Deep House"], prog_name="cratewise")
    assert "Here: 1 release, 1999, 300 want and 100 have them." in shown.output


def test_of_whom_nothing_is_known_the_answer_is_404_and_the_exit_code_3(api: Api) -> None:
    answer = api.get("/api/v1/artists/77")
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:cratewise:problem:unknown-profile"
    told = CliRunner().invoke(app, ["profile", "artist", "Nobody"], prog_name="cratewise")
    assert (told.exit_code, "Nothing is known of an artist 'Nobody'" in told.output) == (3, True)


def test_a_misspelt_artist_label_or_style_is_told_with_the_nearest_that_are_known(
    api: Api, store: Engine, tmp_path: Path
) -> None:
    files = CatalogFiles(api.here.settings.catalog)
    dump = a_dump(tmp_path / "discogs_20261101_releases.xml.gz", [STOCKHOLM])
    import_dump(files, Order(dump), clock=SystemClock())
    with writing(store) as db:
        a_listing(db, a_seller(db), id=1, artist="The Persuader", label="Svek", year=1999)
    describe_all(store, files.current, clock=SystemClock())
    count_profiles(store, files.current, clock=SystemClock())

    for what, asked, meant in (
        ("artist", "the persuaders", "The Persuader"),
        ("label", "SWEK", "Svek"),
        ("style", "Deep Hose", "Deep House"),
    ):
        told = CliRunner().invoke(app, ["profile", what, asked], prog_name="cratewise")
        assert (told.exit_code, f"Did you mean {meant}?" in told.output) == (3, True), told.output
    answer = api.get("/api/v1/styles/Deep%20Hose")
    assert (answer.status_code, answer.json()["similar"]) == (404, ["Deep House"])
