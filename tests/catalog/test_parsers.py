"""Both parsers make the same rows of a dump, whatever its XML looks like."""

from pathlib import Path
from struct import iter_unpack
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.catalog.dumps import STOCKHOLM, a_release

from cratewise.catalog.dump_file import DumpFile
from cratewise.catalog.format_text import Format
from cratewise.catalog.parse_fast import fast_parser
from cratewise.catalog.parse_plain import plain_parser
from cratewise.catalog.parsed import Parser, People, packed_credits
from cratewise.catalog.told import Told, addresses_in, formats_in, pairs_in

FAST, PLAIN = fast_parser(with_credits=True), plain_parser(with_credits=True)

ODD = (
    STOCKHOLM,
    # no artist's number, a quote, a backslash, an ampersand, a line break of its own kind
    '<release id="2"><artists><artist><name>"Quoted" \\ &amp; &#13;\nbroken</name></artist>'
    '</artists><title>A &lt;b&gt; "T"</title><labels><label name="a&quot;b" catno="" id="3"/>'
    "</labels><master_id>0</master_id></release>",
    # nothing but a number
    '<release id="3"></release>',
    '<release id="4"><title/><artists/><genres/><country/><released>199?</released></release>',
    # joined artists, two formats, one of them bare; a year that is none
    '<release id="5"><artists><artist><id>1</id><name>A</name><join>&amp;</join></artist><artist>'
    "<id>2</id><name>B</name></artist></artists><title>AB</title><formats>"
    '<format name="Box Set" qty="1" text="Ltd"/><format name="CD" qty="2" text="">'
    "<descriptions><description>Album</description></descriptions></format></formats>"
    "<released>0000-00-00</released></release>",
    # a tag inside of a comment and of CDATA
    '<release id="6"><!-- <notes> --><title><![CDATA[</notes> <x>]]></title></release>',
    # a credit twice, and one of nobody
    '<release id="7"><extraartists><artist><id>9</id><name>N</name><role>Bass [A1]</role></artist>'
    "<artist><id>9</id><name>N</name><role>Bass</role></artist><artist><name>Who</name>"
    "<role>Drums</role></artist></extraartists><title>T</title></release>",
    '<release id="8"><title>V</title><videos><video src="https://vimeo.com/1"/></videos></release>',
)


class Whole(NamedTuple):
    """A block as a catalogue keeps it."""

    ids: list[int]
    outlines: list[bytes]
    told: list[Told]
    numbers: list[list[int]]
    credits: list[list[tuple[int, str]]]
    people: list[tuple[int, str]]


def whole(parse: Parser, xml: str) -> Whole:
    parsed = parse(f"<releases>{xml}</releases>".encode())
    roles = [""]

    def number(role: str) -> int:
        if role not in roles:
            roles.append(role)
        return roles.index(role)

    packed = packed_credits(parsed, number)
    named = [*parsed.artists, *parsed.labels]
    return Whole(
        ids=parsed.id.tolist(),
        outlines=list(parsed.outline),
        told=[Told.read(text.decode()) for text in parsed.told],
        numbers=[column.tolist() for column in (parsed.master_id, parsed.year, *named)],
        credits=[
            [(artist, roles[role]) for artist, role in iter_unpack("<II", one or b"")]
            for one in packed
        ],
        people=People([]).new_in(parsed),
    )


def test_odd_releases_become_the_same_rows_with_both_parsers() -> None:
    fast = whole(FAST, "\n".join(ODD))
    assert fast == whole(PLAIN, "\n".join(ODD))
    assert fast.ids == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_release_is_kept_with_all_that_is_asked_of_the_catalogue() -> None:
    block = whole(FAST, "\n".join(ODD))
    first, quoted, _, _, dated, _, credited, filmed = block.told

    assert first._asdict() == {
        "released": "1999-03-00",
        "title": "Stockholm",
        "artists": "The Persuader\x1f",
        "labels": "Svek\x1fSK032",
        "formats": 'Vinyl\x1f2\x1f\x1f12"\x1e33 ⅓ RPM',
        "barcodes": "7 332414 00001 2",
        "videos": "afMHNll9EVM",
    }
    assert pairs_in(first.labels) == [("Svek", "SK032")]
    assert formats_in(first.formats) == [Format("Vinyl", 2, "", ('12"', "33 ⅓ RPM"))]
    assert pairs_in(quoted.artists) == [('"Quoted" \\ &  broken', "")]
    assert formats_in(dated.formats)[0] == Format("Box Set", 1, "Ltd", ())
    assert (dated.released, block.numbers[1][4]) == ("0000-00-00", 0)
    assert addresses_in(filmed.videos) == ["https://vimeo.com/1"]
    assert block.credits[0] == [(239, "Written-By"), (507025, "Lacquer Cut By")]
    assert credited.title == "T"
    assert block.credits[6] == [(9, "Bass")]
    assert (507025, "George Cutmaster General") in block.people


def test_what_enriches_a_listing_is_told_as_the_index_keeps_it() -> None:
    odd = a_release(
        number=9, country="", artists=[], labels=[(0, "", "")],
        genres=['A "B" \\ C', "Ä"], styles=[],
    )  # fmt: skip
    block = whole(FAST, "\n".join([*ODD, odd]))
    first, quoted, *_, last = ([*msgspec.json.decode(b"[" + one + b"]")] for one in block.outlines)

    assert first == [1660109, 1999, "Sweden", '["Electronic"]', '["Deep House"]', "[1]", "[5]"]
    assert quoted == [None, None, None, "[]", "[]", "[0]", "[3]"]
    assert last == [None, 1999, None, r'["A \"B\" \\ C","Ä"]', "[]", None, "[0]"]


@pytest.mark.parametrize("year", [2020, 2026])
def test_recorded_dumps_become_the_same_rows_with_both_parsers(samples: Path, year: int) -> None:
    with DumpFile(samples / "dump" / f"releases_{year}.xml") as dump:
        blocks = [
            block.xml.decode().removeprefix("<releases>").removesuffix("</releases>")
            for block in dump.blocks()
        ]

    told = [whole(FAST, block) for block in blocks]
    assert sum(len(one.ids) for one in told) == {2020: 50, 2026: 150}[year]
    assert told == [whole(PLAIN, block) for block in blocks]


NAMES = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"),
    min_size=0, max_size=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.builds(
            a_release,
            number=st.integers(1, 2**33),
            title=NAMES,
            artists=st.lists(st.tuples(st.integers(0, 2**33), NAMES), max_size=3),
            labels=st.lists(st.tuples(st.integers(0, 2**33), NAMES, NAMES), max_size=3),
            master=st.integers(0, 2**33),
            released=st.text("0123456789-?", max_size=10),
            genres=st.lists(NAMES, max_size=3),
            styles=st.lists(NAMES, max_size=3),
        ),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_any_release_becomes_the_same_row_with_both_parsers(releases: list[str]) -> None:
    xml = "\n".join(releases)
    assert whole(FAST, xml) == whole(PLAIN, xml)
