"""The three origins of the earlier page may ask its addresses, and nobody more than before."""

import pytest
from tests.api.serving import Api

from cratewise.api.legacy.paths import ORIGINS
from cratewise.simulator import Simulator

PAGE = "http://localhost:5173"
WISH = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


@pytest.mark.parametrize("origin", sorted(ORIGINS))
def test_its_own_page_may_read_and_write(earlier: Api, origin: str) -> None:
    asked = {"Origin": origin, "Sec-Fetch-Site": "same-site"}

    preflight = earlier.http.request("OPTIONS", "/by-seller/search/", headers=asked | WISH)
    sent = earlier.http.post("/by-seller/search/", json={"seller": "nobody"}, headers=asked)
    read = earlier.http.get("/dashboard/", headers=asked)
    refused = earlier.http.post("/by-seller/search/", json={}, headers=asked)

    assert preflight.status_code == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "content-type" in preflight.headers["access-control-allow-headers"].lower()
    assert (sent.status_code, read.status_code, refused.status_code) == (200, 200, 400)
    for answer in (preflight, sent, read, refused):
        assert answer.headers["access-control-allow-origin"] == origin
        assert "origin" in answer.headers["vary"].lower()
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost:5175"},
        {"Origin": "https://localhost:5173"},
        {"Origin": "http://127.0.0.1:5173"},
        {"Origin": "http://localhost:5173.example.org"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        {"Origin": PAGE, "Host": "example.org"},
    ],
)
def test_no_other_page_may(earlier: Api, discogs: Simulator, headers: dict[str, str]) -> None:
    for method, path in (
        ("GET", "/dashboard/?force_refresh=1"),
        ("GET", "/search/results/"),
        ("GET", "/export-listings"),
        ("POST", "/data/alice"),
        ("OPTIONS", "/data/alice"),
    ):
        wish = WISH if method == "OPTIONS" else {}
        answer = earlier.http.request(method, path, headers=headers | wish)

        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
    assert discogs.requests == []
    assert earlier.here.desk.jobs() == []


def test_it_may_ask_nothing_else(earlier: Api) -> None:
    for path in (
        "/", "/api/v1/home", "/api/v1/listings", "/healthz", "/metrics", "/schema/openapi.json",
        "/data", "/data/a/b", "/records/seller/", "/dashboard/x", "/api/scraper/",
    ):  # fmt: skip
        answer = earlier.http.get(path, headers={"Origin": PAGE, "Sec-Fetch-Site": "same-site"})

        assert answer.status_code == 403, path
        assert "access-control-allow-origin" not in answer.headers


def test_a_link_to_the_export_may_be_followed_and_to_nothing_else(earlier: Api) -> None:
    link = {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate"}

    assert earlier.http.get("/export-listings", headers=link).status_code == 200
    assert earlier.http.get("/dashboard/", headers=link).status_code == 403


def test_where_it_is_switched_off_its_page_is_a_foreign_one(api: Api) -> None:
    for method in ("GET", "OPTIONS"):
        answer = api.http.request(method, "/dashboard/", headers={"Origin": PAGE} | WISH)

        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


def test_scripts_ask_without_these_headers(earlier: Api) -> None:
    answer = earlier.http.get("/dashboard/")

    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
