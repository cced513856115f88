"""Who is awarded is who the approver saw: a company that changes meanwhile is not awarded under another name."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from certificates import CertificateFacts
from compliance import clock
from compliance.actions import changing, deciding, reviewing
from compliance.actions.companies import edit_company
from compliance.actions.company_details import CompanyDetails
from compliance.actions.likeness import alike
from compliance.actions.scorecards import seen_digest, snapshot_of
from compliance.domain.errors import DomainError, InvalidError, StaleError
from compliance.domain.lifecycle import State
from compliance.settings import Settings
from compliance.store.awards import awards_of, holding_certificate
from compliance.store.base import db, transaction
from compliance.store.changes import open_change
from compliance.store.companies import PUBLIC, Company, public_details
from questionnaires import current
from tests.actions.cases import CAFE, Case, case, to_recommended, to_review
from tests.actions.test_walk import refused
from tests.conftest import MOMENT
from tests.helpers import company as other_company
from tests.helpers import person
from tests.public.world import Made, give_award

KINDS = {kind.id for kind in current().kinds}
AS_IT_IS = CompanyDetails(CAFE.name_km, CAFE.name_latin, "T-1", CAFE.kinds, CAFE.workers, CAFE.province)
OTHER = {
    "name_km": "ហាងផ្សេង", "name_latin": "Another Shop", "registration_number": "T-77",
    "province": "kep", "website": "https://another.example/",
}  # fmt: skip


@pytest.fixture
def cafe(in_app: Flask, settings: Settings, moment: datetime) -> Case:
    return case(settings)


def edit(session: Session, cafe: Case, **changes: object) -> None:
    edit_company(session, cafe.hands.owner, cafe.company_id, replace(AS_IT_IS, **changes), KINDS)


def approve(session: Session, cafe: Case, seen: str) -> None:
    deciding.approve(session, cafe.hands.approver, cafe.assessment_id, seen=seen, public_url="http://localhost")


def recommended(cafe: Case) -> str:
    """The digest of what the approver's page shows."""
    to_recommended(cafe)
    with transaction() as session:
        reviewing.declare(session, cafe.hands.approver, cafe.assessment_id, has_tie=False)
    return seen_digest(db.session(), cafe.assessment)


def test_the_submission_says_who_submits(cafe: Case) -> None:
    to_review(cafe)
    said = snapshot_of(db.session(), cafe.assessment).content["company"]
    assert said == public_details(db.session.get_one(Company, cafe.company_id))
    assert set(said) == set(PUBLIC)


def test_whatever_of_a_company_changes_after_the_page_was_read_stops_the_decision(cafe: Case) -> None:
    seen = recommended(cafe)
    for name, value in OTHER.items():
        with transaction() as session:
            edit(session, cafe, **{name: value})
        refused(StaleError, approve, cafe, seen)
        refused(StaleError, deciding.refuse, cafe.hands.approver, cafe.assessment_id, seen=seen, reason="No.")
        with transaction() as session:
            edit(session, cafe)
    with transaction() as session:
        approve(session, cafe, seen)
    assert cafe.assessment.state is State.APPROVED


def test_what_a_company_does_stays_while_its_answers_are_with_the_ministry(cafe: Case) -> None:
    with transaction() as session:
        edit(session, cafe, kinds=(*CAFE.kinds, "isp"))
        edit(session, cafe)
    seen = recommended(cafe)
    assert refused(InvalidError, edit, cafe, kinds=(*CAFE.kinds, "isp")) == "kinds"
    # Around the form, and where an assessment is reopened: what was never asked about is not awarded.
    with transaction() as session:
        session.get_one(Company, cafe.company_id).kinds = [*CAFE.kinds, "isp"]
    seen = seen_digest(db.session(), cafe.assessment)
    assert refused(InvalidError, approve, cafe, seen) == "act"
    assert awards_of(db.session(), cafe.company_id) == []


def test_kinds_are_not_confirmed_while_answers_for_others_are_with_the_ministry(cafe: Case) -> None:
    with transaction() as session:
        company = session.get_one(Company, cafe.company_id)
        give_award(session, company, Made("cafe", "ហាង", "Café", "internet_cafe", "kep", "bronze", clock.today()), 1)
        edit(session, cafe, kinds=(*CAFE.kinds, "isp"))
    to_review(cafe)
    with transaction() as session:
        edit(session, cafe, kinds=(*CAFE.kinds, "isp"), website="https://asked.example/")
    asked = open_change(db.session(), cafe.company_id)
    assert asked is not None
    confirm = partial(changing.confirm, public_url="http://localhost")
    assert refused(InvalidError, confirm, cafe.hands.reviewer, asked.id) == "kinds"
    assert refused(InvalidError, edit, cafe, kinds=(*CAFE.kinds, "platform")) == "kinds"


def test_what_the_reviewer_recommends_is_whom_the_page_named(cafe: Case) -> None:
    to_review(cafe)
    from_page = seen_digest(db.session(), cafe.assessment)
    with transaction() as session:
        edit(session, cafe, name_latin="Another Shop")
    assert seen_digest(db.session(), cafe.assessment) != from_page


def meanwhile(app: Flask, first: Callable[[Session], None], second: Callable[[Session], None]) -> list[str]:
    """`first` in a transaction that stays open until `second` has begun to wait for it; what came of each."""
    began, outcomes = threading.Event(), {}

    def run(name: str, act: Callable[[Session], None], *, stays: bool) -> None:
        with app.app_context(), clock.held(MOMENT):
            try:
                with transaction() as session:
                    act(session)
                    began.set()
                    if stays:
                        other.start()
                        other.join(0.7)
                outcomes[name] = "done"
            except DomainError as error:
                outcomes[name] = type(error).__name__
            finally:
                db.session.remove()

    other = threading.Thread(target=run, args=("second", second), kwargs={"stays": False})
    holder = threading.Thread(target=run, args=("first", first), kwargs={"stays": True})
    holder.start()
    holder.join()
    other.join()
    db.session.expire_all()
    return [outcomes["first"], outcomes["second"]]


def awarded_name(cafe: Case) -> str:
    [award] = awards_of(db.session(), cafe.company_id)
    return CertificateFacts.from_json(holding_certificate(db.session(), award.id).facts).company.en


def test_an_edit_that_waited_for_the_award_is_asked_for(in_app: Flask, cafe: Case) -> None:
    seen = recommended(cafe)
    db.session.remove()
    outcomes = meanwhile(
        in_app,
        lambda session: approve(session, cafe, seen),
        lambda session: edit(session, cafe, name_latin="Another Shop"),
    )
    assert outcomes == ["done", "done"]
    assert awarded_name(cafe) == CAFE.name_latin
    assert db.session.get_one(Company, cafe.company_id).name_latin == CAFE.name_latin
    asked = open_change(db.session(), cafe.company_id)
    assert asked is not None
    assert asked.after == {"name_latin": "Another Shop"}


def test_an_award_that_waited_for_an_edit_is_not_granted(in_app: Flask, cafe: Case) -> None:
    seen = recommended(cafe)
    db.session.remove()
    outcomes = meanwhile(
        in_app,
        lambda session: edit(session, cafe, name_latin="Another Shop"),
        lambda session: approve(session, cafe, seen),
    )
    assert outcomes == ["done", "StaleError"]
    assert awards_of(db.session(), cafe.company_id) == []


def test_who_may_be_taken_for_another_is_found(cafe: Case) -> None:
    owner = person("someone@else.example")
    near = other_company(owner, name_latin="Test  Cafe 2", registration_number="A 1")
    numbered = other_company(owner, name_latin="Lotus Mills", registration_number="T1")
    other_company(owner, name_latin="Far Away Hosting", registration_number="B 7")
    found = alike(db.session(), cafe.company_id, [CAFE.name_km, CAFE.name_latin], "T-1")
    assert [one.id for one in found] == [near.id, numbered.id]
    assert alike(db.session(), cafe.company_id, ["", " "], "-") == []
