"""The emblem family: page, badge and certificate share these shapes. Shape first, colour second, words always.

A lotus opens around a small dot, the child: a bud (Committed), a diamond with three petals (Bronze), an
octagon with five (Silver), the whole flower with eight points (Gold).
"""

from collections.abc import Iterable, Mapping
from math import cos, radians, sin

from certificates.drawing import Drawing, Shape, disc, path, polygon, svg

SIZE = 96
MIDDLE = SIZE / 2

# Screen colours. `plate` carries the flower, `line` runs inside its edge, `heart` and `eye` are what is sheltered.
SCREEN: Mapping[str, Mapping[str, str]] = {
    "committed": {"rim": "#fff9ec", "plate": "#ffffff", "heart": "#232660", "eye": "#ffffff"},
    "bronze": {"plate": "#8a4a2b", "line": "#e9bfa0", "petal": "#fff9ec", "eye": "#8a4a2b"},
    "silver": {"plate": "#566072", "line": "#d5dbe6", "petal": "#ffffff", "eye": "#566072"},
    "gold": {"petal": "#e0a62e", "edge": "#8a5f0b", "under": "#b9801a", "heart": "#232660", "eye": "#fff9ec"},
}


def picture(level: str, colours: Mapping[str, str] | None = None, *, engraved: bool = False) -> str:
    """The emblem of a level as SVG; `engraved` adds the rim and veins that only show in print."""
    return svg(drawing(level, engraved=engraved), colours or SCREEN[level])


def drawing(level: str, *, engraved: bool = False) -> Drawing:
    shapes = {"committed": _bud, "bronze": _diamond, "silver": _octagon, "gold": _flower}[level](engraved)
    margin = 3 if engraved else 0
    return Drawing((-margin, -margin, SIZE + 2 * margin, SIZE + 2 * margin), tuple(shapes), {})


def petal(height: float, width: float, angle: float = 0, x: float = MIDDLE, y: float = MIDDLE) -> str:
    """A pointed petal rooted at (x, y), leaning by `angle` degrees from upright."""
    c, s = cos(radians(angle)), sin(radians(angle))

    def at(across: float, along: float) -> tuple[float, float]:
        return (x + across * c + along * height * s, y + across * s - along * height * c)

    return path(
        ("M", [at(0, 0)]),
        ("C", [at(width, 0.3), at(0.85 * width, 0.72), at(0, 1)]),
        ("C", [at(-0.85 * width, 0.72), at(-width, 0.3), at(0, 0)]),
    )


def _bud(engraved: bool) -> Iterable[Shape]:
    """Closed and drawn in outline: a promise."""
    whole = petal(88, 46, y=92)
    yield Shape(whole, fill="plate", stroke="rim", width=8)
    yield Shape(whole, fill="plate", stroke="heart", width=4)
    yield Shape(petal(56, 23, y=78), fill="heart")
    for side in (-1, 1):
        yield Shape(petal(36, 12, 34 * side, MIDDLE + 2 * side, 83), fill="heart", stroke="plate", width=2.5)
    if engraved:
        yield Shape(petal(79, 40, y=87.6), stroke="line", width=0.9)
        for side in (-1, 1):
            yield Shape(petal(22, 2.4, 34 * side, MIDDLE + 3.5 * side, 78), fill="line")
    yield Shape(disc(MIDDLE, 50, 5.5), fill="eye")


def _diamond(engraved: bool) -> Iterable[Shape]:
    plate = polygon((48, 3), (93, 48), (48, 93), (3, 48))
    if engraved:
        yield Shape(plate, stroke="rim", width=8)
    yield Shape(plate, fill="plate", stroke="plate", width=5)
    yield Shape(polygon((48, 10), (86, 48), (48, 86), (10, 48)), stroke="line", width=1.5)
    yield from _fan((-44, 0, 44), 46, 17, engraved)
    yield Shape(disc(MIDDLE, 52, 5.5), fill="eye")


def _octagon(engraved: bool) -> Iterable[Shape]:
    if engraved:
        yield Shape(_regular(46), stroke="rim", width=7)
    yield Shape(_regular(46), fill="plate", stroke="plate", width=4)
    yield Shape(_regular(40.5), stroke="line", width=1.5)
    yield from _fan((-76, -39, 0, 39, 76), 50, 16, engraved)
    yield Shape(disc(MIDDLE, 50, 5.5), fill="eye")


def _flower(engraved: bool) -> Iterable[Shape]:
    """Wide open and without a frame."""
    turns = range(0, 360, 45)
    for turn in turns:
        yield Shape(petal(45, 15, turn + 22.5), fill="under")
    for turn in turns:
        yield Shape(petal(47, 19, turn), fill="petal", stroke="edge", width=2)
    if engraved:
        for turn in turns:
            yield Shape(petal(43.5, 3, turn), fill="edge")
    yield Shape(disc(MIDDLE, MIDDLE, 29), fill="petal")
    yield Shape(disc(MIDDLE, MIDDLE, 28.5), stroke="edge", width=1.5)
    for turn in turns:
        yield Shape(petal(26, 9, turn), fill="heart", stroke="petal", width=1.5)
    if engraved:
        for turn in turns:
            yield Shape(petal(22, 1.3, turn), fill="petal")
    yield Shape(disc(MIDDLE, MIDDLE, 6.5), fill="eye")


def _fan(angles: Iterable[float], height: float, width: float, engraved: bool) -> Iterable[Shape]:
    """Petals from one root, the outer ones shorter and behind."""
    for angle in sorted(angles, key=abs, reverse=True):
        length = height * (1 - abs(angle) / 260)
        yield Shape(petal(length, width, angle, y=70), fill="petal", stroke="plate", width=2.5)
        if engraved:
            yield Shape(petal(length * 0.8, 1.7, angle, y=70), fill="plate")


def _regular(radius: float) -> str:
    corners = [radians(22.5 + 45 * step) for step in range(8)]
    return polygon(*((MIDDLE + radius * sin(corner), MIDDLE - radius * cos(corner)) for corner in corners))
