"""Serve a simulated world over HTTP, from threads of this process.

A request's way: it waits half its latency, is counted, is answered, waits the other
half, and is sent.  It meets its fault (faults.py) where it is counted; what that does to
the connection is done where the answer is sent.
"""

import gzip
import os
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self, cast

from . import control, dump, oauth, routes
from .exchange import NO_PERMISSION, TOO_QUICK, Answer, Asked, Ending, Refusal, Refused, asked
from .faults import BEFORE_DISCOGS, Faults
from .members import Member
from .rate import MovingMinute, Standing
from .visit import Visit, identify
from .world import World

Connection = socket.socket | tuple[bytes, socket.socket]  # as socketserver types it
COMPRESSED_FROM = 500  # bytes; smaller bodies are sent as they are
LOOPBACK = "127.0.0.1"
SILENCE_SECONDS = 300.0  # longer than anybody waits for an answer
MOST_REMEMBERED = 100_000  # requests, some 60 MB: a day and more at 60 a minute


@dataclass(frozen=True)
class Logged:
    """One request that was counted, in the order of counting."""

    at: float  # seconds by the simulator's clock, when it was counted
    method: str
    path: str
    query: dict[str, str]
    status: int
    address: str
    user_agent: str
    viewer: str | None  # whose token it carried
    remaining: int | None  # what `X-Discogs-Ratelimit-Remaining` said; None: it was not sent
    fault: str | None = None  # what went wrong on demand


class RequestLog(list[Logged]):
    """The requests that were counted, without the oldest once there are too many.

    forgotten  how many of those are not here any more.
    """

    forgotten = 0

    def append(self, logged: Logged) -> None:
        super().append(logged)
        if len(self) > MOST_REMEMBERED:
            few = MOST_REMEMBERED // 10
            del self[:few]
            self.forgotten += few

    def since(self, number: int) -> list[Logged]:
        """From the so-manieth request ever counted on."""
        return self[max(number - self.forgotten, 0) :]


class Simulator:
    """A Discogs of our own: `with Simulator(World()) as discogs: ... discogs.url ...`.

    port             0: any free one.
    rate_limit       requests a minute with a credential, 25/60 of it without; None: no limit.
    minute_seconds   how long a minute is.
    latency          least and most seconds that an answer takes; None: none.
    seed             of the latencies.
    faults           what goes wrong; may be changed at any time.
    clock            tells seconds that never go back, for the minute and for outages.
    """

    def __init__(
        self,
        world: World,
        port: int = 0,
        *,
        rate_limit: int | None = None,
        minute_seconds: float = 60.0,
        latency: tuple[float, float] | None = None,
        seed: int = 1,
        faults: Faults | None = None,
        clock: Callable[[], float] = time.monotonic,
        host: str = LOOPBACK,
    ) -> None:
        self.world = world
        world.grants.clock = clock
        self.faults = Faults(seed=seed) if faults is None else faults
        self.requests = RequestLog()
        self._clock = clock
        self._minute_seconds = minute_seconds
        self._rate = MovingMinute(rate_limit, minute_seconds)
        self._counting = Lock()
        self._latency = latency
        self._dice = Random(seed)
        self._is_closing = Event()
        self._server = _Server((host, port), self)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="simulator")

    @property
    def url(self) -> str:
        """Where to ask: http://127.0.0.1:PORT."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_closing.set()  # nobody waits out a latency any more
        self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        self._thread.join()

    def exchange(self, asked: Asked) -> Answer:
        """Answer one request in its own time."""
        if asked.path.startswith("/_simulator/"):
            return control.answer(self.world, self.requests, self.faults, asked)
        if asked.path == "/" and "download" in asked.query:
            return dump.answer(self.world, asked)
        if asked.path == oauth.AUTHORIZE:
            return oauth.page(self.world.grants, asked)
        seconds = self._dice.uniform(*self._latency) if self._latency else 0.0
        self._is_closing.wait(seconds / 2)
        answer = self._counted(asked)
        self._is_closing.wait(SILENCE_SECONDS if answer.ending is Ending.TIMEOUT else seconds / 2)
        return answer

    def _counted(self, asked: Asked) -> Answer:
        viewer, is_authenticated, refusal = self._identified(asked)
        with self._counting:  # so that the log is in the order of counting
            now = self._clock()
            for at in self.faults.rivals(now, self._minute_seconds):
                self._rate.take(asked.address, True, at)
            fault = self.faults.meet(now)
            standing: Standing | None = None
            if fault in BEFORE_DISCOGS:
                answer = Answer(200)
            else:
                standing = self._rate.take(asked.address, is_authenticated, now)
                refusal = TOO_QUICK if standing.is_refused else refusal
                answer = (
                    refusal.answer if refusal else self._answered(asked, viewer, is_authenticated)
                )
            if fault is not None:
                answer = self.faults.bend(fault, answer)
            if standing is not None:
                self.faults.spoil(answer)
                answer.headers |= self._rate.headers(standing)
            self.requests.append(
                Logged(
                    at=now,
                    method=asked.method,
                    path=asked.path,
                    query=dict(asked.query),
                    status=answer.status,
                    address=asked.address,
                    user_agent=asked.headers.get("User-Agent", ""),
                    viewer=viewer.username if viewer else None,
                    remaining=standing.remaining if standing else None,
                    fault=fault,
                )
            )
        return answer

    def _identified(self, asked: Asked) -> tuple[Member | None, bool, Refusal | None]:
        if not asked.headers.get("User-Agent"):
            return None, False, NO_PERMISSION
        try:
            return *identify(self.world, asked), None
        except Refused as refused:
            return None, False, refused.refusal

    def _answered(self, asked: Asked, viewer: Member | None, is_authenticated: bool) -> Answer:
        try:
            return routes.answer(Visit(self.world, asked, viewer, is_authenticated))
        except Refused as refused:
            return refused.refusal.answer


class _Server(ThreadingHTTPServer):
    """A thread for each connection; all of them end when the simulator closes."""

    daemon_threads = False  # closing waits for them, so that no socket is left behind
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], simulator: Simulator) -> None:
        self.simulator = simulator
        self._connections: set[Connection] = set()
        self._lock = Lock()
        super().__init__(address, _Exchange)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        with self._lock:
            self._connections.add(connection)
        return connection, address

    def finish_request(self, request: Connection, client_address: Any) -> None:
        # A client that hangs up, or is killed, is no mistake of the simulator's.
        with suppress(ConnectionError):
            super().finish_request(request, client_address)

    def shutdown_request(self, request: Connection) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Wake every thread that waits for its client to say something."""
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):  # the client went away first
                    cast("socket.socket", connection).shutdown(socket.SHUT_RDWR)


class _Exchange(BaseHTTPRequestHandler):
    """One connection, kept alive over many requests."""

    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "CratewiseSimulator"
    sys_version = ""
    disable_nagle_algorithm = True

    def _exchange(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        request = asked(
            self.command,
            self.path,
            self.headers,
            self.rfile.read(length) if length else b"",
            self.client_address[0],
        )
        self._send(self.server.simulator.exchange(request))

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _exchange  # noqa: N815

    def _send(self, answer: Answer) -> None:
        if answer.ending in (Ending.RESET, Ending.TIMEOUT):
            self._reset()
            return
        body = answer.encoded()
        if len(body) >= COMPRESSED_FROM and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, compresslevel=1)
            answer.headers["Content-Encoding"] = "gzip"
        self.send_response(answer.status)
        if body or answer.content_type != "application/json":
            self.send_header("Content-Type", answer.content_type)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if answer.ending is Ending.CUT:
            body = body[: len(body) // 2]
            self.close_connection = True
        self.wfile.write(body)

    def _reset(self) -> None:
        """Drop the connection so that the client sees a reset, not an orderly end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if os.name != "nt":  # where a socket is no file, closing it later must do
            os.close(self.connection.detach())

    def log_message(self, format: str, *args: object) -> None:
        """The simulator keeps its own log; nothing is printed."""
