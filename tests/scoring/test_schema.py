"""The JSON Schema knows what a rubric may be: every rubric of the manual fits it, and a slip does not."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scoring.loading.reader import parse_yaml, read_tree
from scoring.loading.schema import schema
from scoring.loading.tree import plain
from tests.scoring.docs import examples
from tests.scoring.methods.running import RUBRICS

SCHEMA: Any = schema()


def fits(value: object, wanted: Any) -> bool:
    """Whether a value read as text fits; a number or a truth is one of its texts."""
    if "$ref" in wanted:
        wanted = SCHEMA["$defs"][wanted["$ref"].rpartition("/")[2]]
    if "anyOf" in wanted:
        return any(fits(value, one) for one in wanted["anyOf"])
    if "enum" in wanted or "const" in wanted:
        return value in wanted.get("enum", [wanted.get("const")])
    if "pattern" in wanted:
        return isinstance(value, str) and re.search(wanted["pattern"], value) is not None
    kinds = wanted.get("type", ["object", "array", "string"])
    if isinstance(value, dict):
        return "object" in kinds and all(_entries(value, wanted))
    if isinstance(value, list):
        items = wanted.get("items", {})
        return "array" in kinds and len(value) >= wanted.get("minItems", 0) and all(fits(one, items) for one in value)
    return kinds not in ("object", "array")


def _entries(value: dict[str, object], wanted: Any) -> Iterator[bool]:
    known = wanted.get("properties", {})
    yield all(key in value or "for_each" in value for key in wanted.get("required", ()))
    yield len(value) <= wanted.get("maxProperties", len(value))
    for key, one in value.items():
        names = wanted.get("propertyNames")
        yield names is None or fits(key, names)
        more = wanted.get("additionalProperties", True)
        rule = known.get(key, more)
        yield rule if isinstance(rule, bool) else fits(one, rule)


RUBRIC_FILES = sorted(RUBRICS.glob("*.yaml"))
TAUGHT = {
    text for example in examples() for name, text in example.files.items() if name in {"rubric.yaml", "stricter.yaml"}
}


@pytest.mark.parametrize("path", RUBRIC_FILES, ids=lambda path: path.stem)
def test_published_methods(path: Path) -> None:
    assert fits(plain(read_tree(path)), SCHEMA)
    # Large methods are short: what is alike stands in a table.
    assert len(path.read_text("utf-8").splitlines()) < 60


def test_every_rubric_the_manual_teaches() -> None:
    unfit = [text.splitlines()[0] for text in sorted(TAUGHT) if not fits(plain(parse_yaml(text)), SCHEMA)]
    assert len(TAUGHT) > 15
    assert not unfit


@pytest.mark.parametrize(
    "text",
    [
        "title: a rubric without a name",
        "{rubric: x, critera: {}}",
        "{rubric: x, criteria: {a: {chioce: {yes: 1}}}}",
        "{rubric: x, groups: {a: {combine: average, of: [b]}}}",
        "{rubric: x, groups: {a: {combine: sum}}}",
        "{rubric: x, levels: {a: {rungs: []}}}",
        "{rubric: x, lists: {a: {tabel: b.csv}}}",
        "{rubric: x, criteria: {a: {linear: {outsde: refuse}}}}",
    ],
)
def test_a_slip_does_not_fit(text: str) -> None:
    assert not fits(plain(parse_yaml(text)), SCHEMA)
