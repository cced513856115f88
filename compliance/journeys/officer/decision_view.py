"""A decision as its company reads it: in short, why, and the claimed beside the verified result point by point."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from compliance.actions.scorecards import Snapshot, read_scorecard, snapshot_from
from compliance.journeys import scorecard_view
from compliance.journeys.answer_text import answer_text
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.words import reader
from compliance.journeys.reviewer.forms import REASON_WORDS
from compliance.journeys.scorecard_view import AWARD, Bar
from compliance.store.assessments import Assessment, Submission
from compliance.store.reviews import Deciding, Decision, Recommendation, Ruling, Verdict, standing_rulings
from questionnaires import Edition, Question, Reply, Section, catalogue
from questionnaires.answers import load
from questionnaires.asking import asked
from scoring import Scorecard

MOST_REASONS = 3
MOST_OPEN = 10
"""Changed answers that are shown at once; of more only the sections in which one decides the level."""


class Came(StrEnum):
    """What came of a claim."""

    AS_CLAIMED = "as_claimed"
    LOWER = "lower"
    HIGHER = "higher"
    REFUSED = "refused"


@dataclass(frozen=True)
class Point:
    """One question: what the company said, what the reviewer found, and what it came to. `became` is empty for an
    answer that stands as it was given."""

    question: Question
    said: str
    became: str
    reasons: tuple[str, ...]
    note: str
    claimed: str
    verified: str
    because: str
    decides: str
    changed: bool

    @property
    def unsupported(self) -> bool:
        """Told by its verdict already."""
        return self.verified == "unsupported"


@dataclass(frozen=True)
class Part:
    """A section with its points: what changed, and what stands as it was claimed. `bar` is None where nothing scores.

    `opened`: shown at once, so that a reader neither misses what changed nor scrolls through all of a long list.
    """

    section: Section
    bar: Bar | None
    changed: tuple[Point, ...]
    same: tuple[Point, ...]
    opened: bool


@dataclass(frozen=True)
class Decided:
    """All that a decision rests on, as it was frozen."""

    decision: Decision
    recommendation: Recommendation
    edition: Edition
    snapshot: Snapshot
    claimed: Scorecard
    verified: Scorecard
    rulings: Mapping[str, Ruling]

    @property
    def came(self) -> Came:
        if self.decision.act is Deciding.REFUSE:
            return Came.REFUSED
        order = [None, *(rung.id for rung in scorecard_view.scale_of(self.verified).rungs)]
        claim, found = (order.index(card.levels[AWARD].reached) for card in (self.claimed, self.verified))
        return Came.AS_CLAIMED if claim == found else Came.LOWER if found < claim else Came.HIGHER

    @property
    def level(self) -> str | None:
        return self.verified.levels[AWARD].reached


def decided(session: Session, assessment: Assessment, decision: Decision) -> Decided:
    """What was recommended and decided, with the submission it was about."""
    recommendation = session.get_one(Recommendation, decision.recommendation_id)
    submission = session.get_one(Submission, recommendation.submission_id)
    return Decided(
        decision,
        recommendation,
        catalogue.edition(assessment.edition),
        snapshot_from(submission),
        read_scorecard(submission.scorecard, assessment.edition),
        read_scorecard(recommendation.scorecard, assessment.edition),
        standing_rulings(session, assessment.id),
    )


def held_back(found: Decided) -> list[str]:
    """What stopped the level that was claimed, or any level: sentences, the first decide."""
    level = found.verified.levels[AWARD]
    target = found.claimed.levels[AWARD].reached if found.came in {Came.LOWER, Came.REFUSED} else level.next
    if found.came is Came.REFUSED:
        target = level.next if level.reached is None else None
    unmet = level.rung(target).unmet if target else ()
    return list(dict.fromkeys(one.because(reader()) for one in unmet))


def parts(found: Decided) -> list[Part]:
    """By section, in the questionnaire's order."""
    bars = {bar.id: bar for bar in scorecard_view.pair_bars(found.edition, found.claimed, found.verified, reader())}
    points = [_point(found, question) for question in ruled(found)]
    few = sum(point.changed for point in points) <= MOST_OPEN
    made = []
    for section in found.edition.sections:
        here = [point for point in points if point.question.section == section.id]
        changed, same = ([point for point in here if point.changed is wanted] for wanted in (True, False))
        if here:
            opened = bool(changed) and (few or any(point.decides for point in changed))
            made.append(Part(section, bars.get(section.id), tuple(changed), tuple(same), opened))
    return made


def ruled(found: Decided) -> tuple[Question, ...]:
    """What was ruled: a confirmed answer may leave later questions unasked."""
    confirmed = {question for question, ruling in found.rulings.items() if ruling.verdict is Verdict.CONFIRM}
    return tuple(asked(found.edition, found.snapshot.facts, found.snapshot.replies, confirmed=confirmed))


def _point(found: Decided, question: Question) -> Point:
    ruling, reply = found.rulings.get(question.id), found.snapshot.replies.get(question.id)
    before, after = (card.findings.get(question.id) for card in (found.claimed, found.verified))
    moved = (before and (before.outcome, before.points)) != (after and (after.outcome, after.points))
    return Point(
        question,
        answer_text(question, reply, reader()),
        _became(question, ruling),
        (*_reasons(ruling), *_discretion(found.edition, ruling)),
        " ".join(text for text in (ruling.note, ruling.excuse) if text) if ruling else "",
        before.outcome if before else "",
        after.outcome if after else "",
        after.because(reader()) if after else "",
        scorecard_view.decides(found.edition, found.verified, question.id),
        moved or bool(ruling and (ruling.verdict is not Verdict.CONFIRM or _refused(ruling) or ruling.essential)),
    )


def _refused(ruling: Ruling) -> bool:
    return ruling.evidence_accepted is False or ruling.na_accepted is False


def _became(question: Question, ruling: Ruling | None) -> str:
    match ruling and ruling.verdict:
        case Verdict.ADJUST if ruling is not None:
            return answer_text(question, Reply(load(question, ruling.adjusted)), reader())
        case Verdict.NOT_SUPPORTED:
            return str(_("Not supported"))
        case _:
            return ""


def _discretion(edition: Edition, ruling: Ruling | None) -> tuple[str, ...]:
    """What a person decided on an essential point that is not fully met, by which factors."""
    if ruling is None or not ruling.essential:
        return ()
    if ruling.essential == "fail":
        return (_("This essential point was left to discretion, and was not excused."),)
    found = [one.text[reader()] for one in edition.lifecycle.discretion.factors if one.id in ruling.factors]
    return (_("This essential point is not fully met; the Ministry excused it: %(factors)s", factors="; ".join(found)),)


def excused(found: Decided) -> int:
    """How many essential points were excused."""
    return sum(ruling.essential == "pass" for ruling in found.rulings.values())


def _reasons(ruling: Ruling | None) -> tuple[str, ...]:
    """Why, in the Ministry's own list of reasons; evidence that was refused is said even without one."""
    if ruling is None:
        return ()
    said = [str(REASON_WORDS[ruling.reason])] if ruling.reason in REASON_WORDS else []
    if ruling.evidence_accepted is False:
        said.append(str(_("The evidence was not accepted.")))
    if ruling.na_accepted is False:
        said.append(str(_("The question does apply to your company.")))
    return tuple(said)
