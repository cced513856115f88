"""A flower of sections: one petal each, as long as its points, with a diamond where its minimum lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from compliance.journeys.scorecard_view import Bar

FROM, LENGTH, WIDTH, LABEL = 14, 142, 52, 172
"""Where petals begin, how long and half how wide a full one is, where its number stands; the middle is 0, 0."""
SMALLEST = 4
"""Of 100: a petal without points still shows where it would be."""


@dataclass(frozen=True)
class Petal:
    """Shapes of one section in SVG's words; `minimum` is empty where the level asks none."""

    number: int
    whole: str
    filled: str
    minimum: str
    low: bool
    label: tuple[float, float]


def petals(bars: Sequence[Bar]) -> list[Petal]:
    """Clockwise from the top, in the order of the sections."""
    return [_petal(bar, place + 1, 360 * place / len(bars)) for place, bar in enumerate(bars)]


def _petal(bar: Bar, number: int, angle: float) -> Petal:
    mark = "" if bar.marker is None else _diamond(*_point(0, -(FROM + LENGTH * bar.marker / 100), angle))
    x, y = _point(0, -LABEL, angle)
    return Petal(
        number, _shape(100, angle), _shape(max(bar.width, SMALLEST), angle), mark, bar.low, (x, round(y + 5, 1))
    )


def _shape(size: int, angle: float) -> str:
    """The outline of a petal that is `size` hundredths of a whole one."""
    long, wide = LENGTH * size / 100, WIDTH * size / 100
    tip = (0.0, -FROM - long)
    right = ((wide, -FROM - long * 0.3), (wide * 0.85, -FROM - long * 0.72), tip)
    left = ((-wide * 0.85, -FROM - long * 0.72), (-wide, -FROM - long * 0.3), (0.0, -float(FROM)))
    curves = ("C" + " ".join(_text(*_point(x, y, angle)) for x, y in curve) for curve in (right, left))
    return f"M{_text(*_point(0, -FROM, angle))}{''.join(curves)}Z"


def _diamond(x: float, y: float) -> str:
    return "M" + "L".join(_text(x + dx, y + dy) for dx, dy in ((0, -6), (6, 0), (0, 6), (-6, 0))) + "Z"


def _point(x: float, y: float, angle: float) -> tuple[float, float]:
    """Turned around the middle, clockwise in degrees."""
    turn = radians(angle)
    return round(x * cos(turn) - y * sin(turn), 1), round(x * sin(turn) + y * cos(turn), 1)


def _text(x: float, y: float) -> str:
    return f"{x:.1f} {y:.1f}"
