"""The way of least effort to the next rung of a level."""

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from scoring.errors import ScoringError
from scoring.evaluate import run, scorecard_of
from scoring.path.budget import Budget, Spent
from scoring.path.changes import Candidate, changed_subject, effort_of
from scoring.path.climb import Climb, Coupled
from scoring.path.goal import Goal, goal_of
from scoring.path.proposals import better_values, own_answers
from scoring.path.search import Search
from scoring.path.separable import is_separable
from scoring.path.shrink import shrink
from scoring.results import Basis, ConditionResult
from scoring.rubric import Criterion, Rubric
from scoring.scorecard import Scorecard
from scoring.subject import RawValue, Subject
from scoring.work import Work

BUDGET = 60_000
"""Results that each of the two ways of searching may work out; both together take less than two seconds."""


@dataclass(frozen=True, slots=True)
class Step:
    """One criterion's changes. `evidence`: files are needed too, given (claimed) or accepted (verified)."""

    criterion: str
    answers: dict[str, RawValue]
    evidence: bool
    effort: Fraction


@dataclass(frozen=True, slots=True)
class Path:
    """`reaches` is the rung, given that what stands in `besides` (a visit, a plan, figures) comes to hold as well.

    `proved`: no path takes less effort; otherwise it is the cheapest found. `untried` are criteria whose answer could
    be better, but no rule tells how.
    """

    scale: str
    reaches: str
    effort: Fraction
    steps: tuple[Step, ...]
    besides: tuple[ConditionResult, ...]
    new_score: Fraction | None
    scorecard: Scorecard
    proved: bool
    untried: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoPath:
    """No path to `wanted` (None: the top): nothing counts for the subject, no answers lead there, or none is found."""

    scale: str
    wanted: str | None
    why: Literal["top", "out_of_scope", "none", "not_found"]
    untried: tuple[str, ...] = ()


def cheapest_path(
    rubric: Rubric, subject: Subject, scale: str, *, basis: Basis = "claimed", budget: int = BUDGET
) -> Path | NoPath:
    """The path of least effort to the rung above the present one.

    Facts, and answers that earn no points, stay as they are; answers only get better. What changes is taken to be
    supported. Rubrics whose groups form a tree are solved exactly, node by node; for others, and where `budget` is
    spent, all that helps is made smaller and combinations are tried in order of effort. The same inputs give the same
    path, however fast the machine is.
    """
    return path_on(run(rubric, subject, basis), scale, budget)


def path_on(work: Work, scale: str, budget: int = BUDGET) -> Path | NoPath:
    """The cheapest path of a subject that was scored already."""
    rubric = work.rubric
    ladder, following = rubric.levels[scale], work.levels[scale].next
    if following is None:
        return NoPath(scale, None, "top")
    goal = goal_of(rubric, ladder, next(at for at, rung in enumerate(ladder.rungs) if rung.id == following))
    if ladder.of is not None and not goal.can_count(work, ladder.of):
        return NoPath(scale, following, "out_of_scope")
    found, complete = _found(work, goal, budget)
    untried = _untried(work, goal)
    proved = complete and not untried
    if found is None:
        return NoPath(scale, following, "none" if proved else "not_found", untried)
    return _path(work, goal, found, proved, untried)


def _found(work: Work, goal: Goal, budget: int) -> tuple[list[Candidate] | None, bool]:
    """The cheapest changes known, and whether nothing was left untried."""
    if goal.is_reached(work):
        return [], True
    climb = Climb(work, goal, Budget(budget))
    if is_separable(goal):
        # An answer on the way that the rubric cannot score is no way; only trying finds out which.
        with suppress(Coupled, ScoringError, Spent):
            climb.best()
            return (None if climb.plan is None else climb.plan[1]), climb.budget.complete
    search = Search(work, goal, Budget(budget))
    with suppress(Spent):
        search.smaller()
        search.cheapest()
    if climb.plan is not None and (search.found is None or climb.plan[0] < effort_of(search.found)):
        return climb.plan[1], False
    return search.found, search.budget.complete


def _untried(work: Work, goal: Goal) -> tuple[str, ...]:
    """Criteria below their best whose rule does not tell what would be better."""
    names = [name for name, criterion in goal.rubric.criteria.items() if _is_open_end(work, goal, criterion)]
    return tuple(sorted(goal.relevant().intersection(names))) if names else ()


def _is_open_end(work: Work, goal: Goal, criterion: Criterion) -> bool:
    node = work.nodes[criterion.id]
    if work.states[criterion.id] in {"not_asked", "not_applicable", "void"}:
        return False
    if goal.sign > 0 and node.value is not None and node.value == node.attainable:
        return False
    own = own_answers(goal.rubric, criterion)
    return any(better_values(work, criterion, answer, goal.sign, Budget(1)) is None for answer in own)


def _path(work: Work, goal: Goal, found: list[Candidate], proved: bool, untried: tuple[str, ...]) -> Path:
    search = Search(work, goal, Budget(BUDGET))
    with suppress(Spent):
        shrink(work, goal, found, search.reaches)
    after = run(work.rubric, changed_subject(work, found), work.basis) if found else work
    card = scorecard_of(after)
    steps = tuple(
        Step(
            one.criterion,
            dict(one.answers),
            one.evidence and goal.evidence_matters(work.rubric.criteria[one.criterion]),
            one.effort,
        )
        for one in found
    )
    unmet = work.levels[goal.scale.id].rungs[goal.target].unmet
    besides = tuple(one for one in unmet if goal.is_settled(one))
    new = card.nodes[goal.scale.of].value if goal.scale.of else None
    rung = goal.scale.rungs[goal.target].id
    return Path(goal.scale.id, rung, effort_of(found), steps, besides, new, card, proved, untried)
