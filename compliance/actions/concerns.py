"""The ministry handles a concern: says that it arrived, asks the company, closes it; or locks away what is a case."""

import hashlib
from contextlib import suppress
from datetime import timedelta

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.awarding import hold_company
from compliance.actions.grounds import LONGEST_PUBLIC, Why
from compliance.actions.notifying import company_people, notify
from compliance.actions.proposing import propose
from compliance.actions.raising import days_of, tell_raiser
from compliance.actions.spot_drawing import open_spot_check
from compliance.actions.telling_outcomes import tell_outcome
from compliance.actions.ties import require_no_tie
from compliance.domain.concerns import HEARD_BEFORE, ConcernOutcome
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, WrongStateError
from compliance.domain.grounds import Ground
from compliance.domain.khmer_order import has_khmer
from compliance.domain.roles import MAY_EDIT, MAY_SIGN, Actor, CompanyRole, Role
from compliance.domain.standing import AwardAct
from compliance.store.appeal_parts import parts_in_assessment
from compliance.store.audit import record
from compliance.store.concerns import Concern, forget_addresses, is_kept_too_long
from compliance.store.errors import QuarantinedFileError
from compliance.store.files import FileStore
from compliance.store.holidays import public_holidays
from compliance.store.people import people_with_role, require_colleague_now
from compliance.store.spot_checks import Cause

HANDLES = (Role.REVIEWER, Role.APPROVER)
MAY_REPLY = MAY_EDIT | MAY_SIGN
LONGEST = 4_000
ADDRESSES_KEPT = timedelta(days=30)
"""After the outcome, for a question about it; then nobody knows any more who raised it."""


def concern_for_staff(session: Session, actor: Actor, concern_id: int) -> Concern:
    """A concern, for whoever has no tie to its company. Raises ForbiddenError, NotFoundError."""
    actor.require(*HANDLES)
    found = session.get(Concern, concern_id)
    if found is None:
        raise NotFoundError
    require_no_tie(session, actor, found.company_id)
    return found


def _held(session: Session, concern_id: int) -> Concern:
    found = session.get(Concern, concern_id, with_for_update={"of": Concern}, populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


def _to_act_on(session: Session, actor: Actor, concern_id: int, act: str) -> Concern:
    actor.require(*HANDLES)
    _held(session, concern_id)
    found = concern_for_staff(session, actor, concern_id)
    if not found.open:
        raise WrongStateError(act, str(found.outcome))
    return found


def acknowledge(session: Session, actor: Actor, concern_id: int) -> Concern:
    """A person has read it, and whoever raised it hears so; of two, the first is kept."""
    found = _to_act_on(session, actor, concern_id, "acknowledge")
    _acknowledge(session, actor, found)
    return found


def _acknowledge(session: Session, actor: Actor, concern: Concern) -> None:
    if concern.acknowledged_at is None:
        concern.acknowledged_at, concern.acknowledged_by = clock.now(), actor.user_id
        session.flush()
        record(session, clock.now(), actor, "staff:concern:acknowledged", "concern", concern.id)
        tell_raiser(session, concern, "concern_acknowledged")


def ask_company(session: Session, actor: Actor, concern_id: int) -> Concern:
    """The company reads the concern, not who raised it, and may answer until a day; asked once."""
    found = _to_act_on(session, actor, concern_id, "ask")
    _acknowledge(session, actor, found)
    if found.asked_at is None:
        due = days_of(session, found.award).reply_by(clock.today(), public_holidays(session))
        found.asked_at, found.asked_by, found.reply_by = clock.now(), actor.user_id, due
        session.flush()
        record(session, clock.now(), actor, "staff:concern:asked", "concern", found.id, reply_by=due.isoformat())
        roles = (CompanyRole.OWNER, CompanyRole.EDITOR, CompanyRole.SIGNATORY)
        people = company_people(session, found.company_id, *roles)
        notify(session, people, "concern_asked", str(found.id), {"concern": found.id})
    return found


def own_concern(session: Session, actor: Actor, concern_id: int) -> Concern:
    """A concern that the actor's own company was asked about. Raises NotFoundError for others and for strangers."""
    found = session.get(Concern, concern_id)
    if found is None or found.asked_at is None:
        raise NotFoundError
    actor.require_company(found.company_id)
    return found


def reply(session: Session, actor: Actor, concern_id: int, text: str) -> Concern:
    """The company's own words, said once, until there is an outcome. Raises InvalidError, WrongStateError."""
    found = own_concern(session, actor, concern_id)
    found = _held(session, concern_id)
    hold_company(session, found.company_id)  # after the concern, as whoever closes it with a proposal
    require_colleague_now(session, actor, found.company_id, MAY_REPLY)
    if not found.open:
        raise WrongStateError("reply", str(found.outcome))
    words = _checked("reply", text)
    if found.replied_at is not None:
        if found.reply == words:
            return found
        raise WrongStateError("reply", "replied")
    found.reply, found.replied_at, found.replied_by = words, clock.now(), actor.user_id
    session.flush()
    record(session, clock.now(), actor, "officer:concern:replied", "concern", found.id)
    reviewers = people_with_role(session, Role.REVIEWER)
    notify(session, reviewers, "concern_replied", str(found.id), {"concern": found.id})
    return found


def _checked(field: str, text: str, longest: int = LONGEST) -> str:
    words = text.strip()
    if not words:
        raise InvalidError(field, "Write it in a few words.")
    if len(words) > longest:
        raise InvalidError(field, "Use at most %(length)s characters.", length=longest)
    return words


def close_concern(
    session: Session, actor: Actor, concern_id: int, outcome: ConcernOutcome, reasons: str, public_reason: str = ""
) -> Concern:
    """The outcome, with reasons for the company and for whoever raised it; by somebody who had no part in the award.

    The spot check, or the proposal to suspend the award, is made with it. Raises InvalidError before the company was
    heard, ForbiddenError, WrongStateError.
    """
    found = _to_act_on(session, actor, concern_id, "close")
    if actor.user_id in parts_in_assessment(session, found.award.assessment_id):
        raise ForbiddenError("took_part")
    if outcome is ConcernOutcome.CASE:
        raise InvalidError("outcome", "Choose the outcome.")
    if outcome in HEARD_BEFORE and not found.heard(clock.today()):
        raise InvalidError("outcome", "The company answers first: ask it, and wait for its reply or for its last day.")
    words = _checked("reasons", reasons)
    _acknowledge(session, actor, found)
    if outcome is ConcernOutcome.PROPOSAL:
        why = _why(_checked("public_reason", public_reason, LONGEST_PUBLIC))
        found.proposal_id = propose(session, actor, found.award_id, AwardAct.SUSPENDED, why).id
    if outcome is ConcernOutcome.SPOT_CHECK:
        found.spot_check_id = open_spot_check(session, actor, found.award_id, words, Cause.CONCERN).id
    _close(session, actor, found, outcome, words)
    return found


def _why(text: str) -> Why:
    """What was written, in the language it is in; the other language says in general what led to the act."""
    km, en = "កង្វល់មួយត្រូវបានពិនិត្យ ហើយរកឃើញថាត្រឹមត្រូវ។", "A concern about the company was looked into and holds."
    khmer = has_khmer(text)
    return Why(Ground.CONCERN, text, text if khmer else km, en if khmer else text)


def _close(session: Session, actor: Actor, concern: Concern, outcome: ConcernOutcome, reasons: str) -> None:
    concern.outcome, concern.reasons = outcome, reasons
    concern.closed_at, concern.closed_by = clock.now(), actor.user_id
    session.flush()
    record(session, clock.now(), actor, "staff:concern:closed", "concern", concern.id, outcome=outcome)
    session.refresh(concern, ["spot_check"])
    tell_outcome(session, concern)


def lock_away(session: Session, actor: Actor, files: FileStore, concern_id: int, alert: str) -> Concern:
    """Locks the text away as files are, for everybody; its digest and entry stay. Pressed twice it is done once.

    A tie is no bar to it. Administrators and the named officer (`alert`, an address) are told.
    """
    actor.require(*HANDLES)
    found = _held(session, concern_id)
    if found.quarantined_at is not None:
        return found
    digest = _locked_bytes(files, found.text.encode())
    found.text, found.text_sha256 = "", digest
    found.quarantined_at, found.quarantined_by = clock.now(), actor.user_id
    session.flush()
    record(session, clock.now(), actor, "staff:concern:quarantined", "concern", found.id, sha256=digest)
    administrators = people_with_role(session, Role.ADMINISTRATOR)
    notify(session, administrators, "concern_quarantined", str(found.id), {"concern": found.id}, also=alert)
    if found.open:
        _close(session, actor, found, ConcernOutcome.CASE, "")
    return found


def lock_away_reply(session: Session, actor: Actor, files: FileStore, concern_id: int, alert: str) -> Concern:
    """The same for the company's answer; the concern stays as it is. Pressed twice it is done once."""
    actor.require(*HANDLES)
    found = _held(session, concern_id)
    if found.reply_sha256 is not None:
        return found
    if found.replied_at is None:
        raise NotFoundError
    found.reply_sha256 = _locked_bytes(files, found.reply.encode())
    found.reply = ""
    session.flush()
    said = {"sha256": found.reply_sha256, "part": "reply"}
    record(session, clock.now(), actor, "staff:concern:quarantined", "concern", found.id, **said)
    administrators, about = people_with_role(session, Role.ADMINISTRATOR), {"concern": found.id, "part": "reply"}
    notify(session, administrators, "concern_quarantined", f"{found.id}:reply", about, also=alert)
    return found


def _locked_bytes(files: FileStore, data: bytes) -> str:
    """The digest under which they are locked; the same bytes may have been before."""
    digest = hashlib.sha256(data).hexdigest()
    with suppress(QuarantinedFileError):
        files.put(data)
        files.quarantine(digest)
    return digest


def has_addresses_to_forget(session: Session) -> bool:
    """Whether `forget_who_raised` may find one; nothing is locked to look."""
    return is_kept_too_long(session, clock.now() - ADDRESSES_KEPT)


def forget_who_raised(session: Session) -> int:
    """Removes addresses that are needed no longer; returns how many."""
    return forget_addresses(session, clock.now() - ADDRESSES_KEPT)
