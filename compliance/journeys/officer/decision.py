"""The decision: what was decided and why, point by point."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template

from compliance.actions.scorecards import read_scorecard, snapshot_of
from compliance.domain.errors import NotFoundError
from compliance.journeys import scorecard_view
from compliance.journeys.gate import current_actor
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import Desk, open_desk
from compliance.journeys.officer.words import reader
from compliance.store.awards import awards_of
from compliance.store.base import db
from compliance.store.reviews import Deciding, Recommendation, Ruling, decisions, standing_rulings
from questionnaires import Question, Reply
from scoring import Scorecard


@dataclass(frozen=True)
class Point:
    """One criterion: what the company answered, what the reviewer found, what it earned and why."""

    question: Question
    reply: Reply | None
    ruling: Ruling | None
    outcome: str
    because: str


@officer.get(f"{ASSESSMENT}/decision")
def decision(assessment_id: int) -> str:
    session = db.session()
    desk = open_desk(session, current_actor(), assessment_id)
    final = [made for made in decisions(session, assessment_id) if made.act is not Deciding.RETURN]
    if not final or not desk.ended:
        raise NotFoundError
    recommendation = session.get_one(Recommendation, final[-1].recommendation_id)
    verified = read_scorecard(recommendation.scorecard, desk.edition.id)
    return render_template(
        "officer/decision.html",
        total=scorecard_view.total(verified, reader()),
        aimed=scorecard_view.aimed(verified),
        bars=scorecard_view.section_bars(desk.edition, verified, reader()),
        desk=desk,
        decision=final[-1],
        verified=verified,
        level=recommendation.level,
        award=next(
            (award for award in awards_of(session, desk.company.id) if award.assessment_id == assessment_id), None
        ),
        points=points(
            desk, verified, standing_rulings(session, assessment_id), snapshot_of(session, desk.assessment).replies
        ),
    )


def points(desk: Desk, verified: Scorecard, rulings: Mapping[str, Ruling], replies: Mapping[str, Reply]) -> list[Point]:
    """What was asked, in order, as it was decided."""
    lang = reader()
    sections = []
    for question in desk.asked:
        finding = verified.findings.get(question.id)
        outcome = finding.outcome if finding else ""
        because = finding.because(lang) if finding else ""
        sections.append(Point(question, replies.get(question.id), rulings.get(question.id), outcome, because))
    return sections
