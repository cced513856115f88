"""Bounded processes with their libraries loaded already; what bounds them is tried on real starts, in `test_bounds`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, BinaryIO
from unittest.mock import patch

from compliance.bounded import runner
from tests import ready

LIBRARIES = (
    "weasyprint", "weasyprint.text.fonts", "pikepdf", "pypdfium2", "pillow_heif", "PIL.Image", "PIL.ImageOps",
    "docx", "openpyxl", "pyhanko.sign.validation", "certificates.textlayer", "certificates.square",
    "certificates.status", "certificates.seal_check", "questionnaires", "compliance.bounded.child",
)  # fmt: skip
"""What rooms import that takes long."""
_really = runner._started


@cache
def begin_ready() -> None:
    """From now on, in this process."""
    runner._started = _forked  # type: ignore[assignment]


@contextmanager
def begun_anew() -> Iterator[None]:
    """Each is an interpreter of its own, as in the portal."""
    with patch.object(runner, "_started", _really):
        yield


def _forked(module: str, given: BinaryIO, answer: BinaryIO, errors: BinaryIO) -> Any:
    env = {"PATH": os.defpath, "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"}
    streams = [file.fileno() for file in (given, answer, errors)]
    return ready.start(LIBRARIES, module, streams, env, runner.ROOT)
