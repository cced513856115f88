"""A loaded edition: its words joined with its rubric. Everything is frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Protocol, TypeVar

from pydantic_core import CoreSchema, core_schema

from questionnaires.lifecycle import Lifecycle
from questionnaires.templates import Template
from questionnaires.terms import Award, EvidenceRules, Level, Register, Rules, Source
from questionnaires.text import Text
from questionnaires.wording import CompanyKind, EditionText, Option, QuestionText, StatisticsRules
from scoring import Rubric
from scoring.condition import Condition, say


class _AsIs:
    """Lets pydantic carry a value of the scoring library without looking into it."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.any_schema()


class _Named(Protocol):
    @property
    def id(self) -> str: ...


Thing = TypeVar("Thing", bound=_Named)


def _named(things: Iterable[Thing], name: str) -> Thing:
    for thing in things:
        if thing.id == name:
            return thing
    raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Rule:
    """What the rubric says of a scored question."""

    points: Mapping[str, Fraction]
    """By option; empty where points do not come from options."""
    attainable: Fraction
    weight: Fraction
    """Within its section."""
    essential: bool
    """Some company asked this has no award without it."""
    points_without_evidence: Fraction | None
    """The most an answer earns until evidence is accepted; None: evidence changes nothing."""


class Question(QuestionText):
    """One question with its place and its rule."""

    section: str
    rule: Annotated[Rule | None, _AsIs()] = None
    asked_when: Annotated[Condition | None, _AsIs()] = None
    """None: everybody is asked."""

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def scored(self) -> bool:
        return self.rule is not None

    @property
    def essential(self) -> bool:
        return self.rule is not None and self.rule.essential

    @property
    def why(self) -> Text:
        """Why it is asked."""
        return self.help

    @property
    def good(self) -> tuple[Option, ...]:
        """What good looks like: the options that earn most; of several to choose, each that earns something."""
        if self.rule is None or not self.rule.points:
            return ()
        earned = self.rule.points
        if self.kind == "multiple_choice":
            return tuple(option for option in self.options if earned[option.value] > 0)
        return tuple(option for option in self.options if earned[option.value] == max(earned.values()))

    @property
    def asked_if(self) -> Text | None:
        """The condition that makes it asked, in words; None when everybody is asked."""
        if self.asked_when is None:
            return None
        return Text(km=say(self.asked_when, "km"), en=say(self.asked_when, "en"))

    def option(self, value: str) -> Option:
        """The option with this value; KeyError when there is none."""
        for option in self.options:
            if option.value == value:
                return option
        raise KeyError(value)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the questionnaire; ``weight`` is its share of the whole, None when it earns no points."""

    id: str
    title: Text
    intro: Text
    questions: tuple[Question, ...]
    weight: Fraction | None
    statistics: StatisticsRules | None

    @property
    def scored(self) -> bool:
        return self.weight is not None


@dataclass(frozen=True)
class Edition:
    """One version of questionnaire and rubric; published ones never change."""

    id: str
    texts: EditionText
    sections: tuple[Section, ...]
    rules: Rules
    evidence: EvidenceRules
    award: Award
    lifecycle: Lifecycle
    sources: Mapping[str, Source]
    templates: tuple[Template, ...]
    rubric: Rubric
    checks: tuple[tuple[str, tuple[Condition, ...]], ...]
    """The consistency checks that strike by a condition: id and conditions."""
    risk_when: tuple[tuple[str, tuple[Condition, ...]], ...]
    """The signs of risk that answers show: id and conditions."""
    sha256: str
    """Of the files, names and bytes: the same words and rules, the same hash."""
    _by_id: Mapping[str, Question] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = {question.id: question for section in self.sections for question in section.questions}
        object.__setattr__(self, "_by_id", found)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in the order they are asked."""
        return tuple(self._by_id.values())

    def question(self, question_id: str) -> Question:
        """KeyError when the edition has no such question."""
        return self._by_id[question_id]

    def section(self, section_id: str) -> Section:
        """KeyError when the edition has no such section."""
        return _named(self.sections, section_id)

    def level(self, level_id: str) -> Level:
        """KeyError when the edition has no such level."""
        return _named(self.levels, level_id)

    def kind(self, kind_id: str) -> CompanyKind:
        """KeyError when the edition knows no such kind of company."""
        return _named(self.kinds, kind_id)

    def template(self, template_id: str) -> Template:
        """KeyError when the edition offers no such document."""
        return _named(self.templates, template_id)

    def templates_for(self, question_id: str) -> tuple[Template, ...]:
        """The documents to adapt that are offered beside a question."""
        return tuple(template for template in self.templates if question_id in template.questions)

    @property
    def title(self) -> Text:
        return self.texts.title

    @property
    def version(self) -> str:
        return self.texts.version

    @property
    def illustrative(self) -> bool:
        """Not adopted by MPTC: the marker must be shown with every text and result."""
        return self.texts.status == "illustrative"

    @property
    def marker(self) -> Text:
        return self.texts.marker

    @property
    def kinds(self) -> tuple[CompanyKind, ...]:
        return self.texts.company_kinds

    @property
    def levels(self) -> tuple[Level, ...]:
        """Lowest first; their thresholds and gates are ``rubric.levels["award"]``."""
        return self.award.levels

    @property
    def extra_conditions(self) -> Mapping[str, Text]:
        return self.award.extra_conditions

    @property
    def register(self) -> Register:
        return self.award.register_

    @property
    def declaration(self) -> Text:
        """What the signatory attests."""
        return self.lifecycle.submission_declaration
