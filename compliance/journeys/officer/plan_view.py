"""The improvement plan as its page shows it: what is late, what comes next, what is done and how one knows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import aims
from compliance.actions.planning import version
from compliance.journeys import scorecard_view
from compliance.journeys.language import gettext as _
from compliance.journeys.language import show_date
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.words import aim_words, reader
from compliance.store.people import names_of
from compliance.store.plans import PlanStep, plan_of

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """One step in words. `done` says how one knows that it is, empty for an open step; `dropped`: asked no more.

    `version` names what the step says, for its form.
    """

    step: PlanStep
    title: str
    text: str
    question_href: str
    edit_href: str
    done: str
    short: str
    by_hand: bool
    dropped: bool
    version: str

    @property
    def is_done(self) -> bool:
        return bool(self.done)


@dataclass(frozen=True)
class Part:
    """Steps that stand together: `kind` is late, soon, later, done or dropped."""

    kind: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Goal:
    """What the answers would come to with every step done; `missing` is what the next level would still lack."""

    level: str | None
    points: str
    next: str | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class PlanView:
    """A plan in parts; `goal` only while the answers are open."""

    parts: tuple[Part, ...]
    goal: Goal | None
    planned: frozenset[str]

    def lines(self, *kinds: str) -> list[Line]:
        return [line for part in self.parts if part.kind in kinds for line in part.lines]

    @property
    def count(self) -> int:
        return sum(len(part.lines) for part in self.parts)

    @property
    def done(self) -> int:
        return len(self.lines("done"))

    @property
    def late(self) -> int:
        return len(self.lines("late"))

    @property
    def next_due(self) -> date | None:
        return min((line.step.due_on for line in self.lines("soon", "later")), default=None)


def plan_view(session: Session, desk: Desk) -> PlanView:
    """The plan of an assessment, measured against its answers as they are stored."""
    steps = plan_of(session, desk.assessment.id)
    wanted = {step.question: aims.read(step.aim) for step in steps if step.question}
    asked = {question.id for question in desk.asked}
    found = aims.standing(desk.edition, desk.subject, desk.score, wanted, asked)
    names = names_of(session, {step.done_by for step in steps if step.done_by})
    lines = [_line(desk, step, found, names) for step in steps]
    return PlanView(_parts(lines), _goal(found) if desk.draft and wanted else None, frozenset(wanted))


def _line(desk: Desk, step: PlanStep, found: aims.Standing, names: Mapping[int, str]) -> Line:
    question = desk.edition.question(step.question) if step.question else None
    aim = aims.read(step.aim)
    text = step.action or (aim_words(question, aim, reader()) if question and aim else "")
    title = question.title[reader()] if question else step.action
    reached = step.question in found.reached
    return Line(
        step=step,
        title=title,
        text=text if question else "",
        question_href=_question_href(step),
        edit_href=_edit_href(step),
        done=_done_words(step, names, reached=reached),
        short=str(_("The answer does not reach this yet.")) if step.done_on and question and not reached else "",
        by_hand=step.done_on is not None,
        dropped=step.question in found.dropped,
        version=version(step),
    )


def _question_href(step: PlanStep) -> str:
    if not step.question:
        return ""
    return url_for("officer.question", assessment_id=step.assessment_id, question_id=step.question)


def _edit_href(step: PlanStep) -> str:
    if step.question:
        return url_for("officer.plan_step", assessment_id=step.assessment_id, question_id=step.question)
    return url_for("officer.plan_own_step", assessment_id=step.assessment_id, step_id=step.id)


def _done_words(step: PlanStep, names: Mapping[int, str], *, reached: bool) -> str:
    if step.done_on is not None:
        who = names.get(step.done_by or 0, "")
        return str(_("Ticked on %(day)s by %(name)s.", day=show_date(step.done_on), name=who))
    return str(_("Done: the answer reaches it.")) if reached else ""


def _parts(lines: Iterable[Line]) -> tuple[Part, ...]:
    today = clock.today()
    found: dict[str, list[Line]] = {"late": [], "soon": [], "later": [], "done": [], "dropped": []}
    for line in lines:
        found[_kind(line, today)].append(line)
    return tuple(Part(kind, tuple(members)) for kind, members in found.items() if members)


def _kind(line: Line, today: date) -> str:
    if line.is_done:
        return "done"
    if line.dropped:
        return "dropped"
    due = line.step.due_on
    return "late" if due < today else "soon" if due <= today + SOON else "later"


def _goal(found: aims.Standing) -> Goal:
    level = found.goal.levels[scorecard_view.AWARD]
    missing = tuple(scorecard_view.stopping(found.goal, reader()))
    return Goal(level.reached, scorecard_view.total(found.goal, reader()), level.next, missing)
