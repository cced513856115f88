"""Khmer letters for a picture on somebody's page: measured, and cut out of our font with their shaping rules.

Such a picture can fetch no font and may be shown where none has Khmer. Heavy: runs in a bounded process.
"""

import io
import re
import string
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import uharfbuzz  # type: ignore[import-untyped]
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

from certificates.khmer import line_breaks

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
KHMER, LATIN_FONT = (FONTS / f"kantumruy-pro-{script}-600-normal.woff2" for script in ("khmer", "latin"))
MOUL = FONTS / "moul-khmer-400-normal.woff2"
GRIDS = (240, 120, 80, 60)
"""Units an em, the finest first: at the sizes of a badge the coarsest is a fifth of a pixel. Its file is a sixth
smaller."""
LATIN = 0.56
"""Ems: about how wide a letter is that our Khmer font lacks, so that the reader's own shows it."""
_RUN = re.compile("[\u1780-\u17ff]+|[^\u1780-\u17ff]+")


def words(text: str) -> list[str]:
    """Where a line of Khmer may end, spaces with the word before them."""
    return line_breaks(text).replace(" ", " \u200b").split("\u200b")


def ems(text: str, font: Path = KHMER) -> float:
    """How wide a line is."""
    return sum(width if glyph else LATIN for glyph, width in _shaped(text, font))


def cut(lines: Sequence[str], rooms: Sequence[int]) -> tuple[int, bytes]:
    """The font (woff2) with what these lines need and no more, as fine as the first of `rooms` bytes allows, else the
    next; which of them it was. Empty where it is larger than all."""
    for at, room in enumerate(rooms):
        for grid in GRIDS:
            font = _cut(tuple(lines), KHMER, grid)
            if len(font) <= room:
                return at, font
    return 0, b""


def latin() -> tuple[bytes, dict[str, float]]:
    """The one font of all English badges, with the letters of names and dates, and how wide each is in ems."""
    letters = string.ascii_letters + string.digits + " .,-–’'&()/·…"
    font = TTFont(LATIN_FONT)
    characters, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    ems = {letter: round(widths[characters[ord(letter)]][0] / em, 3) for letter in letters}
    return _cut((letters,), LATIN_FONT, GRIDS[1]), ems


@lru_cache(maxsize=len(GRIDS))
def _cut(lines: tuple[str, ...], source: Path, grid: int) -> bytes:
    options = subset.Options(
        flavor="woff2",
        hinting=False,
        notdef_outline=False,
        name_IDs=[],
        layout_features=["*"] if source == KHMER else [],
        layout_closure=False,
        drop_tables=["STAT", "gasp"] if source == KHMER else ["STAT", "gasp", "GDEF", "GPOS", "GSUB"],
    )
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    shaped = {glyph for line in lines for glyph, _width in _shaped(line)} if source == KHMER else set()
    cutter.populate(text="".join(lines), gids=shaped)
    cutter.subset(font)
    scale_upem(font, grid)
    output = io.BytesIO()
    subset.save_font(font, output, options)
    return output.getvalue()


def _shaped(line: str, source: Path = KHMER) -> Iterator[tuple[int, float]]:
    """The glyphs that a browser will draw, with their widths in ems; 0 is a letter that the font lacks."""
    font, em = _font(source)
    for run in _RUN.findall(line):
        drawn = uharfbuzz.Buffer()
        drawn.add_str(run)
        drawn.guess_segment_properties()
        uharfbuzz.shape(font, drawn)
        for info, at in zip(drawn.glyph_infos, drawn.glyph_positions, strict=True):
            yield info.codepoint, at.x_advance / em


@cache
def _font(source: Path) -> tuple[Any, int]:
    plain, output = TTFont(source), io.BytesIO()
    plain.flavor = None
    plain.save(output)
    face = uharfbuzz.Face(output.getvalue())
    return uharfbuzz.Font(face), face.upem
