"""Words in Khmer and English."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring import numbers

LANGUAGES = ("km", "en")
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in both languages; `text["km"]`, `text["en"]`."""

    km: str
    en: str

    def __getitem__(self, lang: str) -> str:
        if lang not in LANGUAGES:
            raise KeyError(lang)
        return self.km if lang == "km" else self.en

    def quoted(self) -> "Text":
        return Text(f"«{self.km}»", f"“{self.en}”")


def same(words: str) -> Text:
    """A name or code that is written alike in both languages."""
    return Text(words, words)


def number(value: Fraction, *beside: Fraction, places: int = 2) -> Text:
    """A number for people, on the right side of every number it is shown beside; Khmer digits in Khmer."""
    return digits(numbers.display(value, places, beside))


def limit(value: Fraction) -> Text:
    """A number that others are compared with: exact, whatever digits it takes."""
    return digits(numbers.exact(value))


def digits(shown: str) -> Text:
    return Text(numbers.khmer_digits(shown), shown)


def length(words: str) -> int:
    """How many signs a reader counts: marks above, below or beside a letter belong to it; spaces count once."""
    return sum(unicodedata.category(sign)[0] not in "MC" for sign in " ".join(words.split()))


def join(parts: list[Text], km: str, en: str) -> Text:
    """Several texts as one, with the joining word of each language."""
    return Text(km.join(part.km for part in parts), en.join(part.en for part in parts))


def listed(parts: Sequence[Text], km: str = "និង", en: str = "and") -> Text:
    """A, B and C."""
    if len(parts) < 2:
        return join(list(parts), "", "")
    first = join(list(parts[:-1]), ", ", ", ")
    return Text(f"{first.km} {km} {parts[-1].km}", f"{first.en} {en} {parts[-1].en}")


def any_listed(parts: Sequence[Text]) -> Text:
    """A, B or C."""
    return listed(parts, "ឬ", "or")


def fill(sentence: Text, **words: Text) -> Text:
    """The sentence with its {placeholders} replaced; braces inside a word stay what they are."""
    pieces = {lang: {key: text[lang] for key, text in words.items()} for lang in LANGUAGES}
    return Text(
        _PLACE.sub(lambda at: pieces["km"][at[1]], sentence.km), _PLACE.sub(lambda at: pieces["en"][at[1]], sentence.en)
    )
