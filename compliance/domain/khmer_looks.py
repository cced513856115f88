"""Khmer as it looks: whatever a reader cannot tell apart on a page is one text, however it was typed."""

import unicodedata
from re import Match

from compliance.domain.khmer_order import MARK, SYLLABLE, place

_WRITTEN_TODAY = str.maketrans(
    {
        "\u17a3": "\u17a2",
        "\u17a4": "\u17a2\u17b6",
        "\u17a8": "\u17a7\u1780",
        "\u17b2": "\u17b1",
        "\u17b4": None,
        "\u17b5": None,
        "\u17d3": "\u17c6",
        "\u17d8": "\u17d4\u179b\u17d4",
    }
)
"""Letters and marks that Unicode gave up or discourages, and what is written instead."""
_HALVES = (({"\u17c1", "\u17b8"}, "\u17be"), ({"\u17c1", "\u17b6"}, "\u17c4"))
"""Vowels that are typed as the two signs they are drawn with."""
_U, _SHIFTERS = "\u17bb", {"\u17c9", "\u17ca"}
_ABOVE = set("\u17b7\u17b8\u17b9\u17ba\u17be\u17bf\u17c0\u17d0\u17dd")


def as_it_looks(text: str) -> str:
    """The text without marks that draw nothing, in letters of today, each mark of a syllable once and in its order.

    Under a vowel that stands above, both shifters are drawn like the vowel u: there all three are one.
    """
    visible = "".join(mark for mark in text.translate(_WRITTEN_TODAY) if not _is_invisible(mark))
    return SYLLABLE.sub(_syllable, visible)


def _is_invisible(mark: str) -> bool:
    """Joiners, spaces of no width, directions, variation selectors."""
    return unicodedata.category(mark) == "Cf" or "\ufe00" <= mark <= "\ufe0f" or mark == "\u034f"


def _syllable(found: Match[str]) -> str:
    marks = set(MARK.findall(found[2]))
    for halves, whole in _HALVES:
        if halves <= marks:
            marks = (marks - halves) | {whole}
    below = marks & (_SHIFTERS | {_U})
    if below and (marks & _ABOVE or {"\u17b6", "\u17c6"} <= marks):
        marks = (marks - below) | {max(_SHIFTERS)}
    return found[1] + "".join(sorted(marks, key=lambda mark: (place(mark), mark)))
