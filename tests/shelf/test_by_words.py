"""Words are found in memory as the database finds them, whatever came since they were read."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine
from tests.builders import a_listing, a_seller
from tests.conftest import HandClock
from tests.shelf.plain import READER

from cratewise.errors import StoreUnavailable
from cratewise.shelf import by_words, word_lists
from cratewise.shelf.by_words import ByWords
from cratewise.shelf.find import Finder
from cratewise.shelf.fresh import FreshShelf
from cratewise.shelf.query import Filter, Order
from cratewise.shelf.word_lists import WordLists
from cratewise.store.engine import reading, writing
from cratewise.store.glance import glance
from cratewise.store.listing_row import Reading, ReleaseRow
from cratewise.store.releases import store_releases
from cratewise.store.word_forms import asked_words, has_words
from cratewise.store.words import find_releases

WORDS = ("Blue", "Deep", "Blau", "Red", "Bo-Bo")
TYPED = st.lists(st.sampled_from((*WORDS, "b", "de", "t1", "LP", "lp*", "zz", "&")), max_size=4)


@pytest.fixture
def finder(store: Engine, clock: HandClock) -> Iterator[Finder]:
    finder = Finder(store, clock)
    yield finder
    finder.close()


@pytest.fixture(params=["the database", "lists", "bits", "one by one", "later lists"])
def stocked(
    request: pytest.FixtureRequest,
    store: Engine,
    finder: Finder,
    monkeypatch: pytest.MonkeyPatch,
) -> Finder:
    """A finder of some stock, of which words are found in each of all ways."""
    if request.param == "bits":
        monkeypatch.setattr(word_lists, "MANY", 2)
    if request.param == "later lists":
        monkeypatch.setattr(by_words, "MOST_LOOSE", 5)
    is_read_first = request.param in {"lists", "bits"}
    if is_read_first:
        a_stock(store)
    if request.param != "the database":
        finder.begin()
        finder.settle()
    if not is_read_first:
        a_stock(store)
    count(finder, "blue")
    if request.param != "the database":
        finder.settle()
    return finder


def a_stock(store: Engine) -> None:
    with writing(store) as db:
        seller = a_seller(db)
        for n in range(12):
            names = f"{WORDS[n % 5]} {WORDS[n % 3]}"
            a_listing(db, seller, id=n + 1, artist=names, title=f"T{n}", label="", format="LP")


def rename(store: Engine, clock: HandClock, number: int, artist: str) -> None:
    with writing(store) as db:
        told = ReleaseRow(id=number, artist=artist, format="LP")
        store_releases(db, [told], Reading(1, None, clock.now(), clock.now()))


def count(finder: Finder, words: str) -> int:
    wanted = Filter(words=words)
    return finder.numbered_page(wanted, Order(), READER, page=1, limit=100).count


def count_plainly(store: Engine, words: str) -> int:
    with reading(store) as db:
        return len(find_releases(db, words))


def test_any_words_find_what_the_database_finds(store: Engine, stocked: Finder) -> None:
    @settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
    @given(TYPED, st.booleans())
    def holds(words: list[str], is_ended: bool) -> None:
        text = " ".join(words) + " " * is_ended
        assert count(stocked, text) == count_plainly(store, text)

    holds()


def test_words_follow_what_is_stored(store: Engine, stocked: Finder, clock: HandClock) -> None:
    """They show new, renamed and unchanged releases."""
    before = count(stocked, "deep lp")
    clock.advance(30)
    rename(store, clock, 1, "Deep Sea")
    assert count(stocked, "deep lp") == before + 1
    rename(store, clock, 2, "Shallow")
    assert count(stocked, "deep lp") == before
    with writing(store) as db:
        for n in range(20):
            a_listing(db, 1, id=100 + n, touched_at=clock.now())
    for n in range(20):
        rename(store, clock, 100 + n, f"Deep {n}")
    assert count(stocked, "deep lp") == before + 20
    stocked.settle()
    assert count(stocked, "deep lp ") == before + 20
    assert count(stocked, "d") == before + 20
    clock.advance(30)
    rename(store, clock, 100, "Shallow")
    assert count(stocked, "deep lp") == before + 19


def test_words_that_are_in_memory_cost_no_search(
    store: Engine, finder: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_stock(store)
    finder.begin()
    finder.settle()

    def find_asked(db: Connection, asked: object) -> None:
        raise AssertionError("The database was searched.")

    monkeypatch.setattr(by_words, "find_asked", find_asked)
    assert count(finder, "blue lp t3") + count(finder, "deep t1") + count(finder, "b") > 0


def test_words_of_a_release_that_the_shelf_lacks_yet_find_it_once_it_is_there(
    store: Engine, clock: HandClock
) -> None:
    fresh, words = FreshShelf(clock), ByWords(clock)
    a_stock(store)
    with reading(store) as db:
        shelf = fresh.get(db)
    with writing(store) as db:
        a_listing(db, 1, artist="Moondog")
    with reading(store) as db:
        words.catch_up(db, shelf, clock.now() + timedelta(minutes=5))
    clock.advance(1)
    with reading(store) as db:
        assert fresh.get(db) is shelf
        asking = words.ask(db, shelf, "moondog", glance(db, 1).words_at)
    assert asking is not None
    assert words.hits(shelf, asking).sum() == 1


def test_a_new_release_is_found_however_long_ago_its_words_were_kept(
    store: Engine, finder: Finder, clock: HandClock
) -> None:
    finder.begin()
    finder.settle()
    clock.advance(86_400)
    a_stock(store)

    assert count(finder, "blue") == count_plainly(store, "blue") > 0


def test_words_of_a_writer_with_a_wrong_clock_are_found_within_an_hour(
    store: Engine, finder: Finder, clock: HandClock
) -> None:
    a_stock(store)
    finder.begin()
    finder.settle()
    with writing(store) as db:
        long_ago = clock.now() - timedelta(days=1)
        told = ReleaseRow(id=1, artist="Moondog", format="LP")
        store_releases(db, [told], Reading(1, None, long_ago, long_ago))
    assert count(finder, "moondog") == 0

    clock.advance(3601)
    count(finder, "moondog")
    finder.settle()
    assert count(finder, "moondog") == 1


def test_where_words_cannot_be_read_the_database_finds_them(
    store: Engine, finder: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next search has it tried again."""
    a_stock(store)
    tries: list[int] = []

    def every_words(db: Connection) -> Iterator[Any]:
        tries.append(1)
        raise StoreUnavailable("The database went away.")

    monkeypatch.setattr(by_words, "every_words", every_words)
    finder.begin()
    finder.settle()
    assert count(finder, "blue") == count_plainly(store, "blue") > 0
    finder.settle()
    assert len(tries) == 2


def test_a_list_of_words_finds_what_each_row_has() -> None:
    letters = st.text("abé京", min_size=1, max_size=3)

    @settings(deadline=None)
    @given(st.lists(st.sets(letters, min_size=1).map(" ".join), max_size=8), letters)
    def holds(rows: list[str], typed: str) -> None:
        asked = asked_words(typed)
        assert asked is not None
        lists = WordLists.of([(np.arange(len(rows), dtype=np.int32), rows)], len(rows) + 1)
        has = [has_words(words, asked) for words in rows]
        assert lists.hits(asked).tolist() == [*has, False]

    holds()
