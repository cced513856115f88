"""How a text is written in YAML so that it reads back exactly, as people would write it where that is possible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from questionnaires.errors import EditionError
from questionnaires.reading import document
from scoring import RubricError
from scoring.loading.reader import parse_yaml

WIDTH = 118
"""The longest line of a text that is written over several, as far as its words allow."""
BREAKS = "\n\r\x85\u2028\u2029"
"""All that YAML takes for the end of a line."""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_KEPT = re.compile(r"[ !#-\[\]-~\xa0-\u2027\u202a-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\uffef\U00010000-\U0010fffd]")
_ONE_SPACE = re.compile(r"(?<=\S) (?=\S)")
_MEANING = set("?:,[]{}#&*!|>%@`'\"-")
"""What may mean something else within braces, to one reader or another."""
_RESOLVER: Any = yaml.SafeLoader("")
_TEXT = "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a text is written: ``indent`` of its key, within braces or not, and what ends lines there."""

    indent: int
    flow: bool
    newline: str = "\n"
    alone: bool = True
    """Nothing follows on its line."""


def written(text: str, where: Setting) -> str:
    """The text as YAML. Raises ValueError for what no YAML file can hold (half of a pair of surrogates)."""
    for found in _ways(text, where):
        if reads_back(found, text, where):
            return found
    raise ValueError(f"no YAML file can hold this text: {text[:40]!r}")


def _ways(text: str, where: Setting) -> Iterator[str]:
    """From the plainest on; a tab is always written out, since not every reader takes it as it is."""
    quoted = f'"{"".join(map(_escaped, text))}"'
    if "\t" not in text:
        yield from _unescaped(text, where)
    yield quoted


def _unescaped(text: str, where: Setting) -> Iterator[str]:
    one_line = len(text) + where.indent < WIDTH or where.flow or not _ONE_SPACE.search(text)
    if one_line and _plain(text) and not (where.flow and _MEANING & set(text)):
        yield text
    if one_line and "'" not in text and not any(mark in text for mark in BREAKS):
        yield f"'{text}'"
    if where.alone and not where.flow:
        lines = text.split("\n")
        yield _block("|-", lines, where) if len(lines) > 1 else _block(">-", _folded(text, where), where)


def _plain(text: str) -> bool:
    """No other reader of YAML takes it for a number, a day or a truth."""
    return bool(text) and _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) == _TEXT


def _block(sign: str, lines: list[str], where: Setting) -> str:
    start = where.newline + " " * (where.indent + 2)
    return sign + "".join(start + line if line else where.newline for line in lines)


def _folded(text: str, where: Setting) -> list[str]:
    """The words on lines that end only where one space stands between two words."""
    lines: list[str] = []
    for word in _ONE_SPACE.split(text):
        if lines and len(lines[-1]) + 1 + len(word) + where.indent + 2 <= WIDTH:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _escaped(mark: str) -> str:
    if mark in _ESCAPES:
        return _ESCAPES[mark]
    if _KEPT.match(mark):
        return mark
    return f"\\u{ord(mark):04x}" if ord(mark) < 0x10000 else f"\\U{ord(mark):08x}"


def reads_back(found: str, text: str, where: Setting) -> bool:
    """Whether a file that holds this as the text's value holds exactly the text, and the portal takes it for one."""
    start, newline = " " * where.indent, where.newline
    around = f"{start}{{km: {found}, en: x}}" if where.flow else f"{start}km: {found}{newline}{start}en: x{newline}"
    errors: list[EditionError] = []
    try:
        value = document(parse_yaml(around), "", errors).value
    except RubricError:
        return False
    return not errors and bool(value == {"km": text, "en": "x"})
