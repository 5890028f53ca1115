"""The way to Discogs: wait for a slot, send, note what the answer says of the quota.

Everything that leaves for Discogs passes here, whoever asks and however often it is
asked again, so that the quota counts what Discogs counts.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from urllib.request import getproxies, proxy_bypass

import httpx2

from cratewise.discogs.quota import Lane, Quota, Slot
from cratewise.loopback import is_loopback

CONNECTIONS = 64  # more threads than that do not help to fill any quota


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom a request is sent, and how long it may wait for its slot."""

    lane: Lane
    within_seconds: float | None


# Whose turn it is travels beside the call: discogs-sdk stands between and knows nothing of it.
asking: ContextVar[Asker] = ContextVar("asking")


class QuotaTransport(httpx2.BaseTransport):
    """Sends through `road`, never without a slot of the quota."""

    def __init__(self, road: httpx2.BaseTransport, quota: Quota) -> None:
        self._road = road
        self._quota = quota
        self.sent = 0  # requests that left, retries too

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        asker = asking.get()
        slot = self._quota.take(asker.lane, within_seconds=asker.within_seconds)
        response = self._send(request, slot)
        if response.status_code == httpx2.codes.TOO_MANY_REQUESTS:
            self._quota.refused(slot, response.headers)
        else:
            self._quota.answered(slot, response.headers)
        return response

    def close(self) -> None:
        self._road.close()

    def _send(self, request: httpx2.Request, slot: Slot) -> httpx2.Response:
        try:
            response = self._road.handle_request(request)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout):
            self._quota.unsent(slot)
            raise
        except BaseException:
            self._quota.lost(slot)
            raise
        finally:
            self.sent += 1
        return response


def road_to(url: str) -> httpx2.HTTPTransport:
    """A pool of connections, through the proxy that this machine prescribes for `url`."""
    limits = httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    return httpx2.HTTPTransport(limits=limits, proxy=_proxy_for(url))


def _proxy_for(url: str) -> str | None:
    target = httpx2.URL(url)
    if is_loopback(url) or proxy_bypass(target.host):
        return None
    return getproxies().get(target.scheme)
