"""What a name sounds like, in either script: for readers who heard it and spell it their own way."""

import re

from compliance.domain.search import fold

SHORTEST = 3
"""Consonants: fewer sound like too much."""

_KHMER = {
    **dict.fromkeys("កខគឃ", "k"),
    **dict.fromkeys("ចឆជឈ", "j"),
    **dict.fromkeys("ដឋឌឍតថទធ", "t"),
    **dict.fromkeys("បផពភ", "p"),
    **dict.fromkeys("ងញណន", "n"),
    **dict.fromkeys("សឝឞ", "s"),
    **dict.fromkeys("លឡឭឮ", "l"),
    **dict.fromkeys("រឫឬ", "r"),
    **dict.fromkeys("ម\u17c6", "m"),
    "វ": "w",
    "យ": "y",
    "ហ": "h",
}
_SILENT = re.compile("[\u1780-\u17b3](?:\u17d2[\u1780-\u17b3])*[\u17b7\u17bb]?\u17cd")
"""A letter under the sign that takes its sound away."""
_LETTER_F = "ហ\u17d2វ"
_LATIN = (
    *[("tch", "j"), ("ch", "j"), ("sh", "s"), ("ph", "p"), ("th", "t"), ("kh", "k"), ("gh", "k"), ("ck", "k")],
    *[("qu", "kw"), ("nh", "n"), ("ng", "n"), ("x", "ks")],
)
_SOFT_C = re.compile("c(?=[eiy])")
_ONE_LETTER = str.maketrans("cgqvbdz", "kkkwpts")
_UNHEARD = re.compile("[^a-z]|[aeiou]|(?<!^)[hy]")
_WORDS = re.compile("[a-z\u1780-\u17d3]+")


def sounds(text: str) -> str:
    """Its consonants as one Latin word: voiced and voiceless, both scripts and all vowels alike.

    A sound inside `sounds(name)` need not be a sound of the name's words: compare with `beginnings`.
    """
    return _once("".join(map(_word, _WORDS.findall(fold(text)))))


def beginnings(name: str) -> str:
    """The sounds of a name from each of its words on, each after a space, so that a search finds where words begin."""
    words = [_word(word) for word in _WORDS.findall(fold(name))]
    return "".join(f" {_once(''.join(words[start:]))}" for start in range(len(words)) if words[start])


def _word(word: str) -> str:
    """The consonants of a folded word; h and y only where it begins."""
    khmer = _SILENT.sub("", word).replace(_LETTER_F, "f")
    spoken = "".join(_KHMER.get(mark, mark) for mark in khmer)
    if word.isascii():
        spoken = _SOFT_C.sub("s", word)
        for written, said in _LATIN:
            spoken = spoken.replace(written, said)
    return _UNHEARD.sub("", spoken.translate(_ONE_LETTER))


def _once(consonants: str) -> str:
    return re.sub(r"(.)\1+", r"\1", consonants)
