"""The page of an award offers what is possible, and keeps what was typed where something was proposed meanwhile."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions import proposing
from compliance.domain.roles import Role
from compliance.domain.standing import AwardAct
from compliance.store.base import db, transaction
from compliance.store.people import person_by_email
from tests import helpers
from tests.helpers import post, sign_in
from tests.public.world import Made, give_award, make_company

PEOPLE = ("first@ministry.example", "second@ministry.example")
REASON = "What the Ministry asked for has not arrived."


@pytest.fixture
def award_id(app: Flask, moment: datetime) -> int:
    with app.app_context():
        for email in PEOPLE:
            helpers.person(email, Role.APPROVER)
        with transaction() as session:
            made = Made("pond", "ស្រះ", "Pond", "isp", "kep", "bronze", clock.today())
            return give_award(session, make_company(session, made), made, 1).id


def offered(client: FlaskClient, page: str) -> list[str]:
    return re.findall(r'name="act"[^>]*value="(\w+)"', client.get(page).text)


def propose(app: Flask, award_id: int, act: AwardAct, *, confirmed: bool = False) -> None:
    with app.app_context():
        first, second = (person_by_email(db.session(), email) for email in PEOPLE)
        assert first is not None
        assert second is not None
        with transaction() as session:
            proposal = proposing.propose(session, first.actor(), award_id, act, REASON).id
        if confirmed:
            with transaction() as session:
                proposing.confirm(session, second.actor(), proposal)


def test_only_what_is_possible_is_offered(app: Flask, client: FlaskClient, award_id: int) -> None:
    sign_in(client, PEOPLE[0])
    page = f"/en/decide/awards/{award_id}"
    assert offered(client, page) == ["suspended", "revoked"]
    propose(app, award_id, AwardAct.SUSPENDED, confirmed=True)
    assert offered(client, page) == ["reinstated", "revoked"]
    propose(app, award_id, AwardAct.REVOKED, confirmed=True)
    assert offered(client, page) == []
    assert "nothing can be proposed about it any more" in client.get(page).text


def test_a_reason_is_kept_where_a_colleague_proposed_meanwhile(app: Flask, client: FlaskClient, award_id: int) -> None:
    sign_in(client, PEOPLE[1])
    page = f"/en/decide/awards/{award_id}"
    open_page = helpers.token(client.get(page))
    assert "waits for a second person" not in client.get("/en/decide/").text
    propose(app, award_id, AwardAct.SUSPENDED)
    assert "1 proposal waits for a second person" in client.get("/en/decide/").text
    late = client.post(page, data={"csrf_token": open_page, "act": "revoked", "reason": "Two answers were <false>."})
    assert "Something is proposed for this company already" in late.text
    assert "Two answers were &lt;false&gt;." in late.text
    wrong = post(client, page, {"act": "crowned", "reason": REASON}, form=f"/en/decide/awards/{award_id}")
    assert wrong.status_code < 500
