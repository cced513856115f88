"""How often one address may ask for data in a minute: told in every answer, counted over all processes of a machine.

Pages, and all that checks a certificate, are never limited: a whole school stands behind one address.
"""

import hashlib
import math
import mmap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from time import monotonic
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

from compliance.journeys.headers import HEADERS
from compliance.journeys.problems import DATA, problem
from compliance.settings import Settings

PER_MINUTE = 600
WINDOW = 60.0
INTERVAL = WINDOW / PER_MINUTE
SLOTS = 1 << 16
FILE = "asked"
LIMITED = ("/api/", "/log/")
CHECKS_A_CERTIFICATE = ("/api/v1/awards/", "/credentials/", "/.well-known/", "/verify/")
NAME = '"address"'
POLICY = ("RateLimit-Policy", f"{NAME};q={PER_MINUTE};w={WINDOW:.0f}")

Finder = Callable[[WSGIEnvironment], WSGIApplication | None]


def is_limited(path: str) -> bool:
    """Whether questions to an address (or the rule of one) are counted."""
    return path.startswith(LIMITED) or path.endswith(DATA) if not path.startswith(CHECKS_A_CERTIFICATE) else False


@dataclass(frozen=True)
class Left:
    """How many questions are left, and in how many seconds all are again; `wait`: until the next one, 0 when now."""

    questions: int
    full_in: float
    wait: float

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [POLICY, ("RateLimit", f"{NAME};r={self.questions};t={math.ceil(self.full_in)}")]


class Limits:
    """One number an address: the moment at which all its questions are free again (a leaking bucket)."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.data_dir / FILE
        self.proxies = settings.trusted_proxies
        self.key = settings.secret_key.encode()[:64]  # so that nobody picks an address that counts as another's

    @cached_property
    def free_at(self) -> Any:
        """Seconds of the machine's clock, by slot, shared by its processes. Two that write at once lose one count."""
        return memoryview(_shared(self.path)).cast("d")

    def ask(self, client: str, now: float) -> Left:
        """Counts one question of a client. What lies further ahead than a minute is of another start: it is free."""
        slot = int.from_bytes(hashlib.blake2b(client.encode(), digest_size=2, key=self.key).digest())
        stored: float = self.free_at[slot]
        busy = stored if now < stored <= now + WINDOW else now
        wait = busy + INTERVAL - WINDOW - now
        if wait > 0:
            return Left(0, busy - now, wait)
        self.free_at[slot] = busy + INTERVAL
        ahead = busy + INTERVAL - now
        return Left(int((WINDOW - ahead) / INTERVAL + 1e-6), ahead, 0)

    def count(self, environ: WSGIEnvironment) -> Left | None:
        """None for what is not counted."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or not is_limited(environ["PATH_INFO"]):
            return None
        client = client_of(environ, self.proxies)
        return self.ask(client, monotonic()) if client else None

    def around(self, application: WSGIApplication) -> WSGIApplication:
        """The application, for whoever has questions left."""

        def limited(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            left = self.count(environ)
            if left is None:
                return application(environ, start_response)
            if left.wait:
                return too_many(left)(environ, start_response)

            def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
                return start_response(status, [*headers, *left.headers], error)

            return application(environ, start)

        return limited

    def before(self, find: Finder) -> Finder:
        """What answers from memory, for whoever has questions left; what it does not answer is counted later."""

        def found(environ: WSGIEnvironment) -> WSGIApplication | None:
            at_once = find(environ)
            return at_once and self.around(at_once)

        return found


def too_many(left: Left) -> WSGIApplication:
    seconds = math.ceil(left.wait)
    response = problem(429, f"{PER_MINUTE} questions a minute are answered to one address.", retry_after=seconds)
    response.headers.update({**HEADERS, **dict(left.headers), "Retry-After": str(seconds), "Cache-Control": "no-store"})
    return response


def client_of(environ: WSGIEnvironment, proxies: int) -> str:
    """Who asks: as the nearest trusted proxy says, else the connection. Empty for this machine itself, so that a proxy
    which the settings forgot does not make one client of everybody."""
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
    told = forwarded.split(",") if proxies and forwarded else []
    address = told[-proxies].strip() if len(told) >= proxies > 0 else environ.get("REMOTE_ADDR", "")
    return _network(address)


@lru_cache(maxsize=4096)
def _network(address: str) -> str:
    """An address of version 4; of version 6 the network of one household. Unreadable ones are one client."""
    try:
        found = ip_address(address)
    except ValueError:
        return "?"
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    if found.is_loopback:
        return ""
    return str(found if found.version == 4 else ip_network((found, 64), strict=False))


def _shared(path: Path) -> mmap.mmap:
    """Memory that the processes of this machine share; this one's own where no file can be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as grown:
            grown.truncate(SLOTS * 8)
        with path.open("r+b") as file:
            return mmap.mmap(file.fileno(), SLOTS * 8)
    except OSError:
        return mmap.mmap(-1, SLOTS * 8)


def init(app: Flask, settings: Settings) -> None:
    """Stands in front of all that is behind it."""
    limits = Limits(settings)
    app.extensions["limits"] = limits
    app.wsgi_app = limits.around(app.wsgi_app)  # type: ignore[assignment,method-assign]
