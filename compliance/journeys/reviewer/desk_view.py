"""What the page of one answer shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from compliance.actions import weighing
from compliance.actions.blind import may_change
from compliance.actions.earlier_cycle import EarlierAnswer, earlier_answer
from compliance.actions.page_images import pages_known
from compliance.actions.pieces import Piece, submitted_pieces
from compliance.actions.scorecards import frozen_reply, snapshot_from
from compliance.actions.under_review import UnderReview
from compliance.actions.weighing import Weighing, weigh
from compliance.journeys import scorecard_view
from compliance.journeys.answer_text import answer_text
from compliance.journeys.appeal_view import upheld
from compliance.journeys.gate import settings
from compliance.journeys.language import current_language
from compliance.journeys.officer.words import differing_words
from compliance.journeys.reviewer import effect_words
from compliance.journeys.reviewer.blueprint import mine
from compliance.journeys.reviewer.effect_words import Told
from compliance.journeys.reviewer.forms import RulingForm
from compliance.journeys.reviewer.rewording import rewordings
from compliance.journeys.reviewer.views import row
from compliance.store.assessments import Assessment, submissions
from compliance.store.evidence_files import same_evidence
from compliance.store.files import file_store
from compliance.store.people import names_of
from compliance.store.review_notes import ReviewNote, internal_notes, to_ask
from compliance.store.reviews import clarifications
from compliance.store.second_scorings import blind_cases
from questionnaires import Lang, Question, Reply
from questionnaires.answers import load

MOST_SHEETS = 12
"""Pages of a piece that stand beside the ruling; the others are a link away."""


def order_of(found: UnderReview) -> list[str]:
    """The answers to rule, what decides the level first."""
    return scorecard_view.deciding_order(found.edition, found.claimed, found.to_rule, weighing.deciding(found))


@dataclass(frozen=True)
class Sheet:
    """A piece of evidence beside the ruling. `pages` are known so far; `others` counts companies that gave it too."""

    piece: Piece
    pages: int
    answers: tuple[Question, ...]
    others: int
    before: bool
    """It was evidence of this answer in the cycle before."""


def desk(
    session: Session, found: UnderReview, question: Question, form: RulingForm, *, second: bool = False
) -> dict[str, Any]:
    """`second`: for the second scorer, who reads nothing that the first wrote, asked or brought about."""
    assessment = found.assessment
    waiting = {} if second else to_ask(session, assessment.id)
    return {
        "assessment": assessment,
        "item": row(assessment),
        "mine": second or (mine(assessment) and _changeable(session, found, question)),
        "second": second,
        "question": question,
        "ruling": found.rulings.get(question.id),
        **_claim(found, question),
        **_place(found, question, waiting),
        **_earlier_cycle(session, found, question),
        **_said(session, found, question, second=second),
        **_weighed(found, question, form),
    }


def _claim(found: UnderReview, question: Question) -> dict[str, Any]:
    lang, code, reply = current_language(), found.edition, found.snapshot.replies.get(question.id)
    return {
        "section": code.section(question.section).title[lang],
        "answer": answer_text(question, reply, lang),
        "reply": reply,
        "finding": found.claimed.findings.get(question.id),
        "essential": scorecard_view.decides(code, found.claimed, question.id) == "essential",
    }


def _place(found: UnderReview, question: Question, waiting: Mapping[str, ReviewNote]) -> dict[str, Any]:
    """Where the answer stands among the others, and which comes next."""
    order, deciding, after = order_of(found), weighing.deciding(found), request.args.get("after", "")
    place = order.index(question.id)
    return {
        "decides": question.id in deciding,
        "place": place + 1,
        "count": len(order),
        "deciding": len(deciding & set(order)),
        "left": [one for one in found.unruled if one not in waiting],
        "before": found.edition.question(after) if after in order else None,
        "next": _next_open(found, order, place, waiting),
    }


def _earlier_cycle(session: Session, found: UnderReview, question: Question) -> dict[str, Any]:
    """What was answered, given and ruled in the cycle before, beside the evidence of this one."""
    lang, blind = current_language(), blind_cases(session, [found.assessment.id]) != set()
    last = earlier_answer(session, found.assessment, found.snapshot, question)
    return {
        "sheets": _sheets(session, found, question, last, blind=blind),
        "then": _then(session, last, blind=blind),
        "last": last,
        "appeals": upheld(found.assessment),
        "last_answer": answer_text(last.question, last.reply, lang) if last and last.question else "",
        "last_adjusted": _adjusted(last, lang),
        "reworded": differing_words(last.reworded) if last else [],
        "rewordings": rewordings(last.question, question, lang) if last and last.question else [],
    }


def _said(session: Session, found: UnderReview, question: Question, *, second: bool) -> dict[str, Any]:
    """What the first side noted and asked, and what the company answered before its replies; nothing of it to the
    second."""
    assessment = found.assessment
    notes = [] if second else internal_notes(session, assessment.id, question.id)
    asked = [] if second else clarifications(session, assessment.id)
    return {
        "asked_before": [one for one in asked if question.id in one.questions],
        "rounds_left": found.edition.lifecycle.review.more_information_rounds - len(asked),
        "earlier": [] if second else _earlier(session, assessment, question),
        "notes": notes,
        "writers": names_of(session, {one.written_by for one in notes}),
    }


def _weighed(found: UnderReview, question: Question, form: RulingForm) -> dict[str, Any]:
    """What each ruling would do, and how the claimed and the verified score stand."""
    lang, weighed = current_language(), weigh(found, question)
    options = effect_words.options(weighed, lang)
    nearest = _nearest(question, options)
    return {
        "effects": {
            "confirm": effect_words.confirmed(weighed, lang),
            "not_supported": effect_words.refused(weighed, lang),
            "adjust": options[nearest] if nearest else _tried(weighed, form, lang),
        },
        "options": options,
        "nearest": question.option(nearest).label[lang] if nearest else "",
        "bars": scorecard_view.pair_bars(found.edition, found.claimed, found.so_far, lang),
        "claimed": found.claimed.levels[scorecard_view.AWARD].reached,
        "verified": found.so_far.levels[scorecard_view.AWARD].reached,
    }


def _changeable(session: Session, found: UnderReview, question: Question) -> bool:
    """What was compared with a second scoring stands; an answer that nobody ruled can be ruled all the same."""
    return question.id not in found.rulings or may_change(session, found.assessment)


def _nearest(question: Question, options: Mapping[str, Told]) -> str:
    """The option after the one claimed, else the first: what an adjustment most often says. Empty without options."""
    values = [option.value for option in question.options]
    claimed = next((place for place, value in enumerate(values) if value not in options), -1)
    return next((value for value in [*values[claimed + 1 :], *values] if value in options), "")


def _tried(weighed: Weighing, form: RulingForm, lang: Lang) -> Told | None:
    return None if form.tried is None else effect_words.adjusted(weighed, form.tried, lang)


def _next_open(found: UnderReview, order: Sequence[str], place: int, waiting: Mapping[str, ReviewNote]) -> str | None:
    """The next answer that waits for a word of the reviewer's."""
    rest = [*order[place + 1 :], *order[:place]]
    return next((one for one in rest if one not in found.rulings and one not in waiting), None)


def _sheets(
    session: Session, found: UnderReview, question: Question, last: EarlierAnswer | None, *, blind: bool
) -> list[Sheet]:
    """While two score it blind, neither is told which pages were drawn for the other: they come with a script."""
    before = {file.sha256 for file in last.files} if last else set()
    return [
        Sheet(
            piece,
            _pages(piece, blind=blind),
            tuple(_elsewhere(found, question, piece.file.sha256)),
            _others(session, found, piece.file.sha256),
            piece.file.sha256 in before,
        )
        for piece in submitted_pieces(session, found.snapshot, question)
    ]


def _then(session: Session, last: EarlierAnswer | None, *, blind: bool) -> list[Sheet]:
    """The evidence that this answer had in the cycle before, as it stood then."""
    if last is None or last.question is None:
        return []
    given = submitted_pieces(session, snapshot_from(last.submission), last.question)
    return [Sheet(piece, _pages(piece, blind=blind), (), 0, before=True) for piece in given]


def _pages(piece: Piece, *, blind: bool) -> int:
    hidden = blind or piece.file.quarantined_at
    return 0 if hidden else min(MOST_SHEETS, pages_known(file_store(settings()), piece.file))


def _elsewhere(found: UnderReview, question: Question, sha256: str) -> list[Question]:
    """The other answers of this submission that the same bytes support."""
    given = found.snapshot.content["evidence"]
    return [
        found.edition.question(one)
        for one in found.to_rule
        if one != question.id and any(file["sha256"] == sha256 for file in given.get(one, ()))
    ]


def _others(session: Session, found: UnderReview, sha256: str) -> int:
    """How many other companies gave the same: a template that is shared, or a copy."""
    return len({one.company_id for one in same_evidence(session, sha256)} - {found.assessment.company_id})


def _earlier(session: Session, assessment: Assessment, question: Question) -> list[str]:
    """What the company answered here before its replies to questions."""
    rounds = submissions(session, assessment.id)[:-1]
    return [answer_text(question, frozen_reply(one, question), current_language()) for one in rounds]


def _adjusted(last: EarlierAnswer | None, lang: Lang) -> str:
    """What the evidence did support in the cycle before, where it was not what was claimed."""
    if last is None or last.question is None or last.ruling is None or last.ruling.adjusted is None:
        return ""
    value = load(last.question, last.ruling.adjusted)
    return answer_text(last.question, Reply(value), lang)
