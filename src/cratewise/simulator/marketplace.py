"""What is for sale: a seller's inventory, a single listing, and what a release fetches."""

from .currencies import CURRENCIES, converted
from .exchange import NO_RELEASE, NO_USER, NOT_FOUND, PAGE_OVER_100, Answer, Refused, unexpected
from .members import Member
from .pages import Page, asked_page, paged
from .show_listing import listing_json, money_json, seller_json
from .stock import MEDIA_GRADES, Listing
from .visit import Visit

LAST_PAGE = 100  # of an inventory that is not one's own
STATUSES = ("All", "Deleted", "Draft", "Expired", "For Sale", "Sold", "Suspended", "Violation")
SORTS = ("listed", "price", "item", "artist", "label", "catno", "audio")
OWNERS_SORTS = ("status", "location")
ORDERS = ("asc", "desc")
WORTH_BY_GRADE = (0.95, 0.85, 0.65, 0.45, 0.25, 0.15, 0.1, 0.05)  # as one recorded answer has it


def inventory(visit: Visit, username: str) -> Answer:
    """GET /users/{username}/inventory"""
    member = visit.world.member(username)
    if member is None:
        raise Refused(NO_USER)
    query = visit.asked.query
    _expect("status", query.get("status", "For Sale"), STATUSES)
    sort = _sort(visit, member)
    # Without any wish the newest come first; with a sort alone, ascending (a guess).
    order = query.get("sort_order", "asc" if "sort" in query else "desc")
    _expect("sort_order", order, ORDERS)
    page = asked_page(visit)
    if page.number > LAST_PAGE and visit.viewer is not member:
        raise Refused(PAGE_OVER_100)
    listings, items = _listings(visit, member, sort, order == "desc", page)
    seller = seller_json(visit, member)
    rows = [listing_json(visit, member, listing, seller) for listing in listings]
    return paged(visit, page, items, "listings", rows)


def listing(visit: Visit, listing_id: str) -> Answer:
    """GET /marketplace/listings/{id}"""
    found = visit.world.find_listing(int(listing_id))
    if found is None:
        raise Refused(NOT_FOUND)
    member, item = found
    return Answer(200, listing_json(visit, member, item, seller_json(visit, member)))


def stats(visit: Visit, release_id: str) -> Answer:
    """GET /marketplace/stats/{release_id}: in US dollars for a stranger."""
    number = visit.world.catalogue.number_of(int(release_id))
    if number is None:
        raise Refused(NO_RELEASE)
    copies = visit.world.copies(number)
    shown_in = visit.currency or CURRENCIES["USD"]
    prices = [converted(item.price, seller.currency, shown_in) for seller, item in copies]
    lowest = money_json(round(min(prices), shown_in.decimals), shown_in) if prices else None
    return Answer(
        200,
        {
            "num_for_sale": len(prices) or None,
            "lowest_price": lowest,
            "blocked_from_sale": False,
        },
    )


def price_suggestions(visit: Visit, release_id: str) -> Answer:
    """GET /marketplace/price_suggestions/{release_id}: for sellers; a buyer is told nothing."""
    viewer = visit.required_viewer()
    number = visit.world.catalogue.number_of(int(release_id))
    if number is None:
        raise Refused(NO_RELEASE)
    if not viewer.opens_with:
        return Answer(200, {})
    worth = converted(
        float(visit.world.catalogue.worth[number]), CURRENCIES["USD"], viewer.currency
    )
    shares = zip(MEDIA_GRADES, WORTH_BY_GRADE, strict=True)
    return Answer(
        200, {grade: money_json(worth * share, viewer.currency) for grade, share in shares}
    )


def _listings(
    visit: Visit, member: Member, sort: str, is_descending: bool, page: Page
) -> tuple[list[Listing], int]:
    is_owner = visit.viewer is member
    wants_others = visit.asked.query.get("status", "For Sale") not in ("For Sale", "All")
    if member.is_suspended or (is_owner and wants_others):
        return [], 0
    if sort in OWNERS_SORTS:
        if not is_owner:  # a stranger's `sort=status` finds nothing at all
            return [], 0
        sort = "listed"
    if words := visit.asked.query.get("q"):  # nowhere documented, seen by one who tried
        found = visit.world.matching(member, words, is_descending)
        return found[page.start : page.start + page.size], len(found)
    return visit.world.page(member, sort, is_descending, page.start, page.size)


def _sort(visit: Visit, member: Member) -> str:
    sort = visit.asked.query.get("sort", "listed")
    if sort == "status" or (sort == "location" and visit.viewer is member):
        return sort
    _expect("sort", sort, SORTS)
    return sort


def _expect(name: str, said: str, allowed: tuple[str, ...]) -> None:
    if said not in allowed:
        raise unexpected(name, allowed)
