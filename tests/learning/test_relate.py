"""What links a listing to its reader is found in their wants and collection."""

import math

import pytest
from sqlalchemy import Engine, insert, update
from tests.builders import NOON, a_listing, a_seller, an_account

from cratewise.learning.relate import Relating
from cratewise.store.described import described
from cratewise.store.engine import reading, writing
from cratewise.store.followed import follow
from cratewise.store.tables import listings, owned, releases, wants


@pytest.fixture
def account(store: Engine) -> int:
    with writing(store) as db:
        return an_account(db)


def release(number: int, **columns: object) -> dict[str, object]:
    blank = {
        "id": number, "artist": "Basic Channel", "title": f"Record {number}",
        "label": "Basic Channel", "catalog_number": "", "format": '12"', "year": 1994,
        "want": 10, "have": 1000, "changed_at": NOON, "master_id": None, "original_year": None,
        "styles": None,
    }  # fmt: skip
    return blank | columns


def links(engine: Engine, account: int, **columns: object) -> dict[str, float]:
    """Of a listing of such a release to an account that owns three records and wants one."""
    mine = [
        release(9001, catalog_number="BC-01", styles='["Dub Techno"]', master_id=51, format="CD"),
        release(9002, catalog_number="BC-03", styles='["Dub Techno"]', artist="Maurizio"),
        release(9003, artist="Moodymann", styles='["House"]', label="KDJ"),
    ]
    with writing(engine) as db:
        db.execute(insert(releases), [*mine, release(9004, master_id=52, artist="Rhythm & Sound")])
        told = {"account_id": account, "synced_at": NOON}
        db.execute(insert(owned), [told | {"release_id": one["id"]} for one in mine])
        db.execute(insert(wants), [told | {"release_id": 9004}])
        seller = a_seller(db)
        ids = [a_listing(db, seller, artist="Nobody", label="None", want=1, have=900)]
        listing = a_listing(db, seller, want=1, have=900, artist="Nobody", label="None")
        number = described(db, [listing])[listing]["release_id"]
        if columns:
            db.execute(update(releases).where(releases.c.id == number).values(**columns))
        ids.append(listing)
    with reading(engine) as db:
        relating = Relating.of(db, account)
        found = relating.related(list(described(db, ids).values()))
    assert found[0]["relations"] == {}
    return dict(found[1]["relations"])


def test_a_strangers_record_is_linked_to_nobody(store: Engine, account: int) -> None:
    assert links(store, account) == {}


def test_records_owned_by_the_artist_are_counted(store: Engine, account: int) -> None:
    assert links(store, account, artist="BASIC CHANNEL") == {"artist_owned": 1}


def test_another_pressing_of_a_want_is_one_and_the_want_itself_is_not(
    store: Engine, account: int
) -> None:
    assert links(store, account, master_id=52) == {"another_pressing": 1}


def test_the_original_of_something_owned_on_a_better_format_is_both(
    store: Engine, account: int
) -> None:
    found = links(store, account, master_id=51, year=1993, original_year=1993, format='12"')

    assert found == {"better_format": 1, "original": 1}


def test_a_missing_number_between_two_that_are_owned_fills_a_gap(
    store: Engine, account: int
) -> None:
    assert links(store, account, label="Basic Channel", catalog_number="BC-02") == {"run_gap": 1}


def test_a_number_at_the_end_of_a_run_fills_none(store: Engine, account: int) -> None:
    assert links(store, account, label="Basic Channel", catalog_number="BC-04") == {}


def test_styles_are_shared_when_two_records_have_them(store: Engine, account: int) -> None:
    found = links(store, account, styles='["Dub Techno", "House"]')

    assert found == {"styles_shared": 0.5}


def test_a_record_that_few_own_and_more_want_is_rare_and_sought(
    store: Engine, account: int
) -> None:
    assert links(store, account, want=60, have=20) == {"rare_and_sought": 3}


def test_a_want_is_wanted(store: Engine, account: int) -> None:
    with writing(store) as db:
        listing = a_listing(db, a_seller(db), want=1, have=900)
        number = described(db, [listing])[listing]["release_id"]
        db.execute(
            insert(wants), [{"account_id": account, "release_id": number, "synced_at": NOON}]
        )
    with reading(store) as db:
        told = described(db, [listing])
        (found,) = Relating.of(db, account).related(list(told.values()))

    assert found["relations"] == {"wanted": 1}


def test_a_missing_volume_between_two_of_an_artists_that_are_owned_fills_a_gap(
    store: Engine, account: int
) -> None:
    with writing(store) as db:
        mine = [release(9100 + one, artist="Plastikman", title=f"Vol. {one}") for one in (1, 3)]
        db.execute(insert(releases), mine)
        told = {"account_id": account, "synced_at": NOON}
        db.execute(insert(owned), [told | {"release_id": one["id"]} for one in mine])
        seller = a_seller(db)
        ids = [
            a_listing(db, seller, want=1, have=900, artist=artist, title=title)
            for artist, title in (
                ("Plastikman", "Vol. 2: More"),
                ("Plastikman", "Vol. 4"),
                ("Somebody", "Vol. 2"),
            )
        ]
    with reading(store) as db:
        found = Relating.of(db, account).related(list(described(db, ids).values()))

    assert [one["relations"].get("run_gap", 0) for one in found] == [1, 0, 0]


def test_a_followed_label_and_artist_are_found_in_any_case_and_among_others(
    store: Engine, account: int
) -> None:
    with writing(store) as db:
        follow(db, account, "label", "Basic  Channel", NOON)
        follow(db, account, "artist", "MAURIZIO", NOON)
        seller = a_seller(db)
        ids = [
            a_listing(db, seller, want=1, have=900, label="KDJ, BASIC CHANNEL"),
            a_listing(db, seller, want=1, have=900, artist="Maurizio"),
            a_listing(db, seller, want=1, have=900, label="Basic"),
        ]
    with reading(store) as db:
        found = Relating.of(db, account).related(list(described(db, ids).values()))

    assert [one["relations"] for one in found] == [
        {"label_followed": 1},
        {"artist_followed": 1},
        {},
    ]


@pytest.mark.parametrize("knows_which", [False, True])
def test_a_copy_below_the_mean_of_its_copies_is_cheap_for_it(
    store: Engine, account: int, *, knows_which: bool
) -> None:
    with writing(store) as db:
        seller = a_seller(db)
        dear = a_listing(db, seller, want=1, have=900, price_minor=3000, currency="USD")
        number = described(db, [dear])[dear]["release_id"]
        cheap = a_listing(db, seller, want=1, have=900, price_minor=1000, currency="USD")
        db.execute(update(listings).where(listings.c.id == cheap).values(release_id=number))
    with reading(store) as db:
        told = list(described(db, [dear, cheap]).values())
        which = [number] if knows_which else None
        found = Relating.of(db, account, release_ids=which).related(told)

    assert found[0]["relations"] == {}
    assert found[1]["relations"] == {"cheap_for_it": pytest.approx(math.log(2))}


def test_a_weak_keep_is_not_linked_by_being_one(store: Engine, account: int) -> None:
    with writing(store) as db:
        db.execute(insert(releases), [release(1, styles='["House"]'), release(2), release(3)])
        told = {"account_id": account, "synced_at": NOON}
        db.execute(insert(wants), [told | {"release_id": 1}])
        db.execute(insert(owned), [told | {"release_id": 2}, told | {"release_id": 3}])
    with reading(store) as db:
        relating = Relating.of(db, account)
    mine = [release(1) | {"release_id": 1}, release(2) | {"release_id": 2}]

    want, has = relating.related(mine, is_weak=[True, True])

    assert want["relations"] == {"artist_owned": 2}
    assert has["relations"] == {"artist_owned": 1}
