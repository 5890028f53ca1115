"""The options that choose listings, of every command that searches, and the terms they come to."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

from cratewise.cli import search_options as option
from cratewise.cli.choosing import LeastGrade, MaxPrice, read_moment
from cratewise.notices import FRESH_FOR

if TYPE_CHECKING:
    from cratewise.shelf.query import With


@dataclass(frozen=True)
class Typed:
    """A filter as somebody typed it.

    sellers  their names
    prices   as typed, by terms of a `Filter`: "20" counts in the account's own currency
    terms    all others
    """

    sellers: tuple[str, ...]
    prices: Mapping[str, str | None]
    terms: Mapping[str, Any]

    def also(self, *, words: str, sellers: tuple[str, ...] = ()) -> "Typed":
        """With words, and at these sellers too."""
        terms = {**self.terms, "words": words}
        return replace(self, terms=terms, sellers=(*sellers, *self.sellers))

    @property
    def asks(self) -> frozenset[str]:
        """The terms that let not everything through."""
        named = {**self.terms, **self.prices, "sellers": self.sellers}
        nothing = (None, (), "", "without")
        return frozenset(name for name, value in named.items() if value not in nothing)


def with_filter(**instead: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command all options of `_typed`; what they come to is its argument `typed`.

    instead  the type of an option that the command calls otherwise.
    """

    def given(command: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(command).parameters
        options = {
            name: one.replace(annotation=instead.get(name, one.annotation))
            for name, one in inspect.signature(_typed).parameters.items()
        }
        listed = {
            name: one
            for before, parameter in own.items()
            for name, one in (options if before == "typed" else {before: parameter}).items()
        }

        @wraps(command)
        def with_options(**told: Any) -> None:
            chosen = {name: told.pop(name) for name in options}
            command(**told, typed=_typed(**chosen))

        with_options.__signature__ = inspect.Signature(list(listed.values()))  # type: ignore[attr-defined]  # what Typer reads
        with_options.__annotations__ = {name: one.annotation for name, one in listed.items()}
        return with_options

    return given


def _typed(
    *,
    sellers: option.Sellers = None,
    genres: option.Genres = None,
    styles: option.Styles = None,
    all_styles: option.AllStyles = None,
    no_styles: option.NoStyles = None,
    formats: option.Formats = None,
    labels: option.Labels = None,
    artists: option.Artists = None,
    countries: option.Countries = None,
    ships_from: option.ShipsFrom = None,
    from_year: option.FromYear = None,
    to_year: option.ToYear = None,
    min_price: option.MinPrice = None,
    max_price: MaxPrice = None,
    min_landed: option.MinLanded = None,
    max_landed: option.MaxLanded = None,
    grade: LeastGrade = None,
    sleeve: option.Sleeve = None,
    min_score: option.MinScore = None,
    max_score: option.MaxScore = None,
    min_want: option.MinWant = None,
    max_want: option.MaxWant = None,
    min_have: option.MinHave = None,
    max_have: option.MaxHave = None,
    min_want_have: option.MinWantHave = None,
    max_want_have: option.MaxWantHave = None,
    listed_since: option.ListedSince = None,
    new_since: option.NewSince = None,
    dropped_since: option.DroppedSince = None,
    back_since: option.BackSince = None,
    is_fresh: option.Fresh = False,
    wanted: option.Wanted = None,
    owned: option.Owned = None,
    other_pressing: option.OtherPressing = None,
    judged: option.Judged = None,
    predicted: option.Predicted = None,
    min_probability: option.MinProbability = None,
    max_probability: option.MaxProbability = None,
    release: option.Release = None,
    master: option.Master = None,
    gone: option.WithGone = False,
    only_gone: option.OnlyGone = False,
    hidden: option.WithHidden = False,
    only_hidden: option.OnlyHidden = False,
) -> Typed:
    now = datetime.now(UTC)
    return Typed(
        sellers=tuple(sellers or ()),
        prices={
            "price_from": min_price,
            "price_to": max_price,
            "landed_from": min_landed,
            "landed_to": max_landed,
        },
        terms={
            "genres": tuple(genres or ()),
            "styles": tuple(styles or ()),
            "all_styles": tuple(all_styles or ()),
            "no_styles": tuple(no_styles or ()),
            "formats": tuple(formats or ()),
            "labels": tuple(labels or ()),
            "artists": tuple(artists or ()),
            "countries": tuple(countries or ()),
            "ships_from": tuple(ships_from or ()),
            "year_from": from_year,
            "year_to": to_year,
            "media_at_least": grade,
            "sleeve_at_least": sleeve,
            "score_from": min_score,
            "score_to": max_score,
            "want_from": min_want,
            "want_to": max_want,
            "have_from": min_have,
            "have_to": max_have,
            "want_have_from": min_want_have,
            "want_have_to": max_want_have,
            "listed_from": _moment(listed_since, now, "--listed-since"),
            "arrived_since": _moment(new_since, now, "--new-since"),
            "dropped_since": _moment(dropped_since, now, "--dropped-since"),
            "back_since": _moment(back_since, now, "--back-since"),
            "priced_since": now - FRESH_FOR if is_fresh else None,
            "release_id": release,
            "master_id": master,
            "wanted": wanted,
            "owned": owned,
            "other_pressing": other_pressing,
            "judged": judged,
            "predicted": predicted,
            "probability_from": min_probability,
            "probability_to": max_probability,
            "gone": _with(gone, only_gone),
            "hidden": _with(hidden, only_hidden),
        },
    )


def _moment(text: str | None, now: datetime, option: str) -> datetime | None:
    return None if text is None else read_moment(text, now, option)


def _with(are_shown: bool, is_alone: bool) -> "With":
    return "only" if is_alone else "with" if are_shown else "without"
