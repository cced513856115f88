"""Logs: one line of JSON an event, without names, addresses, tokens or anything a person typed."""

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from uuid import uuid4

import sqlalchemy.exc
from flask import Flask, g, has_request_context, request
from flask.wrappers import Response

MAIL_ADDRESS = re.compile(r"[^\s<>\"'(),:;]+@[^\s<>\"'(),:;]+")
REQUEST_ID = re.compile(r"[\w-]{8,64}", re.ASCII)
FRAMES = 12

log = logging.getLogger("portal.request")


class JsonLines(logging.Formatter):
    """Every record on one line; texts lose mail addresses, database errors their parameters."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": scrub(record.getMessage()),
        }
        if request_id := getattr(g, "request_id", None) if has_request_context() else None:
            line["request"] = request_id
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            line |= explained(record.exc_info[1], record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def scrub(text: str) -> str:
    """The text without mail addresses, and not endless."""
    return MAIL_ADDRESS.sub("<address>", text)[:2000]


def explained(error: BaseException, trace: TracebackType | None) -> dict[str, Any]:
    """What went wrong and where; a database's own words may quote rows, so they stay out."""
    frames = traceback.extract_tb(trace)[-FRAMES:]
    said = "" if isinstance(error, sqlalchemy.exc.SQLAlchemyError) else scrub(str(error))
    inner = getattr(error, "orig", None) or error.__cause__
    return {
        "error": type(error).__name__,
        "said": said,
        "cause": type(inner).__name__ if inner is not None else "",
        "trace": [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames],
    }


def configuration() -> dict[str, Any]:
    """For logging.config, the same for the application, the worker and the server."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "compliance.logs.JsonLines"}},
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
        "root": {"level": "INFO", "handlers": ["out"]},
        "loggers": {
            # A run that found nothing to do is no event.
            "apscheduler": {"level": "WARNING"},
            "_granian": {"level": "INFO", "propagate": True},
            "granian.access": {"level": "INFO", "propagate": True},
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
        },
    }


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
        g.request_id = given if REQUEST_ID.fullmatch(given) else uuid4().hex
        g.request_began = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        began = g.get("request_began")
        response.headers.setdefault("X-Request-Id", g.get("request_id", ""))
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


def to_stderr() -> None:
    """Sets logging up for a process of ours."""
    import logging.config

    logging.config.dictConfig(configuration())
    sys.excepthook = _last_words


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("portal").critical("the process ends", exc_info=(kind, error, trace))
