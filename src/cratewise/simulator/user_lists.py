"""Lists that members make: each buyer has one, of the records wanted most."""

from typing import Any

from .exchange import NO_USER, NOT_FOUND, Answer, Refused
from .members import Member
from .pages import asked_page, cut, paged
from .shop import TODAY
from .show_listing import cover_url, moment
from .visit import Visit

ITEMS = 25


def lists_of(visit: Visit, username: str) -> Answer:
    """GET /users/{username}/lists: those that everybody may see."""
    member = visit.world.member(username)
    if member is None:
        raise Refused(NO_USER)
    rows = [_head(visit, member)] if has_list(visit, member) else []
    page = asked_page(visit)
    return paged(visit, page, len(rows), "lists", cut(page, rows))


def user_list(visit: Visit, number: str) -> Answer:
    """GET /lists/{id}"""
    for member in visit.world.members():
        if list_id(member) == int(number) and not member.is_gone and has_list(visit, member):
            return Answer(200, {**_head(visit, member), "items": _items(visit, member)})
    raise Refused(NOT_FOUND)


def list_id(member: Member) -> int:
    """The number of a member's one list."""
    return member.id % 900_000 + 1_000


def has_list(visit: Visit, member: Member) -> bool:
    """Whether a member has a list that the visitor may see."""
    return bool(member.wants) and (not member.keeps_lists_private or visit.viewer is member)


def _head(visit: Visit, member: Member) -> dict[str, Any]:
    url = f"{visit.base}/users/{member.username}"
    return {
        "id": list_id(member),
        "name": f"{member.username}'s holy grails",
        "description": "Wanted most.",
        "public": not member.keeps_lists_private,
        "date_added": moment(TODAY - 86_400 * 90),
        "date_changed": moment(TODAY - 86_400),
        "uri": f"https://www.discogs.com/lists/{list_id(member)}",
        "resource_url": f"{visit.base}/lists/{list_id(member)}",
        "image_url": "",
        "user": {
            "id": member.id,
            "username": member.username,
            "resource_url": url,
            "avatar_url": "",
        },
    }


def _items(visit: Visit, member: Member) -> list[dict[str, Any]]:
    numbers = [visit.world.catalogue.number_of(want) for want in list(member.wants)[:ITEMS]]
    releases = [visit.world.release(number) for number in numbers if number is not None]
    return [
        {
            "id": release.id,
            "type": "release",
            "comment": "",
            "display_title": f"{release.artist} - {release.title}",
            "uri": f"https://www.discogs.com/release/{release.id}",
            "resource_url": f"{visit.base}/releases/{release.id}",
            "image_url": cover_url(visit, release),
            "stats": {"community": {"in_wantlist": release.want, "in_collection": release.have}},
        }
        for release in releases
    ]
