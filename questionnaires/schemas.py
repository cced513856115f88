"""JSON Schemas of an edition's files, so that an editor completes keys and marks mistakes while one types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from questionnaires.catalogue import DIRECTORY
from questionnaires.lifecycle import Lifecycle
from questionnaires.templates import Template
from questionnaires.terms import Award, EvidenceRules, Rules, Sources
from questionnaires.wording import EditionText, SectionText
from scoring.loading.schema import schema as rubric_schema

FOLDER = DIRECTORY / "schema"

MODELS: Mapping[str, type[BaseModel]] = {
    "edition": EditionText,
    "section": SectionText,
    "template": Template,
    "rules": Rules,
    "evidence": EvidenceRules,
    "award": Award,
    "lifecycle": Lifecycle,
    "sources": Sources,
}
NAMES = (*MODELS, "rubric")


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one kind of file: a key of NAMES."""
    if name == "rubric":
        return dict(rubric_schema())
    made = MODELS[name].model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def written(name: str) -> str:
    """The schema as its file holds it."""
    return json.dumps(schema(name), ensure_ascii=False, indent=1) + "\n"


def write_all(folder: Path = FOLDER) -> None:
    """Writes every schema into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (folder / f"{name}.json").write_text(written(name), "utf-8")
