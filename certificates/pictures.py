"""Pictures the page holds, ready as PDF operators: what the layout engine would parse and redraw for each file."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import segno
from PIL import Image
from weasyprint.images import RasterImage

from certificates import drawing, emblem
from certificates.facts import LEVELS

QUIET = 2  # empty modules around the QR code; the paper around it is the rest of the quiet zone


@dataclass(frozen=True, slots=True)
class Picture:
    """What the layout engine asks of an image, answered with ready operators."""

    view: tuple[float, float, float, float]
    operators: bytes

    def get_intrinsic_size(self, _resolution: object, _font_size: object) -> tuple[float, float, float]:
        return self.view[2], self.view[3], self.view[2] / self.view[3]

    def draw(self, stream: Any, width: float, height: float, _style: object) -> None:
        left, top, across, down = self.view
        x, y = width / across, height / down
        stream.transform(a=x, d=y, e=-left * x, f=-top * y)
        stream.stream.append(self.operators)


def emblem_picture(level: str, colours: Mapping[str, str]) -> Picture:
    shapes = emblem.engraved(level, LEVELS.index(level) + 1)
    return Picture(shapes.view, drawing.pdf(shapes.body, colours))


def qr_picture(address: str) -> Picture:
    """A QR code, error correction M, each run of dark modules as one rectangle."""
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    size = len(rows) + 2 * QUIET
    runs = [
        f"{start + QUIET} {y + QUIET} {length} 1 re" for y, row in enumerate(rows) for start, length in _dark_runs(row)
    ]
    return Picture((0, 0, size, size), "\n".join(["0 0 0 rg", *runs, "f"]).encode())


def mark_picture(png: bytes) -> Any:
    """A picture of the ministry's own, as the layout engine takes it; its digest names it, whatever lies beside it."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
        opened.load()
        return RasterImage(opened, hashlib.sha256(png).hexdigest()[:16], png)


def _dark_runs(row: bytes) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for x, module in enumerate(row):
        if module and runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif module:
            runs.append((x, 1))
    return runs
