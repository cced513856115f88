"""From a directory of files to a checked Edition, with everything that is wrong at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from questionnaires.checks import checks, risk_conditions
from questionnaires.composing import worded
from questionnaires.errors import EditionError, EditionRefusedError
from questionnaires.integrity import Parts, problems, section_file, template_file
from questionnaires.joining import RUBRIC, Joiner
from questionnaires.lifecycle import Lifecycle
from questionnaires.model import Edition
from questionnaires.reading import Document, read
from questionnaires.templates import Template
from questionnaires.terms import Award, EvidenceRules, Rules, Sources
from questionnaires.wording import EditionText, SectionText
from scoring import Problem, Rubric, RubricError, load_rubric
from scoring.condition import Condition
from scoring.loading.reader import parse_yaml
from scoring.loading.tables import with_tables

Model = TypeVar("Model", bound=BaseModel)

Conditions = tuple[tuple[str, tuple[Condition, ...]], ...]
TEXTS = "edition.yaml"
_ANY = {"km": "-", "en": "-"}
_LEANT_ON_BY_NONE: Mapping[str, Any] = {
    "version": "-",
    "status": "draft",
    "title": _ANY,
    "marker": _ANY,
    "notice": _ANY,
    "definitions": {"child": _ANY, "csam": _ANY},
    "prose": {},
}
"""Stands in for the words of edition.yaml that nothing refers to, only while others' mistakes are looked for."""
SUFFIXES = (".yaml", ".csv", ".tsv")
"""Of the files that make an edition: its own, and tables beside its rubric."""

_REASONS = {
    "missing": "this is missing; add it",
    "extra_forbidden": "this key is not known here; check its spelling or remove it",
    "string_type": "a text is needed here; put it in quotes if it looks like a number",
    "string_pattern_mismatch": "this does not have the right form: {pattern}",
    "string_too_short": "write something here",
    "int_type": "a whole number is needed here",
    "bool_type": "write true or false",
    "tuple_type": "a list is needed here: [first, second]",
    "literal_error": "this must be {expected}",
    "model_type": "a group of keys is needed here",
    "model_attributes_type": "a group of keys is needed here",
    "mapping_type": "a group of keys is needed here",
    "dict_type": "a group of keys is needed here",
    "too_short": "at least {min_length} needed here",
    "greater_than_equal": "this must be {ge} or more",
    "less_than_equal": "this must be {le} or less",
}


def load(directory: Path) -> Edition:
    """The edition whose files stand in ``directory``; raises EditionRefusedError with everything that is wrong."""
    return load_with_places(directory)[0]


def load_with_places(directory: Path) -> tuple[Edition, Parts]:
    """As ``load``, with the parsed files, whose documents know where each value stands."""
    reader = _Reader(directory)
    parts = reader.parts()
    if parts is None:
        reader.rubric_alone()
        raise EditionRefusedError(reader.errors)
    reader.errors += problems(parts, whole=not reader.wrong_in("sections/"))
    rubric, strikes, risk_when = reader.rubric(parts)
    if reader.wrong_in("sections/", "award.yaml", RUBRIC):
        raise EditionRefusedError(reader.errors)
    sections = Joiner(parts, rubric, reader.errors).sections()
    reader.stop_when_wrong()
    edition = Edition(
        id=parts.texts.id,
        texts=parts.texts,
        sections=sections,
        rules=parts.rules,
        evidence=parts.evidence,
        award=parts.award,
        lifecycle=parts.lifecycle,
        sources=parts.sources.sources,
        templates=parts.templates,
        rubric=rubric,
        checks=strikes,
        risk_when=risk_when,
        sha256=fingerprint(directory),
    )
    return edition, parts


def fingerprint(directory: Path) -> str:
    """One hash for all files of an edition: their names and their bytes, line ends aside."""
    found = (path for path in directory.rglob("*") if path.suffix in SUFFIXES)
    return digest({path.relative_to(directory).as_posix(): path.read_bytes() for path in found})


def digest(files: Mapping[str, bytes]) -> str:
    """The `fingerprint` of a folder with these files."""
    total = hashlib.sha256()
    for name in sorted(files, key=PurePosixPath):
        content = files[name].replace(b"\r\n", b"\n")
        total.update(f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode())
    return total.hexdigest()


@dataclass
class _Reader:
    directory: Path
    errors: list[EditionError] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)

    def stop_when_wrong(self) -> None:
        if self.errors:
            raise EditionRefusedError(self.errors)

    def wrong_in(self, *files: str) -> bool:
        """Whether something is wrong in files whose names begin so."""
        return any(error.file.startswith(files) for error in self.errors)

    def parts(self) -> Parts | None:
        """All files parsed, but for sections and templates that are not what they should be; None for want of others.

        What is wrong stands in `errors` then.
        """
        self._document(RUBRIC)
        texts = self._parse(TEXTS, EditionText) or self._texts_leant_on()
        rules = self._parse("rules.yaml", Rules)
        evidence = self._parse("evidence.yaml", EvidenceRules)
        award = self._parse("award.yaml", Award)
        lifecycle = self._parse("lifecycle.yaml", Lifecycle)
        sources = self._parse("sources.yaml", Sources)
        names = texts.sections if texts else self._lying_in("sections")
        sections = [(name, self._parse(section_file(name), SectionText)) for name in names]
        names = texts.templates if texts else self._lying_in("templates")
        templates = [(name, self._parse(template_file(name), Template)) for name in names]
        if RUBRIC not in self.documents or not (texts and rules and evidence and award and lifecycle and sources):
            return None
        there = {"sections": _names_of(sections), "templates": _names_of(templates)}
        return Parts(
            texts.model_copy(update=there),
            tuple(section for _, section in sections if section),
            rules,
            evidence,
            award,
            lifecycle,
            sources,
            tuple(template for _, template in templates if template),
            self.documents,
        )

    def _texts_leant_on(self) -> EditionText | None:
        """edition.yaml without what no other file leans on: a mistake there hides none elsewhere."""
        document = self.documents.get(TEXTS)
        if document is None or not isinstance(document.value, dict):
            return None
        known = {name: value for name, value in document.value.items() if name in EditionText.model_fields}
        try:
            return EditionText.model_validate({**known, **_LEANT_ON_BY_NONE})
        except ValidationError:
            return None

    def _lying_in(self, folder: str) -> tuple[str, ...]:
        """What edition.yaml would list, could it be read."""
        return tuple(sorted(path.stem for path in (self.directory / folder).glob("*.yaml")))

    def _document(self, name: str) -> Document | None:
        document = read(self.directory / name, name, self.errors)
        if document is not None:
            self.documents[name] = document
        return document

    def _parse(self, name: str, model: type[Model]) -> Model | None:
        document = self._document(name)
        if document is None:
            return None
        try:
            return model.model_validate(document.value)
        except ValidationError as refused:
            self.errors += _explained(document, refused.errors(include_url=False, include_input=False))
            return None

    def _told(self, problem: Problem) -> EditionError:
        """Tables beside the rubric are called as they lie in the edition's folder."""
        return EditionError.of(replace(problem, file=problem.file.removeprefix(f"{self.directory}/")))

    def rubric_alone(self) -> None:
        """What is wrong within the rubric, whatever the other files say."""
        if RUBRIC not in self.documents:
            return
        try:
            load_rubric(with_tables(self.documents[RUBRIC].tree, self.directory, RUBRIC, parse_yaml), file=RUBRIC)
        except RubricError as refused:
            self.errors += map(self._told, refused.problems)

    def rubric(self, parts: Parts) -> tuple[Rubric, Conditions, Conditions]:
        try:
            source = with_tables(self.documents[RUBRIC].tree, self.directory, RUBRIC, parse_yaml)
            source = worded(source, parts.texts, parts.sections, parts.award)
            rubric = load_rubric(source, file=RUBRIC)
        except RubricError as refused:
            raise EditionRefusedError([*self.errors, *map(self._told, refused.problems)]) from refused
        return rubric, checks(parts, rubric, self.errors), risk_conditions(parts, rubric, self.errors)


def _explained(document: Document, errors: Sequence[ErrorDetails]) -> list[EditionError]:
    found = []
    for error in errors:
        if _follows(error, errors):
            continue
        words = _REASONS.get(error["type"])
        reason = words.format(**error.get("ctx", {})) if words else error["msg"]
        found.append(document.error(tuple(error["loc"]), reason))
    return found


def _follows(error: ErrorDetails, errors: Sequence[ErrorDetails]) -> bool:
    """A list is called too short, too, when what stands in it is wrong."""
    here = error["loc"]
    within = (other["loc"] for other in errors if len(other["loc"]) > len(here))
    return error["type"] == "too_short" and any(loc[: len(here)] == here for loc in within)


def _names_of(parsed: Iterable[tuple[str, BaseModel | None]]) -> tuple[str, ...]:
    return tuple(name for name, found in parsed if found is not None)
