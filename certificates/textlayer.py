"""Makes text come back out of the PDF as it was written.

In Khmer one glyph serves many clusters and vowels are drawn before their consonant, so a map from glyphs to
letters cannot be right. Every drawn line of Khmer therefore carries its text (/ActualText), on the page and in the
structure, and so does letter-spaced text, which is read with spaces else. For readers of neither, each thing drawn in
such a line has a code of its own that says the letter whose turn it is: glyph after glyph they say the line. Elsewhere
the map gives each glyph what the font itself says it stands for. All hook into WeasyPrint's drawing, which has no
setting for it; the version is pinned and the tests read every text back.
"""

import io
import re
import struct
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Any

import pydyf
import weasyprint.pdf
from fontTools.ttLib import TTFont
from weasyprint.draw import text as drawn

from certificates.letters import Aside, Glyph, Letters

_draw_first_line = drawn.draw_first_line
_build_fonts_dictionary = weasyprint.pdf.build_fonts_dictionary
_MISSING = Glyph(0, "\ufffd", 0)
"""A letter that the font lacks: the library draws it under a number of its own."""
UNKNOWN, NOTHING = "\ufffd", "\u200b"
_KA, _NO_BREAK = 0x1780, 0xA0
_OWN_CODES = 0x2000
"""From here on a font's codes are ours: more than it has glyphs, even with those that the library makes up."""
_KHMER = re.compile("[\u1780-\u17ff]")
_PIECES = re.compile("<([0-9a-f]*)>|([^<>]+)")
_MARKS = re.compile(rb"/MCID (\d+)|/ActualText <feff([0-9a-f]+)>")


def install() -> None:
    """Hook in; again is harmless."""
    drawn.draw_first_line = _with_actual_text
    weasyprint.pdf.build_fonts_dictionary = _with_honest_glyphs


def into_structure(made: Any, stream: Any) -> None:
    """Lines of a page's content give their text to their structure elements too, for readers of the structure."""
    texts, mark = {}, -1
    for number, text in _MARKS.findall(b"\n".join(map(_data, stream.stream))):
        if number:
            mark = int(number)
        else:
            texts[mark] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for thing in made.objects:
        if isinstance(thing, dict) and thing.get("Type") == "/StructElem" and thing["K"] and thing["K"][0] in texts:
            thing["ActualText"] = pydyf.String(texts[thing["K"][0]])


def khmer_fonts(box: Any) -> set[str]:
    """The fonts in which Khmer was drawn within a box."""
    return set().union(*(getattr(inner, "khmer_fonts", ()) for inner in box.descendants()))


def _data(part: Any) -> bytes:
    return part if isinstance(part, bytes) else bytes(part.data) if hasattr(part, "data") else str(part).encode()


def _with_actual_text(stream: Any, textbox: Any, *rest: Any) -> Any:
    text = textbox.text.replace(NOTHING, "")
    if not _KHMER.search(text):
        spaced = textbox.style["letter_spacing"] not in {"normal", 0} and text.strip()
        draw = partial(_draw_first_line, stream, textbox, *rest)
        return _said(stream, text, draw) if spaced else draw()
    return _said(stream, text, lambda: _with_blanks(stream, text, textbox, *rest))


def _said(stream: Any, text: str, draw: Callable[[], Any]) -> Any:
    stream.begin_marked_content("Span", pydyf.Dictionary({"ActualText": pydyf.String(text)}))
    try:
        return draw()
    finally:
        stream.end_marked_content()


def _with_blanks(stream: Any, text: str, textbox: Any, *rest: Any) -> Any:
    line = _Line(stream, text)
    stream.show_text, stream.add_font, stream.set_font_size = line.show, line.add_font, line.set_font_size
    try:
        return _draw_first_line(stream, textbox, *rest)
    finally:
        del stream.show_text, stream.add_font, stream.set_font_size
        line.finish()
        textbox.khmer_fonts = line.khmer_fonts


class _Line:
    """Stands between the library, which draws a line's glyphs, and the page's content stream."""

    def __init__(self, stream: Any, text: str) -> None:
        self._show, self._add_font, self._set_font_size = stream.show_text, stream.add_font, stream.set_font_size
        self._letters = Letters(text)
        self._begun = False
        self._fonts: dict[str, Any] = {}
        self._font: Any = None
        self._size = 0.0
        self.khmer_fonts: set[str] = set()
        """That drew something: family, cut and size."""

    def add_font(self, pango_font: Any) -> tuple[Any, float]:
        """The library asks for the next run's font before it shows the last run's glyphs."""
        font, size = self._add_font(pango_font)
        self._fonts[font.hash] = font
        return font, size

    def set_font_size(self, name: str, size: float) -> None:
        self._font, self._size = self._fonts[name], size
        self._set_font_size(name, size)

    def show(self, pieces: str) -> None:
        """Glyphs (`<0a1b…>`, four digits each) and moves (thousandths of an em to the left) of a TJ operator."""
        known, blank = _glyphs(self._font.file_content, self._font.index), self._blank()
        if blank is None:
            self._show(pieces)
            return
        if blank.text == NOTHING:
            self.khmer_fonts.add(f"{self._font.name.decode().partition('+')[2]} {self._size:g}")
        drawn = "" if self._begun else self._blanks(self._letters.first(blank.width), blank)
        self._begun = True
        for codes, move in _PIECES.findall(pieces):
            if move.strip():
                self._letters.move(-float(move) / 1000)
                drawn += move
            for code in (int(codes[at : at + 4], 16) for at in range(0, len(codes), 4)):
                glyph = known.get(code, _MISSING)
                drawn += self._blanks(self._letters.before(glyph, blank.width), blank)
                drawn += self._glyph(code, self._letters.draw(glyph), glyph.width)
        self._show(drawn)

    def finish(self) -> None:
        """Blanks for the letters that no glyph took, and one more, so that the last glyph says no letter."""
        if self._begun and (blank := self._blank()):
            rest = [*self._letters.left(), ""]
            self._show("".join(self._glyph(blank.code, letter, blank.width) for letter in rest))

    def _blank(self) -> Glyph | None:
        blank = _blank(self._font.file_content, self._font.index)
        if blank is None:
            return None
        self._font.to_unicode.setdefault(blank.code, blank.text)
        self._font.widths.setdefault(blank.code, round(blank.width * 1000))
        return blank

    def _blanks(self, asides: list[Aside], blank: Glyph) -> str:
        """Each drawn so many ems before the pen, which is then where it was."""
        return "".join(
            f" {round(ems * 1000)}{self._glyph(blank.code, letter, blank.width)}{round((blank.width - ems) * 1000)} "
            for ems, letter in asides
        )

    def _glyph(self, code: int, letters: str, width: float) -> str:
        """The glyph under the code that says these letters; one that took none, at the line's end, says a space."""
        said, own = letters or " ", _own_codes(self._font)
        if (code, said) not in own:
            new = own[code, said] = _OWN_CODES + len(own)
            self._font.to_unicode[new] = said
            self._font.widths[new] = self._font.widths.get(code, round(width * 1000))
        return f"<{own[code, said]:04x}>"


def _own_codes(font: Any) -> dict[tuple[int, str], int]:
    """By a glyph and what it says; they live as long as the document's font does."""
    codes: dict[tuple[int, str], int] = font.__dict__.setdefault("own_codes", {})
    return codes


def _with_honest_glyphs(pdf: Any, fonts: Any, *rest: Any) -> Any:
    for font in fonts.values():
        if not font.bitmap and font.to_unicode:
            known = _glyphs(font.file_content, font.index)
            for code, guessed in font.to_unicode.items():
                said = known[code].text if code in known else UNKNOWN
                font.to_unicode[code] = guessed or UNKNOWN if said == UNKNOWN else said
    references = _build_fonts_dictionary(pdf, fonts, *rest)
    for font in fonts.values():
        if own := _own_codes(font):
            glyphs = {code: code for code in font.to_unicode} | {code: glyph for (glyph, _said), code in own.items()}
            _draw_codes(pdf, references[font.hash], glyphs, compress=rest[0])
    return references


def _draw_codes(pdf: Any, font: str, glyph_of: dict[int, int], compress: bool) -> None:
    """Each code is drawn with its glyph."""
    glyphs = [glyph_of.get(code, 0) for code in range(max(glyph_of) + 1)]
    numbers = pydyf.Stream([struct.pack(f">{len(glyphs)}H", *glyphs)], compress=compress)
    pdf.add_object(numbers)
    below = _object(pdf, font)["DescendantFonts"][0]
    _object(pdf, below)["CIDToGIDMap"] = numbers.reference


def _object(pdf: Any, reference: Any) -> Any:
    return pdf.objects[int(reference.split()[0])]


@lru_cache(maxsize=16)
def _glyphs(data: bytes, index: int) -> dict[int, Glyph]:
    """All glyphs; their texts come from the character map, or by what substitution can reach from it."""
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
    characters = font.getBestCmap() or {}
    if _KA in characters and _NO_BREAK in characters:
        text[characters[_NO_BREAK]] = NOTHING
    em, widths, names = font["head"].unitsPerEm, font["hmtx"], font.getGlyphOrder()
    return {code: Glyph(code, text.get(name, UNKNOWN), widths[name][0] / em) for code, name in enumerate(names)}


@lru_cache(maxsize=16)
def _blank(data: bytes, index: int) -> Glyph | None:
    """A glyph that draws nothing: in Khmer fonts the no-break space, which there stands for nothing else."""
    font = TTFont(io.BytesIO(data), fontNumber=index, lazy=True)
    characters = font.getBestCmap() or {}
    name = characters.get(_NO_BREAK if _KA in characters else ord(" "))
    return _glyphs(data, index)[font.getGlyphID(name)] if name else None


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
