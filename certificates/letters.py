"""Invisible glyphs, blanks, in a drawn line that keep its letters in their places when MuPDF reads it.

A line's /ActualText says its letters; MuPDF hands them out one by one to the glyphs in the order they are drawn. In
Khmer that is another order and another number. A combining mark that comes to a glyph with a width leaves a gap, which
becomes a false space or line; a letter that comes to the place of an equal one is taken for bold and lost; letters
without a glyph fall on one place. A blank that is drawn without moving the pen takes such a letter instead. Readers
that take /ActualText as it stands see no difference, and nothing is seen on the page.
"""

import unicodedata
from dataclasses import dataclass
from itertools import pairwise

WIDE = 0.06
"""Ems: a narrower glyph leaves no gap."""
BOLD = 0.11
"""Ems: equal letters nearer to each other are one to MuPDF."""
ASIDE = 0.12
"""Ems: how far a blank stands before the place of an equal letter."""
MOST = 8
"""Blanks before one glyph."""


Aside = tuple[float, str]
"""A blank: how many ems before the pen it stands, and the letter that it takes."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """What the font says of a glyph: its number, the text it stands for, its width in ems."""

    code: int
    text: str
    width: float


@dataclass(frozen=True, slots=True)
class _Pen:
    """MuPDF's: where it expects the next letter, and the last one with its place; ems from the line's start."""

    at: float = 0.0
    letter: str = ""
    place: float = 0.0

    def take(self, letter: str, x: float, width: float) -> "_Pen":
        """A combining mark, and a letter without a glyph (negative width), ride on the pen."""
        rides = width < 0 or unicodedata.category(letter) == "Mn"
        return _Pen(self.at, letter, self.at) if rides else _Pen(x + width, letter, x)

    def swallows(self, after: "_Pen") -> bool:
        return after.letter == self.letter and abs(after.place - self.place) < BOLD


class Letters:
    """The letters of one line while its glyphs are drawn."""

    def __init__(self, text: str) -> None:
        self._text, self._next, self._x = text, 0, 0.0
        self._pen = _Pen()

    def first(self, blank: float) -> list[Aside]:
        """Before all glyphs: a blank (so many ems wide) for the first letter, so that no glyph says it already."""
        return [self._give(blank, blank)]

    def move(self, ems: float) -> None:
        """The pen goes on by so much."""
        self._x += ems

    def before(self, glyph: Glyph, blank: float) -> list[Aside]:
        """The blanks to draw before a glyph."""
        asides: list[Aside] = []
        while len(asides) < MOST:
            if glyph.width > WIDE and self.left() and unicodedata.category(self._text[self._next]) == "Mn":
                asides.append(self._give(0, blank))
            elif self._loses_one(glyph):
                asides.append(self._give(ASIDE, blank))
            else:
                break
        return asides

    def draw(self, glyph: Glyph) -> str:
        """The letters that the glyph takes: as many as it stands for, fewer or none at the end."""
        taken = self._text[self._next : self._next + len(glyph.text)]
        self._pen = self._pens(glyph)[-1]
        self._next += len(glyph.text)
        self._x += glyph.width
        return taken

    def left(self) -> str:
        """The letters that nothing took."""
        return self._text[self._next :]

    def _give(self, aside: float, blank: float) -> Aside:
        letter = self._text[self._next]
        self._pen = self._pen.take(letter, self._x - aside, blank)
        self._next += 1
        return aside, letter

    def _pens(self, glyph: Glyph) -> list[_Pen]:
        """MuPDF's pen before the glyph, and after each letter that the glyph takes."""
        pens = [self._pen]
        for place, letter in enumerate(self._text[self._next : self._next + len(glyph.text)]):
            pens.append(pens[-1].take(letter, self._x, -1 if place else glyph.width))
        return pens

    def _loses_one(self, glyph: Glyph) -> bool:
        return any(one.swallows(other) for one, other in pairwise(self._pens(glyph)))
