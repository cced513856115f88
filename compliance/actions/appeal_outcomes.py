"""What a panel's decision brings about: an assessment reopened, an act on an award undone, or nothing; who is told."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.awarding import decide_on
from compliance.actions.contested import together
from compliance.actions.notifying import company_people, notify
from compliance.actions.reopening import reopen
from compliance.domain.appeals import ASSESSED, OUTCOMES, AppealKind, AppealOutcome, Right, majority
from compliance.domain.roles import Actor, CompanyRole, Role
from compliance.domain.standing import AwardAct
from compliance.store.appeal_parts import parts_in
from compliance.store.appeals import Appeal, AppealSeat, act_contested, shut_out
from compliance.store.audit import record
from compliance.store.awards import Award, Outcome, unclosed_proposals
from compliance.store.people import people_with_role
from compliance.store.register import refresh_entry
from compliance.store.signed_heads import record_signed


def decide(session: Session, actor: Actor, appeal: Appeal, seats: Sequence[AppealSeat]) -> None:
    """Closes an appeal by the votes of a whole panel; its company and the award are held. `actor` voted last."""
    won = majority([seat.vote for seat in seats if seat.vote is not None])
    majority_seats = sorted((seat for seat in seats if seat.vote is won), key=lambda seat: (seat.voted_at, seat.id))
    outcome = OUTCOMES[won]
    findings = _findings(appeal, seats)
    reasons = "\n\n".join(seat.reasons for seat in majority_seats)
    if outcome is AppealOutcome.UPHELD:
        appeal.shut_out = sorted({*parts_in(session, appeal), *(seat.person_id for seat in seats)})
        _uphold(session, actor, appeal, findings, reasons, (majority_seats[0].person_id, majority_seats[-1].person_id))
    appeal.findings, appeal.reasons = findings, reasons
    first = next((seat for seat in majority_seats if seat.public_reason), None)
    if first is not None:
        appeal.public_reason, appeal.public_reason_en = first.public_reason, first.public_reason_en
    appeal.outcome, appeal.closed_at = outcome, clock.now()
    session.flush()
    votes = {"for": len(majority_seats), "of": len(seats)}
    record(
        session, clock.now(), actor, f"panel:appeal:{outcome}", "assessment", appeal.assessment_id, appeal=appeal.id,
        kind=appeal.kind, **votes,
    )  # fmt: skip
    if appeal.kind not in ASSESSED:
        refresh_entry(session, appeal.company_id)
    _tell(session, appeal)


def _findings(appeal: Appeal, seats: Sequence[AppealSeat]) -> dict[str, dict[str, object]]:
    """On every ground what most members found, with the words of those who did."""
    found: dict[str, dict[str, object]] = {}
    for question in appeal.grounds:
        said = [seat.findings[question] for seat in seats]
        company = sum(one["right"] == Right.COMPANY for one in said)
        right = Right.COMPANY if 2 * company > len(said) else Right.MINISTRY
        found[question] = {"right": right.value, "because": [one["because"] for one in said if one["right"] == right]}
    return found


def _uphold(
    session: Session,
    actor: Actor,
    appeal: Appeal,
    findings: dict[str, dict[str, object]],
    reasons: str,
    two: tuple[int, int],
) -> None:
    """`two` are the first and the last of the majority: what happens to an award is the word of two people."""
    match appeal.kind:
        case AppealKind.REFUSAL:
            right = [question for question, one in findings.items() if one["right"] == Right.COMPANY]
            reopen(session, actor, appeal, right)
        case AppealKind.LEVEL:
            pass  # the award holds as it is; a new assessment is read by others (`shut_out`)
        case AppealKind.SUSPENSION | AppealKind.REVOCATION:
            _give_back(session, actor, appeal, reasons, two)


def _give_back(session: Session, actor: Actor, appeal: Appeal, reasons: str, two: tuple[int, int]) -> None:
    """The awards that the act ended hold again, unless something else was decided on them since."""
    made = act_contested(session, appeal)
    award = session.get(Award, made.award_id) if made else None
    if made is None or award is None or award.acts[-1].id != made.id:
        return
    changed = together(session, award)
    for one in changed:
        decide_on(session, one, AwardAct.REINSTATED, reasons, *two)
        session.expire(one, ["acts"])
        record_signed(session, actor, "panel:award:reinstated", one.id, number=one.number, appeal=appeal.id)
    for proposal in unclosed_proposals(session, [one.id for one in changed]):
        proposal.closed_at, proposal.outcome = clock.now(), Outcome.OVERTAKEN


def _tell(session: Session, appeal: Appeal) -> None:
    """The company's owners and signatories; of what is reopened, those who may review it."""
    people = company_people(session, appeal.company_id, CompanyRole.OWNER, CompanyRole.SIGNATORY)
    notify(session, people, f"appeal_{appeal.outcome}", str(appeal.id), {"appeal": appeal.id})
    if appeal.outcome is AppealOutcome.UPHELD and appeal.kind is AppealKind.REFUSAL:
        out = shut_out(session, appeal.assessment)
        fresh = [person for person in people_with_role(session, Role.REVIEWER) if person.id not in out]
        notify(session, fresh, "appeal_reopened", str(appeal.id), {"appeal": appeal.id})
