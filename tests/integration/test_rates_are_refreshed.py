"""Newer rates are fetched over HTTP from a server of our own, kept, and missed without harm."""

import io
import threading
import zipfile
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import Engine

from cratewise.clock import Clock
from cratewise.errors import RatesUnavailable
from cratewise.inventory.fresh_rates import fresh_rates, known_rates, refreshed
from cratewise.rates import Rates

HEADER = "Date,USD,JPY,"


class Bank:
    """Serves the central bank's two files as zip archives, and counts who asks."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        bank = self

        class Counter(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.removeprefix("/")
                bank.asked.append(name)
                body = bank.files.get(name)
                self.send_response(200 if body is not None else 503)
                self.end_headers()
                self.wfile.write(body or b"<html>later</html>")

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Counter)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def publish(self, name: str, *lines: str) -> None:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr(name.replace(".zip", ".csv"), "\n".join(lines))
        self.files[name] = content.getvalue()


@pytest.fixture
def bank() -> Iterator[Bank]:
    bank = Bank()
    thread = threading.Thread(target=bank.server.serve_forever, args=(0.01,))
    thread.start()
    yield bank
    bank.server.shutdown()
    thread.join()
    bank.server.server_close()


@pytest.fixture
def monday() -> Rates:
    return Rates({date(2026, 11, 2): {"USD": 1.10, "JPY": 170.0}})


def test_the_next_working_days_rates_come_from_the_small_file(
    store: Engine, bank: Bank, monday: Rates
) -> None:
    bank.publish("eurofxref.zip", "Date, USD, JPY, ", "03 November 2026, 1.2, 180.5, ")

    fresh = refreshed(store, monday, bank.url)

    assert fresh.new_days == 1
    assert fresh.rates.usd(1000, "EUR", date(2026, 11, 3)) == 12.0
    assert bank.asked == ["eurofxref.zip"]


def test_days_that_were_missed_come_from_the_history(
    store: Engine, bank: Bank, monday: Rates
) -> None:
    bank.publish("eurofxref.zip", HEADER, "05 November 2026,1.5,1,")
    bank.publish(
        "eurofxref-hist.zip", HEADER, "2026-11-04,1.4,N/A,", "2026-11-03,1.3,1,", "2026-11-02,9,9,"
    )

    fresh = refreshed(store, monday, bank.url)

    assert fresh.new_days == 3
    dollars = [fresh.rates.usd(1000, "EUR", date(2026, 11, day)) for day in (2, 3, 4, 5)]
    assert dollars == [11.0, 13.0, 14.0, 15.0]


def test_a_weekend_between_is_nothing_missed(store: Engine, bank: Bank) -> None:
    friday = Rates({date(2026, 11, 6): {"USD": 1.10}})
    bank.publish("eurofxref.zip", HEADER, "09 November 2026,1.5,1,")

    assert refreshed(store, friday, bank.url).new_days == 1
    assert bank.asked == ["eurofxref.zip"]


def test_fetched_rates_are_kept(store: Engine, bank: Bank) -> None:
    shipped = Rates.shipped()
    later = shipped.newest_day.replace(year=shipped.newest_day.year + 1)
    bank.publish("eurofxref.zip", HEADER, f"{later:%d %B %Y},2.5,1,")
    bank.publish("eurofxref-hist.zip", HEADER, f"{later},2.5,1,")

    refreshed(store, shipped, bank.url)
    refreshed(store, shipped, bank.url)  # a second process had the same thought

    assert known_rates(store).newest_day == later
    assert known_rates(store).usd(100, "EUR", later) == 2.5


def test_when_the_bank_has_nothing_newer_nothing_changes(
    store: Engine, bank: Bank, monday: Rates
) -> None:
    bank.publish("eurofxref.zip", HEADER, "02 November 2026,9,9,")

    fresh = refreshed(store, monday, bank.url)

    assert fresh.new_days == 0
    assert fresh.rates.usd(1000, "EUR", date(2026, 11, 2)) == 11.0


def test_a_bank_that_is_broken_leaves_the_known_rates_and_a_sentence(
    store: Engine, bank: Bank, clock: Clock
) -> None:
    clock.sleep(3 * 365 * 86_400)  # far beyond what was shipped

    fresh = fresh_rates(store, bank.url, clock)

    assert fresh.rates.newest_day == Rates.shipped().newest_day
    assert fresh.problem is not None
    assert "503" in fresh.problem
    assert f"The rates of {fresh.rates.newest_day} serve meanwhile." in fresh.problem


def test_no_network_leaves_the_known_rates_and_a_sentence(
    store: Engine, bank: Bank, clock: Clock
) -> None:
    clock.sleep(3 * 365 * 86_400)
    bank.server.socket.close()  # nobody listens there any more

    fresh = fresh_rates(store, bank.url, clock)

    assert fresh.problem is not None
    assert "could not be fetched" in fresh.problem
    assert ".  The rates of" in fresh.problem


@pytest.mark.parametrize("answer", [b"", b"<html>maintenance</html>", b"PK\x03\x04 cut off"])
def test_an_answer_that_is_no_file_of_rates_is_told(
    store: Engine, bank: Bank, monday: Rates, answer: bytes
) -> None:
    bank.files["eurofxref.zip"] = answer

    with pytest.raises(RatesUnavailable, match="not a file of rates"):
        refreshed(store, monday, bank.url)


def test_nobody_is_asked_before_newer_rates_are_due(
    store: Engine, bank: Bank, clock: Clock
) -> None:
    assert fresh_rates(store, bank.url, clock).problem is None  # 1 November 2026, a Sunday
    assert bank.asked == []


def test_nobody_is_asked_where_fetching_is_switched_off(store: Engine, clock: Clock) -> None:
    clock.sleep(3 * 365 * 86_400)

    assert fresh_rates(store, None, clock).problem is None
