"""What a row of the earlier system becomes here, and by which rule where that is not plain.

Pure: a row comes in as its columns by name, of which an older schema lacks some; what
it means goes out.  Every departure from the row is named by one of the sentences below,
which the report of a move counts.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from cratewise.earlier import values
from cratewise.grades import parse_media

Row = Mapping[str, Any]

NO_NUMBER = "without a Discogs number: kept under one of our own until a pull tells the true one"
SAME_RECORD = "one release with another row"
UNREADABLE = "no id that can be read: left out"
SAME_NAME = "another row under one name: merged"
NAMELESS = "without a name: left out"
NO_RECORD = "its record is missing: left out"
NO_SELLER = "its seller is missing: left out"
NO_GRADE = "a condition that is no grade: kept without one"
PRICE_UNSURE = "price of unknown currency: kept as it was, not shown as a price, not scored"
NO_LISTING_ID = "no Discogs id was ever kept: joined by release and grade when a pull meets it"
SUGGESTED = "a suggested price in free text: kept as it was"
NO_LIST = "genres or styles that are no list: read from text, or none"
NO_LISTING = "its listing was left out"
NO_DAY = "no day that can be read: left out"
NO_VOTE = "no vote from 1 to 5: left out"
IN_SAMPLE = "measured on what it was trained on: kept apart, compared with nothing"

UNKNOWN_BEYOND = 9999  # a year above is a slip of the pen
BELONGS_TO_TEXT = 1 << 40  # numbers of our own below this come from ids, above from words


class Record(Struct, frozen=True):
    """A release as the earlier system knew it.

    release_id  Discogs' own, above 0; else one of ours, below 0.
    kept        what has no place here, as it was.
    rules       what of the row was not plain.
    """

    earlier_id: int
    release_id: int
    artist: str
    title: str
    label: str
    catalog_number: str
    format: str
    year: int | None
    want: int | None
    have: int | None
    added_at: datetime | None
    genres: list[str]
    styles: list[str]
    kept: dict[str, Any]
    rules: tuple[str, ...]


class Shop(Struct, frozen=True):
    """A seller: the name is all that can be trusted."""

    earlier_id: int
    name: str
    currency: str | None


class Offer(Struct, frozen=True):
    """A listing, with its verdict if there is one.

    verdict    'keep', 'skip', or None: `kept` without `evaluated` is no verdict.
    judged_at  when the row last changed; None where the schema did not keep it.
    """

    earlier_id: int
    seller_id: int
    record_id: int
    media_grade: int | None
    verdict: str | None
    judged_at: datetime | None
    kept: dict[str, Any]
    rules: tuple[str, ...]


def record(row: Row) -> Record | None:
    """A row of `discogs_record`; None without an id."""
    earlier_id = values.whole(row.get("id"))
    if earlier_id is None:
        return None
    number = values.whole(row.get("discogs_id"))
    year = values.whole(row.get("year"))
    suggested = values.text(row.get("suggested_price"))
    has_lists = all(values.is_list(row[name]) for name in ("genres", "styles") if name in row)
    return Record(
        earlier_id=earlier_id,
        release_id=number if number is not None and number > 0 else -earlier_id,
        artist=values.text(row.get("artist")),
        title=values.text(row.get("title")),
        label=values.text(row.get("label")),
        catalog_number=values.text(row.get("catno")),
        format=values.text(row.get("format")),
        year=year if year and 0 < year <= UNKNOWN_BEYOND else None,
        want=_count(row.get("wants")),
        have=_count(row.get("haves")),
        added_at=values.moment(row.get("added")),
        genres=values.names(row.get("genres")),
        styles=values.names(row.get("styles")),
        kept=_told({"suggested_price": suggested}),
        rules=(*([SUGGESTED] if suggested else []), *([] if has_lists else [NO_LIST])),
    )


def shop(row: Row) -> Shop | None:
    """A row of `discogs_seller`; None without an id."""
    earlier_id = values.whole(row.get("id"))
    if earlier_id is None:
        return None
    currency = values.text(row.get("currency")).upper()
    return Shop(earlier_id, values.text(row.get("name")), currency or None)


def offer(row: Row) -> Offer | None:
    """A row of `discogs_listing`; None without the ids that make it one."""
    ids = [values.whole(row.get(name)) for name in ("id", "seller_id", "record_id")]
    if None in ids:
        return None
    earlier_id, seller_id, record_id = (number or 0 for number in ids)
    condition = values.text(row.get("media_condition"))
    grade = parse_media(condition)
    price = values.amount(row.get("record_price"))
    rules = [NO_LISTING_ID, *([NO_GRADE] if condition and grade is None else [])]
    rules += [PRICE_UNSURE] if price else []
    kept = {"price": price, "score": values.amount(row.get("score"))}
    kept |= {"condition": condition if grade is None else ""}
    return Offer(
        earlier_id=earlier_id,
        seller_id=seller_id,
        record_id=record_id,
        media_grade=grade,
        verdict=verdict(row),
        judged_at=values.moment(row.get("updated_at")) or values.moment(row.get("created_at")),
        kept=_told(kept),
        rules=tuple(rules),
    )


def verdict(row: Row) -> str | None:
    """'keep' or 'skip'; None where nobody evaluated it, whatever `kept` says.

    One of the two programs stored every row that it read as kept.
    """
    if not values.truth(row.get("evaluated")):
        return None
    return "keep" if values.truth(row.get("kept", row.get("is_keeper"))) else "skip"


def numbered_by_words(artist: str, title: str, label: str, form: str, year: str) -> int:
    """A release's number of our own, below 0, where words are all that is known of it."""
    said = "\x1f".join(part.casefold() for part in (artist, title, label, form, year))
    digest = hashlib.blake2b(said.encode(), digest_size=7).digest()
    return -(BELONGS_TO_TEXT + int.from_bytes(digest, "big"))


def _count(value: Any) -> int | None:
    number = values.whole(value)
    return number if number is not None and 0 <= number < 2**31 else None


def _told(kept: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kept.items() if value not in ("", None, [])}
