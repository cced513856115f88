"""The check-in in the middle of a term: open and late to the day, drafted together, sent once, reminded of truly."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from time import sleep

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from compliance import clock
from compliance.actions import checking_in
from compliance.actions.check_ins_due import open_check_ins
from compliance.actions.checking_in import Due, Entered, due_check_in, figures_asked
from compliance.domain.check_in import CheckInRules, full_months
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, SentBeforeError, WrongStateError
from compliance.domain.roles import Actor, CompanyRole, Role
from compliance.domain.standing import AwardAct
from compliance.jobs.facts import told_now
from compliance.jobs.remind import remind
from compliance.journeys.page_cache import STATE_SECONDS
from compliance.settings import Settings
from compliance.store.assessments import Submission
from compliance.store.audit import AuditEntry
from compliance.store.awards import Award, awards_of
from compliance.store.base import db, transaction
from compliance.store.belongings import records
from compliance.store.check_ins import CheckIn, check_ins_of
from compliance.store.companies import Company
from compliance.store.national import participants
from compliance.store.outbox import Notice
from compliance.store.people import Membership, Person
from questionnaires import Reply
from tests import helpers
from tests.account.test_two_owners import at_once
from tests.actions.cases import Case, case, person, reload, to_award

pytestmark = pytest.mark.both_databases
GRANTED = date(2026, 11, 23)
DUE = date(2027, 11, 23)
RULES = CheckInRules(12, (60, 30, 7), (1, 15), 30)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("starts", "ends", "days"),
    [
        (GRANTED, date(2028, 11, 22), [DUE]),
        (GRANTED, date(2027, 11, 22), []),
        (date(2028, 2, 29), date(2030, 2, 27), [date(2029, 2, 28)]),
        (GRANTED, date(2029, 11, 22), [DUE, date(2028, 11, 23)]),
    ],
)
def test_the_days_of_a_term(starts: date, ends: date, days: list[date]) -> None:
    assert list(RULES.due_days(starts, ends)) == days
    for day in days:
        assert RULES.opens_on(day) == day - timedelta(days=60)
        assert RULES.late_from(day) == day + timedelta(days=31)


@pytest.fixture
def cafe(app: Flask, settings: Settings, moment: datetime) -> Case:
    """An awarded café."""
    with app.app_context():
        one = case(settings, to_award)
        assert awards_of(db.session(), one.company_id)[0].starts == GRANTED
    return one


@pytest.fixture
def due(cafe: Case) -> Iterator[Case]:
    """The day on which its check-in is due, at ten in Phnom Penh."""
    with clock.held(at(DUE)):
        yield cafe


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), clock.PHNOM_PENH)


def owed(one: Case) -> Due:
    found = due_check_in(db.session(), one.company_id)
    assert found is not None
    return found


def whole(one: Case, **changes: int) -> Entered:
    figures = {
        question.id: Reply(changes.get(question.id, 3)) for question in figures_asked(db.session(), owed(one).award)
    }
    return Entered(figures, contacts_right=True, all_declared=True, changed="A new filter.")


def send(one: Case, entered: Entered, version: int = 0) -> int:
    with transaction() as session:
        owner = reload(one.hands.owner)
        return checking_in.send(session, owner, one.company_id, entered, (str(DUE), version)).id


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("day", "is_open", "late"),
    [
        (DUE - timedelta(days=61), False, False), (DUE - timedelta(days=60), True, False),
        (DUE + timedelta(days=30), True, False), (DUE + timedelta(days=31), True, True),
    ],
)  # fmt: skip
def test_it_opens_and_grows_late_at_midnight_in_phnom_penh(
    cafe: Case, in_app: Flask, day: date, is_open: bool, late: bool
) -> None:
    for moment in (at(day, 0), at(day, 0) + timedelta(hours=23, minutes=59, seconds=59)):
        with clock.held(moment):
            assert (owed(cafe).open, owed(cafe).late) == (is_open, late)
            assert [one.award.company_id for one in open_check_ins(db.session())] == [cafe.company_id] * is_open
            if not is_open:
                with pytest.raises(WrongStateError):
                    send(cafe, whole(cafe))


def form(client: FlaskClient, address: str, **typed: object) -> TestResponse:
    page = client.get(address)
    hidden = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)[1] for name in ("due_on", "version")
    }  # fmt: skip
    return client.post(address, data={"csrf_token": helpers.token(page), **hidden, **typed})


@pytest.mark.sqlite_only
@pytest.mark.parametrize("lang", ["en", "km"])
def test_saved_sent_and_read(app: Flask, due: Case, client: FlaskClient, lang: str) -> None:
    address = f"/{lang}/company/{due.company_id}/check-in"
    helpers.sign_in(client, "owner@cafe.example")
    assert address in client.get(f"/{lang}/company/{due.company_id}").text
    with app.app_context():
        names = list(whole(due).figures)
    typed = {**dict.fromkeys(names, "៣" if lang == "km" else "3"), "contacts_right": "y", "changed": "A new filter."}
    assert form(client, address, **typed, save="1").status_code == 302
    assert 'value="3"' in client.get(address).text
    refused = form(client, address, **typed, submit="1")
    assert refused.status_code == 422
    assert 'href="#all_declared"' in refused.text
    sent = form(client, address, **typed, all_declared="y", submit="1")
    assert sent.status_code == 302
    receipt = client.get(sent.headers["Location"]).text
    with app.app_context():
        (found,) = check_ins_of(db.session(), due.company_id)
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.tag == "officer:award:checked_in")).one()
    assert found.digest in receipt
    assert json.loads(entry.content)["digest"] == found.digest
    assert "A new filter." in receipt
    home = client.get(f"/{lang}/company/{due.company_id}").text
    assert sent.headers["Location"] in home
    staff = app.test_client()
    helpers.sign_in(staff, "reviewer@ministry.example")
    assert f"/{lang}/review/check-ins" in staff.get(f"/{lang}/review/").text
    listed = staff.get(f"/{lang}/review/check-ins").text
    assert "A new filter." in listed
    with app.app_context():
        (told,) = records(db.session(), due.company_id, "check_ins")
    assert told["digest"] == found.digest


def test_what_is_missing_or_cannot_be_is_refused_and_nothing_is_kept_of_it(due: Case, in_app: Flask) -> None:
    full = whole(due)
    first = next(iter(full.figures))
    wrong = {
        first: replace(full, figures={**full.figures, first: Reply()}),
        "stat_csam_referred": whole(due, stat_csam_reports=1, stat_csam_referred=2),
        "contacts_right": replace(full, contacts_right=False),
        "all_declared": replace(full, all_declared=False),
        "changed": replace(full, changed="x" * 2001),
    }
    for field, entered in wrong.items():
        if field in {*full.figures, "contacts_right", "all_declared", "changed"}:
            with pytest.raises(InvalidError) as refusal:
                send(due, entered)
            assert refusal.value.field == field
    assert not check_ins_of(db.session(), due.company_id)


@pytest.mark.sqlite_only
def test_nothing_happened_and_nobody_was_trained_is_a_check_in_too(due: Case, in_app: Flask) -> None:
    assert send(due, whole(due, **dict.fromkeys(whole(due).figures, 0)))


def test_sending_twice_is_once_and_what_was_sent_never_changes(due: Case, in_app: Flask) -> None:
    owner, entered = reload(due.hands.owner), whole(due)

    def press(session: Session, actor: Actor) -> None:
        with clock.held(at(DUE)):  # the clock is held a thread
            checking_in.send(session, actor, due.company_id, entered, (str(DUE), 0))

    act = (press, owner)
    assert at_once(in_app, act, act) == ["done", "done"]
    (found,) = check_ins_of(db.session(), due.company_id)
    assert send(due, entered) == found.id
    with pytest.raises(SentBeforeError):
        send(due, replace(entered, changed="Another."))
    assert check_ins_of(db.session(), due.company_id)[0].changed == "A new filter."
    assert due_check_in(db.session(), due.company_id) is None
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), transaction() as session:
        session.execute(sa.update(CheckIn).values(changed="Nothing."))


def test_two_colleagues_who_save_at_once_never_overwrite_each_other(due: Case, in_app: Flask) -> None:
    editor = colleague(due, CompanyRole.EDITOR)

    def save(session: Session, actor: Actor, words: str) -> None:
        with clock.held(at(DUE)):
            checking_in.save(session, actor, due.company_id, Entered(changed=words), (str(DUE), 0))

    outcomes = at_once(
        in_app, (partial(save, words="mine"), reload(due.hands.owner)), (partial(save, words="theirs"), editor)
    )  # fmt: skip
    assert sorted(outcomes) == ["StaleError", "done"]
    assert check_ins_of(db.session(), due.company_id)[0].draft_version == 1


@pytest.mark.sqlite_only
def test_what_a_colleague_saved_is_shown_beside_what_was_typed(app: Flask, due: Case, client: FlaskClient) -> None:
    address = f"/en/company/{due.company_id}/check-in"
    helpers.sign_in(client, "owner@cafe.example")
    page = client.get(address)
    with app.app_context(), transaction() as session:
        theirs = Entered({"stat_csam_reports": Reply(41)}, changed="Their words.")
        checking_in.save(session, reload(due.hands.owner), due.company_id, theirs, (str(DUE), 0))
    typed = {"due_on": str(DUE), "version": "0", "stat_csam_reports": "7", "changed": "My words.", "save": "1"}
    met = client.post(address, data={"csrf_token": helpers.token(page), **typed})
    assert met.status_code == 422
    for words in ("Their words.", "My words.", "Your colleague saved: 41", 'value="7"'):
        assert words in met.text
    again = re.search(r'name="version"[^>]*value="(\d+)"', met.text)[1]
    assert client.post(address, data={"csrf_token": helpers.token(met), **typed, "version": again}).status_code == 302


@pytest.mark.sqlite_only
@pytest.mark.parametrize("pressed", ["submit", "save"])
def test_what_was_typed_after_a_colleague_sent_it_is_shown_as_not_taken(
    app: Flask, due: Case, client: FlaskClient, pressed: str
) -> None:
    address = f"/en/company/{due.company_id}/check-in"
    helpers.sign_in(client, "owner@cafe.example")
    page = client.get(address)
    with app.app_context():
        names = list(whole(due).figures)
        send(due, whole(due))
    typed = {**dict.fromkeys(names, "3"), "contacts_right": "y", "all_declared": "y", "changed": "A new filter."}
    sent = {"csrf_token": helpers.token(page), "due_on": str(DUE), "version": "0", pressed: "1"}
    met = client.post(address, data={**sent, **typed, "stat_csam_reports": "7", "changed": "My words."})
    assert met.status_code == 409
    for words in ("A colleague sent the check-in first", "My words.", "<dd>7</dd>", "A new filter.", "was not taken"):
        assert words in met.text
    again = client.post(address, data={**sent, **typed})
    assert again.status_code == (302 if pressed == "submit" else 409), "the same words sent twice are sent"


@pytest.mark.sqlite_only
def test_all_that_is_missing_or_wrong_is_told_at_once(app: Flask, due: Case, client: FlaskClient) -> None:
    address = f"/km/company/{due.company_id}/check-in"
    helpers.sign_in(client, "owner@cafe.example")
    with app.app_context():
        first, second, *_rest = whole(due).figures
    for typed in ({first: "-4"}, {first: "4"}):
        refused = form(client, address, **typed, submit="1")
        assert refused.status_code == 422
        for field in (second, "contacts_right", "all_declared", *([first] if typed[first] == "-4" else [])):
            assert f'href="#{field}"' in refused.text, (typed, field)


@pytest.mark.sqlite_only
def test_the_receipt_names_the_months_of_its_figures(due: Case, in_app: Flask, client: FlaskClient) -> None:
    assert full_months(date(2028, 2, 29)) == (date(2027, 2, 1), date(2028, 1, 31))
    assert full_months(date(2027, 1, 1)) == (date(2026, 1, 1), date(2026, 12, 31))
    number = send(due, whole(due))
    helpers.sign_in(client, "owner@cafe.example")
    receipt = client.get(f"/en/company/check-ins/{number}").text
    assert "1 November 2026 – 31 October 2027" in receipt
    assert "all important changes are declared" in receipt


@pytest.mark.sqlite_only
def test_the_public_page_says_that_it_is_overdue_from_its_day_until_it_is_sent(cafe: Case, client: FlaskClient) -> None:
    with client.application.app_context():
        slug = db.session.get_one(Company, cafe.company_id).slug

    def told() -> bool:
        sleep(STATE_SECONDS)  # so long a process believes what day it is
        page = client.get(f"/en/register/{slug}")
        assert page.status_code == 200
        return "Check-in overdue since 24 December 2027" in page.text

    with clock.held(at(DUE + timedelta(days=30), 23)):
        assert not told()
    with clock.held(at(DUE + timedelta(days=31), 0)):
        assert told()
        with client.application.app_context():
            send(cafe, whole(cafe))
        assert not told()


@pytest.mark.sqlite_only
def test_the_company_is_told_before_that_the_public_reads_of_one_that_is_late(due: Case, client: FlaskClient) -> None:
    helpers.sign_in(client, "owner@cafe.example")
    assert "Your public page says so while it is late." in client.get(f"/en/company/{due.company_id}/check-in").text


def test_national_figures_take_those_of_the_newest_check_in_or_submission(due: Case, in_app: Flask) -> None:
    def counted() -> object:
        (found,) = participants(db.session(), clock.now())
        return found.answers.get("stat_csam_reports")

    submitted = counted()
    entered = whole(due, stat_csam_reports=41, stat_csam_referred=0)
    with transaction() as session:
        checking_in.save(session, reload(due.hands.owner), due.company_id, entered, (str(DUE), 0))
    assert counted() == submitted, "a draft is nobody's figure"
    send(due, entered, version=1)
    assert counted() == "41" != submitted
    with transaction() as session:
        newer = session.scalars(sa.select(Submission)).one()
        session.add(
            Submission(
                assessment_id=newer.assessment_id, round=newer.round + 1, content=newer.content, digest=newer.digest,
                scorecard=newer.scorecard, scorecard_sha256=newer.scorecard_sha256, submitted_by=newer.submitted_by,
                submitted_at=at(DUE + timedelta(days=1)),
            )
        )  # fmt: skip
    assert counted() == "41", "what was not submitted by now counts in no figure"
    with clock.held(at(DUE + timedelta(days=2))):
        assert counted() == submitted, "a submission since then counts again"


def colleague(one: Case, role: CompanyRole) -> Actor:
    made = person(f"{role}@cafe.example")
    with transaction() as session:
        found = session.get_one(Person, made.user_id)
        session.add(Membership(company_id=one.company_id, role=role, since=clock.now(), person=found))
    return reload(made)


def test_who_may(due: Case, in_app: Flask) -> None:
    entered = whole(due)
    people = {role: colleague(due, role) for role in (CompanyRole.EDITOR, CompanyRole.SIGNATORY, CompanyRole.VIEWER)}
    with pytest.raises(ForbiddenError), transaction() as session:
        checking_in.save(session, people[CompanyRole.VIEWER], due.company_id, entered, (str(DUE), 0))
    for role in (CompanyRole.EDITOR, CompanyRole.VIEWER):
        with pytest.raises(ForbiddenError), transaction() as session:
            checking_in.send(session, people[role], due.company_id, entered, (str(DUE), 0))
    stranger = person("stranger@other.example")
    with pytest.raises(NotFoundError), transaction() as session:
        checking_in.send(session, stranger, due.company_id, entered, (str(DUE), 0))
    with transaction() as session:
        sent = checking_in.send(session, people[CompanyRole.SIGNATORY], due.company_id, entered, (str(DUE), 0)).id
    assert checking_in.own_check_in(db.session(), people[CompanyRole.VIEWER], sent)
    with pytest.raises(NotFoundError):
        checking_in.own_check_in(db.session(), stranger, sent)


def test_a_suspended_award_can_still_send_it_a_revoked_one_owes_none(due: Case, in_app: Flask) -> None:
    (award,) = awards_of(db.session(), due.company_id)
    for act, owes in ((AwardAct.SUSPENDED, True), (AwardAct.REVOKED, False)):
        with transaction() as session:
            session.get_one(Award, award.id).last_act = act
        assert bool(due_check_in(db.session(), due.company_id)) is owes


def letters() -> list[tuple[str, int]]:
    """The kinds of what would be sent now, with the days that are left."""
    with transaction() as session:
        waiting = session.scalars(sa.select(Notice).where(Notice.kind.startswith("check_in")).order_by(Notice.id)).all()
        told = [(notice.kind, told_now(session, notice)) for notice in waiting]
        return [(kind, known.values["days"]) for kind, known in told if known]


@pytest.mark.sqlite_only
def test_it_is_reminded_of_before_and_after_until_it_is_sent(cafe: Case, in_app: Flask) -> None:
    """Each reminder once; only the newest is still true; none after it was sent."""
    told = []
    for offset in range(-62, 20):
        with clock.held(at(DUE + timedelta(days=offset), 1)):
            before = db.session.scalar(sa.select(sa.func.count()).where(Notice.kind.startswith("check_in")))
            remind()
            remind()
            after = db.session.scalar(sa.select(sa.func.count()).where(Notice.kind.startswith("check_in")))
            if after != before:
                told.append(offset)
                assert after - before == 1
                assert letters() == [("check_in_due" if offset < 0 else "check_in_late", -offset)]
    assert told == [-60, -30, -7, 1, 15]
    with clock.held(at(DUE + timedelta(days=16))):
        send(cafe, whole(cafe))
        assert letters() == []


@pytest.mark.sqlite_only
def test_after_days_without_a_worker_the_newest_reminder_alone_comes(cafe: Case, in_app: Flask) -> None:
    with clock.held(at(DUE - timedelta(days=31))):
        remind()
    with clock.held(at(DUE - timedelta(days=5))):
        remind()
        assert letters() == [("check_in_due", 5)]


@pytest.mark.sqlite_only
def test_a_tied_reviewer_reads_no_figures(due: Case, app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        send(due, whole(due))
        person("tied@cafe.example", Role.REVIEWER)
    helpers.sign_in(client, "tied@cafe.example")
    listed = client.get("/en/review/check-ins").text
    assert "Test Café" in listed
    assert "A new filter." not in listed
