"""How a question was put in the cycle before and how it is put now, word by word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from certificates.khmer import words
from compliance.journeys.officer.words import differing_words
from questionnaires import LANGS, Lang, Question, Text

JOINED = " · "


@dataclass(frozen=True)
class Run:
    """Words in a row; `moved`: they are in one of the two wordings alone."""

    text: str
    moved: bool


@dataclass(frozen=True)
class Rewording:
    """One text of a question: `part` names it, `was` and `now` are its two wordings in `lang`."""

    part: str
    lang: Lang
    was: Sequence[Run]
    now: Sequence[Run]


def rewordings(old: Question, new: Question, lang: Lang) -> list[Rewording]:
    """The texts that differ: in the reader's language, and in the other one only where that is all that differs."""
    return [found for key in _PARTS for found in _part(key, _text(old, key), _text(new, key), lang)]


_PARTS = ("text", "title", "help", "evidence", "options")


def _part(key: str, old: Text, new: Text, lang: Lang) -> Iterator[Rewording]:
    for one in sorted(LANGS, key=lambda other: other != lang):
        if old[one] != new[one]:
            yield Rewording(differing_words((key,))[0], one, *word_changes(old[one], new[one]))
            return


def _text(question: Question, key: str) -> Text:
    if key == "options":
        every = [option.label for option in question.options]
        return Text(**{one: JOINED.join(label[one] for label in every) for one in LANGS})
    found = question.evidence.what if key == "evidence" else getattr(question, key)
    return found if isinstance(found, Text) else Text(km="", en="")


def word_changes(old: str, new: str) -> tuple[list[Run], list[Run]]:
    """The old text with what went, the new one with what came; joined again each is what it was."""
    before, after = words(old), words(new)
    was: list[Run] = []
    now: list[Run] = []
    bare = SequenceMatcher(None, [*map(str.strip, before)], [*map(str.strip, after)], autojunk=False)
    for what, start, end, at, until in bare.get_opcodes():
        was += [Run("".join(before[start:end]), what != "equal")] if end > start else []
        now += [Run("".join(after[at:until]), what != "equal")] if until > at else []
    return was, now
