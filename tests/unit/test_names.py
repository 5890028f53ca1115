"""Sellers' names as people type and paste them."""

import pytest

from cratewise.discogs.names import seller_name, user_path
from cratewise.errors import ImpossibleName


@pytest.mark.parametrize(
    "typed",
    [
        "www.hhv.de",
        "  www.hhv.de\n",
        "https://www.discogs.com/seller/www.hhv.de/profile",
        "https://www.discogs.com/de/seller/www.hhv.de?sort=listed",
        "www.discogs.com/user/www.hhv.de",
        "discogs.com/pt_BR/user/www.hhv.de/collection",
    ],
)
def test_a_name_is_read_from_what_people_paste(typed: str) -> None:
    assert seller_name(typed) == "www.hhv.de"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        ".",
        "..",
        "a/b",
        "../users/b",
        "a?b",
        "a#b",
        "a%2fb",
        "a\\b",
        "a\x00b",
        "a" * 101,
        "https://example.com/seller/alice",
        "https://www.discogs.com/release/249504",
    ],
)
def test_what_cannot_be_a_name_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ImpossibleName, match="as it stands in the shop's address"):
        seller_name(typed)


def test_a_name_stands_quoted_in_its_address() -> None:
    assert user_path("Vinyl & Söhne") == "/users/Vinyl%20%26%20S%C3%B6hne"
