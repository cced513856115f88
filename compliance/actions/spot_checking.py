"""A spot check on its way: taken by a reviewer without a tie, told to the company, answered, closed with an outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import proposing
from compliance.actions.awarding import hold_company
from compliance.actions.grounds import LONGEST_REASON, Why
from compliance.actions.notifying import company_people, notify, repliers
from compliance.actions.scorecards import snapshot_of
from compliance.actions.telling_outcomes import tell_what_led_to
from compliance.actions.ties import require_no_tie
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, TakenError, WrongStateError
from compliance.domain.grounds import Ground
from compliance.domain.roles import MAY_EDIT, MAY_SIGN, Actor, Role
from compliance.domain.standing import HELD, AwardAct
from compliance.domain.working_days import add_working_days
from compliance.store.assessments import Assessment
from compliance.store.audit import record
from compliance.store.holidays import public_holidays
from compliance.store.people import Person, require_colleague_now
from compliance.store.reviews import declaration_of, has_ruled
from compliance.store.rule_changes import lifecycle_now
from compliance.store.spot_checks import Finding, SpotCheck
from questionnaires import edition

LONGEST = 4000
IN_ORDER, NOT_IN_ORDER = "in_order", "not_in_order"
OUTCOMES = (Finding.IN_ORDER, Finding.TO_MEND, Finding.SUSPEND)


@dataclass(frozen=True)
class Found:
    """What was found: of each question whether it is in order and a note, then the outcome and its reasons."""

    outcome: Finding
    answers: Mapping[str, tuple[str, str]]
    reasons: str
    mend_by: date | None = None


def take(session: Session, actor: Actor, check_id: int) -> SpotCheck:
    """Taken by a reviewer who is not tied to the company and did not verify the award; of two at once the second is
    told who was first (TakenError)."""
    actor.require(Role.REVIEWER)
    check = _held(session, actor, check_id)
    if check.checker_id == actor.user_id:
        return check
    if check.closed_at is not None:
        raise WrongStateError("take", "closed")
    if check.checker_id is not None:
        raise TakenError(taken_by(session, check.checker_id))
    _require_other_eyes(session, check, actor.user_id or 0)
    check.checker_id, check.taken_at = actor.user_id, clock.now()
    _record(session, actor, check, "reviewer:spot_check:taken")
    return check


def release(session: Session, actor: Actor, check_id: int) -> SpotCheck:
    """Handed back, with a tie too; pressed twice it is done once."""
    actor.require(Role.REVIEWER)
    check = locked_check(session, check_id)
    if check.checker_id is None:
        return check
    _require_holder(actor, check)
    if check.closed_at is not None:
        raise WrongStateError("release", "closed")
    check.checker_id = check.taken_at = None
    _record(session, actor, check, "reviewer:spot_check:released")
    return check


def answers_to_choose(session: Session, check: SpotCheck) -> list[str]:
    """The questions that the award was given for, in their order."""
    return list(snapshot_of(session, session.get_one(Assessment, check.award.assessment_id)).asked)


def proposed_due(session: Session, check: SpotCheck) -> date:
    """By when the edition lets the company answer."""
    days = lifecycle_now(session, check.award.edition).spot_checks.answer_working_days
    return add_working_days(clock.today(), days, public_holidays(session))


def tell(
    session: Session, actor: Actor, check_id: int, questions: tuple[str, ...], asked: str, due_on: date
) -> SpotCheck:
    """The company learns what is looked at and by when it answers. Once: what was told stays as it was told."""
    check = _for_checker(session, actor, check_id)
    if check.told_at is not None:
        raise WrongStateError("tell", "told")
    _require_in_force(check)
    known = answers_to_choose(session, check)
    if not questions or not set(questions) <= set(known):
        raise InvalidError("questions", "Choose at least one answer.")
    if not 0 < len(asked.strip()) <= LONGEST:
        raise InvalidError(
            "asked", "Write what the company is to have ready, in at most %(most)s characters.", most=LONGEST
        )
    if not clock.today() < due_on <= add_working_days(clock.today(), 60, public_holidays(session)):
        raise InvalidError("due_on", "Enter a day after today, at most 60 working days ahead.")
    check.questions = [name for name in known if name in questions]
    check.asked, check.due_on, check.told_at = asked.strip(), due_on, clock.now()
    _record(session, actor, check, "reviewer:spot_check:told", questions=check.questions, due_on=due_on.isoformat())
    notify(session, repliers(session, check.company_id), "spot_check_told", str(check.id), {"check": check.id})
    tell_what_led_to(session, check.id)
    return check


def reply(session: Session, actor: Actor, check_id: int, text: str) -> SpotCheck:
    """The company's answer; as long as nothing was found it may write it anew."""
    check = locked_check(session, check_id)
    require_colleague_now(session, actor, check.company_id, MAY_EDIT | MAY_SIGN)
    if check.told_at is None:
        raise NotFoundError
    if check.closed_at is not None:
        raise WrongStateError("reply", "closed")
    if not 0 < len(text.strip()) <= LONGEST:
        raise InvalidError("reply", "Write your answer, in at most %(most)s characters.", most=LONGEST)
    if text.strip() == check.reply:
        return check
    check.reply, check.replied_by, check.replied_at = text.strip(), actor.user_id, clock.now()
    _record(session, actor, check, "officer:spot_check:replied")
    checker = session.get(Person, check.checker_id) if check.checker_id else None
    about = f"{check.id}:{check.replied_at.isoformat()}"
    notify(session, [checker] if checker else [], "spot_check_replied", about, {"check": check.id})
    return check


def find(session: Session, actor: Actor, check_id: int, found: Found) -> SpotCheck:
    """The outcome. In order ends it; what is to be mended stays open until it is; to suspend makes the proposal that a
    second person confirms.

    Raises InvalidError for what is missing, WrongStateError before the company was told or while another proposal
    about the company's awards is open.
    """
    check = _for_checker(session, actor, check_id)
    if check.told_at is None:
        raise WrongStateError("find", "not_told")
    _require_in_force(check)
    _check_answers(check, found)
    _check_outcome(check, found)
    check.findings = {name: {"said": said, "note": note.strip()} for name, (said, note) in found.answers.items()}
    check.outcome, check.reasons = found.outcome, found.reasons.strip()
    check.mend_by = found.mend_by if found.outcome is Finding.TO_MEND else None
    check.found_by, check.found_at = actor.user_id, clock.now()
    if found.outcome is Finding.SUSPEND:
        proposal = proposing.propose(session, actor, check.award_id, AwardAct.SUSPENDED, _why(found.reasons))
        check.proposal_id = proposal.id
    if found.outcome is not Finding.TO_MEND:
        check.closed_by, check.closed_at = actor.user_id, clock.now()
    _record(session, actor, check, "reviewer:spot_check:found", outcome=found.outcome)
    people = company_people(session, check.company_id)
    about = f"{check.id}:{check.found_at.isoformat()}"
    notify(session, people, "spot_check_found", about, {"check": check.id})
    return check


def _why(reasons: str) -> Why:
    """The reasons stay between the company and the Ministry; everybody reads that a spot check led to it."""
    return Why(
        Ground.SPOT_CHECK,
        reasons.strip(),
        "ការពិនិត្យដោយចៃដន្យបានរកឃើញថា អ្វីដែលបានផ្ទៀងផ្ទាត់មិនមានទៀតទេ។",
        "A spot check found that what had been verified is no longer there.",
    )


def drop(session: Session, actor: Actor, check_id: int) -> SpotCheck:
    """Closes a check of an award that has ended meanwhile: there is nothing left to look at."""
    check = _for_checker(session, actor, check_id)
    if check.award.standing(clock.today()) in HELD:
        raise WrongStateError("drop", "in_force")
    check.outcome, check.found_by, check.found_at = Finding.DROPPED, actor.user_id, clock.now()
    check.mend_by, check.closed_by, check.closed_at = None, actor.user_id, clock.now()
    _record(session, actor, check, "reviewer:spot_check:found", outcome=Finding.DROPPED)
    tell_what_led_to(session, check.id)
    return check


def own_check(session: Session, actor: Actor, check_id: int) -> SpotCheck:
    """A check that the actor's company was told of. Raises NotFoundError for strangers and before it was told."""
    check = session.get(SpotCheck, check_id)
    if check is None or check.told_at is None:
        raise NotFoundError
    actor.require_company(check.company_id)
    return check


def check_for_review(session: Session, actor: Actor, check_id: int) -> SpotCheck:
    """A check as the Ministry reads it. Raises ForbiddenError for whoever is tied to the company."""
    actor.require(Role.REVIEWER, Role.APPROVER)
    check = session.get(SpotCheck, check_id)
    if check is None:
        raise NotFoundError
    require_no_tie(session, actor, check.company_id)
    return check


def taken_by(session: Session, person_id: int) -> str:
    """The name to tell of whoever was quicker."""
    return session.get_one(Person, person_id).full_name


def _check_answers(check: SpotCheck, found: Found) -> None:
    if found.answers.keys() != set(check.questions) or any(
        said not in {IN_ORDER, NOT_IN_ORDER} for said, _note in found.answers.values()
    ):
        raise InvalidError("answers", "Say of each answer whether it is in order.")
    if any(said != IN_ORDER and not note.strip() for said, note in found.answers.values()):
        raise InvalidError("answers", "Write beside each answer that is not in order what is missing.")
    if any(len(note) > LONGEST for _said, note in found.answers.values()):
        raise InvalidError("answers", "Use at most %(length)s characters.", length=LONGEST)


def _check_outcome(check: SpotCheck, found: Found) -> None:
    wrong = any(said != IN_ORDER for said, _note in found.answers.values())
    if found.outcome not in OUTCOMES:
        raise InvalidError("outcome", "Choose an outcome.")
    if wrong and found.outcome is Finding.IN_ORDER:
        raise InvalidError("outcome", "An answer is not in order: choose another outcome.")
    if not wrong and found.outcome is not Finding.IN_ORDER:
        raise InvalidError("outcome", "Every answer is in order: say so, or mark what is not.")
    if found.outcome is not Finding.IN_ORDER and not found.reasons.strip():
        raise InvalidError("reasons", "Give a reason; the company will read it.")
    longest = LONGEST_REASON if found.outcome is Finding.SUSPEND else LONGEST
    if len(found.reasons.strip()) > longest:
        raise InvalidError("reasons", "Use at most %(length)s characters.", length=longest)
    most = edition(check.award.edition).lifecycle.spot_checks.mend_days
    ahead = (found.mend_by - clock.today()).days if found.mend_by else 0
    if found.outcome is Finding.TO_MEND and not 0 < ahead <= most:
        raise InvalidError("mend_by", "Enter a day after today, at most %(days)s days ahead.", days=most)


def _for_checker(session: Session, actor: Actor, check_id: int) -> SpotCheck:
    """Whoever was given it by a colleague says first that they have no tie."""
    check = _held(session, actor, check_id)
    _require_holder(actor, check)
    if check.closed_at is not None:
        raise WrongStateError("spot_check", "closed")
    if declaration_of(session, check.award.assessment_id, actor.user_id or 0) is None:
        raise ForbiddenError("not_declared")
    return check


def _held(session: Session, actor: Actor, check_id: int) -> SpotCheck:
    """The company first, then the check, as every act on awards holds them; refused to whoever is tied."""
    found = session.get(SpotCheck, check_id)
    if found is None:
        raise NotFoundError
    require_no_tie(session, actor, found.company_id)
    hold_company(session, found.company_id)
    return locked_check(session, check_id)


def locked_check(session: Session, check_id: int) -> SpotCheck:
    """A check, held until the transaction ends."""
    found = session.get(SpotCheck, check_id, with_for_update={"of": SpotCheck}, populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


def _require_holder(actor: Actor, check: SpotCheck) -> None:
    actor.require(Role.REVIEWER)
    if check.checker_id != actor.user_id:
        raise ForbiddenError("not_claimed")


def _require_in_force(check: SpotCheck) -> None:
    if check.award.standing(clock.today()) not in HELD:
        raise WrongStateError("spot_check", check.award.standing(clock.today()))


def _require_other_eyes(session: Session, check: SpotCheck, person_id: int) -> None:
    """Who verified the answers does not look whether that was right."""
    if has_ruled(session, check.award.assessment_id, person_id):
        raise ForbiddenError("four_eyes")


def _record(session: Session, actor: Actor, check: SpotCheck, tag: str, **content: object) -> None:
    session.flush()
    record(session, clock.now(), actor, tag, "spot_check", check.id, **{"award": check.award_id, **content})
