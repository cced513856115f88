"""Khmer and English for print: line breaks, dates, what our fonts can draw, and how wide a name will be."""

import datetime as dt
import re
import unicodedata
from itertools import pairwise

from icu import BreakIterator, Locale

_KHMER = re.compile("[\u1780-\u17ff\u19e0-\u19ff]+")
_PIECE = re.compile(rf"{_KHMER.pattern}|(?:(?!{_KHMER.pattern})\w)+\s*|[^\w\s]\s*|\s+")
_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
_MONTHS_KM = ["មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា", "កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ"]
_MONTHS_EN = [
    *["January", "February", "March", "April", "May", "June"],
    *["July", "August", "September", "October", "November", "December"],
]

# Everything else would be drawn with whatever font the machine has, or not at all.
_UNPRINTABLE = re.compile(
    "[^ -~\u00a0-\u017f\u0218-\u021b\u1e00-\u1e9f\u2013\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026\u2039\u203a"
    "\u20ac\u2122\u2212\u1780-\u17a2\u17a5-\u17b3\u17b6-\u17d3\u17d4-\u17dd\u17e0-\u17e9]"
)


def line_breaks(text: str) -> str:
    """Zero width spaces where a Khmer line may end: the layout engine knows no Khmer words."""
    return _KHMER.sub(lambda run: "\u200b".join(_words(run[0])), text)


def _words(run: str) -> list[str]:
    breaks = BreakIterator.createLineInstance(Locale("km"))
    breaks.setText(run)
    ends = [0, *breaks]
    return [run[start:end] for start, end in pairwise(ends)]


def words(text: str) -> list[str]:
    """The words and marks of a text, each with the spaces after it; joined again they are the text."""
    found: list[str] = []
    for piece in _PIECE.findall(text):
        found += _words(piece) if _KHMER.match(piece) else [piece]
    return found


def printable(text: str) -> str:
    """The text with ? for every character no font of the certificate has."""
    return _UNPRINTABLE.sub("?", text)


def khmer_digits(value: object) -> str:
    return str(value).translate(_DIGITS)


def khmer_date(day: dt.date) -> str:
    return f"ថ្ងៃទី{khmer_digits(day.day)} ខែ{_MONTHS_KM[day.month - 1]} ឆ្នាំ{khmer_digits(day.year)}"


def english_date(day: dt.date) -> str:
    return f"{day.day}\u00a0{_MONTHS_EN[day.month - 1]}\u00a0{day.year}"


def latin_width(text: str) -> float:
    """Letters, capitals counted as the wider ones they are."""
    return len(text) + 0.6 * sum(character.isupper() for character in text)


def width(text: str) -> int:
    """Letters that take room: neither marks above and below, nor what is written under its consonant."""
    bare = re.sub("\u17d2.", "", text)
    return sum(unicodedata.category(character) != "Mn" for character in bare)
