"""The fewest and the most points that a node can have, whatever the answers; None where no limit is known."""

from collections.abc import Iterable
from fractions import Fraction

from scoring import numbers
from scoring.loading.ranges import Range, limits
from scoring.rubric import Criterion, Finish, Group, Rubric
from scoring.rules import Input

_ZERO = Fraction(0)


def bounds(rubric: Rubric) -> dict[str, Range]:
    """Never too narrow: what lies outside cannot be reached; what lies inside may still not be."""
    found: dict[str, Range] = {}
    for kind, name in rubric.order:
        if kind == "node" and name in rubric.criteria:
            found[name] = _criterion(rubric.criteria[name])
        elif kind == "node":
            found[name] = _group(rubric, rubric.groups[name], found)
    return found


def _criterion(criterion: Criterion) -> Range:
    policies = criterion.policies
    states = (policies.unanswered, policies.not_applicable, policies.unsupported, policies.void, policies.not_asked)
    given = [(state, state) for state in states if isinstance(state, Fraction)]
    gate = criterion.evidence.at_most
    reached = _either([limits(criterion.rule), *given, *([] if gate is None else [(gate, gate)])])
    return _finished(reached, criterion.finish, criterion.attainable)


def _group(rubric: Rubric, group: Group, found: dict[str, Range]) -> Range:
    weighted: list[Range] = []
    for child in group.children:
        reached = [found[child.id]]
        if isinstance(group.when_void, Fraction):
            reached.append((group.when_void, group.when_void))
        weighted.append(_either(reached))
        if group.combine == "sum":
            weighted[-1] = _either([_weighed(weighted[-1], case.weight) for case in child.weights])
        elif group.combine == "share":
            weighted[-1] = _share(rubric.criteria.get(child.id), weighted[-1])
    combined = _added(weighted) if group.combine == "sum" else _either(weighted)
    combined = _times(combined, group.times)
    if group.when_empty is not None:
        combined = _either([combined, (group.when_empty, group.when_empty)])
    return _finished(combined, group.finish, None)


def _weighed(part: Range, weight: Fraction | Input) -> Range:
    return _times(part, weight) if isinstance(weight, Fraction) else (None, None)


def _share(criterion: Criterion | None, reached: Range) -> Range:
    """What a child earns of what it can: no sum of such parts is above the highest or below the lowest of them."""
    top = criterion.attainable if criterion else None
    if not top or top < 0 or criterion is None:
        return (None, None) if criterion else (None, Fraction(1))
    return _times(reached, 1 / top)


def _added(parts: Iterable[Range]) -> Range:
    """A child that drops out adds nothing."""
    low: Fraction | None = _ZERO
    high: Fraction | None = _ZERO
    for least, most in parts:
        low = None if low is None or least is None else low + min(least, _ZERO)
        high = None if high is None or most is None else high + max(most, _ZERO)
    return low, high


def _either(parts: Iterable[Range]) -> Range:
    lows, highs = zip(*parts, strict=True)
    return (None if None in lows else min(lows)), (None if None in highs else max(highs))


def _times(part: Range, factor: Fraction) -> Range:
    ends = [None if end is None else end * factor for end in part]
    return (ends[0], ends[1]) if factor >= 0 else (ends[1], ends[0])


def _finished(part: Range, finish: Finish, attainable: Fraction | None) -> Range:
    low, high = part
    if finish.floor is not None:
        low, high = max(low, finish.floor) if low is not None else finish.floor, _widest(high, finish.floor)
    if finish.cap is not None:
        high = finish.cap if high is None else min(high, finish.cap)
        low = low if low is None else min(low, finish.cap)
    for override in finish.overrides:
        if override.what in {"set", "cap"}:
            low = low if low is None else min(low, override.number)
        if override.what in {"set", "floor"}:
            high = _widest(high, override.number)
        if override.what == "all":
            low, high = _either([(low, high), (attainable, attainable)])
    if finish.how is None:
        return low, high
    rounded = [end if end is None else numbers.round_to(end, finish.digits, finish.how) for end in (low, high)]
    return rounded[0], rounded[1]


def _widest(high: Fraction | None, other: Fraction) -> Fraction | None:
    return None if high is None else max(high, other)
