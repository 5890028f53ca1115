"""What the shelf must answer, worked out row by row in plain Python from plain SQL."""

import json
import math
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, select
from tests.builders import NOON, RATES

from cratewise.grades import Grade
from cratewise.keeper import format_has
from cratewise.money import MINOR_DIGITS, Money
from cratewise.shelf.facets import Facet
from cratewise.shelf.query import Filter, Order, Reader
from cratewise.store.hidden import is_hidden
from cratewise.store.predictions import predictions_of
from cratewise.store.tables import (
    judgements,
    listings,
    owned,
    price_changes,
    releases,
    sellers,
    wants,
)
from cratewise.store.word_forms import asked_words, has_words, words_of
from cratewise.store.words import FOUND_BY
from cratewise.wants.postage import PostageBook, open_book

Row = dict[str, Any]
MINE = ("wanted", "owned", "other_pressing")
READER = Reader(account_id=1, currency="EUR", rates=RATES, day=NOON.date())


def every_row(db: Connection) -> list[Row]:
    """Every listing with its release, and when its price fell last."""
    fell = (
        select(price_changes.c.listing_id, func.max(price_changes.c.changed_at).label("dropped_at"))
        .where(price_changes.c.old_currency == price_changes.c.new_currency)
        .where(price_changes.c.new_price_minor < price_changes.c.old_price_minor)
        .group_by(price_changes.c.listing_id)
        .subquery()
    )
    of_release = [column for column in releases.c if column.name not in listings.c]
    statement = (
        select(listings, *of_release, fell.c.dropped_at, sellers.c.username)
        .join(releases, releases.c.id == listings.c.release_id)
        .join(sellers, sellers.c.id == listings.c.seller_id)
        .outerjoin(fell, fell.c.listing_id == listings.c.id)
    )
    return [dict(row._mapping) for row in db.execute(statement)]


def compare_prices(rows: Sequence[Row]) -> None:
    """Say of each row by which part it costs less than the others of its release."""
    for row in rows:
        others = [
            one["price_usd"]
            for one in rows
            if one is not row
            and one["release_id"] == row["release_id"]
            and one["gone_at"] is None
            and one["price_usd"] is not None
        ]
        row["discount"] = None
        if (
            others
            and statistics.median(others)
            and not row["gone_at"]
            and row["price_usd"] is not None
        ):
            row["discount"] = np.float32(1 - row["price_usd"] / statistics.median(others))


def mark(db: Connection, rows: Sequence[Row], reader: Reader = READER) -> None:
    """Say of each row what it is to an account, as plainly as can be."""
    mine = reader.account_id
    want = set(db.scalars(select(wants.c.release_id).where(wants.c.account_id == mine)))
    own = set(db.scalars(select(owned.c.release_id).where(owned.c.account_id == mine)))
    masters = dict(db.execute(select(releases.c.id, releases.c.master_id)).all())
    verdicts = db.execute(
        select(judgements.c.listing_id, judgements.c.verdict)
        .where(judgements.c.account_id == mine, judgements.c.undone_at.is_(None))
        .order_by(judgements.c.judged_at, judgements.c.id)
    )
    verdict_on = {row.listing_id: row.verdict for row in verdicts}
    hidden = is_hidden(db, mine)
    hides = set() if hidden is None else set(db.scalars(select(listings.c.id).where(hidden)))
    told = predictions_of(db, mine)
    chance = {} if told is None else dict(zip(told.ids, told.probabilities, strict=True))
    book = open_book(db, mine, "DE")
    for row in rows:
        number, master = row["release_id"], row["master_id"]
        row["wanted"], row["owned"] = number in want, number in own
        others = [one for one in own if one != number and masters[one] == master]
        row["other_pressing"] = master is not None and bool(others)
        row["verdict"], row["hidden"] = verdict_on.get(row["id"]), row["id"] in hides
        row["probability"] = chance.get(row["id"])
        row["landed"] = _landed(book, row, reader)


def _landed(book: PostageBook, row: Row, reader: Reader) -> int | None:
    if row["price_minor"] is None or row["currency"] not in MINOR_DIGITS:
        return None
    price = Money(row["price_minor"], row["currency"])
    landed = book.landed(
        price,
        seller_id=row["seller_id"],
        ships_from=row["ships_from"],
        format_text=row["format"],
        currency=reader.currency,
        rates=reader.rates,
        day=reader.day,
    )
    return None if landed is None else landed.minor


def plainly_found(rows: Sequence[Row], wanted: Filter, order: Order) -> list[Row]:
    """The rows that a filter lets through, in an order."""
    return in_order([row for row in rows if lets_through(wanted, row)], order)


def in_order(rows: Sequence[Row], order: Order) -> list[Row]:
    def key(row: Row) -> tuple[bool, list[Any], int]:
        values = sorted_by(row, order)
        is_unknown = values[0] is None
        return is_unknown, [] if is_unknown else [_Turned(v, order) for v in values], row["id"]

    return sorted(rows, key=key)


class _Turned:
    """A value that sorts the other way in a descending order."""

    def __init__(self, value: Any, order: Order) -> None:
        self.value, self.is_descending = value, order.is_descending

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Turned) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __lt__(self, other: "_Turned") -> bool:
        low, high = (other, self) if self.is_descending else (self, other)
        return bool(low.value < high.value)


def sorted_by(row: Row, order: Order) -> list[Any]:
    artist, title = folded(row["artist"]), folded(row["title"])
    return {
        "score": [row["score"]],
        "price": [row["price_usd"]],
        "landed": [row.get("landed")],
        "artist": [artist, title],
        "title": [title, artist],
        "year": [row["year"]],
        "listed": [row["posted_at"]],
        "want_have": [ratio(row)],
        "probability": [row.get("probability")],
        "discount": [row.get("discount")],
    }[order.sort]


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(s for s in plain if not unicodedata.combining(s)).lower().split())


def ratio(row: Row) -> float | None:
    if row["want"] is None or row["have"] is None:
        return None
    return float(row["want"] / (row["have"] or 0.01))


def lets_through(wanted: Filter, row: Row) -> bool:
    return all(_terms(wanted, row))


def _terms(wanted: Filter, row: Row) -> list[bool]:
    genres, styles = _names(row["genres"]), _names(row["styles"])
    asked = asked_words(wanted.words)
    return [
        asked is None or has_words(words_of(*(row[name] for name in FOUND_BY)), asked),
        any(folded(wanted.part) in folded(row[name]) for name in ("artist", "title", "label")),
        not wanted.genre_part
        or any(wanted.genre_part.casefold() in one for one in genres | styles),
        wanted.media in {None, row["media_grade"]},
        not wanted.genres or bool(genres & _keys(wanted.genres)),
        not wanted.styles or bool(styles & _keys(wanted.styles)),
        styles >= _keys(wanted.all_styles),
        not styles & _keys(wanted.no_styles),
        all(_has_format(row["format"], term) for term in wanted.formats),
        not wanted.labels or _is_called(row["label"], wanted.labels, ", "),
        not wanted.artists or _is_called(row["artist"], wanted.artists, ", | & | / "),
        not wanted.countries or (row["country"] or "").casefold() in _keys(wanted.countries),
        not wanted.ships_from or row["ships_from"].casefold() in _keys(wanted.ships_from),
        not wanted.sellers or row["seller_id"] in wanted.sellers,
        wanted.release_id is None or row["release_id"] == wanted.release_id,
        wanted.master_id is None or row["master_id"] == wanted.master_id,
        _lies(row["year"], wanted.year_from, wanted.year_to),
        _lies(row["want"], wanted.want_from, wanted.want_to),
        _lies(row["have"], wanted.have_from, wanted.have_to),
        _lies(ratio(row), wanted.want_have_from, wanted.want_have_to),
        _lies(row["score"], wanted.score_from, wanted.score_to),
        _costs(row, wanted.price_from, wanted.price_to),
        _lies(row["media_grade"], wanted.media_at_least, None),
        _lies(row["sleeve_grade"], wanted.sleeve_at_least, None),
        _lies(row["posted_at"], wanted.listed_from, None),
        _lies(row["price_read_at"], wanted.priced_since, None),
        _is_later(row["first_seen_at"], wanted.arrived_since),
        _is_later(row["dropped_at"], wanted.dropped_since),
        _is_later(row["back_at"], wanted.back_since),
        _lies(row["landed"], _minor(wanted.landed_from), _minor(wanted.landed_to)),
        _lies(row["probability"], wanted.probability_from, wanted.probability_to),
        wanted.predicted in {None, row["probability"] is not None},
        *(getattr(wanted, name) in {None, row[name]} for name in MINE),
        wanted.hidden == "with" or row["hidden"] == (wanted.hidden == "only"),
        {
            None: True,
            "either": row["verdict"] is not None,
            "neither": row["verdict"] is None,
        }.get(wanted.judged, row["verdict"] == wanted.judged),
        wanted.gone == "with" or (row["gone_at"] is not None) == (wanted.gone == "only"),
    ]


def _minor(limit: Money | None) -> int | None:
    """In euros, as the reader counts."""
    if limit is None:
        return None
    found = RATES.convert(limit.minor, limit.currency, READER.currency, READER.day)
    return None if found is None else found.minor


def _names(listed: str | None) -> set[str]:
    return {name.casefold() for name in json.loads(listed or "[]")}


def _keys(names: Sequence[str]) -> set[str]:
    return {name.casefold() for name in names}


def _has_format(text: str, term: str) -> bool:
    if term.casefold() == "vinyl":
        return any(format_has(text, one) for one in ("Vinyl", "LP", '12"', '10"', '7"'))
    return format_has(text, term)


def _is_called(text: str, names: Sequence[str], joint: str) -> bool:
    parts = {folded(text), *re.split(joint, folded(text))}
    return bool(parts & {folded(name) for name in names})


def _lies(value: Any, low: Any, high: Any) -> bool:
    if low is None and high is None:
        return True
    return value is not None and (low is None or value >= low) and (high is None or value <= high)


def _is_later(value: datetime | None, moment: datetime | None) -> bool:
    return moment is None or (value is not None and value > moment)


def _costs(row: Row, low: Money | None, high: Money | None) -> bool:
    """By what each price shows as in the currency of the limit."""
    for limit, is_least in ((low, True), (high, False)):
        if limit is None:
            continue
        shown = _converted(row["price_minor"], row["currency"], limit.currency, NOON.date())
        if shown is None:
            return False
        # Exactly half a minor unit may be rounded either way.
        if (shown < limit.minor - 0.5) if is_least else (shown > limit.minor + 0.5):
            return False
    return True


def _converted(minor: int | None, source: str | None, target: str, day: date) -> float | None:
    if minor is None or source is None:
        return None
    found = RATES.rate(source, target, day)
    if found is None:
        return None
    digits = {"JPY": 0}
    value = minor * found[0] * 10.0 ** (digits.get(target, 2) - digits.get(source, 2))
    return value if math.isfinite(value) else None


def plainly_counted(rows: Sequence[Row], facet: Facet, *, news_since: datetime) -> dict[str, int]:
    """How many rows have each value of a facet."""
    found: Counter[str] = Counter()
    for row in rows:
        found.update(_values(row, facet, news_since))
    return dict(found)


def _values(row: Row, facet: Facet, news_since: datetime) -> Sequence[str]:
    values: dict[Facet, Sequence[str]] = {
        "genre": json.loads(row["genres"] or "[]"),
        "style": json.loads(row["styles"] or "[]"),
        "format": _format_terms(row["format"]),
        "decade": [f"{row['year'] // 10}0s"] if row["year"] else [],
        "country": [row["country"]] if row["country"] else [],
        "grade": [Grade(row["media_grade"]).short] if row["media_grade"] else [],
        "seller": [row["username"]],
        "price": _bands(row),
        "state": _states(row, news_since),
    }
    return values[facet]


def _format_terms(text: str) -> list[str]:
    bare = [re.sub(r"^\d+x", "", one.strip()) for one in re.split("[,+]", text)]
    terms = {one for one in bare if one}
    return [*terms | ({"Vinyl"} if _has_format(text, "vinyl") else set())]


def _states(row: Row, news_since: datetime) -> list[str]:
    if row["gone_at"]:
        return ["gone"]
    new = ["new"] if row["first_seen_at"] > news_since else []
    fell = ["dropped"] if row["dropped_at"] and row["dropped_at"] > news_since else []
    back = ["back"] if row["back_at"] and row["back_at"] > news_since else []
    return ["for sale", *new, *fell, *back]


def _bands(row: Row) -> list[str]:
    """In euros: below 5, 5 to 10 and so on."""
    if row["price_minor"] is None or row["currency"] is None:
        return []
    price = RATES.convert(row["price_minor"], row["currency"], "EUR", READER.day)
    if price is None:
        return []
    edges = [0, 5, 10, 20, 50, 100, 200]
    low = max(edge for edge in edges if edge * 100 <= price.minor)
    higher = [edge for edge in edges if edge > low]
    return [f"{low}.00-{higher[0] - 1}.99" if higher else f"{low}.00-"]
