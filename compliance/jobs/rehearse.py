"""Works through the rehearsals that administrators ask for; how far it is stands in the store for everybody to see."""

import logging
import time

from flask import Flask, current_app

from compliance import clock
from compliance.actions.rehearsals import work_through
from compliance.store.base import db, transaction
from compliance.store.rehearsals import ATTEMPTS, RehearsalRun, any_asked, claim, complete, progressed

log = logging.getLogger(__name__)

EVERY_SECONDS = 1.0


class NotOursError(Exception):
    """The rehearsal was removed, or another worker has taken it over."""


def rehearse() -> int:
    """Works through one rehearsal; returns how many were finished. One that ends badly is tried again, three times."""
    if not any_asked(db.session(), clock.now()):
        return 0
    with transaction() as session:
        run = claim(session, clock.now())
        if run is None:
            return 0
        tried = run.attempts - 1
        session.refresh(run, ["rubric"])
        session.expunge(run)
    if tried >= ATTEMPTS:
        return _finish(run, None, "stopped")
    try:
        result = work_through(db.session(), run, Told(run))
    except NotOursError:
        return 0
    except Exception:
        log.exception("rehearsal %d was not finished, attempt %d", run.id, run.attempts)
        return _finish(run, None, "stopped") if run.attempts >= ATTEMPTS else 0
    return _finish(run, result, "")


def _finish(run: RehearsalRun, result: str | None, failure: str) -> int:
    with transaction() as session:
        return int(complete(session, run.id, run.attempts, clock.now(), result=result, failure=failure))


class Told:
    """Stores how far the work is, at most once a second, beside the snapshot that is being read."""

    def __init__(self, run: RehearsalRun) -> None:
        self.run = run
        self.told_at: float | None = None
        self.app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def __call__(self, done: int, total: int) -> None:
        moment = time.monotonic()
        if self.told_at is not None and moment - self.told_at < EVERY_SECONDS and done != total:
            return
        self.told_at = moment
        # An application context has a session of its own: the one that reads must not end.
        with self.app.app_context(), transaction() as session:
            ours = progressed(session, self.run.id, self.run.attempts, clock.now(), done, total)
        if not ours:
            raise NotOursError
