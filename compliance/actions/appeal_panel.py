"""The panel of an appeal: members who had no part and no tie sit down, note, and vote; the majority decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import locked, require_untied
from compliance.actions.appeal_outcomes import decide
from compliance.actions.appeal_seats import free
from compliance.actions.awarding import hold_company
from compliance.actions.contested import figures_of
from compliance.actions.ties import require_no_tie
from compliance.domain.appeals import ASSESSED, Right, Vote
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, StaleError, WrongStateError
from compliance.domain.roles import Actor, Role
from compliance.store.appeal_parts import parts_in
from compliance.store.appeals import Appeal, AppealNote, AppealSeat, files_of_appeal, notes_of, seats_of
from compliance.store.audit import record
from compliance.store.evidence_files import EvidenceFile, evidence_for
from compliance.store.people import rights_now
from compliance.store.ties import ties_of

LONGEST = 4_000


@dataclass(frozen=True)
class Finding:
    """Who is right on one ground, and why; both sides read it."""

    right: Right
    because: str


@dataclass(frozen=True)
class Ballot:
    """A member's word: on every ground, on the whole, with the reasons for the company and, where the public reads of
    the act, for everybody."""

    vote: Vote
    reasons: str
    findings: Mapping[str, Finding] = field(default_factory=dict)
    public_reason: str = ""
    public_reason_en: str = ""

    def checked(self, appeal: Appeal) -> "Ballot":
        """Tidy. Raises InvalidError for what is missing or too long."""
        findings = {name: Finding(one.right, one.because.strip()) for name, one in self.findings.items()}
        public = {"public_reason": self.public_reason.strip(), "public_reason_en": self.public_reason_en.strip()}
        if appeal.kind in ASSESSED:
            public = dict.fromkeys(public, "")
        texts = {"reasons": self.reasons.strip(), **public}
        for name, text in {**texts, **{name: one.because for name, one in findings.items()}}.items():
            if len(text) > LONGEST:
                raise InvalidError(name, "Use at most %(length)s characters.", length=LONGEST)
        for question in appeal.grounds:
            if question not in findings:
                raise InvalidError(question, "Say who is right on this ground.")
            if not findings[question].because:
                raise InvalidError(question, "Say why; the company reads it.")
        if not texts["reasons"]:
            raise InvalidError("reasons", "Give your reasons; the company reads them.")
        for name, text in public.items():
            if appeal.kind not in ASSESSED and not text:
                raise InvalidError(name, "Write what everybody may read, in both languages.")
        return Ballot(self.vote, texts["reasons"], {name: findings[name] for name in appeal.grounds}, **public)


def require_member(session: Session, actor: Actor, appeal: Appeal) -> None:
    """A panel member without a part in the matter, and without a tie. Raises ForbiddenError."""
    actor.require(Role.PANEL_MEMBER)
    require_no_tie(session, actor, appeal.company_id)
    if actor.user_id in parts_in(session, appeal):
        raise ForbiddenError("took_part")


def lodged(session: Session, appeal_id: int) -> Appeal:
    """An appeal that the ministry knows of: a draft is the company's alone. Raises NotFoundError."""
    appeal = session.get(Appeal, appeal_id)
    if appeal is None or appeal.lodged_at is None:
        raise NotFoundError
    return appeal


def readable(session: Session, actor: Actor, appeal_id: int) -> Appeal:
    """An appeal that this member may read: without a part or tie, and said so. Raises ForbiddenError, NotFoundError."""
    appeal = lodged(session, appeal_id)
    require_member(session, actor, appeal)
    require_untied(session, actor, appeal.assessment)
    return appeal


def held(session: Session, appeal_id: int, step: str) -> Appeal:
    """An open appeal with its assessment and company, held against other writers. Raises WrongStateError."""
    appeal = lodged(session, appeal_id)
    locked(session, appeal.assessment_id)
    hold_company(session, appeal.company_id)
    session.refresh(appeal, with_for_update={"of": Appeal})
    if not appeal.open:
        raise WrongStateError(step, appeal.outcome or "draft")
    return appeal


def sit(session: Session, actor: Actor, appeal_id: int) -> AppealSeat:
    """Takes a seat, once a tie was declared not to be. Raises WrongStateError when all seats are taken."""
    appeal = held(session, appeal_id, "sit")
    readable(session, actor, appeal_id)
    seats = seats_of(session, [appeal.id])
    mine = next((seat for seat in seats if seat.person_id == actor.user_id), None)
    if mine is not None:
        return mine
    size = figures_of(appeal.assessment.edition).panel
    if len(seats) >= size:
        raise WrongStateError("sit", "full")
    seat = AppealSeat(appeal_id=appeal.id, person_id=actor.user_id or 0, taken_at=clock.now(), findings={})
    session.add(seat)
    if len(seats) + 1 == size and appeal.taken_up_at is None:
        appeal.taken_up_at = clock.now()
    session.flush()
    record(session, clock.now(), actor, "panel:appeal:seated", "assessment", appeal.assessment_id, appeal=appeal.id)
    return seat


def stand_up(session: Session, actor: Actor, appeal_id: int) -> None:
    """Leaves the panel, also with a tie that came up: whatever was voted is not counted, and the seat is free again."""
    appeal = held(session, appeal_id, "leave")
    for seat in seats_of(session, [appeal.id]):
        if seat.person_id == actor.user_id:
            free(session, actor, seat)


def seat_of(session: Session, actor: Actor, appeal: Appeal) -> AppealSeat:
    """The actor's own seat. Raises ForbiddenError for whoever has none."""
    mine = next((seat for seat in seats_of(session, [appeal.id]) if seat.person_id == actor.user_id), None)
    if mine is None:
        raise ForbiddenError("no_seat")
    return mine


def note(session: Session, actor: Actor, appeal_id: int, met_on: date, text: str) -> AppealNote:
    """Writes down what was said when the panel met the company; other members read it. Raises InvalidError."""
    appeal = held(session, appeal_id, "note")
    readable(session, actor, appeal_id)
    seat_of(session, actor, appeal)
    if not clock.day_of(appeal.lodged_at or clock.now()) <= met_on <= clock.today():
        raise InvalidError("met_on", "Enter a day from the one on which the appeal was lodged to today.")
    if not text.strip():
        raise InvalidError("text", "Write what was said.")
    if len(text) > LONGEST:
        raise InvalidError("text", "Use at most %(length)s characters.", length=LONGEST)
    made = AppealNote(
        appeal_id=appeal.id, person_id=actor.user_id or 0, met_on=met_on, text=text.strip(), written_at=clock.now()
    )
    session.add(made)
    session.flush()
    about = {"appeal": appeal.id, "note": made.id}
    record(session, clock.now(), actor, "panel:appeal:noted", "assessment", appeal.assessment_id, **about)
    return made


def seen_of(session: Session, appeal: Appeal) -> str:
    """What a member's page shows, in short: the appeal as it was lodged, and the notes there are."""
    return f"{appeal.digest}:{len(notes_of(session, appeal.id))}"


def vote(session: Session, actor: Actor, appeal_id: int, ballot: Ballot, seen: str) -> AppealSeat:
    """A member's word, said once; with the last one the majority decides. `seen` is `seen_of` of the page.

    Raises StaleError when a note came meanwhile, InvalidError for what is missing. The same button pressed twice finds
    it done.
    """
    appeal = lodged(session, appeal_id)
    if not appeal.open and any(
        seat.person_id == actor.user_id and seat.vote is ballot.vote for seat in seats_of(session, [appeal.id])
    ):
        return seat_of(session, actor, appeal)
    appeal = held(session, appeal_id, "vote")
    readable(session, actor, appeal_id)
    seat = seat_of(session, actor, appeal)
    if seat.vote is not None:
        return seat
    if seen != seen_of(session, appeal):
        raise StaleError
    said = ballot.checked(appeal)
    seat.vote, seat.reasons = said.vote, said.reasons
    seat.public_reason, seat.public_reason_en = said.public_reason, said.public_reason_en
    seat.findings = {name: {"right": one.right, "because": one.because} for name, one in said.findings.items()}
    seat.voted_at = clock.now()
    session.flush()
    record(session, clock.now(), actor, "panel:appeal:voted", "assessment", appeal.assessment_id, appeal=appeal.id)
    count(session, actor, appeal)
    return seat


def count(session: Session, actor: Actor, appeal: Appeal) -> None:
    """Decides once every seat has voted. Who lost the role, or is tied by now, is not counted: the seat is free."""
    for seat in seats_of(session, [appeal.id]):
        if seat.vote is not None and not _still_sits(session, appeal, seat):
            free(session, actor, seat)
    voted = [seat for seat in seats_of(session, [appeal.id]) if seat.vote is not None]
    if len(voted) == figures_of(appeal.assessment.edition).panel:
        decide(session, actor, appeal, voted)


def _still_sits(session: Session, appeal: Appeal, seat: AppealSeat) -> bool:
    holder = rights_now(session, Actor(seat.person_id, ""))
    tied = bool(ties_of(session, seat.person_id, [appeal.company_id], clock.now()))
    return holder.has(Role.PANEL_MEMBER) and not tied and seat.person_id not in parts_in(session, appeal)


def file_for_panel(session: Session, actor: Actor, appeal_id: int, file_id: int) -> EvidenceFile:
    """A file of the appeal or of the assessment, for its panel. Raises NotFoundError otherwise, and if locked."""
    try:
        appeal = readable(session, actor, appeal_id)
    except ForbiddenError as error:
        raise NotFoundError from error
    given = [one.file for one in files_of_appeal(session, appeal.id)]
    given += [file for files in evidence_for(session, appeal.assessment_id).values() for file in files]
    found = next((file for file in given if file.id == file_id and file.quarantined_at is None), None)
    if found is None:
        raise NotFoundError
    return found
