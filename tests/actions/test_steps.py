"""The one place where a state changes: what was read before counts for nothing, and the end has its moment."""

from datetime import datetime

import pytest
from flask import Flask

from compliance import clock
from compliance.actions.advance import locked
from compliance.cli.demonstration import acts
from compliance.domain.errors import StaleError
from compliance.settings import Settings
from compliance.store.assessments import Assessment
from compliance.store.base import db, transaction
from tests.actions.cases import Case, case, to_recommended, to_review


def told(one: Case) -> Assessment:
    db.session.expire_all()
    return db.session.get_one(Assessment, one.assessment_id)


@pytest.fixture
def settled(in_app: Flask, moment: datetime, settings: Settings) -> Settings:
    return settings


def test_the_moment_of_the_end_is_kept_and_no_earlier_one(settled: Settings) -> None:
    one = case(settled, to_recommended)
    assert told(one).decided_at is None
    acts.decide(one.hands, one.assessment_id, 0)
    assert told(one).decided_at == clock.now()


def test_another_writers_version_counts_whatever_was_read_before(settled: Settings) -> None:
    one = case(settled, to_review)
    with pytest.raises(StaleError):
        read_then_hold(one, written_between=1)
    read_then_hold(one, written_between=0)


def read_then_hold(one: Case, *, written_between: int) -> None:
    with transaction() as session:
        read = session.get_one(Assessment, one.assessment_id)
        session.connection().exec_driver_sql(f"UPDATE assessments SET version = {read.version + written_between}")
        locked(session, one.assessment_id, read.version)
