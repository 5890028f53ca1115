"""Which path is answered by what."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from . import marketplace, profiles
from .exchange import NOT_FOUND, WRONG_METHOD, Answer
from .visit import Visit

Route = Callable[..., Answer]

_PATHS: tuple[tuple[str, dict[str, Route]], ...] = (
    ("/users/{name}", {"GET": profiles.profile}),
    ("/users/{name}/inventory", {"GET": marketplace.inventory}),
    ("/oauth/identity", {"GET": profiles.identity}),
    ("/marketplace/listings/{id}", {"GET": marketplace.listing}),
    ("/marketplace/stats/{id}", {"GET": marketplace.stats}),
)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(path.replace("{name}", "([^/]+)").replace("{id}", r"(\d{1,18})"))


ROUTES = tuple((_pattern(path), verbs) for path, verbs in _PATHS)


def answer(visit: Visit) -> Answer:
    """Answer one visit.  Raises Refused."""
    for pattern, verbs in ROUTES:
        match = pattern.fullmatch(visit.asked.path.rstrip("/"))
        if match:
            route = verbs.get(visit.asked.method)
            if route is None:
                raise WRONG_METHOD
            return route(visit, *(unquote(part) for part in match.groups()))
    raise NOT_FOUND
