"""`cratewise alerts`: let searches report what comes, and see what they found."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cratewise.cli.opening import (
    hides_stale,
    open_account,
    open_settings,
    opened_store,
    priced_since,
    shelf_file,
)
from cratewise.cli.output import AsJson, Column, remark, tell, write_json, write_table
from cratewise.errors import UnknownSearch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from cratewise.store.accounts import Account
    from cratewise.store.alerts import Alert, Delivery

EXAMPLES = (
    ("cratewise alerts", "what was found since you looked last, and every alert"),
    ("cratewise alerts --on 'sun ra lp'", "tell here when something with these words comes"),
    ("cratewise alerts --on coltrane --mail me@example.org", "tell by mail"),
    ("cratewise alerts --forget 3", "tell no more"),
)
COLUMNS = (
    *(Column("alert", is_right=True), Column("search", wraps=True), Column("tells by")),
    *(Column("waiting", is_right=True), Column("sent", is_right=True)),
    *(Column("failed", is_right=True), Column("problem", wraps=True)),
)


def alerts(
    *,
    on: Annotated[
        str | None,
        typer.Option(
            metavar="SEARCH",
            help="Make one: on a saved search of that name, else on these words.",
            show_default=False,
        ),
    ] = None,
    webhook: Annotated[
        str | None, typer.Option(metavar="URL", help="Tell an address.", show_default=False)
    ] = None,
    mail: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Tell by mail.", show_default=False)
    ] = None,
    feed: Annotated[bool, typer.Option("--feed", help="Tell an Atom feed.")] = False,
    private: Annotated[
        bool, typer.Option("--private", help="The webhook may be in this machine's network.")
    ] = False,
    forget: Annotated[
        int | None, typer.Option(metavar="ALERT", help="Tell no more.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Let searches report what comes; show what they found."""
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        if forget is not None:
            _forget(engine, account, forget)
        elif on is not None:
            if not on.strip():
                raise typer.BadParameter("say what to look for", param_hint="'--on'")
            if sum((webhook is not None, mail is not None, feed)) > 1:
                raise typer.BadParameter(
                    "an alert tells in one way: make one for each",
                    param_hint="'--webhook', '--mail', '--feed'",
                )
            may = private and settings.mode == "local"  # as nothing is sent there from a server
            _make(engine, account, on, webhook=webhook, mail=mail, feed=feed, private=may)
        else:
            _show(engine, account, as_json=as_json)


def _forget(engine: "Engine", account: "Account", alert_id: int) -> None:
    from cratewise.store.alerts import forget_alert
    from cratewise.store.engine import writing

    with writing(engine) as db:
        forget_alert(db, account.id, alert_id)
    tell(f"Alert {alert_id} tells no more.")


def _make(
    engine: "Engine",
    account: "Account",
    search: str,
    *,
    webhook: str | None,
    mail: str | None,
    feed: bool,
    private: bool,
) -> None:
    import msgspec

    from cratewise.alerts.mail import check_mailbox
    from cratewise.alerts.webhook import check_target
    from cratewise.clock import SystemClock
    from cratewise.notices import ONLY_SYMBOLS
    from cratewise.shelf.query import Filter
    from cratewise.store.alerts import Way, make_alert
    from cratewise.store.engine import writing
    from cratewise.store.searches import save_search, search_named
    from cratewise.store.word_forms import only_symbols

    way: Way = "webhook" if webhook else "mail" if mail else "feed" if feed else "terminal"
    target = webhook or (check_mailbox(mail) if mail else "")
    if webhook:
        check_target(webhook, may_be_private=private)
    now = SystemClock().now()
    with writing(engine) as db:
        try:
            found = search_named(db, account.id, search)
        except UnknownSearch:
            words = msgspec.json.encode(Filter(words=search)).decode()
            found = save_search(db, account.id, search, words, now)
        number = make_alert(
            db, account.id, found.id, way=way, target=target, at=now, may_be_private=private
        )
    tell(f"Alert {number} tells by {way} what {found.name!r} finds from now on.")
    if only_symbols(search):
        remark(ONLY_SYMBOLS)
    if way == "feed":
        remark(f"`cratewise serve` answers it at /api/v1/alerts/{number}/feed.")


def _look(engine: "Engine", account: "Account") -> None:
    """Find what came, as `cratewise serve` does every other minute: it may not be running."""
    from cratewise.alerts.report import report
    from cratewise.clock import SystemClock
    from cratewise.inventory.fresh_rates import known_rates
    from cratewise.shelf.find import Finder

    clock = SystemClock()
    report(
        engine,
        Finder(engine, clock, shelf_file()),
        lambda: known_rates(engine),
        clock,
        account_id=account.id,
        hides_stale=hides_stale(account),
    )


def _show(engine: "Engine", account: "Account", *, as_json: bool) -> None:
    from cratewise.clock import SystemClock
    from cratewise.notices import DATA_NOTICE
    from cratewise.store.alerts import (
        alerts_of,
        counts_of,
        deliveries_of,
        end_delivery,
        waiting_at_terminal,
    )
    from cratewise.store.engine import writing

    _look(engine, account)
    with writing(engine) as db:
        waiting = waiting_at_terminal(db, account.id)
        kept = {one.id: one for one in alerts_of(db, account.id)}
        found = [_told(db, account, kept[one.alert_id], one.id) for one in waiting]
        for one in waiting:
            end_delivery(db, one.id, "sent", SystemClock().now())
        counts = {number: counts_of(db, number) for number in kept}
        problems = {number: _problem(deliveries_of(db, number, limit=50)) for number in kept}
    if as_json:
        every = [
            _document(one, counts[one.id]) | {"problem": problems[one.id] or None}
            for one in kept.values()
        ]
        write_json({"found": found, "alerts": every, "notice": DATA_NOTICE})
        return
    for news in found:
        tell(f"{news['search']} found:")
        for line in news["listings"]:
            tell(f"  {line['sentence']}  {line['url']}")
    if found:
        tell(DATA_NOTICE)
    write_table(COLUMNS, ((*_row(one, counts[one.id]), problems[one.id]) for one in kept.values()))
    if any(counts[one.id].get("waiting") for one in kept.values()):
        remark("`cratewise serve`, or `cratewise work`, sends what waits; for a day if it must.")


def _problem(deliveries: "Sequence[Delivery]") -> str:
    """Why the newest delivery that did not arrive did not; "" where all did."""
    return next((one.problem for one in deliveries if one.problem and one.state != "sent"), "")


def _told(db: Any, account: "Account", alert: "Alert", delivery_id: int) -> dict[str, Any]:
    from cratewise.alerts.deliver import sentence
    from cratewise.notices import listing_url
    from cratewise.store.alerts import listings_in
    from cratewise.store.stale_prices import without_stale_prices
    from cratewise.store.stock import these_listings

    listed = these_listings(db, listings_in(db, delivery_id))
    listings = without_stale_prices(listed, priced_since(account))
    return {
        "alert": alert.id,
        "search": alert.search,
        "listings": [
            {
                "id": one.id,
                "sentence": sentence(one),
                "url": listing_url(one.discogs_listing_id, one.release_id),
            }
            for one in listings
        ],
    }


def _document(alert: "Alert", counts: dict[str, int]) -> dict[str, Any]:
    told = {state: counts.get(state, 0) for state in ("waiting", "sent", "failed")}
    return {"id": alert.id, "search": alert.search, "way": alert.way, "target": alert.target} | told


def _row(alert: "Alert", counts: dict[str, int]) -> tuple[str, ...]:
    way = f"{alert.way} {alert.target}".strip()
    told = (str(counts.get(state, 0)) for state in ("waiting", "sent", "failed"))
    return (str(alert.id), alert.search, way, *told)
