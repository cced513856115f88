"""Aid Transparency Index: conditional points, multipliers, weights that do not sum to one."""

from fractions import Fraction
from pathlib import Path

from tests.scoring.methods.running import score, table

QUARTERLY = {"frequency": "quarterly"}
MIXED = {
    "access_to_information_law": "66.67",
    "strategy_format": "PDF",
    "budget_format": "IATI",
    "budget_quality": "80%",
    "results_format": "website",
}
FULL = {
    "access_to_information_law": "100",
    "strategy_format": "IATI",
    "strategy_quality": "100",
    "budget_format": "IATI",
    "budget_quality": "100",
    "results_format": "IATI",
    "results_quality": "100",
}


def test_a_mixed_publisher() -> None:
    card = score("aid_transparency", MIXED, QUARTERLY)
    # strategy: a PDF; results: a website; budget: 50 + 80 x 0.5 x 0.9 = 50 + 36 = 86
    assert card.nodes["strategy"].value == Fraction("16.665")
    assert card.nodes["results"].value == Fraction("33.33")
    assert card.nodes["budget"].value == 86
    # planning: 66.67 x 0.0187 + 16.665 x 0.0563 = 1.246729 + 0.9382395 = 2.1849685
    assert card.nodes["planning"].value == Fraction("2.1849685")
    # total: 2.1849685 + 86 x 0.25 + 33.33 x 0.2 = 2.1849685 + 21.5 + 6.666 = 30.3509685
    assert card.nodes["total"].value == Fraction("30.3509685")
    assert card.levels["group"].reached == "poor"


def test_the_weights_given_here_add_up_to_little_more_than_half() -> None:
    # 100 x (0.0187 + 0.0563 + 0.25 + 0.2) = 52.5; nothing is renormalised
    card = score("aid_transparency", FULL, {"frequency": "monthly"})
    assert card.nodes["total"].value == Fraction("52.5")
    assert card.nodes["total"].attainable == Fraction("52.5")
    # published once a year, the tests count a quarter: each IATI indicator 50 + 12.5 = 62.5
    yearly = score("aid_transparency", FULL, {"frequency": "yearly"})
    assert yearly.nodes["budget"].value == Fraction("62.5")


def test_from_a_table(tmp_path: Path) -> None:
    text = f"id,frequency,{','.join(MIXED)}\nagency,quarterly,{','.join(MIXED.values())}\n"
    rows = table("aid_transparency", text, tmp_path, "--node", "total", "--places", "1")
    assert rows["agency"] == {"id": "agency", "total": "30.4", "group": "poor"}
