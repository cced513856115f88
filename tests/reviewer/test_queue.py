"""The queue of reviewers: what waits, sifted and sorted by its address, taken by one, handed over with a reason."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from compliance.actions import changing, handing_over, reviewing, spot_drawing
from compliance.cli.demonstration import acts
from compliance.domain.errors import ForbiddenError, InvalidError, StaleError, TakenError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import Actor, Role
from compliance.jobs.facts import told_now
from compliance.journeys.reviewer.queue_asked import SORTS, Asked, in_order, read_address
from compliance.journeys.reviewer.queue_items import Item
from compliance.settings import Settings
from compliance.store.assessments import Assessment
from compliance.store.audit import AuditEntry
from compliance.store.awards import Award
from compliance.store.base import db, transaction
from compliance.store.companies import Company
from compliance.store.outbox import Notice
from questionnaires import current
from tests import helpers
from tests.actions.cases import Case, case, person, to_award
from tests.actions.test_walk import refused
from tests.actions.tying import address

TODAY = date(2026, 12, 1)
PARTS = ("q", "show", "what", "due", "level", "kind", "mark", "sort", "page")
LINE = Item("assessment", 1, "free", 1, "ក", "Alpha", ("isp",), "takeo", "2026", TODAY, TODAY, 3, "silver", Decimal(70))


def lines() -> list[Item]:
    return [
        replace(LINE, id=1, name_latin="Alpha", days=3),
        replace(LINE, id=2, name_latin="Beta", days=-2, level="gold", points=Decimal(90), signs=("first_champion",)),
        replace(LINE, id=3, name_latin="Gamma", days=20, kinds=("hosting",), renews=True, level=None),
        replace(LINE, id=4, name_latin="Delta", days=1, signs=("incident_declared",), came=TODAY - timedelta(days=9)),
        replace(LINE, id=5, name_latin="Eta", what="change", days=None, level=None, points=None),
    ]


def shown(query: str) -> list[int]:
    asked = read_address(MultiDict(part.split("=") for part in query.split("&") if part))
    return [item.id for item in in_order(filter(asked.takes, lines()), asked.sort, "en")]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [2, 4, 1, 3, 5]), ("q=ALP", [1]), ("due=late", [2]), ("due=soon", [4, 1]), ("due=later", [3, 5]),
        ("level=gold", [2]), ("level=none", [3, 5]), ("kind=hosting", [3]), ("mark=high", [4]), ("mark=renewal", [3]),
        ("what=change", [5]), ("sort=points", [2, 4, 1, 3, 5]), ("sort=risk", [4, 2, 1, 3, 5]),
        ("sort=age", [4, 2, 1, 3, 5]), ("sort=name", [1, 2, 4, 5, 3]),
        ("kind=z&level=x&sort=y&page=-1", [2, 4, 1, 3, 5]),
    ],
)  # fmt: skip
def test_the_address_says_which_lines_and_in_which_order(query: str, ids: list[int]) -> None:
    assert shown(query) == ids


@given(
    st.dictionaries(st.sampled_from(["q", "show", "what", "due", "level", "kind", "mark", "sort", "page"]), st.text())
)
def test_no_address_is_wrong_and_no_order_loses_a_line(typed: dict[str, str]) -> None:
    asked = read_address(MultiDict(typed))
    assert asked.sort in SORTS
    assert read_address(MultiDict(re.findall(r"(\w+)=(\w*)", Asked(page=asked.page).address(page=2)))).page == 2
    assert sorted(item.id for item in in_order(lines(), asked.sort, "km")) == [1, 2, 3, 4, 5]


@pytest.fixture
def one(app: Flask, settings: Settings, moment: datetime) -> Case:
    with app.app_context():
        made = case(settings)
        acts.submit(made.hands, made.assessment_id, 0)
        return made


def reviewer(app: Flask, name: str = "other") -> tuple[FlaskClient, Actor]:
    with app.app_context():
        who = person(f"{name}@ministry.example", Role.REVIEWER)
    client = app.test_client()
    helpers.sign_in(client, f"{name}@ministry.example")
    return client, who


def take(client: FlaskClient, one: Case) -> str:
    """Declares no tie, then presses Take; the address that follows."""
    page = f"/en/review/{one.assessment_id}"
    sent = helpers.post(client, f"{page}/claim", {"version": "99"}, form="/en/review/")
    if sent.headers["Location"].endswith("/declare"):
        sent = helpers.post(client, f"{page}/declare", {"tie": "no", "version": str(version(client, one))})
    return str(sent.headers["Location"])


def version(client: FlaskClient, one: Case) -> int:
    with client.application.app_context():
        return one.assessment.version


def test_a_submission_shows_what_it_claims_and_how_far_it_is(app: Flask, one: Case) -> None:
    client, _who = reviewer(app)
    page = client.get("/en/review/").text
    with app.app_context():
        claimed = one.assessment.claimed
    assert claimed is not None
    assert f"claims {claimed['points'].removesuffix('.0')} points" in page
    assert "First time" in page
    assert "Free to take" in page
    assert take(client, one).endswith(f"/review/{one.assessment_id}")
    mine = client.get("/en/review/?show=mine").text
    assert f"0 of {claimed['asked']} ruled" in mine
    assert "Test Café" not in client.get("/en/review/?show=free").text
    assert "Test Café" not in client.get("/en/review/?q=zebra").text
    assert "ហាងអ៊ីនធឺណិត តេស្ត" in client.get("/km/review/?kind=internet_cafe&mark=first&level=xyz").text


def test_of_two_who_take_at_once_the_second_is_told_who(app: Flask, one: Case) -> None:
    first, who = reviewer(app, "bopha")
    second, _other = reviewer(app, "dara")
    take(first, one)
    told = helpers.post(
        second, f"/en/review/{one.assessment_id}/declare", {"tie": "no", "version": str(version(second, one))}
    )
    assert "bopha took it a moment before you." in second.get(told.headers["Location"]).text
    again = helpers.post(second, f"/en/review/{one.assessment_id}/claim", {"version": "1"}, form="/en/account/")
    assert "bopha took it a moment before you." in second.get(again.headers["Location"]).text
    with app.app_context():
        assert one.assessment.reviewer_id == who.user_id
        with pytest.raises(TakenError), transaction() as session:
            reviewing.claim(session, _other, one.assessment_id, one.assessment.version)


def test_a_review_is_handed_over_with_a_reason_that_both_are_told(app: Flask, one: Case) -> None:
    first, _who = reviewer(app, "bopha")
    second, other = reviewer(app, "dara")
    take(first, one)
    page = f"/en/review/{one.assessment_id}/hand-over"
    form = {"to": str(other.user_id), "version": str(version(first, one))}
    blank = helpers.post(first, page, {**form, "reason": " "})
    assert blank.status_code == 422
    assert "Give a reason." in blank.text
    assert second.get(page).status_code == 403, "only whoever holds it"
    assert helpers.post(first, page, {**form, "reason": "On leave <b>"}).status_code == 302
    mine = second.get("/en/review/?show=mine").text
    assert "From bopha: On leave &lt;b&gt;" in mine
    with app.app_context():
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.tag == "staff:assessment:handed_over")).one()
        assert "On leave" in entry.content
        notice = db.session.scalars(sa.select(Notice).where(Notice.kind == "review_handed_over")).one()
        told = told_now(db.session(), notice)
        assert told is not None
        assert (told.email, told.values["reason"]) == ("dara@ministry.example", "On leave <b>")
        assert refused(ForbiddenError, reviewing.note_facts, other, one.assessment_id, {}) == "not_declared"
    tie = helpers.post(
        second, f"/en/review/{one.assessment_id}/declare", {"tie": "yes", "what": "a sister", "version": "0"}
    )
    assert tie.status_code == 302
    with app.app_context():
        assert (one.assessment.state, one.assessment.reviewer_id) == (State.SUBMITTED, None), "it is free again"
        notice = db.session.scalars(sa.select(Notice).where(Notice.kind == "review_handed_over")).one()
        assert told_now(db.session(), notice) is None


def test_nobody_is_given_what_they_are_tied_to_and_an_approver_may_give(app: Flask, one: Case) -> None:
    first, _who = reviewer(app, "bopha")
    take(first, one)
    with app.app_context():
        tied, declared, free = (person(f"{name}@ministry.example", Role.REVIEWER) for name in ("a", "b", "c"))
        with transaction() as session:
            address(session, tied, "cafe.example")
            reviewing.declare(session, declared, one.assessment_id, has_tie=True, tie="a cousin")
        seen, give = one.assessment.version, handing_over.hand_over
        for who in (tied, declared, one.hands.approver):
            assert refused(InvalidError, give, one.hands.approver, one.assessment_id, who.user_id, "x", seen) == "to"
        assert refused(ForbiddenError, give, free, one.assessment_id, free.user_id, "x", seen) == "not_claimed"
        refused(StaleError, give, one.hands.approver, one.assessment_id, free.user_id, "x", seen + 1)
        with transaction() as session:
            give(session, one.hands.approver, one.assessment_id, free.user_id or 0, "Ill.", seen)
        assert one.assessment.reviewer_id == free.user_id
        told = db.session.scalars(sa.select(Notice.email).where(Notice.kind == "review_handed_over"))
        assert set(told) == {"bopha@ministry.example", "c@ministry.example"}
        with transaction() as session:
            assessment = session.get_one(Assessment, one.assessment_id)
            assessment.reviewer_id = None
        refused(WrongStateError, give, one.hands.approver, one.assessment_id, free.user_id, "x", one.assessment.version)


def test_change_requests_and_spot_checks_stand_in_the_same_list(
    app: Flask, settings: Settings, moment: datetime
) -> None:
    with app.app_context():
        one = case(settings, to_award)
        with transaction() as session:
            company = session.get_one(Company, one.company_id)
            changing.ask(session, one.hands.owner, company, {"name_latin": "Other Café"})
            award = session.scalars(sa.select(Award)).one().id
            spot_drawing.open_spot_check(session, one.hands.approver, award, "said")
        verifier = app.test_client()
        helpers.sign_in(verifier, "reviewer@ministry.example")
    client, _who = reviewer(app)
    page = client.get("/en/review/").text
    assert "/en/review/changes/1" in page
    assert "/en/review/spot-checks/1" in page
    only = client.get("/en/review/?what=spot_check").text
    assert "/en/review/changes/1" not in only
    assert "/en/review/spot-checks/1" in only
    assert "You verified this award." in verifier.get("/en/review/?what=spot_check").text


def test_signs_of_risk_are_weighed_by_the_edition(app: Flask, settings: Settings, moment: datetime) -> None:
    rule = current().rules.risk
    weights = {sign.id: sign.weight for sign in rule.signs}
    assert weights["first_champion"] + weights["children_use_it"] >= rule.high_from
    assert weights["children_use_it"] < rule.high_from
    with app.app_context():
        one = case(settings)
        acts.submit(one.hands, one.assessment_id, 0)
        claimed = one.assessment.claimed
        assert claimed is not None
        gold = claimed["level"] == "gold"
        assert ("first_champion" in claimed["signs"]) == gold
    client, _who = reviewer(app)
    assert ("Higher risk</span>" in client.get("/en/review/").text) == (
        sum(weights[sign] for sign in claimed["signs"]) >= rule.high_from
    )


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What the database is asked inside the block."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(engine, "before_cursor_execute", note)


def test_a_thousand_assessments_cost_no_statement_more_and_score_nothing(app: Flask, one: Case) -> None:
    client, _who = reviewer(app)
    with statements(app) as few:
        short = client.get("/en/review/").data
    with app.app_context():
        multiply(one, 1000)
    with statements(app) as many:
        answer = client.get("/en/review/?sort=risk")
        assert len(many) <= len(few), set(many) - set(few)
        assert not any("FROM submissions" in statement for statement in many), "no frozen document is read"
    assert "1,001" in answer.text, "all are counted"
    assert len(answer.data) < len(short) + 60_000, "and ten of them shown"
    assert client.get("/en/review/?show=free&page=21").text.count('<li class="cp-q">') == 1


def multiply(one: Case, count: int) -> None:
    """So many more companies with an assessment that waits."""
    companies, assessments = Company.__table__, Assessment.__table__
    with transaction() as session:
        company = dict(session.execute(sa.select(companies)).mappings().one())
        waiting = dict(session.execute(sa.select(assessments)).mappings().one())
        first = max(company["id"], waiting["id"]) + 1
        numbers = range(first, first + count)
        more = {"registration_number": "R{}", "slug": "s{}", "name_latin": "Company {}"}
        session.execute(
            sa.insert(companies),
            [{**company, "id": n, **{name: text.format(n) for name, text in more.items()}} for n in numbers],
        )
        due = waiting["review_due_on"]
        session.execute(
            sa.insert(assessments),
            [{**waiting, "id": n, "company_id": n, "review_due_on": due + timedelta(days=n % 60)} for n in numbers],
        )
    db.session.remove()
