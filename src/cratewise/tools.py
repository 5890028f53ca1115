"""What jobs are worked with, and what the worker's door opens for them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cratewise.clock import Clock

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.client import Discogs
    from cratewise.rates import Rates
    from cratewise.shelf.find import Finder


@dataclass(frozen=True, slots=True)
class Tools:
    """What a worker works with.

    open_discogs  Discogs for an account's id, with its credential if it has one.
    open_rates    the newest currency rates.
    models        the folder of learnt models' files.
    catalog       file of the catalogue; one that is not there leaves describing to a worker
                  that has one.
    finder        of this process, should it have one: a shelf takes memory.
    """

    index: "Engine"
    open_discogs: Callable[[int], AbstractContextManager["Discogs"]]
    open_rates: Callable[[], "Rates"]
    clock: Clock
    models: Path
    catalog: Path | None = None
    finder: "Finder | None" = None
