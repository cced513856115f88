"""What nothing can use any more goes; what somebody still uses stays."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from compliance import clock
from compliance.domain.session_limits import COMPANY, STAFF
from compliance.jobs.sweep import ORPHANS_AFTER, sweep
from compliance.jobs.timetable import timetable
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.files import file_store
from compliance.store.people import Attempt, LiveSession
from compliance.store.sessions import count_try
from tests.helpers import person

pytestmark = pytest.mark.usefixtures("in_app")
WINDOW = timedelta(minutes=15)


def signed_in(owner: int, token: str, started: datetime, seen: datetime) -> None:
    with transaction() as session:
        row = LiveSession(token_sha256=token, person_id=owner, data={}, started_at=started, seen_at=seen)
        session.add(row)


def tokens() -> set[str]:
    return set(db.session.scalars(sa.select(LiveSession.token_sha256)))


def test_old_sessions_and_counters_go_and_living_ones_stay(settings: Settings, moment: datetime) -> None:
    owner = person("owner@company.example").id
    second = timedelta(seconds=1)
    signed_in(owner, "run out", moment - COMPANY.absolute - second, moment)
    signed_in(owner, "in its last second", moment - COMPANY.absolute + second, moment)
    signed_in(owner, "of today", moment - STAFF.absolute, moment - STAFF.idle)
    with transaction() as session:
        count_try(session, "sign_in:email:old", moment - COMPANY.absolute - second, WINDOW)
        count_try(session, "sign_in:email:new", moment, WINDOW)
    sweep(settings)
    assert tokens() == {"in its last second", "of today"}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 1
    with clock.held(moment + COMPANY.absolute + second):
        sweep(settings)
    assert tokens() == set()


def test_the_worker_sweeps_every_hour(settings: Settings, moment: datetime, app: object) -> None:
    owner = person("owner@company.example").id
    signed_in(owner, "run out", moment - COMPANY.absolute * 2, moment)
    every, job = timetable(app, settings)["sweep"]  # type: ignore[arg-type]
    job()
    assert every <= timedelta(hours=1)
    assert tokens() == set()


def test_files_that_no_row_names_go_after_a_day(settings: Settings, moment: datetime) -> None:
    files = file_store(settings)
    orphan = files.put(b"nobody names this")
    assert sweep(settings) == 0, "a file is stored before its row: it gets a day"
    with clock.held(datetime.now(moment.tzinfo) + ORPHANS_AFTER + timedelta(minutes=1)):
        assert sweep(settings) == 1
    assert not files.has(orphan)
