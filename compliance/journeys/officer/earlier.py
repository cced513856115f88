"""What an earlier answer that waits to be confirmed has to be read again for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.actions.confirming import Carried, carried_answers
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.words import differing_words
from questionnaires import Question, catalogue


@dataclass(frozen=True)
class Earlier:
    """`worded_before` and `differing`: the question as it was, and what changed; only where it was reworded."""

    carried: Carried | None = None
    worded_before: Question | None = None
    differing: tuple[str, ...] = ()


def earlier_notes(session: Session, desk: Desk, questions: Iterable[Question]) -> Mapping[str, Earlier]:
    """By question, for those that wait."""
    wanted = {question.id for question in questions} & desk.unconfirmed
    if not wanted:
        return {}
    found = carried_answers(session, desk.assessment, desk.view, desk.rows, desk.files)
    return {one.question.id: _note(desk, one) for one in found if one.question.id in wanted}


def _note(desk: Desk, carried: Carried) -> Earlier:
    if carried.difference.change == "same":
        return Earlier(carried)
    old = catalogue.edition(carried.row.carried_from or desk.edition.id).question(carried.question.id)
    return Earlier(carried, old, tuple(differing_words(carried.difference.what)))
