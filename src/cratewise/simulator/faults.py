"""What goes wrong on demand: refusals, broken answers, lost connections, a rival, an outage.

Each request throws the dice once and meets one fault at most.  The dice have a seed and
are thrown in the order of counting, so that the same requests meet the same faults.

    Faults.told("all=0.01, rival=20")          every kind, to one request in a hundred each
    Faults.told("5xx=0.2, outage=30@50")       after 50 requests half a minute without Discogs

What is known of real faults is little (who sends which page when), so their words are a
guess; their kinds were all reported.
"""

import re
from collections.abc import Mapping
from random import Random
from threading import Lock
from typing import Any

from .exchange import TOO_QUICK, Answer, Ending

KINDS = {
    "429": "a burst of refusals, though the minute has room",
    "5xx": "500, 502, 503 or 504, mostly with a page for people",
    "reset": "the connection is reset before an answer",
    "timeout": "no answer ever comes",
    "cut": "the connection closes in the middle of the body",
    "html": "200 with a page for people",
    "empty": "200 with nothing in it",
    "odd": "an error in the other of Discogs' two shapes",
    "listing": "one listing of a page makes no sense",
}
LONGEST_BURST = 4  # requests refused one after the other
OUTAGE = "outage"

# Answered in front of Discogs itself: not counted in the minute, without its headers.
BEFORE_DISCOGS = ("429", "5xx", "html", "empty", OUTAGE)

_PAGE = b"<html><head><title>%s</title></head><body><h1>%s</h1><hr>cloudflare</body></html>"
_ODD = {
    "detail": [{"loc": ["query", "page"], "msg": "upstream failed", "type": "value_error"}],
    "message": "Something went wrong.",
}
_NONSENSE: tuple[Mapping[str, Any], ...] = (
    {"id": None},
    {"id": "unknown"},
    {"release": None},
    {"release": {"id": None}},
    {"original_price": {"value": "ask", "curr_abbr": "???"}, "id": -1},
)
_WISH = re.compile(r"([\w-]+)=([\d.]+)(?:[@x](\d+))?")


class FaultError(ValueError):
    """A wish for faults that makes no sense."""


class Faults:
    """Which faults requests meet; every method may be called from any thread.

    spoiled       listings that make no sense on whatever page they stand.

    shares        of requests that meet each of KINDS, 0 to 1, together 1 at most.
    seed          of the dice.
    rival         requests a minute that somebody else sends from each address, at random.
    rival_burst   how many of them come at once.
    """

    def __init__(
        self,
        shares: Mapping[str, float] | None = None,
        *,
        seed: int = 1,
        rival: float = 0.0,
        rival_burst: int = 1,
    ) -> None:
        self.shares: dict[str, float] = {}
        self.rival = 0.0
        self.rival_burst = 1
        self.rival_sent = 0
        self.spoiled: set[int] = set()
        self._lock = Lock()
        self._dice = Random(seed)
        self._rivals_dice = Random(seed + 1)
        self._burst_left = 0
        self._met = 0
        self._outage: tuple[int, float] | None = None  # after how many requests, how long
        self._outage_until = 0.0
        self._rival_due: float | None = None
        self.change(shares or {}, rival=rival, rival_burst=rival_burst)

    @classmethod
    def told(cls, text: str, *, seed: int = 1) -> "Faults":
        """Faults in words: KIND=SHARE, all=SHARE, rival=A_MINUTE, outage=SECONDS; with commas.

        rival=20x5  by fives.  outage=30@50  after 50 requests.  Raises FaultError.
        """
        faults = cls(seed=seed)
        for wish in filter(None, (part.strip() for part in text.split(","))):
            match = _WISH.fullmatch(wish)
            if match is None or match[2].count(".") > 1 or match[2] == ".":
                raise FaultError(f"{wish!r} is not like 5xx=0.01.")
            faults.wish(match[1], float(match[2]), int(match[3] or 0))
        return faults

    def wish(self, name: str, amount: float, detail: int = 0) -> None:
        """One wish of `told`.  Raises FaultError."""
        if name == "rival":
            self.change(rival=amount, rival_burst=detail or 1)
        elif name == OUTAGE:
            self.go_away(amount, after_requests=detail)
        elif name == "all":
            self.change(dict.fromkeys(KINDS, amount))
        else:
            self.change({name: amount})

    def change(
        self,
        shares: Mapping[str, float] | None = None,
        *,
        rival: float | None = None,
        rival_burst: int | None = None,
    ) -> None:
        """From now on; what is not named stays.  Raises FaultError."""
        with self._lock:
            wanted = {**self.shares, **(shares or {})}
            for name, share in wanted.items():
                if name not in KINDS:
                    known = ", ".join([*KINDS, "all", "rival", OUTAGE])
                    raise FaultError(f"{name!r} is no fault; expected one of {known}.")
                if not 0 <= share <= 1:
                    raise FaultError(f"{name}={share:g} is no share from 0 to 1.")
            if sum(wanted.values()) > 1 + 1e-9:
                raise FaultError("the shares of all faults come to more than 1.")
            self.shares = wanted
            self.rival = self.rival if rival is None else rival
            self.rival_burst = self.rival_burst if rival_burst is None else rival_burst

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self.shares, self.rival, self._burst_left = {}, 0.0, 0
            self._outage, self._outage_until = None, 0.0

    def go_away(self, seconds: float, *, after_requests: int = 0) -> None:
        """Let Discogs be away for so long, from so many requests on."""
        with self._lock:
            self._outage = (self._met + after_requests, seconds)

    def meet(self, now: float) -> str | None:
        """What the request that arrives `now` (seconds) meets; None: nothing."""
        with self._lock:
            self._met += 1
            if self._outage is not None:
                after, seconds = self._outage
                if self._met > after:
                    self._outage, self._outage_until = None, now + seconds
            if now < self._outage_until:
                return OUTAGE
            if self._burst_left:
                self._burst_left -= 1
                return "429"
            kind = self._thrown()
            if kind == "429":
                self._burst_left = self._dice.randint(0, LONGEST_BURST - 1)
            return kind

    def rivals(self, now: float, minute_seconds: float) -> list[float]:
        """When requests of the rival arrived since this was asked the last time."""
        with self._lock:
            if not self.rival:
                self._rival_due = None
                return []
            pace = self.rival / self.rival_burst / minute_seconds
            if self._rival_due is None:
                self._rival_due = now + self._rivals_dice.expovariate(pace)
            arrivals: list[float] = []
            while self._rival_due <= now:
                arrivals += [self._rival_due] * self.rival_burst
                self._rival_due += self._rivals_dice.expovariate(pace)
            self.rival_sent += len(arrivals)
            return arrivals

    def bend(self, kind: str, answer: Answer) -> Answer:
        """What a fault makes of an answer."""
        with self._lock:
            return _bent(kind, answer, self._dice)

    def spoil(self, answer: Answer) -> Answer:
        """The answer with the listings of `spoiled` as they are."""
        for listing in _listings(answer) if self.spoiled else ():
            if listing["id"] in self.spoiled:
                listing["release"] = None
        return answer

    def _thrown(self) -> str | None:
        at = self._dice.random()
        for kind, share in self.shares.items():
            at -= share
            if at < 0:
                return kind
        return None


def _bent(kind: str, answer: Answer, dice: Random) -> Answer:
    if kind == "listing":
        return _with_nonsense(answer, dice)
    if kind in ("reset", "timeout", "cut"):
        answer.ending = Ending(kind)
        return answer
    instead = {
        "429": lambda: TOO_QUICK.answer,
        "5xx": lambda: _server_error(dice.choice((500, 502, 503, 504))),
        OUTAGE: lambda: _server_error(503),
        "html": lambda: _for_people(200, b"Checking your browser"),
        "empty": lambda: Answer(200, b""),
        "odd": lambda: Answer(500, dict(_ODD)),
    }
    return instead[kind]()


def _server_error(status: int) -> Answer:
    if status == 500:
        return Answer(500, {"message": "An internal server error occurred. (ref 5d1f)"})
    return _for_people(status, b"%d: we will be back soon" % status)


def _for_people(status: int, title: bytes) -> Answer:
    return Answer(status, _PAGE % (title, title), content_type="text/html; charset=UTF-8")


def _with_nonsense(answer: Answer, dice: Random) -> Answer:
    listings = _listings(answer)
    if listings:
        place = dice.randrange(len(listings))
        listings[place] = {**listings[place], **dice.choice(_NONSENSE)}
    return answer


def _listings(answer: Answer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        answer.body.get("listings", []) if isinstance(answer.body, dict) else []
    )
    return found
