"""The receipt of a submission: what was frozen, told as a page, as a PDF and as the frozen text itself.

All three are made of the frozen submission and the locked edition alone, so they say the same for ever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from compliance.actions.scorecards import read_scorecard, snapshot_from
from compliance.bounded.runner import Sender
from compliance.clock import PHNOM_PENH
from compliance.domain.errors import NotFoundError
from compliance.journeys import scorecard_view
from compliance.journeys.answer_text import answer_text
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.words import reader
from compliance.journeys.printing import Attached, printed
from compliance.store.assessments import Submission, assessment_of, submissions
from compliance.store.base import abandon, db
from compliance.store.people import names_of
from questionnaires import Edition, Lang, Question, Reply, Section, catalogue

STYLE = "receipt"
COMMANDS = (
    ("Windows", "certutil -hashfile {} SHA256"),
    ("macOS", "shasum -a 256 {}"),
    ("Linux", "sha256sum {}"),
)
"""What works out a digest where people are."""


@dataclass(frozen=True)
class Given:
    """One answer as it was submitted, in the reader's words; `files` are as they were frozen."""

    question: Question
    answer: str
    reply: Reply | None
    files: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Receipt:
    """What a receipt tells. `parts` holds every question that was asked, by section; `name` that of the frozen text."""

    submission: Submission
    edition: Edition
    content: Mapping[str, Any]
    level: str | None
    points: str
    parts: Sequence[tuple[Section, Sequence[Given]]]
    name: str

    @property
    def files(self) -> int:
        """Pieces of evidence; one that supports several answers counts once."""
        return len({file["id"] for files in self.content["evidence"].values() for file in files})

    @property
    def commands(self) -> list[tuple[str, str]]:
        """By system, for the file of the frozen text."""
        return [(system, command.format(self.name)) for system, command in COMMANDS]

    @property
    def moment(self) -> datetime:
        """As it was frozen, on the clock of Phnom Penh."""
        return datetime.fromisoformat(self.content["submitted_at"]).astimezone(PHNOM_PENH)


def receipt_of(submission: Submission, lang: Lang) -> Receipt:
    """Reads nothing but what was frozen."""
    frozen = snapshot_from(submission)
    edition = catalogue.edition(frozen.content["edition"])
    claimed = read_scorecard(submission.scorecard, edition.id)
    parts = []
    for section in edition.sections:
        here = [edition.question(name) for name in frozen.asked if edition.question(name).section == section.id]
        if here:
            parts.append((section, [_given(question, frozen.replies, frozen.content, lang) for question in here]))
    return Receipt(
        submission,
        edition,
        frozen.content,
        claimed.levels[scorecard_view.AWARD].reached,
        scorecard_view.total(claimed, lang),
        parts,
        f"submission-{submission.assessment_id}-{submission.round}.json",
    )


def _given(question: Question, replies: Mapping[str, Reply], content: Mapping[str, Any], lang: Lang) -> Given:
    reply = replies.get(question.id)
    return Given(question, answer_text(question, reply, lang), reply, content["evidence"].get(question.id, ()))


def chosen(assessment_id: int) -> tuple[Submission, list[Submission]]:
    """The submission of the round that the address names, else the newest, and all of them.

    Raises NotFoundError for strangers and for what was never submitted.
    """
    session = db.session()
    found = submissions(session, assessment_of(session, current_actor(), assessment_id).id)
    wanted = request.args.get("round", len(found), type=int)
    for one in found:
        if one.round == wanted:
            return one, found
    raise NotFoundError


@officer.get(f"{ASSESSMENT}/receipt")
def receipt(assessment_id: int) -> str:
    """What was submitted, by whom, when, its digest, and how to check it."""
    submission, rounds = chosen(assessment_id)
    session = db.session()
    return render_template(
        "officer/receipt.html",
        told=receipt_of(submission, reader()),
        assessment=assessment_of(session, current_actor(), assessment_id),
        rounds=rounds,
        by=names_of(session, {submission.submitted_by}).get(submission.submitted_by, ""),
    )


@officer.get(f"{ASSESSMENT}/receipt.pdf")
def receipt_pdf(assessment_id: int) -> Response:
    """The receipt with every answer and file, the frozen text inside it; the same bytes each time it is drawn."""
    submission, _rounds = chosen(assessment_id)
    told = receipt_of(submission, reader())
    html = render_template("print/receipt.html", told=told)
    described = _("The frozen submission, to the letter")
    attached = Attached(told.name, submission.content, str(described), told.moment.isoformat())
    name = f"receipt-{assessment_id}-{submission.round}-{reader()}"
    sender = Sender(f"person {current_actor().user_id}", known=True)
    abandon()  # drawing takes its time: nothing is held meanwhile
    return printed(html, STYLE, name, sender, attached)


@officer.get(f"{ASSESSMENT}/submission.json")
def frozen(assessment_id: int) -> Response:
    """The frozen text to the byte: its SHA-256 is the digest on the receipt."""
    submission, _rounds = chosen(assessment_id)
    response = make_response(submission.content)
    response.headers["Content-Type"] = "application/json"
    name = f"submission-{assessment_id}-{submission.round}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
