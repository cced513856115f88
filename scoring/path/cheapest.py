"""The cheapest set of answer changes that reaches the next rung of a level."""

from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count

from scoring.errors import ScoringError
from scoring.evaluate import evaluate, run
from scoring.path.changes import Candidate, candidates, changed_subject
from scoring.path.climb import Coupled, climb, needs_of
from scoring.path.separable import is_separable, is_settled
from scoring.results import Basis, ConditionResult
from scoring.rubric import Rubric, Scale
from scoring.scorecard import Scorecard
from scoring.subject import RawValue, Subject
from scoring.work import Work

MAX_TRIALS = 5_000


@dataclass(frozen=True, slots=True)
class Step:
    """One criterion's changes. `evidence`: files are needed too, given (claimed) or accepted (verified)."""

    criterion: str
    answers: dict[str, RawValue]
    evidence: bool
    effort: Fraction


@dataclass(frozen=True, slots=True)
class Path:
    """`reaches` is the rung, given that what stands in `besides` (a visit, a plan, figures) comes to hold as well."""

    scale: str
    reaches: str
    effort: Fraction
    steps: tuple[Step, ...]
    besides: tuple[ConditionResult, ...]
    new_score: Fraction | None
    scorecard: Scorecard


def cheapest_path(rubric: Rubric, subject: Subject, scale: str, *, basis: Basis = "claimed") -> Path | None:
    """The path of least effort to the rung above the present one; None at the top or when no answers reach it.

    Facts, and answers that earn no points, stay as they are; answers only get better. What changes is taken to be
    supported. Optimal: rubrics whose groups form a tree are solved exactly node by node; others by trying
    combinations in order of effort, which raises ScoringError (path_too_long) after MAX_TRIALS of them.
    """
    work = run(rubric, subject, basis)
    ladder = rubric.levels[scale]
    following = work.levels[scale].next
    if following is None:
        return None
    target = next(index for index, rung in enumerate(ladder.rungs) if rung.id == following)
    besides = tuple(one for one in work.levels[scale].rung(following).unmet if _is_settled(rubric, one))
    if is_separable(rubric, ladder, target):
        try:
            found = climb(work, ladder, target)
        except (Coupled, ScoringError):
            # An answer on the way that the rubric cannot score is no way; only trying finds out which.
            found = _search(work, ladder, target)
    else:
        found = _search(work, ladder, target)
    return None if found is None else _path(work, ladder, target, found, besides)


def _is_settled(rubric: Rubric, one: ConditionResult) -> bool:
    """A condition that better answers cannot change: it looks at facts and at answers that earn no points."""
    if one.kind != "condition":
        return False
    from_rung = next(rung for rung in rubric.levels[one.scale].rungs if rung.id == one.from_rung)
    return is_settled(rubric, from_rung.conditions[one.position])


def _search(work: Work, scale: Scale, target: int) -> list[Candidate] | None:
    """Combinations in order of effort; criteria in the rubric's order, so that what is asked later comes later."""
    order = [name for kind, name in work.rubric.order if kind == "node" and name in work.rubric.criteria]
    sign = 1 if scale.better == "high" else -1
    wanted = needs_of(scale, target)
    ticket = count()
    queue: list[tuple[Fraction, int, int, list[Candidate]]] = [(Fraction(0), next(ticket), 0, [])]
    trials = 0
    while queue:
        effort, _, position, chosen = heappop(queue)
        trials += 1
        if trials > MAX_TRIALS:
            raise work.error(
                "path_too_long", scale.id, trials, f"more than {MAX_TRIALS} combinations would have to be tried"
            )
        try:
            now = run(work.rubric, changed_subject(work, chosen), work.basis)
        except ScoringError:
            continue
        if _is_reached(now, scale, target):
            return chosen
        for index in range(position, len(order)):
            criterion = work.rubric.criteria[order[index]]
            for candidate in candidates(now, criterion, sign, evidence_matters=wanted.evidence_matters(criterion))[1:]:
                heappush(queue, (effort + candidate.effort, next(ticket), index + 1, [*chosen, candidate]))
    return None


def _is_reached(work: Work, scale: Scale, target: int) -> bool:
    unmet = work.levels[scale.id].rungs[target].unmet
    return all(_is_settled(work.rubric, one) for one in unmet)


def _path(work: Work, scale: Scale, target: int, found: list[Candidate], besides: tuple[ConditionResult, ...]) -> Path:
    card = evaluate(work.rubric, changed_subject(work, found), basis=work.basis)
    wanted = needs_of(scale, target)
    steps = tuple(
        Step(
            one.criterion,
            dict(one.answers),
            one.evidence and wanted.evidence_matters(work.rubric.criteria[one.criterion]),
            one.effort,
        )
        for one in found
    )
    new = card.nodes[scale.of].value if scale.of else None
    return Path(
        scale.id, scale.rungs[target].id, sum((one.effort for one in found), Fraction(0)), steps, besides, new, card
    )
