"""How long a request may wait for the database, all its silent moments together.

Only waiting counts: a long export that always gets its rows is not cut. Commands and jobs have no budget; they wait as
long as the driver and the server let them.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

REQUEST_SECONDS = 3.5
"""With what rendering and connecting take besides, a request ends within 5 seconds."""


@dataclass
class WaitBudget:
    """Seconds that are left; below zero when they are spent."""

    left: float

    def spend(self, seconds: float) -> None:
        self.left -= seconds


IN_VAIN_SECONDS = 5.0


class InVain:
    """When somebody in this process last waited for the database so long that it was of no use."""

    at = float("-inf")

    @classmethod
    def tell(cls) -> None:
        cls.at = time.monotonic()

    @classmethod
    def lately(cls) -> bool:
        return time.monotonic() - cls.at < IN_VAIN_SECONDS


_budget: ContextVar[WaitBudget | None] = ContextVar("wait_budget", default=None)


def wait_budget() -> WaitBudget | None:
    """The budget of what runs here; None outside requests."""
    return _budget.get()


@contextmanager
def limited_waiting(seconds: float) -> Iterator[None]:
    """Inside the block waiting is limited; an outer budget still holds."""
    outer = _budget.get()
    inner = WaitBudget(seconds if outer is None else min(seconds, outer.left))
    began, mark = inner.left, _budget.set(inner)
    try:
        yield
    finally:
        _budget.reset(mark)
        if outer is not None:
            outer.spend(began - inner.left)
