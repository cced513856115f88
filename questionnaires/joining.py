"""Joins an edition's questions with the rules the rubric has for them, and tells what does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction

from questionnaires.composing import options
from questionnaires.errors import EditionError
from questionnaires.facts import Facts
from questionnaires.integrity import Parts
from questionnaires.model import Question, Rule, Section
from questionnaires.reading import Document, Key
from questionnaires.wording import Kind, QuestionText
from scoring import Rubric
from scoring.condition import refs
from scoring.rubric import Answer, Criterion, ValueType, WeightCase
from scoring.rules import Choice, Choices

RUBRIC = "rubric.yaml"
SCALE = "award"
UNTOLD = ("workers", "places")
"""Facts that a company may have left open."""

_TYPES: Mapping[Kind, tuple[ValueType, ...]] = {
    "single_choice": ("choice",),
    "yes_partial_no": ("choice",),
    "multiple_choice": ("choices",),
    "number": ("number", "given"),
    "date": ("date",),
    "url": ("given", "text"),
    "text": ("given", "text"),
    "file": ("given",),
}


def _fitting(question: QuestionText) -> tuple[ValueType, ...]:
    """The types of the rubric that can hold its answers; that there was no case is no number."""
    return ("given",) if question.number and question.number.empty_means else _TYPES[question.kind]


@dataclass(frozen=True)
class Joiner:
    """Question by question: its rule, or what is wrong with it."""

    parts: Parts
    rubric: Rubric
    errors: list[EditionError]

    def sections(self) -> tuple[Section, ...]:
        """All sections; with errors noted, their rules are only as good as the files."""
        self._questions_without_rule()
        self._rules_without_question()
        self._facts_and_levels()
        found = []
        for section in self.parts.sections:
            questions = tuple(self._question(section.id, question) for question in section.questions)
            weight = self._section_weights().get(section.id)
            statistics = section.statistics
            found.append(Section(section.id, section.title, section.intro, questions, weight, statistics))
        return tuple(found)

    def _question(self, section: str, text: QuestionText) -> Question:
        answer = self.rubric.answers.get(text.id)
        said = {name: getattr(text, name) for name in type(text).model_fields}
        said["options"] = options(text, self.parts.texts)
        criterion = self.rubric.criteria.get(text.id)
        rule = self._rule(section, text, criterion) if criterion else None
        return Question(**said, section=section, rule=rule, asked_when=answer.asked if answer else None)

    def _rule(self, section: str, text: QuestionText, criterion: Criterion) -> Rule:
        group = self.rubric.groups.get(section)
        weights = {child.id: child.weights for child in group.children} if group else {}
        if text.id not in weights:
            self._at(("groups", section), f"{text.id} earns points but has no weight in the group {section}")
        return Rule(
            points=self._points(text, criterion),
            attainable=criterion.attainable or Fraction(0),
            weight=self._written(section, weights[text.id][-1]) if weights.get(text.id) else Fraction(0),
            essential=criterion.essential is not None,
            points_without_evidence=criterion.evidence.at_most,
        )

    def _points(self, text: QuestionText, criterion: Criterion) -> Mapping[str, Fraction]:
        rule = criterion.rule
        if not isinstance(rule, Choice | Choices):
            return {}
        offered = {option.value for option in options(text, self.parts.texts)}
        here = ("criteria", text.id, "choice" if isinstance(rule, Choice) else "choices")
        for value in sorted(offered - set(rule.points)):
            self._at(here, f"option {value} has no points; add {value}: 0 or more")
        for value in sorted(set(rule.points) - offered):
            self._at(here, f"{value} is no option of {text.id}; remove it or add the option with its words")
        return {value: points if isinstance(points, Fraction) else Fraction(0) for value, points in rule.points.items()}

    def _section_weights(self) -> Mapping[str, Fraction]:
        scale = self.rubric.levels.get(SCALE)
        total = self.rubric.groups.get(scale.of or "") if scale else None
        of = scale.of if scale and scale.of else ""
        return {child.id: self._written(of, child.weights[-1]) for child in total.children} if total else {}

    def _written(self, group: str, case: WeightCase) -> Fraction:
        """The weight that pages show; one that is read from elsewhere is another for each company."""
        if isinstance(case.weight, Fraction):
            return case.weight
        self._at(("groups", group), "weights are shown to everybody; write numbers here")
        return Fraction(0)

    def _questions_without_rule(self) -> None:
        before: set[str] = set()
        for file, key, question in self.parts.questions():
            answer = self.rubric.answers.get(question.id)
            if answer is None:
                reason = (
                    "rubric.yaml does not know this question; add it under criteria (scored) or answers (not scored)"
                )
                self.errors.append(self.parts.documents[file].error((*key, "id"), reason))
            elif answer.type not in (fitting := _fitting(question)):
                needed = " / ".join(fitting)
                reason = f"{question.id} is read as {answer.type}; a {question.kind} question needs the type {needed}"
                self._at(("answers", question.id), reason, question.id)
            else:
                self._options_alike(question, answer)
            for name in self._looks_ahead(question, before):
                self._at(
                    ("answers", question.id),
                    f"{question.id} is asked by {name}, which is asked later or never",
                    question.id,
                )
            before.add(question.id)

    def _options_alike(self, question: QuestionText, answer: Answer) -> None:
        """Forms refuse by the section's words, scoring by the rubric's rules: both must say the same."""
        alone = {option.value for option in question.options if option.exclusive}
        if alone != set(answer.exclusive):
            self._at(("criteria", question.id), f"{question.id}: exclusive must name the same options as the section")
        counts = {option.value: option.counts_as_until_confirmed for option in question.options}
        if {value: other for value, other in counts.items() if other} != dict(answer.counts_as):
            reason = f"{question.id}: counts_as_until_confirmed must say the same as the section"
            self._at(("answers", question.id), reason, question.id)

    def _looks_ahead(self, question: QuestionText, before: set[str]) -> Iterator[str]:
        answer = self.rubric.answers.get(question.id)
        for ref in refs(answer.asked) if answer and answer.asked else ():
            if ref.kind not in ("fact", "answer", "state", "ruling"):
                yield f"the {ref.kind} {ref.id}"
            elif ref.kind != "fact" and ref.id not in before:
                yield ref.id

    def _rules_without_question(self) -> None:
        known = {question.id for _, _, question in self.parts.questions()}
        for name, criterion in self.rubric.criteria.items():
            if name not in known and name in criterion.answers:
                self._at(("criteria", name), f"no section has a question called {name}")
        for name in self.rubric.answers:
            if name not in known and name not in self.rubric.criteria:
                self._at(("answers", name), f"no section has a question called {name}")

    def _facts_and_levels(self) -> None:
        if self.rubric.id != self.parts.texts.code:
            self._at(("rubric",), f"the rubric must be called {self.parts.texts.code}, as code in edition.yaml")
        known = {field.name for field in fields(Facts)}
        for name, fact in self.rubric.facts.items():
            if name not in known:
                self._at(("facts", name), f"the portal knows no such fact; it knows: {', '.join(sorted(known))}")
            elif name in UNTOLD and fact.default is None and not fact.optional:
                self._at(("facts", name), "not every company tells this; give it a default, or write optional: yes")
        levels = [level.id for level in self.parts.award.levels]
        scale = self.rubric.levels.get(SCALE)
        if scale is None:
            self._at(("levels",), f"the scale of the award must be called {SCALE}")
        elif [rung.id for rung in scale.rungs] != levels:
            self._at(
                ("levels", SCALE, "rungs"),
                f"the rungs must be the levels of award.yaml, lowest first: {', '.join(levels)}",
            )

    def _at(self, key: Key, reason: str, name: str = "") -> None:
        document: Document = self.parts.documents[RUBRIC]
        if name and key not in document.places:
            key = ("criteria", name)
        self.errors.append(document.error(key, reason))
