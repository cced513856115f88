"""Names in an edition that must lead somewhere, and rules that must fit their question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from questionnaires.errors import EditionError
from questionnaires.lifecycle import Lifecycle
from questionnaires.placeholders import FILLED, placeholders, stray
from questionnaires.reading import Document, Key
from questionnaires.templates import Template
from questionnaires.terms import Award, ConsistencyCheck, EvidenceRules, Rules, Sources
from questionnaires.text import LANGS
from questionnaires.wording import CHOICES, EditionText, QuestionText, SectionText

MOST_NAMES = 12

_SPECIAL: Mapping[str, str] = {
    "number": "number",
    "length": "text",
    "date": "date",
    "choose_at_least": "multiple_choice",
}


@dataclass(frozen=True)
class Parts:
    """All parsed files of one edition, and where each stands."""

    texts: EditionText
    sections: tuple[SectionText, ...]
    rules: Rules
    evidence: EvidenceRules
    award: Award
    lifecycle: Lifecycle
    sources: Sources
    templates: tuple[Template, ...]
    documents: Mapping[str, Document]

    def questions(self) -> Iterator[tuple[str, Key, QuestionText]]:
        """File, key and question, in order."""
        for name, section in zip(self.texts.sections, self.sections, strict=True):
            for index, question in enumerate(section.questions):
                yield section_file(name), ("questions", index), question


def section_file(section: str) -> str:
    return f"sections/{section}.yaml"


def template_file(template: str) -> str:
    return f"templates/{template}.yaml"


def problems(parts: Parts, whole: bool = True) -> list[EditionError]:
    """Everything that names something that is not there, stands twice, or does not fit its question.

    Without ``whole`` some sections could not be read: a question that is not here may stand in one of them.
    """
    finder = _Finder(parts, whole)
    finder.look_at_sections()
    finder.look_at_questions()
    finder.look_at_terms()
    finder.look_at_templates()
    return finder.errors


class _Finder:
    def __init__(self, parts: Parts, whole: bool) -> None:
        self.parts, self.whole = parts, whole
        self.errors: list[EditionError] = []
        self.questions = {question.id: question for _, _, question in parts.questions()}

    def _wrong(self, file: str, key: Key, reason: str) -> None:
        self.errors.append(self.parts.documents[file].error(key, reason))

    def _known(self, file: str, key: Key, name: str, names: Collection[str], what: str) -> None:
        if name not in names and (self.whole or what != "question"):
            near, there = get_close_matches(name, list(names), n=1), ", ".join(list(names)[:MOST_NAMES])
            if near:
                self._wrong(file, key, f"there is no {what} called {name}; did you mean {near[0]}?")
            else:
                self._wrong(file, key, f"there is no {what} called {name}; there are: {there}")

    def look_at_sections(self) -> None:
        for index, (name, section) in enumerate(zip(self.parts.texts.sections, self.parts.sections, strict=True)):
            if section.id != name:
                self._wrong(section_file(name), ("id",), f"must be {name}, as edition.yaml lists it")
            if name in self.parts.texts.sections[:index]:
                self._wrong("edition.yaml", ("sections", index), f"section {name} stands twice")

    def look_at_questions(self) -> None:
        times = Counter(question.id for _, _, question in self.parts.questions())
        for file, key, question in self.parts.questions():
            if times[question.id] > 1:
                self._wrong(file, (*key, "id"), f"{times[question.id]} questions are called {question.id}")
            self._options(file, key, question)
            self._fitting(file, key, question)
            self._references(file, key, question)

    def _options(self, file: str, key: Key, question: QuestionText) -> None:
        shared = question.kind == "yes_partial_no"
        if question.kind in CHOICES and not question.options and not shared:
            self._wrong(file, key, f"{question.id} is a choice, so it needs options")
        if question.kind not in CHOICES and question.options:
            self._wrong(file, (*key, "options"), f"a {question.kind} question has no options; leave them out")
        self._hints(file, key, question)
        values = [option.value for option in question.options]
        for index, option in enumerate(question.options):
            here = (*key, "options", index)
            if values.count(option.value) > 1:
                self._wrong(file, (*here, "value"), f"option {option.value} stands twice")
            if option.counts_as_until_confirmed is not None:
                self._known(
                    file, (*here, "counts_as_until_confirmed"), option.counts_as_until_confirmed, values, "option"
                )

    def _hints(self, file: str, key: Key, question: QuestionText) -> None:
        if question.hints and (question.kind != "yes_partial_no" or question.options):
            self._wrong(file, (*key, "hints"), "only shared options take hints here; write hint beside the option")
            return
        known = [option.value for option in self.parts.texts.shared_options["yes_partial_no"]]
        for value in question.hints:
            self._known(file, (*key, "hints", value), value, known, "option")

    def _fitting(self, file: str, key: Key, question: QuestionText) -> None:
        for name, kind in _SPECIAL.items():
            if getattr(question, name) is not None and question.kind != kind:
                self._wrong(file, (*key, name), f"only a {kind} question has {name}; leave it out")
        if question.kind == "number" and question.number is None:
            self._wrong(file, key, f"{question.id} is a number, so it needs number: {{min: 0, unit: …}}")
        if question.length and question.length.max < question.length.min:
            self._wrong(file, (*key, "length"), "max is smaller than min")
        if question.evidence.required and (question.evidence.min_files < 1 or question.evidence.what is None):
            self._wrong(
                file, (*key, "evidence"), "required evidence needs what (both languages) and min_files of 1 or more"
            )

    def _references(self, file: str, key: Key, question: QuestionText) -> None:
        texts = self.parts.texts
        for index, theme in enumerate(question.themes):
            self._known(file, (*key, "themes", index), theme, texts.themes, "theme")
        for index, area in enumerate(question.itu_key_areas):
            self._known(file, (*key, "itu_key_areas", index), str(area), texts.itu_key_areas, "key area")
        for index, source in enumerate(question.sources):
            self._known(file, (*key, "sources", index, "ref"), source.ref, self.parts.sources.sources, "source")
        if question.number:
            self._known(file, (*key, "number", "unit"), question.number.unit, texts.units, "unit")
            if question.number.at_most is not None:
                self._known(file, (*key, "number", "at_most"), question.number.at_most, self.questions, "question")

    def look_at_terms(self) -> None:
        texts, award = self.parts.texts, self.parts.award
        levels = [level.id for level in award.levels]
        kinds = [kind.id for kind in texts.company_kinds]
        for index, level in enumerate(award.levels):
            for place, extra in enumerate(level.extra):
                key = ("levels", index, "extra", place)
                self._known("award.yaml", key, extra, award.extra_conditions, "extra condition")
        for index, kind in enumerate(self.parts.evidence.small_business.one_place_kinds):
            self._known("evidence.yaml", ("small_business", "one_place_kinds", index), kind, kinds, "kind")
        for index, level_id in enumerate(self.parts.lifecycle.check_in.not_for_levels):
            self._known("lifecycle.yaml", ("check_in", "not_for_levels", index), level_id, levels, "level")
        for index, level_id in enumerate(self.parts.lifecycle.second_scoring.first_at):
            self._known("lifecycle.yaml", ("second_scoring", "first_at", index), level_id, levels, "level")
        for name, section in zip(texts.sections, self.parts.sections, strict=True):
            for index, level_id in enumerate(section.statistics.required_for_levels if section.statistics else ()):
                here = ("statistics", "required_for_levels", index)
                self._known(section_file(name), here, level_id, levels, "level")
        for index, check in enumerate(self.parts.rules.consistency_checks):
            if check.about is not None:
                self._known(
                    "rules.yaml", ("consistency_checks", index, "about"), check.about, self.questions, "question"
                )
            self._filled(("consistency_checks", index, "message"), check)
        self._features()

    def _filled(self, key: Key, check: ConsistencyCheck) -> None:
        """What a message leaves to be filled in must be what the portal fills in."""
        for lang in LANGS if check.id in FILLED else ():
            odd = placeholders(check.message[lang]) - FILLED[check.id]
            if odd or stray(check.message[lang]):
                known = ", ".join(sorted(FILLED[check.id]))
                self._wrong("rules.yaml", (*key, lang), f"in braces only what is filled in may stand: {known}")

    def look_at_templates(self) -> None:
        for index, (name, template) in enumerate(zip(self.parts.texts.templates, self.parts.templates, strict=True)):
            if template.id != name:
                self._wrong(template_file(name), ("id",), f"must be {name}, as edition.yaml lists it")
            if name in self.parts.texts.templates[:index]:
                self._wrong("edition.yaml", ("templates", index), f"template {name} stands twice")
            for place, question in enumerate(template.questions):
                self._known(template_file(name), ("questions", place), question, self.questions, "question")

    def _features(self) -> None:
        texts = self.parts.texts
        self._known("edition.yaml", ("features_question",), texts.features_question, self.questions, "question")
        question = self.questions.get(texts.features_question)
        offered = [option.value for option in question.options] if question else []
        for index, kind in enumerate(texts.company_kinds):
            for place, feature in enumerate(kind.needs_features_any if offered else ()):
                here = ("company_kinds", index, "needs_features_any", place)
                self._known("edition.yaml", here, feature, offered, f"option of {texts.features_question}")
