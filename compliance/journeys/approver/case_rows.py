"""The answers of a case as its approver reads them: what was not simply confirmed, what decides the level, the rest."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.actions.pieces import Piece, submitted_pieces
from compliance.actions.under_review import UnderReview
from compliance.journeys import scorecard_view
from compliance.journeys.answer_text import answer_text
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.reviewer.forms import REASON_WORDS
from compliance.store.reviews import Judged, Verdict, clarifications
from questionnaires import Edition, Question, Reply
from questionnaires.answers import load


@dataclass(frozen=True)
class Row:
    """One answer: what the company said and what was found. `simple`: confirmed as it was given, without a question."""

    question: Question
    decides: str
    said: str
    became: str
    simple: bool
    because: str
    reasons: tuple[str, ...]
    note: str
    asked: tuple[str, ...]
    essential: str
    factors: tuple[str, ...]
    excuse: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Rows:
    """All answers, each in one place; `total` counts them."""

    differing: list[Row]
    deciding: list[Row]
    rest: list[Row]

    @property
    def total(self) -> int:
        return len(self.differing) + len(self.deciding) + len(self.rest)


def rows_of(session: Session, read: UnderReview) -> Rows:
    """What decides the level comes first in each part."""
    rounds = clarifications(session, read.assessment.id)
    asked = {one: tuple(r.questions[one] for r in rounds if one in r.questions) for one in read.to_rule}
    order = scorecard_view.deciding_order(read.edition, read.verified, read.to_rule)
    rows = [_row(session, read, read.edition.question(one), asked[one]) for one in order]
    same = [row for row in rows if row.simple]
    return Rows(
        [row for row in rows if not row.simple],
        [row for row in same if row.decides],
        [row for row in same if not row.decides],
    )


def _row(session: Session, read: UnderReview, question: Question, asked: tuple[str, ...]) -> Row:
    ruling, lang = read.rulings.get(question.id), current_language()
    finding = read.verified.findings.get(question.id)
    return Row(
        question=question,
        decides=scorecard_view.decides(read.edition, read.verified, question.id),
        said=answer_text(question, read.snapshot.replies.get(question.id), lang),
        became=became(question, ruling),
        simple=not asked and ruling is not None and is_simple(ruling),
        because=finding.because(lang) if finding else "",
        reasons=reasons_of(ruling),
        note=ruling.note if ruling else "",
        asked=asked,
        essential=ruling.essential if ruling else "",
        factors=factor_words(read.edition, ruling),
        excuse=ruling.excuse if ruling else "",
        pieces=submitted_pieces(session, read.snapshot, question),
    )


def is_simple(ruling: Judged) -> bool:
    """Whether it took the company's word, with all the evidence."""
    confirmed = ruling.verdict is Verdict.CONFIRM and ruling.na_accepted is None
    return confirmed and ruling.evidence_accepted is not False and not ruling.essential


def factor_words(edition: Edition, ruling: Judged | None) -> tuple[str, ...]:
    """The mitigating factors by which a person decided on an essential point, in the edition's words."""
    found = ruling.factors if ruling else []
    return tuple(one.text[current_language()] for one in edition.lifecycle.discretion.factors if one.id in found)


def became(question: Question, ruling: Judged | None) -> str:
    """What the reviewer made of an answer, in words."""
    if ruling is None:
        return _("No ruling yet")
    if ruling.na_accepted is not None:
        return _("Accepted as not applicable") if ruling.na_accepted else _("Not accepted as not applicable")
    if ruling.verdict is Verdict.ADJUST:
        return answer_text(question, Reply(load(question, ruling.adjusted)), current_language())
    return _("Not supported") if ruling.verdict is Verdict.NOT_SUPPORTED else _("Confirmed")


def reasons_of(ruling: Judged | None) -> tuple[str, ...]:
    """The reviewer's reasons, from the list of the Ministry."""
    if ruling is None:
        return ()
    said = [str(REASON_WORDS[ruling.reason])] if ruling.reason in REASON_WORDS else []
    return (*said, _("The evidence was not accepted.")) if ruling.evidence_accepted is False else tuple(said)
