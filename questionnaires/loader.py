"""From a directory of files to a checked Edition, with everything that is wrong at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TypeVar

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
    reader.stop_when_wrong()
    if parts is None:
        raise EditionRefusedError([EditionError("edition.yaml", 1, 1, "", "this is no edition")])
    reader.errors += problems(parts)
    rubric, strikes, risk_when = reader.rubric(parts)
    reader.stop_when_wrong()
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

    def parts(self) -> Parts | None:
        """All files parsed; None when any of them is not what it should be."""
        self._document(RUBRIC)
        texts: EditionText | None = self._parse("edition.yaml", EditionText)
        rules = self._parse("rules.yaml", Rules)
        evidence = self._parse("evidence.yaml", EvidenceRules)
        award = self._parse("award.yaml", Award)
        lifecycle = self._parse("lifecycle.yaml", Lifecycle)
        sources = self._parse("sources.yaml", Sources)
        parsed = [self._parse(section_file(name), SectionText) for name in (texts.sections if texts else ())]
        sections = tuple(section for section in parsed if section)
        offered = [self._parse(template_file(name), Template) for name in (texts.templates if texts else ())]
        templates = tuple(template for template in offered if template)
        if self.errors or not (texts and rules and evidence and award and lifecycle and sources):
            return None
        return Parts(texts, sections, rules, evidence, award, lifecycle, sources, templates, self.documents)

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

    def rubric(self, parts: Parts) -> tuple[Rubric, Conditions, Conditions]:
        try:
            source = with_tables(self.documents[RUBRIC].tree, self.directory, RUBRIC, parse_yaml)
            source = worded(source, parts.texts, parts.sections, parts.award)
            rubric = load_rubric(source, file=RUBRIC)
        except RubricError as refused:
            raise EditionRefusedError([*self.errors, *map(self._told, refused.problems)]) from refused
        return rubric, checks(parts, rubric, self.errors), risk_conditions(parts, rubric, self.errors)


def _explained(document: Document, errors: Iterable[ErrorDetails]) -> list[EditionError]:
    found = []
    for error in errors:
        words = _REASONS.get(error["type"])
        reason = words.format(**error.get("ctx", {})) if words else error["msg"]
        found.append(document.error(tuple(error["loc"]), reason))
    return found
