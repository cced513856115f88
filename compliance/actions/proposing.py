"""Awards are suspended, reinstated and revoked by two people: one proposes, another confirms."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import hearing
from compliance.actions.awarding import decide_on, hold_company
from compliance.actions.grounds import LONGEST_REASON, Why
from compliance.actions.notifying import company_people, notify
from compliance.actions.ties import require_no_tie, require_other_untied
from compliance.actions.two_people import close, is_confirmed_by, locked, require_second, to_withdraw
from compliance.domain.errors import InvalidError, NotFoundError, StaleError, WrongStateError
from compliance.domain.grounds import AGAINST, AT_ONCE
from compliance.domain.roles import Actor, Role
from compliance.domain.standing import LIVE, AwardAct, Standing
from compliance.store.audit import record
from compliance.store.awards import Award, AwardProposal, Outcome, awards_of, open_proposals, unclosed_proposals
from compliance.store.people import Person, people_with_role
from compliance.store.register import refresh_entry
from compliance.store.signed_heads import record_signed

ACTS_FROM = {
    AwardAct.SUSPENDED: frozenset({AwardAct.GRANTED, AwardAct.REINSTATED}),
    AwardAct.REINSTATED: frozenset({AwardAct.SUSPENDED}),
    AwardAct.REVOKED: frozenset({AwardAct.GRANTED, AwardAct.REINSTATED, AwardAct.SUSPENDED}),
}

PROPOSED = "proposed"
"""The state that a second proposal about one company is refused from."""


def covered(session: Session, award: Award, act: AwardAct) -> list[Award]:
    """The awards that an act on `award` changes, this one first: a renewal that waits to begin is ended with it."""
    today = clock.today()
    others = [one for one in awards_of(session, award.company_id) if one.id != award.id]
    waiting = [one for one in others if one.starts > today] if award.starts <= today else []
    return [one for one in (award, *waiting) if _possible(one, act)]


def _possible(award: Award, act: AwardAct) -> bool:
    return award.standing(clock.today()) in LIVE and award.last_act in ACTS_FROM.get(act, frozenset())


def numbers(awards: Sequence[Award]) -> str:
    """What a page showed as covered, to come back with the act."""
    return " ".join(sorted(award.number for award in awards))


def propose(session: Session, actor: Actor, award_id: int, act: AwardAct, why: Why) -> AwardProposal:
    """One person of the ministry proposes to suspend, reinstate or revoke; another one must confirm.

    Before a suspension or revocation the company is asked to state, unless the ground is one that does not wait.
    Raises WrongStateError while another proposal about the company's awards is open, InvalidError for what is missing.
    """
    actor.require(Role.REVIEWER, Role.APPROVER)
    award = _held(session, actor, award_id)
    _require_possible(session, award, act)
    checked = why.checked(act)
    if open_proposals(session, award.company_id):
        raise WrongStateError(act, PROPOSED)
    close(session, unclosed_proposals(session, [award.id]), Outcome.LAPSED)
    proposal = AwardProposal(
        award_id=award.id,
        act=act,
        reason=checked.reason,
        **checked.told,
        proposed_by=actor.user_id or 0,
        proposed_at=clock.now(),
    )
    session.add(proposal)
    session.flush()
    if act in AGAINST and not checked.at_once:
        hearing.ask(session, award, proposal, first=True)
    record(session, clock.now(), actor, "staff:award:proposed", "award", award.id, act=act, ground=checked.ground)
    approvers = [person for person in people_with_role(session, Role.APPROVER) if person.id != actor.user_id]
    notify(session, approvers, "proposal_waiting", str(proposal.id), {"proposal": proposal.id})
    return proposal


def confirm(session: Session, actor: Actor, proposal_id: int, seen: str | None = None) -> Award:
    """A second person, an approver, makes the proposed act real; it shows everywhere at once.

    `seen` is `numbers` of what the page showed as covered. Raises StaleError when that changed since, WrongStateError
    while the company can still be heard. The same button pressed twice finds it done, while nothing has changed since.
    """
    actor.require(Role.APPROVER)
    found = session.get(AwardProposal, proposal_id)
    if found is None:
        raise NotFoundError
    award = _held(session, actor, found.award_id)
    proposal = locked(session, AwardProposal, proposal_id)  # after the company, as whoever proposes anew
    if is_confirmed_by(proposal, actor) and award.last_act is proposal.act:
        return award
    require_second(proposal, actor)
    require_other_untied(session, proposal.proposed_by, award.company_id)
    _require_possible(session, award, proposal.act)
    hearing.require_heard(session, proposal, proposal.act)
    changed = covered(session, award, proposal.act)
    if seen is not None and seen != numbers(changed):
        raise StaleError
    close(session, [proposal], Outcome.CONFIRMED, actor)
    for one in changed:
        decide_on(session, one, proposal.act, proposal.reason, proposal.proposed_by, actor.user_id or 0, proposal.told)
        record_signed(session, actor, f"approver:award:{proposal.act}", one.id, number=one.number, **proposal.told)
    if proposal.act in AGAINST and proposal.ground in AT_ONCE:
        hearing.ask(session, award, proposal, first=False)
    close(session, unclosed_proposals(session, [one.id for one in changed]), Outcome.OVERTAKEN)
    people, told = company_people(session, award.company_id), {"award": award.id, "proposal": proposal.id}
    notify(session, people, f"award_{proposal.act}", f"{award.id}:{proposal.id}", told)
    refresh_entry(session, award.company_id)
    return award


def withdraw(session: Session, actor: Actor, proposal_id: int) -> None:
    """Whoever proposed takes it back, and may also when a tie came up since."""
    actor.require(Role.REVIEWER, Role.APPROVER)
    proposal = locked(session, AwardProposal, proposal_id)
    if not to_withdraw(proposal, actor):
        return
    close(session, [proposal], Outcome.WITHDRAWN, actor)
    hearing.drop(session, proposal.award, proposal)
    record(session, clock.now(), actor, "staff:award:proposal_withdrawn", "award", proposal.award_id, act=proposal.act)


def decline(session: Session, actor: Actor, proposal_id: int, reason: str) -> None:
    """A second person, an approver, says no: nothing changes, and something else can be proposed at once.

    It is kept as taken back, by somebody else than who proposed. Raises InvalidError without a reason.
    """
    actor.require(Role.APPROVER)
    found = session.get(AwardProposal, proposal_id)
    if found is None:
        raise NotFoundError
    award = _held(session, actor, found.award_id)
    proposal = locked(session, AwardProposal, proposal_id)
    if proposal.outcome is Outcome.WITHDRAWN and proposal.closed_by == actor.user_id != proposal.proposed_by:
        return
    require_second(proposal, actor)
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise InvalidError("reason", "Give a reason, in at most %(most)s characters.", most=LONGEST_REASON)
    close(session, [proposal], Outcome.WITHDRAWN, actor)
    hearing.drop(session, award, proposal)
    said = {"act": proposal.act, "reason": reason.strip()}
    entry = record(session, clock.now(), actor, "approver:award:proposal_declined", "award", award.id, **said)
    proposer, about = session.get_one(Person, proposal.proposed_by), {"proposal": proposal.id, "entry": entry.seq}
    notify(session, [proposer], "proposal_declined", str(proposal.id), about)


def _held(session: Session, actor: Actor, award_id: int) -> Award:
    """The award, its company's awards held against other writers; refused to whoever is tied to the company."""
    award = session.get(Award, award_id)
    if award is None:
        raise NotFoundError
    require_no_tie(session, actor, award.company_id)
    hold_company(session, award.company_id)
    session.refresh(award)
    return award


def possible_acts(session: Session, award: Award) -> list[AwardAct]:
    """What may be proposed about the award as it stands."""
    return [act for act in ACTS_FROM if is_possible(session, award, act)]


def is_possible(session: Session, award: Award, act: AwardAct) -> bool:
    """A renewal that waits is not brought back while the award in force stays suspended: nothing begins by itself."""
    today = clock.today()
    waits = award.starts > today and act is AwardAct.REINSTATED
    others = awards_of(session, award.company_id) if waits else []
    held_back = any(one.starts <= today and one.standing(today) is Standing.SUSPENDED for one in others)
    return not held_back and _possible(award, act)


def _require_possible(session: Session, award: Award, act: AwardAct) -> None:
    if not is_possible(session, award, act):
        raise WrongStateError(act, award.last_act)
