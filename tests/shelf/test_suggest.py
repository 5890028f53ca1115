"""Names are suggested by their beginnings and parts, best-known first, as fresh as the store."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from tests.builders import NOON, a_listing, a_seller
from tests.conftest import HandClock

from cratewise.shelf.name_list import NameList
from cratewise.shelf.suggest import Suggestions
from cratewise.store.descriptions import Description, describe_releases
from cratewise.store.engine import writing
from cratewise.store.known_names import Kind, KnownName
from cratewise.store.listing_row import Reading, ReleaseRow
from cratewise.store.releases import store_releases

Suggest = Callable[..., list[str]]


@pytest.fixture
def suggestions(store: Engine, clock: HandClock) -> Iterator[Suggestions]:
    made = Suggestions(store, clock)
    yield made
    made.close()


@pytest.fixture
def suggest(suggestions: Suggestions) -> Suggest:
    def names(typed: str, kind: Kind, limit: int = 8) -> list[str]:
        return [one.name for one in suggestions.suggest(typed, kinds=[kind], limit=limit)]

    return names


def names(*known: tuple[str, int]) -> NameList:
    return NameList(KnownName(name, entries=1, have=have) for name, have in known)


def test_a_beginning_stands_before_a_part_and_the_best_known_first_in_each() -> None:
    known = names(
        ("Miles Davis", 900), ("Mild", 5), ("Ismil", 50), ("Smiley", 70), ("The Milk", 7),
        ("Emilia", 999), ("Bob Milner", 2), ("Other", 9_999),
    )  # fmt: skip

    found = [one.name for one in known.find("MIL", 8)]

    assert found == ["Miles Davis", "The Milk", "Mild", "Bob Milner", "Emilia", "Smiley", "Ismil"]
    assert [one.name for one in known.find("mil", 2)] == ["Miles Davis", "The Milk"]


def test_nothing_typed_suggests_the_best_known() -> None:
    assert [one.name for one in names(("A", 1), ("B", 3), ("C", 2)).find("", 2)] == ["B", "C"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Björk", "bjork"),
        ("Sigur Rós", "RÓS"),
        ("AC/DC", "acd"),
        ("AC/DC", "ac/d"),
        ("The Beatles", "the beat"),
        ("The Beatles", "beat"),
        ("Nirvana (2)", "nirvana 2"),
        ("東京ラジオ", "ラジ"),
        ("Don't", "dont"),
        ("!!!", "!!"),
    ],
)
def test_a_name_is_suggested_however_it_is_typed(name: str, typed: str) -> None:
    assert [one.name for one in names((name, 1), ("Zzz", 5)).find(typed, 8)] == [name]


@pytest.mark.parametrize("typed", ["%", "\n", "'; DROP TABLE", "x" * 10_000, "qqq", "\0"])
def test_odd_letters_harm_nothing(typed: str) -> None:
    found = names(("One", 1), ("Two", 2)).find(typed, 8)

    assert {one.name for one in found} <= {"One", "Two"}


@given(
    known=st.dictionaries(st.text("abA éß-\n", max_size=6), st.integers(0, 3), max_size=12),
    typed=st.text("ab é-", max_size=3),
    limit=st.integers(1, 12),
)
def test_what_is_found_is_what_a_look_at_each_name_finds(
    known: dict[str, int], typed: str, limit: int
) -> None:
    listed = NameList(KnownName(name, 1, have) for name, have in known.items())
    best_first = sorted(known, key=lambda name: (-known[name], name))
    keys = {name: listed._key(name) for name in best_first}
    part = listed._key(typed)
    begins = [name for name in best_first if keys[name].startswith(part)]
    word = [name for name in best_first if f" {part}" in keys[name] and name not in begins]
    holds = [name for name in best_first if part in keys[name] and name not in {*begins, *word}]
    expected = begins if len(part) < 2 else [*begins, *word, *holds]
    if typed.strip() and not part:
        expected = [name for name in best_first if not keys[name] and typed.strip() in name]

    assert [one.name for one in listed.find(typed, limit)] == expected[:limit]


def test_each_kind_is_suggested_from_where_it_is_kept(store: Engine, suggest: Suggest) -> None:
    with writing(store) as db:
        alice = a_seller(db, "Alices_Records")
        a_listing(db, alice, artist="Alice Coltrane", label="Alicja, Impulse!", have=5)
        a_listing(db, alice, artist="Alice Clark", catalog_number="ALI-9203, X 1", have=9)
        told = Description(id=77, styles='["Alien Jazz"]', genres='["Alikind"]')
        describe_releases(db, [told], "release", NOON)

    assert suggest("ali", "artist") == ["Alice Clark", "Alice Coltrane"]
    assert suggest("ali", "label") == ["Alicja"]
    assert suggest("ali", "style") == ["Alien Jazz"]
    assert suggest("ali", "genre") == ["Alikind"]
    assert suggest("ali", "seller") == ["Alices_Records"]
    assert suggest("ali 92", "catalog_number") == ["ALI-9203"]
    assert suggest("9203", "catalog_number") == ["ALI-9203", "AS 9203"]


def test_a_suggestion_tells_how_well_it_is_known(store: Engine, suggestions: Suggestions) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        a_listing(db, alice, artist="Sun Ra", have=5)
        a_listing(db, alice, artist="Sun Ra", have=None)
        a_listing(db, alice, artist="Sun Ra", have=7, gone_at=NOON)

    [found] = suggestions.suggest("sun", kinds=["artist"])

    assert (found.entries, found.have) == (3, 12)


def test_new_names_are_suggested_a_second_later(
    store: Engine, suggest: Suggest, clock: HandClock
) -> None:
    assert suggest("can", "artist") == []
    clock.advance(1)
    reading = Reading(1, None, clock.now(), clock.now())
    with writing(store) as db:
        store_releases(db, [ReleaseRow(id=1, artist="Can", label="Spoon")], reading)
        a_seller(db, "candy", created_at=clock.now())
    assert suggest("can", "artist") == ["Can"]
    assert suggest("spo", "label") == ["Spoon"]
    assert suggest("can", "seller") == ["candy"]

    clock.advance(1)
    with writing(store) as db:
        told = Description(id=1, styles='["Krautrock"]')
        describe_releases(db, [told], "release", clock.now())

    assert suggest("kraut", "style") == ["Krautrock"]
    assert suggest("can", "artist") == ["Can"]


def test_names_are_counted_anew_after_a_while(
    store: Engine, suggestions: Suggestions, clock: HandClock
) -> None:
    assert suggestions.suggest("sun") == []
    with writing(store) as db:
        a_listing(db, a_seller(db), artist="Sun Ra", have=5)
    clock.advance(1)
    [new] = suggestions.suggest("sun")
    clock.advance(700)
    suggestions.suggest("sun")
    suggestions.close()  # waits for what it does behind the answer

    [counted] = suggestions.suggest("sun")
    assert (new.have, counted.have) == (0, 5)
