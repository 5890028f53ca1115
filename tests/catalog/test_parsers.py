"""Both parsers make the same rows of a dump, whatever its XML looks like."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.catalog.dumps import STOCKHOLM, a_release

from cratewise.catalog.dump_file import DumpFile
from cratewise.catalog.parse_fast import fast_parser
from cratewise.catalog.parse_plain import plain_parser
from cratewise.catalog.parsed import COLUMNS, Parsed, Parser, People, packed_credits

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


def whole(parse: Parser, xml: str) -> tuple[Parsed, list[str | None], list[str], list[object]]:
    """A block's rows, packed credits, roles and people."""
    parsed = parse(xml.encode())
    roles = [""]

    def number(role: str) -> int:
        if role not in roles:
            roles.append(role)
        return roles.index(role)

    packed = packed_credits(parsed, number)
    return parsed, packed, roles, list(People([]).new_in(parsed))


def test_odd_releases_become_the_same_rows_with_both_parsers() -> None:
    fast, *fast_rest = whole(FAST, "\n".join(ODD))
    plain, *plain_rest = whole(PLAIN, "\n".join(ODD))

    assert fast.rows == plain.rows
    assert fast_rest == plain_rest
    assert [row[0] for row in fast.rows] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_release_is_kept_with_all_that_is_asked_of_the_catalogue() -> None:
    parsed, packed, roles, people = whole(FAST, "\n".join(ODD))
    row = dict(zip(COLUMNS, parsed.rows[0], strict=True))

    assert row == {
        "id": 1,
        "master_id": 1660109,
        "title": "Stockholm",
        "artists": '[[1,"The Persuader",""]]',
        "labels": '[[5,"Svek","SK032"]]',
        "formats": '[["Vinyl","2","",["12\\"","33 ⅓ RPM"]]]',
        "genres": '["Electronic"]',
        "styles": '["Deep House"]',
        "country": "Sweden",
        "released": "1999-03-00",
        "year": 1999,
        "barcodes": '["7 332414 00001 2"]',
        "videos": '["afMHNll9EVM"]',
    }
    assert (packed[0], roles[:3]) == ("[239,2,507025,1]", ["", "Lacquer Cut By", "Written-By"])
    assert (packed[6], roles[3]) == ("[9,3]", "Bass")
    assert (507025, "George Cutmaster General") in people
    assert parsed.rows[1][:2] == (2, None)
    assert parsed.rows[1][3] == '[[0,"\\"Quoted\\" \\\\ &  broken",""]]'
    assert parsed.rows[4][9:11] == ("0000-00-00", None)
    assert parsed.rows[7][12] == '["https://vimeo.com/1"]'


@pytest.mark.parametrize("year", [2020, 2026])
def test_recorded_dumps_become_the_same_rows_with_both_parsers(samples: Path, year: int) -> None:
    with DumpFile(samples / "dump" / f"releases_{year}.xml") as dump:
        blocks = [block.xml.decode() for block in dump.blocks()]

    told = [(whole(FAST, block), whole(PLAIN, block)) for block in blocks]
    assert sum(len(fast[0].rows) for fast, _ in told) == {2020: 50, 2026: 150}[year]
    for fast, plain in told:
        assert fast[0].rows == plain[0].rows
        assert fast[1:] == plain[1:]


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
    assert whole(FAST, xml)[0].rows == whole(PLAIN, xml)[0].rows
