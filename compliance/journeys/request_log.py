"""A line in the log for every request: what was asked and how it was answered, never by whom."""

import logging
import re
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Flask, g, request
from flask.wrappers import Response

from compliance.logs import request_id

REQUEST_ID = re.compile(r"[\w-]{8,64}", re.ASCII)

log = logging.getLogger("portal.request")


def address_of(rule: str | None, values: Mapping[str, Any] | None) -> str:
    """The page's address without what it may carry of a person: tokens, numbers and names stay placeholders."""
    if rule is None:
        return "(no such page)"
    for name, value in (values or {}).items():
        if isinstance(value, int):
            rule = re.sub(rf"<[^<>]*\b{re.escape(name)}>", str(value), rule)
    return re.sub(r"<(?:[^<>:]*:)?(\w+)>", r"<\1>", rule)


def init(app: Flask) -> None:
    """Gives every request an id and a line."""

    @app.before_request
    def _begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        request_id.set(given if REQUEST_ID.fullmatch(given) else uuid4().hex)
        g.request_began = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        began = g.get("request_began")
        response.headers.setdefault("X-Request-Id", request_id.get())
        if request.endpoint not in {"static", "health.healthz"} or response.status_code >= 400:
            fields = {
                "method": request.method if len(request.method) < 10 else "?",
                "path": address_of(request.url_rule.rule if request.url_rule else None, request.view_args),
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000, 1) if began else None,
                "bytes": response.content_length,
            }
            log.info("answered", extra={"fields": fields})
        return response
