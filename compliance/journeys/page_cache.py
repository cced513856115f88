"""Unchanged public pages are answered before Flask, from memory, until the register or the day changes.

A page is cached only when its view says so, for readers without a cookie of ours, and only until the register's change
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
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pysqlite3.dbapi2 as fixed_sqlite
import sqlalchemy as sa
from flask import Flask, request
from sqlalchemy.engine import Engine

from compliance.clock import today
from compliance.journeys.assets import takes_gzip
from compliance.settings import Settings
from compliance.store.base import db
from compliance.store.register import commits

CACHEABLE, STATE = "portal.cacheable", "portal.register_state"
"""In the WSGI environment: what a view says of its page, and the state of the register that was read for it."""
MOST_BYTES = 32_000_000
MOST_FRAGMENTS = 500
STATE_SECONDS = 0.1
LONGEST_ADDRESS = 500
CHANGE_NUMBER = "SELECT number FROM register_changes WHERE id = 1"
PER_ANSWER = frozenset({"content-length", "etag", "set-cookie", "vary", "cache-control", "x-request-id"})
"""Headers that a cached page does not repeat: each answer has its own, or none."""
OF_THIS_MACHINE = frozenset({"/healthz", "/readyz", "/metrics"})
"""Never cached; whether the portal lives must not hang on the database."""
VARY = ("Vary", "Cookie, Accept-Encoding")
PUBLIC = "public, no-cache"

P = ParamSpec("P")
R = TypeVar("R")
RegisterState = tuple[int, date]


def register_state() -> RegisterState | None:
    """The register's number and day read for this request; None when nobody could read them: nothing is cached."""
    state: RegisterState | None = request.environ.get(STATE)
    return state


def cached(view: Callable[P, R]) -> Callable[P, R]:
    """Marks a view whose page depends on nothing but its address, the register and the day."""

    @wraps(view)
    def _view(*args: P.args, **kwargs: P.kwargs) -> R:
        request.environ[CACHEABLE] = True
        return view(*args, **kwargs)

    return _view


@dataclass(frozen=True)
class EncodedPage:
    """One answer in one encoding."""

    headers: list[tuple[str, str]]
    body: bytes
    tag: str
    caching: tuple[str, str]


@dataclass(frozen=True)
class CachedPage:
    """One answer, plain and packed, and the state of the register that it shows."""

    state: RegisterState
    plain: EncodedPage
    packed: EncodedPage

    @property
    def exact(self) -> bool:
        """Whether it must be true to this moment."""
        return "no-store" in self.plain.caching[1]

    @property
    def size(self) -> int:
        return len(self.plain.body) + len(self.packed.body)

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        page = self.packed if takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else self.plain
        if page.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", [("ETag", page.tag), page.caching, VARY])
            return []
        start_response("200 OK", page.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [page.body]


class FragmentCache(Generic[R]):
    """Parts of pages, made once: the newest few. Their keys hold the state of the register they show."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.fragments: OrderedDict[object, R] = OrderedDict()
        self.lock = Lock()

    def get(self, key: object, make: Callable[[], R]) -> R:
        fragment = self.fragments.get(key)
        if fragment is None:
            fragment = make()
            with self.lock:
                self.fragments[key] = fragment
                while len(self.fragments) > self.most:
                    self.fragments.popitem(last=False)
        return fragment


class PageCache:
    """WSGI in front of the application. `cookie` is the name of the only cookie that changes what a page shows.

    `former` are hosts under which the application answers otherwise: nothing is kept for them.
    """

    def __init__(
        self,
        application: Callable[..., Iterable[bytes]],
        engine: Engine,
        cookie: str,
        former: frozenset[str] = frozenset(),
    ) -> None:
        self.application = application
        self.engine = engine
        self.cookie = cookie
        self.former = former
        self.pages: OrderedDict[str, CachedPage] = OrderedDict()
        self.bytes = 0
        self.hits = self.misses = 0
        self.lock = Lock()
        self.readers = local()
        self.last_read = (0, -1, 0.0)
        self.fragments: FragmentCache[Any] = FragmentCache(MOST_FRAGMENTS)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ["PATH_INFO"] in OF_THIS_MACHINE:
            return self.application(environ, start_response)
        if self._by_a_former_host(environ):
            return self.application(environ, start_response)
        if self._has_our_cookie(environ):
            environ[STATE] = self.recent_state()  # the page is this reader's own, its fragments are everybody's
            return self.application(environ, start_response)
        environ.pop("HTTP_COOKIE", None)  # others' cookies change nothing, so nobody behind us sees them
        address = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
        page = self.pages.get(address)
        state = self.recent_state() if page and not page.exact else self.current_state()
        if page is None or state != page.state:
            return self._build(environ, start_response, address, state)
        self.hits += 1
        return page.answer(environ, start_response)

    def from_memory(self, environ: WSGIEnvironment) -> WSGIApplication | None:
        """What answers this request without asking anybody; None when that takes the database or the application."""
        number, commits_then, until = self.last_read
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or commits_then != commits.number or monotonic() >= until:
            return None
        page = self.pages.get(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}")
        if page is None or page.exact or page.state != (number, today()) or self._has_our_cookie(environ):
            return None
        if self._by_a_former_host(environ):
            return None
        self.hits += 1
        return page.answer

    def _has_our_cookie(self, environ: WSGIEnvironment) -> bool:
        sent: str = environ.get("HTTP_COOKIE", "")
        return any(part.partition("=")[0].strip() == self.cookie for part in sent.split(";"))

    def _by_a_former_host(self, environ: WSGIEnvironment) -> bool:
        """As the browser or a proxy tells the host; whoever invents one is only answered more slowly."""
        if not self.former:
            return False
        told = f"{environ.get('HTTP_HOST', '')},{environ.get('HTTP_X_FORWARDED_HOST', '')}"
        return any(host.strip() in self.former for host in told.split(","))

    def recent_state(self) -> RegisterState | None:
        """The state as it was at most a moment ago: asking costs more than all else here."""
        number, commits_then, until = self.last_read
        if commits_then == commits.number and monotonic() < until:
            return (number, today())
        return self.current_state()

    def current_state(self) -> RegisterState | None:
        """The register's number and the day; None when the database does not answer (the application will say so)."""
        commits_before, asked = commits.number, monotonic()
        try:
            row = self._read_number()
        except (sa.exc.SQLAlchemyError, self.engine.dialect.loaded_dbapi.Error):
            return None
        number = row[0] if row else 0
        self.last_read = (number, commits_before, asked + STATE_SECONDS)
        return (number, today())

    def _read_number(self) -> Any:
        if self.engine.dialect.name != "sqlite":
            with self.engine.connect() as connection:
                return connection.exec_driver_sql(CHANGE_NUMBER).first()
        if not hasattr(self.readers, "cursor"):  # one a thread: the pool's book-keeping costs more than the question
            self.readers.cursor = fixed_sqlite.connect(self.engine.url.database, isolation_level=None).cursor()
        return self.readers.cursor.execute(CHANGE_NUMBER).fetchone()

    def _build(
        self, environ: WSGIEnvironment, start_response: StartResponse, address: str, state: RegisterState | None
    ) -> Iterable[bytes]:
        """Lets the application answer; the number was read before, so what is cached is never older than it."""
        if environ["REQUEST_METHOD"] == "HEAD" or len(address) > LONGEST_ADDRESS or state is None:
            return self.application(environ, start_response)
        environ[STATE] = state
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
        if not status.startswith("200") or "set-cookie" in names:
            start_response(status, headers, exc_info)
            return [body]
        if not environ.get(CACHEABLE):
            headers, body = pack_once(environ, headers, body)
            start_response(status, headers, exc_info)
            return [body]
        self.misses += 1
        page = cached_page(state, headers, body)
        self._store(address, page)
        return page.answer(environ, start_response)

    def _store(self, address: str, page: CachedPage) -> None:
        with self.lock:
            before = self.pages.pop(address, None)
            self.bytes -= before.size if before else 0
            self.pages[address] = page
            self.bytes += page.size
            while self.bytes > MOST_BYTES and len(self.pages) > 1:
                _address, oldest = self.pages.popitem(last=False)
                self.bytes -= oldest.size


def pack_once(
    environ: WSGIEnvironment, headers: list[tuple[str, str]], body: bytes
) -> tuple[list[tuple[str, str]], bytes]:
    """A public page that is made anew each time, packed for whoever takes it; it holds no secret beside typed text."""
    others = [(name, value) for name, value in headers if name.lower() not in {"content-length", "vary"}]
    html = any(name.lower() == "content-type" and value.startswith("text/html") for name, value in headers)
    if not html or not takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
        return headers, body
    packed = gzip.compress(body, 6, mtime=0)
    return [*others, VARY, ("Content-Encoding", "gzip"), ("Content-Length", str(len(packed)))], packed


def cached_page(state: RegisterState, headers: list[tuple[str, str]], body: bytes) -> CachedPage:
    """Caches of others must ask each time; what a view says more strictly stays."""
    asked = next((value for name, value in headers if name.lower() == "cache-control"), "")
    caching = ("Cache-Control", asked if "no-store" in asked else PUBLIC)
    base = [(name, value) for name, value in headers if name.lower() not in PER_ANSWER]
    digest = hashlib.sha256(body).hexdigest()[:32]

    def encoded(data: bytes, tag: str, *more: tuple[str, str]) -> EncodedPage:
        whole = [*base, caching, VARY, *more, ("ETag", tag), ("Content-Length", str(len(data)))]
        return EncodedPage(whole, data, tag, caching)

    packed = gzip.compress(body, 6, mtime=0)
    return CachedPage(
        state, encoded(body, f'"{digest}"'), encoded(packed, f'"{digest}-gz"', ("Content-Encoding", "gzip"))
    )


def init(app: Flask, settings: Settings) -> None:
    """Puts the cache in front of the application."""
    former = frozenset(urlsplit(each).netloc for each in settings.former_addresses)
    with app.app_context():
        cache = PageCache(app.wsgi_app, db.engine, app.config["SESSION_COOKIE_NAME"], former)
    app.extensions["page_cache"] = cache
    app.wsgi_app = cache  # type: ignore[method-assign]
