"""A wantlist: read by anyone who may, changed by its owner."""

import time
from typing import Any

from .database import found
from .exchange import NO_PERMISSION, NO_USER, NOT_FOUND, Answer, Asked, Refusal, Refused
from .members import Member, Want
from .pages import asked_page, cut, paged
from .show_listing import moment
from .show_release import basic_json
from .visit import Visit

BEST_RATING = 5


def wantlist(visit: Visit, username: str) -> Answer:
    """GET /users/{username}/wants: the newest wish first."""
    member = visible(visit, username)
    page = asked_page(visit)
    wants = sorted(member.wants.values(), key=lambda want: (-want.added_at, want.release_id))
    rows = [want_json(visit, member, want) for want in cut(page, wants)]
    return paged(visit, page, len(wants), "wants", rows)


def add(visit: Visit, username: str, release_id: str) -> Answer:
    """PUT /users/{username}/wants/{release_id}: 201, also if it was wanted already.

    Notes and rating are documented here, yet Discogs drops them; only a POST sets them.
    """
    member = owned_by_viewer(visit, username)
    release = found(visit, release_id)
    want = member.wants.setdefault(release.id, Want(release.id, int(time.time())))
    return Answer(201, want_json(visit, member, want))


def edit(visit: Visit, username: str, release_id: str) -> Answer:
    """POST /users/{username}/wants/{release_id}"""
    member = owned_by_viewer(visit, username)
    want = member.wants.get(int(release_id))
    if want is None:
        raise Refused(NOT_FOUND)
    _write(want, visit.asked)
    return Answer(200, want_json(visit, member, want))


def remove(visit: Visit, username: str, release_id: str) -> Answer:
    """DELETE /users/{username}/wants/{release_id}"""
    member = owned_by_viewer(visit, username)
    if member.wants.pop(int(release_id), None) is None:
        raise Refused(NOT_FOUND)
    return Answer(204)


def want_json(visit: Visit, member: Member, want: Want) -> dict[str, Any]:
    """One wish; its notes are for the owner alone."""
    release = found(visit, str(want.release_id))
    shown: dict[str, Any] = {
        "id": want.release_id,
        "resource_url": f"{visit.base}/users/{member.username}/wants/{want.release_id}",
        "date_added": moment(want.added_at),
        "basic_information": basic_json(visit, release),
        "rating": want.rating,
    }
    if visit.viewer is member:
        shown["notes"] = want.notes
    return shown


def visible(visit: Visit, username: str) -> Member:
    """A member whose lists the viewer may see.  Raises Refused."""
    member = visit.world.member(username)
    if member is None:
        raise Refused(NO_USER)
    if member.keeps_lists_private and visit.viewer is not member:
        raise Refused(NO_PERMISSION)
    return member


def owned_by_viewer(visit: Visit, username: str) -> Member:
    """The member if it is the viewer, who alone may change things.  Raises Refused."""
    viewer = visit.required_viewer()
    if visit.world.member(username) is not viewer:
        raise Refused(NO_PERMISSION)
    return viewer


def _write(want: Want, asked: Asked) -> None:
    fields = asked.fields
    rating = str(fields.get("rating", want.rating))
    if not rating.isdecimal() or int(rating) > BEST_RATING:
        raise Refused(Refusal(422, f"Invalid rating: expected 0 to {BEST_RATING}."))
    want.rating = int(rating)
    want.notes = str(fields.get("notes", want.notes))
