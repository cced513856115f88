"""One fictional company's story, told by the same actions that people use, at the moments they would."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import (
    answering,
    asking,
    awarding,
    deciding,
    hearing,
    planning,
    proposing,
    renewing,
    reviewing,
    submitting,
    uploading,
)
from compliance.actions.grounds import Why
from compliance.actions.inspecting import Inspected
from compliance.actions.judging import Judgement
from compliance.actions.scorecards import facts_of, seen_digest
from compliance.actions.submitting import Attestation
from compliance.actions.under_review import under_review
from compliance.cli.demonstration.answers import answers
from compliance.cli.demonstration.cast import Player
from compliance.cli.demonstration.documents import TITLES, document, name_for
from compliance.domain.roles import Actor
from compliance.domain.standing import AwardAct
from compliance.store.answers import answer_rows
from compliance.store.assessments import Assessment
from compliance.store.awards import Award, awards_of
from compliance.store.base import db, transaction
from compliance.store.companies import coverable
from compliance.store.evidence_files import evidence_for
from compliance.store.files import FileStore
from compliance.store.reviews import Verdict
from compliance.store.second_scorings import scorings_of
from questionnaires import Question, Reply, catalogue

DESPITE = "អ្វីដែលក្រសួងបានស្នើសុំ បានមកដល់ហើយ។ What the Ministry asked for has arrived."
MOST_COVERED = 2
"""Names that a certificate has room for beside every scope."""


@dataclass(frozen=True)
class Hands:
    """Whose hands do what in one story."""

    owner: Actor
    reviewer: Actor
    approver: Actor
    second: Actor
    files: FileStore
    public_url: str


def day(ago: int) -> datetime:
    """Ten in the morning in Phnom Penh, `ago` days before today."""
    morning = datetime.combine(clock.today() - timedelta(days=ago), time(10), clock.PHNOM_PENH)
    return min(morning, clock.now())


def fill(player: Player, hands: Hands, company_id: int, ago: int, share: float = 1.0) -> int:
    """Opens an assessment and answers the given share of it, with evidence and a plan."""
    with clock.held(day(ago)), transaction() as session:
        assessment = renewing.start(session, hands.owner, company_id)
        answer_all(session, player, hands, assessment, share)
        return assessment.id


def answer_all(session: Session, player: Player, hands: Hands, assessment: Assessment, share: float = 1.0) -> None:
    """Answers the given share of an open assessment, with evidence where none was carried over, and a plan."""
    pairs = given_by(session, player, assessment)
    give(session, player, hands, assessment, pairs[: max(1, round(len(pairs) * share))])
    plan(player, hands, assessment)


def given_by(session: Session, player: Player, assessment: Assessment) -> list[tuple[Question, Reply]]:
    """Every answer that the company gives to what it is asked."""
    edition = catalogue.edition(assessment.edition)
    return list(answers(player, edition, facts_of(session, assessment, clock.today())))


def give(
    session: Session, player: Player, hands: Hands, assessment: Assessment, pairs: Iterable[tuple[Question, Reply]]
) -> None:
    """Saves some answers, with evidence where none is there yet."""
    carried, supported = answer_rows(session, assessment.id), evidence_for(session, assessment.id)
    uploaded = {file.name: file.id for files in supported.values() for file in files}
    for question, reply in pairs:
        seen = carried[question.id].version if question.id in carried else 0
        answering.save(session, hands.owner, assessment.id, question.id, reply, seen)
        if (question.evidence.required or question.kind == "file") and question.id not in supported:
            name = name_for(question.id)
            if name in uploaded:
                uploading.link(session, hands.owner, assessment.id, question.id, uploaded[name])
            else:
                made = Inspected(name, "application/pdf", document(player.name_latin, TITLES[name]))
                stored = uploading.keep(hands.files, made)
                uploaded[name] = uploading.upload(session, hands.owner, assessment.id, question.id, stored).id


def plan(player: Player, hands: Hands, assessment: Assessment) -> None:
    due = clock.today() + timedelta(days=150)
    planning.plan(
        db.session(), hands.owner, assessment.id, "edu_awareness",
        "រៀបចំយុទ្ធនាការយល់ដឹងសម្រាប់ឪពុកម្តាយ និងសិស្ស ពីរដងក្នុងមួយឆ្នាំ", player.name_latin, due,
    )  # fmt: skip


def submit(hands: Hands, assessment_id: int, ago: int) -> None:
    """The owner signs for the company."""
    with clock.held(day(ago)), transaction() as session:
        version = session.get_one(Assessment, assessment_id).version
        submitting.submit(session, hands.owner, assessment_id, Attestation(hands.owner.name, "Director"), version)


def claim(hands: Hands, assessment_id: int, ago: int) -> None:
    """The reviewer declares no tie and takes it."""
    with clock.held(day(ago)), transaction() as session:
        reviewing.declare(session, hands.reviewer, assessment_id, has_tie=False)
        reviewing.claim(session, hands.reviewer, assessment_id, session.get_one(Assessment, assessment_id).version)


def rule(hands: Hands, assessment_id: int, ago: int, share: float = 1.0) -> None:
    """The reviewer confirms; the demonstration's companies are honest."""
    with clock.held(day(ago)), transaction() as session:
        assessment = session.get_one(Assessment, assessment_id)
        found = under_review(session, assessment)
        questions, files = found.to_rule, found.snapshot.files
        for question in questions[: max(1, round(len(questions) * share))]:
            accepted = True if files.get(question) else None
            judgement = Judgement(Verdict.CONFIRM, evidence_accepted=accepted)
            reviewing.rule(session, hands.reviewer, assessment_id, question, judgement)


def ask(hands: Hands, assessment_id: int, ago: int) -> None:
    """The reviewer wants to know more about two answers."""
    with clock.held(day(ago)), transaction() as session:
        wanted = {
            "csam_procedure": "តើនីតិវិធីនេះត្រូវបានអនុម័តនៅថ្ងៃណា? សូមភ្ជាប់ទំព័រដែលមានហត្ថលេខា។",
            "edu_staff_trained": "សូមបញ្ជាក់ចំនួនបុគ្គលិកសរុប និងចំនួនដែលបានបណ្តុះបណ្តាល។",
        }
        asking.ask(session, hands.reviewer, assessment_id, wanted)


def visit(session: Session, player: Player, hands: Hands, assessment_id: int) -> None:
    """The reviewer notes a visit where the answers reach so far."""
    if player.manner == "best":
        reviewing.note_facts(session, hands.reviewer, assessment_id, {"verification_visit_or_call_passed": True})


def recommend(player: Player, hands: Hands, assessment_id: int, ago: int) -> None:
    """The reviewer recommends, after a visit; of what two have read, the visit was noted before they finished."""
    with clock.held(day(ago)), transaction() as session:
        if not scorings_of(session, assessment_id):
            visit(session, player, hands, assessment_id)
        assessment = session.get_one(Assessment, assessment_id)
        company, seen = assessment.company, seen_digest(session, assessment)
        reviewing.recommend(
            session,
            hands.reviewer,
            assessment_id,
            scope_km=player.scope_km,
            scope_en=player.scope_en,
            not_covered_km=player.not_covered[0],
            not_covered_en=player.not_covered[1],
            note="",
            seen=seen,
            brands=coverable(company.brands, company.services)[:MOST_COVERED],
        )


def decide(hands: Hands, assessment_id: int, ago: int, *, refuse: bool = False) -> None:
    """A different person decides."""
    with clock.held(day(ago)), transaction() as session:
        reviewing.declare(session, hands.approver, assessment_id, has_tie=False)
        seen = seen_digest(session, session.get_one(Assessment, assessment_id))
        if refuse:
            reason = "ចំណុចចាំបាច់មួយចំនួនមិនទាន់បំពេញ។ Some essential points are not met yet."
            deciding.refuse(session, hands.approver, assessment_id, seen=seen, reason=reason)
        else:
            against = awarding.objections(session, session.get_one(Assessment, assessment_id).company_id)
            told, note = awarding.told(against), DESPITE if against else ""
            deciding.approve(
                session, hands.approver, assessment_id, seen=seen, public_url=hands.public_url, told=told, note=note
            )


def act_on_award(hands: Hands, company_id: int, act: AwardAct, why: Why, ago: int, statement: str = "") -> None:
    """Two people suspend, reinstate or revoke; the company states in between."""
    with clock.held(day(ago)), transaction() as session:
        award: Award = awards_of(session, company_id)[0]
        proposal = proposing.propose(session, hands.reviewer, award.id, act, why)
        if statement:
            hearing.state(session, hands.owner, proposal.id, statement)
        proposing.confirm(session, hands.second, proposal.id)


def withdraw(hands: Hands, assessment_id: int, ago: int) -> None:
    with clock.held(day(ago)), transaction() as session:
        version = session.get_one(Assessment, assessment_id).version
        submitting.withdraw(session, hands.owner, assessment_id, version)
