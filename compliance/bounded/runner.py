"""Starts bounded processes, few at a time, and tells how they ended."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from compliance.bounded.limits import CPU_SECONDS, LARGEST_ANSWER, OUT_OF_MEMORY, WALL_SECONDS

ROOT = Path(__file__).parents[2]
RUNNING = 1
WAITING = 2
"""Of the eight threads of a web process at most three have to do with foreign files; the others serve pages."""
STRANGER = "stranger "
MOST_OF_STRANGERS = 2
"""Places that people who are not signed in may hold, all together or behind one address; a person holds one."""
PATIENCE_SECONDS = 15.0
STOPPED = frozenset({-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGALRM, -signal.SIGXFSZ, OUT_OF_MEMORY})

log = logging.getLogger(__name__)
_held: Counter[str] = Counter()  # places, by the name of their sender
_admitting = threading.Lock()
_running = threading.BoundedSemaphore(RUNNING)


class BusyError(Exception):
    """Too many files are being looked into at once, of all or of this sender."""


@dataclass(frozen=True)
class Sender:
    """Whose file it is: an account's, or that of somebody at an address whom we do not know."""

    name: str
    known: bool

    @property
    def most(self) -> int:
        return 1 if self.known else MOST_OF_STRANGERS

    @property
    def key(self) -> str:
        return self.name if self.known else STRANGER + self.name


class TooHeavyError(Exception):
    """The process met one of its limits."""


class CrashedError(Exception):
    """The process ended without an answer, within its limits."""


def ask_about_foreign(
    module: str, request: Mapping[str, Any], data: bytes, sender: Sender
) -> tuple[dict[str, Any], bytes]:
    """What `module` says of bytes that come from outside. Raises BusyError, TooHeavyError, CrashedError."""
    with _place(sender):
        return ask(module, request, data)


def ask_in_turn(module: str, request: Mapping[str, Any], sender: Sender) -> tuple[dict[str, Any], bytes]:
    """Work of ours that takes seconds, in the same few places. Raises BusyError, TooHeavyError, CrashedError."""
    with _place(sender):
        return ask(module, request)


def ask(module: str, request: Mapping[str, Any], data: bytes = b"") -> tuple[dict[str, Any], bytes]:
    """The answer of `python -m module` to a request. Raises TooHeavyError or CrashedError."""
    with _in_memory("request") as given, _in_memory("answer") as answer, _in_memory("errors") as errors:
        given.write(json.dumps(request).encode() + b"\n" + data)
        given.seek(0)
        code = _ended(_started(module, given, answer, errors))
        if code in STOPPED:
            raise TooHeavyError(module)
        if code != 0:
            log.error("%s ended with %d: %s", module, code, _text(errors)[-2000:])
            raise CrashedError(module)
        answer.seek(0)
        line, _newline, body = answer.read(LARGEST_ANSWER).partition(b"\n")
        return json.loads(line), body


def _started(module: str, given: BinaryIO, answer: BinaryIO, errors: BinaryIO) -> subprocess.Popen[bytes]:
    """In a session of its own, knowing none of our environment: it holds secrets."""
    try:
        return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-m", module],
            stdin=given,
            stdout=answer,
            stderr=errors,
            cwd=ROOT,
            env={"PATH": os.defpath, "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"},
            start_new_session=True,
        )
    except OSError as error:
        raise BusyError(module) from error


def _ended(process: subprocess.Popen[bytes]) -> int:
    """The exit code, once the whole group is gone."""
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(WALL_SECONDS + 1)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    return process.wait(CPU_SECONDS)


def _text(errors: BinaryIO) -> str:
    errors.seek(0)
    return errors.read(100_000).decode(errors="replace")


@contextmanager
def _in_memory(name: str) -> Iterator[BinaryIO]:
    """A nameless file that no disk sees."""
    with os.fdopen(os.memfd_create(name), "w+b") as file:
        yield file


@contextmanager
def _place(sender: Sender) -> Iterator[None]:
    _admit(sender)
    try:
        if not _running.acquire(timeout=PATIENCE_SECONDS):
            raise BusyError
        try:
            yield
        finally:
            _running.release()
    finally:
        with _admitting:
            _held[sender.key] -= 1
            if not _held[sender.key]:
                del _held[sender.key]


def _admit(sender: Sender) -> None:
    """Nobody takes all places: whoever sends heavy files without end keeps out nobody else. Raises BusyError."""
    with _admitting:
        strangers = sum(count for key, count in _held.items() if key.startswith(STRANGER))
        full = _held.total() >= RUNNING + WAITING or _held[sender.key] >= sender.most
        if full or (not sender.known and strangers >= MOST_OF_STRANGERS):
            raise BusyError
        _held[sender.key] += 1
