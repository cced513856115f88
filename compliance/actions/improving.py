"""The way to the next level becomes a plan at one press; what is still open goes along into the next assessment."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import aims
from compliance.actions.aims import Aim, Proposal
from compliance.actions.claims import Claim, claim_of
from compliance.actions.planning import LONGEST_NAME, held, stamp
from compliance.domain.errors import StaleError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.pacing import due_days
from compliance.domain.roles import MAY_EDIT, Actor, CompanyRole
from compliance.domain.standing import IN_FORCE
from compliance.store.answers import answer_rows
from compliance.store.assessments import Assessment
from compliance.store.audit import record
from compliance.store.awards import awards_of
from compliance.store.holidays import public_holidays
from compliance.store.people import colleagues
from compliance.store.plans import PlanStep, plan_of
from compliance.store.rule_changes import lifecycle_now
from questionnaires import Edition, catalogue


def make_plan(
    session: Session, actor: Actor, assessment_id: int, proposed: Proposal | None, read: Claim, seen: str
) -> int:
    """Writes the steps of a way that the plan does not hold yet; returns how many are new.

    `proposed` was worked out from `read`, outside the transaction; `seen` is the digest of the way on the officer's
    page. A step that is there already keeps its words, owner and day; only its aim follows the way. Raises StaleError
    when the way or an answer has changed since, WrongStateError when the answers are closed.
    """
    assessment = held(session, actor, assessment_id)
    if assessment.state is not State.DRAFT:
        raise WrongStateError("plan", assessment.state)
    if proposed is None or proposed.digest != seen:
        raise StaleError
    if not claim_of(session, assessment, read.facts.submission_date).same_answers(read):
        raise StaleError
    steps = {step.question: step for step in plan_of(session, assessment_id) if step.question}
    new = [question for question in proposed.aims if question not in steps]
    for question in proposed.aims.keys() & steps.keys():
        _raise_aim(session, actor, steps[question], proposed.aims[question])
    _add(session, actor, assessment, {question: proposed.aims[question] for question in new})
    if new:
        about = {"level": proposed.path.reaches, "questions": new}
        record(session, clock.now(), actor, "officer:assessment:plan_made", "assessment", assessment_id, **about)
    return len(new)


def _raise_aim(session: Session, actor: Actor, step: PlanStep, aim: Aim) -> None:
    if step.aim != aim.stored():
        step.aim = aim.stored()
        stamp(session, actor, step)


def _add(session: Session, actor: Actor, assessment: Assessment, wanted: Mapping[str, Aim]) -> None:
    days, owners = suggested_days(session, assessment, len(wanted)), suggested_owners(session, assessment)
    for (question, aim), day in zip(wanted.items(), days, strict=True):
        step = PlanStep(assessment_id=assessment.id, question=question, action="", due_on=day, aim=aim.stored())
        step.responsible = owners(question)
        stamp(session, actor, step)


def suggested_days(session: Session, assessment: Assessment, count: int) -> list[date]:
    """A day for each step, as far apart as the edition gives time for a reply, and before the award in force ends.

    Without an award: before a draft that nobody finishes is asked after.
    """
    rules, today = lifecycle_now(session, assessment.edition), clock.today()
    award = next((one for one in awards_of(session, assessment.company_id) if one.standing(today) in IN_FORCE), None)
    idle = timedelta(days=rules.review.idle_draft_reminder_after_days)
    until = award.ends if award else clock.day_of(assessment.opened_at) + idle
    pace = rules.review.more_information_reply_working_days
    return due_days(today, count, pace, until if until > today else None, public_holidays(session))


def suggested_owners(session: Session, assessment: Assessment) -> Callable[[str], str]:
    """Who should do a step: whoever answered the question last, else an editor, else an owner."""
    able = [one for one in colleagues(session, assessment.company_id) if one.role in MAY_EDIT and one.person.active]
    able.sort(key=lambda one: one.role is not CompanyRole.EDITOR)
    names = {one.person_id: (one.person.full_name or one.person.email)[:LONGEST_NAME] for one in able}
    rows, first = answer_rows(session, assessment.id), next(iter(names.values()), "")

    def owner(question: str) -> str:
        row = rows.get(question)
        return names.get(row.saved_by, first) if row is not None else first

    return owner


def carry(session: Session, actor: Actor, earlier: Assessment, assessment: Assessment) -> int:
    """Steps that are still open go along into the company's next assessment; returns how many.

    A step whose question the new edition does not ask becomes one of the company's own, if it has words.
    """
    edition = catalogue.edition(assessment.edition)
    steps = [step for step in plan_of(session, earlier.id) if step.done_on is None]
    enough = reached(session, earlier, steps)
    copied = [_copied(edition, assessment.id, step) for step in steps if step.question not in enough]
    kept = [step for step in copied if step.question or step.action]
    for step in kept:
        stamp(session, actor, step)
    if kept:
        about = {"earlier": earlier.id, "steps": len(kept)}
        record(session, clock.now(), actor, "officer:assessment:plan_carried", "assessment", assessment.id, **about)
    return len(kept)


def reached(session: Session, assessment: Assessment, steps: Sequence[PlanStep]) -> frozenset[str]:
    """Questions whose steps need nothing more, by the answers as they are stored today."""
    wanted = {step.question: aims.read(step.aim) for step in steps if step.question}
    if not wanted:
        return frozenset()
    claim = claim_of(session, assessment, clock.today())
    asked = {question.id for question in claim.asked}
    return aims.standing(claim.edition, claim.subject, claim.card, wanted, asked).reached


def _copied(edition: Edition, assessment_id: int, step: PlanStep) -> PlanStep:
    fits = bool(step.question) and aims.fits(edition, step.question, aims.read(step.aim))
    copied = PlanStep(assessment_id=assessment_id, question=step.question if fits else "", action=step.action)
    copied.responsible, copied.due_on, copied.aim = step.responsible, step.due_on, step.aim if fits else None
    return copied
