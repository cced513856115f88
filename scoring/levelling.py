"""Which rung of a level is reached: the conditions that hold and those that do not."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from scoring.condition import Edge
from scoring.demands import meets
from scoring.results import ConditionResult, LevelResult, RungResult
from scoring.rubric import Rung, Scale
from scoring.work import Work


def judge_level(work: Work, scale: Scale) -> LevelResult:
    """The best rung whose needs all hold; in series, no rung above one that fails."""
    rungs: list[RungResult] = []
    gates: list[ConditionResult] = []
    for rung in scale.rungs:
        gates = [*(gates if scale.build_up else ()), *_gates(work, scale, rung)]
        conditions = [*_points(work, scale, rung), *gates, *_free(work, scale, rung)]
        if scale.series and rungs and not rungs[-1].reached:
            conditions.append(_unmet_below(work, scale, rung, rungs[-1].id))
        unmet = tuple(one for one in conditions if not one.held)
        rungs.append(RungResult(rung.id, not unmet, tuple(one for one in conditions if one.held), unmet))
    best = max((index for index, rung in enumerate(rungs) if rung.reached), default=-1)
    following = rungs[best + 1].id if best + 1 < len(rungs) else None
    return LevelResult(scale.id, rungs[best].id if best >= 0 else None, following, tuple(rungs))


def _unmet_below(work: Work, scale: Scale, rung: Rung, below: str) -> ConditionResult:
    """In series: the rung below is not reached."""
    return ConditionResult("series", below, 0, rung.id, False, "below", None, scale.id, work.rubric)


def _points(work: Work, scale: Scale, rung: Rung) -> Iterator[ConditionResult]:
    """The total, each section, the essentials."""
    yield from _total(work, scale, rung)
    yield from _sections(work, scale, rung)
    if rung.essentials:
        for name, essential in sorted(work.essentials.items()):
            held = essential.outcome in {"pass", "does_not_apply"}
            yield ConditionResult("essential", name, 0, rung.id, held, essential.code, None, scale.id, work.rubric)


def _gates(work: Work, scale: Scale, rung: Rung) -> Iterator[ConditionResult]:
    """The criteria a rung names itself, each judged once whichever rungs build on it."""
    for name, gate in sorted(rung.gates.items()):
        met, code = meets(work, work.rubric.criteria[name], gate)
        yield ConditionResult("criterion", name, 0, rung.id, met is not False, code, None, scale.id, work.rubric)


def _free(work: Work, scale: Scale, rung: Rung) -> Iterator[ConditionResult]:
    for index, condition in enumerate(rung.conditions):
        held = work.grants(condition)
        code = "met" if held else "not_met"
        yield ConditionResult("condition", "", index, rung.id, held, code, None, scale.id, work.rubric)


def _total(work: Work, scale: Scale, rung: Rung) -> Iterator[ConditionResult]:
    """Without a result of the node there is no rung at all, not even one that asks for nothing."""
    if scale.of is None:
        return
    value = work.nodes[scale.of].value
    if rung.total is not None or value is None:
        yield _edge(work, scale, rung, "total", scale.of, value, rung.total)


def _sections(work: Work, scale: Scale, rung: Rung) -> Iterator[ConditionResult]:
    each = rung.each_section
    for section in scale.sections if each else ():
        edge = each.of(section) if each else None
        result = work.nodes[section]
        if edge is not None and result.state not in {"empty", "excluded"}:
            yield _edge(work, scale, rung, "section", section, result.value, edge)


def _edge(
    work: Work,
    scale: Scale,
    rung: Rung,
    kind: Literal["total", "section"],
    node: str,
    value: Fraction | None,
    edge: Edge | None,
) -> ConditionResult:
    """Whether a node's value is within a rung's limit; without a value it is not."""
    held = value is not None and edge is not None and edge.holds(value)
    code = "no_result" if value is None else "met" if held else "not_met"
    return ConditionResult(kind, node, 0, rung.id, held, code, value, scale.id, work.rubric)
