"""Releases are told what they are by wants, collections and their own pages."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from tests.builders import NOON, a_listing, a_seller

from cratewise.catalog.enrich import description, joined, remember_basics
from cratewise.catalog.format_text import Format, format_text
from cratewise.store.descriptions import describe_by_catalog, describe_releases, undescribed
from cratewise.store.engine import reading, writing
from cratewise.store.facts import ToldFacts
from cratewise.store.tables import releases

LATER = NOON + timedelta(hours=1)
RUMOURS: dict[str, Any] = {
    "id": 77,
    "master_id": 41,
    "title": "Rumours",
    "year": 1978,
    "formats": [{"name": "Vinyl", "qty": "2", "descriptions": ["LP", "Reissue"], "text": "Gat"}],
    "artists": [{"name": "Nirvana (2)", "join": "&", "id": 5}, {"name": "Can", "id": 6}],
    "labels": [{"name": "Warner", "catno": "BSK 3010", "id": 9}],
    "genres": ["Rock"],
    "styles": ["Pop Rock", "Soft Rock"],
}
NOTHING_TOLD = ToldFacts(77, None, None, None, None, None, None, None, None)


def stored(engine: Engine, release_id: int) -> dict[str, Any]:
    with reading(engine) as db:
        row = db.execute(select(releases).where(releases.c.id == release_id)).mappings().one()
        return dict(row)


def test_a_want_of_a_release_that_nobody_sells_is_kept_as_a_listing_would_tell_it(
    store: Engine,
) -> None:
    with writing(store) as db:
        assert remember_basics(db, [RUMOURS, {"id": "no"}, None], "wants", NOON) == [77]

    row = stored(store, 77)
    assert row["artist"] == "Nirvana (2) & Can"
    assert row["format"] == "2xLP, RE"
    assert (row["label"], row["catalog_number"]) == ("Warner", "BSK 3010")
    assert (row["master_id"], row["year"]) == (41, 1978)
    assert (row["genres"], row["styles"]) == ('["Rock"]', '["Pop Rock","Soft Rock"]')
    assert (row["artist_ids"], row["label_ids"]) == ("[5,6]", "[9]")
    assert (row["described_by"], row["described_at"]) == ("wants", NOON)


def test_what_a_listing_told_stays_and_what_it_could_not_tell_is_added(store: Engine) -> None:
    with writing(store) as db:
        seller = a_seller(db)
        a_listing(db, seller, id=77, title="Rumours (listed)", year=None)
        assert undescribed(db, [77, 78]) == [77]
        remember_basics(db, [RUMOURS], "collection", LATER)
        assert undescribed(db, [77]) == []

    row = stored(store, 77)
    assert (row["title"], row["year"], row["want"]) == ("Rumours (listed)", 1978, 300)
    assert row["styles"] == '["Pop Rock","Soft Rock"]'
    assert row["described_by"] == "collection"


def test_telling_the_same_again_moves_nothing(store: Engine) -> None:
    with writing(store) as db:
        remember_basics(db, [RUMOURS], "wants", NOON)
    with writing(store) as db:
        told = description(RUMOURS)
        assert told is not None
        assert describe_releases(db, [told], "wants", LATER) == []

    assert stored(store, 77)["described_at"] == NOON


def test_the_catalogue_corrects_a_wantlist_and_a_wantlist_corrects_no_catalogue(
    store: Engine,
) -> None:
    with writing(store) as db:
        remember_basics(db, [RUMOURS], "wants", NOON)
        whole = NOTHING_TOLD._replace(country="US", styles='["Soft Rock"]', original_year=1977)
        assert describe_by_catalog(db, [whole], LATER) == 1
        remember_basics(db, [RUMOURS], "wants", LATER + timedelta(days=1))

    row = stored(store, 77)
    assert (row["country"], row["styles"], row["original_year"]) == ("US", '["Soft Rock"]', 1977)
    assert (row["described_by"], row["described_at"]) == ("catalog", LATER)
    assert row["genres"] == '["Rock"]'  # the catalogue did not tell any


def test_more_releases_than_fit_a_statement_are_described_at_once(store: Engine) -> None:
    told = [NOTHING_TOLD._replace(id=number, genres='["Jazz"]') for number in range(1, 12_001)]
    with writing(store) as db:
        assert describe_by_catalog(db, told, NOON) == 12_000
        assert describe_by_catalog(db, told, LATER) == 0


def test_the_catalogue_leaves_what_listings_told_and_tells_of_what_is_not_stored(
    store: Engine,
) -> None:
    told = [NOTHING_TOLD._replace(id=number, year=1970, master_id=9) for number in range(1, 251)]
    with writing(store) as db:
        seller = a_seller(db)
        for number in range(1, 241):
            a_listing(db, seller, id=number, title=f"Record {number}", year=number % 2 or None)
        described = [one._replace(genres='["Jazz"]') for one in told[:120]]
        assert describe_by_catalog(db, described, NOON) == 120
        again = [one._replace(genres='["Jazz"]') for one in told]
        assert describe_by_catalog(db, again, LATER) == 130

    with reading(store) as db:
        rows = db.execute(select(releases).order_by(releases.c.id)).mappings().all()
    assert [row["id"] for row in rows] == [*range(1, 251)]
    assert [row["title"] for row in rows] == [f"Record {n}" for n in range(1, 241)] + [""] * 10
    assert [row["year"] for row in rows[:240]] == [1, 1970] * 120
    assert {row["year"] for row in rows[240:]} == {1970}
    assert {row["genres"] for row in rows} == {'["Jazz"]'}
    assert [row["described_at"] for row in rows] == [NOON] * 120 + [LATER] * 130
    assert len({row["changed_at"] for row in rows[:240]}) == 1


def test_a_release_without_styles_has_none_and_an_answer_without_genres_tells_none() -> None:
    without = {name: value for name, value in RUMOURS.items() if name != "styles"}
    silent = {"id": 77, "title": "Rumours"}

    told, untold = description(without), description(silent)
    assert told is not None
    assert untold is not None
    assert told.styles == "[]"
    assert (untold.genres, untold.styles, untold.artist_ids) == (None, None, None)


@pytest.mark.parametrize(
    ("artists", "text"),
    [
        ([("Rotor", "")], "Rotor"),
        ([("Rotor", "&"), ("Kassette", "")], "Rotor & Kassette"),
        ([("A", ","), ("B", "feat."), ("C", "")], "A, B feat. C"),
        ([("A", ""), ("B", "")], "A / B"),
        ([], ""),
    ],
)
def test_artists_are_joined_as_listings_write_them(
    artists: list[tuple[str, str]], text: str
) -> None:
    assert joined(artists) == text


@pytest.mark.parametrize(
    ("formats", "text"),
    [
        ([Format("Vinyl", 1, "", ("LP", "Album"))], "LP, Album"),
        ([Format("Vinyl", 2, "Gatefold", ('12"',))], '2x12"'),
        ([Format("CD", 1, "", ("Compilation",))], "CD, Comp"),
        ([Format("Vinyl", 1, "", ())], "Vinyl"),
        (
            [Format("Box Set", 1, "", ("Limited Edition",)), Format("CD", 3, "", ())],
            "Box, Ltd + 3xCD",
        ),
        ([Format("", 0, "", ())], ""),
    ],
)
def test_formats_are_written_as_listings_write_them(formats: list[Format], text: str) -> None:
    assert format_text(formats) == text


def test_every_recorded_want_and_release_is_understood(samples: Path) -> None:
    page = json.loads((samples / "api" / "wants_page_1_of_2_2026.json").read_text("utf-8"))
    wanted = [description(want["basic_information"]) for want in page["wants"]]
    files = (samples / "api" / "releases_2026").glob("*.json")
    alone = [description(json.loads(file.read_text("utf-8"))) for file in files]

    assert (len(wanted), len(alone)) == (50, 9)
    for one in (*wanted, *alone):
        assert one is not None
        assert one.artist
        assert one.genres not in (None, "[]")
        assert one.artist_ids
    assert all(one and one.country for one in alone)
