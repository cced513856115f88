"""What the page of all questions of a section shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from compliance.actions.answering import EditConflictError, content_of
from compliance.domain.errors import InvalidError
from compliance.journeys.language import current_language, show_datetime
from compliance.journeys.officer.answer_form import AnswerForm, stored_form
from compliance.journeys.officer.assessment import section_tasks
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.earlier import Earlier, earlier_notes
from compliance.journeys.officer.evidence_form import accepted_endings
from compliance.journeys.officer.giving_many import lacking_evidence
from compliance.journeys.officer.refusals import file_refusal
from compliance.journeys.officer.way import CHECK
from compliance.journeys.officer.words import saved_words, whole_answer
from compliance.store.answers import AnswerRow
from compliance.store.evidence_files import EvidenceFile
from compliance.store.people import names_of
from questionnaires import Question, Section, Text
from questionnaires.because import asked_because
from questionnaires.facts import may_use_lighter_evidence

VERSION, MET, KEEP, CONFIRM = "version-", "met-", "keep-", "confirm-"
"""How the names of a question's own hidden fields and choices begin."""
NO_NOTE = Earlier()


@dataclass(frozen=True)
class Answered:
    """An answer as it was sent and is shown again: wrong, or beside the colleague's that it met."""

    form: AnswerForm
    met: EditConflictError | None = None
    unchosen: bool = False


@dataclass(frozen=True)
class Part:
    """One question on the page; without a form it can only be read."""

    question: Question
    number: int
    form: AnswerForm | None
    row: AnswerRow | None
    version: str
    saved: str
    partly: bool
    files: Sequence[EvidenceFile]
    endings: str
    because: Text | None
    earlier: Earlier
    met: Mapping[str, Any] | None
    unchosen: bool


def render(
    session: Session, desk: Desk, section: Section, again: Mapping[str, Answered], refused: Sequence[str] = ()
) -> str:
    """`again`: what was sent and could not be saved, by question; `refused`: why files for several answers were not."""
    here = list(desk.asked_in(section.id))
    here += [one for one in section.questions if one.id in again and one not in here]
    notes = earlier_notes(session, desk, here)
    parts = [_part(session, desk, one, number, again, notes) for number, one in enumerate(here, start=1)]
    return render_template(
        "officer/all_questions.html",
        desk=desk,
        section=section,
        parts=parts,
        open=any(part.form for part in parts),
        wrong=[item for part in parts for item in _wrong(part)],
        again=again,
        refused=refused,
        lacking=lacking_evidence(desk, section.id, unanswered=True),
        files=_files_taken(desk),
        sections=section_tasks(desk),
        lighter=may_use_lighter_evidence(desk.edition, desk.facts),
        back=CHECK if request.values.get("back") == CHECK else "",
    )


def _files_taken(desk: Desk) -> dict[str, Any]:
    """What a field for files says of their size; `together` is of all that one save takes."""
    rules = desk.edition.evidence
    most = rules.max_file_mb
    too_large = file_refusal(InvalidError("file", "file_too_large", most=most))
    return {
        "together": rules.max_files_per_question * most,
        "attrs": {"data-most": most * 1_000_000},
        "too_large": too_large,
    }


def _part(
    session: Session, desk: Desk, question: Question, number: int, again: Mapping[str, Answered],
    notes: Mapping[str, Earlier],
) -> Part:  # fmt: skip
    row, sent, partly = desk.rows.get(question.id), again.get(question.id), not desk.answered(question.id)
    editable = desk.may_answer(question.id)
    met = sent.met if sent else None
    return Part(
        question=question,
        number=number,
        form=(sent.form if sent else stored_form(desk, question)) if editable or sent else None,
        row=row,
        version=_version(row, sent),
        saved=saved_words(row.saved_at, partly=partly) if row and not sent else "",
        partly=partly,
        files=desk.files.get(question.id, ()),
        endings=accepted_endings(question.evidence),
        because=asked_because(desk.edition, desk.view, question) if question.asked_when else None,
        earlier=notes.get(question.id, NO_NOTE) if not sent else NO_NOTE,
        met=_met(session, question, met) if met else None,
        unchosen=bool(sent and sent.unchosen),
    )


def _version(row: AnswerRow | None, sent: Answered | None) -> str:
    """The one that was seen; once both texts are shown, the colleague's was."""
    if sent and sent.met:
        return str(sent.met.theirs.version)
    return str(sent.form.version.data) if sent else str(row.version if row else 0)


def _met(session: Session, question: Question, met: EditConflictError) -> dict[str, Any]:
    theirs = met.theirs
    return {
        "mine": {"text": whole_answer(question, content_of(met.mine)), "when": ""},
        "theirs": {
            "text": whole_answer(question, theirs.content()),
            "who": names_of(session, {theirs.saved_by}).get(theirs.saved_by, ""),
            "when": show_datetime(theirs.saved_at, current_language()),
        },
    }


def _wrong(part: Part) -> list[dict[str, str]]:
    """Everything that is wrong on the page, each with its place."""
    form, name = part.form, part.question.id
    errors = [
        (f"file-{name}" if field.id == "file" else field.id, text) for field in form or () for text in field.errors
    ]
    errors = errors if not part.met else []
    title = part.question.title[current_language()]
    return [{"text": f"{title}: {text}", "href": f"#{place}"} for place, text in errors]
