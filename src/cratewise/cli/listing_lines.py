"""Listings as a person reads them: a line each of what is compared, and below it why.

    #  Score  Artist – title                            Price  Grade   Want/have
    1   82.0  ★ Miles Davis – Kind of Blue             €12.50  VG+/VG  1,000/500
       LP, Album, RE · 1978 · ≈ $13.97 · priced 2 h ago
       2 want it for each copy owned, 1,500 people in all, and it costs $13.97

Nothing is cut but names, and nothing is broken but between words, at any width.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from cratewise.cli.output import console
from cratewise.notices import listing_url

if TYPE_CHECKING:
    from rich.text import Text

    from cratewise.shelf.view import View

GAP = 2  # spaces between columns
STYLES_SHOWN = 3
NARROWEST_NAME = 24  # below it a column gives way to the lines below
HEADER = ("#", "Score", "Artist – title", "Price", "Grade", "Want/have")
KEEPER, STALE, BETWEEN = "★", "!", " · "


def write_listings(views: Sequence["View"], *, first_rank: int = 1, with_seller: bool) -> None:
    """Write listings to the terminal, ranked from `first_rank` on."""
    out = console()
    rows = [_cells(rank, view) for rank, view in enumerate(views, first_rank)]
    widths, columns = _widths(rows, out.width)
    out.print(_line(HEADER, widths, columns, style="bold"))
    for row, view in zip(rows, views, strict=True):
        out.print(_line(row, widths, columns, view=view))
        moved = [row[column] for column in range(3, len(HEADER)) if column not in columns]
        for line in _below(view, moved, with_seller, widths[0] + GAP, out.width):
            out.print(line)


def age(passed: timedelta) -> str:
    """'just now', '12 min ago', '5 h ago', '3 days ago'."""
    minutes = int(passed.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 48 * 60:
        return f"{minutes // 60} h ago"
    return f"{minutes // (24 * 60)} days ago"


def printable(text: str) -> str:
    """A text of somebody else's without what would move a terminal's cursor."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def grades(view: "View") -> str:
    """Medium and sleeve: 'VG+/VG'; '?' where unknown."""
    both = (view.listing.media_grade, view.listing.sleeve_grade)
    return "/".join("?" if grade is None else grade.short for grade in both)


def counts(view: "View") -> str:
    """Want and have: '1,000/500'; '?' where unknown."""
    both = (view.listing.want, view.listing.have)
    return "/".join("?" if number is None else f"{number:,}" for number in both)


def shown_score(view: "View") -> str:
    return "unknown" if view.listing.score is None else f"{view.listing.score:.1f}"


def _cells(rank: int, view: "View") -> tuple[str, ...]:
    listing = view.listing
    name = " – ".join(filter(None, map(printable, (listing.artist, listing.title))))
    return (
        str(rank),
        shown_score(view),
        f"{KEEPER} {name}" if view.is_keeper else name,
        price_text(view),
        grades(view),
        counts(view),
    )


def _widths(rows: Sequence[Sequence[str]], total: int) -> tuple[list[int], list[int]]:
    """How wide each column is, and which are shown."""
    from rich.cells import cell_len

    widths = [max(cell_len(cell) for cell in column) for column in zip(HEADER, *rows, strict=True)]
    columns = list(range(len(HEADER)))
    while True:
        taken = sum(widths[column] for column in columns if column != 2)
        widths[2] = total - taken - GAP * (len(columns) - 1)
        if widths[2] >= NARROWEST_NAME or len(columns) == 3:
            widths[2] = max(widths[2], 1)
            return widths, columns
        columns.pop()


def _line(
    cells: Sequence[str],
    widths: Sequence[int],
    columns: Iterable[int],
    *,
    style: str = "",
    view: "View | None" = None,
) -> "Text":
    from rich.text import Text

    line = Text(no_wrap=True, style=style)
    for column in columns:
        cell = Text(cells[column])
        cell.stylize(_style(column, view))  # the letters alone: a link ends where its words do
        if column in (2, 4):
            cell.truncate(widths[column], overflow="ellipsis", pad=True)
        else:
            cell.align("right", widths[column])
        line.append(" " * GAP if column else "").append_text(cell)
    line.rstrip()
    return line


def _style(column: int, view: "View | None") -> str:
    if view is None:
        return ""
    if column == 2:
        listing = view.listing
        return f"bold link {listing_url(listing.discogs_listing_id, listing.release_id)}"
    return {1: "green", 3: "bold cyan"}.get(column, "")


def _below(
    view: "View", moved: Sequence[str], with_seller: bool, indent: int, width: int
) -> Iterator["Text"]:
    """The lines below a listing's own: what else there is to it, and why its score."""
    from rich.cells import cell_len
    from rich.text import Text

    room = max(width - indent, NARROWEST_NAME)
    lines = [Text(style="dim")]
    for part in _parts(view, moved, with_seller):
        if lines[-1] and lines[-1].cell_len + len(BETWEEN) + cell_len(part) > room:
            lines.append(Text(style="dim"))
        lines[-1].append(BETWEEN if lines[-1] else "")
        lines[-1].append(part, style="not dim yellow" if part.endswith(STALE) else "")
    for line in lines:
        for piece in line.wrap(console(), room):
            yield Text(" " * indent).append_text(piece)


def _parts(view: "View", moved: Sequence[str], with_seller: bool) -> Iterator[str]:
    listing = view.listing
    yield from moved
    yield printable(listing.format) or "format unknown"
    if listing.year:
        yield str(listing.year)
    if listing.styles or listing.genres:
        yield printable(", ".join((listing.styles or listing.genres)[:STYLES_SHOWN]))
    if with_seller:
        yield printable(listing.seller)
    yield from own_marks(view)
    if not view.is_convertible:
        yield "not convertible"
    elif view.own_price is not None and view.own_price != view.price:
        yield f"≈ {view.own_price}"
    yield from _worth(view)
    yield price_age(view)
    if listing.gone_at is not None:
        yield "gone"
    elif view.is_unverified:
        yield f"not seen since {listing.last_seen_at:%d %B %Y}"
    yield view.reason


def _worth(view: "View") -> Iterator[str]:
    if view.worth is None:
        return
    if view.worth.landed is not None:
        yield f"{view.worth.landed} with postage"
    if view.worth.keep_probability is not None:
        yield f"{view.worth.keep_probability:.0%} likely kept"
    if discount := view.worth.discount:
        yield f"{abs(discount):.0%} {'below' if discount > 0 else 'above'} other copies"


def own_marks(view: "View") -> Iterator[str]:
    """What the release is to the reader: 'wanted', 'owned', or another pressing of it."""
    mark = view.mark
    if mark.is_wanted or mark.is_other_pressing_wanted:
        yield "wanted" if mark.is_wanted else "wanted in another pressing"
    if mark.is_owned or mark.is_other_pressing_owned:
        yield "owned" if mark.is_owned else "owned in another pressing"


def price_text(view: "View") -> str:
    """The price as the seller asks it, or why there is none."""
    if view.is_price_hidden:
        return "hidden"
    return "no price" if view.price is None else str(view.price)


def price_age(view: "View") -> str:
    """'priced 2 h ago'; with a mark when that is longer than six hours."""
    told = "price never read" if view.price_age is None else f"priced {age(view.price_age)}"
    return f"{told} {STALE}" if view.is_stale else told
