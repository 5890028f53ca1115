"""The key of a page as clients carry it: opaque text that says where a listing stands."""

import base64
import binascii
from typing import Any, TypeVar

import msgspec

from cratewise.api.problems import BadField
from cratewise.shelf.query import Key, Order, Sort

T = TypeVar("T")

FIRST = ""  # the key of the first page

# What the key of each order holds: two names, or a number.
_NAMES = tuple[str, bool, tuple[str, str], int]
_NUMBER = tuple[str, bool, tuple[float | None], int]


def _kind(sort: Sort) -> Any:
    return _NAMES if sort in {"artist", "title"} else _NUMBER


LARGEST_ID = 2**63 - 1


def write_key(order: Order, key: Key) -> str:
    """The text for a key; it is good for the same order alone."""
    return write_parts([order.sort, order.is_descending, key.values, key.id])


def read_key(order: Order, text: str) -> Key | None:
    """The key of a text; None: the first page.  Raises BadField."""
    if text == FIRST:
        return None
    sort, is_descending, values, number = read_parts(text, _kind(order.sort))
    if (sort, is_descending) != order or not 0 <= number <= LARGEST_ID:
        raise _bad()
    return Key(tuple(values), number)


def write_parts(parts: Any) -> str:
    """Whatever says where something stands, as opaque text."""
    return base64.urlsafe_b64encode(msgspec.json.encode(parts)).rstrip(b"=").decode()


def read_parts(text: str, kind: type[T]) -> T:
    """What `write_parts` wrote, of that kind.  Raises BadField."""
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        return msgspec.json.decode(plain, type=kind)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise _bad() from None


def _bad() -> BadField:
    return BadField(
        "query.key",
        "key: it is none of a page in this order; take `next_key` of the page before, "
        "or an empty one for the first page.",
    )
