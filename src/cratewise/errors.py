"""Every error of Cratewise, as one tree; each message is a sentence for whoever reads it.

CratewiseError
├── SettingError            a setting makes no sense
├── MoneyError              a price or a currency makes no sense
│   └── UnknownCurrency
├── RatesUnavailable        the currencies' rates cannot be read or fetched
├── PresetError             a keeper rule makes no sense
├── UnreadSeller            nothing of a seller is kept yet
├── StoreError              the database cannot do what was asked
│   ├── StoreUnavailable    not reachable, or locked for too long
│   ├── StoreFull           no space left
│   └── SchemaMismatch      the schema is newer than this program
├── DiscogsError            Discogs, or the way to it, refused
│   ├── DiscogsUnreachable  no network, no name, no answer in time
│   ├── DiscogsBroken       an answer that is none: 5xx, HTML, cut-off JSON
│   ├── RateLimited         429
│   ├── NotAuthenticated    401: token missing, wrong or revoked
│   ├── NotAllowed          403
│   ├── NotFound            404
│   │   └── UnknownSeller   no such user, or deleted
│   │       └── ImpossibleName
│   ├── InvalidRequest      422 and other 4xx
│   └── WaitAbandoned       we were told to stop while waiting for Discogs
├── PullError               a pull cannot begin or go on
│   ├── SellerSuspended
│   └── PullStopped         interrupted; what was read is kept
├── BadListing              one listing makes no sense; it costs itself alone
├── UnknownJob              never asked for, or long over
├── ExportFailed            a file cannot be written
└── ImportRefused           a file is not what it should be
    └── WrongColumns

What a program needs of an error is an attribute of it; what an HTTP client or a
shell is told is decided at the doors (`api`, `cli`).
"""

import shlex
from collections.abc import Sequence
from pathlib import Path


class CratewiseError(Exception):
    """Anything that Cratewise can say no with."""


class SettingError(CratewiseError):
    """A setting makes no sense."""

    def __init__(self, name: str, problem: str) -> None:
        self.name = name
        super().__init__(f"{name}: {problem}")


class MoneyError(CratewiseError):
    """A price or a currency makes no sense."""


class UnknownCurrency(MoneyError):
    """Not one of the currencies that we can count in."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        super().__init__(f"{currency!r} is not a currency that Cratewise knows.")


class RatesUnavailable(CratewiseError):
    """The currencies' rates cannot be read or fetched; those known before still hold."""


class PresetError(CratewiseError):
    """A keeper rule makes no sense."""


class UnreadSeller(CratewiseError):
    """A seller of whom nothing is kept: misspelt, or never pulled.

    similar  kept sellers whose names are nearly so, the nearest first.
    """

    def __init__(self, seller: str, similar: Sequence[str] = ()) -> None:
        self.seller = seller
        self.similar = tuple(similar)
        meant = f"  Did you mean {' or '.join(self.similar)}?" if similar else ""
        super().__init__(
            f"Nothing of the seller {seller!r} is kept; "
            f"`cratewise pull {shlex.quote(seller)}` reads their stock.{meant}"
        )


class StoreError(CratewiseError):
    """The database cannot do what was asked of it."""


class StoreUnavailable(StoreError):
    """The database does not answer, or stays locked by another process."""


class StoreFull(StoreError):
    """No space is left where the database lies."""


class SchemaMismatch(StoreError):
    """The database was written by a newer Cratewise."""


class DiscogsError(CratewiseError):
    """Discogs, or the way to it, refused.

    status  the HTTP status, None when no answer came.
    """

    def __init__(self, sentence: str, *, status: int | None = None) -> None:
        self.status = status
        super().__init__(sentence)


class DiscogsUnreachable(DiscogsError):
    """No network, no name, or no answer in time."""


class DiscogsBroken(DiscogsError):
    """An answer that is none: a 5xx, an HTML page, a body cut off."""


class RateLimited(DiscogsError):
    """Discogs asked us to slow down."""

    def __init__(self, retry_in_seconds: float) -> None:
        self.retry_in_seconds = retry_in_seconds
        super().__init__(
            f"Discogs asks us to wait {retry_in_seconds:.0f} s before asking again.", status=429
        )


class NotAuthenticated(DiscogsError):
    """The token is missing, wrong or revoked."""


class NotAllowed(DiscogsError):
    """Discogs does not let us see or do this."""


class NotFound(DiscogsError):
    """Discogs has no such thing."""


class UnknownSeller(NotFound):
    """Nobody of that name sells on Discogs, or the account was deleted."""

    def __init__(self, seller: str) -> None:
        self.seller = seller
        super().__init__(
            f"Discogs knows no seller {seller!r}: check the spelling, "
            "or the account was deleted or renamed.",
            status=404,
        )


class ImpossibleName(UnknownSeller):
    """No seller can be called so; Discogs was not asked."""

    def __init__(self, seller: str) -> None:
        self.seller = seller
        NotFound.__init__(
            self,
            f"{seller!r} cannot be a seller's name: give it as it stands in the shop's address, "
            "such as alice in www.discogs.com/seller/alice.",
        )


class InvalidRequest(DiscogsError):
    """Discogs did not understand what we asked."""


class WaitAbandoned(DiscogsError):
    """Whoever waited for Discogs was told to stop."""

    def __init__(self) -> None:
        super().__init__("Stopped while waiting for Discogs; nothing was lost.")


class PullError(CratewiseError):
    """A pull cannot begin or go on."""


class SellerSuspended(PullError):
    """Discogs has suspended this seller's marketplace account."""

    def __init__(self, seller: str) -> None:
        self.seller = seller
        super().__init__(
            f"Discogs has suspended {seller!r} from selling: there is no stock to read."
        )


class PullStopped(PullError):
    """A pull was interrupted; what it read is kept, and it can be taken up again."""

    def __init__(self, seller: str, pull_id: int) -> None:
        self.seller = seller
        self.pull_id = pull_id
        super().__init__(
            f"The pull of {seller!r} was stopped; what was read is kept. "
            "Pull again to go on where it stopped."
        )


class BadListing(CratewiseError):
    """One listing of a page or of a file makes no sense; the others do."""


class UnknownJob(CratewiseError):
    """No such job: never asked for, or over for so long that it was forgotten."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(f"There is no job {job_id!r}: it is long over, or was never asked for.")


class ExportFailed(CratewiseError):
    """A file cannot be written; under its name stands what stood there before."""

    def __init__(self, path: Path, problem: str) -> None:
        self.path = path
        super().__init__(f"{path} cannot be written: {problem}.")


class ImportRefused(CratewiseError):
    """A file is not what it should be."""


class WrongColumns(ImportRefused):
    """A file lacks columns that it should have: it is another kind of file.

    missing, found  names of columns.
    """

    def __init__(self, file: str, *, missing: Sequence[str], found: Sequence[str]) -> None:
        self.missing = tuple(missing)
        self.found = tuple(found)
        super().__init__(
            f"{file} is not Discogs' inventory export: it has no column {', '.join(missing)}; "
            f"found {', '.join(found)}."
        )
