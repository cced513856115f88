"""LEED: prerequisites, caps, bonus, tiers."""

from pathlib import Path

import pytest

from tests.scoring.methods.running import score, table

MET = {"pollution_prevention": "yes", "indoor_water_minimum": "yes", "energy_minimum": "yes"}
# 1 + location min(5 + 5 + 1 + 1 = 12, 16) + site 6 + water (5 + 3 = 8) + energy (14 + 6 = 20) + materials 5
# + indoor 8 + innovation min(5 + 1, 6) = 6 + regional 3 = 69
GOLD = {
    **MET,
    "integrative_process": "1",
    "density": "5",
    "transit": "5",
    "bicycles": "1",
    "reduced_parking": "1",
    "site": "6",
    "water_saving_percent": "47.5",
    "outdoor_water": "3",
    "energy": "14",
    "other_energy": "6",
    "materials": "5",
    "indoor": "8",
    "innovation_credits": "5",
    "accredited_professional": "yes",
    "regional_credits": "3",
}


@pytest.mark.parametrize(
    ("changes", "points", "tier"),
    [
        ({}, 69, "gold"),
        ({"site": "5", "materials": "4", "indoor": "1"}, 60, "gold"),
        ({"site": "5", "materials": "4", "indoor": "0"}, 59, "silver"),
        # 69 - 5 - 5 = 59 from location, then innovation 5 -> 0: 54; water 25 % instead of 47.5 %: 5 -> 1: 50
        ({"density": "0", "transit": "0", "innovation_credits": "0", "water_saving_percent": "25"}, 50, "silver"),
        ({"density": "0", "transit": "0", "innovation_credits": "0", "water_saving_percent": "24.9"}, 49, "certified"),
        # nine regional credits count as four: 69 + 1
        ({"regional_credits": "9"}, 70, "gold"),
        ({"energy": "18", "other_energy": "13"}, 80, "platinum"),
        # A prerequisite that is not met, or not answered, leaves no tier whatever the points
        ({"energy_minimum": "no"}, 69, None),
        ({"energy_minimum": ""}, 69, None),
    ],
)
def test_tiers(changes: dict[str, str], points: int, tier: str | None) -> None:
    card = score("leed", {**GOLD, **changes})
    assert card.nodes["total"].value == points
    assert card.levels["certificate"].reached == tier


def test_from_a_table(tmp_path: Path) -> None:
    rows = table("leed", f"id,{','.join(GOLD)}\ntower,{','.join(GOLD.values())}\n", tmp_path, "--node", "total")
    assert rows["tower"] == {"id": "tower", "total": "69", "certificate": "gold"}
