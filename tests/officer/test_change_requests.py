"""The pages of a change request: asked for by the company, compared and answered by a reviewer, read by the public."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.domain.roles import Role
from compliance.store.base import db, transaction
from compliance.store.changes import open_change
from compliance.store.companies import Company
from compliance.store.people import Membership, Person
from compliance.store.register import refresh_entry
from tests import helpers
from tests.helpers import post, sign_in
from tests.public.world import Made, give_award, make_company


@pytest.mark.both_databases
@pytest.mark.parametrize("lang", ["en", "km"])
def test_from_the_company_over_the_reviewer_to_the_public(
    app: Flask, client: FlaskClient, moment: datetime, lang: str
) -> None:
    with app.app_context():
        helpers.person("r@ministry.example", Role.REVIEWER)
        owner = helpers.person("o@pond.example")
        with transaction() as session:
            made = Made("pond", "ស្រះ", "Pond", "isp", "kep", "bronze", clock.today())
            company = make_company(session, made)
            number = give_award(session, company, made, 1).number
            found = session.get_one(Person, owner.id)
            session.add(Membership(company_id=company.id, role="owner", since=clock.now(), person=found))
            company.registration_number = "R-pond-1"
            session.flush()
            refresh_entry(session, company.id)
            company_id, version = company.id, company.version
    sign_in(client, "o@pond.example")
    form = f"/{lang}/company/{company_id}/details"
    typed = {
        "version": version, "name_km": "បឹង", "name_latin": "Great Lake",
        "registration_number": "R-pond-1",
        "kinds": "isp",
        "workers": "40", "places": "1", "province": "kep", "website": "https://pond.example/",
        "brands": "Lake Net\r\n Lake Pay ",
    }  # fmt: skip
    many = "\n".join(f"Brand {n}" for n in range(21))
    refused = post(client, form, {**typed, "brands": many})
    assert refused.status_code == 422
    assert many in refused.text
    assert 'id="brands-error"' in refused.text
    assert re.search(r'<textarea[^>]*id="brands"', refused.text)
    assert post(client, form, typed).status_code == 302
    assert "Great Lake" in client.get(f"/{lang}/company/{company_id}").text
    public, staff = app.test_client(), app.test_client()
    assert "Great Lake" not in public.get("/en/register/pond").text
    sign_in(staff, "r@ministry.example")
    assert f"/{lang}/review/changes" in staff.get(f"/{lang}/review/").text
    address = f"/{lang}/review/changes/1"
    assert "Pond" in (page := staff.get(address).text)
    assert "Great Lake" in page
    assert {"en": "is issued anew under a new number", "km": "ចេញសាជាថ្មីដោយមានលេខថ្មី"}[lang] in staff.get(address).text
    assert 'value="Lake Net"' in staff.get(address).text
    assert post(staff, address, {"answer": "decline", "reason": " "}).status_code == 422
    stray = post(staff, address, {"answer": "confirm", "covered": "Sea Net"})
    assert stray.status_code == 422
    assert 'id="covered-error"' in stray.text
    assert post(staff, address, {"answer": "confirm", "covered": "Lake Net"}).status_code == 302
    page = public.get("/en/register/pond").text
    panel = page.partition('class="cp-scope"')[2].partition("</section>")[0]
    assert (panel.count("<li>"), panel.count('<li class="no">')) == (1, 1)
    assert "Great Lake" in page
    assert "Before: ស្រះ · Pond" in page
    page = public.get(f"/{lang}/verify/{number}").text
    assert "ស្រះ · Pond" in page
    assert {"en": "holds no more", "km": "លែងមានសុពលភាព"}[lang] in page
    with app.app_context():
        assert db.session.get_one(Company, company_id).name_km == "បឹង"
    assert "Lake Net\nLake Pay</textarea>" in client.get(form).text, "what is stored is shown a line each"


def hidden(text: str) -> dict[str, str]:
    return dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]*)"', text))


def test_a_colleague_s_wish_is_never_replaced_unseen(app: Flask, client: FlaskClient, moment: datetime) -> None:
    """The form shows what waits; an older page is refused, beside what it would replace; pressed twice is once."""
    with app.app_context():
        owner, editor = helpers.person("o@pond.example"), helpers.person("e@pond.example")
        with transaction() as session:
            made = Made("pond", "ស្រះ", "Pond", "isp", "kep", "bronze", clock.today())
            company = make_company(session, made)
            give_award(session, company, made, 1)
            company.registration_number, company_id = "R-pond-1", company.id
            for who, role in ((owner, "owner"), (editor, "editor")):
                found = session.get_one(Person, who.id)
                session.add(Membership(company_id=company_id, role=role, since=clock.now(), person=found))
    colleague = app.test_client()
    sign_in(client, "o@pond.example")
    sign_in(colleague, "e@pond.example")
    page = f"/en/company/{company_id}/details"
    typed = {
        "name_km": "ស្រះ", "name_latin": "Pond", "registration_number": "R-pond-1", "kinds": "isp", "workers": "40",
        "places": "1", "province": "kep", "website": "https://pond.example/", "brands": "",
    }  # fmt: skip
    old, seen = hidden(colleague.get(page).text), hidden(client.get(page).text)
    for _pressed_twice in range(2):
        done = client.post(page, data={**seen, **typed, "name_latin": "Great Lake"})
        assert done.status_code == 302
    late = colleague.post(page, data={**old, **typed, "website": "https://lake.example/"})
    assert late.status_code == 409
    assert "A colleague saved other details" in late.text
    assert "<s>Great Lake</s><br><b>Pond</b>" in late.text
    assert 'value="https://lake.example/"' in late.text, "what was typed stays"
    again = colleague.get(page).text
    assert 'value="Great Lake"' in again
    assert "The form shows what you asked for" in again
    wish = {**typed, "name_latin": "Great Lake", "website": "https://lake.example/"}
    assert colleague.post(page, data={**hidden(again), **wish}).status_code == 302
    with app.app_context():
        waits = open_change(db.session(), company_id)
        assert waits is not None
        assert waits.after == {"name_latin": "Great Lake", "website": "https://lake.example/"}
    assert colleague.post(page, data={**hidden(colleague.get(page).text), **typed}).status_code == 302
    with app.app_context():
        assert open_change(db.session(), company_id) is None, "written back as it was, nothing is wished any more"
