"""A search as an address says it: each parameter of a query becomes a term of a `Filter`.

Three groups, of which each is a dependency of the rooms that search: what releases are,
what copies are, what both are to whoever asks.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation

from cratewise.api.problems import BadField
from cratewise.errors import SwappedRange
from cratewise.grades import Grade, parse_media, parse_sleeve
from cratewise.money import Money, typed_price
from cratewise.notices import FRESH_FOR
from cratewise.shelf.kept import kept_seller
from cratewise.shelf.query import Filter, Judged, With

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cratewise.store.accounts import Account

MOST_NAMES = 50
TOLD = dict[str, Any]  # terms of a filter by its names of them, as they were told

OfRelease = NamedDependency[SkipValidation[dict[str, Any]]]
OfListing = NamedDependency[SkipValidation[dict[str, Any]]]
OfReader = NamedDependency[SkipValidation[dict[str, Any]]]


def _some(description: str, name: str | None = None) -> QueryParameter:
    return QueryParameter(description=description, max_items=MOST_NAMES, name=name)


Year = Annotated[int | None, QueryParameter(ge=0, le=9999)]
People = Annotated[int | None, QueryParameter(ge=0)]
Number = Annotated[float | None, QueryParameter()]
Chance = Annotated[float | None, QueryParameter(ge=0, le=1)]
Price = Annotated[str | None, QueryParameter(description="20, or 20EUR.", max_length=30)]
GradeName = Annotated[str | None, QueryParameter(description="At least: VG+.", max_length=30)]
Moment = Annotated[datetime | None, QueryParameter(description="Later than this moment.")]
YesOrNo = Annotated[bool | None, QueryParameter()]


def told_of_release(  # noqa: PLR0917 - each is a parameter of the query
    q: Annotated[
        str,
        QueryParameter(
            description="Words of artist, title, label, catalogue number and format, in any case "
            "and begun: `coltr impulse`.",
            max_length=10_000,
        ),
    ] = "",
    genre: Annotated[list[str] | None, _some("One of these genres. Repeat for more.")] = None,
    style: Annotated[list[str] | None, _some("One of these styles.")] = None,
    all_styles: Annotated[list[str] | None, _some("Each of them.", "style_all")] = None,
    no_styles: Annotated[list[str] | None, _some("None of them.", "style_not")] = None,
    formats: Annotated[
        list[str] | None, _some("A term of the format: LP, Vinyl. Repeat for more.", "format")
    ] = None,
    label: Annotated[list[str] | None, _some("One of these labels.")] = None,
    artist: Annotated[list[str] | None, _some("One of these artists.")] = None,
    country: Annotated[list[str] | None, _some("Where the release came out.")] = None,
    release_id: Annotated[int | None, QueryParameter(name="release", ge=1)] = None,
    master_id: Annotated[int | None, QueryParameter(name="master", ge=1)] = None,
    min_year: Year = None,
    max_year: Year = None,
    min_want: People = None,
    max_want: People = None,
    min_have: People = None,
    max_have: People = None,
    min_want_have: Number = None,
    max_want_have: Number = None,
) -> TOLD:
    """What a search says of releases."""
    return {
        "words": q,
        "genres": tuple(genre or ()),
        "styles": tuple(style or ()),
        "all_styles": tuple(all_styles or ()),
        "no_styles": tuple(no_styles or ()),
        "formats": tuple(formats or ()),
        "labels": tuple(label or ()),
        "artists": tuple(artist or ()),
        "countries": tuple(country or ()),
        "release_id": release_id,
        "master_id": master_id,
        **_range("year", min_year, max_year),
        **_range("want", min_want, max_want),
        **_range("have", min_have, max_have),
        **_range("want_have", min_want_have, max_want_have),
    }


def told_of_listing(  # noqa: PLR0917
    seller: Annotated[list[str] | None, _some("These sellers', in any case.")] = None,
    ships_from: Annotated[list[str] | None, _some("Where it is sent from.")] = None,
    min_price: Price = None,
    max_price: Price = None,
    min_landed: Price = None,
    max_landed: Price = None,
    min_grade: GradeName = None,
    min_sleeve: GradeName = None,
    min_score: Number = None,
    max_score: Number = None,
    listed_since: Moment = None,
    since: Annotated[
        datetime | None, QueryParameter(description="First seen later than this moment.")
    ] = None,
    dropped_since: Annotated[
        datetime | None, QueryParameter(description="Got cheaper later than this moment.")
    ] = None,
    back_since: Annotated[
        datetime | None,
        QueryParameter(description="Came back later than this moment, after it was gone."),
    ] = None,
    gone: Annotated[bool, QueryParameter(description="Those no longer for sale too.")] = False,
    only_gone: Annotated[bool, QueryParameter(description="Only those.")] = False,
    fresh: Annotated[
        bool, QueryParameter(description="Only prices read within the last six hours.")
    ] = False,
) -> TOLD:
    """What a search says of copies."""
    gone_too: With = "only" if only_gone else "with" if gone else "without"
    return {
        "sellers": tuple(seller or ()),
        "ships_from": tuple(ships_from or ()),
        **_range("price", min_price, max_price),
        **_range("landed", min_landed, max_landed),
        **_range("score", min_score, max_score),
        "media_at_least": _grade("min_grade", min_grade, is_sleeve=False),
        "sleeve_at_least": _grade("min_sleeve", min_sleeve, is_sleeve=True),
        "listed_from": in_utc(listed_since),
        "arrived_since": in_utc(since),
        "dropped_since": in_utc(dropped_since),
        "back_since": in_utc(back_since),
        "gone": gone_too,
        "priced_since": fresh,
    }


def told_of_reader(  # noqa: PLR0917
    wanted: YesOrNo = None,
    owned: YesOrNo = None,
    other_pressing: Annotated[
        bool | None, QueryParameter(description="You own another pressing of the same master.")
    ] = None,
    judged: Annotated[
        Judged | None, QueryParameter(description="By you: kept, skipped, either, neither.")
    ] = None,
    predicted: Annotated[
        bool | None, QueryParameter(description="A chance of keep is known.")
    ] = None,
    min_probability: Chance = None,
    max_probability: Chance = None,
    hidden: Annotated[With, QueryParameter(description="What you hid.")] = "without",
) -> TOLD:
    """What a search says of what copies are to whoever asks."""
    return {
        "wanted": wanted,
        "owned": owned,
        "other_pressing": other_pressing,
        "judged": judged,
        "predicted": predicted,
        **_range("probability", min_probability, max_probability),
        "hidden": hidden,
    }


def read_filter(
    db: "Connection", told: Mapping[str, Any], account: "Account", now: datetime
) -> Filter:
    """The filter that was told, with prices in the account's currency and sellers by id.

    Raises UnreadSeller, MoneyError, BadField.
    """
    terms = dict(told)
    for name in ("price_from", "price_to", "landed_from", "landed_to"):
        terms[name] = _money(terms[name], account.currency)
    terms["sellers"] = tuple(kept_seller(db, name).id for name in terms["sellers"])
    terms["priced_since"] = now - FRESH_FOR if terms["priced_since"] else None
    try:
        return Filter(**terms)
    except SwappedRange as error:
        raise BadField(f"query.min_{error.term}", str(error)) from None


def in_utc(moment: datetime | None) -> datetime | None:
    """A moment without a zone is meant in UTC."""
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _range(name: str, low: object, high: object) -> TOLD:
    return {f"{name}_from": low, f"{name}_to": high}


def _money(typed: str | None, currency: str) -> Money | None:
    return None if typed is None else typed_price(typed, currency)


def _grade(name: str, told: str | None, *, is_sleeve: bool) -> Grade | None:
    if told is None:
        return None
    grade = parse_sleeve(told) if is_sleeve else parse_media(told)
    if grade is None:
        known = ", ".join(one.short for one in sorted(Grade, reverse=True) if one.is_quality)
        raise BadField(f"query.{name}", f"{name}: {told!r} is none of {known}.")
    return grade
