"""What one subject gets: states, rulings, evidence, essentials, levels, explanations."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring import Files, Rubric, Ruling, Scorecard, ScoringError, Subject, evaluate, load_rubric
from scoring.results import Basis

YN = {"yes": 10, "no": 0}


def rubric(**parts: object) -> Rubric:
    return load_rubric({"rubric": "x", "defaults": {"unanswered": 0}, **parts})


def score(found: Rubric, basis: Basis = "claimed", **parts: object) -> Scorecard:
    return evaluate(found, Subject(**parts), basis=basis)  # type: ignore[arg-type]


def one(criterion: dict[str, object], answer: object, **parts: object) -> Fraction | None:
    """The points of one answer under one rule."""
    return score(rubric(criteria={"a": criterion}, **parts), answers={"a": answer}).nodes["a"].value


@pytest.mark.parametrize(
    ("criterion", "answer", "points"),
    [
        ({"choice": YN}, "yes", 10),
        ({"choice": {"1": 5, "2": 6}}, 1, 5),
        ({"choice": {"1": 5, "2": 6}}, "1.0", 5),
        ({"choice": {"yes": 1, "no": 0}}, True, 1),
        ({"choices": {"x": 2, "y": 3}}, {"x", "y"}, 5),
        ({"choices": {"x": 2, "y": 3}}, "x; y", 5),
        ({"linear": {"base": 1, "factor": "1/3"}}, Decimal("1.5"), Fraction(3, 2)),
        ({"linear": {"lowest": 2}}, 1, 2),
        ({"linear": {"highest": 2}}, Fraction(7, 2), 2),
        ({"goalposts": {"from": 0, "to": 10, "clamp": "low"}}, -5, 0),
        ({"goalposts": {"from": 0, "to": 10, "clamp": "low"}}, 20, 2),
        ({"goalposts": {"from": 10, "to": 0, "clamp": "high"}}, -5, 1),
        ({"goalposts": {"from": 10, "to": 0, "clamp": "high"}}, 20, -1),
        ({"goalposts": {"from": 1, "to": 100, "scale": "log", "points": 2}}, 10, 1),
        ({"presence": 3}, "a text", 3),
        ({"presence": 3}, ["file.pdf"], 3),
        ({"presence": 3}, date(2026, 1, 31), 3),
        ({"choices": {"x": -2, "y": -3}, "floor": -4}, ["x", "y"], -4),
        ({"presence": 3}, "", 0),
        ({"choices": {"x": 2}}, [], 0),
    ],
)
def test_points(criterion: dict[str, object], answer: object, points: object) -> None:
    found = one(criterion, answer)
    expected = Fraction(points)  # type: ignore[arg-type]
    assert found is not None
    assert abs(found - expected) < Fraction(1, 10**25)


@pytest.mark.parametrize(
    ("criterion", "answer", "code"),
    [
        ({"choice": YN}, "maybe", "unknown_option"),
        ({"choice": YN}, ["yes"], "wrong_type"),
        ({"choice": YN}, 1.0, "wrong_type"),
        ({"choices": {"x": 1, "n": 0}, "exclusive": ["n"]}, ["x", "n"], "exclusive_option"),
        ({"choices": {"x": 1}}, 5, "wrong_type"),
        ({"linear": {}}, "many", "wrong_type"),
        ({"linear": {}}, True, "wrong_type"),
        ({"linear": {}}, 10**90, "too_large"),
        ({"linear": {}}, "1e31", "wrong_type"),
        ({"presence": 1}, "x" * 30_000, "too_large"),
        ({"bands": [{"at_least": 5, "points": 1}]}, 4, "outside_bands"),
        ({"goalposts": {"from": 1, "to": 9, "scale": "log", "clamp": "none"}}, 0, "not_positive"),
        ({"linear": {}, "unanswered": "error"}, None, "unanswered_not_allowed"),
        ({"cases": [{"when": {"answer": "b", "is": "yes"}, "points": 1}]}, None, "no_case"),
    ],
)
def test_what_cannot_be_scored_stops_with_a_code(criterion: dict[str, object], answer: object, code: str) -> None:
    found = rubric(criteria={"a": criterion, "b": {"choice": YN}})
    answers = {} if answer is None else {"a": answer}
    with pytest.raises(ScoringError) as caught:
        score(found, answers=answers)
    assert caught.value.code == code
    assert "x: " in str(caught.value)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"facts": {"z": 1}}, "unknown_fact"),
        ({"answers": {"z": 1}}, "unknown_answer"),
        ({"not_applicable": {"z"}}, "unknown_answer"),
        ({"evidence": {"z": "given"}}, "unknown_evidence"),
        ({"rulings": {"z": Ruling("confirm")}}, "unknown_ruling"),
        ({"evidence": {"a": "perhaps"}}, "wrong_evidence"),
        ({"facts": {"f": "soon"}}, "bad_date"),
        ({"facts": {"f": 5}}, "bad_date"),
        ({"not_applicable": {"a"}}, "not_applicable_not_allowed"),
    ],
)
def test_what_the_rubric_does_not_know(parts: dict[str, object], code: str) -> None:
    with pytest.raises(ScoringError) as caught:
        score(rubric(facts={"f": "date"}, criteria={"a": {"choice": YN}}), **parts)
    assert caught.value.code == code


def test_facts_that_are_missing() -> None:
    when = {"fact": "f", "is": "yes"}
    needed = rubric(facts={"f": "yes_no"}, criteria={"a": {"points": 1, "applies": when}})
    with pytest.raises(ScoringError, match="missing_fact"):
        score(needed)
    optional = rubric(
        facts={"f": {"type": "yes_no", "optional": "yes"}}, criteria={"a": {"points": 1, "applies": when}}
    )
    assert score(optional).nodes["a"].code == "does_not_apply"
    asked = rubric(facts={"f": "yes_no"}, criteria={"a": {"points": 1, "applies": {"fact": "f", "answered": "no"}}})
    assert score(asked).nodes["a"].value == 1
    assert score(optional, facts={"f": "Yes"}).nodes["a"].value == 1
    with pytest.raises(ScoringError, match="no_value"):
        score(
            rubric(
                facts={"n": {"type": "number", "optional": "yes"}},
                criteria={"a": {"input": {"fact": "n"}, "linear": {}}},
            )
        )


def test_dates_in_the_future_and_ages() -> None:
    found = rubric(facts={"on": "date"}, criteria={"a": {"input": {"age": "years", "on": "on"}, "linear": {}}})
    assert score(found, facts={"on": "2026-03-01"}, answers={"a": "2024-03-02"}).nodes["a"].value == 1
    days = rubric(facts={"on": "date"}, criteria={"a": {"input": {"age": "days", "on": "on"}, "linear": {}}})
    assert score(days, facts={"on": "2026-03-01"}, answers={"a": date(2026, 2, 1)}).nodes["a"].value == 28
    with pytest.raises(ScoringError, match="future_date"):
        score(found, facts={"on": "2026-03-01"}, answers={"a": "2026-03-02"})


STATES = rubric(
    words={"void": ["error"], "not_asked": ["skip"], "not_applicable": ["n/a"]},
    defaults={"unanswered": "void", "not_applicable": 1, "not_asked": 2, "void": "error", "unsupported": 3},
    criteria={"a": {"linear": {}}, "b": {"answer": "c", "linear": {}, "void": "excluded"}},
    answers={"c": "number"},
    groups={"g": {"combine": "sum", "of": ["a"]}},
)


@pytest.mark.parametrize(
    ("answer", "basis", "value", "code"),
    [
        ("4", "claimed", 4, "number"),
        (None, "claimed", None, "unanswered_void"),
        ("n/a", "claimed", 1, "not_applicable"),
        ("n/a", "verified", 3, "unsupported"),
        ("skip", "claimed", 2, "not_asked"),
        ("4", "verified", 3, "unsupported"),
    ],
)
def test_each_state_yields_what_the_rubric_says(answer: object, basis: Basis, value: object, code: str) -> None:
    card = score(STATES, basis, answers={"a": answer, "c": "1"})
    assert (card.nodes["a"].value, card.nodes["a"].code) == (value, code)
    assert card.nodes["a"].because("km") != card.nodes["a"].because("en")
    assert Scorecard.from_json(card.canonical_json(), STATES) == card


def test_a_void_that_is_an_error() -> None:
    with pytest.raises(ScoringError, match="void_not_allowed"):
        score(STATES, answers={"a": "error", "c": 1})
    strict = rubric(
        criteria={"a": {"choice": {"x": "void"}}}, groups={"g": {"combine": "sum", "of": ["a"], "when_void": "error"}}
    )
    with pytest.raises(ScoringError, match="void_child"):
        score(strict, answers={"a": "x"})
    counted = rubric(
        criteria={"a": {"choice": {"x": "void"}}}, groups={"g": {"combine": "sum", "of": {"a": 2}, "when_void": -1}}
    )
    card = score(counted, answers={"a": "x"})
    assert card.nodes["g"].value == -2
    assert card.contributions("g") == {"a": Fraction(-2)}
    assert card.contributions("a") == {}
    assert card.findings["a"].outcome == "void"


RULED = rubric(
    defaults={"unanswered": 0, "not_applicable": "excluded"},
    answers={
        "kind": {
            "type": "choice",
            "options": ["adults", "children"],
            "counts_as_until_confirmed": {"adults": "children"},
        },
        "many": {"type": "choices", "options": ["p", "q"], "counts_as_until_confirmed": {"p": "q"}},
    },
    criteria={
        "a": {"choice": YN, "evidence": "half"},
        "b": {"choice": YN, "asked": {"answer": "kind", "is": "children"}},
        "c": {"points": 1, "applies": {"all": [{"ruling": "a", "is": "confirm"}, {"evidence": "a", "is": "accepted"}]}},
        "d": {"points": 1, "applies": {"not": {"answer": "many", "any_of": ["q"]}}},
        "e": {"points": 1, "applies": {"any": [{"state": "a", "in": ["unsupported", "not_applicable"]}]}},
    },
    groups={"all": {"combine": "sum", "of": ["a", "b"]}},
)


@pytest.mark.parametrize(
    ("ruling", "basis", "value"),
    [
        (None, "claimed", 5),
        (None, "verified", 0),
        (Ruling("confirm"), "verified", 5),
        (Ruling("confirm", evidence="accepted"), "verified", 10),
        (Ruling("confirm", evidence="refused"), "verified", 5),
        (Ruling(evidence="accepted"), "verified", 10),
        (Ruling("adjust", "no"), "verified", 0),
        (Ruling("adjust", "no"), "claimed", 5),
        (Ruling("not_supported"), "verified", 0),
        (Ruling(), "verified", 0),
    ],
)
def test_rulings(ruling: Ruling | None, basis: Basis, value: int) -> None:
    rulings = {} if ruling is None else {"a": ruling}
    assert score(RULED, basis, answers={"a": "yes"}, rulings=rulings).nodes["a"].value == value


@pytest.mark.parametrize(
    ("verdict", "value", "state"),
    [(None, 0, "unsupported"), ("accepted", None, "not_applicable"), ("refused", 10, "value")],
)
def test_not_applicable_waits_for_a_ruling(verdict: str | None, value: int | None, state: str) -> None:
    ruling = Ruling("confirm", evidence="accepted", not_applicable=verdict)  # type: ignore[arg-type]
    card = score(RULED, "verified", answers={"a": "yes"}, not_applicable={"a"}, rulings={"a": ruling})
    assert (card.nodes["a"].value, card.findings["a"].state) == (value, state)


def test_a_refused_not_applicable_without_an_answer_is_unsupported() -> None:
    card = score(RULED, "verified", not_applicable={"a"}, rulings={"a": Ruling(not_applicable="refused")})
    assert card.findings["a"].outcome == "unsupported"


def test_an_option_counts_as_another_until_it_is_confirmed() -> None:
    asked = {"answers": {"kind": "adults", "b": "yes", "many": ["p"]}}
    assert score(RULED, **asked).findings["b"].outcome == "met"
    assert score(RULED, **asked).nodes["d"].state == "excluded"
    confirmed = {"kind": Ruling("confirm"), "many": Ruling("adjust", ["p"])}
    card = score(RULED, "verified", **asked, rulings=confirmed)
    assert card.findings["b"].outcome == "not_asked"
    assert card.nodes["d"].value == 1
    denied = score(RULED, "verified", **asked, rulings={"kind": Ruling("not_supported")})
    assert denied.findings["b"].outcome == "unsupported"


def test_conditions_on_rulings_evidence_and_states() -> None:
    ruling = {"a": Ruling("confirm", evidence="accepted")}
    card = score(RULED, "verified", answers={"a": "yes"}, rulings=ruling)
    assert (card.nodes["c"].value, card.nodes["e"].state) == (1, "excluded")
    assert score(RULED, not_applicable={"a"}).nodes["e"].value == 1
    assert score(RULED, answers={"a": "yes"}, evidence={"a": Files(1, 0)}).nodes["c"].state == "excluded"
    assert score(RULED, answers={"a": "yes"}, evidence={"a": "refused"}).nodes["a"].value == 5


def test_files_are_counted() -> None:
    two = rubric(criteria={"a": {"choice": YN, "evidence": {"gate": "full", "files": 2}}})
    for files, basis, value in (
        (Files(2), "claimed", 10),
        (Files(1), "claimed", 0),
        (Files(3, 1), "verified", 0),
        (Files(3, 2), "verified", 10),
    ):
        card = score(two, basis, answers={"a": "yes"}, evidence={"a": files}, rulings={"a": Ruling("confirm")})  # type: ignore[arg-type]
        assert card.nodes["a"].value == value


def test_a_discretionary_decision_needs_a_reason() -> None:
    found = rubric(
        criteria={"a": {"choice": YN, "essential": {"met_by": ["yes"], "discretionary": ["no"]}}},
        levels={"l": {"rungs": [{"id": "r", "essentials": "required"}]}},
    )
    decided = {"a": Ruling("confirm", essential="pass")}
    with pytest.raises(ScoringError, match="reason_missing"):
        score(found, "verified", answers={"a": "no"}, rulings=decided)
    ruled = {"a": Ruling("confirm", essential="fail", reason="not enough")}
    card = score(found, "verified", answers={"a": "no"}, rulings=ruled)
    assert card.essentials["a"].outcome == "fail"
    assert "decided" in card.essentials["a"].because("en")


def test_a_scorecard_belongs_to_its_rubric() -> None:
    card = score(RULED, answers={"a": "yes"})
    for data in (b"{}", b"[]", b"nonsense", b'{"format":1}'):
        with pytest.raises(ScoringError, match="not_a_scorecard"):
            Scorecard.from_json(data, RULED)
    with pytest.raises(ScoringError, match="other_rubric"):
        Scorecard.from_json(card.canonical_json(), STATES)
    assert card.sha256 == score(RULED, answers={"a": "yes"}).sha256
