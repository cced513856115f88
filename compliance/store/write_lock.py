"""SQLite's one write lock: who waits for it, in which order, and how long."""

import time
from contextlib import suppress
from threading import Lock
from typing import Any

import sqlalchemy.exc
from sqlalchemy.engine import Connection

from compliance.store.wait_budget import WaitBudget, wait_budget

BUSY_SECONDS = 10.0
"""Commands and jobs; a request waits as long as its budget lets it."""
BUSY_AGAIN_SECONDS = 0.2
STUCK_AFTER = 2.0
COUNTED_FROM = 0.05
LEAST_SECONDS = 0.05


class WriteLock:
    """Takes the lock when a write transaction begins; the threads of this process take turns at asking for it.

    SQLite knows no queue: whoever finds the lock taken sleeps and tries again, and of sixteen threads some never come
    through. When a request has waited in vain, whoever comes next waits only a moment until somebody gets the lock
    again: otherwise eight threads that wait one after another would keep everybody else from reading too.
    """

    def __init__(self) -> None:
        self.stuck = False
        self.turn = Lock()
        self.holder: Connection | None = None

    def take(self, connection: Connection) -> None:
        """BEGIN IMMEDIATE. Raises OperationalError when another writer keeps the lock."""
        budget, began = wait_budget(), time.monotonic()
        longest = self._longest(budget)
        mine = self.turn.acquire(timeout=longest)
        set_busy_seconds(connection, max(LEAST_SECONDS, longest - (time.monotonic() - began)))
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except sqlalchemy.exc.OperationalError:
            self.stuck = self.stuck or time.monotonic() - began > STUCK_AFTER
            if mine:
                self._next()
            raise
        finally:
            set_busy_seconds(connection, BUSY_SECONDS)
            waited = time.monotonic() - began
            if budget is not None and waited > COUNTED_FROM:
                budget.spend(waited)
        self.stuck = False
        self.holder = connection  # also when it was not its turn: then whoever had the turn holds no lock any more

    def release(self, connection: Connection) -> None:
        """When the transaction ends; harmless twice."""
        if self.holder is connection:
            self.holder = None
            self._next()

    def _next(self) -> None:
        with suppress(RuntimeError):  # somebody who did not wait for a turn was quicker and has passed it on
            self.turn.release()

    def _longest(self, budget: WaitBudget | None) -> float:
        if budget is None:
            return BUSY_SECONDS
        return min(max(budget.left, 0.0), BUSY_AGAIN_SECONDS if self.stuck else BUSY_SECONDS)


def set_busy_seconds(connection: Connection, seconds: float) -> None:
    """How long the next statements of this connection wait for another's lock."""
    raw: Any = connection.connection.driver_connection
    raw.execute(f"pragma busy_timeout={seconds * 1000:.0f}")
