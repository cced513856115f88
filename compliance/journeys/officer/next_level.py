"""The cheapest way to the next level, as steps an officer can take."""

from dataclasses import dataclass
from fractions import Fraction

from flask import url_for

from compliance.journeys import scorecard_view
from compliance.journeys.language import gettext as _
from compliance.journeys.language import show_points
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.words import answer_words, reader
from questionnaires import Question, Reply
from questionnaires.answers import load
from questionnaires.errors import AnswerError
from scoring import NoPath, Path, ScoringError, Step, cheapest_path


@dataclass(frozen=True)
class PathStep:
    """One step: what to reach, what it gains, and the page that puts it into the plan."""

    title: str
    text: str
    gain: str
    href: str


@dataclass(frozen=True)
class PathToLevel:
    """All steps to a level; `besides` is what else must come to hold, in words; `missing` says why there is no way.

    `proved`: no way has fewer steps.
    """

    level: str
    steps: tuple[PathStep, ...] = ()
    besides: tuple[str, ...] = ()
    points: str = ""
    proved: bool = True
    missing: str = ""


def path_to_next_level(desk: Desk) -> PathToLevel | None:
    """None at the top, or while an answer cannot be scored."""
    try:
        path = cheapest_path(desk.edition.rubric, desk.subject, scorecard_view.AWARD)
    except ScoringError:
        return None
    if isinstance(path, NoPath):
        return PathToLevel(path.wanted, missing=_missing(path)) if path.wanted is not None else None
    top = str(scorecard_view.scale(desk.edition).of)
    before, after = desk.score.contributions(top), path.scorecard.contributions(top)
    steps = tuple(
        _step(desk, step, after.get(step.criterion, Fraction(0)) - before.get(step.criterion, Fraction(0)))
        for step in path.steps
    )
    points = scorecard_view.total(path.scorecard, reader())
    return PathToLevel(path.reaches, steps, _besides(path), points, path.proved)


def _missing(path: NoPath) -> str:
    words = {
        "out_of_scope": _("No question of this Code counts for your company: there is no level to reach."),
        "none": _("No change of your answers leads to this level."),
        "not_found": _("No way to this level was found. There may be one."),
    }
    return str(words.get(path.why, ""))


def _besides(path: Path) -> tuple[str, ...]:
    return tuple(dict.fromkeys(condition.says(reader()) for condition in path.besides))


def _step(desk: Desk, step: Step, gained: Fraction) -> PathStep:
    question = desk.edition.question(step.criterion)
    shown = show_points(gained)
    gain = _("+%(points)s points in all", points=shown) if gained > 0 else ""
    href = url_for("officer.plan_step", assessment_id=desk.assessment.id, question_id=question.id)
    return PathStep(question.title[reader()], step_words(question, step), gain, href)


def step_words(question: Question, step: Step) -> str:
    """What the answer would become, and whether evidence is wanted."""
    parts = []
    for value in step.answers.values():
        try:
            parts.append("→ " + answer_words(question, Reply(load(question, _stored(value)))))
        except AnswerError:
            continue
    if step.evidence and question.evidence.what is not None:
        parts.append(_("Evidence: %(what)s", what=question.evidence.what[reader()]))
    return ". ".join(parts)


def _stored(value: object) -> object:
    return [str(one) for one in value] if isinstance(value, list | tuple | set | frozenset) else str(value)
