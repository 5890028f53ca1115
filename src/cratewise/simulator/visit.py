"""One visitor with one request: who asks, what may be seen, and in which currency."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from .currencies import CURRENCIES, Currency
from .exchange import BAD_CONSUMER, BAD_TOKEN, UNAUTHENTICATED, Asked, Refused, unexpected
from .members import Member
from .oauth import TOKEN_PATHS
from .world import CONSUMER_KEY, CONSUMER_SECRET, World

_CREDENTIAL = re.compile(r"(token|key|secret)=([^,\s]+)")


@dataclass(frozen=True)
class Visit:
    """A request, the world it is about, and who asks."""

    world: World
    asked: Asked
    viewer: Member | None  # None: nobody in particular, though perhaps an application
    is_authenticated: bool  # by token or by key and secret

    @cached_property
    def base(self) -> str:
        return self.asked.base

    @cached_property
    def currency(self) -> Currency | None:
        """What prices are shown in; None: the seller's own.  Raises Refused."""
        code = self.asked.query.get("curr_abbr")
        if code:
            if code not in CURRENCIES:
                raise unexpected("curr_abbr", CURRENCIES)
            return CURRENCIES[code]
        return self.viewer.currency if self.viewer else None

    @cached_property
    def owned(self) -> Counter[int]:
        """How many copies of each release the viewer has."""
        copies = self.viewer.collection if self.viewer else []
        return Counter(copy.release_id for copy in copies)

    def required_viewer(self) -> Member:
        """Who asks.  Raises Refused if it is nobody."""
        if self.viewer is None:
            raise Refused(UNAUTHENTICATED)
        return self.viewer


def identify(world: World, asked: Asked) -> tuple[Member | None, bool]:
    """Whose credential a request carries, and whether it carries a good one.

    A personal token, or an application's key and secret; in the Authorization header,
    else in the query; or an OAuth signature.  Raises Refused for a credential that nobody
    holds.
    """
    header = asked.headers.get("Authorization", "")
    if asked.path in TOKEN_PATHS:
        return None, True  # checked where the token is given
    if header.startswith("OAuth "):
        username = world.grants.holder(asked)
        return world.member(username) if username else None, True
    if header and not header.startswith("Discogs "):
        raise Refused(BAD_TOKEN)
    said = dict(_CREDENTIAL.findall(header)) if header else asked.query
    if "token" in said:
        holder = world.holder(said["token"])
        if holder is None or holder.is_gone:
            raise Refused(BAD_TOKEN)
        return holder, True
    if "key" in said or "secret" in said:
        if (said.get("key"), said.get("secret")) != (CONSUMER_KEY, CONSUMER_SECRET):
            raise Refused(BAD_CONSUMER)
        return None, True
    return None, False
