"""Links as evidence: a title, an address, the day it was seen. The form is checked; the page is never fetched."""

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.uploading import given_before, make_room, open_answer, put_on, refuse_kind
from compliance.domain.errors import InvalidError, raise_together
from compliance.domain.roles import Actor
from compliance.store.audit import canonical, record
from compliance.store.evidence_files import EvidenceFile, pages_at
from questionnaires.typed import web_address

LONGEST_TITLE = 120
LINK = "text/uri-list"


@dataclass(frozen=True)
class SeenPage:
    """A page as somebody saw it on a day."""

    title: str
    address: str
    seen_on: date | None

    def checked(self) -> "SeenPage":
        """Raises InvalidError for all that is wrong, each beside its field."""
        title, address = " ".join(self.title.split()), web_address(self.address.strip())
        wrong = []
        if not title:
            wrong.append(InvalidError("link_title", "Say in a few words what the page shows."))
        elif len(title) > LONGEST_TITLE:
            wrong.append(InvalidError("link_title", "Use at most %(length)s characters.", length=LONGEST_TITLE))
        if address is None:
            wrong.append(
                InvalidError("link_address", "Enter a full web address, such as https://www.example.com.kh/policy.")
            )
        if self.seen_on is None:
            wrong.append(InvalidError("link_seen", "Enter the day on which you saw the page."))
        elif self.seen_on > clock.today():
            wrong.append(InvalidError("link_seen", "This day has not come yet."))
        raise_together(wrong)
        return SeenPage(title, address or "", self.seen_on)

    @property
    def sha256(self) -> str:
        """Of what is said, for nothing is fetched."""
        said = {"address": self.address, "seen_on": str(self.seen_on), "title": self.title}
        return hashlib.sha256(canonical(said).encode()).hexdigest()


def give_page(session: Session, actor: Actor, assessment_id: int, question_id: str, page: SeenPage) -> EvidenceFile:
    """Makes a page evidence of an answer. Raises InvalidError as the form of a link has its fields."""
    page = page.checked()
    assessment, question = open_answer(session, actor, assessment_id, question_id)
    refuse_kind(question, "link", "link_address")
    if (given := given_before(session, assessment_id, question_id, page.sha256)) is not None:
        return given
    make_room(session, actor, assessment, question_id, "link_address")
    piece = new_page(session, actor, assessment.company_id, page)
    put_on(session, actor, assessment, question_id, piece)
    record(
        session, clock.now(), actor, "officer:evidence:page_given", "evidence", piece.id, sha256=page.sha256,
        assessment=assessment.id, question=question_id,
    )  # fmt: skip
    return piece


def new_page(session: Session, actor: Actor, company_id: int, page: SeenPage) -> EvidenceFile:
    """A checked page as the company's evidence. Raises InvalidError when its address was locked away."""
    if any(equal.quarantined_at is not None for equal in pages_at(session, {page.address})):
        raise InvalidError("link_address", "This address cannot be accepted.")
    piece = EvidenceFile(
        company_id=company_id,
        sha256=page.sha256,
        name=page.title,
        media_type=LINK,
        size=0,
        address=page.address,
        seen_on=page.seen_on,
        uploaded_by=actor.user_id or 0,
        uploaded_at=clock.now(),
    )
    session.add(piece)
    session.flush()
    return piece
