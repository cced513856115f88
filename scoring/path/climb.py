"""The least effort to a rung whose groups form a tree: node by node, exactly.

Answers that conditions look at decide what is asked and counted. Each way they can turn out is one scenario; within
a scenario everything is fixed but points, and frontiers are joined from the leaves up.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import cast

from scoring import nodes
from scoring.condition import Test, tests
from scoring.evaluate import run
from scoring.path.budget import Budget
from scoring.path.changes import Candidate, candidates, changed_subject, effort_of, try_out
from scoring.path.frontier import Best, Frontier, choices, combine, prune
from scoring.path.goal import Goal
from scoring.path.proposals import own_answers
from scoring.path.separable import conditions, roots
from scoring.results import NodeResult
from scoring.rubric import Criterion, Finish, Group
from scoring.work import Work

_ZERO = Fraction(0)
Plan = tuple[Fraction, list[Candidate]]
Tried = tuple[Candidate, Work, NodeResult]


class Coupled(Exception):  # noqa: N818 - not an error but a turn: the caller takes the slower way
    """What counts depends on points after all; only trying combinations is safe."""


@dataclass
class Climb:
    """`plan` is the cheapest way found so far; `best` goes on until nothing cheaper can be left."""

    start: Work
    goal: Goal
    budget: Budget
    plan: Plan | None = None
    tests: dict[str, list[Test]] = field(default_factory=dict)

    @cached_property
    def unit(self) -> int:
        """Efforts times this are whole numbers, which add up many times faster."""
        efforts = (one.effort for one in self.goal.rubric.criteria.values())
        return lcm(
            *(
                one.denominator
                for effort in efforts
                for one in ([effort] if isinstance(effort, Fraction) else effort.values())
            )
        )

    def best(self) -> None:
        """Raises Coupled when frontiers cannot tell, Spent when the budget is."""
        for owner, condition in conditions(self.goal.rubric):
            for test in tests(condition):
                if test.ref.kind in {"answer", "state"} and test.ref.id not in owner:
                    self.tests.setdefault(test.ref.id, []).append(test)
        self._explore(self.start, {}, {})

    def _explore(self, work: Work, fixed: dict[str, list[Candidate]], taken: dict[str, Candidate]) -> None:
        """Branch on the first controlling criterion that is not settled yet; solve when all are."""
        for kind, name in work.rubric.order:
            criterion = work.rubric.criteria.get(name) if kind == "node" else None
            if (
                criterion is None
                or name in fixed
                or not any(answer in self.tests for answer in own_answers(work.rubric, criterion))
            ):
                continue
            classes = self._classes(work, criterion)
            if len(classes) <= 1:
                fixed = {**fixed, name: next(iter(classes.values()), [])}
                continue
            for members in sorted(classes.values(), key=lambda members: members[0].effort):
                if self.plan is not None and members[0].effort >= self.plan[0]:
                    continue
                chosen = {**taken, name: members[0]}
                self.budget.spend(self.goal.cost)
                after = work if members[0].stays else self._after(chosen.values())
                self._explore(after, {**fixed, name: members}, chosen)
            return
        plan = Solver(self, work, fixed, taken).solve()
        if plan is not None and (self.plan is None or plan[0] < self.plan[0]):
            self.plan = plan

    def _after(self, chosen: Iterable[Candidate]) -> Work:
        return run(self.goal.rubric, changed_subject(self.start, chosen), self.start.basis)

    def _classes(self, work: Work, criterion: Criterion) -> dict[tuple[bool, ...], list[Candidate]]:
        """Candidates by how all conditions that look at them turn out, the cheapest first in each class."""
        classes: dict[tuple[bool, ...], list[Candidate]] = {}
        for candidate, changed, _ in self.allowed(work, criterion):
            seen: list[bool] = []
            for answer in own_answers(work.rubric, criterion):
                found = changed.answers[answer]
                for test in self.tests.get(answer, []):
                    looks = (found.state,) if test.ref.kind == "state" else (found.value, found.counted)
                    seen.extend(test.holds(value) for value in looks)
            classes.setdefault(tuple(seen), []).append(candidate)
        for members in classes.values():
            members.sort(key=lambda candidate: candidate.effort)
        return classes

    def allowed(self, work: Work, criterion: Criterion) -> list[Tried]:
        """Candidates that meet what the rung asks of this criterion."""
        matters = self.goal.evidence_matters(criterion)
        ways = candidates(work, criterion, self.goal.sign, self.budget, evidence=matters)
        self.budget.spend(len(ways))
        tried = [(candidate, *try_out(work, candidate)) for candidate in ways]
        return [one for one in tried if self.goal.allows(one[1], criterion)]


@dataclass
class Solver:
    """One scenario: what is asked and counted is fixed."""

    climb: Climb
    work: Work
    fixed: dict[str, list[Candidate]]
    taken: dict[str, Candidate]
    visited: set[str] = field(default_factory=set)

    def solve(self) -> Plan | None:
        chosen, goal = list[Candidate](), self.climb.goal
        for root in roots(goal):
            states = self._node(root)
            if not states:
                return None
            chosen += choices(states[0].chosen)
        for name, criterion in goal.rubric.criteria.items():
            if name not in self.visited and (name in goal.demands or name in self.taken or criterion.essential):
                rest = min(self._tried(criterion), key=lambda pair: pair[0].effort, default=None)
                if rest is None:
                    return None
                chosen.append(rest[0])
        chosen = [one for one in chosen if not one.stays]
        return effort_of(chosen), chosen

    def _node(self, name: str) -> Frontier:
        group = self.work.rubric.groups.get(name)
        found = self._group(group) if group else self._criterion(self.work.rubric.criteria[name])
        edges = list(self.climb.goal.limits.get(name, ()))
        if self.work.nodes[name].state not in {"empty", "excluded"}:
            edges += self.climb.goal.sections.get(name, ())
        return [one for one in found if all(edge.holds(Fraction(one.value)) for edge in edges)] if edges else found

    def _group(self, group: Group) -> Frontier:
        result, goal = self.work.nodes[group.id], self.climb.goal
        self._check_uncounted(group, {part.child for part in result.parts})
        if not result.parts:
            if result.state == "void":
                raise Coupled
            if result.value is None and group.id in goal.limits:
                return []  # Nothing counts whatever is answered, and without a result there is no rung at all.
            return [Best(0, result.value or _ZERO, None)]
        parts: list[tuple[Fraction, Frontier]] = []
        for part in result.parts:
            frontier = self._node(part.child)
            if not frontier:
                return []
            parts.append((part.weight, frontier))
        found = combine(group, parts, self._bottom(group, result), goal.sign, self.climb.budget)
        if group.finish == Finish() and group.times > 0 and group.combine != "geometric_mean":
            return found
        finished = [Best(one.effort, self._finished(group, Fraction(one.value)), one.chosen) for one in found]
        return prune(finished, goal.sign)

    def _finished(self, group: Group, value: Fraction) -> Fraction:
        """What leaves a node out is settled in a scenario, and this node counts."""
        limited, attainable = nodes.limit(value, group.finish, []), self.work.nodes[group.id].attainable
        return cast("Fraction", nodes.finish(self.work, group.id, group.finish, limited, attainable, [])[1])

    def _bottom(self, group: Group, result: NodeResult) -> Fraction:
        if group.combine == "mean":
            return sum((part.weight for part in result.parts), _ZERO)
        if group.combine == "share":
            tops = ((part.weight, self.work.nodes[part.child].attainable) for part in result.parts)
            return sum((weight * (top or _ZERO) for weight, top in tops), _ZERO)
        return Fraction(1)

    def _check_uncounted(self, group: Group, counted: set[str]) -> None:
        """A child left out now must stay out whatever is answered, else what counts is not fixed."""
        for child in group.children:
            if child.id in self.work.rubric.groups:
                if child.id not in counted:
                    self._check_uncounted(self.work.rubric.groups[child.id], set())
            elif child.id not in counted and self.work.states[child.id] not in {"not_asked", "not_applicable"}:
                raise Coupled

    def _criterion(self, criterion: Criterion) -> Frontier:
        self.visited.add(criterion.id)
        states: list[Best] = []
        for candidate, result in self._tried(criterion):
            if result.value is None:
                raise Coupled
            states.append(Best(int(candidate.effort * self.climb.unit), result.value, (candidate, None, None)))
        return prune(states, self.climb.goal.sign)

    def _tried(self, criterion: Criterion) -> list[tuple[Candidate, NodeResult]]:
        members = self.fixed.get(criterion.id)
        if members is None or criterion.id not in self.taken:
            return [(candidate, result) for candidate, _, result in self.climb.allowed(self.work, criterion)]
        others = (one for name, one in self.taken.items() if name != criterion.id)
        apart = replace(self.work, subject=changed_subject(self.climb.start, others))
        self.climb.budget.spend(len(members))
        return [(one, try_out(apart, one)[1]) for one in members]
