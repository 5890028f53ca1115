"""Who made what this account kept: players, singers, writers, producers found again elsewhere.

A verdict may only be told by what was kept before it.  Were later keeps counted, the
hold-out would know what came, and a kept record would be linked to itself.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cratewise.catalog.lookup import Catalog, open_catalog

# By how a role begins.  Who presses, draws or photographs works for anybody: a mastering
# house alone would link half a stock.
CRAFTS = (
    *("Mastered", "Lacquer", "Plated", "Design", "Artwork", "Photography", "Layout", "Cover"),
    *("Graphics", "Illustration", "Painting", "Liner Notes", "Sleeve Notes", "Management"),
    *("A&R", "Coordinator", "Executive", "Legal", "Copyright", "Product Manager", "Text By"),
)
CALLED = {
    "Bass": "bassist",
    "Bass Guitar": "bassist",
    "Double Bass": "bassist",
    "Drums": "drummer",
    "Guitar": "guitarist",
    "Piano": "pianist",
    "Saxophone": "saxophonist",
    "Tenor Saxophone": "saxophonist",
    "Alto Saxophone": "saxophonist",
    "Trumpet": "trumpeter",
    "Percussion": "percussionist",
    "Vocals": "singer",
    "Lead Vocals": "singer",
    "Written-By": "writer",
    "Composed By": "composer",
    "Producer": "producer",
    "Remix": "remixer",
    "Mixed By": "mixer",
    "Engineer": "engineer",
}


NOBODY = frozenset({194, 355, 118_760})  # Discogs' Various, Unknown Artist, No Artist


class Kept(NamedTuple):
    """A record that was kept: its release, and its master when it has one."""

    release_id: int
    master_id: int | None


class Shared(NamedTuple):
    """How many people a listing shares with kept records; words: of the one most often kept."""

    people: int
    words: str


class Credits:
    """The people of records that were kept, in the order in which these were kept."""

    def __init__(self, path: Path, kept: Sequence[Kept]) -> None:
        self._path = path
        self._kept = kept
        self._places: dict[int, list[int]] = defaultdict(list)  # by person, in order
        with open_catalog(path) as catalog:
            roles = _music_of(catalog)
            told = catalog.credited(one.release_id for one in kept)
        for place, one in enumerate(kept):
            for person in set(_people(told.get(one.release_id, []), roles)):
                self._places[person].append(place)

    def shared(
        self, listings: Sequence[Mapping[str, Any]], before: Sequence[int], *, tells: bool = False
    ) -> list[Shared | None]:
        """What each listing shares with the first `before` records kept; None: nobody.

        tells  in words too, for whoever reads a few
        """
        if not self._places:
            return [None] * len(listings)
        with open_catalog(self._path) as catalog:
            # Another catalogue may be in use by now, which numbers roles in another way.
            roles = _music_of(catalog)
            told = catalog.credited(one["release_id"] for one in listings)
            return [
                self._of(catalog, roles, one, told[one["release_id"]], count, tells=tells)
                if one["release_id"] in told
                else None
                for one, count in zip(listings, before, strict=True)
            ]

    def _of(
        self,
        catalog: Catalog,
        roles: Mapping[int, str],
        one: Mapping[str, Any],
        credits: list[tuple[int, int]],
        before: int,
        *,
        tells: bool,
    ) -> Shared | None:
        counts = {}
        for person, role in _people(credits, roles).items():
            if person in self._places and (count := self._count(person, one, before)):
                counts[person] = (count, role)
        if not counts:
            return None
        if not tells:
            return Shared(len(counts), "")
        person, (count, role) = max(counts.items(), key=lambda item: (item[1][0], -item[0]))
        name = catalog.names([person]).get(person, "")
        return Shared(len(counts), _told(name, roles[role], count))

    def _count(self, person: int, one: Mapping[str, Any], before: int) -> int:
        """How many other records with them were kept before; of one music once."""
        return len(
            {
                kept.master_id or -kept.release_id
                for place in self._places[person]
                if place < before and not _is_same(kept := self._kept[place], one)
            }
        )


def _is_same(kept: Kept, one: Mapping[str, Any]) -> bool:
    same_master = kept.master_id is not None and kept.master_id == one.get("master_id")
    return same_master or kept.release_id == one["release_id"]


def _people(credits: list[tuple[int, int]], roles: Mapping[int, str]) -> dict[int, int]:
    """The first musical role of each person."""
    return {
        person: role
        for person, role in reversed(credits)
        if roles.get(role) and person not in NOBODY
    }


def _music_of(catalog: Catalog) -> dict[int, str]:
    """What each of its roles says of the music, by number."""
    return {number: _music(name) for number, name in catalog.roles.items()}


def _music(role: str) -> str:
    """The first part of a role that is about the music; "" when none is."""
    parts = (part.split("[")[0].strip() for part in role.split(","))
    return next((part for part in parts if part and not part.startswith(CRAFTS)), "")


def _told(name: str, role: str, count: int) -> str:
    who = CALLED.get(role, "")
    records = "a record" if count == 1 else f"{count} records"
    # Braces would be taken for a place to fill in.
    told = f"{who} {name}".strip() if who else f"{name} ({role})"
    return f"{told} of {records} you kept".replace("{", "(").replace("}", ")")
