"""Who somebody is: a member's profile, and whose token this is."""

from .exchange import NO_USER, Answer, Refused
from .members import Member
from .show_listing import moment
from .user_lists import has_list
from .visit import Visit

REGISTERED_FIRST = 1_000_000_000  # September 2001


def profile(visit: Visit, username: str) -> Answer:
    """GET /users/{username}"""
    member = visit.world.member(username)
    if member is None:
        raise Refused(NO_USER)
    url = f"{visit.base}/users/{member.username}"
    is_own = visit.viewer is member
    shown = {
        "id": member.id,
        "resource_url": url,
        "uri": f"https://www.discogs.com/user/{member.username}",
        "username": member.username,
        "name": "",
        "home_page": "",
        "location": member.country,
        "profile": "",
        "registered": moment(REGISTERED_FIRST + member.id * 70),
        "rank": float(member.id % 500),
        "num_pending": 0,
        "num_for_sale": visit.world.count_for_sale(member),
        "num_lists": int(has_list(visit, member)),
        "releases_contributed": member.id % 90,
        "releases_rated": member.id % 70,
        "rating_avg": 4.2,
        "inventory_url": f"{url}/inventory",
        "collection_folders_url": f"{url}/collection/folders",
        "collection_fields_url": f"{url}/collection/fields",
        "wantlist_url": f"{url}/wants",
        "avatar_url": "",
        "banner_url": "",
        "curr_abbr": member.currency.code,
        "activated": True,
        "marketplace_suspended": member.is_suspended,
        "is_staff": False,
        "buyer_rating": 100.0,
        "buyer_rating_stars": 5.0,
        "buyer_num_ratings": member.id % 60,
        **_as_seller(member),
    }
    if is_own or not member.keeps_lists_private:
        shown |= {"num_collection": len(member.collection), "num_wantlist": len(member.wants)}
    if is_own:
        shown |= {"email": f"{member.id}@example.com", "num_unread": 0}
    return Answer(200, shown)


def identity(visit: Visit) -> Answer:
    """GET /oauth/identity"""
    viewer = visit.required_viewer()
    return Answer(
        200,
        {
            "id": viewer.id,
            "username": viewer.username,
            "resource_url": f"{visit.base}/users/{viewer.username}",
            "consumer_name": "Cratewise",
        },
    )


def request_token(visit: Visit) -> Answer:
    """GET or POST /oauth/request_token"""
    return visit.world.grants.ask(visit.asked)


def access_token(visit: Visit) -> Answer:
    """POST /oauth/access_token"""
    return visit.world.grants.give(visit.asked)


def _as_seller(member: Member) -> dict[str, float | int]:
    if not member.opens_with:
        return {"seller_rating": 0.0, "seller_rating_stars": 0.0, "seller_num_ratings": 0}
    return {
        "seller_rating": member.seller_rating,
        "seller_rating_stars": member.seller_stars,
        "seller_num_ratings": member.ratings,
    }
