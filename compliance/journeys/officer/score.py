"""The score: the level and what holds it, the way to the next one, what if, and the reason of every point."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from sqlalchemy.orm import Session

from compliance.actions.aims import Proposal
from compliance.actions.scorecards import read_scorecard
from compliance.domain.lifecycle import DECIDED
from compliance.journeys import scorecard_view
from compliance.journeys.gate import current_actor
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import Desk, open_desk
from compliance.journeys.officer.next_level import path_to_level, proposal_for
from compliance.journeys.officer.petals import petals
from compliance.journeys.officer.plan import may_plan
from compliance.journeys.officer.sector import sector
from compliance.journeys.officer.what_if import what_if
from compliance.journeys.officer.words import reader
from compliance.store.assessments import latest_submission
from compliance.store.base import db
from compliance.store.plans import plan_of
from compliance.store.reviews import Deciding, Recommendation, decisions
from questionnaires import Question
from scoring import Scorecard
from scoring.results import Finding


@dataclass(frozen=True)
class Result:
    """The scorecard that a page shows. `submitted_at` when it stands as it was submitted; `claimed` beside what is
    verified."""

    card: Scorecard
    submitted_at: datetime | None = None
    claimed: Scorecard | None = None


@dataclass(frozen=True)
class Point:
    """One criterion of the score, with its because."""

    question: Question
    finding: Finding
    because: str
    essential: bool


@officer.get(f"{ASSESSMENT}/score")
def score(assessment_id: int) -> str:
    session = db.session()
    desk = open_desk(session, current_actor(), assessment_id)
    result = result_of(session, desk)
    card = result.card
    bars = scorecard_view.section_bars(desk.edition, card, reader())
    proposed = proposal_for(desk) if desk.draft else None
    way = proposed if isinstance(proposed, Proposal) else None
    planned = plan_of(session, assessment_id)
    return render_template(
        "officer/score.html",
        desk=desk,
        result=result,
        level=card.levels[scorecard_view.AWARD],
        total=scorecard_view.total(card, reader()),
        enough=enough_points(card),
        aimed=scorecard_view.aimed(card),
        bars=bars,
        petals=petals(bars),
        pair=scorecard_view.pair_bars(desk.edition, result.claimed, card, reader()) if result.claimed else None,
        pair_level=scorecard_view.paired_level(result.claimed) if result.claimed else "",
        claimed_total=scorecard_view.total(result.claimed, reader()) if result.claimed else "",
        ruler=scorecard_view.ruler(card, reader()),
        essentials=essentials(desk, card),
        stopping=stopping(card),
        sections=points(desk, card),
        path=path_to_level(desk, proposed),
        what_if=what_if(desk, way, request.args.getlist("try")) if way and way.aims else None,
        sector=sector(session, desk, result.claimed or card),
        planned=planned,
        all_planned=way is not None and way.aims.keys() <= {step.question for step in planned},
        may_plan=may_plan(session, desk),
    )


def result_of(session: Session, desk: Desk) -> Result:
    """The present claim while answers are open, then what was submitted, then what was verified."""
    submission = None if desk.draft else latest_submission(session, desk.assessment.id)
    if submission is None:
        return Result(desk.score)
    if desk.reopened:
        return Result(desk.score, submission.submitted_at)
    claimed = read_scorecard(submission.scorecard, desk.edition.id)
    made = [one for one in decisions(session, desk.assessment.id) if one.act is not Deciding.RETURN]
    if made and desk.assessment.state in DECIDED:
        recommendation = session.get_one(Recommendation, made[-1].recommendation_id)
        return Result(read_scorecard(recommendation.scorecard, desk.edition.id), submission.submitted_at, claimed)
    return Result(claimed, submission.submitted_at)


def enough_points(card: Scorecard) -> bool:
    """Whether the next level asks for points and has them, so that something else holds it."""
    level = card.levels[scorecard_view.AWARD]
    return level.next is not None and any(one.kind == "total" for one in level.rung(level.next).held)


def essentials(desk: Desk, card: Scorecard) -> Mapping[str, list[Question]]:
    """The essential criteria that apply, by their outcome: pass, fail or discretionary."""
    found: dict[str, list[Question]] = {"pass": [], "fail": [], "discretionary": []}
    for name, essential in card.essentials.items():
        if essential.outcome in found:
            found[essential.outcome].append(desk.edition.question(name))
    return found


def stopping(card: Scorecard) -> list[str]:
    """What stops the next level besides the essentials, which are told together."""
    told = {name for name, essential in card.essentials.items() if essential.outcome in {"fail", "discretionary"}}
    held = card.levels[scorecard_view.AWARD].stopping
    return list(dict.fromkeys(one.because(reader()) for one in held if one.id not in told))


def points(desk: Desk, card: Scorecard) -> list[tuple[str, list[Point]]]:
    """Every asked criterion by section."""
    sections = []
    applying = {name for name, essential in card.essentials.items() if essential.outcome != "does_not_apply"}
    for section in desk.edition.sections:
        here = [
            Point(question, finding, finding.because(reader()), question.id in applying)
            for question in desk.asked_in(section.id)
            if (finding := card.findings.get(question.id)) is not None
        ]
        if here:
            sections.append((section.title[reader()], here))
    return sections
