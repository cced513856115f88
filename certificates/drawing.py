"""Plain drawings (filled and stroked paths, motifs set many times) written as SVG or as PDF."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import cos, radians, sin

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]

KAPPA = 0.5523  # the handle length that makes four curves a circle


@dataclass(frozen=True, slots=True)
class Shape:
    """One painted path: absolute M, L, C and Z only, so that SVG and PDF read it alike. Colours are names."""

    path: str
    fill: str = ""
    stroke: str = ""
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """A motif set down under a matrix."""

    motif: str
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn, in the order it is drawn, within a view box (left, top, width, height)."""

    view: tuple[float, float, float, float]
    body: tuple[Shape | Place, ...]
    motifs: Mapping[str, tuple[Shape | Place, ...]]


def number(value: float, places: int = 2) -> str:
    text = f"{value:.{places}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def path(*moves: tuple[str, Iterable[Point]]) -> str:
    """Moves such as ("M", [(0, 0)]) as path data, closed."""
    return "".join(letter + " ".join(f"{number(x)} {number(y)}" for x, y in points) for letter, points in moves) + "Z"


def polygon(*points: Point) -> str:
    return path(("M", points[:1]), ("L", points[1:]))


def rectangle(x: float, y: float, width: float, height: float) -> str:
    return polygon((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def disc(x: float, y: float, r: float) -> str:
    k = KAPPA * r
    return path(
        ("M", [(x, y - r)]),
        ("C", [(x + k, y - r), (x + r, y - k), (x + r, y)]),
        ("C", [(x + r, y + k), (x + k, y + r), (x, y + r)]),
        ("C", [(x - k, y + r), (x - r, y + k), (x - r, y)]),
        ("C", [(x - r, y - k), (x - k, y - r), (x, y - r)]),
    )


def turned(x: float, y: float, angle: float, *, mirror: bool = False) -> Matrix:
    """Sets a motif that points up so that it points to `angle` (degrees, clockwise) from (x, y)."""
    c, s, side = cos(radians(angle)), sin(radians(angle)), -1 if mirror else 1
    return (side * c, side * s, -s, c, x, y)


def flat(drawing: Drawing) -> Iterator[tuple[Shape, Matrix]]:
    """Every shape with the matrix it ends up under."""
    yield from _flatten(drawing, drawing.body, (1, 0, 0, 1, 0, 0))


def settled(drawing: Drawing) -> Iterator[Shape]:
    """Every shape where it ends up, its lines as thick as they become."""
    for shape, matrix in flat(drawing):
        width = shape.width * abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5
        yield replace(shape, path=_moved(shape.path, matrix), width=width)


def _flatten(drawing: Drawing, parts: Iterable[Shape | Place], outer: Matrix) -> Iterator[tuple[Shape, Matrix]]:
    for part in parts:
        if isinstance(part, Shape):
            yield part, outer
        else:
            yield from _flatten(drawing, drawing.motifs[part.motif], _times(part.matrix, outer))


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def svg(drawing: Drawing, colours: Mapping[str, str], size: str = "") -> str:
    """One SVG picture with every motif written out; `size` adds attributes such as width and height."""
    view = " ".join(number(value) for value in drawing.view)
    shapes = "".join(element(shape, colours) for shape in settled(drawing))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}"{size and " " + size}>{shapes}</svg>\n'


def element(shape: Shape, colours: Mapping[str, str]) -> str:
    """One path of SVG."""
    fill = colours[shape.fill] if shape.fill else "none"
    stroke = ""
    if shape.stroke:
        width = number(shape.width)
        stroke = f' stroke="{colours[shape.stroke]}" stroke-width="{width}" stroke-linejoin="round"'
    return f'<path fill="{fill}"{stroke} d="{shape.path}"/>'


def _moved(data: str, matrix: Matrix) -> str:
    if matrix == (1, 0, 0, 1, 0, 0):
        return data
    a, b, c, d, e, f = matrix

    def point(match: re.Match[str]) -> str:
        x, y = float(match[1]), float(match[2])
        return f"{number(a * x + c * y + e)} {number(b * x + d * y + f)}"

    return re.sub(r"(-?[\d.]+) (-?[\d.]+)", point, data)


def pdf(parts: Iterable[Shape | Place], colours: Mapping[str, str]) -> bytes:
    """The parts as PDF operators; motifs are called by name, so the caller puts them among the resources."""
    lines: list[str] = []
    for part in parts:
        if isinstance(part, Place):
            lines.append(f"q {' '.join(number(value, 4) for value in part.matrix)} cm /{part.motif} Do Q")
        else:
            lines += _pdf_shape(part, colours)
    return "\n".join(lines).encode()


def _pdf_shape(shape: Shape, colours: Mapping[str, str]) -> Iterator[str]:
    if shape.fill:
        yield f"{_rgb(colours[shape.fill])} rg"
    if shape.stroke:
        yield f"{_rgb(colours[shape.stroke])} RG {number(shape.width)} w 1 j"
    for letter, points in re.findall(r"([MLCZ])([^MLCZ]*)", shape.path):
        yield from _pdf_move(letter, points.split())
    yield {(True, False): "f", (False, True): "S", (True, True): "B"}[bool(shape.fill), bool(shape.stroke)]


def _pdf_move(letter: str, values: list[str]) -> Iterator[str]:
    step, operator = {"M": (2, "m"), "L": (2, "l"), "C": (6, "c"), "Z": (0, "h")}[letter]
    if not step:
        yield operator
        return
    for start in range(0, len(values), step):
        yield f"{' '.join(values[start : start + step])} {operator}"


def _rgb(colour: str) -> str:
    return " ".join(number(int(colour[at : at + 2], 16) / 255, 4) for at in (1, 3, 5))
