"""Unchanged public pages are answered before Flask, from memory, until the register or the day changes.

A page is cached only when its view says so, for readers without any cookie, and only until the register's change
number moves on. This process hears of its own changes at once and of others' within a tenth of a second; a page
that no cache may store (the check of a certificate) asks the database each time.
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from threading import Lock, local
from time import monotonic
from typing import Any, Generic, ParamSpec, TypeVar
from wsgiref.types import StartResponse, WSGIEnvironment

import pysqlite3.dbapi2 as fixed_sqlite
import sqlalchemy as sa
from flask import Flask, request
from sqlalchemy.engine import Engine

from compliance.clock import today
from compliance.store.base import db
from compliance.store.register import commits

KEEP, STATE = "portal.keep", "portal.register_state"
"""In the WSGI environment: what a view says of its page, and the state of the register that was read for it."""
MOST_BYTES = 32_000_000
MOST_PARTS = 500
HOLD_SECONDS = 0.1
LONGEST_ADDRESS = 500
NUMBER = "SELECT number FROM register_changes WHERE id = 1"
NOT_KEPT = frozenset({"content-length", "etag", "set-cookie", "vary"})
VARY = ("Vary", "Cookie, Accept-Encoding")
PUBLIC = "public, no-cache"

P = ParamSpec("P")
R = TypeVar("R")
Generation = tuple[int, date]


def register_state() -> Generation | None:
    """The register's number and day read for this request; None for readers with a cookie: nothing is kept for them."""
    state: Generation | None = request.environ.get(STATE)
    return state


def cached(view: Callable[P, R]) -> Callable[P, R]:
    """Marks a view whose page depends on nothing but its address, the register and the day."""

    @wraps(view)
    def _view(*args: P.args, **kwargs: P.kwargs) -> R:
        request.environ[KEEP] = True
        return view(*args, **kwargs)

    return _view


@dataclass(frozen=True)
class Page:
    """One answer in one encoding."""

    headers: list[tuple[str, str]]
    body: bytes
    tag: str
    caching: tuple[str, str]


@dataclass(frozen=True)
class Pages:
    """One answer, plain and packed, and the state of the register that it shows."""

    generation: Generation
    plain: Page
    packed: Page

    @property
    def exact(self) -> bool:
        """Whether it must be true to this moment."""
        return "no-store" in self.plain.caching[1]

    @property
    def size(self) -> int:
        return len(self.plain.body) + len(self.packed.body)

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        page = self.packed if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "") else self.plain
        if page.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", [("ETag", page.tag), page.caching, VARY])
            return []
        start_response("200 OK", page.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [page.body]


class FragmentCache(Generic[R]):
    """Parts of pages, made once: the newest few. Their keys hold the state of the register they show."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.parts: OrderedDict[object, R] = OrderedDict()
        self.lock = Lock()

    def get(self, key: object, make: Callable[[], R]) -> R:
        part = self.parts.get(key)
        if part is None:
            part = make()
            with self.lock:
                self.parts[key] = part
                while len(self.parts) > self.most:
                    self.parts.popitem(last=False)
        return part


class PageCache:
    """WSGI in front of the application."""

    def __init__(self, application: Callable[..., Iterable[bytes]], engine: Engine) -> None:
        self.application = application
        self.engine = engine
        self.pages: OrderedDict[str, Pages] = OrderedDict()
        self.bytes = 0
        self.hits = self.misses = 0
        self.lock = Lock()
        self.own = local()
        self.held = (0, -1, 0.0)
        self.shelf: FragmentCache[Any] = FragmentCache(MOST_PARTS)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or "HTTP_COOKIE" in environ:
            return self.application(environ, start_response)
        address = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
        pages = self.pages.get(address)
        generation = self.lately() if pages and not pages.exact else self.now()
        if pages is None or generation != pages.generation:
            return self._build(environ, start_response, address, generation)
        self.hits += 1
        return pages.answer(environ, start_response)

    def lately(self) -> Generation | None:
        """The state as it was at most a moment ago: asking costs more than all else here."""
        number, seen, until = self.held
        if seen == commits.number and monotonic() < until:
            return (number, today())
        return self.now()

    def now(self) -> Generation | None:
        """The register's number and the day; None when the database does not answer (the application will say so)."""
        seen, asked = commits.number, monotonic()
        try:
            row = self._read_number()
        except (sa.exc.SQLAlchemyError, self.engine.dialect.loaded_dbapi.Error):
            return None
        number = row[0] if row else 0
        self.held = (number, seen, asked + HOLD_SECONDS)
        return (number, today())

    def _read_number(self) -> Any:
        if self.engine.dialect.name != "sqlite":
            with self.engine.connect() as connection:
                return connection.exec_driver_sql(NUMBER).first()
        if not hasattr(self.own, "reader"):  # one a thread: the pool's book-keeping would cost more than the question
            self.own.reader = fixed_sqlite.connect(self.engine.url.database, isolation_level=None).cursor()
        return self.own.reader.execute(NUMBER).fetchone()

    def _build(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        address: str,
        generation: Generation | None,
    ) -> Iterable[bytes]:
        """Lets the application answer; the number was read before, so what is kept is never older than it."""
        if environ["REQUEST_METHOD"] == "HEAD" or len(address) > LONGEST_ADDRESS or generation is None:
            return self.application(environ, start_response)
        environ[STATE] = generation
        started: list[Any] = []

        def _start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            started[:] = [status, headers, exc_info]
            return lambda _data: None

        chunks = self.application(environ, _start)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        status, headers, exc_info = started
        names = {name.lower() for name, _value in headers}
        if not environ.get(KEEP) or not status.startswith("200") or "set-cookie" in names:
            start_response(status, headers, exc_info)
            return [body]
        self.misses += 1
        pages = _pages(generation, headers, body)
        self._keep(address, pages)
        return pages.answer(environ, start_response)

    def _keep(self, address: str, pages: Pages) -> None:
        with self.lock:
            before = self.pages.pop(address, None)
            self.bytes -= before.size if before else 0
            self.pages[address] = pages
            self.bytes += pages.size
            while self.bytes > MOST_BYTES and len(self.pages) > 1:
                _address, oldest = self.pages.popitem(last=False)
                self.bytes -= oldest.size


def _pages(generation: Generation, headers: list[tuple[str, str]], body: bytes) -> Pages:
    """Caches of others must ask each time; what a view says more strictly stays."""
    said = next((value for name, value in headers if name.lower() == "cache-control"), "")
    caching = ("Cache-Control", said if "no-store" in said else PUBLIC)
    base = [(name, value) for name, value in headers if name.lower() not in {*NOT_KEPT, "cache-control"}]
    digest = hashlib.sha256(body).hexdigest()[:32]
    packed = gzip.compress(body, 6, mtime=0)

    def _page(data: bytes, tag: str, *more: tuple[str, str]) -> Page:
        whole = [*base, caching, VARY, *more, ("ETag", tag), ("Content-Length", str(len(data)))]
        return Page(whole, data, tag, caching)

    return Pages(generation, _page(body, f'"{digest}"'), _page(packed, f'"{digest}-gz"', ("Content-Encoding", "gzip")))


def init(app: Flask) -> None:
    """Puts the kept pages in front of the application."""
    with app.app_context():
        pages = PageCache(app.wsgi_app, db.engine)
    app.extensions["page_cache"] = pages
    app.wsgi_app = pages  # type: ignore[method-assign]
