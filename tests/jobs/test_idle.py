"""A worker with nothing to do takes no lock from people who save."""

from datetime import datetime

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Connection

from compliance.jobs.timetable import timetable
from compliance.settings import Settings
from compliance.store.base import WRITING, db
from tests.actions.cases import case

FIND_BY_WRITING = {"remind", "sweep"}
"""What they look for is one statement that also writes it: an insert of what is due, deletions by age."""


def test_jobs_with_nothing_to_do_open_no_transaction_that_writes(
    app: Flask, moment: datetime, settings: Settings
) -> None:
    """The first round may have something to do: holidays to fill in, a day to write down."""
    wrote: set[str] = set()
    running = ""

    def seen(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITING):
            wrote.add(running)

    with app.app_context():
        case(settings)
        jobs = {name: job for name, (_every, job) in timetable(app, settings).items()}
        for job in jobs.values():
            job()
        event.listen(db.engine, "begin", seen)
        for running, job in jobs.items():  # noqa: B007  the listener reads it
            job()
        event.remove(db.engine, "begin", seen)
    assert wrote <= FIND_BY_WRITING
