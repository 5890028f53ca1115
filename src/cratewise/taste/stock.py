"""What a whole stock tells about each of its listings: the features, every column named.

Nobody has to judge anything for it.  Reading a stock learns its words (vocabulary.py),
a map of who is found beside whom (company.py) and a profile of every artist and label
(profiles.py).  A listing is then seen as its own columns beside its artist's and its
label's, each scaled to the stock's mean and spread and clipped, and each block of
columns brought to a weight of its own, the same for every stock and every listener.

An artist or a label that is not in the stock is known by the one listing at hand.  Of a
stock that is read in part, what is known at large completes the profiles (at_large.py).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cratewise.taste import columns, profiles, relations
from cratewise.taste.at_large import NOBODY, AtLarge, widened
from cratewise.taste.column import Column
from cratewise.taste.columns import Columns, Listing
from cratewise.taste.company import DEPTH, Company
from cratewise.taste.names import Names
from cratewise.taste.own import NUMBERS, PRICES, Usual, own_columns, own_numbers
from cratewise.taste.remembered import Remembered
from cratewise.taste.view import Beside, Part, View
from cratewise.taste.vocabulary import Marked, Vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]

# How much each block of columns may say before anything is learnt.  What is stable over
# an artist's records counts most: 10 keeps are often 5 artists.  Found on 80 listeners
# of either pool; twice or half of any changes little (docs/LOG.md).
ARTIST = {"styles": 4.0, "places": 1.0, "numbers": 4.0, "company": 4.0}
LABEL = {"styles": 0.3, "places": 0.1, "numbers": 0.3, "company": 0.3}
OWN = {"styles": 0.2, "places": 0.2, "numbers": 0.2, "prices": 0.1, "company": 0.2}
RELATION = 4.0


class Stock:
    """A stock that was read whole; `view` shows listings through it."""

    def __init__(self, listings: Columns, at_large: AtLarge = NOBODY) -> None:
        self.words = Vocabulary.of(listings)
        self.artists = Names.among(listings.artist)
        self.labels = Names.among(listings.label)
        marked = self.words.mark(listings)
        artists, labels = self._codes(listings)
        sizes = (len(self.artists), len(self.labels))
        self.company = Company.of(marked, artists, labels, sizes)
        self.usual = Usual.of(listings, marked, artists, labels, sizes)
        self._scale(*self._own(listings, marked, artists, labels))
        company = self.company
        told = profiles.profiles(artists, marked, labels, company.artists)
        told = widened(told, _counts(artists, told), self.artists, self.words, at_large.artists)
        self._artist_part, self._artists = self._profiled(ARTIST, artists, told)
        told = profiles.profiles(labels, marked, artists, company.labels)
        told = widened(told, _counts(labels, told), self.labels, self.words, at_large.labels)
        self._label_part, self._labels = self._profiled(LABEL, labels, told)
        self._views: Remembered[View] = Remembered(lambda seen: self._view(columns.read(seen)))

    @property
    def columns(self) -> list[Column]:
        """Every column of `view`, in order: name, unit, meaning."""
        words = self.words
        return [
            *own_columns(words.styles, words.places, DEPTH),
            *profiles.columns("artist", "labels", words.styles, words.places, DEPTH),
            *profiles.columns("label", "artists", words.styles, words.places, DEPTH),
            *relations.COLUMNS,
        ]

    def view(self, listings: Sequence[Listing]) -> View:
        """The listings' features; remembered while `listings` lives.

        Raises UnreadableListing.
        """
        return self._views.of(listings)

    def show(self, listings: Sequence[Listing]) -> View:
        """As `view`, of a few listings that need not be remembered."""
        return self._view(columns.read(listings))

    def usual_price(self, listings: Columns) -> "Floats":
        """(n,) geometric mean price on each listing's label, else by its artist; NaN unknown."""
        import numpy as np

        usual = self.usual.of_listings(listings, *self._codes(listings))
        is_unknown = np.isnan(usual.price_of_label)
        return np.expm1(np.where(is_unknown, usual.price_of_artist, usual.price_of_label))

    def forget(self) -> None:
        """Let go of the listings last viewed."""
        self._views.forget()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_views"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._views = Remembered(lambda seen: self._view(columns.read(seen)))

    def _codes(self, listings: Columns) -> tuple["Codes", "Codes"]:
        return self.artists.codes(listings.artist), self.labels.codes(listings.label)

    def _scale(self, flags: Any, numbers: "Floats") -> None:
        """Learn the mean and spread of the listings' own columns."""
        import numpy as np

        widths = [len(self.words.styles), len(self.words.places)]
        weights = _weights(widths, [OWN["styles"], OWN["places"]])
        self._flags = Part.for_flags(flags, weights)
        widths = [len(NUMBERS), len(PRICES), DEPTH]
        weights = _weights(widths, [OWN["numbers"], OWN["prices"], OWN["company"]])
        self._numbers = Part.for_numbers(numbers, np.ones(len(numbers)), weights)

    def _profiled(
        self, weights: Mapping[str, float], codes: "Codes", table: "Floats"
    ) -> tuple[Part, "Singles"]:
        """How the profiles of artists (or labels) are scaled, and they themselves, scaled."""
        widths = profiles.widths(len(self.words.styles), len(self.words.places), DEPTH)
        shares = _weights(widths, list(weights.values()))
        part = Part.for_numbers(table, _counts(codes, table), shares)
        return part, part.scaled(table)

    def _view(self, listings: Columns) -> View:
        import numpy as np

        marked = self.words.mark(listings)
        artists, labels = self._codes(listings)
        flags, numbers = self._own(listings, marked, artists, labels)
        related = relations.relate(listings.relations) * np.float32(RELATION**0.5)
        company = self.company.near(marked, artists, labels)
        return View(
            flags=flags,
            flag_part=self._flags,
            numbers=self._numbers.scaled(numbers),
            artists=_beside(
                self._artist_part,
                self._artists,
                artists,
                _strangers(artists, marked, labels, company),
            ),
            labels=_beside(
                self._label_part,
                self._labels,
                labels,
                _strangers(labels, marked, artists, company),
            ),
            relations=related,
        )

    def _own(
        self, listings: Columns, marked: Marked, artists: "Codes", labels: "Codes"
    ) -> tuple[Any, "Floats"]:
        from scipy import sparse

        usual = self.usual.of_listings(listings, artists, labels)
        numbers = own_numbers(marked, usual, self.company.styles(marked))
        return sparse.hstack([marked.styles, marked.places], format="csr"), numbers


def read(listings: Sequence[Listing]) -> Stock:
    """The stock that these listings are; the work is done once while `listings` lives.

    Raises UnreadableListing.
    """
    return _stocks.of(listings)


def forget() -> None:
    """Let go of the stocks last read."""
    _stocks.forget()


_stocks: Remembered[Stock] = Remembered(lambda listings: Stock(columns.read(listings)))


def _strangers(codes: "Codes", marked: Marked, beside: "Codes", company: "Floats") -> "Floats":
    """(k, c) profiles of those whom the stock does not know, each by the one listing at hand."""
    import numpy as np

    strange = np.flatnonzero(codes < 0)
    few = marked.only(strange)
    return profiles.profiles(np.arange(len(strange)), few, beside[strange], company[strange])


def _beside(part: Part, table: "Singles", codes: "Codes", others: "Floats") -> Beside:
    """Where each listing's artist (or label) stands: strangers behind those of the table."""
    import numpy as np

    rows = codes.copy()
    rows[codes < 0] = len(table) + np.arange(len(others))
    return Beside(table, part.scaled(others), rows)


def _counts(codes: "Codes", table: "Floats") -> "Floats":
    """(m,) how many listings the stock has of each of a table."""
    import numpy as np

    return np.bincount(codes[codes >= 0], minlength=len(table)).astype(np.float64)


def _weights(widths: list[int], weights: list[float]) -> "Floats":
    """(sum of widths,): each block's weight shared evenly by its columns."""
    import numpy as np

    shares = [weight / max(1, width) for weight, width in zip(weights, widths, strict=True)]
    return np.repeat(shares, widths)
