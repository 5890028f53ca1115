"""Labels, artists and styles have profiles, which follow what changes."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select, update
from tests.builders import a_listing, a_seller
from tests.catalog.dumps import a_dump, a_release
from tests.conftest import HandClock

from cratewise.catalog import profiles as catalog_profiles
from cratewise.catalog.describe import describe_all
from cratewise.catalog.files import CatalogFiles
from cratewise.catalog.import_dump import Order, import_dump
from cratewise.catalog.lookup import open_catalog
from cratewise.catalog.profiles import count_profiles, known_profile, outlines
from cratewise.errors import UnknownProfile
from cratewise.store.engine import reading, writing
from cratewise.store.profile_tables import profile_shares, profiles
from cratewise.store.profiles import each_profile, profiles_named
from cratewise.store.tables import releases

NIRVANA, OTHER_NIRVANA = 125246, 307513


def a_catalog(folder: Path, records: Sequence[str], clock: HandClock) -> Path:
    files = CatalogFiles(folder / "catalog.sqlite")
    import_dump(files, Order(a_dump(folder / "dump.xml", records)), clock=clock)
    return files.current


def all_profiles(store: Engine) -> list[tuple[object, ...]]:
    """All that is counted; a name is as the release that was counted last has it."""
    columns = [column for column in profiles.c if column.name not in ("name", "counted_at")]
    with reading(store) as db:
        rows = db.execute(select(*columns).order_by(profiles.c.kind, profiles.c.key))
        return [tuple(row) for row in rows]


def test_who_they_are_is_the_number_where_the_catalogue_tells_it(
    store: Engine, tmp_path: Path, clock: HandClock
) -> None:
    with writing(store) as db:
        seller = a_seller(db)
        for number in (1, 2):  # a listing tells the name alone, without "(2)"
            a_listing(db, seller, id=number, artist="Nirvana", label="Sub Pop")
        a_listing(db, seller, id=3, artist="Nirvana", label="Island")
        a_listing(db, seller, id=4, artist="Unknown To Any", label="None")
    catalog = a_catalog(
        tmp_path,
        [
            a_release(1, artists=[(NIRVANA, "Nirvana")], labels=[(1594, "Sub Pop", "")]),
            a_release(2, artists=[(NIRVANA, "Nirvana")], labels=[(1594, "Sub Pop", "")]),
            a_release(3, artists=[(OTHER_NIRVANA, "Nirvana (2)")], labels=[(8377, "Island", "")]),
        ],
        clock,
    )
    describe_all(store, catalog, clock=clock)

    assert count_profiles(store, catalog, clock=clock) == 4
    first = known_profile(store, catalog, "artist", str(NIRVANA))
    other = known_profile(store, catalog, "artist", str(OTHER_NIRVANA))
    assert first.here is not None
    assert other.here is not None
    assert (first.here.releases, other.here.releases) == (2, 1)
    assert other.at_large is not None
    assert other.at_large.name == "Nirvana (2)"
    nameless = known_profile(store, catalog, "artist", "Unknown To Any")
    assert nameless.here is not None
    assert (nameless.here.key, nameless.here.releases) == ("=Unknown To Any", 1)
    assert nameless.at_large is None


def test_several_on_one_sleeve_count_each_under_the_name_that_the_catalogue_tells(
    store: Engine, tmp_path: Path, clock: HandClock
) -> None:
    with writing(store) as db:
        a_listing(db, a_seller(db), id=1, artist="Burial & Four Tet", label="Text")
    both = [(100, "Burial"), (200, "Four Tet")]
    catalog = a_catalog(tmp_path, [a_release(1, artists=both)], clock)
    describe_all(store, catalog, clock=clock)
    count_profiles(store, catalog, clock=clock)

    with reading(store) as db:
        for number, name in both:
            assert [one.key for one in profiles_named(db, "artist", name)] == [str(number)]
        assert profiles_named(db, "artist", "Burial & Four Tet") == []


def test_a_profile_counts_years_countries_styles_and_who_wants_them(
    store: Engine, tmp_path: Path, clock: HandClock
) -> None:
    with writing(store) as db:
        seller = a_seller(db)
        for number, year in ((1, 1998), (2, 1999), (3, 1999)):
            a_listing(db, seller, id=number, label="Svek", year=year, want=10, have=3)
    records = [
        a_release(1, country="Sweden", styles=["Techno", "House"]),
        a_release(2, country="UK", styles=["Techno"]),
        a_release(3, country="Sweden", styles=["Techno", "Dub"]),
        a_release(4, country="Sweden", styles=["Dub"]),  # in the catalogue alone
    ]
    catalog = a_catalog(tmp_path, records, clock)
    describe_all(store, catalog, clock=clock)
    count_profiles(store, catalog, clock=clock)

    here, at_large = known_profile(store, catalog, "label", "Svek")
    assert here is not None
    assert at_large is not None
    assert (here.key, here.releases, here.want, here.have) == ("9", 3, 30, 9)
    assert here.years == {"1998": 1, "1999": 2}
    assert here.countries == {"Sweden": 2, "UK": 1}
    assert here.styles == {"Techno": 3, "House": 1, "Dub": 1}
    assert (at_large.releases, at_large.styles["Dub"]) == (4, 2)
    with open_catalog(catalog) as opened:
        (outline,) = outlines(opened, [here])
        assert outlines(opened, [at_large]) == []  # nothing more is known of them
    assert (outline.name, outline.releases, outline.want) == ("Svek", 4, None)
    assert outline.styles == {"Techno": 3, "House": 1, "Dub": 2}
    assert outline.countries == {"Sweden": 3, "UK": 1}

    style = known_profile(store, catalog, "style", "Techno").here
    assert style is not None
    assert (style.releases, style.styles) == (3, {"House": 1, "Dub": 1})  # what goes with it
    with reading(store) as db:
        assert list(each_profile(db, "label")) == [[here]]
        assert list(each_profile(db, "label", least=4)) == []


def test_of_very_many_releases_a_few_stand_for_all(
    store: Engine, tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_profiles, "OUTLINED", 5)
    with writing(store) as db:
        a_listing(db, a_seller(db), id=1, label="Svek")
    records = [
        a_release(number, styles=["Techno" if number % 2 else "House"]) for number in range(1, 41)
    ]
    catalog = a_catalog(tmp_path, records, clock)
    describe_all(store, catalog, clock=clock)
    count_profiles(store, catalog, clock=clock)

    with reading(store) as db, open_catalog(catalog) as opened:
        (outline,) = outlines(opened, next(each_profile(db, "label")))

    assert outline.releases == 40
    assert sum(outline.styles.values()) == pytest.approx(40)
    assert set(outline.styles) == {"Techno", "House"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_profiles_that_follow_changes_are_those_that_are_counted_anew(
    store: Engine, clock: HandClock, seed: int
) -> None:
    dice = random.Random(seed)
    with writing(store) as db:
        seller = a_seller(db)
        for number in range(1, 41):
            a_listing(db, seller, id=number, artist=dice.choice("ABC"), label=dice.choice("XY"))
    count_profiles(store, None, clock=clock)
    for _ in range(6):
        clock.advance(3600)
        with writing(store) as db:
            for number in dice.sample(range(1, 41), 7):
                db.execute(
                    update(releases)
                    .where(releases.c.id == number)
                    .values(
                        year=dice.choice([None, 1990, 1991]),
                        country=dice.choice([None, "UK", "France"]),
                        styles=dice.choice([None, "[]", '["Dub"]', '["Dub","House"]']),
                        artist_ids=dice.choice([None, "[7]", "[7,8]", "[0]"]),
                        want=dice.choice([None, 5, 6]),
                        changed_at=clock.now(),
                    )
                )
        assert count_profiles(store, None, clock=clock) <= 7
    followed = all_profiles(store)

    with writing(store) as db:
        db.execute(delete(profiles))
        db.execute(delete(profile_shares))
    count_profiles(store, None, clock=clock)
    anew = all_profiles(store)
    assert len(anew) > 5
    assert followed == anew


def test_where_nothing_changed_nothing_is_counted_again(store: Engine, clock: HandClock) -> None:
    with writing(store) as db:
        a_listing(db, a_seller(db))
    assert count_profiles(store, None, clock=clock) == 1
    assert count_profiles(store, None, clock=clock) == 0


def test_a_look_that_was_stopped_goes_on_with_what_it_left(
    store: Engine, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cratewise.catalog.profiles.AT_ONCE", 1)
    with writing(store) as db:
        seller = a_seller(db)
        for number in range(1, 6):
            a_listing(db, seller, id=number)
    clock.advance(3600)
    stops = iter([False, False, True])

    assert count_profiles(store, None, clock=clock, should_stop=lambda: next(stops)) == 2
    clock.advance(3600)
    assert count_profiles(store, None, clock=clock) == 3
    assert count_profiles(store, None, clock=clock) == 0


def test_of_whom_nothing_is_known_is_told_in_a_sentence(store: Engine) -> None:
    with pytest.raises(UnknownProfile, match="stands on no release that was read"):
        known_profile(store, None, "artist", "Nobody")
