"""What the next rung asks for, and whether it is reached."""

from dataclasses import dataclass, replace
from fractions import Fraction

from scoring.condition import EDGES, Condition, Edge, Test, refs
from scoring.demands import judge_essential, meets
from scoring.loading.order import graph
from scoring.path.proposals import own_answers
from scoring.results import ConditionResult
from scoring.rubric import Criterion, Demand, Rubric, Scale, Unit
from scoring.work import Work


@dataclass(frozen=True, slots=True)
class Goal:
    """A rung, by its place on the ladder, with what it asks for apart from facts.

    `demands` on criteria; `limits` on nodes that must have a result, `sections` on nodes that may have none.
    `changeable` are answers that earn points; `cost` is how many results one scoring works out.
    """

    rubric: Rubric
    scale: Scale
    target: int
    demands: dict[str, list[Demand]]
    essentials: bool
    limits: dict[str, list[Edge]]
    sections: dict[str, list[Edge]]
    changeable: frozenset[str]
    cost: int

    @property
    def sign(self) -> int:
        """1 where more points are better, -1 where fewer are."""
        return 1 if self.scale.better == "high" else -1

    def evidence_matters(self, criterion: Criterion) -> bool:
        """Whether files change the points or meet a demand."""
        wanted = list(self.demands.get(criterion.id, []))
        if self.essentials and criterion.essential:
            wanted.append(criterion.essential.demand)
        return criterion.evidence.at_most is not None or any(demand.evidence for demand in wanted)

    def allows(self, work: Work, criterion: Criterion) -> bool:
        """Whether the criterion, as it stands, has all that the rung asks of it alone."""
        if any(meets(work, criterion, one)[0] is False for one in self.demands.get(criterion.id, [])):
            return False
        if not self.essentials or criterion.essential is None:
            return True
        return judge_essential(work, criterion, criterion.essential).outcome in {"pass", "does_not_apply"}

    def is_reached(self, work: Work) -> bool:
        """Whether nothing is unmet but what no answer can change."""
        return all(self.is_settled(one) for one in work.levels[self.scale.id].rungs[self.target].unmet)

    def is_settled(self, one: ConditionResult) -> bool:
        if one.kind != "condition":
            return False
        stated = next(rung for rung in self.scale.rungs if rung.id == one.from_rung)
        return self.is_fixed(stated.conditions[one.position])

    def relevant(self) -> frozenset[str]:
        """The criteria that this rung and those below it depend on, however indirectly."""
        scale = replace(self.scale, rungs=self.scale.rungs[: self.target + 1])
        needs = graph(replace(self.rubric, levels={**self.rubric.levels, scale.id: scale}))
        seen: set[Unit] = set()
        stack: list[Unit] = [("level", scale.id)]
        while stack:
            unit = stack.pop()
            if unit not in seen:
                seen.add(unit)
                stack += needs[unit]
        answers = {name for kind, name in seen if kind == "answer"}
        criteria = self.rubric.criteria.values()
        return frozenset(
            one.id
            for one in criteria
            if ("node", one.id) in seen or answers.intersection(own_answers(self.rubric, one))
        )

    def can_count(self, work: Work, node: str) -> bool:
        """False when the node has no result and gets none whatever is answered."""
        if work.nodes[node].value is not None:
            return True
        if node in self.rubric.criteria:
            return not self._is_shut(work, self.rubric.criteria[node])
        group = self.rubric.groups[node]
        left_out = self.is_fixed(group.applies) and not work.grants(group.applies)
        return not left_out and any(self.can_count(work, child.id) for child in group.children)

    def _is_shut(self, work: Work, criterion: Criterion) -> bool:
        conditions = (
            criterion.applies,
            *(self.rubric.answers[answer].asked for answer in own_answers(self.rubric, criterion)),
        )
        state = work.states[criterion.id]
        return state == "not_applicable" or (state == "not_asked" and all(map(self.is_fixed, conditions)))

    def is_fixed(self, condition: Condition | None) -> bool:
        """No proposed change can turn it: it looks at facts, and at answers without points, always asked alike."""
        return all(
            ref.kind == "fact"
            or (
                ref.kind in {"answer", "state"}
                and ref.id not in self.changeable
                and self.is_fixed(self.rubric.answers[ref.id].asked)
            )
            for ref in refs(condition)
        )


def goal_of(rubric: Rubric, scale: Scale, target: int) -> Goal:
    """In series a rung asks for what all rungs below it ask for; demands may build up without that."""
    rungs = scale.rungs[: target + 1] if scale.series else scale.rungs[target : target + 1]
    gates = scale.rungs[: target + 1] if scale.series or scale.build_up else rungs
    demands: dict[str, list[Demand]] = {}
    for name, gate in (pair for rung in gates for pair in rung.gates.items()):
        demands.setdefault(name, []).append(gate)
    limits: dict[str, list[Edge]] = {} if scale.of is None else {scale.of: []}
    sections: dict[str, list[Edge]] = {}
    for rung in rungs:
        if scale.of is not None and rung.total is not None:
            limits[scale.of].append(rung.total)
        for name, limit in filter(None, map(node_limit, rung.conditions)):
            limits.setdefault(name, []).append(limit)
        for section in scale.sections:
            edge = rung.each_section.of(section) if rung.each_section else None
            if edge is not None:
                sections.setdefault(section, []).append(edge)
    cost = len(rubric.order) + sum(len(group.children) for group in rubric.groups.values())
    own = (answer for criterion in rubric.criteria.values() for answer in own_answers(rubric, criterion))
    changeable, essentials = rubric.scored.union(own), any(rung.essentials for rung in rungs)
    return Goal(rubric, scale, target, demands, essentials, limits, sections, changeable, cost)


def node_limit(condition: Condition) -> tuple[str, Edge] | None:
    """The node and its limit, for a condition that is nothing else."""
    if not isinstance(condition, Test) or condition.ref.kind != "node" or not isinstance(condition.wanted, Fraction):
        return None
    return next(((condition.ref.id, Edge(op, condition.wanted)) for op in EDGES if op == condition.op), None)
