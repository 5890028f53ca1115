"""`cratewise search`: find listings by anything that is known of them, in any order."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cratewise.cli.choosing import Formats, LeastGrade, MaxPrice, complete_seller, read_sleeve
from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson
from cratewise.grades import Grade

if TYPE_CHECKING:
    from cratewise.shelf.query import Order

EXAMPLES = (
    ("cratewise search coltrane impulse", "by words of artist, title, label, number"),
    ("cratewise search --genre Jazz --to-year 1975 --max-price 20", "by what it is"),
    ("cratewise search --style House --style Techno --not-style Trance", "one, not the other"),
    ("cratewise search --wanted --sort landed", "what you want, with postage"),
    ("cratewise search --genre Jazz --facet style", "how many there are of each style"),
)


def _some(name: str, metavar: str, help_text: str) -> Any:
    return typer.Option(name, metavar=metavar, help=help_text, show_default=False)


def _whether(name: str, help_text: str) -> Any:
    return typer.Option(f"--{name}/--not-{name}", help=help_text, show_default=False)


Names = list[str] | None


def search(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORDS]...", show_default=False)
    ] = None,
    *,
    sellers: Annotated[
        Names,
        typer.Option(
            "--seller",
            metavar="SELLER",
            help="One of these sellers.",
            show_default=False,
            autocompletion=complete_seller,
        ),
    ] = None,
    genres: Annotated[Names, _some("--genre", "GENRE", "One of these genres; repeat.")] = None,
    styles: Annotated[Names, _some("--style", "STYLE", "One of these styles.")] = None,
    all_styles: Annotated[Names, _some("--each-style", "STYLE", "Each of them.")] = None,
    no_styles: Annotated[Names, _some("--not-style", "STYLE", "None of them.")] = None,
    formats: Formats = None,
    labels: Annotated[Names, _some("--label", "LABEL", "One of these labels.")] = None,
    artists: Annotated[Names, _some("--artist", "ARTIST", "One of these artists.")] = None,
    countries: Annotated[Names, _some("--country", "COUNTRY", "Where it came out.")] = None,
    ships_from: Annotated[Names, _some("--from", "COUNTRY", "Where it is sent from.")] = None,
    from_year: Annotated[int | None, typer.Option(show_default=False)] = None,
    to_year: Annotated[int | None, typer.Option(show_default=False)] = None,
    min_price: Annotated[str | None, _some("--min-price", "PRICE", "At least: 5EUR.")] = None,
    max_price: MaxPrice = None,
    max_landed: Annotated[str | None, _some("--max-landed", "PRICE", "With postage.")] = None,
    grade: LeastGrade = None,
    sleeve: Annotated[
        Grade | None,
        typer.Option(metavar="GRADE", help="The sleeve's.", show_default=False, parser=read_sleeve),
    ] = None,
    min_score: Annotated[float | None, typer.Option(show_default=False)] = None,
    min_want_have: Annotated[
        float | None, typer.Option(help="So many want it for each who owns it.", show_default=False)
    ] = None,
    wanted: Annotated[bool | None, _whether("wanted", "On your wantlist.")] = None,
    owned: Annotated[bool | None, _whether("owned", "In your collection.")] = None,
    other_pressing: Annotated[
        bool | None, _whether("other-pressing", "You own another pressing.")
    ] = None,
    judged: Annotated[
        str | None, _some("--judged", "HOW", "keep, skip, either or neither, by you.")
    ] = None,
    gone: Annotated[bool, typer.Option("--gone", help="Show what is gone too.")] = False,
    hidden: Annotated[bool, typer.Option("--hidden", help="Show what you hid too.")] = False,
    sort: Annotated[
        str,
        typer.Option(
            metavar="ORDER",
            help="score, price, landed, artist, title, year, listed, want_have, probability or "
            "discount.",
        ),
    ] = "score",
    reverse: Annotated[bool, typer.Option("--reverse", help="The other way round.")] = False,
    page: Annotated[int, typer.Option(min=1, max=10_000_000, help="Which page to show.")] = 1,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show a page.")] = 20,
    facet: Annotated[
        str | None, _some("--facet", "NAME", "Count by genre, style, format ... instead.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find listings by anything that is known of them."""
    from cratewise.cli.searching import Search, count, find, read_facet, read_order

    order: Order = read_order(sort, is_reversed=reverse)
    asked = Search(
        order=order,
        page=page,
        limit=limit,
        sellers=tuple(sellers or ()),
        prices={"price_from": min_price, "price_to": max_price, "landed_to": max_landed},
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
            "want_have_from": min_want_have,
            "wanted": wanted,
            "owned": owned,
            "other_pressing": other_pressing,
            "judged": judged,
            "gone": "with" if gone else "without",
            "hidden": "with" if hidden else "without",
        },
    )
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        if facet is None:
            find(engine, account, asked, as_json=as_json)
        else:
            count(engine, account, asked, read_facet(facet), as_json=as_json)
