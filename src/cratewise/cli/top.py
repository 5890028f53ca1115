"""`cratewise top`: the listings worth buying first, and why."""

from typing import Annotated

import typer

from cratewise.cli.choosing import Formats, LeastGrade, MaxPrice, OfSeller
from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson

EXAMPLES = (
    ("cratewise top", "the best of everything that you have read"),
    ("cratewise top alice --limit 50", "of one seller"),
    ("cratewise top --max-price 20EUR --format LP --grade VG+", "of what you would buy"),
    ("cratewise top alice --json", "for programs"),
)


def top(
    seller: OfSeller = None,
    *,
    max_price: MaxPrice = None,
    formats: Formats = None,
    grade: LeastGrade = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show the listings worth buying first, and why."""
    from cratewise.cli.listing_answer import write_answer
    from cratewise.cli.looking import Asked, look

    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        asked = Asked(
            seller=seller,
            max_price=max_price,
            formats=tuple(formats or ()),
            grade=grade,
            limit=limit,
        )
        write_answer(look(engine, account, asked), as_json=as_json)
