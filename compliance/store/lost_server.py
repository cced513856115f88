"""PostgreSQL that does not answer: waiting ends on our side, and while the server is silent nobody waits at all.

A driver waits for ever on a server that is frozen. Here each wait looks up ten times a second. After half a second of
silence a thread asks the server over a connection of its own; when that stays unanswered too, every wait ends and every
new one is refused at once, until the server answers that thread again.
"""

import time
from collections.abc import Generator
from dataclasses import dataclass, field
from threading import Lock, Thread, Timer
from typing import Any, TypeVar

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine

from compliance.store.wait_budget import InVain, wait_budget

LOOK_EVERY = 0.1
SUSPICIOUS_AFTER = 0.5
IN_VAIN_AFTER = 2.5
ASK_EVERY = 0.3
ASK_AGAIN_AFTER = 1.0
"""One slow statement is no reason to connect at each of its tenths of a second."""
ASK_SECONDS = 2
"""psycopg knows no shorter limit for connecting."""
FORGET_AFTER = 30.0

Result = TypeVar("Result")
Waiting = Generator[Any, Any, Result]
"""The driver's steps: it yields what it waits for and is sent what came; nothing, ten times a second."""


class LostServerError(psycopg.OperationalError):
    """The server is silent, or the request has waited for it as long as it may."""


@dataclass(eq=False)
class ServerWatch:
    """What this process knows of one database server."""

    parameters: dict[str, Any] = field(default_factory=dict)
    silent: bool = False
    wanted_at: float = 0.0
    asking: bool = False
    asked_at: float = 0.0
    lock: Lock = field(default_factory=Lock)

    def require_answering(self) -> None:
        """Raises LostServerError while the server is known to be silent."""
        self.wanted_at = time.monotonic()
        if self.silent:
            raise LostServerError("the database server does not answer")

    def suspect(self) -> None:
        """Has the server asked, unless that is being done or was done just now."""
        moment = time.monotonic()
        with self.lock:
            if self.asking or moment - self.asked_at < ASK_AGAIN_AFTER:
                return
            self.asking, self.asked_at, self.wanted_at = True, moment, moment
        Thread(target=self._ask_until_it_answers, name="asks the database", daemon=True).start()

    def _ask_until_it_answers(self) -> None:
        try:
            while not self._answers() and time.monotonic() - self.wanted_at < FORGET_AFTER:
                self.silent = True
                time.sleep(ASK_EVERY)
        finally:
            self.silent = self.asking = False

    def _answers(self) -> bool:
        """Whether the server says anything at all, even a refusal: only silence makes people wait."""
        try:
            psycopg.connect(**{**self.parameters, "connect_timeout": ASK_SECONDS}).close()
        except psycopg.errors.ConnectionTimeout:
            return False
        except psycopg.Error:
            return True
        return True


class WatchedConnection(psycopg.Connection[Any]):
    """A connection whose waits end when the server is silent or the request's budget is spent."""

    watch: ServerWatch

    def wait(
        self, gen: Generator[Any, Any, Result], interval: float = LOOK_EVERY, timeout: float | None = None
    ) -> Result:
        try:
            return super().wait(_watched(gen, self.watch), interval=interval, timeout=timeout)
        except LostServerError:
            self.pgconn.finish()  # what comes late must not be taken for the answer to another question
            raise


def _watched(waiting: Waiting[Result], watch: ServerWatch) -> Waiting[Result]:
    """The driver's steps, counted while nothing comes. Raises LostServerError."""
    watch.require_answering()
    budget, silent_since = wait_budget(), time.monotonic()
    try:
        wish = next(waiting)
        while True:
            ready = yield wish
            if ready:
                silent_since = time.monotonic()
            else:
                _count_silence(watch, time.monotonic() - silent_since)
                if budget is not None:
                    budget.spend(LOOK_EVERY)
                    if budget.left <= 0:
                        raise LostServerError("the request has waited for the database as long as it may")
            wish = waiting.send(ready)
    except StopIteration as end:
        result: Result = end.value
        return result


def _count_silence(watch: ServerWatch, seconds: float) -> None:
    watch.require_answering()
    if seconds >= SUSPICIOUS_AFTER:
        watch.suspect()
    if seconds >= IN_VAIN_AFTER:
        InVain.tell()


def watch_server(engine: Engine) -> None:
    """Makes the engine's connections watched ones."""
    watch = ServerWatch()

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Dialect, _record: object, arguments: list[Any], parameters: dict[str, Any]) -> Any:
        watch.require_answering()
        watch.parameters = parameters
        alarm = Timer(SUSPICIOUS_AFTER, watch.suspect)
        alarm.daemon = True
        alarm.start()
        try:
            connection = WatchedConnection.connect(*arguments, **parameters)
        finally:
            alarm.cancel()
        connection.watch = watch
        return connection
