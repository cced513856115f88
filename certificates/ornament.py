"""The certificate's ornament in the Khmer kbach manner: frame, corners and divider, in millimetres on A4 landscape."""

from collections.abc import Iterator

from certificates.drawing import Drawing, Matrix, Place, Shape, disc, path, polygon, rectangle, turned

WIDTH, HEIGHT = 297, 210
BAND_OUTER, BAND_INNER = 8, 15
CORNER_FROM, CORNER_TO = 6.8, 16.2
FRINGE_AT, FRINGE_LENGTH = 15.9, 2.9
DIVIDER_AT = (148.5, 42.1)


def frame() -> Drawing:
    """Paper, woven band of flowers, lotus fringe, corners and the divider under the motto."""
    motifs: dict[str, tuple[Shape | Place, ...]] = {
        "Chan": tuple(_flower()),
        "Bead": tuple(_bead()),
        "Fringe": tuple(_fringe()),
        "Corner": tuple(_corner()),
        "Divider": tuple(_divider()),
    }
    divider = Place("Divider", (0.625, 0, 0, 0.625, *DIVIDER_AT))
    body: list[Shape | Place] = [*_ground(), *_band(), *_fringes(), *_corners(), divider]
    return Drawing((0, 0, WIDTH, HEIGHT), tuple(body), motifs)


def lotus(length: float, width: float, angle: float = 0, x: float = 0, y: float = 0, start: float = 0) -> str:
    """Ogee lotus petal (trabak chhouk) with a drawn-out tip."""
    w = width / 2
    return _moved(
        [
            ("M", [(start, 0)]),
            ("C", [(0.10 * length, -1.15 * w), (0.55 * length, -1.35 * w), (0.76 * length, -0.42 * w)]),
            ("C", [(0.84 * length, -0.16 * w), (0.93 * length, -0.06 * w), (length, 0)]),
            ("C", [(0.93 * length, 0.06 * w), (0.84 * length, 0.16 * w), (0.76 * length, 0.42 * w)]),
            ("C", [(0.55 * length, 1.35 * w), (0.10 * length, 1.15 * w), (start, 0)]),
        ],
        turned(x, y, angle),
    )


def bud(length: float, width: float, angle: float = 0, x: float = 0, y: float = 0, start: float = 0) -> str:
    """A petal light enough for small sizes: one curve a side."""
    w, root = width / 2, start + 0.12 * (length - start)
    return _moved(
        [
            ("M", [(start, 0)]),
            ("C", [(root, -1.5 * w), (0.62 * length, -1.1 * w), (length, 0)]),
            ("C", [(0.62 * length, 1.1 * w), (root, 1.5 * w), (start, 0)]),
        ],
        turned(x, y, angle),
    )


def flame(length: float, matrix: Matrix, fullness: float = 1.0) -> str:
    """Hooked flame leaf (phni tes): it swells, then the tip curls back."""
    moves: list[tuple[str, list[tuple[float, float]]]] = [
        ("M", [(0, 0)]),
        ("C", [(0.02, 0.30), (0.34, 0.52), (0.60, 0.40)]),
        ("C", [(0.76, 0.33), (0.80, 0.44), (0.70, 0.58)]),
        ("C", [(0.98, 0.52), (1.10, 0.16), (0.86, -0.02)]),
        ("C", [(0.62, -0.18), (0.20, -0.16), (0, 0)]),
    ]
    return _moved([(letter, [(s * length, a * length * fullness) for s, a in pts]) for letter, pts in moves], matrix)


def _moved(moves: list[tuple[str, list[tuple[float, float]]]], matrix: Matrix) -> str:
    """Path of points given as (along, across): along the way the motif points, across to its right."""
    a, b, c, d, e, f = matrix
    return path(
        *(
            (letter, [(a * across - c * along + e, b * across - d * along + f) for along, across in points])
            for letter, points in moves
        )
    )


def _ground() -> Iterator[Shape]:
    outer, inner = BAND_OUTER, BAND_INNER
    yield Shape(rectangle(0, 0, WIDTH, HEIGHT), fill="paper")
    yield Shape(rectangle(5.6, 5.6, WIDTH - 11.2, HEIGHT - 11.2), stroke="metal", width=0.35)
    yield Shape(
        rectangle(outer, outer, WIDTH - 2 * outer, inner - outer)
        + rectangle(outer, HEIGHT - inner, WIDTH - 2 * outer, inner - outer)
        + rectangle(outer, inner, inner - outer, HEIGHT - 2 * inner)
        + rectangle(WIDTH - inner, inner, inner - outer, HEIGHT - 2 * inner),
        fill="band",
    )
    edge = outer - 0.75
    yield Shape(rectangle(edge, edge, WIDTH - 2 * edge, HEIGHT - 2 * edge), stroke="metal", width=0.3)
    edge = inner + 0.55
    yield Shape(rectangle(edge, edge, WIDTH - 2 * edge, HEIGHT - 2 * edge), stroke="metal", width=0.45)


def _flower() -> Iterator[Shape]:
    """Phka chan: the four-petalled flower of temple bands."""
    r = 3.05
    square, between = (0, 90, 180, 270), (45, 135, 225, 315)
    light = [lotus(r, r * 0.74, angle, start=0.12 * r) for angle in square]
    light += [bud(r * 0.86, r * 0.26, angle, start=0.2 * r) for angle in between]
    yield Shape("".join(light), fill="metal-light")
    veins = [bud(r * 0.66, r * 0.24, angle, start=0.22 * r) for angle in square]
    yield Shape("".join(veins) + disc(0, 0, 0.25 * r), fill="band")
    yield Shape(gem(0.19 * r), fill="metal-light")


def _bead() -> Iterator[Shape]:
    """What stands between two flowers: a bud from either edge, a gem in the middle."""
    yield Shape(bud(2.6, 1.9, 180, y=-3.4) + bud(2.6, 1.9, 0, y=3.4) + gem(0.4), fill="metal-light")


def _fringe() -> Iterator[Shape]:
    yield Shape(lotus(FRINGE_LENGTH, 2.74), fill="metal")
    yield Shape(bud(FRINGE_LENGTH * 0.66, 1.3), fill="paper")


def gem(r: float, x: float = 0, y: float = 0) -> str:
    """A square on its corner, from (x, y) `r` to each."""
    return polygon((x, y - r), (x + r, y), (x, y + r), (x - r, y))


def _band() -> Iterator[Place]:
    middle = (BAND_OUTER + BAND_INNER) / 2
    for length, count, across in ((WIDTH, 40, False), (HEIGHT, 27, True)):
        step = (length - 2 * CORNER_TO) / count
        far = (WIDTH if across else HEIGHT) - middle
        for side in (middle, far):
            for place in range(2 * count + 1):
                along = CORNER_TO + place * step / 2
                x, y = (side, along) if across else (along, side)
                if place % 2:
                    yield Place("Chan", (1, 0, 0, 1, x, y))
                elif 0 < place < 2 * count:
                    yield Place("Bead", turned(x, y, 90 if across else 0))


def _fringes() -> Iterator[Place]:
    start = 17.2
    for length, count, across in ((WIDTH, 72, False), (HEIGHT, 48, True)):
        step = (length - 2 * start) / count
        far = (WIDTH if across else HEIGHT) - FRINGE_AT
        for place in range(count):
            along = start + (place + 0.5) * step
            if across:
                yield Place("Fringe", turned(FRINGE_AT, along, 90))
                yield Place("Fringe", turned(far, along, 270))
            else:
                yield Place("Fringe", turned(along, FRINGE_AT, 180))
                yield Place("Fringe", turned(along, far, 0))


def _corners() -> Iterator[Place]:
    for matrix in (
        (1, 0, 0, 1, 0, 0),
        (-1, 0, 0, 1, WIDTH, 0),
        (1, 0, 0, -1, 0, HEIGHT),
        (-1, 0, 0, -1, WIDTH, HEIGHT),
    ):
        yield Place("Corner", matrix)


def _corner() -> Iterator[Shape]:
    """The top left corner: vines along both edges, three petals on the diagonal, the rosette block."""
    yield from _vines()
    root = CORNER_TO + 1.9
    for turn in (-37, 37):
        for length, width, start, colour in ((12.6, 5.6, 0, "paper"), (11.6, 4.4, 0, "metal"), (8.6, 2, 2.4, "paper")):
            yield Shape(lotus(length, width, 135 + turn, root, root, start), fill=colour)
    middle_petal = (
        (16.6, 6.8, 0.0, "paper"),
        (15.6, 5.6, 0.0, "metal"),
        (12.2, 3.8, 1.0, "paper"),
        (10.0, 2.5, 1.6, "band"),
    )
    for length, width, start, colour in middle_petal:
        yield Shape(lotus(length, width, 135, root, root, start), fill=colour)
    size, middle = CORNER_TO - CORNER_FROM, (CORNER_FROM + CORNER_TO) / 2
    yield Shape(rectangle(CORNER_FROM, CORNER_FROM, size, size), fill="band", stroke="metal", width=0.5)
    lengths = [(angle, 4.15 if angle % 90 else 3.9) for angle in range(0, 360, 45)]
    rosette = [lotus(length, 2.7, angle, middle, middle, 0.4) for angle, length in lengths]
    veins = [lotus(length * 0.62, 0.9, angle, middle, middle, 0.8) for angle, length in lengths]
    yield Shape("".join(rosette), fill="metal-light")
    yield Shape("".join(veins) + disc(middle, middle, 1.15), fill="band")
    yield Shape(disc(middle, middle, 0.72), fill="metal-light")


def _vines() -> Iterator[Shape]:
    base = 18.9
    for off, length in ((23.6, 4.6), (18.4, 6.2), (12.2, 7.8), (5.0, 9.4)):
        along = CORNER_TO + off
        for x, y, angle, mirror in ((along, base, 90, False), (base, along, 180, True)):
            matrix = turned(x, y, angle, mirror=mirror)
            a, b, c, d, e, f = matrix
            inner = (a, b, c, d, e + a * length * 0.06 - c * length * 0.17, f + b * length * 0.06 - d * length * 0.17)
            yield Shape(flame(length * 1.12, matrix, 1.12), fill="paper")
            yield Shape(flame(length, matrix), fill="metal")
            yield Shape(flame(length * 0.5, inner, 0.56), fill="paper")
    dots = [(CORNER_TO + off, r) for off, r in ((29.6, 0.55), (31.6, 0.38), (33.2, 0.25))]
    drawn = [disc(along, base + 0.5, r) + disc(base + 0.5, along, r) for along, r in dots]
    yield Shape("".join(drawn), fill="metal")


def _divider() -> Iterator[Shape]:
    """Flame leaves running out from one small flower, 64 wide."""
    dark, light = [], []
    for side, angle, mirror in ((1, 90, True), (-1, 270, False)):
        x = 3.6
        for length in (7.0, 5.6, 4.3):
            dark.append(flame(length, turned(side * x, 0.6, angle, mirror=mirror)))
            inner = turned(side * (x + length * 0.12), 0.58, angle, mirror=mirror)
            light.append(flame(length * 0.6, inner, 0.6))
            x += length * 0.84
        dark.append(disc(side * (x + 1.4), 0, 0.5))
        near, far = side * (x + 2.6), side * 32
        dark.append(polygon((near, -0.16), (far, -0.03), (far, 0.03), (near, 0.16)))
    for angle in (0, 90, 180, 270):
        dark.append(lotus(3.2, 2.1, angle, start=0.3))
        light.append(lotus(2, 0.7, angle, start=0.8))
    yield Shape("".join(dark), fill="metal")
    yield Shape("".join(light), fill="paper")
    yield Shape(disc(0, 0, 0.5), fill="metal")
