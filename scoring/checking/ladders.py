"""Rungs that stand in the wrong order, that nobody reaches, or that are never the result."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from scoring.checking.standing import Key
from scoring.condition import Edge
from scoring.loading.ranges import Range
from scoring.rubric import Rubric, Rung, Scale
from scoring.text import Text, limit, same

Found = tuple[Key, str, Mapping[str, Text]]


def ladders(rubric: Rubric, reached: Mapping[str, Range]) -> Iterator[Found]:
    for scale in rubric.levels.values():
        key = ("levels", scale.id, "rungs")
        steps = [_step(scale, low, high) for low, high in pairwise(scale.rungs)]
        if len(steps) > 1 and all(step == "easier" for step in steps):
            yield key, "best_first", {}
        else:
            for place, step in enumerate(steps, 1):
                if step:
                    yield (*key, place), step, {"below": same(scale.rungs[place - 1].id)}
        for place, rung in enumerate(scale.rungs):
            yield from ((((*key, place)), code, words) for code, words in _beyond(scale, rung, reached))


def _step(scale: Scale, low: Rung, high: Rung) -> str:
    """How a rung compares with the one below: easier, the same, or neither."""
    pairs = [(low.total, high.total)]
    if low.each_section and high.each_section:
        pairs.append((low.each_section.edge, high.each_section.edge))
    both = [(below, above) for below, above in pairs if below and above]
    if any(_is_easier(scale, below, above) for below, above in both):
        return "easier"
    return "same" if _demands(low) == _demands(high) and not (scale.build_up and high.gates) else ""


def _is_easier(scale: Scale, below: Edge, above: Edge) -> bool:
    return above.number > below.number if scale.better == "low" else above.number < below.number


def _demands(rung: Rung) -> tuple[object, ...]:
    conditions = tuple((type(one), one.says) for one in rung.conditions)
    return rung.total, rung.each_section, rung.essentials, tuple(rung.gates.items()), conditions


def _beyond(scale: Scale, rung: Rung, reached: Mapping[str, Range]) -> Iterator[tuple[str, Mapping[str, Text]]]:
    """Limits outside what a node can have."""
    edges = [(scale.of, rung.total), *((name, gate.points) for name, gate in rung.gates.items())]
    if rung.each_section:
        edges += [(section, rung.each_section.of(section)) for section in scale.sections]
    for node, edge in edges:
        if node is None or edge is None:
            continue
        low, high = reached[node]
        end = high if edge.op in {"at_least", "above"} else low
        if end is not None and not edge.holds(end):
            yield "beyond", {"node": same(node), "limit": limit(edge.number), "end": limit(end)}
