"""The lines of the help strip as every page shows them: what was saved, known again within a second of any change.

A page never waits for them and never goes without: while the database cannot be asked, the last ones known are shown.
"""

from time import monotonic

import sqlalchemy as sa
from flask import current_app, has_request_context
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from compliance.actions.hotlines import Lines, kept
from compliance.journeys.page_cache import RegisterState, register_state
from compliance.settings import HOTLINES
from compliance.store.base import db
from compliance.store.wait_budget import InVain, limited_waiting

SECONDS, AGAIN_SECONDS, LONGEST_WAIT = 1.0, 10.0, 0.5


class KnownHotlines:
    """Of one process. A page that is kept until the register changes is made of lines at least as new as its state."""

    def __init__(self) -> None:
        self.lines: Lines = HOTLINES
        self.state: RegisterState | None = None
        self.until = 0.0

    def now(self) -> Lines:
        state = register_state() if has_request_context() else None
        if (monotonic() >= self.until or state != self.state) and not InVain.lately():
            self._read(state)
        return self.lines

    def forget(self) -> None:
        """Somebody saved: the next page asks."""
        self.until = 0.0

    def _read(self, state: RegisterState | None) -> None:
        try:
            with limited_waiting(LONGEST_WAIT), db.engine.connect() as connection, Session(connection) as session:
                self.lines = kept(session)
        except (SQLAlchemyError, sa.exc.TimeoutError, OSError):
            self.until = monotonic() + AGAIN_SECONDS
        else:
            self.state, self.until = state, monotonic() + SECONDS


def shown_hotlines() -> Lines:
    """What every page shows now."""
    known: KnownHotlines = current_app.extensions["hotlines"]
    return known.now()
