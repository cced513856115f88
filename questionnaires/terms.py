"""What surrounds the questions: the levels in words, evidence, deadlines, the certificate and the register."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from questionnaires.text import Record, Text, Words
from questionnaires.wording import Id

Days = Annotated[int, Field(ge=0, le=3650)]
Months = Annotated[int, Field(ge=1, le=240)]


class Level(Record):
    """A grade of the award in words; its thresholds and gates stand in the rubric."""

    id: Id
    title: Text
    public_name: Text
    meaning: Text
    champion: bool = False
    extra: tuple[Id, ...]
    """What is needed besides points: keys of extra_conditions."""
    validity_months: Months
    max_consecutive_terms: int | None = Field(default=None, ge=1)


class Certificate(Record):
    """What the certificate shows."""

    number_format: Words
    fields: tuple[Words, ...]
    languages: tuple[Literal["km"], Literal["en"]]
    marker_while_illustrative: Text


class NationalStatistics(Record):
    """When national totals may be shown."""

    published: bool
    min_companies_per_cell: int = Field(ge=1)
    only_verified_or_submitted: Literal["submitted", "verified"]


class Register(Record):
    """What the public register shows, and never shows."""

    shows: tuple[Words, ...]
    never_shows: tuple[Words, ...]
    history_months: Months
    national_statistics: NationalStatistics
    note: Text


class Award(Record):
    """award.yaml."""

    levels: tuple[Level, ...] = Field(min_length=1)
    """Lowest first."""
    extra_conditions: Mapping[Id, Text]
    certificate: Certificate
    register_: Register = Field(alias="register")


class SmallBusiness(Record):
    """Who may use the lighter evidence."""

    workers_below: int = Field(ge=1)
    one_place_kinds: tuple[Id, ...]
    """Kinds that count as small with a single place, whatever their size."""
    text: Text


class EvidenceRules(Record):
    """evidence.yaml: what may be given, who sees it, how long it counts."""

    warning: Text
    accepted_types: tuple[Words, ...]
    max_file_mb: int = Field(ge=1, le=100)
    max_files_per_question: int = Field(ge=1, le=50)
    visible_to: tuple[Words, ...]
    never_public: bool
    max_age_months: Months
    max_age_applies_to: Words
    small_business: SmallBusiness
    on_suspected_illegal_upload: Words


class NotApplicableRules(Record):
    """How a company says that a question does not apply to it."""

    justification_min_length: int = Field(ge=1)
    needs_reviewer_acceptance: bool
    if_refused: Words
    never_for: Words
    flag_when_section_share_over: Decimal
    note: Words


class ConsistencyCheck(Record):
    """Two answers that must fit each other, or a fact and an answer."""

    id: Id
    severity: Literal["error", "warning", "info"]
    rule: Words
    message: Text
    """What the officer reads when it strikes; {names} in braces are filled."""
    about: Id | None = None
    """The question the message stands beside; absent when the check finds it itself."""
    strikes_when: tuple[Mapping[str, Any], ...] = ()
    """Conditions in the rubric's language; absent for the checks an edition gets from its structure."""


class Rules(Record):
    """rules.yaml: the sentences behind the rubric, and the checks that compare answers."""

    applicability: Words
    partly: Text
    comments: Words
    recompute_on_change: Words
    points: Mapping[str, Words]
    formula: Mapping[str, Words]
    two_scores: Mapping[str, Words]
    evidence_gates: Mapping[str, Words]
    not_applicable: NotApplicableRules
    essential: Words
    level_gates: Words
    level_choice: Words
    reviewer_outcomes: tuple[Id, ...]
    explain: Words
    consistency_checks: tuple[ConsistencyCheck, ...]


class Source(Record):
    """Where the subject of a question comes from."""

    title: Words
    url: str | None = None
    note: str | None = None


class Sources(Record):
    """sources.yaml."""

    sources: Mapping[str, Source]
