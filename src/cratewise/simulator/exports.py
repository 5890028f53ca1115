"""A seller's own inventory as a file: asked for, looked at, downloaded.

An export is being written until somebody has looked at it once; that it takes time at
all is what a client must cope with.
"""

import csv
import io
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from .exchange import NOT_FOUND, Answer, Refusal, Refused
from .members import Export, Member
from .pages import asked_page, cut, paged
from .shop import TODAY
from .stock import MEDIA_GRADES, SLEEVE_GRADES
from .visit import Visit

FIRST_EXPORT = 599_632
TAKES_SECONDS = 60
RUNNING = Refusal(409, "An inventory export is already running.")  # the words are a guess
COLUMNS = (
    *("listing_id", "artist", "title", "label", "catno", "format", "release_id", "status"),
    *("price", "listed", "comments", "media_condition", "sleeve_condition", "accept_offer"),
    *("external_id", "weight", "format_quantity", "location", "quantity"),
)


def begin(visit: Visit) -> Answer:
    """POST /inventory/export: 200 and nothing but a Location."""
    member = visit.required_viewer()
    if any(not export.was_seen for export in member.exports):
        raise Refused(RUNNING)
    number = FIRST_EXPORT + 1_000 * member.place + len(member.exports)
    export = Export(number, TODAY + TAKES_SECONDS * 10 * len(member.exports), _csv(visit, member))
    member.exports.append(export)
    return Answer(200, headers={"Location": f"{visit.base}/inventory/export/{number}"})


def exports(visit: Visit) -> Answer:
    """GET /inventory/export: the newest first."""
    member = visit.required_viewer()
    page = asked_page(visit)
    rows = [_shown(visit, member, export) for export in reversed(member.exports)]
    return paged(visit, page, len(rows), "items", cut(page, rows))


def export(visit: Visit, number: str) -> Answer:
    """GET /inventory/export/{id}; 304 where nothing changed since the client's copy."""
    member, found = _found(visit, number)
    shown = _shown(visit, member, found)
    if found.was_seen:
        changed_at = datetime.fromtimestamp(found.asked_at + TAKES_SECONDS, UTC)
        since = visit.asked.headers.get("If-Modified-Since", "")
        if since and parsedate_to_datetime(since) >= changed_at:
            return Answer(304)
        headers = {"Last-Modified": format_datetime(changed_at, usegmt=True)}
        return Answer(200, shown, headers=headers)
    found.was_seen = True
    return Answer(200, shown)


def download(visit: Visit, number: str) -> Answer:
    """GET /inventory/export/{id}/download: the file, once it is written."""
    member, found = _found(visit, number)
    if not found.was_seen:
        raise Refused(NOT_FOUND)
    name = _shown(visit, member, found)["filename"]
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Answer(200, found.text, headers=headers, content_type="text/csv; charset=utf-8")


def _found(visit: Visit, number: str) -> tuple[Member, Export]:
    member = visit.required_viewer()
    for found in member.exports:
        if found.number == int(number):
            return member, found
    raise Refused(NOT_FOUND)


def _shown(visit: Visit, member: Member, found: Export) -> dict[str, Any]:
    url = f"{visit.base}/inventory/export/{found.number}"
    asked = datetime.fromtimestamp(found.asked_at, UTC)
    done = datetime.fromtimestamp(found.asked_at + TAKES_SECONDS, UTC)
    return {
        "status": "success" if found.was_seen else "pending",
        "created_ts": f"{asked:%Y-%m-%dT%H:%M:%S}",
        "url": url,
        "finished_ts": f"{done:%Y-%m-%dT%H:%M:%S}" if found.was_seen else None,
        "download_url": f"{url}/download" if found.was_seen else None,
        "filename": f"{member.username}-inventory-{done:%Y%m%d-%H%M}.csv",
        "id": found.number,
    }


def _csv(visit: Visit, member: Member) -> bytes:
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for item in visit.world.listings(member.username).values():
        release = visit.world.release(item.release)
        listed = datetime.fromtimestamp(item.posted_at, UTC)
        rows.writerow(
            [
                item.id, release.artist, release.title, ", ".join(release.labels),
                ", ".join(release.catalogue_numbers), release.kind.short, release.id, "For Sale",
                f"{item.price:.{member.currency.decimals}f}", f"{listed:%Y-%m-%d %H:%M:%S}",
                item.comments, MEDIA_GRADES[item.media], SLEEVE_GRADES[item.sleeve],
                "Y" if item.allows_offers else "N", "", 230,
                sum(part.quantity for part in release.kind.parts), f"Shelf {item.id % 40}", 1,
            ]
        )  # fmt: skip
    return file.getvalue().encode()
