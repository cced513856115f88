"""SQLite's one write lock: how long a writer waits for it."""

import time
from typing import Any

import sqlalchemy.exc
from sqlalchemy.engine import Connection

from compliance.store.wait_budget import WaitBudget, wait_budget

BUSY_SECONDS = 10.0
"""Commands and jobs; a request waits as long as its budget lets it."""
BUSY_AGAIN_SECONDS = 0.2
STUCK_AFTER = 2.0
COUNTED_FROM = 0.05


class WriteLock:
    """Takes the lock when a write transaction begins.

    When a request has waited in vain, whoever comes next waits only a moment until somebody gets the lock again:
    otherwise eight threads that wait in turn would keep everybody else from reading too.
    """

    def __init__(self) -> None:
        self.stuck = False

    def take(self, connection: Connection) -> None:
        """BEGIN IMMEDIATE. Raises OperationalError when another writer keeps the lock."""
        budget, began = wait_budget(), time.monotonic()
        set_busy_seconds(connection, self._longest(budget))
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            self.stuck = False
        except sqlalchemy.exc.OperationalError:
            self.stuck = self.stuck or time.monotonic() - began > STUCK_AFTER
            raise
        finally:
            set_busy_seconds(connection, BUSY_SECONDS)
            waited = time.monotonic() - began
            if budget is not None and waited > COUNTED_FROM:
                budget.spend(waited)

    def _longest(self, budget: WaitBudget | None) -> float:
        if budget is None:
            return BUSY_SECONDS
        return min(max(budget.left, 0.0), BUSY_AGAIN_SECONDS if self.stuck else BUSY_SECONDS)


def set_busy_seconds(connection: Connection, seconds: float) -> None:
    """How long the next statements of this connection wait for another's lock."""
    raw: Any = connection.connection.driver_connection
    raw.execute(f"pragma busy_timeout={seconds * 1000:.0f}")
