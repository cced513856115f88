"""The least effort to a rung of a level whose groups form a tree: node by node, exactly.

Answers that conditions look at decide what is asked and counted. Each way they can turn out is one scenario; within
a scenario everything is fixed but points, and frontiers are joined from the leaves up.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

from scoring import demands, nodes
from scoring.condition import Edge, Test
from scoring.evaluate import run
from scoring.path.changes import Candidate, candidates, changed_subject, try_out
from scoring.path.frontier import Best, Frontier, choices, combine, prune
from scoring.path.separable import roots, tests
from scoring.results import NodeResult
from scoring.rubric import Criterion, Demand, Finish, Group, Scale
from scoring.work import Work

MAX_SCENARIOS = 64
_ZERO = Fraction(0)
Plan = tuple[Fraction, list[Candidate]]
Tried = tuple[Candidate, NodeResult]


class Coupled(Exception):  # noqa: N818 - not an error but a turn: the caller takes the slower way
    """What counts depends on points after all; only trying combinations is safe."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a rung asks for, apart from facts."""

    demands: dict[str, list[Demand]]
    essentials: bool
    total: list[Edge]
    sections: dict[str, list[Edge]]

    def evidence_matters(self, criterion: Criterion) -> bool:
        """Whether files change the points or meet a demand."""
        wanted = list(self.demands.get(criterion.id, []))
        if self.essentials and criterion.essential:
            wanted.append(criterion.essential.demand)
        return criterion.evidence.at_most is not None or any(demand.evidence for demand in wanted)


def needs_of(scale: Scale, target: int) -> Needs:
    rungs = scale.rungs[: target + 1] if scale.series else scale.rungs[target : target + 1]
    gates = scale.rungs[: target + 1] if scale.series or scale.build_up else rungs
    wanted: dict[str, list[Demand]] = {}
    for rung in gates:
        for name, gate in rung.gates.items():
            wanted.setdefault(name, []).append(gate)
    sections: dict[str, list[Edge]] = {}
    for rung in rungs:
        for section in scale.sections if rung.each_section else ():
            edge = rung.each_section.of(section) if rung.each_section else None
            if edge is not None:
                sections.setdefault(section, []).append(edge)
    total = [rung.total for rung in rungs if rung.total is not None]
    return Needs(wanted, any(rung.essentials for rung in rungs), total, sections)


def climb(work: Work, scale: Scale, target: int) -> list[Candidate] | None:
    """The cheapest choices, or None when no answers reach the rung; raises Coupled when frontiers cannot tell."""
    return _Climb(work, scale, target, needs_of(scale, target)).best()


@dataclass
class _Climb:
    start: Work
    scale: Scale
    target: int
    needs: Needs
    scenarios: int = 0
    plan: Plan | None = None
    tests: dict[str, list[Test]] = field(default_factory=dict)

    def best(self) -> list[Candidate] | None:
        for test in tests(self.start.rubric):
            if test.ref.kind in {"answer", "state"}:
                self.tests.setdefault(test.ref.id, []).append(test)
        self._explore(self.start, {}, {})
        return None if self.plan is None else self.plan[1]

    @property
    def sign(self) -> int:
        return 1 if self.scale.better == "high" else -1

    def _explore(self, work: Work, fixed: dict[str, list[Candidate]], taken: dict[str, Candidate]) -> None:
        """Branch on the first controlling criterion that is not settled yet; solve when all are."""
        for kind, name in work.rubric.order:
            criterion = work.rubric.criteria.get(name) if kind == "node" else None
            if criterion is None or name in fixed or not any(answer in self.tests for answer in criterion.answers):
                continue
            classes = self._classes(work, criterion)
            if len(classes) <= 1:
                fixed = {**fixed, name: next(iter(classes.values()), [])}
                continue
            for members in sorted(classes.values(), key=lambda members: members[0].effort):
                if self.plan is not None and members[0].effort >= self.plan[0]:
                    continue
                chosen = {**taken, name: members[0]}
                subject = changed_subject(self.start, list(chosen.values()))
                self._explore(run(work.rubric, subject, work.basis), {**fixed, name: members}, chosen)
            return
        self.scenarios += 1
        if self.scenarios > MAX_SCENARIOS:
            raise Coupled
        self._solve(work, fixed, taken)

    def _classes(self, work: Work, criterion: Criterion) -> dict[tuple[bool, ...], list[Candidate]]:
        """Candidates by how all conditions that look at them turn out, the cheapest first in each class."""
        classes: dict[tuple[bool, ...], list[Candidate]] = {}
        for candidate, changed, _ in self._allowed(work, criterion):
            seen: list[bool] = []
            for answer in criterion.answers:
                found = changed.answers[answer]
                for test in self.tests.get(answer, []):
                    looks = (found.state,) if test.ref.kind == "state" else (found.value, found.counted)
                    seen.extend(test.holds(value) for value in looks)
            classes.setdefault(tuple(seen), []).append(candidate)
        for members in classes.values():
            members.sort(key=lambda candidate: candidate.effort)
        return classes

    def standing(self, work: Work, criterion: Criterion) -> list[Tried]:
        """The allowed candidates with their results."""
        return [(one, result) for one, _, result in self._allowed(work, criterion)]

    def _allowed(self, work: Work, criterion: Criterion) -> list[tuple[Candidate, Work, NodeResult]]:
        """Candidates that meet what the rung asks of this criterion."""
        wanted = self.needs.demands.get(criterion.id, [])
        essential = criterion.essential if self.needs.essentials else None
        matters = self.needs.evidence_matters(criterion)
        found: list[tuple[Candidate, Work, NodeResult]] = []
        for candidate in candidates(work, criterion, self.sign, evidence_matters=matters):
            changed, result = try_out(work, candidate)
            met = all(demands.meets(changed, criterion, demand)[0] is not False for demand in wanted)
            if met and essential:
                outcome = demands.judge_essential(changed, criterion, essential).outcome
                met = outcome in {"pass", "does_not_apply"}
            if met:
                found.append((candidate, changed, result))
        return found

    def _solve(self, work: Work, fixed: dict[str, list[Candidate]], taken: dict[str, Candidate]) -> None:
        solver = _Solver(self, work, fixed, taken)
        plan = solver.solve()
        if plan is not None and (self.plan is None or plan[0] < self.plan[0]):
            self.plan = plan


@dataclass
class _Solver:
    """One scenario: what is asked and counted is fixed."""

    climb: _Climb
    work: Work
    fixed: dict[str, list[Candidate]]
    taken: dict[str, Candidate]
    visited: set[str] = field(default_factory=set)

    def solve(self) -> Plan | None:
        effort = _ZERO
        chosen: list[Candidate] = []
        scale = self.climb.scale
        for root in roots(self.work.rubric, scale):
            states = self._node(root)
            if root == scale.of:
                states = [one for one in states if all(edge.holds(one.value) for edge in self.climb.needs.total)]
            if not states:
                return None
            effort, chosen = effort + states[0].effort, chosen + choices(states[0].chosen)
        for name, criterion in self.work.rubric.criteria.items():
            if name not in self.visited and (name in self.climb.needs.demands or criterion.essential):
                rest = sorted(self._tried(criterion), key=lambda pair: pair[0].effort)
                if not rest:
                    return None
                effort, chosen = effort + rest[0][0].effort, [*chosen, rest[0][0]]
        return effort, [one for one in chosen if one.answers or one.evidence]

    def _node(self, name: str) -> Frontier:
        group = self.work.rubric.groups.get(name)
        found = self._group(group) if group else self._criterion(self.work.rubric.criteria[name])
        edges = self.climb.needs.sections.get(name, [])
        if edges and self.work.nodes[name].state not in {"empty", "excluded"}:
            found = [one for one in found if all(edge.holds(one.value) for edge in edges)]
        return found

    def _group(self, group: Group) -> Frontier:
        result = self.work.nodes[group.id]
        self._check_uncounted(group, {part.child for part in result.parts})
        if not result.parts:
            if result.state == "void":
                raise Coupled
            if result.value is None and group.id == self.climb.scale.of:
                return []  # Nothing counts whatever is answered, and without a total there is no rung at all.
            return [Best(_ZERO, result.value or _ZERO, None)]
        parts: list[tuple[Fraction, Frontier]] = []
        for part in result.parts:
            frontier = self._node(part.child)
            if not frontier:
                return []
            parts.append((part.weight, frontier))
        found = combine(group, parts, self._bottom(group, result), self.climb.sign)
        if group.finish == Finish() and group.times > 0 and group.combine != "geometric_mean":
            return found
        return prune([Best(one.effort, self._finished(group, one.value), one.chosen) for one in found], self.climb.sign)

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
            states.append(Best(candidate.effort, result.value, (candidate, None, None)))
        return prune(states, self.climb.sign)

    def _tried(self, criterion: Criterion) -> list[tuple[Candidate, NodeResult]]:
        members = self.fixed.get(criterion.id)
        if members is None or criterion.id not in self.taken:
            return self.climb.standing(self.work, criterion)
        others = [one for name, one in self.taken.items() if name != criterion.id]
        apart = Work(
            self.work.rubric,
            changed_subject(self.climb.start, others),
            self.work.basis,
            self.work.facts,
            self.work.answers,
            self.work.nodes,
            self.work.states,
        )
        return [(one, try_out(apart, one)[1]) for one in members]
