"""How a topic of the features is told of one listing, in a few words."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cratewise.grades import Grade
from cratewise.taste.columns import Columns
from cratewise.taste.relations import RELATIONS


@dataclass(frozen=True)
class Facts:
    """What can be said of one listing; NaN where unknown.

    usual_price  of its label's listings, else of its artist's; the listings' currency
    """

    listings: Columns
    row: int
    usual_price: float = math.nan

    def number(self, name: str) -> float:
        return float(getattr(self.listings, name)[self.row])

    @property
    def related(self) -> Mapping[str, Any]:
        return self.listings.relations[self.row]


def clause(topic: str, facts: Facts, is_good: bool) -> str:
    """The topic in a few words; "" when it is about what the listing is not or lacks."""
    if topic in _TOPICS:
        return _TOPICS[topic](facts, is_good)
    kind, _, name = topic.partition(" ")
    return _KINDS[kind](name, facts) if kind in _KINDS else ""


def _style(name: str, facts: Facts) -> str:
    row = facts.row
    if name.startswith("genre "):
        genre = name.removeprefix("genre ")
        return genre.lower() if genre in facts.listings.genre[row] else ""
    return name.lower() if name in facts.listings.style[row] else ""


def _relation(name: str, facts: Facts) -> str:
    count = facts.related.get(name)
    if not count:
        return ""
    words = facts.related.get("told", {}).get(name) or RELATIONS[name][2]
    return str(words).format(count=count)


def _word(word: str, facts: Facts) -> str:
    return f"“{word}”" if word in _words(facts) else ""


def _words(facts: Facts) -> str:
    one, row = facts.listings, facts.row
    parts = [one.artist[row], one.title[row], one.label[row], *one.genre[row], *one.style[row]]
    return " ".join(parts).lower()


def _price(facts: Facts, is_good: bool) -> str:
    price, usual = facts.number("price"), facts.usual_price
    if math.isnan(price):
        return ""
    ratio = price / usual if usual > 0 else math.nan
    for least, most, words in (
        (0, 0.4, "a third of its usual price or less"),
        (0.4, 0.6, "half its usual price"),
        (0.6, 0.85, "below its usual price"),
        (1.2, 1.8, "above its usual price"),
        (1.8, math.inf, f"{ratio:.0f} times its usual price"),
    ):
        # A bargain can speak against a record, but then the price alone is worth telling.
        if least <= ratio < most and is_good == (most <= 1):
            return words
    return f"price {price:.2f}"


def _demand(facts: Facts, _: bool) -> str:
    want, have = facts.number("want"), facts.number("have")
    if math.isnan(want) or math.isnan(have):
        return ""
    return f"{want:,.0f} want it, {have:,.0f} own it"


def _year(facts: Facts, _: bool) -> str:
    year = facts.number("year")
    return "" if math.isnan(year) else f"from {year:.0f}"


def _grade(facts: Facts, _: bool) -> str:
    grade = facts.number("grade")
    return "" if math.isnan(grade) else f"{Grade(int(grade)).short} media"


def _near(what: str) -> Callable[[Facts, bool], str]:
    return lambda _, is_good: f"{what} {'near' if is_good else 'far from'} your keeps"


_TOPICS: Mapping[str, Callable[[Facts, bool], str]] = {
    "price": _price,
    "demand": _demand,
    "year": _year,
    "grade": _grade,
    "artist: standing": lambda _, is_good: (
        "an artist about as known as your keeps" if is_good else "how known the artist is"
    ),
    "artist: company": _near("artist"),
    "artist: places": lambda _, __: "where the artist's records came out",
    "label: standing": lambda _, is_good: (
        "a label about as known as your keeps'" if is_good else "how known the label is"
    ),
    "label: company": _near("label"),
    "label: places": lambda _, __: "where the label's records came out",
    "company of its styles": _near("styles"),
}

# Topics that name what they are about: "style: Dub Techno", "country UK".
_KINDS: Mapping[str, Callable[[str, Facts], str]] = {
    "style:": _style,
    "relation:": _relation,
    "country": lambda name, facts: (
        f"from {name}" if name in facts.listings.country[facts.row] else ""
    ),
    "format": lambda name, facts: name if name in facts.listings.format[facts.row] else "",
    "word": _word,
}
