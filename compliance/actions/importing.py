"""Answers that were filled in offline: what they meet in the store, and saving those that were chosen, all or none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import locked
from compliance.actions.answering import content_of, keep_rejected, save
from compliance.domain.roles import MAY_EDIT, Actor
from compliance.domain.three_way import NOTHING, Content, Meeting, meet
from compliance.store.answers import AnswerRow, contents_at
from compliance.store.assessments import How
from compliance.store.audit import record
from questionnaires import Reply


@dataclass(frozen=True)
class Filled:
    """The answer to one question as a form has it. `version`: of the answer the form was downloaded with, if known."""

    question: str
    reply: Reply
    version: int | None


@dataclass(frozen=True)
class Met:
    """An answer of the form beside what was there when it was downloaded (None: unknown) and what is stored now."""

    filled: Filled
    base: Content | None
    now: AnswerRow
    meeting: Meeting


@dataclass(frozen=True)
class Chosen:
    """An answer of the form that shall be stored over the version that the person saw."""

    question: str
    reply: Reply
    seen_version: int


def compare(session: Session, assessment_id: int, filled: Iterable[Filled], rows: Mapping[str, AnswerRow]) -> list[Met]:
    """Each answer of a form beside its base and today's; `rows` are the answers stored now."""
    answers = list(filled)
    seen = {one.question: one.version for one in answers if one.version}
    known = contents_at(session, assessment_id, seen)
    return [_met(one, known, rows.get(one.question, AnswerRow(one.question))) for one in answers]


def _met(filled: Filled, known: Mapping[str, Content], now: AnswerRow) -> Met:
    base = NOTHING if filled.version == 0 else known.get(filled.question)
    return Met(filled, base, now, meet(base, now.content(), content_of(filled.reply)))


def take(
    session: Session, actor: Actor, assessment_id: int, chosen: Iterable[Chosen], left: Iterable[Chosen] = ()
) -> int:
    """Saves each as its own page would, under this person's name; returns how many changed. All are stored or none.

    `left` met a colleague's answer which the person let stand: the history keeps them.
    Raises what `answering.save` raises: EditConflictError when a colleague was quicker.
    """
    assessment = locked(session, assessment_id)  # page saves wait: two people never hold each other's answers
    actor.require_company(assessment.company_id, MAY_EDIT)
    saved = [
        save(session, actor, assessment_id, one.question, one.reply, one.seen_version, How.IMPORTED) for one in chosen
    ]
    for one in left:
        keep_rejected(session, actor, assessment_id, one.question, one.reply, one.seen_version)
    changed = sum(one.changed for one in saved)
    if changed:
        record(session, clock.now(), actor, "officer:answers:imported", "assessment", assessment_id, answers=changed)
    return changed
