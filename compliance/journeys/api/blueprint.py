"""The blueprint of addresses for programs, and how they answer."""

import hashlib
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, request
from flask.wrappers import Response

from compliance.journeys.api.entries import compact
from compliance.journeys.page_cache import CACHEABLE

api = Blueprint("api", __name__)

OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, no-cache",
    "Access-Control-Expose-Headers": "ETag, Link, RateLimit, RateLimit-Policy, Retry-After",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}


@api.after_request
def _preflight(response: Response) -> Response:
    """What a page of another site may ask with."""
    if request.method == "OPTIONS":
        response.headers.update({**OPEN, **PREFLIGHT})
    return response


@api.after_request
def _readable(response: Response) -> Response:
    """Pages of other sites read every answer, refusals too; what is one company's own they do not."""
    if not response.cache_control.private:
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
    return response


@api.after_request
def _tagged(response: Response) -> Response:
    """Whoever has it already is told so; for what the page cache keeps, it does that itself by the same tag."""
    if response.status_code != 200 or request.method not in {"GET", "HEAD"}:
        return response
    if not response.get_etag()[0]:
        response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    if not request.environ.get(CACHEABLE):
        response.make_conditional(request)
    return response


def answer(content: Any, mimetype: str, **headers: str) -> Response:
    """Data that anybody's page may read; caches must ask each time whether it still holds."""
    response = Response(content, mimetype=mimetype)
    response.headers.update(OPEN)
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def as_json(content: Any, mimetype: str = "application/json") -> Response:
    """The content as one line of JSON."""
    return answer(compact(content) + "\n", mimetype)


def as_json_with(head: dict[str, Any], name: str, entries: Iterable[str]) -> Response:
    """JSON whose last member is a list of entries that are JSON already."""
    return answer(f'{compact(head)[:-1]},"{name}":[{",".join(entries)}]}}\n', "application/json")
