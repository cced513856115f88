"""The emblem family: page, badge and certificate share these shapes. Shape first, colour second, words always.

A lotus opens around a small dot, the child: a bud (Committed), a diamond with three petals (Bronze), an
octagon with five (Silver), the whole flower with eight points (Gold). In print there is room to see the child:
it stands in the same outline, sheltered by one to four pairs of petals, over one to four filled marks.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from math import cos, radians, sin

from certificates.drawing import Drawing, Matrix, Place, Shape, disc, element, number, path, polygon, settled, svg
from certificates.ornament import gem, lotus

SIZE = 96
MIDDLE = SIZE / 2
MARKS = 4

# Screen colours. `plate` carries the flower, `line` runs inside its edge, `heart` and `eye` are what is sheltered.
SCREEN: Mapping[str, Mapping[str, str]] = {
    "committed": {"rim": "#fff9ec", "plate": "#ffffff", "heart": "#232660", "eye": "#ffffff"},
    "bronze": {"plate": "#8a4a2b", "line": "#e9bfa0", "petal": "#fff9ec", "eye": "#8a4a2b"},
    "silver": {"plate": "#566072", "line": "#d5dbe6", "petal": "#ffffff", "eye": "#566072"},
    "gold": {"petal": "#e0a62e", "edge": "#8a5f0b", "under": "#b9801a", "heart": "#232660", "eye": "#fff9ec"},
}


def picture(level: str, colours: Mapping[str, str] | None = None) -> str:
    """The emblem of a level as SVG, for pages."""
    return svg(drawing(level), colours or SCREEN[level])


def drawing(level: str) -> Drawing:
    shapes = _SIMPLE[level]()
    return Drawing((0, 0, SIZE, SIZE), tuple(shapes), {})


def compact(level: str) -> str:
    """The page's emblem without the svg around it, for a picture that must stay small: of eight equal petals one is
    written out, then turned."""
    parts = []
    for at, (_paint, run) in enumerate(groupby(settled(drawing(level)), key=lambda shape: replace(shape, path=""))):
        drawn = [element(shape, SCREEN[level]) for shape in run]
        parts += [_turned(f"r{at}", drawn[0])] if len(drawn) == len(TURNS) else drawn
    whole = _DISC.sub(_circle, "".join(parts).replace(' stroke-linejoin="round"', ""))
    return re.sub(r"\d+\.\d+", lambda found: number(float(found[0]), 1), whole)


_DISC = re.compile(r'<path ([^>]*?)d="M([\d.]+) ([\d.]+)C(?:[\d.]+ ){4}([\d.]+) ([\d.]+)(?:C[^CZ]+){3}Z"/>')
"""A closed path of four curves: `drawing.disc` alone draws these."""


def _circle(found: re.Match[str]) -> str:
    paint, x, _top, right, y = found.groups()
    return f'<circle {paint}cx="{x}" cy="{y}" r="{float(right) - float(x)}"/>'


def _turned(name: str, drawn: str) -> str:
    """Eight times around the middle, by doubling three times."""
    for step, turn in enumerate((45, 90, 180)):
        drawn = f'<g id="{name}{step}">{drawn}</g><use href="#{name}{step}" transform="rotate({turn} 48 48)"/>'
    return drawn


def engraved(level: str, rank: int) -> Drawing:
    """The emblem for print, without motifs; `rank` (1 to 4) is how many pairs of petals and filled marks it has."""
    ground, matrix = _GROUNDS[level]
    body: list[Shape | Place] = [*ground(), Place("Child", matrix)]
    whole = Drawing((0, 0, SIZE, SIZE), tuple(body), {"Child": tuple(_sheltered(rank))})
    margin = 5
    view = (-margin, -margin, SIZE + 2 * margin, SIZE + 2 * margin)
    return Drawing(view, tuple(settled(whole)), {})


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


def _bud() -> Iterator[Shape]:
    """Closed and drawn in outline: a promise."""
    yield Shape(_BUD, fill="plate", stroke="rim", width=8)
    yield Shape(_BUD, fill="plate", stroke="heart", width=4)
    yield Shape(petal(56, 23, y=78), fill="heart")
    for side in (-1, 1):
        yield Shape(petal(36, 12, 34 * side, MIDDLE + 2 * side, 83), fill="heart", stroke="plate", width=2.5)
    yield Shape(disc(MIDDLE, 50, 5.5), fill="eye")


def _diamond() -> Iterator[Shape]:
    yield Shape(_DIAMOND, fill="plate", stroke="plate", width=5)
    yield Shape(_INNER_DIAMOND, stroke="line", width=1.5)
    yield from _fan((-44, 0, 44), 46, 17)
    yield Shape(disc(MIDDLE, 52, 5.5), fill="eye")


def _octagon() -> Iterator[Shape]:
    yield Shape(_regular(46), fill="plate", stroke="plate", width=4)
    yield Shape(_regular(40.5), stroke="line", width=1.5)
    yield from _fan((-76, -39, 0, 39, 76), 50, 16)
    yield Shape(disc(MIDDLE, 50, 5.5), fill="eye")


def _flower() -> Iterator[Shape]:
    """Wide open and without a frame."""
    yield from _eight_points()
    yield Shape(disc(MIDDLE, MIDDLE, 29), fill="petal")
    yield Shape(disc(MIDDLE, MIDDLE, 28.5), stroke="edge", width=1.5)
    for turn in TURNS:
        yield Shape(petal(26, 9, turn), fill="heart", stroke="petal", width=1.5)
    yield Shape(disc(MIDDLE, MIDDLE, 6.5), fill="eye")


def _eight_points() -> Iterator[Shape]:
    for turn in TURNS:
        yield Shape(petal(45, 15, turn + 22.5), fill="under")
    for turn in TURNS:
        yield Shape(petal(47, 19, turn), fill="petal", stroke="edge", width=2)


def _fan(angles: Iterable[float], height: float, width: float) -> Iterator[Shape]:
    """Petals from one root, the outer ones shorter and behind."""
    for angle in sorted(angles, key=abs, reverse=True):
        length = height * (1 - abs(angle) / 260)
        yield Shape(petal(length, width, angle, y=70), fill="petal", stroke="plate", width=2.5)


def _regular(radius: float) -> str:
    corners = [radians(22.5 + 45 * step) for step in range(8)]
    return polygon(*((MIDDLE + radius * sin(corner), MIDDLE - radius * cos(corner)) for corner in corners))


_SIMPLE: Mapping[str, Callable[[], Iterator[Shape]]] = {
    "committed": _bud,
    "bronze": _diamond,
    "silver": _octagon,
    "gold": _flower,
}
TURNS = range(0, 360, 45)
_BUD = petal(88, 46, y=92)
_DIAMOND = polygon((48, 3), (93, 48), (48, 93), (3, 48))
_INNER_DIAMOND = polygon((48, 10), (86, 48), (48, 86), (10, 48))


def _framed(outline: str, inner: str) -> Iterator[Shape]:
    """A plate with a rim of metal, a hair of paper and a thin line inside."""
    yield Shape(outline, fill="rim", stroke="rim", width=9)
    yield Shape(outline, fill="paper", stroke="paper", width=6)
    yield Shape(outline, fill="plate", stroke="plate", width=3)
    yield Shape(inner, stroke="line", width=0.7)


def _bud_ground() -> Iterator[Shape]:
    yield from _framed(_BUD, petal(80, 41, y=88))


def _diamond_ground() -> Iterator[Shape]:
    yield from _framed(_DIAMOND, polygon((48, 7.5), (88.5, 48), (48, 88.5), (7.5, 48)))


def _octagon_ground() -> Iterator[Shape]:
    yield from _framed(_regular(46), _regular(42.5))


def _flower_ground() -> Iterator[Shape]:
    yield from _eight_points()
    for turn in TURNS:
        yield Shape(petal(44, 3, turn), fill="edge")
    for radius, colour in ((33.4, "edge"), (32.6, "petal"), (31.2, "paper"), (30.2, "plate")):
        yield Shape(disc(MIDDLE, MIDDLE, radius), fill=colour)
    yield Shape(disc(MIDDLE, MIDDLE, 28.8), stroke="line", width=0.6)


_GROUNDS: Mapping[str, tuple[Callable[[], Iterator[Shape]], Matrix]] = {
    "committed": (_bud_ground, (0.76, 0, 0, 0.76, MIDDLE, 50)),
    "bronze": (_diamond_ground, (0.74, 0, 0, 0.74, MIDDLE, 47)),
    "silver": (_octagon_ground, (0.86, 0, 0, 0.86, MIDDLE, 48)),
    "gold": (_flower_ground, (0.64, 0, 0, 0.64, MIDDLE, 47.6)),
}
_PAIRS = ((27, 53, 17), (49, 47, 16), (70, 40.5, 14), (91, 34, 11))
"""Angle, length and width of the sheltering petals, pair by pair outwards."""
_ONE_PAIR = ((30, 56, 20),)
_ROOT, _HEAD = 19.0, -17.5
"""How high petals and child begin, and where its head is: the middle of the group is 0, its reach about 45."""


def _sheltered(rank: int) -> Iterator[Shape]:
    """A child that stands between pairs of petals as between two hands, over its marks."""
    for angle, length, width in reversed(_PAIRS[:rank] if rank > 1 else _ONE_PAIR):
        for side in (-1, 1):
            root = (angle * side, 3 * side, _ROOT)
            yield Shape(lotus(length + 2, width + 3.4, *root), fill="plate")
            yield Shape(lotus(length, width, *root), fill="shelter")
            yield Shape(lotus(length * 0.74, width * 0.2, *root, length * 0.36), fill="plate")
    for grown, colour in ((2.0, "plate"), (0.0, "child")):
        yield Shape(_child(grown) + disc(0, _HEAD, 6.4 + grown), fill=colour)
    for angle, length, width in ((64, 20, 9), (-64, 20, 9), (36, 20, 10), (-36, 20, 10), (0, 17, 11)):
        yield Shape(lotus(length + 1.6, width + 2.6, angle, 0, _ROOT + 6), fill="plate")
        yield Shape(lotus(length, width, angle, 0, _ROOT + 6), fill="shelter")
    for place in range(MARKS):
        mark = gem(2.7, (place - (MARKS - 1) / 2) * 7.2, 2 * _ROOT)
        yield Shape(mark, fill="child") if place < rank else Shape(mark, stroke="line", width=0.8)


def _child(grown: float) -> str:
    """Shoulders and gown, without the head."""
    top, side, knee = _ROOT - 28 - grown, 8.2 + grown, 8.6 + grown
    return path(
        ("M", [(-side, _ROOT)]),
        ("C", [(-knee, _ROOT - 15), (-6.4 - grown, top), (0, top)]),
        ("C", [(6.4 + grown, top), (knee, _ROOT - 15), (side, _ROOT)]),
    )
