"""The blueprint of addresses for programs, and how they answer."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, request
from flask.wrappers import Response

from compliance.journeys.api.entries import compact

api = Blueprint("api", __name__)

OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, no-cache",
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
