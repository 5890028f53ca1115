"""The simulator as a server: latency, many requests at once, its own door, and its end."""

import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import httpx2
import pytest

from cratewise.simulator import Simulator, World

SMALL = {"alice": 120}


def test_requests_wait_out_their_latency_side_by_side(visit: Any) -> None:
    with Simulator(World(sellers=SMALL), latency=(0.3, 0.3)) as discogs:
        client = visit(discogs)
        began = time.monotonic()
        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(client.get, ["/users/alice"] * 10))

    counted = [logged.at for logged in discogs.requests]
    assert all(answer.status_code == 200 for answer in answers)
    assert min(counted) - began >= 0.15  # half the latency passes before a request counts
    # One after another they would be counted 0.3 s apart.
    assert min(later - earlier for earlier, later in pairwise(counted)) < 0.3


def test_a_connection_is_kept_for_the_next_request(discogs: Simulator) -> None:
    with httpx2.Client(base_url=discogs.url) as client:
        ports = {
            client.get("/users/alice").extensions["network_stream"].get_extra_info("client_addr")
            for _ in range(3)
        }

    assert len(ports) == 1


def test_an_answer_under_way_does_not_hold_up_the_end() -> None:
    with Simulator(World(sellers=SMALL), latency=(600, 600)) as discogs:
        host, port = discogs.url.removeprefix("http://").split(":")
        waiting = socket.create_connection((host, int(port)))
        waiting.sendall(b"GET /users/alice HTTP/1.1\r\nHost: x\r\nUser-Agent: x\r\n\r\n")
    waiting.close()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)))


def test_links_carry_the_name_by_which_the_client_knows_the_server(
    stranger: httpx2.Client,
) -> None:
    answer = stranger.get("/users/alice", headers={"Host": "simulated.example:8080"})

    assert answer.json()["inventory_url"] == "http://simulated.example:8080/users/alice/inventory"


def test_another_process_can_read_the_log_and_move_stock(visit: Any) -> None:
    with Simulator(World(sellers=SMALL), rate_limit=1) as discogs:
        client = visit(discogs)
        client.get("/users/alice")
        client.get("/users/alice")

        log = client.get("/_simulator/requests").json()
        later = client.get("/_simulator/requests?since=1").json()
        moved = client.post("/_simulator/stock", json={"seller": "alice", "sell": 2, "add": 3})
        members = client.get("/_simulator/members").json()

    assert [entry["status"] for entry in log] == [200, 429]
    assert later == log[1:]
    assert (len(moved.json()["sell"]), len(moved.json()["add"])) == (2, 3)
    assert next(m for m in members if m["username"] == "alice")["for_sale"] == 121
    assert next(m for m in members if m["username"] == "digger")["token"] == World.token("digger")


@pytest.mark.parametrize(
    ("wish", "status", "sentence"),
    [
        ({"seller": "nobody_at_all"}, 404, "This world has no seller called 'nobody_at_all'."),
        ({"seller": "alice", "burn": 1}, 422, "Invalid burn: expected one of sell, add, reprice."),
        ({"seller": "alice", "sell": "x"}, 422, "Invalid sell: expected a whole number."),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(
    stranger: httpx2.Client, wish: dict[str, Any], status: int, sentence: str
) -> None:
    answer = stranger.post("/_simulator/stock", json=wish)

    assert (answer.status_code, answer.json()) == (status, {"message": sentence})


def test_a_taken_port_is_told_at_once(discogs: Simulator) -> None:
    port = int(discogs.url.rpartition(":")[2])

    with pytest.raises(OSError, match="in use"):
        Simulator(discogs.world, port)


def test_a_client_that_hangs_up_leaves_no_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    with Simulator(World(sellers=SMALL), latency=(0.05, 0.05)) as discogs:
        host, port = discogs.url.removeprefix("http://").split(":")
        for _ in range(5):
            client = socket.create_connection((host, int(port)))
            client.sendall(b"GET /users/alice/inventory HTTP/1.1\r\nUser-Agent: x\r\n\r\n")
            # Closing with nothing lingering resets the connection, as a killed process does.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()

    assert capfd.readouterr().err == ""
