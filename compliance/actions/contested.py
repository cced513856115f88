"""What a company may contest: the decision on an assessment, or the last act on its award, until the edition's day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.scorecards import read_scorecard
from compliance.domain.appeals import CONTESTABLE, AppealKind, Figures
from compliance.domain.lifecycle import State
from compliance.store.appeals import appeal_against
from compliance.store.assessments import Assessment, assessments_of, latest_submission
from compliance.store.awards import Award, AwardDecision, awards_of
from compliance.store.reviews import (
    Deciding,
    Decision,
    Recommendation,
    Ruling,
    Verdict,
    decisions,
    standing_rulings,
)
from compliance.store.rule_changes import lifecycle_now
from questionnaires import Edition, catalogue
from questionnaires.lifecycle import Lifecycle

AWARD = "award"
DECIDED = {State.APPROVED: Deciding.APPROVE, State.REFUSED: Deciding.REFUSE}


@dataclass(frozen=True)
class Contested:
    """A decision that may be contested up to and with `until`; one of the two ids says which it is."""

    kind: AppealKind
    company_id: int
    assessment_id: int
    decided_on: date
    until: date
    decision_id: int | None = None
    award_decision_id: int | None = None
    award_id: int | None = None

    @property
    def subject(self) -> str:
        """Its own name among all that can be contested: its last day is one entry in a calendar."""
        return f"{self.decision_id or ''}:{self.award_decision_id or ''}"

    @property
    def late(self) -> bool:
        """Whether its last day has passed, on the calendar of Phnom Penh."""
        return clock.today() > self.until


def figures_of(edition_id: str) -> Figures:
    """The edition's figures for appeals, of which two hold from the day an appeal is lodged: see `figures_now`."""
    return _figures(catalogue.edition(edition_id).lifecycle)


def figures_now(session: Session, edition_id: str) -> Figures:
    """Those by which an appeal that is lodged now will be taken up and decided."""
    return _figures(lifecycle_now(session, edition_id))


def _figures(lifecycle: Lifecycle) -> Figures:
    rules = lifecycle.appeal
    return Figures(rules.within_days, rules.acknowledge_working_days, rules.decide_within_days, rules.panel_members)


def contested_decision(session: Session, assessment: Assessment) -> Contested | None:
    """The refusal of an assessment, or its award at a lower level than was claimed; None when there is neither."""
    act = DECIDED.get(assessment.state)
    made = next((one for one in reversed(decisions(session, assessment.id)) if one.act is act), None)
    if act is None or made is None:
        return None
    if act is Deciding.APPROVE and not _below_claim(session, assessment, made):
        return None
    kind = AppealKind.REFUSAL if act is Deciding.REFUSE else AppealKind.LEVEL
    day = clock.day_of(made.decided_at)
    until = figures_of(assessment.edition).last_day(day)
    return Contested(kind, assessment.company_id, assessment.id, day, until, decision_id=made.id)


def _below_claim(session: Session, assessment: Assessment, made: Decision) -> bool:
    submission = latest_submission(session, assessment.id)
    if submission is None:
        return False
    edition = catalogue.edition(assessment.edition)
    claimed = read_scorecard(submission.scorecard, edition.id).levels[AWARD].reached
    given = session.get_one(Recommendation, made.recommendation_id).level
    return rank(edition, claimed) > rank(edition, given)


def rank(edition: Edition, level: str | None) -> int:
    """The place of a level, lowest first; 0 for none."""
    return 0 if level is None else [one.id for one in edition.levels].index(level) + 1


def contested_act(session: Session, award: Award) -> Contested | None:
    """The suspension or revocation that is the last word on an award; of several awards ended together the first."""
    kind = CONTESTABLE.get(award.last_act)
    if kind is None or not award.acts or award.id != together(session, award)[0].id:
        return None
    made = award.acts[-1]
    day = clock.day_of(made.decided_at)
    until = figures_of(award.edition).last_day(day)
    about = award.company_id, award.assessment_id, day, until
    return Contested(kind, *about, award_decision_id=made.id, award_id=award.id)


def together(session: Session, award: Award) -> list[Award]:
    """The awards of one company that the last act on `award` changed, by their first days."""
    same = [one for one in awards_of(session, award.company_id) if one.acts and _same_act(one.acts[-1], award.acts[-1])]
    return sorted(same, key=lambda one: (one.starts, one.id))


def _same_act(one: AwardDecision, other: AwardDecision) -> bool:
    return (one.act, one.decided_at, one.proposed_by) == (other.act, other.decided_at, other.proposed_by)


def last_day(session: Session, found: Contested | None) -> date | None:
    """Until when a company may still appeal against it; None when it is late, when it has, and of nothing."""
    if found is None or found.late:
        return None
    known = appeal_against(session, found.decision_id, found.award_decision_id)
    return found.until if known is None or known.lodged_at is None else None


def appeal_day(session: Session, found: Contested | None) -> dict[str, date | str | None]:
    """What a letter tells of its last day, and the name under which calendars keep it; both None when there is none."""
    until = last_day(session, found)
    return {"appeal_until": until, "contests": found.subject if found and until else None}


def contestable(session: Session, company_id: int) -> list[Contested]:
    """All that a company may contest today and has not, the earliest last day first."""
    newest = assessments_of(session, company_id)
    ended = [contested_decision(session, one) for one in newest]
    acts = [contested_act(session, award) for award in awards_of(session, company_id)]
    found = [one for one in (*ended, *acts) if one is not None and last_day(session, one) is not None]
    return sorted(found, key=lambda one: (one.until, one.kind))


def questionable(session: Session, assessment_id: int) -> Mapping[str, Ruling]:
    """The rulings that a company may contest one by one: all that did not take its word."""
    rulings = standing_rulings(session, assessment_id)
    return {question: ruling for question, ruling in rulings.items() if _went_against(ruling)}


def _went_against(ruling: Ruling) -> bool:
    refused = ruling.evidence_accepted is False or ruling.na_accepted is False
    return ruling.verdict is not Verdict.CONFIRM or refused
