"""The history of an answer: every version with who, when and how, and what met a colleague's and was not chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from compliance.actions.answering import question_of
from compliance.journeys.forms import whole_number
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.blueprint import QUESTION, officer
from compliance.journeys.officer.desk import Desk, open_desk
from compliance.journeys.officer.words import stored_words
from compliance.store.answers import rejected
from compliance.store.assessments import AnswerRevision, How, RejectedAnswer, revisions
from compliance.store.base import db
from compliance.store.people import colleagues, names_of
from questionnaires import Question

HOW: Mapping[str, Any] = {
    How.TYPED: _l("typed on this page"),
    How.IMPORTED: _l("from an uploaded form"),
    How.PREVIEW: _l("from the preview"),
    How.CARRIED: _l("carried over from the assessment before"),
    How.CONFIRMED: _l("confirmed unchanged"),
    How.CHOSEN: _l("chosen when two texts met"),
    How.TAKEN: _l("taken from this history"),
    How.REPLY: _l("changed while the reviewer asked"),
    How.RESTORED: _l("as it was signed: no reply came in time"),
}
A_PAGE = 20
REJECTED, VERSION = "r", "v"
"""How the name of an entry begins, as addresses carry it (`v12`)."""


@dataclass(frozen=True)
class Entry:
    """One line. `rejected`: it was written, and never stored as the answer; `current`: it is the answer now."""

    name: str
    who: str
    when: datetime
    how: str
    answer: str
    na_reason: str
    comment: str
    current: bool
    rejected: bool


@officer.get(f"{QUESTION}/history")
def history(assessment_id: int, question_id: str) -> str:
    """All of it, newest first, a page at a time."""
    desk = open_desk(db.session(), current_actor(), assessment_id)
    question = question_of(desk.edition.id, question_id)
    found = entries(db.session(), desk, question)
    pages = max(1, -(-len(found) // A_PAGE))
    page = min(max(whole_number(request.args.get("page")) or 1, 1), pages)
    shown = found[(page - 1) * A_PAGE : page * A_PAGE]
    return render_template(
        "officer/answer_history.html", desk=desk, question=question, entries=shown, page=page, pages=pages
    )


def entries(session: Session, desk: Desk, question: Question) -> list[Entry]:
    """Who wrote what, when and how; newest first."""
    found = revisions(session, desk.assessment.id, question.id)
    unchosen = [one for one in rejected(session, desk.assessment.id, question.id) if not _chosen_later(one, found)]
    names = _names(session, desk, {one.saved_by for one in found} | {one.written_by for one in unchosen})
    before = {later.id: earlier for later, earlier in pairwise(found)}
    lines = [_version(question, one, names, _how(desk, one, before.get(one.id)), one is found[0]) for one in found]
    lines += [_unchosen(question, one, names) for one in unchosen]
    return sorted(lines, key=lambda line: line.when, reverse=True)


def content_named(session: Session, assessment_id: int, question_id: str, name: str) -> dict[str, Any] | None:
    """What an entry says; None when the history has none of this name."""
    number = whole_number(name[1:])
    if name.startswith(REJECTED):
        unchosen = rejected(session, assessment_id, question_id)
        return next((one.content for one in unchosen if one.id == number), None)
    if name.startswith(VERSION):
        kept = revisions(session, assessment_id, question_id)
        return next((one.content for one in kept if one.version == number), None)
    return None


def _chosen_later(unchosen: RejectedAnswer, kept: list[AnswerRevision]) -> bool:
    return any(one.content == unchosen.content and one.version > unchosen.met_version for one in kept)


def _names(session: Session, desk: Desk, people: set[int]) -> dict[int, str]:
    """Who has left the company is named, and that they left is said."""
    here = {one.person_id for one in colleagues(session, desk.assessment.company_id)}
    named = names_of(session, people)
    return {
        number: name if number in here else str(_("%(name)s (no longer a colleague)", name=name))
        for number, name in named.items()
    }


def _how(desk: Desk, one: AnswerRevision, before: AnswerRevision | None) -> str:
    """Of versions older than our record of it, only what follows from the others is said."""
    if one.how is not None:
        return str(HOW[one.how])
    if desk.assessment.earlier_id and one.saved_at == desk.assessment.opened_at:
        return str(HOW[How.CARRIED])
    return str(HOW[How.CONFIRMED]) if before and before.content == one.content else ""


def _version(question: Question, one: AnswerRevision, names: Mapping[int, str], how: str, newest: bool) -> Entry:
    name = f"{VERSION}{one.version}"
    return _entry(question, name, one.content, names.get(one.saved_by, ""), one.saved_at, how, newest, rejected=False)


def _unchosen(question: Question, one: RejectedAnswer, names: Mapping[int, str]) -> Entry:
    how = str(_("not chosen: a colleague's answer was stored already"))
    name = f"{REJECTED}{one.id}"
    return _entry(question, name, one.content, names.get(one.written_by, ""), one.met_at, how, False, rejected=True)


def _entry(
    question: Question, name: str, content: Mapping[str, Any], who: str, when: datetime, how: str, current: bool,
    *, rejected: bool,
) -> Entry:  # fmt: skip
    said = (stored_words(question, content), str(content["na_reason"]), str(content["comment"]))
    return Entry(name, who, when, how, *said, current, rejected)
