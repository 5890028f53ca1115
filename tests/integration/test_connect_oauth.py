"""`cratewise connect` on Discogs' own page: allowed, denied, mistyped, too late; and undone."""

import json
import re
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, select
from tests.conftest import HandClock
from typer.testing import CliRunner, Result

from cratewise.cli.app import app
from cratewise.cli.callback import Callback
from cratewise.clock import SystemClock
from cratewise.discogs.client import USER_AGENT, Discogs
from cratewise.discogs.connect import Asked, ask, finish
from cratewise.discogs.credential import Consumer, OAuthToken
from cratewise.discogs.quota import Quota
from cratewise.errors import NotAuthenticated, NotConnected
from cratewise.simulator import Simulator, World
from cratewise.simulator.world import CONSUMER_KEY, CONSUMER_SECRET
from cratewise.store.engine import reading
from cratewise.store.quota import QuotaLedger
from cratewise.store.tables import credentials

CONSUMER = Consumer(CONSUMER_KEY, CONSUMER_SECRET)


@pytest.fixture
def discogs(
    store: Engine, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Simulator]:
    world = World(sellers={"alice": 120})
    with Simulator(world, rate_limit=60, minute_seconds=0.2) as simulator:
        monkeypatch.setenv("CRATEWISE_DATABASE_URL", store.url.render_as_string(False))
        monkeypatch.setenv("CRATEWISE_DISCOGS_API_URL", simulator.url)
        monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", "0.2")
        monkeypatch.setenv("CRATEWISE_DISCOGS_CONSUMER_KEY", CONSUMER_KEY)
        monkeypatch.setenv("CRATEWISE_DISCOGS_CONSUMER_SECRET", CONSUMER_SECRET)
        yield simulator


def cratewise(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), prog_name="cratewise", input=typed)


def decide(discogs: Simulator, token: str, **choice: str) -> str:
    """A member's choice in a browser that follows wherever it is sent; what it shows at last."""
    with httpx2.Client(follow_redirects=True) as browser:
        form = {"oauth_token": token, **choice}
        return browser.post(f"{discogs.url}/oauth/authorize", data=form).text


def code_of(discogs: Simulator, token: str) -> str:
    found = re.search(r'id="verifier">(\w+)<', decide(discogs, token, allow="1"))
    assert found is not None
    return found[1]


class Browser:
    """Opens the page that `cratewise connect` tells of, as a person would, and chooses."""

    def __init__(self, discogs: Simulator, **choice: str) -> None:
        self.shown = ""
        self._discogs = discogs
        self._choice = choice

    def open(self, sentence: str, **_: Any) -> None:
        token = sentence.partition("oauth_token=")[2].strip()
        Thread(target=self._choose, args=(token,)).start()

    def _choose(self, token: str) -> None:
        self.shown = decide(self._discogs, token, **self._choice)


def with_browser(monkeypatch: pytest.MonkeyPatch, browser: Browser) -> None:
    """Whoever reads standard error is that browser's owner."""
    monkeypatch.setattr("cratewise.cli.connect.remark", browser.open)


def test_a_member_allows_it_in_the_browser_and_acts_from_then_on(
    discogs: Simulator, store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_browser(monkeypatch, Browser(discogs, allow="1", username="hermit"))

    connected = cratewise("connect")
    pulled = cratewise("pull", "alice")

    assert connected.exit_code == 0, connected.output
    assert "Connected as hermit." in connected.stdout
    assert pulled.exit_code == 0
    assert discogs.requests[-1].viewer == "hermit"
    assert {request.user_agent for request in discogs.requests} == {USER_AGENT}
    paths = [request.path for request in discogs.requests[:2]]
    assert paths == ["/oauth/request_token", "/oauth/access_token"]
    with reading(store) as db:
        kept = db.execute(select(credentials)).one()
    assert (kept.kind, kept.username) == ("oauth", "hermit")
    token, (secret, _) = next(iter(discogs.world.grants.access.items()))
    for hidden in (token, secret, CONSUMER_SECRET):
        assert hidden.encode() not in kept.sealed
        assert hidden not in connected.output + pulled.output


def test_a_member_who_denies_it_is_told_that_nothing_was_connected(
    discogs: Simulator, store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_browser(monkeypatch, Browser(discogs, deny="1"))

    refused = cratewise("connect")

    assert refused.exit_code == 4
    assert "It was denied on Discogs' page; nothing was connected." in refused.stderr
    with reading(store) as db:
        assert db.execute(select(credentials)).first() is None


def test_a_wrong_code_is_told_and_nothing_is_kept(discogs: Simulator, store: Engine) -> None:
    refused = cratewise("connect", "--code", typed="guessed\n")

    assert refused.exit_code == 4
    assert "Allow it here, in any browser:" in refused.stderr
    assert "does not accept this code" in refused.stderr
    with reading(store) as db:
        assert db.execute(select(credentials)).first() is None


def test_a_wrong_consumer_is_told_by_the_names_of_its_settings(
    discogs: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRATEWISE_DISCOGS_CONSUMER_SECRET", "wrong")

    refused = cratewise("connect", "--code", typed="x\n")

    assert refused.exit_code == 4
    assert "check CRATEWISE_DISCOGS_CONSUMER_KEY and _SECRET" in refused.stderr


def test_a_code_needs_an_application(discogs: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRATEWISE_DISCOGS_CONSUMER_KEY")
    assert cratewise("connect", "--code").exit_code == 2  # one of two settings

    monkeypatch.delenv("CRATEWISE_DISCOGS_CONSUMER_SECRET")
    refused = cratewise("connect", "--code")

    assert refused.exit_code == 2
    assert "of an application of yours" in refused.output
    assert not discogs.requests


def test_who_disconnects_acts_as_nobody_and_shows_no_other_credential(
    discogs: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_browser(monkeypatch, Browser(discogs, allow="1"))
    cratewise("connect")
    monkeypatch.setenv("DISCOGS_TOKEN", World.token("hermit"))

    gone = cratewise("disconnect", "--json")
    cratewise("pull", "alice")

    assert json.loads(gone.stdout) == {"forgotten": True}
    assert discogs.requests[-1].viewer is None
    assert json.loads(cratewise("connect", "--show", "--json").stdout)["username"] is None
    assert "No token was kept" in cratewise("disconnect").stdout


@pytest.fixture
def client(discogs: Simulator, store: Engine, clock: HandClock) -> Iterator[Discogs]:
    quota = Quota(QuotaLedger(store, clock), limit=60, clock=clock)
    with Discogs(api_url=discogs.url, credential=None, quota=quota, clock=clock) as client:
        yield client


def test_the_code_of_the_page_is_worth_a_credential_that_says_whose_it_is(
    discogs: Simulator, client: Discogs, clock: HandClock
) -> None:
    asked = ask(client, CONSUMER, "oob", clock)
    credential = finish(client, CONSUMER, asked, code_of(discogs, asked.token), clock)

    with Discogs(
        api_url=discogs.url, credential=credential, quota=client.quota, clock=clock
    ) as theirs:
        assert theirs.identity().username == "digger"
    assert asked.page.startswith(f"{discogs.url}/oauth/authorize?oauth_token=")
    assert client.quota.remaining() == 60 - 3  # each took its slot


def test_a_request_that_is_too_old_is_told(
    discogs: Simulator, client: Discogs, clock: HandClock
) -> None:
    asked = ask(client, CONSUMER, "oob", clock)
    code = code_of(discogs, asked.token)
    discogs.world.grants.clock = lambda: SystemClock().monotonic() + 15 * 60 + 1

    with pytest.raises(NotConnected, match="More than 15 minutes have passed"):
        finish(client, CONSUMER, asked, code, clock)

    assert [r.path for r in discogs.requests].count("/oauth/access_token") == 1


def test_a_revoked_credential_is_told(
    discogs: Simulator, client: Discogs, clock: HandClock
) -> None:
    revoked = OAuthToken(CONSUMER_KEY, CONSUMER_SECRET, "revoked", "secret")

    with (
        Discogs(api_url=discogs.url, credential=revoked, quota=client.quota, clock=clock) as theirs,
        pytest.raises(NotAuthenticated, match="Invalid access token"),
    ):
        theirs.identity()

    assert "secret" not in repr(revoked)
    assert "revoked" not in repr(Asked("t", "revoked", "page"))


def visited(url: str) -> Callable[[], None]:
    def visit() -> None:
        with httpx2.Client() as browser:
            base, _, _ = url.rpartition("/")
            assert browser.get(f"{base}/other?oauth_token=t&oauth_verifier=bad").status_code == 404
            browser.get(url, params={"oauth_token": "another", "oauth_verifier": "bad"})
            browser.get(url, params={"oauth_token": "t", "oauth_verifier": "good"})

    return visit


def test_a_callback_believes_only_the_request_that_it_waits_for() -> None:
    with Callback() as callback:
        browser = Thread(target=visited(callback.url))
        browser.start()
        verifier = callback.verifier("t", 60.0, SystemClock().monotonic)
        browser.join()

    assert verifier == "good"


def test_a_callback_that_nobody_calls_gives_up_and_says_what_else_there_is() -> None:
    clock = HandClock()

    def a_minute_each_look() -> float:
        clock.advance(60)
        return clock.monotonic()

    with Callback() as callback, pytest.raises(NotConnected, match="cratewise connect --code"):
        callback.verifier("t", 90.0, a_minute_each_look)
