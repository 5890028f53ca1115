"""The options by which commands choose listings, and how each is read."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cratewise.errors import CratewiseError, UnknownListing
from cratewise.grades import Grade, parse_media, parse_sleeve

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from cratewise.store.stock import Order


UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def complete_seller(incomplete: str) -> list[str]:
    """The names that a shell offers after `cratewise top al`; none before anything was read."""
    from cratewise.cli.opening import open_settings

    try:
        url = open_settings().database_url
        kind, _, place = url.partition(":///")
        # Pressing Tab must not make a database.
        if kind.startswith("sqlite") and not Path(place).exists():
            return []
        return _kept_names(url, incomplete)
    except CratewiseError:
        # Whoever presses Tab has asked nothing yet; the command itself will say what is wrong.
        return []


def _kept_names(url: str, beginning: str) -> list[str]:
    from cratewise.store.engine import open_engine, reading
    from cratewise.store.following import kept_names
    from cratewise.store.migrate import schema_version

    engine = open_engine(url)
    try:
        if schema_version(engine) is None:
            return []
        with reading(engine) as db:
            return kept_names(db, beginning)
    finally:
        engine.dispose()


def own_ids(engine: "Engine", numbers: "Iterable[int]") -> list[int]:
    """Our own ids of listings by Discogs' numbers, the ones that people see.

    Raises UnknownListing.
    """
    from cratewise.store.engine import reading
    from cratewise.store.listings import find_listing_on_discogs

    ids = []
    with reading(engine) as db:
        for number in numbers:
            known = find_listing_on_discogs(db, number)
            if known is None:
                raise UnknownListing(number)
            ids.append(known.id)
    return ids


def read_grade(text: str) -> Grade:
    grade = parse_media(text)
    if grade is None:
        known = ", ".join(grade.short for grade in sorted(Grade, reverse=True) if grade.is_quality)
        raise typer.BadParameter(f"{text!r} is no grade; expected one of {known}.")
    return grade


def read_sleeve(text: str) -> Grade:
    grade = parse_sleeve(text)
    return read_grade(text) if grade is None else grade


def read_order(text: str) -> "Order":
    match text.strip().lower():
        case "score" | "price" | "newest" | "artist" as order:
            return order
    raise typer.BadParameter(f"{text!r} is no order; expected score, price, newest or artist.")


def read_moment(text: str, now: datetime, option: str) -> datetime:
    """A moment in UTC as somebody types it: a day, a time, or how long ago."""
    if found := re.fullmatch(r"(\d{1,4})\s*([hdw])", text.strip().lower()):
        return now - int(found[1]) * UNITS[found[2]]
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no moment; expected such as 2026-11-01, 2026-11-01T18:00, 12h or 3d.",
            param_hint=f"'{option}'",
        ) from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if moment > now:
        raise typer.BadParameter(f"{text!r} has yet to come.", param_hint=f"'{option}'")
    return moment


OfSeller = Annotated[
    str | None,
    typer.Argument(
        metavar="SELLER",
        help="One seller, in any case; without it all of them.",
        show_default=False,
        autocompletion=complete_seller,
    ),
]
MaxPrice = Annotated[
    str | None,
    typer.Option(
        metavar="PRICE", help="What it may cost at most: 20, or 20EUR.", show_default=False
    ),
]
Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="TERM",
        help='A term of its format: LP, 7", Album. Repeat for more.',
        show_default=False,
    ),
]
LeastGrade = Annotated[
    Grade | None,
    typer.Option(
        metavar="GRADE",
        help="The medium is in this grade or better: VG+.",
        show_default=False,
        parser=read_grade,
    ),
]
