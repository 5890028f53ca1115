"""Ask Discogs: every question that Cratewise has, one method each.

discogs-sdk builds and signs the requests (wire.py); each waits for a slot of the quota
(transport.py), is asked again while that may help (patience.py), and ends in a
value of ours (answers.py) or an error of ours (refusals.py).  Many threads may
share one client.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

import httpx2

from cratewise import __version__
from cratewise.clock import Clock
from cratewise.discogs.answers import (
    Identity,
    InventoryPage,
    Page,
    Profile,
    folders_from,
    identity_from,
    page_from,
    profile_from,
)
from cratewise.discogs.credential import Credential, refuse_open_road, refuse_unsendable
from cratewise.discogs.names import user_path
from cratewise.discogs.patience import Patience
from cratewise.discogs.quota import Lane, Quota
from cratewise.discogs.transport import Asker, QuotaTransport, asking, road_to
from cratewise.errors import (
    DiscogsBroken,
    DiscogsError,
    NotFound,
    SettingError,
    UnknownSeller,
    WaitAbandoned,
)

USER_AGENT = f"Cratewise/{__version__} +https://github.com/cratewise/cratewise"
PAGE_SIZE = 100  # rows; the most that Discogs gives in one page
TIMEOUT_SECONDS = 30.0
BACKGROUND_PATIENCE_SECONDS = 7200.0  # outages of an hour are waited out
INTERACTIVE_PATIENCE_SECONDS = 10.0  # somebody looks at a screen meanwhile


class Discogs:
    """Discogs behind the installation's quota.

    api_url           https://api.discogs.com, or a server that answers as it does.
    credential        None: nobody in particular, 25 requests a minute.
    lane              whose requests are served first: "interactive" before "background".
    patience_seconds  how long background questions are asked again.
    on_trouble        hears of each failure, and in how many seconds it is tried again.

    Raises SettingError when the credential could be read on its way to `api_url`, or when
    discogs-sdk found one of its own in the environment; InvalidRequest for a token that
    cannot be sent.
    """

    def __init__(
        self,
        *,
        api_url: str,
        credential: Credential | None,
        quota: Quota,
        clock: Clock,
        timeout_seconds: float = TIMEOUT_SECONDS,
        patience_seconds: float = BACKGROUND_PATIENCE_SECONDS,
        user_agent: str = USER_AGENT,
        lane: Lane = "background",
        on_trouble: Callable[[DiscogsError, float], None] | None = None,
    ) -> None:
        # It takes 0.2 s to load, and who serves a page asks Discogs nothing at first.
        from cratewise.discogs.wire import Wire

        if credential is not None:
            refuse_open_road(api_url)
        refuse_unsendable(credential)
        self.lane: Lane = lane
        self.is_somebody = credential is not None
        self.on_trouble = on_trouble
        self.quota = quota
        self._clock = clock
        self.api_url = api_url
        self._patience_seconds = patience_seconds
        self._user_agent = user_agent
        self._is_interrupted = False
        self._trouble = ""
        self._transport = QuotaTransport(road_to(api_url), quota)
        self._http = httpx2.Client(transport=self._transport, timeout=timeout_seconds)
        self._wire = Wire(api_url, credential, self._http, user_agent)
        if credential is None and self._wire.auth_mode != "none":
            raise SettingError("DISCOGS_*", "unset these variables: they name a credential.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    @property
    def requests_sent(self) -> int:
        """Requests that left, those asked again too."""
        return self._transport.sent

    @property
    def remaining(self) -> int:
        """Requests that the quota would let through at once."""
        return self.quota.remaining()

    @property
    def trouble(self) -> str:
        """What is waited for instead of an answer, as a sentence; empty while Discogs answers."""
        return self.quota.trouble or self._trouble

    @contextmanager
    def interactive(self) -> Iterator[Self]:
        """Inside, this thread's questions go first and give up early: somebody waits."""
        mark = asking.set(Asker("interactive", INTERACTIVE_PATIENCE_SECONDS))
        try:
            yield self
        finally:
            asking.reset(mark)

    def interrupt(self) -> None:
        """Make every thread that waits here raise WaitAbandoned; requests under way end first."""
        self._is_interrupted = True
        self.quota.interrupt()

    def exchange(self, method: str, path: str, authorization: str) -> str:
        """One request of OAuth's, sent once; the answer as it came.  Raises DiscogsError."""
        headers = {"Authorization": authorization, "User-Agent": self._user_agent}
        answer = self._asked(lambda: self._wire.bare(method, path, headers))
        return str(answer)

    def identity(self) -> Identity:
        """Whose credential this is.  Raises NotAuthenticated."""
        return identity_from(self._get("/oauth/identity"))

    def profile(self, name: str) -> Profile:
        """Raises UnknownSeller, ImpossibleName."""
        with _about(name):
            return profile_from(self._get(user_path(name)))

    def inventory_page(
        self, name: str, *, sort: str = "listed", direction: str = "desc", page: int = 1
    ) -> InventoryPage:
        """A page of what a seller has for sale.

        sort  listed, price, item, artist, label, catno or audio; direction: asc or desc.
        page  from 1; beyond 100 Discogs refuses (NotAllowed) for others' stock.

        Raises UnknownSeller, ImpossibleName, NotAllowed.
        """
        order = {"sort": sort, "sort_order": direction, "status": "For Sale"}
        with _about(name):
            found = self._page(f"{user_path(name)}/inventory", "listings", page, order)
        return InventoryPage(found.page, found.pages, found.items, found.rows, found.read_at)

    def search_inventory(self, name: str, words: str) -> InventoryPage:
        """What a seller has for sale that matches `words`, loosely; the first page of it.

        Discogs does not document this question: it may ignore the words and show all.
        Raises UnknownSeller, ImpossibleName, NotAllowed.
        """
        with _about(name):
            query = {"q": words, "status": "For Sale"}
            found = self._page(f"{user_path(name)}/inventory", "listings", 1, query)
        return InventoryPage(found.page, found.pages, found.items, found.rows, found.read_at)

    def listing(self, listing_id: int) -> dict[str, Any]:
        """One listing as Discogs sends it.  Raises NotFound when it is gone."""
        return self._get(f"/marketplace/listings/{int(listing_id)}")

    def release(self, release_id: int) -> dict[str, Any]:
        """One release as Discogs sends it.  Raises NotFound."""
        return self._get(f"/releases/{int(release_id)}")

    def marketplace_stats(self, release_id: int) -> dict[str, Any]:
        """`lowest_price`, `num_for_sale`, `blocked_from_sale` of a release.  Raises NotFound."""
        return self._get(f"/marketplace/stats/{int(release_id)}")

    def wants(self, name: str, *, page: int = 1) -> Page:
        """A page of somebody's wantlist.  Raises UnknownSeller, NotAllowed when it is private."""
        with _about(name):
            return self._page(f"{user_path(name)}/wants", "wants", page)

    def add_want(self, name: str, release_id: int) -> dict[str, Any]:
        """Put a release on a wantlist; the want as Discogs sends it.  Asked again, the same.

        Raises NotFound when there is no such release, NotAuthenticated, NotAllowed.
        """
        return self._told("PUT", f"{user_path(name)}/wants/{int(release_id)}")

    def annotate_want(self, name: str, release_id: int, *, notes: str, rating: int) -> None:
        """Write notes and a rating (1 to 5; 0: none) to a want.  Raises NotFound ..."""
        path = f"{user_path(name)}/wants/{int(release_id)}"
        self._told("POST", path, {"notes": notes, "rating": rating})

    def remove_want(self, name: str, release_id: int) -> None:
        """Take a release off a wantlist.  Raises NotFound when it is not on it ..."""
        path = f"{user_path(name)}/wants/{int(release_id)}"
        self._asked(lambda: self._wire.delete(path))

    def collection(self, name: str, *, page: int = 1) -> Page:
        """A page of somebody's collection, in the order it grew.

        Raises UnknownSeller, NotAllowed when it is private.
        """
        # The order by default is by label, which changes while it is read.
        order = {"sort": "added", "sort_order": "asc"}
        with _about(name):
            path = f"{user_path(name)}/collection/folders/0/releases"
            return self._page(path, "releases", page, order)

    def folders(self, name: str) -> dict[int, str]:
        """The names of somebody's collection folders; strangers see one, which holds all.

        Raises UnknownSeller, NotAllowed when it is private.
        """
        with _about(name):
            answer = self._get(f"{user_path(name)}/collection/folders")
        return folders_from(answer)

    def _page(self, path: str, key: str, page: int, order: Mapping[str, str] | None = None) -> Page:
        read_at = self._clock.now()
        answer = self._get(path, {"page": page, "per_page": PAGE_SIZE, **(order or {})})
        return page_from(answer, key, asked=page, read_at=read_at)

    def _told(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Write something, once: whoever asked knows whether it may be written again."""
        answer = self._asked(lambda: self._wire.tell(method, path, body))
        if not isinstance(answer, dict):
            raise DiscogsBroken("Discogs' answer is no object; its shape may have changed.")
        return answer

    def _get(self, path: str, query: Mapping[str, Any] | None = None) -> dict[str, Any]:
        is_interactive = self._asker().lane == "interactive"
        patience = Patience(
            seconds=INTERACTIVE_PATIENCE_SECONDS if is_interactive else self._patience_seconds,
            clock=self._clock,
            told=self._tell_trouble,
            check=self._check,
        )
        answer = patience.ask(lambda: self._ask(path, query))
        self._trouble = ""
        return answer

    def _tell_trouble(self, error: DiscogsError, seconds: float) -> None:
        self._trouble = str(error)
        if self.on_trouble:
            self.on_trouble(error, seconds)

    def _ask(self, path: str, query: Mapping[str, Any] | None) -> dict[str, Any]:
        answer = self._asked(lambda: self._wire.get(path, query))
        if not isinstance(answer, dict):
            raise DiscogsBroken("Discogs' answer is no object; its shape may have changed.")
        return answer

    def _asked(self, question: Callable[[], Any]) -> Any:
        mark = asking.set(self._asker())
        try:
            with self._wire.worded_errors(self.quota.refusal):
                return question()
        finally:
            asking.reset(mark)

    def _asker(self) -> Asker:
        return asking.get(Asker(self.lane, None))

    def _check(self) -> None:
        if self._is_interrupted:
            raise WaitAbandoned


@contextmanager
def _about(name: str) -> Iterator[None]:
    try:
        yield
    except UnknownSeller:
        raise
    except NotFound as error:
        raise UnknownSeller(name) from error
