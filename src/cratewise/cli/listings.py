"""`cratewise listings`: look through the listings that were read, page by page."""

from typing import Annotated

import typer

from cratewise.cli.choosing import Formats, LeastGrade, MaxPrice, OfSeller, read_order
from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson

EXAMPLES = (
    ("cratewise listings alice", "the first fifty of a seller, best first"),
    (
        "cratewise listings alice --sort newest --page 2",
        "the next fifty by the day they were posted",
    ),
    ("cratewise listings --search 'alice coltrane'", "by words of artist and title"),
    ("cratewise listings alice --max-price 5 --sort price", "the cheapest first"),
)


def listings(
    seller: OfSeller = None,
    *,
    search: Annotated[
        str, typer.Option(metavar="WORDS", help="Words of artist and title.", show_default=False)
    ] = "",
    max_price: MaxPrice = None,
    formats: Formats = None,
    grade: LeastGrade = None,
    gone: Annotated[bool, typer.Option("--gone", help="Show what is gone too.")] = False,
    sort: Annotated[
        str, typer.Option(metavar="ORDER", help="score, price, newest or artist.")
    ] = "score",
    page: Annotated[int, typer.Option(min=1, max=10_000_000, help="Which page to show.")] = 1,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show a page.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Look through the listings that were read."""
    from cratewise.cli.listing_answer import write_answer
    from cratewise.cli.looking import Asked, look

    order = read_order(sort)
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        asked = Asked(
            seller=seller,
            max_price=max_price,
            formats=tuple(formats or ()),
            grade=grade,
            words=search,
            with_gone=gone,
            order=order,
            limit=limit,
            page=page,
            has_pages=True,
        )
        write_answer(look(engine, account, asked), as_json=as_json)
