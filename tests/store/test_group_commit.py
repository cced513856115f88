"""Writers that meet share a commit, and nothing else: each gets its own result or its own error."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from compliance.store.base import db, dialect
from compliance.store.group_commit import in_shared_transaction
from compliance.store.outbox import Notice
from tests.conftest import MOMENT

WRITERS = 16


def queue(session: Session, number: int) -> int:
    """One row; number 7 fails after it has written."""
    key = str(number)
    session.add(
        Notice(key=key, kind="k", email="a@b.example", language="km", values={}, queued_at=MOMENT, due_at=MOMENT)
    )
    session.flush()
    if number == 7:
        raise ValueError(number)
    return number


def write_all(app: Flask, first: int = 0) -> list[object]:
    """All writers at the same moment; what each of them got."""
    start = Barrier(WRITERS)

    def write(number: int) -> object:
        with app.app_context():
            start.wait()
            try:
                return in_shared_transaction(lambda session: queue(session, number))
            except ValueError as error:
                return error

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(write, range(first, first + WRITERS)))


def test_each_gets_its_own_result_and_only_the_failing_one_fails(in_app: Flask) -> None:
    results = write_all(in_app)
    assert isinstance(results.pop(7), ValueError)
    assert results == [number for number in range(WRITERS) if number != 7]
    stored = set(db.session.scalars(sa.select(Notice.key)))
    assert stored == {str(number) for number in range(WRITERS) if number != 7}


def test_sqlite_waits_for_the_disk_less_often_than_it_is_asked(in_app: Flask) -> None:
    commits = []

    def slow_disk(_connection: object) -> None:
        commits.append(time.sleep(0.05))

    event.listen(db.engine, "commit", slow_disk)
    try:
        assert write_all(in_app, 100) == list(range(100, 100 + WRITERS))
    finally:
        event.remove(db.engine, "commit", slow_disk)
    assert len(commits) == WRITERS if dialect() == "postgresql" else len(commits) <= WRITERS / 2


def test_a_failed_commit_reaches_everybody_it_concerns(in_app: Flask) -> None:
    def break_it(_connection: object) -> None:
        raise OSError("the disk is full")

    event.listen(db.engine, "commit", break_it)
    try:
        failed = []
        for number in (1, 2):
            try:
                in_shared_transaction(lambda session, number=number: queue(session, number))
            except OSError as error:
                failed.append(str(error))
    finally:
        event.remove(db.engine, "commit", break_it)
    assert failed == ["the disk is full"] * 2
    assert in_shared_transaction(lambda session: queue(session, 3)) == 3
    db.session.rollback()
    assert set(db.session.scalars(sa.select(Notice.key))) == {"3"}
