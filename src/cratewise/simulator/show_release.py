"""A release as Discogs shows it: in full, in short on a list, and as a version of its master."""

from collections.abc import Iterable
from typing import Any

from .currencies import CURRENCIES, converted
from .formats import ABBREVIATIONS, Part
from .printed import Track, printed
from .release import Credit, Release
from .show_listing import cover_url, image_json, moment, stats_json
from .visit import Visit

ADDED_FIRST = 1_000_000_000  # September 2001; ids grow with time from there
SECONDS_PER_ID = 27


def release_json(visit: Visit, release: Release) -> dict[str, Any]:
    """All that GET /releases/{id} tells."""
    rest = printed(visit.world.catalogue, release)
    added = ADDED_FIRST + release.id * SECONDS_PER_ID
    shown: dict[str, Any] = {
        "id": release.id,
        "status": "Accepted",
        "year": release.year,
        "resource_url": f"{visit.base}/releases/{release.id}",
        "uri": f"https://www.discogs.com/release/{release.id}",
        "artists": [_artist_json(visit, credit) for credit in release.artists],
        "artists_sort": release.artist,
        "labels": _labels_json(visit, release),
        "series": [],
        "companies": [],
        "formats": [_format_json(part) for part in release.kind.parts],
        "data_quality": "Needs Vote" if release.number % 3 else "Correct",
        "community": _community_json(visit, release),
        "format_quantity": sum(part.quantity for part in release.kind.parts),
        "date_added": moment(added),
        "date_changed": moment(added + release.number * 100),
        **_market_json(visit, [release.number]),
        **_master_json(visit, release),
        "title": release.title,
        "country": release.country,
        "released": rest.released,
        "notes": rest.notes,
        "released_formatted": rest.released_formatted,
        "identifiers": _identifiers_json(rest.barcode, rest.matrix),
        "videos": _videos_json(release, rest.video_ids),
        "genres": [release.genre],
        "styles": list(release.styles),
        "tracklist": _tracklist_json(rest.tracks),
        "extraartists": [_artist_json(visit, credit, role) for role, credit in rest.credits],
        "images": image_json(visit, release),
        "thumb": cover_url(visit, release),
        "estimated_weight": 230,
        "blocked_from_sale": False,
        "is_offensive": False,
    }
    # What is empty is left out, as in the recorded answers.
    left_out = [name for name in ("styles", "released", "notes") if not shown[name]]
    return {name: value for name, value in shown.items() if name not in left_out}


def basic_json(visit: Visit, release: Release) -> dict[str, Any]:
    """`basic_information`: what wants and collections tell of a release."""
    master = release.master_id
    return {
        "id": release.id,
        "master_id": master or 0,
        "master_url": f"{visit.base}/masters/{master}" if master else None,
        "resource_url": f"{visit.base}/releases/{release.id}",
        "title": release.title,
        "year": release.year,
        "formats": [_format_json(part) for part in release.kind.parts],
        "artists": [_artist_json(visit, credit) for credit in release.artists],
        "labels": _labels_json(visit, release),
        "thumb": cover_url(visit, release),
        "cover_image": cover_url(visit, release),
        "genres": [release.genre],
        "styles": list(release.styles),
    }


def master_json(visit: Visit, pressings: list[Release]) -> dict[str, Any]:
    """A master, told by its pressings, the first one first."""
    main, newest = pressings[0], max(pressings, key=lambda release: release.year)
    rest = printed(visit.world.catalogue, main)
    master = f"{visit.base}/masters/{main.master_id}"
    return {
        "id": main.master_id,
        "main_release": main.id,
        "most_recent_release": newest.id,
        "resource_url": master,
        "uri": f"https://www.discogs.com/master/{main.master_id}",
        "versions_url": f"{master}/versions",
        "main_release_url": f"{visit.base}/releases/{main.id}",
        "most_recent_release_url": f"{visit.base}/releases/{newest.id}",
        **_market_json(visit, [release.number for release in pressings]),
        "images": image_json(visit, main),
        "genres": [main.genre],
        "styles": list(main.styles),
        "year": main.year,
        "tracklist": _tracklist_json(rest.tracks),
        "artists": [_artist_json(visit, credit) for credit in main.artists],
        "title": main.title,
        "data_quality": "Correct",
        "videos": _videos_json(main, rest.video_ids),
    }


def version_json(visit: Visit, release: Release) -> dict[str, Any]:
    """One line of GET /masters/{id}/versions."""
    descriptions = [word for part in release.kind.parts for word in part.descriptions]
    return {
        "id": release.id,
        "label": ", ".join(release.labels),
        "country": release.country,
        "title": release.title,
        "major_formats": list(dict.fromkeys(part.name for part in release.kind.parts)),
        "format": ", ".join(ABBREVIATIONS.get(word, word) for word in descriptions),
        "catno": ", ".join(release.catalogue_numbers),
        "released": printed(visit.world.catalogue, release).released,
        "status": "Accepted",
        "resource_url": f"{visit.base}/releases/{release.id}",
        "thumb": cover_url(visit, release),
        "stats": stats_json(visit, release),
    }


def rating_json(release: Release) -> dict[str, Any]:
    """How those who rated it liked it."""
    return {"count": release.have // 7, "average": round(release.rating, 2)}


def _community_json(visit: Visit, release: Release) -> dict[str, Any]:
    submitter = {"username": "digger", "resource_url": f"{visit.base}/users/digger"}
    return {
        "have": release.have,
        "want": release.want,
        "rating": rating_json(release),
        "submitter": submitter,
        "contributors": [submitter],
        "data_quality": "Needs Vote",
        "status": "Accepted",
    }


def _market_json(visit: Visit, releases: Iterable[int]) -> dict[str, Any]:
    shown_in = visit.currency or CURRENCIES["USD"]
    prices = [
        converted(listing.price, seller.currency, shown_in)
        for release in releases
        for seller, listing in visit.world.copies(release)
    ]
    lowest = round(min(prices), shown_in.decimals) if prices else None
    return {"num_for_sale": len(prices), "lowest_price": lowest}


def _master_json(visit: Visit, release: Release) -> dict[str, Any]:
    if release.master_id is None:
        return {}
    url = f"{visit.base}/masters/{release.master_id}"
    return {"master_id": release.master_id, "master_url": url}


def _artist_json(visit: Visit, credit: Credit, role: str = "") -> dict[str, Any]:
    return {
        "name": credit.name,
        "anv": "",
        "join": credit.join,
        "role": role,
        "tracks": "",
        "id": credit.id,
        "resource_url": f"{visit.base}/artists/{credit.id}",
    }


def _labels_json(visit: Visit, release: Release) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "catno": catalogue_number,
            "entity_type": "1",
            "entity_type_name": "Label",
            "id": number,
            "resource_url": f"{visit.base}/labels/{number}",
        }
        for name, number, catalogue_number in zip(
            release.labels, release.label_ids, release.catalogue_numbers, strict=True
        )
    ]


def _format_json(part: Part) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": part.name, "qty": str(part.quantity)}
    if part.descriptions:
        shown["descriptions"] = list(part.descriptions)
    if part.text:
        shown["text"] = part.text
    return shown


def _identifiers_json(barcode: str, matrix: str) -> list[dict[str, str]]:
    engraved = {"type": "Matrix / Runout", "value": matrix, "description": "A-side"}
    return [{"type": "Barcode", "value": barcode}, engraved] if barcode else [engraved]


def _videos_json(release: Release, video_ids: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "uri": f"https://www.youtube.com/watch?v={video_id}",
            "title": f"{release.artist} - {release.title}",
            "description": "",
            "duration": 180 + n * 60,
            "embed": True,
        }
        for n, video_id in enumerate(video_ids)
    ]


def _tracklist_json(tracks: list[Track]) -> list[dict[str, str]]:
    return [
        {
            "position": track.position,
            "type_": "track",
            "title": track.title,
            "duration": track.duration,
        }
        for track in tracks
    ]
