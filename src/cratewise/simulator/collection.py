"""A collection: folders, fields, and the copies in them."""

from collections.abc import Callable
from typing import Any

from .database import found
from .exchange import NO_PERMISSION, NOT_FOUND, Answer, Refused, unexpected
from .members import Member, Owned
from .pages import asked_page, cut, paged
from .release import Release
from .show_listing import moment
from .show_release import basic_json
from .stock import MEDIA_GRADES, SLEEVE_GRADES
from .visit import Visit
from .wants import visible

ALL, UNCATEGORIZED = 0, 1  # strangers see the first alone
FOLDERS = {ALL: "All", UNCATEGORIZED: "Uncategorized"}

SORTS: dict[str, Callable[[Owned, Release], Any]] = {
    "label": lambda _, release: release.labels[0].casefold(),
    "artist": lambda _, release: release.artist.casefold(),
    "title": lambda _, release: release.title.casefold(),
    "catno": lambda _, release: release.catalogue_numbers[0].casefold(),
    "format": lambda _, release: release.kind.short,
    "rating": lambda owned, _: owned.rating,
    "added": lambda owned, _: owned.added_at,
    "year": lambda _, release: release.year,
}


def folders(visit: Visit, username: str) -> Answer:
    """GET /users/{username}/collection/folders"""
    member = visible(visit, username)
    seen = FOLDERS if visit.viewer is member else {ALL: FOLDERS[ALL]}
    url = f"{visit.base}/users/{member.username}/collection/folders"
    return Answer(
        200,
        {
            "folders": [
                {
                    "id": number,
                    "name": name,
                    "count": len(_copies(member, number)),
                    "resource_url": f"{url}/{number}",
                }
                for number, name in seen.items()
            ]
        },
    )


def releases(visit: Visit, username: str, folder: str) -> Answer:
    """GET /users/{username}/collection/folders/{folder}/releases"""
    member = visible(visit, username)
    number = int(folder)
    if number not in FOLDERS:
        raise Refused(NOT_FOUND)
    if number != ALL and visit.viewer is not member:
        raise Refused(NO_PERMISSION)
    page = asked_page(visit)
    rows = _sorted(visit, _copies(member, number))
    shown = [_copy_json(visit, owned, release) for owned, release in cut(page, rows)]
    return paged(visit, page, len(rows), "releases", shown)


def fields(visit: Visit, username: str) -> Answer:
    """GET /users/{username}/collection/fields"""
    visible(visit, username)
    dropdowns = [("Media", MEDIA_GRADES), ("Sleeve", SLEEVE_GRADES)]
    shown: list[dict[str, Any]] = [
        {
            "name": name,
            "options": list(grades),
            "id": number,
            "position": number,
            "type": "dropdown",
            "public": True,
        }
        for number, (name, grades) in enumerate(dropdowns, 1)
    ]
    notes = {
        "name": "Notes",
        "lines": 3,
        "id": 3,
        "position": 3,
        "type": "textarea",
        "public": False,
    }
    return Answer(200, {"fields": [*shown, notes]})


def _copies(member: Member, folder: int) -> list[Owned]:
    return [owned for owned in member.collection if folder in (ALL, owned.folder_id)]


def _sorted(visit: Visit, copies: list[Owned]) -> list[tuple[Owned, Release]]:
    query = visit.asked.query
    sort, order = query.get("sort", "label"), query.get("sort_order", "asc")
    if sort not in SORTS:
        raise unexpected("sort", SORTS)
    if order not in ("asc", "desc"):
        raise unexpected("sort_order", ("asc", "desc"))
    rows = [(owned, found(visit, str(owned.release_id))) for owned in copies]
    return sorted(rows, key=lambda row: SORTS[sort](*row), reverse=order == "desc")


def _copy_json(visit: Visit, owned: Owned, release: Release) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": owned.release_id,
        "instance_id": owned.instance_id,
        "date_added": moment(owned.added_at),
        "rating": owned.rating,
        "basic_information": basic_json(visit, release),
        "folder_id": owned.folder_id,
    }
    if owned.notes:
        shown["notes"] = [{"field_id": n, "value": value} for n, value in owned.notes.items()]
    return shown
