"""The most and the fewest points a rule can give; None where it has no limit."""

from fractions import Fraction

from scoring.rules import Bands, Choice, Choices, Goalposts, Linear, Points, Presence, Product, Rule, Yield

Range = tuple[Fraction | None, Fraction | None]
_ZERO = Fraction(0)


def top(rule: Rule) -> Fraction | None:
    return limits(rule)[1]


def limits(rule: Rule) -> Range:
    """(fewest, most); a rule whose every outcome is a state has (0, 0)."""
    match rule:
        case Choice():
            found = _of(list(rule.points.values()))
        case Choices():
            found = _choices(rule)
        case Bands():
            found = _of([*(band.points for band in rule.bands), *([] if rule.otherwise is None else [rule.otherwise])])
        case Linear():
            found = (rule.lowest, rule.highest)
        case Goalposts():
            found = _goalposts(rule)
        case Presence():
            found = (min(_ZERO, rule.points), max(_ZERO, rule.points))
        case Points():
            found = _of([rule.points])
        case Product():
            found = _product([limits(factor.rule) for factor in rule.factors])
        case _:
            found = _widest([limits(case.rule) for case in rule.cases])
    return found


def _of(yields: list[Yield]) -> Range:
    points = [item for item in yields if isinstance(item, Fraction)]
    return (min(points), max(points)) if points else (_ZERO, _ZERO)


def _choices(rule: Choices) -> Range:
    free = [points for option, points in rule.points.items() if option not in rule.exclusive]
    alone = [rule.points[option] for option in rule.exclusive if option in rule.points]
    low = sum((points for points in free if points < 0), _ZERO)
    high = sum((points for points in free if points > 0), _ZERO)
    return min([low, *alone]), max([high, *alone])


def _goalposts(rule: Goalposts) -> Range:
    ends = sorted([_ZERO, rule.points])
    closed = {"both": (True, True), "low": (True, False), "high": (False, True), "none": (False, False)}[rule.clamp]
    low_closed, high_closed = closed if rule.points >= 0 else closed[::-1]
    return (ends[0] if low_closed else None), (ends[1] if high_closed else None)


def _product(parts: list[Range]) -> Range:
    low, high = Fraction(1), Fraction(1)
    for part_low, part_high in parts:
        if part_low is None or part_high is None:
            return None, None
        ends = [low * part_low, low * part_high, high * part_low, high * part_high]
        low, high = min(ends), max(ends)
    return low, high


def _widest(parts: list[Range]) -> Range:
    lows = [low for low, _ in parts]
    highs = [high for _, high in parts]
    low = None if None in lows else min((one for one in lows if one is not None), default=_ZERO)
    high = None if None in highs else max((one for one in highs if one is not None), default=_ZERO)
    return low, high
