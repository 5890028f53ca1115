"""A Discogs of our own: a seeded market behind the API that Discogs documents.

Behind the demo, the tests and the benchmarks.  It imports nothing else of Cratewise, so
that whatever Cratewise believes about Discogs is never what it is tested against.

    world = World(seed=1, sellers={"alice": 250, "bob": 12_500})
    with Simulator(world, rate_limit=60) as discogs:
        ...ask discogs.url, then read discogs.requests...

Read on in this order: world.py (who sells what), routes.py (what may be asked),
server.py (how it is answered), faults.py (what goes wrong on demand).
"""

from .faults import Faults
from .server import Logged, Simulator
from .world import World

__all__ = ["Faults", "Logged", "Simulator", "World"]
