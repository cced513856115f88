"""What the page of a question shows of its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.confirming import files_before
from compliance.actions.pieces import Piece, pieces
from compliance.domain.errors import InvalidError
from compliance.journeys.language import km_digits
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.evidence_form import EvidenceFields, accepted_endings, offer_files
from compliance.journeys.officer.giving import accepted_words
from compliance.journeys.officer.refusals import file_refusal
from compliance.store.evidence_files import EvidenceLink, taken_off
from questionnaires import Question
from questionnaires.facts import may_use_lighter_evidence


@dataclass(frozen=True)
class EvidenceShown:
    """`earlier` supported the answer before in this assessment. `accepts` says in words what may be given."""

    pieces: Sequence[Piece]
    earlier: Sequence[EvidenceLink]
    lighter: bool
    accepts: str
    endings: str
    most_bytes: int
    too_large: str

    @property
    def takes_files(self) -> bool:
        return bool(self.endings)


def evidence_shown(session: Session, desk: Desk, question: Question, form: EvidenceFields) -> EvidenceShown:
    """All of it; the form is offered what was given before."""
    offer_files(form, desk, question, files_before(session, desk.assessment).get(question.id, ()))
    most = desk.edition.evidence.max_file_mb
    return EvidenceShown(
        pieces=pieces(session, desk.edition, question, desk.files.get(question.id, ()), clock.today()),
        earlier=taken_off(session, desk.assessment.id, question.id),
        lighter=may_use_lighter_evidence(desk.edition, desk.facts),
        accepts=accepted_words(question, km_digits(most)),
        endings=accepted_endings(question.evidence),
        most_bytes=most * 1_000_000,
        too_large=file_refusal(InvalidError("file", "file_too_large", most=most)),
    )
