"""A calendar feed has every day of the company, for whoever holds the secret address, until it is closed."""

import re
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from compliance import clock
from compliance.actions import planning
from compliance.actions.agenda import Entry, Kind, agenda, records_of
from compliance.cli.demonstration import acts
from compliance.domain.roles import CompanyRole
from compliance.settings import Settings
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.calendar_feeds import CalendarFeed
from compliance.store.companies import Company
from compliance.store.evidence_files import EvidenceFile, EvidenceLink, evidence_for
from compliance.store.people import Membership, Person, person_by_email
from compliance.store.plans import PlanStep
from compliance.store.reviews import open_clarification
from tests.actions.cases import CAFE, Case, case, to_review
from tests.conftest import MOMENT
from tests.helpers import person, post, sign_in, token

OWNER = "owner@cafe.example"


@pytest.fixture
def asked(app: Flask, settings: Settings, moment: datetime) -> Case:
    """The reviewer has asked the café something."""
    with app.app_context():
        one = case(settings, to_review)
        acts.ask(one.hands, one.assessment_id, 0)
    return one


def address(client: FlaskClient, one: Case, lang: str = "en") -> str:
    """A new feed's path, read from the page that shows it once."""
    page = post(client, f"/{lang}/account/company/{one.company_id}/calendar")
    found = re.search(r"http://localhost(/\w\w/calendar/[\w-]+\.ics)", page.text)
    assert found, "the address is shown"
    return found[1]


def events(client: FlaskClient, path: str) -> dict[str, tuple[date, str]]:
    """Day and summary by kind."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert "no-store" in answer.headers["Cache-Control"]
    feed = Calendar.from_ical(answer.data)
    return {str(one["uid"]).split("-")[0]: (one["dtstart"].dt, str(one["summary"])) for one in feed.walk("VEVENT")}


def days_from(company_id: int, day: date) -> list[Entry]:
    session = db.session()
    return agenda(session, records_of(session, company_id, day))


@pytest.mark.both_databases
def test_it_tells_what_the_pages_tell(app: Flask, client: FlaskClient, asked: Case) -> None:
    sign_in(client, OWNER)
    path = address(client, asked)
    stranger = app.test_client()
    with app.app_context():
        due = open_clarification(db.session(), asked.assessment_id)
        assert due is not None
        known = {one.kind: one.day for one in days_from(asked.company_id, clock.today())}
    told = events(stranger, path)
    assert told["reply"] == (due.due_on, "Reply to the Ministry's questions")
    assert told["lapse"][0] == due.lapses_on
    assert {kind: day for kind, (day, _words) in told.items()} == {str(kind): day for kind, day in known.items()}
    assert "/en/company/assessment/" in stranger.get(path).text
    with clock.held(clock.now() + timedelta(days=(due.due_on - clock.today()).days + 1)):
        assert events(stranger, path)["reply"][1] == "Late: Reply to the Ministry's questions"
        with app.app_context():
            [first, *_] = days_from(asked.company_id, clock.today())
            assert (first.kind, first.late(clock.today())) == (Kind.REPLY, True)
    khmer = events(stranger, address(client, asked, "km"))
    assert khmer["reply"][1].startswith("ឆ្លើយតប")


def test_a_new_address_ends_the_old_and_closing_ends_it(app: Flask, client: FlaskClient, asked: Case) -> None:
    sign_in(client, OWNER)
    first = address(client, asked)
    second = address(client, asked)
    assert [client.get(path).status_code for path in (first, second)] == [404, 200]
    home = f"/en/account/company/{asked.company_id}/calendar"
    assert second not in client.get(home).text, "shown once"
    assert client.post(f"{home}/close", data={"csrf_token": token(client.get(home))}).status_code == 302
    assert client.get(second).status_code == 404
    with app.app_context():
        tags = [
            tag
            for tag in db.session.scalars(sa.select(AuditEntry.tag).order_by(AuditEntry.seq))
            if tag.startswith("account:calendar")
        ]
        assert tags == ["account:calendar:opened"] * 2 + ["account:calendar:closed"]
        assert db.session.scalars(sa.select(CalendarFeed)).all() == []


@pytest.mark.parametrize("how", ["left", "switched off"])
def test_who_lost_access_reads_no_dates(app: Flask, client: FlaskClient, asked: Case, how: str) -> None:
    with app.app_context():
        who = person("viewer@cafe.example").id
        with transaction() as session:
            session.add(
                Membership(company_id=asked.company_id, person_id=who, role=CompanyRole.VIEWER, since=clock.now())
            )
    sign_in(client, "viewer@cafe.example")
    path = address(client, asked)
    assert client.get(path).status_code == 200
    with app.app_context(), transaction() as session:
        if how == "left":
            session.execute(sa.update(Membership).where(Membership.person_id == who).values(ended_at=clock.now()))
        else:
            session.execute(sa.update(Person).where(Person.id == who).values(active=False))
    assert client.get(path).status_code == 404


def test_another_company_has_no_page_here(app: Flask, client: FlaskClient, asked: Case) -> None:
    with app.app_context():
        person("else@company.example")
    sign_in(client, "else@company.example")
    home = f"/en/account/company/{asked.company_id}/calendar"
    assert client.get(home).status_code in {403, 404}
    assert client.post(home, data={"csrf_token": token(client.get("/en/account/"))}).status_code in {403, 404}
    assert client.get("/en/calendar/" + "x" * 43 + ".ics").status_code == 404


def test_the_award_from_its_first_day_to_its_last(app: Flask, settings: Settings, moment: datetime) -> None:
    with app.app_context():
        one = case(settings, to_review)
        acts.rule(one.hands, one.assessment_id, 0)
        acts.recommend(CAFE, one.hands, one.assessment_id, 0)
        acts.decide(one.hands, one.assessment_id, 0)
        days = {entry.kind: entry.day for entry in days_from(one.company_id, clock.today())}
        assert set(days) == {Kind.CHECK_IN, Kind.RENEWAL, Kind.END, Kind.GRACE}
        assert days[Kind.CHECK_IN] < days[Kind.RENEWAL] < days[Kind.END] < days[Kind.GRACE]
        later = days_from(one.company_id, days[Kind.END] + timedelta(days=1))
        owed = [Kind.CHECK_IN, Kind.GRACE]
        assert [entry.kind for entry in later] == owed, "what has passed and is nobody's task is gone"


CONTROL = "Write it\x0bdown\x07 \x1b[0m\x85now\u2028\ufffe"


def test_what_people_write_adds_nothing_to_the_feed(app: Flask, client: FlaskClient, asked: Case) -> None:
    """Neither lines nor events, nor marks that calendar programs refuse to read."""
    with app.app_context(), transaction() as session:
        session.get_one(Company, asked.company_id).name_latin = "Café; Phnom Penh, \\n BEGIN:VEVENT"
        owner, day = person_by_email(session, OWNER), clock.today() + timedelta(days=9)
        assert owner is not None
        planning.plan_own(
            session, owner.actor(), asked.assessment_id, None, f"{CONTROL}\r\nEND:VEVENT\r\nBEGIN:VEVENT", "Dara;", day
        )
    sign_in(client, OWNER)
    path = address(client, asked)
    lines = client.get(path).data.split(b"\r\n")
    assert not any(re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line) for line in lines)
    assert lines.count(b"BEGIN:VEVENT") == lines.count(b"END:VEVENT")
    assert rb"\; Phnom Penh\, \\n BEGIN" in b"".join(line.removeprefix(b" ") for line in lines)
    assert "Write it" in str(events(client, path)["plan"][1])


def test_it_is_read_whatever_day_stands_in_it_or_none(app: Flask, client: FlaskClient, settings: Settings) -> None:
    """The very last day of the calendar; and a company without any day: a calendar is never without a component."""
    with app.app_context():
        one = case(settings)
        with transaction() as session:
            session.execute(sa.update(PlanStep).values(due_on=date.max, question=""))
    sign_in(client, OWNER)
    path = address(client, one)
    assert events(client, path)["plan"][0] == date.max
    with app.app_context(), transaction() as session:
        session.execute(sa.update(PlanStep).values(done_on=clock.today()))
    assert events(client, path) == {}
    assert Calendar.from_ical(client.get(path).data).walk("VTIMEZONE")


def test_the_last_day_of_a_document_stands_in_it_once(app: Flask, client: FlaskClient, asked: Case) -> None:
    day = MOMENT.date() + timedelta(days=40)
    with app.app_context(), transaction() as session:
        [first, *rest] = [file.id for files in evidence_for(session, asked.assessment_id).values() for file in files]
        session.execute(sa.update(EvidenceFile).where(EvidenceFile.id == first).values(valid_until=day))
        assert first in rest, "it supports several answers"
        name = session.get_one(EvidenceFile, first).name
    sign_in(client, OWNER)
    path = address(client, asked)
    assert events(client, path)["evidence"] == (day, f"Last day of a document: {name}")
    assert name in client.get(f"/en/company/{asked.company_id}").text
    with clock.held(clock.now() + timedelta(days=41)):
        assert "evidence" not in events(client, path), "what has passed and is nobody's task is gone"
    with app.app_context(), transaction() as session:
        session.execute(sa.update(EvidenceLink).where(EvidenceLink.file_id == first).values(removed_at=clock.now()))
    assert "evidence" not in events(client, path)
