"""What somebody thinks of records of the day, and what that does to the next draw."""

from typing import TYPE_CHECKING, NamedTuple

from cratewise.errors import UnknownPick, VoteRefused
from cratewise.picks.novelty import NOVELTY_VOTES_MOVE
from cratewise.picks.thermo import DESIRE_VOTES_MOVE, vote_balance
from cratewise.store.engine import writing
from cratewise.store.picks import Pick, Vote, find_pick, keep_vote, voted_picks, votes_on

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

VOTES_COUNT = 100  # of picks that were voted on, the last ones
LEAST, MOST = 1, 5


class Moves(NamedTuple):
    """How much votes move the next draw: 0.1 is a tenth up.

    temperature  warmer, more daring, for picks that were liked
    novelty      of records that are like the pick voted on
    """

    temperature: float
    novelty: float


def vote(engine: "Engine", account_id: int, pick_id: int, vote: Vote) -> tuple[Pick, Moves, Moves]:
    """Keep a vote; the pick, and how much votes moved the next draw before and move it now.

    Raises UnknownPick, VoteRefused.
    """
    for field in ("desirability", "novelty"):
        if not LEAST <= getattr(vote, field) <= MOST:
            raise VoteRefused(field, getattr(vote, field))
    with writing(engine) as db:
        pick = find_pick(db, account_id, pick_id)
        if pick is None:
            raise UnknownPick(pick_id)
        before = _moves(db, account_id, pick)
        keep_vote(db, pick_id, vote)
        return pick, before, _moves(db, account_id, pick)


def _moves(db: "Connection", account_id: int, pick: Pick) -> Moves:
    """What the votes so far do to the temperature, and to records just like this pick."""
    voted = voted_picks(db, account_id, limit=VOTES_COUNT)
    balance = vote_balance([one.desirability for one in voted])
    own = votes_on(db, [pick.id]).get(pick.id, ())
    return Moves(
        DESIRE_VOTES_MOVE * balance,
        NOVELTY_VOTES_MOVE * vote_balance([one.novelty for one in own]),
    )
