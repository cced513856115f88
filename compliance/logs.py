"""Logs: one line of JSON an event, without names, addresses, tokens or anything a person typed."""

import json
import logging
import logging.config
import re
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

MAIL_ADDRESS = re.compile(r"[^\s<>\"'(),:;]+@[^\s<>\"'(),:;]+")
QUOTED = re.compile(r"""'[^']*'|"[^"]*"|«[^»]*»|“[^”]*”""")
# Line breaks that JSON leaves as they are, and that some readers of lines break at.
BREAKS = {ord(mark): f"\\u{ord(mark):04x}" for mark in "\u0085\u2028\u2029"}
FRAMES = 12
DATABASES = ("sqlalchemy", "psycopg", "pysqlite3")

request_id: ContextVar[str] = ContextVar("request_id", default="")


class JsonLines(logging.Formatter):
    """Every record on one line; texts lose mail addresses, database errors their parameters."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": scrub(record.getMessage()),
        }
        if asked := request_id.get():
            line["request"] = asked
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            line |= explained(record.exc_info[1], record.exc_info[2])
        return json.dumps(line, ensure_ascii=False).translate(BREAKS)


def scrub(text: str) -> str:
    """The text without mail addresses, and not endless."""
    return MAIL_ADDRESS.sub("<address>", text)[:2000]


def explained(error: BaseException, trace: TracebackType | None) -> dict[str, Any]:
    """What went wrong and where; what it quotes may be a person's words, a database's own words rows: both stay out."""
    frames = traceback.extract_tb(trace)[-FRAMES:]
    said = "" if type(error).__module__.startswith(DATABASES) else QUOTED.sub("…", scrub(str(error)))
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
            # A run that found nothing to do, or that the one before it still does, is no event.
            "apscheduler": {"level": "ERROR"},
            "_granian": {"level": "INFO", "propagate": True},
            "granian.access": {"level": "INFO", "propagate": True},
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
        },
    }


def to_stderr() -> None:
    """Sets logging up for a process of ours."""
    logging.config.dictConfig(configuration())
    sys.excepthook = _last_words


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("portal").critical("the process ends", exc_info=(kind, error, trace))
