"""One quota for every process: who waits for what, and what disturbs nobody."""

import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from tests.conftest import HandClock

from cratewise.discogs.quota import LOST_AFTER_SECONDS, Quota, Slot
from cratewise.errors import RateLimited, WaitAbandoned
from cratewise.store.engine import is_sqlite
from cratewise.store.quota import QuotaLedger

LIMIT = 60
HOUR = 3_600.0


def quota(store: Engine, clock: HandClock, limit: int = LIMIT) -> Quota:
    """A quota as another process would open it."""
    ledger = QuotaLedger(store, clock, spans_machines=False)
    return Quota(ledger, limit=limit, clock=clock)


def headers(used: int, limit: int = LIMIT) -> dict[str, str]:
    return {"x-discogs-ratelimit": str(limit), "x-discogs-ratelimit-remaining": str(limit - used)}


def ask(quota: Quota, count: int = 1) -> list[Slot]:
    """Interactive requests, answered at once; they are not paced."""
    slots = [quota.take("interactive") for _ in range(count)]
    for slot in slots:
        quota.answered(slot, {})
    return slots


def waited(clock: HandClock, deed: Callable[[], object]) -> float:
    begun = clock.monotonic()
    deed()
    return clock.monotonic() - begun


def test_a_full_minute_lasts_until_a_minute_after_the_first_answer(
    store: Engine, clock: HandClock
) -> None:
    asked = quota(store, clock)
    first = asked.take("interactive")
    clock.advance(1.5)
    asked.answered(first, {})
    ask(asked, LIMIT - 1)

    assert waited(clock, lambda: asked.take("interactive")) == pytest.approx(60.0)


def test_what_another_process_sent_counts(store: Engine, clock: HandClock) -> None:
    ask(quota(store, clock), LIMIT)

    with pytest.raises(RateLimited) as refused:
        quota(store, clock).take("interactive", within_seconds=10)

    assert refused.value.retry_in_seconds == pytest.approx(60.0)


def test_quotas_of_different_names_do_not_share(store: Engine, clock: HandClock) -> None:
    ask(quota(store, clock), LIMIT)
    ledger = QuotaLedger(store, clock, spans_machines=False)
    elsewhere = Quota(ledger, limit=LIMIT, clock=clock, name="the other address")

    assert waited(clock, lambda: elsewhere.take("interactive")) == 0


def test_a_request_that_never_left_takes_no_place(store: Engine, clock: HandClock) -> None:
    asked = quota(store, clock)
    for _ in range(LIMIT * 2):
        asked.unsent(asked.take("interactive"))

    assert asked.remaining() == LIMIT


def test_a_request_whose_process_died_is_free_when_no_answer_can_come(
    store: Engine, clock: HandClock
) -> None:
    died = quota(store, clock)
    for _ in range(LIMIT):
        died.take("interactive")

    wait = waited(clock, lambda: quota(store, clock).take("interactive"))

    assert wait == pytest.approx(LOST_AFTER_SECONDS + 60.0)


def test_a_short_pull_is_not_paced_and_a_long_one_keeps_to_one_a_second(
    store: Engine, clock: HandClock
) -> None:
    asked = quota(store, clock)

    begin = waited(clock, lambda: [asked.take("background") for _ in range(10)])
    go_on = waited(clock, lambda: [asked.take("background") for _ in range(30)])

    assert begin == 0
    assert begin + go_on == pytest.approx(40.0, abs=1.0)


def test_somebody_who_waits_is_served_before_a_pull(store: Engine, clock: HandClock) -> None:
    asked = quota(store, clock)
    ask(asked, LIMIT - 1)
    with QuotaLedger(store, clock, spans_machines=False).turn("default") as other_process:
        other_process.wait(None, other_process.now + 3)

    with pytest.raises(RateLimited):
        asked.take("background", within_seconds=0)

    assert waited(clock, lambda: asked.take("interactive")) == 0


def test_somebody_who_died_waiting_holds_a_pull_up_for_seconds(
    store: Engine, clock: HandClock
) -> None:
    asked = quota(store, clock)
    ask(asked, LIMIT - 1)
    clock.advance(15.0)
    with QuotaLedger(store, clock, spans_machines=False).turn("default") as other_process:
        other_process.wait(None, other_process.now + 3)

    assert waited(clock, lambda: asked.take("background")) <= 4


def test_whoever_was_served_waits_no_more(store: Engine, clock: HandClock) -> None:
    asked = quota(store, clock)
    ask(asked, LIMIT)
    asked.take("interactive")

    with QuotaLedger(store, clock, spans_machines=False).turn("default") as turn:
        assert turn.waiters() == 0


def test_told_to_stop_everyone_who_waits_goes_away(store: Engine, clock: HandClock) -> None:
    asked = quota(store, clock)
    ask(asked, LIMIT)
    asked.interrupt()

    with pytest.raises(WaitAbandoned):
        asked.take("background")


def test_the_limit_is_what_discogs_says(store: Engine, clock: HandClock) -> None:
    asked = quota(store, clock, limit=60)
    asked.answered(asked.take("interactive"), headers(used=1, limit=25))

    assert asked.limit == 25
    assert asked.remaining() == 24


def test_requests_of_a_rival_on_the_address_are_left_to_it(store: Engine, clock: HandClock) -> None:
    asked = quota(store, clock)
    asked.answered(asked.take("interactive"), headers(used=1))
    slot = asked.take("interactive")
    clock.advance(1.0)
    asked.answered(slot, headers(used=42))

    assert asked.remaining() == LIMIT - 42


def test_a_rival_that_has_gone_costs_nothing_any_more(store: Engine, clock: HandClock) -> None:
    asked = quota(store, clock)
    asked.answered(asked.take("interactive"), headers(used=1))
    asked.answered(asked.take("interactive"), headers(used=22))
    for _ in range(6):
        clock.advance(30.0)
        asked.answered(asked.take("interactive"), headers(used=2))
    clock.advance(61.0)

    assert waited(clock, lambda: ask(asked, LIMIT)) == 0


def test_after_a_refusal_nobody_sends_and_longer_each_time(store: Engine, clock: HandClock) -> None:
    asked, other = quota(store, clock), quota(store, clock)
    waits = []
    for _ in range(4):
        asked.refused(asked.take("interactive"), headers(used=LIMIT))
        clock.advance(0.001)
        with pytest.raises(RateLimited) as refused:
            other.take("interactive", within_seconds=0)
        waits.append(refused.value.retry_in_seconds)
        clock.advance(200.0)

    assert waits == sorted(waits)
    assert 1.5 <= waits[0] <= 2.5 or waits[0] == pytest.approx(60.0, abs=1.0)
    assert waits[-1] > 4 * 1.5


def test_several_refused_at_once_count_as_one(store: Engine, clock: HandClock) -> None:
    asked = quota(store, clock)
    for slot in [asked.take("interactive") for _ in range(8)]:
        clock.advance(0.01)
        asked.refused(slot, {"x-discogs-ratelimit": "60", "x-discogs-ratelimit-remaining": "40"})

    assert waited(clock, lambda: asked.take("interactive")) <= 2.5


def test_a_refusal_that_tells_nothing_of_the_minute_fills_none(
    store: Engine, clock: HandClock
) -> None:
    """It was taken for a full minute of a rival's requests: each burst cost 60 s of silence.

    Where no limit was told, a million of them were written down, and a pull never ended.
    """
    asked = quota(store, clock)
    asked.answered(asked.take("interactive"), headers(used=1))

    asked.refused(asked.take("interactive"), {})

    assert asked.remaining() >= LIMIT - 2
    assert 0 < waited(clock, lambda: asked.take("interactive")) <= 2.5


def test_an_answer_ends_the_growing_of_waits(store: Engine, clock: HandClock) -> None:
    asked = quota(store, clock)
    room = headers(used=3)
    for _ in range(5):
        asked.refused(asked.take("interactive"), room)
        clock.advance(300.0)
    asked.answered(asked.take("interactive"), room)
    clock.advance(300.0)
    asked.refused(asked.take("interactive"), room)

    assert waited(clock, lambda: asked.take("interactive")) <= 2.5


def test_a_retry_after_is_honoured_when_it_comes(store: Engine, clock: HandClock) -> None:
    asked = quota(store, clock)
    asked.refused(asked.take("interactive"), {"retry-after": "100"} | headers(used=3))

    assert waited(clock, lambda: asked.take("interactive")) == pytest.approx(100.0)


@pytest.mark.parametrize("seconds", [HOUR, -HOUR])
def test_a_clock_that_jumps_neither_frees_the_quota_nor_freezes_it(
    store: Engine, clock: HandClock, seconds: float
) -> None:
    asked = quota(store, clock)
    ask(asked, LIMIT)
    clock.advance(10.0)

    clock.jump(seconds)

    assert waited(clock, lambda: asked.take("interactive")) == pytest.approx(50.0, abs=0.01)


def test_a_second_process_takes_over_how_the_first_mended_the_clock(
    store: Engine, clock: HandClock
) -> None:
    one, two = quota(store, clock), quota(store, clock)
    ask(one, LIMIT // 2)
    ask(two, LIMIT // 2)
    clock.jump(HOUR)

    for asked in (one, two, one, two):
        with pytest.raises(RateLimited):
            asked.take("interactive", within_seconds=0)

    assert waited(clock, lambda: two.take("interactive")) == pytest.approx(60.0, abs=0.01)


def test_a_clock_set_back_while_nobody_ran_freezes_nothing(store: Engine, clock: HandClock) -> None:
    ask(quota(store, clock), LIMIT)
    clock.jump(-HOUR)

    wait = waited(clock, lambda: quota(store, clock).take("interactive"))

    assert wait == pytest.approx(60.0, abs=0.01)


ASKER = """
import sys
from cratewise.clock import SystemClock
from cratewise.discogs.quota import Quota
from cratewise.errors import RateLimited
from cratewise.store.engine import open_engine
from cratewise.store.quota import QuotaLedger

clock = SystemClock()
engine = open_engine(sys.argv[1])
quota = Quota(QuotaLedger(engine, clock), limit=60, window_seconds=600, clock=clock)
granted = 0
try:
    for _ in range(40):
        quota.take("interactive", within_seconds=0)
        granted += 1
except RateLimited:
    pass
print(granted)
"""


def test_processes_that_ask_at_once_get_no_more_than_the_quota_together(store: Engine) -> None:
    url = store.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", ASKER, url]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]

    granted = [int(process.communicate()[0]) for process in processes]

    assert sum(granted) == LIMIT


def test_threads_that_ask_at_once_get_no_more_than_the_quota_together(
    store: Engine, clock: HandClock
) -> None:
    asked = quota(store, clock)
    granted = []

    def take() -> None:
        try:
            for _ in range(20):
                granted.append(asked.take("interactive", within_seconds=0))  # noqa: PERF401
        except RateLimited:
            return

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(granted) == LIMIT
    assert len({slot.id for slot in granted}) == LIMIT


def test_machines_that_share_a_database_share_its_clock(store: Engine) -> None:
    """A machine whose clock is an hour late must not find the quota free."""
    if is_sqlite(store):
        pytest.skip("a file is of one machine")
    late, right = HandClock(), HandClock()
    late.jump(-HOUR)
    machines = [Quota(QuotaLedger(store, own), limit=LIMIT, clock=own) for own in (late, right)]
    for machine in machines:
        ask(machine, LIMIT // 2)

    for machine in machines:
        with pytest.raises(RateLimited):
            machine.take("interactive", within_seconds=0)
