"""How `top` and `listings` answer: lines for people, tabs for pipes, JSON for programs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cratewise.cli.listing_lines import (
    KEEPER,
    STALE,
    grades,
    printable,
    shown_score,
    write_listings,
)
from cratewise.cli.output import Column, console, is_terminal, remark, write_json, write_table
from cratewise.notices import API_NOTICE, DATA_NOTICE, SITE, seller_url

if TYPE_CHECKING:
    from cratewise.cli.looking import Answer
    from cratewise.shelf.view import View

COLUMNS = (
    *(Column("rank"), Column("score"), Column("artist"), Column("title"), Column("format")),
    *(Column("year"), Column("price"), Column("own_price"), Column("grade"), Column("want")),
    *(Column("have"), Column("keeper"), Column("priced_at"), Column("stale"), Column("seller")),
    *(Column("reason"), Column("listing_id"), Column("url")),
)
WORTH = (Column("landed"), Column("keep_probability"), Column("discount"))  # of a search


def write_answer(answer: "Answer", *, as_json: bool, as_lines: bool = False) -> None:
    """Write it in the form that the reader of standard output wants.

    as_lines  as on a terminal, whatever it is.
    """
    if as_json:
        write_json(_document(answer))
    elif not answer.views:
        remark(_nothing(answer))
    elif as_lines or is_terminal():
        write_listings(
            answer.views, first_rank=answer.first_rank, with_seller=answer.seller is None
        )
        out = console()
        out.print()
        for line in _remarks(answer):
            out.print(line, style="dim", markup=False)
        url = _page_of(answer)
        out.print(f"[link={url}]{DATA_NOTICE}[/link] {url}", style="dim", soft_wrap=True)
    else:
        has_worth = any(view.worth is not None for view in answer.views)
        write_table((*COLUMNS, *WORTH) if has_worth else COLUMNS, _rows(answer))
        for line in (*_remarks(answer), f"{DATA_NOTICE} {_page_of(answer)}"):
            remark(line)


def _nothing(answer: "Answer") -> str:
    if answer.is_index_empty:
        return "Nothing has been read yet: try `cratewise pull SELLER`, or `cratewise demo`."
    if answer.count:
        return f"There is no such page: {answer.count:,} listings are {answer.pages:,} pages."
    left_out = f"  {answer.left_out:,} cannot be compared in price." if answer.left_out else ""
    return f"No listing is like that.{left_out}"


def _page_of(answer: "Answer") -> str:
    return seller_url(answer.seller) if answer.seller else SITE


def _remarks(answer: "Answer") -> Iterator[str]:
    views = answer.views
    if answer.count > len(views):
        yield _place(answer)
    if any(view.is_keeper for view in views):
        yield f"{KEEPER} keeper: {answer.rule} (see `cratewise keeper`)."
    if any(view.is_stale for view in views):
        whose = printable(answer.seller) if answer.seller else "SELLER"
        yield f"{STALE} was read more than six hours ago: `cratewise pull {whose}` reads it anew."
    if any(view.is_unverified for view in views):
        yield "Not seen for a month: perhaps sold; `cratewise pull SELLER --verify N` looks again."
    if any(view.own_price != view.price for view in views if view.own_price):
        day = f"{answer.rates_of:%d %B %Y}"
        yield f"Converted at the European Central Bank's rates of {day}."
    if answer.left_out:
        yield f"{answer.left_out:,} cannot be compared in {answer.currency} and are left out."


def _place(answer: "Answer") -> str:
    last = answer.first_rank + len(answer.views) - 1
    told = f"{answer.first_rank:,} to {last:,} of {answer.count:,} listings"
    if not answer.asked.has_pages:
        return f"{told}; `--limit` shows more, `cratewise listings` all."
    page = f"page {answer.asked.page:,} of {answer.pages:,}"
    more = f"; `--page {answer.asked.page + 1}` is next" if last < answer.count else ""
    return f"{told}: {page}{more}."


def _document(answer: "Answer") -> dict[str, Any]:
    return {
        "count": answer.count,
        "page": answer.asked.page,
        "pages": answer.pages,
        "seller": answer.seller,
        "currency": answer.currency,
        "rates_of": answer.rates_of,
        "keeper_rule": str(answer.rule),
        "left_out_not_convertible": answer.left_out,
        "notices": [DATA_NOTICE, API_NOTICE],
        "listings": [
            shown(view, rank) for rank, view in enumerate(answer.views, answer.first_rank)
        ],
    }


def shown(view: "View", rank: int) -> dict[str, Any]:
    """A listing's record, and what it is to the reader."""
    from cratewise.shelf.record import amount, record

    return {
        "rank": rank,
        **record(view.listing),
        "own_price": amount(view.own_price),
        "price_age_seconds": None
        if view.price_age is None
        else int(view.price_age.total_seconds()),
        "is_stale": view.is_stale,
        "is_price_hidden": view.is_price_hidden,
        "is_unverified": view.is_unverified,
        "is_convertible": view.is_convertible,
        **view.mark._asdict(),
        "is_keeper": view.is_keeper,
        "reason": view.reason,
        **_worth(view),
    }


def _worth(view: "View") -> dict[str, Any]:
    from cratewise.shelf.record import amount

    if view.worth is None:
        return {}
    return view.worth._asdict() | {"landed": amount(view.worth.landed)}


def _rows(answer: "Answer") -> Iterator[tuple[str, ...]]:
    for rank, view in enumerate(answer.views, answer.first_rank):
        yield tab_row(view, rank)


def tab_row(view: "View", rank: int) -> tuple[str, ...]:
    """A listing as the cells of COLUMNS."""
    listing, told = view.listing, shown(view, rank)
    return (
        *(str(rank), shown_score(view), printable(listing.artist), printable(listing.title)),
        *(printable(listing.format), str(listing.year or "")),
        *("" if price is None else str(price) for price in (view.price, view.own_price)),
        grades(view),
        *("" if number is None else str(number) for number in (listing.want, listing.have)),
        "keeper" if view.is_keeper else "",
        "" if listing.price_read_at is None else f"{listing.price_read_at:%Y-%m-%dT%H:%M:%SZ}",
        "stale" if view.is_stale else "",
        printable(listing.seller),
        view.reason,
        str(listing.discogs_listing_id or ""),
        told["url"],
        *_worth_cells(view),
    )


def _worth_cells(view: "View") -> tuple[str, ...]:
    if view.worth is None:
        return ()
    landed, chance, discount = view.worth
    return (
        "" if landed is None else str(landed),
        *("" if part is None else f"{part:.3f}" for part in (chance, discount)),
    )
