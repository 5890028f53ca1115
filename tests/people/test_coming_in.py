"""Who comes in, how, and what stops whoever may not."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, update
from tests.api.serving import Api, served
from tests.conftest import HandClock
from tests.people.conftest import COOKIE, PASSWORD, PUBLIC, Person, invited, joined

from cratewise.api.gate import answer_problem
from cratewise.api.problems import problem_of
from cratewise.clock import SystemClock
from cratewise.errors import SettingError, SignInRefused, TooManyAttempts, TooManyRequests
from cratewise.mode import read_mode
from cratewise.people.passwords import hash_password, is_right
from cratewise.people.sign_in import FAILURES_OF_A_NAME, Visitor
from cratewise.people.sign_in import sign_in as sign_in_with
from cratewise.people.throttle import AT_ONCE, ask_once
from cratewise.simulator import Simulator
from cratewise.store.engine import open_engine, reading, writing
from cratewise.store.people_tables import audit_entries, sessions, sign_in_attempts
from cratewise.store.tables import accounts, credentials

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def sign_in(server: Api, name: str, password: str, **headers: str) -> httpx2.Response:
    body = {"name": name, "password": password}
    return Person(server.url).ask("POST", "/api/v1/session", json=body, headers=headers)


def test_nobody_reads_or_writes_before_signing_in(server: Api) -> None:
    stranger = Person(server.url)

    for path in ("/home", "/listings", "/sellers", "/tokens", "/audit", "/judgements"):
        answer = stranger.ask("GET", f"/api/v1{path}")
        assert answer.status_code == 401, path
        assert answer.json()["type"].endswith("not-signed-in")
    assert stranger.ask("POST", "/api/v1/sellers", json={"seller": "alice"}).status_code == 401
    assert stranger.read("/api/v1/session") == {
        "mode": "server", "name": None, "role": None, "csrf": None, "ways": ["password", "discogs"],
    }  # fmt: skip


def test_an_invitation_makes_one_account_and_only_one(server: Api) -> None:
    body = {"invitation": invited(server), "name": "Carol", "password": PASSWORD}
    person = Person(server.url)

    first = person.ask("POST", "/api/v1/session/join", json=body)
    again = Person(server.url).ask("POST", "/api/v1/session/join", json={**body, "name": "Dan"})

    assert first.status_code == 201
    assert (first.json()["name"], first.json()["role"]) == ("Carol", "member")
    assert again.status_code == 403
    assert again.json()["type"].endswith("invitation-refused")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"password": "short"}, 422),
        ({"name": "ann"}, 409),
        ({"name": "LOCAL"}, 409),
        ({"name": ""}, 400),
        ({"invitation": "guessed"}, 403),
    ],
)
def test_a_bad_joining_makes_no_account_and_spends_no_invitation(
    server: Api, ann: Person, change: dict[str, str], status: int
) -> None:
    body = {"invitation": invited(server), "name": "Eve", "password": PASSWORD}

    bad = Person(server.url).ask("POST", "/api/v1/session/join", json={**body, **change})
    good = Person(server.url).ask("POST", "/api/v1/session/join", json=body)

    assert bad.status_code == status, bad.text
    assert good.status_code == 201


def test_the_cookie_is_for_this_host_over_https_and_no_script(server: Api, ann: Person) -> None:
    answer = sign_in(server, "ANN", PASSWORD)

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for word in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert word.lower() in cookie.lower()
    assert "domain" not in cookie.lower()
    assert "strict-transport-security" in answer.headers


def test_a_wrong_name_and_a_wrong_password_are_told_alike(server: Api, ann: Person) -> None:
    wrong_name = sign_in(server, "nobody", PASSWORD)
    wrong_password = sign_in(server, "Ann", "wrong")

    assert wrong_name.status_code == wrong_password.status_code == 403
    assert wrong_name.json()["detail"] == wrong_password.json()["detail"]


def test_guessing_is_stopped_for_a_while_even_with_the_right_word(server: Api, ann: Person) -> None:
    for _ in range(5):
        assert sign_in(server, "Ann", "wrong").status_code == 403

    shut = sign_in(server, "Ann", PASSWORD)
    with writing(server.here.engine) as db:
        earlier = SystemClock().now() - timedelta(minutes=16)
        db.execute(update(sign_in_attempts).values(at=earlier))

    assert shut.status_code == 429
    assert int(shut.headers["retry-after"]) > 60
    assert sign_in(server, "Ann", PASSWORD).status_code == 200


def test_an_address_that_guesses_at_many_names_is_stopped_and_others_are_not(
    server: Api, ann: Person
) -> None:
    for number in range(20):
        sign_in(server, f"name{number}", "wrong", **{"x-forwarded-for": "203.0.113.9"})

    assert sign_in(server, "Ann", PASSWORD, **{"x-forwarded-for": "203.0.113.9"}).status_code == 429
    # A forged hop stands before the one that our own proxy wrote.
    forged = {"x-forwarded-for": "198.51.100.1, 203.0.113.9"}
    assert sign_in(server, "Ann", PASSWORD, **forged).status_code == 429
    assert (
        sign_in(server, "Ann", PASSWORD, **{"x-forwarded-for": "203.0.113.10"}).status_code == 200
    )


def test_a_change_without_the_pages_own_word_is_refused(server: Api, ann: Person) -> None:
    path, body = "/api/v1/tokens", {"name": "script"}

    forged = ann.ask("POST", path, json=body, headers={"x-csrf-token": "guess"})

    assert forged.status_code == 403
    assert ann.read(path) == []
    assert ann.ask("POST", path, json=body).status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1:8000"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_is_refused_though_the_browser_sends_the_cookie(
    ann: Person, headers: dict[str, str]
) -> None:
    answer = ann.ask("GET", "/api/v1/home", headers=headers)

    assert answer.status_code == 403
    assert answer.json()["type"].endswith("foreign-site")
    assert ann.ask("GET", "/api/v1/home", headers={"origin": PUBLIC}).status_code == 200


def test_signing_out_ends_the_session_and_no_other(server: Api, ann: Person) -> None:
    other = Person(server.url)
    other.signed_in(
        other.ask("POST", "/api/v1/session", json={"name": "ann", "password": PASSWORD})
    )
    kept = dict(ann.cookies)

    assert ann.ask("DELETE", "/api/v1/session").status_code == 204

    ann.cookies = kept
    assert ann.ask("GET", "/api/v1/home").status_code == 401
    assert len(other.read("/api/v1/sessions")) == 1


def test_a_session_can_be_ended_from_another_browser(server: Api, ann: Person) -> None:
    other = Person(server.url)
    other.signed_in(
        other.ask("POST", "/api/v1/session", json={"name": "ann", "password": PASSWORD})
    )
    [there] = [one for one in ann.read("/api/v1/sessions") if not one["is_this"]]

    assert ann.ask("DELETE", f"/api/v1/sessions/{there['id']}").status_code == 204
    assert "signed a browser out" in [one["deed"] for one in ann.read("/api/v1/audit")]

    assert other.ask("GET", "/api/v1/home").status_code == 401


def test_a_session_that_is_over_lets_nobody_in(server: Api, ann: Person) -> None:
    with writing(server.here.engine) as db:
        db.execute(update(sessions).values(expires_at=SystemClock().now()))

    assert ann.ask("GET", "/api/v1/home").status_code == 401


def test_another_password_signs_every_other_browser_out(server: Api, ann: Person) -> None:
    other = Person(server.url)
    other.signed_in(
        other.ask("POST", "/api/v1/session", json={"name": "ann", "password": PASSWORD})
    )
    change = {"old": PASSWORD, "new": "another long password"}

    wrong = ann.ask("PUT", "/api/v1/session/password", json={**change, "old": "no"})
    right = ann.ask("PUT", "/api/v1/session/password", json=change)

    assert (wrong.status_code, right.status_code) == (403, 204)
    assert other.ask("GET", "/api/v1/home").status_code == 401
    assert ann.ask("GET", "/api/v1/home").status_code == 200
    assert sign_in(server, "ann", PASSWORD).status_code == 403


def test_a_token_reads_writes_only_if_it_may_and_is_told_once(server: Api, ann: Person) -> None:
    made = {
        scope: ann.ask("POST", "/api/v1/tokens", json={"name": scope, "scope": scope}).json()
        for scope in ("read", "write")
    }
    program = Person(server.url)

    def asks(method: str, path: str, scope: str, **more: object) -> int:
        bearer = {"authorization": f"Bearer {made[scope]['secret']}"}
        return program.ask(method, path, headers=bearer, **more).status_code

    assert asks("GET", "/api/v1/home", "read") == 200
    assert asks("POST", "/api/v1/home/looked", "read") == 403
    assert asks("POST", "/api/v1/home/looked", "write") < 300
    shown = ann.read("/api/v1/tokens")
    assert [one["secret"] for one in shown] == [None, None]
    assert all(one["used_at"] for one in shown)
    assert ann.ask("DELETE", f"/api/v1/tokens/{made['read']['id']}").status_code == 204
    assert asks("GET", "/api/v1/home", "read") == 401


def test_a_token_that_asks_too_often_is_told_when_to_go_on(
    server: Api, ann: Person, clock: HandClock
) -> None:
    first, second = (a_token(ann, name) for name in ("first", "second"))
    engine = server.here.engine
    for _ in range(AT_ONCE):
        ask_once(engine, first, clock)

    with pytest.raises(TooManyRequests) as refused:
        ask_once(engine, first, clock)
    ask_once(engine, second, clock)
    clock.jump(refused.value.retry_in_seconds)
    ask_once(engine, first, clock)
    with pytest.raises(TooManyRequests):
        ask_once(engine, first, clock)


def test_whoever_is_refused_at_the_door_is_told_when_to_ask_again() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(answer_problem(problem_of(TooManyRequests(0.1)), send))
    assert sent[0]["status"] == 429
    assert (b"retry-after", b"1") in sent[0]["headers"]


def test_a_clock_that_was_set_back_shuts_no_token_out(
    server: Api, ann: Person, clock: HandClock
) -> None:
    token = a_token(ann, "script")
    for _ in range(AT_ONCE):
        ask_once(server.here.engine, token, clock)
    clock.jump(-3600)

    ask_once(server.here.engine, token, clock)
    with pytest.raises(TooManyRequests) as refused:
        ask_once(server.here.engine, token, clock)
    assert refused.value.retry_in_seconds < 1
    clock.jump(refused.value.retry_in_seconds)
    ask_once(server.here.engine, token, clock)


def test_a_token_may_ask_no_more_of_many_processes_than_of_one(
    server: Api, ann: Person, database_url: str, clock: HandClock
) -> None:
    """Each process counted for itself: eight of them let eight times as much through."""
    token = a_token(ann, "script")
    granted: list[int] = []

    def ask(_: int) -> None:
        engine = open_engine(database_url)  # as a process of its own
        try:
            for _ in range(20):
                with suppress(TooManyRequests):
                    ask_once(engine, token, clock)
                    granted.append(1)
        finally:
            engine.dispose()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(ask, range(4)))
    assert len(granted) == AT_ONCE


def test_of_many_guesses_at_one_moment_no_more_are_looked_at_than_may_fail(
    server: Api, ann: Person, database_url: str, clock: HandClock
) -> None:
    """All of a crowd counted the failures before any of them had failed."""

    def guess(number: int) -> type[Exception]:
        engine = open_engine(database_url)
        try:
            sign_in_with(engine, "Ann", f"wrong {number}", Visitor(f"203.0.113.{number}"), clock)
        except (SignInRefused, TooManyAttempts) as refusal:
            return type(refusal)
        finally:
            engine.dispose()
        raise AssertionError("a wrong password let somebody in")

    with ThreadPoolExecutor(6) as threads:
        refusals = list(threads.map(guess, range(12)))
    assert refusals.count(SignInRefused) == FAILURES_OF_A_NAME


def a_token(person: Person, name: str) -> int:
    answer = person.ask("POST", "/api/v1/tokens", json={"name": name})
    number: int = answer.json()["id"]
    return number


def test_only_owners_invite_shut_out_and_read_the_log(
    server: Api, ann: Person, bob: Person
) -> None:
    for method, path in (
        ("GET", "/invitations"),
        ("GET", "/accounts"),
        ("GET", "/audit"),
        ("POST", "/accounts/Ann/disable"),
    ):
        assert bob.ask(method, f"/api/v1{path}").status_code == 403, path
    assert bob.ask("POST", "/api/v1/invitations", json={}).status_code == 403

    made = ann.ask("POST", "/api/v1/invitations", json={"role": "owner"}).json()
    assert made["url"].startswith(f"{PUBLIC}/join#")
    assert len(ann.read("/api/v1/invitations")) == 1
    assert ann.ask("DELETE", f"/api/v1/invitations/{made['id']}").status_code == 204
    assert ann.ask("POST", "/api/v1/accounts/BOB/disable").status_code == 204
    assert bob.ask("GET", "/api/v1/home").status_code == 401
    assert sign_in(server, "Bob", PASSWORD).status_code == 403
    assert ann.ask("POST", "/api/v1/accounts/bob/enable").status_code == 204
    assert sign_in(server, "Bob", PASSWORD).status_code == 200
    deeds = [one["deed"] for one in ann.read("/api/v1/audit")]
    assert {"disabled", "enabled", "invited an owner", "joined as member"} <= set(deeds)


def test_the_last_owner_cannot_be_shut_out(ann: Person) -> None:
    refused = ann.ask("POST", "/api/v1/accounts/ann/disable")

    assert refused.status_code == 409
    assert refused.json()["detail"] == "Ann is the only owner: invite another owner first."
    assert ann.ask("GET", "/api/v1/home").status_code == 200


def allowed_on_discogs(person: Person, discogs: Simulator) -> httpx2.Response:
    """Go to Discogs' page, allow it, and come back."""
    asked = person.ask("POST", "/api/v1/session/discogs")
    assert asked.status_code == 200, asked.text
    token = asked.json()["page"].partition("oauth_token=")[2]
    with httpx2.Client(follow_redirects=False) as browser:
        form = {"oauth_token": token, "allow": "1"}
        back = browser.post(f"{discogs.url}/oauth/authorize", data=form)
    place = back.headers["location"]
    assert place.startswith(f"{PUBLIC}/api/v1/session/discogs?")
    cross_site = {"sec-fetch-site": "cross-site"}
    return person.ask("GET", place.removeprefix(PUBLIC), headers=cross_site)


def test_whoever_connected_discogs_signs_in_with_it_from_then_on(
    server: Api, ann: Person, discogs: Simulator
) -> None:
    connected = allowed_on_discogs(ann, discogs)
    visitor = Person(server.url)
    back = allowed_on_discogs(visitor, discogs)

    assert (connected.status_code, back.status_code) == (303, 303)
    assert back.headers["location"] == f"{PUBLIC}/"
    assert visitor.read("/api/v1/session")["name"] == "Ann"
    with reading(server.here.engine) as db:
        [kept] = db.execute(select(credentials)).all()
        ann_id = db.scalar(select(accounts.c.id).where(accounts.c.name == "Ann"))
    assert (kept.account_id, kept.kind) == (ann_id, "oauth")


def test_somebody_of_discogs_without_an_account_here_stays_outside(
    server: Api, discogs: Simulator
) -> None:
    visitor = Person(server.url)

    answer = allowed_on_discogs(visitor, discogs)

    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("digger of Discogs has no account here")
    assert visitor.ask("GET", "/api/v1/home").status_code == 401


def test_an_answer_that_was_not_asked_for_in_this_browser_is_refused(
    server: Api, ann: Person
) -> None:
    path = "/api/v1/session/discogs?oauth_token=a&oauth_verifier=b"

    assert ann.ask("GET", path).status_code == 400


def test_metrics_are_for_prometheus_alone(server: Api, ann: Person) -> None:
    assert ann.ask("GET", "/metrics").status_code == 403
    with_token = ann.ask("GET", "/metrics", headers={"authorization": "Bearer for-prometheus"})
    assert with_token.status_code == 200
    probe = Person(server.url).ask("GET", "/readyz", headers={"host": "127.0.0.1:9"})
    assert probe.status_code == 200


def test_no_secret_is_kept_or_logged_in_the_clear(
    server: Api, ann: Person, caplog: pytest.LogCaptureFixture
) -> None:
    token = ann.ask("POST", "/api/v1/tokens", json={"name": "x"}).json()["secret"]
    ann.ask("GET", "/api/v1/home", headers={"authorization": f"Bearer {token}"})

    with server.here.engine.connect() as db:
        for table in (*(accounts, sessions, audit_entries, sign_in_attempts), credentials):
            stored = repr(db.execute(select(table)).all())
            for secret in (PASSWORD, token, ann.cookies[COOKIE]):
                assert secret not in stored
                assert secret not in caplog.text


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ({}, "CRATEWISE_SECRET_KEY"),
        ({"SECRET_KEY": KEY}, "CRATEWISE_PUBLIC_URL"),
        ({}, "CRATEWISE_PUBLIC_URL is missing too"),
        ({"SECRET_KEY": "short", "PUBLIC_URL": PUBLIC}, "CRATEWISE_SECRET_KEY"),
        ({"SECRET_KEY": KEY, "PUBLIC_URL": "http://crates.example"}, "https"),
        ({"SECRET_KEY": KEY, "PUBLIC_URL": "crates.example"}, "CRATEWISE_PUBLIC_URL"),
        ({"SECRET_KEY": KEY, "PUBLIC_URL": f"{PUBLIC}/path"}, "CRATEWISE_PUBLIC_URL"),
        ({"SECRET_KEY": KEY, "PUBLIC_URL": PUBLIC, "TRUSTED_PROXIES": "x"}, "TRUSTED_PROXIES"),
    ],
)
def test_a_server_that_lacks_something_refuses_to_start_and_says_what(
    told: dict[str, str], names: str
) -> None:
    environment = {"CRATEWISE_MODE": "server"}
    environment |= {f"CRATEWISE_{name}": value for name, value in told.items()}

    with pytest.raises(SettingError, match=re.escape(names)):
        read_mode(environment)


def test_a_password_is_kept_so_that_nobody_can_read_it() -> None:
    kept = hash_password(PASSWORD)

    assert kept.startswith("$argon2id$")
    assert is_right(PASSWORD, kept)
    assert not is_right(PASSWORD + " ", kept)
    assert not is_right(PASSWORD, None)
    assert not is_right("x" * 2_000, kept)


def test_everybody_has_their_own_cookie(server: Api) -> None:
    one, two = joined(server, "One"), joined(server, "Two")

    assert one.cookies[COOKIE] != two.cookies[COOKIE]
    assert one.read("/api/v1/session")["name"] == "One"
    assert two.read("/api/v1/session")["name"] == "Two"


def test_the_earlier_pages_calls_need_a_token_like_all_others(
    monkeypatch: pytest.MonkeyPatch, server: Api, ann: Person
) -> None:
    """Its three origins may ask, but nobody is recognised by where a page stands."""
    token = ann.ask("POST", "/api/v1/tokens", json={"name": "earlier page"}).json()["secret"]
    monkeypatch.setenv("CRATEWISE_LEGACY", "on")
    monkeypatch.setenv("CRATEWISE_STALE_PRICES", "mark")  # that page knows no other way
    with served() as api:
        page, origin = Person(api.url), {"origin": "http://localhost:5173"}
        bearer = {"authorization": f"Bearer {token}"}
        asked = {"access-control-request-method": "GET"}

        refused = page.ask("GET", "/dashboard/", headers=origin)
        allowed = page.ask("GET", "/dashboard/", headers={**origin, **bearer})
        preflight = page.ask("OPTIONS", "/dashboard/", headers={**origin, **asked})
        elsewhere = page.ask("GET", "/api/v1/home", headers={**origin, **bearer})

    assert refused.status_code == 401
    assert allowed.status_code == 200, allowed.text
    assert allowed.headers["access-control-allow-origin"] == origin["origin"]
    assert preflight.status_code == 204
    assert "authorization" in preflight.headers["access-control-allow-headers"].lower()
    assert elsewhere.status_code == 403


def test_what_is_the_installations_is_its_owners_to_plan(server: Api) -> None:
    ann, bob = joined(server, "Ann", "owner"), joined(server, "Bob")

    def change(person: Person, kind: str) -> int:
        path = f"/api/v1/schedules/{kind}"
        return person.ask("PUT", path, json={"is_on": False}).status_code

    assert [change(bob, "rates"), change(bob, "quick"), change(ann, "rates")] == [403, 200, 200]
    told = {one["kind"]: one for one in bob.read("/api/v1/schedules")["schedules"]}
    assert (told["quick"]["may_change"], told["rates"]["may_change"]) == (True, False)
    assert not told["rates"]["is_on"]
    kept = bob.ask("PUT", "/api/v1/retention/gone", json={"days": 60})
    assert kept.status_code == 403
    assert ann.read("/api/v1/schedules")["schedules"][0]["is_on"]  # his is not hers
