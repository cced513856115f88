"""The table of docs/rubrics.md that tells what states, overrides, limits and weights do: every row is tried."""

from fractions import Fraction

import pytest

from scoring import ScoringError, Subject, evaluate, load_rubric
from scoring.loading.reader import parse_yaml
from scoring.loading.tree import plain
from scoring.numbers import exact
from tests.scoring.docs import PAGE

ROWS = [
    line.strip("| ").split(" |")
    for line in PAGE.read_text("utf-8").splitlines()
    if line.startswith(("| `c: ", "| `g: "))
]
CRITERIA = {
    "a": {"points": "8", "attainable": "10"},
    "b": {"points": "3", "attainable": "10"},
    "gone": {"points": "excluded"},
    "broken": {"points": "void"},
}
NAMES = {"excluded": "left out", "void": "void", "empty": "no result"}


def shown(value: Fraction | None) -> str:
    return "–" if value is None else exact(value)


def outcome(says: str, answer: str) -> tuple[str, str]:
    """Value and attainable of the row's criterion or group, as the table writes them."""
    ((name, part),) = plain(parse_yaml(says.strip("`"))).items()  # type: ignore[attr-defined]
    rubric = load_rubric({
        "rubric": "effects",
        "words": {"not_applicable": "N/A", "void": "error"},
        "facts": {"big": "yes_no"},
        "criteria": {**CRITERIA, **({"c": part} if name == "c" else {})},
        "groups": {"g": part} if name == "g" else {},
    })  # fmt: skip
    given, _, unsupported = answer.partition(", ")
    subject = Subject({"big": "yes"}, {"c": given} if given else {})
    try:
        node = evaluate(rubric, subject, basis="verified" if unsupported else "claimed").nodes[name]
    except ScoringError:
        return "not scored", "–"
    return NAMES.get(node.state, shown(node.value)), shown(node.attainable)


def test_the_table_is_there() -> None:
    assert len(ROWS) > 50
    assert {len(row) for row in ROWS} == {4}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:2]))
def test_row(row: list[str]) -> None:
    says, answer, value, attainable = (cell.strip() for cell in row)
    assert outcome(says, answer) == (value, attainable)
