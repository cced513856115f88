"""What a program is told that asked for what cannot be answered (RFC 9457)."""

import json
from http import HTTPStatus
from typing import Any

from flask.wrappers import Response

MEDIA_TYPE = "application/problem+json"
OF_PROGRAMS = ("/api/", "/log/", "/credentials/", "/.well-known/")
OF_PEOPLE = ("/km/", "/en/")
DATA = (".json", ".csv", ".atom")


def for_programs(path: str) -> bool:
    """Whether an address is one that programs ask, which read no pages."""
    return path.startswith(OF_PROGRAMS) or (path.endswith(DATA) and not path.startswith(OF_PEOPLE))


def problem(status: int, detail: str = "", **more: Any) -> Response:
    """The problem as data; `more` says of it what a program can act on."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    said = {"detail": detail} if detail else {}
    text = json.dumps({**told, **said, **more}, ensure_ascii=False, separators=(",", ":"))
    response = Response(f"{text}\n", status, mimetype=MEDIA_TYPE)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
