"""Mails that can wait: each at once, together once a day, or none; what must be known comes in any case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions.notifying import notify
from compliance.actions.stopping_mail import stop_token
from compliance.domain.lifecycle import State
from compliance.domain.notices import KINDS, STOPPABLE, OptionalMail
from compliance.domain.roles import Role
from compliance.jobs.deliver import deliver
from compliance.jobs.digests import queue_digests
from compliance.jobs.facts import Told
from compliance.jobs.letters import Letters
from compliance.jobs.links import links_of
from compliance.jobs.mail import compose
from compliance.settings import Settings
from compliance.store.assessments import Assessment
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.letters import letters_of
from compliance.store.outbox import Notice, oldest_due
from compliance.store.people import Person
from questionnaires import current
from tests.helpers import company, person, post, sign_in
from tests.jobs.letters_read import words
from tests.jobs.test_letters import SAMPLE
from tests.jobs.world import MailServer, notices

EVENING, NIGHT, MORNING = (datetime(2026, 11, day, hour, tzinfo=UTC) for day, hour in ((23, 11), (23, 23), (24, 0)))
"""23 November at 18:00; 24 November at 06:00 and at 07:00 in Phnom Penh."""


@pytest.fixture
def letters(app: Flask, sending: Settings) -> Letters:
    return Letters(sending, links_of(app, "http://localhost"))


def submitted(*names: str) -> list[int]:
    """Assessments that wait for a reviewer, each told to all of them."""
    found = []
    for name in names:
        owner = person(f"{name.lower()}@company.example")
        firm = company(owner, name_latin=name).id
        with transaction() as session:
            one = Assessment(company_id=firm, edition=current().id, state=State.SUBMITTED, opened_at=clock.now())
            one.review_facts = {}
            session.add(one)
            session.flush()
            readers = session.scalars(sa.select(Person).where(Person.email.endswith("@ministry.example"))).all()
            notify(session, readers, "review_waiting", f"{one.id}:1", {"assessment": one.id})
            found.append(one.id)
    return found


def reviewer(choice: OptionalMail) -> int:
    who = person("rith@ministry.example", Role.REVIEWER).id
    choose(choice)
    return who


def choose(choice: OptionalMail) -> None:
    with transaction() as session:
        session.execute(sa.update(Person).values(optional_mail=choice))


def test_only_a_mail_that_can_wait_can_be_stopped(letters: Letters, in_app: Flask) -> None:
    for kind in KINDS:
        notice = Notice(id=1, key=f"{kind}:1", kind=kind, values={}, person_id=7)
        link = letters.stop_link(notice, "km")
        assert bool(link) == (kind in STOPPABLE), kind
        if not link:
            continue
        told = Told("a@b.example", "km", {name: SAMPLE.get(name, "9") for name in KINDS[kind] | {"name"}})
        letter = letters.letter(notice, told)
        mail = compose(letters, notice, told, letter)
        assert mail["List-Unsubscribe"] == f"<{link}>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert link in letter.body
    stranger = Notice(id=1, key="x", kind="review_waiting", values={}, person_id=None)
    assert not letters.stop_link(stranger, "km"), "without an account there is nothing to choose"


@pytest.mark.both_databases
def test_one_click_without_signing_in_stops_and_twice_is_once(
    app: Flask, client: FlaskClient, settings: Settings, moment: datetime
) -> None:
    with app.app_context():
        who = reviewer(OptionalMail.AT_ONCE)
        token = stop_token(settings, who)
        renewed = replace(settings, secret_key="n" * 40, old_secret_keys=(settings.secret_key,))
        assert stop_token(renewed, who) != token
    page = client.get(f"/km/account/mails/{token}")
    assert "rith@ministry.example" in page.text
    with app.app_context():
        assert db.session.get_one(Person, who).optional_mail is OptionalMail.AT_ONCE, "programs look into links"
    for _twice in range(2):
        answer = client.post(f"/km/account/mails/{token}", data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    with app.app_context():
        assert db.session.get_one(Person, who).optional_mail is OptionalMail.NONE
        stopped = sa.select(AuditEntry.actor_id).where(AuditEntry.tag == "account:mail:stopped")
        assert db.session.scalars(stopped).all() == [who]
    for wrong in (token[:-1], "x", f"{token}x", "%00", stop_token(replace(settings, secret_key="z" * 40), who)):
        assert client.post(f"/en/account/mails/{wrong}").status_code == 404


@pytest.mark.usefixtures("in_app")
def test_who_wants_none_gets_what_must_be_known(letters: Letters, server: MailServer, moment: datetime) -> None:
    who = reviewer(OptionalMail.NONE)
    submitted("Alpha")
    with transaction() as session:
        links = {"sign_in_link": "http://localhost/a", "reset_link": "http://localhost/b"}
        notify(session, [session.get_one(Person, who)], "account_exists", "1", links)
    round_ = deliver(letters, "w")
    assert (round_.sent, round_.overtaken) == (1, 1)
    assert "List-Unsubscribe" not in server.messages[0]


@pytest.mark.both_databases
@pytest.mark.usefixtures("in_app")
def test_together_once_a_day_says_what_is_still_so(letters: Letters, server: MailServer) -> None:
    with clock.held(EVENING):
        who = reviewer(OptionalMail.DAILY)
        first, *_others = submitted("Alpha", "Beta", "Gamma")
        assert deliver(letters, "w").sent == 0
        with transaction() as session:
            session.get_one(Assessment, first).state = State.WITHDRAWN
        assert oldest_due(db.session(), clock.now()) is None, "what waits as wished is no trouble"
    with clock.held(NIGHT):
        assert queue_digests() == 0
    with clock.held(MORNING):
        assert [queue_digests(), queue_digests()] == [1, 1]
        assert deliver(letters, "w").sent == 1
        [mail] = server.messages
        assert mail["Subject"] == "2 things wait for you"
        assert "Beta" in words(mail)
        assert "Gamma" in words(mail)
        assert "Alpha" not in words(mail)
        assert words(mail).count("http://localhost/en/review/") == 2
        assert len(letters_of(db.session(), who, 9)) == 1
    with clock.held(MORNING + timedelta(hours=5)):
        submitted("Delta")
        assert [queue_digests(), deliver(letters, "w").sent] == [1, 0], "the next one is tomorrow's"
    with clock.held(MORNING + timedelta(days=1)):
        assert [queue_digests(), deliver(letters, "w").sent] == [1, 1]
        assert server.messages[1]["Subject"] == "1 thing waits for you"
        assert queue_digests() == 0, "nobody waits for the one that is no longer so"
        assert deliver(letters, "w") == deliver(letters, "w")
    assert len(server.messages) == 2


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize(("then", "sent"), [(OptionalMail.AT_ONCE, 2), (OptionalMail.NONE, 0)])
def test_another_choice_holds_from_then_on(
    letters: Letters, server: MailServer, moment: datetime, then: OptionalMail, sent: int
) -> None:
    reviewer(OptionalMail.DAILY)
    submitted("Alpha", "Beta")
    queue_digests()
    choose(then)
    assert deliver(letters, "w").sent == sent, "a mail of the day that nobody wants any more is overtaken"
    assert not [one for one in notices() if not one.sent_at and not one.overtaken_at]


def test_the_choice_is_made_in_the_account(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person("dara@company.example")
    sign_in(client, "dara@company.example")
    for choice, kept in (("daily", "daily"), ("weekly", "daily"), ("none", "none"), ("at_once", "at_once")):
        page = post(client, "/km/account/", {"full_name": "Dara", "language": "km", "optional_mail": choice})
        assert page.status_code == (302 if choice == kept else 200)
        with app.app_context():
            assert db.session.scalar(sa.select(Person.optional_mail)) == kept
