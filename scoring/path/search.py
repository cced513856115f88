"""A way to a rung of any rubric: first all that helps, made smaller; then combinations in order of effort."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from heapq import heappop, heappush
from itertools import count

from scoring.errors import ScoringError
from scoring.evaluate import run
from scoring.path.budget import Budget
from scoring.path.changes import Candidate, candidates, changed_subject, effort_of, try_out
from scoring.path.goal import Goal
from scoring.results import NodeResult
from scoring.rubric import Criterion
from scoring.work import Work

ROUNDS = 5
_ZERO = Fraction(0)
Worth = tuple[bool, Fraction]
"""Whether the rung demands it, and what it brings for its effort."""


@dataclass
class Search:
    """`found` is the cheapest way known, None while there is none; both searches may end with Spent."""

    start: Work
    goal: Goal
    budget: Budget
    found: list[Candidate] | None = None

    def smaller(self) -> None:
        """Everything that helps, then less and less of it; sets `found` early and improves it."""
        ranked = self._ranked()
        if ranked is None:
            return
        self.found = ranked
        self._shorten(ranked)
        self._drop()
        self._weaken()

    def cheapest(self) -> None:
        """Combinations in order of effort, up to what is known: the first that reaches the rung is proved."""
        order, ticket = self._order(), count()
        limit = None if self.found is None else effort_of(self.found)
        queue: list[tuple[Fraction, int, int, list[Candidate]]] = [(_ZERO, next(ticket), 0, [])]
        while queue:
            effort, _, position, chosen = heappop(queue)
            now = self._after(chosen)
            if now is None:
                continue
            if self.goal.is_reached(now):
                self.found = chosen
                return
            for index in range(position, len(order)):
                for candidate in self._candidates(now, order[index])[1:]:
                    total = effort + candidate.effort
                    if limit is None or total <= limit:
                        heappush(queue, (total, next(ticket), index + 1, [*chosen, candidate]))
        if self.found is not None:
            # What is known was counted with other changes around it; one by one, in order, it costs more.
            self.budget.complete = False

    def _order(self) -> list[Criterion]:
        """What is asked later comes later, as in the rubric's order."""
        relevant, criteria = self.goal.relevant(), self.goal.rubric.criteria
        return [criteria[name] for kind, name in self.goal.rubric.order if kind == "node" and name in relevant]

    def _candidates(self, work: Work, criterion: Criterion) -> list[Candidate]:
        evidence = self.goal.evidence_matters(criterion)
        ways = candidates(work, criterion, self.goal.sign, self.budget, evidence=evidence)
        self.budget.spend(len(ways))
        return ways

    def _after(self, chosen: list[Candidate]) -> Work | None:
        """The results after the changes; None for an answer on the way that the rubric cannot score."""
        self.budget.spend(self.goal.cost)
        with suppress(ScoringError):
            return run(self.goal.rubric, changed_subject(self.start, chosen), self.start.basis)
        return None

    def reaches(self, chosen: list[Candidate]) -> bool:
        now = self._after(chosen)
        return now is not None and self.goal.is_reached(now)

    def _ranked(self) -> list[Candidate] | None:
        """The best of each criterion, what is asked only then as well; the most needed first. None when that fails."""
        now, order = self.start, self._order()
        chosen: dict[str, tuple[Worth, Candidate]] = {}
        for _ in range(ROUNDS):
            more = [pick for criterion in order if criterion.id not in chosen for pick in self._best(now, criterion)]
            if not more:
                return None
            chosen |= {pick.criterion: (worth, pick) for worth, pick in more}
            found = [pick for _, pick in sorted(chosen.values(), key=lambda pair: pair[0], reverse=True)]
            after = self._after(found)
            if after is None:
                return None
            if self.goal.is_reached(after):
                return found
            now = after
        return None

    def _best(self, work: Work, criterion: Criterion) -> Iterator[tuple[Worth, Candidate]]:
        """The candidate that the rung allows and that earns most, with how much it is worth for its effort."""
        allowed: list[tuple[Candidate, Fraction]] = []
        for one in self._candidates(work, criterion):
            with suppress(ScoringError):
                after, result = try_out(work, one)
                if self.goal.allows(after, criterion):
                    allowed.append((one, self._points(result)))
        best, points = max(allowed, key=lambda pair: (pair[1], -pair[0].effort), default=(None, _ZERO))
        if best is not None and not best.stays:
            gain = (points - self._points(work.nodes[criterion.id])) * self._weights[criterion.id]
            yield (not allowed[0][0].stays, gain / (best.effort or 1)), best

    def _points(self, result: NodeResult) -> Fraction:
        return self.goal.sign * (result.value or _ZERO)

    @cached_property
    def _weights(self) -> dict[str, Fraction]:
        """About how much of a node's points arrives at the top."""
        weights: dict[str, Fraction] = {}
        for name in (name for kind, name in reversed(self.goal.rubric.order) if kind == "node"):
            weight = weights.setdefault(name, Fraction(1))
            factors = {part.child: part.factor for part in self.start.nodes[name].parts}
            children = self.goal.rubric.groups[name].children if name in self.goal.rubric.groups else ()
            for child in children:
                share = weight * (factors.get(child.id) or Fraction(1, len(children)))
                weights[child.id] = weights.get(child.id, _ZERO) + abs(share)
        return weights

    def _shorten(self, ranked: list[Candidate]) -> None:
        """As few of the most worth as reach the rung."""
        low, high = 0, len(ranked)
        while low < high:
            middle = (low + high) // 2
            if self.reaches(ranked[:middle]):
                high, self.found = middle, ranked[:middle]
            else:
                low = middle + 1

    def _drop(self) -> None:
        """Leave out what is not needed, the least worth first, in pieces that get smaller."""
        chosen = self.found or []
        size = len(chosen) // 2
        while size:
            for end in range(len(chosen), 0, -size):
                rest = chosen[: max(end - size, 0)] + chosen[end:]
                if self.reaches(rest):
                    self.found = chosen = rest
            size //= 2

    def _weaken(self) -> None:
        """Less of each change, where less is enough."""
        for at, one in enumerate(self.found or ()):
            others = [other for other in self.found or () if other is not one]
            before = self._after(others)
            ways = self._candidates(before, self.goal.rubric.criteria[one.criterion]) if before else []
            for way in sorted(ways, key=lambda way: way.effort):
                if way.effort >= one.effort:
                    break
                if self.reaches([*others, way]):
                    self.found = [*others[:at], way, *others[at:]]
                    break
