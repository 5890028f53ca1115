"""What links a listing to whoever reads it: what they want, own, follow and kept.

A verdict is linked to no later one (credits.py), nor is a want or a record owned that
stands for a keep linked to itself: a model would learn nothing but that.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cratewise.learning.credits import Credits, Kept, Shared
from cratewise.store.described import Described, described_releases, mean_prices
from cratewise.store.followed import followed_by
from cratewise.store.judgements import standing_judgements
from cratewise.store.wants import owned_ids, wanted_ids
from cratewise.taste.columns import folded

if TYPE_CHECKING:
    from sqlalchemy import Connection

RARE = 50  # owners, or fewer
SOUGHT = 1.0  # wants for each owner, or more
FORMATS = ("file", "cassette", "cd", "vinyl")  # each better than those before it
NUMBERED = re.compile(r"^(.*?)(\d+)$")
VOLUME = re.compile(r"^(.*\D)(\d{1,3})(?!\d)")  # of four digits: a year, not a volume

Run = tuple[str, str, int]  # label or artist, what stands before the number, the number


@dataclass(frozen=True)
class Relating:
    """What an account wants, owns, follows and kept, ready to be compared with.

    artists  how many records are owned by each
    styles   of wants and records owned
    formats  the best format owned of each master
    runs     numbers that are owned, of labels' catalogues and of artists' titles
    followed_labels, followed_artists   their names, folded
    prices   mean price in US dollars of a release's copies for sale, where there are two
    kept     how many records were kept; credits: of those, None without a catalogue
    """

    wanted: frozenset[int]
    owned: frozenset[int]
    wanted_masters: frozenset[int]
    formats: Mapping[int, int]
    artists: Mapping[str, int]
    styles: frozenset[str]
    runs: frozenset[Run]
    followed_labels: frozenset[str]
    followed_artists: frozenset[str]
    prices: Mapping[int, float]
    kept: int
    credits: Credits | None

    @classmethod
    def of(
        cls,
        db: "Connection",
        account_id: int,
        catalog: Path | None = None,
        *,
        release_ids: Collection[int] | None = None,
    ) -> "Relating":
        """What is to be compared with, read once.

        catalog      its file; without one nobody is found in credits
        release_ids  those that will be asked about; None: any

        Raises BrokenCatalog.
        """
        wanted, owned = wanted_ids(db, account_id), owned_ids(db, account_id)
        told = described_releases(db, wanted | owned)
        has = [told[one] for one in sorted(owned) if one in told]
        wants = [told[one] for one in sorted(wanted) if one in told]
        formats: dict[int, int] = {}
        for one in has:
            if master := one["master_id"]:
                formats[master] = max(formats.get(master, -1), _format(one))
        styles = Counter(style for one in [*has, *wants] for style in one["styles"])
        follows = followed_by(db, account_id)
        kept = [
            Kept(one.release_id, one.listing.get("master_id"))
            for one in standing_judgements(db, account_id)
            if one.verdict == "keep"
        ]
        return cls(
            wanted=frozenset(wanted),
            owned=frozenset(owned),
            wanted_masters=frozenset(one["master_id"] for one in wants if one["master_id"]),
            formats=formats,
            artists=Counter(folded(one["artist"]) for one in has),
            styles=frozenset(style for style, count in styles.items() if count > 1),
            runs=frozenset(run for one in has for run in _runs(one)),
            followed_labels=frozenset(folded(one.name) for one in follows if one.kind == "label"),
            followed_artists=frozenset(folded(one.name) for one in follows if one.kind == "artist"),
            prices=mean_prices(db, release_ids),
            kept=len(kept),
            credits=Credits(catalog, kept) if kept and catalog and catalog.exists() else None,
        )

    def related(
        self,
        listings: Sequence[Described],
        *,
        is_weak: Sequence[bool] | None = None,
        kept_before: Sequence[int] | None = None,
        tells: bool = False,
    ) -> list[Described]:
        """The listings, each with what links it to the account under `relations`.

        is_weak      which are wants or records owned that stand for keeps: being so is what
                     makes them keeps, and must not be what is learnt of them
        kept_before  how many records were kept when each was judged; None: all that were
        tells        in words of their own where that says more, for whoever reads a few
        """
        weak = is_weak or [False] * len(listings)
        before = kept_before or [self.kept] * len(listings)
        shared: Sequence[Shared | None] = [None] * len(listings)
        if self.credits is not None:
            shared = self.credits.shared(listings, before, tells=tells)
        return [
            {**one, "relations": self._own_links(one) if hides else self._links(one, people)}
            for one, hides, people in zip(listings, weak, shared, strict=True)
        ]

    def _own_links(self, one: Mapping[str, Any]) -> dict[str, float]:
        """Of a want or a record owned, beside its being one."""
        count = self.artists.get(folded(one.get("artist")), 0) - (one["release_id"] in self.owned)
        return {"artist_owned": float(count)} if count > 0 else {}

    def _links(self, one: Mapping[str, Any], people: Shared | None) -> dict[str, Any]:
        links: dict[str, Any] = {
            "cheap_for_it": self._cheapness(one),
            "rare_and_sought": _rarity(one),
            "shared_credits": people.people if people else 0,
        }
        if self.followed_labels or self.followed_artists:
            links |= self._follows(one)
        if self.wanted or self.owned:
            links |= self._collected(one)
        told = {name: float(value) for name, value in links.items() if value}
        if people and people.words:
            return {**told, "told": {"shared_credits": people.words}}
        return told

    def _follows(self, one: Mapping[str, Any]) -> dict[str, float]:
        labels = (folded(name) for name in (one.get("label") or "").split(", "))
        return {
            "label_followed": any(name in self.followed_labels for name in labels),
            "artist_followed": folded(one.get("artist")) in self.followed_artists,
        }

    def _collected(self, one: Mapping[str, Any]) -> dict[str, float]:
        release, master = one["release_id"], one.get("master_id")
        links: dict[str, float] = {
            "wanted": release in self.wanted,
            "another_pressing": master in self.wanted_masters and release not in self.wanted,
            "artist_owned": self.artists.get(folded(one.get("artist")), 0),
            "run_gap": release not in self.owned and self._fills_a_gap(one),
            "styles_shared": self._styles_shared(one),
        }
        if master is not None and master in self.formats and release not in self.owned:
            links["better_format"] = _format(one) > self.formats[master]
            year, first = one.get("year"), one.get("original_year")
            links["original"] = bool(year) and year == first
        return links

    def _fills_a_gap(self, one: Mapping[str, Any]) -> bool:
        return any(
            (label, prefix, number - 1) in self.runs and (label, prefix, number + 1) in self.runs
            for label, prefix, number in _runs(one)
        )

    def _styles_shared(self, one: Mapping[str, Any]) -> float:
        styles = one.get("styles") or []
        return sum(style in self.styles for style in styles) / max(1, len(styles))

    def _cheapness(self, one: Mapping[str, Any]) -> float:
        """ln(usual / own) price, where it is below what its copies cost in the mean."""
        import math

        usual, own = self.prices.get(one["release_id"]), one.get("price")
        return math.log(usual / own) if usual and own and own < usual else 0.0


def _rarity(one: Mapping[str, Any]) -> float:
    want, have = one.get("want") or 0, one.get("have")
    if have is None or have > RARE or want < SOUGHT * max(1, have):
        return 0.0
    return float(want / max(1, have))


def _format(one: Mapping[str, Any]) -> int:
    """The place of its format in FORMATS; -1 for another."""
    told = (one.get("format") or "").lower()
    if any(name in told for name in ("vinyl", "lp", '12"', '10"', '7"')):
        return FORMATS.index("vinyl")
    found = [place for place, name in enumerate(FORMATS) if name in told]
    return max(found, default=-1)


def _runs(one: Mapping[str, Any]) -> Iterable[Run]:
    """Its numbers: "BC-02" of its label's catalogue, "Vol. 2" among its artist's titles."""
    labels = (one.get("label") or "").split(", ")
    numbers = (one.get("catalog_number") or "").split(", ")
    for label, number in zip(labels, numbers, strict=False):
        found = NUMBERED.match(number.strip())
        if label and found and len(found[2]) < 10:
            yield folded(label), folded(found[1]), int(found[2])
    found = VOLUME.match(one.get("title") or "")
    if found and one.get("artist"):
        yield f"by {folded(one['artist'])}", folded(found[1]), int(found[2])
