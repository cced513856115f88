"""The due date of a reply counts: reminded before it, late after it, over when its grace has passed."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance import clock
from compliance.actions import answering, clarifying, submitting, uploading
from compliance.actions.advance import advance
from compliance.actions.submitting import Attestation
from compliance.cli.demonstration import acts
from compliance.domain.errors import DomainError, ForbiddenError, InvalidError, StaleError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import Actor, CompanyRole, Role
from compliance.jobs.clarifications import chase_replies
from compliance.jobs.deliver import deliver
from compliance.jobs.holidays import fill_holidays
from compliance.jobs.letters import Letters
from compliance.jobs.links import links_of
from compliance.settings import Settings
from compliance.store.answers import answer_rows
from compliance.store.assessments import latest_submission
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.evidence_files import evidence_for
from compliance.store.people import Membership
from compliance.store.reviews import Clarification, standing_rulings
from questionnaires import Reply
from tests.actions.cases import Case, case, person, reload, to_review
from tests.jobs.letters_read import read
from tests.jobs.world import MailServer, notices, told

ASKED, DUE, LAPSES = date(2026, 11, 20), date(2026, 12, 16), date(2026, 12, 23)
"""Fifteen working days, then five more, with the Water Festival of 23 to 25 November between."""
SIGNED = Attestation("Sok Dara", "Director")
OWNER, EDITOR, SIGNATORY = (f"{name}@cafe.example" for name in ("owner", "editor", "signatory"))


def at(day: date) -> datetime:
    return datetime.combine(day, time(3), UTC)


@pytest.fixture
def asked(in_app: Flask, settings: Settings) -> Iterator[Case]:
    """A café of three people that was asked about two answers on the Friday before the Water Festival."""
    with clock.held(at(ASKED)):
        yield case(settings, _with_colleagues, to_review, _ruled_and_asked)


def _with_colleagues(one: Case) -> None:
    for email, role in ((EDITOR, CompanyRole.EDITOR), (SIGNATORY, CompanyRole.SIGNATORY)):
        who = person(email).user_id
        with transaction() as session:
            session.add(Membership(company_id=one.company_id, person_id=who, role=role, since=clock.now()))


def _ruled_and_asked(one: Case) -> None:
    fill_holidays()
    acts.rule(one.hands, one.assessment_id, 0)
    acts.ask(one.hands, one.assessment_id, 0)


def colleague(email: str) -> Actor:
    from_store = sa.select(Membership).join(Membership.person).where(sa.text("people.email = :email"))
    found = db.session.scalars(from_store, {"email": email}).one()
    return reload(Actor(found.person_id, email))


def waiting(one: Case) -> Clarification:
    query = sa.select(Clarification).where(Clarification.assessment_id == one.assessment_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def refused(error: type[DomainError], act: Any, *arguments: Any) -> None:
    with pytest.raises(error), transaction() as session:
        act(session, *arguments)


def change(one: Case) -> None:
    """An editor answers one questioned answer anew and adds a file to it, and never sends it."""
    with transaction() as session:
        version = answer_rows(session, one.assessment_id)["csam_procedure"].version
        editor = colleague(EDITOR)
        answering.save(session, editor, one.assessment_id, "csam_procedure", Reply("no", comment="?"), version)
        file = evidence_for(session, one.assessment_id)["gov_policy"][0].id
        uploading.link(session, editor, one.assessment_id, "csam_procedure", file)


def test_the_due_date_and_its_grace_pass_over_the_water_festival(asked: Case) -> None:
    assert (waiting(asked).due_on, waiting(asked).lapses_on) == (DUE, LAPSES)


def test_a_reply_is_attested_by_a_signatory(asked: Case) -> None:
    version, number = asked.assessment.version, asked.assessment_id
    refused(ForbiddenError, submitting.reply, colleague(EDITOR), number, "Here.", SIGNED, version)
    refused(InvalidError, submitting.reply, colleague(SIGNATORY), number, "Here.", Attestation(" ", "x"), version)
    refused(InvalidError, submitting.reply, colleague(SIGNATORY), number, " ", SIGNED, version)
    refused(StaleError, submitting.reply, colleague(SIGNATORY), number, "Here.", SIGNED, version, "0" * 64)
    with transaction() as session:
        submitting.reply(session, colleague(SIGNATORY), number, "Here.", SIGNED, version)
    content = latest_submission(db.session(), number)
    assert content is not None
    assert '"attested":{"name":"Sok Dara","position":"Director"}' in content.content
    assert content.submitted_by == colleague(SIGNATORY).user_id
    assert asked.assessment.state is State.IN_REVIEW


def test_an_editor_drafts_and_of_two_colleagues_neither_overwrites_the_other(asked: Case) -> None:
    number = asked.assessment_id
    with transaction() as session:
        clarifying.draft(session, colleague(EDITOR), number, "First words.", 0)
    refused(StaleError, clarifying.draft, colleague(OWNER), number, "Other words.", 0)
    with transaction() as session:
        clarifying.draft(session, colleague(OWNER), number, "First words.", 0)
        clarifying.draft(session, colleague(SIGNATORY), number, "Better words.", 1)
    assert (waiting(asked).draft, waiting(asked).draft_version, waiting(asked).reply) == ("Better words.", 2, "")
    refused(InvalidError, clarifying.draft, colleague(OWNER), number, "x" * 4001, 2)
    refused(ForbiddenError, advance, colleague(OWNER), asked.assessment, "lapse")


def test_reminders_come_before_and_the_late_one_after_to_all_who_write_or_sign(asked: Case) -> None:
    queued: dict[date, list[str]] = {}
    day = ASKED
    while day <= LAPSES:
        with clock.held(at(day)):
            before = {notice.key for notice in notices("clarification_")}
            chase_replies()
            chase_replies()
            fresh = [notice for notice in notices("clarification_") if notice.key not in before]
            if fresh:
                queued[day] = sorted({notice.kind for notice in fresh})
                assert {notice.email for notice in fresh} == {OWNER, EDITOR, SIGNATORY}
                assert len(fresh) == 3
                assert all(told(notice) for notice in fresh)
        day += timedelta(days=1)
    assert queued == {
        date(2026, 12, 9): ["clarification_due"],
        date(2026, 12, 15): ["clarification_due"],
        date(2026, 12, 17): ["clarification_late"],
    }


@pytest.mark.parametrize(
    ("today", "kind", "days"),
    [
        (date(2026, 12, 9), "clarification_due", 5),
        (date(2026, 12, 12), "clarification_due", 3),
        (date(2026, 12, 15), "clarification_due", 1),
        (DUE, "clarification_due", 0),
        (date(2026, 12, 17), "clarification_late", None),
        (LAPSES, "clarification_late", None),
    ],
)
def test_after_days_without_a_worker_the_mail_counts_from_today(
    app: Flask, asked: Case, sending: Settings, server: MailServer, today: date, kind: str, days: int | None
) -> None:
    with clock.held(at(date(2026, 12, 9))):
        chase_replies()
    with clock.held(at(today)):
        chase_replies()
        deliver(Letters(sending, links_of(app, "http://localhost")), "w")
    mails = [read(message) for message in server.messages if message["To"] == EDITOR]
    [mail] = [mail for mail in mails if LAPSES in mail.dates and "has questions about some answers" not in mail.text]
    assert DUE in mail.dates
    assert ("is late" in mail.text) == (kind == "clarification_late")
    assert mail.numbers == ({days} if days else set())
    assert ("last working day" in mail.text) == (days == 0)
    assert f"/company/assessment/{asked.assessment_id}/clarification" in mail.text


def test_on_the_last_day_of_its_grace_it_may_still_be_sent_and_then_it_lapses_once(asked: Case) -> None:
    change(asked)
    with clock.held(at(LAPSES)):
        assert chase_replies() == 0
        assert asked.assessment.state is State.CLARIFYING
    with clock.held(datetime(2026, 12, 23, 17, 0, tzinfo=UTC)):
        assert chase_replies() == 1, "the day is over in Phnom Penh"
        assert chase_replies() == 0
        assert asked.assessment.state is State.IN_REVIEW
        version = asked.assessment.version
        refused(WrongStateError, submitting.reply, colleague(OWNER), asked.assessment_id, "Late.", SIGNED, version)
        refused(WrongStateError, clarifying.draft, colleague(OWNER), asked.assessment_id, "Late.", 0)
        kinds = {notice.kind for notice in notices() if told(notice)}
        assert {"clarification_lapsed", "review_lapsed"} <= kinds
        assert not {"clarification_asked", "clarification_due", "clarification_late"} & kinds
    [entry] = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.tag == "system:assessment:clarification_lapsed")
    )
    assert '"restored":["csam_procedure"]' in entry.content
    assert entry.actor_id is None


def test_after_it_lapsed_answers_files_and_rulings_are_those_that_were_attested(asked: Case) -> None:
    session, number = db.session(), asked.assessment_id
    before = answer_rows(session, number)["csam_procedure"]
    files = {question: [file.id for file in found] for question, found in evidence_for(session, number).items()}
    rulings = {question: ruling.id for question, ruling in standing_rulings(session, number).items()}
    snapshot = latest_submission(session, number)
    assert snapshot is not None
    change(asked)
    with clock.held(at(LAPSES + timedelta(days=1))):
        chase_replies()
    after = answer_rows(db.session(), number)["csam_procedure"]
    assert after.content() == before.content()
    assert (after.saved_by, after.saved_at) == (before.saved_by, before.saved_at), "nobody is said to have saved it"
    assert after.version == before.version + 2, "what was changed meanwhile stays in the history"
    found = evidence_for(db.session(), number)
    assert {question: [file.id for file in those] for question, those in found.items()} == files
    assert {one: ruling.id for one, ruling in standing_rulings(db.session(), number).items()} == rulings
    latest = latest_submission(db.session(), number)
    assert latest is not None
    assert latest.digest == snapshot.digest


def test_a_second_round_after_a_lapse_begins_from_the_attested_answers(asked: Case) -> None:
    change(asked)
    with clock.held(at(LAPSES + timedelta(days=1))):
        chase_replies()
        acts.ask(asked.hands, asked.assessment_id, 0)
        with transaction() as session:
            version = asked.assessment.version
            submitting.reply(session, asked.hands.owner, asked.assessment_id, "Here.", SIGNED, version)
        first, second = (part.content for part in submissions(asked))
    assert '"comment":"?"' not in second
    assert first.split('"answers"')[1].split('"attested"')[0] == second.split('"answers"')[1].split('"attested"')[0]


def submissions(one: Case) -> list[Any]:
    from_store = sa.text("SELECT content FROM submissions WHERE assessment_id = :number ORDER BY round")
    return list(db.session.execute(from_store, {"number": one.assessment_id}))


def test_lapsing_is_for_the_portal_itself(asked: Case) -> None:
    for who in (asked.hands.owner, asked.hands.reviewer, person("admin@ministry.example", Role.ADMINISTRATOR)):
        refused(ForbiddenError, advance, who, asked.assessment, "lapse")


def test_of_a_reply_and_a_lapse_at_the_same_moment_one_happens(app: Flask, asked: Case) -> None:
    version, owner, number = asked.assessment.version, asked.hands.owner, asked.assessment_id
    db.session.remove()
    done: list[str] = []

    def reply() -> None:
        with suppress(WrongStateError, StaleError), transaction() as session:
            submitting.reply(session, owner, number, "Just in time.", SIGNED, version)
            session.flush()
            done.append("replied")

    def lapse() -> None:
        done.extend(["lapsed"] * chase_replies())

    def run(act: Callable[[], None]) -> None:
        with app.app_context(), clock.held(at(LAPSES + timedelta(days=1))):
            act()
            db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in (reply, lapse, lapse)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked_for = waiting(asked)
    assert len(done) == 1, done
    assert (asked_for.replied_at is None) == (done == ["lapsed"])
    assert (asked_for.lapsed_at is None) == (done == ["replied"])
