"""The lifecycle led by real actions on a real store: what must be possible, and what must be refused at every step."""

import json
import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from certificates import CertificateFacts
from compliance import clock
from compliance.actions import answering, asking, deciding, proposing, reviewing, submitting
from compliance.actions.judging import Judgement
from compliance.actions.scorecards import seen_digest
from compliance.actions.submitting import Attestation
from compliance.actions.under_review import under_review
from compliance.cli.demonstration import acts
from compliance.domain.errors import (
    DomainError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    OutstandingError,
    StaleError,
    WrongStateError,
)
from compliance.domain.lifecycle import State
from compliance.domain.roles import Role
from compliance.domain.standing import AwardAct, Standing
from compliance.settings import Settings
from compliance.store import audit
from compliance.store.answers import answer_rows
from compliance.store.assessments import Submission, latest_submission
from compliance.store.awards import Award, AwardDecision, Certificate, awards_of, holding_certificate
from compliance.store.base import db, transaction
from compliance.store.outbox import Notice
from compliance.store.people import Person, role_row
from compliance.store.register import change_number, entry_by_slug
from compliance.store.reviews import Decision, Verdict, standing_recommendation, standing_rulings
from questionnaires import Reply
from tests.actions.cases import CAFE, Case, case, person, to_award, to_recommended, to_review
from tests.helpers import entries_about, why

SIGNED = Attestation("Sok Dara", "Owner")


@pytest.fixture
def cafe(in_app: Flask, moment: datetime, settings: Settings) -> Case:
    return case(settings)


def refused(error: type[DomainError], act: Callable[..., object], *arguments: object, **named: object) -> object:
    """Runs the act in a transaction of its own; returns the field, reason or items that its refusal names."""

    def run() -> None:
        with transaction() as session:
            act(session, *arguments, **named)

    with pytest.raises(error) as caught:
        run()
    found = vars(caught.value)
    return found.get("field") or found.get("reason") or found.get("items")


def test_submit_freezes_and_a_second_click_changes_nothing(cafe: Case) -> None:
    stranger, version = person("stranger@else.example"), cafe.assessment.version
    refused(NotFoundError, submitting.submit, stranger, cafe.assessment_id, SIGNED, version)
    refused(InvalidError, submitting.submit, cafe.hands.owner, cafe.assessment_id, Attestation("", "x"), version)
    refused(StaleError, submitting.submit, cafe.hands.owner, cafe.assessment_id, SIGNED, version + 7)
    acts.submit(cafe.hands, cafe.assessment_id, 0)
    digest = latest_submission(db.session(), cafe.assessment_id).digest  # type: ignore[union-attr]
    refused(WrongStateError, submitting.submit, cafe.hands.owner, cafe.assessment_id, SIGNED, version)
    save = partial(answering.save, question_id="gov_policy", reply=Reply("no"), seen_version=1)
    refused(WrongStateError, save, cafe.hands.owner, cafe.assessment_id)
    assert latest_submission(db.session(), cafe.assessment_id).digest == digest  # type: ignore[union-attr]
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), transaction() as session:
        session.execute(sa.update(Submission).values(digest="0" * 64))


def test_what_is_left_blocks_submission(cafe: Case) -> None:
    with transaction() as session:
        row = answer_rows(session, cafe.assessment_id)["csam_terms"]
        answering.save(session, cafe.hands.owner, cafe.assessment_id, "csam_terms", Reply(None), row.version)
    version = cafe.assessment.version
    left = refused(OutstandingError, submitting.submit, cafe.hands.owner, cafe.assessment_id, SIGNED, version)
    assert isinstance(left, tuple)
    assert [item.question for item in left] == ["csam_terms"]


def test_reviewers_declare_before_they_read_and_a_tie_locks_them_out(cafe: Case) -> None:
    acts.submit(cafe.hands, cafe.assessment_id, 0)
    tied, version = person("tied@ministry.example", Role.REVIEWER), cafe.assessment.version
    assert refused(ForbiddenError, reviewing.claim, tied, cafe.assessment_id, version) == "not_declared"
    refused(InvalidError, reviewing.declare, tied, cafe.assessment_id, has_tie=True)
    with transaction() as session:
        reviewing.declare(session, tied, cafe.assessment_id, has_tie=True, tie="my sister works there")
        reviewing.declare(session, tied, cafe.assessment_id, has_tie=False)
    assert refused(ForbiddenError, reviewing.claim, tied, cafe.assessment_id, version) == "tie"
    acts.claim(cafe.hands, cafe.assessment_id, 0)
    confirm = Judgement(Verdict.CONFIRM, evidence_accepted=True)
    other = person("other@ministry.example", Role.REVIEWER)
    with transaction() as session:
        reviewing.declare(session, other, cafe.assessment_id, has_tie=False)
    refused(WrongStateError, reviewing.claim, other, cafe.assessment_id, version)
    refused(ForbiddenError, reviewing.rule, other, cafe.assessment_id, "gov_policy", confirm)


def test_rulings_must_say_enough(cafe: Case) -> None:
    to_review(cafe)
    rule = partial(refused, InvalidError, reviewing.rule, cafe.hands.reviewer, cafe.assessment_id)
    assert rule("lea_hotline_agreement", Judgement(Verdict.CONFIRM)) == "question"
    assert rule("gov_policy", Judgement(Verdict.CONFIRM)) == "evidence"
    assert rule("gov_policy", Judgement(Verdict.ADJUST, evidence_accepted=True)) == "adjusted"
    assert rule("gov_policy", Judgement(Verdict.NOT_SUPPORTED)) == "reason"
    assert rule("gov_policy", Judgement(Verdict.NOT_SUPPORTED, reason="other")) == "note"
    with transaction() as session:
        reviewing.rule(
            session, cafe.hands.reviewer, cafe.assessment_id, "gov_policy",
            Judgement(Verdict.ADJUST, adjusted="partial", evidence_accepted=True, reason="not_in_force", note="draft"),
        )  # fmt: skip
        first = standing_rulings(session, cafe.assessment_id)["gov_policy"].id
        reviewing.rule(
            session, cafe.hands.reviewer, cafe.assessment_id, "gov_policy",
            Judgement(Verdict.CONFIRM, evidence_accepted=True),
        )  # fmt: skip
    assert standing_rulings(db.session(), cafe.assessment_id)["gov_policy"].id != first
    recommend = partial(reviewing.recommend, scope_km="ក", scope_en="a", note="", seen="")
    refused(InvalidError, recommend, cafe.hands.reviewer, cafe.assessment_id)
    refused(InvalidError, reviewing.note_facts, cafe.hands.reviewer, cafe.assessment_id, {"is_champion": True})


def test_a_clarification_reopens_only_what_was_asked(cafe: Case) -> None:
    to_review(cafe)
    acts.rule(cafe.hands, cafe.assessment_id, 0)
    refused(InvalidError, asking.ask, cafe.hands.reviewer, cafe.assessment_id, {"csam_procedure": "  "})
    refused(InvalidError, asking.ask, cafe.hands.reviewer, cafe.assessment_id, {"edu_free_access": "why?"})
    acts.ask(cafe.hands, cafe.assessment_id, 0)
    rows = answer_rows(db.session(), cafe.assessment_id)
    save = partial(refused, ForbiddenError, answering.save, cafe.hands.owner, cafe.assessment_id)
    save("gov_policy", Reply("partial"), rows["gov_policy"].version)
    first = latest_submission(db.session(), cafe.assessment_id)
    with transaction() as session:
        answering.save(
            session, cafe.hands.owner, cafe.assessment_id, "csam_procedure", Reply("partial"),
            rows["csam_procedure"].version,
        )  # fmt: skip
    version = cafe.assessment.version
    refused(InvalidError, submitting.reply, cafe.hands.owner, cafe.assessment_id, " ", SIGNED, version)
    with transaction() as session:
        submitting.reply(session, cafe.hands.owner, cafe.assessment_id, "Approved in May.", SIGNED, version)
    second = latest_submission(db.session(), cafe.assessment_id)
    assert first is not None
    assert second is not None
    before, after = json.loads(first.content)["answers"], json.loads(second.content)["answers"]
    assert {question for question in before if before[question] != after[question]} == {"csam_procedure"}
    left = set(under_review(db.session(), cafe.assessment).unruled)
    assert left == {"csam_procedure", "edu_staff_trained"}


def test_clarification_rounds_are_limited(cafe: Case) -> None:
    to_review(cafe)
    for _round in range(2):
        acts.ask(cafe.hands, cafe.assessment_id, 0)
        with transaction() as session:
            submitting.reply(session, cafe.hands.owner, cafe.assessment_id, "Here.", SIGNED, cafe.assessment.version)
    refused(ForbiddenError, asking.ask, cafe.hands.reviewer, cafe.assessment_id, {"csam_procedure": "again?"})


def test_two_different_people_and_what_they_saw(cafe: Case) -> None:
    to_recommended(cafe)
    approve = partial(deciding.approve, public_url="http://localhost")
    seen = seen_digest(db.session(), cafe.assessment)
    reviewer = cafe.hands.reviewer
    refused(ForbiddenError, approve, reviewer, cafe.assessment_id, seen=seen)
    with transaction() as session:
        both = session.get_one(Person, reviewer.user_id)
        both.roles = [role_row(session, Role.APPROVER)]
    turned = db.session.get_one(Person, reviewer.user_id, populate_existing=True).actor()
    assert refused(ForbiddenError, approve, turned, cafe.assessment_id, seen=seen) == "four_eyes"
    refused(ForbiddenError, approve, cafe.hands.approver, cafe.assessment_id, seen=seen)
    administrator = person("admin@ministry.example", Role.ADMINISTRATOR)
    refused(ForbiddenError, approve, administrator, cafe.assessment_id, seen=seen)
    with transaction() as session:
        reviewing.declare(session, cafe.hands.approver, cafe.assessment_id, has_tie=False)
    refused(StaleError, approve, cafe.hands.approver, cafe.assessment_id, seen="0" * 64)
    refused(InvalidError, deciding.refuse, cafe.hands.approver, cafe.assessment_id, seen=seen, reason=" ")
    with transaction() as session:
        approve(session, cafe.hands.approver, cafe.assessment_id, seen=seen)
    refused(WrongStateError, approve, cafe.hands.approver, cafe.assessment_id, seen=seen)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Award)) == 1


def test_the_database_itself_wants_two_people(cafe: Case) -> None:
    to_recommended(cafe)
    recommendation = standing_recommendation(db.session(), cafe.assessment_id)
    assert recommendation is not None
    alone = dict.fromkeys(("recommended_by", "decided_by"), cafe.hands.reviewer.user_id)
    values = {"assessment_id": cafe.assessment_id, "recommendation_id": recommendation.id, "decided_at": clock.now()}
    with pytest.raises(sa.exc.IntegrityError, match="four_eyes"), transaction() as session:
        session.execute(sa.insert(Decision).values(act="approve", reason="", **values, **alone))


def test_an_award_is_granted_whole(cafe: Case) -> None:
    to_award(cafe)
    award = awards_of(db.session(), cafe.company_id)[0]
    certificate = holding_certificate(db.session(), award.id)
    facts = CertificateFacts.from_json(certificate.facts)
    entry = entry_by_slug(db.session(), award.company.slug, clock.today())
    assert (award.level, award.standing(clock.today())) == ("gold", Standing.CURRENT)
    assert (award.ends.year - award.starts.year, facts.number, facts.issued) == (2, award.number, award.starts)
    assert facts.verify_url == f"http://localhost/verify/{award.number}"
    assert entry is not None
    assert (entry.level, entry.number) == ("gold", award.number)
    kinds = set(db.session.scalars(sa.select(Notice.kind)))
    assert {"assessment_submitted", "review_waiting", "decision_waiting", "award_granted"} <= kinds
    tags = [entry.tag for entry in entries_about(db.session(), "assessment", cafe.assessment_id)]
    assert tags[-1] == "approver:assessment:approved"
    assert list(audit.verify(db.session())) == []


def test_returned_and_refused(cafe: Case) -> None:
    to_recommended(cafe)
    with transaction() as session:
        reviewing.declare(session, cafe.hands.approver, cafe.assessment_id, has_tie=False)
        seen = seen_digest(session, cafe.assessment)
        deciding.send_back(session, cafe.hands.approver, cafe.assessment_id, seen=seen, reason="look again")
    assert cafe.assessment.state is State.IN_REVIEW
    assert standing_recommendation(db.session(), cafe.assessment_id) is None
    acts.recommend(CAFE, cafe.hands, cafe.assessment_id, 0)
    refused(StaleError, deciding.refuse, cafe.hands.approver, cafe.assessment_id, seen=seen, reason="no")
    acts.decide(cafe.hands, cafe.assessment_id, 0, refuse=True)
    assert cafe.assessment.state is State.REFUSED
    assert awards_of(db.session(), cafe.company_id) == []


def test_nothing_to_grant_without_the_essentials(cafe: Case) -> None:
    to_review(cafe)
    acts.rule(cafe.hands, cafe.assessment_id, 0)
    judgement = Judgement(Verdict.NOT_SUPPORTED, reason="not_found", note="no such policy")
    with transaction() as session:
        reviewing.rule(session, cafe.hands.reviewer, cafe.assessment_id, "gov_policy", judgement)
    acts.recommend(CAFE, cafe.hands, cafe.assessment_id, 0)
    with transaction() as session:
        reviewing.declare(session, cafe.hands.approver, cafe.assessment_id, has_tie=False)
    seen = seen_digest(db.session(), cafe.assessment)
    approve = partial(deciding.approve, seen=seen, public_url="http://localhost")
    refused(InvalidError, approve, cafe.hands.approver, cafe.assessment_id)


def test_suspended_reinstated_revoked_by_two_people(cafe: Case) -> None:
    to_award(cafe)
    award, before = awards_of(db.session(), cafe.company_id)[0], change_number(db.session())
    refused(
        WrongStateError,
        proposing.propose,
        cafe.hands.second,
        award.id,
        AwardAct.REINSTATED,
        why(AwardAct.REINSTATED, "x"),
    )
    refused(
        InvalidError, proposing.propose, cafe.hands.second, award.id, AwardAct.SUSPENDED, why(AwardAct.SUSPENDED, " ")
    )
    refused(NotFoundError, proposing.propose, cafe.hands.second, 99, AwardAct.SUSPENDED, why(AwardAct.SUSPENDED, "x"))
    refused(
        ForbiddenError, proposing.propose, cafe.hands.owner, award.id, AwardAct.SUSPENDED, why(AwardAct.SUSPENDED, "x")
    )
    with transaction() as session:
        proposal = proposing.propose(
            session, cafe.hands.second, award.id, AwardAct.SUSPENDED, why(AwardAct.SUSPENDED, "late")
        ).id
    assert refused(ForbiddenError, proposing.confirm, cafe.hands.second, proposal) == "four_eyes"
    refused(ForbiddenError, proposing.confirm, cafe.hands.reviewer, proposal)
    with transaction() as session:
        proposing.confirm(session, cafe.hands.approver, proposal)
    with transaction() as session:
        proposing.confirm(session, cafe.hands.approver, proposal)
    assert len(db.session.get_one(Award, award.id).acts) == 2, "granted and suspended: the button pressed twice is once"
    refused(NotFoundError, proposing.confirm, cafe.hands.approver, 99)
    assert awards_of(db.session(), cafe.company_id)[0].standing(clock.today()) is Standing.SUSPENDED
    assert change_number(db.session()) > before
    acts.act_on_award(cafe.hands, cafe.company_id, AwardAct.REINSTATED, why(AwardAct.REINSTATED, "done"), 0)
    acts.act_on_award(cafe.hands, cafe.company_id, AwardAct.REVOKED, why(AwardAct.REVOKED, "false"), 0)
    acts_told = list(db.session.scalars(sa.select(AwardDecision.act).order_by(AwardDecision.id)))
    assert acts_told == ["granted", "suspended", "reinstated", "revoked"]
    assert awards_of(db.session(), cafe.company_id)[0].standing(clock.today()) is Standing.REVOKED


def test_twenty_approvals_at_once_give_one_award(cafe: Case, in_app: Flask) -> None:
    to_recommended(cafe)
    with transaction() as session:
        for approver in (cafe.hands.approver, cafe.hands.second):
            reviewing.declare(session, approver, cafe.assessment_id, has_tie=False)
    seen = seen_digest(db.session(), cafe.assessment)
    db.session.remove()
    outcomes: list[str] = []

    def approve(number: int) -> None:
        actor = cafe.hands.approver if number % 2 else cafe.hands.second
        with in_app.app_context():
            try:
                with transaction() as session:
                    deciding.approve(session, actor, cafe.assessment_id, seen=seen, public_url="http://localhost")
                outcomes.append("granted")
            except (WrongStateError, StaleError):
                outcomes.append("too late")

    threads = [threading.Thread(target=approve, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["granted", *["too late"] * 19]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Certificate)) == 1


def test_withdrawn_and_released(cafe: Case) -> None:
    to_review(cafe)
    version = cafe.assessment.version
    with transaction() as session:
        reviewing.release(session, cafe.hands.reviewer, cafe.assessment_id, version)
    assert (cafe.assessment.state, cafe.assessment.reviewer_id) == (State.SUBMITTED, None)
    acts.withdraw(cafe.hands, cafe.assessment_id, 0)
    assert cafe.assessment.state is State.WITHDRAWN
