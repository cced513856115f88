"""Freedom in the World: deductions, a sum below zero, ratings by a table, status by the mean of two ratings."""

from fractions import Fraction
from pathlib import Path

import pytest

from tests.scoring.methods.running import rubric, score, table

POLITICAL = [name for name in rubric("freedom_house").criteria if name[0] in "ABC" and len(name) == 2]
CIVIL = [name for name in rubric("freedom_house").criteria if name[0] in "DEFG" and len(name) == 2]


def _points(names: list[str], total: int) -> dict[str, str]:
    """A total spread over questions of at most four points."""
    found: dict[str, str] = {}
    for name in names:
        found[name] = str(min(4, total))
        total -= min(4, total)
    return found


def _country(political: int, civil: int, additional: int = 0) -> dict[str, str]:
    return {**_points(POLITICAL, political), **_points(CIVIL, civil), "additional": str(additional)}


@pytest.mark.parametrize(
    ("answers", "total", "ratings", "status"),
    [
        (_country(40, 60), 100, (1, 1), "F"),  # Finland, edition 2024
        (_country(1, 4, additional=4), 1, (7, 7), "NF"),  # Syria, edition 2022: political rights -3
        (_country(1, 2, additional=3), 0, (7, 7), "NF"),  # Tibet, edition 2024: political rights -2
        (_country(36, 53), 89, (1, 1), "F"),
        (_country(35, 52), 87, (2, 2), "F"),
        (_country(29, 44), 73, (3, 2), "F"),  # (3 + 2) / 2 = 2.5
        (_country(29, 43), 72, (3, 3), "PF"),
        (_country(12, 17), 29, (5, 5), "PF"),  # 5.0
        (_country(11, 17), 28, (6, 5), "NF"),  # 5.5
        (_country(40, 60, additional=4), 96, (1, 1), "F"),
        (_country(5, 7), 12, (7, 7), "NF"),
    ],
)
def test_countries(answers: dict[str, str], total: int, ratings: tuple[int, int], status: str) -> None:
    card = score("freedom_house", answers)
    assert card.nodes["Total"].value == total
    assert (card.nodes["PR rating"].value, card.nodes["CL rating"].value) == ratings
    assert card.levels["Status"].reached == status


def test_political_rights_fall_below_zero() -> None:
    card = score("freedom_house", _country(1, 4, additional=4))
    assert (card.nodes["PR"].value, card.nodes["CL"].value) == (-3, 4)
    assert card.nodes["Rating"].value == Fraction(7)


def test_from_the_published_table(tmp_path: Path) -> None:
    names = [*POLITICAL, *CIVIL]
    syria = _country(1, 4, additional=4)
    text = f"Country/Territory,Region,C/T,Edition,Status,{','.join(names)},Add Q\n"
    text += f"Syria,Middle East,c,2022,NF,{','.join(syria[name] for name in names)},{syria['additional']}\n"
    options = ("--id", "Country/Territory", "--id", "Edition", "--skip-unknown-columns")
    rows = table("freedom_house", text, tmp_path, *options, "--node", "PR", "--node", "CL", "--node", "Total")
    assert rows["Syria / 2022"] == {"id": "Syria / 2022", "PR": "-3", "CL": "4", "Total": "1", "Status": "NF"}
