"""What links a listing to whoever reads it: their wants and their collection.

Verdicts are not among the links: a record that was kept would be linked to itself, and
a model would learn nothing but that.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cratewise.store.described import Described, described_releases, mean_prices
from cratewise.store.wants import owned_ids, wanted_ids
from cratewise.taste.columns import folded

if TYPE_CHECKING:
    from sqlalchemy import Connection

RARE = 50  # owners, or fewer
SOUGHT = 1.0  # wants for each owner, or more
FORMATS = ("file", "cassette", "cd", "vinyl")  # each better than those before it
NUMBERED = re.compile(r"^(.*?)(\d+)$")

Run = tuple[str, str, int]  # label, what stands before the number, the number


@dataclass(frozen=True)
class Relating:
    """What an account wants and owns, ready to be compared with.

    artists  how many records are owned by each
    styles   of wants and records owned
    formats  the best format owned of each master
    prices   mean price in US dollars of a release's copies for sale, where there are two
    """

    wanted: frozenset[int]
    owned: frozenset[int]
    wanted_masters: frozenset[int]
    formats: Mapping[int, int]
    artists: Mapping[str, int]
    styles: frozenset[str]
    runs: frozenset[Run]
    prices: Mapping[int, float]

    @classmethod
    def of(cls, db: "Connection", account_id: int) -> "Relating":
        """What is to be compared with, read once."""
        wanted, owned = wanted_ids(db, account_id), owned_ids(db, account_id)
        told = described_releases(db, wanted | owned)
        has = [told[one] for one in sorted(owned) if one in told]
        wants = [told[one] for one in sorted(wanted) if one in told]
        formats: dict[int, int] = {}
        for one in has:
            if master := one["master_id"]:
                formats[master] = max(formats.get(master, -1), _format(one))
        styles = Counter(style for one in [*has, *wants] for style in one["styles"])
        return cls(
            wanted=frozenset(wanted),
            owned=frozenset(owned),
            wanted_masters=frozenset(one["master_id"] for one in wants if one["master_id"]),
            formats=formats,
            artists=Counter(folded(one["artist"]) for one in has),
            styles=frozenset(style for style, count in styles.items() if count > 1),
            runs=frozenset(run for one in has for run in _runs(one)),
            prices=mean_prices(db),
        )

    def related(
        self, listings: Sequence[Described], *, is_weak: Sequence[bool] | None = None
    ) -> list[Described]:
        """The listings, each with what links it to the account under `relations`.

        is_weak  which are wants or records owned that stand for keeps: being so is what makes
                 them keeps, and must not be what is learnt of them
        """
        weak = is_weak or [False] * len(listings)
        return [
            {**one, "relations": self._links(one, hides_itself=hides)}
            for one, hides in zip(listings, weak, strict=True)
        ]

    def _links(self, one: Mapping[str, Any], *, hides_itself: bool) -> dict[str, float]:
        release, master = one["release_id"], one.get("master_id")
        owned_of_artist = self.artists.get(folded(one.get("artist")), 0) if self.artists else 0
        if hides_itself:
            links = {"artist_owned": owned_of_artist - (release in self.owned)}
            return {name: float(value) for name, value in links.items() if value > 0}
        links_: dict[str, float] = {
            "cheap_for_it": self._cheapness(one),
            "rare_and_sought": _rarity(one),
        }
        if not self.wanted and not self.owned:
            return {name: value for name, value in links_.items() if value}
        links_ |= {
            "wanted": release in self.wanted,
            "another_pressing": master in self.wanted_masters and release not in self.wanted,
            "artist_owned": owned_of_artist,
            "run_gap": release not in self.owned and self._fills_a_gap(one),
            "styles_shared": self._styles_shared(one),
        }
        if master is not None and master in self.formats and release not in self.owned:
            links_["better_format"] = _format(one) > self.formats[master]
            year, first = one.get("year"), one.get("original_year")
            links_["original"] = bool(year) and year == first
        return {name: float(value) for name, value in links_.items() if value}

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
    labels = (one.get("label") or "").split(", ")
    numbers = (one.get("catalog_number") or "").split(", ")
    for label, number in zip(labels, numbers, strict=False):
        found = NUMBERED.match(number.strip())
        if label and found and len(found[2]) < 10:
            yield folded(label), folded(found[1]), int(found[2])
