"""How `crate` answers: what is in it, the sum, what was left out and why, how good it is."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cratewise.cli.listing_answer import COLUMNS, shown, tab_row
from cratewise.cli.listing_lines import printable, write_listings
from cratewise.cli.opening import hides_stale
from cratewise.cli.output import console, is_terminal, remark, tell, write_json, write_table
from cratewise.clock import SystemClock
from cratewise.inventory.fresh_rates import known_rates
from cratewise.money import Money
from cratewise.notices import API_NOTICE, DATA_NOTICE, SITE
from cratewise.picks.order import Asked, Packed, pack_from_stock
from cratewise.shelf.view import View, marked, viewer
from cratewise.store.engine import reading
from cratewise.store.presets import keeper_rule
from cratewise.store.stock import listing_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from cratewise.rates import Rates
    from cratewise.store.accounts import Account


def write_crate(
    engine: "Engine",
    account: "Account",
    asked: Asked,
    *,
    as_json: bool,
    as_lines: bool = False,
) -> None:
    """Pack it, and write it in the form that the reader of standard output wants.

    as_lines  as on a terminal, whatever it is.
    """
    rates, today = known_rates(engine), SystemClock().now().date()
    packed = pack_from_stock(engine, account.id, asked, rates, today, country=account.country)
    with reading(engine) as db:
        views = _views(db, account, rates, [copy.id for copy in packed.crate.copies])
        others = _views(db, account, rates, [one.listing_id for one in packed.left_out])
    if as_json:
        write_json(_document(packed, views, others))
    elif as_lines or is_terminal():
        _write_lines(packed, views, others)
    else:
        rows = (tab_row(view, rank) for rank, view in enumerate(views, 1))
        write_table(COLUMNS, rows)
        for line in (summary(packed), *_remarks(packed), f"{DATA_NOTICE} {SITE}"):
            remark(line)


def _views(
    db: "Connection", account: "Account", rates: "Rates", listing_ids: Sequence[int]
) -> list[View]:
    view = viewer(
        currency=account.currency,
        rates=rates,
        rule=keeper_rule(db, account.id),
        now=SystemClock().now(),
        hides_stale=hides_stale(account),
    )
    found = [listing for number in listing_ids if (listing := listing_of(db, number))]
    return marked(db, account.id, map(view, found))


def summary(packed: Packed) -> str:
    """The crate in a sentence: how many, for how much, how good."""
    crate = packed.crate
    records = "1 record" if len(crate.copies) == 1 else f"{len(crate.copies)} records"
    sellers = list(crate.postage)
    whose = sellers[0] if len(sellers) == 1 else f"{len(sellers)} sellers"
    cost = str(_money(crate.price, packed))
    if sum(crate.postage.values()):
        postage = _money(sum(crate.postage.values()), packed)
        cost = f"{cost} and {postage} postage, {_money(crate.total, packed)} of {packed.budget}"
    else:
        cost = f"{cost} of {packed.budget}"
    return f"{records} from {whose} for {cost}; {how_good(packed)}."


def how_good(packed: Packed) -> str:
    """Whether the crate is the best there is, or how far off it may be."""
    if packed.crate.is_optimal:
        return "no other crate is worth more"
    share = max(100 * packed.crate.gap, 0.1)
    return f"at most {share:,.1f} % less worth than the best, as far as was searched"


def _write_lines(packed: Packed, views: Sequence[View], others: Sequence[View]) -> None:
    out = console()
    tell(summary(packed), style="bold")
    out.print()
    write_listings(views, with_seller=len(packed.crate.postage) > 1)
    if others:
        out.print("\nWorth much too, and not in it:", style="bold")
        for view, left in zip(others, packed.left_out, strict=True):
            name = f"{view.listing.artist} – {view.listing.title}"
            price = "" if view.own_price is None else f" ({view.own_price})"
            tell(f"  {printable(name)}{price}: {left.reason}")
    out.print()
    for line in _remarks(packed):
        tell(line, style="dim")
    tell(f"{DATA_NOTICE} {SITE}", style="dim")


def _remarks(packed: Packed) -> Iterator[str]:
    crate = packed.crate
    told = f"Chosen from {crate.candidates:,} copies in {crate.seconds:.1f} s"
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in packed.counts.items())
    yield f"{told}; out of question: {reasons}." if reasons else f"{told}."
    unknown = [seller for seller in packed.without_postage if seller in crate.postage]
    if unknown:
        whose = " and ".join(map(printable, unknown))
        yield (
            f"What {whose} asks for postage is not known, and not in the sum: `--postage 6+1.50`, "
            "or note it with `cratewise postage`."
        )


def _document(packed: Packed, views: Sequence[View], others: Sequence[View]) -> dict[str, Any]:
    crate = packed.crate
    worth = {copy.id: copy.worth for copy in crate.copies}
    return {
        "budget": packed.budget.amount,
        "currency": packed.budget.currency,
        "price": _money(crate.price, packed).amount,
        "postage": {who: _money(minor, packed).amount for who, minor in crate.postage.items()},
        "total": _money(crate.total, packed).amount,
        "worth": round(crate.worth, 4),
        "is_optimal": crate.is_optimal,
        "gap": crate.gap,
        "candidates": crate.candidates,
        "out_of_question": dict(packed.counts),
        "without_postage": packed.without_postage,
        "notices": [DATA_NOTICE, API_NOTICE],
        "listings": [
            {**shown(view, rank), "worth": round(worth[view.listing.id], 4)}
            for rank, view in enumerate(views, 1)
        ],
        "left_out": [
            {**shown(view, rank), "worth": round(left.worth, 4), "left_out_because": left.reason}
            for rank, (view, left) in enumerate(zip(others, packed.left_out, strict=True), 1)
        ],
    }


def _money(minor: int, packed: Packed) -> Money:
    return Money(minor, packed.budget.currency)
