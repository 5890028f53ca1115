"""`serve --lan`: a phone nearby is let in by a code, over real HTTP; nobody else is."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator

import httpx2
import pytest
from sqlalchemy import Engine, func, select
from tests.api.nearby import OWN, PHONE, Home, at_home
from tests.conftest import HandClock
from typer.testing import CliRunner

from cratewise.api.lan import is_private
from cratewise.cli.app import app
from cratewise.errors import PairingRefused
from cratewise.people.pairing import ALL_GUESSES, GUESSES, Pairing
from cratewise.people.recognise import by_session
from cratewise.people.sign_in import Visitor, sign_in_from_discogs
from cratewise.store.engine import reading, writing
from cratewise.store.members import link_to_discogs, make_member
from cratewise.store.people_tables import sessions


@pytest.fixture
def home(_settings: None) -> Iterator[Home]:
    with at_home() as home:
        yield home


def test_a_phone_gives_the_code_once_and_triages_from_then_on(home: Home) -> None:
    before = home.ask("GET", "/api/v1/home")
    cookie = home.paired()
    batch = home.ask("POST", "/api/v1/triage", cookie=cookie, json={"size": 5})
    again = home.ask("POST", "/pair", data={"code": home.codes[0]})

    assert before.status_code == 401
    assert home.ask("GET", "/api/v1/home", cookie=cookie).status_code == 200
    assert batch.status_code < 500
    assert batch.status_code != 401
    assert again.status_code == 403
    assert "too old" in again.text


def test_a_phone_that_is_not_paired_is_led_to_the_page_that_asks_for_the_code(home: Home) -> None:
    led = home.ask("GET", "/")
    page = home.ask("GET", "/pair")

    assert (led.status_code, led.headers["location"]) == (303, "/pair")
    assert page.status_code == 200
    assert 'name="code"' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert home.codes[0] not in page.text


def test_the_cookie_is_kept_from_pages_and_from_other_sites_and_only_its_hash_is_stored(
    home: Home,
) -> None:
    home.ask("GET", "/pair")
    answer = home.ask("POST", "/pair", data={"code": home.codes[-1].lower().replace("-", " ")})

    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    secret = cookie.partition("=")[2].partition(";")[0]
    with reading(home.engine) as db:
        (kept,) = db.execute(select(sessions)).all()
    assert secret not in repr(kept)


@pytest.mark.parametrize("peer", ["8.8.8.8", "100.64.0.9", "2001:4860:4860::8888", "", "phone"])
def test_whoever_has_no_private_address_is_refused_with_the_cookie_too(
    home: Home, peer: str
) -> None:
    cookie = home.paired()

    for path in ("/pair", "/api/v1/home", "/healthz", "/"):
        assert home.ask("GET", path, peer=peer, cookie=cookie).status_code == 403, path


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:8000", "192.168.1.9:8000", "cratewise.local", f"a@{OWN}"]
)
def test_another_name_or_address_is_refused_though_it_leads_here(home: Home, host: str) -> None:
    cookie = home.paired()

    assert home.ask("GET", "/api/v1/home", host=host, cookie=cookie).status_code == 403
    assert home.ask("GET", "/pair", host=host).status_code == 403


def test_a_page_of_another_site_is_refused(home: Home) -> None:
    cookie = home.paired()
    foreign = {"origin": "http://evil.example"}
    cross = {"sec-fetch-site": "cross-site"}

    for headers in (foreign, cross):
        answer = home.ask("POST", "/api/v1/triage", cookie=cookie, headers=headers, json={})
        assert answer.status_code == 403
    own = {"origin": f"http://{OWN}:8000", "sec-fetch-site": "same-origin"}
    assert home.ask("GET", "/api/v1/home", cookie=cookie, headers=own).status_code == 200


def test_this_machine_needs_no_code_and_keeps_its_own_gate(home: Home) -> None:
    own = home.ask("GET", "/api/v1/home", peer="127.0.0.1", host="127.0.0.1:8000")
    foreign = home.ask("GET", "/api/v1/home", peer="127.0.0.1", host="evil.example")

    assert (own.status_code, foreign.status_code) == (200, 403)


def test_cookies_of_other_programs_hide_neither_the_phone_s_nor_each_other(home: Home) -> None:
    """Cookies know no ports: whatever else this machine serves sends its own along."""
    kept = f'theme={{"dark": true, "size": 3}}; other="a; {home.paired()}; x=[1,2]'

    assert home.ask("GET", "/api/v1/home", cookie=kept).status_code == 200


def test_a_device_that_was_forgotten_is_let_in_no_more(home: Home) -> None:
    first, second = home.paired(), home.paired()
    (newest, oldest) = json.loads(devices("--json"))["devices"]

    left = json.loads(devices("--forget", str(oldest["id"]), "--json"))["devices"]
    of_first, of_second = (
        home.ask("GET", "/api/v1/home", cookie=one).status_code for one in (first, second)
    )

    assert [one["id"] for one in left] == [newest["id"]]
    assert sorted((of_first, of_second)) == [200, 401]
    assert newest["address"] == PHONE
    assert CliRunner().invoke(app, ["devices", "--forget", str(oldest["id"])]).exit_code == 3
    assert "No device is let in" in devices("--forget-all")
    assert home.ask("GET", "/api/v1/home", cookie=second).status_code == 401


def devices(*words: str) -> str:
    """What `cratewise devices` says."""
    ended = CliRunner().invoke(app, ["devices", *words])
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def test_an_invented_cookie_lets_nobody_in(home: Home) -> None:
    home.paired()

    assert home.ask("GET", "/api/v1/home", cookie="cratewise-lan=guess").status_code == 401


# -- the code ---------------------------------------------------------------------


@pytest.fixture
def shown() -> list[str]:
    return []


@pytest.fixture
def pairing(store: Engine, clock: HandClock, shown: list[str]) -> Pairing:
    from tests.builders import an_account

    with writing(store) as db:
        me = an_account(db)
    return Pairing(store, me, clock, shown.append)


PHONE_VISITS = Visitor(PHONE, "a phone")


def test_a_code_is_replaced_when_it_is_guessed_at_and_in_the_end_there_is_none(
    pairing: Pairing, shown: list[str]
) -> None:
    pairing.show()
    for _ in range(GUESSES):
        with pytest.raises(PairingRefused, match="not the code"):
            pairing.exchange("AAAA-AAAA", PHONE_VISITS)
    with pytest.raises(PairingRefused, match="not the code"):
        pairing.exchange(shown[0], PHONE_VISITS)
    assert len(shown) == 2

    for _ in range(ALL_GUESSES - GUESSES - 1):
        with pytest.raises(PairingRefused):
            pairing.exchange("AAAA-AAAA", PHONE_VISITS)
    with pytest.raises(PairingRefused, match="start `cratewise serve` again"):
        pairing.exchange(shown[-1], PHONE_VISITS)
    assert len(shown) == ALL_GUESSES // GUESSES


def test_a_code_is_over_after_ten_minutes_and_looking_again_shows_another(
    pairing: Pairing, shown: list[str], clock: HandClock
) -> None:
    pairing.show()
    pairing.show()
    clock.advance(601)
    with pytest.raises(PairingRefused, match="too old"):
        pairing.exchange(shown[0], PHONE_VISITS)

    assert len(shown) == 2
    assert pairing.exchange(shown[1], PHONE_VISITS)


def test_a_paired_device_is_forgotten_a_month_after_it_was_last_used(
    pairing: Pairing, shown: list[str], clock: HandClock, store: Engine
) -> None:
    pairing.show()
    secret = pairing.exchange(shown[0], PHONE_VISITS)
    clock.advance(29 * 86_400)
    assert pairing.is_paired(secret)
    clock.advance(29 * 86_400)
    assert pairing.is_paired(secret)  # used in between
    clock.advance(31 * 86_400)

    assert not pairing.is_paired(secret)
    with reading(store) as db:
        assert db.scalar(select(func.count()).select_from(sessions)) == 1


def test_what_a_phone_was_let_in_by_is_no_session_of_somebody_who_signs_in(
    store: Engine, clock: HandClock, shown: list[str]
) -> None:
    """A session without a word of its pages' own would need none to change something."""
    with writing(store) as db:
        ann = make_member(db, "Ann", role="owner", at=clock.now())
    assert ann is not None
    pairing = Pairing(store, ann.id, clock, shown.append)
    pairing.show()
    nearby = pairing.exchange(shown[0], PHONE_VISITS)
    invited = sign_in_from_discogs_as(store, ann.id, clock)

    assert pairing.is_paired(nearby)
    assert by_session(store, nearby, clock) is None
    assert by_session(store, f"lan {nearby}", clock) is None
    assert by_session(store, invited, clock)
    assert not pairing.is_paired(invited)


def sign_in_from_discogs_as(store: Engine, account_id: int, clock: HandClock) -> str:
    """The secret of a session as of a browser that signed in."""
    with writing(store) as db:
        link_to_discogs(db, account_id, "ann")
    return sign_in_from_discogs(store, "ann", PHONE_VISITS, clock).secret


@pytest.mark.parametrize(
    ("address", "is_near"),
    [
        *(("10.1.2.3", True), ("172.31.0.1", True), ("192.168.0.9", True), ("fe80::1%eth0", True)),
        *(("::ffff:192.168.0.9", True), ("172.32.0.1", False), ("127.0.0.1", False)),
        *(("0.0.0.0", False), ("192.0.2.4", False), ("::ffff:8.8.8.8", False)),
    ],
)
def test_which_addresses_are_near(address: str, is_near: bool) -> None:
    assert is_private(address) is is_near


# -- at the terminal -----------------------------------------------------------------


def test_the_terminal_shows_a_code_that_a_phone_can_scan() -> None:
    import segno

    out = io.StringIO()
    link = "http://192.168.100.200:8000/pair#ABCD-EFGH"
    segno.make(link, error="m").terminal(out=out, compact=True)

    assert max(map(len, out.getvalue().splitlines())) < 80


@pytest.mark.usefixtures("_settings")
def test_serving_nearby_is_refused_where_everybody_signs_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CRATEWISE_MODE", "server")
    monkeypatch.setenv("CRATEWISE_PUBLIC_URL", "https://crates.example")
    monkeypatch.setenv("CRATEWISE_SECRET_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")

    ended = subprocess.run(
        [sys.executable, "-m", "cratewise", "serve", "--lan", "--port", "0", "--no-work"],
        capture_output=True, text=True, env=dict(os.environ), check=False,
    )  # fmt: skip

    assert ended.returncode != 0
    assert "--lan" in ended.stderr
    assert "everybody signs in" in ended.stderr


@pytest.mark.usefixtures("_settings")
def test_the_program_serves_nearby_and_tells_the_code() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "cratewise", "serve", "--lan", "--port", "0", "--no-work", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        if not (line := process.stdout.readline()):
            assert "no private address" in process.stderr.read()
            pytest.skip("this machine is in no private network")
        told = json.loads(line)
        pair = json.loads(process.stdout.readline())
        assert httpx2.get(f"{told['url']}/healthz").status_code == 200
        process.terminate()

    assert told["url"].startswith("http://127.0.0.1:")
    assert pair["pair"].endswith(f"/pair#{pair['code']}")
