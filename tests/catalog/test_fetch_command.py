"""`cratewise catalog import URL` and `latest`, against a server that lists what it was asked."""

import gzip
import hashlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine, select
from tests.builders import a_listing, a_seller
from tests.catalog.dumps import a_dump, a_release
from tests.catalog.typed import answered, cratewise

from cratewise.clock import SystemClock
from cratewise.store.engine import reading, writing
from cratewise.store.tables import releases

DAY = f"{SystemClock().now():%Y%m}01"
RELEASES, MASTERS = f"discogs_{DAY}_releases.xml.gz", f"discogs_{DAY}_masters.xml.gz"
SUMS = f"discogs_{DAY}_CHECKSUM.txt"


class Place(ThreadingHTTPServer):
    """Where dumps lie: files by name, and the names that were asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Answering)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def put(self, tmp_path: Path, name: str, *records: str, root: str = "releases") -> None:
        self.files[name] = a_dump(tmp_path / "dump.gz", records, root).read_bytes()
        self.files[SUMS] = "".join(
            f"{hashlib.sha256(held).hexdigest()} *{name}\n"
            for name, held in self.files.items()
            if name != SUMS
        ).encode()


class _Answering(BaseHTTPRequestHandler):
    server: Place

    def do_GET(self) -> None:
        name = parse_qs(urlsplit(self.path).query)["download"][0].rpartition("/")[2]
        self.server.asked.append(name)
        held = self.server.files.get(name)
        self.send_response(404 if held is None else 200)
        self.send_header("Content-Length", str(len(held or b"")))
        self.end_headers()
        self.wfile.write(held or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def place(store: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with Place() as place:
        monkeypatch.setenv("CRATEWISE_CATALOG_URL", place.url)
        url = store.url.render_as_string(hide_password=False)
        monkeypatch.setenv("CRATEWISE_DATABASE_URL", url)
        thread = Thread(target=place.serve_forever, args=(0.02,))
        thread.start()
        yield place
        place.shutdown()
        thread.join()


def test_what_is_in_use_already_is_not_fetched_again(place: Place, tmp_path: Path) -> None:
    """`latest` fetched all 11 GB to find that nothing was new."""
    place.put(tmp_path, RELEASES, a_release(1))
    place.put(tmp_path, MASTERS, '<master id="7"><year>1990</year></master>', root="masters")
    assert answered("import", "latest")["imported"]["is_checked"]
    assert answered("import", "latest", "--masters", "latest")["imported"]["releases"] == 1
    place.asked.clear()

    again = answered("import", "latest", "--masters", "latest")
    assert (again["imported"], again["edition"]["masters"]) == (None, MASTERS)
    assert place.asked == [SUMS]

    place.put(tmp_path, RELEASES, a_release(1), a_release(2))  # it was mended meanwhile
    assert answered("import", "latest")["imported"]["releases"] == 2


def test_a_dump_at_an_address_is_compared_with_the_checksum_that_lies_beside(
    place: Place, tmp_path: Path
) -> None:
    place.put(tmp_path, RELEASES, a_release(1))
    address = f"{place.url}/?download=data%2F2026%2F{RELEASES}"

    assert answered("import", address)["imported"]["is_checked"]
    del place.files[SUMS]
    assert not answered("import", address, "--again")["imported"]["is_checked"]
    gone = cratewise("import", address.replace("releases", "nothing"))
    assert gone.exit_code == 5
    assert f"has no discogs_{DAY}_nothing.xml.gz" in gone.stderr


def test_a_fetched_dump_that_is_not_the_one_is_fetched_anew_the_next_time(
    place: Place, tmp_path: Path
) -> None:
    """It stayed, was taken for the dump each time, and refused each time."""
    place.put(tmp_path, RELEASES, a_release(1))
    whole = place.files[RELEASES]
    place.files[RELEASES] = gzip.compress(b'<releases><release id="9"></release></releases>')

    refused = cratewise("import", "latest")
    assert refused.exit_code == 7
    assert "it is of another month, or damaged" in " ".join(refused.stderr.split())
    place.files[RELEASES] = whole
    assert answered("import", "latest")["imported"]["is_checked"]


def test_going_back_a_month_tells_listings_what_that_month_told(
    place: Place, store: Engine, tmp_path: Path
) -> None:
    with writing(store) as db:
        a_listing(db, a_seller(db), id=1)
    for country in ("Sweden", "Mistaken"):
        place.put(tmp_path, RELEASES, a_release(1, country=country))
        answered("import", "latest")

    back = cratewise("rollback")

    assert "1 releases of your listings were described anew." in back.stdout
    with reading(store) as db:
        assert db.scalar(select(releases.c.country)) == "Sweden"
