"""What the API's rooms work with: one installation's database, account, Discogs, jobs, rates."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from cratewise.clock import Clock
from cratewise.discogs.kept_pictures import KeptPictures
from cratewise.discogs.pictures import Pictures
from cratewise.durable import Desk
from cratewise.inventory.fresh_rates import known_rates
from cratewise.learning.libraries import load_libraries
from cratewise.notices import shown_since
from cratewise.rates import Rates
from cratewise.settings import Settings
from cratewise.shelf.find import Finder
from cratewise.shelf.suggest import Suggestions
from cratewise.store.accounts import Account
from cratewise.store.predictions import Predictions

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.client import Discogs
    from cratewise.discogs.connect import Asked
    from cratewise.discogs.credential import Credential
    from cratewise.discogs.quota import Quota
    from cratewise.worker import Worker

T = TypeVar("T")

KEPT_SECONDS = 30.0  # rates and quota: another process may fetch rates, or connect a token


class Installation:
    """Everything that a request may need; any thread may use it.

    open_account   as whom a request is done, as the account stands now.  Raises NotSignedIn.
    open_operator  who runs the installation: the same, unless many sign in.
    open_discogs   Discogs for an account's id, with its credential if it has one.
    open_discogs_as  with a credential that is not kept yet, or with none.
    open_desk      where jobs are asked for; opened when somebody asks for the first.
    launch_worker  begins to work jobs in this process; None: others do.
    fixed          'currency', 'country': what the environment tells, so that nobody can change it.
    """

    def __init__(
        self,
        engine: "Engine",
        settings: Settings,
        *,
        open_account: Callable[[], Account],
        open_operator: Callable[[], Account],
        open_discogs: Callable[[int], AbstractContextManager["Discogs"]],
        open_discogs_as: Callable[["Credential | None"], AbstractContextManager["Discogs"]],
        open_desk: Callable[[], Desk],
        clock: Clock,
        launch_worker: Callable[[Finder], "Worker"] | None = None,
        fixed: frozenset[str] = frozenset(),
    ) -> None:
        self.engine = engine
        self.settings = settings
        self.account = open_account
        self._open_operator = open_operator
        self.open_discogs = open_discogs
        self.open_discogs_as = open_discogs_as
        self.clock = clock
        self.fixed = fixed
        self.worker: Worker | None = None
        self.is_closing = threading.Event()
        self.predictions: dict[int, Predictions] = {}  # by account; as read last
        self.covers = KeptPictures(
            settings.data_dir / "covers", Pictures(settings.discogs_api_url, clock)
        )
        self.begun_oauth: dict[int, Asked] = {}  # by account; worth 15 minutes
        self.finder = Finder(engine, clock, settings.shelf_file)
        self.suggestions = Suggestions(engine, clock)
        self._libraries: threading.Thread | None = None
        self._desk: Desk | None = None
        self._open_desk, self._opening = open_desk, threading.Lock()
        self._launch_worker = launch_worker
        self._rates = _Kept(lambda: known_rates(engine), clock)
        self._quota = _Kept(self._open_quota, clock)

    @property
    def is_to_work(self) -> bool:
        """Whether this process works jobs, now or in a moment."""
        return self._launch_worker is not None

    @property
    def desk(self) -> Desk:
        """Where jobs are asked for.  Raises StoreUnavailable, StoreFull."""
        with self._opening:
            if self._desk is None:
                self._desk = self._open_desk()
            return self._desk

    def begin(self) -> None:
        """Begin what the first answers need not wait for: worker, shelf, names, libraries.

        It takes half as long as all that answers need.  Raises StoreUnavailable, StoreFull.
        """
        import cratewise.discogs.wire  # noqa: F401 - else whoever asks Discogs first waits for it

        if self._launch_worker is not None:
            self.worker = self._launch_worker(self.finder)
        self.finder.begin()
        self.suggestions.begin()
        self._libraries = load_libraries(self.engine)

    def close(self) -> None:
        """End what was begun, the worker first: its jobs go back into their queues."""
        if self.worker is not None:
            self.worker.stop()
        self.finder.close()
        self.suggestions.close()
        if self._libraries is not None:
            self._libraries.join()
        if self._desk is not None:
            self._desk.close()

    def rates(self) -> Rates:
        """The currency rates that are known; asks no bank."""
        return self._rates.get()

    def hides_stale(self, account: Account) -> bool:
        """Whether this account is shown no old price: the installation's wish, or its own."""
        return self.settings.stale_prices == "hide" or account.hides_stale

    def priced_since(self, account: Account) -> datetime | None:
        """When a price must have been read to be shown or reckoned with; None: at any time."""
        return shown_since(self.clock.now()) if self.hides_stale(account) else None

    def forget_rates(self) -> None:
        """Read them anew: newer ones were fetched."""
        self._rates.forget()

    def quota(self) -> "Quota":
        """The quota that this installation's requests to Discogs wait for."""
        return self._quota.get()

    def forget_quota(self) -> None:
        """Read it anew: with a token Discogs allows more."""
        self._quota.forget()

    def _open_quota(self) -> "Quota":
        with self.open_discogs(self._open_operator().id) as discogs:
            return discogs.quota


class _Kept(Generic[T]):
    """What is dear to open, kept for a while."""

    def __init__(self, open_it: Callable[[], T], clock: Clock) -> None:
        self._open_it = open_it
        self._clock = clock
        self._kept: tuple[T, float] | None = None  # and when it was opened

    def get(self) -> T:
        now = self._clock.monotonic()
        kept = self._kept
        if kept is None or now - kept[1] > KEPT_SECONDS:
            kept = self._kept = (self._open_it(), now)
        return kept[0]

    def forget(self) -> None:
        self._kept = None


Here = NamedDependency[SkipValidation[Installation]]
