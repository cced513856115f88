"""The second side of an assessment that two people score: taken, ruled, finished, given up; nothing of the first is
read here."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import blind
from compliance.actions.advance import locked, require_no_part, require_reviewer, require_untied
from compliance.actions.comparing import compare
from compliance.actions.excusing import Excuse, put_excuse, undecided
from compliance.actions.judging import Judgement, check_judgement, put_ruling, said_before
from compliance.actions.notifying import notify
from compliance.actions.reviewing import seen_answer
from compliance.actions.second_reading import second_reading
from compliance.actions.under_review import UnderReview, under_review
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, StaleError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import Actor, Role
from compliance.store.assessments import Assessment
from compliance.store.audit import record
from compliance.store.people import Person
from compliance.store.second_scorings import (
    SecondRuling,
    SecondScoring,
    first_people,
    open_scoring,
    second_rulings,
)

WITH_MINISTRY = frozenset({State.SUBMITTED, State.IN_REVIEW, State.CLARIFYING})
"""The second side goes its own way: it does not wait for the first, nor for the company's reply to the first."""
LONGEST_REASON = 1_000


def may_take(session: Session, actor: Actor, assessment: Assessment) -> None:
    """Raises ForbiddenError for whoever has no right to the second side of this assessment."""
    actor.require(Role.REVIEWER)
    require_untied(session, actor, assessment)
    require_no_part(session, actor, assessment)
    if actor.user_id in first_people(session, assessment.id):
        raise ForbiddenError("other_side")


def take(session: Session, actor: Actor, assessment_id: int) -> SecondScoring:
    """The second side is this person's from now on. Whose it is already, nobody is told."""
    assessment = locked(session, assessment_id)
    may_take(session, actor, assessment)
    scoring = _open(session, assessment, "take")
    if scoring.scorer_id == actor.user_id:
        return scoring
    if scoring.scorer_id is not None:
        raise WrongStateError("take", "taken")
    scoring.scorer_id, scoring.taken_at = actor.user_id, clock.now()
    scoring.scorers = sorted({*scoring.scorers, actor.user_id or 0})
    session.flush()
    _record(session, actor, scoring, "taken")
    return scoring


def release(session: Session, actor: Actor, assessment_id: int) -> None:
    """Hands the second side back; a tie is one more reason to. What was ruled counts no more."""
    actor.require(Role.REVIEWER)
    scoring = _open(session, locked(session, assessment_id), "release")
    if scoring.scorer_id != actor.user_id:
        raise ForbiddenError("not_claimed")
    _unfinished(scoring, "release")
    blind.put_aside(session, scoring)
    # Of the scoring, not of the assessment: whoever is tied by now takes their hands off all the same.
    record(session, clock.now(), actor, "reviewer:second_scoring:released", "second_scoring", scoring.id)


def set_free(session: Session, actor: Actor, assessment_id: int, reason: str) -> None:
    """An approver frees what somebody does not finish; whoever held it is told why."""
    actor.require(Role.APPROVER)
    assessment = locked(session, assessment_id)
    require_untied(session, actor, assessment)
    if actor.user_id in first_people(session, assessment.id):
        raise ForbiddenError("other_side")
    scoring = _open(session, assessment, "set_free")
    _unfinished(scoring, "set_free")
    if scoring.scorer_id is None:
        raise WrongStateError("set_free", "free")
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise InvalidError("reason", "Give a reason, in at most %(most)s characters.", most=LONGEST_REASON)
    before = scoring.scorer_id
    blind.put_aside(session, scoring)
    entry = _record(session, actor, scoring, "set_free", before=before, reason=reason.strip())
    told = {"scoring": scoring.id, "what": "freed", "entry": entry}
    notify(session, [session.get_one(Person, before)], "second_news", f"{scoring.id}:{entry}", told)


def rule(
    session: Session, actor: Actor, assessment_id: int, question_id: str, judgement: Judgement, seen: str = ""
) -> SecondRuling:
    """As `reviewing.rule`, on the second side; the trail tells that an answer was ruled, not how."""
    assessment, scoring = _mine(session, actor, assessment_id, "rule")
    read = second_reading(session, assessment)
    check_judgement(read.snapshot, question_id, judgement)
    earlier = second_rulings(session, assessment_id).get(question_id)
    if seen and seen != seen_answer(read.submission.id, earlier):
        if earlier is not None and said_before(earlier, actor, read.snapshot, judgement):
            return earlier
        raise StaleError
    ruling = put_ruling(session, SecondRuling, earlier, actor, assessment_id, read.snapshot, question_id, judgement)
    _record(session, actor, scoring, "ruled", question=question_id)
    return ruling


def excuse(session: Session, actor: Actor, assessment_id: int, question_id: str, said: Excuse) -> SecondRuling:
    """As `excusing.excuse`, on the second side."""
    assessment, scoring = _mine(session, actor, assessment_id, "excuse")
    ruling = put_excuse(session, SecondRuling, second_reading(session, assessment), question_id, said, actor)
    _record(session, actor, scoring, "essential_decided", question=question_id)
    return ruling


def finish(session: Session, actor: Actor, assessment_id: int) -> SecondScoring:
    """The second side's last word; where the first has said its own, the two are compared."""
    assessment, scoring = _mine(session, actor, assessment_id, "finish")
    _complete(second_reading(session, assessment))
    scoring.second_done_at = clock.now()
    session.flush()
    _record(session, actor, scoring, "finished")
    compare(session, assessment, scoring)
    return scoring


def finish_first(session: Session, actor: Actor, assessment_id: int) -> SecondScoring:
    """The first side's last word; its rulings stand still until the comparison, and after it."""
    assessment = locked(session, assessment_id)
    require_reviewer(session, actor, assessment)
    if assessment.state is not State.IN_REVIEW:
        raise WrongStateError("finish", assessment.state)
    scoring = _open(session, assessment, "finish")
    if scoring.first_done_at is not None:
        return scoring
    _complete(under_review(session, assessment))
    scoring.first_done_at = clock.now()
    session.flush()
    record(session, clock.now(), actor, "reviewer:assessment:scored", "assessment", assessment.id)
    compare(session, assessment, scoring)
    return scoring


def answers_changed(session: Session, assessment: Assessment, changed: Collection[str]) -> None:
    """The company attested anew: of the second side's rulings those fall whose answers are others now. Who is told
    hears that answers changed, not what was asked."""
    scoring = open_scoring(session, assessment.id)
    if scoring is None or scoring.scorer_id is None:
        return
    fallen = [one for name, one in second_rulings(session, assessment.id).items() if name in changed]
    for one in fallen:
        one.withdrawn_at = clock.now()
    session.flush()
    again = scoring.second_done_at is not None and bool(second_reading(session, assessment).unruled)
    if again:
        scoring.second_done_at = None
    if fallen or again:
        told = {"scoring": scoring.id, "what": "changed"}
        about = f"{scoring.id}:changed:{assessment.version}"
        notify(session, [session.get_one(Person, scoring.scorer_id)], "second_news", about, told)


def _mine(session: Session, actor: Actor, assessment_id: int, step: str) -> tuple[Assessment, SecondScoring]:
    assessment = locked(session, assessment_id)
    actor.require(Role.REVIEWER)
    require_untied(session, actor, assessment)
    scoring = _open(session, assessment, step)
    if scoring.scorer_id != actor.user_id:
        raise ForbiddenError("not_claimed")
    _unfinished(scoring, step)
    return assessment, scoring


def _open(session: Session, assessment: Assessment, step: str) -> SecondScoring:
    scoring = open_scoring(session, assessment.id)
    if scoring is None:
        raise NotFoundError
    if assessment.state not in WITH_MINISTRY:
        raise WrongStateError(step, assessment.state)
    return scoring


def _unfinished(scoring: SecondScoring, step: str) -> None:
    if scoring.second_done_at is not None:
        raise WrongStateError(step, "scored")


def _complete(read: UnderReview) -> None:
    """Raises InvalidError while something waits for a word."""
    if read.unruled:
        raise InvalidError("rulings", "unruled")
    if undecided(read):
        raise InvalidError("rulings", "undecided")


def _record(session: Session, actor: Actor, scoring: SecondScoring, done: str, **said: object) -> int:
    """Who acted and on which assessment, never which way."""
    side = "staff" if done == "set_free" else "reviewer"
    tag, number = f"{side}:second_scoring:{done}", scoring.assessment_id
    return record(session, clock.now(), actor, tag, "assessment", number, scoring=scoring.id, **said).seq
