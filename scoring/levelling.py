"""Which rung of a level is reached: the conditions that hold and those that do not."""

from collections.abc import Iterator
from fractions import Fraction

from scoring.condition import Edge
from scoring.demands import meets
from scoring.results import ConditionResult, LevelResult, RungResult
from scoring.rubric import Rung, Scale
from scoring.work import Work


def judge_level(work: Work, scale: Scale) -> LevelResult:
    """The best rung whose needs all hold; in series, no rung above one that fails."""
    rungs: list[RungResult] = []
    for index, rung in enumerate(scale.rungs):
        conditions = list(_rung(work, scale, index, rung))
        if scale.series and index and not rungs[-1].reached:
            below = scale.rungs[index - 1].id
            conditions.append(ConditionResult("series", below, 0, rung.id, False, "below", None, scale.id, work.rubric))
        held = tuple(condition for condition in conditions if condition.held)
        unmet = tuple(condition for condition in conditions if not condition.held)
        rungs.append(RungResult(rung.id, not unmet, held, unmet))
    best = max((index for index, rung in enumerate(rungs) if rung.reached), default=-1)
    following = rungs[best + 1].id if best + 1 < len(rungs) else None
    return LevelResult(scale.id, rungs[best].id if best >= 0 else None, following, tuple(rungs))


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
    if rung.total is not None:
        yield _edge(work, scale, rung, "total", scale.of, value, rung.total)
    elif value is None:
        yield ConditionResult("total", scale.of, 0, rung.id, False, "no_result", None, scale.id, work.rubric)


def _sections(work: Work, scale: Scale, rung: Rung) -> Iterator[ConditionResult]:
    if rung.each_section is None:
        return
    for section in scale.sections:
        edge = rung.each_section.exceptions.get(section, rung.each_section.edge)
        result = work.nodes[section]
        if edge is not None and result.state not in {"empty", "excluded"}:
            yield _edge(work, scale, rung, "section", section, result.value, edge)


def _edge(
    work: Work, scale: Scale, rung: Rung, kind: str, node: str, value: Fraction | None, edge: Edge
) -> ConditionResult:
    held = value is not None and edge.holds(value)
    code = "no_result" if value is None else "met" if held else "not_met"
    return ConditionResult(
        "total" if kind == "total" else "section", node, 0, rung.id, held, code, value, scale.id, work.rubric
    )
