"""kill -9 in the middle of saving: nothing that was acknowledged is lost, nothing is half stored."""

import os
import signal
import time

import sqlalchemy as sa
from flask import Flask

from compliance.settings import Settings
from compliance.store.answers import answer_rows
from compliance.store.assessments import AnswerRevision
from compliance.store.base import db
from tests.failures.served import QUESTION, Officer, officers, saving, web


def check(app: Flask, people: list[Officer]) -> None:
    """Every acknowledged save is in the history, the newest one is the answer."""
    with app.app_context():
        for officer in people:
            query = sa.select(AnswerRevision.version, AnswerRevision.content)
            kept = db.session.execute(query.where(AnswerRevision.assessment_id == officer.assessment)).all()
            history = {version: content["value"] for version, content in kept}
            assert len(history) == len(kept), "a version was stored twice"
            lost = [save for save in officer.acknowledged if history.get(save[0]) != save[1]]
            assert not lost, f"acknowledged and lost: {lost}"
            answer = answer_rows(db.session(), officer.assessment)[QUESTION]
            assert (answer.version, answer.value) == max(history.items())
        db.session.rollback()


def test_killed_while_officers_save(app: Flask, settings: Settings) -> None:
    with web(settings) as server:
        people = officers(app, server.port, 4)
        with saving(people, server.port):
            time.sleep(1)
            for worker in server.workers():  # the one that watches starts another
                os.kill(worker, signal.SIGKILL)
            before = [len(officer.acknowledged) for officer in people]
            server.wait()
            time.sleep(1)
            server.kill()  # all of it, and somebody starts it again
            server.start()
            time.sleep(1)
        check(app, people)
        for officer, count in zip(people, before, strict=True):
            assert 0 < count < len(officer.acknowledged), "saved before the kill and after it"
            assert set(officer.refused) <= {409}, officer.refused
