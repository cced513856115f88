"""The blueprint of addresses for programs, and how they answer."""

import json
from typing import Any

from flask import Blueprint
from flask.wrappers import Response

api = Blueprint("api", __name__)

OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, no-cache",
}


def answer(content: Any, mimetype: str, **headers: str) -> Response:
    """Data that anybody's page may read; caches must ask each time whether it still holds."""
    response = Response(content, mimetype=mimetype)
    response.headers.update(OPEN)
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def as_json(content: Any, mimetype: str = "application/json") -> Response:
    """JSON with Khmer as Khmer; unindented, for indenting is ten times slower."""
    return answer(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", mimetype)
