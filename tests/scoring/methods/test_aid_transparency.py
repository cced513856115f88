"""Aid Transparency Index: 36 indicators from a table, points by format or quality, weights as given."""

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from scoring import ScoringError
from tests.scoring.methods.running import RUBRICS, score, table

ROWS = list(csv.DictReader((RUBRICS / "aid_transparency.csv").read_text("utf-8").splitlines()))
PUBLISHED = [row["id"] for row in ROWS if row["kind"] != "commitment"]
QUARTERLY = {"renewed": "quarterly"}
MIXED = {
    "information_law": "66.67",
    "strategy_format": "PDF",
    "total_budget_format": "IATI",
    "total_budget_passed": "80%",
    "country_budgets_format": "website",
    "title_format": "PDF",
}
FULL = {"information_law": "100", "portal": "100"}
FULL |= {f"{name}_format": "IATI" for name in PUBLISHED} | {f"{name}_passed": "100" for name in PUBLISHED}


def test_the_weights_add_up_to_one_and_each_component_to_its_share() -> None:
    shares = {row["component"]: Fraction(0) for row in ROWS}
    for row in ROWS:
        shares[row["component"]] += Fraction(row["weight"])
    assert list(shares.values()) == [Fraction(n, 100) for n in (15, 25, 20, 20, 20)]


def test_a_mixed_publisher() -> None:
    card = score("aid_transparency", MIXED, QUARTERLY)
    values = {name: node.value for name, node in card.nodes.items()}
    # a document outside IATI 50, data by format; in IATI 50 + 80 / 2 x 0.9 = 86
    assert (values["strategy"], values["country_budgets"], values["title"]) == (
        50,
        Fraction("33.33"),
        Fraction("16.665"),
    )
    assert values["total_budget"] == 86
    # planning: (66.67 + 50) x 0.01875 = 2.1875625; finance: (86 + 33.33) / 24; attributes: 16.665 x 0.01 = 0.16665
    assert values["planning"] == Fraction("2.1875625")
    assert values["finance"] == Fraction("119.33") / 24
    assert values["total"] == Fraction("2.1875625") + Fraction("119.33") / 24 + Fraction("0.16665")
    assert card.levels["group"].reached == "very poor"


@pytest.mark.parametrize(
    ("renewed", "quality"), [("monthly", 100), ("quarterly", 95), ("six-monthly", 75), ("yearly", "62.5")]
)
def test_quality_is_fifty_and_half_of_what_passed_times_the_frequency(renewed: str, quality: str | int) -> None:
    card = score("aid_transparency", FULL, {"renewed": renewed})
    assert {card.nodes[name].value for name in PUBLISHED} == {Fraction(quality)}
    # the two commitments are 3.75 per cent of the whole
    assert card.nodes["total"].value == Fraction("3.75") + Fraction("0.9625") * Fraction(quality)
    assert card.nodes["total"].attainable == 100


def test_nothing_passed_is_still_published() -> None:
    none = {**FULL, **{f"{name}_passed": "0" for name in PUBLISHED}}
    card = score("aid_transparency", none, QUARTERLY)
    assert {card.nodes[name].value for name in PUBLISHED} == {50}


@pytest.mark.parametrize(("answer", "value"), [("title_passed", "101"), ("title_passed", "-1"), ("portal", "100.5")])
def test_more_than_all_is_refused(answer: str, value: str) -> None:
    with pytest.raises(ScoringError) as stopped:
        score("aid_transparency", {**FULL, answer: value}, {"renewed": "monthly"})
    assert stopped.value.code == "outside"


def test_from_a_table(tmp_path: Path) -> None:
    text = f"id,renewed,{','.join(MIXED)}\nagency,quarterly,{','.join(MIXED.values())}\n"
    rows = table("aid_transparency", text, tmp_path, "--node", "total", "--places", "1")
    assert rows["agency"] == {"id": "agency", "total": "7.3", "group": "very poor"}
