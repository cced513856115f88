"""The numbers that a node's result is compared with, so that it is never shown on the wrong side of one."""

from collections.abc import Iterator
from fractions import Fraction

from scoring.condition import Condition, Edge, tests
from scoring.rubric import Rubric


def limits(rubric: Rubric, node: str) -> tuple[Fraction, ...]:
    """Of every ladder: the limits of the total, of sections and of criteria; and those of conditions on rungs."""
    return tuple(dict.fromkeys(_limits(rubric, node)))


def _limits(rubric: Rubric, node: str) -> Iterator[Fraction]:
    for scale in rubric.levels.values():
        for rung in scale.rungs:
            edges: list[Edge | None] = [rung.total if scale.of == node else None]
            if rung.each_section and node in scale.sections:
                edges.append(rung.each_section.of(node))
            if node in rung.gates:
                edges.append(rung.gates[node].points)
            yield from (edge.number for edge in edges if edge is not None)
            yield from _compared(rung.conditions, node)


def _compared(conditions: tuple[Condition, ...], node: str) -> Iterator[Fraction]:
    for condition in conditions:
        for test in tests(condition):
            if test.ref.kind == "node" and test.ref.id == node and isinstance(test.wanted, Fraction):
                yield test.wanted
