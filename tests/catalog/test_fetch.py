"""Dumps are fetched from where Discogs puts them: the newest, and on from where it stopped."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx2
import pytest
from tests.catalog.dumps import STOCKHOLM, a_dump

from cratewise.catalog.fetch import (
    address_of,
    fetch,
    latest_month,
    name_in,
    sums_beside,
    sums_of,
)
from cratewise.errors import DumpUnavailable, ImportStopped, WrongChecksum
from cratewise.simulator import Simulator, World
from cratewise.simulator.dump import dump_of

WORLD = World(3, {"alice": 3_000})  # a dump of a megabyte and more


@pytest.fixture
def market() -> Iterator[Simulator]:
    WORLD.dump_days = {"20261001"}
    with Simulator(WORLD) as simulator:
        yield simulator


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    with httpx2.Client() as opened:
        yield opened


def test_the_newest_month_is_the_last_of_which_there_are_sums(
    market: Simulator, client: httpx2.Client
) -> None:
    month = latest_month(client, market.url, date(2026, 11, 14))

    assert (month.day, month.releases) == ("20261001", "discogs_20261001_releases.xml.gz")
    assert month.sums[month.releases] == hashlib.sha256(dump_of(WORLD)).hexdigest()
    assert set(month.sums) == {month.releases, month.masters}


def test_the_month_before_january_is_december_of_another_year(
    market: Simulator, client: httpx2.Client
) -> None:
    WORLD.dump_days = {"20261201"}
    assert latest_month(client, market.url, date(2027, 1, 2)).day == "20261201"


def test_where_there_is_no_dump_a_way_to_one_is_told(
    market: Simulator, client: httpx2.Client
) -> None:
    with pytest.raises(DumpUnavailable, match="with a browser"):
        latest_month(client, market.url, date(2027, 6, 1))


def test_a_fetch_that_is_stopped_goes_on_at_the_byte_where_it_stopped(
    market: Simulator, client: httpx2.Client, tmp_path: Path
) -> None:
    url = address_of(market.url, "discogs_20261001_releases.xml.gz")
    target = tmp_path / name_in(url)
    heard: list[tuple[int, int | None]] = []

    def hear(have: int, size: int | None) -> None:
        heard.append((have, size))

    with pytest.raises(ImportStopped):
        fetch(client, url, target, on_progress=hear, should_stop=lambda: True)
    part = target.with_name(target.name + ".part")
    first = part.stat().st_size
    assert not target.exists()
    assert 0 < first < len(dump_of(WORLD))

    fetch(client, url, target, on_progress=hear, should_stop=lambda: False)
    assert target.read_bytes() == dump_of(WORLD)
    assert heard[1][0] > first
    assert heard[1][1] == len(dump_of(WORLD))
    assert not part.exists()


def test_what_was_fetched_whole_before_a_kill_is_taken_as_it_is(
    market: Simulator, client: httpx2.Client, tmp_path: Path
) -> None:
    url = address_of(market.url, "discogs_20261001_releases.xml.gz")
    target = tmp_path / name_in(url)
    target.with_name(target.name + ".part").write_bytes(dump_of(WORLD))

    fetch(client, url, target, on_progress=lambda *_: None, should_stop=lambda: False)

    assert target.read_bytes() == dump_of(WORLD)


def test_a_dump_that_is_not_there_is_told_with_a_way_to_the_newest(
    market: Simulator, client: httpx2.Client, tmp_path: Path
) -> None:
    url = address_of(market.url, "discogs_19990101_releases.xml.gz")
    with pytest.raises(DumpUnavailable, match="has no discogs_19990101_releases"):
        fetch(client, url, tmp_path / "x", on_progress=lambda *_: None, should_stop=lambda: False)
    assert list(tmp_path.iterdir()) == []


def test_no_network_is_told_so(client: httpx2.Client, tmp_path: Path) -> None:
    with pytest.raises(DumpUnavailable, match="cannot be reached"):
        latest_month(client, "http://127.0.0.1:9", date(2026, 11, 1))


def test_sums_lie_beside_a_dump_or_in_a_file_that_is_told(tmp_path: Path) -> None:
    dump = a_dump(tmp_path / "discogs_20261001_releases.xml.gz", [STOCKHOLM])
    assert sums_beside(dump) == {}

    beside = tmp_path / "discogs_20261001_CHECKSUM.txt"
    beside.write_text(f"{'A' * 64} *{dump.name}\n", "utf-8")
    assert sums_beside(dump) == {dump.name: "a" * 64}
    other = tmp_path / "sums.txt"
    other.write_text("nothing of the kind", "utf-8")
    with pytest.raises(WrongChecksum, match="it holds no sums"):
        sums_beside(dump, other)


def test_a_page_that_is_no_file_of_sums_holds_none() -> None:
    assert sums_of("<html>Access denied</html>") == {}
