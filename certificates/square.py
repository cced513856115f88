"""A certificate as a square picture to share: what it says of whom, until when, and where to check it.

It goes about on its own, so that it names its own end and promises nothing beyond. Heavy: runs in a bounded process.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import pypdfium2
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from certificates import khmer
from certificates.assets import OwnAssets
from certificates.errors import RenderError
from certificates.facts import CertificateFacts
from certificates.fitting import fit, halves
from certificates.lettering import MOUL, ems
from certificates.page import printed_address, template
from certificates.palette import EMBLEM, PRINT
from certificates.pictures import emblem_picture
from certificates.render import OUR_FAMILIES, coloured, strictly

SIDE = 1080
"""Pixels."""
COLOURS = 96
NAME_WIDTH = 900
KHMER_ROOM, LATIN_ROOM = 130, 90
"""Pixels that a name on many lines may be high."""
LEADING = 1.5
LATIN = 0.53
"""Ems of a letter in Garamond; a line that is wider than told breaks."""
TWO = 0.7
"""Of the largest size: on two lines names are no larger, so that two in each script have room."""


@dataclass(frozen=True)
class Line:
    """How a name is set: on one or two lines of a size, or, where those would be too small, broken as it comes."""

    lines: tuple[str, ...]
    size: float


def png(facts: CertificateFacts) -> bytes:
    """The picture, in as few colours as look the same. Raises RenderError or AssetError rather than draw less."""
    output = io.BytesIO()
    picture = pypdfium2.PdfDocument(io.BytesIO(sheet(facts)))[0].render(scale=96 / 72).to_pil()
    picture.quantize(COLOURS).save(output, "PNG", optimize=True)
    return output.getvalue()


def sheet(facts: CertificateFacts) -> bytes:
    """What is drawn, as PDF. Raises RenderError or AssetError."""
    with strictly():
        fonts, assets = FontConfiguration(), OwnAssets()
        style = CSS(string=coloured("square.css", PRINT[facts.level.id]), url_fetcher=assets, font_config=fonts)
        emblem = emblem_picture(facts.level.id, EMBLEM[facts.level.id])
        document = HTML(string=_page(facts), url_fetcher=assets).render(
            stylesheets=[style], font_config=fonts, cache={"asset:emblem": emblem}
        )
        pdf: bytes = document.write_pdf()
    if len(document.pages) != 1 or {font.family for font in document.fonts.values()} - OUR_FAMILIES:
        raise RenderError("the picture is not one page in our own letters")
    return pdf


def _page(facts: CertificateFacts) -> str:
    company = facts.company
    words = khmer.line_breaks(khmer.printable(company.km)).replace(" ", " \u200b").split("\u200b")
    latin = khmer.printable(company.en).replace(" ", " \u200b").split("\u200b")
    return template("square.html").render(
        facts=facts,
        km=_set(words, (58, 26, KHMER_ROOM), lambda text: ems(text, MOUL)),
        en=_set(latin, (44, 24, LATIN_ROOM), lambda text: khmer.latin_width(text) * LATIN),
        address=printed_address(facts.verify_url),
    )


def _set(words: list[str], sizes: tuple[float, float, float], wide: Callable[[str], float]) -> Line:
    """On one line while that is not much smaller than the largest size, else on two that are most alike."""
    largest, smallest, room = sizes
    whole = "".join(words)
    size = fit(whole, largest, NAME_WIDTH, wide)
    if size >= largest * TWO:
        return Line((whole,), size)
    lines = tuple(line for line in halves(words, wide) if line)
    size = min(fit(line, largest * TWO, NAME_WIDTH, wide) for line in lines)
    if size >= smallest:
        return Line(lines, size)
    steps = (step for step in range(int(smallest), 8, -1) if _height(wide(whole), step) <= room)
    return Line((whole,), next(steps, 8))


def _height(ems: float, size: float) -> float:
    return ceil(ems * size / NAME_WIDTH) * size * LEADING
