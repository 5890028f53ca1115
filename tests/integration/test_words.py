"""Words find releases as people type them, alike on both databases, and harm nothing."""

import string
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert, select, update
from tests.builders import NOON, a_listing, a_seller

from cratewise.store.descriptions import Description, describe_releases
from cratewise.store.engine import reading, writing
from cratewise.store.listing_row import Reading, ReleaseRow
from cratewise.store.releases import store_releases
from cratewise.store.tables import microseconds, releases
from cratewise.store.word_forms import asked_words, has_words
from cratewise.store.word_index import release_words
from cratewise.store.words import (
    FOUND_BY,
    changed_words,
    find_releases,
    forget_words,
    keep_missing_words,
    keep_words,
)

LONG_AGO = NOON.replace(year=2000)
NAMELESS = {"artist": "", "title": "", "label": "", "catalog_number": "", "format": ""}


def keep(store: Engine, *rows: dict[str, Any]) -> None:
    """Store releases 1, 2, ... of these names."""
    with writing(store) as db:
        told = [ReleaseRow(id=n, **row) for n, row in enumerate(rows, 1)]
        store_releases(db, told, Reading(1, None, NOON, NOON))


def found(store: Engine, words: str) -> list[int]:
    with reading(store) as db:
        ids = find_releases(db, words)
    assert ids.dtype == np.int64
    assert (np.diff(ids) > 0).all()
    return [int(number) for number in ids]


FINDS = [
    ({"artist": "Björk", "title": "Début"}, ["bjork debut", "BJÖRK", "Début", "BJO\u0308RK"]),
    ({"artist": "Sigur Rós", "title": "Ágætis Byrjun"}, ["sigur ros agaetis", "ÁGÆTIS"]),
    ({"artist": "Ørsted & Łukasz"}, ["orsted and lukasz", "& ØRSTED"]),
    ({"label": "Straße"}, ["strasse", "STRASSE", "straße"]),
    ({"artist": "The Beatles"}, ["beatles", "the beatles", "Beatles, The"]),
    ({"artist": "The The"}, ["the the", "The The "]),
    ({"artist": "Nirvana (2)"}, ["nirvana", "Nirvana (2)", "nirvana (17)"]),
    ({"catalog_number": "AS-9203"}, ["as9203", "AS 9203", "as-9203", "AS/9203"]),
    ({"label": "Impulse! (4)"}, ["impulse", "Impulse!", "Impulse! (4)"]),
    ({"catalog_number": "AS 9203"}, ["as9203", "AS 9203", "as-9203", "9203 as"]),
    ({"catalog_number": "BTG004VL"}, ["btg 004", "btg-004 vl", "btg004vl", "btg004"]),
    ({"catalog_number": "6 34510 1, none"}, ["6345101", "6 34510 1", "634510"]),
    ({"artist": "R.E.M."}, ["rem", "r.e.m.", "R.E.M", "r e m"]),
    ({"artist": "AC/DC"}, ["acdc", "ac/dc", "AC DC", "ac-dc"]),
    ({"title": "Don't Stop"}, ["dont stop", "don't stop", "don’t"]),
    ({"format": '12", EP'}, ['12"', "12 inch", "12inch", "12”", "12in ep"]),
    ({"format": "2xLP, Album"}, ["lp", "2xlp", "album lp"]),
    ({"artist": "ＦＵＬＬ Ｗｉｄｔｈ"}, ["full width"]),
    ({"artist": "東京ラジオ", "title": "夜風"}, ["東京", "京ラジ", "夜", "風", "東京 夜風"]),
    ({"artist": "!!!"}, ["!!!"]),
    ({"artist": "Alice Coltrane", "title": "Journey"}, ["colt", "alice jou", "jou* colt", "a"]),
]  # fmt: skip


@pytest.mark.parametrize(("names", "typed"), FINDS, ids=lambda value: str(value)[:40])
def test_a_release_is_found_however_its_words_are_typed(
    store: Engine, names: dict[str, str], typed: list[str]
) -> None:
    keep(store, names, {"artist": "Somebody Else", "title": "Unheard"})

    assert {words: found(store, words) for words in typed} == {words: [1] for words in typed}


NOTHING = ["colt ", "coltrane alise", "nirvanas", "(", "...", "? ?", "zzz*", "12in", "coltranes"]


@pytest.mark.parametrize("typed", NOTHING)
def test_what_no_release_has_finds_nothing(store: Engine, typed: str) -> None:
    keep(store, {"artist": "Alice Coltrane", "title": "Nirvana"})

    assert found(store, typed) == []


def test_every_word_must_be_met_in_any_order_and_field(store: Engine) -> None:
    blue = {"artist": "Coltrane", "title": "Blue Train", "label": "Blue Note", "format": "LP"}
    keep(store, blue, {**blue, "format": "CD"}, {**blue, "artist": "Miles Davis"})

    assert found(store, "blue coltrane") == [1, 2]
    assert found(store, "lp blue") == [1, 3]
    assert found(store, "note lp train coltrane") == [1]


def test_only_the_word_that_is_still_typed_may_be_a_beginning(store: Engine) -> None:
    keep(store, {"artist": "Blue Train"}, {"artist": "Blues Trains"})

    assert found(store, "blue tra") == [1]
    assert found(store, "blu") == [1, 2]
    assert found(store, "blu ") == []
    assert found(store, "blu* trains ") == [2]


def test_nothing_typed_finds_every_release(store: Engine) -> None:
    keep(store, {"artist": "One"}, {"artist": "Two"})

    assert found(store, "") == [1, 2]
    assert found(store, " \n\t") == [1, 2]


SYNTAX = [
    "'; DROP TABLE release_words; --", '" OR 1=1 --', "one AND NOT two", "NEAR(one two, 3)", "one*",
    "words:one", "^one", "one & !two | three:*", "{a b}: c", "\\'", "'", '"', "one\0two", "%", "_",
    "(((((", "one)) OR ((two", "* * *", "-one", "+one", "<->", "\ud7ff\U0010ffff", "\ufeff",
    "a" * 10_000, "!" * 10_000, "one " * 2_500, " ".join(f"w{n}" for n in range(1_700)), "(2)",
    "one (2) (3)",
]  # fmt: skip


@pytest.mark.parametrize("typed", SYNTAX, ids=range(len(SYNTAX)))
def test_no_syntax_is_more_than_words(store: Engine, typed: str) -> None:
    keep(store, {"artist": "One Two"}, {"artist": "Three"})

    assert set(found(store, typed)) <= {1, 2}
    assert found(store, "one two") == [1]


def test_words_behind_the_thirty_second_do_not_count(store: Engine) -> None:
    keep(store, {"title": " ".join(f"w{n}" for n in range(40))})

    assert found(store, " ".join(f"w{n}" for n in range(32)) + " nowhere") == [1]
    assert found(store, " ".join(f"w{n}" for n in range(31)) + " nowhere") == []


def test_a_word_of_ten_thousand_letters_is_met_by_its_beginning(store: Engine) -> None:
    keep(store, {"title": "x" * 9_000}, {"title": "x" * 63})

    assert found(store, "x" * 10_000) == [1]


def test_a_release_that_is_told_anew_is_found_by_its_new_words_alone(store: Engine) -> None:
    keep(store, {"artist": "Wrong Name", "title": "Record"})
    keep(store, {"artist": "Right Name", "title": "Record"})

    assert found(store, "wrong") == []
    assert found(store, "right record") == [1]


def test_a_release_that_only_a_wantlist_told_is_found(store: Engine) -> None:
    with writing(store) as db:
        describe_releases(db, [Description(id=7, artist="Can", title="Future Days")], "wants", NOON)
    assert found(store, "future days can") == [7]

    with writing(store) as db:
        describe_releases(db, [Description(id=7, label="Spoon")], "release", NOON)
    assert found(store, "spoon") == [7]


def test_a_release_that_goes_takes_its_words_along(store: Engine) -> None:
    keep(store, {"artist": "Gone"}, {"artist": "Here"})
    with writing(store) as db:
        db.execute(delete(releases).where(releases.c.id == 1))

    assert found(store, "gone") == []
    assert found(store, "") == [2]


def test_words_that_are_told_again_write_nothing(store: Engine) -> None:
    keep(store, {"artist": "Same"})
    with writing(store) as db:
        db.execute(update(release_words).values(kept_at=NOON.replace(year=2020)))

    keep(store, {"artist": "Same"})

    with reading(store) as db:
        kept_at = db.scalar(select(release_words.c.kept_at))
    assert kept_at == NOON.replace(year=2020)


def test_releases_without_words_get_them(store: Engine) -> None:
    keep(store, {"artist": "First"}, {"artist": "Second"})
    with writing(store) as db:
        forget_words(db)
    assert found(store, "first") == []

    with writing(store) as db:
        assert keep_missing_words(db, NOON) == 2
        assert keep_missing_words(db, NOON) == 0

    assert found(store, "first") == [1]


def test_a_listing_of_a_stored_page_is_found(store: Engine) -> None:
    with writing(store) as db:
        a_listing(db, a_seller(db), artist="Dorothy Ashby", title="Afro-Harping")
    with reading(store) as db:
        [release] = db.scalars(select(releases.c.id))

    assert found(store, "afroharping") == found(store, "ashby afro") == [release]


LETTERS = st.sampled_from(string.ascii_lowercase[:3] + "Áß'-/ (2)&12\"東京!")
NAMES = st.text(LETTERS, max_size=12)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(names=st.lists(NAMES, min_size=1, max_size=5), typed=NAMES)
def test_a_name_that_is_typed_whole_finds_itself(
    store: Engine, names: list[str], typed: str
) -> None:
    """In whichever field it stands; and whatever is typed, nothing fails."""
    rows = [
        {"id": number, **NAMELESS, FOUND_BY[number % 5]: name}
        for number, name in enumerate(names, 1)
    ]
    with writing(store) as db:
        db.execute(delete(release_words))
        db.execute(delete(releases))
        db.execute(insert(releases), [{**row, "changed_at": NOON} for row in rows])
        keep_words(db, rows, NOON)

    for number, name in enumerate(names, 1):
        assert number in found(store, name)
    if asked := asked_words(typed):
        with reading(store) as db:
            met = [
                number
                for number, words, _ in changed_words(db, microseconds(LONG_AGO))
                if has_words(words, asked)
            ]
        assert sorted(met) == found(store, typed)
    assert set(found(store, typed)) <= set(range(1, len(names) + 1))
