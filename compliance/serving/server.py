"""RSGI in front, WSGI behind: the loop waits for slow senders and readers, threads work for requests that are whole."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

from compliance.journeys.patience import ARRIVED
from compliance.serving.bodies import BodyError, BodyReader
from compliance.serving.environ import wsgi_environ

THREADS = 8
SENT_AT_ONCE = 1_000_000
MOST_DISCARDED = 100_000_000
"""Bytes of too large a body that are read all the same: a browser shows the answer only once it has sent all."""
HEALTH = "/healthz"
TEXT = [
    ("content-type", "text/plain; charset=utf-8"),
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
]

log = logging.getLogger(__name__)
Headers = list[tuple[str, str]]
FromMemory = Callable[[WSGIEnvironment], WSGIApplication | None]


@dataclass
class Answer:
    """Status, headers, the first megabyte of the body, and what follows it (None when that was all)."""

    status: int = 500
    headers: Headers = ()  # type: ignore[assignment]
    body: bytes = b""
    rest: Iterator[bytes] | None = None
    close: Callable[[], object] = lambda: None


def answer(application: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """Lets the application work; runs in one of the threads."""
    made = Answer()

    def start(status: str, headers: Headers, _error: Any = None) -> Callable[[bytes], object]:
        made.status, made.headers = int(status[:3]), headers
        return lambda _data: None

    chunks: Iterable[bytes] = application(environ, start)
    made.close = getattr(chunks, "close", made.close)
    try:
        _take_first(made, chunks)
    except BaseException:
        made.close()
        raise
    if made.rest is None:
        made.close()
    return made


def _take_first(made: Answer, chunks: Iterable[bytes]) -> None:
    rest, first, size = iter(chunks), list[bytes](), 0
    for chunk in rest:
        first.append(chunk)
        size += len(chunk)
        if size >= SENT_AT_ONCE:
            made.rest = rest
            break
    made.body = b"".join(first)


class Server:
    """One web process."""

    def __init__(
        self, application: WSGIApplication, from_memory: Iterable[FromMemory], most_bytes: dict[bool, int], cookie: str
    ) -> None:
        """`from_memory` finds what answers at once; `most_bytes`: of a body without and with the session's `cookie`."""
        self.application = application
        self.from_memory = tuple(from_memory)
        self.most_bytes = most_bytes
        self.cookie = f"{cookie}="
        self.bodies = BodyReader()
        self.threads = ThreadPoolExecutor(THREADS, "request")

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answers one request."""
        if scope.path == HEALTH:  # that the process lives hangs on no thread and no database
            protocol.response_bytes(200, TEXT, b"ok\n")
            return
        environ = wsgi_environ(scope)
        for find in self.from_memory:
            if at_once := find(environ):
                made = answer(at_once, environ)
                protocol.response_bytes(made.status, made.headers, made.body)
                return
        try:
            body = await self._body(environ, protocol)
        except BodyError as error:
            protocol.response_bytes(error.status, TEXT, f"{HTTPStatus(error.status).phrase}\n".encode())
            return
        environ["wsgi.input"], environ[ARRIVED] = body, time.monotonic()
        try:
            await self._work(environ, protocol)
        finally:
            self.bodies.release(body)

    async def _body(self, environ: WSGIEnvironment, protocol: Any) -> IO[bytes]:
        """What was sent; nothing of a body that is too large, which the application then refuses by its length."""
        length = body_length(environ)
        if 0 < length <= self.most_bytes[self.cookie in environ.get("HTTP_COOKIE", "")]:
            return await self.bodies.read(protocol, length)
        if 0 < length <= MOST_DISCARDED:
            await self.bodies.discard(protocol, length)
        return BytesIO()

    async def _work(self, environ: WSGIEnvironment, protocol: Any) -> None:
        run = asyncio.get_running_loop().run_in_executor
        try:
            made = await run(self.threads, answer, self.application, environ)
        except Exception:
            log.exception("the application failed")
            protocol.response_bytes(500, TEXT, b"Internal Server Error\n")
            return
        if made.rest is None:
            protocol.response_bytes(made.status, made.headers, made.body)
            return
        transport = protocol.response_stream(made.status, made.headers)
        chunk: bytes | None = made.body
        try:
            while chunk is not None:
                await transport.send_bytes(chunk)
                chunk = await run(self.threads, next, made.rest, None)
        finally:
            await run(self.threads, made.close)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """When the process ends: what is at work ends first."""
        self.threads.shutdown()


def body_length(environ: WSGIEnvironment) -> int:
    """Bytes of the body, 0 without one. Raises BodyError when a body does not say."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        raise BodyError(411)
    length: str = environ.get("CONTENT_LENGTH", "0")
    if not length.isdecimal():
        raise BodyError(400)
    return int(length)
