"""The earlier page's addresses are nobody else's: our own page and API have others."""

import re
from pathlib import Path

import pytest
from tests.api.serving import Api

from cratewise.api.legacy.paths import is_earlier
from cratewise.api.legacy.shapes import TAG

ROUTER = Path(__file__).parents[2] / "frontend/src/app/router.tsx"
OURS = re.findall(r"path: '([^']*)'", ROUTER.read_text("utf-8"))


def a_page_of(template: str) -> str:
    """An address that a route of ours stands for: /sellers/$name is /sellers/x."""
    return re.sub(r"\$\w+|\{[^}]*\}", "x", template)


def test_our_page_has_addresses() -> None:
    assert {"/", "/search", "/sellers/$name"} <= set(OURS)


@pytest.mark.parametrize("template", OURS)
def test_no_address_of_our_page_is_one_of_the_earlier_page(earlier: Api, template: str) -> None:
    path = a_page_of(template)

    answer = earlier.http.get(path, headers={"Accept": "text/html"})

    assert not is_earlier(path)
    # The page where it was built, nothing where not: no room of the earlier page answers.
    assert answer.headers["content-type"].startswith("text/html") or answer.status_code == 404


def test_no_address_of_our_api_is_one_of_the_earlier_page_and_each_of_theirs_is(
    earlier: Api,
) -> None:
    described = earlier.http.get("/schema/openapi.json").json()["paths"]
    tags = {path: {tag for way in ways.values() for tag in way.get("tags", ())}
            for path, ways in described.items()}  # fmt: skip

    assert any(TAG in told for told in tags.values())
    for path, told in tags.items():
        assert is_earlier(a_page_of(path)) == (TAG in told), path
