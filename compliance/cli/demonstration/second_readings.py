"""The second side of an assessment that the edition wants ruled by two reviewers; they agree."""

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import reviewing, second_scoring
from compliance.actions.excusing import Excuse
from compliance.actions.judging import Judgement
from compliance.cli.demonstration.acts import Hands, day, visit
from compliance.cli.demonstration.cast import Player
from compliance.domain.roles import Actor, Role
from compliance.store.base import transaction
from compliance.store.people import people_with_role
from compliance.store.reviews import Judged, standing_rulings
from compliance.store.second_scorings import first_people, open_scoring


def read_twice(player: Player, hands: Hands, assessment_id: int, ago: int) -> None:
    """Another reviewer says the same of every answer, and both finish; nothing under an edition without the rule."""
    with clock.held(day(ago)), transaction() as session:
        if open_scoring(session, assessment_id) is None:
            return
        visit(session, player, hands, assessment_id)
        part = first_people(session, assessment_id)
        other = next(one.actor() for one in people_with_role(session, Role.REVIEWER) if one.id not in part)
        reviewing.declare(session, other, assessment_id, has_tie=False)
        second_scoring.take(session, other, assessment_id)
        for ruling in standing_rulings(session, assessment_id).values():
            _say_the_same(session, other, ruling)
        second_scoring.finish_first(session, hands.reviewer, assessment_id)
        second_scoring.finish(session, other, assessment_id)


def _say_the_same(session: Session, other: Actor, said: Judged) -> None:
    same = Judgement(said.verdict, said.adjusted, said.evidence_accepted, said.na_accepted, said.reason, said.note)
    second_scoring.rule(session, other, said.assessment_id, said.question, same)
    if said.essential:
        excuse = Excuse(said.essential == "pass", said.factors, said.excuse)
        second_scoring.excuse(session, other, said.assessment_id, said.question, excuse)
