"""Pagination: which page is asked for, and what every page says about the others."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from .exchange import NOT_FOUND, Answer, Refusal, Refused
from .visit import Visit

DEFAULT_PER_PAGE = 50
MOST_PER_PAGE = 100  # 250 and 500 give 100
_CREDENTIALS = ("token", "key", "secret")  # never repeated in a link


class Page(NamedTuple):
    """A page as asked for: its number from 1, and its size from 1 to 100."""

    number: int
    size: int

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size


def asked_page(visit: Visit) -> Page:
    """The page that a visit asks for.  Raises Refused for what is no number."""
    number = _whole(visit, "page", 1)
    size = _whole(visit, "per_page", DEFAULT_PER_PAGE)
    if number < 1:
        raise Refused(NOT_FOUND)
    return Page(number, min(size, MOST_PER_PAGE) if size > 0 else DEFAULT_PER_PAGE)


def paged(visit: Visit, page: Page, items: int, name: str, rows: Sequence[Any]) -> Answer:
    """One page of `items` rows under `name`, with links to its neighbours.

    Raises Refused for a page past the end.
    """
    pages = max(1, -(-items // page.size))
    if page.number > pages:
        raise Refused(NOT_FOUND)
    urls = {
        relation: _link(visit, number, page.size) for relation, number in _neighbours(page, pages)
    }
    pagination = {
        "page": page.number,
        "pages": pages,
        "per_page": page.size,
        "items": items,
        "urls": urls,
    }
    links = ", ".join(f'<{url}>; rel="{relation}"' for relation, url in urls.items())
    return Answer(
        200, {"pagination": pagination, name: rows}, headers={"Link": links} if links else {}
    )


def cut(page: Page, rows: Sequence[Any]) -> Sequence[Any]:
    """The rows of a whole list that lie on this page."""
    return rows[page.start : page.start + page.size]


def _neighbours(page: Page, pages: int) -> list[tuple[str, int]]:
    before = [("first", 1), ("prev", page.number - 1)] if page.number > 1 else []
    after = [("last", pages), ("next", page.number + 1)] if page.number < pages else []
    return before + after


def _link(visit: Visit, number: int, size: int) -> str:
    kept = {k: v for k, v in visit.asked.query.items() if k not in _CREDENTIALS}
    query = urlencode({**kept, "page": number, "per_page": size})
    return f"{visit.base}{quote(visit.asked.path, safe='/%')}?{query}"


def _whole(visit: Visit, name: str, default: int) -> int:
    said = visit.asked.query.get(name, "")
    if not said:
        return default
    try:
        return int(said)
    except ValueError:
        raise Refused(Refusal(422, f"Invalid {name}: expected a whole number.")) from None
