"""`cratewise why`: why a listing is, or is not, for you."""

from typing import TYPE_CHECKING, Annotated

import typer

from cratewise.cli.opening import open_account, open_settings, opened_store, priced_since
from cratewise.cli.output import AsJson, Column, remark, tell, write_json, write_table

if TYPE_CHECKING:
    from cratewise.learning.why import Why

EXAMPLES = (
    ("cratewise why 1234567890", "by its number at Discogs, as `top --json` tells it"),
    ("cratewise why 1234567890 --all", "with what every column adds to the log-odds"),
)


def why(
    listing: Annotated[int, typer.Argument(metavar="LISTING", min=1, help="Its number.")],
    *,
    every: Annotated[bool, typer.Option("--all", help="Every contribution.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say why a listing is, or is not, for you."""
    from cratewise.errors import UnknownListing
    from cratewise.learning.why import why as reason
    from cratewise.store.engine import reading
    from cratewise.store.listings import id_of_number
    from cratewise.store.stale_prices import is_shown
    from cratewise.store.stock import listing_of

    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        with reading(engine) as db:
            own = id_of_number(db, listing)
            if own is None:
                raise UnknownListing(listing)
            kept = listing_of(db, own)
            read_at = None if kept is None else kept.price_read_at
            found = reason(
                db,
                account.id,
                settings.models_dir,
                own,
                catalog=settings.catalog,
                is_price_hidden=not is_shown(read_at, priced_since(account)),
            )
    _tell(found, every=every, as_json=as_json)


def _tell(found: "Why", *, every: bool, as_json: bool) -> None:
    contributions = found.explanation.contributions if found.explanation else ()
    if as_json:
        write_json(
            {
                "version": found.version,
                "chance": found.chance,
                "threshold": found.threshold,
                "sentence": found.sentence,
                "is_exact": found.is_exact,
                "missing": found.missing,
                "base": found.explanation.base if found.explanation else None,
                "contributions": [
                    {"column": one.column.name, "unit": one.column.unit, "amount": one.amount}
                    for one in contributions
                ],
            }
        )
    elif found.chance is None:
        tell(found.sentence)
        few = f": {found.missing} to come before a model may" if found.missing else ""
        remark(f"The rule score says so{few}.")
    else:
        tell(f"Chance of a keep {found.chance:.0%}: {found.sentence}")
        remark(f"Version {found.version} says so; a keeper from {found.threshold or 0:.0%} on.")
        if every:
            _list(found)


def _list(found: "Why") -> None:
    contributions = found.explanation.contributions if found.explanation else ()
    write_table(
        (Column("adds", is_right=True), Column("column"), Column("meaning", wraps=True)),
        [(f"{one.amount:+.3f}", one.column.name, one.column.meaning) for one in contributions],
    )
    if not found.is_exact:
        remark("A forest's contributions are those of its paths, scaled to the log-odds.")
