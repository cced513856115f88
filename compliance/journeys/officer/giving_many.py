"""Files that come with all questions of a section: a question's own, and those for every answer that lacks evidence."""

from collections.abc import Collection, Mapping
from hashlib import sha256

from flask import flash
from werkzeug.datastructures import FileStorage

from compliance.actions.replacing import share
from compliance.actions.virus_scan import ScannerAwayError
from compliance.bounded.runner import BusyError
from compliance.domain.errors import InvalidError
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.answer_form import AnswerForm
from compliance.journeys.officer.desk import Desk, open_desk
from compliance.journeys.officer.giving import looked_into, sent_files, take_file
from compliance.journeys.officer.refusals import file_refusal
from compliance.store.base import db, transaction
from questionnaires import Question
from questionnaires.asking import lacks_evidence

OWN, SHARED = "file-", "shared-files"
"""How the name of a question's own field begins; the field for all answers of the page that lack evidence."""
TAKES = {"document", "picture"}


def take_own(assessment_id: int, forms: Mapping[str, AnswerForm]) -> bool:
    """Each question's own files; a refusal stands in its form. Whether any came."""
    came = [(form, sent) for name, form in forms.items() for sent in sent_files(OWN + name)]
    for form, sent in came:
        take_file(assessment_id, form.question, form, sent)
    return bool(came)


def take_shared(assessment_id: int, section_id: str, names: Collection[str]) -> list[str]:
    """The files for all answers among `names` that lack evidence; what is refused, in words."""
    if not (files := sent_files(SHARED)):
        return []
    desk = open_desk(db.session(), current_actor(), assessment_id)
    lacking = [one for one in lacking_evidence(desk, section_id) if one.id in names]
    if not lacking and all(_given(desk, section_id, sent) for sent in files):
        return []
    if not lacking:
        return [_("No answer of this page asks for evidence that it does not have: the file was not taken.")]
    return [refused for sent in files if (refused := _take(desk, sent, lacking))]


def _given(desk: Desk, section_id: str, sent: FileStorage) -> bool:
    """Whether it supports an answer of the section already: the button was pressed twice."""
    digest = sha256(sent.read()).hexdigest()
    here = (file for question in desk.asked_in(section_id) for file in desk.files.get(question.id, ()))
    return any(digest in {file.sha256, file.received_sha256} for file in here)


def lacking_evidence(desk: Desk, section_id: str, *, unanswered: bool = False) -> list[Question]:
    """The answers of a section that ask for a file and have none; with `unanswered` those that may come to it too."""
    return [
        question
        for question in desk.asked_in(section_id)
        if desk.may_answer(question.id)
        and question.kind != "file"
        and TAKES.intersection(question.evidence.accepts)
        and (
            lacks_evidence(question, desk.replies, desk.counts)
            or (
                unanswered
                and question.evidence.required
                and not desk.answered(question.id)
                and not desk.counts.get(question.id)
            )
        )
    ]


def _take(desk: Desk, sent: FileStorage, lacking: list[Question]) -> str:
    """Put on every one of the answers that takes such a file; empty, or why it is refused."""
    broadest = max(lacking, key=lambda question: len(TAKES.intersection(question.evidence.accepts)))
    try:
        stored = looked_into(desk.assessment.id, broadest, sent)
        with transaction() as session:
            supported = share(session, current_actor(), desk.assessment.id, broadest, lacking, stored)
    except (InvalidError, BusyError, ScannerAwayError) as error:
        return f"{sent.filename}: {file_refusal(error)}"
    titles = ", ".join(question.title[current_language()] for question in supported)
    flash(_("%(file)s supports these answers now: %(answers)s.", file=stored.name, answers=titles), "success")
    return ""
