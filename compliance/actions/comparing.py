"""Two scorings of one assessment side by side: whether they agree, and where they do not."""

from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy.orm import Session

from compliance.actions import blind
from compliance.actions.notifying import notify
from compliance.actions.ties import untied
from compliance.actions.under_review import UnderReview, under_review
from compliance.domain.roles import Role
from compliance.store.assessments import Assessment
from compliance.store.people import Person, people_with_role
from compliance.store.reviews import Judged
from compliance.store.second_scorings import (
    SecondScoring,
    Settled,
    first_people,
    scorers_of,
    second_rulings,
)
from questionnaires import edition
from scoring import Scorecard

AWARD = "award"
COMPARED = ("verdict", "adjusted", "evidence_accepted", "na_accepted", "essential")
"""What makes two rulings differ; words alone do not."""


@dataclass(frozen=True)
class Both:
    """The two readings of one submission, with the same facts of the Ministry."""

    first: UnderReview
    second: UnderReview

    @property
    def differing(self) -> tuple[str, ...]:
        """The answers that both ruled, each in another way; in the order of the questionnaire."""
        one, other = self.first.rulings, self.second.rulings
        both = [name for name in self.first.snapshot.asked if name in one and name in other]
        return tuple(name for name in both if differ(one[name], other[name]))

    @property
    def agree(self) -> bool:
        """The level is the same, and the points are as near as the edition wants them."""
        cards = self.first.verified, self.second.verified
        near = edition(self.first.assessment.edition).lifecycle.second_scoring.tolerance_points
        return level_of(cards[0]) == level_of(cards[1]) and abs(points_of(cards[0]) - points_of(cards[1])) <= near


def differ(one: Judged, other: Judged) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in COMPARED)


def level_of(card: Scorecard) -> str | None:
    return card.levels[AWARD].reached


def points_of(card: Scorecard) -> Fraction:
    """Of all sections together; none count as nothing."""
    return card.nodes[str(card.rubric.levels[AWARD].of)].value or Fraction(0)


def both_readings(session: Session, assessment: Assessment) -> Both:
    first = under_review(session, assessment)
    return Both(first, replace(first, rulings=second_rulings(session, assessment.id)))


def compare(session: Session, assessment: Assessment, scoring: SecondScoring) -> None:
    """Once both are done: settled where they agree, else a third person is looked for. A second scorer who is tied to
    the company by now does not count, and somebody else begins anew."""
    if not scoring.to_moderate:
        return
    if not untied(session, scoring.scorer_id or 0, assessment.company_id):
        blind.put_aside(session, scoring)
        reviewers = people_with_role(session, Role.REVIEWER)
        notify(session, reviewers, "second_waiting", f"{scoring.id}:tie", {"scoring": scoring.id})
        return
    both = both_readings(session, assessment)
    cards = both.first.verified, both.second.verified
    scoring.first_level, scoring.second_level = (level_of(card) for card in cards)
    scoring.first_points, scoring.second_points = (f"{float(points_of(card)):.2f}" for card in cards)
    if both.agree:
        blind.close(scoring, Settled.AGREED)
        tell_holder(session, assessment, scoring)
    else:
        _look_for_a_third(session, scoring)
    session.flush()


def tell_holder(session: Session, assessment: Assessment, scoring: SecondScoring) -> None:
    """Whoever holds the assessment goes on."""
    holder = session.get(Person, assessment.reviewer_id) if assessment.reviewer_id else None
    about = f"{scoring.id}:{scoring.settled or scoring.times_back}"
    notify(session, [holder] if holder else [], "scoring_settled", about, {"scoring": scoring.id})


def _look_for_a_third(session: Session, scoring: SecondScoring) -> None:
    part = first_people(session, scoring.assessment_id) | scorers_of(session, scoring.assessment_id)
    people = {one.id: one for role in (Role.APPROVER, Role.REVIEWER) for one in people_with_role(session, role)}
    told = [one for number, one in people.items() if number not in part]
    notify(session, told, "moderation_waiting", f"{scoring.id}:{scoring.times_back}", {"scoring": scoring.id})
