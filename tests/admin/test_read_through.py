"""The audit trail is read through at night, and what waits for a second administrator is told to the others."""

from datetime import UTC, datetime, timedelta
from functools import partial

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions import moving_rules, signing_for
from compliance.domain.roles import Role
from compliance.jobs.facts import told_now
from compliance.jobs.heads import publish_head
from compliance.jobs.read_through import read_through
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.job_runs import note_run
from compliance.store.outbox import Notice
from compliance.store.people import person_by_email
from questionnaires import current
from tests.admin.test_signatory import NEW
from tests.helpers import person, sign_in
from tests.keys import lay_keys

NIGHT = datetime(2026, 12, 1, 20, tzinfo=UTC)
"""Three in the morning in Phnom Penh."""
FIRST, SECOND = "first@ministry.example", "second@ministry.example"


def mails(kind: str) -> list[Notice]:
    return list(db.session.scalars(sa.select(Notice).where(Notice.kind == kind).order_by(Notice.id)))


def told(notice: Notice) -> bool:
    return told_now(db.session(), notice) is not None


def test_a_night_finds_what_was_changed_and_tells_it(app: Flask, client: FlaskClient, settings: Settings) -> None:
    with clock.held(NIGHT), app.app_context():
        lay_keys(settings.keys_dir)
        person(FIRST, Role.ADMINISTRATOR)
        assert read_through(settings) is None, "a trail of this minute has no published head yet"
        sign_in(client, FIRST)
    with clock.held(NIGHT + timedelta(hours=2)), app.app_context():
        publish_head(settings)
        assert read_through(settings) is True
        assert read_through(settings) is None, "once a night"
        sign_in(client, FIRST)
        assert "It holds" in client.get("/en/admin/health").text
        with transaction() as session:
            note_run(session, "sweep", clock.now(), "OSError: no room")
            note_run(session, "sweep", clock.now())
    with clock.held(NIGHT + timedelta(days=1)), app.app_context():
        with transaction() as session:
            for trigger in session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                session.execute(sa.text(f'DROP TRIGGER "{trigger}"'))
            session.execute(sa.text("UPDATE audit_entries SET content = '{}' WHERE seq = 1"))
        assert read_through(settings) is False
        (mail,) = mails("trail_broken")
        assert told(mail)
        sign_in(client, FIRST)
        assert "The audit trail does not hold." in client.get("/en/admin/").text
        page = client.get("/en/admin/health").text
        assert "Broken: " in page
        assert "OSError: no room" in page
    with clock.held(NIGHT + timedelta(days=9)), app.app_context():
        sign_in(client, FIRST)
        assert "OSError: no room" not in client.get("/en/admin/health").text
        assert "The audit trail was not read through lately." in client.get("/en/admin/").text


def test_the_others_are_told_of_what_waits_while_it_does(app: Flask, moment: datetime) -> None:
    with app.app_context():
        for email in (FIRST, SECOND):
            person(email, Role.ADMINISTRATOR)
        one, two = (found.actor() for email in (FIRST, SECOND) if (found := person_by_email(db.session(), email)))
        move = partial(moving_rules.propose, reason="A hard year.", starts=clock.today())
        with transaction() as session:
            signed = signing_for.propose(session, one, NEW).id
            moved = move(session, one, current().id, "grace.days", (45,)).id
        first, second = mails("admin_waiting")
        assert [mail.email for mail in (first, second)] == [SECOND] * 2, "who proposed knows"
        assert told(first)
        with transaction() as session:
            signing_for.withdraw(session, two, signed)
            moving_rules.confirm(session, two, moved)
        assert not told(first)
        assert not told(second)
