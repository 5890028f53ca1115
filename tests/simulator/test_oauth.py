"""OAuth 1.0a: two clients that nobody here wrote go the whole way, each signing in its manner."""

import re
import urllib.parse
from collections.abc import Iterator
from typing import Any

import discogs_client  # type: ignore[import-untyped]  # it ships no types
import discogs_sdk
import httpx2
import pytest
from discogs_client.exceptions import HTTPError  # type: ignore[import-untyped]
from discogs_sdk.oauth import get_access_token, get_request_token
from tests.conftest import HandClock

from cratewise.simulator import Simulator, World
from cratewise.simulator.world import CONSUMER_KEY, CONSUMER_SECRET

CONSUMER = (CONSUMER_KEY, CONSUMER_SECRET)
CALLBACK = "http://127.0.0.1:9/callback?kept=1"


@pytest.fixture
def time() -> HandClock:
    return HandClock()


@pytest.fixture
def discogs(time: HandClock) -> Iterator[Simulator]:
    with Simulator(World(sellers={"alice": 30}), clock=time.monotonic) as simulator:
        yield simulator


def decided(discogs: Simulator, token: str, **choice: str) -> httpx2.Response:
    """What a member's browser is shown, or sent to, after the choice."""
    page = f"{discogs.url}/oauth/authorize"
    with httpx2.Client() as browser:
        asked = browser.get(page, params={"oauth_token": token})
        assert "Allow Cratewise" in asked.text
        return browser.post(page, data={"oauth_token": token, **choice})


def code(discogs: Simulator, token: str) -> str:
    shown = decided(discogs, token, allow="1", username="digger").text
    found = re.search(r'id="verifier">(\w+)<', shown)
    assert found is not None
    return found[1]


def test_discogs_sdk_goes_the_whole_way_signing_in_plain_text(discogs: Simulator) -> None:
    asked = get_request_token(*CONSUMER, base_url=discogs.url)
    verifier = code(discogs, asked.oauth_token)
    token = get_access_token(
        *CONSUMER, asked.oauth_token, asked.oauth_token_secret, verifier, base_url=discogs.url
    )

    with discogs_sdk.Discogs(
        consumer_key=CONSUMER_KEY,
        consumer_secret=CONSUMER_SECRET,
        access_token=token.oauth_token,
        access_token_secret=token.oauth_token_secret,
        base_url=discogs.url,
        max_retries=0,
    ) as client:
        assert client.user.identity().username == "digger"
        assert len(list(client.users.get("alice").inventory.list())) == 30


def python3_client(discogs: Simulator) -> Any:
    client = discogs_client.Client("CratewiseTests/1.0", *CONSUMER)
    client._base_url = discogs.url
    client._request_token_url = f"{discogs.url}/oauth/request_token"
    client._authorize_url = f"{discogs.url}/oauth/authorize"
    client._access_token_url = f"{discogs.url}/oauth/access_token"
    return client


def test_python3_discogs_client_goes_the_whole_way_signing_with_hmac(discogs: Simulator) -> None:
    client = python3_client(discogs)

    token, _, url = client.get_authorize_url()
    assert url == f"{discogs.url}/oauth/authorize?oauth_token={token}"
    client.get_access_token(code(discogs, token))

    assert client.identity().username == "digger"
    # Blanks and signs in a query are where signatures go wrong.
    # A wrong one is a 401, which raises; that nothing is found is right.
    found = client._get(f"{discogs.url}/users/alice/inventory?sort=price&q=a%20b%2Bc")
    assert found["listings"] == []


def test_a_callback_is_told_the_verifier_and_keeps_its_own_query(discogs: Simulator) -> None:
    client = python3_client(discogs)
    token, _, _ = client.get_authorize_url(CALLBACK)

    sent_to = decided(discogs, token, allow="1").headers["Location"]

    said = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(sent_to).query))
    assert sent_to.startswith("http://127.0.0.1:9/callback?")
    assert (said["kept"], said["oauth_token"]) == ("1", token)
    client.get_access_token(said["oauth_verifier"])
    assert client.identity().username == "digger"


def test_who_denies_is_sent_back_with_the_token_denied(discogs: Simulator) -> None:
    asked = get_request_token(*CONSUMER, CALLBACK, base_url=discogs.url)

    sent_to = decided(discogs, asked.oauth_token, deny="1").headers["Location"]

    assert sent_to == f"{CALLBACK}&denied={asked.oauth_token}"
    with pytest.raises(discogs_sdk.DiscogsAPIError, match="Invalid or expired"):
        get_access_token(*CONSUMER, *asked_pair(asked), "x", base_url=discogs.url)


def asked_pair(asked: Any) -> tuple[str, str]:
    return asked.oauth_token, asked.oauth_token_secret


def test_a_request_expires_after_15_minutes(discogs: Simulator, time: HandClock) -> None:
    asked = get_request_token(*CONSUMER, base_url=discogs.url)
    verifier = code(discogs, asked.oauth_token)
    time.advance(15 * 60 + 1)

    with pytest.raises(discogs_sdk.DiscogsAPIError, match="expired") as refused:
        get_access_token(*CONSUMER, *asked_pair(asked), verifier, base_url=discogs.url)

    assert refused.value.status_code == 400


def test_a_wrong_verifier_a_wrong_secret_and_a_used_nonce_are_refused(discogs: Simulator) -> None:
    asked = get_request_token(*CONSUMER, base_url=discogs.url)
    code(discogs, asked.oauth_token)
    with pytest.raises(discogs_sdk.DiscogsAPIError, match="verifier"):
        get_access_token(*CONSUMER, *asked_pair(asked), "guessed", base_url=discogs.url)
    with pytest.raises(discogs_sdk.AuthenticationError, match="Invalid signature"):
        get_request_token(CONSUMER_KEY, "wrong", base_url=discogs.url)
    with pytest.raises(discogs_sdk.AuthenticationError, match="Invalid consumer"):
        get_request_token("unknown", CONSUMER_SECRET, base_url=discogs.url)

    signed = (
        f'OAuth oauth_consumer_key="{CONSUMER_KEY}", oauth_nonce="n1", oauth_timestamp="1",'
        f'oauth_signature_method="PLAINTEXT", oauth_signature="{CONSUMER_SECRET}%26"'
    )
    headers = {"Authorization": signed, "User-Agent": "CratewiseTests/1.0"}
    with httpx2.Client(base_url=discogs.url, headers=headers) as client:
        first = client.get("/oauth/request_token")
        again = client.get("/oauth/request_token")
    assert first.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert dict(urllib.parse.parse_qsl(first.text))["oauth_callback_confirmed"] == "true"
    assert (again.status_code, "nonce" in again.text) == (401, True)


def test_an_unknown_access_token_and_a_wrong_hmac_are_refused(discogs: Simulator) -> None:
    client = python3_client(discogs)
    client.set_token("unknown", "secret")
    with pytest.raises(HTTPError, match="Invalid access token"):
        client.identity()

    token, _, _ = client.get_authorize_url()
    client.get_access_token(code(discogs, token))
    client.set_token(client._fetcher.client.resource_owner_key, "wrong")
    with pytest.raises(HTTPError, match="Invalid signature"):
        client.identity()
