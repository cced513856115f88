"""Ranking Digital Rights: 58 indicators of elements in several services; means of means, N/A dropped at every step."""

import csv
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest

from scoring import Scorecard, Subject, evaluate
from scoring.numbers import display
from tests.scoring.methods.running import RUBRICS, rubric, table

INDICATORS = list(csv.DictReader((RUBRICS / "digital_rights_indicators.csv").read_text().splitlines()))
ELEMENTS = list(csv.DictReader((RUBRICS / "digital_rights_elements.csv").read_text().splitlines()))
POINTS = {"yes": 100, "partial": 50, "no": 0, "no disclosure found": 0, "N/A": None}
FINDINGS = list(POINTS)
PLATFORM = {"kind": "platform", "services": "search;social network;e-mail"}
TELECOM = {"kind": "telecom", "services": "prepaid;postpaid;broadband"}


def places(indicator: dict[str, str], facts: dict[str, str]) -> list[str]:
    """Where an indicator is looked at, said a second time by hand."""
    telecom = facts["kind"] == "telecom"
    whole = ["group", "operating company"] if telecom else ["group"]
    services = facts["services"].split(";") if indicator["kind"] in {"any", facts["kind"]} else []
    return {"company": whole, "service": services, "both": [*whole, *services]}[indicator["looked_at"]]


def findings(facts: dict[str, str], seed: int) -> dict[str, str]:
    """A finding for everything that is looked at, different in every place."""
    by_name = {row["indicator"]: row for row in INDICATORS}
    asked = [f"{one['element']} / {place}" for one in ELEMENTS for place in places(by_name[one["of"]], facts)]
    return {name: FINDINGS[(index * 7 + seed * index % 11) % 5] for index, name in enumerate(asked)}


def mean(values: Iterable[Fraction | None]) -> Fraction | None:
    left = [value for value in values if value is not None]
    return sum(left, Fraction(0)) / len(left) if left else None


def by_hand(facts: dict[str, str], answers: dict[str, str]) -> dict[str, Fraction | None]:
    """Every indicator, category and the index, from the method's own words."""
    found: dict[str, Fraction | None] = {}
    for row in INDICATORS:
        name, seen = row["indicator"], places(row, facts)
        elements = [one for one in ELEMENTS if one["of"] == name]
        found[name] = mean(
            mean(points(one, answers[f"{one['element']} / {place}"]) for one in elements) for place in seen
        )
    for category in ("governance", "freedom", "privacy"):
        found[category] = mean(found[row["indicator"]] for row in INDICATORS if row["category"] == category)
    found["index"] = mean(found[category] for category in ("governance", "freedom", "privacy"))
    return found


def points(element: dict[str, str], finding: str) -> Fraction | None:
    swapped = {"yes": "no", "no": "yes"} if element["answers"] == "reversed" else {}
    earned = POINTS[swapped.get(finding, finding)]
    return None if earned is None else Fraction(earned)


def card_of(facts: dict[str, str], answers: dict[str, str]) -> Scorecard:
    return evaluate(rubric("digital_rights"), Subject(facts, answers))


def test_the_tables_have_the_shape_of_the_index() -> None:
    counts = [sum(row["category"] == name for row in INDICATORS) for name in ("governance", "freedom", "privacy")]
    assert counts == [11, 24, 23]
    assert {one["of"] for one in ELEMENTS} == {row["indicator"] for row in INDICATORS}


@pytest.mark.parametrize("facts", [PLATFORM, TELECOM], ids=["platform", "telecom"])
@pytest.mark.parametrize("seed", [1, 2])
def test_agrees_with_the_method_by_hand(facts: dict[str, str], seed: int) -> None:
    answers = findings(facts, seed)
    expected = by_hand(facts, answers)
    card = card_of(facts, answers)
    assert {name: card.nodes[name].value for name in expected} == expected
    assert expected["index"] is not None


def test_one_indicator_step_by_step() -> None:
    answers = dict.fromkeys(findings(PLATFORM, 1), "N/A") | {
        "F11.1 / search": "yes",
        "F11.1 / social network": "partial",
        "P9.2 / e-mail": "yes",
        "P9.3 / e-mail": "partial",
        "G1.1 / group": "no disclosure found",
        "G1.2 / group": "yes",
    }
    card = card_of(PLATFORM, answers)
    values = {name: node.value for name, node in card.nodes.items() if node.kind == "group" and node.value is not None}
    # F11 = (100 + 50) / 2, e-mail drops out; P9 in e-mail = (0, for P9.2 is reversed, + 50) / 2; G1 = (0 + 100) / 2
    assert values == {
        "F11 / search": 100,
        "F11 / social network": 50,
        "F11": 75,
        "P9 / e-mail": 25,
        "P9": 25,
        "G1 / group": 50,
        "G1": 50,
        "governance": 50,
        "freedom": 75,
        "privacy": 25,
        "index": 50,
    }


def test_what_a_company_does_not_run_is_not_asked() -> None:
    few = {**PLATFORM, "services": "search"}
    answers = findings(PLATFORM, 1)
    expected = by_hand(few, answers)
    # The other services' findings stand in the file, and count for nothing.
    card = card_of(few, answers)
    assert {name: card.nodes[name].value for name in expected} == expected


def test_the_same_from_a_table_with_a_row_a_value(tmp_path: Path) -> None:
    lines = ["company,company type,services,element,place,finding"]
    for name, facts in (("carrier", TELECOM), ("searcher", PLATFORM)):
        for element, finding in findings(facts, 1).items():
            lines.append(",".join([name, facts["kind"], facts["services"], *element.split(" / "), finding]))
    rows = tmp_path / "published.csv"
    rows.write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = (
        "--id",
        "company",
        "--criterion",
        "element",
        "--criterion",
        "place",
        "--value",
        "finding",
        "--places",
        "2",
    )
    found = table("digital_rights", rows.read_text("utf-8"), tmp_path, *options, "--node", "index")
    for name, facts in (("carrier", TELECOM), ("searcher", PLATFORM)):
        assert found[name]["index"] == display(by_hand(facts, findings(facts, 1))["index"] or Fraction(0), 2)
