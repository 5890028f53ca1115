"""`cratewise wants`: your wantlist, changed here and on Discogs; who sells most of it."""

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cratewise.cli.opening import (
    open_account,
    open_discogs,
    open_settings,
    opened_store,
    priced_since,
)
from cratewise.cli.output import AsJson, Column, remark, tell, write_json, write_table

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.settings import Settings
    from cratewise.store.accounts import Account
    from cratewise.store.outbox import Entry
    from cratewise.store.wants import WantedRelease
    from cratewise.wants.outbox import Wish
    from cratewise.wants.sellers import SellerOffer

EXAMPLES = (
    ("cratewise wants", "your wantlist, the newest first"),
    ("cratewise wants --sellers", "who has most of it, and what it would cost there"),
    ("cratewise wants --add 249504", "want a release, by Discogs' number or address"),
    ("cratewise wants --undo 3", "take a change back, by its number"),
    ("cratewise wants --outbox", "what Discogs is still to be told, and what failed"),
    ("cratewise wants --send", "tell it now"),
)

_RELEASE = re.compile(r"(?:.*discogs\.com/(?:[a-z]{2}/)?release/|r)?(\d{1,18})(?:-[^/]*)?")

LIST = (
    *(Column("release", is_right=True), Column("artist", wraps=True, style="bold")),
    *(Column("title", wraps=True), Column("format", wraps=True), Column("year", is_right=True)),
    *(Column("for sale", is_right=True), Column("added")),
)
SELLERS = (
    *(Column("seller", wraps=True, style="bold"), Column("wants", is_right=True)),
    *(Column("exact", is_right=True), Column("records", is_right=True)),
    *(Column("postage", is_right=True), Column("landed", is_right=True)),
)
OUTBOX = (
    *(Column("change", is_right=True), Column("deed"), Column("release", wraps=True, style="bold")),
    *(Column("state"), Column("tried", is_right=True), Column("problem", wraps=True)),
)


def read_release(text: str) -> int:
    """Discogs' number of a release in what somebody typed."""
    found = _RELEASE.fullmatch(text.strip())
    if not found or not 0 < int(found[1]) < 2**63:
        raise typer.BadParameter(f"{text!r} is no release: give its number, or its address.")
    return int(found[1])


Releases = list[int] | None


def wants(
    *,
    add: Annotated[
        Releases,
        typer.Option(metavar="RELEASE", help="Want it.", show_default=False, parser=read_release),
    ] = None,
    remove: Annotated[
        Releases,
        typer.Option(
            metavar="RELEASE", help="Want it no more.", show_default=False, parser=read_release
        ),
    ] = None,
    undo: Annotated[
        int | None,
        typer.Option(metavar="CHANGE", min=1, help="Take it back.", show_default=False),
    ] = None,
    outbox: Annotated[
        bool, typer.Option("--outbox", help="Show what Discogs is still to be told.")
    ] = False,
    send: Annotated[bool, typer.Option("--send", help="Tell Discogs now.")] = False,
    sellers: Annotated[bool, typer.Option("--sellers", help="Who has most of it.")] = False,
    exact: Annotated[
        bool, typer.Option("--exact", help="With --sellers: no other pressings.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 50,
    page: Annotated[int, typer.Option(min=1, max=1_000_000, help="Which page to show.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Show your wantlist, change it, or see who sells most of it."""
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        wishes = _change(engine, account, add or [], remove or [], undo)
        if send:
            _send(settings, engine, account)
        if wishes and not send:
            _tell_wishes(engine, wishes, as_json=as_json)
        elif outbox or send:
            _show_outbox(engine, account, as_json=as_json)
        elif sellers:
            _show_sellers(engine, account, limit, exact=exact, as_json=as_json)
        else:
            _show_wants(engine, account, page, limit, as_json=as_json)


def _change(
    engine: "Engine", account: "Account", add: list[int], remove: list[int], undo: int | None
) -> "list[Wish]":
    from cratewise.clock import SystemClock
    from cratewise.wants.outbox import add_want, remove_want
    from cratewise.wants.outbox import undo as take_back

    clock = SystemClock()
    wishes = [add_want(engine, account.id, number, clock) for number in add]
    wishes += [remove_want(engine, account.id, number, clock) for number in remove]
    if undo is not None:
        wishes.append(take_back(engine, account.id, undo, clock))
    return wishes


def _tell_wishes(engine: "Engine", wishes: "list[Wish]", *, as_json: bool) -> None:
    from cratewise.durable import Desk
    from cratewise.enqueue import enqueue_delivery

    waiting = [wish.entry for wish in wishes if wish.entry is not None]
    if waiting:
        with Desk(engine) as desk:
            enqueue_delivery(desk)
    if as_json:
        told = [{"release_id": one.release_id, "is_new": one.is_new,
                 "change": one.entry.id if one.entry else None} for one in wishes]  # fmt: skip
        write_json({"changes": told})
        return
    for wish in wishes:
        tell(_of_wish(wish))
    if waiting:
        remark(
            "Discogs is told by `cratewise serve` or `work` in a few seconds, by the next "
            "`cratewise sync`, or at once by `cratewise wants --send`."
        )


def _of_wish(wish: "Wish") -> str:
    if wish.entry is None:
        told = "Taken back; Discogs never heard of it" if wish.is_new else "It was so already"
        return f"Release {wish.release_id}: {told}."
    told = "wanted" if wish.entry.deed == "add" else "wanted no more"
    return f"Release {wish.release_id}: {told}; `cratewise wants --undo {wish.entry.id}` undoes it."


def _send(settings: "Settings", engine: "Engine", account: "Account") -> None:
    from cratewise.clock import SystemClock
    from cratewise.wants.outbox import deliver, retry_failed

    clock = SystemClock()
    retry_failed(engine, account.id, clock)
    with open_discogs(settings, engine, account) as discogs:
        told = deliver(engine, discogs, account_id=account.id, clock=clock, only_due=False)
    remark(f"{told.delivered:,} told to Discogs, {told.failed:,} failed.")
    if told.put_off:
        remark(f"The rest waits: {told.problem}")


def _show_outbox(engine: "Engine", account: "Account", *, as_json: bool) -> None:
    from cratewise.store.engine import reading
    from cratewise.store.outbox import entries

    with reading(engine) as db:
        found = entries(db, account.id, ["waiting", "failed"], limit=1000)
    if as_json:
        write_json({"changes": [_of_entry(entry) for entry in found]})
    elif not found:
        tell("Discogs knows of every change.")
    else:
        write_table(OUTBOX, [_entry_row(entry) for entry in found])


def _of_entry(entry: "Entry") -> dict[str, Any]:
    told = entry._asdict()
    return {name: told[name] for name in told if name not in ("account_id", "taken")}


def _entry_row(entry: "Entry") -> tuple[str, ...]:
    from cratewise.cli.listing_lines import printable

    name = " – ".join(filter(None, map(printable, (entry.artist, entry.title))))
    release = name or f"release {entry.release_id}"
    return (
        *(str(entry.id), entry.deed, release, entry.state),
        *(str(entry.attempts), printable(entry.problem)),
    )


def _show_sellers(
    engine: "Engine", account: "Account", limit: int, *, exact: bool, as_json: bool
) -> None:
    from cratewise.clock import SystemClock
    from cratewise.inventory.fresh_rates import known_rates
    from cratewise.store.engine import reading
    from cratewise.store.wanted_copies import wanted_copies
    from cratewise.wants.postage import open_book
    from cratewise.wants.sellers import rank_sellers

    rates, day = known_rates(engine), SystemClock().now().date()
    with reading(engine) as db:
        copies = wanted_copies(db, account.id, only_exact=exact, priced_since=priced_since(account))
        book = open_book(db, account.id, account.country)
    offers = rank_sellers(copies, book, currency=account.currency, rates=rates, day=day)[:limit]
    if as_json:
        write_json({"currency": account.currency, "sellers": [_of_offer(one) for one in offers]})
    elif not offers:
        tell("No seller that you follow has anything of your wantlist, as far as was read.")
    else:
        write_table(SELLERS, [_offer_row(offer) for offer in offers])
        if any(offer.postage is None for offer in offers):
            remark(
                "`?`: no postage is noted for that seller or country, or for so heavy a parcel; "
                "`cratewise postage`."
            )


def _of_offer(offer: "SellerOffer") -> dict[str, Any]:
    from cratewise.shelf.record import amount

    return {
        "seller": offer.seller,
        "wants": offer.wants,
        "exact": offer.exact,
        "price": amount(offer.price),
        "postage": amount(offer.postage),
        "landed": amount(offer.landed),
        "listings": [copy.discogs_listing_id for copy in offer.copies],
    }


def _offer_row(offer: "SellerOffer") -> tuple[str, ...]:
    from cratewise.cli.listing_lines import printable

    money = ("?" if one is None else str(one) for one in (offer.price, offer.postage, offer.landed))
    return (printable(offer.seller), f"{offer.wants:,}", f"{offer.exact:,}", *money)


def _show_wants(
    engine: "Engine", account: "Account", page: int, limit: int, *, as_json: bool
) -> None:
    from cratewise.store.engine import reading
    from cratewise.store.outbox import count_entries
    from cratewise.store.wanted_copies import copies_per_want
    from cratewise.store.wants import count_wants, last_sync, list_wants

    with reading(engine) as db:
        count = count_wants(db, account.id)
        found = list_wants(db, account.id, limit=limit, offset=(page - 1) * limit)
        copies = copies_per_want(db, account.id, [one.release_id for one in found])
        synced_at, states = last_sync(db, account.id)[0], count_entries(db, account.id)
    if as_json:
        rows = [_of_want(one, copies.get(one.release_id, (0, 0))) for one in found]
        write_json({"count": count, "page": page, "synced_at": synced_at, "wants": rows})
    elif not found:
        tell(
            f"There is no such page: {count:,} wants." if count
            else "Nothing is wanted yet: `cratewise sync` reads your wantlist."
        )  # fmt: skip
    else:
        write_table(LIST, [_row(one, copies.get(one.release_id, (0, 0))) for one in found])
        remark(f"{(page - 1) * limit + 1:,} to {(page - 1) * limit + len(found):,} of {count:,}.")
        if waiting := states.get("waiting", 0) + states.get("failed", 0):
            remark(f"Discogs is still to be told of {waiting:,}; `cratewise wants --outbox`.")


def _of_want(want: "WantedRelease", copies: tuple[int, int]) -> dict[str, Any]:
    return {**want._asdict(), "for_sale": copies[0], "for_sale_in_any_pressing": copies[1]}


def _row(want: "WantedRelease", copies: tuple[int, int]) -> tuple[str, ...]:
    from cratewise.cli.listing_lines import printable

    others = f" (+{copies[1] - copies[0]} other)" if copies[1] > copies[0] else ""
    return (
        *(str(want.release_id), printable(want.artist), printable(want.title)),
        *(printable(want.format), str(want.year or ""), f"{copies[0]}{others}"),
        f"{want.added_at:%Y-%m-%d}" if want.added_at else "",
    )
