"""`cratewise search`: find listings by anything that is known of them, in any order."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cratewise.cli import search_options as option
from cratewise.cli.choosing import (
    Formats,
    LeastGrade,
    MaxPrice,
    read_moment,
)
from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson
from cratewise.notices import FRESH_FOR

if TYPE_CHECKING:
    from cratewise.shelf.query import Order, With

EXAMPLES = (
    ("cratewise search coltrane impulse", "by words of artist, title, label, number"),
    ("cratewise search --genre Jazz --to-year 1975 --max-price 20", "by what it is"),
    ("cratewise search --style House --style Techno --not-style Trance", "one, not the other"),
    ("cratewise search --wanted --sort landed", "what you want, with postage"),
    ("cratewise search --dropped-since 3d --min-want-have 1", "cheaper since, and sought after"),
    ("cratewise search --genre Jazz --facet style", "how many there are of each style"),
)


def _moment(text: str | None, now: datetime, option: str) -> datetime | None:
    return None if text is None else read_moment(text, now, option)


def _with(are_shown: bool, is_alone: bool) -> "With":
    return "only" if is_alone else "with" if are_shown else "without"


def search(
    words: option.Words = None,
    *,
    sellers: option.Sellers = None,
    genres: option.Genres = None,
    styles: option.Styles = None,
    all_styles: option.AllStyles = None,
    no_styles: option.NoStyles = None,
    formats: Formats = None,
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
    sort: option.Sort = "score",
    reverse: option.Reverse = False,
    page: option.Page = 1,
    limit: option.Limit = 20,
    facet: option.Facet = None,
    as_json: AsJson = False,
) -> None:
    """Find listings by anything that is known of them."""
    from cratewise.cli.searching import Search, count, find, read_facet, read_order

    order: Order = read_order(sort, is_reversed=reverse)
    now = datetime.now(UTC)
    asked = Search(
        order=order,
        page=page,
        limit=limit,
        sellers=tuple(sellers or ()),
        prices={
            "price_from": min_price,
            "price_to": max_price,
            "landed_from": min_landed,
            "landed_to": max_landed,
        },
        terms={
            "words": " ".join(words or ()),
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
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        if facet is None:
            find(engine, account, asked, as_json=as_json)
        else:
            count(engine, account, asked, read_facet(facet), as_json=as_json)
