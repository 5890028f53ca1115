"""`cratewise search`: find listings by anything that is known of them, in any order."""

from typing import TYPE_CHECKING

from cratewise.cli import search_options as option
from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson
from cratewise.cli.search_filter import Typed, with_filter

if TYPE_CHECKING:
    from cratewise.shelf.query import Order

EXAMPLES = (
    ("cratewise search coltrane impulse", "by words of artist, title, label, number"),
    ("cratewise search --genre Jazz --to-year 1975 --max-price 20", "by what it is"),
    ("cratewise search --style House --style Techno --not-style Trance", "one, not the other"),
    ("cratewise search --wanted --sort landed", "what you want, with postage"),
    ("cratewise search --dropped-since 3d --min-want-have 1", "cheaper since, and sought after"),
    ("cratewise search --genre Jazz --facet style", "how many there are of each style"),
    ("cratewise search --style Dub --max-price 9 --save 'cheap dub'", "for `cratewise alerts`"),
)


@with_filter()
def search(
    words: option.Words = None,
    *,
    typed: Typed,
    sort: option.Sort = "score",
    reverse: option.Reverse = False,
    page: option.Page = 1,
    limit: option.Limit = 20,
    facet: option.Facet = None,
    save: option.Save = None,
    as_json: AsJson = False,
) -> None:
    """Find listings by anything that is known of them."""
    from cratewise.cli.searching import Search, count, find, keep, read_facet, read_order

    order: Order = read_order(sort, is_reversed=reverse)
    asked = Search(order, page, limit, typed.also(words=" ".join(words or ())))
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        if save is not None:
            keep(engine, account, asked, save)
        if facet is None:
            find(engine, account, asked, as_json=as_json)
        else:
            count(engine, account, asked, read_facet(facet), as_json=as_json)
