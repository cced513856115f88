"""An essential point left to discretion: decided by a person with the edition's factors and a reason, shown as such."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.actions import excusing, reviewing
from compliance.actions.excusing import Excuse
from compliance.actions.judging import Judgement
from compliance.actions.under_review import under_review
from compliance.cli.demonstration import acts
from compliance.cli.recheck import derived_anew
from compliance.domain.errors import ForbiddenError, InvalidError, WrongStateError
from compliance.domain.roles import Role
from compliance.journeys.approver.letter_draft import drafted
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.people import Person, RoleRow
from compliance.store.reviews import Deciding, Ruling, Verdict, standing_recommendation
from tests.actions.cases import CAFE, Case, case, reload, to_review
from tests.actions.test_walk import refused

POINT = "gov_policy"
PARTLY = Judgement(
    Verdict.ADJUST, adjusted="partial", evidence_accepted=True, reason="not_complete", note="Not yet approved."
)
WHY = Excuse(passes=True, factors=("very_small", "approval_dated"), reason="The board meets on 12 December.")


@pytest.fixture
def one(in_app: Flask, moment: datetime, settings: Settings) -> Case:
    return case(settings, partly)


def partly(one: Case) -> None:
    to_review(one)
    acts.rule(one.hands, one.assessment_id, 0)
    with transaction() as session:
        reviewing.rule(session, one.hands.reviewer, one.assessment_id, POINT, PARTLY)


def decide(one: Case, said: Excuse) -> Ruling:
    with transaction() as session:
        return excusing.excuse(session, one.hands.reviewer, one.assessment_id, POINT, said)


def outcome(one: Case) -> tuple[str, str, str | None]:
    card = under_review(db.session(), one.assessment).verified
    return card.essentials[POINT].outcome, card.essentials[POINT].code, card.levels["award"].reached


def test_a_person_excuses_it_with_factors_and_a_reason_and_recheck_agrees(one: Case) -> None:
    assert outcome(one) == ("discretionary", "to_be_decided", None)
    with pytest.raises(InvalidError, match="undecided"):
        acts.recommend(CAFE, one.hands, one.assessment_id, 0)
    for wrong, field in (
        (Excuse(True, (), "r"), "factors"),
        (Excuse(True, ("crown",), "r"), "factors"),
        (Excuse(True, WHY.factors, " "), "reason"),
        (Excuse(False, (), "r" * 2001), "reason"),
    ):
        call = (one.hands.reviewer, one.assessment_id, POINT, wrong)
        assert refused(InvalidError, excusing.excuse, *call) == field
    elsewhere = (one.hands.reviewer, one.assessment_id, "gov_pledge", WHY)
    assert refused(InvalidError, excusing.excuse, *elsewhere) == "passes", "only what the edition leaves to discretion"
    made = decide(one, WHY)
    assert (made.factors, made.verdict, made.note) == (["approval_dated", "very_small"], Verdict.ADJUST, PARTLY.note)
    assert outcome(one)[:2] == ("pass", "decided_pass")
    assert outcome(one)[2] is not None
    acts.recommend(CAFE, one.hands, one.assessment_id, 0)
    late = (one.hands.reviewer, one.assessment_id, POINT, WHY)
    refused(WrongStateError, excusing.excuse, *late)
    recommendation = standing_recommendation(db.session(), one.assessment_id)
    assert recommendation is not None
    letter = drafted(db.session(), one.assessment, recommendation, Deciding.APPROVE)
    assert "the Ministry excused it" in letter.letter_en
    assert "The last approval has a date" in letter.letter_en
    assert "ក្រុមហ៊ុនមានបុគ្គលិកតិចជាង" in letter.letter_km
    acts.decide(one.hands, one.assessment_id, 0)
    assert {same for _name, same in derived_anew(db.session())} == {True}


def test_what_is_not_excused_fails_and_another_ruling_takes_the_decision_away(one: Case) -> None:
    decide(one, Excuse(False, (), "Nobody knows when."))
    assert outcome(one) == ("fail", "decided_fail", None)
    decide(one, WHY)
    assert outcome(one)[0] == "pass"
    with transaction() as session:
        reviewing.rule(session, one.hands.reviewer, one.assessment_id, POINT, PARTLY)
    assert outcome(one)[0] == "discretionary"
    rows = db.session.scalars(sa.select(Ruling.essential).where(Ruling.question == POINT).order_by(Ruling.id)).all()
    assert rows[-4:] == ["", "fail", "pass", ""], "the history stays"


def test_who_excused_approves_nothing_here(one: Case) -> None:
    """Also after handing the assessment back, and with the approver's role."""
    decide(one, WHY)
    ruled = sa.update(Ruling.__table__).where(Ruling.essential == "").values(ruled_by=one.hands.second.user_id)
    with transaction() as session:  # as if a colleague had made every other ruling
        session.execute(ruled)
        person = session.get_one(Person, one.hands.reviewer.user_id)
        person.roles.append(session.scalars(sa.select(RoleRow).where(RoleRow.name == Role.APPROVER)).one())
    acts.recommend(CAFE, one.hands, one.assessment_id, 0)
    with transaction() as session:
        one.assessment.reviewer_id = None
    with pytest.raises(ForbiddenError, match="four_eyes"):
        acts.decide(acts.Hands(**{**vars(one.hands), "approver": reload(one.hands.reviewer)}), one.assessment_id, 0)
