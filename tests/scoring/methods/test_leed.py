"""LEED: 12 prerequisites, 42 credits from a table, bonus, one way or another to the same points, tiers."""

import csv
from pathlib import Path

import pytest

from scoring import ScoringError
from tests.scoring.methods.running import RUBRICS, rubric, score, table

ROWS = list(csv.DictReader((RUBRICS / "leed.csv").read_text("utf-8").splitlines()))
MET = {name: "yes" for name, criterion in rubric("leed").criteria.items() if criterion.essential}
FULL = MET | {row["id"]: row["most"] for row in ROWS}
# 110 less energy performance 18, transit 5, life cycle 5, renewable energy 3, daylight 3, demand response 2: 74
GOLD = FULL | dict.fromkeys(
    ("energy performance", "transit", "life cycle", "renewable energy", "daylight", "demand response"), "0"
)


def test_all_there_is() -> None:
    card = score("leed", FULL)
    assert len(MET) == 12
    assert (card.nodes["total"].value, card.nodes["total"].attainable) == (110, 110)
    sums = {name: card.nodes[name].value for name in ("location", "site", "water", "energy", "materials", "indoors")}
    assert sums == {"location": 16, "site": 10, "water": 11, "energy": 33, "materials": 13, "indoors": 16}


@pytest.mark.parametrize(
    ("changes", "points", "tier"),
    [
        ({}, 74, "gold"),
        ({"surroundings": "0", "innovation": "0", "regional priority": "0"}, 60, "gold"),
        ({"surroundings": "0", "innovation": "0", "regional priority": "0", "views": "0"}, 59, "silver"),
        ({"energy performance": "6"}, 80, "platinum"),
        ({"energy performance": "5"}, 79, "gold"),
        ({"bicycles": "", "parking": ""}, 72, "gold"),  # what is not answered earns nothing
        # A prerequisite that is not met, or not answered, leaves no tier whatever the points
        ({"energy minimum": "no"}, 74, None),
        ({"no tobacco smoke": ""}, 74, None),
    ],
)
def test_tiers(changes: dict[str, str], points: int, tier: str | None) -> None:
    card = score("leed", {**GOLD, **changes})
    assert card.nodes["total"].value == points
    assert card.levels["certificate"].reached == tier


def test_a_certified_neighbourhood_stands_for_all_of_location() -> None:
    none = {**GOLD, **{row["id"]: "0" for row in ROWS if row["category"] == "location"}}
    # 74 less the 11 points of location, and 12 for the neighbourhood
    assert score("leed", none).nodes["total"].value == 63
    assert score("leed", none, {"certified neighbourhood": "12"}).nodes["total"].value == 75
    # the better of both counts, never their sum
    assert score("leed", GOLD, {"certified neighbourhood": "10"}).nodes["total"].value == 74


def test_more_points_than_a_credit_has_are_refused() -> None:
    with pytest.raises(ScoringError) as stopped:
        score("leed", {**GOLD, "regional priority": "9"})
    assert (stopped.value.code, stopped.value.node) == ("outside", "regional priority")


def test_from_a_table(tmp_path: Path) -> None:
    rows = table("leed", f"id,{','.join(GOLD)}\ntower,{','.join(GOLD.values())}\n", tmp_path, "--node", "total")
    assert rows["tower"] == {"id": "tower", "total": "74", "certificate": "gold"}
