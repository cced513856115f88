"""What surrounds the questions: the levels in words, evidence, the register, the checks; `prose` is only shown."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from questionnaires.text import Prose, Record, Text, Words
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


class NationalStatistics(Record):
    """When national totals may be shown."""

    min_companies_per_cell: int = Field(ge=1)


class Register(Record):
    """How long the public register shows an award that has ended, and what it says of all."""

    history_months: Months
    national_statistics: NationalStatistics
    note: Text


class Award(Record):
    """award.yaml."""

    levels: tuple[Level, ...] = Field(min_length=1)
    """Lowest first."""
    extra_conditions: Mapping[Id, Text]
    register_: Register = Field(alias="register")
    prose: Prose = Field(default_factory=dict)


class SmallBusiness(Record):
    """Who may use the lighter evidence."""

    workers_below: int = Field(ge=1)
    one_place_kinds: tuple[Id, ...]
    """Kinds that count as small with a single place, whatever their size."""
    text: Text


class EvidenceRules(Record):
    """evidence.yaml: how much may be given, how long it counts, who may give less."""

    max_file_mb: int = Field(ge=1, le=100)
    max_files_per_question: int = Field(ge=1, le=50)
    max_age_months: Months
    small_business: SmallBusiness
    prose: Prose = Field(default_factory=dict)


class NotApplicableRules(Record):
    """How a company says that a question does not apply to it."""

    justification_min_length: int = Field(ge=1)
    """In characters."""
    flag_when_section_share_over: Decimal
    """Of the scored questions asked in one section, from 0 to 1."""


class ConsistencyCheck(Record):
    """Two answers that must fit each other, or a fact and an answer."""

    id: Id
    severity: Literal["error", "warning", "info"]
    prose: Words
    """The rule in words."""
    message: Text
    """What the officer reads when it strikes; {names} in braces are filled."""
    about: Id | None = None
    """The question the message stands beside; absent when the check finds it itself."""
    strikes_when: tuple[Mapping[str, Any], ...] = ()
    """Conditions in the rubric's language; absent for the checks an edition gets from its structure."""


class RiskSign(Record):
    """One sign that an assessment wants a closer look: a condition on its answers, or what the portal has seen."""

    id: Id
    weight: int = Field(ge=1, le=9)
    text: Text
    """The sign in words, as the reviewer reads it."""
    when: tuple[Mapping[str, Any], ...] = ()
    """Conditions in the rubric's language; one that holds is enough."""
    seen: (
        Literal[
            "first_champion",
            "claimed_above_verified",
            "incident_declared",
            "suspended_before",
            "spot_check_to_mend",
            "concern_open",
        ]
        | None
    ) = None
    over: int = Field(default=0, ge=0)
    """`claimed_above_verified`: last time more points were claimed than verified, by more than so many."""


class Risk(Record):
    """Which assessments stand out in the queue: those whose signs weigh `high_from` or more."""

    high_from: int = Field(default=1, ge=1)
    signs: tuple[RiskSign, ...] = ()


class Rules(Record):
    """rules.yaml: the checks that compare answers, and the sentences behind the rubric."""

    not_applicable: NotApplicableRules
    consistency_checks: tuple[ConsistencyCheck, ...]
    risk: Risk = Risk()
    prose: Prose = Field(default_factory=dict)


class Source(Record):
    """Where the subject of a question comes from."""

    title: Words
    url: str | None = None
    note: str | None = None


class Sources(Record):
    """sources.yaml."""

    sources: Mapping[str, Source]
