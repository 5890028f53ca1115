"""Whatever bytes a file of somebody else's holds, it is read, or refused in a sentence of ours."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from tests.builders import RATES, an_account
from tests.catalog.dumps import STOCKHOLM, a_dump, a_release
from tests.conftest import HandClock
from tests.hostile.damage import TRIES, damaged
from tests.taste.market import market, taste

from cratewise.catalog.files import CatalogFiles
from cratewise.catalog.import_dump import Order, import_dump
from cratewise.earlier.csv_export import HEADER, opened_csv
from cratewise.earlier.dump import opened_dump
from cratewise.earlier.source import MUST_BE_THERE
from cratewise.errors import CratewiseError, ModelRefused
from cratewise.inventory.csv_import import import_csv
from cratewise.inventory.export_file import COLUMNS
from cratewise.store.engine import open_engine, writing
from cratewise.store.migrate import upgrade
from cratewise.taste import keeping, models
from cratewise.wants.list_file import import_list

often = settings(
    max_examples=TRIES, suppress_health_check=list(HealthCheck), database=None, deadline=None
)

INVENTORY = (
    ",".join([*COLUMNS, "location"]) + "\r\n"
    "1,Young Marble Giants,Colossal Youth,Rough Trade,R7,LP,5,For Sale,20.0,"
    "2026-08-25 07:04:22,,Mint (M),Mint (M),Y,shelf\r\n"
    '2,"Sun Ra","Lanquidity, again",Philly Jazz,PJ,LP,6,For Sale,1250,2026-08-25,,VG,VG,N,\r\n'
).encode()
WANTS = (
    b"Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,Notes\r\n"
    b"R7,Young Marble Giants,Colossal Youth,Rough Trade,LP,4,1980,5,\r\n"
)
IN_CSV = (b'"', b",", b"\r\n", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b";", b"\t", b"=1+1", b"-1",
          b"9" * 400, b"1e999", b"NaN", b"\xed\xa0\x80", b"2026-13-45")  # fmt: skip
IN_XML = (b"<release", b"</release>", b"]]>", b"&", b"&lol;", b"&#0;", b'id="-1"', b"<![CDATA[",
          b"<!DOCTYPE x [<!ENTITY l 'l'>]>", b'id="99999999999999999999"', b"<a>" * 500,
          b"\x00", b"\xff")  # fmt: skip
IN_COPY = (b"\\N", b"\\.", b"\t", b"COPY records (id) FROM stdin;", b"\\x", b"\\777", b"\n", b"{")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database that takes what is read; the account is number 1."""
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('hostile') / 'index.sqlite'}")
    upgrade(engine)
    with writing(engine) as db:
        assert an_account(db) == 1
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


def test_no_bytes_make_a_csv_file_do_anything_but_be_read_or_refused(
    store: Engine, place: Path
) -> None:
    path, clock = place / "file.csv", HandClock()

    @often
    @given(st.one_of(damaged(INVENTORY, IN_CSV), st.binary(max_size=300)))
    def inventory(content: bytes) -> None:
        path.write_bytes(content)
        with suppress(CratewiseError):
            import_csv(
                store, path, seller="alice", currency="EUR", account_id=1, rates=RATES, clock=clock
            )

    @often
    @given(damaged(WANTS, IN_CSV))
    def wantlist(content: bytes) -> None:
        path.write_bytes(content)
        with suppress(CratewiseError):
            import_list(store, path, account_id=1, clock=clock)

    inventory()
    wantlist()


@pytest.mark.parametrize("parser", ["fast", "plain"])
def test_no_bytes_make_a_dump_do_anything_but_be_read_or_refused(
    place: Path, parser: Literal["fast", "plain"]
) -> None:
    releases = [STOCKHOLM, a_release(2), a_release(3, title="Three & more")]
    good = a_dump(place / "good.xml", releases).read_bytes()
    zipped = a_dump(place / "good.xml.gz", releases).read_bytes()
    files = CatalogFiles(place / f"catalog-{parser}.sqlite")

    def take(path: Path, content: bytes) -> None:
        path.write_bytes(content)
        with suppress(CratewiseError):
            import_dump(files, Order(path, parser=parser), clock=HandClock())

    @often
    @given(damaged(good, IN_XML))
    def plain(content: bytes) -> None:
        take(place / "discogs_20261001_releases.xml", content)

    @often
    @given(damaged(zipped, (b"\x1f\x8b", b"\x00" * 9)))
    def packed(content: bytes) -> None:
        take(place / "discogs_20261001_releases.xml.gz", content)

    plain()
    packed()


def test_no_bytes_make_an_earlier_systems_files_do_anything_but_be_read_or_refused(
    place: Path,
) -> None:
    dump = (
        b"--\n-- PostgreSQL database dump\n--\n"
        b"COPY public.discogs_listing (id, record_id, seller_id) FROM stdin;\n1\t1\t1\n\\.\n"
        b"COPY public.discogs_record (id, discogs_id, title) FROM stdin;\n1\t5\tB\\tue\n\\.\n"
        b"COPY public.discogs_seller (id, name) FROM stdin;\n1\talice\n\\.\n"
    )
    export = (
        f"{','.join(HEADER)}\r\n7,Sun Ra,Blue,Saturn,LP,1978,alice,12.50,VG+,3.1,True,True\r\n"
    ).encode()

    @often
    @given(damaged(dump, IN_COPY))
    def tables(content: bytes) -> None:
        path = place / "dump.sql"
        path.write_bytes(content)
        with suppress(CratewiseError), opened_dump(path) as found:
            for table in MUST_BE_THERE:
                list(found.rows(table))

    @often
    @given(damaged(export, IN_CSV))
    def lines(content: bytes) -> None:
        path = place / "export.csv"
        path.write_bytes(content)
        with suppress(CratewiseError), opened_csv(path) as found:
            for table in MUST_BE_THERE:
                list(found.rows(table))

    tables()
    lines()


@pytest.fixture(scope="module", params=models.NAMES)
def body(request: pytest.FixtureRequest, place: Path) -> bytes:
    """A model's file behind its first line, which holds a checksum of it."""
    stock = market()[:60]
    path = place / "good-model"
    keeping.keep(models.make(request.param).fit(stock, taste(stock), stock), path)
    return path.read_bytes().partition(b"\n")[2]


def test_no_bytes_make_a_model_s_file_do_anything_but_be_refused(body: bytes, place: Path) -> None:
    """With a checksum that fits, so that what is behind it is reached."""
    path = place / "model"
    with zipfile.ZipFile(io.BytesIO(body)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    schema = json.dumps(json.loads(parts["schema.json"])).encode()
    pieces = (b'"__module__": "os"', b'"__class__": "system"', b"null", b"[]", b"{}", b"-1",
              b'"builtins"', b'"eval"', b"1e999", b'"__loader__": "ReduceNode"')  # fmt: skip

    def take(content: bytes) -> None:
        path.write_bytes(keeping.HEAD + sha256(content).hexdigest().encode() + b"\n" + content)
        with suppress(ModelRefused):
            keeping.load(path)

    @often
    @given(damaged(schema, pieces))
    def told(content: bytes) -> None:
        take(_zipped(parts | {"schema.json": content}))

    @often
    @given(damaged(body, (b"PK\x03\x04", b"PK\x05\x06", b"\x00" * 12)))
    def packed(content: bytes) -> None:
        take(content)

    told()
    packed()


def _zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as whole:
        for name, content in parts.items():
            whole.writestr(name, content)
    return file.getvalue()
