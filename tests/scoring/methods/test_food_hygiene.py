"""UK food hygiene rating: the total and the worst score each set a limit."""

from itertools import product
from pathlib import Path

import pytest

from tests.scoring.methods.running import score, table

NAMES = ("Hygiene", "Structural", "ConfidenceInManagement")


@pytest.mark.parametrize(
    ("scores", "total", "rating"),
    [
        (("0", "0", "0"), 0, "5"),
        (("5", "5", "5"), 15, "5"),
        (("0", "0", "10"), 10, "4"),  # the total would be a 5, but 10 is above 5
        (("5", "5", "10"), 20, "4"),
        (("10", "10", "10"), 30, "3"),
        (("15", "5", "0"), 20, "2"),  # the total would be a 4, but 15 is above 10
        (("15", "15", "10"), 40, "2"),
        (("0", "0", "20"), 20, "1"),
        (("20", "20", "10"), 50, "1"),
        (("25", "0", "0"), 25, "0"),  # one score above 20
        (("20", "15", "20"), 55, "0"),
        (("25", "25", "30"), 80, "0"),
    ],
)
def test_ratings(scores: tuple[str, str, str], total: int, rating: str) -> None:
    card = score("food_hygiene", dict(zip(NAMES, scores, strict=True)))
    assert card.nodes["total"].value == total
    assert card.levels["rating"].reached == rating


def _by_hand(scores: tuple[int, ...]) -> str:
    limits = {"5": (15, 5), "4": (20, 10), "3": (30, 10), "2": (40, 15), "1": (50, 20)}
    return next(
        (rating for rating, (total, worst) in limits.items() if sum(scores) <= total and max(scores) <= worst), "0"
    )


def test_every_combination_there_is() -> None:
    for scores in product((0, 5, 10, 15, 20, 25), (0, 5, 10, 15, 20, 25), (0, 5, 10, 20, 30)):
        card = score("food_hygiene", dict(zip(NAMES, map(str, scores), strict=True)))
        assert card.levels["rating"].reached == _by_hand(scores)


def test_from_open_data(tmp_path: Path) -> None:
    text = (
        "FHRSID,BusinessName,RatingValue,Hygiene,Structural,ConfidenceInManagement\n"
        "101,The Crown,5,5,0,5\n102,Corner Shop,1,10,10,20\n103,New Café,AwaitingInspection,,,\n"
    )
    rows = table("food_hygiene", text, tmp_path, "--id", "FHRSID", "--skip-unknown-columns")
    assert rows["101"] == {"id": "101", "total": "10", "rating": "5"}
    assert rows["102"] == {"id": "102", "total": "40", "rating": "1"}
    assert rows["103"] == {"id": "103", "total": "", "rating": ""}
