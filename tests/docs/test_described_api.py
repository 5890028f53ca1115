"""The description that the web page's types are made from is the one that the API gives."""

from tests.docs.generated import DESCRIBED, described_api


def test_the_page_is_built_against_the_api_as_it_is() -> None:
    assert DESCRIBED.read_text("utf-8") == described_api(), "run `make docs`"
