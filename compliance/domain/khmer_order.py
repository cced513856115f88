"""Khmer marks in the one order that prints well: after their letter, as the syllable is built (SIL's specification).

Two spellings that look alike are then one text; a mark typed too early no longer prints a dotted circle.
"""

import re

SYLLABLE = re.compile("([\u1780-\u17a2\u17a5-\u17b3])((?:\u17d2[\u1780-\u17b3]|[\u17b6-\u17d1\u17dd])+)")
"""A letter, and the marks on it."""
MARK = re.compile("\u17d2[\u1780-\u17b3]|[\u17b6-\u17d1\u17dd]")
_COENG, _COENG_RO = "\u17d2", "\u17d2\u179a"
_PLACES = (
    ("\u17cc", 0),  # robat
    ("\u17c9\u17ca", 3),  # register shifters
    ("\u17be\u17bf\u17c0\u17c1\u17c2\u17c3\u17c4\u17c5", 4),  # vowels with a part before the letter
    ("\u17bb\u17bc\u17bd", 5),  # below
    ("\u17b7\u17b8\u17b9\u17ba", 6),  # above
    ("\u17b6", 7),  # after
    ("\u17c6\u17cb\u17cd\u17ce\u17cf\u17d0\u17d1\u17dd", 8),  # signs above
    ("\u17c7\u17c8", 9),  # signs after
)
_PLACE = {mark: place for marks, place in _PLACES for mark in marks}


def has_khmer(text: str) -> bool:
    """Whether a letter of it is Khmer: then the text counts as written in Khmer."""
    return any("\u1780" <= letter <= "\u17d2" for letter in text)


def place(mark: str) -> int:
    """Subscripts stand between robat and shifters, subscript ro last among them."""
    if mark.startswith(_COENG):
        return 2 if mark == _COENG_RO else 1
    return _PLACE[mark]


def in_syllable_order(text: str) -> str:
    """The same letters and marks, each syllable's marks in order; everything else as it was."""
    return SYLLABLE.sub(lambda found: found[1] + "".join(sorted(MARK.findall(found[2]), key=place)), text)
