"""Evidence: uploaded, checked, kept under its hash; linked to answers; locked away unopened when it must be."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import locked
from compliance.actions.answering import asked_question, may_answer
from compliance.actions.earlier_cycle import submitted_before
from compliance.actions.inspecting import Inspected, inspect
from compliance.actions.notifying import notify
from compliance.actions.ties import ties_to
from compliance.actions.virus_scan import scan
from compliance.bounded.runner import Sender
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_EDIT, Actor, Role
from compliance.store.appeals import files_of_appeal, upheld_before
from compliance.store.assessments import Assessment, Submission, submissions
from compliance.store.audit import record
from compliance.store.errors import MissingFileError, QuarantinedFileError
from compliance.store.evidence_files import (
    EvidenceFile,
    EvidenceLink,
    evidence_for,
    files_with,
    links_of,
    links_to,
    same_evidence,
)
from compliance.store.files import FileStore
from compliance.store.people import people_with_role
from compliance.store.reviews import declaration_of
from questionnaires import EvidenceKind, Question, edition

REFUSED_KINDS: Mapping[EvidenceKind, str] = {
    "picture": "picture_not_asked",
    "link": "link_not_asked",
    "document": "document_not_asked",
}
"""What is said where a question does not accept this kind of evidence."""


@dataclass(frozen=True)
class Dates:
    """The days that a document bears: its own, and the last on which it holds."""

    dated: date | None = None
    valid_until: date | None = None

    def checked(self) -> "Dates":
        """Raises InvalidError beside the day that cannot be."""
        if self.dated is not None and self.dated > clock.today():
            raise InvalidError("dated", "This day has not come yet. Enter the day that the document bears.")
        if self.dated is not None and self.valid_until is not None and self.valid_until < self.dated:
            raise InvalidError("valid_until", "A document does not end before it begins. Check both days.")
        return self


NO_DATES = Dates()


@dataclass(frozen=True)
class StoredFile:
    """A file that was looked into and is on the disk, not yet anybody's evidence.

    `received_sha256` is of what was sent, where what is kept was made of it.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    received_sha256: str | None = None


def receive(
    files: FileStore, actor: Actor, edition_id: str, question: Question, name: str, data: bytes, scanner: str = ""
) -> StoredFile:
    """Looks into a file and stores it; to be called outside a transaction: it takes its time.

    Raises InvalidError on `file` with the reason, BusyError when too many files are being looked into, ScannerAwayError
    when a virus scanner is set and gives no verdict.
    """
    most = edition(edition_id).evidence.max_file_mb * 1_000_000
    sender = Sender(f"person {actor.user_id}", known=True)
    accepted = inspect(name, data, sender, pictures="picture" in question.evidence.accepts, max_bytes=most)
    scan(scanner, data)
    return keep(files, accepted)


def keep(files: FileStore, accepted: Inspected) -> StoredFile:
    """Stores a file that was looked into. Raises InvalidError when the same bytes are locked away."""
    try:
        sha256 = files.put(accepted.data)
    except QuarantinedFileError as error:
        raise InvalidError("file", "file_quarantined") from error
    received = accepted.received_sha256 if accepted.received_sha256 != sha256 else None
    return StoredFile(accepted.name, accepted.media_type, len(accepted.data), sha256, received)


def upload(
    session: Session, actor: Actor, assessment_id: int, question_id: str, stored: StoredFile, dates: Dates = NO_DATES
) -> EvidenceFile:
    """Makes a stored file evidence of an answer; the piece that is there when the answer has these bytes already.

    Raises InvalidError on `file` when there are too many, or when it was locked away meanwhile.
    """
    assessment, _question = open_answer(session, actor, assessment_id, question_id)
    if (given := given_before(session, assessment_id, question_id, stored.sha256)) is not None:
        return given
    make_room(session, actor, assessment, question_id)
    file = new_file(session, actor, assessment.company_id, stored, dates)
    put_on(session, actor, assessment, question_id, file)
    record(
        session, clock.now(), actor, "officer:evidence:uploaded", "evidence", file.id, sha256=stored.sha256,
        assessment=assessment.id, question=question_id,
    )  # fmt: skip
    return file


def given_before(session: Session, assessment_id: int, question_id: str, sha256: str) -> EvidenceFile | None:
    """The piece of an answer that says the same: a click came twice, or a file was chosen again to mend its day."""
    given = evidence_for(session, assessment_id).get(question_id, ())
    return next((file for file in given if file.sha256 == sha256 and file.quarantined_at is None), None)


def new_file(session: Session, actor: Actor, company_id: int, stored: StoredFile, dates: Dates) -> EvidenceFile:
    """A stored file as the company's evidence, not yet on any answer. Raises InvalidError when it was locked away."""
    if any(equal.quarantined_at is not None for equal in files_with(session, stored.sha256)):
        raise InvalidError("file", "file_quarantined")
    file = EvidenceFile(
        company_id=company_id,
        **asdict(stored),
        **asdict(dates.checked()),
        uploaded_by=actor.user_id or 0,
        uploaded_at=clock.now(),
    )
    session.add(file)
    session.flush()
    return file


def refuse_kind(question: Question, kind: EvidenceKind, field: str = "file") -> None:
    """Raises InvalidError where the edition wants other evidence."""
    if kind not in question.evidence.accepts:
        code = REFUSED_KINDS[kind]
        raise InvalidError(field, code)


def link(session: Session, actor: Actor, assessment_id: int, question_id: str, file_id: int) -> None:
    """Lets a file the company already gave support another answer too."""
    assessment, question = open_answer(session, actor, assessment_id, question_id)
    file = own_file(session, actor, file_id)
    if file.company_id != assessment.company_id:
        raise NotFoundError
    refuse_kind(question, file.kind, "known_file")
    linked = evidence_for(session, assessment.id).get(question_id, [])
    if any(known.id == file.id for known in linked):
        return
    make_room(session, actor, assessment, question_id, "known_file")
    put_on(session, actor, assessment, question_id, file)
    record(
        session, clock.now(), actor, "officer:evidence:linked", "evidence", file.id, assessment=assessment.id,
        question=question_id,
    )  # fmt: skip


def unlink(session: Session, actor: Actor, assessment_id: int, question_id: str, file_id: int) -> None:
    """Takes a file off an answer; the file and its history stay."""
    assessment, _question = open_answer(session, actor, assessment_id, question_id)
    for found in links_to(session, assessment.id, question_id, file_id):
        take_off(session, actor, found)


def take_off(session: Session, actor: Actor, link: EvidenceLink) -> None:
    """The row stays as history."""
    link.removed_at = clock.now()
    session.flush()
    record(
        session, clock.now(), actor, "officer:evidence:unlinked", "evidence", link.file_id,
        assessment=link.assessment_id, question=link.question,
    )  # fmt: skip


def make_room(session: Session, actor: Actor, assessment: Assessment, question_id: str, field: str = "file") -> None:
    """Evidence of an earlier assessment give way, the oldest first; raises InvalidError when there are none of them."""
    most = edition(assessment.edition).evidence.max_files_per_question
    links = links_of(session, assessment.id, question_id)
    if len(links) < most:
        return
    carried = [link for link in links if link.carried_over]
    if not carried:
        raise InvalidError(field, "too_many_files", most=most)
    take_off(session, actor, min(carried, key=lambda link: (link.file.day, link.id)))


def open_answer(session: Session, actor: Actor, assessment_id: int, question_id: str) -> tuple[Assessment, Question]:
    """An answer that may be changed now. Raises ForbiddenError, WrongStateError, NotFoundError."""
    assessment = locked(session, assessment_id)
    actor.require_company(assessment.company_id, MAY_EDIT)
    question = asked_question(assessment, question_id)
    if not may_answer(session, assessment, question_id):
        if assessment.state is State.CLARIFYING:
            raise ForbiddenError("not_reopened")
        raise WrongStateError("upload", assessment.state)
    return assessment, question


def put_on(session: Session, actor: Actor, assessment: Assessment, question_id: str, file: EvidenceFile) -> None:
    """From now on the piece supports the answer."""
    session.add(
        EvidenceLink(
            assessment_id=assessment.id,
            question=question_id,
            file_id=file.id,
            linked_by=actor.user_id or 0,
            linked_at=clock.now(),
        )
    )
    session.flush()


def own_file(session: Session, actor: Actor, file_id: int) -> EvidenceFile:
    """A file of the actor's own company. Raises NotFoundError for strangers and for quarantined files."""
    file = session.get(EvidenceFile, file_id)
    if file is None:
        raise NotFoundError
    actor.require_company(file.company_id)
    if file.quarantined_at is not None:
        raise NotFoundError
    return file


def file_for_review(session: Session, actor: Actor, assessment_id: int, file_id: int) -> EvidenceFile:
    """A file of an assessment or of the cycle before it, for staff who declared no tie.

    Raises NotFoundError otherwise, and for a locked file.
    """
    declared, assessment = (
        declaration_of(session, assessment_id, actor.user_id or 0),
        session.get(Assessment, assessment_id),
    )
    if declared is None or assessment is None or ties_to(session, actor, [assessment.company_id]):
        raise NotFoundError
    known = _submitted(session, assessment_id) | _on_appeal(session, assessment) | _cycle_before(session, assessment)
    file = session.get(EvidenceFile, file_id) if file_id in known else None
    if file is None or file.quarantined_at is not None:
        raise NotFoundError
    return file


def _submitted(session: Session, assessment_id: int) -> set[int]:
    """What any of its submissions named: a draft's evidence is not the Ministry's."""
    return {piece for one in submissions(session, assessment_id) for piece in _named_in(one)}


def _named_in(submission: Submission) -> set[int]:
    frozen = json.loads(submission.content)["evidence"]
    return {piece["id"] for pieces in frozen.values() for piece in pieces}


def _cycle_before(session: Session, assessment: Assessment) -> set[int]:
    """What the cycle before was decided with: a renewal is read beside it."""
    _earlier, submission = submitted_before(session, assessment)
    return _named_in(submission) if submission else set()


def _on_appeal(session: Session, assessment: Assessment) -> set[int]:
    """What the company gave with appeals that were upheld: whoever reviews anew reads it."""
    upheld = upheld_before(session, assessment)
    return {one.file_id for appeal in upheld for one in files_of_appeal(session, appeal.id)}


def quarantine(session: Session, actor: Actor, files: FileStore, sha256: str, alert: str) -> None:
    """Locks bytes away unopened, for everybody, whichever companies gave them; their hash and entries stay.

    Anybody on the ministry's side may, without a declaration. Administrators and the named officer (`alert`, an
    address) are told. Raises InvalidError on `sha256` when no evidence has this digest.
    """
    actor.require(*(set(Role) - {Role.OBSERVER}))
    equal = same_evidence(session, sha256)
    if not equal:
        raise InvalidError("sha256", "No file with this fingerprint was given as evidence.")
    fresh = [file for file in equal if file.quarantined_at is None]
    for file in fresh:
        file.quarantined_at, file.quarantined_by = clock.now(), actor.user_id
        session.flush()
        record(session, clock.now(), actor, "staff:evidence:quarantined", "evidence", file.id, sha256=sha256)
    if fresh:
        told = {"file": fresh[0].id, "sha256": sha256}
        administrators = people_with_role(session, Role.ADMINISTRATOR)
        notify(session, administrators, "evidence_quarantined", str(fresh[0].id), told, also=alert)
    with suppress(MissingFileError):  # bytes that are lost need no lock
        files.quarantine(sha256)
