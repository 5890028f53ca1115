"""Saved searches report what comes, each listing once, to whom and where they should."""

import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, update
from tests.builders import NOON, RATES, a_listing, a_seller, an_account
from tests.conftest import HandClock

from cratewise.alerts import webhook
from cratewise.alerts.deliver import Courier, deliver_due
from cratewise.alerts.mail import check_mailbox, mail_server
from cratewise.alerts.report import report
from cratewise.errors import AddressRefused, DeliveryFailed, SearchExists, UnknownSearch
from cratewise.notices import DATA_NOTICE
from cratewise.shelf.find import Finder
from cratewise.shelf.query import Filter
from cratewise.store.alerts import (
    Way,
    alerts_of,
    change_alert,
    deliveries_of,
    find_alert,
    forget_alert,
    give_feed_address,
    listings_in,
    make_alert,
    waiting_at_terminal,
)
from cratewise.store.engine import reading, writing
from cratewise.store.searches import change_search, forget_search, save_search, searches_of
from cratewise.store.tables import listings


@dataclass
class Received:
    """What a server of the reader's own got."""

    port: int = 0
    answers: list[int] = field(default_factory=list)  # statuses, the next one first; then 200
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Received]:
    """A web server on this machine."""
    got = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.requests.append((self.path, dict(self.headers), json.loads(body)))
            status = got.answers.pop(0) if got.answers else 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"http://127.0.0.1:{got.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        got.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield got
        server.shutdown()
        thread.join()


@pytest.fixture
def postbox() -> Iterator[Received]:
    """A mail server on this machine, which speaks as much SMTP as a letter needs."""
    got = Received()

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 postbox\r\n")
            while line := self.rfile.readline().strip():
                if line.upper() == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    text = b"".join(iter(self.rfile.readline, b".\r\n"))
                    got.letters.append(text.decode())
                self.wfile.write(b"221 bye\r\n" if line.upper() == b"QUIT" else b"250 ok\r\n")

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        got.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield got
        server.shutdown()
        thread.join()


@dataclass
class Market:
    """A store with an account and a seller, an alert, and a finder that looks for it."""

    store: Engine
    clock: HandClock
    finder: Finder
    account: int
    seller: int

    def alert(self, way: Way = "terminal", target: str = "", **wanted: Any) -> int:
        filter_json = msgspec.json.encode(Filter(**wanted)).decode()
        with writing(self.store) as db:
            search = save_search(
                db, self.account, f"search {len(searches_of(db, self.account))}", filter_json,
                self.clock.now(),
            )  # fmt: skip
            return make_alert(
                db, self.account, search.id, way=way, target=target, at=self.clock.now(),
                may_be_private=True,
            )  # fmt: skip

    def lists(self, **columns: Any) -> int:
        """A listing that comes now."""
        self.clock.advance(60)
        now = self.clock.now()
        times = {"first_seen_at": now, "last_seen_at": now, "touched_at": now}
        with writing(self.store) as db:
            return a_listing(db, self.seller, **{**times, **columns})

    def report(self) -> int:
        self.clock.advance(60)
        return report(self.store, self.finder, lambda: RATES, self.clock)

    def deliver(self, **courier: Any) -> int:
        how = {"user_agent": "Cratewise", **courier}
        return deliver_due(self.store, Courier(**how), self.clock, should_stop=lambda: False)

    def told(self, alert_id: int) -> list[list[int]]:
        with reading(self.store) as db:
            return [listings_in(db, one.id) for one in deliveries_of(db, alert_id, limit=99)]


@pytest.fixture
def market(store: Engine, clock: HandClock) -> Iterator[Market]:
    finder = Finder(store, clock)
    with writing(store) as db:
        made = Market(store, clock, finder, an_account(db), a_seller(db))
    yield made
    finder.close()


def test_an_alert_tells_what_came_since_it_was_made_and_that_once(market: Market) -> None:
    market.lists(artist="Sun Ra")
    alert = market.alert(artists=("Sun Ra",))
    assert market.report() == 0

    new = market.lists(artist="Sun Ra")
    market.lists(artist="Somebody Else")
    assert (market.report(), market.report(), market.report()) == (1, 0, 0)
    again = market.lists(artist="Sun Ra")
    assert market.report() == 1

    assert market.told(alert) == [[again], [new]]


def test_a_price_that_falls_into_a_search_is_told(market: Market) -> None:
    listing = market.lists(artist="Sun Ra", price_minor=5000)
    alert = market.alert(words="sun ra", score_from=1.0)
    assert market.report() == 0
    market.clock.advance(60)
    now = market.clock.now()
    with writing(market.store) as db:
        db.execute(
            update(listings)
            .where(listings.c.id == listing)
            .values(changed_at=now, touched_at=now, price_minor=100)
        )

    assert market.report() == 1
    assert market.told(alert) == [[listing]]


def test_what_is_gone_or_hidden_from_the_search_is_not_told(market: Market) -> None:
    market.alert(words="sun ra")
    market.lists(artist="Sun Ra", gone_at=NOON)

    assert market.report() == 0


def test_a_webhook_gets_the_listings_with_a_key(market: Market, receiver: Received) -> None:
    alert = market.alert("webhook", f"http://127.0.0.1:{receiver.port}/found?x=1", words="sun ra")
    listing = market.lists(artist="Sun Ra", price_minor=1250)
    market.report()

    assert market.deliver() == 1
    assert market.deliver() == 0

    [(path, headers, body)] = receiver.requests
    with reading(market.store) as db:
        [delivery] = deliveries_of(db, alert, limit=9)
    assert path == "/found?x=1"
    assert headers["Idempotency-Key"] == delivery.key == body["delivery"]
    assert [(one["id"], one["price"]) for one in body["listings"]] == [(listing, "12.50")]
    assert body["notices"][0] == DATA_NOTICE
    assert delivery.state == "sent"


def test_a_price_that_has_grown_stale_is_not_sent_where_such_are_hidden(
    market: Market, receiver: Received
) -> None:
    receiver.answers = [500]
    market.alert("webhook", f"http://127.0.0.1:{receiver.port}/", words="sun ra")
    market.lists(artist="Sun Ra", price_minor=1250, price_read_at=market.clock.now())
    market.report()
    assert market.deliver(hides_stale=True) == 0

    market.clock.advance(7 * 60 * 60)
    assert market.deliver(hides_stale=True) == 1

    prices = [[one["price"] for one in body["listings"]] for _, _, body in receiver.requests]
    assert prices == [["12.50"], [None]]


def test_a_delivery_that_fails_is_tried_for_a_day_with_the_same_key_then_shown(
    market: Market, receiver: Received
) -> None:
    receiver.answers = [500] * 100
    alert = market.alert("webhook", f"http://127.0.0.1:{receiver.port}/", words="sun ra")
    market.lists(artist="Sun Ra")
    market.report()

    for _ in range(30 * 60):
        market.deliver()
        market.clock.advance(60)

    with reading(market.store) as db:
        [delivery] = deliveries_of(db, alert, limit=9)
    assert delivery.state == "failed"
    assert "answers 500" in delivery.problem
    assert len({headers["Idempotency-Key"] for _, headers, _ in receiver.requests}) == 1
    assert 10 < len(receiver.requests) == delivery.tries < 30
    assert delivery.ended_at is not None
    assert timedelta(hours=20) < delivery.ended_at - delivery.made_at <= timedelta(days=1)


def test_a_delivery_that_fails_at_first_arrives_later(market: Market, receiver: Received) -> None:
    receiver.answers = [503, 500]
    market.alert("webhook", f"http://127.0.0.1:{receiver.port}/", words="sun ra")
    market.lists(artist="Sun Ra")
    market.report()

    assert market.deliver() == 0
    assert market.deliver() == 0  # not due again yet
    market.clock.advance(61)
    assert market.deliver() == 0
    market.clock.advance(121)
    assert market.deliver() == 1
    assert len(receiver.requests) == 3


def test_a_redirect_is_not_followed(receiver: Received) -> None:
    receiver.answers = [302]

    with pytest.raises(DeliveryFailed, match="redirects are not followed"):
        post(f"http://127.0.0.1:{receiver.port}/here")

    assert [path for path, _, _ in receiver.requests] == ["/here"]


def post(url: str, **how: Any) -> None:
    told = {"key": "k", "may_be_private": True, "user_agent": "Cratewise", **how}
    webhook.post(url, {"listings": []}, **told)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.5.5", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
        "2002:a00:1::", "224.0.0.1", "ff02::1", "::",
    ],
)  # fmt: skip
def test_an_address_inside_a_network_is_refused_whatever_the_name(address: str) -> None:
    with pytest.raises(AddressRefused, match="private network"):
        post(
            "http://records.example/", may_be_private=False, look_up=lambda *_: ["1.1.1.1", address]
        )


def test_the_connection_goes_to_the_address_that_was_looked_at(receiver: Received) -> None:
    """A name that answers otherwise a moment later leads nowhere else."""
    asked: list[str] = []

    def look_up(host: str, _: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    post(f"http://records.example:{receiver.port}/", look_up=look_up)

    assert asked == ["records.example"]
    assert receiver.requests[0][1]["Host"] == f"records.example:{receiver.port}"


def test_a_server_refuses_private_addresses_even_where_they_were_confirmed(
    market: Market, receiver: Received
) -> None:
    alert = market.alert("webhook", f"http://127.0.0.1:{receiver.port}/", words="sun ra")
    market.lists(artist="Sun Ra")
    market.report()

    assert market.deliver(is_server=True) == 0

    with reading(market.store) as db:
        assert "private network" in deliveries_of(db, alert, limit=1)[0].problem
    assert receiver.requests == []


@pytest.mark.parametrize(
    "url",
    ["", "records.example", "ftp://records.example/", "http://", "http://a b/", "file:///etc/passwd",
     "http://user:secret@records.example/", "http://records.example:99999/", "x" * 3000],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        webhook.check_target(url, may_be_private=True)


def test_nobody_at_an_address_is_a_failed_delivery(unused_port: int) -> None:
    with pytest.raises(DeliveryFailed, match="does not answer"):
        post(f"http://127.0.0.1:{unused_port}/")


@pytest.fixture
def unused_port() -> int:
    with ThreadingTCPServer(("127.0.0.1", 0), StreamRequestHandler) as server:
        return int(server.server_address[1])


def test_a_secure_webhook_needs_a_certificate_of_the_name(receiver: Received) -> None:
    with pytest.raises(DeliveryFailed):
        post(f"https://127.0.0.1:{receiver.port}/")
    assert receiver.requests == []
    assert ssl.create_default_context().check_hostname


def test_a_letter_tells_what_was_found(market: Market, postbox: Received) -> None:
    market.alert("mail", "digger@example.org", words="sun ra")
    market.lists(artist="Sun Ra", title="Lanquidity\r\nBcc: all@example.org", price_minor=1250)
    market.report()

    server = mail_server(f"smtp://127.0.0.1:{postbox.port}")
    assert market.deliver(mail_server=server, sender="cratewise@example.org") == 1

    [letter] = postbox.letters
    head, _, _ = letter.partition("\r\n\r\n")
    assert "Subject: search 0: 1 listing" in head
    assert "Bcc" not in head
    assert "Message-ID:" in head
    assert "Lanquidity" in letter
    assert DATA_NOTICE in letter


def test_mail_without_a_server_waits_and_says_why(market: Market) -> None:
    alert = market.alert("mail", "digger@example.org", words="sun ra")
    market.lists(artist="Sun Ra")
    market.report()

    assert market.deliver() == 0

    with reading(market.store) as db:
        [delivery] = deliveries_of(db, alert, limit=9)
    assert (delivery.state, delivery.tries) == ("waiting", 1)
    assert "CRATEWISE_SMTP_URL" in delivery.problem


@pytest.mark.parametrize("address", ["", "digger", "a b@c.de", "<a@b.de>", "a@b.de, c@d.de", "@b"])
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        check_mailbox(address)


def test_the_terminal_keeps_what_nobody_has_seen(market: Market) -> None:
    market.alert(words="sun ra")
    market.lists(artist="Sun Ra")
    market.report()
    assert market.deliver() == 0

    with reading(market.store) as db:
        assert len(waiting_at_terminal(db, market.account)) == 1


def test_a_search_has_a_name_of_its_own_and_goes_with_its_alerts(market: Market) -> None:
    alert = market.alert(words="one")
    with writing(market.store) as db:
        [one] = searches_of(db, market.account)
        other = save_search(db, market.account, "other", "{}", NOON)
        with pytest.raises(SearchExists):
            save_search(db, market.account, "other", "{}", NOON)
        with pytest.raises(SearchExists):
            change_search(db, market.account, one.id, NOON, name="other")
        assert change_search(db, market.account, other.id, NOON, name="third").name == "third"
        with pytest.raises(UnknownSearch):
            forget_search(db, market.account + 1, one.id)
        forget_search(db, market.account, one.id)
        assert [kept.id for kept in alerts_of(db) if kept.id == alert] == []


def test_an_alert_that_is_forgotten_tells_no_more(market: Market) -> None:
    alert = market.alert(words="sun ra")
    with writing(market.store) as db:
        forget_alert(db, market.account, alert)
    market.lists(artist="Sun Ra")

    assert market.report() == 0


def test_a_feeds_secret_that_was_taken_back_stays_so_when_the_alert_is_changed(
    market: Market,
) -> None:
    number = market.alert("feed")
    with writing(market.store) as db:
        search = find_alert(db, number, market.account).search_id

        def changed(way: Way) -> str | None:
            change_alert(db, number, search_id=search, way=way, target="", may_be_private=False)
            return find_alert(db, number, market.account).feed_hash

        give_feed_address(db, market.account, number, "a hash")
        assert changed("feed") == "a hash"
        give_feed_address(db, market.account, number, None)
        assert changed("feed") is None
        give_feed_address(db, market.account, number, "another")
        assert changed("terminal") is None
        assert changed("feed") is None
