"""`cratewise new`: what came, moved in price, went and came back since you looked last."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from cratewise.cli.choosing import complete_seller, read_moment
from cratewise.cli.opening import hides_stale, open_account, open_settings, opened_store
from cratewise.cli.output import AsJson

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.shelf.view import View
    from cratewise.store.accounts import Account
    from cratewise.store.changes import Change, Kind, Span, Tally

EXAMPLES = (
    ("cratewise new", "what happened since you looked last; from then on it is seen"),
    ("cratewise new --peek", "the same, and it stays new"),
    ("cratewise new alice --kind new --kind cheaper", "what alice listed or made cheaper"),
    ("cratewise new --since 3d", "of the last three days; 12h, 2026-11-01"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for; is_seen: from now on it is news no more."""

    since: datetime | None
    kinds: "tuple[Kind, ...]"
    sellers: tuple[str, ...]
    limit: int
    is_seen: bool


@dataclass(frozen=True, slots=True)
class News:
    """What happened in a span: the last changes, each with its listing, and how many in all.

    tallies  of each kind, seller and day; names: of sellers, by our own ids
    is_seen  from now on it is news no more
    """

    span: "Span"
    changes: "list[tuple[Change, View]]"
    tallies: "list[Tally]"
    names: dict[int, str]
    is_seen: bool


def new(
    sellers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SELLER]...",
            help="Whose; without it all that you follow, those muted aside.",
            show_default=False,
            autocompletion=complete_seller,
        ),
    ] = None,
    *,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN", help="Since 2026-11-01, or for 12h, 3d, 2w.", show_default=False
        ),
    ] = None,
    kinds: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="new, cheaper, dearer, repriced, gone or back; repeat.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 40,
    peek: Annotated[bool, typer.Option("--peek", help="Let it be new the next time too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what came, got cheaper, went and came back."""
    from cratewise.cli.new_answer import write_news
    from cratewise.clock import SystemClock

    now = SystemClock().now()
    begin = None if since is None else read_moment(since, now, "--since")
    wanted = tuple(read_kind(kind) for kind in kinds or ())
    is_all = begin is None and not sellers and not wanted
    asked = Asked(begin, wanted, tuple(sellers or ()), limit, is_seen=is_all and not peek)
    settings = open_settings()
    with opened_store(settings) as engine:
        news = _read(engine, open_account(settings, engine), asked, now)
    write_news(news, as_json=as_json)


def read_kind(text: str) -> "Kind":
    from cratewise.store.changes import Kind

    for kind in get_args(Kind):
        if text.strip().lower() == kind:
            return kind  # type: ignore[no-any-return]  # get_args loses the literal
    raise typer.BadParameter(
        f"{text!r} is none; expected one of {', '.join(get_args(Kind))}.", param_hint="'--kind'"
    )


def _read(engine: "Engine", account: "Account", asked: Asked, now: datetime) -> News:
    from cratewise.inventory.fresh_rates import known_rates
    from cratewise.shelf.kept import kept_seller
    from cratewise.shelf.view import marked, viewer
    from cratewise.store.changes import Span, changes_after, count_changes
    from cratewise.store.engine import writing
    from cratewise.store.following import heard_sellers
    from cratewise.store.news import look, news_begin
    from cratewise.store.presets import keeper_rule
    from cratewise.store.sellers import names_of_sellers
    from cratewise.store.stock import these_listings

    rates = known_rates(engine)
    with writing(engine) as db:  # one look: what is shown is what is seen
        whose = list(dict.fromkeys(kept_seller(db, name).id for name in asked.sellers))
        begin = asked.since or news_begin(db, account.id, now)
        span = Span(begin, now, whose or heard_sellers(db, account.id), asked.kinds)
        changes = changes_after(db, account.id, span, None, limit=asked.limit)
        tallies = count_changes(db, account.id, span)
        view = viewer(
            currency=account.currency,
            rates=rates,
            rule=keeper_rule(db, account.id),
            now=now,
            hides_stale=hides_stale(account),
        )
        listed = these_listings(db, list({change.listing_id for change in changes}))
        seen = {one.listing.id: one for one in marked(db, account.id, map(view, listed))}
        if asked.is_seen:
            look(db, account.id, now)
        return News(
            span,
            [(one, seen[one.listing_id]) for one in changes],
            tallies,
            names_of_sellers(db, {tally.seller_id for tally in tallies}),
            asked.is_seen,
        )
