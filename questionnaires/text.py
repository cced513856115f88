"""A text in the two languages every edition has."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, StringConstraints
from typing_extensions import TypeAliasType

from scoring.numbers import khmer_digits

Lang: TypeAlias = Literal["km", "en"]
LANGS: tuple[Lang, Lang] = ("km", "en")

Words = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
"""A text that says something."""


class Record(BaseModel):
    """What every part of an edition is: frozen, and refusing keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class Text(Record):
    """The same words in Khmer and in English; both are required. ``text["km"]``, ``text.km``."""

    km: Words
    en: Words

    def __getitem__(self, lang: str) -> str:
        if lang == "km":
            return self.km
        if lang == "en":
            return self.en
        raise KeyError(lang)

    def format(self, **values: Text | str | int | Decimal) -> Text:
        """Both languages with their ``{names}`` filled: a Text gives each its own words, a number its own digits."""
        km = {name: _in_khmer(value) for name, value in values.items()}
        en = {name: value.en if isinstance(value, Text) else str(value) for name, value in values.items()}
        return Text(km=self.km.format(**km), en=self.en.format(**en))


Wording = TypeAliasType("Wording", "Text | Words | bool | int | Decimal | tuple[Wording, ...] | Mapping[str, Wording]")
Prose: TypeAlias = Mapping[str, Wording]
"""Rules in words, as they are grouped in the Code: nothing counts with them, they are only shown."""


def _in_khmer(value: Text | str | int | Decimal) -> str:
    if isinstance(value, Text):
        return value.km
    return value if isinstance(value, str) else khmer_digits(value)
