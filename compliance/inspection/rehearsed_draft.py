"""What somebody wants to rehearse, from outside: a rubric file, or an edition's folder as a ZIP, and its mistakes."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from compliance.bounded.child import serve
from compliance.inspection.edition_draft import unpacked
from compliance.inspection.refusal import RefusedFileError
from questionnaires import EditionRefusedError, khmer
from questionnaires.folders import load_texts
from scoring import Rubric, RubricError
from scoring.loading.khmer import in_words
from scoring.loading.reader import read_rubric

RULES = "rubric.yaml"


def work(request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """`ending` and `file` are of the file's name, `beside` the texts of the edition in force by their place. Answers
    `refused` with `values`, or `mistakes` in both languages, or `name` and in the body the rubric's source as JSON.
    """
    try:
        name, rubric = _edition(data) if request["ending"] == ".zip" else _rubric(request, data)
    except RefusedFileError as refused:
        return {"refused": refused.code, "values": refused.values}, b""
    except EditionRefusedError as error:
        return {"mistakes": [{lang: khmer.in_words(one, lang) for lang in ("km", "en")} for one in error.errors]}, b""
    except RubricError as error:
        problems = [replace(one, file=request["file"]) for one in error.problems]
        return {"mistakes": [{lang: in_words(one, lang) for lang in ("km", "en")} for one in problems]}, b""
    return {"name": name}, json.dumps(rubric.source).encode()


def _edition(data: bytes) -> tuple[str, Rubric]:
    found = load_texts(unpacked(data))
    return found.id, found.rubric


def _rubric(request: Mapping[str, Any], data: bytes) -> tuple[str, Rubric]:
    """Rules alone. Where they fit the questions of the edition in force, they get its words."""
    with tempfile.TemporaryDirectory(prefix="draft-") as folder:
        path = Path(folder) / f"rubric{request['ending']}"
        path.write_bytes(data)
        rubric = read_rubric(path)
    return f"{rubric.id} {rubric.version}", _with_words(request["beside"], data) or rubric


def _with_words(beside: Mapping[str, str], data: bytes) -> Rubric | None:
    try:
        return load_texts({**beside, RULES: data.decode()}).rubric
    except (EditionRefusedError, RubricError):
        return None


if __name__ == "__main__":
    serve(work, foreign=True)
