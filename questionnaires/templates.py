"""Documents to adapt, beside the questions that ask for one: pledge, policy, procedure, staff rules, notice, log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import Field, model_validator

from questionnaires.text import Lang, Record, Text
from questionnaires.wording import Id

COMPANY = "{company}"
"""Where the company's name goes; what stands in [brackets] is for the company to write."""


class Table(Record):
    """A table to fill in: its headings, and how many empty rows."""

    columns: tuple[Text, ...] = Field(min_length=1, max_length=10)
    rows: int = Field(ge=1, le=40)


class Part(Record):
    """One part of the document: exactly one of these."""

    heading: Text | None = None
    text: Text | None = None
    list: tuple[Text, ...] = ()
    steps: tuple[Text, ...] = ()
    fill: tuple[Text, ...] = ()
    """Labels, each with a line to write on."""
    table: Table | None = None

    @model_validator(mode="before")
    @classmethod
    def _one(cls, given: Any) -> Any:
        if isinstance(given, dict) and len(given) != 1:
            raise ValueError("one part holds one thing: heading, text, list, steps, fill or table")
        return given


class Template(Record):
    """templates/<id>.yaml: a document that a company adapts, in both languages."""

    id: Id
    questions: tuple[Id, ...] = Field(min_length=1)
    """Beside which questions it is offered."""
    title: Text
    about: Text
    """What it is for, in a sentence."""
    parts: tuple[Part, ...] = Field(min_length=1)

    def worded(self, lang: Lang, company: str) -> list[dict[str, Any]]:
        """The parts in one language, the company's name filled in: one key each."""
        return [_worded(part, lambda text: text[lang].replace(COMPANY, company)) for part in self.parts]


def _worded(part: Part, said: Callable[[Text], str]) -> dict[str, Any]:
    if part.table is not None:
        return {"table": {"columns": [said(column) for column in part.table.columns], "rows": part.table.rows}}
    texts = {"heading": part.heading, "text": part.text}
    lists = {"list": part.list, "steps": part.steps, "fill": part.fill}
    single = {kind: said(text) for kind, text in texts.items() if text is not None}
    return single or {kind: [said(text) for text in several] for kind, several in lists.items() if several}
