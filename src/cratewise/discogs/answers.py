"""What Discogs answered, as values of ours; lenient, since its answers vary in shape."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cratewise.errors import DiscogsBroken


@dataclass(frozen=True, slots=True)
class Profile:
    """A member of Discogs, as far as a buyer cares.

    username        in the member's own spelling; names have no case on Discogs.
    for_sale        listings that the profile claims; None when it does not say.
    currency        ISO 4217, None when the member chose none.
    rating_percent  0 to 100, as a seller; None without ratings.
    """

    discogs_id: int
    username: str
    for_sale: int | None
    is_suspended: bool
    is_activated: bool
    currency: str | None
    location: str
    rating_percent: float | None
    ratings: int | None


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose credential it is."""

    discogs_id: int
    username: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a long list; `rows` are as Discogs sent them.

    pages, items  how many there are in all, as Discogs claims; page 101 of somebody
                  else's stock is refused although `pages` counts it.
    read_at       when it was asked for, so that nothing on it is younger.
    """

    page: int
    pages: int
    items: int
    rows: list[Any]
    read_at: datetime


@dataclass(frozen=True, slots=True)
class InventoryPage:
    """One page of a seller's stock; fields as in `Page`.

    listings  as Discogs sent them: whoever reads them decides which make sense, so
              that one malformed listing does not cost its page.
    """

    page: int
    pages: int
    items: int
    listings: list[Any]
    read_at: datetime


def profile_from(answer: Mapping[str, Any]) -> Profile:
    """Raises DiscogsBroken when the answer names nobody."""
    ratings = _count(answer.get("seller_num_ratings"))
    return Profile(
        discogs_id=_whose(answer),
        username=str(answer["username"]),
        for_sale=_count(answer.get("num_for_sale")),
        is_suspended=answer.get("marketplace_suspended") is True,
        is_activated=answer.get("activated") is not False,
        currency=_text(answer.get("curr_abbr")) or None,
        location=_text(answer.get("location")),
        rating_percent=_number(answer.get("seller_rating")) if ratings else None,
        ratings=ratings,
    )


def identity_from(answer: Mapping[str, Any]) -> Identity:
    """Raises DiscogsBroken when the answer names nobody."""
    return Identity(discogs_id=_whose(answer), username=str(answer["username"]))


def folders_from(answer: Mapping[str, Any]) -> dict[int, str]:
    """Folders' names by their numbers; what makes no sense is left out."""
    told = answer.get("folders")
    folders = [one for one in told if isinstance(one, Mapping)] if isinstance(told, list) else []
    numbered = ((_count(one.get("id")), _text(one.get("name"))) for one in folders)
    return {number: name for number, name in numbered if number is not None}


def page_from(answer: Mapping[str, Any], key: str, *, asked: int, read_at: datetime) -> Page:
    """Page `asked` of the list that stands under `key`.

    Raises DiscogsBroken when there is no such list.
    """
    rows = answer.get(key)
    if not isinstance(rows, list):
        raise DiscogsBroken(f"Discogs' answer has no {key}; its shape may have changed.")
    pagination = answer.get("pagination")
    told = pagination if isinstance(pagination, Mapping) else {}
    items = _count(told.get("items"))
    return Page(
        page=asked,
        pages=_count(told.get("pages")) or 1,
        items=len(rows) if items is None else items,
        rows=rows,
        read_at=read_at,
    )


def _whose(answer: Mapping[str, Any]) -> int:
    discogs_id = _count(answer.get("id"))
    if discogs_id is None or not _text(answer.get("username")):
        raise DiscogsBroken("Discogs' answer does not say whom it is about.")
    return discogs_id


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _count(value: Any) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number >= 0 else None


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
