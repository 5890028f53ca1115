"""Listings stand in lines that a terminal of any width can show."""

import io
import re
import sys
from datetime import timedelta
from typing import Any

import pytest
from rich.cells import cell_len
from tests.builders import NOON, RATES
from tests.unit.stocked import a_listing

from cratewise.cli.listing_lines import age, printable, write_listings
from cratewise.grades import Grade
from cratewise.keeper import DEFAULT
from cratewise.shelf.view import View, viewer

ESCAPES = re.compile(r"\x1b\[[\d;]*m|\x1b]8;[^\x1b]*\x1b\\")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def seen(**fields: Any) -> View:
    listing = a_listing(want=1000, have=500, price_usd=25.0, score=27.54)._replace(**fields)
    return viewer(currency="USD", rates=RATES, rule=DEFAULT, now=NOON)(listing)


def written(monkeypatch: pytest.MonkeyPatch, width: int, *views: View) -> list[str]:
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm-256color")
    write_listings(views, with_seller=True)
    return ESCAPES.sub("", terminal.getvalue()).splitlines()


LP: dict[str, Any] = {
    "artist": "Miles Davis",
    "title": "Kind of Blue",
    "format": "LP, Album",
    "year": 1959,
}


def test_a_listing_shows_what_is_compared_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = written(monkeypatch, 80, seen(**LP, price_minor=2000))

    assert [re.sub("  +", "  ", line.strip()) for line in lines] == [
        "#  Score  Artist – title  Price  Grade  Want/have",
        "1  27.5  ★ Miles Davis – Kind of Blue  €20.00  VG+/generic  1,000/500",
        "LP, Album · 1959 · alice · ≈ $25.00 · priced just now",
        "2 want it for each copy owned, 1,500 people in all, and it costs $25.00",
    ]


MANY: list[dict[str, Any]] = [
    {},
    LP,
    {"artist": "坂本龍一", "title": "千のナイフ", "currency": "JPY", "price_minor": 123_456_700},
    {"artist": "A" * 90, "title": "B" * 90, "format": "LP, " * 60},
    {"artist": "", "title": "Only a title", "format": "", "year": None},
    {"want": None, "have": None, "score": None},
    {"price_minor": None, "currency": None, "price_usd": None, "score": None},
    {"currency": "XAF", "price_usd": None, "score": None},
    {"want": 1_234_567, "have": 1_234_567, "media_grade": None, "sleeve_grade": Grade.NOT_GRADED},
    {"price_read_at": NOON - timedelta(days=400), "gone_at": NOON},
]


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    lines = written(monkeypatch, width, *(seen(**fields) for fields in MANY))

    assert max(cell_len(line) for line in lines) <= width


@pytest.mark.parametrize("width", [80, 120])
def test_columns_stand_below_one_another(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    usual = MANY[:8]
    lines = written(monkeypatch, width, *(seen(**fields) for fields in usual))

    firsts = [line for line in lines if re.match(r" *\d+ +(unknown|-?[\d.]+)  ", line)]
    assert len(firsts) == len(usual)
    assert {cell_len(line) for line in firsts} == {width}


@pytest.mark.parametrize("width", [40, 80, 120])
def test_at_any_width_nothing_but_a_name_is_cut(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    view = seen(**LP, price_minor=2000)

    words = " ".join(written(monkeypatch, width, view)).split()

    shown = " ".join(words)
    for part in (*view.reason.split(), "€20.00", "$25.00", "VG+/generic", "1,000/500", "1959"):
        assert part in shown


def test_what_is_unknown_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = {"want": None, "have": None, "score": None, "media_grade": None, "year": None}
    text = "\n".join(written(monkeypatch, 80, seen(**unknown, price_minor=None, currency=None)))

    for word in ("unknown", "no price", "?/generic", "?/?", "score unknown: how many want"):
        assert word in text


def test_an_old_price_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh, old = (
        seen(price_read_at=NOON - timedelta(hours=5)),
        seen(price_read_at=NOON - timedelta(hours=7)),
    )

    text = "\n".join(written(monkeypatch, 80, fresh, old))

    assert re.search(r"priced 5 h ago(?! !)", text)
    assert "priced 7 h ago !" in text


def test_a_title_links_to_its_page_and_cannot_steer_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    monkeypatch.setenv("TERM", "xterm-256color")

    write_listings([seen(artist="\x1b[2JSly\r\n", title="[red]Fresh")], with_seller=False)

    assert "https://www.discogs.com/sell/item/4350000001" in terminal.getvalue()
    assert "\x1b[2J" not in terminal.getvalue()
    assert "[red]Fresh" in terminal.getvalue()


def test_a_text_of_somebody_elses_is_one_line_of_plain_letters() -> None:
    assert printable("\x1b]0;title\x07 A\tB\r\nC ") == "]0;title A B C"


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=3, hours=5), "3 days ago"),
    ],
)
def test_an_age_is_told_as_people_say_it(passed: timedelta, told: str) -> None:
    assert age(passed) == told
