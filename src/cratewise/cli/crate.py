"""`cratewise crate`: the best that a budget buys from one seller, or from several."""

from typing import TYPE_CHECKING, Annotated

import typer

from cratewise.cli.choosing import Formats, LeastGrade, complete_seller, own_ids
from cratewise.cli.opening import open_account, open_settings, opened_store, priced_since
from cratewise.cli.output import AsJson
from cratewise.errors import MoneyError
from cratewise.money import MINOR_DIGITS, Money, typed_price

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.picks.crate import Fare
    from cratewise.picks.worth import Worth

EXAMPLES = (
    ("cratewise crate alice --budget 60EUR", "the best that 60 euros buy from alice"),
    ("cratewise crate alice --budget 60 --postage 6+1.50 --records 10", "parcel included"),
    ("cratewise crate alice bob --budget 100 --by wants", "whoever serves most of your wants"),
    ("cratewise crate alice --budget 60 --must 1234567 --without 7654321", "with one, without one"),
)

Numbers = list[int] | None


def crate(
    sellers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SELLER...",
            help="From whom; without it from all of them.",
            show_default=False,
            autocompletion=complete_seller,
        ),
    ] = None,
    *,
    budget: Annotated[
        str, typer.Option(metavar="PRICE", help="For records and postage: 60, or 60EUR.")
    ],
    records: Annotated[
        int | None, typer.Option(min=1, help="How many at most.", show_default=False)
    ] = None,
    by: Annotated[
        str, typer.Option(help="What a record is worth: demand, score or wants.")
    ] = "demand",
    postage: Annotated[
        str | None,
        typer.Option(
            metavar="FIRST+MORE",
            help="Of a parcel: for the first record and each more: 6+1.50.",
            show_default=False,
        ),
    ] = None,
    minimum: Annotated[
        str | None,
        typer.Option(metavar="PRICE", help="From what sum on a seller sends.", show_default=False),
    ] = None,
    must: Annotated[
        Numbers,
        typer.Option(
            metavar="LISTING",
            help="This one, by Discogs' number.  Repeat.",
            show_default=False,
        ),
    ] = None,
    without: Annotated[
        Numbers,
        typer.Option(metavar="LISTING", help="This one is not.  Repeat.", show_default=False),
    ] = None,
    formats: Formats = None,
    grade: LeastGrade = None,
    owned: Annotated[bool, typer.Option("--owned", help="Also what you own.")] = False,
    seconds: Annotated[
        float | None,
        typer.Option(min=0.1, max=600, help="How long to search.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Pack the best crate that a budget buys."""
    from cratewise.cli.crate_answer import write_crate
    from cratewise.picks.order import Asked

    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        names, budget = _budget_in_two_words(sellers or [], budget)
        money = _price(budget, account.currency, "'--budget'")
        ids = _seller_ids(engine, names)
        fare = _fare(postage, money.currency) if postage else None
        asked = Asked(
            sellers=ids,
            budget=money,
            by=_worth(by),
            most_records=records,
            must=frozenset(own_ids(engine, must or ())),
            without=frozenset(own_ids(engine, without or ())),
            media_at_least=grade,
            format_terms=tuple(formats or ()),
            fares={} if fare is None else dict.fromkeys(ids, fare),
            least_order=_price(minimum, money.currency, "'--minimum'") if minimum else None,
            with_owned=owned,
            seconds=seconds or _patience(ids),
            priced_since=priced_since(account),
        )
        write_crate(engine, account, asked, as_json=as_json)


def _budget_in_two_words(names: list[str], budget: str) -> tuple[list[str], str]:
    """`--budget 60 EUR` gives EUR to the sellers; nobody's name is a currency in capitals."""
    currencies = [name for name in names if name in MINOR_DIGITS]
    if len(currencies) != 1 or any(sign.isalpha() for sign in budget):
        return names, budget
    return [name for name in names if name not in currencies], f"{budget}{currencies[0]}"


def _price(typed: str, currency: str, hint: str) -> Money:
    try:
        return typed_price(typed, currency)
    except MoneyError as error:
        raise typer.BadParameter(str(error), param_hint=hint) from None


def _fare(typed: str, currency: str) -> "Fare":
    """Postage as typed: 6 or 6+1.50, in the budget's currency."""
    from cratewise.picks.crate import Fare

    first, plus, further = typed.partition("+")
    prices = [_price(one, currency, "'--postage'") for one in (first, further if plus else "0")]
    if any(price.currency != currency for price in prices):
        raise typer.BadParameter(f"Give it in {currency}, as the budget.", param_hint="'--postage'")
    return Fare(prices[0].minor, prices[1].minor)


def _worth(told: str) -> "Worth":
    from cratewise.picks.worth import WORTHS

    found = next((one for one in WORTHS if one == told.strip().lower()), None)
    if found is None:
        known = ", ".join(WORTHS)
        raise typer.BadParameter(f"{told!r} is none of {known}.", param_hint="'--by'")
    return found


def _seller_ids(engine: "Engine", names: list[str]) -> tuple[int, ...]:
    """Raises UnreadSeller, CrateError when nothing at all is kept."""
    from cratewise.errors import CrateError
    from cratewise.shelf.kept import kept_seller
    from cratewise.store.engine import reading
    from cratewise.store.following import kept_names

    with reading(engine) as db:
        ids = [kept_seller(db, name).id for name in names or kept_names(db)]
    if not ids:
        raise CrateError("Nothing has been read yet: try `cratewise pull SELLER`.")
    return tuple(dict.fromkeys(ids))


def _patience(sellers: tuple[int, ...]) -> float:
    from cratewise.picks.pack import SECONDS, SECONDS_AMONG_SELLERS

    return SECONDS if len(sellers) == 1 else SECONDS_AMONG_SELLERS
