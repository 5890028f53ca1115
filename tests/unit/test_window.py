"""The moving minute's arithmetic: no phantoms when alone, a rival neither missed nor remembered."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cratewise.discogs.window import (
    RESERVE_AT_LEAST,
    Correction,
    Sent,
    correction,
    free_at,
    grown,
    melted,
    reserve_after,
    room_at,
    whole,
)

MINUTE = 60.0

# Gaps between sendings, how long each answer takes, and when in that time it arrives.
exchanges = st.lists(
    st.tuples(st.floats(0.0, 5.0), st.floats(0.05, 8.0), st.floats(0.0, 1.0)),
    min_size=1,
    max_size=40,
)


def requests_of(exchanges: list[tuple[float, float, float]]) -> list[tuple[Sent, float]]:
    """Requests with their arrival, in the order of sending."""
    found, now = [], 1_000.0
    for number, (gap, duration, share) in enumerate(exchanges, 1):
        now += gap
        found.append((Sent(number, now, now + duration), now + share * duration))
    return found


def known_at(moment: float, sent: list[tuple[Sent, float]]) -> list[Sent]:
    """What a ledger knows of them then: some are under way, some not sent yet."""
    return [
        one if (one.answered_at or 0) <= moment else replace(one, answered_at=None)
        for one, _ in sent
        if one.sent_at <= moment
    ]


def counted(arrival: float, arrivals: list[float]) -> int:
    return sum(arrival - MINUTE < other <= arrival for other in arrivals)


@given(exchanges)
def test_alone_no_answer_invents_a_rival_in_whatever_order_they_come(
    exchanges: list[tuple[float, float, float]],
) -> None:
    sent = requests_of(exchanges)
    arrivals = [arrival for _, arrival in sent]

    for answered, arrival in sorted(sent, key=lambda one: one[0].answered_at or 0):
        known = known_at(answered.answered_at or 0, sent)
        used = counted(arrival, arrivals)

        assert correction(known, answered, used, MINUTE, None) == Correction()


@given(exchanges, st.lists(st.floats(1_000.0, 1_100.0), max_size=20))
def test_beside_a_rival_what_is_known_of_it_agrees_with_every_answer(
    exchanges: list[tuple[float, float, float]], theirs: list[float]
) -> None:
    sent = requests_of(exchanges)
    arrivals = [*(arrival for _, arrival in sent), *theirs]
    foreign: list[Sent] = []

    for answered, arrival in sorted(sent, key=lambda one: one[0].answered_at or 0):
        answered_at = answered.answered_at or 0
        used = counted(arrival, arrivals)
        foreign = corrected(foreign, known_at(answered_at, sent), answered, used)

        # Asked the same once more, it finds nothing to correct.
        again = correction([*known_at(answered_at, sent), *foreign], answered, used, MINUTE, None)
        assert again == Correction()
        assert len(foreign) <= len(theirs)


def corrected(foreign: list[Sent], ours: Sequence[Sent], answered: Sent, used: int) -> list[Sent]:
    found = correction([*ours, *foreign], answered, used, MINUTE, None)
    new = [
        Sent(-len(foreign) - number, moment, moment, is_foreign=True)
        for number, moment in enumerate(found.arrived_at, 1)
    ]
    return [one for one in foreign if one.id not in found.gone] + new


def test_requests_that_we_did_not_send_are_a_rivals() -> None:
    ours = Sent(1, 100.0, 101.0)

    found = correction([ours], ours, 6, MINUTE, 96.0)

    assert len(found.arrived_at) == 5
    assert all(96.0 < moment < 101.0 for moment in found.arrived_at)


def test_a_rivals_requests_are_forgotten_when_discogs_counts_them_no_more() -> None:
    theirs = [Sent(number, 50.0 + number, 50.0 + number, is_foreign=True) for number in range(5)]
    ours = Sent(9, 100.0, 101.0)

    found = correction([*theirs, ours], ours, 3, MINUTE, 99.0)

    assert found.gone == (0, 1, 2)  # the oldest


def test_a_request_counts_until_a_minute_after_its_answer() -> None:
    assert free_at(Sent(1, 100.0, 101.5), MINUTE, lost_after=90.0) == 161.5


def test_a_request_without_an_answer_counts_until_none_can_come_any_more() -> None:
    assert free_at(Sent(1, 100.0, None), MINUTE, lost_after=90.0) == 250.0


@pytest.mark.parametrize(("room", "at"), [(4, 100.0), (3, 110.0), (2, 120.0), (1, 130.0)])
def test_there_is_room_when_enough_are_forgotten(room: int, at: float) -> None:
    assert room_at([130.0, 110.0, 120.0, 90.0], room, now=100.0) == at


def test_without_a_rival_nothing_is_kept_free() -> None:
    assert whole(reserve_after(0.0, arrived=0, grown=0, limit=60)) == 0


def test_a_first_sign_of_a_rival_keeps_room_for_it() -> None:
    assert reserve_after(0.0, arrived=1, grown=1, limit=60) == RESERVE_AT_LEAST


def test_the_room_kept_free_grows_to_the_size_of_bursts_and_stays_below_a_share() -> None:
    reserve = 0.0
    for _ in range(100):
        reserve = reserve_after(reserve, arrived=5, grown=5, limit=60)

    assert reserve == pytest.approx(6.0, abs=0.01)
    assert reserve_after(0.0, arrived=50, grown=50, limit=60) == pytest.approx(9.0)


def test_the_room_kept_free_melts_when_the_rival_has_gone() -> None:
    assert whole(melted(6.0, windows=1.5)) == 0


def test_a_burst_is_what_came_too_late_to_be_known() -> None:
    known = [Sent(1, 60.0, 60.0, is_foreign=True), Sent(2, 97.0, 97.0, is_foreign=True)]
    answered = Sent(3, 100.0, 101.0)

    found = Correction(arrived_at=(99.5, 100.5))

    assert grown([*known, answered], found, answered, observed_at=98.0) == 2
