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
from compliance.store.awards import Award
from compliance.store.base import db, transaction
from compliance.store.people import Membership, person_by_email
from tests import helpers
from tests.helpers import post, sign_in, why
from tests.public.world import Made, give_award, make_company

PEOPLE = ("first@ministry.example", "second@ministry.example")
FORM = {"act": "revoked", "ground": "offence", "reason": "r", "public_km": "ហេតុផល", "public_en": "Open reason."}
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
            proposal = proposing.propose(session, first.actor(), award_id, act, why(act, REASON)).id
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
    late = client.post(page, data={"csrf_token": open_page, **FORM, "reason": "Two answers were <false>."})
    assert "Something is proposed for this company already" in late.text
    assert "Two answers were &lt;false&gt;." in late.text
    wrong = post(client, page, {**FORM, "act": "crowned", "ground": "crown"}, form=f"/en/decide/awards/{award_id}")
    assert wrong.status_code < 500


def test_a_company_is_heard_and_everybody_reads_the_public_reason(
    app: Flask, client: FlaskClient, award_id: int
) -> None:
    with app.app_context():
        owner = helpers.person("owner@pond.example").id
    with app.app_context(), transaction() as session:
        company = session.get_one(Award, award_id).company_id
        session.add(Membership(company_id=company, role="owner", since=clock.now(), person_id=owner))
    page, secret = f"/en/decide/awards/{award_id}", "A witness told us."
    filled = {**FORM, "act": "suspended", "ground": "incident", "reason": secret, "public_en": "Not <handled>."}
    sign_in(client, PEOPLE[0])
    wrong = post(client, page, {**filled, "ground": "offence", "public_km": ""}, form=page)
    assert "Write what everybody may read, in both languages." in wrong.text
    assert secret in wrong.text
    assert (
        "This ground does not go with what you chose." in post(client, page, {**filled, "ground": "offence"}, page).text
    )
    assert post(client, page, filled, page).status_code == 302
    client = app.test_client()
    sign_in(client, "owner@pond.example")
    home = client.get(f"/en/company/{company}").text
    found = re.search(r"/en/[\w/]*hearings/(\d+)", home)
    assert found is not None
    asked = client.get(found[0]).text
    assert "Not &lt;handled&gt;." in asked
    assert secret not in asked + home
    assert "Write your company" in post(client, found[0], {"statement": " "}, found[0]).text
    assert post(client, found[0], {"statement": "It was <handled>."}, found[0]).status_code == 302
    assert "It was &lt;handled&gt;." in client.get(found[0]).text
    late = post(client, found[0], {"statement": "More."}, form=f"/en/company/{company}/declare")
    assert (late.status_code, "More." in late.text) == (409, True)
    client = app.test_client()
    sign_in(client, PEOPLE[1])
    deciding = client.get("/en/decide/awards").text
    assert "It was &lt;handled&gt;." in deciding
    assert secret in deciding
    seen = re.search(r'name="seen" value="([^"]+)"', deciding)
    assert seen is not None
    post(client, f"/en/decide/awards/proposals/{found[1]}/confirm", {"seen": seen[1]}, "/en/decide/awards")
    client = app.test_client()
    public = {lang: client.get(f"/{lang}/register/pond").text for lang in ("km", "en")}
    assert "A serious incident was not handled. Not &lt;handled&gt;." in public["en"]
    assert FORM["public_km"] in public["km"]
    told = client.get("/api/v1/companies/pond").json
    assert told["history"][0]["decisions"][-1]["reason"] == {
        "ground": "incident", "km": FORM["public_km"], "en": "Not <handled>.",
    }  # fmt: skip
    assert secret not in "".join(public.values()) + str(told)
