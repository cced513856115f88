"""A company contests a decision: its people write, an owner or signatory lodges, and takes it back while it runs."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import uploading
from compliance.actions.advance import locked
from compliance.actions.awarding import hold_company
from compliance.actions.contested import Contested, contested_act, contested_decision, figures_now, questionable
from compliance.actions.inspecting import inspect
from compliance.actions.notifying import company_people, notify
from compliance.actions.submitting import LONGEST_NAME, Attestation
from compliance.actions.uploading import NO_DATES, StoredFile, new_file
from compliance.bounded.runner import Sender
from compliance.domain.appeals import ASSESSED, AppealOutcome
from compliance.domain.errors import InvalidError, NotFoundError, StaleError, WrongStateError
from compliance.domain.roles import MAY_EDIT, MAY_SIGN, Actor, CompanyRole, Role
from compliance.store.appeals import Appeal, AppealFile, appeal_against, files_of_appeal, seats_of
from compliance.store.assessments import Assessment, open_assessment
from compliance.store.audit import canonical, record
from compliance.store.awards import Award
from compliance.store.files import FileStore
from compliance.store.holidays import public_holidays
from compliance.store.people import Person, people_with_role, require_colleague_now
from questionnaires import edition

MAY_WRITE = MAY_EDIT | MAY_SIGN
LONGEST = 4_000
MOST_FILES = 20
SIGNERS = (CompanyRole.OWNER, CompanyRole.SIGNATORY)


@dataclass(frozen=True)
class Grounds:
    """Why a company contests a decision: by question, and as a whole."""

    by_question: Mapping[str, str] = field(default_factory=dict)
    general: str = ""

    def checked(self, known: Mapping[str, object]) -> "Grounds":
        """Tidy; `known` are the questions that may be named. Raises InvalidError."""
        said = {name: text.strip() for name, text in self.by_question.items() if text.strip()}
        for name, text in {**said, "general": self.general.strip()}.items():
            if len(text) > LONGEST:
                raise InvalidError(name, "Use at most %(length)s characters.", length=LONGEST)
        if unknown := said.keys() - known.keys():
            raise InvalidError(min(unknown), "not_asked")
        return Grounds(said, self.general.strip())


def target(session: Session, actor: Actor, assessment_id: int, award_id: int | None = None) -> Contested:
    """What is contested: the decision on an assessment, or the last act on its award. Raises NotFoundError."""
    assessment = session.get(Assessment, assessment_id)
    if assessment is None:
        raise NotFoundError
    actor.require_company(assessment.company_id)
    award = session.get(Award, award_id) if award_id is not None else None
    if award_id is not None and (award is None or award.assessment_id != assessment_id):
        raise NotFoundError
    found = contested_act(session, award) if award else contested_decision(session, assessment)
    if found is None:
        raise NotFoundError
    return found


def begun(session: Session, found: Contested) -> Appeal | None:
    """The draft or appeal against it that there is."""
    return appeal_against(session, found.decision_id, found.award_decision_id)


def write(
    session: Session,
    actor: Actor,
    assessment_id: int,
    award_id: int | None,
    grounds: Grounds,
    seen: int,
    signing: Attestation | None = None,
) -> Appeal:
    """Keeps what is written so far, also who is to sign; only the company reads it.

    Raises StaleError when a colleague saved another text since `seen`, WrongStateError when it is lodged already or
    too late, InvalidError for a text.
    """
    found = _held(session, actor, assessment_id, award_id)
    appeal, moment = begun(session, found), clock.now()
    if appeal is not None and appeal.lodged_at is not None:
        raise WrongStateError("lodge", "lodged")
    if found.late:
        raise WrongStateError("lodge", "lapsed")
    said = grounds.checked(questionable(session, assessment_id) if found.kind in ASSESSED else {})
    if appeal is None:
        appeal = Appeal(
            company_id=found.company_id, assessment_id=found.assessment_id, kind=found.kind,
            decision_id=found.decision_id, award_decision_id=found.award_decision_id,
            grounds={}, findings={}, draft_version=0, drafted_by=actor.user_id or 0, drafted_at=moment,
        )  # fmt: skip
        session.add(appeal)
    elif (appeal.grounds, appeal.general) == (said.by_question, said.general):
        return _to_sign(session, appeal, signing)
    if seen != appeal.draft_version:
        raise StaleError
    appeal.grounds, appeal.general = dict(said.by_question), said.general
    appeal.draft_version, appeal.drafted_by, appeal.drafted_at = seen + 1, actor.user_id or 0, moment
    return _to_sign(session, appeal, signing)


def _to_sign(session: Session, appeal: Appeal, signing: Attestation | None) -> Appeal:
    if signing is not None:
        appeal.signed_name, appeal.signed_position = signing.name[:LONGEST_NAME], signing.position[:LONGEST_NAME]
    session.flush()
    return appeal


def _held(session: Session, actor: Actor, assessment_id: int, award_id: int | None) -> Contested:
    """The decision, held with its company against other writers, for somebody who may write for it at this moment."""
    assessment = locked(session, assessment_id)
    actor.require_company(assessment.company_id, MAY_WRITE)
    hold_company(session, assessment.company_id)
    require_colleague_now(session, actor, assessment.company_id, MAY_WRITE)
    return target(session, actor, assessment_id, award_id)


def receive(files: FileStore, actor: Actor, edition_id: str, question: str, name: str, data: bytes) -> StoredFile:
    """Looks into a file for `question`, or for the appeal as a whole, and stores it; outside a transaction.

    Raises InvalidError on `file` with the reason, BusyError when too many files are being looked into.
    """
    if question:
        return uploading.receive(files, actor, edition_id, edition(edition_id).question(question), name, data)
    most = edition(edition_id).evidence.max_file_mb * 1_000_000
    sender = Sender(f"person {actor.user_id}", known=True)
    return uploading.keep(files, inspect(name, data, sender, pictures=False, max_bytes=most))


def attach(session: Session, actor: Actor, appeal_id: int, question: str, stored: StoredFile) -> AppealFile:
    """Adds a stored file to a draft. Raises InvalidError on `file`, WrongStateError when it is lodged."""
    appeal = _draft(session, actor, appeal_id)
    kept = files_of_appeal(session, appeal.id)
    if len(kept) >= MOST_FILES:
        raise InvalidError("file", "An appeal takes at most %(most)s files. Remove one first.", most=MOST_FILES)
    if question and question not in questionable(session, appeal.assessment_id):
        raise InvalidError("file", "not_asked")
    file = new_file(session, actor, appeal.company_id, stored, NO_DATES)
    added = AppealFile(
        appeal_id=appeal.id, question=question, file_id=file.id, added_by=actor.user_id or 0, added_at=clock.now()
    )
    session.add(added)
    session.flush()
    about = {"sha256": stored.sha256, "appeal": appeal.id, "question": question}
    record(session, clock.now(), actor, "officer:evidence:uploaded", "evidence", file.id, **about)
    return added


def detach(session: Session, actor: Actor, appeal_id: int, appeal_file_id: int) -> None:
    """Takes a file off a draft; the file stays the company's."""
    appeal = _draft(session, actor, appeal_id)
    for one in files_of_appeal(session, appeal.id):
        if one.id == appeal_file_id:
            one.removed_at = clock.now()
            session.flush()
            about = {"appeal": appeal.id, "question": one.question}
            record(session, clock.now(), actor, "officer:evidence:unlinked", "evidence", one.file_id, **about)


def _draft(session: Session, actor: Actor, appeal_id: int) -> Appeal:
    appeal = own_appeal(session, actor, appeal_id)
    _held(session, actor, appeal.assessment_id, _award_of(session, appeal))
    session.refresh(appeal)
    if appeal.lodged_at is not None:
        raise WrongStateError("lodge", "lodged")
    return appeal


def _award_of(session: Session, appeal: Appeal) -> int | None:
    """The award whose last act is contested."""
    if appeal.award_decision_id is None:
        return None
    return session.scalar(sa.select(Award.id).where(Award.assessment_id == appeal.assessment_id))


def own_appeal(session: Session, actor: Actor, appeal_id: int) -> Appeal:
    """An appeal or draft of the actor's own company. Raises NotFoundError for strangers."""
    appeal = session.get(Appeal, appeal_id)
    if appeal is None:
        raise NotFoundError
    actor.require_company(appeal.company_id)
    return appeal


def lodge(session: Session, actor: Actor, appeal_id: int, attestation: Attestation, seen: int) -> Appeal:
    """An owner or signatory lodges what is written. The same button pressed twice finds it done.

    Raises InvalidError, StaleError when the text changed since `seen`, WrongStateError when it is lodged or too late.
    """
    appeal = own_appeal(session, actor, appeal_id)
    found = _held(session, actor, appeal.assessment_id, _award_of(session, appeal))
    require_colleague_now(session, actor, appeal.company_id, MAY_SIGN)
    session.refresh(appeal)
    if appeal.lodged_at is not None:
        if appeal.lodged_by == actor.user_id and appeal.open:
            return appeal
        raise WrongStateError("lodge", "lodged")
    if found.late or (found.decision_id, found.award_decision_id) != (appeal.decision_id, appeal.award_decision_id):
        raise WrongStateError("lodge", "lapsed")
    signed = attestation.checked()
    if seen != appeal.draft_version:
        raise StaleError
    _require_whole(session, appeal)
    _close_draft(session, actor, appeal, signed)
    record(
        session, clock.now(), actor, "officer:appeal:lodged", "assessment", appeal.assessment_id, appeal=appeal.id,
        kind=appeal.kind, digest=appeal.digest, position=signed.position, grounds=sorted(appeal.grounds),
    )  # fmt: skip
    about = {"appeal": appeal.id}
    notify(session, company_people(session, appeal.company_id, *SIGNERS), "appeal_lodged", str(appeal.id), about)
    notify(session, people_with_role(session, Role.PANEL_MEMBER), "appeal_waiting", str(appeal.id), about)
    return appeal


def _require_whole(session: Session, appeal: Appeal) -> None:
    if not appeal.grounds and not appeal.general:
        raise InvalidError("general", "Say at least one reason why the decision is wrong.")
    if appeal.kind in ASSESSED and open_assessment(session, appeal.company_id) is not None:
        raise InvalidError("general", "Your company has begun another assessment. Withdraw that first, then appeal.")


def _close_draft(session: Session, actor: Actor, appeal: Appeal, signed: Attestation) -> None:
    moment, today = clock.now(), clock.today()
    figures = figures_now(session, appeal.assessment.edition)
    off, files = public_holidays(session), _given(session, appeal)
    appeal.signed_name, appeal.signed_position = signed.name, signed.position
    appeal.lodged_by, appeal.lodged_at = actor.user_id, moment
    appeal.take_up_by = figures.take_up_by(today, off)
    appeal.decide_by = figures.decide_by(today)
    appeal.digest = hashlib.sha256(canonical(content_of(appeal, files)).encode()).hexdigest()
    session.flush()


def _given(session: Session, appeal: Appeal) -> list[dict[str, object]]:
    return [
        {"question": one.question, "name": one.file.name, "sha256": one.file.sha256, "size": one.file.size}
        for one in files_of_appeal(session, appeal.id)
    ]


def lodged_text(session: Session, appeal: Appeal) -> str:
    """What the digest of a lodged appeal is of, to the letter."""
    return canonical(content_of(appeal, _given(session, appeal)))


def content_of(appeal: Appeal, files: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """What the digest of an appeal is made of: all that its company said and gave, who signed, and when."""
    return {
        "appeal": appeal.id, "company": appeal.company_id, "assessment": appeal.assessment_id, "kind": appeal.kind,
        "decision": appeal.decision_id, "award_decision": appeal.award_decision_id, "grounds": appeal.grounds,
        "general": appeal.general, "files": list(files), "signed": [appeal.signed_name, appeal.signed_position],
        "lodged_by": appeal.lodged_by, "lodged_at": appeal.lodged_at and appeal.lodged_at.isoformat(),
    }  # fmt: skip


def withdraw(session: Session, actor: Actor, appeal_id: int) -> Appeal:
    """The company takes its appeal back while no panel has decided. The same button pressed twice finds it done."""
    appeal = own_appeal(session, actor, appeal_id)
    actor.require_company(appeal.company_id, MAY_SIGN)
    hold_company(session, appeal.company_id)
    require_colleague_now(session, actor, appeal.company_id, MAY_SIGN)
    session.refresh(appeal)
    if appeal.outcome is AppealOutcome.WITHDRAWN:
        return appeal
    if not appeal.open:
        raise WrongStateError("withdraw", appeal.outcome or "draft")
    appeal.outcome, appeal.closed_at = AppealOutcome.WITHDRAWN, clock.now()
    session.flush()
    record(
        session, clock.now(), actor, "officer:appeal:withdrawn", "assessment", appeal.assessment_id, appeal=appeal.id
    )  # fmt: skip
    seated = [session.get_one(Person, seat.person_id) for seat in seats_of(session, [appeal.id])]
    notify(session, seated, "appeal_withdrawn", str(appeal.id), {"appeal": appeal.id})
    return appeal
