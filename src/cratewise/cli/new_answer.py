"""How `new` answers: how much happened and where, then each change, the last one first."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from cratewise.cli.listing_lines import STALE, grades, price_text, printable, shown_score
from cratewise.cli.output import Column, is_terminal, remark, tell, write_json, write_table
from cratewise.notices import API_NOTICE, DATA_NOTICE, SITE
from cratewise.shelf.prices import stored_price
from cratewise.store.changes import KINDS

if TYPE_CHECKING:
    from cratewise.cli.new import News
    from cratewise.shelf.view import View
    from cratewise.store.changes import Change

COLUMNS = (
    *(Column("when"), Column("what"), Column("artist – title", wraps=True, style="bold")),
    *(Column("price", is_right=True, style="bold cyan"), Column("was", is_right=True)),
    *(Column("grade"), Column("score", is_right=True, style="green"), Column("seller", wraps=True)),
    Column("listing"),
)
MOST_SELLERS = 20  # told on a terminal


def write_news(news: "News", *, as_json: bool) -> None:
    """Write it in the form that the reader of standard output wants."""
    if as_json:
        write_json(_document(news))
        return
    say = tell if is_terminal() else remark
    say(_headline(news))
    if news.changes:
        _write_sellers(news)
        write_table(COLUMNS, [_row(change, view) for change, view in news.changes])
        for line in _remarks(news):
            say(line, style="dim")


def _headline(news: "News") -> str:
    counts = _counts(news)
    told = ", ".join(f"{counts[kind]:,} {kind}" for kind in KINDS if counts[kind])
    since = f"Since {news.span.since:%d %B %Y %H:%M} UTC"
    return f"{since}: {told or 'nothing happened, as far as was read'}."


def _counts(news: "News", seller_id: int | None = None) -> Counter[str]:
    counts: Counter[str] = Counter()
    for tally in news.tallies:
        if seller_id in {None, tally.seller_id}:
            counts[tally.kind] += tally.many
    return counts


def _write_sellers(news: "News") -> None:
    """Who did how much of it, where there are several and somebody looks."""
    if len(news.names) < 2 or not is_terminal():
        return
    counted = {name: _counts(news, number) for number, name in news.names.items()}
    most = sorted(counted.items(), key=lambda one: (-one[1].total(), one[0].lower()))
    kinds = [kind for kind in KINDS if any(counts[kind] for counts in counted.values())]
    columns = (Column("seller"), *(Column(kind, is_right=True) for kind in kinds))
    write_table(
        columns,
        [
            (printable(name), *(f"{counts[kind]:,}" if counts[kind] else "" for kind in kinds))
            for name, counts in most[:MOST_SELLERS]
        ],
    )


def _row(change: "Change", view: "View") -> tuple[str, ...]:
    listing = view.listing
    name = " – ".join(filter(None, map(printable, (listing.artist, listing.title))))
    mark = f" {STALE}" if view.is_stale and listing.gone_at is None else ""
    return (
        f"{change.at:%d %b %H:%M}" if is_terminal() else f"{change.at:%Y-%m-%dT%H:%M:%SZ}",
        change.kind,
        name,
        f"{price_text(view)}{mark}",
        "" if view.is_price_hidden else _price(change.old_price_minor, change.old_currency),
        grades(view),
        shown_score(view),
        printable(listing.seller),
        str(listing.discogs_listing_id or ""),
    )


def _price(minor: int | None, currency: str | None) -> str:
    return str(stored_price(minor, currency) or "")


def _remarks(news: "News") -> list[str]:
    every = _counts(news).total()
    lines = []
    if every > len(news.changes):
        lines.append(f"The last {len(news.changes):,} of {every:,}; `--limit` shows more.")
    if any(view.is_stale and view.listing.gone_at is None for _, view in news.changes):
        lines.append(f"{STALE} was read more than six hours ago: `cratewise pull SELLER`.")
    if news.is_seen:
        again = f"cratewise new --since {news.span.since:%Y-%m-%dT%H:%M}"
        lines.append(f"Seen now; `{again}` shows it again.")
    return [*lines, f"{DATA_NOTICE} {SITE}"]


def _document(news: "News") -> dict[str, Any]:
    from cratewise.cli.listing_answer import shown
    from cratewise.shelf.record import amount

    def price(view: "View", minor: int | None, currency: str | None) -> dict[str, Any] | None:
        told = None if view.is_price_hidden else stored_price(minor, currency)
        return None if told is None else {"amount": amount(told), "currency": told.currency}

    return {
        "since": news.span.since,
        "until": news.span.until,
        "counts": {kind: _counts(news)[kind] for kind in KINDS},
        "sellers": {
            name: {kind: _counts(news, number)[kind] for kind in KINDS}
            for number, name in sorted(news.names.items(), key=lambda one: one[1].lower())
        },
        "changes": [
            {
                "kind": change.kind,
                "at": change.at,
                "old_price": price(view, change.old_price_minor, change.old_currency),
                "new_price": price(view, change.new_price_minor, change.new_currency),
                "listing": shown(view, rank),
            }
            for rank, (change, view) in enumerate(news.changes, 1)
        ],
        "notices": [DATA_NOTICE, API_NOTICE],
    }
