"""Common words are kept as bits, and find what the database finds, whatever came since."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine
from tests.builders import a_listing, a_seller
from tests.conftest import HandClock
from tests.shelf.plain import READER

from cratewise.shelf import by_words
from cratewise.shelf.find import Finder
from cratewise.shelf.frequent_words import FrequentWords
from cratewise.shelf.query import Filter, Order
from cratewise.shelf.shelf import Ints
from cratewise.store.engine import reading, writing
from cratewise.store.listing_row import Reading, ReleaseRow
from cratewise.store.releases import store_releases
from cratewise.store.word_forms import Asked, Term
from cratewise.store.words import find_asked, find_releases

WORDS = ("Blue", "Deep", "Blau", "Red", "Bo-Bo")


@pytest.fixture(params=[1, 2, 4, 10**9])
def _frequent(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """From how many releases on a word is kept: of each stock all, some and none are."""
    monkeypatch.setattr(by_words, "FREQUENT", request.param)


@pytest.fixture
def finder(store: Engine, clock: HandClock) -> Finder:
    return Finder(store, clock)


def a_stock(store: Engine) -> None:
    with writing(store) as db:
        seller = a_seller(db)
        for n in range(12):
            names = f"{WORDS[n % 5]} {WORDS[n % 3]}"
            a_listing(db, seller, id=n + 1, artist=names, title=f"T{n}", label="", format="LP")


def found(finder: Finder, words: str) -> list[int]:
    wanted = Filter(words=words)
    return finder.numbered_page(wanted, Order(), READER, page=1, limit=100).ids


def by_plain_words(store: Engine, words: str) -> list[int]:
    with reading(store) as db:
        return [int(number) for number in find_releases(db, words)]


@pytest.mark.usefixtures("_frequent")
def test_any_words_find_what_the_database_finds(
    store: Engine, finder: Finder, clock: HandClock
) -> None:
    a_stock(store)
    typed = st.lists(st.sampled_from((*WORDS, "b", "de", "t1", "LP", "lp*", "zz", "&")), max_size=4)

    @settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
    @given(typed, st.booleans())
    def holds(words: list[str], is_ended: bool) -> None:
        text = " ".join(words) + " " * is_ended
        count = finder.numbered_page(Filter(words=text), Order(), READER, page=1, limit=1).count
        assert count == len(by_plain_words(store, text))

    holds()


@pytest.mark.usefixtures("_frequent")
def test_a_word_that_is_kept_follows_what_is_stored(
    store: Engine, finder: Finder, clock: HandClock
) -> None:
    """Bits show new, renamed and unchanged releases."""
    a_stock(store)

    def count(words: str) -> int:
        return len(found(finder, words))

    def rename(number: int, artist: str) -> None:
        with writing(store) as db:
            told = ReleaseRow(id=number, artist=artist, format="LP")
            store_releases(db, [told], Reading(1, None, clock.now(), clock.now()))

    before = count("deep lp")
    clock.advance(30)
    rename(1, "Deep Sea")
    assert count("deep lp") == before + 1
    rename(2, "Shallow")
    assert count("deep lp") == before
    with writing(store) as db:
        for n in range(20):
            a_listing(db, 1, id=100 + n, touched_at=clock.now())
    for n in range(20):
        rename(100 + n, f"Deep {n}")
    assert count("deep lp") == before + 20
    assert count("deep lp ") == before + 20
    assert count("d") == before + 20
    clock.advance(30)
    assert count("deep lp") == before + 20


def test_a_word_that_is_kept_costs_no_search_and_is_not_kept_for_ever(
    store: Engine, finder: Finder, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_words, "FREQUENT", 4)
    a_stock(store)
    searches: list[Any] = []

    def find_and_note(db: Connection, asked: tuple[Asked, ...]) -> Ints:
        searches.append(asked)
        return find_asked(db, asked)

    monkeypatch.setattr(by_words, "find_asked", find_and_note)
    for _ in range(3):
        found(finder, "lp ")
    assert len(searches) == 1
    found(finder, "lp t3 ")
    found(finder, "t3 lp ")
    assert [len(asked) for asked in searches[1:]] == [1, 1]  # the rare word alone
    clock.advance(601)
    found(finder, "lp ")
    assert len(searches) == 4


def test_what_is_kept_has_a_limit(
    store: Engine, finder: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_words, "FREQUENT", 1)
    monkeypatch.setattr(by_words, "MOST_KEPT", 2)
    a_stock(store)

    for words in ("blue ", "deep ", "red "):
        found(finder, words)

    assert list(finder._by_words._kept) == [Term("deep"), Term("red")]


def test_frequent_words_and_first_letters_are_found_when_serving_begins(
    store: Engine, finder: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_words, "FREQUENT", 8)
    a_stock(store)

    finder.begin()
    finder.settle()
    finder.close()

    kept = set(finder._by_words._kept)
    assert {Term("lp"), Term("b", is_beginning=True)} <= kept
    assert Term("red") not in kept


def test_how_common_a_word_is_is_told_from_a_sample() -> None:
    words = FrequentWords(["blue lp", "blau lp", "red lp", "lp"], total=400)

    assert words.has(Term("lp"), 400)
    assert words.has(Term("bl", is_beginning=True), 200)
    assert not words.has(Term("bl"), 1)
    assert not words.has(Term("blue"), 101)
    assert words.terms(200)[0] in {Term("lp"), Term("l", is_beginning=True)}
