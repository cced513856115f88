"""Change declarations: told in general by the company, read by reviewers without a tie, shown to nobody else."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compliance import clock
from compliance.actions import declaring
from compliance.actions.declaring import Told
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, WrongStateError
from compliance.domain.roles import CompanyRole, Role
from compliance.domain.standing import AwardAct
from compliance.jobs.facts import told_now
from compliance.settings import Settings
from compliance.store.audit import AuditEntry
from compliance.store.awards import Award, awards_of
from compliance.store.base import db, transaction
from compliance.store.belongings import records
from compliance.store.change_declarations import (
    ChangeDeclaration,
    ChangeKind,
    ReportedTo,
    declarations_of,
    unseen_declarations,
)
from compliance.store.companies import Company
from compliance.store.outbox import Notice
from compliance.store.people import Membership, Person
from tests import helpers
from tests.account.test_two_owners import at_once
from tests.actions.cases import Case, case, person, reload, to_award

pytestmark = pytest.mark.both_databases
FILTER = "A filter failed for two days and let adult sites through."
MENDED = "The filter is mended, and an alarm tells when it stops."
TODAY = datetime(2026, 11, 23, 3, tzinfo=UTC)
INCIDENT = Told(ChangeKind.INCIDENT, TODAY.date(), FILTER, MENDED, (ReportedTo.HOTLINE, ReportedTo.POLICE))
TYPED = {
    "kind": "incident", "since": ["20", "11", "2026"], "what": FILTER, "done": MENDED,
    "reported_to": ["hotline", "police"],
}  # fmt: skip


@pytest.fixture
def cafe(app: Flask, settings: Settings, moment: datetime) -> Case:
    """An awarded café."""
    with app.app_context():
        one = case(settings)
        to_award(one)
    return one


def form(one: Case, lang: str = "en") -> str:
    return f"/{lang}/company/{one.company_id}/declare"


def send(client: FlaskClient, one: Case, lang: str = "en", **typed: object) -> TestResponse:
    page = client.get(form(one, lang))
    key = re.search(r'name="key"[^>]*value="([^"]+)"', page.text)[1]
    known = {"csrf_token": helpers.token(page), "key": key}
    return client.post(form(one, lang), data={**known, **TYPED, **typed})


@pytest.mark.sqlite_only
@pytest.mark.parametrize("lang", ["en", "km"])
def test_from_the_company_to_the_reviewer(app: Flask, cafe: Case, client: FlaskClient, lang: str) -> None:
    helpers.sign_in(client, "owner@cafe.example")
    page = client.get(form(cafe, lang)).text
    assert {"en": "never asks for details of a case", "km": "មិនដែលសួររក"}[lang] in page
    assert page.count("cp-never--short") == 2, "the warning stands above both texts"
    assert 'type="file"' not in page
    sent = send(client, cafe, lang)
    assert sent.status_code == 302
    receipt = client.get(sent.headers["Location"]).text
    with app.app_context():
        (made,) = declarations_of(db.session(), cafe.company_id)
        assert made.digest in receipt
    assert FILTER in receipt
    assert sent.headers["Location"] in client.get(f"/{lang}/company/{cafe.company_id}").text
    staff, public = app.test_client(), app.test_client()
    helpers.sign_in(staff, "reviewer@ministry.example")
    assert f"/{lang}/review/declarations" in staff.get(f"/{lang}/review/").text
    assert f"/{lang}/review/declarations/{made.id}" in staff.get(f"/{lang}/review/declarations").text
    read = staff.get(f"/{lang}/review/declarations/{made.id}").text
    assert FILTER in read
    assert helpers.post(staff, f"/{lang}/review/declarations/{made.id}").status_code == 302
    assert {"en": "by reviewer", "km": "ដោយ reviewer"}[lang] in staff.get(f"/{lang}/review/declarations").text
    assert {"en": "Seen by a reviewer on", "km": "បានមើលនៅ"}[lang] in client.get(
        f"/{lang}/company/{cafe.company_id}"
    ).text
    with app.app_context():
        slug = db.session.get_one(Company, cafe.company_id).slug
    for address in (f"register/{slug}", "register"):
        page = public.get(f"/{lang}/{address}")
        assert page.status_code == 200
        assert FILTER not in page.text


@pytest.mark.sqlite_only
def test_each_kind_says_what_it_leads_to_and_a_name_leads_to_the_change_request(
    cafe: Case, client: FlaskClient
) -> None:
    helpers.sign_in(client, "owner@cafe.example")
    page = client.get(form(cafe)).text
    assert page.count('id="kind-') + 1 >= 4
    assert "does not cover the new service" in page
    assert send(client, cafe, kind="name").headers["Location"].endswith(f"/company/{cafe.company_id}/details")


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": ""}, "kind"), ({"kind": "party"}, "kind"), ({"what": "  "}, "what"), ({"what": "x" * 2001}, "what"),
        ({"done": ""}, "done"), ({"reported_to": []}, "reported_to"), ({"since": ["", "", ""]}, "since"),
        ({"reported_to": ["nobody", "police"]}, "reported_to"), ({"since": ["24", "11", "2026"]}, "since"),
        ({"since": ["1", "1", "1900"]}, "since"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_beside_its_field(
    app: Flask, cafe: Case, client: FlaskClient, typed: dict[str, object], field: str
) -> None:
    helpers.sign_in(client, "owner@cafe.example")
    sent = send(client, cafe, **typed)
    assert sent.status_code == 422
    assert f'href="#{field}"' in sent.text
    assert MENDED in sent.text or "done" in typed
    with app.app_context():
        assert not declarations_of(db.session(), cafe.company_id)


def declare(one: Case, told: Told = INCIDENT, key: str = "1" * 32) -> int:
    with transaction() as session:
        return declaring.declare(session, reload(one.hands.owner), one.company_id, told, key).id


def test_pressing_twice_declares_once_also_at_once(cafe: Case, in_app: Flask) -> None:
    owner = reload(cafe.hands.owner)
    act = (lambda session, actor: declaring.declare(session, actor, cafe.company_id, INCIDENT, "2" * 32), owner)
    assert at_once(in_app, act, act) == ["done", "done"]
    assert declare(cafe, key="2" * 32) == declare(cafe, key="2" * 32)
    assert len(declarations_of(db.session(), cafe.company_id)) == 1
    told = sa.select(AuditEntry).where(AuditEntry.tag == "officer:company:change_declared")
    (entry,) = db.session.scalars(told).all()
    assert FILTER not in entry.content, "the trail names the declaration by its digest"
    assert json.loads(entry.content)["digest"] == declarations_of(db.session(), cafe.company_id)[0].digest


@pytest.mark.sqlite_only
def test_the_same_form_sent_again_with_other_words_is_another_declaration(cafe: Case, in_app: Flask) -> None:
    first, other = declare(cafe), declare(cafe, replace(INCIDENT, what="The filter failed once more."))
    assert first != other
    assert [one.what for one in declarations_of(db.session(), cafe.company_id)] == [
        "The filter failed once more.", FILTER,
    ]  # fmt: skip


@pytest.mark.sqlite_only
def test_all_that_is_wrong_is_told_at_once_in_the_readers_digits(cafe: Case, client: FlaskClient) -> None:
    helpers.sign_in(client, "owner@cafe.example")
    sent = send(client, cafe, "km", since=["31", "2", "2026"], what="x" * 2001, done="", reported_to=[])
    for field in ("since", "what", "done", "reported_to"):
        assert f'href="#{field}"' in sent.text
    assert "២០០០" in sent.text
    assert not re.findall(r"អាចលើសពី 2000", sent.text)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("field", ["what", "done"])
def test_an_incident_is_told_without_the_way_to_material(cafe: Case, client: FlaskClient, field: str) -> None:
    helpers.sign_in(client, "owner@cafe.example")
    for way in (
        "https://chat.example/x",
        "see www.pictures.example",
        "by facebook.com/group",
        "t.me/abc",
        "a@b.com.kh",
    ):
        sent = send(client, cafe, **{field: f"Somebody sent it: {way}."})
        assert sent.status_code == 422, way
        assert f'href="#{field}"' in sent.text
        assert way in sent.text
    assert send(client, cafe, **{field: "The filter failed at 9.30. Two shops, no. 4 and no. 5."}).status_code == 302
    assert send(client, cafe, kind="new_service", what="A game at www.play.example").status_code == 302


def test_two_reviewers_at_once_and_the_first_is_kept(cafe: Case, in_app: Flask) -> None:
    number, other = declare(cafe), person("other@ministry.example", Role.REVIEWER)
    outcomes = at_once(
        in_app,
        (lambda session, actor: declaring.see(session, actor, number), reload(cafe.hands.reviewer)),
        (lambda session, actor: declaring.see(session, actor, number), other),
    )
    assert outcomes == ["done", "done"]
    seen = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.tag == "reviewer:company:declaration_seen").order_by(AuditEntry.seq)
    ).all()
    assert [entry.actor_id for entry in seen] == [db.session.get_one(ChangeDeclaration, number).seen_by]


def test_a_reviewer_reads_of_incidents_first(cafe: Case, in_app: Flask) -> None:
    service = Told(ChangeKind.NEW_SERVICE, TODAY.date(), "A game.")
    numbers = [declare(cafe, told, key) for told, key in ((service, "5" * 32), (INCIDENT, "6" * 32))]
    assert [one.id for one in unseen_declarations(db.session())] == list(reversed(numbers))


def test_who_may(cafe: Case, in_app: Flask) -> None:
    number = declare(cafe)
    roles = {
        CompanyRole.EDITOR: True, CompanyRole.SIGNATORY: True, CompanyRole.VIEWER: False,
    }  # fmt: skip
    for role, may in roles.items():
        made = person(f"{role}@cafe.example")
        with transaction() as session:
            found = session.get_one(Person, made.user_id)
            session.add(Membership(company_id=cafe.company_id, role=role, since=clock.now(), person=found))
        assert declaring.own_declaration(db.session(), reload(made), number)
        if may:
            with transaction() as session:
                declaring.declare(session, reload(made), cafe.company_id, INCIDENT, f"{role:0<32}")
        else:
            with pytest.raises(ForbiddenError), transaction() as session:
                declaring.declare(session, reload(made), cafe.company_id, INCIDENT, "3" * 32)
    stranger = person("stranger@other.example")
    for act in (
        lambda session: declaring.declare(session, stranger, cafe.company_id, INCIDENT, "4" * 32),
        lambda session: declaring.own_declaration(session, stranger, number),
    ):
        with pytest.raises(NotFoundError), transaction() as session:
            act(session)
    with pytest.raises(ForbiddenError), transaction() as session:
        declaring.see(session, reload(cafe.hands.approver), number)


def test_a_tied_reviewer_reads_nothing_and_marks_nothing(cafe: Case, in_app: Flask, app: Flask) -> None:
    number = declare(cafe)
    tied = person("tied@cafe.example", Role.REVIEWER)  # the domain of the company's people
    with pytest.raises(ForbiddenError), transaction() as session:
        declaring.see(session, tied, number)
    with pytest.raises(sa.exc.DatabaseError, match="tie:"), transaction() as session:
        session.execute(sa.update(ChangeDeclaration).values(seen_by=tied.user_id, seen_at=clock.now()))
    notices = sa.select(Notice).where(Notice.kind == "declaration_waiting")
    told = {notice.person_id: told_now(db.session(), notice) for notice in db.session.scalars(notices).all()}
    assert told[cafe.hands.reviewer.user_id]
    assert FILTER not in str(told[cafe.hands.reviewer.user_id])
    assert not told.get(tied.user_id)


def test_what_was_declared_never_changes(cafe: Case, in_app: Flask) -> None:
    declare(cafe)
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), transaction() as session:
        session.execute(sa.update(ChangeDeclaration).values(what="Nothing happened."))


def test_only_under_an_award_that_counts_also_while_it_is_suspended(cafe: Case, in_app: Flask) -> None:
    (award,) = awards_of(db.session(), cafe.company_id)
    for act, may in ((AwardAct.SUSPENDED, True), (AwardAct.REVOKED, False)):
        with transaction() as session:
            session.get_one(Award, award.id).last_act = act
        if may:
            declare(cafe)
        else:
            with pytest.raises(WrongStateError):
                declare(cafe, key="5" * 32)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("seconds", "may"), [(-1, False), (0, True)])
def test_today_is_the_day_in_phnom_penh(cafe: Case, in_app: Flask, seconds: int, may: bool) -> None:
    """An incident of the 24th can be told from midnight there, which is 17:00 in UTC."""
    told = Told(ChangeKind.INCIDENT, TODAY.date() + timedelta(days=1), FILTER, MENDED, (ReportedTo.NOBODY,))
    with clock.held(datetime(2026, 11, 23, 17, tzinfo=UTC) + timedelta(seconds=seconds)):
        if may:
            assert declare(cafe, told)
        else:
            with pytest.raises(InvalidError):
                declare(cafe, told)


@pytest.mark.sqlite_only
def test_a_company_takes_its_declarations_home(cafe: Case, in_app: Flask) -> None:
    declare(cafe)
    (told,) = records(db.session(), cafe.company_id, "change_declarations")
    assert (told["what"], told["reported_to"]) == (FILTER, ["hotline", "police"])
