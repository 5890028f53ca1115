"""Where many sign in: by name, by invitation; nothing of anybody is kept in the browser."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import Browser, Page, expect
from tests.api.serving import Api, served
from tests.web.held import HeldDiscogs
from tests.web.visiting import PATIENCE_MILLISECONDS, PHONE, Visit, visited

from cratewise.cli.serve import free_port
from cratewise.people.secrets import hash_of, new_secret
from cratewise.store.engine import writing
from cratewise.store.invitations import make_invitation

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MILLISECONDS)

PASSWORD = "correct horse battery"


@pytest.fixture
def server(
    discogs: HeldDiscogs, page_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Api]:
    """A server for many, at the address that its people know."""
    port = free_port("127.0.0.1", 0)
    monkeypatch.setenv("CRATEWISE_DISCOGS_API_URL", discogs.url)
    monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", "0.5")
    monkeypatch.setenv("CRATEWISE_MODE", "server")
    monkeypatch.setenv("CRATEWISE_PUBLIC_URL", f"http://localhost:{port}")
    monkeypatch.setenv("CRATEWISE_SECRET_KEY", Fernet.generate_key().decode())
    serving = served(is_working=True, web_folder=page_folder, port=port)
    # Playwright keeps a loop running in this thread, and DBOS starts beside none.
    with ThreadPoolExecutor(max_workers=1) as elsewhere:
        api = elsewhere.submit(serving.__enter__).result()
        api.url = f"http://localhost:{port}"
        try:
            yield api
        finally:
            elsewhere.submit(serving.__exit__, None, None, None).result()


@pytest.fixture
def visit(browser: Browser, server: Api) -> Iterator[Visit]:
    with visited(browser, server) as visit:
        yield visit


def test_somebody_joins_by_invitation_signs_out_and_in_again(server: Api, visit: Visit) -> None:
    page = visit.go("/triage")
    expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
    assert visit.violations() == []

    page = visit.go(f"/join#{_invitation(server)}")
    _fill(page, "ann", PASSWORD, "Join")
    expect(page.get_by_text("No sellers yet")).to_be_visible()
    assert _kept_in_the_browser(page) == []

    visit.go("/settings")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
    _fill(page, "ann", "not the password", "Sign in")
    expect(page.get_by_role("alert")).to_be_visible()
    visit.complaints.clear()  # Chromium's own, about the 403
    _fill(page, "ANN", PASSWORD, "Sign in")
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()


def test_what_somebody_changes_carries_the_word_of_their_own_page(
    server: Api, visit: Visit
) -> None:
    page = visit.go(f"/join#{_invitation(server)}")
    _fill(page, "ann", PASSWORD, "Join")
    expect(page.get_by_text("No sellers yet")).to_be_visible()

    visit.go("/sellers")  # anew: the word is asked for, not kept
    page.get_by_label("Seller’s name").fill("alice")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="alice", level=1)).to_be_visible()


def test_an_invitation_lets_one_person_in_and_no_other(server: Api, visit: Visit) -> None:
    secret = _invitation(server)
    page = visit.go(f"/join#{secret}")
    _fill(page, "ann", "too short", "Join")
    assert page.get_by_role("heading", name="Join", level=1).is_visible()  # the browser says why
    _fill(page, "ann", PASSWORD, "Join")
    expect(page.get_by_text("No sellers yet")).to_be_visible()

    page.context.clear_cookies()
    page.goto("about:blank")
    visit.go(f"/join#{secret}")
    _fill(page, "bob", PASSWORD, "Join")
    expect(page.get_by_role("alert")).to_be_visible()
    visit.complaints.clear()  # Chromium's own, about the 403


def test_an_owner_invites_shuts_out_and_reads_who_did_what(
    browser: Browser, server: Api, visit: Visit
) -> None:
    page = visit.go(f"/join#{_invitation(server, 'owner')}")
    _fill(page, "olga", PASSWORD, "Join")
    expect(page.get_by_text("No sellers yet")).to_be_visible()
    visit.go("/people")
    page.get_by_role("button", name="Invite somebody").click()
    link = page.get_by_role("status").get_by_text("/join#").inner_text()

    with visited(browser, server) as other:
        other.page.goto(link)
        _fill(other.page, "ann", PASSWORD, "Join")
        expect(other.page.get_by_text("No sellers yet")).to_be_visible()
        visit.go("/people")
        expect(page.get_by_role("region", name="Who did what")).to_contain_text("ann")
        assert visit.violations() == []
        page.get_by_role("button", name=re.compile("Shut out.*ann")).click()
        expect(page.get_by_role("button", name=re.compile("Let in again.*ann"))).to_be_visible()
        other.page.reload()
        expect(other.page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()


def test_a_token_is_shown_once_and_revoked(server: Api, visit: Visit) -> None:
    page = visit.go(f"/join#{_invitation(server)}")
    _fill(page, "ann", PASSWORD, "Join")
    expect(page.get_by_text("No sellers yet")).to_be_visible()
    visit.go("/settings")
    programs = page.get_by_role("region", name="Programs")
    programs.get_by_label("What it is for").fill("a script")
    programs.get_by_role("button", name="Make a token").click()
    secret = programs.get_by_role("status").locator("code").inner_text()
    assert secret.startswith("cw_")
    assert not any(secret in kept for kept in _kept_in_the_browser(page))
    answer = server.http.get(
        "/api/v1/session", headers={"authorization": f"Bearer {secret}", "host": _host(server)}
    )
    assert answer.json()["name"] == "ann"
    assert visit.violations() == []

    programs.get_by_role("button", name=re.compile("Revoke.*a script")).click()
    expect(programs.get_by_text("a script")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("region", name="Programs")).to_be_visible()
    assert secret not in page.content()


@pytest.mark.parametrize("path", ["/", "/join", "/settings"])
def test_whoever_is_not_signed_in_is_shown_the_way_in_and_asks_for_nothing_else(
    browser: Browser, server: Api, path: str
) -> None:
    with visited(browser, server, size=PHONE, theme="dark") as phone:
        asked: list[str] = []
        phone.page.on("request", lambda request: asked.append(request.url))
        page = phone.go(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert {url for url in asked if "/api/" in url} == {f"{server.url}/api/v1/session"}
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert phone.violations() == []


def _invitation(server: Api, role: str = "member") -> str:
    secret, now = new_secret(), server.here.clock.now()
    with writing(server.here.engine) as db:
        make_invitation(
            db, hash_of(secret), role=role, made_by=None, at=now,
            expires_at=now + timedelta(days=7),
        )  # fmt: skip
    return secret


def _fill(page: Page, name: str, password: str, deed: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label(re.compile("Password")).fill(password)
    page.get_by_role("button", name=deed, exact=True).click()


def _host(server: Api) -> str:
    return server.url.removeprefix("http://")


def _kept_in_the_browser(page: Page) -> list[str]:
    """What a script of the page could read of whoever signed in."""
    found: list[str] = page.evaluate(
        "[...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie]"
        ".filter((one) => one && !one.startsWith('cratewise.theme')"
        " && !one.startsWith('tsr-scroll-restoration'))"
    )
    return found
