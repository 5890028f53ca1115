"""Small monthly dumps, written as Discogs writes them."""

import gzip
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

STOCKHOLM = """<release id="1"><artists><artist><id>1</id><name>The Persuader</name></artist>\
</artists><title>Stockholm</title><labels><label name="Svek" catno="SK032" id="5" /></labels>\
<extraartists><artist><id>507025</id><name>George Cutmaster General</name><anv>G</anv>\
<role>Lacquer Cut By</role></artist></extraartists><formats><format name="Vinyl" qty="2" text="">\
<descriptions><description>12"</description><description>33 ⅓ RPM</description></descriptions>\
</format></formats><genres><genre>Electronic</genre></genres><styles><style>Deep House</style>\
</styles><country>Sweden</country><released>1999-03-00</released><notes>Not kept.</notes>\
<master_id is_main_release="true">1660109</master_id><tracklist><track><position>A</position>\
<title>Östermalm</title><extraartists><artist><id>239</id><name>Jesper Dahlbäck</name>\
<role>Written-By [All Tracks By]</role></artist></extraartists></track></tracklist><identifiers>\
<identifier type="Barcode" description="" value="7 332414 00001 2" />\
<identifier type="Matrix / Runout" value="MPO" /></identifiers><videos>\
<video src="https://www.youtube.com/watch?v=afMHNll9EVM" duration="325" embed="true">\
<title>Gamla Stan</title></video></videos></release>"""


def a_release(
    number: int,
    *,
    title: str = "",
    artists: Sequence[tuple[int, str]] = ((7, "Rotor"),),
    labels: Sequence[tuple[int, str, str]] = ((9, "Svek", "SK 1"),),
    master: int = 0,
    released: str = "1999",
    country: str = "Sweden",
    genres: Sequence[str] = ("Electronic",),
    styles: Sequence[str] = ("Techno",),
) -> str:
    """One release as XML."""
    named = "".join(
        f"<artist><id>{one}</id><name>{escape(name)}</name></artist>" for one, name in artists
    )
    issued = "".join(
        f"<label name={quoteattr(name)} catno={quoteattr(catno)} id={quoteattr(str(one))} />"
        for one, name, catno in labels
    )
    return (
        f'<release id="{number}"><artists>{named}</artists>'
        f"<title>{escape(title or f'Record {number}')}</title><labels>{issued}</labels>"
        '<formats><format name="Vinyl" qty="1" text=""><descriptions>'
        "<description>LP</description></descriptions></format></formats>"
        f"<genres>{''.join(f'<genre>{escape(name)}</genre>' for name in genres)}</genres>"
        f"<styles>{''.join(f'<style>{escape(name)}</style>' for name in styles)}</styles>"
        f"<country>{escape(country)}</country><released>{released}</released>"
        f'<master_id is_main_release="true">{master}</master_id></release>'
    )


def a_dump(path: Path, records: Iterable[str], root: str = "releases") -> Path:
    """A dump of these records at `path`, in gz if its name says so."""
    text = f"<{root}>\n" + "\n".join(records) + f"\n</{root}>\n"
    plain = text.encode()
    # Without the time of day, so that one of the same records has the same checksum.
    path.write_bytes(gzip.compress(plain, mtime=0) if path.suffix == ".gz" else plain)
    return path
