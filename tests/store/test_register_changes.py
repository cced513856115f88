"""The register's change number: counted without a row to begin with, by several writers at once."""

import threading

from flask import Flask

from compliance.store.base import db, transaction
from compliance.store.register import bump, change_number, commits

WRITERS = 4


def test_the_first_changes_of_all_may_come_at_once(in_app: Flask) -> None:
    assert change_number(db.session()) == 0
    ready = threading.Barrier(WRITERS)

    def change() -> None:
        with in_app.app_context():
            ready.wait()
            with transaction() as session:
                bump(session)

    threads = [threading.Thread(target=change) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert change_number(db.session()) == WRITERS


def test_one_session_that_changes_the_register_twice_is_heard_twice(in_app: Flask) -> None:
    before = commits.number
    for _change in range(2):
        with transaction() as session:
            bump(session)
    assert commits.number == before + 2
    with transaction():
        pass
    assert commits.number == before + 2
