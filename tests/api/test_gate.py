"""Only this machine's own pages and programs get in; other sites are refused before any work."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.api.serving import Api

from cratewise.api.gate import why_refused
from cratewise.simulator import Simulator

PORT = "8000"


def refused(**headers: str) -> bool:
    named = {"host": f"localhost:{PORT}", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return why_refused([(k.encode(), v.encode("latin-1")) for k, v in named.items()]) is not None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": "127.0.0.1:8000"},
        {"host": "[::1]:8000"},
        {"host": "LOCALHOST"},
        {"host": "127.8.9.1:1"},
        {"origin": "http://localhost:8000", "sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
    ],
)
def test_this_machines_own_requests_pass(headers: dict[str, str]) -> None:
    assert not refused(**headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "example.org"},
        {"host": "example.org:8000"},
        {"host": "localhost.example.org"},
        {"host": "127.0.0.1.example.org"},
        {"host": "localhost@example.org"},
        {"host": "example.org@localhost"},
        {"host": "localhost/example.org"},
        {"host": "localhost:http"},
        {"host": "localhost:0x50"},
        {"host": ""},
        {"host": "0.0.0.0:8000"},
        {"host": "192.168.1.2:8000"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "https://example.org"},
        {"origin": "http://localhost:5173"},
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "http://localhost:8000.example.org"},
        {"origin": "file://"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "anything"},
        {"origin": "http://localhost:8000", "sec_fetch_site": "cross-site"},
    ],
)
def test_another_site_is_refused(headers: dict[str, str]) -> None:
    assert refused(**headers)


def test_two_hosts_are_none() -> None:
    host = (b"host", b"localhost:8000")

    assert why_refused([host, (b"host", b"example.org")])
    assert why_refused([])


def test_one_foreign_origin_among_several_is_enough() -> None:
    own = (b"origin", b"http://localhost:8000")

    assert why_refused([(b"host", b"localhost:8000"), own, (b"Origin", b"http://example.org")])


@given(st.text(alphabet=st.characters(max_codepoint=255)), st.sampled_from(["host", "origin"]))
def test_whatever_a_header_holds_is_answered(text: str, name: str) -> None:
    assert refused(**{name: text}) in (True, False)


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "example.org"}],
)
@pytest.mark.parametrize(
    "asked",
    [
        ("POST", "/api/v1/pulls", {"seller": "alice"}),
        ("POST", "/api/v1/pulls/estimate", {"seller": "alice"}),
        ("GET", "/api/v1/home", None),
        ("GET", "/healthz", None),
        ("GET", "/metrics", None),
        ("GET", "/", None),
        ("OPTIONS", "/api/v1/pulls", None),
        ("GET", "/nowhere", None),
    ],
)
def test_a_foreign_request_has_no_effect_whatever_it_asks(
    api: Api, discogs: Simulator, headers: dict[str, str], asked: tuple[str, str, Any]
) -> None:
    method, path, body = asked
    answer = api.http.request(method, path, json=body, headers=headers)

    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:cratewise:problem:foreign-site"
    assert "access-control-allow-origin" not in answer.headers
    assert discogs.requests == []
    assert api.here.desk.jobs() == []
