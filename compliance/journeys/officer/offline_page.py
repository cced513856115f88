"""What a filled form would change, as the person sees it before anything is saved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from compliance.actions.answering import content_of
from compliance.actions.importing import Filled, Met, compare
from compliance.domain.errors import InvalidError
from compliance.domain.three_way import TO_CHOOSE, Meeting
from compliance.journeys.language import current_language, show_datetime
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.form_reading import FIELD, Wrong
from compliance.journeys.officer.form_sheet import offered
from compliance.journeys.officer.words import whole_answer
from compliance.store.people import names_of
from questionnaires import Question
from questionnaires.asked_state import view
from questionnaires.forms import COMMENT, JUSTIFICATION, NOT_APPLICABLE

CHOICE, SEEN, BASE, PLACE = "choice-", "seen-", "base-", "place-"
"""In front of a question's id: what shall stay, the version shown, the version downloaded, the cell."""
TAKE, LEAVE = "file", "now"
MOST_SENT = 1_500_000
"""Bytes that the page may send back; the body of a form takes a little more."""


@dataclass(frozen=True)
class Line:
    """One answer that the form would change; `now` was saved by `who`; `choice` is what is chosen so far."""

    question: Question
    meeting: Meeting
    place: str
    mine: str
    now: str
    base: str
    who: str
    when: str
    asked: bool
    choice: str
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sent:
    """The answers of a form, by question: what they say, as their pages would send it, the cell, what was chosen."""

    filled: Mapping[str, Filled]
    fields: Mapping[str, MultiDict[str, str]]
    places: Mapping[str, str]
    choices: Mapping[str, str]
    seen: Mapping[str, int]


def lines(session: Session, desk: Desk, sent: Sent) -> tuple[list[Line], list[Wrong], int]:
    """The answers that would change, in the order of the questions; those closed to change; how many would not change.

    Raises InvalidError when it is more than the page can send back.
    """
    met = compare(session, desk.assessment.id, sent.filled.values(), desk.rows)
    wanted = [one for one in met if one.meeting is not Meeting.UNCHANGED]
    open_now = {question.id for question in offered(desk)}
    changing = [one for one in wanted if one.filled.question in open_now]
    closed = [_closed(desk, sent, one.filled.question) for one in wanted if one.filled.question not in open_now]
    names = names_of(session, {one.now.saved_by for one in changing})
    asked = {question.id for question in _asked(desk, changing)}
    found = [_line(desk, sent, one, names, one.filled.question in asked) for one in changing]
    if sum(len(name) + len(text.encode()) + 120 for line in found for name, text in line.hidden) > MOST_SENT:
        raise InvalidError(FIELD, "form_too_much")
    return found, closed, len(met) - len(wanted)


def _closed(desk: Desk, sent: Sent, name: str) -> Wrong:
    """Why an answer of an older form cannot be changed now."""
    asked = _("Only the answers that the reviewer asks about can be changed now.")
    reason = asked if desk.reopened else _("This question is not asked of your company.")
    return Wrong(sent.places.get(name, ""), reason, desk.edition.question(name).title[current_language()])


def _asked(desk: Desk, changing: Iterable[Met]) -> tuple[Question, ...]:
    """What is asked once the form's answers hold."""
    replies = {**desk.replies, **{one.filled.question: one.filled.reply for one in changing}}
    return view(desk.edition, desk.facts, replies).questions


def _line(desk: Desk, sent: Sent, met: Met, names: Mapping[int, str], asked: bool) -> Line:
    name, now = met.filled.question, met.now
    question = desk.edition.question(name)
    place = sent.places.get(name, "")
    carried = (*_hidden(name, sent.fields[name]), (SEEN + name, str(now.version)), (PLACE + name, place))
    known = () if met.filled.version is None else ((BASE + name, str(met.filled.version)),)
    return Line(
        question=question,
        meeting=met.meeting,
        place=place,
        mine=whole_answer(question, content_of(met.filled.reply)),
        now=whole_answer(question, now.content()),
        base=whole_answer(question, dict(met.base)) if met.base is not None else "",
        who=names.get(now.saved_by, ""),
        when=show_datetime(now.saved_at, current_language()),
        asked=asked,
        choice=_choice(sent, met),
        hidden=(*carried, *known),
    )


def _choice(sent: Sent, met: Met) -> str:
    """What was chosen over the text that is stored still; else the form, where nothing of a colleague's is lost."""
    name = met.filled.question
    if sent.seen.get(name, met.now.version) == met.now.version and sent.choices.get(name) in {TAKE, LEAVE}:
        return sent.choices[name]
    return "" if met.meeting in TO_CHOOSE or name in sent.choices else TAKE


def _hidden(name: str, fields: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    for field in (name, name + NOT_APPLICABLE, name + JUSTIFICATION, name + COMMENT):
        for text in fields.getlist(field):
            yield field, text
