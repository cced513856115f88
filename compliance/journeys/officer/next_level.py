"""The cheapest way to the next level, as steps an officer can take."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flask import url_for

from compliance.actions.aims import Aim, Proposal, propose
from compliance.journeys import scorecard_view
from compliance.journeys.language import gettext as _
from compliance.journeys.language import show_points
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.words import aim_words, answer_words, reader
from questionnaires import Question
from scoring import NoPath, Path


@dataclass(frozen=True)
class PathStep:
    """One step: what the answer is now and has to become, what it gains, and the page of the question."""

    question: str
    title: str
    text: str
    gain: str
    href: str


@dataclass(frozen=True)
class PathToLevel:
    """All steps to a level; `besides` is what else must come to hold, in words; `missing` says why there is no way.

    `proved`: no way has fewer steps. `seen` is sent back with the press that makes it the plan.
    """

    level: str
    steps: tuple[PathStep, ...] = ()
    besides: tuple[str, ...] = ()
    points: str = ""
    proved: bool = True
    missing: str = ""
    seen: str = ""


def proposal_for(desk: Desk) -> Proposal | NoPath | None:
    """None while no way can be scored."""
    return propose(desk.edition, desk.scored, desk.asked)


def path_to_level(desk: Desk, found: Proposal | NoPath | None) -> PathToLevel | None:
    """The way in the reader's words; None at the top, or while an answer cannot be scored."""
    if found is None or (isinstance(found, NoPath) and found.wanted is None):
        return None
    if isinstance(found, NoPath):
        return PathToLevel(str(found.wanted), missing=_missing(found))
    gains = _gains(desk, found.path)
    steps = tuple(
        _step(desk, desk.edition.question(question), aim, gains.get(question, Fraction(0)))
        for question, aim in found.aims.items()
    )
    points = scorecard_view.total(found.path.scorecard, reader())
    besides = _besides(found)
    return PathToLevel(found.path.reaches, steps, besides, points, found.path.proved, seen=found.digest)


def _gains(desk: Desk, path: Path) -> Mapping[str, Fraction]:
    top = str(scorecard_view.scale(desk.edition).of)
    before, after = desk.score.contributions(top), path.scorecard.contributions(top)
    return {name: value - before.get(name, Fraction(0)) for name, value in after.items()}


def _missing(path: NoPath) -> str:
    words = {
        "out_of_scope": _("No question of this Code counts for your company: there is no level to reach."),
        "none": _("No change of your answers leads to this level."),
        "not_found": _("No way to this level was found. There may be one."),
    }
    return str(words.get(path.why, ""))


def _besides(found: Proposal) -> tuple[str, ...]:
    """What no step brings about; the figures that are steps themselves are told there."""
    told = dict.fromkeys(condition.says(reader()) for condition in found.path.besides if condition not in found.figured)
    return tuple(told)


def _step(desk: Desk, question: Question, aim: Aim, gained: Fraction) -> PathStep:
    now = (
        _("Now: %(answer)s", answer=answer_words(question, desk.replies[question.id]))
        if desk.answered(question.id)
        else ""
    )
    gain = _("+%(points)s points in all", points=show_points(gained)) if gained > 0 else ""
    href = url_for("officer.question", assessment_id=desk.assessment.id, question_id=question.id)
    text = " → ".join(part for part in (now, aim_words(question, aim, reader())) if part)
    return PathStep(question.id, question.title[reader()], text, gain, href)
