"""Cuts the letters of the badge out of the page's Khmer font: a picture on somebody's page cannot fetch a font.

`python -m translations.badge_font` writes the file again; needed when a level or a standing gets other words.
"""

import re
from datetime import date
from pathlib import Path

from babel.messages.pofile import read_po
from fontTools import subset
from fontTools.ttLib import TTFont

from compliance.journeys.language import show_date
from questionnaires import edition, editions
from translations.catalogues import OURS, ROOT

SOURCE = ROOT / "static" / "fonts" / "kantumruy-pro-khmer-600-normal.woff2"
TARGET = ROOT / "static" / "fonts" / "badge-khmer-600.woff2"
STANDINGS = ROOT / "templates" / "components" / "standing.html"


def letters() -> set[str]:
    """Every Khmer letter and digit a badge may show: levels, standings, dates."""
    with OURS.open("rb") as file:
        catalogue = read_po(file)
    said = re.findall(r'_\("([^"]+)"\)', STANDINGS.read_text())
    standings = [str(catalogue[message].string) for message in said]
    levels = [level.title.km for name in editions() for level in edition(name).levels]
    dates = [show_date(date(2000 + year, month, 28), "km") for month in range(1, 13) for year in (13, 45, 67, 89)]
    return set("".join((*standings, *levels, *dates)))


def covered(path: Path = TARGET) -> set[str]:
    """The characters a font file can show."""
    return {chr(code) for code in TTFont(path).getBestCmap()}


def cut() -> None:
    """Writes the smaller font with all its shaping rules."""
    options = subset.Options(flavor="woff2", layout_features=["*"])
    font = TTFont(SOURCE)
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(letters())))
    cutter.subset(font)
    font.flavor = "woff2"
    font.save(TARGET)


if __name__ == "__main__":
    cut()
