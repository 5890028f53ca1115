"""Fill a shop: draw the listings of a seller from the catalogue.

A shop favours some genres, lists in batches (a CSV upload gives hundreds the same
second), prices in steps, and has copies of what others have too.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from . import words
from .catalogue import Catalogue
from .currencies import Currency
from .market import Floats, Integers
from .stock import Listing
from .taxonomy import GENRES

OPENED = int(datetime(2007, 10, 1, tzinfo=UTC).timestamp())  # the first listing of all
TODAY = int(datetime(2026, 9, 1, 12, tzinfo=UTC).timestamp())  # the last one of a new world
# Ids grow with time and pass 2^32 in the last weeks before TODAY.  Their rest by
# SELLERS_AT_MOST is the seller's place in the world, so no two shops share one.
NEWEST_ID = 4_380_000_000
SELLERS_AT_MOST = 256

MEDIA_SHARES = (0.06, 0.24, 0.38, 0.19, 0.07, 0.04, 0.01, 0.01)
MEDIA_WORTH = np.array((1.35, 1.15, 1.0, 0.7, 0.5, 0.35, 0.2, 0.15))


class Shop:
    """Draws listings for one seller; the same seed and name draw the same."""

    def __init__(
        self, catalogue: Catalogue, currency: Currency, seed: Sequence[int], place: int
    ) -> None:
        self._random = np.random.default_rng(seed)
        self._catalogue = catalogue
        self._currency = currency
        self._place = place
        self._next_slot = 0
        taste = self._random.gamma(0.6, size=len(GENRES)) + 0.15
        self._shelves = np.cumsum(catalogue.popularity(taste))
        self._dearness = float(self._random.lognormal(0.1, 0.25))
        self._offer_share = float(self._random.uniform(0.2, 0.9))
        self._postage = float(self._random.uniform(3, 9)) * currency.per_dollar
        self._posts_prices = bool(self._random.random() < 0.6)

    def open(self, count: int) -> list[Listing]:
        """The stock of the first day, in batches over the years, most of them recent."""
        if count == 0:
            return []
        sizes = self._random.geometric(1 / max(8, min(count // 40, 400)), size=count)
        batch = np.repeat(np.arange(count), sizes)[:count]
        ages = self._random.exponential(2.2 * 365 * 86_400, size=int(batch[-1]) + 1)
        begun = np.sort(TODAY - np.minimum(ages, TODAY - OPENED).astype(np.int64))[batch]
        is_upload = self._random.random(count)[batch] < 0.5
        pause = np.where(is_upload, 0, self._random.integers(20, 90, size=count))
        since_batch = np.cumsum(pause)
        since_batch -= since_batch[np.searchsorted(batch, batch)]
        return self._listings(np.minimum(np.maximum.accumulate(begun + since_batch), TODAY))

    def restock(self, count: int, after: int) -> list[Listing]:
        """`count` more listings, one upload a minute after the newest so far."""
        posted = np.full(count, max(after, TODAY) + 60, dtype=np.int64)
        return self._listings(posted)

    def reprice(self, listing: Listing) -> float:
        """Another price for a listing, up to a third less or a fifth more."""
        while True:
            moved = listing.price * self._random.uniform(0.67, 1.2, size=1)
            price = float(self._in_steps(moved)[0])
            if price != listing.price:
                return price

    def pick(self, numbers: Sequence[int], count: int) -> list[int]:
        """`count` different ones of these numbers, or all if there are fewer."""
        size = min(count, len(numbers))
        return [numbers[i] for i in self._random.choice(len(numbers), size=size, replace=False)]

    def _listings(self, posted: Integers) -> list[Listing]:
        n, random = len(posted), self._random
        release = np.minimum(
            np.searchsorted(self._shelves, random.random(n)), len(self._catalogue) - 1
        )
        media = random.choice(len(MEDIA_SHARES), size=n, p=MEDIA_SHARES)
        # The index takes most listings up at once, some a while later: so the order of
        # `listed` is not quite that of `posted`.
        lag = np.where(random.random(n) < 0.02, random.integers(30, 1_200, size=n), 0)
        return [
            Listing._make(row)
            for row in zip(
                self._ids(posted),
                release.tolist(),
                self._prices(release, media).tolist(),
                media.tolist(),
                _sleeves(random, media).tolist(),
                words.chosen(random, words.COMMENTS, n),
                posted.tolist(),
                (posted + lag).tolist(),
                (random.random(n) < self._offer_share).tolist(),
                (random.random(n) < 0.06).tolist(),
                self._shipping(n),
                strict=True,
            )
        ]

    def _ids(self, posted: Integers) -> list[int]:
        """Ids that grow with the time of posting, each of them once."""
        if len(posted) == 0:
            return []
        slots_per_second = NEWEST_ID / SELLERS_AT_MOST / (TODAY - OPENED)
        wanted = ((posted - OPENED) * slots_per_second).astype(np.int64)
        wanted = np.maximum(wanted, self._next_slot)
        steps = np.arange(len(wanted))
        slots = np.maximum.accumulate(wanted - steps) + steps
        self._next_slot = int(slots[-1]) + 1
        return [int(slot) for slot in slots * SELLERS_AT_MOST + self._place]

    def _prices(self, release: Integers, media: Integers) -> Floats:
        noise = self._random.lognormal(0, 0.3, size=len(release))
        dollars = self._catalogue.worth[release] * MEDIA_WORTH[media] * self._dearness * noise
        return self._in_steps(dollars * self._currency.per_dollar)

    def _in_steps(self, amounts: Floats) -> Floats:
        """Amounts as people write them: 4.99, 5.00, 40.00; seldom 5.37."""
        currency = self._currency
        step = np.where(amounts > 60 * currency.step, 10 * currency.step, currency.step)
        stepped = np.maximum(np.round(amounts / step), 1) * step
        style = self._random.random(len(amounts))
        just_below = stepped - 10.0**-currency.decimals * (currency.decimals > 0)
        written = np.where(style < 0.5, just_below, np.where(style < 0.9, stepped, amounts))
        least = currency.step / 2
        return np.asarray(np.round(np.maximum(written, least), currency.decimals), dtype=np.float64)

    def _shipping(self, n: int) -> list[float | None]:
        if not self._posts_prices:
            return [None] * n
        known = self._random.random(n) < 0.9
        postage = round(self._postage, self._currency.decimals)
        return [postage if is_known else None for is_known in known.tolist()]


def _sleeves(random: np.random.Generator, media: Integers) -> Integers:
    """Sleeves near their records' grade; some generic (8), not graded (9) or missing (10)."""
    near = np.clip(media + random.integers(-1, 3, size=len(media)), 0, 7)
    other = random.choice((8, 9, 10), size=len(media), p=(0.55, 0.3, 0.15))
    return np.where(random.random(len(media)) < 0.13, other, near)
