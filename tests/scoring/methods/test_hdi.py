"""Human Development Index: goalposts, logarithm, geometric mean, groups of the rounded value."""

from fractions import Fraction
from math import exp, log
from pathlib import Path

import pytest

from tests.scoring.methods.running import score, table


def _figures(life: str, mean: str, expected: str, income: str) -> dict[str, str]:
    return {"life_expectancy": life, "mean_years": mean, "expected_years": expected, "income": income}


def test_the_worked_example_of_the_technical_note_of_2014() -> None:
    # Costa Rica: (79.93 - 20) / 65 = 0.922; 8.37 / 15 = 0.5580; 13.5 / 18 = 0.7500; (0.5580 + 0.7500) / 2 = 0.6540;
    # (ln 13,011.7 - ln 100) / (ln 75,000 - ln 100) = 0.735; (0.922 x 0.654 x 0.735)^(1/3) = 0.763
    card = score("hdi", _figures("79.93", "8.37", "13.50", "13,011.7"))
    assert card.nodes["life_expectancy"].value == Fraction("59.93") / 65
    assert card.nodes["mean_years"].value == Fraction("0.558")
    assert card.nodes["expected_years"].value == Fraction("0.75")
    assert card.nodes["education"].value == Fraction("0.654")
    assert round(float(card.nodes["income"].value or 0), 3) == 0.735
    assert card.nodes["hdi"].value == Fraction("0.763")
    assert card.levels["human_development"].reached == "high"


def test_values_beyond_the_goalposts_count_as_the_goalposts() -> None:
    card = score("hdi", _figures("86", "15.4", "19.2", "90,000"))
    assert card.nodes["hdi"].value == 1
    assert card.levels["human_development"].reached == "very high"


def _education_for(hdi: float) -> str:
    """Mean years that give this index when life and income stand at 1 and expected years at 0."""
    return f"{hdi**3 * 2 * 15:.9f}"


@pytest.mark.parametrize(
    ("hdi", "group"), [(0.6994, "medium"), (0.69951, "high"), (0.5494, "low"), (0.54951, "medium")]
)
def test_groups_look_at_the_rounded_value(hdi: float, group: str) -> None:
    card = score("hdi", _figures("85", _education_for(hdi), "0", "75000"))
    assert card.levels["human_development"].reached == group
    assert card.nodes["hdi"].value == Fraction(f"{hdi:.3f}")


def test_against_the_formula() -> None:
    for life, mean, expected, income in ((51.2, 2.1, 5.3, 712), (63.9, 6.6, 11.1, 4321), (83.2, 12.7, 17.9, 54321)):
        schooling = (mean / 15 + expected / 18) / 2
        wealth = log(income / 100) / log(750)
        by_hand = exp((log((life - 20) / 65) + log(schooling) + log(wealth)) / 3)
        card = score("hdi", _figures(str(life), str(mean), str(expected), str(income)))
        assert card.nodes["hdi"].value == Fraction(f"{by_hand:.3f}")


def test_from_a_table_as_printed(tmp_path: Path) -> None:
    text = (
        "Country;HDI rank;life_expectancy;mean_years;expected_years;income\n"
        "Costa Rica;68;79.93;8.37;13.50;13,011.7\nNowhere;..;..;8;10;5,000\n"
    )
    options = ("--id", "Country", "--skip-unknown-columns", "--node", "education", "--node", "hdi")
    rows = table("hdi", text, tmp_path, *options)
    assert rows["Costa Rica"] == {
        "id": "Costa Rica",
        "education": "0.654",
        "hdi": "0.763",
        "human_development": "high",
    }
    assert (rows["Nowhere"]["hdi"], rows["Nowhere"]["human_development"]) == ("", "")
