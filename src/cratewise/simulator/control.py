"""A door for tests and benchmarks in other processes: the log, the stock, the covers.

Not part of Discogs: nothing here is counted, logged or delayed.

    GET  /_simulator/requests?since=N   the log from its N-th entry on
    GET  /_simulator/members            names, numbers, tokens, how many for sale
    POST /_simulator/stock              {"seller": "bob", "sell": 2, "add": 1, "reprice": 3}
    GET  /_simulator/faults             which share of requests meets which fault
    POST /_simulator/faults             {"5xx": 0.01, "rival": 20, "outage": 30}; {"clear": true}
    GET  /_simulator/covers/ID.svg      the cover of a release
"""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .covers import cover_svg
from .exchange import NOT_FOUND, Answer, Asked, Refusal, Refused, unexpected
from .faults import FaultError, Faults
from .world import World

if TYPE_CHECKING:
    from .server import RequestLog


def answer(world: World, requests: "RequestLog", faults: Faults, asked: Asked) -> Answer:
    """Answer a request that is not Discogs'."""
    try:
        match asked.method, asked.path.removeprefix("/_simulator/").split("/"):
            case "GET", ["requests"]:
                since = _whole("since", asked.query.get("since", "0"))
                return Answer(200, [asdict(logged) for logged in requests.since(since)])
            case "GET", ["members"]:
                return Answer(200, _members(world))
            case "POST", ["stock"]:
                return Answer(200, _moved(world, asked.fields))
            case (("GET" | "POST"), ["faults"]):
                return Answer(200, _wish(faults, asked.fields if asked.body else {}))
            case "GET", ["covers", name]:
                return _cover(world, name)
        raise Refused(NOT_FOUND)
    except Refused as refused:
        return refused.refusal.answer


def _members(world: World) -> list[dict[str, object]]:
    return [
        {
            "username": member.username,
            "id": member.id,
            "token": member.token,
            "for_sale": world.count_for_sale(member),
        }
        for member in world.members()
    ]


def _moved(world: World, wishes: dict[str, object]) -> dict[str, list[int]]:
    seller = str(wishes.pop("seller", ""))
    if world.member(seller) is None:
        raise Refused(Refusal(404, f"This world has no seller called {seller!r}."))
    deeds = {"sell": world.sell, "add": world.add, "reprice": world.reprice}
    unknown = set(wishes) - set(deeds)
    if unknown:
        raise unexpected(min(unknown), deeds)
    return {name: deeds[name](seller, _whole(name, count)) for name, count in wishes.items()}


def _wish(faults: Faults, wishes: dict[str, Any]) -> dict[str, float]:
    if wishes.pop("clear", False):
        faults.clear()
    for name, amount in wishes.items():
        try:
            faults.wish(name, float(amount))
        except (FaultError, TypeError, ValueError) as error:
            raise Refused(Refusal(422, f"Invalid {name}: {error}")) from error
    return {**faults.shares, "rival": faults.rival}


def _whole(name: str, said: object) -> int:
    if not str(said).isdecimal():
        raise Refused(Refusal(422, f"Invalid {name}: expected a whole number."))
    return int(str(said))


def _cover(world: World, name: str) -> Answer:
    number = name.removesuffix(".svg")
    row = world.catalogue.number_of(int(number)) if number.isdecimal() else None
    if row is None:
        raise Refused(NOT_FOUND)
    drawing = cover_svg(world.release(row)).encode()
    return Answer(200, drawing, content_type="image/svg+xml")
