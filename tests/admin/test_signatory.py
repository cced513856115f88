"""Who signs certificates: two administrators, a preview before, and nothing of what was issued before changes."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from certificates import Words
from compliance.actions import signing_for as acts
from compliance.domain.errors import ForbiddenError, InvalidError
from compliance.domain.roles import Role
from compliance.settings import UNNAMED, Settings
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.people import Person, person_by_email
from tests.helpers import person, post, sign_in

PAGE = "/en/admin/signatory"
NEW = {"office_km": "រដ្ឋមន្ត្រី", "office_en": "Minister", "name_km": "ចាន់ តារា", "name_en": "Chan Dara"}


@pytest.fixture
def first(app: Flask, client: FlaskClient, moment: datetime) -> FlaskClient:
    with app.app_context():
        person("first@ministry.example", Role.ADMINISTRATOR)
        person("second@ministry.example", Role.ADMINISTRATOR)
    sign_in(client, "first@ministry.example")
    return client


@pytest.fixture
def second(app: Flask, first: FlaskClient) -> FlaskClient:
    client = app.test_client()
    sign_in(client, "second@ministry.example")
    return client


def printed(app: Flask, settings: Settings) -> Words:
    with app.app_context():
        return acts.signatory_now(db.session(), settings).name


def test_who_is_no_administrator_any_more_has_proposed_nothing(
    app: Flask, first: FlaskClient, second: FlaskClient, settings: Settings
) -> None:
    assert post(first, PAGE, {**NEW, "submit": "1"}).status_code == 302
    with app.app_context(), transaction() as session:
        session.get_one(Person, person_by_email(session, "first@ministry.example").id).roles = []  # type: ignore[union-attr]
    assert post(second, f"{PAGE}/1/confirm", form="/en/admin/people").status_code == 403
    assert printed(app, settings) == UNNAMED.name
    assert post(second, f"{PAGE}/1/withdraw", form="/en/admin/people").status_code == 302, "another may propose then"


def test_one_proposes_another_confirms(app: Flask, first: FlaskClient, second: FlaskClient, settings: Settings) -> None:
    assert post(first, PAGE, {**NEW, "submit": "1"}).status_code == 302
    assert printed(app, settings) == UNNAMED.name
    assert "Another administrator confirms it." in first.get(PAGE).text
    assert post(first, f"{PAGE}/1/confirm", form="/en/admin/people").status_code == 403
    assert printed(app, settings) == UNNAMED.name
    assert "What needs you now" in second.get("/en/admin/").text
    assert "A signatory waits for a second administrator." in second.get("/en/admin/").text
    for _twice in range(2):
        assert post(second, f"{PAGE}/1/confirm", form="/en/admin/people").status_code == 302
    assert printed(app, settings) == Words("ចាន់ តារា", "Chan Dara")
    assert post(first, f"{PAGE}/1/withdraw", form="/en/admin/people").status_code == 409
    with app.app_context():
        tags = db.session.scalars(sa.select(AuditEntry.tag).where(AuditEntry.subject == "signatory"))
        assert list(tags) == ["admin:signatory:proposed", "admin:signatory:confirmed"]


def test_the_database_too_wants_two(app: Flask, first: FlaskClient) -> None:
    post(first, PAGE, {**NEW, "submit": "1"})
    with app.app_context(), pytest.raises(sa.exc.IntegrityError), transaction() as session:
        session.execute(sa.text("UPDATE signatories SET confirmed_by = proposed_by, confirmed_at = proposed_at"))


def test_one_proposal_waits_at_a_time(app: Flask, first: FlaskClient, second: FlaskClient, settings: Settings) -> None:
    post(first, PAGE, {**NEW, "submit": "1"})
    with app.app_context(), pytest.raises(InvalidError), transaction() as session:
        acts.propose(session, actor(session, "second@ministry.example"), NEW)
    assert post(second, f"{PAGE}/1/withdraw", form="/en/admin/people").status_code == 302
    assert post(second, f"{PAGE}/1/confirm", form="/en/admin/people").status_code == 409
    assert printed(app, settings) == UNNAMED.name


def actor(session: sa.orm.Session, email: str) -> object:
    found = person_by_email(session, email)
    assert isinstance(found, Person)
    return found.actor()


def test_the_certificate_is_seen_before_it_is_proposed(app: Flask, first: FlaskClient) -> None:
    looked = post(first, PAGE, {**NEW, "look": "1"})
    assert looked.mimetype == "application/pdf"
    assert looked.data.startswith(b"%PDF")
    assert first.get(f"{PAGE}/sample.pdf").data.startswith(b"%PDF")
    assert first.get(f"{PAGE}/sample.pdf?of=proposal").status_code == 404
    with app.app_context():
        assert db.session.scalar(sa.text("SELECT count(*) FROM signatories")) == 0


@pytest.mark.parametrize("field", sorted(NEW))
@pytest.mark.parametrize("odd", ["", " ", "x" * 81, "\u200b", "٥", "東"])
def test_what_cannot_be_printed_is_said_beside_its_field(first: FlaskClient, field: str, odd: str) -> None:
    answer = post(first, PAGE, {**NEW, field: odd, "submit": "1"})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_letters_that_no_font_of_ours_has_are_refused_with_what_was_typed(first: FlaskClient) -> None:
    page = post(first, PAGE, {**NEW, "office_km": "១២៣៤٥", "look": "1"})
    assert page.status_code == 422
    assert "a character that cannot be printed" in page.text
    assert "១២៣៤٥" in page.text


def test_only_administrators_propose(app: Flask, first: FlaskClient) -> None:
    with app.app_context():
        person("approver@ministry.example", Role.APPROVER)
        with pytest.raises(ForbiddenError), transaction() as session:
            acts.propose(session, actor(session, "approver@ministry.example"), NEW)
