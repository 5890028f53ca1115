"""A served world, and visitors to it: strangers, and one with a token."""

from collections.abc import Callable, Iterator

import httpx2
import pytest

from cratewise.simulator import Simulator, World

Visitor = Callable[..., httpx2.Client]
SELLERS = {"alice": 250, "bob": 12_500}


@pytest.fixture(scope="module")
def discogs() -> Iterator[Simulator]:
    """A world that the tests of a file share: they may look, and not move it."""
    with Simulator(World(sellers=SELLERS)) as simulator:
        yield simulator


@pytest.fixture
def visit(discogs: Simulator) -> Iterator[Visitor]:
    """Make a client of the shared simulator, or of another one: visit(token_of="digger")."""
    made: list[httpx2.Client] = []

    def make(
        simulator: Simulator = discogs, token_of: str | None = None, address: str | None = None
    ) -> httpx2.Client:
        headers = {"User-Agent": "CratewiseTests/1.0"}
        if token_of:
            headers["Authorization"] = f"Discogs token={World.token(token_of)}"
        transport = httpx2.HTTPTransport(local_address=address)
        made.append(
            httpx2.Client(base_url=simulator.url, headers=headers, timeout=30, transport=transport)
        )
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def stranger(visit: Visitor) -> httpx2.Client:
    return visit()


@pytest.fixture
def digger(visit: Visitor) -> httpx2.Client:
    return visit(token_of="digger")
