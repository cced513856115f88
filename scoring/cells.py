"""Cells of a table for spreadsheets: a text that would be run as a formula is marked, and a mark is taken off again."""

import re

from scoring.numbers import parse

_MARK = "'"
# What a spreadsheet skips before it looks for a formula: spaces, and characters that nobody sees.
_SKIPPED = r"[\s\0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"
_FORMULA = re.compile(rf"'*{_SKIPPED}[=+\-@|%＝＋－＠｜％\t\r\n]")


def harmless(text: str) -> str:
    """The text behind a quote where a spreadsheet would run it (`=`, `+`, `-`, `@`, `|`, `%`, tab, line end, their
    full-width forms); numbers stay numbers. `unmarked` gives the text back.
    """
    return _MARK + text if _FORMULA.match(text) and not (text[0] == "-" and parse(text) is not None) else text


def unmarked(text: str) -> str:
    """What was put into the cell, without the quote that `harmless` puts before a formula."""
    return text[1:] if text.startswith(_MARK) and _FORMULA.match(text, 1) else text
