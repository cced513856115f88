"""Every way one answer can stand, with its evidence and ruling: the plain, compiled and common ways agree."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from scoring.compiled.compile import score
from scoring.many.reached import reached
from scoring.many.sheets import MOST_FILES, Layout, NoSheetError, Sheets

from scoring import Files, Rubric, Ruling, Scorecard, ScoringError, Subject, evaluate, load_rubric
from scoring.results import Basis
from scoring.subject import EvidenceState

ANSWERS = (None, "yes", "partial", "no")
EVIDENCE: tuple[EvidenceState | Files | None, ...] = (
    None, "given", "accepted", "refused", Files(0), Files(1), Files(2), Files(2, 1), Files(2, 2),
)  # fmt: skip
RULINGS = (
    None,
    Ruling("confirm"),
    Ruling("not_supported"),
    Ruling("adjust", "yes"),
    Ruling("adjust", "no", "accepted"),
    Ruling("confirm", evidence="accepted"),
    Ruling("confirm", evidence="refused"),
    Ruling(not_applicable="accepted"),
    Ruling("confirm", not_applicable="refused"),
    Ruling("confirm", essential="pass", reason="seen"),
    Ruling("confirm", essential="fail", reason="seen"),
    Ruling("confirm", essential="pass"),
)


def rubric(gate: object) -> Rubric:
    essential = {"met_by": ["yes"], "evidence": "accepted", "discretionary": ["partial"]}
    rungs = [
        {"id": "low", "total": 2},
        {"id": "mid", "total": 5, "criteria": {"a": {"met_by": ["yes", "partial"]}}},
        {"id": "high", "total": 5, "essentials": "required"},
    ]
    return load_rubric(
        {
            "rubric": "ways",
            "defaults": {"unanswered": 0, "not_applicable": 2},
            "criteria": {
                "a": {"choice": {"yes": 10, "partial": 6, "no": 0}, "evidence": gate, "essential": essential},
                "b": {"presence": 1},
            },
            "groups": {"t": {"combine": "sum", "of": ["a", "b"]}},
            "levels": {"l": {"of": "t", "rungs": rungs}},
        }
    )


def subjects(*, ruled: bool) -> list[Subject]:
    found: list[Subject] = []
    for answer, files, ruling, skipped in product(
        ANSWERS, EVIDENCE, RULINGS if ruled else [None], (frozenset[str](), frozenset({"a"}))
    ):
        answers = {"a": answer} if answer else {}
        found.append(
            Subject({}, answers, {"a": files} if files else {}, {"a": ruling} if ruling else {}, skipped, "s")  # type: ignore[arg-type]
        )
    return found


def outcome(way: Callable[..., Scorecard], tree: Rubric, subject: Subject, basis: Basis) -> Scorecard | str:
    try:
        return way(tree, subject, basis=basis)
    except ScoringError as error:
        return str(error)


@pytest.mark.parametrize("gate", ["none", "full", "half", {"gate": "full", "files": 2}])
@pytest.mark.parametrize("basis", ["claimed", "verified"])
def test_three_ways_agree(gate: object, basis: Basis) -> None:
    tree, layout = rubric(gate), Layout(rubric(gate), ruled=True)
    every = subjects(ruled=basis == "verified")
    together = reached(tree, Sheets(layout, b"".join(map(layout.write, every))), "l", basis=basis)
    places = {None: 0, "low": 1, "mid": 2, "high": 3}
    for at, subject in enumerate(every):
        plain, compiled = outcome(evaluate, tree, subject, basis), outcome(score, tree, subject, basis)
        if isinstance(plain, Scorecard) and isinstance(compiled, Scorecard):
            assert at not in together.failures
            assert together.codes[at] == places[plain.levels["l"].reached], subject
            assert compiled.canonical_json() == plain.canonical_json()
        else:
            assert str(together.failures[at]) == plain == compiled


def test_a_sheet_keeps_every_ruling() -> None:
    layout = Layout(rubric("full"), ruled=True)
    either: tuple[Any, ...] = (None, "accepted", "refused")
    for verdict, evidence, skipped, essential, reason in product(
        (None, "confirm", "adjust", "not_supported"), either, either, (None, "pass", "fail"), ("", "given")
    ):
        ruling = Ruling(verdict, "no" if verdict == "adjust" else None, evidence, skipped, essential, reason)  # type: ignore[arg-type]
        subject = Subject({}, {"a": "yes"}, rulings={"a": ruling}, id="s")
        if essential or not reason:
            assert layout.read(layout.write(subject), "s") == subject


def test_a_sheet_counts_a_few_files() -> None:
    layout = Layout(rubric("full"))
    for given in range(MOST_FILES + 1):
        for accepted in range(given + 1):
            subject = Subject({}, {"a": "yes"}, {"a": Files(given, accepted)}, id="s")
            assert layout.read(layout.write(subject), "s") == subject
    for files in (Files(MOST_FILES + 1), Files(MOST_FILES, MOST_FILES + 1), Files(-1)):
        with pytest.raises(NoSheetError, match="more than"):
            layout.write(Subject({}, {"a": "yes"}, {"a": files}))


@pytest.mark.parametrize(("day", "fits"), [("first", False), (1, True), (65_535, True), (65_536, False)])
def test_a_sheet_holds_the_days_of_two_bytes(day: object, fits: bool) -> None:
    tree = load_rubric({"rubric": "days", "answers": {"d": "date"}, "criteria": {"a": {"points": 1}}})
    layout = Layout(tree)
    code = 0 if day == "first" else int(str(day))
    asked = date.fromordinal(layout.answers["d"].value(1).toordinal() + code - 1)  # type: ignore[union-attr]
    if fits:
        assert layout.read(layout.write(Subject({}, {"d": asked}))).answers == {"d": asked}
    else:
        with pytest.raises(NoSheetError, match="too far away"):
            layout.write(Subject({}, {"d": asked}))


RAW: tuple[Any, ...] = (
    1, True, "1", " 1 ", Decimal(1), Decimal("1.0"), Fraction(1), "yes", "true", False, "no", 0, "0", "1.0", None, "",
    (), [], {"yes"}, ["yes"], ("yes",), ["yes", "no"], [1], [True], 1.0, date(2026, 1, 1), "2026-01-01", "maybe", "n/a",
)  # fmt: skip


@pytest.mark.parametrize(
    "criterion",
    [
        {"choice": {"1": 5, "yes": 3, "0": 2, "no": 1}},
        {"choices": {"1": 5, "yes": 3, "no": 1}},
        {"presence": 3},
        {"linear": {}},
        {"bands": [{"at_least": 1, "points": 5}, {"otherwise": 1}]},
        {"input": {"age": "days", "on": "on"}, "linear": {}},
    ],
)
def test_no_raw_value_is_taken_for_another(criterion: dict[str, Any]) -> None:
    """Rows are kept by what was said: whatever came before, each value means what it means alone."""
    tree = load_rubric(
        {
            "rubric": "raw",
            "words": {"not_applicable": ["n/a"]},
            "facts": {"on": {"type": "date", "default": "2026-03-01"}},
            "defaults": {"unanswered": 9, "not_applicable": 8},
            "criteria": {"a": criterion, "b": {"points": 1, "applies": {"answer": "a", "answered": "yes"}}},
        }
    )
    for raws in (RAW, RAW[::-1]):
        for raw in raws:
            plain, compiled = (outcome(way, tree, Subject({}, {"a": raw}), "claimed") for way in (evaluate, score))
            if isinstance(plain, Scorecard) and isinstance(compiled, Scorecard):
                assert compiled.canonical_json() == plain.canonical_json(), raw
            else:
                assert compiled == plain, raw
