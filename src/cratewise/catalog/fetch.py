"""Fetch a monthly dump from Discogs' own place, going on where an earlier fetch was cut off.

Dumps appear once a month, with a file of SHA-256 sums beside them:

    https://data.discogs.com/?download=data%2F2026%2Fdiscogs_20261001_releases.xml.gz
    https://data.discogs.com/?download=data%2F2026%2Fdiscogs_20261001_CHECKSUM.txt
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

from cratewise.errors import DumpUnavailable, ImportStopped, StoreFull, WrongChecksum

if TYPE_CHECKING:
    import httpx2

MONTHS_BACK = 3  # dumps come in the first days of a month, some late
CHUNK = 2**20  # bytes
MOST_SUMS = 64 * 2**10  # bytes of a file of sums
FULL_DISK = 28  # ENOSPC

_SUM = re.compile(r"([0-9a-fA-F]{64})\s+\*?(\S+)")
_NAME = re.compile(r"discogs_(\d{4})(\d{4})_(\w+)\.xml\.gz")


class Month(NamedTuple):
    """A month's dumps.

    day   in their names: 20261001.
    sums  SHA-256 in hex by file name.
    """

    day: str
    sums: Mapping[str, str]

    @property
    def releases(self) -> str:
        return f"discogs_{self.day}_releases.xml.gz"

    @property
    def masters(self) -> str:
        return f"discogs_{self.day}_masters.xml.gz"


def latest_month(client: "httpx2.Client", base: str, today: date) -> Month:
    """The newest month of which there are sums.  Raises DumpUnavailable."""
    month = today.replace(day=1)
    for _ in range(MONTHS_BACK):
        day = f"{month:%Y%m%d}"
        text = _sums(client, address_of(base, f"discogs_{day}_CHECKSUM.txt"))
        if text:
            return Month(day, sums_of(text))
        month = month.replace(year=month.year - 1, month=12) if month.month == 1 else (
            month.replace(month=month.month - 1)
        )  # fmt: skip
    raise DumpUnavailable(
        f"There is no dump of the last {MONTHS_BACK} months at {base}; fetch one with a browser "
        "from https://data.discogs.com and import the file."
    )


def address_of(base: str, name: str) -> str:
    """Where a dump, or its file of sums, is fetched."""
    year = name.partition("_")[2][:4]
    return f"{base}/?download={quote(f'data/{year}/{name}', safe='')}"


def name_in(url: str) -> str:
    """The file's name in an address."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query).get("download", [parts.path])[0]
    return asked.rpartition("/")[2]


def sums_of(text: str) -> dict[str, str]:
    """A file of sums as SHA-256 by name; empty where it is none."""
    return {name: told.lower() for told, name in _SUM.findall(text)}


def sums_beside(dump: Path, told: Path | None = None) -> dict[str, str]:
    """The sums that lie beside a dump, or in the file that is told; empty: there are none.

    Raises WrongChecksum when they are of another month.
    """
    name = _name_of_sums(dump.name)
    source = told or (dump.with_name(name) if name else None)
    if source is None or not (told or source.is_file()):
        return {}
    sums = sums_of(source.read_text("utf-8", "replace")[:MOST_SUMS])
    if dump.name not in sums:
        held = f"it tells of {', '.join(sorted(sums))}" if sums else "it holds no sums"
        raise WrongChecksum(dump, f"{source.name} does not tell its checksum ({held})")
    return sums


def sums_near(client: "httpx2.Client", url: str) -> dict[str, str]:
    """The sums that lie beside a dump at an address; empty where nobody tells any."""
    dump = name_in(url)
    name = _name_of_sums(dump)
    try:
        return sums_of(_sums(client, url.replace(dump, name))) if name else {}
    except DumpUnavailable:
        return {}  # an import says that there was nothing to compare with


def _name_of_sums(dump: str) -> str:
    """Of the file with a dump's checksum; "" for a dump that is not called as Discogs' are."""
    named = _NAME.fullmatch(dump)
    return f"discogs_{named[1]}{named[2]}_CHECKSUM.txt" if named else ""


def fetch(
    client: "httpx2.Client",
    url: str,
    target: Path,
    *,
    on_progress: Callable[[int, int | None], None],
    should_stop: Callable[[], bool],
) -> None:
    """Fetch a file; what an earlier call has fetched of it is not fetched again.

    target       where it goes; until it is whole its name ends in .part.
    on_progress  told how many bytes there are, and of how many; None: the server does not say.

    Raises DumpUnavailable, ImportStopped, StoreFull; what is there stays.
    """
    part = target.with_name(target.name + ".part")
    have = part.stat().st_size if part.exists() else 0
    with _answer(client, url, have) as answer:
        have = have if answer.status_code == 206 else 0
        told = answer.headers.get("content-length", "")
        size = have + int(told) if told.isdecimal() else None
        with _worded(part), part.open("ab" if have else "wb") as file:
            for chunk in _chunks(answer, url):
                file.write(chunk)
                have += len(chunk)
                on_progress(have, size)
                if should_stop():
                    raise ImportStopped
    if size is not None and have < size:
        raise DumpUnavailable(
            f"The connection ended after {have:,} of {size:,} bytes; the same command goes on."
        )
    part.replace(target)


@contextmanager
def _answer(client: "httpx2.Client", url: str, have: int) -> Iterator["httpx2.Response"]:
    import httpx2

    headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}
    try:
        with client.stream("GET", url, headers=headers, follow_redirects=True) as answer:
            if answer.status_code == 416:  # all of it is here
                answer.headers["content-length"] = "0"
                answer.status_code = 206
            if answer.status_code not in (200, 206):
                raise DumpUnavailable(_refused(url, answer.status_code))
            yield answer
    except httpx2.RequestError as error:
        raise _unreachable(url, error) from error


def _chunks(answer: "httpx2.Response", url: str) -> Iterator[bytes]:
    import httpx2

    try:
        if answer.headers.get("content-length") != "0":
            yield from answer.iter_raw(CHUNK)
    except httpx2.RequestError as error:
        raise _unreachable(url, error) from error


def _sums(client: "httpx2.Client", url: str) -> str:
    """A file of sums; "" where there is none."""
    with _answer_or_none(client, url) as answer:
        if answer is None:
            return ""
        text = answer.read()[:MOST_SUMS].decode("utf-8", "replace")
        return text if sums_of(text) else ""  # a page that says no is an answer too


@contextmanager
def _answer_or_none(client: "httpx2.Client", url: str) -> Iterator["httpx2.Response | None"]:
    import httpx2

    try:
        with client.stream("GET", url, follow_redirects=True) as answer:
            if answer.status_code == 404:
                yield None
                return
            if answer.status_code != 200:
                raise DumpUnavailable(_refused(url, answer.status_code))
            yield answer
    except httpx2.RequestError as error:
        raise _unreachable(url, error) from error


@contextmanager
def _worded(part: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno != FULL_DISK:
            raise
        raise StoreFull(
            f"No space is left for {part}; what was fetched stays, and the same command goes on."
        ) from error


def _refused(url: str, status: int) -> str:
    host = urlsplit(url).netloc
    if status == 404:
        return f"{host} has no {name_in(url)}; `cratewise catalog import latest` finds the newest."
    return (
        f"{host} refuses {name_in(url)} to this machine (HTTP {status}), as it does to some: fetch "
        "it with a browser from https://data.discogs.com, and import the file."
    )


def _unreachable(url: str, error: Exception) -> DumpUnavailable:
    return DumpUnavailable(
        f"{urlsplit(url).netloc} cannot be reached ({error}); what was fetched stays, and the "
        "same command goes on."
    )
