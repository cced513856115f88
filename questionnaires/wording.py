"""What an edition's files say: sections, questions and their options, in Khmer and English."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from questionnaires.text import Prose, Record, Text, Words

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,59}$")]
"""Small letters, digits and underscores; an id never changes its meaning and is never used again."""

Kind: TypeAlias = Literal["single_choice", "yes_partial_no", "multiple_choice", "number", "date", "url", "text", "file"]
CHOICES: frozenset[Kind] = frozenset({"single_choice", "yes_partial_no", "multiple_choice"})


class Option(Record):
    """One choice of a question; its points stand in the rubric."""

    value: Id
    label: Text
    hint: Text | None = None
    """What the choice means, in a few words under it."""
    exclusive: bool = False
    """May not be chosen together with another option."""
    needs_reviewer_confirmation: bool = False
    counts_as_until_confirmed: Id | None = None
    """The option this one counts as wherever it decides what is asked, until a reviewer has confirmed it."""


EvidenceKind: TypeAlias = Literal["document", "picture", "link"]


class Evidence(Record):
    """What should support an answer; whether points need it stands in the rubric."""

    required: bool = False
    accepts: tuple[EvidenceKind, ...] = Field(default=("document",), min_length=1)
    """A link is an address where anybody may read it."""
    proves: Literal["practice", "in_force"] = "practice"
    """`practice`: that something was done; it is dated and grows old. `in_force`: a rule, a letter, a contract; it
    holds until it ends or is replaced.
    """
    min_files: int = Field(default=0, ge=0, le=20)
    what: Text | None = None
    """What is expected, in a few words."""
    small_business_alternative: Text | None = None
    """The lighter evidence a small firm may give for the same points."""
    prose: Words | None = None


class NotApplicable(Record):
    """A company may say that the question does not apply to it, with a justification a reviewer must accept."""

    when: Text
    """When this is right."""


class Length(Record):
    """How long a text may be, in characters."""

    min: int = Field(default=1, ge=1)
    max: int = Field(default=4000, ge=1, le=20_000)


class NumberRules(Record):
    """Which numbers are answers."""

    min: Decimal | int | None = None
    max: Decimal | int | None = None
    integer: bool = True
    unit: Id
    """A key of the edition's units."""
    empty_means: Literal["no_case"] | None = None
    """What leaving the box empty says; without it an empty box is no answer."""
    at_most: Id | None = None
    """The question whose figure this one may not exceed."""


class DateRules(Record):
    """Which dates are answers."""

    future: bool = False
    """Whether a date after the day of submission is possible."""


class SourceReference(Record):
    """What a question follows: a key of sources.yaml and the place in it."""

    ref: str
    at: str | None = None


class QuestionText(Record):
    """One question as its section file words it."""

    id: Id
    kind: Kind
    title: Text
    """A few words for lists and results."""
    text: Text
    help: Text
    """Why it is asked and how to answer."""
    example: Text | None = None
    """What good looks like: one answer, or one piece of evidence, of an invented company."""
    options: tuple[Option, ...] = ()
    hints: Mapping[Id, Text] = Field(default_factory=dict)
    """What shared options mean here, by option, where it is not what they mean elsewhere."""
    choose_at_least: int | None = Field(default=None, ge=1)
    length: Length | None = None
    number: NumberRules | None = None
    date: DateRules | None = None
    evidence: Evidence = Evidence()
    asks_for_contact: bool = False
    """Whom to call is told in the portal's sealed form, never in this answer."""
    not_applicable: NotApplicable | None = None
    """Absent: the question always applies to those who are asked."""
    themes: tuple[Id, ...] = ()
    itu_key_areas: tuple[int, ...] = ()
    sources: tuple[SourceReference, ...] = ()


class StatisticsRules(Record):
    """The answers of a section are figures for national totals: never scored, never published by company."""

    required_for_levels: tuple[Id, ...]
    required_at_check_in: bool
    prose: Prose = Field(default_factory=dict)


class SectionText(Record):
    """One section as its file words it."""

    id: Id
    title: Text
    intro: Text
    statistics: StatisticsRules | None = None
    questions: tuple[QuestionText, ...] = Field(min_length=1)


class CompanyKind(Record):
    """A kind of company; a company may be several."""

    id: Id
    label: Text
    needs_features_any: tuple[Id, ...]
    """What such a company's users can do: at least one of these must be chosen."""


class Definitions(Record):
    """Words the whole edition leans on."""

    child: Text
    csam: Text


class EditionText(Record):
    """edition.yaml: what the edition is called, for whom it is, and the words its sections share."""

    id: Id
    code: Id
    """The code of conduct this is an edition of."""
    version: Words
    status: Literal["illustrative", "draft", "adopted"]
    title: Text
    marker: Text
    """Shown wherever the text or a result of it is shown."""
    notice: Text
    definitions: Definitions
    sections: tuple[Id, ...] = Field(min_length=1)
    """The section files, in the order they are asked."""
    templates: tuple[Id, ...] = ()
    """The files of documents to adapt, in the order they are offered."""
    features_question: Id
    """The question whose answer says what the company's users can do."""
    company_kinds: tuple[CompanyKind, ...] = Field(min_length=1)
    themes: Mapping[Id, Text]
    itu_key_areas: Mapping[str, Text]
    shared_options: Mapping[Literal["yes_partial_no"], tuple[Option, ...]] = Field(min_length=1)
    """The options of every question of this kind."""
    units: Mapping[Id, Text]
    prose: Prose = Field(default_factory=dict)
