"""What an alert found, as an Atom feed (RFC 4287)."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from xml.etree import ElementTree

from cratewise.notices import API_NOTICE, DATA_NOTICE, listing_url
from cratewise.store.stock import Listing

ATOM = "http://www.w3.org/2005/Atom"


class Entry(NamedTuple):
    """A listing, and when it was found."""

    listing: Listing
    found_at: datetime
    sentence: str


def atom(
    name: str, identity: str, address: str, entries: Iterable[Entry], updated_at: datetime
) -> bytes:
    """A feed, the newest first.

    identity  stays the same wherever it is read; address: where it was, whole or a path.
    """
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _put(feed, "title", f"Cratewise: {name}")
    _put(feed, "id", identity)
    _put(feed, "updated", _moment(updated_at))
    _put(feed, "rights", f"{DATA_NOTICE} {API_NOTICE}")
    ElementTree.SubElement(feed, f"{{{ATOM}}}link", {"rel": "self", "href": address})
    _put(ElementTree.SubElement(feed, f"{{{ATOM}}}author"), "name", "Cratewise")
    for one in entries:
        entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
        url = listing_url(one.listing.discogs_listing_id, one.listing.release_id)
        _put(entry, "title", f"{one.listing.artist} – {one.listing.title}")
        _put(entry, "id", f"{identity}#{one.listing.id}")
        _put(entry, "updated", _moment(one.found_at))
        _put(entry, "summary", f"{one.sentence} {DATA_NOTICE}")
        ElementTree.SubElement(entry, f"{{{ATOM}}}link", {"rel": "alternate", "href": url})
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _put(parent: ElementTree.Element, name: str, text: str) -> None:
    # XML has no way to write most control characters.
    plain = "".join(sign for sign in text if sign >= " " or sign in "\t\n\r")
    ElementTree.SubElement(parent, f"{{{ATOM}}}{name}").text = plain


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
