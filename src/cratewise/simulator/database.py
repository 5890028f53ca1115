"""What is known of records: releases, masters and their versions."""

from .exchange import NO_MASTER, NO_RELEASE, Answer, Refused
from .pages import asked_page, cut, paged
from .release import Release
from .show_release import master_json, rating_json, release_json, version_json
from .visit import Visit


def release(visit: Visit, release_id: str) -> Answer:
    """GET /releases/{id}"""
    return Answer(200, release_json(visit, found(visit, release_id)))


def rating(visit: Visit, release_id: str) -> Answer:
    """GET /releases/{id}/rating"""
    known = found(visit, release_id)
    return Answer(200, {"release_id": known.id, "rating": rating_json(known)})


def stats(visit: Visit, release_id: str) -> Answer:
    """GET /releases/{id}/stats: less than its documentation promises, as was recorded."""
    found(visit, release_id)
    return Answer(200, {"is_offensive": False})


def master(visit: Visit, master_id: str) -> Answer:
    """GET /masters/{id}"""
    return Answer(200, master_json(visit, _pressings(visit, master_id)))


def versions(visit: Visit, master_id: str) -> Answer:
    """GET /masters/{id}/versions, with the filters format, label, country and released."""
    page = asked_page(visit)
    shown = [version_json(visit, pressing) for pressing in _pressings(visit, master_id)]
    query = visit.asked.query
    for name, key in (
        ("format", "major_formats"),
        ("label", "label"),
        ("country", "country"),
        ("released", "released"),
    ):
        if wished := query.get(name):
            shown = [version for version in shown if wished in version[key]]
    return paged(visit, page, len(shown), "versions", cut(page, shown))


def found(visit: Visit, release_id: str) -> Release:
    """The release with this id.  Raises Refused."""
    number = visit.world.catalogue.number_of(int(release_id))
    if number is None:
        raise Refused(NO_RELEASE)
    return visit.world.release(number)


def _pressings(visit: Visit, master_id: str) -> list[Release]:
    rows = visit.world.catalogue.pressings(int(master_id))
    if not rows:
        raise Refused(NO_MASTER)
    return [visit.world.release(row) for row in rows]
