"""`cratewise cheapest`: the cheapest way to a set of wants, postage included."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cratewise.cli.choosing import LeastGrade
from cratewise.cli.opening import open_account, open_settings, opened_store, priced_since
from cratewise.cli.output import AsJson, Column, remark, tell, write_json, write_table
from cratewise.cli.wants import read_release
from cratewise.errors import MoneyError
from cratewise.money import Money, typed_price

if TYPE_CHECKING:
    from cratewise.picks.cheapest import Parcel, Way
    from cratewise.store.wanted_copies import WantedCopy

EXAMPLES = (
    ("cratewise cheapest", "your whole wantlist, from whoever you follow"),
    ("cratewise cheapest 249504 1009 --grade VG+", "two releases, in VG+ or better"),
    ("cratewise cheapest --assume 8EUR", "where postage is unknown, count so much a parcel"),
)

COLUMNS = (
    *(Column("seller", wraps=True, style="bold"), Column("record", wraps=True)),
    *(Column("grade"), Column("price", is_right=True, style="bold cyan"), Column("listing")),
)
MOST_REASONS = 5  # wants left out that are named one by one


def cheapest(
    releases: Annotated[
        list[int] | None,
        typer.Argument(
            metavar="[RELEASE]...",
            help="Discogs' numbers; your whole wantlist if none.",
            show_default=False,
            parser=read_release,
        ),
    ] = None,
    *,
    exact: Annotated[bool, typer.Option("--exact", help="No other pressings.")] = False,
    grade: LeastGrade = None,
    assume: Annotated[
        str | None,
        typer.Option(
            metavar="PRICE", help="A parcel of unknown postage: 8EUR.", show_default=False
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=0.1, max=600, help="How long to look for a cheaper way.")
    ] = 5.0,
    as_json: AsJson = False,
) -> None:
    """Find the cheapest way to a set of wants, postage included."""
    from cratewise.clock import SystemClock
    from cratewise.inventory.fresh_rates import known_rates
    from cratewise.picks.cheapest import AskedWay, cheapest_way
    from cratewise.store.engine import reading

    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        asked = AskedWay(
            currency=account.currency,
            country=account.country,
            want_ids=sorted(set(releases)) if releases else None,
            only_exact=exact,
            media_grade_at_least=grade,
            assumed=_assumed(assume, account.currency),
            seconds=seconds,
            priced_since=priced_since(account),
        )
        rates, day = known_rates(engine), SystemClock().now().date()
        with reading(engine) as db:
            way = cheapest_way(db, account.id, asked, rates, day)
    if as_json:
        write_json(_document(way))
    else:
        _write(way)


def _assumed(text: str | None, currency: str) -> Money | None:
    try:
        return typed_price(text, currency) if text else None
    except MoneyError as error:
        raise typer.BadParameter(str(error), param_hint="'--assume'") from None


def _write(way: "Way") -> None:
    if not way.parcels:
        tell("Nothing of it can be bought from whoever you follow, as far as was read.")
    else:
        write_table(COLUMNS, [_row(copy) for parcel in way.parcels for copy in _once(parcel)])
        tell(summary(way))
        for parcel in way.parcels:
            if parcel.postage is None:
                remark(f"Nobody told what {parcel.seller} asks for postage: it is not in the sum.")
    for want, reason in list(way.left_out.items())[:MOST_REASONS]:
        remark(f"Release {want} is left out: {reason}.")
    if len(way.left_out) > MOST_REASONS:
        remark(f"{len(way.left_out) - MOST_REASONS:,} more are left out; `--json` tells why.")


def summary(way: "Way") -> str:
    """How many from how many, for how much, how sure."""
    wants = {copy.want_id for parcel in way.parcels for copy in parcel.copies}
    sellers = "1 seller" if len(way.parcels) == 1 else f"{len(way.parcels)} sellers"
    records = "1 want" if len(wants) == 1 else f"{len(wants):,} wants"
    proof = "no way is cheaper" if way.gap == 0 else f"at most {way.gap:.0%} more than the cheapest"
    cost = f"{way.price} and {way.postage} postage, {way.total} in all"
    return f"{records} from {sellers}: {cost}; {proof}."


def _once(parcel: "Parcel") -> "list[WantedCopy]":
    return list({copy.listing_id: copy for copy in parcel.copies}.values())


def _row(copy: "WantedCopy") -> tuple[str, ...]:
    from cratewise.cli.listing_lines import printable
    from cratewise.shelf.prices import stored_price

    grades = (copy.media_grade, copy.sleeve_grade)
    record = " – ".join(filter(None, map(printable, (copy.artist, copy.title))))
    return (
        printable(copy.seller),
        f"{record} ({printable(copy.format)})",
        "/".join("?" if grade is None else grade.short for grade in grades),
        str(stored_price(copy.price_minor, copy.currency) or ""),
        str(copy.discogs_listing_id or ""),
    )


def _document(way: "Way") -> dict[str, Any]:
    from cratewise.shelf.record import amount

    return {
        "currency": way.price.currency,
        "price": amount(way.price),
        "postage": amount(way.postage),
        "total": amount(way.total),
        "gap": way.gap,
        "parcels": [
            {
                "seller": parcel.seller,
                "price": amount(parcel.price),
                "postage": amount(parcel.postage),
                "copies": [
                    {"want_id": copy.want_id, "release_id": copy.release_id,
                     "listing_id": copy.discogs_listing_id}
                    for copy in parcel.copies
                ],
            }
            for parcel in way.parcels
        ],
        "left_out": {str(want): reason for want, reason in way.left_out.items()},
    }  # fmt: skip
