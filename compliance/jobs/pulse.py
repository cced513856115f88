"""Each job says that it ran, once a minute, and at once when it begins to fail or to work again."""

import logging
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from compliance import clock
from compliance.domain.errors import DomainError
from compliance.store.base import transaction
from compliance.store.job_runs import note_run

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0


class Pulse:
    """Of one job in one worker. What cannot be written is not: a job never fails because of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.last: float | None = None
        self.failure = ""

    def beat(self, failure: str = "") -> None:
        """The job ran; `failure` says what stopped it."""
        again = bool(failure) == bool(self.failure)
        if again and self.last is not None and monotonic() - self.last < EVERY_SECONDS:
            return
        try:
            with transaction() as session:
                note_run(session, self.name, clock.now(), failure)
        except (SQLAlchemyError, DomainError):
            log.warning("job %s could not say that it ran", self.name)
        else:
            self.last, self.failure = monotonic(), failure
