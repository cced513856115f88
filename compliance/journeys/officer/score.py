"""The score the company claims: level, sections, what holds it back, the reason of every point."""

from dataclasses import dataclass

from flask import render_template

from compliance.actions.scorecards import read_scorecard
from compliance.journeys import scorecard_view
from compliance.journeys.gate import current_actor
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import OPEN, Desk, open_desk
from compliance.journeys.officer.next_level import path_to_next_level
from compliance.journeys.officer.words import reader
from compliance.store.assessments import latest_submission
from compliance.store.base import db
from compliance.store.plans import plan_of
from questionnaires import Question
from scoring import Scorecard
from scoring.results import Finding


@dataclass(frozen=True)
class Point:
    """One criterion of the score, with its because."""

    question: Question
    finding: Finding
    because: str


@officer.get(f"{ASSESSMENT}/score")
def score(assessment_id: int) -> str:
    session = db.session()
    desk = open_desk(session, current_actor(), assessment_id)
    submission = None if desk.assessment.state in OPEN else latest_submission(session, assessment_id)
    card = read_scorecard(submission.scorecard, desk.edition.id) if submission else desk.score
    level = card.levels[scorecard_view.AWARD]
    return render_template(
        "officer/score.html",
        desk=desk,
        card=card,
        level=level,
        total=scorecard_view.total(card, reader()),
        aimed=scorecard_view.aimed(card),
        bars=scorecard_view.section_bars(desk.edition, card, reader()),
        ruler=scorecard_view.ruler(card, reader()),
        stopping=scorecard_view.stopping(card, reader()),
        essentials=essentials(desk, card),
        sections=points(desk, card),
        planned=plan_of(session, assessment_id),
        path=None if submission else path_to_next_level(desk),
    )


def essentials(desk: Desk, card: Scorecard) -> list[tuple[Question, str, str]]:
    """The essential criteria that apply: question, outcome and because."""
    return [
        (desk.edition.question(name), finding.outcome, finding.because(reader()))
        for name, finding in card.essentials.items()
        if finding.outcome != "does_not_apply"
    ]


def points(desk: Desk, card: Scorecard) -> list[tuple[str, list[Point]]]:
    """Every asked criterion by section."""
    sections = []
    for section in desk.edition.sections:
        here = [
            Point(question, card.findings[question.id], card.findings[question.id].because(reader()))
            for question in desk.asked_in(section.id)
            if question.id in card.findings
        ]
        if here:
            sections.append((section.title[reader()], here))
    return sections
