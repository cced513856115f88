"""Makes text come back out of the PDF as it was written.

In Khmer one glyph serves many clusters and vowels are drawn before their consonant, so a map from glyphs to
letters cannot be right. Every drawn line therefore carries its text (/ActualText), and the map, for
viewers that read nothing else, gives each glyph what the font itself says it stands for. Both hook into
WeasyPrint's drawing, which has no setting for it; the version is pinned and the tests read every text back.
"""

import io
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import pydyf
import weasyprint.pdf
from fontTools.ttLib import TTFont
from weasyprint.draw import text as drawn

_draw_first_line = drawn.draw_first_line
_build_fonts_dictionary = weasyprint.pdf.build_fonts_dictionary


def install() -> None:
    """Hook in; again is harmless."""
    drawn.draw_first_line = _with_actual_text
    weasyprint.pdf.build_fonts_dictionary = _with_honest_glyphs


def _with_actual_text(stream: Any, textbox: Any, *rest: Any) -> Any:
    text = textbox.text.replace("\u200b", "")
    if not text.strip():
        return _draw_first_line(stream, textbox, *rest)
    # MuPDF repeats letters when the last one drawn is also the last one said: end on a space that is never drawn.
    said = text.rstrip() + ("\u00a0" if text[-1].isspace() else " ")
    stream.begin_marked_content("Span", pydyf.Dictionary({"ActualText": pydyf.String(said)}))
    try:
        return _draw_first_line(stream, textbox, *rest)
    finally:
        stream.end_marked_content()


def _with_honest_glyphs(pdf: Any, fonts: Any, *rest: Any) -> Any:
    for font in fonts.values():
        if not font.bitmap and font.to_unicode:
            meaning = _glyph_texts(font.file_content, font.index)
            for glyph, guessed in font.to_unicode.items():
                font.to_unicode[glyph] = meaning.get(glyph) or guessed or "\ufffd"
    return _build_fonts_dictionary(pdf, fonts, *rest)


@lru_cache(maxsize=16)
def _glyph_texts(data: bytes, index: int) -> dict[int, str]:
    """What each glyph stands for: the font's character map, then everything substitution can reach from it."""
    font = TTFont(io.BytesIO(data), fontNumber=index, lazy=True)
    text: dict[str, str] = {}
    for code, name in sorted((font.getBestCmap() or {}).items()):
        text.setdefault(name, chr(code))
    steps = list(_substitutions(font))
    known = -1
    while known != len(text):
        known = len(text)
        for sources, target in steps:
            if target not in text and all(source in text for source in sources):
                text[target] = "".join(text[source] for source in sources)
    return {font.getGlyphID(name): meaning for name, meaning in text.items()}


def _substitutions(font: Any) -> Iterable[tuple[tuple[str, ...], str]]:
    """(glyphs, the glyph they become) of every GSUB lookup that replaces: single, multiple, alternate, ligature."""
    if "GSUB" not in font or not font["GSUB"].table.LookupList:
        return
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for outer in lookup.SubTable:
            table = getattr(outer, "ExtSubTable", outer)
            if table.LookupType == 1:
                yield from (((source,), target) for source, target in table.mapping.items())
            elif table.LookupType == 2:
                yield from (((source,), targets[0]) for source, targets in table.mapping.items() if targets)
            elif table.LookupType == 3:
                yield from (((source,), target) for source, targets in table.alternates.items() for target in targets)
            elif table.LookupType == 4:
                for first, ligatures in table.ligatures.items():
                    yield from (((first, *each.Component), each.LigGlyph) for each in ligatures)
