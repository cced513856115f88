"""An observer reads what is counted and the dossiers opened to them, until their day; takes figures away; no more."""

import csv
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from compliance import clock
from compliance.actions import dossiers
from compliance.actions.figures import publish_month
from compliance.domain.errors import ForbiddenError, InvalidError
from compliance.domain.roles import Role
from compliance.journeys import paging
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.dossier_flags import all_flags
from compliance.store.people import Membership, person_by_email
from tests.actions.appeals import award_of
from tests.actions.cases import CAFE, Case, case, person, to_award
from tests.helpers import post, sign_in
from tests.public.world import Made, give_award, make_company

OBSERVER, REASON = "observer@ngo.example", "The council looks at cafés."


@pytest.fixture
def one(app: Flask, moment: object, settings: Settings) -> Case:
    with app.app_context():
        made = case(settings, to_award)
        person(OBSERVER, Role.OBSERVER)
        person("other@ngo.example", Role.OBSERVER)
        return made


def browser(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, email)
    return client


def open_it(app: Flask, one: Case, days: int = 30) -> FlaskClient:
    """By the approver's form; returns the approver's browser."""
    approver, last = browser(app, "approver@ministry.example"), clock.today() + timedelta(days=days)
    with app.app_context():
        observer, award = person_by_email(db.session(), OBSERVER), award_of(one).id
        assert observer is not None
        number = observer.id
    said = {"award": award, "observer": number, "reason": REASON, "ends_on": [last.day, last.month, last.year]}
    assert post(approver, "/en/dossiers/", said).status_code == 302
    return approver


def test_a_dossier_is_open_to_one_until_its_day(app: Flask, one: Case) -> None:
    """Public facts, level, section results; no comment of the company, no evidence, no name of anybody."""
    address = f"/en/observer/dossiers/{one.company_id}"
    observer = browser(app, OBSERVER)
    assert observer.get(address).status_code == 404
    approver = open_it(app, one)
    page = observer.get(address).text
    assert CAFE.name_latin in page
    assert REASON in page
    assert "Results by section" in page
    assert page.count('class="cp-bar"') >= 5
    for word in ("owner@", "reviewer@", ".pdf", "evidence/", "/review"):
        assert word not in page
    assert browser(app, "other@ngo.example").get(address).status_code == 404
    with clock.held(clock.now() + timedelta(days=30)):
        assert browser(app, OBSERVER).get(address).status_code == 200
    with clock.held(clock.now() + timedelta(days=31)):
        assert browser(app, OBSERVER).get(address).status_code == 404
    with app.app_context():
        number = all_flags(db.session())[0].id
    for _twice in range(2):
        assert post(approver, f"/en/dossiers/{number}/end", form="/en/dossiers/").status_code == 302
    assert observer.get(address).status_code == 404


def test_a_tie_that_comes_up_closes_the_dossier(app: Flask, one: Case) -> None:
    address = f"/en/observer/dossiers/{one.company_id}"
    open_it(app, one)
    observer = browser(app, OBSERVER)
    assert observer.get(address).status_code == 200
    with app.app_context(), transaction() as session:
        found = person_by_email(session, OBSERVER)
        assert found is not None
        tied = {"company_id": one.company_id, "person_id": found.id, "since": clock.now(), "role": "viewer"}
        session.add(Membership(**tied, ended_at=clock.now()))
    assert observer.get(address).status_code == 403


def test_what_is_wrong_opens_none(app: Flask, one: Case) -> None:
    with app.app_context():
        approver, observer = one.hands.approver, person_by_email(db.session(), OBSERVER)
        assert observer is not None
        award, today, number = award_of(one).id, clock.today(), observer.id
        for field, given in (
            ("award", (0, number, REASON, today)),
            ("observer", (award, approver.user_id, REASON, today)),
            ("reason", (award, number, " ", today)),
            ("reason", (award, number, "x" * 1001, today)),
            ("ends_on", (award, number, REASON, today - timedelta(days=1))),
            ("ends_on", (award, number, REASON, today + timedelta(days=367))),
        ):
            with pytest.raises(InvalidError, match=field), transaction() as session:
                dossiers.flag(session, approver, *given)  # type: ignore[arg-type]
        with transaction() as session:
            tied = {"company_id": one.company_id, "person_id": number, "since": clock.now(), "role": "viewer"}
            session.add(Membership(**tied, ended_at=clock.now()))
        with pytest.raises(ForbiddenError, match="tie_of_first"), transaction() as session:
            dossiers.flag(session, approver, award, number, REASON, today)
        assert all_flags(db.session()) == []


@pytest.mark.parametrize("lang", ["en", "km"])
def test_figures_are_taken_away(app: Flask, one: Case, lang: str) -> None:
    """The same in both kinds of file, and what is told in steps is told so there too."""
    observer = browser(app, OBSERVER)
    waiting = observer.get(f"/{lang}/observer/").text
    assert not {"0–0", "០–០"} & set(re.findall(r"\w+–\w+", waiting)), "nothing is told before it is published"
    assert ("Not published yet" in waiting) == (lang == "en")
    with app.app_context(), transaction() as session:
        publish_month(session, clock.today())
    assert "Not published yet" not in observer.get(f"/{lang}/observer/").text
    taken = observer.get(f"/{lang}/observer/figures.csv")
    lines = list(csv.reader(io.StringIO(taken.data.decode("utf-8-sig"))))
    assert len({tuple(line[:3]) for line in lines}) == len(lines) > 20
    counted = {line[1]: line[3] for line in lines}
    assert counted["Concerns raised" if lang == "en" else "កង្វល់ដែលបានលើកឡើង"] == (
        "fewer than 5" if lang == "en" else "តិចជាង ៥"
    )
    book = load_workbook(io.BytesIO(observer.get(f"/{lang}/observer/figures.xlsx").data))
    sheets = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]
    assert {line[1] for line in lines[1:]} <= {row[0] for row in sheets}
    for email in ("reviewer@ministry.example", "owner@cafe.example"):
        assert browser(app, email).get(f"/{lang}/observer/figures.csv").status_code == 403


def test_awards_and_their_companies_come_a_page_at_a_time(
    app: Flask, one: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten companies beside the café, the first with two awards; a page shows four, and is read alone."""
    approver = browser(app, "approver@ministry.example")
    with app.app_context(), transaction() as session:
        for n in range(10):
            made = Made(f"co-{n}", f"ក{n}", f"Co {n}", "isp", "kandal", "silver", clock.today())
            company = make_company(session, made)
            for again in range(1 if n else 2):
                give_award(session, company, made, 100 + n + 20 * again)
    monkeypatch.setattr(paging, "LINES", 4)
    first, last = approver.get("/en/dossiers/").text, approver.get("/en/dossiers/?page=99").text
    assert [chosen(text) for text in (first, last)] == [4, 3], "each company once"
    assert "/en/dossiers/?page=2" in first
    searched = approver.get("/en/dossiers/?q=cO+7").text
    assert (chosen(searched), ">Co 7<" in searched) == (1, True)
    assert "q=cO+7" in searched.partition('method="post"')[2], "the form keeps what was looked for"
    none = approver.get("/km/dossiers/?q=%3Cb%3E").text
    assert "&lt;b&gt;" in none
    assert chosen(none) == 0
    pages = [approver.get(f"/en/decide/awards?page={number}").text for number in (1, 3, 99)]
    assert [len(re.findall(r"/decide/awards/\d+", text)) for text in pages] == [4, 4, 4]
    assert len(re.findall(r"/decide/awards/\d+", approver.get("/km/decide/awards?q=co+0").text)) == 2
    assert "&lt;b&gt;" in approver.get("/km/decide/awards?q=%3Cb%3E").text


def chosen(page: str) -> int:
    """Companies that the form offers."""
    return page.partition('id="award"')[2].partition("</select>")[0].count("<option")
