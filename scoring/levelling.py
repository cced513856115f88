"""Which rung of a level is reached: the conditions that hold and those that do not."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from operator import attrgetter
from typing import Literal

from scoring.condition import Edge
from scoring.demands import meets
from scoring.results import ConditionResult, LevelResult, RungResult, quickly
from scoring.rubric import Rubric, Rung, Scale
from scoring.work import Work

_held = attrgetter("held")
_condition_result, _rung_result, _level_result = quickly(ConditionResult), quickly(RungResult), quickly(LevelResult)


def judge_level(work: Work, scale: Scale) -> LevelResult:
    """The best rung whose needs all hold; in series, no rung above one that fails."""
    return ladder(work.rubric, scale, [list(_rung(work, scale, index, rung)) for index, rung in enumerate(scale.rungs)])


def ladder(rubric: Rubric, scale: Scale, found: Iterable[Iterable[ConditionResult | None]]) -> LevelResult:
    """The level from the conditions of each rung, held or not."""
    rungs: list[RungResult] = []
    for rung, stated in zip(scale.rungs, found, strict=True):
        conditions = tuple(filter(None, stated))
        if scale.series and rungs and not rungs[-1].reached:
            conditions += (below_fails(rubric, scale, rung, scale.rungs[len(rungs) - 1]),)
        rungs.append(_rung_result(rung.id, False not in map(_held, conditions), conditions))
    best = max([-1, *(index for index, rung in enumerate(rungs) if rung.reached)])
    following = rungs[best + 1].id if best + 1 < len(rungs) else None
    return _level_result(scale.id, rungs[best].id if best >= 0 else None, following, tuple(rungs))


def below_fails(rubric: Rubric, scale: Scale, rung: Rung, below: Rung) -> ConditionResult:
    """In series: the rung below is not reached."""
    return ConditionResult("series", below.id, 0, rung.id, False, "below", None, scale.id, rubric)


def _rung(work: Work, scale: Scale, index: int, rung: Rung) -> Iterator[ConditionResult]:
    yield from _total(work, scale, rung)
    yield from _sections(work, scale, rung)
    if rung.essentials:
        for name, essential in sorted(work.essentials.items()):
            held = essential.outcome in {"pass", "does_not_apply"}
            yield ConditionResult("essential", name, 0, rung.id, held, essential.code, None, scale.id, work.rubric)
    for source in scale.rungs[0 if scale.build_up else index : index + 1]:
        for name, gate in sorted(source.gates.items()):
            met, code = meets(work, work.rubric.criteria[name], gate)
            yield ConditionResult("criterion", name, 0, source.id, met is not False, code, None, scale.id, work.rubric)
    for number, condition in enumerate(rung.conditions):
        held = work.grants(condition)
        code = "met" if held else "not_met"
        yield ConditionResult("condition", "", number, rung.id, held, code, None, scale.id, work.rubric)


def _total(work: Work, scale: Scale, rung: Rung) -> Iterator[ConditionResult]:
    """Without a result of the node there is no rung at all, not even one that asks for nothing."""
    if scale.of is None:
        return
    value = work.nodes[scale.of].value
    if rung.total is not None or value is None:
        yield edge_held(work.rubric, scale, rung, "total", scale.of, value, rung.total)


def _sections(work: Work, scale: Scale, rung: Rung) -> Iterator[ConditionResult]:
    if rung.each_section is None:
        return
    for section in scale.sections:
        edge = section_edge(rung, section)
        result = work.nodes[section]
        if edge is not None and result.state not in {"empty", "excluded"}:
            yield edge_held(work.rubric, scale, rung, "section", section, result.value, edge)


def section_edge(rung: Rung, section: str) -> Edge | None:
    return rung.each_section.of(section) if rung.each_section else None


def edge_held(
    rubric: Rubric,
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
    return _condition_result(kind, node, 0, rung.id, held, code, value, scale.id, rubric)
