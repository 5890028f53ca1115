"""Pictures of sleeves, as Discogs' image host gives them: one address at a time, and seldom.

That host has a limit of its own, apart from the API's, which nobody documents; others were
refused beyond 30 to 40 pictures a minute.  An address is signed, so it is asked for as it was
told, and only where Discogs' own pictures lie.
"""

import threading
from collections import deque
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import urlsplit

from cratewise.clock import Clock
from cratewise.errors import DiscogsBroken, DiscogsUnreachable, NotFound, PicturesSpent

A_MINUTE = 30  # pictures; below what others were refused at
WINDOW_SECONDS = 60.0
SECONDS = 10.0  # for each step of a request
LARGEST = 2_000_000  # bytes; those of a listing have about 10,000
HOSTS = frozenset({"i.discogs.com", "img.discogs.com"})
KINDS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}
DRAWN = {"image/svg+xml": "svg"}  # of a simulator alone


class Picture(NamedTuple):
    """A picture, and its media type."""

    content: bytes
    kind: str


class Pictures:
    """Fetches pictures, no more a minute than the image host bears; any thread may ask.

    api_url  of Discogs; a simulator gives its pictures itself, over http.
    """

    def __init__(self, api_url: str, clock: Clock) -> None:
        self._api = urlsplit(api_url)
        self._clock = clock
        self._asked_at: deque[float] = deque(maxlen=A_MINUTE)
        self._asking = threading.Lock()

    def fetch(self, address: str) -> Picture:
        """The picture at an address that Discogs told.

        Raises PicturesSpent before any request when the minute's are spent, NotFound,
        DiscogsUnreachable, DiscogsBroken.
        """
        import httpx2  # loads what a server without covers never needs

        from cratewise.discogs.client import USER_AGENT

        kinds = self._kinds_at(address)
        self._take_turn()
        try:
            answer = httpx2.get(address, headers={"User-Agent": USER_AGENT}, timeout=SECONDS)
        except httpx2.RequestError as error:
            raise DiscogsUnreachable(f"Discogs' pictures cannot be had: {error}.") from error
        if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
            raise PicturesSpent(WINDOW_SECONDS)
        if answer.status_code in (httpx2.codes.NOT_FOUND, httpx2.codes.FORBIDDEN):
            raise NotFound("Discogs has no picture there any more.", status=answer.status_code)
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not answer.is_success or kind not in kinds or not 0 < len(answer.content) <= LARGEST:
            raise DiscogsBroken(f"Discogs answers {answer.status_code} instead of a picture.")
        return Picture(answer.content, kind)

    def _kinds_at(self, address: str) -> Collection[str]:
        parts = urlsplit(address)
        if parts.scheme == "https" and parts.netloc in HOSTS:
            return KINDS
        if (parts.scheme, parts.netloc) == (self._api.scheme, self._api.netloc):
            return {**KINDS, **DRAWN}
        raise NotFound("That is no address of a picture of Discogs.")

    def _take_turn(self) -> None:
        with self._asking:
            now = self._clock.monotonic()
            if len(self._asked_at) == A_MINUTE and now - self._asked_at[0] < WINDOW_SECONDS:
                raise PicturesSpent(self._asked_at[0] + WINDOW_SECONDS - now)
            self._asked_at.append(now)
