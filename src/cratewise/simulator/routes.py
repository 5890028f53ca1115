"""Which path is answered by what."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from . import collection, database, exports, marketplace, profiles, user_lists, wants
from .exchange import NOT_FOUND, WRONG_METHOD, Answer, Refused
from .visit import Visit

Route = Callable[..., Answer]

_PATHS: tuple[tuple[str, dict[str, Route]], ...] = (
    ("/users/{name}", {"GET": profiles.profile}),
    ("/users/{name}/inventory", {"GET": marketplace.inventory}),
    ("/users/{name}/wants", {"GET": wants.wantlist}),
    (
        "/users/{name}/wants/{id}",
        {"PUT": wants.add, "POST": wants.edit, "DELETE": wants.remove},
    ),
    ("/users/{name}/collection/folders", {"GET": collection.folders}),
    ("/users/{name}/collection/folders/{id}/releases", {"GET": collection.releases}),
    ("/users/{name}/collection/fields", {"GET": collection.fields}),
    ("/oauth/identity", {"GET": profiles.identity}),
    ("/oauth/request_token", {"GET": profiles.request_token, "POST": profiles.request_token}),
    ("/oauth/access_token", {"GET": profiles.access_token, "POST": profiles.access_token}),
    ("/marketplace/listings/{id}", {"GET": marketplace.listing}),
    ("/marketplace/stats/{id}", {"GET": marketplace.stats}),
    ("/marketplace/price_suggestions/{id}", {"GET": marketplace.price_suggestions}),
    ("/inventory/export", {"POST": exports.begin, "GET": exports.exports}),
    ("/inventory/export/{id}", {"GET": exports.export}),
    ("/inventory/export/{id}/download", {"GET": exports.download}),
    ("/users/{name}/lists", {"GET": user_lists.lists_of}),
    ("/lists/{id}", {"GET": user_lists.user_list}),
    ("/releases/{id}", {"GET": database.release}),
    ("/releases/{id}/rating", {"GET": database.rating}),
    ("/releases/{id}/stats", {"GET": database.stats}),
    ("/masters/{id}", {"GET": database.master}),
    ("/masters/{id}/versions", {"GET": database.versions}),
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
                raise Refused(WRONG_METHOD)
            return route(visit, *(unquote(part) for part in match.groups()))
    raise Refused(NOT_FOUND)
