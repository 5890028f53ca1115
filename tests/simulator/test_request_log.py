"""The simulator remembers what it was asked, and not for ever."""

import pytest

from cratewise.simulator import server
from cratewise.simulator.server import Logged, RequestLog


def logged(number: int) -> Logged:
    return Logged(
        at=float(number), method="GET", path="/", query={}, status=200, address="127.0.0.1",
        user_agent="", viewer=None, remaining=None,
    )  # fmt: skip


def test_a_simulator_that_runs_for_long_forgets_its_oldest_requests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "MOST_REMEMBERED", 100)
    log = RequestLog()
    for number in range(1_000):
        log.append(logged(number))

    assert 90 <= len(log) <= 100
    assert [one.at for one in log.since(997)] == [997.0, 998.0, 999.0]
    assert log.since(0) == list(log)
