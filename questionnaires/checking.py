"""What an edition should not be published with, although it can be loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from questionnaires.errors import EditionError
from questionnaires.integrity import Parts, section_file
from questionnaires.joining import RUBRIC, SCALE
from questionnaires.loader import load_with_places
from questionnaires.model import Edition
from questionnaires.reaching import best_result, every_feature, never_asked
from questionnaires.reading import Key
from questionnaires.text import Text
from questionnaires.wording import CompanyKind
from scoring.checking.remarks import remarks
from scoring.loading.tree import from_plain

_KHMER = re.compile(r"[\u1780-\u17d3]")
_LATIN_WORD = re.compile(r"[A-Za-z]{3}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend (error: it must not be published) or to look at (warning)."""

    severity: Literal["error", "warning"]
    error: EditionError

    def __str__(self) -> str:
        return f"{self.error} [{self.severity}]"


def check(directory: Path) -> tuple[Finding, ...]:
    """Everything found; raises EditionRefusedError when the edition cannot be loaded at all."""
    edition, parts = load_with_places(directory)
    finder = _Finder(edition, parts)
    found = [
        *finder.unreachable_questions(),
        *finder.unreachable_levels(),
        *finder.questions_and_rules(),
        *finder.remarks(),
        *finder.unused_words(),
        *finder.untranslated(),
    ]
    return tuple(sorted(found, key=lambda one: (one.severity, one.error.file, one.error.line, one.error.column)))


class _Finder:
    def __init__(self, edition: Edition, parts: Parts) -> None:
        self.edition, self.parts = edition, parts

    def _error(self, file: str, key: Key, reason: str, khmer: str = "") -> Finding:
        return Finding("error", self.parts.documents[file].error(key, reason, khmer))

    def _warning(self, file: str, key: Key, reason: str, khmer: str = "") -> Finding:
        return Finding("warning", self.parts.documents[file].error(key, reason, khmer))

    def remarks(self) -> Iterator[Finding]:
        """What looks wrong in the rubric. Answers may be asked for people alone."""
        rubric = self.edition.rubric
        for remark in remarks(rubric, from_plain(rubric.source)):
            if remark.code != "unused_answer":
                said = remark.sentence
                yield self._warning(RUBRIC, remark.key, said.en, said.km)

    def unreachable_questions(self) -> Iterator[Finding]:
        for question in never_asked(self.edition):
            kind = "criteria" if question.scored else "answers"
            reason = (
                "no company is ever asked this, whatever it is and answers; mend the condition or remove the question"
            )
            yield self._error(RUBRIC, (kind, question.id, "asked"), reason)

    def unreachable_levels(self) -> Iterator[Finding]:
        for kind in self.edition.kinds:
            for place, rung, why in dict.fromkeys(self._unmet(kind)):
                reason = f"{rung} cannot be reached by {kind.id}, even with the best answers: {why.en}"
                khmer = f"កម្រិត {rung} មិនអាចឈានដល់បានសម្រាប់ក្រុមហ៊ុនប្រភេទ {kind.id} ទេ ទោះឆ្លើយល្អបំផុតក៏ដោយ៖ {why.km}"
                yield self._error(RUBRIC, ("levels", SCALE, "rungs", place), reason, khmer)

    def _unmet(self, kind: CompanyKind) -> Iterator[tuple[int, str, Text]]:
        for features in (*((feature,) for feature in kind.needs_features_any), every_feature(self.edition)):
            for place, rung in enumerate(best_result(self.edition, kind.id, features).rungs):
                says = (Text(km=unmet.says("km"), en=unmet.says("en")) for unmet in rung.unmet)
                yield from ((place, rung.id, each) for each in says)

    def questions_and_rules(self) -> Iterator[Finding]:
        for file, key, text in self.parts.questions():
            rule = self.edition.question(text.id).rule
            if rule is None:
                continue
            if rule.essential and text.not_applicable is not None:
                yield self._error(file, (*key, "not_applicable"), "an essential question always applies; remove this")
            held_back = rule.points_without_evidence is not None
            if held_back != text.evidence.required:
                given, wanted = ("true", "none") if text.evidence.required else ("false", "full or half")
                yield self._error(file, (*key, "evidence"), f"required is {given}, but the rubric's gate is {wanted}")
            if rule.points and max(rule.points.values()) <= 0:
                yield self._error(RUBRIC, ("criteria", text.id), "no option earns points")
        for index, rule_check in enumerate(self.edition.rules.consistency_checks):
            if rule_check.strikes_when and rule_check.about is None:
                key = ("consistency_checks", index)
                yield self._error("rules.yaml", key, "name the question the message stands beside (about)")

    def unused_words(self) -> Iterator[Finding]:
        questions = [text for _, _, text in self.parts.questions()]
        used = {
            ("sources.yaml", "sources"): {source.ref for text in questions for source in text.sources},
            ("edition.yaml", "themes"): {theme for text in questions for theme in text.themes},
            ("edition.yaml", "itu_key_areas"): {str(area) for text in questions for area in text.itu_key_areas},
            ("edition.yaml", "units"): {text.number.unit for text in questions if text.number},
            ("award.yaml", "extra_conditions"): {extra for level in self.edition.levels for extra in level.extra},
        }
        for (file, name), names in used.items():
            for key in self.parts.documents[file].value[name]:
                if key not in names:
                    yield self._warning(file, (name, key), "nothing refers to this")

    def untranslated(self) -> Iterator[Finding]:
        for file, model in self._files():
            for key, text in _texts(model, ()):
                if not _KHMER.search(text.km) and _LATIN_WORD.search(text.km):
                    yield self._error(file, (*key, "km"), "this is not Khmer; translate it")
                if _KHMER.search(text.en):
                    yield self._error(file, (*key, "en"), "this is not English; translate it")

    def _files(self) -> Iterator[tuple[str, BaseModel]]:
        parts = self.parts
        yield "edition.yaml", parts.texts
        yield "rules.yaml", parts.rules
        yield "evidence.yaml", parts.evidence
        yield "award.yaml", parts.award
        yield "lifecycle.yaml", parts.lifecycle
        yield from ((section_file(section.id), section) for section in parts.sections)


def _texts(value: Any, key: Key) -> Iterator[tuple[Key, Text]]:
    """Every text in two languages, with the way to it."""
    if isinstance(value, Text):
        yield key, value
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _texts(getattr(value, name), (*key, field.alias or name))
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from _texts(part, (*key, index))
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _texts(part, (*key, str(name)))
