"""discogs-sdk, asked for what Discogs sent instead of for its models.

The models refuse a whole page for one odd listing, and a seller for a rank that is no
whole number.  This file and refusals.py alone load the sdk.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import discogs_sdk
import httpx2
from discogs_sdk._base_client import raise_for_response

from cratewise.discogs.credential import Credential, OAuthToken
from cratewise.discogs.refusals import worded
from cratewise.errors import RateLimited


class Wire(discogs_sdk.Discogs):
    """Requests as discogs-sdk builds and signs them, each sent once, through a client of ours."""

    def __init__(
        self, api_url: str, credential: Credential | None, http: httpx2.Client, user_agent: str
    ) -> None:
        super().__init__(
            base_url=api_url,
            **_proof(credential),
            http_client=http,
            max_retries=0,
            user_agent=user_agent,
        )
        self._host = urlsplit(api_url).netloc

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        params = dict(query) if query else None
        return self._send("GET", self._build_url(path), params=params, parse=_as_sent)

    def tell(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        content = None if body is None else dict(body)
        return self._send(method, self._build_url(path), json=content, parse=_as_sent)

    def delete(self, path: str) -> None:
        self._send("DELETE", self._build_url(path))

    def bare(self, method: str, path: str, headers: Mapping[str, str]) -> str:
        """Send with these headers alone; the answer's text."""
        try:
            answer = self._http_client.request(method, self._build_url(path), headers=headers)
        except httpx2.RequestError as error:
            raise discogs_sdk.DiscogsConnectionError(str(error)) from error
        raise_for_response(answer)
        return answer.text

    @contextmanager
    def worded_errors(self, refusal: Callable[[], RateLimited]) -> Iterator[None]:
        """Inside, what fails is a DiscogsError of ours; of a 429 it is `refusal()`."""
        try:
            yield
        except discogs_sdk.RateLimitError as error:
            raise refusal() from error
        except (discogs_sdk.DiscogsError, ValueError) as error:
            raise worded(error, host=self._host) from error


def _proof(credential: Credential | None) -> dict[str, Any]:
    """A credential as discogs-sdk takes it."""
    if isinstance(credential, OAuthToken):
        return {
            "consumer_key": credential.consumer_key,
            "consumer_secret": credential.consumer_secret,
            "access_token": credential.token,
            "access_token_secret": credential.secret,
        }
    return {"token": credential.token if credential else None}


def _as_sent(answer: Any) -> Any:
    return answer
