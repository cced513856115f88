"""Spot checks on their pages: drawn by an administrator, told by a reviewer, answered, closed; public as counts."""

import hashlib
import json
from datetime import date
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions import spot_checking
from compliance.domain.roles import Role
from compliance.domain.spot_counts import told_years
from compliance.journeys import paging
from compliance.journeys.public import spot_checks
from compliance.settings import Settings
from compliance.store.awards import Award, AwardProposal
from compliance.store.base import db
from compliance.store.people import Person
from compliance.store.spot_checks import SpotCheck
from tests import helpers
from tests.actions.cases import Case, case, person, to_award


@pytest.fixture
def one(app: Flask, settings: Settings, moment: object) -> Case:
    with app.app_context():
        return case(settings, to_award)


def browser(app: Flask, email: str, *roles: Role) -> FlaskClient:
    with app.app_context():
        if roles:
            person(email, *roles)
    client = app.test_client()
    helpers.sign_in(client, email)
    return client


def test_from_the_draw_to_the_outcome(app: Flask, one: Case) -> None:
    administrator = browser(app, "administrator@ministry.example", Role.ADMINISTRATOR)
    for count in ("0", "2", "x", ""):
        wrong = helpers.post(administrator, "/km/admin/spot-checks", {"count": count})
        assert wrong.status_code == 422, count
        assert "govuk-error-message" in wrong.text
    assert helpers.post(administrator, "/en/admin/spot-checks", {"count": "១"}).status_code == 302
    again = administrator.get("/en/admin/spot-checks").text
    assert "There was a draw today." in again

    data = json.loads(app.test_client().get(f"/spot-checks/{clock.today()}.json").text)
    keys = {number: hashlib.sha256(f"{data['seed']}:{number}".encode()).hexdigest() for number in data["numbers"]}
    repeated = sorted(keys, key=lambda number: keys[number])[: data["count"]]
    with app.app_context():
        check = db.session.scalars(sa.select(SpotCheck)).one()
        assert repeated == [check.award.number]
        names = spot_checking.answers_to_choose(db.session(), check)[:2]
    public = app.test_client().get("/en/spot-checks").text
    assert f"/spot-checks/{clock.today()}.json" in public
    assert app.test_client().get("/spot-checks/1.json").status_code == 404
    assert check.award.number not in public

    checker = browser(app, "checker@ministry.example", Role.REVIEWER)
    page = "/en/review/spot-checks/1"
    first = browser(app, "first@ministry.example", Role.REVIEWER)
    helpers.post(first, f"{page}/take", {"tie": "no"}, form=page)
    with app.app_context():
        people = {one.email: str(one.id) for one in db.session.scalars(sa.select(Person))}
    give = {"to": people["checker@ministry.example"], "version": people["first@ministry.example"]}
    assert checker.get(f"{page}/hand-over").status_code == 403, "only whoever holds it"
    assert helpers.post(first, f"{page}/hand-over", {**give, "reason": " "}).status_code == 422
    approver = browser(app, "approver@ministry.example")
    with app.app_context():
        award = db.session.scalars(sa.select(Award.id)).one()
    assert "/en/decide/spot-checks/1/hand-over" in approver.get(f"/en/decide/awards/{award}").text
    assert "first" in approver.get("/en/decide/spot-checks/1/hand-over").text
    tied = browser(app, "tied@ministry.example", Role.REVIEWER)
    with app.app_context():
        to_tied = {**give, "to": str(db.session.scalars(sa.select(Person.id).order_by(Person.id.desc())).first())}
    assert helpers.post(first, f"{page}/hand-over", {**to_tied, "reason": "On leave."}).status_code == 302
    assert helpers.post(tied, f"{page}/take", {"tie": "yes", "what": "A cousin."}, form=page).status_code == 302
    with app.app_context():
        assert db.session.get_one(SpotCheck, 1).checker_id is None, "whoever has a tie holds it no more"
    helpers.post(first, f"{page}/take", {}, form=page)
    assert helpers.post(first, f"{page}/hand-over", {**to_tied, "reason": "x"}).status_code == 422
    assert helpers.post(first, f"{page}/hand-over", {**give, "reason": "On leave."}).status_code == 302
    given = checker.get(page).text
    assert "A colleague handed it over to you." in given
    assert f"{page}/tell" not in given, "ties first"
    undecided = helpers.post(checker, f"{page}/take", {"tie": ""}, form=page)
    assert undecided.status_code == 422
    helpers.post(checker, f"{page}/take", {"tie": "no"}, form=page)
    late = {"questions": names, "asked": "The policy at the door.", "due_on": ["1", "1", "2020"]}
    refused = helpers.post(checker, f"{page}/tell", late, form=page)
    assert refused.status_code == 422
    assert "The policy at the door." in refused.text, "what was typed stays"
    assert "Enter a day after today" in refused.text
    with app.app_context():
        due = spot_checking.proposed_due(db.session(), db.session.get_one(SpotCheck, 1))
    helpers.post(checker, f"{page}/tell", {**late, "due_on": [str(due.day), str(due.month), str(due.year)]}, form=page)

    owner = browser(app, "owner@cafe.example")
    home = owner.get(f"/en/company/{one.company_id}").text
    assert "Answer the spot check" in home
    own = "/en/company/spot-checks/1"
    assert "The policy at the door." in owner.get(own).text
    assert helpers.post(owner, own, {"reply": " "}).status_code == 422
    helpers.post(owner, own, {"reply": "It hangs <b>there</b>."})
    assert "It hangs &lt;b&gt;there&lt;/b&gt;." in checker.get(page).text

    bad = {f"said-{names[0]}": "not_in_order", f"said-{names[1]}": "in_order", f"note-{names[0]}": ""}
    kept = helpers.post(checker, f"{page}/outcome", {**bad, "outcome": "suspend", "reasons": "Gone."}, form=page)
    assert kept.status_code == 422
    assert "what is missing" in kept.text
    assert "Gone." in kept.text
    done = helpers.post(
        checker,
        f"{page}/outcome",
        {**bad, f"note-{names[0]}": "Torn.", "outcome": "suspend", "reasons": "Gone."},
        form=page,
    )
    assert done.status_code == 302
    told = owner.get(own).text
    assert "It is proposed to suspend the award" in told
    assert "Torn." in told
    with app.app_context():
        assert db.session.scalars(sa.select(AwardProposal)).one().closed_at is None
        assert db.session.scalars(sa.select(Award)).one().last_act == "granted"


def test_a_declared_tie_leaves_the_check_to_somebody_else(app: Flask, one: Case) -> None:
    approver = browser(app, "approver@ministry.example")
    assert helpers.post(approver, "/en/decide/awards/1/spot-check", {"because": " "}).status_code == 422
    helpers.post(approver, "/en/decide/awards/1/spot-check", {"because": "A newspaper."})
    checker, page = browser(app, "checker@ministry.example", Role.REVIEWER), "/en/review/spot-checks/1"
    assert "A newspaper." in checker.get(page).text
    helpers.post(checker, f"{page}/take", {"tie": "yes", "what": "a sister"}, form=page)
    assert checker.get(page).status_code == 403
    assert page not in checker.get("/en/review/").text
    verifier = browser(app, "reviewer@ministry.example")
    assert helpers.post(verifier, f"{page}/take", {}, form=page).status_code == 403, "who verified it does not check it"
    owner = browser(app, "owner@cafe.example")
    assert owner.get("/en/company/spot-checks/1").status_code == 404, "nothing is told yet"
    assert "A newspaper." not in owner.get(f"/en/company/{one.company_id}").text


def test_the_public_reads_no_figure_that_tells_of_a_company() -> None:
    closed = {
        2023: {"in_order": 9, "to_mend": 5, "dropped": 3},
        2024: {"in_order": 30, "suspend": 1},
        2025: {"in_order": 7},
        2026: {"in_order": 50},
        2022: {"dropped": 2},
        2021: {"in_order": 2},
    }
    assert [tuple(one) for one in told_years(closed, 2026, 5)] == [
        (2025, 7, 7), (2024, 31, None), (2023, 14, 9), (2021, 2, None),
    ]  # fmt: skip


def test_draws_come_a_page_at_a_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine invented draws, in memory alone; a page shows four."""
    days = [date(2026, 1, n) for n in range(1, 10)]
    made = [SimpleNamespace(drawn_on=day, count=1, numbers=["MPTC-2026-00001"]) for day in days]
    monkeypatch.setattr(spot_checks, "draws", lambda _session: made)
    monkeypatch.setattr(paging, "LINES", 4)
    stranger = app.test_client()
    for asked, shown in (("", days[:4]), ("?page=2", days[4:8]), ("?page=%E1%9F%A3", days[8:]), ("?page=99", days[8:])):
        page = stranger.get(f"/en/spot-checks{asked}").text
        assert [day for day in days if f"/spot-checks/{day}.json" in page] == shown, asked
    assert "/en/spot-checks?page=2" in stranger.get("/en/spot-checks?page=x").text
