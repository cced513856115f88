"""The form of one question: the edition's fields, the version seen, files, and what the officer pressed."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from compliance import clock
from compliance.actions.scorecards import replies_from
from compliance.journeys.forms import VersionField
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.evidence_form import EvidenceFields
from compliance.journeys.officer.words import reader
from compliance.store.answers import AnswerRow
from questionnaires import Lang, Question, Reply, catalogue
from questionnaires.forms import COMMENT, JUSTIFICATION, MAX_COMMENT, NOT_APPLICABLE, filled, form_class, read


class AnswerForm(EvidenceFields):
    """What every question's form has besides its answer."""

    version = VersionField(default="0")
    taken = HiddenField()

    question: Question
    most = MAX_COMMENT
    """Characters of a comment, and of a reason."""

    @property
    def answer(self) -> Any:
        return self[self.question.id]

    @property
    def comment(self) -> Any:
        return self[self.question.id + COMMENT]

    @property
    def not_applicable(self) -> Any:
        return self[self.question.id + NOT_APPLICABLE] if self.question.not_applicable else None

    @property
    def justification(self) -> Any:
        return self[self.question.id + JUSTIFICATION] if self.question.not_applicable else None

    def reply(self, files: int) -> Reply:
        """What a valid form says; a file question is answered by its files."""
        return read(self, (self.question,), files={self.question.id: files})[self.question.id]


@lru_cache(maxsize=512)
def _class_for(edition_id: str, question_id: str, lang: Lang, today: date) -> type[AnswerForm]:
    edition = catalogue.edition(edition_id)
    least = edition.rules.not_applicable.justification_min_length
    made: type[AnswerForm] = form_class(
        edition.question(question_id), AnswerForm, lang, today=today, justification_min_length=least
    )
    return made


def sent_form(edition_id: str, question: Question) -> AnswerForm:
    """The form as it was sent; reads nothing from the store."""
    form = _class_for(edition_id, question.id, reader(), clock.today())()
    form.question = question
    return form


def typed_form_of(edition_id: str, question: Question, fields: MultiDict[str, str]) -> AnswerForm:
    """The form as its page would send it, from fields that came another way; who sends them is asked elsewhere."""
    form = _class_for(edition_id, question.id, reader(), clock.today())(formdata=fields, meta={"csrf": False})
    form.question = question
    return form


def stored_form(desk: Desk, question: Question) -> AnswerForm:
    """The form filled with what is stored."""
    row = desk.rows.get(question.id)
    data = {**filled((question,), desk.replies), "version": str(row.version if row else 0), "link_seen": clock.today()}
    form = _class_for(desk.edition.id, question.id, reader(), clock.today())(formdata=None, data=data)
    form.question = question
    return form


def taken_form(desk: Desk, question: Question, content: Mapping[str, Any], name: str) -> AnswerForm:
    """The form filled with an entry of the history, over the version that is stored now."""
    row = AnswerRow(question.id, **content)
    data = filled((question,), replies_from(desk.edition, {question.id: row}))
    now = desk.rows.get(question.id)
    more = {"version": str(now.version if now else 0), "taken": name}
    form = _class_for(desk.edition.id, question.id, reader(), clock.today())(formdata=None, data={**data, **more})
    form.question = question
    return form
