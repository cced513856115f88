"""What answers have to become so that the next level is reached, and whether they have."""

import hashlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, cast

from compliance.store.audit import canonical
from questionnaires import AnswerError, Edition, Question
from questionnaires.answers import load
from scoring import NoPath, Path, Scorecard, ScoringError, Step, Subject, Work, evaluate, path_on
from scoring.condition import refs
from scoring.results import ConditionResult
from scoring.rubric import Scale
from scoring.subject import EvidenceState, Files, RawValue

AWARD = "award"
Stored = str | list[str]
STANDS_FOR_A_FIGURE = 0
UNSETTLED = frozenset({"unanswered", "unsupported"})


@dataclass(frozen=True)
class Aim:
    """What one answer has to become on the way to `level`: its values as they are stored, with files where `evidence`.

    `figure`: any number will do, where none is given.
    """

    level: str
    answers: Mapping[str, Stored]
    evidence: bool = False
    figure: bool = False

    def stored(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Proposal:
    """The way to the next level, and what it asks of each question, what decides most first.

    `figured` are the conditions beside the way that figures among the aims bring about.
    """

    path: Path
    aims: Mapping[str, Aim]
    figured: tuple[ConditionResult, ...] = ()

    @cached_property
    def digest(self) -> str:
        """What a page showed, in 64 characters: another way has another one."""
        asked = {question: aim.stored() for question, aim in self.aims.items()}
        return hashlib.sha256(canonical([self.path.reaches, asked]).encode()).hexdigest()


def read(stored: Mapping[str, Any] | None) -> Aim | None:
    """An aim as a plan keeps it; None for a step that a person wrote alone."""
    return None if stored is None else Aim(**stored)


def propose(edition: Edition, now: Work, asked: Collection[Question]) -> Proposal | NoPath | None:
    """The way from the present answers, scored already, to the next level; None while no way can be scored."""
    try:
        path = path_on(now, AWARD)
    except ScoringError:
        return None
    if isinstance(path, NoPath):
        return path
    aims = {step.criterion: _aim(path.reaches, step) for step in in_order(edition, path)}
    wanted = {beside: _figures(edition, now.subject, asked, beside) for beside in path.besides}
    figures = dict.fromkeys(figure for found in wanted.values() for figure in found)
    figured = tuple(beside for beside, found in wanted.items() if found)
    return Proposal(path, aims | {figure: Aim(path.reaches, {}, figure=True) for figure in figures}, figured)


def in_order(edition: Edition, path: Path) -> list[Step]:
    """Essentials first, then what a level names itself, then the rest, each in the order of the questions."""
    places = {question.id: place for place, question in enumerate(edition.questions)}
    gates = {gate for rung in _ladder(edition).rungs for gate in rung.gates}
    essential = path.scorecard.essentials

    def rank(step: Step) -> tuple[int, int]:
        first = 0 if step.criterion in essential else 1 if step.criterion in gates else 2
        return first, places[step.criterion]

    return sorted(path.steps, key=rank)


def _aim(level: str, step: Step) -> Aim:
    return Aim(level, {answer: _text(value) for answer, value in step.answers.items()}, step.evidence)


def _text(value: RawValue) -> Stored:
    return [str(one) for one in value] if isinstance(value, list | tuple | set | frozenset) else str(value)


def _ladder(edition: Edition) -> Scale:
    return edition.rubric.levels[AWARD]


def _figures(edition: Edition, subject: Subject, asked: Collection[Question], beside: ConditionResult) -> list[str]:
    """Asked questions without points that a condition wants answered, and that are not."""
    if beside.kind != "condition":
        return []
    rung = next(rung for rung in _ladder(edition).rungs if rung.id == beside.from_rung)
    wanted = {ref.id for ref in refs(rung.conditions[beside.position]) if ref.kind in {"answer", "state"}}
    given = subject.answers.keys() | subject.not_applicable
    return [one.id for one in asked if one.id in wanted and one.rule is None and one.id not in given]


def fits(edition: Edition, question: str, aim: Aim | None) -> bool:
    """Whether an edition knows the question, and all answers that are aimed at."""
    known = {one.id: one for one in edition.questions}
    if question not in known or aim is None:
        return question in known
    chosen = [(known.get(answer), stored) for answer, stored in aim.answers.items()]
    return all(asked is not None and (not asked.options or _loads(asked, stored)) for asked, stored in chosen)


def _loads(question: Question, stored: Stored) -> bool:
    with suppress(AnswerError):
        return load(question, stored) is not None
    return False


def applied(edition: Edition, subject: Subject, aims: Mapping[str, Aim]) -> Subject:
    """The subject once these aims are reached; an answer that is better already becomes what was aimed at."""
    answers = dict(subject.answers)
    evidence: dict[str, EvidenceState | Files] = dict(subject.evidence)
    for question, aim in aims.items():
        for answer, stored in aim.answers.items():
            answers[answer] = _typed(edition.question(answer), stored)
        if aim.figure:
            answers.setdefault(question, STANDS_FOR_A_FIGURE)
        if aim.evidence:
            evidence[question] = "given"
    skipped = frozenset(subject.not_applicable) - {answer for aim in aims.values() for answer in aim.answers}
    return replace(subject, answers=answers, evidence=evidence, not_applicable=skipped)


def _typed(question: Question, stored: Stored) -> RawValue:
    """A link or a text that has still to be written stands as what it is stored as."""
    with suppress(AnswerError):
        return cast("RawValue", load(question, stored))
    return tuple(stored) if isinstance(stored, list) else stored


@dataclass(frozen=True)
class Standing:
    """Where the aims of a plan are: `reached` by the answers, and `dropped`, not asked any more even if all were.

    `goal` is the scorecard once all of them are reached.
    """

    reached: frozenset[str]
    dropped: frozenset[str]
    goal: Scorecard


def standing(
    edition: Edition, subject: Subject, card: Scorecard, aims: Mapping[str, Aim | None], asked: Collection[str]
) -> Standing:
    """Which questions of a plan need nothing more. `card` is the scorecard of `subject`, `asked` what it is asked."""
    goal, wanted = card, {one: aim for one, aim in aims.items() if aim}
    if wanted:
        with suppress(ScoringError):
            goal = evaluate(edition.rubric, applied(edition, subject, wanted))
    reached = {question for question, aim in aims.items() if _is_reached(edition, subject, (card, goal), question, aim)}
    dropped = {question for question in aims if _is_dropped(goal, question, asked)}
    return Standing(frozenset(reached), frozenset(dropped - reached), goal)


def _is_reached(
    edition: Edition, subject: Subject, cards: tuple[Scorecard, Scorecard], question: str, aim: Aim | None
) -> bool:
    """`cards`: now, and with all aims reached. A step without an aim wants its criterion met."""
    now, goal = (card.findings.get(question) for card in cards)
    if now is None or goal is None:
        return question in subject.answers.keys() | subject.not_applicable
    if aim is None:
        return now.outcome == "met"
    if now.points is None or goal.points is None or now.state in UNSETTLED:
        return False
    return now.points >= goal.points and (not aim.evidence or _has_files(edition, subject, question))


def _has_files(edition: Edition, subject: Subject, question: str) -> bool:
    given = subject.evidence.get(question)
    count = given.given if isinstance(given, Files) else int(given is not None)
    return count >= edition.rubric.criteria[question].evidence.files


def _is_dropped(goal: Scorecard, question: str, asked: Collection[str]) -> bool:
    found = goal.findings.get(question)
    return question not in asked if found is None else found.state == "not_asked"
