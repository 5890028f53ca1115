"""Read single values of the earlier system, however they are written.

A database answers with numbers, moments and lists; a dump or a CSV of the same
tables writes all of them as text, and two programs wrote them differently.
What cannot be read is None, and whoever asks counts it.
"""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

TRUE = frozenset({"t", "true", "1", "yes", "y", "on"})
FALSE = frozenset({"f", "false", "0", "no", "n", "off", ""})

_SHORT_OFFSET = re.compile(r"[+-]\d\d$")  # PostgreSQL writes +00 where ISO 8601 has +00:00


def text(value: Any) -> str:
    """Words without spaces around them; "" for none.  A spreadsheet's apostrophe is dropped."""
    said = "" if value is None else str(value).strip()
    return said[1:] if said[:1] == "'" and said[1:2] in tuple("=+-@") else said


def whole(value: Any) -> int | None:
    """A whole number; None when it is none."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return int(number) if number.is_finite() and number == number.to_integral_value() else None


def amount(value: Any) -> str:
    """A decimal as it was written: '12.50'; "" when it is no number."""
    try:
        number = Decimal(str(value).strip()) if value is not None else None
    except InvalidOperation:
        return ""
    return str(number) if number is not None and number.is_finite() else ""


def truth(value: Any) -> bool | None:
    """True or false; None when neither is said."""
    if isinstance(value, bool) or value is None:
        return value
    said = str(value).strip().lower()
    return True if said in TRUE else False if said in FALSE else None


def moment(value: Any) -> datetime | None:
    """A time in UTC; one that names no zone was meant so.  None when it is none."""
    if value is None or isinstance(value, datetime):
        found = value
    else:
        written = str(value).strip()
        if _SHORT_OFFSET.search(written) and ":" in written:
            written += ":00"
        try:
            found = datetime.fromisoformat(written)
        except ValueError:
            return None
    if found is None:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def names(value: Any) -> list[str]:
    """Names in a list, in JSON, or between commas; none twice, in their order."""
    if isinstance(value, str):
        value = _listed(value.strip())
    if not isinstance(value, Sequence):
        return []
    said = (text(name) for name in value if name is not None)
    return list(dict.fromkeys(name for name in said if name))


def is_list(value: Any) -> bool:
    """Whether names come as the list that they should be, or as its JSON."""
    return isinstance(value, list) or (isinstance(value, str) and value.strip().startswith("["))


def numbers(value: Any) -> list[float]:
    """Numbers in a list or in JSON; what is none is left out."""
    if isinstance(value, str):
        value = _listed(value.strip())
    if not isinstance(value, Sequence):
        return []
    return [float(said) for said in map(amount, value) if said]


def _listed(written: str) -> Any:
    if written.startswith("["):
        try:
            return json.loads(written)
        except ValueError:
            written = written.strip("[]")
    if written.lower() in ("", "null", "none"):
        return []
    return [name.strip(" \"'") for name in written.strip("{}").split(",")]
