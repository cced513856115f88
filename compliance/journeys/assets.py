"""Built assets: read once at start, addressed by their content, sent packed to whoever takes gzip."""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from compliance.journeys.headers import HEADERS

FOLDER = Path(__file__).parents[2] / "static"
ADDRESS = "/static/"
FOR_EVER = "public, max-age=31536000, immutable"
SHORTEST_VERSION = 10
TEXT = frozenset({".css", ".js", ".mjs", ".svg", ".txt"})


@dataclass(frozen=True)
class Asset:
    """One file of static/. `packed` is empty where gzip gains nothing (fonts are packed already)."""

    version: str
    media_type: str
    plain: bytes
    packed: bytes


@cache
def assets() -> dict[str, Asset]:
    """Every built asset by its name under static/."""
    return {path.relative_to(FOLDER).as_posix(): _read(path) for path in sorted(FOLDER.rglob("*")) if path.is_file()}


def _read(path: Path) -> Asset:
    data = path.read_bytes()
    text = path.suffix in TEXT
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(
        version=hashlib.sha256(data).hexdigest()[:12],
        media_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
        plain=data,
        packed=gzip.compress(data, 9, mtime=0) if text else b"",
    )


@cache
def asset(name: str) -> str:
    """The address of an asset, which browsers may keep for a year: it changes with the content.

    Raises KeyError for a name that static/ does not hold.
    """
    return f"/static/{name}?v={assets()[name].version}"


@lru_cache(maxsize=256)
def takes_gzip(accept_encoding: str) -> bool:
    """Whether a request's Accept-Encoding lets us answer with gzip."""
    accepted = parse_accept_header(accept_encoding, Accept)
    return accepted.quality("gzip") > 0


def _headers(file: Asset, packed: bool, version: str) -> list[tuple[str, str]]:
    """Kept for ever under the address that names the content, else only until somebody asks again."""
    right = len(version) >= SHORTEST_VERSION and file.version.startswith(version)
    return [
        ("Content-Type", file.media_type),
        ("Content-Length", str(len(file.packed if packed else file.plain))),
        *([("Content-Encoding", "gzip")] if packed else []),
        ("Cache-Control", FOR_EVER if right else "public, no-cache"),
        ("Vary", "Accept-Encoding"),
        ("ETag", f'"{file.version}-gz"' if packed else f'"{file.version}"'),
        *HEADERS.items(),
    ]


def answer(file: Asset, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """An asset, packed for whoever takes it; 304 for whoever has it."""
    packed = bool(file.packed) and takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
    query = environ.get("QUERY_STRING", "")
    headers = _headers(file, packed, query[2:] if query.startswith("v=") else "")
    if dict(headers)["ETag"] in environ.get("HTTP_IF_NONE_MATCH", ""):
        start_response("304 Not Modified", [pair for pair in headers if not pair[0].startswith("Content-")])
        return []
    start_response("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [file.packed if packed else file.plain]


def from_memory(environ: WSGIEnvironment) -> WSGIApplication | None:
    """What answers for an asset; None when the address is none of theirs."""
    path: str = environ["PATH_INFO"]
    if not path.startswith(ADDRESS) or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return None
    file = assets().get(path.removeprefix(ADDRESS))
    return None if file is None else partial(answer, file)


def init(app: Flask) -> None:
    """Answers for assets before Flask, whose answers vary by cookie; it keeps the names that are not ours."""
    assets()
    application = app.wsgi_app

    def front(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return (from_memory(environ) or application)(environ, start_response)

    app.wsgi_app = front  # type: ignore[method-assign]
