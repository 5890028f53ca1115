"""What a store shows of its listings is what was asked for, in an order that stays."""

import pytest
from sqlalchemy import Connection, Engine, event
from tests.builders import NOON, a_listing, a_seller, an_account

from cratewise.errors import PresetError
from cratewise.grades import Grade
from cratewise.keeper import DEFAULT, KeeperRule, format_has
from cratewise.store.engine import reading, writing
from cratewise.store.presets import NAME, keep_rule, keeper_rule
from cratewise.store.stock import Wanted, count, each_listing, look_at
from cratewise.store.tables import presets


def found(engine: Engine, wanted: Wanted, **how: object) -> list[int]:
    with reading(engine) as db:
        ids = [listing.id for listing in look_at(db, wanted, **{"limit": 100, **how})]  # type: ignore[arg-type]  # passed on as given
        if "offset" not in how and "limit" not in how:
            assert count(db, wanted) == len(ids)
            assert sorted(ids) == [listing.id for listing in each_listing(db, wanted)]
        return ids


def test_the_best_score_stands_first_and_unknown_ones_last(store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        unknown = a_listing(db, alice, want=None, have=None)
        dear = a_listing(db, alice, price_minor=9900)
        cheap = a_listing(db, alice, price_minor=100)
        other_unknown = a_listing(db, alice, currency="XAF")

    assert found(store, Wanted()) == [cheap, dear, unknown, other_unknown]


def test_listings_of_equal_score_keep_their_order_over_pages(store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        ids = [a_listing(db, alice, score=7.0) for _ in range(9)]

    pages = [found(store, Wanted(), limit=2, offset=2 * page) for page in range(5)]

    assert [number for page in pages for number in page] == ids


def test_only_listings_of_the_seller_asked_for_are_shown(store: Engine) -> None:
    with writing(store) as db:
        a_listing(db, a_seller(db))
        bob = a_seller(db, "bob")
        bobs = a_listing(db, bob)

    assert found(store, Wanted(seller_id=bob)) == [bobs]


def test_what_is_gone_is_left_out_unless_asked_for(store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        gone = a_listing(db, alice, gone_at=NOON)
        here = a_listing(db, alice)

    assert found(store, Wanted()) == [here]
    assert sorted(found(store, Wanted(with_gone=True))) == [gone, here]


def test_a_price_limit_counts_in_each_listings_own_currency(store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        at_the_limit = a_listing(db, alice, price_minor=2000, currency="EUR")
        a_listing(db, alice, price_minor=2001, currency="EUR")
        in_yen = a_listing(db, alice, price_minor=3500, currency="JPY")
        a_listing(db, alice, price_minor=1, currency="XAF")  # no limit in its currency
        a_listing(db, alice, price_minor=None, currency=None)

    limits = {"EUR": 2000, "JPY": 3500}

    assert sorted(found(store, Wanted(price_at_most=limits))) == [at_the_limit, in_yen]
    assert found(store, Wanted(price_at_most={})) == []


def test_a_grade_and_better_are_let_through_and_unknown_ones_are_not(store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        a_listing(db, alice, media_grade=None)
        a_listing(db, alice, media_grade=int(Grade.VERY_GOOD))
        good_enough = [
            a_listing(db, alice, media_grade=int(grade))
            for grade in (Grade.VERY_GOOD_PLUS, Grade.MINT)
        ]

    wanted = Wanted(media_at_least=Grade.VERY_GOOD_PLUS)
    assert sorted(found(store, wanted)) == good_enough


FORMATS = [
    "LP",
    "2xLP, Album",
    "10xLP, Box",
    "LP, Album, RE + CD",
    "Album, LP+DVD",
    "MiniLP",
    'Vinyl, 12", EP',
    "Album, Repress",
    "CD, 100% Mix",
    "CD_X",
    "",
]


@pytest.mark.parametrize(
    "term", ["LP", "lp", "EP", "album", "CD", "dvd", '12"', "100% mix", "%", "_"]
)
def test_the_store_and_the_keeper_rule_agree_on_formats(store: Engine, term: str) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        by_id = {a_listing(db, alice, format=text): text for text in FORMATS}

    shown = {by_id[number] for number in found(store, Wanted(format_terms=(term,)))}

    assert shown == {text for text in FORMATS if format_has(text, term)}


def test_words_are_looked_for_in_artist_and_title(store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        wanted = a_listing(db, alice, artist="Miles Davis", title="Kind of Blue")
        a_listing(db, alice, artist="Miles Davis", title="Bitches Brew")
        percent = a_listing(db, alice, artist="100% Silk", title="Mix")

    assert found(store, Wanted(words="miles BLUE")) == [wanted]
    assert found(store, Wanted(words="%")) == [percent]


def test_each_order_shows_the_unknown_last(store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        first = a_listing(db, alice, artist="b", price_minor=500, posted_at=NOON.replace(day=2))
        second = a_listing(db, alice, artist="A", price_minor=100)
        unknown = a_listing(db, alice, artist="c", price_minor=None, posted_at=None)

    assert found(store, Wanted(), order="price") == [second, first, unknown]
    assert found(store, Wanted(), order="newest") == [first, second, unknown]
    assert found(store, Wanted(), order="artist") == [second, first, unknown]


def test_a_listing_is_shown_with_its_release_and_seller(store: Engine) -> None:
    with writing(store) as db:
        a_listing(db, a_seller(db, "Alice.Records"), title="Journey in Satchidananda")

    with reading(store) as db:
        (listing,) = look_at(db, Wanted(), limit=1)

    assert listing.seller == "Alice.Records"
    assert listing.title == "Journey in Satchidananda"
    assert listing.media_grade is Grade.VERY_GOOD_PLUS
    assert listing.price_read_at == NOON
    assert (listing.want, listing.have) == (300, 100)


def test_looking_takes_one_statement_however_many_listings_there_are(store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        for _ in range(30):
            a_listing(db, alice)
    said: list[str] = []

    with reading(store) as db:
        _listen(db, said)
        look_at(db, Wanted(seller_id=alice), limit=30)

    assert [words for words in said if words != "BEGIN"] == said[-1:]


def _listen(db: Connection, said: list[str]) -> None:
    event.listen(db, "before_cursor_execute", lambda *told: said.append(told[2]))


def test_the_shipped_keeper_rule_holds_until_an_account_makes_its_own(store: Engine) -> None:
    own = KeeperRule(format_holds=("CD",), wants_over_haves=False)
    with writing(store) as db:
        digger = an_account(db)
        assert keeper_rule(db, digger) == DEFAULT
        keep_rule(db, digger, NAME, KeeperRule(format_holds=()), NOON)
        keep_rule(db, digger, NAME, own, NOON)

    with reading(store) as db:
        assert keeper_rule(db, digger) == own


def test_a_stored_rule_that_makes_no_sense_is_told(store: Engine) -> None:
    with writing(store) as db:
        digger = an_account(db)
        keep_rule(db, digger, NAME, DEFAULT, NOON)
        db.execute(presets.update().values(rule='{"grade": "best"}'))

        with pytest.raises(PresetError, match="makes no sense"):
            keeper_rule(db, digger)
